"""Who may see and do what: the table the matrix is held against, written from the rules and not from the program.

Sight: the rights by relation of an SKP, a realisation, an evaluation, an objection, a repair, a PK and a manual; an empty cell is "no". Where a
step belongs to somebody in a state, he sees the document in that state. Acts: the tables of the flows.
"""

from __future__ import annotations

from tests.matrix.cases import Case

# The nineteen kinds of actor, and seven more whom the flows name.
ACTORS = (
    "anonymous", "disabled", "self", "supervisor", "former", "plt", "supsup", "chosen_peer", "unchosen_peer",
    "subordinate", "manager_own", "manager_parent", "manager_other", "committee", "assigned_counsellor",
    "other_counsellor", "auditor", "admin", "stranger",
    "plh", "delegate", "grand", "org_manager", "secretariat", "tpk", "pyb",
)  # fmt: skip
NOBODY: set[str] = set()
SIGNED_OUT = ("anonymous", "disabled")
MANAGERS = {"manager_own", "manager_parent"}

# Before it is in force an SKP concerns those who make it, and the superior's superior, who may take it over.
SKP_WRITER = {"self", "auditor"} | MANAGERS
SKP_MAKING = SKP_WRITER | {"supervisor", "supsup", "plh", "delegate", "org_manager"}
SKP_KNOWN = SKP_MAKING | {"committee", "secretariat", "tpk"}
SIGHT_SKP = {
    "draft": SKP_WRITER,
    "discarded": SKP_WRITER,
    "draft/held and resumed": SKP_WRITER,
    "on_hold/from a draft": SKP_WRITER,
    "draft/sent back": SKP_MAKING,
    "submitted": SKP_MAKING,
    "in_dialogue": SKP_MAKING,
    "in_dialogue/escalated": SKP_MAKING,
    "agreed": SKP_MAKING,
    "in_review": SKP_MAKING,
    "reviewed": SKP_MAKING,
    "signed_employee": SKP_MAKING,
    "signed_employee/escalated": SKP_MAKING,
}
SIGHT_REALISATION = {"self", "supervisor", "plh", "delegate", "supsup", "org_manager", "auditor"} | MANAGERS
SIGHT_REVIEW = {
    "self", "supervisor", "delegate", "supsup", "grand", "committee", "secretariat", "tpk", "pyb", "auditor",
} | MANAGERS  # fmt: skip
# The pengelola learns its status only: what stands in it is not shown to him.
SIGHT_OBJECTION = {"self", "supervisor", "supsup", "auditor"} | MANAGERS
OBJECTION_WRITER = {"self", "auditor"}
SIGHT_REPAIR = {"self", "supervisor", "supsup", "committee", "secretariat", "auditor"}

# The PK of a unit: both heads, who stands above, the offices; once it is signed also all who work there.
SIGHT_PK = {
    "self",
    "supervisor",
    "supsup",
    "org_manager",
    "committee",
    "secretariat",
    "tpk",
    "auditor",
} | MANAGERS
# "delegate" is asked about a PK of the unit he works in.
KNOWN_PK = SIGHT_PK | {"subordinate", "delegate"}
# The matriks of a unit: its head, who stands above, the offices, and all who work there.
SIGHT_MATRIX = {
    "self",
    "supervisor",
    "supsup",
    "org_manager",
    "auditor",
    "subordinate",
    "delegate",
} | MANAGERS
# The manual of an indicator: its owner, those above him, the offices; that of an IKU in force like the PK.
SIGHT_MANUAL = {"self", "supervisor", "supsup", "org_manager", "auditor"} | MANAGERS
TOP_MANUAL = SIGHT_MANUAL - MANAGERS - {"org_manager"}
# No office below reaches the PK of the ministry itself.
TOP_PK = SIGHT_PK - MANAGERS - {"org_manager", "tpk"}

# What is about a unit, and in which states all who work there know it.
KNOWN_STATES = {
    "pk": ("in_force", "amended", "closed"),
    "iku_realisation": (),
    "org_value": ("determined", "final"),
}


# The DKO of a unit: no rating and no plan of a person is in it, so that the pengelola of employees has no part in it.
SIGHT_DKO = SIGHT_PK - MANAGERS - {"tpk"}
KNOWN_DKO = SIGHT_DKO | {"subordinate", "delegate"}


