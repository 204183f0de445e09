"""What a Perjanjian Kinerja must hold before it may go on: rules PK-1 to PK-13.

A rule is a function of the PK and its rule set that gives findings; none raises.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from kinerja.rules import lints
from kinerja.rules.agreement import FULLY, TOP_LEVEL, Pk
from kinerja.rules.consolidation import trajectory_total
from kinerja.rules.exact import short
from kinerja.rules.finding import BLOCKS, HINTS, WARNS, Finding
from kinerja.rules.finding import blocks as only_blocking
from kinerja.rules.pk_lints import smart_c
from kinerja.rules.regulation import Regulation
from kinerja.rules.windows import month_day
from kinerja.rules.words import N_, token

Rule = Callable[[Pk, Regulation], list[Finding]]

LAW, DESIGN = "KMK 300/2022", "pilihan rancangan"
APPROVED_MANUAL = ("approved", "in_force")
# Sub-IKU are for the ministry and its first line alone.
WITH_SUB_IKU = ("L0", "L1")


def pk_1(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-1: both heads sign by 31 January."""
    parameter = regulation.parameter("pk_batas")
    due = month_day(pk.year, parameter.value)
    if pk.signed or pk.on <= due:
        return []
    message = N_("Perjanjian Kinerja belum ditandatangani sampai batasnya, %(due)s")
    return [Finding("PK-1", WARNS, message, {"due": due.isoformat()}, "", parameter.source)]


