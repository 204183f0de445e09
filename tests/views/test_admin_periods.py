"""Opening and closing a year, its law and its days off, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja.models import AuditRow, Period, PeriodWindow
from tests.access.conftest import Browser
from tests.views.admin_office import Ministry

OPEN = "/pengaturan/periode/buka"
_INPUT = re.compile(r"<(?:input|select|textarea)[^>]*>")


def fields_of(page: Any, action: str) -> dict[str, str]:
    """What a browser would send of the POST form with this action: text, hidden, ticked, chosen."""
    html = page.get_data(as_text=True)
    form = html.split(f'method="post" action="{action}"', 1)[1].split("</form>", 1)[0]
    sent: dict[str, str] = {}
    for tag in _INPUT.findall(form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or tag.startswith("<select") or ('type="radio"' in tag and "checked" not in tag):
            continue
        sent[name[1]] = value[1] if value else ""
    for name_, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"|value="([^"]*)"[^>]*selected', options)
        sent[name_] = next(filter(None, chosen.groups())) if chosen else ""
    return sent


def slot_field(sent: dict[str, str], slot: str, name: str) -> str:
    number = next(key.split("-")[1] for key, value in sent.items() if key.endswith("-slot") and value == slot)
    return f"windows-{number}-{name}"


def open_form(browser: Browser, query: str = "") -> dict[str, str]:
    return fields_of(browser.get(OPEN + query), OPEN)


def test_a_year_opens_with_the_windows_of_the_law_and_the_act_is_sealed(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    sent = open_form(admin, "?tahun=2027")
    assert sent["year"] == "2027"
    answer = admin.client.post(OPEN, data=sent)
    assert (answer.status_code, answer.location) == (303, "/pengaturan/periode/2027")
    ((year, code, state),) = ministry.query(sa.select(Period.year, Period.rule_set, Period.state))
    assert (year, code, state) == (2027, "kmk300-2022", "open")
    rows = ministry.query(
        sa.select(PeriodWindow.slot, PeriodWindow.record_by).order_by(PeriodWindow.position)
    )
    assert [row.slot for row in rows] == ["TW1", "TW2", "TW3", "TW4", "Y"]
    assert rows[0].record_by.isoformat() == "2027-04-30"
    assert ministry.acts("period.open") == 1


@pytest.mark.parametrize(
    ("slot", "field", "value", "words"),
    [
        ("TW1", "record_by", "2027-06-01", "batas rekam harus sebelum batas validasi"),
        ("TW2", "validate_by", "2027-12-01", "validasi sebelum jendela ditutup"),
        (
            "TW1",
            "starts",
            "2019-01-01",
            "Triwulan I: tanggal mulai harus antara 1 Januari 2027 dan 31 Maret 2027",
        ),
        (
            "TW2",
            "ends",
            "2027-12-31",
            "Triwulan II: tanggal selesai harus antara 1 April 2027 dan 30 Juni 2027",
        ),
        ("TW3", "recording_opens", "2027-01-01", "Triwulan III: perekaman dibuka antara 1 Juli 2027"),
        ("TW4", "closes", "2030-01-31", "Triwulan IV: jendela ditutup paling lambat 31 Maret 2028"),
        ("Y", "closes", "2031-01-31", "Tahunan: jendela ditutup paling lambat 31 Maret 2028"),
        ("TW3", "ends", "2027-06-01", "mendahului tanggal mulai"),
        ("Y", "evaluation_opens", "2028-01-20", "evaluasi dibuka paling lambat pada batas rekam"),
        ("TW1", "closes", "", "Isi tanggalnya"),
        ("TW4", "starts", "kemarin", "tanggal"),
    ],
)
def test_a_window_out_of_order_is_refused_at_its_field_and_nothing_typed_is_lost(
    ministry: Ministry, slot: str, field: str, value: str, words: str
) -> None:
    admin = ministry.browser("admin")
    sent = open_form(admin, "?tahun=2027")
    sent[slot_field(sent, slot, field)] = value
    sent["calibration_levels"] = "3"
    answer = admin.client.post(OPEN, data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    wrong = slot_field(sent, slot, field)
    assert re.search(
        rf'<input[^>]*aria-invalid="true"[^>]*id="{wrong}"|<input[^>]*id="{wrong}"[^>]*aria-invalid', page
    )
    assert f'href="#{wrong}"' in page
    kept = fields_of(answer, OPEN)
    assert {name: kept[name] for name in sent if name != "csrf_token"} == {
        name: value for name, value in sent.items() if name != "csrf_token"
    }
    assert ministry.query(sa.select(Period.id)) == []


def test_a_year_opens_once(ministry: Ministry) -> None:
    ministry.open_year(2026)
    admin = ministry.browser("admin")
    answer = admin.client.post(OPEN, data=open_form(admin, "?tahun=2026"))
    assert answer.status_code == 422
    assert "Periode 2026 sudah ada." in answer.get_data(as_text=True)


def test_the_monthly_rhythm_asks_for_the_dates_it_does_not_know(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    sent = open_form(admin, "?tahun=2027&ritme=bulanan")
    assert sum(1 for name in sent if name.endswith("-slot")) == 13
    assert sent[slot_field(sent, "B02", "ends")] == "2027-02-28"
    assert sent[slot_field(sent, "B02", "record_by")] == ""
    assert sent[slot_field(sent, "Y", "closes")] == "2028-01-31"
    assert admin.client.post(OPEN, data=sent).status_code == 422
    for month in range(1, 13):
        for name, day in (
            ("evaluation_opens", "05"),
            ("record_by", "10"),
            ("validate_by", "15"),
            ("closes", "20"),
        ):
            year, following = (2027, month + 1) if month < 12 else (2028, 1)
            sent[slot_field(sent, f"B{month:02d}", name)] = f"{year}-{following:02d}-{day}"
    assert admin.client.post(OPEN, data=sent).status_code == 303
    assert len(ministry.query(sa.select(PeriodWindow.id))) == 13


def test_last_years_windows_are_copied_a_year_on_and_the_end_of_february_stays_its_end(
    ministry: Ministry,
) -> None:
    admin = ministry.browser("admin")
    sent = open_form(admin, "?tahun=2027")
    sent[slot_field(sent, "TW1", "closes")] = "2027-06-03"
    sent["calibration_levels"] = "2"
    assert admin.client.post(OPEN, data=sent).status_code == 303
    copied = open_form(admin, "?tahun=2028&dari=2027")
    assert copied[slot_field(copied, "TW1", "closes")] == "2028-06-03"
    assert copied[slot_field(copied, "TW1", "ends")] == "2028-03-31"
    assert copied["calibration_levels"] == "2"
    copied[slot_field(copied, "TW1", "closes")] = ""
    answer = admin.client.post(OPEN, data=copied).get_data(as_text=True)
    chosen = answer.split('name="dari"', 1)[1].split("</select>", 1)[0]
    assert re.search(r"<option[^>]*selected[^>]*>2027", chosen), (
        "what was copied is still said after an error"
    )


def test_what_stays_closed_and_what_the_structure_lacks_is_told_before_opening(ministry: Ministry) -> None:
    page = ministry.browser("admin").get(OPEN).get_data(as_text=True)
    assert "penghitungan NKO menurut perspektif" in page
    assert "/pengaturan/struktur/?periksa=1#temuan" in page
    assert "parameter masih asumsi" in page


def test_only_an_admin_opens_or_closes(ministry: Ministry) -> None:
    ministry.open_year(2026)
    pengelola, sent = ministry.browser("pengelola"), open_form(ministry.browser("admin"), "?tahun=2027")
    page = pengelola.get("/pengaturan/periode/2026")
    assert "Tutup periode" not in page.get_data(as_text=True)
    sent["csrf_token"] = pengelola.token_of(page)
    assert pengelola.client.post(OPEN, data=sent).status_code == 403
    refused = pengelola.client.post(
        "/pengaturan/periode/2026", data={"csrf_token": sent["csrf_token"], "reason": "selesai"}
    )
    assert refused.status_code == 403
    assert [row.state for row in ministry.query(sa.select(Period.state))] == ["open"]


def test_a_year_closes_with_a_reason_that_is_kept(ministry: Ministry) -> None:
    ministry.open_year(2026)
    admin = ministry.browser("admin")
    assert admin.post("/pengaturan/periode/2026", {"reason": "  "}).status_code == 422
    assert admin.post("/pengaturan/periode/2026", {"reason": "Semua dokumen final"}).status_code == 303
    assert [row.state for row in ministry.query(sa.select(Period.state))] == ["closed"]
    ((payload,),) = ministry.query(sa.select(AuditRow.payload).where(AuditRow.action == "period.close"))
    assert "Semua dokumen final" in payload
