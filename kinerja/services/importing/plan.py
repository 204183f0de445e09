"""What an import will do: the lists that planning fills and applying writes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinerja.services.importing.cells import Exemption, PersonRow, RoleRow, UnitRow
from kinerja.services.importing.existing import Held, KnownPerson, KnownRole, KnownUnit, Line, PostKey
from kinerja.services.importing.result import Change

RoleKey = tuple[str, str, str, date]
_UNIT_FIELDS = {
    "nama": "name",
    "kode_induk": "parent",
    "level": "level",
    "jenis": "kind",
    "zona_waktu": "zone",
    "pola_hari_kerja": "workweek",
    "punya_peta_strategi": "owns_map",
}
_PERSON_FIELDS = {"nama": "name", "email": "email", "status": "status", "pangkat_golongan": "grade"}


@dataclass
class Plan:
    """Everything is keyed by NIP, unit code and post key; ids are known only for what exists already."""

    parents: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    units_added: list[UnitRow] = field(default_factory=list)
    units_changed: list[tuple[KnownUnit, UnitRow]] = field(default_factory=list)
    units_ended: list[tuple[KnownUnit, date]] = field(default_factory=list)
    units_missing: list[KnownUnit] = field(default_factory=list)
    posts_added: dict[PostKey, tuple[str, str]] = field(default_factory=dict)
    posts_changed: dict[PostKey, tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=dict)
    people_added: list[PersonRow] = field(default_factory=list)
    people_changed: list[tuple[KnownPerson, PersonRow]] = field(default_factory=list)
    accounts_added: list[str] = field(default_factory=list)
    placements_added: list[tuple[str, Held]] = field(default_factory=list)
    placements_changed: list[tuple[str, Held, Held]] = field(default_factory=list)
    placements_missing: list[tuple[str, Held]] = field(default_factory=list)
    lines_added: list[tuple[str, Line]] = field(default_factory=list)
    lines_ended: list[tuple[str, Line, Line]] = field(default_factory=list)
    lines_corrected: list[tuple[str, Line]] = field(default_factory=list)
    roles_added: list[RoleRow] = field(default_factory=list)
    roles_changed: list[tuple[RoleKey, KnownRole, RoleRow]] = field(default_factory=list)
    roles_ended: list[tuple[RoleKey, KnownRole, date]] = field(default_factory=list)
    roles_missing: list[tuple[RoleKey, KnownRole]] = field(default_factory=list)
    unchanged: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each subject are added, changed, ended, missing (absent from the file, left as they are)."""
        ended = sum(1 for _, before, after in self.placements_changed if _is_end(before, after))
        cut = sum(1 for _, before, after in self.lines_ended if _is_end(before, after))
        return {
            "unit": _count(len(self.units_added), len(self.units_changed), len(self.units_ended),
                           len(self.units_missing), self.unchanged["unit"]),
            "post": _count(len(self.posts_added), len(self.posts_changed), 0, 0, self.unchanged["post"]),
            "person": _count(len(self.people_added), len(self.people_changed), 0, 0, self.unchanged["person"]),
            "account": _count(len(self.accounts_added), 0, 0, 0, self.unchanged["account"]),
            "placement": _count(len(self.placements_added), len(self.placements_changed) - ended, ended,
                                len(self.placements_missing), self.unchanged["placement"]),
            "line": _count(len(self.lines_added), len(self.lines_corrected) + len(self.lines_ended) - cut, cut, 0,
                           self.unchanged["line"]),
            "role": _count(len(self.roles_added), len(self.roles_changed), len(self.roles_ended),
                           len(self.roles_missing), self.unchanged["role"]),
        }  # fmt: skip

    def writes(self) -> int:
        """How many rows would be written; none when the files only repeat what is known."""
        return self.listed() + len(self.accounts_added)

    def listed(self, *, missing: bool = False) -> int:
        """How many changes `changes` gives; an account comes with its person and is not told on its own."""
        told = {*_WRITTEN, "missing"} if missing else set(_WRITTEN)
        counted = (actions for subject, actions in self.counts().items() if subject != "account")
        return sum(count for actions in counted for name, count in actions.items() if name in told)

    def changes(self) -> Iterator[Change]:
        """One by one, in the order in which they are written; what is missing comes last."""
        yield from self._unit_changes()
        yield from self._people_changes()
        yield from self._line_changes()
        yield from self._role_changes()
        for unit in self.units_missing:
            yield Change("unit", "missing", unit.code, unit.name, {}, {})
        for nip, held in self.placements_missing:
            yield self._placement("missing", nip, held, {})

    def _unit_changes(self) -> Iterator[Change]:
        for row in self.units_added:
            yield Change("unit", "added", row.code, row.name, {}, _fields(row, _UNIT_FIELDS))
        for unit, row in self.units_changed:
            before, after = _difference(unit, row, _UNIT_FIELDS)
            if unit.valid_to is not None:
                before["berlaku_sampai"], after["berlaku_sampai"] = unit.valid_to.isoformat(), ""
            yield Change("unit", "changed", row.code, row.name, before, after)
        for unit, ends in self.units_ended:
            yield Change("unit", "ended", unit.code, unit.name, {}, {"berlaku_sampai": ends.isoformat()})
        for key, (group, rank) in self.posts_added.items():
            yield Change("post", "added", key[0], key[1], {}, {"kelompok": group, "jenjang": rank})
        for key, (old, new) in self.posts_changed.items():
            yield Change("post", "changed", key[0], key[1], _post(old), _post(new))

    def _people_changes(self) -> Iterator[Change]:
        for row in self.people_added:
            after = _fields(row, _PERSON_FIELDS) | _exempt(row.exempt)
            yield Change("person", "added", row.nip, row.name, {}, after)
        for person, row in self.people_changed:
            before, after = _difference(person, row, _PERSON_FIELDS)
            if row.exempt not in (None, person.exempt):
                before |= _exempt(person.exempt)
                after |= _exempt(row.exempt) or {"dikecualikan_mulai": "-"}
            yield Change("person", "changed", row.nip, row.name, before, after)
        for nip, held in self.placements_added:
            yield self._placement("added", nip, held, _span(held.starts, held.ends) | _letter(held))
        for nip, old, new in self.placements_changed:
            action = "ended" if _is_end(old, new) else "changed"
            after = _span(new.starts, new.ends)
            if (old.letter, old.authority) != (new.letter, new.authority):
                after |= _letter(new) or {"nomor_surat": "-"}
            yield self._placement(action, nip, old, after)

    def _placement(self, action: str, nip: str, held: Held, after: Mapping[str, Any]) -> Change:
        what = {"jabatan": held.post[1], "kode_unit": held.post[0], "jenis": held.kind}
        if action == "added":
            return Change("placement", action, nip, self._name(nip), {}, what | dict(after))
        before = what | _span(held.starts, held.ends) | _letter(held)
        return Change("placement", action, nip, self._name(nip), before, after)

    def _line_changes(self) -> Iterator[Change]:
        for nip, line in self.lines_corrected:
            yield Change(
                "line", "changed", nip, self._name(nip), _line(line), {"dianggap_benar_sampai": "sekarang"}
            )
        for nip, old, new in self.lines_ended:
            action = "ended" if _is_end(old, new) else "changed"
            yield Change("line", action, nip, self._name(nip), _line(old), _span(new.starts, new.ends))
        for nip, line in self.lines_added:
            yield Change("line", "added", nip, self._name(nip), {}, _line(line))

    def _role_changes(self) -> Iterator[Change]:
        for row in self.roles_added:
            after = {"peran": row.role, "kode_unit": row.unit, "nomor_sk": row.decree} | _span(
                row.starts, row.ends
            )
            yield Change("role", "added", row.nip, self._name(row.nip), {}, after)
        for key, old, new in self.roles_changed:
            before = _role(key, old.ends) | {"nomor_sk": old.decree}
            yield Change(
                "role",
                "changed",
                key[0],
                self._name(key[0]),
                before,
                _role(key, new.ends) | {"nomor_sk": new.decree},
            )
        for key, old, ends in self.roles_ended:
            yield Change("role", "ended", key[0], self._name(key[0]), _role(key, old.ends), _role(key, ends))
        for key, old in self.roles_missing:
            yield Change("role", "missing", key[0], self._name(key[0]), _role(key, old.ends), {})

    def _name(self, nip: str) -> str:
        return self.names.get(nip, nip)


