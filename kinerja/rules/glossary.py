"""The terms of the regulations in plain words, each with its source; they stand beside this file as TOML."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Term:
    """A term, what else it is called, what it means in Indonesian and in English, and where it comes from."""

    term: str
    also: tuple[str, ...]
    meaning: str
    meaning_en: str
    source: str


@cache
def terms() -> tuple[Term, ...]:
    """Every term, by the alphabet."""
    text = files("kinerja.rules").joinpath("data", "glossary.toml").read_text(encoding="utf-8")
    found = (
        Term(t["term"], tuple(t.get("also", ())), t["meaning"], t["meaning_en"], t["source"])
        for t in tomllib.loads(text)["term"]
    )
    return tuple(sorted(found, key=lambda term: term.term.casefold()))
