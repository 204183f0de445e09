"""What surrounds a document in the words of the model, as facts of the flows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from kinerja import clock
from kinerja.rules.finding import BLOCKS, Finding
from kinerja.workflows import dko, manual, matrix, pk, realisation, review_facts, skp
from kinerja.workflows.base import Unmet
from kinerja.workflows.roles import Relation

ME, OTHER = 1, 99
MISSING = Finding("UJI-1", BLOCKS, "kurang", source="")
Around = Mapping[str, Any]


def skp_facts(around: Around) -> dict[str, Any]:
    named = (
        "period_open", "review_due", "is_initial", "has_realisation", "feedback_and_remedy", "undelivered",
        "may_take_over",
    )  # fmt: skip
    return {name: around[name] for name in named} | {
        "opened_by_receiver": around["opened"], "read_sent": lambda: around["sent"],
        "read_skp": partial(SimpleNamespace, complete=around["complete"]),
    }  # fmt: skip


def realisation_facts(around: Around) -> dict[str, Any]:
    now = clock.now()
    readers = {"me": frozenset({ME}), "other": frozenset({OTHER}), "nobody": frozenset[int]()}
    matter = SimpleNamespace(
        entries=(), regulation=SimpleNamespace(complete=around["complete"], read=around["evidence_read_by"]),
        reasons={}, unreadable=(), unmeasured=(), qualitative=False, skp_state="in_force" if around["skp_runs"] else "on_hold",
        opened_by_receiver=around["opened"], determined=around["determined"],
        readers=readers[around["evidence_read_by"]],
    )  # fmt: skip
    return {"matter": matter, "now": now, "takeover_from": now - timedelta(1) if around["overdue"] else None}


def review_facts_of(around: Around) -> dict[str, Any]:
    named = (
        "question", "window_over", "has_superior", "org_is_top", "settled", "last_level", "calibration_lapsed",
        "has_session", "session_pending", "session_over", "sign_late", "superior_signed", "may_object", "object_clock_over",
        "silence_over", "repair_approved",
    )  # fmt: skip
    waited = {"has_account": False} if around["waited_long_enough"] else {"delivered_days": 9}
    calibrators = {
        f"{which}_calibrator": Relation(around[name]) if around[name] else None
        for which, name in (("next", "calibrator"), ("last", "last_calibrator"))
    }
    sent = dict.fromkeys(("propose", "propose_superior"), ME) if around["proposed_it"] else {"propose": OTHER}
    return {name: around[name] for name in named} | calibrators | waited | {
        "matter": SimpleNamespace(
            evaluation=SimpleNamespace(complete=around["complete"], unsettled=0), head_unit=None
        ),
        "session_present": 3 if around["quorum"] else 2,
        "reporter": Relation(around["reporter"]),
        "last_event_by": sent,
    }  # fmt: skip


def objection_facts(around: Around) -> dict[str, Any]:
    named = ("clock_over", "decision", "decision_over", "signing_over", "penilai_signed", "subject_signed")
    return {name: around[name] for name in named} | {
        "filing": () if around["complete"] else (MISSING,),
        "targets": ("predikat",),
        "attacked": frozenset({ME} if around["attacked"] else {OTHER}),
        "evaluator_id": ME if around["evaluated_it"] else OTHER,
        "with_committee": around["decider"] == "komite_pelaksana",
        "asked_on": date(2026, 2, 2) if around["asked"] else None,
        "both_heard": around["heard"],
        "considerations": "Pertimbangan yang cukup panjang." if around["considered"] else "Singkat.",
        "differs": around["named"],
        "unmarked": around["signature_missed"],
        "recommendation": "Rekomendasi." if around["named"] else "",
    }


def repair_facts(around: Around) -> dict[str, Any]:
    return {
        "reason": "Predikat salah hitung.",
        "before": {"predikat": "kurang"},
        "after": {"predikat": "baik" if around["complete"] else "kurang"},
        "parties": frozenset({ME} if around["party"] else {OTHER}),
        "holds": around["holds"],
        "last_event_by": {"draft_repair": ME if around["drafted_it"] else OTHER},
    }


def pk_facts(around: Around) -> dict[str, Any]:
    named = ("period_open", "top", "has_realisation", "may_take_over")
    return {name: around[name] for name in named} | {
        "read_pk": partial(SimpleNamespace, complete=around["complete"]),
        "last_event_by": {"propose": ME if around["proposed_it"] else OTHER},
    }


def dko_facts(around: Around) -> dict[str, Any]:
    owners = {0: frozenset[int](), "mine": frozenset({ME}), "others": frozenset({OTHER})}[around["open"]]
    return {name: around[name] for name in ("date_reached", "quarter_over")} | {
        "read_minutes": partial(SimpleNamespace, complete=around["complete"]),
        "read_below": lambda: ("Seksi",) if around["waiting_below"] else (),
        "open_owners": owners,
        "open_count": len(owners),
    }


def matrix_facts(around: Around) -> dict[str, Any]:
    return {
        "period_open": around["period_open"],
        "read_matrix": partial(SimpleNamespace, complete=around["complete"]),
        "team_leads": frozenset({ME} if around["leads_a_team"] else ()),
    }


def manual_facts(around: Around) -> dict[str, Any]:
    return {name: around[name] for name in ("period_open", "of_unit", "top", "may_take_over")} | {
        "read_manual": partial(SimpleNamespace, complete=around["complete"])
    }


def org_value_facts(around: Around) -> dict[str, Any]:
    return {name: around[name] for name in ("decided_by", "window_over", "may_take_over")} | {
        "read_open": lambda: [] if around["complete"] else ["Triwulan I"],
        "last_event_by": {"submit_data": ME if around["sent_it"] else OTHER},
    }


def k3_facts(around: Around) -> dict[str, Any]:
    return {name: around[name] for name in ("of_unit", "above")} | {
        "read_problems": lambda: [] if around["complete"] else [Unmet("K3-2", "kurang")],
        "last_event_by": {"self_check": ME if around["sent_it"] else OTHER},
    }


FACTS: dict[str, Callable[[Around], dict[str, Any]]] = {
    "skp": skp_facts,
    "realisation": realisation_facts,
    "predicate_review": review_facts_of,
    "objection": objection_facts,
    "repair": repair_facts,
    "pk": pk_facts,
    "dko": dko_facts,
    "matrix": matrix_facts,
    "manual": manual_facts,
    "iku_realisation": realisation_facts,
    "org_value": org_value_facts,
    "k3_review": k3_facts,
}


@contextmanager
def rules_by_flag() -> Iterator[None]:
    """The rules of completeness have tests of their own; here each is one flag: something is missing, or not."""

    def flagged(matter: Any, *_: Any) -> list[Finding]:
        return [] if matter.complete else [MISSING]

    unread = dataclasses.replace(MISSING, rule="RL-3")
    with ExitStack() as stack:
        for target, name, stub in (
            (skp.completeness, "blocking", flagged),
            (pk.law, "blocking", flagged),
            (dko.law, "check", flagged),
            (matrix.law, "blocking", flagged),
            (manual.law, "blocking", flagged),
            (review_facts, "proposal_findings", lambda facts: flagged(facts.matter.evaluation)),
            (review_facts.law, "check_signature", flagged),
            (review_facts.law, "ev_3", flagged),
            (realisation.law, "check_recording", lambda entries, regulation: flagged(regulation)),
            (realisation, "pk_9_recorded", lambda unmeasured, regulation: []),
            (
                realisation.law,
                "check_validation",
                lambda entries, regulation: [] if regulation.read == "me" else [unread],
            ),
        ):
            stack.enter_context(patch.object(target, name, stub))
        yield
