"""The Perjanjian Kinerja as a document kind: what guards look at, how an edit is applied, what is signed."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Document, Iku, Manual, Objective, Pk, Unit
from kinerja.rules import agreement as law
from kinerja.rules.words import N_
from kinerja.services import identity, manuals, pk_progress, structure
from kinerja.services.effects import effect
from kinerja.services.kinds import Context
from kinerja.services.new_heads import new_head_of
from kinerja.services.people import header_block
from kinerja.services.periods import regulation_of
from kinerja.services.pk_edit import LINES, TEXTS, apply_edit
from kinerja.workflows.pk import PkFacts, PkFlow
from kinerja.workflows.roles import Relation

# The rung of the ladder of reminders on which the superior may act instead.
TAKE_OVER_RUNG = 5
SIGNED = ("in_force", "amended", "closed")
# A PK whose indicators count: in force, or closed as its year ended.
COUNTING = ("in_force", "closed")


@cache
def _pk_query() -> Any:
    return (
        sa.select(Pk)
        .options(joinedload(Pk.objectives).joinedload(Objective.indicators).undefer(Iku.targets_text))
        .where(Pk.document_id == sa.bindparam("document_id"))
    )


def pk_of(document: Document) -> Pk:
    """The PK of a document with objectives, IKU and targets (as text): one statement, or none when it is at hand."""
    return pk_with(document.id)


def pk_with(document_id: int) -> Pk:
    """The same for those who hold only the number of its document."""
    known: dict[int, Pk] = memo().setdefault("pk", {})
    if document_id not in known:
        given = {"document_id": document_id}
        known[document_id] = db.session.scalars(_pk_query(), given).unique().one()
    return known[document_id]


def _with_targets(pk: Pk) -> Pk:
    """The same PK with the targets of all its IKU as rows, to be changed. One statement."""
    theirs = sa.select(Iku).join(Objective, Objective.id == Iku.objective_id)
    theirs = theirs.where(Objective.pk_id == pk.document_id).options(joinedload(Iku.targets))
    db.session.scalars(theirs).unique().all()
    return pk


class PkKind:
    flow = PkFlow
    applies = frozenset({"new_head"})

    def facts(self, document: Document) -> PkFacts:
        pk = pk_of(document)
        acting = Relation.PENILAI if document.acting_level == 0 else Relation.ATASAN
        top = is_top(document.unit)
        return PkFacts(
            state=document.state,
            marks=frozenset(Relation(mark) for mark in document.marks),
            required_marks=frozenset({Relation.SUBJECT} if top else {Relation.SUBJECT, acting}),
            acting_level=document.acting_level,
            period_open=document.period.state == "open",
            read_pk=lambda: as_law_sees_it(document, pk),
            regulation=regulation_of(document.period),
            top=top,
            has_realisation=any(iku.locked_at for objective in pk.objectives for iku in objective.indicators),
            may_take_over=document.escalation >= TAKE_OVER_RUNG,
            last_event_by=memo().get("senders", {}).get(document.id, {}),
        )

    def apply(self, context: Context) -> None:
        pk = pk_of(context.document)
        if context.event == "edit":
            before = {iku.id for objective in pk.objectives for iku in objective.indicators}
            apply_edit(_with_targets(pk), context.change)
            after = {iku.id for objective in pk.objectives for iku in objective.indicators}
            manuals.drop_with(context, Manual.iku_id, before - after)
        elif context.event == "save":
            pk_progress.apply(context, pk)
        elif context.event == "new_head":
            context.values["subject_id"] = new_head_of(context.document)
        elif context.event == "take_note":
            context.flag(minutes=context.change["number"], minutes_on=context.change["on"].isoformat())

    def content(self, document: Document) -> dict[str, Any]:
        return pk_content(document, pk_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        return N_("Perjanjian Kinerja %(year)s, %(unit)s"), {
            "year": document.period.year,
            "unit": document.unit.name,
        }


KIND = PkKind()


def is_top(unit: Unit) -> bool:
    """Is it the unit above which there is none: the ministry, whose PK has no pihak kedua?"""
    return unit.level == law.TOP_LEVEL


def upk_above(unit: Unit) -> Unit | None:
    """The nearest UPK above a unit; None at the top."""
    above = [number for number in structure.path_ids(unit.path) if number != unit.id]
    if not above:
        return None
    parent = db.session.get(Unit, unit.parent_id)
    return structure.nearest_upk(parent) if parent is not None else None


def as_law_sees_it(document: Document, pk: Pk) -> law.Pk:
    """The stored PK as the plain value that the rules judge."""
    today = clock.today(document.unit.zone)
    chain = identity.superiors(document.subject_id, today)
    above = upk_above(document.unit)
    manual_of = manuals.states(iku.id for objective in pk.objectives for iku in objective.indicators)
    head_above = structure.head_of(above.id, today).person_id if above else None
    return law.Pk(
        level=document.unit.level,
        year=document.period.year,
        on=today,
        owns_strategy_map=document.unit.owns_strategy_map,
        objectives=tuple(
            law.Objective(o.key, o.code, o.statement, o.perspective, tuple(o.causes)) for o in pk.objectives
        ),
        indicators=tuple(
            _law_iku(objective, iku, manual_of.get(iku.id, ""))
            for objective in pk.objectives
            for iku in objective.indicators
        ),
        handed_down=tuple(handed_down(document, above)),
        budget=tuple(
            law.BudgetLine(line["key"], line["program"], line["kode"], Decimal(line["pagu"] or 0))
            for line in pk.budget
        ),
        first_party=document.subject_id,
        second_party=chain[0].person_id if chain else None,
        head_above=head_above,
        budget_below=_budget_below(document) if pk.budget else None,
        signed=document.state in SIGNED,
    )


# A PK that both sides have agreed; what a draft says binds nobody yet.
AGREED = ("agreed", "in_review", "ready_to_sign", "signed_first", "in_force")


def _budget_below(document: Document) -> Decimal | None:
    """What the agreed PK of the units right below come to (PK-13); None while there is none. One statement."""
    rows = db.session.scalars(
        sa.select(Pk.budget)
        .join(Document, Document.id == Pk.document_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            Unit.parent_id == document.unit_id,
            Document.period_id == document.period_id,
            Document.state.in_(AGREED),
        )
    )
    lines = [line for budget in rows for line in budget]
    return sum((Decimal(line["pagu"] or 0) for line in lines), Decimal(0)) if lines else None


def _law_iku(objective: Objective, iku: Iku, manual: str) -> law.Iku:
    return law.Iku(
        key=iku.key,
        code=iku.code,
        objective=objective.key,
        name=iku.name,
        target=iku.target,
        unit=iku.measure,
        polarity=iku.polarity,
        consolidation=iku.consolidation,
        trajectory=iku.trajectory,
        validity=iku.validity,
        control=iku.control,
        parent=iku.parent_key,
        manual=manual,
    )


def handed_down(document: Document, above: Unit | None) -> list[law.HandedDown]:
    """The mandatory IKU of the PK of the UPK above, as far as it is agreed; none while it is a draft or at L0."""
    if above is None:
        return []
    rows = db.session.execute(
        sa.select(Iku.name, Iku.cascading, Iku.target, Iku.measure)
        .join(Objective, Objective.id == Iku.objective_id)
        .join(Document, Document.id == Objective.pk_id)
        .where(
            Document.kind == "pk",
            Document.unit_id == above.id,
            Document.period_id == document.period_id,
            Document.state.in_(AGREED),
            Iku.mandatory,
        )
        .order_by(Iku.id)
    )
    return [law.HandedDown(row.name, row.cascading or law.PARTIALLY, row.target, row.measure) for row in rows]


def pk_content(document: Document, pk: Pk, day: date | None = None) -> dict[str, Any]:
    """The canonical content of a PK: what forms show, signatures bind and comparisons read."""
    day = day or clock.today(document.unit.zone)
    chain = identity.superiors(document.subject_id, day)
    acting = chain[document.acting_level] if len(chain) > document.acting_level else None
    second = header_block(acting.person_id, day, acting.on_behalf).as_json() if acting else {}
    return {
        "jenis": "pk",
        "tahun": document.period.year,
        "seri": pk.series,
        "mulai": pk.starts.isoformat(),
        "selesai": pk.ends.isoformat(),
        "aturan": document.period.rule_set,
        "unit": {"kode": document.unit.code, "nama": document.unit.name},
        "pihak_pertama": header_block(document.subject_id, day).as_json(),
        "pihak_kedua": second,
        **{name: getattr(pk, column) for name, column in TEXTS.items()},
        "sasaran": [_objective_content(objective) for objective in pk.objectives],
        **{name: [dict(line) for line in getattr(pk, column)] for name, (column, _fields) in LINES.items()},
    }


def _objective_content(objective: Objective) -> dict[str, Any]:
    return {
        "key": objective.key,
        "kode": objective.code,
        "perspektif": objective.perspective,
        "pernyataan": objective.statement,
        "narasi": objective.narrative,
        "pemilik": objective.owner,
        "sebab": list(objective.causes),
        "iku": [_iku_content(iku) for iku in objective.indicators],
    }


def _iku_content(iku: Iku) -> dict[str, Any]:
    return {
        "key": iku.key,
        "kode": iku.code,
        "nama": iku.name,
        "target": _text(iku.target),
        "satuan": iku.measure,
        "polarisasi": iku.polarity,
        "konsolidasi": iku.consolidation,
        "validitas": iku.validity,
        "kendali": iku.control,
        "induk": iku.parent_key,
        "cascading": iku.cascading,
        "wajib": iku.mandatory,
        "diturunkan": iku.handed_down_id,
        "lintasan": {slot: _text(value) for slot, value in iku.trajectory.items()},
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


@effect("pk", "new_head")
def hand_manuals_over(context: Context) -> None:
    """What is being written about its indicators goes with the agreement to the new head."""
    ikus = [iku.id for objective in pk_of(context.document).objectives for iku in objective.indicators]
    manuals.hand_over(context, ikus)


@effect("pk", "cancel")
def drop_manuals(context: Context) -> None:
    """What was written about the indicators of a cancelled PK ends with it."""
    ikus = [iku.id for objective in pk_of(context.document).objectives for iku in objective.indicators]
    manuals.drop_with(context, Manual.iku_id, ikus)


@effect("pk", "sign_second", "take_note")
def tell_the_unit(context: Context) -> None:
    """All staff of the unit are told that its PK is in force."""
    document = context.document
    text = N_("Perjanjian Kinerja unit Anda berlaku: %(document)s.")
    for person_id in structure.staff_of(document.unit_id, clock.today(document.unit.zone)):
        if person_id != document.subject_id:
            context.notify(person_id, text)
