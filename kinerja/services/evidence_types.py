"""What a file really is, by its bytes: the short list of kinds that may serve as evidence, and nothing else.

Names and the browser's word for the type are never believed. Office files are opened far enough to see that they are
what they say and cannot blow up, and not further.
"""

import io
import lzma
import re
import zipfile
import zlib
from pathlib import PurePath

from kinerja.rules.words import N_
from kinerja.services.errors import BadInput
from kinerja.workflows.base import Unmet

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
# Bounds of an office file: far above what people make, far below what hurts.
MOST_MEMBERS = 2000
MOST_UNPACKED = 100 * MEGABYTE
MOST_RATIO = 200
SMALL_MEMBER = MEGABYTE
MOST_NAME = 150

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
CSV, TEXT = "text/csv", "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"

ENDINGS = {
    PDF: ("pdf",),
    PNG: ("png",),
    JPEG: ("jpg", "jpeg"),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    PPTX: ("pptx",),
    CSV: ("csv",),
    TEXT: ("txt",),
}
_MAIN_MEMBERS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_TYPES_MEMBER = "[Content_Types].xml"
# All that opening a damaged archive is known to raise.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
    OverflowError,
)  # fmt: skip
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?\"<>|]")
# A cell a spreadsheet would compute: "=...", "@...", and a sign with something behind it that is no number.
_FORMULA = re.compile(r"\s*(?:[=@]|[+\-](?=[^\d.,\s\-]))")
_CELL = re.compile(r'(?:^|[,;\t|])\s*"?([^,;\t|"]*)')


def refuse(message: str, **params: object) -> BadInput:
    """A refusal that stands at the file control."""
    return BadInput([Unmet("RL-2", message, dict(params), "file")])


def safe_name(name: str) -> str:
    """The last part of a name without what could mislead a file system or a reader. Raises BadInput when empty."""
    last = PurePath(name.replace("\\", "/")).name
    cleaned = " ".join(_UNSAFE_IN_NAMES.sub(" ", last).split()).strip(". ")
    if not cleaned:
        raise refuse(N_("Berkas ini tidak bernama."))
    stem, dot, ending = cleaned.rpartition(".")
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}" if dot else cleaned[:MOST_NAME]


def media_type_of(name: str, data: bytes) -> str:
    """The kind of a file by its content. Raises BadInput for any other kind, and for a name that says another one."""
    if not data:
        raise refuse(N_("Berkas ini kosong."))
    if len(data) > MOST_BYTES:
        raise refuse(N_("Berkas paling besar %(n)s MB."), n=MOST_BYTES // MEGABYTE)
    ending = PurePath(name).suffix.lower().lstrip(".")
    found = _by_bytes(data, ending)
    if ending not in ENDINGS[found]:
        text = N_("Nama berkas berakhiran .%(ending)s, padahal isinya %(kind)s. Beri nama menurut isinya.")
        raise refuse(text, ending=ending or "–", kind=ENDINGS[found][0].upper())
    return found


def _by_bytes(data: bytes, ending: str) -> str:
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return _text(data, ending)


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _office_kind(archive, len(data))
    except _BROKEN as error:
        raise refuse(N_("Berkas ini rusak atau bukan dokumen kantor.")) from error


def _office_kind(archive: zipfile.ZipFile, size: int) -> str:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or not _is_bounded(members, size):
        raise refuse(N_("Isi berkas ini terlalu besar bila dibuka. Simpan ulang, atau unggah sebagai PDF."))
    if any(member.flag_bits & 0x1 for member in members):
        raise refuse(N_("Berkas ini dikunci kata sandi, sehingga tidak dapat dibuka penilai."))
    names = {member.filename for member in members}
    if len(names) != len(members) or any(_escapes(name) for name in names):
        raise refuse(N_("Berkas ini rusak atau bukan dokumen kantor."))
    kinds = [kind for member, kind in _MAIN_MEMBERS.items() if member in names]
    if _TYPES_MEMBER not in names or len(kinds) != 1:
        raise refuse(N_("Arsip tidak diterima. Unggah PDF, gambar, DOCX, XLSX, PPTX, CSV, atau TXT."))
    with archive.open(_TYPES_MEMBER) as member:
        types = member.read(MEGABYTE).lower()
    if b"macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refuse(N_("Berkas bermakro tidak diterima. Simpan tanpa makro, atau unggah sebagai PDF."))
    return kinds[0]


def _is_bounded(members: list[zipfile.ZipInfo], size: int) -> bool:
    """What the members say of themselves: not too much in all, none swollen, and no bytes used twice."""
    return (
        sum(m.file_size for m in members) <= MOST_UNPACKED
        and sum(m.compress_size for m in members) <= size
        and all(m.file_size <= SMALL_MEMBER or m.file_size <= m.compress_size * MOST_RATIO for m in members)
    )


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in PurePath(name.replace("\\", "/")).parts or ":" in name


def _text(data: bytes, ending: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if _UNPRINTABLE.search(text):
        raise refuse(
            N_("Jenis berkas ini tidak diterima. Unggah PDF, gambar, DOCX, XLSX, PPTX, CSV, atau TXT UTF-8.")
        )
    if text.lstrip().startswith("<"):
        raise refuse(
            N_("Halaman web tidak diterima sebagai berkas. Simpan sebagai PDF, atau beri tautannya.")
        )
    if ending == "csv":
        for number, line in enumerate(text.splitlines(), 1):
            if any(_FORMULA.match(cell) for cell in _CELL.findall(line)):
                message = N_(
                    "Baris %(number)s berkas CSV memuat rumus. Simpan nilainya saja, atau unggah XLSX."
                )
                raise refuse(message, number=number)
        return CSV
    return TEXT
