"""The queue of "Data saya salah": who has to answer, the answer, and the word to the one who reported."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import DataReport, Person, Unit
from kinerja.rules.words import N_
from kinerja.services import audit, notices, permits
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.profile import FIELDS, STATES
from kinerja.workflows.base import OWN_RULE, Unmet

LIMIT = 200
ANSWERED = {
    "done": N_("Laporan Anda tentang %(field)s: sudah diperbaiki. %(answer)s"),
    "refused": N_("Laporan Anda tentang %(field)s: tidak diubah. %(answer)s"),
}
ALREADY = N_("Laporan ini sudah dijawab.")
SAY_WHY = N_("Tulis jawabannya; pegawai membacanya.")
UNKNOWN_OUTCOME = N_("Pilih hasilnya.")


@dataclass(frozen=True)
class Report:
    """One report as the pengelola sees it."""

    public_id: str
    person: str
    nip: str
    unit: str
    field_label: str
    text: str
    state: str
    state_label: str
    answer: str
    created_at: datetime
    answered_at: datetime | None


def queue(person_id: int, state: str = "open", text: str = "") -> list[Report]:
    """The reports of the units one answers for, the oldest first. Raises NotThere for who answers for none."""
    query = _about(_reach(person_id), text)
    query = query.where(DataReport.state == state) if state in STATES else query
    order = DataReport.id if state == "open" else DataReport.id.desc()
    return [_row(*found) for found in db.session.execute(query.order_by(order).limit(LIMIT))]


def counts(person_id: int, text: str = "") -> dict[str, int]:
    """How many reports are in which state."""
    reached = _about(_reach(person_id), text)
    found = reached.with_only_columns(DataReport.state, sa.func.count()).group_by(DataReport.state)
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in db.session.execute(found)}


def _about(query: Any, text: str) -> Any:
    """Narrowed to a name, a NIP or a unit."""
    if not text:
        return query
    words = text.lower()
    people = sa.select(Person.id).where(
        sa.or_(
            Person.search_name.contains(words, autoescape=True), Person.nip.startswith(words, autoescape=True)
        )
    )
    unit = sa.func.lower(Unit.name).contains(words, autoescape=True)
    return query.where(sa.or_(DataReport.person_id.in_(people), unit))


def one(person_id: int, public_id: str) -> Report:
    """A report within one's reach. Raises NotThere."""
    return _row(*_find(person_id, public_id))


def answer(by_id: int, public_id: str, outcome: str, text: str) -> None:
    """Close a report with words; the person is told. Raises NotThere, BadInput."""
    with transaction():
        report, _unit = _find(by_id, public_id)
        problems = []
        if outcome not in ANSWERED:
            problems.append(Unmet(OWN_RULE, UNKNOWN_OUTCOME, {}, "outcome"))
        if not text.strip():
            problems.append(Unmet(OWN_RULE, SAY_WHY, {}, "answer"))
        if report.answered_at is not None:
            problems.append(Unmet(OWN_RULE, ALREADY))
        if problems:
            raise BadInput(problems)
        _close(report.id, by_id, outcome, text.strip())
        params = {"field": dict(FIELDS).get(report.field, report.field), "answer": text.strip()}
        notices.write(
            None, {report.person_id: (ANSWERED[outcome], params)}, dedupe=f"report:{report.public_id}"
        )
        audit.record(
            "data.jawab",
            actor_id=by_id,
            payload={
                "report": report.id,
                "person": report.person_id,
                "outcome": outcome,
                "text": text.strip(),
            },
        )


def _close(report_id: int, by_id: int, outcome: str, text: str) -> None:
    values = {"state": outcome, "answer": text, "answered_at": clock.now(), "answered_by_id": by_id}
    db.session.execute(sa.update(DataReport).where(DataReport.id == report_id).values(values))


def _find(person_id: int, public_id: str) -> tuple[DataReport, str | None]:
    found = db.session.execute(_reach(person_id).where(DataReport.public_id == public_id)).first()
    if found is None:
        raise NotThere
    return found[0], found[1]


def _reach(person_id: int) -> Any:
    """Reports of the units this person answers for; never his own, for nobody decides on his own data."""
    paths = permits.paths_for(person_id, "report.answer")
    if not paths:
        raise NotThere
    query = (
        sa.select(DataReport, Unit.name)
        .outerjoin(Unit, Unit.id == DataReport.unit_id)
        .options(joinedload(DataReport.person, innerjoin=True))
        .where(DataReport.person_id != person_id)
    )
    if "" in paths:
        return query
    return query.where(sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in paths)))


def _row(report: DataReport, unit: str | None) -> Report:
    return Report(
        report.public_id,
        report.person.name,
        report.person.nip,
        unit or "",
        dict(FIELDS).get(report.field, report.field),
        report.text,
        report.state,
        STATES[report.state],
        report.answer,
        report.created_at,
        report.answered_at,
    )
