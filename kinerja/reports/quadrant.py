"""Geometry of the quadrant of performance: three ratings of results by three of behaviour, people as circles."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kinerja.reports.charts import Geometry, text_of

Place = tuple[int, int]  # rating of results, rating of behaviour; 1 below, 2 as, 3 above expectation
Point = tuple[Decimal, Decimal]

LEFT, TOP = Decimal("77.5"), Decimal("5.5")
WIDTH, HEIGHT = Decimal("104.3"), Decimal("112.3")
STEP_X, STEP_Y = Decimal("107.3"), Decimal("115.3")


def _corner(place: Place) -> Point:
    result, behaviour = place
    return LEFT + STEP_X * (behaviour - 1), TOP + STEP_Y * (3 - result)


def _slots(place: Place, count: int) -> tuple[list[Point], int]:
    """Where circles stand in a cell, and their size; a crowded cell draws them smaller, and not all of them."""
    x, y = _corner(place)
    if count <= 6:
        first, step, per_row, rows, size = (Decimal("20.5"), Decimal("56.5")), 30, 3, 2, 12
    else:
        first, step, per_row, rows, size = (Decimal(16), Decimal(50)), 23, 4, 3, 10
    made = [
        (x + first[0] + step * (i % per_row), y + first[1] + step * (i // per_row))
        for i in range(per_row * rows)
    ]
    return made, size


def _lines(label: str) -> list[str]:
    """A predicate in at most two lines of a cell."""
    words = label.split()
    if len(words) < 2:
        return words
    return [words[0], " ".join(words[1:])]


def _arrow(start: Point, end: Point, size: int) -> dict[str, str]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy).sqrt() or Decimal(1)
    ux, uy = dx / length, dy / length
    a = (start[0] + ux * (size + 2), start[1] + uy * (size + 2))
    tip = (end[0] - ux * (size + 1), end[1] - uy * (size + 1))
    base = (tip[0] - ux * 8, tip[1] - uy * 8)
    corners = [(base[0] - uy * 5, base[1] + ux * 5), (base[0] + uy * 5, base[1] - ux * 5), tip]
    head = " L".join(f"{text_of(x)} {text_of(y)}" for x, y in corners)
    return {
        "line": f"M{text_of(a[0])} {text_of(a[1])} L{text_of(base[0])} {text_of(base[1])}",
        "head": f"M{head}z",
    }


def quadrant(people: Sequence[Mapping[str, Any]], cells: Mapping[Place, Mapping[str, str]]) -> Geometry:
    """The drawing, 400 x 392.

    A person is ``{initials, place, old}``: place and old are (results, behaviour), old None when nothing changed.
    ``cells`` gives each place its ``{label, tone}`` (predicate; best, good, fix or bad). An empty cell stays white.
    """
    standing: dict[Place, list[tuple[Mapping[str, Any], str]]] = {place: [] for place in cells}
    for person in people:
        old = person.get("old")
        moved = old is not None and old != person["place"]
        standing[person["place"]].append((person, "new" if moved else ""))
        if moved:
            standing[old].append((person, "old"))

    made, circles, moves, more = [], [], [], []
    spots: dict[tuple[int, str], tuple[Point, int]] = {}
    for place, dwellers in standing.items():
        x, y = _corner(place)
        here = sum(kind != "old" for _, kind in dwellers)
        made.append(
            {
                "x": text_of(x),
                "y": text_of(y),
                "tone": cells[place]["tone"] if here else "",
                "lines": [
                    {
                        "text": line,
                        "x": text_of(x + Decimal("8.5")),
                        "y": text_of(y + Decimal("17.5") + 15 * i),
                    }
                    for i, line in enumerate(_lines(cells[place]["label"]))
                ],
                "count": str(here),
                "count_x": text_of(x + WIDTH - Decimal("7.5")),
                "count_y": text_of(y + Decimal("17.5")),
            }
        )
        slots, size = _slots(place, len(dwellers))
        # A crowded cell hides those who stayed, never a change; those who moved stand right of the words.
        crowded = len(dwellers) > len(slots)
        shown = sorted(dwellers, key=lambda d: d[1] == "")[: len(slots) - 1] if crowded else dwellers
        stayed = [d for d in shown if not d[1]]
        free = slots[len(stayed) : len(slots) - crowded]
        free.sort(key=lambda spot: (spot[1], -spot[0]))
        for (person, kind), spot in zip(
            stayed + [d for d in shown if d[1]], slots[: len(stayed)] + free, strict=False
        ):
            spots[id(person), kind] = (spot, size)
            circles.append(
                {
                    "x": text_of(spot[0]),
                    "y": text_of(spot[1]),
                    "r": str(size),
                    "ty": text_of(spot[1] + Decimal("3.5")),
                    "kind": kind,
                    "initials": person["initials"],
                }
            )
        if len(shown) < len(dwellers):
            spot = slots[-1]
            more.append(
                {"x": text_of(spot[0]), "y": text_of(spot[1] + 4), "text": f"+{len(dwellers) - len(shown)}"}
            )
    for person in people:
        before, after = spots.get((id(person), "old")), spots.get((id(person), "new"))
        if before and after:
            moves.append(_arrow(before[0], after[0], after[1]))
    return {
        "cells": made,
        "width": text_of(WIDTH),
        "height": text_of(HEIGHT),
        "people": circles,
        "moves": moves,
        "more": more,
        "rows": [text_of(TOP + STEP_Y * i + HEIGHT / 2 + 4) for i in range(3)],
        "columns": [text_of(LEFT + STEP_X * i + WIDTH / 2) for i in range(3)],
    }
