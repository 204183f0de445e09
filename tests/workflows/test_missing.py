"""The completeness list is empty exactly when the awaited step is not refused as incomplete, whatever the SKP holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.rules.content import Indicator, ResultRow, Skp
from kinerja.workflows.base import Incomplete, Unmet
from kinerja.workflows.roles import Actor, Relation
from kinerja.workflows.skp import SkpFacts, SkpFlow
from tests.rules.test_completeness import ATTACHMENT, K127, K300, NATIONAL, indicator, leader, row, staff

BOTH = frozenset({Relation.SUBJECT, Relation.PENILAI})
# The awaited step of each state in which an SKP is written, and who takes it.
STEPS = {
    "draft": ("submit", Relation.SUBJECT),
    "in_dialogue": ("agree", Relation.PENILAI),
    "agreed": ("sign_employee", Relation.SUBJECT),
    "reviewed": ("sign_employee", Relation.SUBJECT),
    "signed_employee": ("establish", Relation.PENILAI),
}


@st.composite
def indicators(draw: st.DrawFn, key: str) -> Indicator:
    return indicator(
        key,
        text=draw(st.sampled_from(["", "Jumlah klaim selesai", "IKU 1"])),
        target_text=draw(st.sampled_from(["", "12 berkas setahun"])),
        target=draw(st.sampled_from([None, indicator().target])),
        unit=draw(st.sampled_from(["", "berkas"])),
        aspects=draw(st.sampled_from([(), ("waktu",), ("rasa",)])),
        validity=draw(st.sampled_from(["", "exact", "activity"])),
        control=draw(st.sampled_from(["", "high", "low"])),
    )


@st.composite
def rows(draw: st.DrawFn, key: str) -> ResultRow:
    count = draw(st.integers(0, 3))
    return replace(
        row(key),
        kind=draw(st.sampled_from(["utama", "utama", "tambahan"])),
        rhk=draw(st.sampled_from(["", "Klaim terselesaikan tepat mutu"])),
        perspective=draw(st.sampled_from(["", "Anggaran", "Proses Bisnis"])),
        acting_post=draw(st.booleans()),
        indicators=tuple(draw(indicators(f"{key}i{n}")) for n in range(count)),
    )


@st.composite
def skps(draw: st.DrawFn) -> Skp:
    """An SKP with anything missing, and now and then nothing."""
    base = draw(st.sampled_from([staff(), leader()]))
    if draw(st.booleans()):
        base = replace(base, rows=tuple(draw(rows(f"r{n}")) for n in range(draw(st.integers(0, 4)))))
    if draw(st.booleans()):
        base = replace(base, approach="kualitatif", form="A.1.1" if base.is_leader else "A.1.6")
    return replace(
        base,
        attachment=draw(st.sampled_from([ATTACHMENT, ATTACHMENT[:2], ()])),
        start=draw(st.sampled_from([base.start, date(2026, 1, 5)])),
        slots=draw(st.sampled_from([base.slots, (), ("pk", "pk:IKU 1", "pk:IKU 9", "tim", "tim:Tim Arsip")])),
    )


def refused(facts: SkpFacts, event: str, relation: Relation) -> tuple[Unmet, ...]:
    """What the machine itself refuses the step for; () when it goes."""
    try:
        SkpFlow.run(facts, event, Actor(1, "", frozenset({relation})))
    except Incomplete as answer:
        return answer.unmet
    return ()


@pytest.mark.parametrize("state", STEPS)
@settings(max_examples=60, deadline=None)
@given(skp=skps(), law=st.sampled_from([NATIONAL, K300, K127]), is_open=st.booleans(), last=st.booleans())
def test_the_list_is_empty_exactly_when_the_step_is_open(
    state: str, skp: Skp, law: object, is_open: bool, last: bool
) -> None:
    event, relation = STEPS[state]
    facts = SkpFacts(
        state=state, read_skp=lambda: skp, regulation=law, period_open=is_open, required_marks=BOTH,
        marks=frozenset({Relation.SUBJECT}) if last else frozenset(),
    )  # fmt: skip
    move, missing = SkpFlow.awaited(facts)
    assert move is not None
    assert move.event == event
    assert tuple(missing) == refused(facts, event, relation)


@pytest.mark.parametrize("state", STEPS)
@pytest.mark.parametrize("skp", [staff(), leader()], ids=["staff", "leader"])
def test_a_whole_skp_has_nothing_missing_in_any_state(state: str, skp: Skp) -> None:
    facts = SkpFacts(state=state, read_skp=lambda: skp, regulation=K127, required_marks=BOTH)
    assert SkpFlow.awaited(facts)[1] == []
