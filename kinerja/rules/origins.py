"""The texts that rules and guards name as their source, each with its dates."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

# A number or step of these statuses may rest on our own design; of any other it names the text that gives it.
OURS = ("asumsi", "desain", "belum_ada")


@dataclass(frozen=True)
class Origin:
    """A regulation, a decree or our own design. The year is always known; a day that has not been seen is None,
    and ``known_from`` says where the days were read. ``replaces`` names the text whose place this one takes."""

    name: str
    title: str
    year: int
    marks: tuple[str, ...]
    enacted: date | None = None
    promulgated: date | None = None
    in_force: date | None = None
    replaces: str = ""
    known_from: str = ""

    @property
    def dated(self) -> str:
        """The day it was enacted, or its year alone."""
        return self.enacted.isoformat() if self.enacted else str(self.year)


@cache
def origins() -> tuple[Origin, ...]:
    """All of them; the first is our own design."""
    text = files("kinerja.rules").joinpath("data", "origins.toml").read_text(encoding="utf-8")
    return tuple(
        Origin(
            row["name"],
            row["label"],
            row["year"],
            tuple(row["marks"]),
            row.get("ditetapkan"),
            row.get("diundangkan"),
            row.get("berlaku"),
            row.get("replaces", ""),
            row.get("known_from", ""),
        )
        for row in tomllib.loads(text)["origin"]
    )


@cache
def named_in(source: str) -> tuple[Origin, ...]:
    """Every text that a source names, in the order it names them; our own design when it names that alone."""
    design, *texts = origins()
    places = {
        origin: min(source.index(mark) for mark in origin.marks if mark in source)
        for origin in texts
        if any(mark in source for mark in origin.marks)
    }
    found = tuple(sorted(places, key=lambda origin: places[origin]))
    return found or ((design,) if any(mark in source for mark in design.marks) else ())


def origin_of(source: str, status: str) -> Origin:
    """The text that a source of a given status names first. Raises LookupError when it names none that is known."""
    if found := named_in(source):
        return found[0]
    if status in OURS:
        return origins()[0]
    raise LookupError(f"no dated text is named by {source!r} ({status})")
