"""The picture of a strategy map: perspectives as bands from top to bottom, objectives as boxes, arrows from cause to
effect. Plain geometry in whole units of the viewBox; `templates/_ui/map.html` turns it into SVG.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, LABEL, BOX, GAP, PAD = 960, 120, 188, 18, 16
LINE, LETTERS, LINES, PER_ROW = 15, 27, 4, 4
HEIGHT = 22 + LINE * LINES


@dataclass(frozen=True)
class Node:
    """An objective and where it stands."""

    key: str
    code: str
    lines: tuple[str, ...]
    x: int
    y: int

    @property
    def centre(self) -> int:
        return self.x + BOX // 2


def strategy_map(objectives: Sequence[Mapping[str, Any]], perspectives: Mapping[str, str]) -> dict[str, Any]:
    """The drawing of these objectives (key, kode, pernyataan, perspektif, sebab) in the perspectives of the law.

    An objective without a perspective of the law stands in a last band without a name.
    """
    bands, nodes, top = [], {}, 0
    names = dict(perspectives)
    if any(one["perspektif"] not in names for one in objectives):
        names[""] = ""
    for code, name in names.items():
        inside = [
            one
            for one in objectives
            if (one["perspektif"] if one["perspektif"] in perspectives else "") == code
        ]
        rows = max(1, -(-len(inside) // PER_ROW))
        height = PAD * 2 + rows * HEIGHT + (rows - 1) * GAP
        for place, one in enumerate(inside):
            row, column = divmod(place, PER_ROW)
            x, y = LABEL + PAD + column * (BOX + GAP), top + PAD + row * (HEIGHT + GAP)
            lines = wrapped(one["pernyataan"])
            nodes[one["key"]] = Node(one["key"], one["kode"], lines, x, y)
        bands.append({"name": name, "lines": wrapped(name, 14), "y": top, "height": height})
        top += height
    arrows = [
        _arrow(nodes[one["key"]], nodes[effect])
        for one in objectives
        for effect in one["sebab"]
        if effect in nodes and effect != one["key"]
    ]
    return {
        "width": WIDTH,
        "height": top,
        "label": LABEL,
        "bands": bands,
        "nodes": [_drawn(node) for node in nodes.values()],
        "arrows": arrows,
    }


def wrapped(text: str, letters: int = LETTERS) -> tuple[str, ...]:
    """A text in lines of at most so many letters; what does not fit in the box ends in an ellipsis."""
    lines: list[str] = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][: letters - 1]}…"]
    return tuple(lines)


def _drawn(node: Node) -> dict[str, Any]:
    first = node.y + 34
    return {
        "key": node.key,
        "code": node.code,
        "x": node.x,
        "y": node.y,
        "width": BOX,
        "height": HEIGHT,
        "code_y": node.y + 17,
        "text_x": node.x + 10,
        "lines": [{"text": text, "y": first + number * LINE} for number, text in enumerate(node.lines)],
    }


def _arrow(cause: Node, effect: Node) -> dict[str, str]:
    """A line from the top of the cause to the bottom of the effect; beside each other, from side to side."""
    if effect.y < cause.y:
        x1, y1, x2, y2 = cause.centre, cause.y, effect.centre, effect.y + HEIGHT
        middle = (y1 + y2) // 2
        head = f"M{x2 - 5} {y2 + 8}L{x2} {y2}L{x2 + 5} {y2 + 8}"
        return {"d": f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2 + 6}", "head": head}
    if effect.y > cause.y:
        x1, y1, x2, y2 = cause.centre, cause.y + HEIGHT, effect.centre, effect.y
        middle = (y1 + y2) // 2
        head = f"M{x2 - 5} {y2 - 8}L{x2} {y2}L{x2 + 5} {y2 - 8}"
        return {"d": f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2 - 6}", "head": head}
    right = effect.x > cause.x
    x1, x2 = (cause.x + BOX, effect.x) if right else (cause.x, effect.x + BOX)
    y, back = cause.y + HEIGHT // 2, -8 if right else 8
    return {"d": f"M{x1} {y}L{x2 + back} {y}", "head": f"M{x2 + back} {y - 5}L{x2} {y}L{x2 + back} {y + 5}"}
