"""Reading the rule sets that stand beside this file as TOML; each is read once."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from kinerja.rules.regulation import (
    KINDS,
    MISSING,
    STATUSES,
    Override,
    Parameter,
    Regulation,
    checked_value,
    frozen_value,
)

CODES = ("permenpanrb6-2022", "kmk300-2022", "kmk127-2026")
DEFAULT_CODE = "kmk300-2022"


@dataclass(frozen=True)
class CoreValue:
    """One of the seven BerAKHLAK values with its three guides (PermenPANRB 6/2022 art. 10, p.8-9)."""

    code: str
    title: str
    bullets: tuple[str, ...]


def regulation(code: str, overrides: Sequence[Override] = ()) -> Regulation:
    """The rule set ``code`` with ``overrides`` applied. Raises LookupError for a code that is not in
    CODES."""
    return _loaded(code).with_overrides(overrides) if overrides else _loaded(code)


@cache
def labels(code: str) -> Mapping[str, Any]:
    """What documents, values and unit levels are called under ``code``. Raises LookupError."""
    found = _read("labels").get(code)
    if found is None:
        raise LookupError(f"no labels for rule set {code}")
    labels_of_code: Mapping[str, Any] = frozen_value(found)
    return labels_of_code


@cache
def core_values() -> tuple[CoreValue, ...]:
    """The seven values in the order of the law."""
    return tuple(
        CoreValue(item["code"], item["title"], tuple(item["bullets"])) for item in _read("berakhlak")["value"]
    )


@cache
def _loaded(code: str) -> Regulation:
    if code not in CODES:
        raise LookupError(f"no rule set {code}; known: {', '.join(CODES)}")
    data = _read(code)
    inherited = _loaded(data["extends"]).parameters if "extends" in data else ()
    merged = {parameter.code: parameter for parameter in inherited}
    for key, entry in data["parameter"].items():
        merged[key] = _parameter(key, entry)
    return Regulation(code, data["title"], data["version"], data["source"], tuple(merged.values()))


def _read(name: str) -> dict[str, Any]:
    text = files("kinerja.rules").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def _parameter(key: str, entry: Mapping[str, Any]) -> Parameter:
    status, kind = entry["status"], entry["kind"]
    if status not in STATUSES or kind not in KINDS:
        raise ValueError(f"{key}: unknown status or kind")
    if (status == MISSING) == ("value" in entry):
        raise ValueError(f"{key}: a value belongs to every status but belum_ada")
    if status == MISSING and not entry.get("step"):
        raise ValueError(f"{key}: the step that waits for it must be named")
    bare = Parameter(
        key,
        entry["label"],
        None,
        status,
        entry["source"],
        entry.get("step", ""),
        kind=kind,
        choices=tuple(entry.get("choices", ())),
        note=entry.get("note", ""),
    )
    value = None if status == MISSING else checked_value(bare, entry["value"])
    return Parameter(
        bare.code,
        bare.label,
        value,
        status,
        bare.source,
        bare.step,
        kind=kind,
        choices=bare.choices,
        note=bare.note,
    )
