"""From cells to typed rows. What one row or one file alone can tell is checked here; the rest in planning."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from kinerja.rules.words import N_
from kinerja.services.importing import cells
from kinerja.services.importing.cells import Exemption, PersonRow, Refused, RoleRow, UnitRow
from kinerja.services.importing.reading import COLUMNS, OPTIONAL, PEOPLE_FILE, ROLES_FILE, UNIT_FILE, Table
from kinerja.services.importing.result import EVERY, Findings, Progress

T = TypeVar("T")
_AFTER = N_("Tanggal selesai mendahului tanggal mulai (%(starts)s).")
_DIFFERS = N_("NIP ini sudah ada di baris %(row)s dengan %(column)s “%(other)s”.")
_SAME_MAIL = N_("E-mail ini sudah dipakai NIP %(other)s di baris %(row)s.")


class RowReader:
    """Reads the cells of one row; every fault becomes one problem with its column and value."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file, self._findings = file, findings
        self._columns = (*COLUMNS[file], *OPTIONAL[file])
        self._row, self._values, self.bad = 0, [""] * len(self._columns), False
        self._at = {name: position for position, name in enumerate(self._columns)}

    def start(self, row: int, values: list[str]) -> None:
        self._row, self._values, self.bad = row, values, False

    def text(self, column: str) -> str:
        return self._values[self._at[column]]

    def take(self, column: str, convert: Callable[..., T], *arguments: Any) -> T | None:
        """The converted cell, or None when it was refused."""
        value = self._values[self._at[column]]
        try:
            return convert(value, *arguments)
        except Refused as refused:
            self.refuse(column, refused.template, **refused.params)
            return None

    def optional(self, column: str, convert: Callable[..., T], *arguments: Any) -> T | None:
        return self.take(column, convert, *arguments) if self.text(column) else None

    def refuse(self, column: str, template: str, /, **params: Any) -> None:
        self.bad = True
        self._findings.refuse(self._file, self._row, column, self.text(column), template, **params)

    def doubt(self, column: str, template: str, /, **params: Any) -> None:
        self._findings.doubt(self._file, self._row, column, self.text(column), template, **params)

    def span(self) -> tuple[date | None, date | None]:
        starts, ends = self.take("mulai", _day), self.optional("selesai", _day)
        if starts and ends and ends < starts:
            self.refuse("selesai", _AFTER, starts=starts.isoformat())
        return starts, ends


_days: dict[str, date] = {}


def _day(text: str) -> date:
    """Files repeat a few thousand dates: keep one object of each."""
    found = _days.get(text)
    if found is None:
        if len(_days) > 50_000:
            _days.clear()
        found = _days[text] = cells.iso_date(text)
    return found


def _same(text: str, kept: dict[str, str]) -> str:
    """One object for equal texts: a file of 80,000 rows repeats its units and titles."""
    return kept.setdefault(text, text)


@dataclass
class Files:
    """What the files say, in compact rows. `read` names the files that were given."""

    units: dict[str, UnitRow] = field(default_factory=dict)
    people: dict[str, list[PersonRow]] = field(default_factory=dict)
    roles: list[RoleRow] = field(default_factory=list)
    # Units and people that do stand in the files, but in a bad row: no second complaint where they are named.
    bad_units: set[str] = field(default_factory=set)
    bad_people: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)


def read_files(tables: Mapping[str, Table], findings: Findings, progress: Progress, today: date) -> Files:
    """Read and check every given file. Bad rows are left out and listed in `findings`."""
    files = Files(read=set(tables))
    if UNIT_FILE in tables:
        for unit in _units(_counted(tables[UNIT_FILE], files, progress), files.bad_units, findings):
            files.units[unit.code] = unit
    if PEOPLE_FILE in tables:
        _people(tables[PEOPLE_FILE], files, findings, progress, today)
    if ROLES_FILE in tables:
        files.roles = list(_roles(_counted(tables[ROLES_FILE], files, progress), findings))
    return files


