"""An invented ministry of any size as the two files `kinerja import` reads: unit.csv and pegawai.csv.

The same size and seed give the same bytes. About 15 units for 100 people in five levels, spans of control of
5 to 15, three zones, a few acting heads. Names and NIP are made up.
"""

import csv
import io
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from kinerja.services.importing.reading import COLUMNS, PEOPLE_FILE, UNIT_FILE


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _names(
    "Adi Agus Ahmad Andika Anisa Arif Bagus Bambang Bayu Budi Citra Damar Dewi Dian Dimas Dwi Eka Endah "
    "Fajar Farah Fitri Galih Gilang Hadi Hendra Heru Ika Ilham Indah Indra Intan Joko Kartika Krisna "
    "Laras Lestari Lukman Made Maya Melati Nadia Ningsih Novi Nur Nyoman Putri Rahma Rangga Ratna Reza "
    "Rina Rizal Sari Satria Sekar Sinta Surya Tania Teguh Tri Utami Vina Wahyu Wayan Wulan Yanti Yoga "
    "Yusuf Zahra Zainal"
)
LAST = _names(
    "Adnyana Amalia Anggraini Ardiansyah Aritonang Astuti Baskoro Batubara Cahyani Damanik Fauzi "
    "Firmansyah Ginting Gunawan Hakim Halim Handayani Harahap Hardjono Hasibuan Hidayat Irawan Iskandar "
    "Kurniawan Kusuma Lubis Mahendra Manurung Maulana Mulyani Nasution Nugroho Pangestu Permana Pradana "
    "Prasetya Purnama Puspita Rachman Ramadhan Saputra Saragih Setiawan Sihombing Simanjuntak Siregar "
    "Sitompul Subekti Sudarmo Sulistyo Suryani Susanto Tarigan Utomo Wardhana Wibowo Wicaksono Widodo "
    "Wijaya Yulianto"
)
GRADES = ("Pengatur (II/c)", "Penata Muda (III/a)", "Penata (III/c)", "Pembina (IV/a)")
FUNCTIONS = (
    ("Pranata Komputer", "ahli pertama"),
    ("Pranata Komputer", "ahli muda"),
    ("Analis Anggaran", "ahli pertama"),
    ("Penilai Pemerintah", "ahli muda"),
    ("Pelelang", "ahli pertama"),
    ("Arsiparis", "terampil"),
    ("Arsiparis", "mahir"),
)
HEADS = {
    "L0": ("Menteri", "lain", "menteri"),
    "L1": ("Direktur Jenderal", "JPT", "madya"),
    "L2": ("Direktur", "JPT", "pratama"),
    "L3": ("Kepala Kantor", "JA", "administrator"),
    "L4": ("Kepala Seksi", "JA", "pengawas"),
}
BIRTH_DAYS, FIRST_BIRTH = 13_000, date(1967, 1, 1)


@dataclass(slots=True)
class Unit:
    number: int  # also the number of the person who heads it
    level: str
    parent: "Unit | None"
    zone: str
    kind: str
    staff: int = 0

    @property
    def code(self) -> str:
        return f"U{self.number:05d}"


def make_people(n: int, seed: int = 1) -> tuple[Iterator[str], Iterator[str]]:
    """unit.csv and pegawai.csv for `n` people, as lines; nothing but the tree is kept in memory."""
    if n < 20:
        raise ValueError("a ministry has at least 20 people")
    units = _tree(n, random.Random(seed))
    return _lines(UNIT_FILE, _unit_rows(units)), _lines(
        PEOPLE_FILE, _people_rows(units, n, random.Random(seed + 1))
    )


