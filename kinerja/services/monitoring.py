"""The realisation as a document kind: what guards look at, how an entry is written, what is kept of each step."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import (
    Document,
    Evidence,
    EvidenceLink,
    Realisation,
    RealisationItem,
    SkpIndicator,
    SkpRow,
)
from kinerja.rules.words import N_
from kinerja.services import (
    deadlines,
    holding,  # noqa: F401  (registers what follows from the events)
    monitoring_effects,  # noqa: F401
)
from kinerja.services.errors import BadInput
from kinerja.services.kinds import Context
from kinerja.services.periods import SLOT_LABELS
from kinerja.services.realisation_matter import StoredMatter, as_json
from kinerja.services.team_progress import Progress, team_progress
from kinerja.services.trajectory import QUALITATIVE, Trajectory, trajectory, trajectory_of
from kinerja.workflows.base import OWN_RULE, Facts, Unmet
from kinerja.workflows.realisation import RealisationFacts, RealisationFlow

__all__ = [
    "KIND",
    "Progress",
    "RealisationKind",
    "Trajectory",
    "team_progress",
    "trajectory",
    "trajectory_of",
]

# Where facts leave their matter on a document, so that its content of the same version is not read a second time.
_MATTER = "realisation_matter"
MOST_EVIDENCE = 20
SHOWS = ("progres", "hasil")


def realisation_of(document: Document) -> Realisation:
    """The realisation of a document with its items and their indicators."""
    found: Realisation = db.session.scalars(_realisation_query(), {"document_id": document.id}).unique().one()
    return found


@cache
def _realisation_query() -> Any:
    items = joinedload(Realisation.items)
    return (
        sa.select(Realisation)
        .options(
            items.joinedload(RealisationItem.indicator).joinedload(SkpIndicator.row).joinedload(SkpRow.skp),
            items.selectinload(RealisationItem.evidence),
        )
        .where(Realisation.document_id == sa.bindparam("document_id"))
    )


class RealisationKind:
    """The realisation of an employee; what is another thing for that of a unit can be replaced."""

    flow = RealisationFlow
    facts_type = RealisationFacts
    matter: type[StoredMatter] = StoredMatter
    link: Any = EvidenceLink
    shows: tuple[str, ...] = SHOWS

    def stored(self, document: Document) -> Any:
        """The rows of a document with its items and their indicators."""
        return realisation_of(document)

    def facts(self, document: Document) -> Facts:
        matter = document.__dict__[_MATTER] = self.matter(document)
        return self.facts_type(
            state=document.state,
            acting_level=document.acting_level,
            period_open=document.period.state == "open",
            matter=matter,
            now=clock.now(),
            takeover_from=_takeover_from(document),
        )

    def apply(self, context: Context) -> None:
        """Write what the form of this event carries; what it does not name stays as it is. Raises BadInput."""
        realisation = self.stored(context.document)
        items = {item.indicator.key: item for item in realisation.items}
        if context.event == "send_back":
            _write_notes(items, context.change.get("items", {}))
        elif context.event == "evidence_unreadable":
            _mark_unreadable(items, context.change)
        else:
            _write_entries(items, context.change.get("items", {}), self.is_qualitative(items))
            _detach(items, context.change.get("detach", ()))
            self._attach(items, context.change.get("attach", ()), context.actor.person_id)

    def is_qualitative(self, items: Mapping[str, Any]) -> bool:
        """Do words stand where others have numbers?"""
        return any(item.indicator.row.skp.approach == QUALITATIVE for item in items.values())

    def content(self, document: Document) -> dict[str, Any]:
        return realisation_content(document, self.matter)

    def _attach(self, items: Mapping[str, Any], given: Any, owner_id: int | None) -> None:
        pieces = _evidence([wish.get("evidence") for wish in given])
        for wish in given:
            item = _item(items, wish.get("item"))
            evidence = pieces.get(str(wish.get("evidence")))
            if evidence is None or evidence.owner_id != owner_id:
                raise BadInput([Unmet("RL-2", N_("Bukti ini tidak ditemukan di antara bukti Anda."))])
            shows = wish.get("shows", "hasil")
            if shows not in self.shows:
                raise BadInput(
                    [Unmet("RL-2", N_("Pilih apakah bukti menunjukkan progres atau hasil akhir."))]
                )
            known = next((link for link in item.evidence if link.evidence_id == evidence.id), None)
            if known is not None:
                known.shows, known.unreadable = shows, False
                continue
            if len(item.evidence) >= MOST_EVIDENCE:
                text = N_("Paling banyak %(n)s bukti per indikator.")
                raise BadInput([Unmet("RL-2", text, {"n": MOST_EVIDENCE})])
            item.evidence.append(self.link(evidence=evidence, shows=shows))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "name": document.subject.name}
        return N_("Realisasi %(slot)s %(year)s, %(name)s"), params


KIND = RealisationKind()


def _takeover_from(document: Document) -> datetime | None:
    """The moment from which the superior may act for a penilai who is late: five working days past the due one."""
    if document.state != "recorded" or document.due_at is None:
        return None
    return deadlines.due_of(document, "take_over", document.due_at)


def _item(items: Mapping[str, RealisationItem], key: Any) -> RealisationItem:
    if key not in items:
        raise BadInput([Unmet("RL-1", N_("Indikator ini tidak diisi pada periode ini."))])
    return items[key]


def _write_entries(
    items: Mapping[str, RealisationItem], given: Mapping[str, Mapping[str, Any]], qualitative: bool
) -> None:
    for key, entry in given.items():
        item = _item(items, key)
        if "value" in entry:
            item.value = _number(key, entry["value"], qualitative)
        for name in ("narrative", "obstacle"):
            if name in entry:
                setattr(item, name, (entry[name] or "").strip())


def _number(key: str, value: Any, qualitative: bool) -> Decimal | None:
    if value is None:
        return None
    if qualitative or not isinstance(value, Decimal) or not value.is_finite():
        text = N_("Pendekatan kualitatif tidak meminta angka.") if qualitative else N_("Tulis angka.")
        raise BadInput([Unmet(OWN_RULE, text, {}, f"item-{key}-value")])
    return value


def _write_notes(items: Mapping[str, RealisationItem], given: Mapping[str, Mapping[str, Any]]) -> None:
    """The penilai's notes of this return; those of an earlier one stay in the revision of their step."""
    for item in items.values():
        item.return_note = ""
    for key, entry in given.items():
        _item(items, key).return_note = (entry.get("note") or "").strip()


