"""Writing a plan: one transaction, bulk inserts, ids looked up once, every change sealed in the audit chain."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.ids import new_public_id
from kinerja.models import (
    Account,
    Import,
    Person,
    Placement,
    Post,
    ReportingLine,
    RoleAppointment,
    Unit,
    UnitVersion,
)
from kinerja.services import audit
from kinerja.services.importing.cells import Exemption
from kinerja.services.importing.existing import Existing, Line, PostKey
from kinerja.services.importing.graphs import from_the_top
from kinerja.services.importing.plan import Plan
from kinerja.services.importing.result import EVERY, Progress
from kinerja.services.names import search_key

CHUNK = 2000
DAY = timedelta(days=1)
T = TypeVar("T")


def lock() -> None:
    """Let two imports run one after the other. SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text('LOCK TABLE "import" IN SHARE ROW EXCLUSIVE MODE'))


class Writer:
    """Writes one plan. Use `apply_plan`."""

    def __init__(self, plan: Plan, known: Existing, actor_id: int | None, confirm_roles: bool) -> None:
        self.plan, self.known, self.actor_id, self.confirm_roles = plan, known, actor_id, confirm_roles
        self.now = clock.now()
        self.units = {code: unit.id for code, unit in known.units.items()}
        self.posts: dict[PostKey, int] = {key: post[0] for key, post in known.posts.items()}
        self.people = {nip: person.id for nip, person in known.people.items()}

    def write_units(self) -> None:
        plan, table = self.plan, _table(Unit)
        rows = (
            {
                "code": row.code, "name": row.name, "path": "", "level": row.level, "kind": row.kind, "zone": row.zone,
                "workweek": row.workweek, "owns_strategy_map": row.owns_map,
            }
            for row in plan.units_added
        )  # fmt: skip
        for unit_id, code in _insert_returning(table, rows, table.c.id, table.c.code):
            self.units[code] = unit_id
        self._keep_former()
        _update(
            table,
            (
                {
                    "b_id": unit.id, "name": row.name, "level": row.level, "kind": row.kind, "zone": row.zone,
                    "workweek": row.workweek, "owns_strategy_map": row.owns_map, "valid_to": None,
                }
                for unit, row in plan.units_changed
            ),
        )  # fmt: skip
        _update(table, ({"b_id": unit.id, "valid_to": ends} for unit, ends in plan.units_ended))
        if plan.units_added or plan.units_changed:
            _update(table, self._tree())

    def _keep_former(self) -> None:
        """Name and parent that end with yesterday; a second change on one day leaves nothing between."""
        renamed = [
            unit
            for unit, row in self.plan.units_changed
            if (unit.name, unit.parent) != (row.name, row.parent)
        ]
        if not renamed:
            return
        last = {
            row.unit_id: row.ends
            for row in db.session.execute(
                sa.select(UnitVersion.unit_id, sa.func.max(UnitVersion.ends).label("ends")).group_by(
                    UnitVersion.unit_id
                )
            )
        }
        yesterday = clock.today() - DAY
        _insert(
            _table(UnitVersion),
            (
                {
                    "unit_id": unit.id, "name": unit.name, "parent_id": self.units.get(unit.parent),
                    "starts": last[unit.id] + DAY if unit.id in last else None, "ends": yesterday,
                }
                for unit in renamed
                if last.get(unit.id, date.min) < yesterday
            ),
        )  # fmt: skip

    def _tree(self) -> Iterator[dict[str, Any]]:
        """Parent and path of every unit whose place in the tree is new; paths below a moved unit move with it."""
        paths: dict[str, str] = {}
        for code in from_the_top(self.plan.parents):
            parent = self.plan.parents[code]
            path = f"{paths.get(parent, '/')}{self.units[code]}/"
            paths[code] = path
            unit = self.known.units.get(code)
            if unit is None or (unit.parent, unit.path) != (parent, path):
                yield {
                    "b_id": self.units[code],
                    "parent_id": self.units[parent] if parent else None,
                    "path": path,
                }

    def write_people(self, progress: Progress) -> None:
        plan, table = self.plan, _table(Person)
        total = len(plan.people_added)
        rows = (
            {
                "public_id": new_public_id(), "nip": row.nip, "name": row.name, "search_name": search_key(row.name),
                "email": row.email or None, "status": row.status, "grade": row.grade,
                **_exempt(row.exempt or Exemption()),
            }
            for row in _ticking(plan.people_added, total, progress)
        )  # fmt: skip
        # An address may pass from one person to another in the same file: first let go, then take.
        _update(
            table,
            (
                {"b_id": old.id, "email": None}
                for old, new in plan.people_changed
                if old.email and old.email != new.email
            ),
        )
        for person_id, nip in _insert_returning(table, rows, table.c.id, table.c.nip):
            self.people[nip] = person_id
        _update(
            table,
            (
                {
                    "b_id": old.id, "name": new.name, "search_name": search_key(new.name), "email": new.email or None,
                    "status": new.status, "grade": new.grade,
                    **_exempt(old.exempt if new.exempt is None else new.exempt),
                }
                for old, new in plan.people_changed
            ),
        )  # fmt: skip
        _insert(
            _table(Account),
            (
                {
                    "person_id": self.people[nip], "totp_confirmed": False, "totp_last_step": 0, "locale": "id",
                    "theme": "auto",
                }
                for nip in plan.accounts_added
            ),
        )  # fmt: skip

    def write_posts(self) -> None:
        table = _table(Post)
        codes = {unit_id: code for code, unit_id in self.units.items()}
        rows = (
            {"unit_id": self.units[unit], "title": title, "post_group": group, "rank": rank}
            for (unit, title), (group, rank) in self.plan.posts_added.items()
        )
        for post_id, unit_id, title in _insert_returning(
            table, rows, table.c.id, table.c.unit_id, table.c.title
        ):
            self.posts[codes[unit_id], title] = post_id
        _update(
            table,
            (
                {"b_id": self.posts[key], "post_group": after[0], "rank": after[1]}
                for key, (_, after) in self.plan.posts_changed.items()
            ),
        )

    def write_placements(self) -> None:
        table = _table(Placement)
        _update(
            table,
            (
                {
                    "b_id": before.id, "starts": after.starts, "ends": after.ends, "letter": after.letter,
                    "authority": after.authority,
                }
                for _, before, after in self.plan.placements_changed
            ),
        )  # fmt: skip
        _insert(
            table,
            (
                {
                    "person_id": self.people[nip], "post_id": self.posts[held.post], "kind": held.kind,
                    "starts": held.starts, "ends": held.ends, "letter": held.letter,
                    "authority": held.authority, "recorded_at": self.now,
                }
                for nip, held in self.plan.placements_added
            ),
        )  # fmt: skip

    def write_lines(self) -> None:
        table = _table(ReportingLine)
        _update(table, ({"b_id": line.id, "believed_to": self.now} for _, line in self.plan.lines_corrected))
        _update(table, ({"b_id": old.id, "ends": new.ends} for _, old, new in self.plan.lines_ended))
        _insert(table, (self._line(nip, line) for nip, line in self.plan.lines_added))

    def _line(self, nip: str, line: Line) -> dict[str, Any]:
        return {
            "person_id": self.people[nip],
            "superior_id": self.people[line.superior] if line.superior else None,
            "superior_post_id": self.posts[line.post] if line.post else None,
            "starts": line.starts,
            "ends": line.ends,
            "believed_from": self.now,
            "believed_to": None,
            "basis": "impor",
        }

    def write_roles(self) -> None:
        table = _table(RoleAppointment)
        confirmed_at: datetime | None = self.now if self.confirm_roles else None
        _insert(
            table,
            (
                {
                    "public_id": new_public_id(), "person_id": self.people[row.nip], "role": row.role,
                    "unit_id": self.units[row.unit] if row.unit else None, "starts": row.starts, "ends": row.ends,
                    "decree": row.decree, "granted_by_id": self.actor_id, "confirmed_at": confirmed_at,
                }
                for row in self.plan.roles_added
            ),
        )  # fmt: skip
        _update(
            table,
            (
                {"b_id": old.id, "ends": new.ends, "decree": new.decree}
                for _, old, new in self.plan.roles_changed
            ),
        )
        _update(table, ({"b_id": old.id, "ends": ends} for _, old, ends in self.plan.roles_ended))

    def seal(self, hashes: Mapping[str, str], progress: Progress) -> str:
        """The import's own row, one audit row per 1,000 changes, and one for the whole."""
        public_id, counts = new_public_id(), self.plan.counts()
        own = {"public_id": public_id, "by_id": self.actor_id, "at": self.now}
        _insert(_table(Import), [own | {"file_hashes": dict(hashes), "counts": counts}])
        written = (change for change in self.plan.changes() if change.action != "missing")
        done, total = 0, self.plan.listed()
        for chunk in _chunks(written, EVERY):
            audit.record(
                "import.rows",
                actor_id=self.actor_id,
                payload={
                    "import": public_id,
                    "first": done + 1,
                    "last": done + len(chunk),
                    "changes": [change.to_dict() for change in chunk],
                },
            )
            done += len(chunk)
            progress("mencatat", done, total)
        audit.record(
            "import",
            actor_id=self.actor_id,
            payload={
                "import": public_id,
                "sha256": dict(hashes),
                "counts": counts,
                "roles_confirmed": self.confirm_roles and bool(self.plan.roles_added),
            },
        )
        return public_id


