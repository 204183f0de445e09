"""What a rule has to say about a document."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BLOCKS, WARNS, HINTS, UNKNOWN = "B", "P", "I", "?"
NATIONAL = "PermenPANRB 6/2022"


@dataclass(frozen=True)
class Finding:
    """One finding.

    ``severity``: B blocks, P is a warning that may be passed with a written reason, I is a hint, ? could
    not be
    checked yet. ``message`` is an Indonesian template with %(name)s holes, filled from ``params``; ``field``
    names the form field, "" for the whole document. ``page`` is the page of the source.
    """

    rule: str
    severity: str
    message: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    field: str = ""
    source: str = ""
    page: str = ""

    @property
    def text(self) -> str:
        """The Indonesian sentence with its holes filled."""
        return self.message % self.params

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "params": dict(self.params),
            "field": self.field,
            "source": self.source,
            "page": self.page,
        }


def blocks(findings: list[Finding]) -> list[Finding]:
    """Only the findings of severity B."""
    return [finding for finding in findings if finding.severity == BLOCKS]
