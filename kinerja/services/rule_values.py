"""Typing a parameter's value: what was typed in its fields as a value again, looked at before it is entered."""

import json
from collections.abc import Mapping
from dataclasses import replace as replaced
from datetime import date
from decimal import Decimal
from typing import Any

from kinerja.rules import registry, values
from kinerja.rules.regulation import Parameter, frozen_value, packed, unpacked
from kinerja.rules.words import N_
from kinerja.services import periods, permits, rule_cells, rulebook
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.rule_cells import Cell
from kinerja.workflows.base import OWN_RULE, Unmet

EMPTY = N_("Isi nilainya.")
UNCHANGED = N_("Nilai ini sama dengan yang berlaku sekarang dan sudah berdasarkan keputusan.")
DECREE_NEEDED = N_("Tulis nomor keputusannya.")


def parameter(code: str, key: str) -> Parameter:
    """A parameter of a rule set as it stands now. Raises NotThere."""
    law = rulebook.law_of(code)
    if key not in law:
        raise NotThere
    return law.parameter(key)


def cells(code: str, found: Parameter, rows: int = 0) -> list[Cell]:
    """The fields of a parameter of a rule set as `rule_cells` makes them. Raises NotThere."""
    return rule_cells.cells(rulebook.law_of(code), found, rows)


def value_of(code: str, found: Parameter, typed: Mapping[str, Any]) -> Any:
    """The value that was typed, by the names of `cells`. Raises BadInput at the field it is about."""
    fields = _fields(code, found, typed)
    problems = [
        Unmet(OWN_RULE, EMPTY, {}, cell.name)
        for cell in fields
        if typed.get(cell.name) is None or str(typed[cell.name]).strip() == ""
    ]
    if problems:
        raise BadInput(problems)
    if not fields[0].path:
        return _single(fields[0], typed["value"])
    given = {cell.path: typed[cell.name] for cell in fields}
    law = rulebook.law_of(code)
    if found.code == values.BANDS:
        *bounded, last = rule_cells.codes_of_bands(law)
        return [{"from": _tidy(given[band,]), "code": band} for band in bounded] + [{"code": last}]
    if rule_cells.grows(found):
        width = rule_cells.width_of(found)
        points = [_tidy(number) for number in given.values()]
        return [points[start : start + width] for start in range(0, len(points), width)]
    return _table(rule_cells.shape_of(law, found), given, ())


def _fields(code: str, found: Parameter, typed: Mapping[str, Any]) -> list[Cell]:
    """The fields that were on the page: of a table that can grow, as many rows as were sent."""
    width = rule_cells.width_of(found)
    return cells(code, found, len(typed) // width if width else 0)


def _single(cell: Cell, given: Any) -> Any:
    if cell.kind == rule_cells.LIST:
        return [line.strip() for line in str(given).splitlines() if line.strip()]
    return int(given) if cell.kind == rule_cells.WHOLE else given.strip() if isinstance(given, str) else given


def _table(shape: Any, given: Mapping[rule_cells.Path, Any], path: rule_cells.Path) -> Any:
    """What was typed in the shape of the table."""
    if isinstance(shape, Mapping):
        return {key: _table(inner, given, (*path, key)) for key, inner in shape.items()}
    if isinstance(shape, tuple):
        return [_table(inner, given, (*path, str(number))) for number, inner in enumerate(shape)]
    value = given[path]
    if isinstance(value, str):
        return value.strip()
    return _tidy(value) if isinstance(shape, int) else value


def _tidy(number: Decimal | int) -> Decimal | int:
    """A whole number without decimals, as the rule sets write it."""
    return int(number) if number == int(number) else number


def replace(
    by_id: int, code: str, key: str, typed: Mapping[str, Any], *, decree_number: str, decree_date: date
) -> None:
    """Enter a decree for a parameter. Raises NotThere, NotAllowed, BadInput."""
    permits.demand(by_id, "rules.replace")
    found = parameter(code, key)
    if reason := rulebook.why_not(found):
        raise BadInput([Unmet(OWN_RULE, reason, {"source": found.source})])
    value = value_of(code, found, typed)
    if not decree_number.strip():
        raise BadInput([Unmet(OWN_RULE, DECREE_NEEDED, {}, "decree_number")])
    if found.decree_number == decree_number.strip() and _same(found.value, value):
        raise BadInput([Unmet(OWN_RULE, UNCHANGED, {})])
    fields = _fields(code, found, typed)
    _fitting(found, code, value, fields)
    try:
        periods.replace_assumption(
            by_id,
            rule_set=code,
            code=key,
            value=value,
            decree_number=decree_number.strip(),
            decree_date=decree_date,
        )
    except BadInput as error:
        first = fields[0].name
        raise BadInput(
            [
                replaced(problem, field_name=first) if problem.field_name == "value" else problem
                for problem in error.problems
            ]
        ) from error


def _fitting(found: Parameter, code: str, value: Any, fields: list[Cell]) -> None:
    """Raise BadInput at the cell that is wrong. The service looks at the whole value again."""
    law = rulebook.law_of(code)
    try:
        values.check(
            registry.regulation(code).parameter(found.code), unpacked(packed(frozen_value(value))), law
        )
    except values.BadValue as error:
        # The cell itself, else the first of the row that is wrong as a whole, else the first of all.
        wrong = (cell.name for cell in fields if cell.path[: len(error.path)] == error.path)
        name = next(wrong, fields[0].name)
        raise BadInput([Unmet(OWN_RULE, error.message, error.params, name)]) from error


def _same(old: Any, new: Any) -> bool:
    return json.dumps(packed(old), sort_keys=True, default=str) == json.dumps(
        packed(new), sort_keys=True, default=str
    )
