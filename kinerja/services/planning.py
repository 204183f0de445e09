"""The SKP as a document kind: what guards look at, how an edit is applied, what is signed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.ids import new_key
from kinerja.models import (
    Comment,
    Document,
    Manual,
    ReadLog,
    Skp,
    SkpIndicator,
    SkpRow,
)
from kinerja.rules import content as law
from kinerja.rules.words import N_
from kinerja.rules.workdays import end_of_day
from kinerja.services import event_dates, identity, manuals, org_results, policy, skp_limits, skp_links
from kinerja.services.deadlines import due_of
from kinerja.services.effects import effect
from kinerja.services.kinds import Context
from kinerja.services.people import header_block
from kinerja.services.periods import regulation_of
from kinerja.services.skp_edit import apply_edit
from kinerja.services.skp_spans import answers_for, columns, read, spans_of
from kinerja.workflows.base import Facts
from kinerja.workflows.roles import Relation
from kinerja.workflows.skp import SkpFacts, SkpFlow


@cache
def _skp_query() -> Any:
    """The SKP, and what its span is held against."""
    return (
        sa.select(Skp, *columns(), *skp_links.columns())
        .options(joinedload(Skp.rows).joinedload(SkpRow.indicators).undefer(SkpIndicator.targets_text))
        .where(Skp.document_id == sa.bindparam("document_id"))
    )


def _with_targets(skp: Skp) -> Skp:
    """The same SKP with the targets of all its indicators as rows, to be changed. One statement."""
    theirs = sa.select(SkpIndicator).join(SkpRow, SkpRow.id == SkpIndicator.row_id)
    theirs = theirs.where(SkpRow.skp_id == skp.document_id).options(joinedload(SkpIndicator.targets))
    db.session.scalars(theirs).unique().all()
    return skp


def skp_of(document: Document) -> Skp:
    """The SKP of a document with rows, indicators and targets (as text): one statement, or none when it is at hand."""
    known = memo().setdefault("skp", {})
    if document.id not in known:
        found, others, placed, *links = (
            db.session.execute(_skp_query(), {"document_id": document.id}).unique().one()
        )
        known[document.id] = found
        memo().setdefault("links", {})[document.id] = skp_links.read(*links)
        memo().setdefault("spans", {})[document.id] = read(others, placed)
    skp: Skp = known[document.id]
    return skp


# The rung of the ladder of reminders on which the superior may act instead.
TAKE_OVER_RUNG = 5


class SkpKind:
    flow = SkpFlow

    def facts(self, document: Document) -> Facts:
        skp = skp_of(document)
        acting = Relation.PENILAI if document.acting_level == 0 else Relation.ATASAN
        return SkpFacts(
            state=document.state,
            marks=frozenset(Relation(mark) for mark in document.marks),
            required_marks=frozenset({Relation.SUBJECT, acting}),
            opened_by_receiver=document.state == "submitted" and opened_since_sent(document),
            acting_level=document.acting_level,
            held_from=document.held_from or "",
            period_open=document.period.state == "open",
            read_skp=lambda: as_law_sees_it(document, skp),
            regulation=regulation_of(document.period),
            review_due=document.period.review_initial_skp or bool(document.flags.get("komplemen")),
            is_initial=not document.flags.get("komplemen"),
            has_realisation=any(i.locked_at for row in skp.rows for i in row.indicators),
            may_take_over=document.escalation >= TAKE_OVER_RUNG,
            feedback_and_remedy=bool(document.flags.get("remedy_tried")),
            undelivered=any(is_undelivered(line) for line in skp.attachment),
            read_sent=lambda: policy.was_sent(document),
        )

    def apply(self, context: Context) -> None:
        skp = skp_of(context.document)
        if context.event == "edit":
            before = {i.id for row in skp.rows for i in row.indicators}
            apply_edit(_with_targets(skp), context.change, context.now)
            manuals.drop_with(
                context, Manual.iki_id, before - {i.id for row in skp.rows for i in row.indicators}
            )
        elif context.event == "change_span":
            starts, ends = context.change["starts"], context.change["ends"]
            skp_limits.change_span(context.document, skp, starts, ends)
            context.values["span_start"] = starts.isoformat()
            context.values["due_at"] = due_of(
                context.document, "skp_submit", context.document.state_since, starts=starts
            )
            context.values["escalation"] = 0
        elif context.event == "add_expectation":
            code, text = context.change["value_code"], context.change["text"]
            added = {"nilai": code, "teks": text, "ditambahkan": context.now.date().isoformat()}
            skp.expectations = [*skp.expectations, added]
        elif context.event == "report_resource":
            skp.attachment = [
                line | {"terealisasi": context.change["delivered"]}
                if line["key"] == context.change["line"]
                else line
                for line in skp.attachment
            ]
        elif context.event == "propose_adjustment":
            proposed = {
                "usulan": context.change["text"],
                "usulan_oleh": context.actor.name,
                "usulan_tanggal": context.now.date().isoformat(),
            }
            skp.attachment = [
                line | proposed if line["key"] == context.change["line"] else line for line in skp.attachment
            ]
        elif context.event == "send_back":
            for key, text in context.change.get("remarks", {}).items():
                remark = Comment(document_id=skp.document_id, person_id=context.actor.person_id, field=key)
                remark.text, remark.at = text, context.now
                db.session.add(remark)
        elif context.event == "hold":
            until = context.change["until"]
            event_dates.demand_hold(context.document, until)
            context.flag(held_until=until.isoformat(), held_reason=context.change["ground"])
            context.values["due_at"] = end_of_day(until, context.document.unit.zone)
        elif context.event == "exempt":
            context.flag(exempt_ground=context.change["ground"], exempt_decree=context.change["decree"])
        elif context.event == "take_over_rhk":
            row = next(row for row in skp.rows if row.key == context.change["row"])
            row.taken_over_at = context.now

    def content(self, document: Document) -> dict[str, Any]:
        return skp_content(document, skp_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        return N_("SKP %(year)s, %(name)s"), {"year": document.period.year, "name": document.subject.name}


KIND = SkpKind()


@effect("skp", "discard")
def drop_manuals(context: Context) -> None:
    """What was written about the indicators of a draft that is thrown away ends with it."""
    ikis = [i.id for row in skp_of(context.document).rows for i in row.indicators]
    manuals.drop_with(context, Manual.iki_id, ikis)


def heads_map(document: Document, skp: Skp) -> bool:
    """Is it the SKP of a Pimpinan UPK: of whoever heads a unit with a strategy map of its own, on whichever form?

    The head of a kantor pelayanan is one, on A.1.6 or A.1.7; a JPT who heads no such unit is none.
    """
    day = max(skp.starts, min(skp.ends, clock.today(document.unit.zone)))
    return org_results.headed_upk(document.subject_id, document.unit, day) is not None


def is_undelivered(line: Mapping[str, Any]) -> bool:
    """A resource of the Lampiran that was not agreed, or agreed and not delivered (art. 11 (2))."""
    return line["blok"] == law.RESOURCES and (
        line.get("disepakati") is False or line.get("terealisasi") == "tidak"
    )


def opened_since_sent(document: Document) -> bool:
    """Does the read log hold a read by the one who acts as penilai, since the document was sent?"""
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    if len(chain) <= document.acting_level:
        return False
    receivers = {chain[document.acting_level].person_id} | {s.person_id for s in chain[0].stand_ins}
    receivers |= {one.person_id for one in chain[0].delegates if document.kind in one.kinds}
    given = {"document_id": document.id, "readers": sorted(receivers), "since": document.state_since}
    return db.session.scalar(_opened_query(), given) is not None


@cache
def _opened_query() -> Any:
    return (
        sa.select(ReadLog.id)
        .where(
            ReadLog.document_id == sa.bindparam("document_id"),
            ReadLog.person_id.in_(sa.bindparam("readers", expanding=True)),
            ReadLog.at >= sa.bindparam("since", type_=ReadLog.at.type),
        )
        .limit(1)
    )


def as_law_sees_it(document: Document, skp: Skp) -> law.Skp:
    """The stored SKP as the plain value that the rules judge."""
    post = skp.post
    ordered = sorted(skp.rows, key=lambda row: row.kind != law.UTAMA)
    numbers = law.row_numbers([row.kind for row in ordered])
    before = document.state in _BEFORE_FORCE
    links = skp_links.links_of(document) if before else skp_links.Links()
    rows = [_law_row(row, str(number), links) for row, number in zip(ordered, numbers, strict=True)]
    spans = spans_of(document) if before else None
    first, last = answers_for(document, skp, spans)
    return law.Skp(
        form=skp.form,
        approach=skp.approach,
        post_group=post.post_group.lower(),
        post_rank=post.rank,
        leads_unit_mandiri=skp.senior_form and post.post_group != "JPT",
        owns_strategy_map=heads_map(document, skp),
        start=skp.starts,
        end=skp.ends,
        period_start=first,
        period_end=last,
        rows=tuple(rows),
        expectations={e["nilai"]: e["teks"] for e in skp.expectations},
        attachment=tuple(law.AttachmentLine(x["blok"], x["teks"], x["disepakati"]) for x in skp.attachment),
        other_spans=spans.live if spans else (),
        ended_spans=spans.every if spans else (),
        slots=links.slots,
    )


# Only these are still asked whether they overlap with another SKP.
_BEFORE_FORCE = ("draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed", "signed_employee")


def _law_row(row: SkpRow, number: str, links: skp_links.Links) -> law.ResultRow:
    return law.ResultRow(
        key=row.key,
        number=number,
        kind=row.kind,
        rhk=row.rhk,
        rhk_intervened=row.rhk_intervened,
        assigned_by=row.assigned_by,
        source=row.source,
        perspective=row.perspective,
        acting_post=row.acting_post,
        absolute_reason=row.absolute_reason,
        squad=row.cell_key in links.for_teams,
        matrix_cell=row.cell_key in links.cells,
        indicators=tuple(
            law.Indicator(
                key=i.key,
                number=f"{number}.{n}",
                text=i.text,
                aspects=tuple(a for a in i.aspects.split(",") if a),
                target_text=i.target_text,
                target=i.target,
                unit=i.measure,
                polarity=i.polarity,
                consolidation=i.consolidation,
                trajectory=i.trajectory,
                validity=i.validity,
                control=i.control,
                quality=i.quality,
            )
            for n, i in enumerate(row.indicators, 1)
        ),
    )


def shown_day(document: Document, skp: Skp) -> date:
    """The day whose posts and names a page shows: today, or the last of the span where nothing more is to be signed."""
    today = clock.today(document.unit.zone)
    return min(today, skp.ends) if document.state in _SETTLED else today


_SETTLED = ("in_force", "superseded", "closed", "exempt", "discarded")


def skp_content(document: Document, skp: Skp, day: date | None = None) -> dict[str, Any]:
    """The canonical content of an SKP: what forms show, signatures bind and comparisons read.

    Posts and names are those of today; of another day where a page looks back.
    """
    day = day or clock.today(document.unit.zone)
    chain = identity.superiors(document.subject_id, day)
    acting = chain[document.acting_level] if len(chain) > document.acting_level else None
    penilai = header_block(acting.person_id, day, acting.on_behalf).as_json() if acting else {}
    return {
        "jenis": "skp",
        "tahun": document.period.year,
        "mulai": skp.starts.isoformat(),
        "selesai": skp.ends.isoformat(),
        "pendekatan": skp.approach,
        "format": skp.form,
        "aturan": document.period.rule_set,
        "pegawai": header_block(document.subject_id, day).as_json(),
        "penilai": penilai,
        "baris": [_row_content(row) for row in skp.rows],
        "ekspektasi": [dict(e) for e in skp.expectations],
        "lampiran": [dict(line) for line in skp.attachment],
    }


def _row_content(row: SkpRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "jenis": row.kind,
        "rhk": row.rhk,
        "rhk_diintervensi": row.rhk_intervened,
        "penugasan_dari": row.assigned_by,
        "sumber": row.source,
        "asal": row.origin,
        "perspektif": row.perspective,
        "alasan_mutlak": row.absolute_reason,
        "alasan_lint": row.lint_reason,
        "diambil_alih": row.taken_over_at is not None,
        "indikator": [_indicator_content(i) for i in row.indicators],
    } | ({"sel": row.cell_key} if row.cell_key else {})


def _indicator_content(indicator: SkpIndicator) -> dict[str, Any]:
    return {
        "key": indicator.key,
        "teks": indicator.text,
        "aspek": [a for a in indicator.aspects.split(",") if a],
        "target_teks": indicator.target_text,
        "target": _text(indicator.target),
        "satuan": indicator.measure,
        "polarisasi": indicator.polarity,
        "konsolidasi": indicator.consolidation,
        "validitas": indicator.validity,
        "kendali": indicator.control,
        "kualitas": indicator.quality,
        "lintasan": {slot: _text(value) for slot, value in indicator.trajectory.items()},
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def blank_row(kind: str, position: int, assigned_by: str = "") -> SkpRow:
    """An empty row with one empty indicator, ready to be typed into."""
    return SkpRow(
        key=new_key(),
        kind=kind,
        position=position,
        assigned_by=assigned_by,
        indicators=[SkpIndicator(key=new_key(), position=1, aspects="kuantitas")],
    )