def _counted(table: Table, files: Files, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    done = 0
    for done, row in enumerate(table.rows(), 1):
        yield row
        if done % EVERY == 0:
            progress(table.name, done, None)
    files.rows[table.name] = done
    progress(table.name, done, done)


def _units(rows: Iterator[tuple[int, list[str]]], bad: set[str], findings: Findings) -> Iterator[UnitRow]:
    reader = RowReader(UNIT_FILE, findings)
    seen: dict[str, int] = {}
    kept: dict[str, str] = {}
    for row, values in rows:
        reader.start(row, values)
        code = reader.take("kode", cells.words, 40)
        name = reader.take("nama", cells.words, 200)
        parent = reader.optional("kode_induk", cells.words, 40) or ""
        level = reader.take("level", cells.level)
        kind = reader.take("jenis", cells.unit_kind)
        zone = reader.take("zona_waktu", cells.zone)
        workweek = reader.take("pola_hari_kerja", cells.workweek)
        owns_map = reader.take("punya_peta_strategi", cells.yes_no)
        if code is not None and code in seen:
            reader.refuse("kode", N_("Kode unit ini sudah ada di baris %(row)s."), row=seen[code])
        if code is not None:
            seen.setdefault(code, row)
            if parent == code:
                reader.refuse("kode_induk", N_("Unit tidak dapat menjadi induk bagi dirinya sendiri."))
        if reader.bad or not (
            code and name and level and kind and zone and workweek and owns_map is not None
        ):
            bad.add(reader.text("kode"))
            continue
        yield UnitRow(row, code, name, _same(parent, kept), level, kind, zone, workweek, owns_map)


def _people(table: Table, files: Files, findings: Findings, progress: Progress, today: date) -> None:
    reader = RowReader(PEOPLE_FILE, findings)
    kept: dict[str, str] = {}
    mails: dict[str, tuple[str, int]] = {}
    for row, values in _counted(table, files, progress):
        reader.start(row, values)
        person = _person(reader, row, kept, table.absent)
        if person is None:
            files.bad_people.add(reader.text("nip").replace(" ", ""))
            continue
        earlier = files.people.get(person.nip)
        if earlier is None:
            for template in cells.nip_doubts(person.nip, person.status, today):
                reader.doubt("nip", template)
        else:
            _agrees(reader, person, earlier)
        if person.email:
            holder = mails.setdefault(person.email, (person.nip, row))
            if holder[0] != person.nip:
                reader.refuse("email", _SAME_MAIL, other=holder[0], row=holder[1])
        if not reader.bad:
            if earlier is None:
                files.people[person.nip] = [person]
            else:
                earlier.append(person)
        else:
            files.bad_people.add(person.nip)


def _person(reader: RowReader, row: int, kept: dict[str, str], absent: frozenset[str]) -> PersonRow | None:
    nip = reader.take("nip", cells.nip)
    name = reader.take("nama", cells.words, 200)
    email = reader.optional("email", cells.mail) or ""
    group = reader.take("kelompok_jabatan", cells.group)
    status = reader.take("status", cells.status, group or "")
    grade = reader.optional("pangkat_golongan", cells.words, 60) or ""
    title = reader.take("jabatan", cells.words, 200)
    rank = reader.take("jenjang", cells.rank, group) if group else None
    unit = reader.take("kode_unit", cells.words, 40)
    superior = reader.optional("nip_penilai", cells.nip) or ""
    kind = reader.take("jenis_penempatan", cells.placement_kind)
    starts, ends = reader.span()
    letter, authority = _letter(reader, kind, absent)
    exempt = None if "dikecualikan_mulai" in absent else _exemption(reader)
    if nip and superior == nip:
        reader.refuse("nip_penilai", N_("Pegawai tidak dapat menjadi penilai bagi dirinya sendiri."))
    if reader.bad or not (nip and name and group and status and title and unit and kind and starts):
        return None
    if rank is None:
        return None
    if group == "JF":
        if not rank:
            reader.doubt("jenjang", N_("JF tanpa jenjang: akan muncul di pemeriksaan struktur nomor 9."))
        elif rank not in title.lower():
            # Two jenjang of one JF in one unit are two posts; the full title says which.
            title = f"{title} {rank.title()}"[:200]
    return PersonRow(
        row, nip, name, email, _same(status, kept), _same(grade, kept), _same(unit, kept), _same(title, kept),
        group, _same(rank, kept), _same(superior, kept), kind, starts, ends, letter, authority, exempt,
    )  # fmt: skip


def _letter(reader: RowReader, kind: str | None, absent: frozenset[str]) -> tuple[str | None, str | None]:
    """Number of the letter of a placement and what it lets a Plh. do; None where there is no such column."""
    if "nomor_surat" in absent:
        return None, None
    letter = reader.optional("nomor_surat", cells.words, 120) or ""
    if "wewenang" in absent:
        return letter, None
    authority = reader.optional("wewenang", cells.authority, kind or "plh") or ""
    if authority and not letter:
        reader.refuse("nomor_surat", N_("Wewenang menyebut surat yang memberikannya: isi nomor_surat."))
    return letter, authority


def _exemption(reader: RowReader) -> Exemption:
    """Days on which somebody is exempted from planning, and why."""
    starts, ends = (
        reader.optional("dikecualikan_mulai", _day),
        reader.optional("dikecualikan_selesai", _day),
    )
    reason = reader.optional("dikecualikan_alasan", cells.words, 200) or ""
    if reader.text("dikecualikan_mulai"):
        if not reader.text("dikecualikan_alasan"):
            reader.refuse("dikecualikan_alasan", N_("Tulis alasan pengecualian, dengan nomor keputusannya."))
        if starts and ends and ends < starts:
            reader.refuse("dikecualikan_selesai", _AFTER, starts=starts.isoformat())
    elif ends or reason:
        reader.refuse("dikecualikan_mulai", N_("Tulis hari pertama pengecualian."))
    return Exemption(starts, ends, reason) if starts else _BOUND


_BOUND = Exemption()
_EXEMPT = ("dikecualikan_mulai", "dikecualikan_selesai", "dikecualikan_alasan")


def _told(value: date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def _agrees(reader: RowReader, person: PersonRow, earlier: Sequence[PersonRow]) -> None:
    """One person, several placements: name, e-mail, status and pangkat must be the same on each row."""
    first = earlier[0]
    for column, mine, other in (
        ("nama", person.name, first.name),
        ("email", person.email, first.email),
        ("status", person.status, first.status),
        ("pangkat_golongan", person.grade, first.grade),
        *zip(_EXEMPT, map(_told, person.exempt or _BOUND), map(_told, first.exempt or _BOUND), strict=True),
    ):
        if mine != other:
            reader.refuse(column, _DIFFERS, row=first.row, column=column, other=other)
    for before in earlier:
        if (before.unit, before.title, before.kind, before.starts) == (
            person.unit, person.title, person.kind, person.starts,
        ):  # fmt: skip
            reader.refuse("nip", N_("Penempatan yang sama sudah ada di baris %(row)s."), row=before.row)


def _roles(rows: Iterator[tuple[int, list[str]]], findings: Findings) -> Iterator[RoleRow]:
    reader = RowReader(ROLES_FILE, findings)
    seen: dict[tuple[str, str, str, date], int] = {}
    for row, values in rows:
        reader.start(row, values)
        nip = reader.take("nip", cells.nip)
        role = reader.take("peran", cells.role)
        unit = reader.optional("kode_unit", cells.words, 40) or ""
        decree = reader.take("nomor_sk", cells.words, 120)
        starts, ends = reader.span()
        if role in cells.UNIT_ROLES and not unit:
            reader.refuse("kode_unit", N_("Peran ini berlaku untuk satu unit dan bawahannya; isi kode_unit."))
        if role in cells.MINISTRY_ROLES and unit:
            reader.refuse("kode_unit", N_("Peran ini berlaku untuk seluruh instansi; kosongkan kode_unit."))
        if nip and role and starts:
            first = seen.setdefault((nip, role, unit, starts), row)
            if first != row:
                reader.refuse("nip", N_("Peran yang sama sudah ada di baris %(row)s."), row=first)
        if reader.bad or not (nip and role and starts and decree):
            continue
        yield RoleRow(row, nip, role, unit, starts, ends, decree)
