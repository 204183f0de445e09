"""People and structure from files: read, checked, compared, and written in one recorded act.

`run_import` is what the command and the page call. Nothing is written unless every row of every file is good.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, gather_statistics, transaction
from kinerja.models import Person
from kinerja.services import identity, tallies
from kinerja.services.importing.applying import apply_plan, lock
from kinerja.services.importing.existing import load
from kinerja.services.importing.plan import Plan
from kinerja.services.importing.planning import make_plan
from kinerja.services.importing.reading import COLUMNS, PEOPLE_FILE, ROLES_FILE, UNIT_FILE, Source, Table
from kinerja.services.importing.result import Change, Findings, ImportResult, Problem, Progress
from kinerja.services.importing.validating import Files, read_files

__all__ = ["COLUMNS", "Change", "ImportResult", "Problem", "Progress", "Source", "run_import"]

PREVIEW = 200
# So many changes at once leave the statistics of the database behind.
MANY = 1000


def run_import(
    units: Source | None = None,
    people: Source | None = None,
    roles: Source | None = None,
    *,
    actor_id: int | None = None,
    dry_run: bool = False,
    end_missing: bool = False,
    bootstrap: bool = False,
    progress: Progress | None = None,
    preview: int | None = PREVIEW,
    on_change: Callable[[Change], object] | None = None,
) -> ImportResult:
    """Import unit.csv, pegawai.csv and peran.csv (bytes or paths; at least one of them).

    `bootstrap` (the command line only) lets roles count as confirmed when nobody is recorded yet. `preview` is how
    many changes of each subject and action the result lists (None: all); the counts are always complete. `on_change`
    hears every one of them, one by one: what is too long for a page goes to a file.
    Raises ValueError when no file is given.
    """
    given = {UNIT_FILE: units, PEOPLE_FILE: people, ROLES_FILE: roles}
    findings, tell = Findings(), progress or _silent
    tables = {name: Table(name, source, findings) for name, source in given.items() if source is not None}
    if not tables:
        raise ValueError("an import needs at least one file")
    hashes = {name: table.sha256() for name, table in tables.items()}
    today = clock.today()
    files = read_files(tables, findings, tell, today)
    import_id, applied = None, False
    # On the command line of an office without anybody in it roles count at once; else a second person confirms them.
    confirmed = bootstrap and db.session.scalar(sa.select(Person.id).limit(1)) is None
    if dry_run or findings.problems:
        # What the whole does not allow is told in the same run as what single rows get wrong.
        plan = make_plan(
            files, load(), findings, today=today, end_missing=end_missing, progress=tell, actor_id=actor_id
        )
    else:
        with transaction():
            lock()
            known = load()
            confirmed = bootstrap and not known.people
            plan = make_plan(
                files, known, findings, today=today, end_missing=end_missing, progress=tell, actor_id=actor_id
            )
            known.forget_dates()
            if not findings.problems and plan.writes():
                import_id = apply_plan(
                    plan, known, actor_id=actor_id, confirm_roles=confirmed, hashes=hashes, progress=tell
                )  # fmt: skip
                applied = True
        if applied:
            db.session.expire_all()
            _announce()
            tallies.keep()
    if applied and plan.listed(missing=False) >= MANY:
        gather_statistics()
    return _result(
        plan,
        files,
        findings,
        tables,
        hashes,
        preview,
        on_change,
        dry_run=dry_run,
        applied=applied,
        import_id=import_id,
        roles_waiting=0 if confirmed or findings.problems else len(plan.roles_added),
    )


def _silent(stage: str, done: int, total: int | None) -> None:
    pass


def _announce() -> None:
    """Relations are computed from dated rows; whoever keeps some of them is told that they changed."""
    hook = getattr(identity, "relations_changed", None)
    if hook is not None:
        hook()


def _some(plan: Plan, preview: int | None, on_change: Callable[[Change], object] | None) -> Iterator[Change]:
    """So many of each kind: what ends must be seen even when 80,000 people are added before it."""
    listed: Counter[tuple[str, str]] = Counter()
    for change in plan.changes():
        if on_change is not None:
            on_change(change)
        listed[change.subject, change.action] += 1
        if preview is None or listed[change.subject, change.action] <= preview:
            yield change


def _result(
    plan: Plan,
    files: Files,
    findings: Findings,
    tables: Mapping[str, Table],
    hashes: Mapping[str, str],
    preview: int | None,
    on_change: Callable[[Change], object] | None,
    *,
    dry_run: bool,
    applied: bool,
    import_id: str | None,
    roles_waiting: int,
) -> ImportResult:
    order = {name: position for position, name in enumerate(COLUMNS)}
    return ImportResult(
        dry_run=dry_run,
        applied=applied,
        problems=tuple(sorted(findings.problems, key=lambda p: (order[p.file], p.row))),
        warnings=tuple(sorted(findings.warnings, key=lambda p: (order[p.file], p.row))),
        unknown_columns={name: table.unknown for name, table in tables.items() if table.unknown},
        rows=files.rows,
        counts=plan.counts(),
        changes=tuple(_some(plan, preview, on_change)),
        changes_total=plan.listed(missing=True),
        hashes=hashes,
        import_id=import_id,
        roles_waiting=roles_waiting,
    )
