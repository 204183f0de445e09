"""A rule set as one frozen value: its parameters with status, source and, when replaced, the decree that
says so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

VERIFIED, ASSUMED, MISSING = "terverifikasi", "asumsi", "belum_ada"
STATUSES = (VERIFIED, ASSUMED, MISSING)
KINDS = ("decimal", "integer", "text", "choice", "table")


class BelumAda(Exception):
    """A number the law has not given yet is needed: ``step`` names what stays closed until somebody enters
    it."""

    def __init__(self, key: str, step: str, label: str = "") -> None:
        super().__init__(f"{label or key}: belum ada (langkah {step})")
        self.key, self.step, self.label = key, step, label


class UnknownParameter(KeyError):
    """The rule set has no such parameter: the formula does not belong to it, or the key is misspelt."""


@dataclass(frozen=True)
class Parameter:
    """One number, text or table. ``value`` is None exactly when ``status`` is ``belum_ada``.

    ``decree_number`` and ``decree_date`` are set when an instance replaced an assumption by citing a decree.
    """

    code: str
    label: str
    value: Any
    status: str
    source: str
    step: str = ""
    decree_number: str = ""
    decree_date: date | None = None
    kind: str = "text"
    choices: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Override:
    """A value of one instance with the decree that carries it; both decree fields are compulsory."""

    key: str
    value: Any
    decree_number: str
    decree_date: date


@dataclass(frozen=True)
class Regulation:
    """The rule set of a period. Equal content is equal; nothing in it can change."""

    code: str
    title: str
    version: int
    source: str
    parameters: tuple[Parameter, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, Parameter]:
        return {parameter.code: parameter for parameter in self.parameters}

    def __contains__(self, key: object) -> bool:
        return key in self._by_code

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    def parameter(self, key: str) -> Parameter:
        """The parameter with its status and source. Raises UnknownParameter."""
        try:
            return self._by_code[key]
        except KeyError:
            raise UnknownParameter(f"{self.code} has no parameter {key}") from None

    def value(self, key: str) -> Any:
        """The value. Raises BelumAda when no value is known, UnknownParameter when the rule set has no such
        key."""
        parameter = self.parameter(key)
        if parameter.status == MISSING:
            raise BelumAda(key, parameter.step, parameter.label)
        return parameter.value

    def number(self, key: str) -> Fraction:
        """The exact value of a decimal or integer parameter; raises as :meth:`value`."""
        return Fraction(self.value(key))

    def whole(self, key: str) -> int:
        """The value of an integer parameter; raises as :meth:`value`."""
        return int(self.value(key))

    def text(self, key: str) -> str:
        """The value of a text or choice parameter; raises as :meth:`value`."""
        return str(self.value(key))

    def status_of(self, *keys: str) -> str:
        """The weakest status among ``keys``: ``belum_ada`` before ``asumsi`` before ``terverifikasi``."""
        return max(
            (self.parameter(key).status for key in keys),
            key=STATUSES.index,
            default=VERIFIED,
        )

    @property
    def used_assumptions(self) -> tuple[Parameter, ...]:
        """Every parameter that is still an assumption: to be shown on each page and print that uses one."""
        return tuple(parameter for parameter in self.parameters if parameter.status == ASSUMED)

    @property
    def missing(self) -> tuple[Parameter, ...]:
        """Every parameter without a known value, with the step each keeps closed."""
        return tuple(parameter for parameter in self.parameters if parameter.status == MISSING)

    def with_overrides(self, overrides: Sequence[Override]) -> "Regulation":
        """A copy in which each override replaces an assumption or fills a missing value.

        Raises UnknownParameter, or ValueError for a verified parameter, a value of the wrong kind, or no
        decree.
        """
        current = dict(self._by_code)
        for override in overrides:
            old = self.parameter(override.key)
            if old.status == VERIFIED:
                raise ValueError(f"{override.key} is stated by {old.source} and cannot be replaced")
            if not override.decree_number.strip():
                raise ValueError(f"{override.key}: the number of the decree is missing")
            current[override.key] = Parameter(
                old.code,
                old.label,
                checked_value(old, override.value),
                VERIFIED,
                override.decree_number,
                old.step,
                override.decree_number,
                override.decree_date,
                old.kind,
                old.choices,
                old.note,
            )
        return Regulation(self.code, self.title, self.version, self.source, tuple(current.values()))

    def freeze(self) -> dict[str, Any]:
        """A copy that JSON can carry and :func:`thaw` turns back into an equal Regulation."""
        return {
            "code": self.code,
            "title": self.title,
            "version": self.version,
            "source": self.source,
            "parameters": [_packed_parameter(parameter) for parameter in self.parameters],
        }


def thaw(frozen: Mapping[str, Any]) -> Regulation:
    """The Regulation of :meth:`Regulation.freeze`; the files of the application are not read."""
    parameters = tuple(
        Parameter(
            item["code"],
            item["label"],
            unpacked(item["value"]),
            item["status"],
            item["source"],
            item["step"],
            item["decree_number"],
            date.fromisoformat(item["decree_date"]) if item["decree_date"] else None,
            item["kind"],
            tuple(item["choices"]),
            item["note"],
        )
        for item in frozen["parameters"]
    )
    return Regulation(frozen["code"], frozen["title"], frozen["version"], frozen["source"], parameters)


def checked_value(parameter: Parameter, value: Any) -> Any:
    """``value`` in the form of the parameter's kind, frozen. Raises ValueError when it does not fit."""
    fits = {
        "decimal": isinstance(value, (Decimal, int)) and not isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "text": isinstance(value, str),
        "choice": isinstance(value, str) and value in parameter.choices,
        "table": isinstance(value, (Mapping, list, tuple)),
    }
    if not fits.get(parameter.kind, False):
        raise ValueError(f"{parameter.code}: a value of kind {parameter.kind} is needed")
    return Decimal(value) if parameter.kind == "decimal" else frozen_value(value)


def frozen_value(value: Any) -> Any:
    """The same value with mappings made read-only and lists made tuples, all the way down."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: frozen_value(inner) for key, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(frozen_value(inner) for inner in value)
    return value


def _packed_parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "code": parameter.code,
        "label": parameter.label,
        "value": packed(parameter.value),
        "status": parameter.status,
        "source": parameter.source,
        "step": parameter.step,
        "decree_number": parameter.decree_number,
        "decree_date": parameter.decree_date.isoformat() if parameter.decree_date else None,
        "kind": parameter.kind,
        "choices": list(parameter.choices),
        "note": parameter.note,
    }


def packed(value: Any) -> Any:
    """``value`` as JSON can carry it; :func:`unpacked` gives it back."""
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, Mapping):
        return {key: packed(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [packed(inner) for inner in value]
    return value


def unpacked(value: Any) -> Any:
    """What :func:`packed` was given, frozen."""
    if isinstance(value, Mapping):
        if set(value) == {"$decimal"}:
            return Decimal(value["$decimal"])
        return MappingProxyType({key: unpacked(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return tuple(unpacked(inner) for inner in value)
    return value