def apply_plan(
    plan: Plan,
    known: Existing,
    *,
    actor_id: int | None,
    confirm_roles: bool,
    hashes: Mapping[str, str],
    progress: Progress,
) -> str:
    """Write the plan inside the running transaction; gives the public id of the import."""
    writer = Writer(plan, known, actor_id, confirm_roles)
    writer.write_units()
    writer.write_people(progress)
    writer.write_posts()
    writer.write_placements()
    writer.write_lines()
    writer.write_roles()
    return writer.seal(hashes, progress)


def _exempt(value: Exemption) -> dict[str, Any]:
    return {"exempt_from": value.starts, "exempt_to": value.ends, "exempt_reason": value.reason}


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _ticking(rows: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    for done, row in enumerate(rows, 1):
        yield row
        if done % EVERY == 0 or done == total:
            progress("menyimpan", done, total)


def _insert(table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    for chunk in _chunks(rows, CHUNK):
        db.session.execute(sa.insert(table), chunk)


def _insert_returning(
    table: sa.Table, rows: Iterable[dict[str, Any]], *columns: sa.Column[Any]
) -> Iterator[Any]:
    for chunk in _chunks(rows, CHUNK):
        yield from db.session.execute(sa.insert(table).returning(*columns), chunk)


def _update(table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    for chunk in _chunks(rows, CHUNK):
        names = [name for name in chunk[0] if name != "b_id"]
        statement = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("b_id"))
            .values({name: sa.bindparam(f"v_{name}", type_=table.c[name].type) for name in names})
        )
        db.session.connection().execute(
            statement, [{"b_id": row["b_id"]} | {f"v_{name}": row[name] for name in names} for row in chunk]
        )
