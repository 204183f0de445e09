"""One act for several documents: each is its own event, and one that fails stops none of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kinerja.rules.words import N_
from kinerja.services import transitions
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed, NotThere, Stale
from kinerja.workflows.base import OWN_RULE, Incomplete, Unmet


@dataclass(frozen=True)
class Order:
    """One document of a bulk act, as the page showed it."""

    public_id: str
    version: int
    key: str
    label: str


@dataclass(frozen=True)
class Outcome:
    label: str
    public_id: str
    ok: bool
    reasons: tuple[Unmet, ...] = ()


def send_all(
    event: str, orders: Sequence[Order], person_id: int, *, note: str = "", signed: bool = False
) -> list[Outcome]:
    """Send one event to each document; a result per row, in the order given."""
    return [_send(event, order, person_id, note, signed) for order in orders]


def _send(event: str, order: Order, person_id: int, note: str, signed: bool) -> Outcome:
    def refused(reasons: Sequence[Any]) -> Outcome:
        return Outcome(order.label, order.public_id, False, tuple(reasons))

    try:
        transitions.send(
            order.public_id, event, person_id, version=order.version, key=order.key, note=note, signed=signed
        )
    except Incomplete as error:
        return refused(error.unmet)
    except BadInput as error:
        return refused(error.problems)
    except NotAllowed as error:
        return refused(
            error.reasons or (Unmet(OWN_RULE, N_("Langkah ini bukan wewenang Anda atau belum waktunya.")),)
        )
    except Stale:
        return refused(
            (Unmet(OWN_RULE, N_("Dokumen berubah sejak halaman ini dibuka; muat ulang lalu ulangi.")),)
        )
    except NotThere:
        return refused((Unmet(OWN_RULE, N_("Dokumen tidak ditemukan.")),))
    except NeedsSignature:
        return refused((Unmet(OWN_RULE, N_("Langkah ini memerlukan tanda tangan pada halaman penegasan.")),))
    return Outcome(order.label, order.public_id, True)
