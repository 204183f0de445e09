"""A bar on long work: on a terminal only, on the error stream, and gone when the work is done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def counting(
    label: str, length: int | None = None, *, hidden: bool = False
) -> Iterator[Callable[[int], None]]:
    """Give what is to be called with how many were done since; without a length the bar only shows that it goes on."""
    done = TextColumn("{task.completed:.0f}") if length is None else MofNCompleteColumn()
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn(),
        console=Console(stderr=True), transient=True, disable=hidden or not sys.stderr.isatty(),
    )  # fmt: skip
    with shown:
        task = shown.add_task(label, total=length)
        yield lambda n: shown.advance(task, n)
