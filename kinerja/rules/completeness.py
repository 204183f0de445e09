"""What an SKP must hold before it may go on: rules SKP-1 to SKP-9, SKP-14, SKP-18, SKP-19 and the catalogue
of all.

A rule is a function of the SKP and its rule set that gives findings; none raises. Wording and craft are in
lints.py.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from kinerja.rules import lints
from kinerja.rules.content import (
    ACCOUNTABILITY,
    KNOWS_PK,
    PENALTY,
    QUALITATIVE,
    QUANTITATIVE,
    RESOURCES,
    REWARD,
    UTAMA,
    ResultRow,
    Skp,
)
from kinerja.rules.finding import BLOCKS, HINTS, NATIONAL, UNKNOWN, Finding
from kinerja.rules.finding import blocks as only_blocking
from kinerja.rules.regulation import Regulation
from kinerja.rules.windows import month_day
from kinerja.rules.words import N_, token

Rule = Callable[[Skp, Regulation], list[Finding]]

BUDGET = "anggaran"


def skp_due(skp: Skp, regulation: Regulation) -> date:
    """The day by which the SKP is ditetapkan: 31 January of its period (art. 14, p.65)."""
    return month_day(skp.period_end.year, regulation.text("skp_batas"))


def skp_1(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-1: an SKP that starts after the due date belongs to a new post. Lateness itself is the clock's
    matter."""
    due = skp_due(skp, regulation)
    if skp.start <= due:
        return []
    message = N_(
        "SKP mulai %(start)s, sesudah batas penetapan %(due)s: hanya bagi jabatan baru (%(days)s hari kerja)"
    )
    params = {
        "start": skp.start.isoformat(),
        "due": due.isoformat(),
        "days": str(regulation.value("komplemen_hk")),
    }
    return [Finding("SKP-1", HINTS, message, params, "", NATIONAL, "65")]


