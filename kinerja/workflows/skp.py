"""Sasaran Kinerja Pegawai: from the first draft, through dialogue and signatures, until it is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from statemachine import Event, State

from kinerja.rules import completeness
from kinerja.rules.words import N_
from kinerja.workflows.base import (
    OWN_RULE,
    Condition,
    DocumentFlow,
    Entry,
    Facts,
    Unmet,
    because,
    each,
    has_not_marked,
    is_last_mark,
    is_not_last_mark,
    stay,
    step,
)
from kinerja.workflows.roles import Actor, Relation

SUBJECT, PENILAI, ATASAN, SYSTEM = Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.SYSTEM
PENGELOLA, DELEGATE = Relation.PENGELOLA_PEGAWAI, Relation.DELEGATE


@dataclass
class SkpFacts(Facts):
    """What the guards of an SKP look at; `skp` and `regulation` are absent on lists, where nothing is asked of them."""

    # Gives the content as the rules judge it: asked once, and only where something depends on it.
    read_skp: Callable[[], Any] | None = None
    regulation: Any = None
    review_due: bool = False
    is_initial: bool = True
    has_realisation: bool = False
    may_take_over: bool = False
    feedback_and_remedy: bool = False
    undelivered: bool = False
    # Was it ever sent? Asked where a draft could be thrown away.
    read_sent: Callable[[], bool] | None = None

    @cached_property
    def skp(self) -> Any:
        return self.read_skp() if self.read_skp is not None else None


def unmet_of(findings: list[Any]) -> list[Unmet]:
    """The blocking findings of the rules, as conditions of the flow."""
    return [Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in findings]


def submittable(facts: SkpFacts) -> list[Unmet]:
    return unmet_of(completeness.blocking(facts.skp, facts.regulation, "submit"))


def agreeable(facts: SkpFacts) -> list[Unmet]:
    return unmet_of(completeness.blocking(facts.skp, facts.regulation, "agree"))


def signable(facts: SkpFacts) -> list[Unmet]:
    return unmet_of(completeness.blocking(facts.skp, facts.regulation, "sign_employee"))


def not_opened(facts: Facts) -> list[Unmet]:
    if facts.opened_by_receiver:
        return [
            Unmet(OWN_RULE, N_("Penerima sudah membuka dokumen ini, sehingga tidak dapat ditarik kembali."))
        ]
    return []


def no_realisation(facts: SkpFacts) -> list[Unmet]:
    if facts.has_realisation:
        return [Unmet("AD-1", N_("Sudah ada realisasi yang direkam; perubahan hanya melalui Adendum."))]
    return []


def never_sent(facts: SkpFacts) -> list[Unmet]:
    if facts.has_realisation or (facts.read_sent is not None and facts.read_sent()):
        text = N_("Draf ini sudah pernah diajukan atau berealisasi, sehingga tidak dapat dibuang.")
        return [Unmet(OWN_RULE, text)]
    return []


def period_is_open(facts: Facts) -> list[Unmet]:
    return [] if facts.period_open else [Unmet(OWN_RULE, N_("Periode ini sudah ditutup."))]


def ladder_has_come(facts: SkpFacts) -> list[Unmet]:
    if facts.may_take_over:
        return []
    text = N_("Belum waktunya: dapat diambil alih lima hari kerja sesudah tenggat terlewati.")
    return [Unmet(OWN_RULE, text)]


def resource_is_missing(facts: SkpFacts) -> list[Unmet]:
    if facts.undelivered:
        return []
    text = N_("Belum ada dukungan sumber daya yang dicatat tidak disepakati atau tidak terealisasi.")
    return [Unmet(OWN_RULE, text, source="PermenPANRB 6/2022 Pasal 11 ayat (2)")]


def remedy_was_tried(facts: SkpFacts) -> list[Unmet]:
    if facts.feedback_and_remedy:
        return []
    text = N_("Belum ada umpan balik dan satu upaya perbaikan yang dicatat sebelum hasil kerja diambil alih.")
    return [Unmet("AD-4", text, source="PermenPANRB 6/2022 Pasal 20 ayat (6)")]


def review_due(facts: SkpFacts, actor: Actor) -> bool:
    return facts.review_due


@because(N_("Menunggu reviu pengelola kinerja organisasi lebih dahulu."))
def no_review_due(facts: SkpFacts, actor: Actor) -> bool:
    return not facts.review_due


def is_initial(facts: SkpFacts, actor: Actor) -> bool:
    return facts.is_initial


def is_escalated(facts: Facts, actor: Actor) -> bool:
    return facts.acting_level > 0


def is_not_escalated(facts: Facts, actor: Actor) -> bool:
    return facts.acting_level == 0


def was_held_from(state: str) -> Condition:
    """The document was put on hold in this state, so that it resumes there."""

    def condition(facts: Facts, actor: Actor) -> bool:
        return facts.held_from == state

    condition.__name__ = f"was_held_from_{state}"
    return condition


# fmt: off
class SkpFlow(DocumentFlow):
    """Sasaran Kinerja Pegawai, one per person and span."""

    kind = "skp"
    title = N_("Sasaran Kinerja Pegawai")
    design = "Rancangan alur SKP, keputusan 0002"
    path = ("draft", "submitted", "in_dialogue", "agreed", "signed_employee", "in_force")
    facts_type = SkpFacts

    draft = State(N_("Draf"), initial=True)
    submitted = State(N_("Diajukan"))
    in_dialogue = State(N_("Dialog Kinerja"))
    agreed = State(N_("Disepakati"))
    in_review = State(N_("Direviu Pengelola"))
    reviewed = State(N_("Selesai Direviu"))
    signed_employee = State(N_("Ditandatangani Pegawai"))
    in_force = State(N_("Ditetapkan"))
    superseded = State(N_("Digantikan"), final=True)
    closed = State(N_("Ditutup"), final=True)
    exempted = State(N_("Dikecualikan"), value="exempt", final=True)
    discarded = State(N_("Dibuang"), final=True)
    on_hold = State(N_("Ditangguhkan"))

    entries = (
        Entry(
            "create", N_("Susun SKP"), "draft", (SUBJECT, PENILAI), "PermenPANRB 6/2022 Pasal 7, hlm. 26-29", "hukum",
        ),
    )

    edit = Event(
        step(stay(draft), N_("Sunting"), who=SUBJECT, asks="form")
        | step(
            stay(in_dialogue), N_("Sunting"), who=(SUBJECT, PENILAI, DELEGATE), acting=True, asks="form",
            effects="clear_marks",
        ),
        name=N_("Sunting"),
    )
    change_span = Event(
        step(stay(draft), N_("Ubah masa SKP"), who=SUBJECT, asks="form", needs=period_is_open),
        name=N_("Ubah masa SKP"),
    )
    submit = Event(
        step(
            draft.to(submitted), N_("Ajukan"), who=SUBJECT, needs=(period_is_open, submittable),
            due="skp_submit", main=True,
            source="PermenPANRB 6/2022 Pasal 7-9", exit="L", tone="primary", decides="propose:skp",
        ),
        name=N_("Ajukan"),
    )
    withdraw = Event(
        step(submitted.to(draft), N_("Tarik kembali"), who=SUBJECT, needs=not_opened), name=N_("Tarik kembali")
    )
    open_dialogue = Event(
        step(
            submitted.to(in_dialogue), N_("Mulai dialog"), who=(PENILAI, DELEGATE), acting=True,
            due="skp_open_dialogue", main=True, exit="L", source="PermenPANRB 6/2022 Pasal 14, hlm. 64", tone="primary",
        ),
        name=N_("Mulai dialog"),
    )
    agree = Event(
        step(
            in_dialogue.to(agreed), N_("Sepakati"), who=(PENILAI, SUBJECT), acting=True, needs=agreeable,
            when=(has_not_marked, is_last_mark), due="skp_agree", main=True, exit="L", effects="mark",
            source="PermenPANRB 6/2022 Pasal 14", status="hukum", tone="primary",
        )
        | step(
            stay(in_dialogue), N_("Sepakati"), who=(PENILAI, SUBJECT), acting=True, needs=agreeable,
            when=(has_not_marked, is_not_last_mark), effects="mark",
            source="PermenPANRB 6/2022 Pasal 14", status="hukum", tone="primary",
        ),
        name=N_("Sepakati"),
    )
    send_back = Event(
        step(
            in_dialogue.to(draft), N_("Kembalikan"), who=(PENILAI, Relation.PLH, DELEGATE), acting=True, asks="note",
            effects="clear_marks",
        )
        | step(
            in_review.to(in_dialogue), N_("Kembalikan"), who=Relation.PENGELOLA_ORGANISASI, asks="note",
            due="review", effects="clear_marks",
        )
        | step(
            signed_employee.to(in_dialogue), N_("Kembalikan"), who=PENILAI, acting=True, asks="note",
            effects="fall clear_marks",
        ),
        name=N_("Kembalikan"),
    )
    review = Event(
        step(
            agreed.to(in_review), N_("Reviu"), who=SYSTEM, when=review_due, due="at_once",
            source="KMK 300/KMK.01/2022", status="hukum",
        ),
        name=N_("Reviu"),
    )
    clear = Event(
        step(
            in_review.to(reviewed), N_("Lolos"), who=Relation.PENGELOLA_ORGANISASI, due="review", main=True,
            exit="lapse_review", tone="primary", decides="judge:skp",
        ),
        name=N_("Lolos"),
    )
    lapse_review = Event(
        step(in_review.to(reviewed), N_("Tanpa reviu"), who=SYSTEM, when=is_initial, due="review"),
        name=N_("Tanpa reviu"),
    )
    sign_employee = Event(
        step(
            agreed.to(signed_employee), N_("Tanda tangani"), who=SUBJECT, when=no_review_due, needs=signable,
            asks="signature", due="skp_sign", main=True, exit="L", effects="sign:pegawai",
            source="PermenPANRB 6/2022 Pasal 14, hlm. 61",
            status="hukum", tone="primary",
        )
        | step(
            reviewed.to(signed_employee), N_("Tanda tangani"), who=SUBJECT, needs=signable, asks="signature",
            due="skp_sign", main=True, exit="L", effects="sign:pegawai",
            source="PermenPANRB 6/2022 Pasal 14, hlm. 61", status="hukum",
            tone="primary",
        ),
        name=N_("Tanda tangani"),
    )
    establish = Event(
        step(
            signed_employee.to(in_force), N_("Tetapkan"), who=PENILAI, acting=True, asks="signature",
            needs=(period_is_open, signable), due="skp_establish", main=True, exit="escalate_to_superior",
            effects="sign:penilai do:prepare_periods",
            source="PermenPANRB 6/2022 Pasal 14, hlm. 65", status="hukum", tone="primary",
            decides="judge:skp",
        ),
        name=N_("Tetapkan"),
    )
    escalate_to_superior = Event(
        step(
            each((submitted, in_dialogue, draft), in_dialogue), N_("Beralih ke atasan penilai"), who=SYSTEM,
            when=is_not_escalated, due="skp_escalate", effects="raise_level clear_marks",
            source="PermenPANRB 6/2022 hlm. 65",
            status="hukum",
        )
        | step(
            stay(agreed, in_review, reviewed, signed_employee), N_("Beralih ke atasan penilai"), who=SYSTEM,
            when=is_not_escalated, due="skp_escalate", effects="raise_level",
            source="PermenPANRB 6/2022 hlm. 65", status="hukum",
        ),
        name=N_("Beralih ke atasan penilai"),
    )
    take_over = Event(
        step(
            stay(submitted, in_dialogue, signed_employee), N_("Ambil alih"), who=ATASAN, when=is_not_escalated,
            asks="reason", needs=ladder_has_come, due="skp_take_over", effects="raise_level clear_marks",
            relieves="open_dialogue agree establish",
        ),
        name=N_("Ambil alih"),
    )
    hand_back = Event(
        step(
            stay(submitted, in_dialogue, agreed, in_review, reviewed, signed_employee), N_("Serahkan kembali"),
            who=ATASAN, when=is_escalated, asks="reason", effects="lower_level clear_marks",
        ),
        name=N_("Serahkan kembali"),
    )
    add_expectation = Event(
        step(
            stay(in_force), N_("Tambah ekspektasi khusus"), who=PENILAI, acting=True, asks="form",
            source="PermenPANRB 6/2022 Pasal 10 ayat (4)", status="hukum",
        ),
        name=N_("Tambah ekspektasi khusus"),
    )
    report_resource = Event(
        step(
            stay(in_force), N_("Catat dukungan sumber daya"), who=(SUBJECT, PENILAI), acting=True, asks="form",
            source="PermenPANRB 6/2022 Pasal 11", status="hukum",
        ),
        name=N_("Catat dukungan sumber daya"),
    )
    propose_adjustment = Event(
        step(
            stay(in_force), N_("Usulkan penyesuaian ekspektasi"), who=(SUBJECT, PENILAI), acting=True, asks="form",
            needs=resource_is_missing, source="PermenPANRB 6/2022 Pasal 11 ayat (2)", status="hukum",
        ),
        name=N_("Usulkan penyesuaian ekspektasi"),
    )
    take_over_rhk = Event(
        step(
            stay(in_force), N_("Ambil alih RHK"), who=PENILAI, acting=True, asks=("form", "reason"),
            needs=remedy_was_tried, source="PermenPANRB 6/2022 Pasal 20 ayat (6)", status="hukum",
        ),
        name=N_("Ambil alih RHK"),
    )
    supersede = Event(step(in_force.to(superseded), N_("Digantikan"), who=SYSTEM), name=N_("Digantikan"))
    close = Event(
        step(
            in_force.to(closed), N_("Tutup"), who=(SYSTEM, PENGELOLA), asks="reason", due="skp_close", main=True,
            exit="system",
        ),
        name=N_("Tutup"),
    )
    hold = Event(
        step(
            each((draft, submitted, in_dialogue, agreed, in_review, reviewed, signed_employee, in_force), on_hold),
            N_("Tangguhkan"), who=PENGELOLA, asks=("form", "reason"), effects="hold do:stop_clocks", tone="danger",
        ),
        name=N_("Tangguhkan"),
    )
    resume = Event(
        reduce(
            or_,
            (
                step(
                    move, N_("Lanjutkan"), who=PENGELOLA, when=was_held_from(name), effects="resume do:run_clocks",
                    due="resume", main=True, exit="L", tone="primary",
                )
                for name, move in (
                    ("draft", on_hold.to(draft)), ("submitted", on_hold.to(submitted)),
                    ("in_dialogue", on_hold.to(in_dialogue)), ("agreed", on_hold.to(agreed)),
                    ("in_review", on_hold.to(in_review)), ("reviewed", on_hold.to(reviewed)),
                    ("signed_employee", on_hold.to(signed_employee)), ("in_force", on_hold.to(in_force)),
                )
            ),
        ),
        name=N_("Lanjutkan"),
    )
    exempt = Event(
        step(
            draft.to(exempted), N_("Kecualikan"), who=PENGELOLA, asks=("form", "reason"),
            source="PermenPANRB 6/2022 hlm. 66",
            status="hukum",
            tone="danger",
        ),
        name=N_("Kecualikan"),
    )
    discard = Event(
        step(
            draft.to(discarded), N_("Buang draf"), who=SUBJECT, asks="confirm", needs=never_sent,
            effects="do:drop_manuals", source="Keputusan 0014", tone="danger",
        ),
        name=N_("Buang draf"),
    )
    reopen = Event(
        step(
            in_force.to(in_dialogue), N_("Buka kembali"), who=ATASAN, asks="reason", needs=no_realisation,
            effects="fall clear_marks", tone="danger",
        ),
        name=N_("Buka kembali"),
    )
# fmt: on
