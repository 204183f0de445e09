"""The picture of a strategy map: perspectives as bands from top to bottom, objectives as boxes, arrows from cause to
effect. Plain geometry in whole units of the viewBox; `templates/_ui/map.html` turns it into SVG.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LABEL, BOX, GAP, PAD = 120, 180, 18, 16
LINE, LETTERS, LINES, PER_ROW = 15, 26, 4, 4
# Beside the boxes run the arrows that would otherwise go through one: so many lanes, so far apart.
LANES, LANE, BEND = 3, 12, 8
HEIGHT = 22 + LINE * LINES


@dataclass(frozen=True)
class Node:
    """An objective and where it stands."""

    key: str
    code: str
    lines: tuple[str, ...]
    x: int
    y: int
    light: str | None = None

    @property
    def centre(self) -> int:
        return self.x + BOX // 2


def strategy_map(
    objectives: Sequence[Mapping[str, Any]],
    perspectives: Mapping[str, str],
    lights: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """The drawing of these objectives (key, kode, pernyataan, perspektif, sebab) in the perspectives of the law.

    An objective without a perspective of the law stands in a last band without a name. `lights`: key -> traffic light,
    where there is a realisation to show.
    """
    bands, nodes, top = [], {}, 0
    names = dict(perspectives)
    if any(one["perspektif"] not in names for one in objectives):
        names[""] = ""
    groups: dict[str, list[Mapping[str, Any]]] = {code: [] for code in names}
    for one in objectives:
        groups[one["perspektif"] if one["perspektif"] in perspectives else ""].append(one)
    # No wider than it must be: a map of one objective in each perspective fits on a phone.
    widest = min(PER_ROW, max([1, *map(len, groups.values())]))
    for code, name in names.items():
        inside = groups[code]
        rows = max(1, -(-len(inside) // PER_ROW))
        height = PAD * 2 + rows * HEIGHT + (rows - 1) * GAP
        for place, one in enumerate(inside):
            row, column = divmod(place, PER_ROW)
            beside = min(PER_ROW, len(inside) - row * PER_ROW)
            indent = (widest - beside) * (BOX + GAP) // 2
            x, y = LABEL + PAD + indent + column * (BOX + GAP), top + PAD + row * (HEIGHT + GAP)
            lines = wrapped(one["pernyataan"])
            nodes[one["key"]] = Node(one["key"], one["kode"], lines, x, y, (lights or {}).get(one["key"]))
        bands.append({"name": name, "lines": wrapped(name, 14), "y": top, "height": height})
        top += height
    pairs = [
        (nodes[one["key"]], nodes[effect])
        for one in objectives
        for effect in one["sebab"]
        if effect in nodes and effect != one["key"]
    ]
    arrows, around = [], 0
    for cause, effect in pairs:
        if blocked := _between(cause, effect, nodes.values()):
            arrows.append(_around(cause, effect, blocked, around % LANES))
            around += 1
        else:
            arrows.append(_arrow(cause, effect))
    return {
        "width": LABEL + 2 * PAD + widest * (BOX + GAP) + LANES * LANE,
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
        "light": node.light,
        "light_x": node.x + BOX - 24,
        "light_y": node.y + 7,
        "lines": [{"text": text, "y": first + number * LINE} for number, text in enumerate(node.lines)],
    }


def _between(cause: Node, effect: Node, nodes: Iterable[Node]) -> list[Node]:
    """The boxes through which a straight line from one to the other would go."""
    rise = cause.y - effect.y
    if not rise:
        return []
    found = []
    for node in nodes:
        part = (cause.y - node.y) / rise
        middle = cause.centre + (effect.centre - cause.centre) * part
        if 0 < part < 1 and abs(node.centre - middle) < BOX // 2 + BEND:
            found.append(node)
    return found


def _around(cause: Node, effect: Node, between: Sequence[Node], lane: int) -> dict[str, str]:
    """A line to the right of what stands between: out of the side of the cause and into that of the effect."""
    out, back = cause.x + BOX, effect.x + BOX
    x = max(out, back, *(node.x + BOX for node in between)) + PAD + lane * LANE
    y1, y2 = cause.y + HEIGHT // 2 + lane * BEND, effect.y + HEIGHT // 2 + lane * BEND
    turn = BEND if y2 > y1 else -BEND
    line = f"M{out} {y1}H{x - BEND}Q{x} {y1} {x} {y1 + turn}V{y2 - turn}Q{x} {y2} {x - BEND} {y2}H{back + 6}"
    return {"d": line, "head": f"M{back + 8} {y2 - 5}L{back} {y2}L{back + 8} {y2 + 5}"}


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
