"""Evidence is what its bytes say, lies once on disk, and is opened only through a document one may see."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db, transaction
from kinerja.services import evidence, identity
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.evidence_types import MEGABYTE, MOST_BYTES, media_type_of, safe_name
from kinerja.services.realisation_matter import StoredMatter
from tests.services.monitoring_office import Office, running

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
TYPES = '<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="application/vnd.{kind}+xml"/></Types>'


def office_file(part: str = "xl/workbook.xml", kind: str = "sheet.main", **members: bytes | str) -> bytes:
    """An office file as small as they come; further members by name ("xl__a" is "xl/a")."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(part=part, kind=kind))
        archive.writestr(part, "<x/>")
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("DOT", "."), content)
    return buffer.getvalue()


def zeros(size: int) -> bytes:
    return bytes(size)


def overlapping() -> bytes:
    """A sound workbook by its directory, whose hundred entries all point to the one compressed body there is."""
    plain = TYPES.format(part="xl/workbook.xml", kind="sheet.main").encode().ljust(900 * 1024)
    packed, check = zlib.compress(plain, 9)[2:-4], zlib.crc32(plain)
    names = [b"[Content_Types].xml", b"xl/workbook.xml", *(b"xl/%02d" % number for number in range(98))]
    sizes = (check, len(packed), len(plain))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, *sizes, len(names[0]), 0) + names[0]
    directory = b"".join(
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, *sizes, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    body = local + packed
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + end


@pytest.mark.parametrize(
    "name, data, kind",
    [
        ("laporan.pdf", PDF, "application/pdf"),
        ("foto.png", PNG, "image/png"),
        ("foto.JPG", JPEG, "image/jpeg"),
        ("foto.jpeg", JPEG, "image/jpeg"),
        ("data.xlsx", office_file(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "surat.docx",
            office_file("word/document.xml", "document.main"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "paparan.pptx",
            office_file("ppt/presentation.xml", "presentation.main"),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        ("catatan.txt", "Sebelas set data – belum".encode(), "text/plain"),
        ("data.csv", b'nama;nilai\nA;-5\nB;+62812\nC;-\nD;"1,5"\n', "text/csv"),
        ("dari-excel.csv", b"\xef\xbb\xbfnama,nilai\r\nA,5\r\n", "text/csv"),
    ],
)
def test_a_file_is_taken_for_what_its_bytes_say(name: str, data: bytes, kind: str) -> None:
    assert media_type_of(name, data) == kind


@pytest.mark.parametrize(
    "name, data",
    [
        ("kosong.pdf", b""),
        ("besar.txt", b"a" * (MOST_BYTES + 1)),
        ("program.exe", b"MZ\x90\x00\x03"),
        ("program.pdf", b"MZ\x90\x00\x03"),
        ("laporan.docx", PDF),
        ("laporan", PDF),
        ("gambar.png", JPEG),
        ("gambar.svg", b"<svg onload='alert(1)'/>"),
        ("halaman.txt", b"  <!doctype html><script>alert(1)</script>"),
        ("halaman.html", b"<p>halo</p>"),
        ("latin.txt", "Kéndala".encode("latin-1")),
        ("nol.txt", b"abc\x00def"),
        ("lama.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("arsip.zip", office_file()),
        ("rusak.xlsx", office_file()[:-30]),
        ("bukan.xlsx", office_file("lain.xml", "lain")),
        ("dua.xlsx", office_file(word__documentDOTxml="<x/>")),
        ("makro.xlsx", office_file(xl__vbaProjectDOTbin="x")),
        ("makro.xlsx", office_file(kind="sheet.macroEnabled.main")),
        ("keluar.xlsx", office_file(**{"..__luarDOTtxt": "x"})),
        ("keluar.xlsx", office_file(**{"__etc__passwd": "x"})),
        ("bengkak.xlsx", office_file(xl__a=zeros(30 * MEGABYTE))),
        ("banyak.xlsx", office_file(**{f"xl__{n}": "" for n in range(2001)})),
        ("tumpang.xlsx", overlapping()),
        ("rumus.csv", b"nama,nilai\nA,=1+1\n"),
        ("rumus.csv", b"=cmd|'/c calc'!A0\n"),
        ("rumus.csv", b'nama;nilai\nA;"@SUM(A1)"\n'),
        ("rumus.csv", b"nama\tnilai\nA\t+cmd|' /C calc'!A0\n"),
        ("rumus.csv", b"a,b\n1,  =HYPERLINK(1)\n"),
    ],
)
def test_anything_else_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(BadInput) as error:
        media_type_of(name, data)
    assert error.value.problems[0].field_name == "file"


def test_a_locked_office_file_is_refused() -> None:
    data = bytearray(office_file())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + place] |= 1
            start += 4
    with pytest.raises(BadInput, match="kata sandi"):
        media_type_of("terkunci.xlsx", bytes(data))


@pytest.mark.parametrize(
    "name, safe",
    [
        ("laporan.pdf", "laporan.pdf"),
        (r"C:\Users\ayu\laporan mutu.pdf", "laporan mutu.pdf"),
        ("../../etc/laporan.pdf", "laporan.pdf"),
        ("laporan\r\nSet-Cookie: a=b.pdf", "laporan Set-Cookie a=b.pdf"),
        ("gnp\u202efdp.pdf", "gnp fdp.pdf"),
        (("a" * 300) + ".pdf", "a" * 146 + ".pdf"),
    ],
)
def test_a_name_keeps_nothing_that_misleads(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["", "...", "/", "\x00"])
def test_a_file_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        safe_name(name)


@pytest.mark.parametrize(
    "url",
    ["https://data.contoh.go.id/katalog?f=1#b", "http://intranet/berkas", "https://contoh.go.id:8443/a%20b"],
)
def test_an_address_of_the_web_is_kept(url: str) -> None:
    assert evidence.checked_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "contoh.go.id",
        "ftp://contoh.go.id/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "//contoh.go.id",
        "https://ayu:rahasia@contoh.go.id/",
        "https://contoh.go.id/a b",
        "https://contoh.go.id\\@lain.id/",
        "https://contoh.go.id/\n",
        "https://contoh.go.id:99999/",
        "https://contoh.go.id/" + "a" * 1000,
        "https://[::1/",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    if url.strip() != url:
        assert evidence.checked_url(url) == url.strip()
        return
    with pytest.raises(BadInput):
        evidence.checked_url(url)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path / "berkas") as found:
        found.establish()
        yield found


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def store(office: Office, who: str, data: bytes = PDF, name: str = "laporan.pdf") -> models.Evidence:
    return evidence.store_file(office.people[who], name, io.BytesIO(data))


def test_the_same_file_lies_once_on_disk_whoever_brings_it(office: Office, tmp_path: Path) -> None:
    first, again = store(office, "pegawai"), store(office, "pegawai")
    other, renamed = store(office, "penilai"), store(office, "pegawai", name="salinan.pdf")
    assert first.id == again.id
    assert len({first.id, other.id, renamed.id}) == 3
    assert {e.sha256 for e in (first, other, renamed)} == {first.sha256}
    (path,) = files(tmp_path / "berkas")
    assert path.read_bytes() == PDF
    assert path.relative_to(tmp_path / "berkas").parts == (path.name[:2], path.name[2:4], path.name)
    assert (path.stat().st_mode & 0o777, path.name) == (0o600, first.stored_as)
    assert first.sha256 not in path.name


def test_a_file_that_is_refused_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        store(office, "pegawai", b"MZ", "program.exe")
    assert files(tmp_path / "berkas") == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(models.Evidence)) == 0


def test_a_file_whose_record_fails_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        evidence.store_file(9999, "laporan.pdf", io.BytesIO(PDF))
    assert files(tmp_path / "berkas") == []


def test_a_file_that_vanished_is_written_again(office: Office, tmp_path: Path) -> None:
    (path,) = (store(office, "pegawai"), files(tmp_path / "berkas")[0])[1:]
    path.unlink()
    other = store(office, "penilai")
    assert evidence.path_of(other.stored_as).read_bytes() == PDF


def attached(office: Office, found: models.Evidence) -> models.Document:
    wish = {"item": "jumlah", "evidence": found.public_id, "shows": "hasil"}
    office.send("save", "pegawai", change={"attach": [wish]})
    return office.document()


def test_opening_gives_the_file_and_is_written_in_the_read_log(office: Office) -> None:
    document = attached(office, found := store(office, "pegawai"))
    actor = identity.actor_for(document, office.people["penilai"])
    opened = evidence.open_evidence(document, actor, found.public_id)
    assert opened.path is not None
    assert (opened.name, opened.media_type, opened.path.read_bytes()) == (
        "laporan.pdf",
        "application/pdf",
        PDF,
    )
    row = db.session.scalars(sa.select(models.ReadLog)).one()
    assert (row.what, row.evidence_id, row.document_id, row.person_id, row.relation) == (
        "evidence",
        found.id,
        document.id,
        office.people["penilai"],
        "penilai",
    )


def test_a_link_is_opened_through_the_document_too(office: Office) -> None:
    found = evidence.store_link(office.people["pegawai"], "https://contoh.go.id/a", " Katalog  data ")
    again = evidence.store_link(office.people["pegawai"], "https://contoh.go.id/a")
    assert (found.id, found.name) == (again.id, "Katalog data")
    document = attached(office, found)
    opened = evidence.open_evidence(
        document, identity.actor_for(document, office.people["penilai"]), found.public_id
    )
    assert (opened.path, opened.url) == (None, "https://contoh.go.id/a")


def test_what_is_not_attached_to_the_document_is_not_there(office: Office) -> None:
    found = store(office, "pegawai")
    document = office.document()
    actor = identity.actor_for(document, office.people["pegawai"])
    with pytest.raises(NotThere):
        evidence.open_evidence(document, actor, found.public_id)
    assert db.session.scalars(sa.select(models.ReadLog)).all() == []


def test_what_is_attached_to_another_period_is_not_there(office: Office) -> None:
    attached(office, found := store(office, "pegawai"))
    other = office.document("TW2")
    with pytest.raises(NotThere):
        evidence.open_evidence(other, identity.actor_for(other, office.people["pegawai"]), found.public_id)


def test_a_file_that_vanished_is_not_there(office: Office) -> None:
    document = attached(office, found := store(office, "pegawai"))
    evidence.path_of(found.stored_as).unlink()
    with pytest.raises(NotThere):
        evidence.open_evidence(
            document, identity.actor_for(document, office.people["pegawai"]), found.public_id
        )


def test_one_sees_only_what_one_has_brought_oneself(office: Office) -> None:
    store(office, "pegawai")
    store(office, "penilai", PNG, "foto.png")
    assert [own.name for own in evidence.own(office.people["pegawai"])] == ["laporan.pdf"]


def test_the_same_file_in_another_year_is_told(office: Office) -> None:
    document = attached(office, found := store(office, "pegawai"))
    assert StoredMatter(document).other_years == {}
    with transaction():
        past = models.Period(year=2025, rule_set="kmk300-2022", rules={}, state="closed")
        db.session.add(past)
        db.session.flush()
        other = office.document("TW2")
        other.period_id = past.id
        item = db.session.scalars(
            sa.select(models.RealisationItem).where(models.RealisationItem.realisation_id == other.id)
        ).first()
        db.session.add(models.EvidenceLink(evidence_id=found.id, item_id=item.id))
    assert StoredMatter(office.document()).other_years == {found.sha256: (2025,)}
