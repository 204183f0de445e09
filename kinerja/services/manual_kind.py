"""The manual indikator as a document kind: what guards look at, how an edit is applied, what its versions say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Document, Iku, Manual, Objective, Pk, Skp, SkpIndicator, SkpRow
from kinerja.rules import manual as law
from kinerja.rules.words import N_
from kinerja.services import manuals
from kinerja.services.agreements import is_top
from kinerja.services.effects import effect
from kinerja.services.keyed_edit import decimal_of
from kinerja.services.kinds import Context
from kinerja.services.people import header_block
from kinerja.services.periods import regulation_of
from kinerja.workflows.manual import ManualFacts, ManualFlow

# Column of the table -> what it is called in contents, in the order of the form.
TEXTS = {
    "purpose": "tujuan", "definition": "definisi", "formula": "formula", "measure": "satuan", "quality": "kualitas",
    "data_source": "sumber_data", "reporting": "periode_pelaporan", "cascading_kind": "jenis_cascading",
    "cascading_method": "metode_cascading", "aspect": "aspek", "validity": "validitas", "control": "kendali",
    "owner": "penanggung_jawab", "provider": "penyedia_data", "polarity": "polarisasi", "consolidation": "konsolidasi",
    "location": "konsolidasi_lokasi", "scale": "skala", "target_status": "status_target",
}  # fmt: skip
NUMBERS = {
    "worst": "realisasi_terburuk", "target_y1": "target_tahun_lalu", "realisation_y1": "realisasi_tahun_lalu",
}  # fmt: skip
FLAGS = {"cannot_exceed": "konversi_120"}
TAKE_OVER_RUNG = 5


@cache
def _manual_query() -> Any:
    iku, iki = joinedload(Manual.iku), joinedload(Manual.iki)
    return (
        sa.select(Manual)
        .options(
            iku.undefer(Iku.targets_text),
            iku.joinedload(Iku.objective).joinedload(Objective.pk).joinedload(Pk.document),
            iki.undefer(SkpIndicator.targets_text),
            iki.joinedload(SkpIndicator.row).joinedload(SkpRow.skp).joinedload(Skp.document),
        )
        .where(Manual.document_id == sa.bindparam("document_id"))
    )


def manual_of(document: Document) -> Manual:
    """The manual of a document with its indicator: one statement, or none when it is at hand."""
    known: dict[int, Manual] = memo().setdefault("manual", {})
    if document.id not in known:
        found = db.session.scalars(_manual_query(), {"document_id": document.id}).unique().one()
        known[document.id] = found
    return known[document.id]


class ManualKind:
    flow = ManualFlow
    applies = frozenset({"submit", "new_head"})

    def facts(self, document: Document) -> ManualFacts:
        return ManualFacts(
            state=document.state,
            acting_level=document.acting_level,
            period_open=document.period.state == "open",
            read_manual=lambda: as_law_sees_it(document, manual_of(document)),
            regulation=regulation_of(document.period),
            of_unit=document.slot == law.IKU,
            top=document.slot == law.IKU and is_top(document.unit),
            may_take_over=document.escalation >= TAKE_OVER_RUNG,
            anchors=_anchors(document) if document.state in ("draft", "submitted", "approved") else {},
        )

    def apply(self, context: Context) -> None:
        manual = manual_of(context.document)
        if context.event == "edit":
            apply_edit(manual, context.change)
        elif context.event == "new_head" and (plan := plan_of(manual)) is not None:
            context.values["subject_id"] = plan.subject_id
        manual.clause = clause_of(manual)

    def content(self, document: Document) -> dict[str, Any]:
        return manual_content(document, manual_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        params = {"slot": document.slot, "year": document.period.year, "name": document.subject.name}
        return N_("Manual %(slot)s %(year)s, %(name)s"), params


KIND = ManualKind()


def _anchors(document: Document) -> dict[str, date]:
    """Until when it must be in force, once PK or SKP are set."""
    manual = manual_of(document)
    plan = plan_of(manual)
    begun = document.created_at if manual.number > 1 else None
    due = manuals.due_of(plan, begun) if plan is not None else None
    return {"manual_by": due} if due is not None else {}


def plan_of(manual: Manual) -> Document | None:
    """The PK or the SKP in which its indicator stands; None where that was removed."""
    if manual.iku is not None:
        return manual.iku.objective.pk.document
    return manual.iki.row.skp.document if manual.iki is not None else None


def clause_of(manual: Manual) -> dict[str, Any]:
    """What PK or SKP say of the indicator: today while it is being written, else what was kept with the version."""
    if manual.sealed_at is None and manual.iku is not None:
        return manuals.clause_of_iku(manual.iku)
    if manual.sealed_at is None and manual.iki is not None:
        return manuals.clause_of_iki(manual.iki)
    return dict(manual.clause)


def apply_edit(manual: Manual, change: Mapping[str, Any]) -> None:
    """Write the fields given, by their names in contents; a readable scale is put in order."""
    for column, name in TEXTS.items():
        if name in change:
            setattr(manual, column, str(change[name] or "").replace("\r\n", "\n").strip())
    for column, name in NUMBERS.items():
        if name in change:
            setattr(manual, column, decimal_of(change[name]))
    for column, name in FLAGS.items():
        if name in change:
            setattr(manual, column, bool(change[name]))
    if points := law.read_scale(manual.scale):
        manual.scale = law.write_scale(points)


def fields_of(manual: Manual) -> dict[str, str]:
    """What a manual says, as the rules compare it."""
    texts = {column: getattr(manual, column) for column in TEXTS}
    numbers = {column: _text(getattr(manual, column)) or "" for column in NUMBERS}
    return texts | numbers | {column: "ya" if getattr(manual, column) else "" for column in FLAGS}


def as_law_sees_it(document: Document, manual: Manual) -> law.Manual:
    """The stored manual as the plain value that the rules judge."""
    clause = clause_of(manual)
    before = manuals.version_before(manual)
    points = law.read_scale(manual.scale)
    indicator = manual.iku or manual.iki
    skp = manual.iki.row.skp if manual.iki is not None else None
    names = {column: name for column, name in TEXTS.items() if column in law.CLAUSE}
    return law.Manual(
        about=document.slot,
        name=clause.get("nama", ""),
        result=clause.get("rhk", ""),
        code=clause.get("kode", ""),
        fields=fields_of(manual),
        clause={column: clause.get(name) or "" for column, name in names.items()},
        before=fields_of(before) if before is not None else None,
        target=decimal_of(clause.get("target")),
        trajectory=tuple(Decimal(value) for value in clause.get("lintasan", {}).values()),
        scale=points or (),
        readable=points is not None,
        worst=manual.worst,
        target_y1=manual.target_y1,
        realisation_y1=manual.realisation_y1,
        realised=indicator is not None and indicator.locked_at is not None,
        qualitative=skp is not None and skp.approach == "kualitatif",
        leader=skp is None or skp.senior_form,
        ministry=law.asks_ministry(regulation_of(document.period)),
        same_code=manual.iku is not None and manuals.shares_its_code(manual.iku),
    )


def manual_content(document: Document, manual: Manual) -> dict[str, Any]:
    """The canonical content of a version: what the card shows, the form prints and comparisons read."""
    clause = clause_of(manual)
    day = clock.today(document.unit.zone)
    return {
        "jenis": "manual",
        "tentang": document.slot,
        "tahun": document.period.year,
        "versi": manual.number,
        "aturan": document.period.rule_set,
        "pegawai": header_block(document.subject_id, day).as_json(),
        "unit": {"kode": document.unit.code, "nama": document.unit.name},
        **{
            name: clause.get(name)
            for name in ("mulai", "selesai", "kode", "kode_ss", "rhk", "nama", "target")
        },
        "lintasan": dict(clause.get("lintasan", {})),
        **{name: getattr(manual, column) for column, name in TEXTS.items()},
        **{name: _text(getattr(manual, column)) for column, name in NUMBERS.items()},
        **{name: getattr(manual, column) for column, name in FLAGS.items()},
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


@effect("manual", "clear")
def replace_the_old(context: Context) -> None:
    """From now on this version counts: it is sealed, and the one before it ends."""
    manual = manual_of(context.document)
    manual.clause = clause_of(manual)
    manual.sealed_at = context.now
    db.session.flush()
    before = manuals.version_before(manual)
    if before is not None:
        context.then.append((before.document.public_id, "supersede", {}))
