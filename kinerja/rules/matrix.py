"""What a matriks pembagian peran dan hasil must hold: rules MPH-1 to MPH-6 (form A.1.5, p.46-49).

A rule is a function of the matrix and its rule set that gives findings; none raises.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.capaian import MAXIMIZE, MINIMIZE
from kinerja.rules.consolidation import AVERAGE, SUM
from kinerja.rules.exact import fraction, short
from kinerja.rules.finding import BLOCKS, NATIONAL, WARNS, Finding
from kinerja.rules.finding import blocks as only_blocking
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_

ASPECT, REGION, LOAD = "aspek", "wilayah", "beban_target"
SERVICE, OUTPUT = "layanan", "output_antara"
DIRECT, NON_DIRECT = (ASPECT, REGION, LOAD), (SERVICE, OUTPUT)
METHODS = DIRECT + NON_DIRECT


@dataclass(frozen=True)
class Column:
    """What roles are written for: an indicator of the leader, or a result of a ketua tim.

    `served` is what a subordinate writes as the intervened result: the result with its indicator (p.59).
    `provisional`: it stands in a plan that is not yet agreed.
    """

    key: str
    code: str
    text: str
    served: str = ""
    target: Decimal | None = None
    unit: str = ""
    polarity: str = MAXIMIZE
    consolidation: str = SUM
    provisional: bool = False
    # Has it the validity and control that give it a weight (K3)?
    weighted: bool | None = None


@dataclass(frozen=True)
class Cell:
    """A role: `column` is the key of the column it is for. `portion` counts only where the method is beban target."""

    key: str
    column: str
    text: str
    method: str = ""
    portion: Decimal | None = None


@dataclass(frozen=True)
class Member:
    """A person of the matrix. `of_unit`: the leader is his superior; else `assigned`: a penugasan is approved.

    Where none is: `superior` names the penilai who decides, `asked` the decree of what waits for him.
    """

    key: str
    name: str
    cells: tuple[Cell, ...] = ()
    of_unit: bool = True
    assigned: bool = False
    superior: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Agreed:
    """A row of an SKP in force that came from a cell: what was agreed, and whose it is. `now` is what the cell says
    now, None when it was removed."""

    cell: str
    name: str
    agreed: str
    now: str | None
    person: int = 0


@dataclass(frozen=True)
class Matrix:
    """A whole matrix: the leader's columns, the results of the ketua tim as columns of their own, people, and what of
    it stands in an SKP in force."""

    columns: tuple[Column, ...]
    members: tuple[Member, ...]
    of_teams: tuple[Column, ...] = ()
    agreed: tuple[Agreed, ...] = field(default=())

    def cells_for(self, column: Column) -> list[Cell]:
        """The written roles for a column, of everybody."""
        return [c for m in self.members for c in m.cells if c.column == column.key and c.text.strip()]


Rule = Callable[[Matrix, Regulation], list[Finding]]


def mph_1(matrix: Matrix, regulation: Regulation) -> list[Finding]:
    """MPH-1: each indicator of the leader has somebody who delivers for it."""
    message = N_("Indikator tanpa pelaksana: %(code)s %(name)s")
    return [
        _warns("MPH-1", message, {"code": c.code, "name": c.text}, f"kolom-{c.key}", "46-47")
        for c in matrix.columns
        if not matrix.cells_for(c)
    ]


def mph_2(matrix: Matrix, regulation: Regulation) -> list[Finding]:
    """MPH-2: a role is written as a result, not as an activity."""
    verbs = set(regulation.value("kata_kegiatan"))
    message = N_('Peran %(name)s berawal kata kegiatan "%(word)s": tulis hasilnya')
    found = []
    for member, cell in _cells(matrix):
        first = re.match(r"\W*(\w+)", cell.text)
        if first and first[1].lower() in verbs:
            params = {"name": member.name, "word": first[1]}
            found.append(_warns("MPH-2", message, params, f"cell-{cell.key}-text", "47"))
    return found


def mph_3(matrix: Matrix, regulation: Regulation) -> list[Finding]:
    """MPH-3: where the load of a target is shared out, the portions come to the target of the leader.

    A sum adds up; of an average the mean is held against it; where the last value counts, each portion reaches it, by
    the polarity of the indicator.
    """
    found = []
    for column in (*matrix.columns, *matrix.of_teams):
        portions = [c.portion for c in matrix.cells_for(column) if c.method == LOAD and c.portion is not None]
        if not portions or column.target is None:
            continue
        total = total_of(portions, column)
        if total is not None:
            message = N_("Porsi target %(code)s berjumlah %(total)s, target pimpinan %(target)s")
            params = {
                "code": column.code or column.text,
                "total": short(total),
                "target": short(column.target),
            }
            found.append(_warns("MPH-3", message, params, f"kolom-{column.key}", ""))
    return found


def total_of(portions: Sequence[Decimal], column: Column) -> Fraction | None:
    """What the portions come to where that is not the target; None where they agree with it."""
    values, target = [fraction(one) for one in portions], fraction(column.target or 0)
    if column.consolidation == SUM:
        total = sum(values, Fraction(0))
    elif column.consolidation == AVERAGE:
        total = sum(values, Fraction(0)) / len(values)
    elif column.polarity == MAXIMIZE:
        total = min(min(values), target)
    elif column.polarity == MINIMIZE:
        total = max(max(values), target)
    else:
        total = next((one for one in values if one != target), target)
    return None if total == target else total


def mph_4(matrix: Matrix, regulation: Regulation | None = None) -> list[Finding]:
    """MPH-4: whoever comes from another unit has an approved penugasan before he is given a role."""
    waits = N_("%(name)s bukan pegawai unit ini: penugasan %(decree)s menunggu persetujuan %(superior)s")
    ask = N_(
        "%(name)s bukan pegawai unit ini: pimpinan unit mengajukan penugasannya di halaman Penugasan, lalu pejabat "
        "penilainya, %(superior)s, menyetujui; atau kosongkan perannya"
    )
    nobody = N_(
        "%(name)s bukan pegawai unit ini dan pejabat penilainya belum ditetapkan: pengelola kinerja pegawai "
        "memperbaikinya, sesudah itu penugasan diajukan; atau kosongkan perannya"
    )
    return [
        Finding(
            "MPH-4", BLOCKS, waits if m.asked else ask if m.superior else nobody,
            {"name": m.name, "superior": m.superior, "decree": m.asked}, m.key, NATIONAL, "47",
        )
        for m in matrix.members
        if m.cells and not m.of_unit and not m.assigned
    ]  # fmt: skip


def mph_5(matrix: Matrix, regulation: Regulation) -> list[Finding]:
    """MPH-5: what stands in an SKP in force is not changed from here; the difference is told to both instead."""
    changed = N_(
        "Peran %(name)s berubah sesudah SKP-nya ditetapkan: SKP tetap, perubahannya diusulkan melalui Adendum"
    )
    removed = N_(
        "Peran %(name)s dihapus sesudah SKP-nya ditetapkan: SKP tetap, perubahannya diusulkan melalui Adendum"
    )
    return [
        _warns(
            "MPH-5", removed if a.now is None else changed, {"name": a.name},
            f"cell-{a.cell}-text" if a.now is not None else "", "",
        )
        for a in matrix.agreed
        if a.now is None or not same_words(a.agreed, a.now)
    ]  # fmt: skip


def mph_6(matrix: Matrix, regulation: Regulation) -> list[Finding]:
    """MPH-6: everybody contributes: nobody of the unit is without a role."""
    message = N_("%(name)s belum mempunyai peran")
    return [
        _warns("MPH-6", message, {"name": m.name}, m.key, "24")
        for m in matrix.members
        if m.of_unit and not any(c.text.strip() for c in m.cells)
    ]


RULES: Mapping[str, Rule] = {
    "MPH-1": mph_1, "MPH-2": mph_2, "MPH-3": mph_3, "MPH-4": mph_4, "MPH-5": mph_5, "MPH-6": mph_6,
}  # fmt: skip


def check(matrix: Matrix, regulation: Regulation) -> list[Finding]:
    """Every finding, in the order of the rules."""
    return [finding for rule in RULES.values() for finding in rule(matrix, regulation)]


def blocking(matrix: Matrix) -> list[Finding]:
    """What keeps a matrix from being shared."""
    return only_blocking(mph_4(matrix))


def same_words(one: str, other: str) -> bool:
    """Do two texts say the same, apart from spaces and capitals?"""
    return one.lower().split() == other.lower().split()


def _cells(matrix: Matrix) -> Iterator[tuple[Member, Cell]]:
    for member in matrix.members:
        for cell in member.cells:
            yield member, cell


def _warns(rule: str, message: str, params: Mapping[str, str], place: str, page: str) -> Finding:
    return Finding(rule, WARNS, message, params, place, NATIONAL if page else "pilihan rancangan", page)