def sight(case: Case) -> set[str]:
    """The actor kinds that may open a document of this case; "supervisor" stands for the Plt of a Plt's documents."""
    local = case.name.partition("/")[2]
    if case.kind == "skp":
        return SIGHT_SKP.get(local, SKP_KNOWN)
    if case.kind == "realisation":
        return SIGHT_REALISATION
    if case.kind == "predicate_review":
        return SIGHT_REVIEW
    if case.kind == "repair":
        return SIGHT_REPAIR
    if case.kind == "matrix":
        return SIGHT_MATRIX
    if case.kind == "k3_review":
        return SIGHT_PK - {"tpk"}
    if case.kind in KNOWN_STATES:
        if case.variant == "of the ministry":
            return TOP_PK
        return KNOWN_PK if case.state in KNOWN_STATES[case.kind] else SIGHT_PK
    if case.kind == "dko":
        # Somebody who has since moved far away still owns an action of it.
        owner = {"stranger"} if case.state in ("actions_open", "closed") else NOBODY
        signed = case.state in ("minutes_signed", "actions_open", "closed")
        return (KNOWN_DKO if signed else SIGHT_DKO) | owner
    if case.kind == "manual":
        known = (
            {"subordinate", "delegate"}
            if (case.state, case.variant) == ("in_force", "of the unit")
            else set()
        )
        return TOP_MANUAL if case.variant == "of the ministry" else SIGHT_MANUAL | known
    if case.state in ("draft", "lapsed"):
        return OBJECTION_WRITER
    more = {"committee": {"committee"}, "evaluator gone": {"former"}}.get(case.variant, set())
    return SIGHT_OBJECTION | more


S, P, A, M = {"self"}, {"supervisor"}, {"supsup"}, MANAGERS
PLH, ORG, GRAND = {"plh"}, {"org_manager"}, {"grand"}
# The delegate prepares; of evaluations, where his letter says so, he does all that is the penilai's.
DEL = {"delegate"}
RATES = P | DEL
HOLD = {"hold": M}
SESSION = {"in_session": {"decide_session": {"tpk"}}}

