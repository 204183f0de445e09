"""The fields a parameter's value is typed in: one, or a row for each row of its table, made from its own shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kinerja.rules import registry, values
from kinerja.rules.regulation import Parameter, Regulation
from kinerja.rules.value_words import COLUMNS, word
from kinerja.rules.words import N_

NUMBER, TEXT, LIST, CHOICE, PICK, WHOLE = "number", "text", "list", "choice", "pick", "whole"
# A table whose rows may be more or fewer; no scale needs that many.
MOST_ROWS = 30

LOWEST = N_("Nilai terendah yang masih mendapat predikat ini.")
BELOW = N_("Di bawah angka ini: %(label)s.")

Path = tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One field of a value. `path` leads to it inside a table, empty for a single value.

    `row` and `label` are texts to translate: the row it stands in ("" where each row is one field) and the field;
    `number` counts the rows of a table that can grow, which have no name. `choices`: code and text.
    """

    name: str
    label: str
    kind: str
    value: Any
    path: Path = ()
    row: str = ""
    number: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    help: tuple[str, dict[str, str]] | None = None


def grows(found: Parameter) -> bool:
    """Whether rows can be added to this table and taken out."""
    return found.code == values.SCALE


def rows_of(found: Parameter) -> int:
    """How many rows a table that can grow has now."""
    return len(found.value) if grows(found) and isinstance(found.value, tuple) else 0


def width_of(found: Parameter) -> int:
    """How many fields stand in a row of a table that can grow."""
    return len(COLUMNS[found.code]) if grows(found) else 0


def cells(law: Regulation, found: Parameter, rows: int = 0) -> list[Cell]:
    """The fields of a parameter of this rule set; `rows` of a table that can grow, otherwise those it has now."""
    single = {"decimal": NUMBER, "integer": WHOLE, "text": TEXT, "choice": CHOICE}
    if found.kind in single:
        choices = tuple((one, word(found.code, one)) for one in found.choices)
        return [Cell("value", found.label, single[found.kind], found.value, choices=choices)]
    if found.code == values.BANDS:
        return _bands(law, found)
    if grows(found):
        return _points(found, rows or rows_of(found) or 2)
    shape = shape_of(law, found)
    if shape is None:
        return [Cell("value", found.label, TEXT, None)]
    if isinstance(shape, tuple):
        text = "\n".join(str(one) for one in found.value) if isinstance(found.value, tuple) else ""
        return [Cell("value", found.label, LIST, text)]
    return [_cell(law, found, number, path, leaf) for number, (path, leaf) in enumerate(leaves(shape))]


def shape_of(law: Regulation, found: Parameter) -> Any:
    """The table as the rule set itself gives it, or the template where no rule set has a value yet."""
    original = registry.regulation(law.code).parameter(found.code).value
    return values.TEMPLATES.get(found.code) if original is None else original


def leaves(shape: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every scalar of a table with the way to it."""
    if isinstance(shape, Mapping):
        for key, inner in shape.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(shape, tuple):
        for number, inner in enumerate(shape):
            yield from leaves(inner, (*path, str(number)))
    else:
        yield path, shape


def codes_of_bands(law: Regulation) -> tuple[str, ...]:
    return tuple(law.value("predikat_organisasi_label"))


def _bands(law: Regulation, found: Parameter) -> list[Cell]:
    """Each predicate but the last has a lower bound; the last is whatever is below."""
    codes = codes_of_bands(law)
    now = found.value if isinstance(found.value, tuple) else ()
    known = {band.get("code"): band.get("from") for band in now if isinstance(band, Mapping)}
    helps: dict[str, tuple[str, dict[str, str]]] = {
        codes[0]: (LOWEST, {}),
        codes[-2]: (BELOW, {"label": word(found.code, codes[-1])}),
    }
    return [
        Cell(
            f"cell-{number}",
            word(found.code, code),
            NUMBER,
            known.get(code),
            (code,),
            help=helps.get(code),
        )
        for number, code in enumerate(codes[:-1])
    ]


def _points(found: Parameter, rows: int) -> list[Cell]:
    columns = COLUMNS[found.code]
    return [
        Cell(
            f"cell-{row * len(columns) + column}",
            label,
            NUMBER,
            _at(found.value, (str(row), str(column))),
            (str(row), str(column)),
            number=row + 1,
        )
        for row in range(rows)
        for column, label in enumerate(columns)
    ]


def _cell(law: Regulation, found: Parameter, number: int, path: Path, leaf: Any) -> Cell:
    code = found.code
    last = COLUMNS[code][int(path[-1])] if code in COLUMNS else word(code, path[-1])
    choices: tuple[tuple[str, str], ...] = ()
    if code in values.WORDS:
        choices = tuple((one, word(code, one)) for one in law.value(values.WORDS[code]))
    kind = PICK if choices else _kind_of(code, leaf)
    row = word(code, path[0]) if len(path) > 1 else ""
    return Cell(f"cell-{number}", last, kind, _at(found.value, path), path, row, choices=choices)


def _kind_of(code: str, leaf: Any) -> str:
    if isinstance(leaf, str):
        return TEXT
    return WHOLE if code in values.WHOLE_TABLES else NUMBER


def _at(value: Any, path: Path) -> Any:
    """What stands there now; None where a value of an older form has nothing like it."""
    for key in path:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, tuple) and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value if isinstance(value, (Decimal, int, str)) else None
