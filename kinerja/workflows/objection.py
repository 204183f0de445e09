"""Keberatan against a received evaluation: filed, registered to a decider who is no party, heard, decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from statemachine import Event, State

from kinerja.rules.finding import BLOCKS
from kinerja.rules.words import N_
from kinerja.workflows.base import (
    OWN_RULE,
    DocumentFlow,
    Entry,
    Facts,
    Move,
    Unmet,
    because,
    each,
    stay,
    step,
)
from kinerja.workflows.roles import Actor, Relation

SUBJECT, PENILAI, SYSTEM = Relation.SUBJECT, Relation.PENILAI, Relation.SYSTEM
DECIDER, COMMITTEE, EVALUATOR = Relation.DECIDER, Relation.KOMITE_PELAKSANA, Relation.EVALUATOR
UPHOLD, CHANGE = "menguatkan", "mengubah"
CONSIDERATIONS_MINIMUM = 20


@dataclass
class ObjectionFacts(Facts):
    """What the guards of an objection look at.

    `filing` are the findings of KB-1, KB-2 and KB-4. `attacked` are the people whose act is objected to: they
    never decide, whatever their post is today. `evaluator_id` is asked for his explanation beside the subject.
    """

    filing: tuple[Any, ...] = ()
    targets: tuple[str, ...] = ()
    clock_over: bool = False
    attacked: frozenset[int] = frozenset()
    evaluator_id: int | None = None
    with_committee: bool = False
    asked_on: date | None = None
    both_heard: bool = False
    answer_over: bool = False
    decision_over: bool = False
    decision: str = ""
    considerations: str = ""
    recommendation: str = ""
    differs: bool = False
    penilai_signed: bool = False
    subject_signed: bool = False
    signing_over: bool = False
    unmarked: bool = False


@because(N_("Keberatan ini diputus pejabat lain, yang tindakannya tidak dipersoalkan."))
def sits_in_judgement(facts: ObjectionFacts, actor: Actor) -> bool:
    """The decider, or a member of the Komite where the chain has ended; never one whose own act is attacked."""
    if actor.person_id is not None and actor.person_id in facts.attacked:
        return False
    return actor.has(COMMITTEE) if facts.with_committee else actor.has(DECIDER)


def clock_over(facts: ObjectionFacts, actor: Actor) -> bool:
    return facts.clock_over


@because(N_("Belum dimintai penjelasan; pemutus memintanya kepada penilai dan pegawai."))
def is_asked(facts: ObjectionFacts, actor: Actor) -> bool:
    """The subject and the evaluator answer once they were asked."""
    if facts.asked_on is None:
        return False
    return actor.has(SUBJECT) or (actor.person_id is not None and actor.person_id == facts.evaluator_id)


def decision_over(facts: ObjectionFacts, actor: Actor) -> bool:
    return facts.decision_over and not facts.with_committee


@because(
    N_(
        "Putusan tidak mengubah hasil, atau waktu tanda tangannya sudah lewat: tidak ada D.1.3 yang ditandatangani."
    )
)
def result_changed(facts: ObjectionFacts, actor: Actor) -> bool:
    return facts.decision == CHANGE and not facts.signing_over


@because(N_("Penilai sudah menandatangani D.1.3."))
def penilai_has_not_signed(facts: ObjectionFacts, actor: Actor) -> bool:
    return not facts.penilai_signed


@because(N_("Pegawai sudah menandatangani D.1.3."))
def subject_has_not_signed(facts: ObjectionFacts, actor: Actor) -> bool:
    return not facts.subject_signed


def unmarked(facts: ObjectionFacts, actor: Actor) -> bool:
    """The time for signatures is over, one is missing, and nobody has said so yet."""
    return facts.unmarked


def filable(facts: ObjectionFacts) -> list[Unmet]:
    """KB-1, KB-2, KB-4, and what is objected to."""
    found = [
        Unmet(f.rule, f.message, dict(f.params), "reasons" if f.field == "reason" else f.field, f.source)
        for f in facts.filing
        if f.severity == BLOCKS
    ]
    if not facts.targets:
        found.append(Unmet(OWN_RULE, N_("Pilih sedikitnya satu hal yang dipersoalkan."), {}, "targets"))
    return found


def heard(facts: ObjectionFacts) -> list[Unmet]:
    """KB-3: penilai and subject were both asked, and answered or let three working days pass."""
    source = "PermenPANRB 6/2022 hlm. 117 angka 4"
    if facts.asked_on is None:
        return [Unmet("KB-3", N_("Penilai dan pegawai belum keduanya dimintai penjelasan."), source=source)]
    if not (facts.both_heard or facts.answer_over):
        return [
            Unmet(
                "KB-3", N_("Penjelasan kedua pihak masih ditunggu, paling lama 3 hari kerja."), source=source
            )
        ]
    return []


def considered(facts: ObjectionFacts) -> list[Unmet]:
    if len(facts.considerations.strip()) >= CONSIDERATIONS_MINIMUM:
        return []
    text = N_("Pertimbangan belum ditulis; sedikitnya %(n)s huruf, dibaca kedua pihak.")
    return [Unmet(OWN_RULE, text, {"n": CONSIDERATIONS_MINIMUM}, "considerations")]


def upholds(facts: ObjectionFacts) -> list[Unmet]:
    if facts.decision == UPHOLD:
        return []
    return [Unmet(OWN_RULE, N_("Draf putusan belum berbunyi menguatkan."), {}, "decision")]


def changes(facts: ObjectionFacts) -> list[Unmet]:
    """A change names what becomes different, and gives a new recommendation (p.118 no. 7)."""
    if facts.decision != CHANGE:
        return [Unmet(OWN_RULE, N_("Draf putusan belum berbunyi mengubah."), {}, "decision")]
    found = []
    if not facts.differs:
        found.append(Unmet(OWN_RULE, N_("Belum ada nilai yang berubah."), {}, "result_rating"))
    if not facts.recommendation.strip():
        text = N_("Rekomendasi baru belum ditulis.")
        found.append(Unmet(OWN_RULE, text, {}, "recommendation", "PermenPANRB 6/2022 hlm. 118 angka 7"))
    return found


# fmt: off
class ObjectionFlow(DocumentFlow):
    """Keberatan, one decided per evaluation document."""

    kind = "objection"
    title = N_("Keberatan")
    design = "Rancangan alur keberatan, keputusan 0004"
    facts_type = ObjectionFacts
    resting = ("published",)
    path = ("draft", "filed", "in_examination", "published")
    # A published decision still collects signatures, so it rests without being final; our own checker knows that.
    validate_final_reachability = False

    draft = State(N_("Draf"), initial=True)
    filed = State(N_("Diajukan"))
    in_examination = State(N_("Pemeriksaan"))
    upheld = State(N_("Dikuatkan"))
    changed = State(N_("Diubah"))
    published = State(N_("Diterbitkan"))
    withdrawn = State(N_("Ditarik"), final=True)
    lapsed = State(N_("Lewat Waktu"), final=True)

    entries = (
        Entry("create", N_("Tulis"), "draft", (SUBJECT,), "PermenPANRB 6/2022 hlm. 117", "hukum"),
    )

    edit = Event(step(stay(draft), N_("Simpan"), who=SUBJECT, asks="form"), name=N_("Simpan"))
    file = Event(
        step(
            draft.to(filed), N_("Ajukan"), who=SUBJECT, needs=filable, asks="form",
            effects="do:move_evaluation", due="objection_file", main=True,
            exit="lapse", source="PermenPANRB 6/2022 hlm. 117 angka 2", status="hukum", decides="propose:objection",
            tone="primary",
        ),
        name=N_("Ajukan"),
    )
    lapse = Event(
        step(draft.to(lapsed), N_("Lewat waktu"), who=SYSTEM, when=clock_over, due="objection_file"),
        name=N_("Lewat waktu"),
    )
    withdraw = Event(
        step(
            each((filed, in_examination), withdrawn), N_("Tarik"), who=SUBJECT, tone="danger", effects="do:give_back",
        ),
        name=N_("Tarik"),
    )
    register = Event(
        step(
            filed.to(in_examination), N_("Terima berkas"), who=SYSTEM, due="at_once", main=True, exit="system",
            source="PermenPANRB 6/2022 hlm. 117 angka 2-3", status="hukum",
        ),
        name=N_("Terima berkas"),
    )
    ask_explanation = Event(
        step(
            stay(in_examination), N_("Minta penjelasan"), who=(DECIDER, COMMITTEE), when=sits_in_judgement,
            asks="note", due="objection_explain", source="PermenPANRB 6/2022 hlm. 117 angka 4", status="hukum",
        ),
        name=N_("Minta penjelasan"),
    )
    explain = Event(
        step(
            stay(in_examination), N_("Beri penjelasan"), who=(SUBJECT, EVALUATOR), when=is_asked, asks="form",
            due="objection_explain", source="PermenPANRB 6/2022 hlm. 117 angka 4", status="hukum",
        ),
        name=N_("Beri penjelasan"),
    )
    write_decision = Event(
        step(
            stay(in_examination), N_("Simpan draf putusan"), who=(DECIDER, COMMITTEE), when=sits_in_judgement,
            asks="form",
        ),
        name=N_("Simpan draf putusan"),
    )
    uphold = Event(
        step(
            in_examination.to(upheld), N_("Kuatkan"), who=(DECIDER, COMMITTEE), when=sits_in_judgement,
            needs=(heard, considered, upholds), asks="signature",
            effects="sign:pemutus do:publish_at_once", due="objection_decide",
            main=True, exit="escalate", source="PermenPANRB 6/2022 hlm. 117 angka 5-6", status="hukum",
            decides="judge:objection", tone="primary",
        ),
        name=N_("Kuatkan"),
    )
    change = Event(
        step(
            in_examination.to(changed), N_("Ubah"), who=(DECIDER, COMMITTEE), when=sits_in_judgement,
            needs=(heard, considered, changes), asks="signature",
            effects="sign:pemutus do:publish_at_once", due="objection_decide",
            main=True, exit="escalate", source="PermenPANRB 6/2022 hlm. 117-118", status="hukum",
            decides="judge:objection", tone="primary",
        ),
        name=N_("Ubah"),
    )
    escalate = Event(
        step(
            stay(in_examination), N_("Naik satu tingkat"), who=SYSTEM, when=decision_over, effects="clear_marks",
            due="objection_decide",
        ),
        name=N_("Naik satu tingkat"),
    )
    publish = Event(
        step(
            each((upheld, changed), published), N_("Terbitkan"), who=SYSTEM, due="at_once", main=True, exit="system",
            effects="do:carry_out_decision",
        ),
        name=N_("Terbitkan"),
    )
    sign_d13 = Event(
        step(
            stay(published), N_("Tanda tangani D.1.3"), who=PENILAI, when=(result_changed, penilai_has_not_signed),
            asks="signature", effects="sign:penilai clear_marks", due="objection_sign",
            source="PermenPANRB 6/2022 hlm. 118", status="hukum",
        )
        | step(
            stay(published), N_("Tanda tangani D.1.3"), who=SUBJECT, when=(result_changed, subject_has_not_signed),
            asks="signature", effects="sign:pegawai clear_marks", due="objection_sign",
            source="PermenPANRB 6/2022 hlm. 118", status="hukum",
        ),
        name=N_("Tanda tangani D.1.3"),
    )
    mark_unsigned = Event(
        step(
            stay(published), N_("Tandai tanpa tanda tangan"), who=SYSTEM, when=unmarked, effects="clear_marks",
            due="objection_sign",
        ),
        name=N_("Tandai tanpa tanda tangan"),
    )
# fmt: on

    @classmethod
    def turn(cls, facts: Facts) -> tuple[Relation | None, Move | None]:
        """The Komite's turn where the chain has ended; after publication that of who has not yet signed D.1.3."""
        wanted = ("sign_d13",) if facts.state == "published" else ()
        for move in cls.moves(facts.state):
            if move.row.main or move.event in wanted:
                for relation in move.row.actors(facts):
                    if move.row.permits(facts, Actor(None, "", frozenset({relation}))):
                        return relation, move
        return None, None
