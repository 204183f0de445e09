"""What holds for the realisation of one indicator in one period: RL-1 to RL-6 (PermenPANRB 6/2022 p.68;
rest desain)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kinerja.rules.exact import fraction, short
from kinerja.rules.finding import BLOCKS, HINTS, NATIONAL, WARNS, Finding
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_

DESIGN = N_("pilihan rancangan")
LOCKING_STATES = ("recorded", "returned", "validated")


@dataclass(frozen=True)
class Evidence:
    """A file or link: its SHA-256 ("" for a link), whether the penilai has opened it, and other years that
    use it."""

    key: str
    name: str
    sha256: str
    opened: bool
    other_years: tuple[int, ...] = ()


@dataclass(frozen=True)
class Realisation:
    """The entry of one indicator for one period.

    ``period_exists`` and ``period_open`` speak of the period; ``has_target`` of the indicator in it.
    ``value`` is the
    number in the indicator's unit, ``progress`` the text of a qualitative one. ``planned`` is the
    trajectory's target
    of the period, None where there is none. ``state`` is that of the realisation document.
    """

    indicator: str
    number: str
    period: str
    period_exists: bool
    period_open: bool
    has_target: bool
    value: Decimal | None
    progress: str
    evidence: tuple[Evidence, ...]
    planned: Decimal | None = None
    state: str = "draft"


def _place(entry: Realisation, part: str) -> str:
    return f"realisation-{entry.indicator}-{part}"


def rl_1(entry: Realisation, regulation: Regulation) -> list[Finding]:
    """RL-1: the period exists and is open, and the indicator has a target in it."""
    params = {"number": entry.number, "period": entry.period}
    if not entry.period_exists or not entry.period_open:
        return [Finding("RL-1", BLOCKS, N_("Periode %(period)s tidak terbuka"), params, "", DESIGN)]
    if not entry.has_target:
        message = N_("Indikator %(number)s tidak memiliki target pada %(period)s")
        return [Finding("RL-1", BLOCKS, message, params, _place(entry, "value"), DESIGN)]
    return []


def rl_2(entry: Realisation, regulation: Regulation, *, at_validation: bool = False) -> list[Finding]:
    """RL-2: a value without evidence is a warning, and at validation blocks where the rule set says so."""
    if entry.evidence or (entry.value is None and not entry.progress.strip()):
        return []
    strict = at_validation and regulation.text("bukti_wajib") == "ya"
    message = N_("Realisasi indikator %(number)s belum disertai bukti dukung")
    params = {"number": entry.number}
    return [
        Finding(
            "RL-2", BLOCKS if strict else WARNS, message, params, _place(entry, "evidence"), NATIONAL, "68"
        )
    ]


def rl_3(entry: Realisation, regulation: Regulation) -> list[Finding]:
    """RL-3: the penilai has opened every piece of evidence before he validates."""
    message = N_("Bukti %(name)s belum dibuka oleh penilai")
    return [
        Finding("RL-3", BLOCKS, message, {"name": item.name}, _place(entry, "evidence"), DESIGN)
        for item in entry.evidence
        if not item.opened
    ]


def rl_4(entry: Realisation, regulation: Regulation) -> list[Finding]:
    """RL-4: a recorded period locks target and capaian, a validated one its values too (AD-1)."""
    if not locks_target(entry.state):
        return []
    message = N_("Indikator %(number)s sudah memiliki realisasi pada %(period)s: target dan capaian terkunci")
    params = {"number": entry.number, "period": entry.period}
    source = regulation.parameter("adendum_batas").source
    return [Finding("RL-4", BLOCKS, message, params, _place(entry, "value"), source)]


def rl_5(entry: Realisation, regulation: Regulation) -> list[Finding]:
    """RL-5: a value several times off its trajectory may be a typing error; a zero on either side is not
    judged."""
    if not entry.value or not entry.planned:
        return []
    times = regulation.number("realisasi_jauh_kali")
    value, planned = abs(fraction(entry.value)), abs(fraction(entry.planned))
    if planned <= times * value and value <= times * planned:
        return []
    message = N_(
        "Realisasi indikator %(number)s %(value)s jauh dari rencana %(planned)s: periksa penulisannya"
    )
    params = {"number": entry.number, "value": short(entry.value), "planned": short(entry.planned)}
    return [Finding("RL-5", HINTS, message, params, _place(entry, "value"), DESIGN)]


def rl_6(entry: Realisation, regulation: Regulation) -> list[Finding]:
    """RL-6: the same file served another year."""
    message = N_("Bukti %(name)s juga dipakai pada tahun %(years)s")
    return [
        Finding(
            "RL-6",
            HINTS,
            message,
            {"name": item.name, "years": ", ".join(map(str, item.other_years))},
            _place(entry, "evidence"),
            DESIGN,
        )
        for item in entry.evidence
        if item.other_years
    ]


def check_recording(entries: Sequence[Realisation], regulation: Regulation) -> list[Finding]:
    """What is to say when the period is recorded: RL-1, 2, 5, 6."""
    return [f for entry in entries for rule in (rl_1, rl_2, rl_5, rl_6) for f in rule(entry, regulation)]


def check_validation(entries: Sequence[Realisation], regulation: Regulation) -> list[Finding]:
    """What is to say when the penilai validates: RL-2 in its strict form, RL-3."""
    return [
        finding
        for entry in entries
        for finding in (*rl_2(entry, regulation, at_validation=True), *rl_3(entry, regulation))
    ]


def locks_target(state: str) -> bool:
    """Whether a realisation in ``state`` locks target and capaian against an Adendum (AD-1)."""
    return state in LOCKING_STATES


def locks_value(state: str) -> bool:
    """Whether the values themselves are locked."""
    return state == "validated"


def locked_periods(states: dict[str, str], regulation: Regulation) -> frozenset[str]:
    """Periods whose target an Adendum may not touch: all of an indicator with a realisation, or those
    recorded.

    ``states``: period -> state of its realisation. ``adendum_batas`` of the rule set chooses (default:
    indikator).
    """
    recorded = frozenset(period for period, state in states.items() if locks_target(state))
    whole = recorded and regulation.text("adendum_batas") == "indikator"
    return frozenset(states) if whole else recorded
