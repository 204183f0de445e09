"""The flows of a person's documents once more, from the tables of the specification, without looking at kinerja's own."""

from __future__ import annotations

from tests.workflows.model import STAY, YES_NO, Table, row
from tests.workflows.unit_tables import DKO, IKU_REALISATION, K3_REVIEW, MANUAL, MATRIX, ORG_VALUE, PK

OPEN_SKP = "draft submitted in_dialogue agreed in_review reviewed signed_employee in_force"

# 3.2, with the rules 3.0 no. 1 to 9; Plh. after 1.6 ("may send back ... may not sign").
SKP = Table(
    "skp",
    tuple(f"{OPEN_SKP} superseded closed exempt discarded on_hold".split()),
    ("superseded", "closed", "exempt", "discarded"),
    (
        row("draft", "submit", "submitted", "subjek", "complete period_open"),
        row("submitted", "withdraw", "draft", "subjek", "!opened"),
        row("submitted", "open_dialogue", "in_dialogue", "penilai penerima_pendelegasian"),
        row("in_dialogue", "send_back", "draft", "penilai plh_penilai penerima_pendelegasian", then="unmark"),
        row("in_dialogue", "agree", STAY, "subjek penilai", "complete unmarked !last_mark", "mark"),
        row("in_dialogue", "agree", "agreed", "subjek penilai", "complete unmarked last_mark", "mark"),
        row("agreed", "review", "in_review", "sistem", "review_due"),
        row("in_review", "clear", "reviewed", "pengelola_organisasi"),
        row("in_review", "send_back", "in_dialogue", "pengelola_organisasi", then="unmark"),
        row("in_review", "lapse_review", "reviewed", "sistem", "is_initial"),
        row("agreed", "sign_employee", "signed_employee", "subjek", "complete !review_due"),
        row("reviewed", "sign_employee", "signed_employee", "subjek", "complete"),
        row("signed_employee", "establish", "in_force", "penilai", "complete period_open"),
        row("signed_employee", "send_back", "in_dialogue", "penilai", then="unmark"),
        row(
            "draft submitted in_dialogue", "escalate_to_superior", "in_dialogue", "sistem", "!escalated",
            "escalate unmark",
        ),
        row(
            "agreed in_review reviewed signed_employee", "escalate_to_superior", STAY, "sistem", "!escalated",
            "escalate",
        ),
        row(
            "submitted in_dialogue agreed in_review reviewed signed_employee", "hand_back", STAY, "atasan_penilai",
            "escalated", "give_back unmark",
        ),
        row(
            "submitted in_dialogue signed_employee", "take_over", STAY, "atasan_penilai", "may_take_over !escalated",
            "escalate unmark",
        ),
        row("in_force", "supersede", "superseded", "sistem"),
        row("in_force", "take_over_rhk", STAY, "penilai", "feedback_and_remedy"),
        row("in_force", "close", "closed", "sistem pengelola_pegawai"),
        row(OPEN_SKP, "hold", "on_hold", "pengelola_pegawai", then="hold"),
        row("on_hold", "resume", STAY, "pengelola_pegawai", "held", then="resume"),
        row("draft", "exempt", "exempt", "pengelola_pegawai"),
        row("in_force", "reopen", "in_dialogue", "atasan_penilai", "!has_realisation", "unmark"),
        # Every write is an event of the flow: editing (any edit clears the marks, 3.0 no. 9), the expectation of the
        # leader that may come all year (2.4), support by resources (art. 11).
        row("draft", "edit", STAY, "subjek"),
        row("in_dialogue", "edit", STAY, "subjek penilai penerima_pendelegasian", then="unmark"),
        # Dates of a draft that were typed wrong (decision 0002, 16).
        row("draft", "change_span", STAY, "subjek", "period_open"),
        # A draft nobody else has seen (decision 0014).
        row("draft", "discard", "discarded", "subjek", "!sent !has_realisation"),
        row("in_force", "add_expectation", STAY, "penilai"),
        row("in_force", "report_resource", STAY, "subjek penilai"),
        row("in_force", "propose_adjustment", STAY, "subjek penilai", "undelivered"),
    ),
    {
        "complete": YES_NO, "period_open": YES_NO, "opened": YES_NO, "review_due": YES_NO, "is_initial": YES_NO,
        "has_realisation": YES_NO, "feedback_and_remedy": YES_NO, "undelivered": YES_NO,
        "may_take_over": YES_NO, "held": (True,), "sent": YES_NO,
    },
)  # fmt: skip

