"""The flows of a unit's documents once more, from the tables of the specification, without looking at kinerja's own."""

from __future__ import annotations

from tests.workflows.model import STAY, YES_NO, Table, row

# 3.1 with decision 0016: who writes, the ladder, and that nobody countersigns for the head above.
PK = Table(
    "pk",
    (
        "draft", "proposed", "in_dialogue", "agreed", "in_review", "ready_to_sign", "signed_first", "in_force", "amended",
        "closed", "cancelled",
    ),
    ("amended", "closed", "cancelled"),
    (
        row("draft", "edit", STAY, "subjek pengelola_organisasi"),
        row("in_dialogue", "edit", STAY, "subjek above", then="unmark"),
        row("draft", "propose", "proposed", "subjek", "complete period_open"),
        row("proposed", "open_dialogue", "in_dialogue", "above"),
        row("in_dialogue", "send_back", "draft", "above", then="unmark"),
        row("in_dialogue", "agree", STAY, "subjek above", "complete assents unmarked !last_mark", "mark"),
        row("in_dialogue", "agree", "agreed", "subjek above", "complete assents unmarked last_mark", "mark"),
        row("agreed", "send_review", "in_review", "subjek"),
        row("in_review", "send_back", "draft", "pengelola_organisasi_atas", then="unmark"),
        row("in_review", "clear", "ready_to_sign", "pengelola_organisasi_atas", "complete !proposed_it"),
        row("ready_to_sign", "sign_first", "signed_first", "subjek", "complete"),
        row("signed_first", "sign_second", "in_force", "penilai_himself", "complete !top"),
        row("signed_first", "take_note", "in_force", "sekretariat_komite", "top"),
        row("signed_first", "withdraw", "ready_to_sign", "subjek", then="unmark"),
        row("proposed in_dialogue agreed", "withdraw", "draft", "subjek", then="unmark"),
        row(
            "proposed in_dialogue", "take_over", STAY, "atasan_penilai", "may_take_over !escalated !top",
            "escalate unmark",
        ),
        row("proposed in_dialogue", "hand_back", STAY, "atasan_penilai", "escalated", "give_back unmark"),
        row(
            "draft proposed in_dialogue agreed in_review ready_to_sign in_force", "new_head", STAY, "sistem",
            then="unmark",
        ),
        row("signed_first", "new_head", "ready_to_sign", "sistem", then="unmark"),
        row("in_force", "save", STAY, "subjek pengelola_organisasi"),
        row("in_force", "amend", "amended", "sistem"),
        row("in_force", "close", "closed", "sistem pengelola_organisasi"),
        row("draft proposed in_dialogue agreed", "cancel", "cancelled", "subjek"),
        row("in_force", "reopen", "ready_to_sign", "sekretariat_komite", "!has_realisation", "unmark"),
    ),
    {
        "complete": YES_NO, "period_open": YES_NO, "top": (False, False, True), "has_realisation": YES_NO,
        "may_take_over": YES_NO, "proposed_it": YES_NO,
    },
)  # fmt: skip

# 3.6, second table, with decision 0022: who changes the schedule and writes the minutes.
DKO = Table(
    "dko",
    (
        "scheduled", "materials_ready", "held", "minutes_draft", "minutes_signed", "actions_open", "closed", "missed",
    ),
    ("closed", "missed"),
    (
        row("scheduled materials_ready", "edit", STAY, "pengelola_organisasi"),
        row("scheduled", "complete_materials", "materials_ready", "pengelola_organisasi", "!waiting_below"),
        row("scheduled materials_ready", "mark_held", "held", "pengelola_organisasi", "date_reached"),
        row("scheduled materials_ready", "miss", "missed", "sistem", "quarter_over"),
        row("held", "save", STAY, "pengelola_organisasi"),
        row("held", "record_minutes", "minutes_draft", "pengelola_organisasi", "complete"),
        row("minutes_draft", "sign_minutes", "minutes_signed", "subjek", "complete"),
        row("minutes_draft", "send_back", "held", "subjek"),
        row("minutes_signed", "open_actions", "actions_open", "sistem", "!open=0"),
        row("minutes_signed", "open_actions", "closed", "sistem", "open=0"),
        row("actions_open", "complete_action", STAY, "pemilik_aksi subjek", "open=mine"),
        row("scheduled materials_ready held minutes_draft actions_open", "new_head", STAY, "sistem"),
        row("actions_open", "close", "closed", "subjek sistem", "open=0"),
    ),
    {
        "complete": YES_NO, "waiting_below": YES_NO, "date_reached": YES_NO, "quarter_over": YES_NO,
        "open": (0, "mine", "others"),
    },
)  # fmt: skip

