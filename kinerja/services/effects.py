"""What an event does to other documents, in the same transaction: (kind, event) -> functions.

Each kind's module registers its effects with `@effect`; `run` is called by `services.transitions` after the swap.
"""

from collections.abc import Callable

from kinerja.services.kinds import Context, Effect, all_kinds

_EFFECTS: dict[tuple[str, str], list[Effect]] = {}


def effect(kind: str, *events: str) -> Callable[[Effect], Effect]:
    """Register a function for these events of a kind."""

    def register(function: Effect) -> Effect:
        for event in events:
            _EFFECTS.setdefault((kind, event), []).append(function)
        return function

    return register


def run(context: Context) -> None:
    all_kinds()  # importing the modules registers their effects
    for function in _EFFECTS.get((context.document.kind, context.event), ()):
        function(context)
