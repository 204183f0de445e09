"""The law as pages show it, the decrees that replace its assumptions, and days off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja import clock
from kinerja.db import db
from kinerja.models import AuditRow, Holiday, ParameterOverride, Period
from kinerja.rules.registry import CODES
from kinerja.rules.regulation import frozen_value
from kinerja.services import periods, rule_values, rulebook
from tests.views.admin_office import Ministry
from tests.views.test_admin_periods import OPEN, open_form, slot_field


def html_of(text: str) -> str:
    return escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


REPLACE = "/aturan/kmk300-2022/{}/ganti"
BANDS: list[dict[str, Any]] = [
    {"from": 112, "code": "istimewa"}, {"from": 100, "code": "baik"}, {"from": 90, "code": "butuh_perbaikan"},
    {"from": 80, "code": "kurang"}, {"code": "sangat_kurang"},
]  # fmt: skip
LEADERS = ("istimewa", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
RATINGS = ("diatas", "sesuai", "sesuai", "dibawah", "dibawah")
CURVE = dict(
    zip(
        LEADERS,
        ([0, 1, 3, 7, 9], [2, 3, 6, 2, 4], [3, 4, 5, 4, 3], [2, 4, 6, 3, 2], [9, 7, 3, 1, 0]),
        strict=True,
    )
)
POINTS = [[0, 0], [80, {"$decimal": "90.5"}], [100, 120]]
DECREE = {"decree_number": "KEP-12/2026", "decree_date": "2026-03-01"}


def typed_in(cells: Iterable[str]) -> dict[str, str]:
    """What is sent for the cells of a table, row by row."""
    return {f"cell-{number}": text for number, text in enumerate(cells)}


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("capaian_batas_atas", {"value": "115,5"}, {"$decimal": "115.5"}),
        ("iki_maksimum", {f"cell-{n}": str(n + 3) for n in range(6)}, None),
        ("persen_mutlak", {"value": "100%\r\nseratus"}, ["100%", "seratus"]),
        ("predikat_organisasi_batas", typed_in(["112", "100", "90", "80"]), BANDS),
        ("kurva_distribusi", typed_in([*"01379", *"23624", *"34543", *"24632", *"97310"]), CURVE),
        ("skala_contoh", typed_in(["0", "0", "80", "90,5", "100", "120"]), POINTS),
        ("kepala_upk_rating", typed_in(RATINGS), dict(zip(LEADERS, RATINGS, strict=True))),
        ("bobot_perspektif_customer", {"value": "0,25"}, {"$decimal": "0.25"}),
    ],
)
def test_a_decree_replaces_an_assumption_for_years_opened_from_then_on(
    ministry: Ministry, whole_app: Flask, key: str, typed: dict[str, str], stored: Any
) -> None:
    ministry.open_year(2026)
    admin = ministry.browser("admin")
    answer = admin.post(REPLACE.format(key), typed | DECREE)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    ((value,),) = ministry.query(sa.select(ParameterOverride.value))
    assert stored is None or value == stored
    ministry.open_year(2027)
    with whole_app.app_context():
        laws = {year: periods.regulation_of(periods.period_of(year)).parameter(key) for year in (2026, 2027)}
    assert laws[2026].decree_number == ""
    assert (laws[2027].decree_number, laws[2027].status) == ("KEP-12/2026", "terverifikasi")
    assert ministry.acts("rules.replace") == 1
    assert "KEP-12/2026" in admin.get("/aturan/kmk300-2022").get_data(as_text=True)
    assert "KEP-12/2026" not in admin.get("/aturan/tahun/2026").get_data(as_text=True)


@pytest.mark.parametrize(
    ("key", "typed", "where"),
    [
        ("capaian_batas_atas", {"value": "seratus"} | DECREE, "value"),
        ("capaian_batas_atas", {"value": "110", "decree_date": "2026-03-01"}, "decree_number"),
        ("capaian_batas_atas", {"value": "110", "decree_number": "KEP-1"}, "decree_date"),
        ("predikat_organisasi_batas", typed_in(["110", "", "90", "80"]) | DECREE, "cell-1"),
        ("predikat_organisasi_batas", typed_in(["110", "100", "105", "80"]) | DECREE, "cell-2"),
        ("predikat_organisasi_batas", typed_in(["110", "100", "90", "-1"]) | DECREE, "cell-3"),
        (
            "kurva_distribusi",
            typed_in([*"01379", *"23624", *"00000", *"24632", *"97310"]) | DECREE,
            "cell-10",
        ),
        (
            "kurva_distribusi",
            typed_in([*"01379", *"23624", "3", "4,5", *"543", *"24632", *"97310"]) | DECREE,
            "cell-11",
        ),
        ("skala_contoh", typed_in(["0", "0", "90", "seratus"]) | DECREE, "cell-3"),
        ("skala_contoh", typed_in(["0", "0", "90", "100", "90", "120"]) | DECREE, "cell-4"),
        ("skala_contoh", typed_in(["0", "0", "90", "100", "95", "80"]) | DECREE, "cell-5"),
        ("skala_contoh", typed_in(["0", "0"]) | DECREE, "cell-0"),
        ("bobot_mutu_indikator", typed_in(["1,2", "1,1", "1", "1", "1", "9", "1"]) | DECREE, "cell-5"),
        ("iki_maksimum", {"cell-0": "x"} | DECREE, "cell-0"),
        ("iki_maksimum", {f"cell-{n}": "0" if n == 2 else "7" for n in range(6)} | DECREE, "cell-2"),
        ("bobot_kelompok", {f"cell-{n}": "0" for n in range(4)} | DECREE, "cell-0"),
        ("tahun_rekam", {"value": "10 Januari"} | DECREE, "value"),
        ("tahun_rekam", {"value": "01-20"} | DECREE, "value"),
        ("tw_validasi_hari", {"value": "-5"} | DECREE, "value"),
        ("tw_rekam_bulan", {"value": "99999999"} | DECREE, "value"),
        ("tw_rekam_bulan", {"value": "2"} | DECREE, "value"),
        ("sebagian_besar", {"value": "7"} | DECREE, "value"),
        ("sebagian_besar", {"value": "0,6"} | DECREE | {"decree_date": "2090-01-01"}, "decree_date"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(
    ministry: Ministry, key: str, typed: dict[str, str], where: str
) -> None:
    answer = ministry.browser("admin").post(REPLACE.format(key), typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'href="#{where}"' in page
    assert "Expecting" not in page
    assert all(html_of(value) in page for value in typed.values()), "what was typed stays"
    assert ministry.query(sa.select(ParameterOverride.id)) == []


def test_what_nothing_reads_and_a_formula_cannot_be_replaced_and_the_page_says_why(
    ministry: Ministry,
) -> None:
    admin = ministry.browser("admin")
    page = admin.get("/aturan/kmk300-2022").get_data(as_text=True)
    token = admin.token_of(admin.get("/pengaturan/peran/usul"))
    for key, words in (
        ("perilaku_isi_hari", "Belum dipakai langkah mana pun"),
        ("rumus_minimize", "Rumus tertanam"),
    ):
        row = page.split(f'<tr role="row" id="{key}"', 1)[1].split("</tr>", 1)[0]
        assert words in row
        assert "Ganti dengan keputusan" not in row
        assert words in admin.get(REPLACE.format(key)).get_data(as_text=True)
        sent = {"csrf_token": token, "value": "01-10"} | DECREE
        assert admin.client.post(REPLACE.format(key), data=sent).status_code == 422
    assert ministry.query(sa.select(ParameterOverride.id)) == []


def test_each_decree_makes_a_version_that_is_shown_frozen_and_kept_with_its_day(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    ministry.open_year(2026)
    for key, value in (("tingkat_kalibrasi", "3"), ("lampu_kuning", "85")):
        assert admin.post(REPLACE.format(key), {"value": value} | DECREE).status_code == 303
    assert "versi 3" in admin.get("/aturan/kmk300-2022").get_data(as_text=True)
    assert open_form(admin, "?tahun=2027")["calibration_levels"] == "3", "the law's own, not one"
    ministry.open_year(2027)
    assert "versi 1" in admin.get("/pengaturan/periode/2026").get_data(as_text=True)
    assert "versi 3" in admin.get("/pengaturan/periode/2027").get_data(as_text=True)
    ((first,), _second) = ministry.query(
        sa.select(AuditRow.payload).where(AuditRow.action == "rules.replace").order_by(AuditRow.id)
    )
    kept = json.loads(first)
    assert (kept["keputusan"], kept["tanggal_keputusan"]) == ("KEP-12/2026", "2026-03-01")
    assert (kept["nilai_lama"], kept["nilai"], kept["versi"]) == (1, 3, 2)


def test_the_monthly_form_follows_a_decree_on_monthly_windows(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    typed = dict(zip(("cell-0", "cell-1", "cell-2", "cell-3"), ("3", "7", "10", "20"), strict=True))
    assert admin.post(REPLACE.format("jendela_bulanan"), typed | DECREE).status_code == 303
    sent = open_form(admin, "?tahun=2027&ritme=bulanan")
    assert sent[slot_field(sent, "B02", "record_by")] == "2027-03-07"
    assert admin.client.post(OPEN, data=sent).status_code == 303


def test_a_decree_let_in_before_values_were_looked_at_opens_no_year_and_no_page_fails(
    ministry: Ministry, whole_app: Flask
) -> None:
    with whole_app.app_context():
        moment = clock.now()
        db.session.add(
            ParameterOverride(
                rule_set="kmk300-2022", code="tahun_rekam", value="10 Januari", decree_number="KEP-1",
                decree_date=moment.date(), entered_by_id=ministry.ids["admin"], entered_at=moment,
            )
        )  # fmt: skip
        db.session.commit()
    admin = ministry.browser("admin")
    sent = open_form(admin, "?tahun=2027")
    assert sent[slot_field(sent, "Y", "record_by")] == ""
    for slot in ("TW4", "Y"):
        for name in ("evaluation_opens", "record_by", "validate_by", "closes"):
            sent[slot_field(sent, slot, name)] = (
                "2028-01-05" if name == "record_by" else f"2028-01-{10 + len(name)}"
            )
        sent[slot_field(sent, slot, "evaluation_opens")] = "2027-12-24"
        sent[slot_field(sent, slot, "closes")] = "2028-01-31"
    answer = admin.client.post(OPEN, data=sent)
    assert answer.status_code == 422
    assert ministry.query(sa.select(Period.id)) == []
    assert admin.post(REPLACE.format("tahun_rekam"), {"value": "01-10"} | DECREE).status_code == 303
    assert admin.client.post(OPEN, data=open_form(admin, "?tahun=2027")).status_code == 303


def test_what_the_law_states_cannot_be_replaced(ministry: Ministry) -> None:
    path = "/aturan/kmk300-2022/dki_per_triwulan/ganti"
    admin = ministry.browser("admin")
    token = admin.token_of(admin.get("/pengaturan/peran/usul"))
    answer = admin.client.post(path, data={"csrf_token": token, "value": "2"} | DECREE)
    assert answer.status_code == 422
    assert ministry.query(sa.select(ParameterOverride.id)) == []


def test_the_front_page_counts_the_assumptions_and_each_number_has_its_source(ministry: Ministry) -> None:
    staff = ministry.browser("staff")
    page = staff.get("/aturan/").get_data(as_text=True)
    assert re.search(r"Masih asumsi</dt><dd><a[^>]*status=asumsi[^>]*>\d+</a>", page)
    rows = staff.get("/aturan/kmk127-2026").get_data(as_text=True).split('<tr role="row" id="')[1:]
    assert len(rows) > 100
    assert all('data-label="Sumber">' in row and 'data-label="Sumber">–' not in row for row in rows)
    assert "Ganti dengan keputusan" not in staff.get("/aturan/kmk300-2022").get_data(as_text=True)


def test_each_source_is_shown_with_its_days_and_a_day_not_seen_is_said_to_be_missing(
    ministry: Ministry,
) -> None:
    staff = ministry.browser("staff")
    page = staff.get("/aturan/").get_data(as_text=True)
    national = "Ditetapkan 3 Februari 2022; diundangkan 7 Februari 2022; berlaku sejak 7 Februari 2022."
    assert page.count(national) == 2, "at its rule set and in the list of sources"
    assert page.count("Ditetapkan 28 Juli 2022; hari mulai berlaku belum dicatat; menggantikan KMK 467") == 2
    assert page.count("Tahun 2026, hari penetapan belum dicatat; hari mulai berlaku belum dicatat.") == 2
    assert "28 Juli 2022" in staff.get("/aturan/kmk300-2022").get_data(as_text=True)
    rows = staff.get("/aturan/permenpanrb6-2022").get_data(as_text=True)
    assert "PermenPANRB 6/2022 hlm. 114 (3 Februari 2022)" in rows


def test_a_day_off_is_entered_with_its_decree_and_taken_out_with_a_reason(ministry: Ministry) -> None:
    admin, path = ministry.browser("admin"), "/aturan/hari-libur/2026"
    given = {
        "day": "2026-12-31",
        "name": "Cuti bersama akhir tahun",
        "kind": "cuti_bersama",
        "source": "SKB 9/2026",
    }
    assert admin.post(path, given | {"source": ""}).status_code == 422
    assert admin.post(path, given).status_code == 303
    assert "sudah tercatat" in admin.post(path, given).get_data(as_text=True)
    assert admin.post(f"{path}/2026-12-31/hapus", {"reason": "dibatalkan"}).status_code == 303
    assert ministry.acts("holiday.add") == ministry.acts("holiday.remove") == 1
    assert admin.post("/aturan/hari-libur/2027/muat", page="/aturan/hari-libur/2027").status_code == 303
    days = ministry.query(sa.select(Holiday.day).where(sa.extract("year", Holiday.day) == 2027))
    assert len(days) >= 9


def test_rows_are_added_and_taken_out_without_a_script_and_keep_what_was_typed(ministry: Ministry) -> None:
    admin, path = ministry.browser("admin"), REPLACE.format("skala_contoh")
    typed = typed_in(["0", "0", "9o", "100", "100", "120"]) | {"decree_number": "KEP-12", "decree_date": ""}

    def cells(step: str) -> list[str]:
        answer = admin.post(path, typed | {"do": step})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "k-errsum" in page, 'value="KEP-12"' in page) == (200, False, True)
        inputs = re.findall(r'<input[^>]*id="cell-\d+"[^>]*>', page)
        return [re.findall(r'value="([^"]*)"', one)[0] for one in inputs]

    assert cells("add:1") == ["0", "0", "", "", "9o", "100", "100", "120"]
    assert cells("add:3") == ["0", "0", "9o", "100", "100", "120", "", ""]
    assert cells("remove:2") == ["0", "0", "100", "120"]
    assert admin.post(path, typed | {"do": "apa"}).status_code == 400
    fixed = typed_in(["110", "100", "90", "80"]) | DECREE | {"do": "add:1"}
    assert admin.post(REPLACE.format("predikat_organisasi_batas"), fixed).status_code == 400
    assert ministry.query(sa.select(ParameterOverride.id)) == []


def test_every_table_a_decree_may_replace_is_typed_in_fields_that_have_names(whole_app: Flask) -> None:
    with whole_app.app_context():
        for law in map(rulebook.law_of, CODES):
            for parameter in (p for p in law if not rulebook.why_not(p)):
                fields = rule_values.cells(law.code, parameter)
                labels = [text for cell in fields for text in (cell.row, cell.label)]
                labels += [text for cell in fields for _code, text in cell.choices if cell.kind == "pick"]
                assert fields, parameter.code
                assert not [text for text in labels if re.fullmatch("[a-z0-9_]+", text)], parameter.code
                # What the fields show is the value itself: sent back unchanged it is the same.
                shown = {cell.name: cell.value for cell in fields}
                if None not in shown.values():
                    value = rule_values.value_of(law.code, parameter, shown)
                    assert frozen_value(value) == parameter.value, parameter.code


def test_a_form_shows_decimals_as_people_write_them_and_codes_by_their_names(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    typed = typed_in(["110,25", "100", "90", "80"])
    assert admin.post(REPLACE.format("predikat_organisasi_batas"), typed | DECREE).status_code == 303
    page = admin.get(REPLACE.format("predikat_organisasi_batas")).get_data(as_text=True)
    assert 'value="110,25"' in page
    assert "Di bawah angka ini: Sangat Kurang." in page
    page = admin.get(REPLACE.format("kepala_upk_rating")).get_data(as_text=True)
    assert '<option value="dibawah" selected>Dibawah Ekspektasi</option>' in page.replace(
        '<option selected value="dibawah">', '<option value="dibawah" selected>'
    )
