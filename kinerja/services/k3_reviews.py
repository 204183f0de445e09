"""The K3 review as a document kind: what guards look at, how what is filled in is applied, what its versions say."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Iku, K3Item, K3Review, Step
from kinerja.rules import k3_review as law
from kinerja.rules.finding import blocks
from kinerja.rules.k3 import CONTROLS, TARGET_STATUSES, VALIDITIES, k3_average
from kinerja.rules.words import N_
from kinerja.services import k3_lines
from kinerja.services.effects import effect
from kinerja.services.errors import BadInput
from kinerja.services.k3_lines import Line, lines_of
from kinerja.services.kinds import Context
from kinerja.services.org_results import DETERMINED, USED_STATES
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.workflows.base import OWN_RULE, Facts, Unmet
from kinerja.workflows.k3_review import K3Facts, K3ReviewFlow

WORDS: Mapping[str, tuple[str, ...]] = {
    "validity": VALIDITIES, "control": CONTROLS, "target_status": TARGET_STATUSES,
}  # fmt: skip
NUMBERS = ("target_y1", "realisation_y1")
# What only the reviewer writes.
FOUND = ("finding", "recommendation")
FILLING = ("self_check", "resubmit", "save")
# From these states on the evaluation or the value of the slot is determined: what it read is locked.
USED = {"org_value": DETERMINED, "predicate_review": USED_STATES}


@cache
def _query() -> Any:
    return sa.select(K3Review).where(K3Review.document_id == sa.bindparam("document_id"))


def review_of(document: Document) -> K3Review:
    """The review with its items."""
    found: K3Review = db.session.scalars(_query(), {"document_id": document.id}).one()
    return found


class K3ReviewKind:
    flow = K3ReviewFlow
    applies = frozenset({"start_review", "clear", "reopen"})

    def facts(self, document: Document) -> Facts:
        return K3Facts(
            state=document.state,
            period_open=document.period.state == "open",
            of_unit=bool(document.flags.get("of_unit")),
            above=bool(document.flags.get("above")),
            read_problems=lambda: missing_of(document),
            last_event_by=_senders(document) if document.state in ("self_checked", "in_review") else {},
        )

    def apply(self, context: Context) -> None:
        """Write what the form of this event carries. Raises BadInput."""
        document = context.document
        if context.event in ("self_check", "start_review"):
            follow_the_plan(document)
        if context.event in FILLING:
            _fill(document, context.change.get("items") or {}, reviewing=context.event == "save")
        elif context.event == "send_back":
            _send_back(document, context.change.get("items") or {})
        elif context.event == "clear":
            _settle(document)
        elif context.event == "reopen":
            for item in review_of(document).items:
                item.score = None

    def content(self, document: Document) -> dict[str, Any]:
        return content_of(document, lines_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "name": document.subject.name}
        return N_("Reviu K3 %(slot)s %(year)s, %(name)s"), params


KIND = K3ReviewKind()


def _senders(document: Document) -> dict[str, int | None]:
    """Event -> who sent it last: nobody reviews what he filled in himself."""
    rows = db.session.execute(
        sa.select(Step.event, Step.actor_id)
        .where(Step.document_id == document.id, Step.event.in_(("self_check", "resubmit")))
        .order_by(Step.sequence)
    )
    return {row.event: row.actor_id for row in rows}


def findings_of(document: Document) -> list[Any]:
    """Everything the rules say of a review as it stands."""
    return law.check([line.one for line in lines_of(document)], regulation_of(document.period))


def missing_of(document: Document) -> list[Unmet]:
    """What keeps the review from its end."""
    return [
        Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in blocks(findings_of(document))
    ]


def follow_the_plan(document: Document) -> None:
    """Indicators that left the plan leave its first review, those that came to it join."""
    review = review_of(document)
    if k3_lines.last_reviewed(review.plan_id):
        return
    assert document.parent is not None
    put_in(review, k3_lines.indicators_of(document.parent))


def put_in(review: K3Review, wanted: list[k3_lines.Named]) -> None:
    """The items of a review are these indicators."""
    ids = {named.indicator.id for named in wanted}
    review.items[:] = [item for item in review.items if (item.iku_id or item.iki_id) in ids]
    present = {item.iku_id or item.iki_id: item for item in review.items}
    for place, named in enumerate(wanted):
        number = named.indicator.id
        if number not in present:
            given = {"iku_id" if isinstance(named.indicator, Iku) else "iki_id": number}
            present[number] = K3Item(key=named.indicator.key, **given)
            review.items.append(present[number])
        item = present[number]
        item.position = place
        item.clause = {"nomor": named.number} | k3_lines.clause_of(named.indicator)
    db.session.flush()


def _fill(document: Document, sent: Mapping[str, Mapping[str, Any]], *, reviewing: bool) -> None:
    """Write what was typed per indicator; what was not sent stays."""
    named = {item.key: item for item in review_of(document).items}
    for key, values in sent.items():
        item = named.get(key)
        if item is None:
            text = N_("Indikator ini tidak lagi ada pada reviu ini; muat ulang halamannya.")
            raise BadInput([Unmet(OWN_RULE, text)])
        for name, words in WORDS.items():
            if name in values:
                value = str(values[name] or "")
                if value and value not in words:
                    raise BadInput([Unmet(OWN_RULE, N_("Pilih salah satu."), {}, f"item-{key}-{name}")])
                setattr(item, name, value)
        for name in NUMBERS:
            if name in values:
                setattr(item, name, values[name])
        for name in FOUND:
            if reviewing and name in values:
                setattr(item, name, str(values[name] or "").strip())


def _send_back(document: Document, sent: Mapping[str, Mapping[str, Any]]) -> None:
    """A note at least at one indicator: the owner is to know which of them is meant."""
    items = review_of(document).items
    for item in items:
        item.note = str(sent.get(item.key, {}).get("note") or "").strip()
    if not any(item.note for item in items):
        text = N_("Tulis catatan pada indikator yang perlu diperbaiki.")
        raise BadInput([Unmet("K3", text, {}, f"item-{items[0].key}-note" if items else "note")])


def _settle(document: Document) -> None:
    """Write down all that K3 rests on, with the K3 itself: later changes of manual or plan do not reach it."""
    regulation = regulation_of(document.period)
    for line in lines_of(document):
        for name in k3_lines.SAID:
            setattr(line.item, name, getattr(line.one, "status" if name == "target_status" else name))
        line.item.clause = {
            "nomor": line.one.number, "nama": line.name, "satuan": line.measure, "polarisasi": line.one.polarity,
            "target": _text(line.one.target),
        }  # fmt: skip
        line.item.score = law.score_of(line.one, regulation).to_dict()
        line.item.note = ""


def content_of(document: Document, lines: list[Line]) -> dict[str, Any]:
    """The canonical content of a review: what revisions keep and comparisons read."""
    regulation = regulation_of(document.period)
    scores = [law.score_of(line.one, regulation) for line in lines]
    return {
        "jenis": "reviu_k3",
        "tahun": document.period.year,
        "slot": document.slot,
        "unit": {"kode": document.unit.code, "nama": document.unit.name},
        "k3_rata_rata": _text(k3_average(scores, regulation).value),
        "iku" if document.flags.get("of_unit") else "iki": [
            {
                "key": line.item.key, "kode": line.one.number, "nama": line.name, "target": _text(line.one.target),
                "validitas": line.one.validity, "kendali": line.one.control, "status_target": line.one.status,
                "target_tahun_lalu": _text(line.one.target_y1),
                "realisasi_tahun_lalu": _text(line.one.realisation_y1), "k3": _text(score.value),
                "temuan": line.item.finding, "rekomendasi": line.item.recommendation, "catatan": line.item.note,
            }
            for line, score in zip(lines, scores, strict=True)
        ],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _follows(plan_id: int | None, kind: str, slot: str, *states: str) -> Any:
    return sa.select(Document).where(
        Document.parent_id == plan_id,
        Document.kind == kind,
        Document.slot == slot,
        Document.state.in_(states),
    )


@effect("k3_review", "clear")
def lock_what_is_determined(context: Context) -> None:
    """A review that ends after its period was determined is locked at once (K3-3)."""
    document = context.document
    kind = "org_value" if document.flags.get("of_unit") else "predicate_review"
    used = _follows(document.parent_id, kind, document.slot, *USED[kind])
    if db.session.scalars(used).first() is not None:
        context.then.append((document.public_id, "lock", {}))


@effect("org_value", "determine")
@effect("predicate_review", "determine")
def lock_with_it(context: Context) -> None:
    """What was read is locked as the value or the evaluation of the period is determined (K3-3)."""
    document = context.document
    found = _follows(document.parent_id, "k3_review", document.slot, "reviewed")
    context.then += [(one.public_id, "lock", {}) for one in db.session.scalars(found)]
