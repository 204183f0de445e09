"""From rows and what is known to a plan: what is added, changed, ended; and what the whole does not allow."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from kinerja.rules.words import N_
from kinerja.services.importing.cells import STRUCTURAL, PersonRow
from kinerja.services.importing.existing import Existing, Held, Line, PostKey
from kinerja.services.importing.graphs import reporting_circles
from kinerja.services.importing.plan import Plan
from kinerja.services.importing.planning_roles import plan_roles
from kinerja.services.importing.planning_units import end_units, plan_units
from kinerja.services.importing.reading import PEOPLE_FILE
from kinerja.services.importing.result import EVERY, Findings, Progress
from kinerja.services.importing.timelines import (
    Placed,
    compare_lines,
    merge_lines,
    merge_placements,
    overlap,
)
from kinerja.services.importing.validating import Files

DAY = timedelta(days=1)
_MOVED: list[Any] = []
_OVERLAPS = N_("Penempatan %(kind)s ini bertumpuk dengan “%(title)s” (%(starts)s sampai %(ends)s).")
_OVERLAPS_SINCE = N_("Penempatan %(kind)s ini bertumpuk dengan “%(title)s”, yang berlaku sejak %(starts)s.")
_ALREADY_HELD = N_(
    "Jabatan struktural ini sudah dipegang definitif oleh %(name)s (%(nip)s) sejak %(since)s pada waktu yang sama. "
    "Beri tanggal selesai pada penempatan beliau, atau jalankan dengan pengakhiran yang tidak tercantum."
)


class Planner:
    """Holds what the steps share. Use `make_plan`."""

    def __init__(
        self, files: Files, known: Existing, findings: Findings, today: date, end_missing: bool
    ) -> None:
        self.files, self.known, self.findings, self.today = files, known, findings, today
        self.end_missing = end_missing
        self.plan = Plan()
        self.placed: dict[str, Placed] = {}
        self.gone: dict[str, list[Held]] = {}  # people absent from the file: their placements afterwards
        self.ended: set[str] = set()  # those of them whose placements end in this run

    def refuse(self, row: PersonRow, column: str, value: str, template: str, /, **params: object) -> None:
        self.findings.refuse(PEOPLE_FILE, row.row, column, value, template, **params)

    def people(self, progress: Progress) -> None:
        """Persons, accounts, placements and posts of the file."""
        total = len(self.files.people)
        for done, (nip, rows) in enumerate(self.files.people.items(), 1):
            self._person(nip, rows[0])
            for row in rows:
                self._references(row)
            self.placed[nip] = merge_placements(rows, self.known.placements.get(nip, ()), self.today)
            self._overlaps(nip, rows)
            if done % EVERY == 0:
                progress("memeriksa", done, total)
        self._posts()
        self._mails()

    def _person(self, nip: str, row: PersonRow) -> None:
        person = self.known.people.get(nip)
        self.plan.names[nip] = row.name
        if person is None:
            self.plan.people_added.append(row)
        elif (person.name, person.email, person.status, person.grade) != (
            row.name, row.email, row.status, row.grade,
        ) or row.exempt not in (None, person.exempt):  # fmt: skip
            self.plan.people_changed.append((person, row))
        else:
            self.plan.unchanged["person"] += 1
        if person is None or not person.has_account:
            self.plan.accounts_added.append(nip)
        else:
            self.plan.unchanged["account"] += 1

    def _references(self, row: PersonRow) -> None:
        parents = self.plan.parents
        if row.unit not in parents and row.unit not in self.files.bad_units:
            closed = row.unit in self.known.units
            template = (
                N_("Unit ini sudah ditutup.")
                if closed
                else N_("Unit ini tidak ada di unit.csv maupun di data.")
            )
            self.refuse(row, "kode_unit", row.unit, template)
        if not row.superior:
            if parents.get(row.unit):
                self.refuse(
                    row, "nip_penilai", "", N_("nip_penilai hanya boleh kosong di unit paling atas."),
                )  # fmt: skip
        elif (
            row.superior not in self.files.people
            and row.superior not in self.known.people
            and row.superior not in self.files.bad_people
        ):
            self.refuse(
                row, "nip_penilai", row.superior, N_("Penilai ini tidak ada di pegawai.csv maupun di data.")
            )

    def _overlaps(self, nip: str, rows: list[PersonRow]) -> None:
        """Two definitive placements at once, or two spans of one kind on one post."""
        final = self.placed[nip].final
        if len(final) < 2:
            return
        by_row = {row.row: row for row in rows}
        ordered = sorted(final, key=lambda held: (held.starts, held.row))
        for position, later in enumerate(ordered):
            for earlier in ordered[:position]:
                same = earlier.kind == later.kind and (
                    later.kind == "definitif" or earlier.post == later.post
                )
                if not same or not overlap(earlier.starts, earlier.ends, later.starts, later.ends):
                    continue
                guilty = by_row.get(later.row) or by_row.get(earlier.row)
                other = earlier if guilty is not None and guilty.row == later.row else later
                if guilty is None:
                    continue  # both were recorded before; structure check 6 names them
                self.refuse(
                    guilty, "mulai", guilty.starts.isoformat(), _OVERLAPS if other.ends else _OVERLAPS_SINCE,
                    kind=guilty.kind, title=other.post[1], starts=other.starts.isoformat(),
                    ends=other.ends.isoformat() if other.ends else "",
                )  # fmt: skip

    def _posts(self) -> None:
        """One group and jenjang per post of a unit."""
        seen: dict[PostKey, PersonRow] = {}
        for rows in self.files.people.values():
            for row in rows:
                first = seen.setdefault((row.unit, row.title), row)
                if (first.group, first.rank) != (row.group, row.rank):
                    self.refuse(
                        row, "jenjang", f"{row.group} {row.rank}".strip(),
                        N_("Jabatan ini di unit yang sama memakai %(other)s di baris %(row)s."),
                        other=f"{first.group} {first.rank}".strip(), row=first.row,
                    )  # fmt: skip
        for key, row in seen.items():
            known = self.known.posts.get(key)
            if known is None:
                self.plan.posts_added[key] = (row.group, row.rank)
            elif known[1:] != (row.group, row.rank):
                self.plan.posts_changed[key] = (known[1:], (row.group, row.rank))
            else:
                self.plan.unchanged["post"] += 1

    def _mails(self) -> None:
        """An e-mail in the file must not belong to somebody who keeps it."""
        if not self.known.people:
            return
        kept = {
            person.email: nip
            for nip, person in self.known.people.items()
            if person.email and nip not in self.files.people
        }
        for rows in self.files.people.values():
            holder = kept.get(rows[0].email)
            if holder:
                self.refuse(
                    rows[0], "email", rows[0].email, N_("E-mail ini sudah dipakai NIP %(other)s."), other=holder
                )  # fmt: skip

    def endings(self) -> None:
        """Who and what the file does not mention: named, and ended only when asked for."""
        takeovers: dict[PostKey, list[date]] = {}
        for placed in self.placed.values():
            for held in placed.final:
                if held.kind == "definitif" and self._structural(held.post):
                    takeovers.setdefault(held.post, []).append(held.starts)
        for nip in self.known.people:
            if nip in self.files.people or nip in self.files.bad_people:
                continue
            final = []
            for held in self.known.placements.get(nip, ()):
                running = held.starts <= self.today and (held.ends is None or held.ends > self.today)
                final.append(self._end(nip, held, takeovers) if running else held)
            self.gone[nip] = final
            if final != self.known.placements.get(nip, []):
                self.ended.add(nip)
                self._end_lines(nip)
        for nip, placed in self.placed.items():
            for held in placed.absent:
                if held.starts <= self.today:
                    placed.final[placed.final.index(held)] = self._end(nip, held, takeovers)
            self.plan.placements_added += ((nip, held) for held in placed.added)
            self.plan.placements_changed += ((nip, before, after) for before, after in placed.changed)
            self.plan.unchanged["placement"] += (
                len(placed.final) - len(placed.added) - len(placed.changed) - len(placed.absent)
            )
            # The lists have moved to the plan; 80,000 empty shells would be 25 MB.
            self.placed[nip] = Placed(placed.final, _MOVED, _MOVED, _MOVED)

    def _end(self, nip: str, held: Held, takeovers: dict[PostKey, list[date]]) -> Held:
        if not self.end_missing:
            self.plan.placements_missing.append((nip, held))
            return held
        ends = self.today
        if held.kind == "definitif":
            later = [start - DAY for start in takeovers.get(held.post, ()) if start > held.starts]
            ends = min([ends, *later])
        after = held._replace(ends=ends)
        self.plan.placements_changed.append((nip, held, after))
        return after

    def _end_lines(self, nip: str) -> None:
        last = max(held.ends or date.max for held in self.gone[nip])
        recorded = self.known.lines.get(nip, [])
        wanted = [
            line._replace(ends=last) if line.ends is None or line.ends > last else line
            for line in recorded
            if line.starts <= last
        ]
        self._compare(nip, recorded, wanted)

    def _structural(self, post: PostKey) -> bool:
        changed = self.plan.posts_changed.get(post)
        kind = changed[1] if changed else self.plan.posts_added.get(post)
        if kind is None and post in self.known.posts:
            kind = self.known.posts[post][1:]
        return kind in STRUCTURAL

    def two_holders(self) -> None:
        """At most one definitive holder of a structural post at a time."""
        holders: dict[PostKey, list[tuple[date, date | None, int, str]]] = {}
        everyone: Iterable[tuple[str, list[Held]]] = (
            *((nip, placed.final) for nip, placed in self.placed.items()),
            *self.gone.items(),
        )
        for nip, final in everyone:
            for held in final:
                if held.kind == "definitif" and self._structural(held.post):
                    holders.setdefault(held.post, []).append((held.starts, held.ends, held.row, nip))
        for post, spans in holders.items():
            spans.sort(key=lambda span: (span[0], span[2]))
            running = spans[0]
            for later in spans[1:]:
                earlier = running
                if (later[1] or date.max) >= (running[1] or date.max):
                    running = later
                if earlier[3] == later[3] or not overlap(earlier[0], earlier[1], later[0], later[1]):
                    continue
                guilty, other = (later, earlier) if later[2] else (earlier, later)
                if guilty[2]:
                    self.findings.refuse(
                        PEOPLE_FILE, guilty[2], "jabatan", post[1], _ALREADY_HELD,
                        name=self.plan.names.get(other[3], ""), nip=other[3], since=other[0].isoformat(),
                    )  # fmt: skip

    def post_of(self, superior: str, starts: date, ends: date | None) -> PostKey | None:
        """The post the superior definitively holds on the first day, else the first he takes within the line."""
        placed = self.placed.get(superior)
        final = placed.final if placed is not None else self.known.placements.get(superior, ())
        later: Held | None = None
        for held in final:
            if held.kind != "definitif" or (held.ends is not None and held.ends < starts):
                continue
            if held.starts <= starts:
                return held.post
            if (ends is None or held.starts <= ends) and (later is None or held.starts < later.starts):
                later = held
        return later.post if later is not None else None

    def _compare(self, nip: str, recorded: list[Line], wanted: list[Line]) -> None:
        found = compare_lines(recorded, wanted, self.today)
        self.plan.lines_added += ((nip, line) for line in found.added)
        self.plan.lines_ended += ((nip, old, new) for old, new in found.ended)
        self.plan.lines_corrected += ((nip, line) for line in found.corrected)
        self.plan.unchanged["line"] += len(wanted) - len(found.added) - len(found.ended)

    def lines(self, progress: Progress) -> None:
        """Reporting lines: later starts supersede, the same start corrects."""
        after: dict[str, list[Line]] = {}
        total = len(self.files.people)
        for done, (nip, rows) in enumerate(self.files.people.items(), 1):
            recorded = self.known.lines.get(nip, [])
            wanted = merge_lines(rows, self.placed[nip], recorded, self.post_of)
            after[nip] = wanted
            self._compare(nip, recorded, wanted)
            if done % EVERY == 0:
                progress("menyusun", done, total)
        for nip, recorded in self.known.lines.items():
            after.setdefault(nip, recorded)
        for day, circle in reporting_circles(after):
            chain = " → ".join([*circle[:12], circle[0]])
            for nip in circle:
                for row in self.files.people.get(nip, ())[:1]:
                    self.refuse(
                        row, "nip_penilai", row.superior,
                        N_("Garis pelaporan berputar pada %(day)s: %(chain)s."), day=day.isoformat(), chain=chain,
                    )  # fmt: skip


def make_plan(
    files: Files, known: Existing, findings: Findings, *, today: date, end_missing: bool, progress: Progress,
    actor_id: int | None = None,
) -> Plan:  # fmt: skip
    """Compare the files with what is known. Everything the whole does not allow is added to `findings`."""
    planner = Planner(files, known, findings, today, end_missing)
    # Whoever is on file is told by name, also where no file of people comes along.
    planner.plan.names.update((nip, person.name) for nip, person in known.people.items())
    plan_units(planner.plan, files, known, findings)
    if PEOPLE_FILE in files.read:
        planner.people(progress)
        planner.endings()
        planner.two_holders()
        planner.lines(progress)
    plan_roles(
        planner.plan, files, known, findings, today=today, end_missing=end_missing, gone=planner.ended,
        actor_id=actor_id,
    )  # fmt: skip
    if end_missing:
        end_units(planner.plan, files, known, planner.placed, planner.gone, today)
    return planner.plan
