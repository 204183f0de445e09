"""The unit tree of an import: parents, circles, what is added, changed, closed."""

from collections.abc import Iterable, Mapping
from datetime import date

from kinerja.rules.words import N_
from kinerja.services.importing.cells import LEVELS
from kinerja.services.importing.existing import Existing, Held
from kinerja.services.importing.graphs import tree_circles
from kinerja.services.importing.plan import Plan
from kinerja.services.importing.reading import UNIT_FILE
from kinerja.services.importing.result import Findings
from kinerja.services.importing.timelines import Placed
from kinerja.services.importing.validating import Files

DEEPEST = 20


def plan_units(plan: Plan, files: Files, known: Existing, findings: Findings) -> None:
    """Fill `plan.parents` (every unit that is open afterwards) and the lists of units."""
    plan.parents = {code: unit.parent for code, unit in known.units.items() if unit.valid_to is None}
    plan.parents |= {code: row.parent for code, row in files.units.items()}
    for code, row in files.units.items():
        unit = known.units.get(code)
        if row.parent and row.parent not in plan.parents and row.parent not in files.bad_units:
            findings.refuse(
                UNIT_FILE, row.row, "kode_induk", row.parent,
                N_("Unit induk ini tidak ada di unit.csv maupun di data."),
            )  # fmt: skip
        if unit is None:
            plan.units_added.append(row)
        elif unit.valid_to is not None or row[2:] != unit[2:4] + unit[5:10]:
            plan.units_changed.append((unit, row))
        else:
            plan.unchanged["unit"] += 1
    _circles(plan, files, findings)
    _levels(plan, files, known, findings)
    if UNIT_FILE in files.read:
        plan.units_missing = [
            unit
            for code, unit in known.units.items()
            if unit.valid_to is None and code not in files.units and code not in files.bad_units
        ]


def _circles(plan: Plan, files: Files, findings: Findings) -> None:
    for circle in tree_circles(plan.parents):
        chain = " → ".join([*circle[:12], circle[0]])
        for code in circle:
            if code in files.units:
                row = files.units[code]
                findings.refuse(
                    UNIT_FILE, row.row, "kode_induk", row.parent, N_("Pohon unit berputar: %(chain)s."), chain=chain
                )  # fmt: skip


def _levels(plan: Plan, files: Files, known: Existing, findings: Findings) -> None:
    """A unit above its own parent, and a second top, are doubtful but not wrong."""
    levels = {code: unit.level for code, unit in known.units.items()}
    levels |= {code: row.level for code, row in files.units.items()}
    tops = [code for code, parent in plan.parents.items() if not parent]
    for row in files.units.values():
        above = levels.get(row.parent)
        if above is not None and LEVELS.index(row.level) < LEVELS.index(above):
            findings.doubt(
                UNIT_FILE, row.row, "level", row.level, N_("Level unit ini di atas level induknya (%(above)s)."),
                above=above,
            )  # fmt: skip
        if not row.parent and len(tops) > 1 and row.code != tops[0]:
            findings.doubt(
                UNIT_FILE, row.row, "kode_induk", "", N_("Ada lebih dari satu unit paling atas (%(first)s)."),
                first=tops[0],
            )  # fmt: skip
        if _depth(row.code, plan.parents) > DEEPEST:
            findings.refuse(
                UNIT_FILE, row.row, "kode_induk", row.parent, N_("Pohon unit lebih dari %(deepest)s tingkat."),
                deepest=DEEPEST,
            )  # fmt: skip


def _depth(code: str, parents: Mapping[str, str]) -> int:
    depth, seen = 0, set()
    while code and code in parents and code not in seen:
        seen.add(code)
        depth, code = depth + 1, parents[code]
    return depth if not code else 0  # circles and unknown parents are refused elsewhere


def end_units(
    plan: Plan, files: Files, known: Existing, placed: Mapping[str, Placed], gone: Mapping[str, list[Held]], today: date
) -> None:  # fmt: skip
    """Close the units the file does not mention, as far as nobody and no open unit is left in them."""
    finals: Iterable[list[Held]] = (*(p.final for p in placed.values()), *gone.values())
    if not placed and not gone:
        finals = known.placements.values()
    busy = {held.post[0] for final in finals for held in final if held.ends is None or held.ends > today}
    closing = {unit.code: unit for unit in plan.units_missing if unit.code not in busy}
    while True:
        needed = {
            parent for code, parent in plan.parents.items() if parent in closing and code not in closing
        }
        if not needed:
            break
        for code in needed:
            del closing[code]
    plan.units_ended = [(unit, today) for unit in closing.values()]
    plan.units_missing = [unit for unit in plan.units_missing if unit.code not in closing]
