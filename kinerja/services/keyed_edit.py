"""Making rows equal to what a form sent, by their keys: the same for the plan of a person and of a unit.

What is not named any more is removed, what has no known key is new; a row whose target is locked (AD-1) stays as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kinerja.ids import new_key


def indicators(
    rows: list[Any],
    wanted: Sequence[Mapping[str, Any]],
    *,
    new: Callable[..., Any],
    write: Callable[[Any, Mapping[str, Any]], None],
    refuse_locked: Callable[[Sequence[Any]], None],
) -> None:
    """The indicators of one row or sasaran, in the order given; `refuse_locked` is asked before any goes."""
    known = {one.key: one for one in rows}
    kept: list[Any] = []
    for position, given in enumerate(wanted, 1):
        key = given.get("key") or new_key()
        one = known.get(key) or new(key=key, position=position)
        kept.append(one)
        if one.locked_at is None:
            one.position = position
            write(one, given)
    removed = [one for one in rows if one not in kept]
    refuse_locked(removed)
    for one in removed:
        rows.remove(one)
    for one in kept:
        if one not in rows:
            rows.append(one)
    rows.sort(key=lambda one: one.position)


def targets(indicator: Any, wanted: Mapping[str, Any], new: Callable[..., Any]) -> None:
    """The targets of an indicator, slot by slot; a slot that is not named keeps its own, an emptied one goes."""
    known = {target.slot: target for target in indicator.targets}
    for slot, text in wanted.items():
        value = decimal_of(text)
        if value is None and slot in known:
            indicator.targets.remove(known[slot])
        elif value is not None and slot in known:
            known[slot].value = value
        elif value is not None:
            indicator.targets.append(new(slot=slot, value=value))


def texts(row: Any, given: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Write what the form names; what it does not name stays."""
    for name, column in fields.items():
        if name in given:
            setattr(row, column, given[name] or "")


def decimal_of(value: Any) -> Decimal | None:
    """A number as forms and stored content give it: a Decimal, its text, or nothing."""
    if value is None or value == "":
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))
