"""The input of `kinerja score`: JSON with exact numbers, held against schema.json; every fault with its place.

The schema is the one description of the input. What it says is enforced here, keyword by keyword, so that each
sentence can be Indonesian and each number becomes a Decimal on the way.
"""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

LARGEST = 5 * 1024 * 1024
PLACES, DIGITS = 6, 12
TYPES = {
    "object": "objek", "array": "daftar", "string": "teks", "number": "angka", "integer": "bilangan bulat",
    "boolean": "true atau false", "null": "null",
}  # fmt: skip
# "1.234" in a text is 1234 to one reader and 1,234 to the other.
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]*)?|-?[1-9][0-9]{0,2}(,[0-9]{3}){2,}")
_WRITTEN = re.compile(r"-?[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True)
class Fault:
    """Something wrong in the input: its JSON path and a sentence."""

    path: str
    message: str


class Unreadable(Exception):
    """The text is no JSON at all; the one fault says where."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.fault = Fault("$", message)


class _Object(dict[str, Any]):
    """An object as it was written; `twice` names the keys that stand there more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        written = [key for key, _ in pairs]
        self.twice = [key for key in self if written.count(key) > 1] if len(written) > len(self) else []


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of the input, as it comes with the package."""
    found: dict[str, Any] = json.loads(schema_text())
    return found


def schema_text() -> str:
    """The same as text."""
    return files("kinerja.commands.scoring").joinpath("schema.json").read_text(encoding="utf-8")


def parsed(content: bytes) -> Any:
    """The JSON in ``content`` with Decimal for every number. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(f"Berkas lebih besar dari {LARGEST // 1024 // 1024} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"Berkas bukan teks UTF-8 (bita ke-{error.start + 1}).") from None
    try:
        return json.loads(
            text, parse_float=_exact, parse_int=_exact, parse_constant=_exact, object_pairs_hook=_Object
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"Bukan JSON: baris {error.lineno}, kolom {error.colno}.") from None
    except RecursionError:
        raise Unreadable("JSON bersarang terlalu dalam.") from None


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def shaped(value: Any) -> tuple[Any, list[Fault]]:
    """``value`` with its numbers as Decimal and int, and every breach of the schema."""
    faults: list[Fault] = []
    return _walk(schema(), value, "$", faults), faults


def _resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    target = schema()["$defs"][part["$ref"].removeprefix("#/$defs/")]
    return {**_resolved(target), **{key: inner for key, inner in part.items() if key != "$ref"}}


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _types(part: Mapping[str, Any]) -> tuple[str, ...]:
    """The types a schema lets through; a list of words lets texts through."""
    named = part.get("type", "string" if "enum" in part or "const" in part else ())
    return (named,) if isinstance(named, str) else tuple(named)


def _walk(part: Mapping[str, Any], value: Any, path: str, faults: list[Fault]) -> Any:
    part = _resolved(part)
    if "oneOf" in part:
        return _one_of(part, value, path, faults)
    types, found = _types(part), _type_of(value)
    if types and found not in types and not (found == "number" and "integer" in types):
        if "enum" in part:
            faults.append(Fault(path, f"Isi salah satu dari: {_words(part['enum'])}."))
        else:
            faults.append(Fault(path, f"Isi {_named(types)}, bukan {TYPES[found]}."))
        return None
    if not types:
        return value
    if "number" in types:
        return _number(part, value, path, faults)
    if "integer" in types:
        return _whole(part, value, path, faults)
    if found == "string":
        return _text(part, value, path, faults)
    if found == "array":
        return _list(part, value, path, faults)
    return _object(part, value, path, faults) if found == "object" else value


def _one_of(part: Mapping[str, Any], value: Any, path: str, faults: list[Fault]) -> Any:
    branches = [_resolved(branch) for branch in part["oneOf"]]
    found = _type_of(value)
    fitting = [branch for branch in branches if found in _types(branch)]
    if len(fitting) == 1:
        return _walk(fitting[0], value, path, faults)
    if fitting:
        kinds = {branch["properties"]["jenis"]["const"]: branch for branch in fitting}
        kind = value.get("jenis")
        if isinstance(kind, str) and kind in kinds:
            return _walk(kinds[kind], value, path, faults)
        message = (
            "Wajib diisi." if kind is None else _unknown(f"“{kind}” tidak dikenal", str(kind), list(kinds))
        )
        faults.append(Fault(f"{path}.jenis", f"{message} Pilihannya: {', '.join(kinds)}."))
        return None
    allowed = tuple(dict.fromkeys(name for branch in branches for name in _types(branch)))
    faults.append(Fault(path, f"Isi {_named(allowed)}, bukan {TYPES[found]}."))
    return None


def _number(part: Mapping[str, Any], value: Any, path: str, faults: list[Fault]) -> Decimal | None:
    """A number, or a text that writes one with a decimal comma."""
    if isinstance(value, str):
        text = value.strip()
        if _THOUSANDS.fullmatch(text):
            faults.append(
                Fault(path, f"“{value}” memakai pemisah ribuan: tulis tanpa pemisah, misalnya 1234,5.")
            )
            return None
        if not _WRITTEN.fullmatch(text):
            faults.append(Fault(path, f'“{value}” bukan angka: tulis misalnya 12.5 atau "12,5".'))
            return None
        value = Decimal(text.replace(",", "."))
    if not value.is_finite():
        faults.append(Fault(path, "Angka harus terhingga."))
        return None
    if value == 0:
        value = Decimal(0)
    elif not -PLACES <= value.adjusted() < DIGITS or 10**PLACES % Fraction(value).denominator:
        told = f"paling banyak {DIGITS} angka di depan dan {PLACES} angka di belakang koma"
        faults.append(Fault(path, f"Angka {told}."))
        return None
    return _within(part, value, path, faults)


def _whole(part: Mapping[str, Any], value: Decimal, path: str, faults: list[Fault]) -> int | None:
    if not value.is_finite() or value.adjusted() >= DIGITS or value != int(value):
        faults.append(Fault(path, "Isi bilangan bulat."))
        return None
    inside = _within(part, value, path, faults)
    return None if inside is None else int(inside)


def _within(part: Mapping[str, Any], value: Decimal, path: str, faults: list[Fault]) -> Decimal | None:
    low, high = part.get("minimum"), part.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        told = f"paling sedikit {low}" if high is None else f"antara {low} dan {high}"
        faults.append(Fault(path, f"Angka harus {told}."))
    elif "exclusiveMinimum" in part and value <= part["exclusiveMinimum"]:
        faults.append(Fault(path, f"Angka harus lebih dari {part['exclusiveMinimum']}."))
    else:
        return value
    return None


def _text(part: Mapping[str, Any], value: str, path: str, faults: list[Fault]) -> str | None:
    words = part.get("enum", [part["const"]] if "const" in part else None)
    if words is not None and value not in words:
        told = _unknown(f"“{value}” tidak dikenal", value, words)
        faults.append(Fault(path, f"{told} Pilihannya: {_words(words)}."))
    elif len(value.strip()) < part.get("minLength", 0):
        faults.append(Fault(path, "Tidak boleh kosong."))
    elif len(value) > part.get("maxLength", len(value)):
        faults.append(Fault(path, f"Paling panjang {part['maxLength']} huruf."))
    elif "pattern" in part and not _is_day(value):
        faults.append(Fault(path, f"“{value}” bukan tanggal: tulis TTTT-BB-HH, misalnya 2026-01-31."))
    else:
        return value
    return None


def _is_day(value: str) -> bool:
    """The one pattern of texts is that of a day."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _list(part: Mapping[str, Any], value: list[Any], path: str, faults: list[Fault]) -> list[Any]:
    if len(value) < part["minItems"]:
        faults.append(Fault(path, f"Isi paling sedikit {part['minItems']}."))
    elif len(value) > part["maxItems"]:
        faults.append(Fault(path, f"Isi paling banyak {part['maxItems']}, bukan {len(value)}."))
        return []
    return [_walk(part["items"], one, f"{path}[{place}]", faults) for place, one in enumerate(value)]


def _object(part: Mapping[str, Any], value: dict[str, Any], path: str, faults: list[Fault]) -> dict[str, Any]:
    known, free = part.get("properties", {}), part.get("additionalProperties", True)
    made: dict[str, Any] = {}
    for key in value.twice if isinstance(value, _Object) else ():
        faults.append(Fault(f"{path}.{key}", "Ditulis lebih dari sekali."))
    for key, inner in value.items():
        if key in known:
            made[key] = _walk(known[key], inner, f"{path}.{key}", faults)
        elif free is False:
            faults.append(Fault(f"{path}.{key}", _unknown("Tidak dikenal di sini", key, list(known))))
        else:
            made[key] = _walk(free, inner, f"{path}.{key}", faults)
    faults.extend(
        Fault(f"{path}.{key}", "Wajib diisi.") for key in part.get("required", ()) if key not in value
    )
    if len(value) < part.get("minProperties", 0):
        faults.append(Fault(path, "Tidak boleh kosong."))
    return made


def _named(types: tuple[str, ...]) -> str:
    return " atau ".join(TYPES[name] for name in types)


def _words(words: list[str]) -> str:
    return ", ".join(word or '""' for word in words)


def _unknown(told: str, word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1, 0.7)
    return f"{told}, maksudnya {near[0]}?" if near else f"{told}."
