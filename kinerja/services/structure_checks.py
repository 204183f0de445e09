"""The twelve checks on structure data, run before a period opens; each finding names who can repair it."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kinerja import clock
from kinerja.rules.words import N_
from kinerja.services import foreign_roles, structure_candidates
from kinerja.services.importing import cells
from kinerja.services.structure import (
    ACTING,
    Head,
    PlacementView,
    Structure,
    UnitView,
    read_structure,
)
from kinerja.services.structure_findings import DOUBT, ERROR, Check, CheckFinding

__all__ = ["DOUBT", "ERROR", "Check", "CheckFinding", "Checker", "run_checks"]

DAY = timedelta(days=1)
ROLE_LABELS = {
    "pengelola_pegawai": N_("Pengelola kinerja pegawai"),
    "pengelola_organisasi": N_("Pengelola kinerja organisasi"),
    "admin_sistem": N_("Admin sistem"),
}


@dataclass
class Checker:
    """Runs the checks over one picture. Use `run_checks`."""

    structure: Structure
    heads: dict[int, Head] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.heads = self.heads or self.structure.heads()
        self.on = self.structure.on
        self.admins_only = self._admins_without_post()

    def _admins_without_post(self) -> set[int]:
        """A technical admin account is no employee."""
        return {
            person
            for (role, _), people in self.structure.roles.items()
            if role == "admin_sistem"
            for person in people
            if not self.structure.placements.get(person)
        }

    def active(self) -> Iterator[int]:
        """Employees today: whoever holds a post, and whoever never held one. Those who left are neither."""
        for person_id in self.structure.people:
            if person_id in self.admins_only:
                continue
            held = self.structure.placements.get(person_id)
            if held is None or any(placement.covers(self.on) for placement in held):
                yield person_id

    # Who can repair

    def repairers(self, role: str, unit_id: int | None) -> tuple[str, ...]:
        """Names of those with the role nearest to the unit; ministry-wide when no unit has one."""
        people = self.structure.people
        for unit in self.structure.ancestors(unit_id) if unit_id is not None else ():
            found = self.structure.roles.get((role, unit.id))
            if found:
                return tuple(people[person].name for person in found if person in people)
        return tuple(people[p].name for p in self.structure.roles.get((role, None), ()) if p in people)

    def unit_of(self, person_id: int) -> int | None:
        held = self.structure.placements.get(person_id)
        if not held:
            return None
        now = [placement for placement in held if placement.covers(self.on)]
        best = min(now, key=lambda p: p.kind != "definitif") if now else held[-1]
        return self.structure.posts[best.post_id].unit_id

    def about_person(
        self, number: int, person_id: int, template: str, severity: str = ERROR, role: str = "pengelola_pegawai",
        **params: Any,
    ) -> CheckFinding:  # fmt: skip
        person = self.structure.people[person_id]
        unit = self.unit_of(person_id)
        return CheckFinding(
            number, severity, f"{person.name} ({person.nip})", template, params, ROLE_LABELS[role],
            self.repairers(role, unit), person_id=person_id, unit_id=unit,
        )  # fmt: skip

    def about_unit(
        self, number: int, unit: UnitView, template: str, severity: str = ERROR, role: str = "pengelola_pegawai",
        **params: Any,
    ) -> CheckFinding:  # fmt: skip
        return CheckFinding(
            number, severity, f"{unit.name} ({unit.code})", template, params, ROLE_LABELS[role],
            self.repairers(role, unit.id), unit_id=unit.id,
        )  # fmt: skip

    def about_post(
        self, number: int, post_id: int, template: str, severity: str = ERROR, **params: Any
    ) -> CheckFinding:
        post = self.structure.posts[post_id]
        unit = self.structure.units.get(post.unit_id)
        subject = f"{post.title}, {unit.name}" if unit else post.title
        return CheckFinding(
            number, severity, subject, template, params, ROLE_LABELS["pengelola_pegawai"],
            self.repairers("pengelola_pegawai", post.unit_id), unit_id=post.unit_id, post_id=post_id,
        )  # fmt: skip

    # The checks

    def one_definitive(self) -> Iterator[CheckFinding]:
        for person_id in self.active():
            if self.structure.people[person_id].exempt(self.on):
                continue
            count = sum(1 for held in self.structure.current(person_id) if held.kind == "definitif")
            if count == 0:
                yield self.about_person(
                    1, person_id, N_("Tidak mempunyai penempatan definitif dan tidak dikecualikan.")
                )
            elif count > 1:
                yield self.about_person(
                    1,
                    person_id,
                    N_("Mempunyai %(count)s penempatan definitif pada hari yang sama."),
                    count=count,
                )

    def has_superior(self) -> Iterator[CheckFinding]:
        tops = {head.person_id for unit_id, head in self.heads.items() if self._is_top(unit_id)}
        leads = {head.person_id for head in self.heads.values()}
        delegated = {(d.holder_id, d.delegate_id) for d in self.structure.delegations if d.as_penilai}
        for person_id in self.active():
            if self.structure.people[person_id].exempt(self.on):
                continue
            superior = self.structure.superiors.get(person_id)
            if superior is None:
                if person_id not in tops:
                    yield self.about_person(2, person_id, N_("Belum mempunyai Pejabat Penilai Kinerja."))
                continue
            name = self.structure.people[superior].name
            posts = [self.structure.posts[held.post_id] for held in self.structure.current(superior)]
            if not posts:
                yield self.about_person(
                    2, person_id, N_("Penilainya, %(name)s, tidak memegang jabatan pada hari ini."), name=name
                )
            elif any((post.group, post.rank) in cells.SUPERIOR_RANKS for post in posts):
                if not structure_candidates.may_establish(self.structure, person_id, posts):
                    yield self.about_person(
                        2, person_id, N_("SKP-nya ditetapkan pejabat lain (hlm. 65); periksa garis pelaporannya."),
                        DOUBT,
                    )  # fmt: skip
            elif any(post.group == "JF" for post in posts) and superior in leads:
                # PermenPANRB 6/2022, p.89: only with a written delegation, here by whoever stands above him.
                if (self.structure.superiors.get(superior), superior) not in delegated:
                    yield self.about_person(
                        2, person_id, N_("Penilainya, %(name)s, JF tanpa pendelegasian tertulis dari atasannya."),
                        name=name,
                    )  # fmt: skip
            else:
                yield self.about_person(
                    2,
                    person_id,
                    N_("Penilainya, %(name)s, di bawah Pengawas dan tidak memimpin unit."),
                    name=name,
                )

    def _is_top(self, unit_id: int) -> bool:
        unit = self.structure.units.get(unit_id)
        return unit is not None and unit.parent_id is None

    def circles(self) -> Iterator[CheckFinding]:
        state: dict[int, int] = {}
        superiors = self.structure.superiors
        for number, start in enumerate(superiors, 1):
            path: list[int] = []
            node: int | None = start
            while node is not None and node in superiors and node not in state:
                state[node] = number
                path.append(node)
                node = superiors[node]
            if node is not None and state.get(node) == number and node in path:
                circle = path[path.index(node) :]
                names = [self.structure.people[person].name for person in [*circle[:12], circle[0]]]
                yield self.about_person(
                    3, circle[0], N_("Garis pelaporan berputar: %(chain)s."), chain=" → ".join(names)
                )

    def two_levels(self) -> Iterator[CheckFinding]:
        """The penilai and the atasan penilai are two different people, and neither is the employee."""
        for person_id in self.active():
            superior = self.structure.superiors.get(person_id)
            if superior is None:
                continue
            above = self.structure.superiors.get(superior)
            if above is not None and above in (superior, person_id):
                yield self.about_person(
                    4, person_id, N_("Atasan penilainya (%(name)s) sama dengan penilai atau dengan pegawai sendiri."),
                    name=self.structure.people[above].name,
                )  # fmt: skip

    def heads_and_upk(self) -> Iterator[CheckFinding]:
        for unit in self.structure.units.values():
            head = self.heads[unit.id]
            if head.person_id is None:
                names = ", ".join(self.structure.people[person].name for person in head.candidates[:6])
                if names:
                    yield self.about_unit(
                        5, unit, N_("Lebih dari satu calon pimpinan (%(names)s); pengelola menetapkan satu."),
                        names=names,
                    )  # fmt: skip
                else:
                    yield self.about_unit(
                        5, unit, N_("Tidak ada pimpinan; pengelola menetapkan satu, bertanggal.")
                    )
            if not unit.owns_map:
                continue
            if not self.repairers("pengelola_organisasi", unit.id):
                yield self.about_unit(
                    5, unit, N_("UPK ini belum mempunyai Pengelola kinerja organisasi."), role="admin_sistem"
                )
            if unit.level != "L0" and not any(above.owns_map for above in self._above(unit)):
                yield self.about_unit(
                    5, unit, N_("Tidak ada UPK di atas UPK ini."), role="pengelola_organisasi"
                )

    def _above(self, unit: UnitView) -> Iterable[UnitView]:
        return (above for above in self.structure.ancestors(unit.id) if above.id != unit.id)

    def overlaps_and_gaps(self) -> Iterator[CheckFinding]:
        for person_id, placements in self.structure.placements.items():
            if len(placements) < 2:
                continue
            definitive = [held for held in placements if held.kind == "definitif"]
            for earlier, later in itertools.pairwise(definitive):
                if earlier.ends is None or earlier.ends >= later.starts:
                    yield self.about_person(
                        6, person_id, N_("Dua penempatan definitif bertumpuk sejak %(day)s."),
                        day=later.starts.isoformat(),
                    )  # fmt: skip
                elif earlier.ends + DAY < later.starts and not self._exempt_between(
                    person_id, earlier, later
                ):
                    # An old gap changes no figure of this year any more.
                    severity = ERROR if later.starts.year >= self.on.year else DOUBT
                    yield self.about_person(
                        6, person_id, N_("Tidak ada penempatan dari %(first)s sampai %(last)s."), severity,
                        first=(earlier.ends + DAY).isoformat(), last=(later.starts - DAY).isoformat(),
                    )  # fmt: skip

    def _exempt_between(self, person_id: int, earlier: PlacementView, later: PlacementView) -> bool:
        person = self.structure.people[person_id]
        return (
            earlier.ends is not None
            and person.exempt(earlier.ends + DAY)
            and person.exempt(later.starts - DAY)
        )

    def _by_post(self) -> dict[int, list[PlacementView]]:
        found: dict[int, list[PlacementView]] = {}
        for placements in self.structure.placements.values():
            for held in placements:
                post = self.structure.posts[held.post_id]
                if held.kind in ACTING or (post.group, post.rank) in cells.STRUCTURAL:
                    found.setdefault(held.post_id, []).append(held)
        return found

    def holders(self) -> Iterator[CheckFinding]:
        yield from self.two_holders()
        yield from self.two_candidates()

    def two_holders(self) -> Iterator[CheckFinding]:
        for post_id, placements in self._by_post().items():
            running = sorted(
                (p for p in placements if p.kind == "definitif" and (p.ends is None or p.ends >= self.on)),
                key=lambda held: (held.starts, held.id),
            )
            for earlier, later in itertools.pairwise(running):
                if earlier.person_id != later.person_id and (
                    earlier.ends is None or earlier.ends >= later.starts
                ):
                    yield self.about_post(
                        7, post_id, N_("Dua pemegang definitif: %(first)s dan %(second)s."),
                        first=self.structure.people[earlier.person_id].name,
                        second=self.structure.people[later.person_id].name,
                    )  # fmt: skip

    def two_candidates(self) -> Iterator[CheckFinding]:
        for post_id, names in structure_candidates.doubled(self.structure, self._by_post()):
            yield self.about_post(
                7, post_id,
                N_("Lebih dari satu orang dapat bertindak hari ini: %(names)s. Yang pertama yang bertindak."), DOUBT,
                names=", ".join(names),
            )  # fmt: skip

    def expired_letters(self) -> Iterator[CheckFinding]:
        """An acting letter that ran out while the post is still vacant, or that names no end at all."""
        for post_id, placements in self._by_post().items():
            acting = [held for held in placements if held.kind in ACTING and held.starts <= self.on]
            if not acting:
                continue
            for held in acting:
                if held.ends is None:
                    yield self.about_post(
                        8, post_id, N_("Surat penunjukan %(kind)s untuk %(name)s tidak bertanggal akhir."), DOUBT,
                        kind=held.kind.capitalize(), name=self.structure.people[held.person_id].name,
                    )  # fmt: skip
            last = max(acting, key=lambda held: held.ends or date.max)
            vacant = not any(held.covers(self.on) for held in placements)
            if vacant and last.ends is not None and not any(held.starts > last.ends for held in placements):
                yield self.about_post(
                    8, post_id, N_("Penunjukan %(kind)s %(name)s berakhir %(day)s dan jabatan ini lowong."),
                    kind=last.kind.capitalize(), name=self.structure.people[last.person_id].name,
                    day=last.ends.isoformat(),
                )  # fmt: skip

    def functional_ranks(self) -> Iterator[CheckFinding]:
        for person_id in self.structure.placements:
            for held in self.structure.current(person_id):
                post = self.structure.posts[held.post_id]
                if post.group == "JF" and not post.rank:
                    yield self.about_person(
                        9, person_id, N_("Jabatan fungsional “%(title)s” tanpa jenjang."), title=post.title
                    )

    def numbers(self) -> Iterator[CheckFinding]:
        seen: dict[str, str] = {}
        for person in self.structure.people.values():
            try:
                nip = cells.nip(person.nip)
            except cells.Refused as refused:
                yield self.about_person(
                    10, person.id, refused.template, role="admin_sistem", **refused.params
                )
                continue
            other = seen.setdefault(nip, person.name)
            if other != person.name:
                yield self.about_person(
                    10, person.id, N_("NIP ini juga milik %(other)s."), role="admin_sistem", other=other
                )
            if person.status == "LAIN" or person.id in self.admins_only:
                continue
            for doubt in cells.nip_doubts(nip, person.status, self.on):
                yield self.about_person(10, person.id, doubt, DOUBT, role="admin_sistem")

    def zones(self) -> Iterator[CheckFinding]:
        for unit in self.structure.units.values():
            if unit.zone not in clock.ZONES:
                yield self.about_unit(11, unit, N_("Unit ini tanpa zona waktu."), role="admin_sistem")
            if unit.workweek not in (5, 6):
                yield self.about_unit(11, unit, N_("Unit ini tanpa pola hari kerja."), role="admin_sistem")

    def lent(self) -> Iterator[CheckFinding]:
        for role in foreign_roles.without_assignment():
            person, home = role.person_id, self.unit_of(role.person_id)
            inside = home is not None and role.unit_id in {one.id for one in self.structure.ancestors(home)}
            if not inside or self.structure.superiors.get(person) != role.leader_id:
                text = N_(
                    "Berperan pada %(matrix)s, %(unit)s, tanpa penugasan: pimpinan unit itu mengajukannya di halaman "
                    "Penugasan, pejabat penilainya menyetujui."
                )
                yield self.about_person(12, person, text, matrix=role.number, unit=role.unit)


_TITLES: dict[int, tuple[str, Callable[[Checker], Iterator[CheckFinding]]]] = {
    1: (N_("Setiap pegawai aktif mempunyai tepat satu penempatan definitif atau pengecualian"), Checker.one_definitive),
    2: (N_("Setiap pegawai mempunyai penilai, paling rendah Pengawas"), Checker.has_superior),
    3: (N_("Garis pelaporan tidak berputar"), Checker.circles),
    4: (N_("Penilai dan atasan penilai berbeda"), Checker.two_levels),
    5: (
        N_("Setiap unit mempunyai tepat satu pimpinan; setiap UPK mempunyai pengelola dan UPK di atasnya"),
        Checker.heads_and_upk,
    ),
    6: (N_("Penempatan tidak bertumpuk dan tidak berjeda"), Checker.overlaps_and_gaps),
    7: (N_("Setiap jabatan struktural dipegang paling banyak satu orang secara definitif"), Checker.holders),
    8: (N_("Surat penunjukan Plt., Plh., dan PjS masih berlaku"), Checker.expired_letters),
    9: (N_("Setiap JF mempunyai jenjang"), Checker.functional_ranks),
    10: (N_("NIP benar dan tidak ganda"), Checker.numbers),
    11: (N_("Setiap unit mempunyai zona waktu dan pola hari kerja"), Checker.zones),
    12: (N_("Orang dari unit lain di matriks mempunyai penugasan yang disetujui"), Checker.lent),
}  # fmt: skip


def run_checks(on: date | None = None, structure: Structure | None = None) -> tuple[Check, ...]:
    """The twelve checks as of a date (today when none is given), each with its findings."""
    checker = Checker(structure or read_structure(on))
    return tuple(
        Check(number, title, tuple(function(checker))) for number, (title, function) in _TITLES.items()
    )
