"""Typing a parameter's value: the cells of its table as fields, and what was typed as a value again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kinerja.rules import registry, values
from kinerja.rules.regulation import Parameter, frozen_value, packed, unpacked
from kinerja.rules.words import N_
from kinerja.services import periods, permits, rulebook
from kinerja.services.errors import BadInput, NotThere
from kinerja.workflows.base import OWN_RULE, Unmet

NUMBER, TEXT, LIST, JSON, CHOICE, WHOLE = "number", "text", "list", "json", "choice", "whole"

# Around a decimal while the table is written out: JSON has no decimals, and a float would not be the same number.
_BARE = "\u241f"

NOT_JSON = N_("Tabel ini ditulis sebagai JSON; baris %(line)s, kolom %(column)s belum dapat dibaca.")
NOT_A_TABLE = N_("Tulis tabel: objek atau daftar JSON yang tidak kosong.")
NOT_A_NUMBER = N_("Baris ini harus angka: %(line)s")
EMPTY = N_("Isi nilainya.")
UNCHANGED = N_("Nilai ini sama dengan yang berlaku sekarang dan sudah berdasarkan keputusan.")
DECREE_NEEDED = N_("Tulis nomor keputusannya.")


@dataclass(frozen=True)
class Cell:
    """One field of a value: `path` leads to it inside a table, empty for a single value."""

    name: str
    label: str
    kind: str
    value: Any
    path: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def parameter(code: str, key: str) -> Parameter:
    """A parameter of a rule set as it stands now. Raises NotThere."""
    law = rulebook.law_of(code)
    if key not in law:
        raise NotThere
    return law.parameter(key)


def cells(found: Parameter) -> list[Cell]:
    """The fields a value is typed in: one, or one per cell of a table with fixed keys."""
    single = {"decimal": NUMBER, "integer": WHOLE, "text": TEXT, "choice": CHOICE}
    if found.kind in single:
        return [Cell("value", found.label, single[found.kind], found.value, (), found.choices)]
    value = found.value
    if found.code in values.TEMPLATES and value is None:
        return [
            Cell(f"cell-{number}", key, WHOLE, None, (key,))
            for number, key in enumerate(values.TEMPLATES[found.code])
        ]
    if isinstance(value, Mapping) and value and (inner := _leaves(value)) is not None:
        return [
            Cell(f"cell-{number}", " · ".join(path), _kind_of(found.code, leaf), leaf, path)
            for number, (path, leaf) in enumerate(inner)
        ]
    if isinstance(value, tuple) and value and all(not isinstance(one, (Mapping, tuple)) for one in value):
        return [Cell("value", found.label, LIST, "\n".join(str(one) for one in value))]
    text = json.dumps(_plain(value), ensure_ascii=False, indent=1) if value is not None else ""
    text = text.replace(f'"{_BARE}', "").replace(f'{_BARE}"', "")
    return [Cell("value", found.label, JSON, text)]


def _leaves(value: Mapping[str, Any]) -> list[tuple[tuple[str, ...], Any]] | None:
    """Paths and scalars of a table with at most two levels of keys; None when it holds lists."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            if any(isinstance(leaf, (Mapping, tuple)) for leaf in inner.values()):
                return None
            found += [((key, name), leaf) for name, leaf in inner.items()]
        elif isinstance(inner, tuple):
            return None
        else:
            found.append(((key,), inner))
    return found


def _kind_of(code: str, leaf: Any) -> str:
    if not _is_number(leaf):
        return TEXT
    return WHOLE if code in values.WHOLE_TABLES else NUMBER


def _is_number(value: Any) -> bool:
    return isinstance(value, (Decimal, int)) and not isinstance(value, bool)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{_BARE}{value}{_BARE}"
    return value


def value_of(found: Parameter, typed: Mapping[str, Any]) -> Any:
    """The value that was typed, by the names of `cells`. Raises BadInput at the field it is about."""
    fields = cells(found)
    problems = [
        Unmet(OWN_RULE, EMPTY, {}, cell.name)
        for cell in fields
        if typed.get(cell.name) is None or str(typed[cell.name]).strip() == ""
    ]
    if problems:
        raise BadInput(problems)
    if fields[0].path:
        return _table(found, fields, typed)
    cell, given = fields[0], typed["value"]
    if cell.kind == LIST:
        return _list(found.value, str(given))
    if cell.kind == JSON:
        return _json(str(given))
    return int(given) if cell.kind == WHOLE else given.strip() if isinstance(given, str) else given


def _table(found: Parameter, fields: list[Cell], typed: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for cell in fields:
        given = typed[cell.name]
        if isinstance(given, Decimal) and _is_whole(cell) and given == given.to_integral_value():
            given = int(given)
        place = made
        for key in cell.path[:-1]:
            place = place.setdefault(key, {})
        place[cell.path[-1]] = given.strip() if isinstance(given, str) else given
    return made


def _is_whole(cell: Cell) -> bool:
    return cell.kind == WHOLE or isinstance(cell.value, int)


def _list(old: tuple[Any, ...], text: str) -> list[Any]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not all(_is_number(one) for one in old):
        return list(lines)
    numbers: list[Any] = []
    for line in lines:
        try:
            numbers.append(Decimal(line.replace(".", "").replace(",", ".")) if "," in line else int(line))
        except (ValueError, InvalidOperation):
            raise BadInput([Unmet(OWN_RULE, NOT_A_NUMBER, {"line": line}, "value")]) from None
    return numbers


def _json(text: str) -> Any:
    try:
        value = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise BadInput([Unmet(OWN_RULE, NOT_JSON, place, "value")]) from error
    except (ValueError, RecursionError) as error:
        raise BadInput([Unmet(OWN_RULE, NOT_A_TABLE, {}, "value")]) from error
    if not isinstance(value, (dict, list)) or not value:
        raise BadInput([Unmet(OWN_RULE, NOT_A_TABLE, {}, "value")])
    return value


def replace(
    by_id: int, code: str, key: str, typed: Mapping[str, Any], *, decree_number: str, decree_date: date
) -> None:
    """Enter a decree for a parameter. Raises NotThere, NotAllowed, BadInput."""
    permits.demand(by_id, "rules.replace")
    found = parameter(code, key)
    if reason := rulebook.why_not(found):
        raise BadInput([Unmet(OWN_RULE, reason, {"source": found.source})])
    value = value_of(found, typed)
    if not decree_number.strip():
        raise BadInput([Unmet(OWN_RULE, DECREE_NEEDED, {}, "decree_number")])
    if found.decree_number == decree_number.strip() and _same(found.value, value):
        raise BadInput([Unmet(OWN_RULE, UNCHANGED, {})])
    _fitting(found, code, value)
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
        first = cells(found)[0].name
        raise BadInput(
            [
                replaced(problem, field_name=first) if problem.field_name == "value" else problem
                for problem in error.problems
            ]
        ) from error


def _fitting(found: Parameter, code: str, value: Any) -> None:
    """Raise BadInput at the cell that is wrong. The service looks at the whole value again."""
    law = rulebook.law_of(code)
    try:
        values.check(
            registry.regulation(code).parameter(found.code), unpacked(packed(frozen_value(value))), law
        )
    except values.BadValue as error:
        fields = cells(found)
        name = next((cell.name for cell in fields if cell.path and cell.path == error.path), fields[0].name)
        raise BadInput([Unmet(OWN_RULE, error.message, error.params, name)]) from error


def _same(old: Any, new: Any) -> bool:
    return json.dumps(packed(old), sort_keys=True, default=str) == json.dumps(
        packed(new), sort_keys=True, default=str
    )
