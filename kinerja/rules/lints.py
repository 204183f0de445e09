"""Craft of an SKP: wording, quality, numbers that do not fit (SKP-10 to SKP-13, SKP-15 to SKP-17, 20, 21,
PK-8)."""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.capaian import MINIMIZE
from kinerja.rules.consolidation import METHODS, trajectory_total
from kinerja.rules.content import (
    KNOWS_MATRIX,
    KNOWS_SQUADS,
    QUALITATIVE,
    UTAMA,
    Indicator,
    ResultRow,
    Skp,
)
from kinerja.rules.exact import fraction, short
from kinerja.rules.finding import BLOCKS, HINTS, NATIONAL, UNKNOWN, WARNS, Finding
from kinerja.rules.k3 import CONTROLS, VALIDITIES
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_, token

# The joint label of SKP-20: a row under it counts for neither of the two until it is marked.
JOINT_PERSPECTIVE = "penguatan_internal_dan_anggaran"


def words_in(text: str, words: Iterable[str]) -> list[str]:
    """Those of ``words`` that stand in ``text`` as whole words, in the order given."""
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)]


def skp_10(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-10: absolute words in a target of JA or JF; accepted on a flagged hasil kerja utama (p.51)."""
    if skp.is_leader:
        return []
    reasons = regulation.value("alasan_mutlak")
    absolute = (*regulation.value("kata_mutlak"), *regulation.value("kata_mutlak_tambahan"))
    found = []
    for row, item in skp.indicators:
        if row.kind == UTAMA and token(row.absolute_reason) in reasons:
            continue
        text = item.target_text
        words = absolute
        if skp.approach == QUALITATIVE:
            text = f"{item.text} {item.target_text}"
            words = (*absolute, *regulation.value("persen_mutlak"))
        if hits := words_in(text, words):
            message = N_("Target indikator %(number)s bersifat mutlak: %(words)s")
            params = {"number": item.number, "words": ", ".join(hits)}
            found.append(
                Finding("SKP-10", WARNS, message, params, f"indicator-{item.key}-target", NATIONAL, "51")
            )
    return found


def skp_11(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-11: a result plan that starts with an activity verb instead of a result."""
    verbs = set(regulation.value("kata_kegiatan"))
    message = N_('Rencana hasil kerja %(number)s berawal kata kegiatan "%(word)s": tulis hasilnya')
    found = []
    for row in skp.rows:
        first = re.match(r"\W*(\w+)", row.rhk)
        if first and first[1].lower() in verbs:
            params = {"number": row.number, "word": first[1]}
            found.append(
                Finding("SKP-11", WARNS, message, params, f"row-{row.key}-rhk", NATIONAL, "47, 120-122")
            )
    return found


def skp_12(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-12: quality and control of a result fit the post; JF who lead no team are left to the penilai."""
    order = regulation.value("mutu_urutan")
    post = "jpt" if skp.is_leader else token(skp.post_rank)
    least = regulation.value("mutu_minimum").get(post)
    if least is None:
        return []
    message = N_("Indikator %(number)s bermutu %(quality)s; bagi jabatan ini paling kurang %(least)s")
    found = []
    for _, item in skp.indicators:
        quality = token(item.quality)
        if quality in order and order.index(quality) > order.index(least):
            params = {
                "number": item.number,
                "quality": quality.replace("_", " "),
                "least": least.replace("_", " "),
            }
            found.append(
                Finding("SKP-12", WARNS, message, params, f"indicator-{item.key}-text", NATIONAL, "28, 44")
            )
    return found


def skp_13(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-13: each row of JA or JF comes from a cell of the matriks; ? while the matriks is not known."""
    if skp.is_leader:
        return []
    if KNOWS_MATRIX not in skp.slots:
        message = N_(
            "Asal baris dari matriks pembagian peran dan hasil belum dapat diperiksa: "
            "pimpinan belum menyusun matriks"
        )
        return [Finding("SKP-13", UNKNOWN, message, {}, "", NATIONAL, "47, 57")]
    message = N_("Baris %(number)s tidak berasal dari matriks pembagian peran dan hasil")
    return [
        Finding("SKP-13", WARNS, message, {"number": row.number}, f"row-{row.key}-rhk", NATIONAL, "47, 57")
        for row in skp.rows
        if not row.matrix_cell
    ]


def skp_15(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-15: pairs of validity and control without a weight, and activity with high for the owner of a map
    (PK-6)."""
    found = []
    for _, item in skp.indicators:
        if severity := pair_severity(item.validity, item.control, skp.owns_strategy_map, regulation):
            message = N_(
                "Indikator %(number)s berpasangan %(validity)s dan %(control)s, yang tidak diperbolehkan"
            )
            params = {"number": item.number, "validity": item.validity, "control": item.control}
            source = regulation.parameter("pasangan_tingkat").source
            found.append(
                Finding("SKP-15", severity, message, params, f"indicator-{item.key}-text", source, "")
            )
    return found


def pair_severity(validity: str, control: str, owns_map: bool, regulation: Regulation) -> str:
    """Severity of a pair by PK-6: B, P, or "" when it is allowed, unknown, or the rule set has no such
    rule."""
    if validity not in VALIDITIES or control not in CONTROLS:
        return ""
    key = ""
    if (validity, control) in (("activity", "low"), ("exact", "high")):
        key = "pasangan_tingkat"
    elif (validity, control) == ("activity", "high") and owns_map:
        key = "pasangan_peta_tingkat"
    severity = regulation.text(key) if key else "-"
    return "" if severity == "-" else severity


def skp_16(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-16: a squad member has an indicator for the squad; ? while the squads are not known."""
    source = regulation.parameter("iki_tim_tingkat").source
    if KNOWS_SQUADS not in skp.slots:
        unknown = N_("Keanggotaan tim kerja belum dapat diperiksa: pimpinan belum menyusun matriks")
        return [Finding("SKP-16", UNKNOWN, unknown, {}, "", source, "")]
    if not skp.named(KNOWS_SQUADS) or any(row.squad and row.indicators for row in skp.rows):
        return []
    message = N_("Belum ada indikator untuk tim kerja: %(squads)s")
    params = {"squads": ", ".join(skp.named(KNOWS_SQUADS))}
    return [Finding("SKP-16", regulation.text("iki_tim_tingkat"), message, params, "", source, "")]


def skp_17(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-17: an indicator that names no time: neither in words, nor as aspect, nor as trajectory."""
    words = regulation.value("kata_waktu")
    message = N_(
        "Indikator %(number)s belum menyebut batas waktu; periksa juga: spesifik, realistis, sesuai kondisi"
    )
    return [
        Finding(
            "SKP-17", HINTS, message, {"number": item.number}, f"indicator-{item.key}-target", NATIONAL, "51"
        )
        for _, item in skp.indicators
        if not _has_time(item, words)
    ]


def _has_time(item: Indicator, words: Iterable[str]) -> bool:
    text = f"{item.text} {item.target_text} {item.unit}"
    planned = any(value is not None for value in item.trajectory.values())
    return (
        planned
        or "waktu" in item.aspects
        or bool(words_in(text, words))
        or bool(re.search(r"\b20\d\d\b", text))
    )


def skp_20(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-20: a row under the joint label "Penguatan Internal dan Anggaran" must say which of the two it
    is."""
    if not joins_budget(regulation, skp.owns_strategy_map):
        return []
    message = N_(
        "Baris %(number)s berlabel Penguatan Internal dan Anggaran: tandai anggaran atau penguatan internal"
    )
    source = regulation.parameter("label_anggaran_digabung").source
    return [
        Finding("SKP-20", HINTS, message, {"number": row.number}, f"row-{row.key}-rhk", source, "")
        for row in skp.rows
        if token(row.perspective) == JOINT_PERSPECTIVE
    ]


def joins_budget(regulation: Regulation, owns_strategy_map: bool) -> bool:
    """Whether the last perspective of a Pimpinan UPK bears the name of both (KMK 127/2026)."""
    return owns_strategy_map and regulation.text("label_anggaran_digabung") == "ya"


def skp_21(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-21: rows that nearly repeat each other, and targets easier than last year's result."""
    found = []
    least = regulation.whole("mirip_persen")
    for index, row in enumerate(skp.rows):
        for other in skp.rows[index + 1 :]:
            if _alike(row, other, least):
                message = N_("Rencana hasil kerja %(number)s mirip dengan %(other)s")
                params = {"number": other.number, "other": row.number}
                found.append(
                    Finding("SKP-21", HINTS, message, params, f"row-{other.key}-rhk", "pilihan rancangan")
                )
    for _, item in skp.indicators:
        before = skp.last_year_targets.get(item.key)
        if before is None or item.target is None:
            continue
        if item.target > before if item.polarity == MINIMIZE else item.target < before:
            message = N_(
                "Target indikator %(number)s lebih mudah daripada tahun lalu: %(target)s, dahulu %(before)s"
            )
            params = {"number": item.number, "target": short(item.target), "before": short(before)}
            place = f"indicator-{item.key}-target"
            found.append(Finding("SKP-21", HINTS, message, params, place, "pilihan rancangan"))
    return found


def _alike(one: ResultRow, other: ResultRow, percent: int) -> bool:
    first, second = set(re.findall(r"\w+", one.rhk.lower())), set(re.findall(r"\w+", other.rhk.lower()))
    return bool(first and second) and 100 * len(first & second) >= percent * len(first | second)


def pk_8(skp: Skp, regulation: Regulation) -> list[Finding]:
    """PK-8 on an SKP: the trajectory of each indicator agrees with its target of the year."""
    key = "trajectory_skp_tingkat"
    severity = regulation.text(key) if key in regulation else WARNS
    found = []
    for _, item in skp.indicators:
        total = trajectory_gap(item.target, tuple(item.trajectory.values()), item.consolidation)
        if total is not None and item.target is not None:
            message = N_("Trajectory indikator %(number)s menghasilkan %(total)s, target setahun %(target)s")
            params = {"number": item.number, "total": short(total), "target": short(item.target)}
            place = f"indicator-{item.key}-target"
            found.append(Finding("PK-8", severity, message, params, place, "pilihan rancangan"))
    return found


def trajectory_gap(
    target: Decimal | None, trajectory: tuple[Decimal | None, ...], consolidation: str
) -> Fraction | None:
    """What the trajectory comes to when it disagrees with ``target``; None when it agrees or cannot be
    compared."""
    if target is None or consolidation not in METHODS:
        return None
    total = trajectory_total(consolidation, trajectory)
    return None if total is None or total == fraction(target) else total


def pk_8_of_iku(target: Decimal, trajectory: tuple[Decimal | None, ...], consolidation: str) -> list[Finding]:
    """PK-8 for an IKU of a PK, where it blocks: sum adds up, average is the mean, take last the last
    value."""
    total = trajectory_gap(target, trajectory, consolidation)
    if total is None:
        return []
    message = N_("Trajectory menghasilkan %(total)s, target setahun %(target)s")
    params = {"total": short(total), "target": short(target)}
    return [Finding("PK-8", BLOCKS, message, params, "", "pilihan rancangan")]
