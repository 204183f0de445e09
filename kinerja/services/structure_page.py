"""The twelve checks as a person may see them: an office of the ministry all of them, a pengelola his units'."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kinerja.services import permits
from kinerja.services.errors import NotThere
from kinerja.services.structure import Structure, read_structure
from kinerja.services.structure_checks import ROLE_LABELS, run_checks
from kinerja.services.structure_findings import Check, CheckFinding

SHOWN = 200


@dataclass(frozen=True)
class Row:
    """A finding with the address of the unit whose head could be decided, when that is what is missing."""

    finding: CheckFinding
    unit_code: str
    decide_head: bool


@dataclass(frozen=True)
class StructurePage:
    """Every check, and the findings of one."""

    checks: tuple[Check, ...]
    chosen: Check | None
    rows: tuple[Row, ...]
    total: int


def page(person_id: int, number: int | None = None, text: str = "") -> StructurePage:
    """The checks within a person's reach, and the first findings of one. Raises NotThere."""
    checks, structure = _checks(person_id)
    chosen = next((check for check in checks if check.number == number), None)
    if number is not None and chosen is None:
        raise NotThere
    found = [f for f in chosen.findings if _fits(f, text)] if chosen else []
    deciding = permits.paths_for(person_id, "head.decide")
    rows = tuple(_row(deciding, structure, finding) for finding in found[:SHOWN])
    return StructurePage(checks, chosen, rows, len(found))


def export(person_id: int, number: int | None = None, text: str = "") -> Iterator[tuple[Check, CheckFinding]]:
    """Every finding within reach, check by check, narrowed as the page is. Raises NotThere."""
    checks, _structure = _checks(person_id)
    return (
        (check, finding)
        for check in checks
        if number in (None, check.number)
        for finding in check.findings
        if _fits(finding, text)
    )


def _fits(finding: CheckFinding, text: str) -> bool:
    return all(word in finding.subject.casefold() for word in text.casefold().split())


def _checks(person_id: int) -> tuple[tuple[Check, ...], Structure]:
    permits.demand(person_id, "structure.read")
    paths = permits.paths_for(person_id, "structure.read")
    structure = read_structure()
    checks = run_checks(structure=structure)
    if "" in paths:
        return checks, structure
    mine = (replace(c, findings=tuple(f for f in c.findings if _in(f, structure, paths))) for c in checks)
    return tuple(mine), structure


def _in(finding: CheckFinding, structure: Structure, paths: tuple[str, ...]) -> bool:
    unit = structure.units.get(finding.unit_id) if finding.unit_id is not None else None
    return unit is not None and any(unit.path.startswith(path) for path in paths)


def _row(paths: tuple[str, ...], structure: Structure, finding: CheckFinding) -> Row:
    unit = structure.units.get(finding.unit_id) if finding.unit_id is not None else None
    headless = (
        finding.number == 5 and finding.repair_role == ROLE_LABELS["pengelola_pegawai"] and unit is not None
    )
    mine = unit is not None and any(unit.path.startswith(path) for path in paths)
    return Row(finding, unit.code if unit else "", headless and mine)
