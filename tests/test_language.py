"""The words: those of the regulations in Indonesian; the English catalogue whole, true, compiled, used on every page."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask_babel import force_locale

from kinerja.db import db, transaction
from kinerja.models import Account, Person
from kinerja.rules import glossary
from kinerja.rules.registry import core_values
from kinerja.views import formats
from kinerja.workflows.roles import LABELS
from tests.year.acts import RESULTS, drafts_an_skp
from tests.year.conftest import Office

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "kinerja" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that no English sentence holds; names of the law (SKP, Plt., Pengawas) are left out.
INDONESIAN = _words_of(
    """
    adalah agar akan alasan anda antara apa atau atasan bagi bahwa baru batal batas belum berada berikut berlaku
    bila boleh buka bukan bukti cari catatan dan dapat dari dengan di diisi dokumen dua giliran hanya hapus hari hasil
    hubungi ini itu jabatan juga kalender kata keadaan keberatan keluar kembali kepada kinerja kirim kurang langkah
    lagi lain lebih lihat masih masuk melihat mengapa menunggu mulai nama nilai nomor oleh orang pada pegawai
    pemberitahuan penilai perilaku perlu pilih pimpinan profil rencana saja sampai sandi saya sebagai sebelum sedang
    sejak sekarang semua sendiri sesudah setiap siapa simpan sudah sunting susun tahun tampilan tanggal tenggat terakhir
    tetapkan tidak tindakan triwulan tulis tunggu ubah untuk waktu yang
    """
)
# Words that no Indonesian sentence holds.
ENGLISH = _words_of(
    """
    and are because been but cannot choose does each every for from has have must not should that the their there
    these they this those was were when which who will with without you your
    """
)


@pytest.fixture(name="office")
def _office(sqlite_url: str) -> Iterator[Office]:
    made = Office(sqlite_url)
    yield made
    made.close()


def _catalogue() -> Catalog:
    with PO.open("rb") as stream:
        return read_po(stream, locale="en")


def _messages() -> list[Message]:
    return [message for message in _catalogue() if message.id]


def _both(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _pairs(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {_both(m.id): _both(m.string) for m in catalogue if m.id}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(PLACEHOLDER, " ", text).lower()))


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    left = [m.id for m in _messages() if m.fuzzy or not all(_both(m.string)) or not m.string]
    assert left == []
    assert not _catalogue().obsolete


def test_a_translation_keeps_every_placeholder_of_its_source() -> None:
    wrong = [
        (source, said)
        for message in _messages()
        for source, said in zip(_both(message.id), _both(message.string), strict=True)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue())
    with PO.with_suffix(".mo").open("rb") as stream:
        stored = read_mo(stream)
    compiled.seek(0)
    assert _pairs(stored) == _pairs(read_mo(compiled))


def test_every_text_of_code_pages_and_rules_is_in_the_catalogue_and_no_other(tmp_path: Path) -> None:
    found = tmp_path / "messages.pot"
    script = (ROOT / "scripts" / "messages").read_text(encoding="utf-8")
    keywords = re.search(r'--keywords="([^"]+)"', script)
    assert keywords
    order = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "--mapping=babel.cfg"]
    order += ["--no-location", "--ignore-dirs=.*", f"--keywords={keywords[1]}", f"--output={found}", "."]
    subprocess.run(order, cwd=ROOT, check=True, env={**os.environ, "PYTHONPATH": "scripts"}, timeout=120)
    with found.open("rb") as stream:
        wanted = {_both(m.id) for m in read_po(stream) if m.id}
    assert wanted == {_both(m.id) for m in _messages()}


def test_the_source_is_indonesian_and_the_catalogue_is_english() -> None:
    sources = [text for m in _messages() for text in _both(m.id)]
    assert [text for text in sources if _words(text) & ENGLISH and "Learning and Growth" not in text] == []
    quoted = re.compile(
        r"“[^”]*”|\([^)]*\)|\w+\.csv|\b[a-z]+_[a-z_]+\b|https?://\S+|kinerja|^nip, .*|^kode, .*"
    )
    said = [text for m in _messages() for text in _both(m.string)]
    assert [text for text in said if _words(quoted.sub(" ", text)) & INDONESIAN] == []


# What a circular of the ministry does not say, and what it says instead; the right column are words of the glossary,
# of KBBI, or of the regulations.
INSTEAD = {
    "atasan langsung": "Pejabat Penilai Kinerja",
    "di atas ekspektasi": "Diatas Ekspektasi, as the regulation spells it",
    "di bawah ekspektasi": "Dibawah Ekspektasi, as the regulation spells it",
    "kpi": "indikator kinerja individu",
    "target kinerja pegawai": "Sasaran Kinerja Pegawai",
    "approve": "setujui, sepakati", "approval": "persetujuan", "browser": "peramban", "click": "tekan",
    "dashboard": "beranda", "deadline": "batas waktu, tenggat", "default": "baku", "download": "unduh",
    "draft": "draf", "edit": "sunting", "email": "e-mail", "error": "galat", "evidence": "bukti dukung",
    "feedback": "umpan balik", "invalid": "keliru", "klik": "tekan", "link": "tautan", "login": "masuk",
    "logout": "keluar", "password": "kata sandi", "review": "reviu", "submit": "ajukan", "surel": "e-mail",
    "team": "tim", "terjadi kesalahan": "what is wrong, where, and what to do", "update": "perbarui",
    "upload": "unggah", "user": "pengguna", "username": "NIP",
    "aktifitas": "aktivitas", "analisa": "analisis", "ijin": "izin", "jadual": "jadwal", "mensahkan": "mengesahkan",
    "merubah": "mengubah", "nasehat": "nasihat", "praktek": "praktik", "resiko": "risiko", "silahkan": "silakan",
    "sistim": "sistem",
}  # fmt: skip
RATINGS = ("Diatas Ekspektasi", "Sesuai Ekspektasi", "Dibawah Ekspektasi")


def _whole_words(words: str, text: str) -> list[str]:
    return re.findall(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text, re.IGNORECASE)


def test_no_text_uses_a_word_for_which_the_office_has_another() -> None:
    columns = re.compile(r"^nip, .*|^kode, .*|%\(\w+\)[sd]")
    sources = [columns.sub(" ", text) for m in _messages() for text in _both(m.id)]
    wrong = [(text, INSTEAD[word]) for word in INSTEAD for text in sources if _whole_words(word, text)]
    assert wrong == []


@pytest.mark.parametrize(
    "name", [*(label for label in LABELS.values() if " " in label), *RATINGS], ids=lambda name: name
)
def test_an_office_and_a_rating_are_spelled_one_way_everywhere(name: str) -> None:
    in_a_sentence = name if name.split()[1][0].isupper() else name[0].lower() + name[1:]
    wrong = [
        text
        for m in _messages()
        for text in _both(m.id)
        for found in _whole_words(name, text)
        if found not in (name, in_a_sentence)
    ]
    assert wrong == []


def test_every_term_of_the_glossary_stands_there_once_with_its_meaning_and_source() -> None:
    known = glossary.terms()
    names = [name.casefold() for term in known for name in dict.fromkeys((term.term, *term.also))]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert [term.term for term in known if not (term.source and term.meaning and term.meaning_en)] == []


@pytest.mark.parametrize(
    ("locale", "day", "when", "number"),
    [
        ("id", "21 November 2026", "21 November 2026, 14.20 WIB", "1.234,5"),
        ("en", "21 November 2026", "21 November 2026, 14:20 WIB", "1,234.5"),
    ],
)
def test_dates_times_and_numbers_follow_the_language(
    office: Office,
    locale: str,
    day: str,
    when: str,
    number: str,
) -> None:
    moment = datetime(2026, 11, 21, 7, 20, tzinfo=UTC)
    with office.app.test_request_context(), force_locale(locale):
        assert formats.tanggal(date(2026, 11, 21)) == day
        assert formats.waktu(moment) == when
        assert formats.jam(moment) == when.split()[3]
        assert formats.angka(Decimal("1234.50")) == number


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("id", "Sangat Baik + Baik 3 orang (60 %), lebih dari 50 %"),
        ("en", "Very Good + Good 3 people (60 %), more than 50 %"),
    ],
)
def test_labels_inside_a_stored_sentence_follow_the_language(office: Office, locale: str, said: str) -> None:
    template = "%(labels)s %(count)s orang (%(share)s %%), lebih dari %(limit)s %%"
    params = {"labels": "Sangat Baik + Baik", "count": "3", "share": "60", "limit": "50"}
    with office.app.test_request_context(), force_locale(locale):
        assert formats.kalimat(template, params) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1990-02-28", "28 Februari 1990"),
        ("1990-13-01", "1990-13-01"),
        ("1990-02-30", "1990-02-30"),
        ("0000-00-00", "0000-00-00"),
        ("١٩٩٠-٠١-٠١", "١٩٩٠-٠١-٠١"),
    ],
)
def test_what_only_looks_like_a_day_stays_as_it_was_written(office: Office, written: str, said: str) -> None:
    with office.app.test_request_context(), force_locale("id"):
        assert formats.kalimat("Lahir %(born)s", {"born": written}) == f"Lahir {said}"


class _Shown(HTMLParser):
    """The words a reader meets: text and names of things, without forms' own contents and data."""

    NAMES = ("aria-label", "title", "placeholder", "alt", "data-confirm")

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "textarea")
        self.pieces += [value for name, value in attrs if name in self.NAMES and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "textarea")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


