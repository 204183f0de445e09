"""Dated rows of one person: how a file's placements and reporting lines join what is already recorded.

Pure functions over small tuples; the rules are those of the import page of the user guide:
a later start supersedes, the same start corrects, absence alone ends nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kinerja.services.importing.cells import PersonRow
from kinerja.services.importing.existing import Held, Line, PostKey

DAY = timedelta(days=1)
FOREVER = date.max
# While a Plt or PjS is in office, the head to whom he reports as such evaluates him (PermenPANRB 6/2022 p.89);
# a Plh and an employee on loan stay with the penilai of their own post.
_WEIGHT = {"plt": 3, "pjs": 3, "definitif": 2, "diperbantukan": 1, "plh": 1}

# (superior, first day, last day) -> the post that the superior holds there
PostOf = Callable[[str, date, date | None], PostKey | None]


class Placed(NamedTuple):
    """The placements of one person after the import, and how each differs from what was recorded."""

    final: list[Held]
    added: list[Held]
    changed: list[tuple[Held, Held]]  # before, after
    absent: list[Held]  # recorded, running, not in the file, not superseded


def overlap(a_starts: date, a_ends: date | None, b_starts: date, b_ends: date | None) -> bool:
    return a_starts <= (b_ends or FOREVER) and b_starts <= (a_ends or FOREVER)


def merge_placements(rows: Sequence[PersonRow], held: Sequence[Held], today: date) -> Placed:
    """Match by post, kind and start; then corrections of the start; then what a later row supersedes."""
    wanted = [_wanted(row) for row in rows]
    if not held:
        new = [_settled(want, _NOTHING) for want in wanted]
        return Placed(new, new, [], [])
    rest = {(h.post, h.kind, h.starts): h for h in held}
    final: list[Held] = []
    added: list[Held] = []
    changed: list[tuple[Held, Held]] = []
    for want in wanted:
        known = rest.pop((want.post, want.kind, want.starts), None)
        if known is None:
            known = next((h for h in rest.values() if _start_corrected(h, want)), None)
            if known is None:
                want = _settled(want, _NOTHING)
                added.append(want)
                final.append(want)
                continue
            del rest[known.post, known.kind, known.starts]
        after = _settled(want, known)
        final.append(after)
        if known != after._replace(row=known.row):
            changed.append((known, after))
    absent = []
    for known in rest.values():
        later = [w.starts for w in wanted if _supersedes(w, known)]
        if later:
            after = known._replace(ends=min(later) - DAY)
            changed.append((known, after))
            final.append(after)
        else:
            final.append(known)
            if known.ends is None or known.ends > today:
                absent.append(known)
    return Placed(final, added, changed, absent)


def _wanted(row: PersonRow) -> Held:
    return Held(0, (row.unit, row.title), row.kind, row.starts, row.ends, row.row, row.letter, row.authority)


_NOTHING = Held(0, ("", ""), "", date.min, None)


def _settled(want: Held, known: Held) -> Held:
    """A planned placement in the place of a recorded one; a column the file lacks keeps what is recorded."""
    letter = known.letter if want.letter is None else want.letter
    authority = known.authority if want.authority is None else want.authority
    return want._replace(id=known.id, letter=letter, authority=authority)


def _start_corrected(known: Held, want: Held) -> bool:
    return (
        (known.post, known.kind) == (want.post, want.kind)
        and want.starts < known.starts
        and overlap(known.starts, known.ends, want.starts, want.ends)
    )


def _supersedes(want: Held, known: Held) -> bool:
    """A new definitive post ends the old one; a renewed acting letter ends the old letter."""
    same = known.kind == want.kind and (known.kind == "definitif" or known.post == want.post)
    return same and known.starts < want.starts <= (known.ends or FOREVER)


class Stretch(NamedTuple):
    """One source for who the penilai is in a stretch of time; the heaviest source wins each day."""

    weight: int
    starts: date
    ends: date | None
    superior: str
    post: PostKey | None = None
    known: bool = False


def merge_lines(
    rows: Sequence[PersonRow], placed: Placed, lines: Sequence[Line], post_of: PostOf
) -> list[Line]:
    """The reporting lines of one person after the import: no two on one day, in order of time."""
    stretches = [Stretch(_WEIGHT[row.kind], row.starts, row.ends, row.superior) for row in rows]
    if lines:
        from_file = {row.row for row in rows}
        first = min(row.starts for row in rows)
        for line in lines:
            if line.starts < first:
                stretches.append(_clipped(line, 0, line.starts, first - DAY))
            for kept in placed.final:
                # A placement the file does not mention keeps the penilai it had.
                if kept.row not in from_file and overlap(line.starts, line.ends, kept.starts, kept.ends):
                    stretches.append(_clipped(line, _WEIGHT[kept.kind], kept.starts, kept.ends))
    if len(stretches) == 1:
        only = stretches[0]
        return [_line(only, only.starts, only.ends, post_of)]
    return _joined(_swept(stretches), post_of)


def _clipped(line: Line, weight: int, starts: date, ends: date | None) -> Stretch:
    last = min(line.ends or FOREVER, ends or FOREVER)
    return Stretch(
        weight, max(line.starts, starts), None if last == FOREVER else last, line.superior, line.post, True
    )


def _swept(stretches: Sequence[Stretch]) -> Iterable[Stretch]:
    """Cut time at every border and keep the heaviest source of each piece (the later start among equals)."""
    borders = sorted({s.starts for s in stretches} | {s.ends + DAY for s in stretches if s.ends})
    for position, border in enumerate(borders):
        ends = borders[position + 1] - DAY if position + 1 < len(borders) else None
        here = [s for s in stretches if s.starts <= border <= (s.ends or FOREVER)]
        if here:
            best = max(here, key=lambda s: (s.weight, s.starts, not s.known))
            yield best._replace(starts=border, ends=ends)


def _joined(pieces: Iterable[Stretch], post_of: PostOf) -> list[Line]:
    """Join neighbours with the same superior; a new post of the same superior is a new line."""
    found: list[Line] = []
    runs: list[Stretch] = []
    for piece in pieces:
        last = runs[-1] if runs else None
        joins = (
            last is not None
            and last.superior == piece.superior
            and last.ends is not None
            and last.ends + DAY == piece.starts
            and (last.known, last.post) == (piece.known, piece.post)
        )
        if joins and last is not None:
            runs[-1] = last._replace(ends=piece.ends)
        else:
            runs.append(piece)
    for run in runs:
        line = _line(run, run.starts, run.ends, post_of)
        last_line = found[-1] if found else None
        if (
            last_line is not None
            and (last_line.superior, last_line.post) == (line.superior, line.post)
            and last_line.ends is not None
            and last_line.ends + DAY == line.starts
        ):
            found[-1] = last_line._replace(ends=line.ends)
        else:
            found.append(line)
    return found


def _line(stretch: Stretch, starts: date, ends: date | None, post_of: PostOf) -> Line:
    post = stretch.post if stretch.known else post_of(stretch.superior, starts, ends)
    return Line(0, stretch.superior, post, starts, ends)


class LineChanges(NamedTuple):
    added: list[Line]
    ended: list[tuple[Line, Line]]  # before, after: an end that lies ahead moves in place
    corrected: list[Line]  # beliefs that are closed


def compare_lines(lines: Sequence[Line], wanted: Sequence[Line], today: date) -> LineChanges:
    """What happens to the recorded lines. Days already lived are never rewritten: their belief is closed."""
    rest = {line.starts: line for line in lines}
    added: list[Line] = []
    ended: list[tuple[Line, Line]] = []
    for want in wanted:
        known = rest.get(want.starts)
        if known is not None and (known.superior, known.post) == (want.superior, want.post):
            if known.ends == want.ends:
                del rest[want.starts]
                continue
            first_affected = min(known.ends or FOREVER, want.ends or FOREVER) + DAY
            if first_affected >= today:
                ended.append((known, want._replace(id=known.id)))
                del rest[want.starts]
                continue
        added.append(want._replace(id=0))
    return LineChanges(added, ended, list(rest.values()))
