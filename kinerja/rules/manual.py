"""What a manual indikator must hold before it may go on: Format A.1.3 and rules MI-1 to MI-5.

A manual says how one indicator is measured; what is measured and how much stays with the PK or the SKP. A rule is a
function of the manual and its rule set that gives findings; none raises.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from kinerja.rules.capaian import MINIMIZE, STABILIZE
from kinerja.rules.exact import short
from kinerja.rules.finding import BLOCKS, HINTS, NATIONAL, WARNS, Finding
from kinerja.rules.finding import blocks as only_blocking
from kinerja.rules.k3 import LAMA
from kinerja.rules.lints import words_in
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_

IKU, IKI = "IKU", "IKI"
APPROVED, IN_FORCE = "approved", "in_force"
DESIGN, K127 = "pilihan rancangan", "KMK 127/2026"
ScalePoints = tuple[tuple[Decimal, Decimal], ...]

# Format A.1.3 asks these of every indicator, and these only of one that is measured in numbers.
NATIONAL_FIELDS: Mapping[str, str] = {
    "purpose": N_("Tujuan"), "definition": N_("Definisi"), "quality": N_("Kualitas dan tingkat kendali"),
    "data_source": N_("Sumber data"), "reporting": N_("Periode pelaporan"),
}  # fmt: skip
NUMERIC_FIELDS: Mapping[str, str] = {"formula": N_("Formula"), "measure": N_("Satuan pengukuran")}
# What the ministry asks beside it.
MINISTRY_FIELDS: Mapping[str, str] = {
    "cascading_method": N_("Metode cascading"), "aspect": N_("Aspek target"), "validity": N_("Validitas"),
    "control": N_("Tingkat kendali"), "consolidation": N_("Konsolidasi periode"), "polarity": N_("Polarisasi"),
}  # fmt: skip
# What PK or SKP say too, and what a recorded realisation rests on: of the law (MI-5) and all else capaian follows from.
CLAUSE: Mapping[str, str] = {
    "measure": N_("Satuan pengukuran"), "quality": N_("Kualitas dan tingkat kendali"), "validity": N_("Validitas"),
    "control": N_("Tingkat kendali"), "consolidation": N_("Konsolidasi periode"), "polarity": N_("Polarisasi"),
}  # fmt: skip
FIXED: Mapping[str, str] = {
    "polarity": N_("Polarisasi"), "consolidation": N_("Konsolidasi periode"), "formula": N_("Formula"),
    "measure": N_("Satuan pengukuran"),
}  # fmt: skip
SCORING: Mapping[str, str] = {
    "location": N_("Konsolidasi lokasi"), "cannot_exceed": N_("Konversi 120"), "scale": N_("Skala konversi"),
    "worst": N_("Realisasi terburuk"),
}  # fmt: skip
# The boxes that the form of a leader has (p.38); other posts have two more (p.44).
LEADER_QUALITIES = ("outcome", "outcome_antara", "output_kendali_rendah")


@dataclass(frozen=True)
class Manual:
    """A whole manual. ``fields`` are what it says, as texts by the names above; what is not said is "".

    ``clause``: what PK or SKP say of the same fields; ``before``: the fields of the version in force, None without one;
    ``realised``: a realisation of the indicator was recorded. ``qualitative``: it is measured in words. ``leader``: it
    stands in a PK or on a leader's form. ``ministry``: the rule set asks for the fields of the ministry.
    ``worst`` and ``scale`` are read numbers; ``readable`` is false where the scale that was typed is none.
    """

    about: str
    name: str
    result: str
    code: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    clause: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] | None = None
    target: Decimal | None = None
    trajectory: tuple[Decimal, ...] = ()
    scale: ScalePoints = ()
    readable: bool = True
    worst: Decimal | None = None
    target_y1: Decimal | None = None
    realisation_y1: Decimal | None = None
    realised: bool = False
    qualitative: bool = False
    leader: bool = True
    ministry: bool = True
    same_code: bool = False

    def says(self, name: str) -> str:
        return self.fields.get(name, "").strip()


@dataclass(frozen=True)
class Owed:
    """An indicator and its manual as a PK or an SKP sees them: ``state`` of the manual, "" while there is none.

    ``due``: until when it must be in force, None while PK or SKP are not set. ``place``: the field of the page.
    """

    code: str
    state: str
    leader: bool
    on: date
    due: date | None = None
    place: str = ""


Rule = Callable[[Manual, Regulation], list[Finding]]


def asks_ministry(regulation: Regulation) -> bool:
    """Does the rule set ask for the fields of the ministry beside those of Format A.1.3? Those that know K3 do."""
    return "bobot_mutu_indikator" in regulation


def needed(manual: Manual) -> dict[str, str]:
    """The fields that may not stay empty, with their names, in the order of the form."""
    found = dict(NATIONAL_FIELDS)
    if not manual.qualitative:
        found |= NUMERIC_FIELDS
    if manual.ministry:
        asked = MINISTRY_FIELDS if not manual.qualitative else {}
        found |= asked
    return found


def a_1_3(manual: Manual, regulation: Regulation) -> list[Finding]:
    """A.1.3: no field that the form asks for is empty, and the choices are those of the form (p.38, p.44)."""
    empty = N_("%(field)s belum diisi")
    found = [
        Finding(
            "A.1.3", BLOCKS, empty, {"field": label}, name, NATIONAL if name in _OF_THE_FORM else K127, "38"
        )
        for name, label in needed(manual).items()
        if not manual.says(name)
    ]
    if not manual.name.strip():
        message = N_("Indikator belum bernama; isi namanya pada PK atau SKP")
        found.append(Finding("A.1.3", BLOCKS, message, {}, "", NATIONAL, "38"))
    if not manual.result.strip():
        message = N_("Sasaran atau rencana hasil kerja belum diisi pada PK atau SKP")
        found.append(Finding("A.1.3", BLOCKS, message, {}, "", NATIONAL, "38"))
    if manual.leader and manual.says("quality") and manual.says("quality") not in LEADER_QUALITIES:
        message = N_("Formulir pimpinan hanya mengenal outcome, outcome antara, dan output kendali rendah")
        found.append(Finding("A.1.3", BLOCKS, message, {}, "quality", NATIONAL, "38"))
    return found + (_ministry(manual) if manual.ministry else [])


_OF_THE_FORM = frozenset(NATIONAL_FIELDS) | frozenset(NUMERIC_FIELDS)


def _ministry(manual: Manual) -> list[Finding]:
    """What else the ministry asks: code, scale and worst realisation where capaian needs them."""
    found = []
    if manual.about == IKU and not manual.code.strip():
        message = N_("IKU belum berkode; isi kodenya pada Perjanjian Kinerja")
        found.append(Finding("A.1.3", BLOCKS, message, {}, "", K127))
    if manual.same_code:
        message = N_("Kode %(code)s dipakai lebih dari satu IKU unit ini")
        found.append(Finding("A.1.3", BLOCKS, message, {"code": manual.code}, "", K127))
    polarity = manual.says("polarity")
    if not manual.readable or not _rises(manual.scale):
        message = N_(
            "Tulis skala satu titik per baris, capaian lalu indeks, misalnya 90 = 100; tiap capaian sekali"
        )
        found.append(Finding("A.1.3", BLOCKS, message, {}, "scale", K127))
    elif polarity == STABILIZE and not manual.scale:
        message = N_("Indikator yang makin dekat target makin baik memerlukan skala konversi")
        found.append(Finding("A.1.3", BLOCKS, message, {}, "scale", K127))
    zero = manual.target == 0 or any(value == 0 for value in manual.trajectory)
    if manual.worst is not None and manual.worst <= 0:
        found.append(
            Finding("A.1.3", BLOCKS, N_("Realisasi terburuk harus lebih besar dari nol"), {}, "worst", K127)
        )
    elif polarity == MINIMIZE and zero and manual.worst is None:
        message = N_("Indikator yang makin kecil makin baik dengan target nol memerlukan realisasi terburuk")
        found.append(Finding("A.1.3", BLOCKS, message, {}, "worst", K127))
    if manual.says("target_status") == LAMA and (manual.target_y1 is None or manual.realisation_y1 is None):
        message = N_(
            "Target lama memerlukan target dan realisasi tahun lalu; tanpa itu mutu target tidak berbobot"
        )
        found.append(Finding("K3-2", WARNS, message, {}, "target_y1", K127))
    return found


def _rises(scale: ScalePoints) -> bool:
    """Each capaian once, and an index that never falls as the capaian rises."""
    points = sorted(scale)
    return all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(points))


def mi_3(manual: Manual, regulation: Regulation) -> list[Finding]:
    """MI-3: the SMART-C check list as hints: specific, measurable, agreed, realistic, in time, ever better."""
    return [
        Finding("MI-3", HINTS, message, {}, place, K127)
        for _letter, message, place, broken in smart_c(manual, regulation)
        if broken
    ]


def smart_c(manual: Manual, regulation: Regulation) -> list[tuple[str, str, str, bool]]:
    """The six questions: (which, the hint, its field, is it open). An open one is advice and blocks nothing."""
    verbs = regulation.value("kata_kegiatan")
    first = manual.name.split()[:1]
    vague = len(manual.says("definition").split()) < MOST_VAGUE or bool(words_in(" ".join(first), verbs))
    unmeasured = not manual.qualitative and len(manual.says("formula").split()) < SHORTEST_FORMULA
    unlikely = manual.says("target_status") == LAMA and manual.realisation_y1 is None
    timeless = not manual.says("reporting") or (not manual.qualitative and not manual.trajectory)
    return [
        ("S", N_("Nama menyebut hasil, bukan kegiatan, dan definisi menjelaskan apa yang dihitung"),
         "definition", vague),
        ("M", N_("Formula menyebut apa yang dibandingkan dengan apa"), "formula", unmeasured),
        ("A", N_("Sebut penanggung jawab dan penyedia data"), "owner",
         not (manual.says("owner") and manual.says("provider"))),
        ("R", N_("Bandingkan target dengan realisasi tahun lalu"), "realisation_y1", unlikely),
        ("T", N_("Ada periode pelaporan dan target per periode"), "reporting", timeless),
        ("C", N_("Target tahun ini lebih baik daripada realisasi tahun lalu"), "target_y1",
         not _improves(manual)),
    ]  # fmt: skip


# Fewer words than these explain nothing.
MOST_VAGUE, SHORTEST_FORMULA = 5, 3


def _improves(manual: Manual) -> bool:
    """Is the target better than what was reached last year? Where that is not known, nothing is said against it."""
    if manual.target is None or manual.realisation_y1 is None:
        return True
    if manual.says("polarity") == STABILIZE:
        return True
    better = manual.target - manual.realisation_y1
    return better < 0 if manual.says("polarity") == MINIMIZE else better > 0


def mi_4(manual: Manual, regulation: Regulation) -> list[Finding]:
    """MI-4: a manual changes no field of PK or SKP, and nothing a recorded capaian follows from."""
    differs = N_("%(field)s harus sama dengan PK atau SKP; ubah di sana lebih dahulu")
    found = [
        Finding("MI-4", BLOCKS, differs, {"field": label}, name, NATIONAL)
        for name, label in CLAUSE.items()
        if manual.clause.get(name) and manual.says(name) and manual.says(name) != manual.clause[name]
    ]
    rewrites = N_(
        "%(field)s tidak dapat diubah sesudah ada realisasi: capaian yang sudah direkam ikut berubah"
    )
    if manual.realised and manual.before is None:
        found += [
            Finding("MI-4", BLOCKS, rewrites, {"field": SCORING[name]}, name, NATIONAL)
            for name in _first_but_late(manual, regulation)
        ]
    return found + _changed(manual, SCORING, "MI-4", rewrites, NATIONAL)


def _first_but_late(manual: Manual, regulation: Regulation) -> list[str]:
    """What a first manual says that the capaian recorded without one did not rest on: 120 as the target is met, or
    another scale than the example that stood in for it."""
    example = regulation.value("skala_contoh") if "skala_contoh" in regulation else ()
    other = manual.says("polarity") == STABILIZE and set(manual.scale) != {tuple(point) for point in example}
    return [
        name
        for name, differs in (("cannot_exceed", bool(manual.says("cannot_exceed"))), ("scale", other))
        if differs
    ]


def mi_5(manual: Manual, regulation: Regulation) -> list[Finding]:
    """MI-5: polarisasi, konsolidasi, formula and satuan stay as they are from the first recorded realisation on."""
    message = N_("%(field)s tidak dapat diubah sesudah realisasi pertama direkam")
    return _changed(manual, FIXED, "MI-5", message, DESIGN)


def _changed(manual: Manual, names: Mapping[str, str], rule: str, message: str, source: str) -> list[Finding]:
    if not manual.realised or manual.before is None:
        return []
    return [
        Finding(rule, BLOCKS, message, {"field": label}, name, source)
        for name, label in names.items()
        if manual.says(name) != manual.before.get(name, "").strip()
    ]


def mi_1(owed: Owed, regulation: Regulation) -> list[Finding]:
    """MI-1: each indicator of a leader has a manual (p.37); once its date is over MI-2 tells it."""
    if owed.state or not owed.leader or (owed.due is not None and owed.on > owed.due):
        return []
    message = N_("Indikator %(code)s belum memiliki manual")
    return [Finding("MI-1", WARNS, message, {"code": owed.code}, owed.place, NATIONAL, "37")]


def mi_2(owed: Owed, regulation: Regulation) -> list[Finding]:
    """MI-2: the manual is in force one month after PK or SKP is set, and before the K3 review of that period ends."""
    if owed.state == IN_FORCE or not (owed.state or owed.leader) or owed.due is None or owed.on <= owed.due:
        return []
    message = N_("Manual indikator %(code)s belum berlaku; batasnya %(due)s")
    params = {"code": owed.code, "due": owed.due.isoformat()}
    return [Finding("MI-2", WARNS, message, params, owed.place, regulation.parameter("manual_bulan").source)]


def due_day(set_on: date, months: int, quarter_ends: date | None, k3_days: int | None) -> date:
    """Until when a manual is in force (MI-2): so many months after PK or SKP was set on a day, and by the end of the K3
    review of its quarter where the rule set has one."""
    year, month = divmod(set_on.year * 12 + set_on.month - 1 + months, 12)
    by = date(year, month + 1, min(set_on.day, monthrange(year, month + 1)[1]))
    if quarter_ends is None or k3_days is None:
        return by
    return min(by, quarter_ends + timedelta(days=k3_days))


RULES: Mapping[str, Rule] = {"A.1.3": a_1_3, "MI-3": mi_3, "MI-4": mi_4, "MI-5": mi_5}


def check(manual: Manual, regulation: Regulation) -> list[Finding]:
    """Every finding about one manual, in the order of the rules."""
    return [finding for rule in RULES.values() for finding in rule(manual, regulation)]


def blocking(manual: Manual, regulation: Regulation) -> list[Finding]:
    """What keeps a manual from being sent, approved or put in force."""
    return only_blocking(check(manual, regulation))


def owed(items: tuple[Owed, ...], regulation: Regulation) -> list[Finding]:
    """What is still owed of the manuals of a PK or an SKP."""
    return [finding for one in items for rule in (mi_1, mi_2) for finding in rule(one, regulation)]


def read_scale(text: str) -> ScalePoints | None:
    """The points of a scale as typed, a line each: "90 = 100", "90; 100" or "90 100". None when a line is none."""
    found = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        parts = line.replace("=", " ").replace(";", " ").replace("→", " ").split()
        try:
            ca, index = (Decimal(part.replace(",", ".")) for part in parts)
        except (ValueError, ArithmeticError):
            return None
        if not (ca.is_finite() and index.is_finite()):
            return None
        found.append((ca, index))
    return tuple(sorted(found))


def write_scale(points: ScalePoints) -> str:
    """A scale as it is stored: sorted, a point a line, so that two equal ones are the same text."""
    return "\n".join(f"{short(ca)} = {short(index)}" for ca, index in sorted(points))
