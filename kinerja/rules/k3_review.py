"""Reviu K3: what of an indicator under review still lacks, and which indicators come to a later review.

K3-1 all manuals approved (a warning), K3-2 a missing history leaves the target without weight (blocks); every indicator
has both weights before a review ends (KMK 127/2026 h.70-75, 123).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kinerja.rules.finding import BLOCKS, WARNS, Finding
from kinerja.rules.k3 import TargetFacts, k3, quality_weight, target_weight
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import (
    BOBOT_BELUM_ADA,
    PASANGAN_TERLARANG,
    RIWAYAT_KOSONG,
    TARGET_KOSONG,
    Score,
    empty,
)

K127 = "KMK 127/2026"
# Which plans the system opens a review for: all, PK and those SKP whose IKI have manuals, PK alone, none.
SCOPE = "k3_reviu_lingkup"
EVERY, WITH_MANUAL, UNITS, NONE = "semua", "bermanual", "pk", "-"
# What the desk of the reviewer looks for.
PAIR, HISTORY, MANUAL = "pasangan", "riwayat", "manual"
PROBLEMS = (PAIR, HISTORY, MANUAL)


@dataclass(frozen=True)
class Reviewed:
    """One indicator as it stands in a review; "" and None where nobody has said it yet.

    ``manual``: is a manual of it in force? ``manual_due``: until when one must be; None where none is owed.
    """

    key: str
    number: str
    validity: str
    control: str
    status: str
    polarity: str
    target: Decimal | None
    target_y1: Decimal | None = None
    realisation_y1: Decimal | None = None
    manual: bool = False
    manual_due: date | None = None


def scope_of(regulation: Regulation) -> str:
    """Which plans of a period have their K3 reviewed; none where its law does not speak of it."""
    return regulation.text(SCOPE) if SCOPE in regulation else NONE


def score_of(one: Reviewed, regulation: Regulation) -> Score:
    """K3 of the indicator with its working, or the reason why it has none."""
    if not (one.validity and one.control and one.status):
        return empty(BOBOT_BELUM_ADA)
    facts = TargetFacts(one.status, one.polarity, one.target, one.target_y1, one.realisation_y1)
    quality = quality_weight(one.validity, one.control, regulation)
    return k3(quality, target_weight(facts, regulation), regulation)


def problems(one: Reviewed, regulation: Regulation, today: date) -> tuple[str, ...]:
    """Which of PROBLEMS the indicator has on a day: a forbidden pair, a missing history, a late manual."""
    found = []
    if one.validity and one.control and quality_weight(one.validity, one.control, regulation).exact is None:
        found.append(PAIR)
    if one.status:
        facts = TargetFacts(one.status, one.polarity, one.target, one.target_y1, one.realisation_y1)
        if target_weight(facts, regulation).reason == RIWAYAT_KOSONG:
            found.append(HISTORY)
    if not one.manual and one.manual_due is not None and today > one.manual_due:
        found.append(MANUAL)
    return tuple(found)


def check(items: Sequence[Reviewed], regulation: Regulation) -> list[Finding]:
    """Everything a review still lacks before it can end, and what it is warned of."""
    found = []
    for one in items:
        found += _weights(one, regulation)
        if not one.manual:
            message = N_("Manual indikator %(number)s belum berlaku")
            found.append(Finding("K3-1", WARNS, message, {"number": one.number}, f"item-{one.key}", K127))
    return found


def _weights(one: Reviewed, regulation: Regulation) -> list[Finding]:
    told = {"number": one.number}
    if not (one.validity and one.control):
        message = N_("Indikator %(number)s: pilih validitas dan tingkat kendali")
        part = "control" if one.validity else "validity"
        return [Finding("K3", BLOCKS, message, told, f"item-{one.key}-{part}", K127)]
    if not one.status:
        message = N_("Indikator %(number)s: pilih status target")
        return [Finding("K3", BLOCKS, message, told, f"item-{one.key}-target_status", K127)]
    reason = score_of(one, regulation).reason
    if reason == PASANGAN_TERLARANG:
        message = N_("Indikator %(number)s: validitas dan tingkat kendali ini tidak boleh berpasangan")
        return [Finding("K3", BLOCKS, message, told, f"item-{one.key}-control", K127)]
    if reason == RIWAYAT_KOSONG:
        message = N_(
            "Indikator %(number)s: isi target dan realisasi tahun lalu; tanpa itu target tak berbobot"
        )
        return [Finding("K3-2", BLOCKS, message, told, f"item-{one.key}-target_y1", K127)]
    if reason == TARGET_KOSONG:
        message = N_("Indikator %(number)s belum bertarget")
        return [Finding("K3", BLOCKS, message, told, f"item-{one.key}", K127)]
    return []


def differs(now: Reviewed, before: Reviewed) -> bool:
    """Has what K3 rests on changed since it was reviewed, so that the running quarter reviews it again?"""
    return _rests_on(now) != _rests_on(before)


def _rests_on(one: Reviewed) -> tuple[object, ...]:
    return (
        one.validity, one.control, one.status, one.polarity, one.target, one.target_y1, one.realisation_y1,
    )  # fmt: skip
