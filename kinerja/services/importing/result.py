"""What an import hands back: plain values that a page, a command or a test can show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Called as progress(stage, done, total); total is None while it is not known.
Progress = Callable[[str, int, int | None], None]

EVERY = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad (or doubtful) cell: `row` counts lines of the file, the header is line 1, 0 is the whole file.

    `reason` is Indonesian; `template` and `params` give the same sentence to the translation tools.
    """

    file: str
    row: int
    column: str
    value: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return self.template % self.params

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What would become, or became, of one unit, person, post, placement, line or role."""

    subject: str  # unit, person, post, placement, line, role
    action: str  # added, changed, ended, missing
    key: str
    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "action": self.action,
            "key": self.key,
            "label": self.label,
            "before": dict(self.before),
            "after": dict(self.after),
        }


@dataclass(frozen=True)
class ImportResult:
    """The outcome of a run. `applied` is true only when something was written."""

    dry_run: bool
    applied: bool
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    unknown_columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    changes: tuple[Change, ...]
    changes_total: int
    hashes: Mapping[str, str]
    import_id: str | None = None
    # Roles that count only once a second person has confirmed them.
    roles_waiting: int = 0

    @property
    def ok(self) -> bool:
        """Whether the files hold no error; warnings do not matter."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "dry_run": self.dry_run,
            "applied": self.applied,
            "import": self.import_id,
            "rows": dict(self.rows),
            "unknown_columns": {name: list(columns) for name, columns in self.unknown_columns.items()},
            "counts": {subject: dict(actions) for subject, actions in self.counts.items()},
            "changes_total": self.changes_total,
            "changes": [change.to_dict() for change in self.changes],
            "problems": [problem.to_dict() for problem in self.problems],
            "warnings": [problem.to_dict() for problem in self.warnings],
            "roles_waiting": self.roles_waiting,
            "sha256": dict(self.hashes),
        }


class Findings:
    """Collects problems and warnings on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def refuse(self, file: str, row: int, column: str, value: str, template: str, /, **params: Any) -> None:
        self.problems.append(Problem(file, row, column, _short(value), template, params))

    def doubt(self, file: str, row: int, column: str, value: str, template: str, /, **params: Any) -> None:
        self.warnings.append(Problem(file, row, column, _short(value), template, params))


def _short(value: str) -> str:
    return value if len(value) <= 120 else value[:117] + "..."