_WRITTEN = ("added", "changed", "ended")


def _count(added: int, changed: int, ended: int, missing: int, unchanged: int) -> dict[str, int]:
    return {"added": added, "changed": changed, "ended": ended, "missing": missing, "unchanged": unchanged}


def _is_end(before: Held | Line, after: Held | Line) -> bool:
    earlier = after.ends is not None and (before.ends is None or after.ends < before.ends)
    return before.starts == after.starts and earlier


def _fields(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    return {column: getattr(row, attribute) for column, attribute in names.items()}


def _difference(known: Any, row: Any, names: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = _fields(known, names), _fields(row, names)
    differing = [column for column in names if before[column] != after[column]]
    return {column: before[column] for column in differing}, {column: after[column] for column in differing}


def _span(starts: date, ends: date | None) -> dict[str, str]:
    return {"mulai": starts.isoformat(), "selesai": ends.isoformat() if ends else ""}


def _letter(held: Held) -> dict[str, str]:
    told = {"nomor_surat": held.letter, "wewenang": held.authority}
    return {name: value for name, value in told.items() if value}


def _exempt(value: Exemption | None) -> dict[str, str]:
    if value is None or value.starts is None:
        return {}
    return {
        "dikecualikan_mulai": value.starts.isoformat(),
        "dikecualikan_selesai": value.ends.isoformat() if value.ends else "",
        "dikecualikan_alasan": value.reason,
    }


def _post(value: tuple[str, str]) -> dict[str, str]:
    return {"kelompok": value[0], "jenjang": value[1]}


def _line(line: Line) -> dict[str, str]:
    post = f"{line.post[1]} ({line.post[0]})" if line.post else ""
    return {"nip_penilai": line.superior, "jabatan_penilai": post} | _span(line.starts, line.ends)


def _role(key: RoleKey, ends: date | None) -> dict[str, str]:
    return {"peran": key[1], "kode_unit": key[2]} | _span(key[3], ends)
