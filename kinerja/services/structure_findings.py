"""What the structure checks hand back: plain values for a page, a command or a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ERROR, DOUBT = "galat", "peringatan"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that is wrong: about whom or what, and who can repair it. Ids are for links of a page."""

    number: int
    severity: str
    subject: str
    template: str
    params: Mapping[str, Any]
    repair_role: str
    repairers: tuple[str, ...]
    person_id: int | None = None
    unit_id: int | None = None
    post_id: int | None = None

    @property
    def message(self) -> str:
        return self.template % self.params

    def to_dict(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "subject": self.subject,
            "message": self.message,
            "repair_role": self.repair_role,
            "repairers": list(self.repairers),
        }


@dataclass(frozen=True)
class Check:
    """One of the twelve with what it found."""

    number: int
    title: str
    findings: tuple[CheckFinding, ...]

    @property
    def errors(self) -> int:
        return sum(1 for finding in self.findings if finding.severity == ERROR)

    def to_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "errors": self.errors,
            "findings": [finding.to_dict() for finding in self.findings],
        }
