"""Perbaikan of a determined evaluation: a calculation error, drafted by one and approved by another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from statemachine import Event, State

from kinerja.rules.words import N_
from kinerja.workflows.base import OWN_RULE, DocumentFlow, Entry, Facts, Unmet, because, did_not, each, step
from kinerja.workflows.roles import Actor, Relation

SECRETARIAT, COMMITTEE, SYSTEM = Relation.SEKRETARIAT, Relation.KOMITE_PELAKSANA, Relation.SYSTEM
REASON_MINIMUM = 10
NOT_DRAFTER = did_not("draft_repair", "submit")


@dataclass
class RepairFacts(Facts):
    """What the guards of a repair look at.

    `parties` are subject, evaluator, signers and calibrators of the evaluation. `before` is what stands there,
    `after` what the draft states, `replayed` what the calculation gives now.
    """

    parties: frozenset[int] = frozenset()
    reason: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    standing: bool = True
    holds: bool = True


@because(N_("Hanya penyusun perbaikan ini yang dapat menariknya."))
def drafted_it(facts: RepairFacts, actor: Actor) -> bool:
    return actor.person_id is not None and facts.last_event_by.get("draft_repair") == actor.person_id


@because(N_("Anda pihak dalam evaluasi ini; perbaikannya disetujui anggota Komite Pelaksana yang lain."))
def no_party(facts: RepairFacts, actor: Actor) -> bool:
    return actor.person_id is None or actor.person_id not in facts.parties


def holds(facts: RepairFacts, actor: Actor) -> bool:
    """The replay gives the stated value, and the evaluation still stands where it can be repaired."""
    return facts.holds


def differs(facts: RepairFacts, actor: Actor) -> bool:
    return not facts.holds


def shown(facts: RepairFacts) -> list[Unmet]:
    """A reason, an evaluation that stands, and an error that the replay shows."""
    found = []
    if len(facts.reason.strip()) < REASON_MINIMUM:
        text = N_("Tulis alasan perbaikan sedikitnya %(n)s huruf; pegawai membacanya.")
        found.append(Unmet(OWN_RULE, text, {"n": REASON_MINIMUM}, "reason"))
    if not facts.standing:
        text = N_("Evaluasi belum ditetapkan, sedang diubah, atau keberatannya masih berjalan.")
        found.append(Unmet(OWN_RULE, text))
    if facts.before == facts.after:
        text = N_("Hitung ulang memberi hasil yang sama: tidak ada salah hitung yang dapat diperbaiki.")
        found.append(Unmet(OWN_RULE, text))
    return found


# fmt: off
class RepairFlow(DocumentFlow):
    """Perbaikan, the only way to correct a determined result outside an objection."""

    kind = "repair"
    title = N_("Perbaikan")
    design = "Rancangan alur perbaikan, keputusan 0010"
    facts_type = RepairFacts
    path = ("draft", "submitted", "approved", "applied")

    draft = State(N_("Draf"), initial=True)
    submitted = State(N_("Diajukan"))
    approved = State(N_("Disetujui"))
    applied = State(N_("Diterapkan"), final=True)
    refused = State(N_("Ditolak"), final=True)
    withdrawn = State(N_("Ditarik"), final=True)

    entries = (Entry("draft_repair", N_("Susun perbaikan"), "draft", (SECRETARIAT,)),)

    submit = Event(
        step(
            draft.to(submitted), N_("Ajukan"), who=SECRETARIAT, needs=shown, due="default", main=True,
            exit="withdraw", decides="propose:repair", tone="primary",
        ),
        name=N_("Ajukan"),
    )
    withdraw = Event(
        step(
            each((draft, submitted), withdrawn), N_("Tarik"), who=SECRETARIAT, when=drafted_it,
            asks="reason", tone="danger",
        ),
        name=N_("Tarik"),
    )
    approve = Event(
        step(
            submitted.to(approved), N_("Setujui"), who=COMMITTEE, when=(NOT_DRAFTER, no_party), due="default",
            effects="do:apply_at_once",
            main=True, exit="L", decides="judge:repair", tone="primary",
        ),
        name=N_("Setujui"),
    )
    send_back = Event(
        step(
            submitted.to(draft), N_("Kembalikan"), who=COMMITTEE, when=(NOT_DRAFTER, no_party), asks="note",
            decides="judge:repair",
        ),
        name=N_("Kembalikan"),
    )
    refuse = Event(
        step(
            submitted.to(refused), N_("Tolak"), who=COMMITTEE, when=(NOT_DRAFTER, no_party), asks="reason",
            decides="judge:repair", tone="danger",
        ),
        name=N_("Tolak"),
    )
    apply = Event(
        step(
            approved.to(applied), N_("Terapkan"), who=SYSTEM, when=holds, due="at_once", main=True, exit="system",
            effects="do:repair_evaluation",
        )
        | step(
            approved.to(submitted), N_("Terapkan"), who=SYSTEM, when=differs, due="at_once", main=True,
            exit="system",
        ),
        name=N_("Terapkan"),
    )
# fmt: on