# 2.5 with decision 0021: the leader writes, and whoever leads a tim kerja of it; nobody agrees it.
MATRIX = Table(
    "matrix",
    ("draft", "shared", "closed"),
    ("closed",),
    (
        row("draft", "edit", STAY, "subjek"),
        row("draft", "edit", STAY, "staf_unit", "leads_a_team"),
        row("shared", "edit", "draft", "subjek"),
        row("shared", "edit", "draft", "staf_unit", "leads_a_team"),
        row("draft", "share", "shared", "subjek", "complete period_open"),
        row("draft", "share", "shared", "staf_unit", "complete period_open leads_a_team"),
        row("draft shared", "new_head", STAY, "sistem"),
        row("draft shared", "close", "closed", "sistem pengelola_organisasi"),
    ),
    {"complete": YES_NO, "period_open": YES_NO, "leads_a_team": YES_NO},
)

# 3.4 with decision 0018. At the top of the ministry the Menteri himself approves; the pengelola writes for a unit alone.
MANUAL = Table(
    "manual",
    ("draft", "submitted", "approved", "in_force", "superseded", "dropped"),
    ("superseded", "dropped"),
    (
        row("draft", "edit", STAY, "subjek"),
        row("draft", "edit", STAY, "pengelola_organisasi", "of_unit"),
        row("draft", "submit", "submitted", "subjek", "complete period_open"),
        row("draft", "submit", "submitted", "pengelola_organisasi", "complete period_open of_unit"),
        row("submitted", "approve", "approved", "approver", "complete"),
        row("submitted", "send_back", "draft", "approver"),
        row("approved", "send_back", "draft", "pengelola_organisasi"),
        row("approved", "clear", "in_force", "pengelola_organisasi", "complete"),
        row("submitted", "withdraw", "draft", "subjek"),
        row("submitted", "withdraw", "draft", "pengelola_organisasi", "of_unit"),
        row("submitted", "take_over", STAY, "atasan_penilai", "may_take_over !escalated !top", "escalate"),
        row("submitted", "hand_back", STAY, "atasan_penilai", "escalated", "give_back"),
        row("draft", "discard", "dropped", "subjek"),
        row("draft", "discard", "dropped", "pengelola_organisasi", "of_unit"),
        row("in_force", "supersede", "superseded", "sistem"),
        row("draft submitted approved", "new_head", STAY, "sistem"),
        row("draft submitted approved in_force", "drop", "dropped", "sistem"),
    ),
    {
        "complete": YES_NO, "period_open": YES_NO, "of_unit": YES_NO, "top": (False, False, True), "may_take_over": YES_NO,
    },
)  # fmt: skip