# 3.5; Plh. may validate and send back (1.6); taking over after 3.0.2; unreadable evidence after requirement 18.
REALISATION = Table(
    "realisation",
    ("not_open", "open", "draft", "recorded", "returned", "validated", "missing"),
    (),
    (
        row("not_open", "open_period", "open", "sistem", "skp_runs"),
        row("open returned", "save", "draft", "subjek", "skp_runs"),
        row("draft", "save", STAY, "subjek", "skp_runs"),
        row("missing", "save", STAY, "subjek", "skp_runs !determined"),
        row("draft", "record", "recorded", "subjek", "skp_runs complete"),
        row("missing", "record_late", "recorded", "subjek", "skp_runs complete !determined"),
        row("recorded", "validate", "validated", "penilai plh_penilai penerima_pendelegasian", "evidence_read_by=me"),
        row("recorded", "send_back", "returned", "penilai plh_penilai penerima_pendelegasian"),
        row("recorded", "evidence_unreadable", "returned", "penilai plh_penilai penerima_pendelegasian"),
        row("recorded", "withdraw", "draft", "subjek", "!opened"),
        row("recorded", "take_over", STAY, "atasan_penilai", "overdue !escalated", "escalate"),
        row("open draft returned", "lapse", "missing", "sistem", "skp_runs"),
        row("validated", "reopen", "draft", "atasan_penilai", "!determined"),
    ),
    {
        "skp_runs": YES_NO, "complete": YES_NO, "determined": YES_NO, "opened": YES_NO, "overdue": YES_NO,
        "evidence_read_by": ("me", "other", "nobody"),
    },
    never_escalated=("not_open", "open"),
)  # fmt: skip

JUDGED = "proposed calibrated in_session session_decided determined"
SIGNED = "signed delivered received accepted"
SETTLED = "accepted accepted_silent decided"

# 3.12. "Nobody proposes and approves" is the condition !proposed_it. From 25 January to the answer: 3.0.3.
PREDICATE_REVIEW = Table(
    "predicate_review",
    tuple(f"prepared at_superior {JUDGED} {SIGNED} accepted_silent objected decided final reported".split()),
    (),
    (
        row("prepared at_superior", "set_org_result", STAY, "upk_atas"),
        row("prepared at_superior", "set_org_result", STAY, "komite_eksekutif", "org_is_top"),
        row("prepared at_superior", "edit", STAY, "penilai penerima_pendelegasian"),
        row("prepared", "propose", "proposed", "penilai_himself", "complete !question"),
        row("prepared", "escalate_to_superior", "at_superior", "sistem", "window_over has_superior", "escalate"),
        row("prepared", "reassign", "at_superior", "pengelola_pegawai sistem", "has_superior", "escalate"),
        row("at_superior", "propose_superior", "proposed", "atasan_penilai", "complete !question"),
        row("proposed", "calibrate", STAY, "calibrator", "!last_level !proposed_it"),
        row("proposed", "calibrate", "calibrated", "calibrator", "last_level !proposed_it"),
        row("proposed", "lapse_calibration", "calibrated", "sistem", "calibration_lapsed"),
        row("proposed", "send_back", "prepared", "calibrator", "!escalated !proposed_it"),
        row("proposed", "send_back", "at_superior", "calibrator", "escalated !proposed_it"),
        row("calibrated", "send_back", "prepared", "last_calibrator", "!escalated !proposed_it"),
        row("calibrated", "send_back", "at_superior", "last_calibrator", "escalated !proposed_it"),
        row("calibrated", "to_session", "in_session", "sekretariat_komite", "session_pending"),
        row("in_session", "decide_session", "session_decided", "anggota_tpk", "quorum !proposed_it"),
        row("in_session", "skip_session", "calibrated", "komite_pelaksana", "session_over"),
        row("proposed", "determine", "determined", "penilai", "calibrator=None !has_session complete !question"),
        row("calibrated", "determine", "determined", "penilai", "!session_pending complete !question"),
        row("session_decided", "determine", "determined", "pyb", "complete !question"),
        row("determined", "sign_form", "signed", "penilai_himself", "!escalated !sign_late complete !question"),
        row("determined", "sign_superior", "signed", "atasan_penilai", "escalated complete !question"),
        row("determined", "sign_superior", "signed", "atasan_penilai", "!escalated sign_late complete !question"),
        row(
            "proposed calibrated session_decided", "sign_superior", "signed", "atasan_penilai",
            "!escalated window_over !session_pending !proposed_it complete !question",
        ),
        row("signed", "deliver", "delivered", "penilai_himself", "!superior_signed !question"),
        row("signed", "deliver", "delivered", "atasan_penilai", "superior_signed !question"),
        row("delivered", "receive", "received", "subjek"),
        row("delivered", "hand_over", "received", "pengelola_pegawai", "waited_long_enough"),
        row("received", "accept", "accepted", "subjek", "!question"),
        row("received", "object", "objected", "subjek", "may_object !object_clock_over !question"),
        row("received", "lapse", "accepted_silent", "sistem", "silence_over !question"),
        row("objected", "objection_published", "decided", "sistem"),
        row("objected", "objection_withdrawn", "received", "sistem"),
        row(SETTLED, "finalize", "final", "sistem", "settled"),
        row("final", "report", "reported", "reporter"),
        row(JUDGED, "reconfirm", STAY, "penilai", "question"),
        # The last two are named by `finalize`, which waits for the answer there too.
        row(f"{SIGNED} accepted_silent decided", "reconfirm", "determined", "penilai", "question"),
        row(f"{JUDGED} {SIGNED} accepted_silent decided", "revise", "prepared", "penilai", "question !escalated"),
        row(f"{JUDGED} {SIGNED} accepted_silent decided", "revise", "at_superior", "penilai", "question escalated"),
        row(f"{JUDGED} {SIGNED} accepted_silent objected decided", "result_arrived", STAY, "sistem"),
        row(
            f"determined {SIGNED} accepted_silent objected decided final reported", "apply_repair", "determined",
            "sistem", "repair_approved",
        ),
    ),
    {
        "complete": (True, True, False), "question": (False, False, True), "window_over": YES_NO,
        "has_superior": YES_NO, "org_is_top": YES_NO, "settled": YES_NO,
        "calibrator": (None, "atasan_penilai", "atasan_dari_atasan", "pengkalibrasi"),
        "last_calibrator": (None, "atasan_penilai", "atasan_dari_atasan", "pengkalibrasi"),
        "last_level": YES_NO, "calibration_lapsed": YES_NO, "has_session": YES_NO, "session_pending": YES_NO,
        "quorum": YES_NO, "session_over": YES_NO, "sign_late": YES_NO, "superior_signed": YES_NO, "may_object": YES_NO,
        "object_clock_over": YES_NO, "silence_over": YES_NO, "waited_long_enough": YES_NO,
        "reporter": ("penilai", "atasan_penilai", "pemutus_keberatan"), "repair_approved": YES_NO,
        "proposed_it": (False, False, True),
    },
    always_escalated=("at_superior",),
    never_escalated=("prepared",),
)  # fmt: skip