def skp_2(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-2: at least one hasil kerja utama."""
    if any(row.kind == UTAMA for row in skp.rows):
        return []
    return [Finding("SKP-2", BLOCKS, N_("Belum ada hasil kerja utama"), {}, "", NATIONAL, "27, 49")]


def skp_3(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-3: every row has a result and an indicator, every indicator a wording and a target.

    In the qualitative approach one narrative holds indicator and target together.
    """
    return list(_incomplete(skp))


def _incomplete(skp: Skp) -> Iterator[Finding]:
    law = (NATIONAL + " Pasal 7 ayat (3)", "7")
    for row in skp.rows:
        params = {"number": row.number}
        if not row.rhk.strip():
            yield Finding(
                "SKP-3",
                BLOCKS,
                N_("Baris %(number)s belum berisi rencana hasil kerja"),
                params,
                f"row-{row.key}-rhk",
                *law,
            )
        if not row.indicators:
            yield Finding(
                "SKP-3",
                BLOCKS,
                N_("Baris %(number)s belum memiliki indikator"),
                params,
                f"row-{row.key}-rhk",
                *law,
            )
    for _, item in skp.indicators:
        params = {"number": item.number}
        stated = bool(item.target_text.strip()) or item.target is not None
        if skp.approach == QUALITATIVE:
            if not item.text.strip() and not stated:
                yield Finding(
                    "SKP-3",
                    BLOCKS,
                    N_("Indikator %(number)s belum berisi narasi ukuran dan target"),
                    params,
                    f"indicator-{item.key}-text",
                    *law,
                )
            continue
        if not item.text.strip():
            yield Finding(
                "SKP-3",
                BLOCKS,
                N_("Indikator %(number)s belum ditulis"),
                params,
                f"indicator-{item.key}-text",
                *law,
            )
        if not stated:
            yield Finding(
                "SKP-3",
                BLOCKS,
                N_("Indikator %(number)s belum memiliki target"),
                params,
                f"indicator-{item.key}-target",
                *law,
            )


def skp_4(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-4: a leader's SKP has the Anggaran perspective."""
    if not skp.is_leader or BUDGET in _perspectives(skp):
        return []
    return [Finding("SKP-4", BLOCKS, N_("Perspektif Anggaran belum ada"), {}, "", NATIONAL, "29")]


def skp_5(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-5: a leader's SKP has the other three perspectives."""
    if not skp.is_leader:
        return []
    names = regulation.value("perspektif_label")
    present = _perspectives(skp)
    missing = [
        code for code in regulation.value("perspektif_wajib") if code not in present and code != BUDGET
    ]
    message = N_("Perspektif %(perspective)s belum ada")
    return [
        Finding("SKP-5", BLOCKS, message, {"perspective": names[code]}, "", NATIONAL, "29")
        for code in missing
    ]


def _perspectives(skp: Skp) -> set[str]:
    found = {token(row.perspective) for row in skp.rows if row.perspective}
    return found | {"penguatan_internal"} if lints.JOINT_PERSPECTIVE in found else found


def skp_6(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-6: every indicator of the unit's PK stands in a leader's SKP as utama; ? while the PK is not
    known."""
    if not (skp.is_leader or skp.owns_strategy_map):
        return []
    if KNOWS_PK not in skp.slots:
        message = N_(
            "Kesesuaian dengan Perjanjian Kinerja unit belum dapat diperiksa: "
            "Perjanjian Kinerja unit belum disepakati"
        )
        return [Finding("SKP-6", UNKNOWN, message, {}, "", NATIONAL, "27")]
    present = {token(item.text) for row, item in skp.indicators if row.kind == UTAMA}
    message = N_("Indikator Perjanjian Kinerja belum ada sebagai hasil kerja utama: %(indicator)s")
    absent = [name for name in skp.named(KNOWS_PK) if token(name) not in present]
    return [Finding("SKP-6", BLOCKS, message, {"indicator": name}, "", NATIONAL, "27") for name in absent]


def skp_7(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-7: the row of a Plt., Plh. or JF in a structural post is utama."""
    message = N_(
        "Baris %(number)s berasal dari penugasan Plt./Plh. atau jabatan struktural, jadi hasil kerja utama"
    )
    return [
        Finding("SKP-7", BLOCKS, message, {"number": row.number}, f"row-{row.key}-rhk", NATIONAL, "50")
        for row in skp.rows
        if row.acting_post and row.kind != UTAMA
    ]


def skp_8(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-8: in the quantitative approach each target has a unit; the qualitative one asks for none."""
    if skp.approach != QUANTITATIVE:
        return []
    message = N_("Target indikator %(number)s belum memiliki satuan")
    return [
        Finding(
            "SKP-8", BLOCKS, message, {"number": item.number}, f"indicator-{item.key}-unit", NATIONAL, "50"
        )
        for _, item in skp.indicators
        if not item.unit.strip()
    ]


def skp_9(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-9: aspects are of the four; A.1.7, the form with a column for it, asks for at least one."""
    known = set(regulation.value("aspek"))
    found = []
    for _, item in skp.indicators:
        place = f"indicator-{item.key}-aspects"
        strange = [aspect for aspect in item.aspects if aspect not in known]
        if strange:
            message = N_("Aspek indikator %(number)s tidak dikenal: %(aspects)s")
            params = {"number": item.number, "aspects": ", ".join(strange)}
            found.append(Finding("SKP-9", BLOCKS, message, params, place, NATIONAL, "51"))
        elif not item.aspects and skp.form == "A.1.7":
            message = N_("Aspek indikator %(number)s belum dipilih")
            found.append(Finding("SKP-9", BLOCKS, message, {"number": item.number}, place, NATIONAL, "51"))
    return found


def iki_limits(skp: Skp, regulation: Regulation) -> tuple[int, int | None] | None:
    """Fewest and most indicators by post, None where the rule set has no limit or the person heads a UPK."""
    if regulation.text("skp_jumlah_iki_tingkat") == "-" or skp.owns_strategy_map:
        return None
    rank = token(skp.post_rank)
    if token(skp.post_group) == "jf" and f"ahli_{rank}" in regulation.value("jf_setara"):
        rank = f"ahli_{rank}"
    key = regulation.value("jf_setara").get(rank, rank)
    return regulation.whole("iki_minimum"), regulation.value("iki_maksimum").get(key)


def skp_14(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-14: number of indicators by post; the rule set says whether it blocks, warns or does not exist."""
    limits = iki_limits(skp, regulation)
    if limits is None:
        return []
    fewest, most = limits
    count = len(skp.indicators)
    params = {"count": str(count), "limit": str(fewest)}
    message = N_("Jumlah indikator %(count)s, paling sedikit %(limit)s")
    if most is not None and count > most:
        params["limit"] = str(most)
        message = N_("Jumlah indikator %(count)s, paling banyak %(limit)s")
    elif count >= fewest:
        return []
    source = regulation.parameter("iki_minimum" if count < fewest else "iki_maksimum").source
    return [Finding("SKP-14", regulation.text("skp_jumlah_iki_tingkat"), message, params, "", source, "")]


def skp_18(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-18: the person's SKP neither overlap nor leave a gap in the part of the period he answers for."""
    found = []
    design = "pilihan rancangan"
    if skp.end < skp.start:
        return [Finding("SKP-18", BLOCKS, N_("Masa SKP berakhir sebelum mulai"), {}, "", design, "")]
    # The part of the period answered for is empty where the span lies in another year altogether.
    if skp.start.year != skp.end.year or skp.period_start > skp.period_end:
        outside = N_("Masa SKP keluar dari tahun penilaiannya: ubah tanggalnya sebelum diajukan")
        return [Finding("SKP-18", BLOCKS, outside, {}, "", design, "")]
    message = N_("Masa SKP bertumpang tindih dengan SKP lain %(start)s sampai %(end)s")
    for start, end in skp.other_spans:
        if start <= skp.end and skp.start <= end:
            params = {"start": start.isoformat(), "end": end.isoformat()}
            found.append(Finding("SKP-18", BLOCKS, message, params, "", design, ""))
    gap = N_("Tidak ada SKP dari %(start)s sampai %(end)s")
    for first, last in _gaps(skp):
        params = {"start": first.isoformat(), "end": last.isoformat()}
        found.append(Finding("SKP-18", BLOCKS, gap, params, "", design, ""))
    return found


def _gaps(skp: Skp) -> Iterator[tuple[date, date]]:
    expected, one_day = skp.period_start, timedelta(days=1)
    for start, end in sorted({(skp.start, skp.end), *skp.other_spans, *skp.ended_spans}):
        if start > expected and expected <= skp.period_end:
            yield expected, min(start - one_day, skp.period_end)
        expected = max(expected, end + one_day)
    if expected <= skp.period_end:
        yield expected, skp.period_end


def skp_19(skp: Skp, regulation: Regulation) -> list[Finding]:
    """SKP-19: the Lampiran has at least one line in each of its three blocks (p.61; one line: desain)."""
    written = {line.block for line in skp.attachment if line.text.strip()}
    needed = (
        (RESOURCES, {RESOURCES}, N_("Lampiran belum berisi dukungan sumber daya")),
        (ACCOUNTABILITY, {ACCOUNTABILITY}, N_("Lampiran belum berisi skema pertanggungjawaban")),
        (REWARD, {REWARD, PENALTY}, N_("Lampiran belum berisi konsekuensi")),
    )
    return [
        Finding("SKP-19", BLOCKS, message, {}, f"attachment-{block}", NATIONAL, "61")
        for block, any_of, message in needed
        if not written & any_of
    ]


RULES: dict[str, Rule] = {
    "SKP-1": skp_1,
    "SKP-2": skp_2,
    "SKP-3": skp_3,
    "SKP-4": skp_4,
    "SKP-5": skp_5,
    "SKP-6": skp_6,
    "SKP-7": skp_7,
    "SKP-8": skp_8,
    "SKP-9": skp_9,
    "SKP-10": lints.skp_10,
    "SKP-11": lints.skp_11,
    "SKP-12": lints.skp_12,
    "SKP-13": lints.skp_13,
    "SKP-14": skp_14,
    "SKP-15": lints.skp_15,
    "SKP-16": lints.skp_16,
    "SKP-17": lints.skp_17,
    "SKP-18": skp_18,
    "SKP-19": skp_19,
    "SKP-20": lints.skp_20,
    "SKP-21": lints.skp_21,
    "PK-8": lints.pk_8,
}

_SUBMIT = ("SKP-2", "SKP-3", "SKP-4", "SKP-5", "SKP-8", "SKP-9", "SKP-18")
RULES_FOR: dict[str, tuple[str, ...]] = {
    "submit": _SUBMIT,
    "agree": (*_SUBMIT, "SKP-6", "SKP-7", "SKP-14", "SKP-15", "SKP-16"),
    "sign_employee": ("SKP-19",),
}


def check(skp: Skp, regulation: Regulation) -> list[Finding]:
    """Every finding of every rule, in the order of the rules."""
    return [finding for rule in RULES.values() for finding in rule(skp, regulation)]


def blocking(skp: Skp, regulation: Regulation, event: str) -> list[Finding]:
    """What refuses ``event`` (a key of RULES_FOR; any other is refused by nothing here)."""
    return only_blocking([f for name in RULES_FOR.get(event, ()) for f in RULES[name](skp, regulation)])


def set_main(row: ResultRow) -> bool:
    """Whether the row is to be made utama by itself, with notice (SKP-7)."""
    return row.acting_post and row.kind != UTAMA
