"""The law as pages show it: rule sets, their parameters with status and source, and what periods were opened with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import ParameterOverride, Period, Person
from kinerja.rules import origins as dated
from kinerja.rules import values
from kinerja.rules.registry import CODES, DEFAULT_CODE
from kinerja.rules.regulation import ASSUMED, MISSING, VERIFIED, Parameter, Regulation, unpacked
from kinerja.rules.value_words import COLUMNS, word
from kinerja.rules.words import N_
from kinerja.services import periods
from kinerja.services.errors import NotThere

STATUS_LABELS = {VERIFIED: N_("terverifikasi"), ASSUMED: N_("asumsi"), MISSING: N_("belum ada")}
STEPS = {
    "buka_periode_bulanan": N_("jendela baku untuk ritme bulanan; tanggalnya diisi saat periode dibuka"),
    "saran_predikat_organisasi": N_("saran predikat kinerja organisasi"),
    "hitung_nko_perspektif": N_("penghitungan NKO menurut perspektif"),
    "putus_sidang_otomatis": N_("koreksi otomatis dari skor dalam sidang TPK"),
    "hitung_skor_mpjhd": N_("penghitungan skor MPJHD"),
    "hitung_dampak_perilaku": N_("nilai dampak perilaku bagi atasan"),
}

STATED = N_("Angka ini dinyatakan %(source)s dan tidak dapat diganti.")
FORMULA = N_("Rumus tertanam dalam program; tidak dapat diganti dengan keputusan.")
UNREAD = N_("Belum dipakai langkah mana pun, jadi belum dapat diganti.")


def origins() -> tuple[dated.Origin, ...]:
    """Every text that a number, a guard or a formula may name as its source, with its date; our own design last."""
    design, *texts = dated.origins()
    return (*texts, design)


def texts_of(source: str) -> tuple[dated.Origin, ...]:
    """Every dated text that a source names, in its order."""
    return dated.named_in(source)


@dataclass(frozen=True)
class RuleSet:
    """One rule set as the front page lists it."""

    code: str
    title: str
    source: str
    origin: dated.Origin
    version: int
    is_default: bool
    parameters: int
    assumptions: int
    missing: tuple[Parameter, ...]
    replaced: int
    used_by: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """A value that is a table: its heads (empty for a plain list) and its rows of cells.

    Heads and first cells are texts to translate; `named`: the other cells too, since they stand for codes.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    named: bool = False


@dataclass(frozen=True)
class Line:
    """A parameter ready to be shown: `grid` stands when the value is a table, `value` when it is not."""

    code: str
    label: str
    kind: str
    status: str
    source: str
    note: str
    step: str
    value: Any
    grid: Grid | None
    choices: tuple[str, ...]
    decree_date: date | None
    why_not: str

    @property
    def replaceable(self) -> bool:
        """Only what no law states and something reads may be replaced, and again when the decree changes."""
        return not self.why_not


@dataclass(frozen=True)
class Replacement:
    """A decree once entered for a parameter."""

    line: Line
    decree_number: str
    decree_date: date
    by: str
    at: datetime


def rule_sets() -> list[RuleSet]:
    """Every rule set with the decrees entered so far, the default first."""
    used: dict[str, list[int]] = {}
    for code, year in db.session.execute(sa.select(Period.rule_set, Period.year).order_by(Period.year)):
        used.setdefault(code, []).append(year)
    ordered = sorted(CODES, key=lambda code: code != DEFAULT_CODE)
    return [_summary(periods.current_law(code), tuple(used.get(code, ()))) for code in ordered]


def _summary(law: Regulation, used_by: tuple[int, ...]) -> RuleSet:
    return RuleSet(
        law.code,
        law.title,
        law.source,
        dated.origin_of(law.source, VERIFIED),
        law.version,
        law.code == DEFAULT_CODE,
        len(law.parameters),
        len(law.used_assumptions),
        law.missing,
        sum(1 for parameter in law if parameter.decree_number),
        used_by,
    )


def law_of(code: str) -> Regulation:
    """A rule set with every decree. Raises NotThere for a code that is not ours."""
    if code not in CODES:
        raise NotThere
    return periods.current_law(code)


