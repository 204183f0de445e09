"""What must hold before a predicate is proposed and signed: EV-1 to EV-7 (PermenPANRB 6/2022 p.89-115)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kinerja.rules.distribution import check_distribution
from kinerja.rules.finding import BLOCKS, NATIONAL, WARNS, Finding
from kinerja.rules.predicate import allowed_predicates, head_rating
from kinerja.rules.regulation import Regulation
from kinerja.rules.windows import month_day
from kinerja.rules.words import N_

CURRENT, LAST_YEAR = "berjalan", "tahun_lalu"


@dataclass(frozen=True)
class OrganisationResult:
    """Pattern code of the organisation predicate (national words), of which year, and when it was
    determined."""

    predicate: str
    year: int
    determined_on: date


@dataclass(frozen=True)
class EvaluationFacts:
    """An evaluation about to be proposed.

    ``quarter`` is None for the yearly one. ``organisation`` and ``last_year``: the results known.
    ``unsettled``:
    realisations neither validated nor marked missing with a reason. ``suggested_*``: codes of the
    suggestions, None
    without one; ``reason``: why the penilai departs from them. ``counts``: predicates of the organisation,
    this one
    included. ``note``: catatan/rekomendasi.
    """

    year: int
    quarter: int | None
    today: date
    organisation: OrganisationResult | None
    last_year: OrganisationResult | None
    unsettled: int
    result_rating: str | None
    behaviour_rating: str | None
    predicate: str | None
    suggested_result: str | None = None
    suggested_behaviour: str | None = None
    reason: str = ""
    note: str = ""
    study_leave_failed: bool = False
    heads_upk: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)


def organisation_result(
    facts: EvaluationFacts, regulation: Regulation
) -> tuple[OrganisationResult, str] | None:
    """The organisation result to be used and whether it is of this or last year; None while one must wait.

    For the year: a result determined by 31 January counts; from 25 January last year's may stand in; one
    determined
    later is used only where there is no last year to stand in, since nothing else could (p.94 f; asumsi).
    """
    if facts.quarter is not None:
        return None if facts.organisation is None else (facts.organisation, CURRENT)
    until = month_day(facts.year + 1, regulation.text("capaian_tahun_lalu_sampai"))
    since = month_day(facts.year + 1, regulation.text("capaian_tahun_lalu_mulai"))
    if facts.organisation is not None and facts.organisation.determined_on <= until:
        return facts.organisation, CURRENT
    if facts.last_year is not None and facts.today >= since:
        return facts.last_year, LAST_YEAR
    if facts.organisation is not None and facts.last_year is None:
        return facts.organisation, CURRENT
    return None


def must_reconfirm(facts: EvaluationFacts, used: str, regulation: Regulation) -> bool:
    """Whether an evaluation made on last year's result must be asked again: this year's came in time."""
    current = organisation_result(facts, regulation)
    return facts.quarter is None and used == LAST_YEAR and current is not None and current[1] == CURRENT


def ev_1(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-1: the organisation result is set, or last year's may stand in (then a warning names it)."""
    found = organisation_result(facts, regulation)
    if found is None:
        return [Finding("EV-1", BLOCKS, N_("Capaian organisasi belum ditetapkan"), {}, "", NATIONAL, "92-94")]
    if found[1] == LAST_YEAR:
        message = N_("memakai capaian organisasi tahun lalu")
        return [Finding("EV-1", WARNS, message, {}, "", NATIONAL, "94")]
    return []


def ev_2(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-2: all realisation is validated or marked missing with a reason."""
    if not facts.unsettled:
        return []
    message = N_("%(count)s realisasi belum divalidasi atau ditandai tidak diisi")
    return [Finding("EV-2", WARNS, message, {"count": str(facts.unsettled)}, "", NATIONAL, "97")]


def ev_3(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-3: the predicate is that of the quadrant; only study leave not finished leaves a choice of two."""
    if facts.result_rating is None or facts.behaviour_rating is None:
        return [
            Finding(
                "EV-3",
                BLOCKS,
                N_("Rating hasil kerja atau perilaku kerja belum diisi"),
                {},
                "",
                NATIONAL,
                "97-99",
            )
        ]
    allowed = allowed_predicates(
        facts.result_rating, facts.behaviour_rating, regulation, study_leave_failed=facts.study_leave_failed
    )
    if facts.predicate in allowed:
        return []
    names = regulation.value("predikat_label")
    params = {"allowed": " / ".join(names[code] for code in allowed)}
    page = "100" if facts.study_leave_failed else "99"
    return [Finding("EV-3", BLOCKS, N_("Predikat harus %(allowed)s"), params, "predicate", NATIONAL, page)]


def ev_4(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-4: a rating that differs from the suggestion, or that has none, needs a reason.

    Without a suggestion the penilai rates freely with a reason only where the rule set computes one.
    """
    if facts.reason.strip():
        return []
    found = []
    labels = regulation.value("rating_label")
    pairs = (
        (
            "result_rating",
            facts.result_rating,
            facts.suggested_result,
            N_("Rating hasil kerja berbeda dari saran %(suggested)s: isi alasannya"),
        ),
        (
            "behaviour_rating",
            facts.behaviour_rating,
            facts.suggested_behaviour,
            N_("Rating perilaku kerja berbeda dari saran %(suggested)s: isi alasannya"),
        ),
    )
    for place, rating, suggested, message in pairs:
        if rating is not None and suggested is not None and rating != suggested:
            params = {"suggested": labels[suggested]}
            found.append(Finding("EV-4", BLOCKS, message, params, place, "pilihan rancangan"))
        elif rating is not None and suggested is None and "rating_atas" in regulation:
            text = N_("Saran rating tidak ada: isi alasan penetapan rating")
            found.append(Finding("EV-4", BLOCKS, text, {}, place, "pilihan rancangan"))
    return found


def ev_5(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-5: the pattern of distribution, as warnings; never a block."""
    used = organisation_result(facts, regulation)
    if used is None or not facts.counts:
        return []
    result = check_distribution(used[0].predicate, facts.counts, regulation)
    return [Finding("EV-5", WARNS, b.message, b.params, "", result.source, "94-97") for b in result.breaches]


def ev_6(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-6: catatan/rekomendasi holds at least one sentence before D.1.x is signed."""
    if facts.note.strip():
        return []
    return [Finding("EV-6", BLOCKS, N_("Catatan/rekomendasi belum diisi"), {}, "note", NATIONAL, "115")]


def ev_7(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """EV-7: for the head of a UPK the organisation result is the rating of results; a change needs a
    reason."""
    used = organisation_result(facts, regulation)
    if not facts.heads_upk or used is None or facts.result_rating is None or facts.reason.strip():
        return []
    expected = head_rating(used[0].predicate, regulation).value
    if expected is None or expected == facts.result_rating:
        return []
    message = N_("Rating hasil kerja pimpinan UPK mengikuti predikat organisasi: %(expected)s")
    params = {"expected": regulation.value("rating_label")[expected]}
    source = regulation.parameter("kepala_upk_rating").source
    return [Finding("EV-7", BLOCKS, message, params, "result_rating", source)]


def check_proposal(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """Everything that is to say when the predicate is proposed: EV-1 to EV-7."""
    rules = (ev_1, ev_2, ev_3, ev_4, ev_5, ev_6, ev_7)
    return [finding for rule in rules for finding in rule(facts, regulation)]


def check_signature(facts: EvaluationFacts, regulation: Regulation) -> list[Finding]:
    """What refuses the signature of D.1.1 or D.1.2: EV-6."""
    return ev_6(facts, regulation)
