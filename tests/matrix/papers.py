"""Documents put straight into a state, with the rows a document of that state has: content, history, signatures.

Where a state is reached in several ways that change who may act, there is one paper for each way (a `Case`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import (
    Document,
    IndicatorTarget,
    Objection,
    Period,
    Placement,
    Realisation,
    RealisationItem,
    Review,
    ReviewRow,
    ReviewValue,
    Signature,
    Skp,
    SkpIndicator,
    SkpRow,
    Step,
)
from kinerja.rules.registry import core_values
from kinerja.services import identity, transitions
from kinerja.services.kinds import kind_of
from kinerja.workflows.roles import SYSTEM

BEGUN = datetime(2026, 3, 25, 3, tzinfo=UTC)
CALIBRATED = ("supervisor", "supsup")


@dataclass(frozen=True)
class Case:
    """One kind of document in one state, reached in one way."""

    kind: str
    state: str
    variant: str = ""
    # What happened before: (event, source, target, who); `who` None is the system.
    past: tuple[tuple[str, str, str, str | None], ...] = ()
    acting_level: int = 0
    year: int = 2026
    slot: str = "Y"
    flags: dict[str, Any] = field(default_factory=dict)
    # A person's key in place of an id, for flags that name somebody.
    named: dict[str, str] = field(default_factory=dict)
    held_from: str | None = None
    overdue: bool = False
    signed: tuple[tuple[str, str], ...] = ()
    decision: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.state}" + (f"/{self.variant}" if self.variant else "")


def _walk(*steps: str) -> tuple[tuple[str, str, str, str | None], ...]:
    """ "event:from>to:who" as rows; nobody named is the system."""
    found = []
    for text in steps:
        event, way, who = text.split(":")
        source, target = way.split(">")
        found.append((event, source, target, who or None))
    return tuple(found)


SUBMIT = ("create:->draft:self", "submit:draft>submitted:self")
DIALOGUE = (*SUBMIT, "open_dialogue:submitted>in_dialogue:supervisor")
AGREED = (*DIALOGUE, "agree:in_dialogue>in_dialogue:supervisor", "agree:in_dialogue>agreed:self")
SIGNED = (*AGREED, "sign_employee:agreed>signed_employee:self")
IN_FORCE = (*SIGNED, "establish:signed_employee>in_force:supervisor")
BOTH_SIGNED = (("pegawai", "self"), ("penilai", "supervisor"))


def _skp() -> Iterator[Case]:
    yield Case("skp", "draft", past=_walk("create:->draft:self"))
    back = "send_back:in_dialogue>draft:supervisor"
    yield Case("skp", "draft", "sent back", past=_walk(*DIALOGUE, back))
    held = ("create:->draft:self", "hold:draft>on_hold:manager_own", "resume:on_hold>draft:manager_own")
    yield Case("skp", "draft", "held and resumed", past=_walk(*held))
    yield Case("skp", "submitted", past=_walk(*SUBMIT))
    yield Case("skp", "in_dialogue", past=_walk(*DIALOGUE))
    late = "escalate_to_superior:in_dialogue>in_dialogue:"
    yield Case("skp", "in_dialogue", "escalated", past=_walk(*DIALOGUE, late), acting_level=1)
    yield Case("skp", "agreed", past=_walk(*AGREED))
    review = "review:agreed>in_review:"
    yield Case("skp", "in_review", past=_walk(*AGREED, review))
    yield Case("skp", "reviewed", past=_walk(*AGREED, review, "clear:in_review>reviewed:org_manager"))
    yield Case("skp", "signed_employee", past=_walk(*SIGNED), signed=BOTH_SIGNED[:1])
    late = "escalate_to_superior:signed_employee>signed_employee:"
    yield Case(
        "skp",
        "signed_employee",
        "escalated",
        past=_walk(*SIGNED, late),
        acting_level=1,
        signed=BOTH_SIGNED[:1],
    )
    for state, event in (("in_force", ""), ("superseded", "supersede:in_force>superseded:"),
                         ("closed", "close:in_force>closed:")):  # fmt: skip
        yield Case("skp", state, past=_walk(*IN_FORCE, *([event] if event else [])), signed=BOTH_SIGNED)
    yield Case("skp", "exempt", past=_walk("create:->draft:self", "exempt:draft>exempt:manager_own"))
    hold = "hold:in_force>on_hold:manager_own"
    yield Case("skp", "on_hold", past=_walk(*IN_FORCE, hold), held_from="in_force", signed=BOTH_SIGNED)
    yield Case("skp", "on_hold", "from a draft", past=_walk(*held[:2]), held_from="draft")


PREPARED = "prepare_period:->not_open:"
RECORDED = (
    PREPARED, "open_period:not_open>open:", "save:open>draft:self", "record:draft>recorded:self",
)  # fmt: skip


def _realisation() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", **more: Any) -> Case:
        return Case("realisation", state, variant, past=_walk(*past), slot="TW1", **more)

    yield case("not_open", PREPARED)
    yield case("open", *RECORDED[:2])
    yield case("draft", *RECORDED[:3])
    yield case("recorded", *RECORDED)
    yield case("recorded", *RECORDED, variant="overdue", overdue=True)
    taken = "take_over:recorded>recorded:supsup"
    yield case("recorded", *RECORDED, taken, variant="taken over", acting_level=1)
    yield case("returned", *RECORDED, "send_back:recorded>returned:supervisor")
    yield case("validated", *RECORDED, "validate:recorded>validated:supervisor")
    yield case("missing", *RECORDED[:3], "lapse:draft>missing:")


PROPOSED = ("prepare:->prepared:", "propose:prepared>proposed:supervisor")
CALIBRATION = (*PROPOSED, "calibrate:proposed>calibrated:supsup")
DETERMINED = (*CALIBRATION, "determine:calibrated>determined:supervisor")
SIGNED_REVIEW = (*DETERMINED, "sign_form:determined>signed:supervisor")
RECEIVED = (*SIGNED_REVIEW, "deliver:signed>delivered:supervisor", "receive:delivered>received:self")
ACCEPTED = (*RECEIVED, "accept:received>accepted:self")
AT_SUPERIOR = ("prepare:->prepared:", "escalate_to_superior:prepared>at_superior:")
BY_SUPERIOR = (*AT_SUPERIOR, "propose_superior:at_superior>proposed:supsup")


def _review() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", slot: str = "TW1", **more: Any) -> Case:
        named = {"upk_above_id": "grand"} | more.pop("named", {})
        return Case("predicate_review", state, variant, past=_walk(*past), slot=slot, named=named, **more)

    penilai = (("penilai", "supervisor"),)
    whole = (*penilai, ("pegawai", "self"))
    yield case("prepared", PROPOSED[0])
    yield case("at_superior", *AT_SUPERIOR, acting_level=1)
    yield case("proposed", *PROPOSED)
    yield case("proposed", *PROPOSED, variant="window over", slot="TW4", year=2025)
    above = {"calibrator_id": "third in the chain"}
    yield case("proposed", *BY_SUPERIOR, variant="by the superior", acting_level=1, named=above)
    yield case("calibrated", *CALIBRATION)
    session = "to_session:calibrated>in_session:secretariat"
    yield case("in_session", *CALIBRATION, session)
    yield case("session_decided", *CALIBRATION, session, "decide_session:in_session>session_decided:tpk")
    yield case("determined", *DETERMINED)
    late = (*BY_SUPERIOR, "calibrate:proposed>calibrated:grand", "determine:calibrated>determined:supsup")
    yield case("determined", *late, variant="by the superior", acting_level=1)
    yield case("signed", *SIGNED_REVIEW, signed=penilai)
    yield case("delivered", *RECEIVED[:-1], signed=penilai)
    yield case("received", *RECEIVED, signed=penilai)
    yield case("accepted", *ACCEPTED, signed=whole)
    yield case("accepted_silent", *RECEIVED, "lapse:received>accepted_silent:", signed=penilai)
    objected = (*RECEIVED, "object:received>objected:self")
    yield case("objected", *objected, signed=penilai)
    decided = (*objected, "objection_published:objected>decided:")
    yield case("decided", *decided, signed=penilai)
    final = "finalize:accepted>final:"
    yield case("final", *ACCEPTED, final, signed=whole)
    changed = (*decided, "finalize:decided>final:")
    yield case("final", *changed, variant="changed", signed=penilai, named={"decider_id": "supsup"})
    yield case("reported", *ACCEPTED, final, "report:final>reported:supervisor", signed=whole)


FILED = ("create:->draft:self", "file:draft>filed:self")
EXAMINED = (*FILED, "register:filed>in_examination:")


def _objection() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", **more: Any) -> Case:
        return Case("objection", state, variant, past=_walk(*past), slot="TW1", **more)

    judge = {"named": {"decider_id": "supsup", "evaluator_id": "supervisor"}}
    yield case("draft", FILED[0])
    yield case("filed", *FILED)
    yield case("in_examination", *EXAMINED, **judge)
    ask = "ask_explanation:in_examination>in_examination:supsup"
    asked = {"flags": {"asked_on": "2026-03-31"}}
    gone = {"named": {"decider_id": "supsup", "evaluator_id": "former"}}
    yield case("in_examination", *EXAMINED, ask, variant="asked", **asked, **judge)
    yield case("in_examination", *EXAMINED, ask, variant="evaluator gone", **asked, **gone)
    yield case("in_examination", *EXAMINED, variant="committee", flags={"with_committee": True})
    signed = (("pemutus", "supsup"),)
    for state, event, decision in (("upheld", "uphold", "menguatkan"), ("changed", "change", "mengubah")):
        done = f"{event}:in_examination>{state}:supsup"
        yield case(state, *EXAMINED, done, decision=decision, signed=signed, **judge)
        out = (*EXAMINED, done, f"publish:{state}>published:")
        yield case("published", *out, variant=state, decision=decision, signed=signed, **judge)
    yield case("withdrawn", *FILED, "withdraw:filed>withdrawn:self")
    yield case("lapsed", FILED[0], "lapse:draft>lapsed:")


CASES: tuple[Case, ...] = (*_skp(), *_realisation(), *_review(), *_objection())


class Printer:
    """Writes papers for one subject; `stand_in` says who is the supervisor of his chain."""

    def __init__(self, ids: dict[str, int], subject: str = "self", stand_in: str = "supervisor"):
        self.ids, self.subject, self.stand_in = ids, subject, stand_in
        placement = db.session.scalars(
            sa.select(Placement).where(Placement.person_id == ids[subject], Placement.ends.is_(None))
        ).one()
        self.post = placement.post
        self.count = 0
        self.periods = {p.year: p for p in db.session.scalars(sa.select(Period))}

    def who(self, key: str | None) -> int | None:
        if key == "third in the chain":
            return identity.superiors(self.ids[self.subject], BEGUN.date())[2].person_id
        key = {"self": self.subject, "supervisor": self.stand_in}.get(key or "", key)
        return self.ids[key] if key else None

    def print(self, case: Case) -> str:
        """Write one paper with its parents; gives its public id."""
        with clock.frozen(BEGUN), transaction():
            self.count += 1
            made = getattr(self, f"_{case.kind}")(case)
            return str(made.public_id)

    def _head(self, case: Case, parent: Document | None = None, event: str = "") -> Document:
        flags = dict(case.flags) | {name: self.who(key) for name, key in case.named.items()}
        return transitions.create(
            case.kind, subject_id=self.ids[self.subject], unit_id=self.post.unit_id, period=self.periods[case.year],
            by=SYSTEM, state=case.state, slot=case.slot, parent_id=parent.id if parent else None,
            span_start=date(case.year, 1, 1), flags=flags,
        )  # fmt: skip

    def _finish(self, document: Document, case: Case) -> Document:
        """History, signatures, one revision and the turn, as the real sends would have left them."""
        document.acting_level, document.held_from = case.acting_level, case.held_from
        document.version = len(case.past)
        if document.state != "draft" or any(target == "on_hold" for _e, _s, target, _w in case.past):
            document.revision_number = 1
        if case.variant == "sent back":
            document.revision_number = 2
        db.session.flush()
        at = BEGUN - timedelta(minutes=len(case.past))
        for sequence, (event, source, target, who) in enumerate(case.past, 1):
            at += timedelta(minutes=1)
            db.session.add(
                Step(
                    document_id=document.id, sequence=sequence, event=event, source=source, target=target,
                    actor_id=self.who(who), at=at, revision_number=min(sequence, document.revision_number),
                )
            )  # fmt: skip
        for block, who in case.signed:
            db.session.add(
                Signature(
                    document_id=document.id, revision_number=1, block=block, person_id=self.who(who), at=at,
                    post_title="", content_hash="",
                )
            )  # fmt: skip
        db.session.flush()
        kind = kind_of(case.kind)
        self._keep_text(document, kind)
        from kinerja.services import deadlines

        facts = kind.facts(document)
        turn, due, code = deadlines.turn_and_due(document, kind.flow, facts, document.state_since)
        document.turn, document.due_at, document.due_code = turn, due, code
        if case.overdue:
            document.due_at = BEGUN - timedelta(days=30)
        db.session.flush()
        return document

    def _keep_text(self, document: Document, kind: Any) -> None:
        import hashlib

        from kinerja.models import Revision
        from kinerja.services import audit

        if not document.revision_number:
            return
        content = audit.canonical(kind.content(document))
        document.content_hash = hashlib.sha256(content.encode()).hexdigest()
        for number in range(1, document.revision_number + 1):
            db.session.add(
                Revision(
                    document_id=document.id, number=number, content=content, content_hash=document.content_hash,
                    created_at=BEGUN,
                )
            )  # fmt: skip

    def _skp(self, case: Case) -> Document:
        document = self._head(case)
        targets = [IndicatorTarget(slot=f"TW{n}", value=Decimal(10 * n)) for n in range(1, 5)]
        indicator = SkpIndicator(
            key="ind1", position=1, text="Jumlah laporan diterima", aspects="kuantitas", target=Decimal(40),
            measure="laporan", consolidation="take_last_known", targets=targets,
        )  # fmt: skip
        row = SkpRow(
            key="row1", kind="utama", position=1, rhk="Laporan mutu data dipakai", indicators=[indicator]
        )
        db.session.add(
            Skp(
                document_id=document.id, post_id=self.post.id, starts=date(case.year, 1, 1),
                ends=date(case.year, 12, 31), rows=[row],
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)

    def _parent(self, year: int) -> Document:
        case = Case("skp", "in_force", past=_walk(*IN_FORCE), year=year, signed=BOTH_SIGNED)
        return self._skp(case)

    def _items_of(self, skp: Document) -> list[SkpIndicator]:
        content = db.session.get_one(Skp, skp.id)
        return [indicator for row in content.rows for indicator in row.indicators]

    def _realisation(self, case: Case) -> Document:
        skp = self._parent(case.year)
        document = self._head(case, skp)
        filled = case.state not in ("not_open", "open")
        items = [
            RealisationItem(
                indicator_id=indicator.id, value=Decimal(10) if filled else None, obstacle="Tidak ada kendala berarti"
            )
            for indicator in self._items_of(skp)
        ]  # fmt: skip
        db.session.add(Realisation(document_id=document.id, skp_id=skp.id, items=items))
        db.session.flush()
        return self._finish(document, case)

    def _predicate_review(self, case: Case, rated: bool = True) -> Document:
        skp = self._parent(case.year)
        document = self._head(case, skp)
        rated = case.state not in ("prepared", "at_superior")
        direktorat = self.post.unit.parent
        while not direktorat.owns_strategy_map:
            direktorat = direktorat.parent
        values = (
            {"result_rating": "diatas", "behaviour_rating": "sesuai", "predicate": "baik"} if rated else {}
        )
        received = ("received", "accepted", "accepted_silent", "objected", "decided", "final", "reported")
        rows = db.session.scalars(sa.select(SkpRow).where(SkpRow.skp_id == skp.id))
        db.session.add(
            Review(
                document_id=document.id, skp_id=skp.id, org_unit_id=direktorat.id, org_predicate="baik" if rated else "",
                rows=[ReviewRow(row_id=row.id, status="diatas" if rated else "") for row in rows],
                values=[ReviewValue(value_code=v.code, status="sesuai" if rated else "") for v in core_values()],
                recommendation="Pertahankan ketepatan waktu." if rated else "",
                result_reason="Capaian melampaui target pada bukti." if rated else "",
                behaviour_reason="Perilaku konsisten sepanjang triwulan." if rated else "",
                received_on=BEGUN.date() if case.state in received else None,
                **values,
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)

    def _objection(self, case: Case) -> Document:
        state = {
            "draft": "received", "withdrawn": "received", "lapsed": "accepted_silent", "filed": "objected",
            "in_examination": "objected",
        }.get(case.state, "decided")  # fmt: skip
        below = next(c for c in CASES if c.kind == "predicate_review" and c.state == state)
        judge = case.named.get("evaluator_id", "supervisor")  # who was his supervisor when he evaluated
        past = ((*step[:3], judge if step[3] == "supervisor" else step[3]) for step in below.past)
        below = replace(below, past=tuple(past))
        review = self._predicate_review(below)
        document = self._head(case, review)
        decider = self.who(case.named.get("decider_id"))
        before = {"rating_hasil": "diatas", "rating_perilaku": "sesuai", "predikat": "baik"}
        after = before | {"rating_hasil": "sesuai"} if case.decision == "mengubah" else {}
        db.session.add(
            Objection(
                document_id=document.id, review_id=review.id, targets=["rating_hasil"],
                reasons="Data terlambat dari unit lain.", request="Tinjau kembali", received_on=BEGUN.date(),
                filed_at=BEGUN if case.state != "draft" else None, decider_id=decider, decision=case.decision,
                considerations="Sudah diperiksa dan dipertimbangkan." if case.decision else "",
                recommendation="Teruskan." if case.decision else "", before=before, after=after,
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)
