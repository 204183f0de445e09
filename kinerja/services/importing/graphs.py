"""Circles: in the unit tree, and in reporting lines that hold only for a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kinerja.services.importing.existing import Line

Dated = Mapping[str, Sequence[Line]]


def tree_circles(parents: Mapping[str, str]) -> list[list[str]]:
    """Every circle of a map child -> parent ("" ends a chain), each once."""
    state: dict[str, int] = {}
    found: list[list[str]] = []
    for number, start in enumerate(parents, 1):
        path: list[str] = []
        node = start
        while node and node in parents and node not in state:
            state[node] = number
            path.append(node)
            node = parents[node]
        if node and state.get(node) == number and node in path:
            found.append(path[path.index(node) :])
    return found


def reporting_circles(lines: Dated) -> list[tuple[date, list[str]]]:
    """Circles that close on some day, with the first such day.

    Two people may lead each other in different years, so the lines without their dates are only a first sieve:
    whoever has nobody below or nobody above is peeled off, and what is left is looked at day by day.
    """
    left = _core(lines)
    if not left:
        return []
    found: dict[frozenset[str], tuple[date, list[str]]] = {}
    for day in sorted({line.starts for nip in left for line in lines[nip]}):
        parents = {nip: _superior_on(lines[nip], day) for nip in left}
        for circle in tree_circles(parents):
            found.setdefault(frozenset(circle), (day, circle))
    return list(found.values())


def _superior_on(lines: Sequence[Line], day: date) -> str:
    for line in lines:
        if line.starts <= day and (line.ends is None or line.ends >= day):
            return line.superior
    return ""


def _core(lines: Dated) -> set[str]:
    """People who could be on a circle, found by peeling leaves from below and from above."""
    above = {nip: {line.superior for line in mine if line.superior} for nip, mine in lines.items()}
    below: dict[str, int] = {}
    for superiors in above.values():
        for superior in superiors:
            below[superior] = below.get(superior, 0) + 1
    left = set(above)
    queue = [nip for nip in left if not below.get(nip)]
    while queue:
        nip = queue.pop()
        left.discard(nip)
        for superior in above[nip]:
            below[superior] -= 1
            if not below[superior] and superior in left:
                queue.append(superior)
    while True:
        tops = [nip for nip in left if not above[nip] & left]
        if not tops:
            return left
        left.difference_update(tops)


def from_the_top(parents: Mapping[str, str]) -> Iterator[str]:
    """Codes of a tree, parents before children; members of a circle are left out."""
    children: dict[str, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent if parent in parents else "", []).append(code)
    queue = list(reversed(children.get("", ())))
    while queue:
        code = queue.pop()
        yield code
        queue.extend(reversed(children.get(code, ())))