def law_of_year(year: int) -> tuple[Regulation, datetime | None]:
    """What the period of a year was opened with, and when. Raises NotThere."""
    period = db.session.scalars(sa.select(Period).where(Period.year == year)).first()
    if period is None:
        raise NotThere
    return periods.regulation_of(period), period.opened_at


def summary_of(law: Regulation) -> RuleSet:
    return _summary(law, ())


def lines(law: Regulation, status: str = "", text: str = "") -> list[Line]:
    """The parameters, narrowed by status and by words of code or label."""
    words = text.casefold().split()
    return [
        line_of(parameter)
        for parameter in law
        if (not status or parameter.status == status)
        and all(word in f"{parameter.code} {parameter.label}".casefold() for word in words)
    ]


def line_of(parameter: Parameter) -> Line:
    """One parameter ready to be shown."""
    value = parameter.value
    return Line(
        parameter.code,
        parameter.label,
        parameter.kind,
        parameter.status,
        parameter.source,
        parameter.note,
        step_label(parameter),
        value,
        grid_of(value, parameter.code) if isinstance(value, (Mapping, tuple, list)) else None,
        parameter.choices,
        parameter.decree_date,
        why_not(parameter),
    )


def why_not(parameter: Parameter) -> str:
    """Why a decree cannot replace this parameter, in words that may name its `source`; "" when it can."""
    if parameter.status == VERIFIED and not parameter.decree_number:
        return STATED
    if values.can_be_replaced(parameter.code):
        return ""
    return FORMULA if parameter.code in values.FORMULAS else UNREAD


def step_label(parameter: Parameter) -> str:
    """The step a missing parameter keeps closed, in words."""
    return STEPS.get(parameter.step, parameter.step.replace("_", " "))


def grid_of(value: Any, code: str = "") -> Grid:
    """A mapping or list as a grid: mappings of mappings and lists of mappings get a column per key.

    `code`: the parameter, whose rows, columns and codes are then called by their names.
    """
    columns = COLUMNS.get(code, ())
    if isinstance(value, Mapping):
        inner = list(value.values())
        if inner and all(isinstance(one, Mapping) for one in inner):
            keys = tuple(dict.fromkeys(key for one in inner for key in one))
            heads = ("", *(word(code, key) for key in keys))
            return Grid(
                heads, tuple((word(code, key), *(one.get(k) for k in keys)) for key, one in value.items())
            )
        if columns:
            rows = ((word(code, key), *(_cell(cell) for cell in one)) for key, one in value.items())
            return Grid(("", *columns), tuple(rows))
        pairs = tuple((word(code, key), _named(code, one)) for key, one in value.items())
        return Grid((), pairs, code in values.WORDS)
    if value and all(isinstance(one, Mapping) for one in value):
        keys = tuple(dict.fromkeys(key for one in value for key in one))
        rows = (tuple(_named(code, one.get(key)) for key in keys) for one in value)
        return Grid(tuple(word(code, key) for key in keys), tuple(rows), code == values.BANDS)
    if value and all(isinstance(one, (list, tuple)) for one in value):
        return Grid(columns, tuple(tuple(_cell(cell) for cell in one) for one in value))
    return Grid((), ((", ".join(str(_cell(one)) for one in value),),))


def _named(code: str, value: Any) -> Any:
    """A cell that is a code in a table of codes by its name, any other as it is."""
    named = code in values.WORDS or code == values.BANDS
    return word(code, value) if named and isinstance(value, str) else _cell(value)


def _cell(value: Any) -> Any:
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_cell(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_cell(inner)) for inner in value)
    return "" if value is None else str(value)


def history(code: str) -> list[Replacement]:
    """Every decree entered for a rule set, the newest first."""
    law = periods.current_law(code)
    rows: Sequence[Any] = db.session.execute(
        sa.select(ParameterOverride, Person.name)
        .join(Person, Person.id == ParameterOverride.entered_by_id)
        .where(ParameterOverride.rule_set == code)
        .order_by(ParameterOverride.id.desc())
    ).all()
    return [
        Replacement(
            line_of(replace(law.parameter(row.code), value=unpacked(row.value))),
            row.decree_number,
            row.decree_date,
            name,
            row.entered_at,
        )
        for row, name in rows
        if row.code in law
    ]