def pk_2(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-2: each SS stands in one of the four perspectives of the rule set; a perspective without SS is told."""
    parameter = regulation.parameter("perspektif_nko")
    names = parameter.value
    used = {objective.perspective for objective in pk.objectives}
    outside = N_("Sasaran strategis %(code)s belum berada di salah satu perspektif")
    found = [
        Finding("PK-2", WARNS, outside, {"code": o.code}, f"objective-{o.key}-perspective", parameter.source)
        for o in pk.objectives
        if o.perspective not in names
    ]
    empty = N_("Perspektif %(perspective)s belum memiliki sasaran strategis")
    return found + [
        Finding("PK-2", WARNS, empty, {"perspective": name}, "", parameter.source)
        for code, name in names.items()
        if code not in used
    ]


def pk_3(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-3: every SS has an IKU, every IKU one SS; so there are at least as many IKU as SS."""
    keys = {objective.key for objective in pk.objectives}
    without = N_("Sasaran strategis %(code)s belum memiliki IKU")
    found = [
        Finding("PK-3", BLOCKS, without, {"code": o.code}, f"objective-{o.key}-statement", LAW)
        for o in pk.objectives
        if not pk.of(o)
    ]
    orphan = N_("IKU %(code)s belum berada di bawah sebuah sasaran strategis")
    found += [
        Finding("PK-3", BLOCKS, orphan, {"code": i.code}, f"iku-{i.key}-objective", LAW)
        for i in pk.indicators
        if i.objective not in keys
    ]
    if not pk.objectives:
        found.append(Finding("PK-3", BLOCKS, N_("Belum ada sasaran strategis"), {}, "", LAW))
    return found


def pk_4(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-4: at most so many IKU as the rule set allows a UPK of this level."""
    if "iku_maksimum" not in regulation:
        return []
    parameter = regulation.parameter("iku_maksimum")
    most = parameter.value.get(pk.level)
    if most is None or len(pk.main) <= most:
        return []
    message = N_("%(count)s IKU; bagi UPK tingkat %(level)s paling banyak %(most)s")
    params = {"count": str(len(pk.main)), "level": pk.level, "most": str(most)}
    return [Finding("PK-4", regulation.text("iku_jumlah_tingkat"), message, params, "", parameter.source)]


def pk_5(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-5: sub-IKU only at L0 and L1, and each belongs to an IKU of this very PK."""
    known = {iku.key for iku in pk.main}
    message = N_("IKU %(code)s adalah sub-IKU, yang hanya dikenal pada tingkat L0 dan L1")
    stray = N_("Sub-IKU %(code)s tidak berada di bawah IKU Perjanjian Kinerja ini")
    found = []
    for iku in pk.indicators:
        if not iku.parent:
            continue
        place = f"iku-{iku.key}-parent"
        if pk.level not in WITH_SUB_IKU:
            found.append(Finding("PK-5", WARNS, message, {"code": iku.code}, place, "KMK 467/2014"))
        elif iku.parent not in known:
            found.append(Finding("PK-5", WARNS, stray, {"code": iku.code}, place, "KMK 467/2014"))
    return found


def pk_6(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-6: pairs of validity and control that have no weight, and activity with high for the owner of a map."""
    source = regulation.parameter("pasangan_tingkat").source
    message = N_("IKU %(code)s berpasangan %(validity)s dan %(control)s, yang tidak diperbolehkan")
    found = []
    for iku in pk.indicators:
        if severity := lints.pair_severity(iku.validity, iku.control, pk.owns_strategy_map, regulation):
            params = {"code": iku.code, "validity": iku.validity, "control": iku.control}
            found.append(Finding("PK-6", severity, message, params, f"iku-{iku.key}-control", source))
    return found


def pk_7(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-7: an IKU that the UPK above made mandatory stands here by its name, and cascaded fully with its target."""
    here = {token(iku.name): iku for iku in pk.indicators}
    absent = N_("IKU wajib dari unit di atas belum ada: %(name)s")
    differs = N_("Target IKU wajib %(name)s harus sama dengan target unit di atas: %(target)s %(unit)s")
    found = []
    for mandate in pk.handed_down:
        iku = here.get(token(mandate.name))
        params = {"name": mandate.name}
        if iku is None:
            found.append(Finding("PK-7", BLOCKS, absent, params, "", "KMK 127/2026"))
        elif mandate.cascading == FULLY and mandate.target is not None and iku.target != mandate.target:
            params |= {"target": short(mandate.target), "unit": mandate.unit}
            found.append(Finding("PK-7", BLOCKS, differs, params, f"iku-{iku.key}-target", "KMK 127/2026"))
    return found


def pk_8(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-8: every IKU has a target of the year, and its trajectory agrees with it by its consolidation."""
    message = N_("Rincian target IKU %(code)s menghasilkan %(made)s, sedangkan target setahun %(target)s")
    unplanned = N_("IKU %(code)s belum memiliki target setahun atau rincian targetnya")
    found = []
    for iku in pk.indicators:
        place, planned = f"iku-{iku.key}-target", tuple(iku.trajectory.values())
        if iku.target is None or trajectory_total(iku.consolidation, planned) is None:
            found.append(Finding("PK-8", BLOCKS, unplanned, {"code": iku.code}, place, DESIGN))
        elif (made := lints.trajectory_gap(iku.target, planned, iku.consolidation)) is not None:
            params = {"code": iku.code, "made": short(made), "target": short(iku.target)}
            found.append(Finding("PK-8", BLOCKS, message, params, place, DESIGN))
    return found


def pk_9(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-9: every IKU has a manual that is approved: before the PK is signed, or before the first realisation."""
    parameter = regulation.parameter("manual_sebelum")
    severity = BLOCKS if parameter.value == "tanda_tangan" else HINTS
    message = N_("IKU %(code)s belum memiliki manual indikator yang disetujui")
    return [
        Finding("PK-9", severity, message, {"code": iku.code}, f"iku-{iku.key}-manual", parameter.source)
        for iku in pk.indicators
        if iku.manual not in APPROVED_MANUAL
    ]


def pk_9_recorded(unmeasured: Sequence[tuple[str, str]], regulation: Regulation) -> list[Finding]:
    """PK-9 where a realisation is recorded: that of an IKU, given as (key, code), is not recorded for the first time
    before its manual is approved, whatever the rule set asks at the signature."""
    source = regulation.parameter("manual_sebelum").source
    message = N_(
        "IKU %(code)s belum memiliki manual yang disetujui; realisasi pertamanya menunggu manual itu"
    )
    return [
        Finding("PK-9", BLOCKS, message, {"code": code}, f"realisation-{key}-value", source)
        for key, code in unmeasured
    ]


def pk_10(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-10: the pihak kedua heads the UPK above on that day; at L0 there is none."""
    if pk.level == TOP_LEVEL or (pk.second_party is not None and pk.second_party == pk.head_above):
        return []
    message = N_("Pihak kedua bukan pimpinan unit pemilik kinerja di atas unit ini")
    return [Finding("PK-10", BLOCKS, message, {}, "second_party", LAW)]


def pk_12(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-12: cause and effect run in one direction: no SS comes back to itself."""
    codes = {objective.key: objective.code for objective in pk.objectives}
    leads = {o.key: [key for key in o.causes if key in codes] for o in pk.objectives}
    message = N_("Sebab-akibat berputar: %(codes)s")
    try:
        TopologicalSorter(leads).prepare()
    except CycleError as error:
        circle = error.args[1][:0:-1]
        params = {"codes": ", ".join(codes[key] for key in circle)}
        return [Finding("PK-12", BLOCKS, message, params, f"objective-{circle[0]}-causes", DESIGN)]
    return []


def pk_13(pk: Pk, regulation: Regulation) -> list[Finding]:
    """PK-13: the budgets of the UPK below do not come to more than the budget of this one."""
    own = sum((line.amount for line in pk.budget), Decimal(0))
    if pk.budget_below is None or not pk.budget or pk.budget_below <= own:
        return []
    message = N_("Anggaran unit di bawahnya berjumlah %(below)s, lebih besar daripada %(own)s")
    return [
        Finding("PK-13", HINTS, message, {"below": short(pk.budget_below), "own": short(own)}, "", DESIGN)
    ]


RULES: dict[str, Rule] = {
    "PK-1": pk_1, "PK-2": pk_2, "PK-3": pk_3, "PK-4": pk_4, "PK-5": pk_5, "PK-6": pk_6, "PK-7": pk_7, "PK-8": pk_8,
    "PK-9": pk_9, "PK-10": pk_10, "PK-12": pk_12, "PK-13": pk_13,
    "SMART-C": smart_c,
}  # fmt: skip
# PK-11, who signs, is a guard of the flow.
RULES_FOR: dict[str, tuple[str, ...]] = {
    "propose": ("PK-2", "PK-3", "PK-4", "PK-5", "PK-7", "PK-8"),
    "agree": ("PK-2", "PK-3", "PK-4", "PK-5", "PK-6", "PK-7", "PK-8", "PK-12"),
    "clear": tuple(name for name in RULES if name not in ("PK-9", "PK-10")),
    "sign_first": tuple(RULES),
}


def check(pk: Pk, regulation: Regulation) -> list[Finding]:
    """Every finding of every rule, in the order of the rules."""
    return [finding for rule in RULES.values() for finding in rule(pk, regulation)]


def blocking(pk: Pk, regulation: Regulation, event: str) -> list[Finding]:
    """What refuses ``event`` (a key of RULES_FOR; any other is refused by nothing here)."""
    return only_blocking([f for name in RULES_FOR.get(event, ()) for f in RULES[name](pk, regulation)])
