"""The texts that rules and guards name as their source, each with its date."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A number or step of these statuses may rest on our own design; of any other it names the text that gives it.
OURS = ("asumsi", "desain", "belum_ada")


@dataclass(frozen=True)
class Origin:
    """A regulation, a decree or our own design. ``dated`` is a day, a month or a year, as exactly as it is known."""

    name: str
    title: str
    dated: str
    marks: tuple[str, ...]


@cache
def origins() -> tuple[Origin, ...]:
    """All of them; the first is our own design."""
    text = files("kinerja.rules").joinpath("data", "origins.toml").read_text(encoding="utf-8")
    return tuple(
        Origin(row["name"], row["label"], row["dated"], tuple(row["marks"]))
        for row in tomllib.loads(text)["origin"]
    )


def origin_of(source: str, status: str) -> Origin:
    """The text that a source of a given status names first. Raises LookupError when it names none that is known."""
    design, *texts = origins()
    named = [(source.index(mark), origin) for origin in texts for mark in origin.marks if mark in source]
    if named:
        return min(named, key=lambda pair: pair[0])[1]
    if status in OURS or any(mark in source for mark in design.marks):
        return design
    raise LookupError(f"no dated text is named by {source!r} ({status})")
