"""From the rows of a workbook that somebody accepted to the content that comes of them."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from kinerja.forms.sheet_reading import ADDED, CHANGED, REMOVED, Reading, Step
from kinerja.forms.sheets import KEY_OF, Book, Place


def without_place(book: Book, found: Reading, accepted: Sequence[str]) -> list[Step]:
    """The accepted new lines whose line above is new itself and not accepted."""
    chosen = [step for step in found.steps if step.id in set(accepted)]
    there = {key for place in book.places() for key in book.lines(place)} | {step.key for step in chosen}
    gone = {step.key for step in chosen if step.action == REMOVED}
    return [step for step in chosen if step.action == ADDED and step.above and step.above not in there - gone]


def merged(book: Book, found: Reading, accepted: Sequence[str]) -> dict[str, Any]:
    """The content with the accepted steps in it, as an edit takes it.

    Lines keep their order, new ones come last; what has no place (:func:`without_place`) is left out.
    """
    content = deepcopy(dict(book.content))
    steps = [step for step in found.steps if step.id in set(accepted)]
    for step in steps:
        if step.sheet == book.head_sheet:
            content |= step.values
    for place in book.places():
        of_kind = [step for step in steps if step.sheet == place.sheet]
        for above, lines in list(_lists(content, place, book)):
            gone = {step.key for step in of_kind if step.action == REMOVED}
            lines[:] = [line for line in lines if line[KEY_OF] not in gone]
            for step in of_kind:
                if step.action == CHANGED:
                    for line in lines:
                        if line[KEY_OF] == step.key:
                            line |= step.values
                elif step.action == ADDED and step.above == above:
                    below = {part.listed: [] for part in place.part.parts}
                    lines.append({KEY_OF: step.key, **below, **step.values})
    wanted = {*book.head_names.values(), *(part.listed for part in book.parts)}
    return {name: value for name, value in content.items() if name in wanted}


def _lists(content: dict[str, Any], place: Place, book: Book) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(key above, lines) of every list of one kind in the content; made where there is none yet."""
    if place.above is None:
        yield "", content.setdefault(place.sheet, [])
        return
    above = next(one for one in book.places() if one.part is place.above)
    for _, lines in _lists(content, above, book):
        for line in lines:
            if not isinstance(line.get(place.sheet), list):
                line[place.sheet] = []
            yield line[KEY_OF], line[place.sheet]