# What stays in Indonesian on an English page: names, posts and units of the office, laws, addresses, and what people
# wrote.
DATA = re.compile(
    r"https?://\S+|kinerja|Bahasa Indonesia|Kementerian Contoh|Hari \w+|Tahun Baru \w+|"
    r"Direktorat Layanan Data|Subdirektorat Mutu Data|Kantor Pelayanan Jayapura|"
    r"Keputusan Menteri Keuangan Nomor [\w/.]+( Tahun \d+)?|Peraturan Menteri PANRB Nomor 6 Tahun 2022 dengan SE .*|"
    r"\w+\.csv|^nip, .*|^kode, .*|PermenPANRB[^<]*?hlm\. [\d-]+|asumsi, mengikuti[^<]*"
)

WRITTEN = [
    *(text for result in RESULTS for text in result[:2]),
    "Uraian yang disepakati bersama",
    *(text for value in core_values() for text in value.bullets),
]


def _indonesian_on(html: str) -> list[str]:
    shown = _Shown()
    shown.feed(html)
    pieces = [" ".join(piece.split()) for piece in shown.pieces]
    for text in WRITTEN:
        pieces = [piece.replace(text, " ") for piece in pieces]
    known = {m.id: m.string for m in _messages() if isinstance(m.id, str)}
    return [
        piece
        for piece in pieces
        if _words(DATA.sub(" ", piece)) & INDONESIAN or known.get(piece, piece).lower() != piece.lower()
    ]


