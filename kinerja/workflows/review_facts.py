"""What the guards of an evaluation look at, and the guards themselves; the table is predicate_review.py."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from kinerja.rules import evaluation as law
from kinerja.rules.finding import BLOCKS, Finding
from kinerja.rules.words import N_
from kinerja.workflows.base import OWN_RULE, Condition, Facts, Unmet, because
from kinerja.workflows.roles import Actor, Relation

PENILAI, ATASAN, ABOVE, SUBJECT = (
    Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN, Relation.SUBJECT,
)  # fmt: skip
CALIBRATORS = (ATASAN, ABOVE, Relation.CALIBRATOR)
REPORTERS = (PENILAI, ATASAN, Relation.DECIDER)
RELIEF = (ATASAN, Relation.SEKRETARIAT)


class Matter(Protocol):
    """The content of an evaluation as needs ask for it; each answer is read from the database when it is asked."""

    @property
    def evaluation(self) -> law.EvaluationFacts:
        """What the rules EV-1 to EV-7 judge."""

    @property
    def head_unit(self) -> law.EvaluationFacts | None:
        """The same with the result of the UPK the subject leads himself, None when he leads none."""


@dataclass
class ReviewFacts(Facts):
    """What the guards of an evaluation look at; `services.evaluation` fills it for one document and day.

    `matter` is absent on lists, where nothing is asked of it. `question` is open while this year's organisation
    result has come after an evaluation on last year's.
    """

    matter: Matter | None = None
    regulation: Any = None
    result_reason: str = ""
    behaviour_reason: str = ""
    realisation_reason: str = ""
    org_is_top: bool = False
    window_over: bool = False
    has_superior: bool = True
    next_calibrator: Relation | None = field(default=ATASAN, metadata={"values": (None, *CALIBRATORS)})
    last_calibrator: Relation | None = field(default=ATASAN, metadata={"values": (None, *CALIBRATORS)})
    last_level: bool = True
    calibration_lapsed: bool = False
    has_session: bool = False
    session_pending: bool = False
    session_present: int = 0
    session_over: bool = False
    question: bool = False
    settled: bool = True
    sign_late: bool = False
    superior_signed: bool = False
    final_because: str = ""
    may_object: bool = True
    object_clock_over: bool = False
    silence_over: bool = False
    has_account: bool = True
    opened_by_subject: bool = False
    delivered_days: int = 0
    reporter: Relation = field(default=PENILAI, metadata={"values": REPORTERS})
    repair_approved: bool = False
    # Who may act in the place of the one awaited, five working days past the due moment; nobody before.
    substitute: Relation | None = field(default=None, metadata={"values": (None, *RELIEF)})


# Guards: who may, in this situation. They answer for bare facts too.


def evaluated_by_penilai(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.acting_level == 0


def evaluated_by_superior(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.acting_level > 0


@because(N_("Belum waktunya: jendela evaluasi periode ini belum berakhir."))
def window_over(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.window_over


@because(N_("Tidak ada atasan penilai di atasnya."))
def has_superior(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.has_superior


@because(N_("Capaian organisasi ditetapkan pimpinan satu tingkat di atas UPK."))
def leads_organisation(facts: ReviewFacts, actor: Actor) -> bool:
    """The leader one level above the UPK; at the top of the ministry, where there is none, the Komite Eksekutif."""
    return facts.org_is_top or actor.has(Relation.UPK_ABOVE)


@because(N_("Capaian organisasi UPK ini ditetapkan melalui dokumen Nilai organisasi."))
def result_is_set_by_hand(facts: ReviewFacts, actor: Actor) -> bool:
    """No nilai organisasi determines it: then the leader above sets it here."""
    return not getattr(facts.matter, "by_document", False)


@because(N_("Tingkat kalibrasi yang ditunggu sekarang bukan tingkat Anda."))
def is_next_calibrator(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.next_calibrator is not None and actor.has(facts.next_calibrator)


@because(N_("Hanya pengkalibrasi terakhir yang dapat mengembalikannya."))
def is_last_calibrator(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.last_calibrator is not None and actor.has(facts.last_calibrator)


def at_last_level(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.last_level


def not_at_last_level(facts: ReviewFacts, actor: Actor) -> bool:
    return not facts.last_level


@because(N_("Menunggu kalibrasi atau sidang lebih dahulu."))
def needs_no_judgement(facts: ReviewFacts, actor: Actor) -> bool:
    """No calibration and no session stand between the proposal and its determination."""
    return facts.next_calibrator is None and not facts.has_session


def calibration_lapsed(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.calibration_lapsed


def session_pending(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.session_pending


@because(N_("Menunggu sidang TPK lebih dahulu."))
def no_session_pending(facts: ReviewFacts, actor: Actor) -> bool:
    return not facts.session_pending


@because(N_("Belum waktunya: sidang baru dapat ditiadakan lima hari kerja sesudah tanggalnya."))
def session_over(facts: ReviewFacts, actor: Actor) -> bool:
    """Nobody met until five working days after the day of the session."""
    return facts.session_over


@because(N_("Belum waktunya: penilai masih dapat menandatangani D.1.1."))
def sign_late(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.sign_late


@because(N_("Batas tanda tangan penilai sudah lewat; atasan penilai menandatangani D.1.2."))
def sign_not_late(facts: ReviewFacts, actor: Actor) -> bool:
    return not facts.sign_late


def question_open(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.question


def settled(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.settled


def superior_signed(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.superior_signed


def penilai_signed(facts: ReviewFacts, actor: Actor) -> bool:
    return not facts.superior_signed


def ends_early(facts: ReviewFacts, actor: Actor) -> bool:
    """A D.1.2 against which no objection is possible: silence ends it after 7 working days."""
    return facts.superior_signed and not facts.may_object


def ends_late(facts: ReviewFacts, actor: Actor) -> bool:
    return not ends_early(facts, actor)


def silence_over(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.silence_over


@because(N_("Dilaporkan oleh pejabat yang terakhir memutus hasil ini."))
def is_reporter(facts: ReviewFacts, actor: Actor) -> bool:
    return actor.has(facts.reporter)


def repair_approved(facts: ReviewFacts, actor: Actor) -> bool:
    return facts.repair_approved


def in_place_of(awaited: Callable[[ReviewFacts], Relation]) -> Condition:
    """He is the substitute of the one who is awaited, and not that one himself."""

    @because(N_("Belum waktunya: dapat diambil alih lima hari kerja sesudah tenggat terlewati."))
    def condition(facts: ReviewFacts, actor: Actor) -> bool:
        substitute = facts.substitute
        return substitute is not None and actor.has(substitute) and not actor.has(awaited(facts))

    condition.__name__ = "is_substitute"
    return condition


def signer(facts: ReviewFacts) -> Relation:
    """Who signed, and so delivers: the penilai, or the atasan his D.1.2."""
    return ATASAN if facts.superior_signed else PENILAI


# Needs: what is missing, in words. The completeness list of the page is made of the same answers.


def _unmet(findings: list[Finding]) -> list[Unmet]:
    return [
        Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in findings if f.severity == BLOCKS
    ]


def proposal_findings(facts: ReviewFacts) -> list[Finding]:
    """Everything the rules say about this proposal, warnings too; each rating is asked for its own reason.

    The rating of results of the head of a UPK follows his own unit's result (EV-7), not the suggestion.
    """
    if facts.matter is None:
        return []
    base, head, regulation = facts.matter.evaluation, facts.matter.head_unit, facts.regulation
    results = replace(base, behaviour_rating=None, reason=facts.result_reason)
    behaviour = replace(base, result_rating=None, reason=facts.behaviour_reason)
    found = [*law.ev_1(base, regulation), *law.ev_2(base, regulation), *law.ev_3(base, regulation)]
    if head is None:
        found += law.ev_4(results, regulation)
    else:
        own = replace(head, reason=facts.result_reason)
        if law.organisation_result(own, regulation) is None:
            found += law.ev_4(replace(results, suggested_result=None), regulation)
        found += law.ev_7(own, regulation)
    found += law.ev_4(behaviour, regulation)
    return [*found, *law.ev_5(base, regulation), *law.ev_6(base, regulation)]


def proposable(facts: ReviewFacts) -> list[Unmet]:
    """EV-1 to EV-7. Realisation that nobody validated may be passed with a reason, and after the window without."""
    found = _unmet(proposal_findings(facts))
    open_ones = facts.matter.evaluation.unsettled if facts.matter is not None else 0
    if open_ones and not facts.window_over and not facts.realisation_reason.strip():
        text = N_("%(count)s realisasi belum divalidasi atau ditandai tidak diisi: isi alasannya.")
        found.append(
            Unmet("EV-2", text, {"count": str(open_ones)}, "realisation_reason", "PermenPANRB 6/2022 hlm. 97")
        )
    return found


def signable(facts: ReviewFacts) -> list[Unmet]:
    """EV-6: a D.1.1 or D.1.2 holds at least a predicate and a catatan or rekomendasi (p.114 no. 3)."""
    return (
        [] if facts.matter is None else _unmet(law.check_signature(facts.matter.evaluation, facts.regulation))
    )


def rated(facts: ReviewFacts) -> list[Unmet]:
    """EV-3: what is determined has both ratings and the predicate of the quadrant."""
    return [] if facts.matter is None else _unmet(law.ev_3(facts.matter.evaluation, facts.regulation))


def question_settled(facts: ReviewFacts) -> list[Unmet]:
    if not facts.question:
        return []
    text = N_(
        "Capaian organisasi tahun berjalan sudah terbit: penilai menegaskan atau mengubah hasil lebih dahulu."
    )
    return [Unmet("EV-1", text, source="PermenPANRB 6/2022 hlm. 94")]


def quorum(facts: ReviewFacts) -> list[Unmet]:
    if facts.session_present >= 3:
        return []
    return [
        Unmet(OWN_RULE, N_("Sidang dihadiri sedikitnya tiga anggota yang tidak ikut menilai."), {}, "present")
    ]


def objectable(facts: ReviewFacts) -> list[Unmet]:
    """KB-1 and KB-4: within 14 working days from receipt, and not where the law calls the evaluation final."""
    found = question_settled(facts)
    if not facts.may_object:
        found.append(Unmet("KB-4", facts.final_because, source="PermenPANRB 6/2022 hlm. 90"))
    if facts.object_clock_over:
        text = N_("Batas keberatan, 14 hari kerja sejak dokumen diterima, sudah lewat.")
        found.append(Unmet("KB-1", text, source="PermenPANRB 6/2022 hlm. 117"))
    return found


def may_be_handed_over(facts: ReviewFacts) -> list[Unmet]:
    """Receipt is the subject's own act first: the pengelola waits, unless he has no account at all."""
    wait = 0 if not facts.has_account else 15 if facts.opened_by_subject else 10
    if facts.delivered_days >= wait:
        return []
    text = N_(
        "Penyerahan dapat dicatat mulai hari kerja ke-%(wait)s sejak disampaikan; sekarang hari ke-%(days)s."
    )
    return [Unmet(OWN_RULE, text, {"wait": wait, "days": facts.delivered_days})]
