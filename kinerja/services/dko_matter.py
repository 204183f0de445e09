"""What a DKO rests on: the people of its unit, the PK in force, what came back from earlier ones, the units below."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Dko, DkoAction, Document, Person, Placement, Post, Unit
from kinerja.rules.agreement import TOP_LEVEL
from kinerja.services import heads, iku_values, pk_progress, structure
from kinerja.services.agreements import pk_of
from kinerja.services.chains import valid_on
from kinerja.services.iku_values import OrgReading

ACTED = "actions_open"
# Those below have spoken, or can no more.
DONE = ("held", "minutes_draft", "minutes_signed", "actions_open", "closed", "missed")
DEPUTY = "Wakil Menteri"
OFFERED = 300


@dataclass(frozen=True)
class Candidate:
    """Somebody who may take part, or own an action."""

    id: int
    public_id: str
    name: str
    post: str

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "nama": self.name, "jabatan": self.post}


def candidates(document: Document) -> dict[str, Candidate]:
    """The people of the unit itself and the heads of the units right below it, by public id, once a request.

    Whoever a stored action names stays among them, though he may have left.
    """
    known: dict[Any, dict[str, Candidate]] = memo().setdefault("dko people", {})
    day = clock.today(document.unit.zone)
    if (document.id, day) not in known:
        heading = heads.candidacies(day).subquery()
        leads = sa.exists().where(
            heading.c.unit_id == Post.unit_id, heading.c.person_id == Placement.person_id
        )
        mine = sa.or_(Post.unit_id == document.unit_id, sa.and_(Unit.parent_id == document.unit_id, leads))
        rows = db.session.execute(
            sa.select(Person.id, Person.public_id, Person.name, Post.title)
            .join(Placement, Placement.person_id == Person.id)
            .join(Post, Post.id == Placement.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(valid_on(Placement, day), mine)
            .order_by(Unit.path, Person.name, Placement.id)
            .limit(OFFERED)
        ).all()
        named = db.session.execute(
            sa.select(Person.id, Person.public_id, Person.name, sa.literal("").label("title"))
            .join(DkoAction, DkoAction.owner_id == Person.id)
            .where(DkoAction.dko_id == document.id)
        ).all()
        found: dict[str, Candidate] = {}
        for row in (*rows, *named):
            found.setdefault(row.public_id, Candidate(row.id, row.public_id, row.name, row.title))
        known[document.id, day] = found
    return known[document.id, day]


def leaders(document: Document) -> list[Candidate]:
    """Who may lead it: the head of the UPK; at the top the Menteri or a Wakil Menteri."""
    head = structure.head_of(document.unit_id, clock.today(document.unit.zone)).person_id
    head = head or document.subject_id
    everybody = candidates(document).values()
    found = [one for one in everybody if one.id == head]
    if not found:
        person = db.session.get_one(Person, head)
        found = [Candidate(person.id, person.public_id, person.name, "")]
    if document.unit.level == TOP_LEVEL:
        found += [one for one in everybody if one.post.startswith(DEPUTY) and one.id != head]
    return found


def open_before(document: Document) -> list[DkoAction]:
    """What is still open of earlier DKO of this unit, the oldest first; one statement."""
    return list(
        db.session.scalars(
            sa.select(DkoAction)
            .join(Document, Document.id == DkoAction.dko_id)
            .options(
                joinedload(DkoAction.owner), joinedload(DkoAction.dko).joinedload(Dko.document),
            )
            .where(
                Document.kind == "dko",
                Document.unit_id == document.unit_id,
                Document.id != document.id,
                Document.state == ACTED,
                DkoAction.done_at.is_(None),
                DkoAction.carried_to_id.is_(None),
            )
            .order_by(DkoAction.due, DkoAction.id)
        )
    )  # fmt: skip


def materials(document: Document) -> dict[str, Any]:
    """What lies on the table: IKU, initiatives and risks of the PK as they stand to the end of the quarter, and the
    actions that came back unasked. Plain JSON values."""
    from kinerja.services.dko import quarter_end

    pk, ends = _pk(document), quarter_end(document)
    known = (
        pk_progress.latest(pk_progress.read(document.parent), document.slot) if pk and document.parent else {}
    )

    def far(key: str) -> dict[str, str]:
        there = known.get(key)
        return {"state": there.state, "slot": there.slot, "note": there.note} if there else {}

    return {
        "iku": indicators(document, document.slot) if pk else [],
        "inisiatif": [
            {"key": step["key"], "judul": one["judul"], "kegiatan": step.get("kegiatan", ""),
             "keluaran": step.get("keluaran", ""), "pemilik": one.get("pemilik", ""),
             "selesai": step.get("selesai", ""), "jatuh_tempo": _is_due(step.get("selesai"), ends),
             "kemajuan": far(step["key"])}
            for one in (pk.initiatives if pk else ()) for step in one.get("tahapan") or ()
            if not step.get("mulai") or step["mulai"] <= ends.isoformat()
        ],
        "risiko": [
            {"key": one["key"], "risiko": one["risiko"], "mitigasi": one.get("mitigasi", ""),
             "pemilik": one.get("pemilik", ""), "tanggal": one.get("tanggal", ""),
             "jatuh_tempo": _is_due(one.get("tanggal"), ends), "kemajuan": far(one["key"])}
            for one in (pk.risks if pk else ())
        ],
        "aksi": [
            {"key": one.key, "uraian": one.text, "pj": one.owner.name if one.owner else "",
             "tanggal": one.due.isoformat() if one.due else "", "kali": one.times + 1,
             "asal": one.dko.document.slot}
            for one in open_before(document)
        ],
    }  # fmt: skip


def indicators(document: Document, slot: str, found: OrgReading | None = None) -> list[dict[str, Any]]:
    """The IKU of the PK of a unit with their targets of a quarter, the light of each where it is known, and whether its
    realisation is late; plain JSON values. What was reached stands in the realisation, for those who see it.
    `found`: the reading of that slot where it is at hand."""
    found = found or iku_values.read(document.unit_id, document.period, slot)
    window = next((one for one in document.period.windows if one.slot == slot), None)
    over = window is not None and clock.today(document.unit.zone) > window.record_by
    return [
        {"key": one.key, "kode": one.number, "nama": one.name, "satuan": one.measure, "target": _text(one.planned),
         "lampu": one.light or "", "terlambat": over and one.planned is not None and one.value is None}
        for one in found.indicators
    ]  # fmt: skip


def _pk(document: Document) -> Any:
    return pk_of(document.parent) if document.parent is not None else None


def _is_due(day: str | None, ends: date) -> bool:
    return bool(day) and str(day) <= ends.isoformat()


def _text(value: Any) -> str:
    return "" if value is None else format(value, "f")


@cache
def _below_query() -> Any:
    agreed, spoken = sa.orm.aliased(Document), sa.orm.aliased(Document)
    has_pk = sa.exists().where(
        agreed.kind == "pk", agreed.unit_id == Unit.id, agreed.state == "in_force",
        agreed.period_id == sa.bindparam("period"),
    )  # fmt: skip
    has_spoken = sa.exists().where(
        spoken.kind == "dko", spoken.unit_id == Unit.id, spoken.state.in_(DONE), spoken.slot == sa.bindparam("slot"),
        spoken.period_id == sa.bindparam("period"),
    )  # fmt: skip
    return (
        sa.select(Unit.path, Unit.name, has_pk.label("has_pk"), has_spoken.label("has_spoken"))
        .where(
            Unit.owns_strategy_map,
            Unit.id != sa.bindparam("unit"),
            Unit.path.startswith(sa.bindparam("path")),
        )
        .order_by(Unit.path)
    )


def waiting_below(document: Document) -> tuple[str, ...]:
    """The UPK right below, with a PK in force, whose DKO of this quarter was neither held nor missed; one statement."""
    given = {
        "period": document.period_id, "slot": document.slot, "unit": document.unit_id, "path": document.unit.path,
    }  # fmt: skip
    nearest: list[Any] = []
    for row in db.session.execute(_below_query(), given):
        if not nearest or not row.path.startswith(nearest[-1].path):
            nearest.append(row)
    return tuple(row.name for row in nearest if row.has_pk and not row.has_spoken)
