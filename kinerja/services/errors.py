"""What a use-case can refuse. `views/errors.py` turns each into HTTP once."""

from collections.abc import Sequence
from typing import Any

from kinerja.workflows.base import Unmet


class NotThere(Exception):
    """There is no such thing, or it is not for this person to see: the same answer (404)."""


class NotAllowed(Exception):
    """The document may be read, but this event is not for this person or not now (403)."""

    def __init__(self, event: str, reasons: Sequence[Any] = ()):
        super().__init__(event)
        self.event = event
        self.reasons = tuple(reasons)


class Stale(Exception):
    """The page was drawn from an older version (409)."""

    def __init__(self, document: Any, seen_version: int | None):
        super().__init__(f"version {seen_version} is not {document.version}")
        self.document = document
        self.seen_version = seen_version


class NeedsSignature(Exception):
    """The event signs: the password has to be given again on the signing page."""


class BadInput(Exception):
    """Something typed cannot be taken: per field, in words (422)."""

    def __init__(self, problems: Sequence[Unmet]):
        super().__init__("; ".join(p.message for p in problems))
        self.problems = tuple(problems)
