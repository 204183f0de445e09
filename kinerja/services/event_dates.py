"""Days and letters that are typed into the form of an event: what is possible for them, said at the field."""

from datetime import date, timedelta

from kinerja import clock
from kinerja.models import Document
from kinerja.rules.words import N_
from kinerja.services.errors import BadInput
from kinerja.workflows.base import OWN_RULE, Unmet

LEAST_LETTER = 5
BETWEEN = N_("Tulis tanggal antara %(first)s dan %(last)s.")


def demand_hold(document: Document, until: date) -> None:
    """A hold lasts beyond today, and no longer than the end of next year: then it is held again, with its reason.

    Raises BadInput.
    """
    today = clock.today(document.unit.zone)
    _demand(until, today + timedelta(days=1), date(today.year + 1, 12, 31), OWN_RULE, "until")


def demand_decree(document: Document, day: date) -> None:
    """A decree about a period is dated in its year or later, and is no decree before its day. Raises BadInput."""
    _demand(day, date(document.period.year, 1, 1), clock.today(document.unit.zone), OWN_RULE, "decree_date")


def _demand(day: date, first: date, last: date, rule: str, field: str) -> None:
    if not first <= day <= last:
        params = {"first": first.isoformat(), "last": last.isoformat()}
        raise BadInput([Unmet(rule, BETWEEN, params, field)])


def demand_letter(text: str) -> str:
    """The letter or record by which a penilai is gone for good (p.89 no. 2). Raises BadInput where none is named."""
    if len(text) < LEAST_LETTER:
        told = N_("Sebut surat atau catatan yang menyatakan penilai berhalangan tetap.")
        raise BadInput([Unmet(OWN_RULE, told, {}, "letter", "PermenPANRB 6/2022 hlm. 89 angka 2")])
    return text
