"""An import in the browser: tried first, the very same files applied, errors by row, large ones in the background."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.models import Import, Unit
from kinerja.services import import_jobs, import_store
from kinerja.services.errors import NotThere
from tests.access.conftest import PASSWORD, Browser, Office, RealTime
from tests.views.admin_office import Ministry

UPLOAD = "/pengaturan/impor/"
HEAD = "kode,nama,kode_induk,level,jenis,zona_waktu,pola_hari_kerja,punya_peta_strategi\n"
GOOD = (
    HEAD
    + "U1,Direktorat Layanan Data,,L2,kantor_pusat,WIB,5,tidak\nX9,Seksi Mutu,U1,L4,kantor_pusat,WITA,5,tidak\n"
)
PEOPLE = (
    "nip,nama,email,status,pangkat_golongan,jabatan,kelompok_jabatan,jenjang,kode_unit,nip_penilai,"
    "jenis_penempatan,mulai,selesai\n"
)


def send(browser: Browser, **files: str) -> Any:
    data: dict[str, Any] = {"csrf_token": browser.token_of(browser.get(UPLOAD))}
    data |= {name: (io.BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()}
    answer = browser.client.post(UPLOAD, data=data)
    # The test client leaves the file open in which it wrote a large body.
    answer.request.environ["wsgi.input"].close()
    return answer


def units(ministry: Ministry) -> set[str]:
    return {row.code for row in ministry.query(sa.select(Unit.code))}


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))


def test_a_trial_shows_what_would_happen_and_writes_nothing(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    page = send(admin, units=GOOD).location
    html = admin.get(page).get_data(as_text=True)
    assert f"{page}?lihat=unit-added#baris" in html
    assert "Seksi Mutu" in admin.get(f"{page}?lihat=unit-added").get_data(as_text=True)
    assert "Direktorat Lain" in admin.get(f"{page}?lihat=unit-missing").get_data(as_text=True), (
        "named before ended"
    )
    assert units(ministry) == {"U1", "U2"}
    assert ministry.query(sa.select(Import.id)) == []
    listed = rows_of(admin.get(f"{page}/perubahan.csv"))
    assert ["Unit", "ditambah", "'X9", "Seksi Mutu"] in [row[:4] for row in listed]


def test_the_files_that_were_tried_are_applied_once_and_the_import_is_on_record(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    page = send(admin, units=GOOD).location
    assert admin.post(f"{page}/terapkan", page=page).status_code == 303
    assert units(ministry) == {"U1", "U2", "X9"}
    token = admin.token_of(admin.get(UPLOAD))
    assert admin.client.post(f"{page}/terapkan", data={"csrf_token": token}).status_code == 422
    ((by, hashes),) = ministry.query(sa.select(Import.by_id, Import.file_hashes))
    assert by == ministry.ids["admin"]
    assert hashes["unit.csv"][:12] in admin.get(UPLOAD).get_data(as_text=True)
    again = send(admin, units=GOOD).location
    assert f"{again}?lihat=unit-added" not in admin.get(again).get_data(as_text=True)
    admin.post(f"{again}/terapkan", page=again)
    assert "hanya mengulang" in admin.get(again).get_data(as_text=True)
    assert len(ministry.query(sa.select(Import.id))) == 1


def test_what_is_absent_is_ended_only_when_ticked(
    ministry: Ministry, whole_app: Flask, now: RealTime
) -> None:
    admin, office = ministry.browser("admin"), Office()
    office.serial = 900
    with whole_app.app_context():
        office.unit("Unit yang kosong")
    page = send(admin, units=GOOD).location
    assert "end_missing" in admin.get(page).get_data(as_text=True)
    admin.post(f"{page}/terapkan", page=page)
    assert ministry.query(sa.select(Unit.code).where(Unit.valid_to.is_not(None))) == []
    page = send(admin, units=GOOD).location
    now.advance(minutes=6)
    asked = admin.post(f"{page}/terapkan", {"end_missing": "y"}, page=page).get_data(as_text=True)
    form = asked.split("k-gate__confirm", 1)[1].split("</form>", 1)[0]
    carried = dict(re.findall(r'name="(?!csrf)([a-z_]+)" value="([^"]*)"', form))
    assert carried == {"end_missing": "y"}, "the tick is not lost where the password is asked again"
    admin.post(f"{page}/terapkan", carried | {"tegas-sandi": PASSWORD}, page=page)
    ended = ministry.query(sa.select(Unit.code).where(Unit.valid_to.is_not(None)))
    assert [row.code for row in ended] == ["U901"], "whoever still sits in U2 keeps it open"


def test_a_bad_file_lists_row_column_value_and_reason_and_cannot_be_applied(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    bad = PEOPLE + "1.98E+17,Andi,,PNS,III/a,Analis,JF,ahli pertama,U1,,definitif,2026-01-01,\n"
    bad += "199013012015031001,Budi,,PNS,III/a,Analis,JF,ahli pertama,U1,,definitif,2026-01-01,\n"
    page = send(admin, people=bad).location
    html = admin.get(page).get_data(as_text=True)
    assert "pegawai.csv baris 2" in html
    assert "notasi ilmiah" in html
    assert "Tidak ada yang disimpan" in html
    assert ">Terapkan</button>" not in html
    assert "pegawai.csv baris 3" in html
    assert "tanggal lahir yang tidak mungkin (1990-13-01)" in html, "what is no day must not hide the rest"
    problem, impossible = [row for row in rows_of(admin.get(f"{page}/galat.csv"))[1:] if row[4] == "galat"]
    assert problem[:4] == ["pegawai.csv", "2", "nip", "'1.98E+17"]
    assert "notasi ilmiah" in problem[5]
    assert "(1990-13-01)" in impossible[5]
    admin.post("/bahasa", {"locale": "en"}, page=page)
    assert "scientific notation" in admin.get(page).get_data(as_text=True)
    head, *found = rows_of(admin.get(f"{page}/galat.csv"))
    assert head[-1] == "Reason"
    assert [row[5] for row in found if row[4] == "error" and "scientific notation" in row[5]]
    token = admin.token_of(admin.get(UPLOAD))
    assert admin.client.post(f"{page}/terapkan", data={"csrf_token": token}).status_code == 422


def test_nothing_sent_is_said_at_the_field(ministry: Ministry) -> None:
    answer = send(ministry.browser("admin"))
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu berkas" in answer.get_data(as_text=True)


def test_a_file_changed_on_the_server_is_not_applied(ministry: Ministry, whole_app: Flask) -> None:
    admin = ministry.browser("admin")
    page = send(admin, units=GOOD).location
    kept = Path(whole_app.config["FILES"]) / "impor" / page.rsplit("/", 1)[1] / "unit.csv"
    kept.write_text(GOOD.replace("Seksi Mutu", "Seksi Lain"), encoding="utf-8")
    answer = admin.post(f"{page}/terapkan", page=page)
    assert answer.status_code == 422
    assert "tidak lagi sama" in answer.get_data(as_text=True)
    assert units(ministry) == {"U1", "U2"}


def test_an_upload_is_its_senders_own_and_is_gone_after_an_hour(
    ministry: Ministry, whole_app: Flask, now: RealTime
) -> None:
    page = send(ministry.browser("admin"), units=GOOD).location
    assert ministry.browser("admin2").get(page).status_code == 404
    now.advance(minutes=61)
    with whole_app.app_context():
        assert import_store.sweep() == 1
        with pytest.raises(NotThere):
            import_store.folder(page.rsplit("/", 1)[1])
    assert ministry.browser("admin").get(page).status_code == 404


def test_an_upload_can_be_thrown_away(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    page = send(admin, units=GOOD).location
    assert admin.post(f"{page}/batal", page=page).status_code == 303
    assert admin.get(page).status_code == 404


def test_a_large_file_runs_in_the_background_and_its_page_tells_how_far_it_is(
    ministry: Ministry, whole_app: Flask
) -> None:
    asked: list[tuple[str, str]] = []
    whole_app.config["ENQUEUE"] = lambda task, token: asked.append((task, token))
    admin = ministry.browser("admin")
    many = GOOD + "".join(
        f"Y{n},Seksi {n},U1,L4,kantor_pusat,WIB,5,tidak\n" for n in range(import_jobs.INLINE_LINES)
    )
    page = send(admin, units=many).location
    token = page.rsplit("/", 1)[1]
    assert asked == [("import_files", token)]
    html = admin.get(page).get_data(as_text=True)
    assert "Menunggu pekerja" in html
    assert '<noscript><meta http-equiv="refresh"' in html
    assert page in admin.get(UPLOAD).get_data(as_text=True), "one may leave and come back"
    with whole_app.app_context():
        import_jobs.work(token)
        import_jobs.work(token)
    html = admin.get(page).get_data(as_text=True)
    assert "2.001" in html
    assert 'http-equiv="refresh"' not in html
    shown = admin.get(f"{page}?lihat=unit-added").get_data(as_text=True)
    assert shown.count('<tr role="row"') < 230
    assert "unduh CSV untuk semuanya" in shown
    assert len(rows_of(admin.get(f"{page}/perubahan.csv"))) > 2001
    assert admin.post(f"{page}/terapkan", page=page).status_code == 303
    assert units(ministry) == {"U1", "U2"}, "not before the worker has come to it"
    with whole_app.app_context():
        import_jobs.work(token)
    assert len(units(ministry)) == 2003


def test_a_fragment_of_the_running_page_is_only_its_progress(ministry: Ministry, whole_app: Flask) -> None:
    whole_app.config["ENQUEUE"] = lambda task, token: None
    many = GOOD + "".join(
        f"Y{n},Seksi {n},U1,L4,kantor_pusat,WIB,5,tidak\n" for n in range(import_jobs.INLINE_LINES)
    )
    admin = ministry.browser("admin")
    page = send(admin, units=many).location
    with whole_app.app_context():
        import_store.write_progress(page.rsplit("/", 1)[1], "membaca unit.csv", 1000, 2002)
    part = admin.get(page, **{"HX-Request": "true"}).get_data(as_text=True)
    assert part.lstrip().startswith('<div id="kemajuan"')
    assert "1.000 dari 2.002" in part


def test_a_ministrys_staff_list_is_larger_than_any_other_form_may_be(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    line = "X9,Seksi Mutu,U1,L4,kantor_pusat,WITA,5,tidak" + " " * 4000 + "\n"
    answer = send(admin, units=HEAD + line * 3300)
    assert answer.status_code == 303
    other = admin.client.post("/pengaturan/peran/usul", data={"csrf_token": "x", "decree": "x" * 13_000_000})
    assert other.status_code == 413
