"""The unit page: who sees it, that its numbers are those of the rows behind them, and that a reminder is sent once."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import AuditRow, Document, Notice, Unit
from kinerja.services import org_results, periods, tallies, units
from tests.plugins.strict import size
from tests.year.browser import Browser
from tests.year.conftest import Office, begin_the_year

KB = 1000
NAMES = (
    "Kementerian Contoh",
    "Direktorat Layanan Data",
    "Subdirektorat Mutu Data",
    "Kantor Pelayanan Jayapura",
)


@pytest.mark.parametrize(
    ("key", "sees"),
    [
        ("wening", ["Direktorat Layanan Data", "Subdirektorat Mutu Data"]),
        ("auditor", ["Kementerian Contoh", "Direktorat Layanan Data", "Kantor Pelayanan Jayapura"]),
        ("bagas", ["Subdirektorat Mutu Data"]),
        ("ratih", ["Direktorat Layanan Data", "Subdirektorat Mutu Data"]),
        ("lain", ["Kantor Pelayanan Jayapura"]),
        ("sekar", []),
    ],
)
def test_the_list_of_units_holds_what_one_watches(small_office: Office, key: str, sees: list[str]) -> None:
    html = small_office.signs_in(key).opens("/unit/")
    assert [name for name in NAMES if f">{name}</a>" in html.partition("<table")[2]] == sees
    if not sees:
        assert "Tidak ada unit yang Anda pantau" in html


@pytest.mark.parametrize(
    ("key", "code", "status"),
    [
        ("wening", "DLD", 200), ("wening", "SMD", 200), ("wening", "KJP", 404), ("wening", "K", 404),
        ("auditor", "K", 200), ("ratih", "SMD", 200), ("bagas", "SMD", 200), ("bagas", "DLD", 404),
        ("sekar", "SMD", 404), ("admin", "K", 404), ("wening", "tidak-ada", 404),
    ],
)  # fmt: skip
def test_a_unit_opens_only_to_those_who_watch_it(
    small_office: Office, key: str, code: str, status: int
) -> None:
    small_office.signs_in(key).opens(f"/unit/{code}", status)


def test_the_menu_shows_units_to_their_heads_too(small_office: Office) -> None:
    assert 'href="/unit/"' in small_office.signs_in("bagas").opens("/")
    assert 'href="/unit/"' not in small_office.signs_in("sekar").opens("/")


def test_may_watch_says_the_same_as_the_page(small_office: Office) -> None:
    with small_office.app.app_context():
        unit = db.session.scalars(sa.select(Unit).where(Unit.code == "DLD")).one()
        ids = small_office.ids
        assert [key for key in ids if units.may_watch(ids[key], unit)] == [
            "menteri",
            "ratih",
            "wening",
            "auditor",
        ]


COUNTS = (
    r'<a href="(/unit/[^"]+)">[^<]+<b class="k-num">(\d+)</b>',
    r'<td class="num"><a href="(/unit/[^"]+)"[^>]*>(\d+)</a>',
    r'<a href="(/unit/[^"]+tahap=pegawai[^"]*)">(\d+) ',
    r'<a href="(/dokumen/\?siapa=jabatan[^"]+)">[^<]+</a></th><td[^>]*>(\d+)',
)


def test_every_count_leads_to_as_many_rows(office: Office) -> None:
    begin_the_year(office)
    kinds = set()
    for key in ("wening", *("bagas", "auditor")[: size(0, 2)], "counted", "auditor"):
        with office.app.app_context():
            assert tallies.differences() == []
            db.session.rollback()
            if key == "counted":
                assert tallies.keep()
                continue
        reader = office.signs_in(key)
        html = reader.opens({"wening": "/unit/DLD", "bagas": "/unit/SMD", "auditor": "/unit/K"}[key])
        counts = [(kind, *pair) for kind, pattern in enumerate(COUNTS) for pair in re.findall(pattern, html)]
        kinds |= {kind for kind, _href, _number in counts}
        for _kind, href, number in dict.fromkeys(counts):
            listed = reader.opens(unescape(href))
            place = listed.partition('id="belum"')[2] if "/unit/" in href else listed
            assert place.partition("<tbody")[2].partition("</tbody>")[0].count("<tr") == int(number), href
    assert kinds >= {0, 1, 2}, "a sort of count was not on any of these pages"


def test_who_is_ticked_in_the_list_behind_a_count_is_reminded(begun_office: Office) -> None:
    html = _reminds(begun_office.signs_in("wening"), "/unit/DLD?tahap=realisation&keadaan=wajib")
    assert "Pengingat terkirim kepada Sekar Ayu Lestari" in html


def test_the_unit_narrows_the_list_of_documents_to_everything_below_it(begun_office: Office) -> None:
    auditor = begun_office.signs_in("auditor")
    assert "Sekar Ayu Lestari" in auditor.opens("/dokumen/?unit=DLD")
    assert "Sekar Ayu Lestari" not in auditor.opens("/dokumen/?unit=KJP")
    assert "Sekar Ayu Lestari" not in auditor.opens("/dokumen/?unit=tidak-ada")


def test_who_has_written_no_skp_is_listed_page_by_page(
    begun_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kinerja.services import unit_waiting

    monkeypatch.setattr(unit_waiting, "PAGE_SIZE", 1)
    monkeypatch.setattr(unit_waiting.page, "__defaults__", ("", 1))
    wening = begun_office.signs_in("wening")
    seen, path = [], "/unit/DLD?tahap=tanpa-skp"
    while path:
        body = wening.opens(path).partition('id="belum"')[2]
        seen += re.findall(
            r'rowheader" scope="row"><a href="/orang/[^"]+">([^<]+)</a>', body.partition("antre")[0]
        )
        following = re.search(r'<a href="([^"]+)" rel="next">', body)
        path = unescape(following.group(1)) if following else ""
    assert seen == ["Bagas Wicaksono", "Ratih Kusumaningrum", "Wening Astuti"]


def _reminds(reader: Browser, path: str, status: int = 200) -> str:
    reader.opens(path)
    form = reader.form("/unit/pengingat")
    picks = re.findall(r'name="pick" value="([^"]+)"', reader.text)
    return reader.posts(form, {"pick": picks}, status)


def test_a_person_is_reminded_once_a_day_and_every_row_has_its_result(office: Office) -> None:
    begin_the_year(office)
    wening = office.signs_in("wening")
    html = _reminds(wening, "/unit/DLD?tahap=realisation")
    assert "Pengingat terkirim kepada Sekar Ayu Lestari" in html
    assert "Sekar Ayu Lestari sudah diingatkan hari ini" in _reminds(wening, "/unit/DLD?tahap=realisation")
    assert "Wening Astuti mengingatkan Anda untuk" in office.signs_in("sekar").opens("/pemberitahuan/")
    with office.app.app_context():
        sekar = office.ids["sekar"]
        sent = sa.select(sa.func.count()).where(
            Notice.person_id == sekar, Notice.dedupe.startswith("pengingat:")
        )
        assert db.session.scalar(sent) == 1
        acts_ = db.session.scalars(sa.select(AuditRow.payload).where(AuditRow.action == "unit.remind")).all()
        assert len(acts_) == 2
        assert f'"orang":[{sekar}]' in acts_[0]
        db.session.rollback()
    office.it_is(2026, 4, 8)
    assert "Pengingat terkirim kepada Sekar Ayu Lestari" in _reminds(wening, "/unit/DLD?tahap=realisation")


def test_whoever_waits_for_his_superior_has_the_superior_reminded(begun_office: Office) -> None:
    html = _reminds(begun_office.signs_in("wening"), "/unit/DLD?tahap=skp")
    assert re.search(r"Pengingat terkirim kepada (Bagas Wicaksono|Ratih Kusumaningrum)", html)


def test_an_auditor_reads_and_cannot_remind(begun_office: Office) -> None:
    auditor = begun_office.signs_in("auditor")
    assert "/unit/pengingat" not in auditor.opens("/unit/K?tahap=realisation")
    wening = begun_office.signs_in("wening")
    wening.opens("/unit/DLD?tahap=realisation")
    form = wening.form("/unit/pengingat")
    form.fields = [pair for pair in form.fields if pair[0] != "csrf_token"]
    auditor.opens("/")
    token = next(form for form in auditor.forms() if form.names("csrf_token")).value("csrf_token")
    auditor.posts(form, {"csrf_token": token, "pick": "apa-saja"}, 403)


def test_a_reminder_of_nobody_says_so(begun_office: Office) -> None:
    wening = begun_office.signs_in("wening")
    wening.opens("/unit/DLD?tahap=realisation")
    assert "Pilih sedikitnya satu orang" in wening.posts(wening.form("/unit/pengingat"), {}, 422)


def test_the_files_hold_what_the_screen_shows(begun_office: Office) -> None:
    wening = begun_office.signs_in("wening")
    csv = wening.opens("/unit/DLD?tahap=realisation&unduh=csv")
    assert "Sekar Ayu Lestari;'199003032015032001;Subdirektorat Mutu Data;Terbuka" in csv
    book = _workbook(wening, "/unit/rekap.xlsx?unit=DLD")
    assert book.sheetnames == ["Tahap", "Unit", "Belum mengisi"]
    assert [cell.value for cell in book["Belum mengisi"][2]][:2] == [
        "Sekar Ayu Lestari",
        "199003032015032001",
    ]
    assert book["Unit"]["D2"].value == 1
    assert [cell.value for cell in _workbook(wening, "/unit/?unduh=xlsx")["unit"][2]][:2] == ["DLD", NAMES[1]]
    assert "DLD" in wening.opens("/unit/?unduh=csv")


def _workbook(reader: Browser, path: str) -> openpyxl.Workbook:
    """Download a workbook and open it."""
    with reader.client.get(path, base_url="https://localhost") as answer:
        assert answer.status_code == 200
        return openpyxl.load_workbook(io.BytesIO(answer.data))


def test_a_unit_has_a_light_with_its_rule_or_says_who_gives_it_and_when(begun_office: Office) -> None:
    ratih = begun_office.signs_in("ratih")
    assert "Belum ada capaian organisasi untuk Triwulan I." in ratih.opens("/unit/DLD?periode=TW1")
    with begun_office.app.app_context():
        period, unit = periods.current_period(), units.unit_of("DLD")
        assert period is not None
        assert unit is not None
        org_results.record(
            unit.id, period, "TW1", by_id=begun_office.ids["menteri"], predicate="baik", nko=Decimal("96.5")
        )
    light = ratih.opens("/unit/DLD?periode=TW1").partition('id="lampu"')[2].partition("</section>")[0]
    assert re.search(r"96,50.*k-light--y.*</svg>Kuning</span>.*>Baik<", light, re.S), light
    assert "Hijau bila NKO sedikitnya 100, kuning dari 90 sampai di bawah 100, merah di bawah 90." in light


def test_the_own_judgement_is_not_counted_before_it_is_determined(begun_office: Office) -> None:
    with begun_office.app.app_context():
        review = sa.select(Document).where(
            Document.kind == "predicate_review", Document.subject_id == begun_office.ids["sekar"]
        )
        document = db.session.scalars(review.order_by(Document.id)).first()
        assert document is not None
        db.session.execute(sa.update(Document).where(Document.id == document.id).values(state="proposed"))
        db.session.commit()
    sekar, bagas = begun_office.signs_in("sekar"), begun_office.signs_in("bagas")
    assert "Diusulkan" not in sekar.opens("/dokumen/?jenis=predicate_review")
    assert "Tidak ada dokumen yang cocok" in sekar.opens("/dokumen/?jenis=predicate_review&keadaan=proposed")
    assert "Evaluasi: Diusulkan" in bagas.opens("/dokumen/?jenis=predicate_review")


def test_the_list_tells_nobody_outside_the_chain_how_far_an_evaluation_is(begun_office: Office) -> None:
    wening = begun_office.signs_in("wening")
    path = "/unit/DLD?tahap=predicate_review"
    before = (
        wening.opens(path).partition('id="belum"')[2].partition("<form method")[2].partition("</table>")[0]
    )
    with begun_office.app.app_context():
        review = sa.update(Document).where(Document.kind == "predicate_review", Document.state == "prepared")
        changed = db.session.execute(
            review.values(state="proposed", turn="atasan_penilai", state_since=clock.now())
        )
        assert changed.rowcount
        db.session.commit()
    after = (
        wening.opens(path).partition('id="belum"')[2].partition("<form method")[2].partition("</table>")[0]
    )
    assert "Disiapkan" in after
    assert after.partition("<table")[2] == before.partition("<table")[2]


BUDGETS = (
    ("wening", "/unit/", 12, 80 * KB),
    ("wening", "/unit/DLD", 15, 120 * KB),
    ("wening", "/unit/DLD?tahap=tanpa-skp", 15, 120 * KB),
    ("bagas", "/unit/SMD", 15, 120 * KB),
    ("ratih", "/unit/DLD?tahap=skp", 15, 120 * KB),
    ("auditor", "/unit/K", 15, 120 * KB),
)


def test_unit_pages_keep_their_budget(begun_office: Office) -> None:
    readers = {key: begun_office.signs_in(key) for key in ("wening", "bagas", "ratih", "auditor")}
    for key, path, statements, most in BUDGETS:
        begun_office.statements.clear()
        html = readers[key].opens(path)
        assert len(begun_office.statements) <= statements, "\n".join([path, *begun_office.statements])
        assert len(html.encode()) <= most, path