def _reads_english(office: Office, key: str) -> None:
    with office.app.app_context(), transaction():
        account = db.session.query(Account).filter_by(person_id=office.ids[key]).one()
        account.locale = "en"


def test_every_page_of_an_english_reader_is_english(office: Office) -> None:
    for key in ("sekar", "bagas", "wening", "admin"):
        _reads_english(office, key)
    sekar = office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    with office.app.app_context():
        person = f"/orang/{db.session.get_one(Person, office.ids['sekar']).public_id}"
    walks = {
        "sekar": (
            "/",
            address,
            f"{address}/edit",
            "/dokumen/",
            "/pemberitahuan/",
            "/kalender/",
            "/profil",
            person,
        ),
        "bagas": ("/", "/tim/", "/dokumen/", "/bantuan/"),
        "wening": ("/", "/unit/", "/pengaturan/", "/pengaturan/struktur/", "/pengaturan/data-saya-salah/"),
        "admin": (
            "/pengaturan/",
            "/pengaturan/peran/",
            "/pengaturan/periode/",
            "/pengaturan/impor/",
            "/aturan/",
        ),
    }
    left = {}
    for key, paths in walks.items():
        browser = sekar if key == "sekar" else office.signs_in(key)
        for path in paths:
            if found := _indonesian_on(browser.opens(path)):
                left[path] = found
    assert left == {}


def test_the_sign_in_page_follows_the_language_of_the_visitor(office: Office) -> None:
    client = office.app.test_client()
    assert 'lang="id"' in client.get("/masuk", base_url="https://localhost").text
    client.set_cookie("bahasa", "en", domain="localhost")
    html = client.get("/masuk", base_url="https://localhost").text
    assert 'lang="en"' in html
    assert _indonesian_on(html) == []