def _detach(items: Mapping[str, RealisationItem], given: Any) -> None:
    for wish in given:
        item = _item(items, wish.get("item"))
        for link in list(item.evidence):
            if link.evidence.public_id == wish.get("evidence"):
                item.evidence.remove(link)


def _mark_unreadable(items: Mapping[str, RealisationItem], change: Mapping[str, Any]) -> None:
    """Mark a piece of evidence wherever it stands in this period, and say so at each indicator."""
    for item in items.values():
        item.return_note = ""
    found = [
        (item, link)
        for item in items.values()
        for link in item.evidence
        if link.evidence.public_id == change.get("evidence")
    ]
    if not found:
        raise BadInput([Unmet(OWN_RULE, N_("Bukti ini tidak ada pada realisasi ini."), {}, "evidence")])
    for item, link in found:
        link.unreadable = True
        item.return_note = (change.get("note") or "").strip()


def _evidence(public_ids: Iterable[Any]) -> dict[str, Evidence]:
    """The pieces of evidence with these public ids: one statement, none when none is asked for."""
    wanted = {str(public_id) for public_id in public_ids}
    if not wanted:
        return {}
    found = db.session.scalars(sa.select(Evidence).where(Evidence.public_id.in_(wanted)))
    return {evidence.public_id: evidence for evidence in found}


def realisation_content(document: Document, of: type[StoredMatter] = StoredMatter) -> dict[str, Any]:
    """The canonical content of a realisation: what revisions keep and comparisons read."""
    matter = document.__dict__.get(_MATTER)
    if matter is None or matter.version != document.version:
        matter = of(document)
    own = matter.trajectory.documents[document.slot]
    qualitative = matter.qualitative
    entries = []
    for item in matter.items:
        indicator, entry = item.indicator, item.entry
        entries.append(
            {
                "key": indicator.key,
                "nomor": indicator.number,
                "indikator": indicator.text,
                "target": as_json(indicator.target),
                "satuan": indicator.measure,
                "nilai": as_json(entry.value),
                "uraian": entry.narrative,
                "kendala": entry.obstacle,
                "catatan": entry.return_note,
                "bukti": [
                    {
                        "nama": e.name,
                        "sidik": e.sha256 or e.url,
                        "menunjukkan": e.shows,
                        "tidak_dapat_dibuka": e.unreadable,
                    }
                    for e in matter.evidence.get(entry.item_id, [])
                ],
            }
        )
    return {
        "jenis": "realisasi",
        "tahun": document.period.year,
        "slot": document.slot,
        "pendekatan": QUALITATIVE if qualitative else "kuantitatif",
        "alasan_terlambat": own.late_reason,
        "butir": entries,
    }