ACTS: dict[str, dict[str, dict[str, set[str]]]] = {
    "skp": {
        "draft": {"edit": S, "change_span": S, "submit": S, "discard": S, "exempt": M, "hold": M},
        "submitted": {"withdraw": S, "open_dialogue": P | DEL, "take_over": A, "hold": M},
        "in_dialogue": {"edit": S | P | DEL, "agree": S | P, "send_back": P | PLH | DEL, "take_over": A, "hold": M},
        # Whoever stands in for the penilai loses the right together with him.
        "in_dialogue/escalated": {"edit": S | A, "agree": S | A, "send_back": A, "hand_back": A, "hold": M},
        "agreed": {"sign_employee": S, "hold": M},
        "in_review": {"clear": ORG, "send_back": ORG, "hold": M},
        "reviewed": {"sign_employee": S, "hold": M},
        "signed_employee": {"establish": P, "send_back": P, "take_over": A, "hold": M},
        "signed_employee/escalated": {"establish": A, "send_back": A, "hand_back": A, "hold": M},
        "in_force": {
            "add_expectation": P, "report_resource": S | P, "propose_adjustment": S | P, "take_over_rhk": P, "close": M, "hold": M, "reopen": A,
        },
        "superseded": {}, "closed": {}, "exempt": {}, "discarded": {},
        "on_hold": {"resume": M},
    },
    "realisation": {
        "not_open": {},
        "open": {"save": S},
        "draft": {"save": S, "record": S},
        "recorded": {"validate": P | PLH | DEL, "send_back": P | PLH | DEL, "evidence_unreadable": P | PLH | DEL, "withdraw": S},
        "recorded/overdue": {
            "validate": P | PLH | DEL, "send_back": P | PLH | DEL, "evidence_unreadable": P | PLH | DEL, "withdraw": S, "take_over": A,
        },
        "recorded/taken over": {"validate": A, "send_back": A, "evidence_unreadable": A, "withdraw": S},
        "returned": {"save": S},
        "validated": {"reopen": A},
        "missing": {"save": S, "record_late": S},
    },
    "predicate_review": {
        "prepared": {"set_org_result": GRAND, "edit": RATES, "propose": RATES, "reassign": M},
        "at_superior": {"set_org_result": GRAND, "edit": A, "propose_superior": A},
        "proposed": {"calibrate": A, "send_back": A},
        "proposed/window over": {"calibrate": A, "send_back": A, "sign_superior": A},
        "proposed/by the superior": {"calibrate": GRAND, "send_back": GRAND},
        "calibrated": {"determine": RATES, "send_back": A},
        **SESSION,
        "session_decided": {"determine": {"pyb"}},
        "determined": {"sign_form": RATES},
        "determined/by the superior": {"sign_superior": A},
        "signed": {"deliver": RATES},
        "delivered": {"receive": S, "hand_over": M},
        "received": {"accept": S, "object": S},
        "accepted": {}, "accepted_silent": {}, "objected": {}, "decided": {},
        "final": {"report": RATES},
        "final/changed": {"report": A},
        "reported": {},
    },
    "objection": {
        "draft": {"edit": S, "file": S},
        "filed": {"withdraw": S},
        "in_examination": {"withdraw": S, "ask_explanation": A, "write_decision": A, "uphold": A, "change": A},
        "in_examination/asked": {
            "withdraw": S, "ask_explanation": A, "write_decision": A, "uphold": A, "change": A, "explain": S | P,
        },
        # Whose act is attacked explains it, though he has long gone elsewhere.
        "in_examination/evaluator gone": {
            "withdraw": S, "ask_explanation": A, "write_decision": A, "uphold": A, "change": A, "explain": S | {"former"},
        },
        "in_examination/committee": {
            "withdraw": S, "ask_explanation": {"committee"}, "write_decision": {"committee"},
            "uphold": {"committee"}, "change": {"committee"},
        },
        "upheld": {}, "changed": {},
        "published/upheld": {},
        "published/changed": {"sign_d13": S | P},
        "withdrawn": {}, "lapsed": {},
    },
    "repair": {
        "draft": {"submit": {"secretariat"}, "withdraw": {"secretariat"}},
        "submitted": {
            "withdraw": {"secretariat"}, "approve": {"committee"}, "send_back": {"committee"},
            "refuse": {"committee"},
        },
        "approved": {}, "applied": {}, "refused": {}, "withdrawn": {},
    },
    "pk": {
        "draft": {"edit": S | ORG, "propose": S, "cancel": S},
        "proposed": {"open_dialogue": P, "withdraw": S, "cancel": S, "take_over": A},
        "in_dialogue": {"edit": S | P, "agree": S | P, "send_back": P, "withdraw": S, "cancel": S, "take_over": A},
        "in_dialogue/taken over": {
            "edit": S | A, "agree": S | A, "send_back": A, "withdraw": S, "cancel": S, "hand_back": A,
        },
        "agreed": {"send_review": S, "withdraw": S, "cancel": S},
        "in_review": {"clear": ORG, "send_back": ORG},
        "ready_to_sign": {"sign_first": S},
        "signed_first": {"sign_second": P, "withdraw": S},
        "signed_first/of the ministry": {"take_note": {"secretariat"}, "withdraw": S},
        "in_force": {"save": S | ORG, "close": ORG, "reopen": {"secretariat"}},
        "amended": {}, "closed": {}, "cancelled": {},
    },
    "dko": {
        "scheduled": {"edit": ORG, "complete_materials": ORG, "mark_held": ORG},
        "materials_ready": {"edit": ORG, "mark_held": ORG},
        "held": {"save": ORG, "record_minutes": ORG},
        "minutes_draft": {"sign_minutes": S, "send_back": S},
        "minutes_signed": {},
        "actions_open": {"complete_action": {"stranger"}, "close": S},
        "closed": {}, "missed": {},
    },
    "matrix": {
        "draft": {"edit": S, "share": S, "close": ORG},
        "shared": {"edit": S, "close": ORG},
        "closed": {},
    },
    "manual": {
        "draft": {"edit": S, "submit": S, "discard": S},
        "draft/of the unit": {"edit": S | ORG, "submit": S | ORG, "discard": S | ORG},
        "submitted": {"approve": P, "send_back": P, "withdraw": S, "take_over": A},
        "submitted/taken over": {"approve": A, "send_back": A, "withdraw": S, "hand_back": A},
        "submitted/of the ministry": {"approve": S, "send_back": S, "withdraw": S},
        "approved": {"clear": ORG, "send_back": ORG},
        "in_force": {}, "superseded": {}, "dropped": {},
    },
    "iku_realisation": {
        "not_open": {},
        "open": {"save": ORG},
        "draft": {"save": ORG, "record": ORG},
        "recorded": {"validate": S, "send_back": S, "evidence_unreadable": S, "withdraw": ORG},
        "recorded/overdue": {
            "validate": S, "send_back": S, "evidence_unreadable": S, "withdraw": ORG, "take_over": P,
        },
        "recorded/taken over": {"validate": P, "send_back": P, "evidence_unreadable": P, "withdraw": ORG},
        "returned": {"save": ORG},
        "validated": {"reopen": P},
        "missing": {"save": ORG, "record_late": ORG},
    },
    "org_value": {
        "collecting": {"save": ORG, "submit_data": ORG, "enter_value": ORG},
        # Nobody reviews what he sent himself.
        "computed": {"send_back": ORG},
        "computed/sent by another": {"send_back": ORG, "clear": ORG},
        "reviewed": {"determine": P, "take_over": A},
        "reviewed/taken over": {"determine": A},
        "reviewed/of the ministry": {"determine": {"secretariat"}},
        "determined": {"reopen": {"committee"}},
        "final": {"reopen": {"committee"}},
    },
    # Who filled it in does not review it; of a PK and of the SKP of a head the pengelola a level up does.
    "k3_review": {
        "not_reviewed": {"self_check": S, "start_review": ORG},
        "not_reviewed/of the unit": {"self_check": ORG, "start_review": ORG},
        "self_checked": {"start_review": ORG},
        "in_review": {"save": ORG, "send_back": ORG, "clear": ORG},
        "needs_fix": {"resubmit": S},
        "reviewed": {"reopen": {"secretariat"}},
        "locked": {"reopen": {"secretariat"}},
    },
}  # fmt: skip


def acts(case: Case) -> dict[str, set[str]]:
    """The events of this case with the actor kinds that may send them."""
    table = ACTS[case.kind]
    local = case.name.partition("/")[2]
    return table[local] if local in table else table[case.state]
