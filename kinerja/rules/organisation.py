"""NKO: value of a unit from the indices of its IKU, and the organisation predicate (KMK 127/2026;
PermenPANRB p.92)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.capaian import STANDINGS, better
from kinerja.rules.coherence import BY_LEVEL
from kinerja.rules.exact import Number, display_against, fraction, short
from kinerja.rules.nhk import NhkItem, nhk
from kinerja.rules.regulation import MISSING, BelumAda, Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import (
    AMBANG_BELUM_ADA,
    BOBOT_BELUM_ADA,
    BOBOT_DINORMALKAN,
    NKO_BELUM_ADA,
    TANPA_INDIKATOR,
    Part,
    Score,
    Suggestion,
    empty,
    given,
    scored,
)


@dataclass(frozen=True)
class IkuIndex:
    """The index of one IKU; ``weight`` inside its sasaran strategis (> 0), K3 only for NKO K3."""

    label: str
    index: Score
    weight: Decimal = Decimal(1)
    k3: Score | None = None


@dataclass(frozen=True)
class Objective:
    """A sasaran strategis: its perspective code and its IKU."""

    label: str
    perspective: str
    indicators: tuple[IkuIndex, ...]


def nss(objective: Objective, regulation: Regulation) -> Score:
    """NSS: mean of the indices weighted inside the objective; empty IKU left out (sementara), none:
    TANPA_INDIKATOR."""
    own = [part for item in objective.indicators for part in item.index.parts]
    known = [(item, item.index.exact) for item in objective.indicators if item.index.exact is not None]
    if not known:
        return empty(TANPA_INDIKATOR, own, provisional=True)
    total = sum((fraction(item.weight) for item, _ in known), Fraction(0))
    value = sum((fraction(item.weight) * exact for item, exact in known), Fraction(0)) / total
    parameter = regulation.parameter("bobot_iku_dalam_ss")
    part = Part(
        N_("Nilai sasaran strategis"),
        parameter.code,
        parameter.source,
        N_("rata-rata indeks IKU berbobot"),
        tuple((item.label, short(exact)) for item, exact in known),
        short(value),
        parameter.status,
    )
    return scored(value, (*own, part), provisional=_left_out(objective.indicators))


def perspective_values(objectives: Sequence[Objective], regulation: Regulation) -> dict[str, Score]:
    """Value of each perspective that has an objective, in the order of the rule set: the mean of its NSS.

    An objective without NSS is left out (sementara), none left: TANPA_INDIKATOR. Raises KeyError for a perspective
    the rule set does not know.
    """
    names = regulation.value("perspektif_nko")
    if unknown := {objective.perspective for objective in objectives} - set(names):
        raise KeyError(f"unknown perspectives {sorted(unknown)}")
    own = {code: [one for one in objectives if one.perspective == code] for code in names}
    return {code: _perspective(names[code], found, regulation) for code, found in own.items() if found}


def _perspective(name: str, objectives: Sequence[Objective], regulation: Regulation) -> Score:
    scores = [(objective.label, nss(objective, regulation)) for objective in objectives]
    own = [part for _, score in scores for part in score.parts]
    known = [(label, score.exact) for label, score in scores if score.exact is not None]
    if not known:
        return empty(TANPA_INDIKATOR, own, provisional=True)
    value = sum((exact for _, exact in known), Fraction(0)) / len(known)
    parameter = regulation.parameter("bobot_iku_dalam_ss")
    part = Part(
        N_("Nilai perspektif"),
        "nilai_perspektif",
        parameter.source,
        N_("rata-rata nilai sasaran strategis"),
        ((N_("perspektif"), name), *((label, short(exact)) for label, exact in known)),
        short(value),
        parameter.status,
    )
    return scored(value, (*own, part), provisional=any(score.provisional for _, score in scores))


def nko(objectives: Sequence[Objective], regulation: Regulation, level: str = "") -> Score:
    """NKO by the method of the rule set: mean of all IKU indices, or perspectives by weight.

    ``level`` of the UPK (L0..L4): its own weights where the rule set has some. A rule set without NKO: NKO_BELUM_ADA.
    """
    if "metode_nko" not in regulation:
        return empty(NKO_BELUM_ADA)
    if regulation.text("metode_nko") == "iku":
        return nko_iku(
            [item for objective in objectives for item in objective.indicators],
            regulation,
        )
    return nko_perspective(objectives, regulation, level)


def nko_iku(indicators: Sequence[IkuIndex], regulation: Regulation) -> Score:
    """NKO as the mean of all IKU indices; empty ones left out (sementara), none left: TANPA_INDIKATOR."""
    own = [part for item in indicators for part in item.index.parts]
    known = [(item.label, item.index.exact) for item in indicators if item.index.exact is not None]
    if not known:
        return empty(TANPA_INDIKATOR, own)
    value = sum((exact for _, exact in known), Fraction(0)) / len(known)
    parameter = regulation.parameter("metode_nko")
    part = Part(
        N_("NKO"),
        parameter.code,
        parameter.source,
        N_("rata-rata indeks IKU"),
        tuple((label, short(exact)) for label, exact in known),
        short(value),
        parameter.status,
    )
    return scored(value, (*own, part), provisional=_left_out(indicators))


def perspective_weight(code: str, regulation: Regulation, level: str = "") -> tuple[Fraction | None, str]:
    """The weight of a perspective, None while it is not known, with the parameter that gives it: for the level of its
    UPK where the rule set has one, else for all."""
    if BY_LEVEL in regulation and regulation.parameter(BY_LEVEL).status != MISSING:
        weights = regulation.value(BY_LEVEL).get(level) or {}
        if any(weights.values()):
            return Fraction(weights.get(code, 0)), BY_LEVEL
    key = f"bobot_perspektif_{code}"
    try:
        return regulation.number(key), key
    except BelumAda:
        return None, key


def nko_perspective(objectives: Sequence[Objective], regulation: Regulation, level: str = "") -> Score:
    """NKO as weighted sum of the perspectives, each the mean of its NSS.

    A weight that is not known: BOBOT_BELUM_ADA (enter NKO by SKEP instead). Weights that do not sum to 1
    count as
    not known. A perspective without value is left out and the rest renormalised, flagged.
    """
    codes = tuple(regulation.value("perspektif_nko"))
    found = [perspective_weight(code, regulation, level) for code in codes]
    keys = tuple(dict.fromkeys(key for _weight, key in found))
    weights = {code: weight for code, (weight, _key) in zip(codes, found, strict=True) if weight is not None}
    if len(weights) < len(codes):
        return empty(BOBOT_BELUM_ADA)
    if sum(weights.values(), Fraction(0)) != 1:
        return empty(BOBOT_BELUM_ADA)
    scores = perspective_values(objectives, regulation)
    own = [part for score in scores.values() for part in score.parts]
    means = {code: score.exact for code, score in scores.items() if score.exact is not None}
    if not means:
        return empty(TANPA_INDIKATOR, own)
    total = sum((weights[code] for code in means), Fraction(0))
    if not total:
        return empty(BOBOT_BELUM_ADA, own)
    value = sum((weights[code] * mean for code, mean in means.items()), Fraction(0)) / total
    part = Part(
        N_("NKO"),
        "nko_perspektif",
        regulation.parameter(keys[0]).source,
        N_("jumlah (nilai perspektif x bobot) / jumlah bobot"),
        (
            *(((N_("tingkat UPK"), level),) if keys == (BY_LEVEL,) else ()),
            *((code, f"{short(mean)} x {short(weights[code])}") for code, mean in means.items()),
        ),
        short(value),
        regulation.status_of(*keys, "metode_nko"),
    )
    left_out = any(weights[code] for code in codes if code not in means)
    flags = (BOBOT_DINORMALKAN,) if left_out else ()
    return scored(
        value,
        (*own, part),
        provisional=left_out or any(score.provisional for score in scores.values()),
        flags=flags,
    )


def nko_k3(indicators: Sequence[IkuIndex], regulation: Regulation) -> Score:
    """NKO K3: the form of NHK over the IKU of the map, 0..120; IKU without K3 or index left out
    (sementara)."""
    items = [NhkItem(item.label, item.index, item.k3 or empty(BOBOT_BELUM_ADA)) for item in indicators]
    score = nhk(items, regulation)
    if score.exact is None:
        return score
    parameter = regulation.parameter("nko_k3_rumus")
    last = score.parts[-1]
    part = Part(
        N_("NKO K3"),
        parameter.code,
        parameter.source,
        parameter.value,
        last.inputs,
        last.value,
        regulation.status_of("nko_k3_rumus", "nhk_rumus"),
    )
    return scored(
        score.exact,
        (*score.parts[:-1], part),
        provisional=score.provisional,
        flags=score.flags,
    )


def nko_entered(value: Number, decree: str) -> Score:
    """An NKO fixed by SKEP; it wins over the computed one. ``decree``: number and date as they are to be
    shown."""
    return given(value, N_("NKO menurut SKEP"), decree)


def organisation_predicate(score: Score, regulation: Regulation) -> Suggestion:
    """The organisation predicate proposed for NKO; a person confirms it. Empty when NKO or the bounds are
    missing."""
    if score.exact is None:
        return Suggestion(None, score.reason or NKO_BELUM_ADA, score.provisional, score.parts)
    parameter = regulation.parameter("predikat_organisasi_batas")
    if parameter.value is None:
        return Suggestion(None, BOBOT_BELUM_ADA, score.provisional, score.parts)
    code, bounds, exact = "", [Fraction(0)], score.exact
    for band in parameter.value:
        code = band["code"]
        if "from" not in band:
            break
        bounds.append(fraction(band["from"]))
        if exact >= bounds[-1]:
            break
    # 109.999 is not shown as 110,00 beside a predicate that begins under it
    near = min(bounds, key=lambda bound: abs(bound - exact))
    label = regulation.value("predikat_organisasi_label")[code]
    part = Part(
        N_("Predikat organisasi"),
        parameter.code,
        parameter.source,
        N_("batas bawah ikut masuk"),
        (("NKO", display_against(exact, near)),),
        label,
        parameter.status,
    )
    return Suggestion(code, None, score.provisional, (*score.parts, part))


def standing(
    lines: Sequence[tuple[str, Number | None, Number | None, str]], slot_is_year: bool, regulation: Regulation
) -> Suggestion:
    """What a rule set without NKO lets the leader see before he chooses: how each IKU stands to its target.

    ``lines``: (name, realisation, target, polarity), both consolidated. The regulation says what exceeds and what
    lacks progress, and no bound between (SE MenPANRB 3/2023), so that nothing is proposed: AMBANG_BELUM_ADA.
    """
    known = [
        (name, better(r, t, polarity)) for name, r, t, polarity in lines if r is not None and t is not None
    ]
    parameter = regulation.parameter("capaian_organisasi")
    counts = [sum(1 for _name, one in known if one == sign) for sign in (1, 0, -1)]
    inputs = [(STANDINGS[sign], str(count)) for sign, count in zip((1, 0, -1), counts, strict=True)]
    inputs.append((N_("belum dapat dibandingkan"), str(len(lines) - len(known))))
    if slot_is_year:
        inputs += [(N_("ekspektasi pimpinan"), "–"), (N_("indeks reformasi birokrasi"), "–")]
    part = Part(
        N_("Capaian kinerja organisasi"), parameter.code, parameter.source, parameter.value, tuple(inputs), None,
        parameter.status,
    )  # fmt: skip
    reason = AMBANG_BELUM_ADA if known else TANPA_INDIKATOR
    return Suggestion(None, reason, len(known) < len(lines), (part,))


def counted(nko: Score, nko_k3: Score, regulation: Regulation) -> Score:
    """The value that predicate and NKP go by: NKO, or NKO K3 where the rule set says so."""
    return nko_k3 if "nko_dipakai" in regulation and regulation.text("nko_dipakai") == "nko_k3" else nko


def pattern_of(organisation: str, regulation: Regulation) -> str:
    """The pattern (national organisation predicate) for a predicate of the rule set. Raises KeyError."""
    return str(regulation.value("predikat_organisasi_pola")[organisation])


def _left_out(indicators: Sequence[IkuIndex]) -> bool:
    """Whether the result must do without an indicator, or rests on one that is itself provisional."""
    return any(item.index.exact is None or item.index.provisional for item in indicators)


@dataclass(frozen=True)
class Without:
    """Why no SKP is made for the holder of a post: the rule, an Indonesian sentence and its source."""

    rule: str
    text: str
    source: str


# Posts without an SKP: post group and rank in lower case.
WITHOUT_SKP = {
    ("lain", "menteri"): Without(
        "1.10",
        N_("Menteri adalah pejabat negara, yang dikecualikan dari perencanaan kinerja pegawai."),
        "PermenPANRB 6/2022 hlm. 66",
    ),
    ("lain", "menteri koordinator"): Without(
        "1.10",
        N_("Menteri adalah pejabat negara, yang dikecualikan dari perencanaan kinerja pegawai."),
        "PermenPANRB 6/2022 hlm. 66",
    ),
    ("lain", "wakil menteri"): Without(
        "1.2",
        N_("Bagi Wakil Menteri tidak disusun SKP (asumsi: peraturan tidak menyebutnya)."),
        "pilihan rancangan",
    ),
}


def without_skp(post_group: str, rank: str) -> Without | None:
    """Why the holder of this post makes no SKP; None when he makes one."""
    return WITHOUT_SKP.get((post_group.lower(), rank.lower()))