# 3.13. Who decides is found by `register` and `escalate`; where the chain ends, the Komite Pelaksana.
OBJECTION = Table(
    "objection",
    ("draft", "filed", "in_examination", "upheld", "changed", "published", "withdrawn", "lapsed"),
    ("withdrawn", "lapsed"),
    (
        row("draft", "edit", STAY, "subjek"),
        row("draft", "file", "filed", "subjek", "complete"),
        row("draft", "lapse", "lapsed", "sistem", "clock_over"),
        row("filed in_examination", "withdraw", "withdrawn", "subjek"),
        row("filed", "register", "in_examination", "sistem"),
        row("in_examination", "ask_explanation", STAY, "decider", "!attacked"),
        row("in_examination", "explain", STAY, "subjek", "asked"),
        row("in_examination", "explain", STAY, "penilai_dipersoalkan", "asked evaluated_it"),
        row("in_examination", "write_decision", STAY, "decider", "!attacked"),
        row("in_examination", "uphold", "upheld", "decider", "!attacked asked heard considered decision=menguatkan"),
        row(
            "in_examination", "change", "changed", "decider",
            "!attacked asked heard considered named decision=mengubah",
        ),
        row("in_examination", "escalate", STAY, "sistem", "decision_over decider=pemutus_keberatan"),
        row("upheld changed", "publish", "published", "sistem"),
        row("published", "sign_d13", STAY, "penilai_himself", "decision=mengubah !signing_over !penilai_signed"),
        row("published", "sign_d13", STAY, "subjek", "decision=mengubah !signing_over !subject_signed"),
        row("published", "mark_unsigned", STAY, "sistem", "signature_missed"),
    ),
    {
        "complete": YES_NO, "clock_over": YES_NO, "decider": ("pemutus_keberatan", "komite_pelaksana"),
        "attacked": (False, False, True), "asked": (True, True, False), "evaluated_it": YES_NO,
        "heard": (True, True, False), "considered": (True, True, False), "named": (True, True, False),
        "decision": ("", "menguatkan", "mengubah"), "decision_over": YES_NO, "signing_over": YES_NO,
        "penilai_signed": YES_NO, "subject_signed": YES_NO, "signature_missed": YES_NO,
    },
    never_escalated=("draft", "filed", "in_examination", "upheld", "changed", "published"),
)  # fmt: skip

# 3.18. The approver is a second person, no party to the evaluation; what the replay no longer gives goes back to him.
REPAIR = Table(
    "repair",
    ("draft", "submitted", "approved", "applied", "refused", "withdrawn"),
    ("applied", "refused", "withdrawn"),
    (
        row("draft", "submit", "submitted", "sekretariat_komite", "complete"),
        row("draft submitted", "withdraw", "withdrawn", "sekretariat_komite", "drafted_it"),
        row("submitted", "approve", "approved", "komite_pelaksana", "!drafted_it !party"),
        row("submitted", "send_back", "draft", "komite_pelaksana", "!drafted_it !party"),
        row("submitted", "refuse", "refused", "komite_pelaksana", "!drafted_it !party"),
        row("approved", "apply", "applied", "sistem", "holds"),
        row("approved", "apply", "submitted", "sistem", "!holds"),
    ),
    {"complete": YES_NO, "drafted_it": YES_NO, "party": YES_NO, "holds": YES_NO},
    never_escalated=("draft", "submitted", "approved"),
)  # fmt: skip

TABLES = {
    table.kind: table
    for table in (
        SKP,
        REALISATION,
        PREDICATE_REVIEW,
        OBJECTION,
        REPAIR,
        PK,
        DKO,
        MATRIX,
        MANUAL,
        IKU_REALISATION,
        ORG_VALUE,
        K3_REVIEW,
    )
}
