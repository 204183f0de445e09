"""The cases of the matrix: every state of every kind, once for each way into it that changes who may act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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


def walk(*steps: str) -> tuple[tuple[str, str, str, str | None], ...]:
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
    yield Case("skp", "draft", past=walk("create:->draft:self"))
    back = "send_back:in_dialogue>draft:supervisor"
    yield Case("skp", "draft", "sent back", past=walk(*DIALOGUE, back))
    held = ("create:->draft:self", "hold:draft>on_hold:manager_own", "resume:on_hold>draft:manager_own")
    yield Case("skp", "draft", "held and resumed", past=walk(*held))
    yield Case("skp", "submitted", past=walk(*SUBMIT))
    yield Case("skp", "in_dialogue", past=walk(*DIALOGUE))
    late = "escalate_to_superior:in_dialogue>in_dialogue:"
    yield Case("skp", "in_dialogue", "escalated", past=walk(*DIALOGUE, late), acting_level=1)
    yield Case("skp", "agreed", past=walk(*AGREED))
    review = "review:agreed>in_review:"
    yield Case("skp", "in_review", past=walk(*AGREED, review))
    yield Case("skp", "reviewed", past=walk(*AGREED, review, "clear:in_review>reviewed:org_manager"))
    yield Case("skp", "signed_employee", past=walk(*SIGNED), signed=BOTH_SIGNED[:1])
    late = "escalate_to_superior:signed_employee>signed_employee:"
    yield Case(
        "skp",
        "signed_employee",
        "escalated",
        past=walk(*SIGNED, late),
        acting_level=1,
        signed=BOTH_SIGNED[:1],
    )
    for state, event in (("in_force", ""), ("superseded", "supersede:in_force>superseded:"),
                         ("closed", "close:in_force>closed:")):  # fmt: skip
        yield Case("skp", state, past=walk(*IN_FORCE, *([event] if event else [])), signed=BOTH_SIGNED)
    yield Case("skp", "exempt", past=walk("create:->draft:self", "exempt:draft>exempt:manager_own"))
    yield Case("skp", "discarded", past=walk("create:->draft:self", "discard:draft>discarded:self"))
    hold = "hold:in_force>on_hold:manager_own"
    yield Case("skp", "on_hold", past=walk(*IN_FORCE, hold), held_from="in_force", signed=BOTH_SIGNED)
    yield Case("skp", "on_hold", "from a draft", past=walk(*held[:2]), held_from="draft")


PREPARED = "prepare_period:->not_open:"
RECORDED = (
    PREPARED, "open_period:not_open>open:", "save:open>draft:self", "record:draft>recorded:self",
)  # fmt: skip


def _realisation() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", **more: Any) -> Case:
        return Case("realisation", state, variant, past=walk(*past), slot="TW1", **more)

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
        return Case("predicate_review", state, variant, past=walk(*past), slot=slot, named=named, **more)

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
        return Case("objection", state, variant, past=walk(*past), slot="TW1", **more)

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


def _repair() -> Iterator[Case]:
    def case(state: str, *more: str) -> Case:
        return Case("repair", state, past=walk("draft_repair:->draft:secretariat", *more), slot="TW1")

    sent = "submit:draft>submitted:secretariat"
    approved = "approve:submitted>approved:committee"
    yield case("draft")
    yield case("submitted", sent)
    yield case("approved", sent, approved)
    yield case("applied", sent, approved, "apply:approved>applied:")
    yield case("refused", sent, "refuse:submitted>refused:committee")
    yield case("withdrawn", "withdraw:draft>withdrawn:secretariat")


PROPOSE = ("create:->draft:self", "propose:draft>proposed:self")
TALK = (*PROPOSE, "open_dialogue:proposed>in_dialogue:supervisor")
BOTH_AGREED = (*TALK, "agree:in_dialogue>in_dialogue:self", "agree:in_dialogue>agreed:supervisor")
REVIEWED = (*BOTH_AGREED, "send_review:agreed>in_review:self", "clear:in_review>ready_to_sign:org_manager")
FIRST = (*REVIEWED, "sign_first:ready_to_sign>signed_first:self")
BINDING = (*FIRST, "sign_second:signed_first>in_force:supervisor")


def _pk() -> Iterator[Case]:
    first = (("pihak_pertama", "self"),)
    whole = (*first, ("pihak_kedua", "supervisor"))
    yield Case("pk", "draft", past=walk(*PROPOSE[:1]))
    yield Case("pk", "proposed", past=walk(*PROPOSE))
    yield Case("pk", "in_dialogue", past=walk(*TALK))
    late = "take_over:in_dialogue>in_dialogue:supsup"
    yield Case("pk", "in_dialogue", "taken over", past=walk(*TALK, late), acting_level=1)
    yield Case("pk", "agreed", past=walk(*BOTH_AGREED))
    yield Case("pk", "in_review", past=walk(*REVIEWED[:-1]))
    yield Case("pk", "ready_to_sign", past=walk(*REVIEWED))
    yield Case("pk", "signed_first", past=walk(*FIRST), signed=first)
    yield Case("pk", "signed_first", "of the ministry", past=walk(*FIRST), signed=first)
    yield Case("pk", "in_force", past=walk(*BINDING), signed=whole)
    yield Case("pk", "amended", past=walk(*BINDING, "amend:in_force>amended:"), signed=whole)
    yield Case("pk", "closed", past=walk(*BINDING, "close:in_force>closed:org_manager"), signed=whole)
    yield Case("pk", "cancelled", past=walk(*PROPOSE[:1], "cancel:draft>cancelled:self"))


PLANNED = ("schedule:->scheduled:",)
MET = (
    *PLANNED,
    "complete_materials:scheduled>materials_ready:org_manager",
    "mark_held:materials_ready>held:org_manager",
)
MINUTED = (*MET, "record_minutes:held>minutes_draft:org_manager")
AGREED_MINUTES = (*MINUTED, "sign_minutes:minutes_draft>minutes_signed:self")
FOLLOWED = (*AGREED_MINUTES, "open_actions:minutes_signed>actions_open:")


def _dko() -> Iterator[Case]:
    def case(state: str, *past: str) -> Case:
        signed = (("notulen", "self"),) if len(past) >= len(AGREED_MINUTES) else ()
        return Case("dko", state, past=walk(*past), slot="TW1", signed=signed)

    yield case("scheduled", *PLANNED)
    yield case("materials_ready", *MET[:2])
    yield case("held", *MET)
    yield case("minutes_draft", *MINUTED)
    yield case("minutes_signed", *AGREED_MINUTES)
    yield case("actions_open", *FOLLOWED)
    yield case("closed", *FOLLOWED, "close:actions_open>closed:self")
    yield case("missed", *PLANNED, "miss:scheduled>missed:")


def _matrix() -> Iterator[Case]:
    begun = ("create:->draft:self",)
    yield Case("matrix", "draft", past=walk(*begun))
    yield Case("matrix", "shared", past=walk(*begun, "share:draft>shared:self"))
    yield Case("matrix", "closed", past=walk(*begun, "close:draft>closed:org_manager"))


WRITTEN = ("create:->draft:self",)
SENT = (*WRITTEN, "submit:draft>submitted:self")
CHECKED = (*SENT, "approve:submitted>approved:supervisor")
COUNTS = (*CHECKED, "clear:approved>in_force:org_manager")


def _manual() -> Iterator[Case]:
    """Of an IKI, but where it says otherwise."""

    def case(state: str, variant: str, past: tuple[str, ...], **more: Any) -> Case:
        slot = "IKU" if variant.startswith("of the") else "IKI"
        return Case("manual", state, variant, past=walk(*past), slot=slot, **more)

    yield case("draft", "", WRITTEN)
    yield case("draft", "of the unit", WRITTEN)
    yield case("submitted", "", SENT)
    yield case("submitted", "taken over", (*SENT, "take_over:submitted>submitted:supsup"), acting_level=1)
    yield case("submitted", "of the ministry", SENT)
    yield case("approved", "", CHECKED)
    yield case("in_force", "", COUNTS)
    yield case("in_force", "of the unit", COUNTS)
    yield case("superseded", "", (*COUNTS, "supersede:in_force>superseded:"))
    yield case("dropped", "", (*WRITTEN, "discard:draft>dropped:self"))


OF_IKU = (
    PREPARED, "open_period:not_open>open:", "save:open>draft:org_manager", "record:draft>recorded:org_manager",
)  # fmt: skip


def _iku_realisation() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", **more: Any) -> Case:
        return Case("iku_realisation", state, variant, past=walk(*past), slot="TW1", **more)

    yield case("not_open", PREPARED)
    yield case("open", *OF_IKU[:2])
    yield case("draft", *OF_IKU[:3])
    yield case("recorded", *OF_IKU)
    yield case("recorded", *OF_IKU, variant="overdue", overdue=True)
    taken = "take_over:recorded>recorded:supervisor"
    yield case("recorded", *OF_IKU, taken, variant="taken over", acting_level=1)
    yield case("returned", *OF_IKU, "send_back:recorded>returned:self")
    yield case("validated", *OF_IKU, "validate:recorded>validated:self")
    yield case("missing", *OF_IKU[:3], "lapse:draft>missing:")


DATA_SENT = ("open_value:->collecting:", "submit_data:collecting>computed:org_manager")
VALUE_CLEARED = (DATA_SENT[0], "submit_data:collecting>computed:plh", "clear:computed>reviewed:org_manager")


def _org_value() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", **more: Any) -> Case:
        return Case("org_value", state, variant, past=walk(*past), slot="TW1", **more)

    yield case("collecting", *DATA_SENT[:1])
    yield case("computed", *DATA_SENT)
    yield case("computed", *VALUE_CLEARED[:2], variant="sent by another")
    yield case("reviewed", *VALUE_CLEARED)
    late = "take_over:reviewed>reviewed:supsup"
    yield case("reviewed", *VALUE_CLEARED, late, variant="taken over", acting_level=1)
    yield case("reviewed", *VALUE_CLEARED, variant="of the ministry")
    yield case("determined", *VALUE_CLEARED, "determine:reviewed>determined:supervisor")
    yield case(
        "final", *VALUE_CLEARED, "determine:reviewed>determined:supervisor", "finalize:determined>final:"
    )


K3_OPENED = ("open:->not_reviewed:", "self_check:not_reviewed>self_checked:self")
K3_STARTED = (*K3_OPENED, "start_review:self_checked>in_review:org_manager")
K3_CLEARED = (*K3_STARTED, "clear:in_review>reviewed:org_manager")


def _k3_review() -> Iterator[Case]:
    def case(state: str, *past: str, variant: str = "", **more: Any) -> Case:
        return Case("k3_review", state, variant, past=walk(*past), slot="TW1", **more)

    yield case("not_reviewed", *K3_OPENED[:1])
    yield case("not_reviewed", *K3_OPENED[:1], variant="of the unit", flags={"of_unit": True, "above": True})
    yield case("self_checked", *K3_OPENED)
    yield case("in_review", *K3_STARTED)
    yield case("needs_fix", *K3_STARTED, "send_back:in_review>needs_fix:org_manager")
    yield case("reviewed", *K3_CLEARED)
    yield case("locked", *K3_CLEARED, "lock:reviewed>locked:")


CASES: tuple[Case, ...] = (
    *_skp(), *_realisation(), *_review(), *_objection(), *_repair(), *_pk(), *_dko(), *_matrix(), *_manual(), *_iku_realisation(), *_org_value(),
    *_k3_review(),
)  # fmt: skip
