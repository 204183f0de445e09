"""Reading CSV as offices really send it, and saying exactly what is wrong with the shape of a file.

UTF-8 with or without a byte order mark, comma or semicolon, columns in any order. Rows are streamed.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kinerja.rules.words import N_
from kinerja.services.importing.result import Findings

Source = bytes | Path

UNIT_FILE, PEOPLE_FILE, ROLES_FILE = "unit.csv", "pegawai.csv", "peran.csv"
COLUMNS = {
    UNIT_FILE: (
        "kode", "nama", "kode_induk", "level", "jenis", "zona_waktu", "pola_hari_kerja", "punya_peta_strategi",
    ),
    PEOPLE_FILE: (
        "nip", "nama", "email", "status", "pangkat_golongan", "jabatan", "kelompok_jabatan", "jenjang", "kode_unit",
        "nip_penilai", "jenis_penempatan", "mulai", "selesai",
    ),
    ROLES_FILE: ("nip", "peran", "kode_unit", "mulai", "selesai", "nomor_sk"),
}  # fmt: skip

# Columns that may be absent: what is on file then stays. Those that say one thing together come together.
OPTIONAL = {
    UNIT_FILE: (),
    PEOPLE_FILE: ("nomor_surat", "wewenang", "dikecualikan_mulai", "dikecualikan_selesai", "dikecualikan_alasan"),
    ROLES_FILE: (),
}  # fmt: skip
_TOGETHER = {
    "wewenang": ("nomor_surat",),
    "dikecualikan_mulai": ("dikecualikan_selesai", "dikecualikan_alasan"),
    "dikecualikan_selesai": ("dikecualikan_mulai",),
    "dikecualikan_alasan": ("dikecualikan_mulai",),
}

_NOT_UTF8 = N_(
    "Baris ini bukan UTF-8 (tampaknya Latin-1 atau Windows-1252). Simpan ulang berkas sebagai “CSV UTF-8”."
)
_UTF16 = N_("Berkas ini UTF-16, bukan UTF-8. Simpan ulang sebagai “CSV UTF-8”, bukan “Teks Unicode”.")
_SPREADSHEET = N_("Ini berkas lembar kerja (xlsx), bukan CSV. Simpan sebagai “CSV UTF-8”.")
_BROKEN = N_("Tanda kutip atau pemisah di baris ini rusak.")
# What the reader of the standard library says, by a word of it.
_BROKEN_BY = {
    "unexpected end": N_("Tanda kutip dibuka di baris ini dan tidak pernah ditutup."),
    "expected after": N_(
        "Sesudah tanda kutip penutup harus ada pemisah kolom; tanda kutip di dalam sel ditulis dua kali."
    ),
    "field limit": N_("Ada sel yang terlalu panjang; mungkin tanda kutip di baris ini tidak ditutup."),
}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None) | {0xA0: " ", 0x202F: " "}


class Table:
    """One file while it is read: `rows()` gives (line number, cells in the order of COLUMNS, then of OPTIONAL).

    `absent` holds the optional columns that the file does not have; their cells are empty.
    """

    def __init__(self, name: str, source: Source, findings: Findings) -> None:
        self.name = name
        self.wanted = COLUMNS[name]
        self.optional = OPTIONAL[name]
        self.unknown: tuple[str, ...] = ()
        self.absent: frozenset[str] = frozenset()
        self._source = source
        self._findings = findings

    def sha256(self) -> str:
        digest = hashlib.sha256()
        with _opened(self._source) as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Well-shaped rows; everything else is reported. Ends early only when the file cannot be read on."""
        with _opened(self._source) as stream:
            if not self._encoding_possible(stream):
                return
            # Bytes that are no UTF-8 become lone surrogates, so that every bad line is found, not only the first.
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
            yield from self._parse(text)

    def _refuse(self, row: int, column: str, value: str, template: str, /, **params: object) -> None:
        self._findings.refuse(self.name, row, column, value, template, **params)

    def _encoding_possible(self, stream: BinaryIO) -> bool:
        start = stream.read(4096)
        stream.seek(0)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start:
            self._refuse(1, "", "", _UTF16)
        elif start[:4] == b"PK\x03\x04":
            self._refuse(1, "", "", _SPREADSHEET)
        elif not start.strip(b"\xef\xbb\xbf \t\r\n"):
            self._refuse(1, "", "", N_("Berkas ini kosong."))
        else:
            return True
        return False

    def _parse(self, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        first, skipped = text.readline(), 0
        if first.lower().startswith("sep="):
            first, skipped = text.readline(), 1
        delimiter = ";" if first.count(";") > first.count(",") else ","
        header = _cells(first, delimiter)
        picks = self._header(header, skipped + 1)
        if picks is None:
            return
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        offset, width = skipped + 1, len(header)
        line = offset + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # A quote that is never closed swallows the rest: what follows cannot be trusted.
                self._refuse(line, "", "", _broken(str(error)))
                return
            here, line = line, offset + reader.line_num + 1
            if not any(cells):
                continue
            cleaned = self._clean(cells, here, width)
            if cleaned is not None and any(cleaned):
                cleaned.append("")  # what an absent column holds
                yield here, [cleaned[position] for position in picks]

    def _clean(self, cells: list[str], line: int, width: int) -> list[str] | None:
        joined = "".join(cells)
        if not joined.isascii():
            if any("\udc80" <= character <= "\udcff" for character in joined):
                bad = next(cell for cell in cells if any("\udc80" <= c <= "\udcff" for c in cell))
                self._refuse(line, "", _readable(bad), _NOT_UTF8)
                return None
            cells = [cell.translate(_INVISIBLE) for cell in cells]
        if not joined.isprintable() and any(ord(c) < 32 and c != "\t" for c in joined):
            self._refuse(
                line, "", "", N_("Baris ini berisi pindah baris atau karakter kendali di dalam sel.")
            )
            return None
        if len(cells) != width and (len(cells) < width or any(cell.strip() for cell in cells[width:])):
            self._refuse(
                line, "", "", N_("Baris ini mempunyai %(found)s sel, judul kolom mempunyai %(wanted)s."),
                found=len(cells), wanted=width,
            )  # fmt: skip
            return None
        return [cell.strip() for cell in cells]

    def _header(self, header: list[str], line: int) -> list[int] | None:
        names = [" ".join(name.translate(_INVISIBLE).split()).lower() for name in header]
        problems = len(self._findings.problems)
        if any("\t" in name.strip() for name in header):
            self._refuse(line, "", "", N_("Pemisah kolom harus koma atau titik koma, bukan tab."))
            return None
        for name in self.wanted:
            if name not in names:
                self._refuse(
                    line, name, "", N_("Kolom wajib “%(name)s” tidak ada di baris judul."), name=name
                )
            elif names.count(name) > 1:
                self._refuse(line, name, "", N_("Kolom “%(name)s” ada lebih dari sekali."), name=name)
        for name in self.optional:
            if names.count(name) > 1:
                self._refuse(line, name, "", N_("Kolom “%(name)s” ada lebih dari sekali."), name=name)
            for other in _TOGETHER.get(name, ()) if name in names else ():
                if other not in names:
                    self._refuse(
                        line, other, "", N_("Kolom “%(name)s” harus ada bila kolom “%(other)s” ada."),
                        name=other, other=name,
                    )  # fmt: skip
        if any("\udc80" <= c <= "\udcff" for name in header for c in name):
            self._refuse(line, "", "", _NOT_UTF8)
        if len(self._findings.problems) > problems:
            return None
        self.unknown = tuple(
            shown.strip()
            for shown, name in zip(header, names, strict=True)
            if name and name not in self.wanted and name not in self.optional
        )
        self.absent = frozenset(self.optional).difference(names)
        return [names.index(name) if name in names else -1 for name in (*self.wanted, *self.optional)]


def _broken(error: str) -> str:
    """Why a line cannot be taken apart, in the words of whoever keeps the file."""
    return next((said for word, said in _BROKEN_BY.items() if word in error), _BROKEN)


def _opened(source: Source) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _readable(text: str) -> str:
    """The bytes behind lone surrogates, shown as Latin-1 would have meant them."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
