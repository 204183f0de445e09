"""The picture of a flow: states as boxes from top to bottom, the usual way straight, other ways beside it.

Takes one flow as `workflows.export.as_data` gives it and answers with plain geometry; `templates/_ui/diagram.html`
turns it into SVG. All lengths are whole units of the viewBox. The usual way follows the awaited rows; states off it
stand in a second column beside where one comes from. An event that leads from many states to one is told in words
under the picture: as lines it would cover all the others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Geometry = dict[str, Any]
Say = Callable[[str], str]
Point = tuple[int, int]
Move = Mapping[str, Any]

BOX, GAP, LANE, MARGIN = 180, 176, 16, 10
LINE, LETTER = 15, 6.4
LINES_OF_BOX, LINES_OF_LINK = 24, 22
MANY = 4


@dataclass
class Box:
    """A state and where it stands: column 0 is the usual way."""

    state: str
    column: int
    row: int
    lines: list[str]
    leaving: list["Link"] = field(default_factory=list)
    x: int = 0
    y: int = 0
    height: int = 46

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + BOX

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass
class Link:
    """All events between two states, as one line."""

    source: Box
    target: Box
    lines: list[str]
    usual: bool
    system: bool
    lane: int = 0
    path: str = ""
    head: str = ""
    # Where its words may stand: (x, y of the last line, anchor), the best place first.
    places: list[tuple[int, int, str]] = field(default_factory=list)


def flow_diagram(
    flow: Mapping[str, Any],
    current: str = "",
    say: Say = lambda text: text,
    names: Mapping[str, str] | None = None,
) -> Geometry:
    """The drawing of a flow, and its rows as a table. `say` translates labels, `names` gives relations their words."""
    moves = [m for m in flow["transitions"] if not m["internal"] and m["from"] != m["to"]]
    way = _way(flow, moves)
    drawn, omitted = _drawn(moves, set(pairwise(way)))
    boxes = _boxes(flow, way, drawn, say)
    links = _links(boxes, drawn, flow, say)
    left = _lanes(links)
    _place(boxes, links, left)
    lanes = max((link.lane for link in links if _kind(link) == "left"), default=0)
    for link in links:
        _route(link, MARGIN + LANE * (lanes - link.lane))
    labels = _labels(boxes, links)
    width = max(box.right for box in boxes.values()) + MARGIN
    words = [_words(label) for label in labels]
    width = max([width, *(x + w for x, w in words)])
    height = max(box.bottom for box in boxes.values()) + MARGIN
    finals = {state["id"] for state in flow["states"] if state["final"]}
    return {
        "title": say(flow["title"]),
        "width": str(width),
        "height": str(height + LINE),
        "boxes": [_box(box, box.state == current, box.state in finals) for box in boxes.values()],
        "links": [{"d": k.path, "usual": k.usual, "system": k.system, "head": k.head} for k in links],
        "labels": labels,
        "omitted": [_omission(event, group, boxes, say) for event, group in omitted],
        "rows": list(_rows(flow, say, names or {})),
        "current": next((say(s["label"]) for s in flow["states"] if s["id"] == current), ""),
    }


def _drawn(
    moves: Sequence[Move], way: set[tuple[str, str]]
) -> tuple[list[Move], list[tuple[str, list[Move]]]]:
    """The moves that become lines, and per event those that come from, or lead to, too many states for that."""
    groups: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves:
        if (move["from"], move["to"]) not in way:
            groups.setdefault(("to", move["event"], move["to"]), []).append(move)
            groups.setdefault(("from", move["event"], move["from"]), []).append(move)
    many = [(key[1], group) for key, group in groups.items() if len(group) >= MANY]
    hidden = {id(move) for _, group in many for move in group}
    return [move for move in moves if id(move) not in hidden], many


def _way(flow: Mapping[str, Any], moves: Sequence[Move]) -> list[str]:
    """The usual way: from the entry along what is awaited, the primary first."""
    way = [next(state["id"] for state in flow["states"] if state["initial"])]
    while True:
        ahead = [m for m in moves if m["from"] == way[-1] and m["to"] not in way and m["awaited"]]
        if not ahead:
            return way
        way.append(max(ahead, key=lambda m: (m["primary"], -moves.index(m)))["to"])


def _boxes(flow: Mapping[str, Any], way: Sequence[str], moves: Sequence[Move], say: Say) -> dict[str, Box]:
    """Every state in its column and row."""
    labels = {state["id"]: _wrapped(say(state["label"]), LINES_OF_BOX) for state in flow["states"]}
    boxes = {
        state: Box(state, 0, row, labels[state]) for row, state in enumerate(_way(flow, moves))
    }  # fmt: skip
    last = len(boxes) - 1
    taken: set[int] = set()
    left = [state["id"] for state in flow["states"] if state["id"] not in boxes]
    while left:
        state = next((s for s in left if any(m["to"] == s and m["from"] in boxes for m in moves)), left[0])
        left.remove(state)
        before = [boxes[m["from"]] for m in moves if m["to"] == state and m["from"] in boxes]
        row = min((b.row + (b.column > 0) for b in before), default=last)
        while row in taken:
            row += 1
        taken.add(row)
        boxes[state] = Box(state, 1, row, labels[state])
    return boxes


def _links(boxes: Mapping[str, Box], moves: Sequence[Move], flow: Mapping[str, Any], say: Say) -> list[Link]:
    found: dict[tuple[str, str], Link] = {}
    for move in moves:
        source, target = boxes[move["from"]], boxes[move["to"]]
        link = found.get((move["from"], move["to"]))
        if link is None:
            usual = source.column == target.column == 0 and target.row == source.row + 1 and move["awaited"]
            link = found[move["from"], move["to"]] = Link(source, target, [], usual, True)
            source.leaving.append(link)
        link.system = link.system and move["who"] == ["sistem"]
        width = {"left": 99, "level": 26}.get(_kind(link), LINES_OF_LINK)
        for line in _wrapped(say(move["label"]), width):
            if line not in link.lines:
                link.lines.append(line)
    return list(found.values())


def _kind(link: Link) -> str:
    """How a line runs: down the way, level, beside it on the left, or across the gap."""
    source, target = link.source, link.target
    if source.column == target.column and target.row == source.row + 1:
        return "down"
    if source.column == target.column == 0:
        return "left"
    if source.column == target.column:
        return "right"
    return "level" if source.row == target.row else "across"


def _lanes(links: Sequence[Link]) -> int:
    """Give each line on the left a lane of its own where it would touch another; answer with the room they need."""
    lanes: list[list[tuple[int, int]]] = []
    beside = [link for link in links if _kind(link) == "left"]
    for link in sorted(beside, key=lambda k: (abs(k.source.row - k.target.row), k.source.row)):
        low, high = sorted((link.source.row, link.target.row))
        for number, taken in enumerate(lanes):
            if all(high <= a or b <= low for a, b in taken):
                link.lane = number
                taken.append((low, high))
                break
        else:
            link.lane = len(lanes)
            lanes.append([(low, high)])
    longest = max((len(line) for link in beside for line in link.lines), default=0)
    return MARGIN + LANE * len(lanes) + round(longest * LETTER) + 16 if lanes else MARGIN


def _place(boxes: Mapping[str, Box], links: Sequence[Link], left: int) -> None:
    """Coordinates: a row is as high as its highest box, the space under it as the words that stand there."""
    for box in boxes.values():
        ports = sum(len(link.lines) for link in box.leaving if _kind(link) == "left")
        box.height = max(16 + LINE * (len(box.lines) + 1), 22 + LINE * (ports + 1) if ports else 0)
        box.x = left if box.column == 0 else left + BOX + GAP
    first = [len(link.lines) for link in links if _kind(link) == "level" and link.source.row == 0]
    y = MARGIN + 6 + LINE * (max(first, default=1) - 1)
    for row in range(max(box.row for box in boxes.values()) + 1):
        here = [box for box in boxes.values() if box.row == row]
        for box in here:
            box.y = y
        lines = [len(k.lines) for k in links if _kind(k) == "down" and k.source.row == row]
        y += max((box.height for box in here), default=0) + max(34, 16 + LINE * max(lines, default=0))


def _route(link: Link, lane: int) -> None:
    """The path of a line, its arrow head and the places for its words."""
    source, target, kind = link.source, link.target, _kind(link)
    lift = LINE * (len(link.lines) - 1)
    if kind == "down":
        x = source.x + BOX // 2
        link.path = f"M{x} {source.bottom}V{target.y - 6}"
        link.head = _head((x, target.y), (0, 1))
        link.places = [(x + 8, (source.bottom + target.y + 6 + lift) // 2, "start")]
    elif kind == "left":
        ports = [k for k in source.leaving if _kind(k) == "left"]
        above = ports[: ports.index(link) + 1]
        y = source.y + 16 + LINE * sum(len(k.lines) for k in above)
        end = target.y + 12
        turn = 8 if end > y else -8
        link.path = (
            f"M{source.x} {y}H{lane + 8}Q{lane} {y} {lane} {y + turn}"
            f"V{end - turn}Q{lane} {end} {lane + 8} {end}H{target.x - 6}"
        )
        link.head = _head((target.x, end), (1, 0))
        link.places = [(source.x - 8, y - 4, "end")]
    elif kind == "right":
        out, y, end = source.right + 34, source.middle, target.middle
        link.path = f"M{source.right} {y}C{out} {y} {out} {end} {target.right + 6} {end}"
        link.head = _head((target.right, end), (-1, 0))
        link.places = [(out - 4, (y + end + lift) // 2, "start")]
    else:
        _route_between(link, kind, lift)


def _route_between(link: Link, kind: str, lift: int) -> None:
    """Across the gap between the columns."""
    source, target = link.source, link.target
    back = source.column > target.column
    start = source.x if back else source.right
    stop = target.right + 6 if back else target.x - 6
    if kind == "level":
        y = min(source.y, target.y) + (34 if back else 16)
        y1 = y2 = y
    else:
        y1 = source.bottom - 8 if target.row > source.row else source.y + 8
        y2 = target.y + 20 if target.row > source.row else target.bottom - 20
    bend = (start + stop) // 2
    link.path = f"M{start} {y1}C{bend} {y1} {bend} {y2} {stop} {y2}"
    link.head = _head((target.right if back else target.x, y2), (-1 if back else 1, 0))
    for eighth in (4, 3, 5, 2, 6):
        x = _bezier((start, bend, bend, stop), eighth)
        y = _bezier((y1, y1, y2, y2), eighth)
        link.places.append((x, y - 5, "middle"))
        link.places.append((x, y + 14 + lift, "middle"))


def _bezier(points: tuple[int, int, int, int], eighth: int) -> int:
    """A coordinate of a cubic curve at so many eighths of its way."""
    a, b, c, d = points
    t, u = eighth, 8 - eighth
    return (u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d) // 512


def _head(tip: Point, way: Point) -> str:
    (x, y), (dx, dy) = tip, way
    return (
        f"M{x} {y}L{x - 8 * dx - 4 * dy} {y - 8 * dy - 4 * dx}L{x - 8 * dx + 4 * dy} {y - 8 * dy + 4 * dx}z"
    )


def _labels(boxes: Mapping[str, Box], links: Sequence[Link]) -> list[dict[str, str]]:
    """The words of the lines, each where it touches no box and no other word, if there is such a place."""
    taken = [(box.x, box.y, box.right, box.bottom) for box in boxes.values()]
    taken.append((-9999, -9999, 9999, 0))
    found = []
    for link in sorted(links, key=lambda k: len(k.places)):
        size = round(max(len(line) for line in link.lines) * LETTER)
        areas = []
        for x, y, anchor in link.places:
            begin = x - (size if anchor == "end" else size // 2 if anchor == "middle" else 0)
            areas.append((begin, y - LINE * len(link.lines) + 4, begin + size, y + 3))
        free = (i for i, area in enumerate(areas) if not any(_touch(area, other) for other in taken))
        chosen = next(free, 0)
        taken.append(areas[chosen])
        x, y, anchor = link.places[chosen]
        for number, line in enumerate(reversed(link.lines)):
            found.append({"x": str(x), "y": str(y - LINE * number), "anchor": anchor, "text": line})
    return found


def _touch(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _words(label: Mapping[str, str]) -> tuple[int, int]:
    """Where a label begins to stick out to the right, and by how much."""
    size = round(len(label["text"]) * LETTER) + MARGIN
    return int(label["x"]), {"start": size, "middle": size // 2, "end": 0}[label["anchor"]]


def _box(box: Box, is_current: bool, is_final: bool) -> dict[str, Any]:
    lines = len(box.lines) + is_current
    top = box.middle - LINE * (lines - 1) // 2 + 4
    texts = [
        {"x": str(box.x + BOX // 2), "y": str(top + LINE * number), "text": line}
        for number, line in enumerate(box.lines)
    ]
    return {
        "x": str(box.x), "y": str(box.y), "width": str(BOX), "height": str(box.height), "lines": texts,
        "current": is_current, "final": is_final, "here_x": str(box.x + BOX // 2),
        "here_y": str(top + LINE * len(box.lines)),
    }  # fmt: skip


def _omission(event: str, group: Sequence[Move], boxes: Mapping[str, Box], say: Say) -> dict[str, Any]:
    sources, targets = {m["from"] for m in group}, {m["to"] for m in group}
    return {
        "label": say(group[0]["label"]),
        "count": max(len(sources), len(targets)),
        "from": " ".join(boxes[next(iter(sources))].lines) if len(sources) == 1 else "",
        "to": " ".join(boxes[next(iter(targets))].lines) if len(targets) == 1 else "",
    }


def _rows(flow: Mapping[str, Any], say: Say, names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The table in words; the same step of the same people from several states is one row."""
    labels = {state["id"]: say(state["label"]) for state in flow["states"]}
    rows: dict[tuple[str, ...], list[str]] = {}
    for move in [*flow["entries"], *flow["transitions"]]:
        target = labels[move["to"]] if not move.get("internal") else ""
        who = ", ".join(names.get(relation, relation) for relation in move["who"])
        rows.setdefault((say(move["label"]), target, who), []).append(labels.get(move["from"], ""))
    for (event, target, who), sources in rows.items():
        yield {"from": ", ".join(dict.fromkeys(sources)), "event": event, "to": target, "who": who}


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` letters, broken between words or after a stroke."""
    lines = [""]
    for word in text.replace("/", "/ ").split():
        joined = f"{lines[-1]}{'' if lines[-1].endswith('/') else ' '}{word}".strip()
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