def _tree(n: int, chance: random.Random) -> list[Unit]:
    wanted = max(5, n * 15 // 100)
    fan = Decimal(wanted).sqrt().sqrt()
    sizes = [1, max(1, round(fan)), max(1, round(fan**2)), max(1, round(fan**3))]
    while sum(sizes) >= wanted and sizes[-1] > 1:
        sizes = [1, *(max(1, size - 1) for size in sizes[1:])]
    sizes.append(max(1, wanted - sum(sizes)))
    units: list[Unit] = []
    above: list[Unit] = []
    for level, size in zip(HEADS, sizes, strict=True):
        here = []
        for position in range(size):
            parent = above[position * len(above) // size] if above else None
            here.append(_unit(len(units), level, parent, chance))
            units.append(here[-1])
        above = here
    free = n - len(units)
    for position in range(free):  # at least the same for all, the rest where chance wants it
        even = position < free * 4 // 5
        (above[position % len(above)] if even else chance.choice(above)).staff += 1
    return units


def _unit(number: int, level: str, parent: Unit | None, chance: random.Random) -> Unit:
    zone = parent.zone if parent else "WIB"
    kind = parent.kind if parent else "kantor_pusat"
    if level == "L2":
        kind = chance.choice(("kantor_pusat", "kantor_wilayah", "kantor_wilayah"))
        zone = chance.choice(("WIB", "WIB", "WITA", "WIT")) if kind == "kantor_wilayah" else "WIB"
    elif level == "L3" and kind == "kantor_wilayah":
        kind = "kantor_pelayanan"
    return Unit(number, level, parent, zone, kind)


def _unit_rows(units: list[Unit]) -> Iterator[tuple[str, ...]]:
    names = {
        "L0": "Kementerian Contoh",
        "L1": "Direktorat Jenderal",
        "L2": "Direktorat",
        "L3": "Kantor",
        "L4": "Seksi",
    }
    for unit in units:
        owns = unit.level in ("L0", "L1", "L2") or (unit.level == "L3" and unit.kind == "kantor_pelayanan")
        name = names[unit.level] if unit.level == "L0" else f"{names[unit.level]} {unit.number}"
        yield (
            unit.code,
            name,
            unit.parent.code if unit.parent else "",
            unit.level,
            unit.kind,
            unit.zone,
            "5",
            "ya" if owns else "tidak",
        )


def nip_of(number: int) -> str:
    """A NIP that no other number has: the birth date and the serial together count."""
    born = FIRST_BIRTH + timedelta(days=number * 7919 % BIRTH_DAYS)
    started = min(born.year + 22 + number % 5, 2024)
    return f"{born:%Y%m%d}{started}{number % 12 + 1:02d}{number % 2 + 1}{number // BIRTH_DAYS + 1:03d}"


def _people_rows(units: list[Unit], n: int, chance: random.Random) -> Iterator[tuple[str, ...]]:
    number = len(units)
    for unit in units:
        title, group, rank = HEADS[unit.level]
        superior = nip_of(unit.parent.number) if unit.parent else ""
        status = "LAIN" if group == "lain" else "PNS"
        own = _person(unit.number, status, chance)
        yield (*own, title, group, rank, unit.code, superior, "definitif", _start(chance), "")
        if unit.level == "L4" and unit.number % 97 == 0:  # a second hat in the unit above, for some months
            above = unit.parent
            if above is not None and above.parent is not None:
                yield (
                    *own,
                    "Kepala Urusan Umum",
                    "JA",
                    "pengawas",
                    above.code,
                    superior,
                    "plt",
                    "2026-03-01",
                    "2026-12-31",
                )
        for _ in range(unit.staff):
            yield _staff(number, unit, chance)
            number += 1
    assert number == n


def _staff(number: int, unit: Unit, chance: random.Random) -> tuple[str, ...]:
    status = "PPPK" if chance.randrange(100) < 12 else "PNS"
    title, group, rank = "Pelaksana Umum", "JA", "pelaksana"
    if chance.randrange(100) < 45:
        (title, rank), group = chance.choice(FUNCTIONS), "JF"
    post = (title, group, rank, unit.code, nip_of(unit.number), "definitif", _start(chance), "")
    return (*_person(number, status, chance), *post)


def _person(number: int, status: str, chance: random.Random) -> tuple[str, ...]:
    first, second, last = chance.choice(FIRST), chance.choice(FIRST), chance.choice(LAST)
    mail = f"{first}.{last}.{number}@contoh.go.id".lower()
    return nip_of(number), f"{first} {second} {last}", mail, status, chance.choice(GRADES)


def _start(chance: random.Random) -> str:
    return f"{chance.randint(2019, 2025)}-{chance.randint(1, 12):02d}-01"


def _lines(name: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS[name])
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_people(folder: Path, n: int, seed: int = 1) -> tuple[Path, Path]:
    """Both files in a folder; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / UNIT_FILE, folder / PEOPLE_FILE)
    for path, stream in zip(paths, make_people(n, seed), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(stream)
    return paths