# 3.5, last paragraph, with decision 0020: the table of a realisation; the pengelola records, the head validates, the head
# above relieves him and opens it again.
IKU_REALISATION = Table(
    "iku_realisation",
    ("not_open", "open", "draft", "recorded", "returned", "validated", "missing"),
    (),
    (
        row("not_open", "open_period", "open", "sistem", "skp_runs"),
        row("open returned", "save", "draft", "pengelola_organisasi", "skp_runs"),
        row("draft", "save", STAY, "pengelola_organisasi", "skp_runs"),
        row("missing", "save", STAY, "pengelola_organisasi", "skp_runs !determined"),
        row("draft", "record", "recorded", "pengelola_organisasi", "skp_runs complete"),
        row("missing", "record_late", "recorded", "pengelola_organisasi", "skp_runs complete !determined"),
        row("recorded", "validate", "validated", "head", "evidence_read_by=me"),
        row("recorded", "send_back", "returned", "head"),
        row("recorded", "evidence_unreadable", "returned", "head"),
        row("recorded", "withdraw", "draft", "pengelola_organisasi", "!opened"),
        row("recorded", "take_over", STAY, "penilai_himself", "overdue !escalated", "escalate"),
        row("open draft returned", "lapse", "missing", "sistem", "skp_runs"),
        row("validated", "reopen", "draft", "penilai_himself", "!determined"),
        row("not_open open draft recorded returned missing", "new_head", STAY, "sistem"),
    ),
    {
        "skp_runs": YES_NO, "complete": YES_NO, "determined": YES_NO, "opened": YES_NO, "overdue": YES_NO,
        "evidence_read_by": ("me", "other", "nobody"),
    },
    never_escalated=("not_open", "open"),
)  # fmt: skip

# 3.14 with decision 0020: materials are written before they are sent; who determines stands in the document.
ORG_VALUE = Table(
    "org_value",
    ("collecting", "computed", "reviewed", "determined", "final"),
    (),
    (
        row("collecting", "save", STAY, "pengelola_organisasi"),
        row("collecting", "submit_data", "computed", "pengelola_organisasi", "complete"),
        row("collecting", "enter_value", "computed", "pengelola_organisasi"),
        row("computed", "send_back", "collecting", "pengelola_organisasi_atas"),
        row("computed", "clear", "reviewed", "pengelola_organisasi_atas", "!sent_it"),
        row("reviewed", "determine", "determined", "determiner"),
        row(
            "reviewed", "take_over", STAY, "atasan_penilai", "may_take_over !escalated decided_by=unit_above",
            "escalate",
        ),
        row("collecting computed reviewed", "new_head", STAY, "sistem"),
        row("determined", "finalize", "final", "sistem", "window_over"),
        row("determined final", "reopen", "collecting", "komite_pelaksana", then="give_back"),
    ),
    {
        "complete": YES_NO, "sent_it": YES_NO, "window_over": YES_NO, "may_take_over": YES_NO,
        "decided_by": ("unit_above", "unit_above", "top", "level_one"),
    },
    never_escalated=("collecting", "computed"),
)  # fmt: skip

# 3.11 with decision 0019: of a PK the pengelola of the unit fills it in; who reviews stands a level above him, or is he.
K3_REVIEW = Table(
    "k3_review",
    ("not_reviewed", "self_checked", "in_review", "needs_fix", "reviewed", "locked"),
    (),
    (
        row("not_reviewed", "self_check", "self_checked", "filler"),
        row("not_reviewed self_checked", "start_review", "in_review", "reviewer", "!sent_it"),
        row("in_review", "save", STAY, "reviewer"),
        row("in_review", "send_back", "needs_fix", "reviewer"),
        row("needs_fix", "resubmit", "in_review", "filler"),
        row("needs_fix", "lapse", "in_review", "sistem"),
        row("in_review", "clear", "reviewed", "reviewer", "complete !sent_it"),
        row("reviewed", "lock", "locked", "sistem"),
        row("reviewed locked", "reopen", "in_review", "sekretariat_komite"),
    ),
    {"complete": YES_NO, "sent_it": YES_NO, "of_unit": YES_NO, "above": YES_NO},
    never_escalated=("not_reviewed", "self_checked", "in_review", "needs_fix", "reviewed", "locked"),
)  # fmt: skip
