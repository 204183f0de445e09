"""Saved views: each person's own, kept and forgotten without a script; the filters in force can be taken away."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest

from tests.year.acts import drafts_an_skp
from tests.year.browser import Browser
from tests.year.conftest import Office


def _saves(person: Browser, path: str, name: str) -> str:
    person.opens(path)
    return person.sends(next(form for form in person.forms() if form.names("nama")), nama=name)


def test_a_view_is_kept_under_its_name_and_leads_back(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    drafts_an_skp(sekar)
    html = _saves(sekar, "/dokumen/?jenis=skp&tahun=2026&sebelum=99", "SKP tahun ini")
    found = re.search(r'href="([^"]+)" aria-current="true">SKP tahun ini', html)
    assert found
    assert unescape(found.group(1)) == "/dokumen/?jenis=skp&tahun=2026"
    assert "SKP tahun ini" in sekar.opens("/dokumen/")
    assert "SKP tahun ini" not in small_office.signs_in("bagas").opens("/dokumen/?jenis=skp")


def test_the_same_name_again_replaces_the_view(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    _saves(sekar, "/dokumen/?jenis=skp", "Punya saya")
    html = _saves(sekar, "/dokumen/?jenis=realisation", "Punya  saya")
    assert html.count(">Punya saya</a>") == 1
    assert 'href="/dokumen/?jenis=realisation" aria-current="true">Punya saya' in html


def test_a_view_needs_a_name_and_a_filter(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    assert "Beri nama 1 sampai 60 huruf" in _saves(sekar, "/dokumen/?jenis=skp", "  ")
    assert not [form for form in sekar.forms() if form.names("nama")] or "Simpan tampilan" in sekar.text
    assert "Simpan tampilan" not in sekar.opens("/dokumen/")


def test_a_view_is_forgotten_by_its_owner_only(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    _saves(sekar, "/dokumen/?jenis=skp", "Sementara")
    removal = sekar.form("/hapus")
    _saves(bagas, "/dokumen/?jenis=skp", "Lain")
    foreign = bagas.form("/hapus")
    foreign.fields = [
        (name, removal.value("id") if name == "id" else value) for name, value in foreign.fields
    ]
    bagas.sends(foreign)
    assert "Sementara" in sekar.opens("/dokumen/")
    sekar.sends(removal)
    assert "Sementara" not in sekar.opens("/dokumen/")


def test_a_unit_keeps_views_too(small_office: Office) -> None:
    bagas = small_office.signs_in("bagas")
    html = _saves(bagas, "/unit/SMD?tahap=tanpa-skp", "Belum menyusun")
    assert '/unit/SMD?tahap=tanpa-skp" aria-current="true">Belum menyusun' in html


def test_each_filter_in_force_is_a_chip_that_takes_it_away(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    html = sekar.opens("/dokumen/?jenis=skp&tahun=2026&unit=SMD")
    chips = dict(re.findall(r'k-chip--x" href="([^"]+)" aria-label="Lepas saringan ([^"]+)"', html))
    assert {unescape(href): label for href, label in chips.items()} == {
        "/dokumen/?tahun=2026&unit=SMD": "Jenis: Sasaran Kinerja Pegawai",
        "/dokumen/?jenis=skp&unit=SMD": "Tahun: 2026",
        "/dokumen/?jenis=skp&tahun=2026": "Unit: SMD",
    }


def test_the_workbook_of_documents_holds_text_as_text_and_numbers_as_numbers(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    drafts_an_skp(sekar)
    with sekar.client.get("/dokumen/?jenis=skp&unduh=xlsx", base_url="https://localhost") as answer:
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.data))["dokumen"].values)
    assert rows[0][:4] == ("Nomor", "Jenis", "Periode", "Tahun")
    assert rows[1][3:6] == (2026, "Sekar Ayu Lestari", "199003032015032001")


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("bagas", "/tim/?periode=TW1&saring=tanda"),
        ("wening", "/unit/?q=mutu"),
        ("admin", "/pengaturan/peran/?q=wening&peran=pengelola_pegawai"),
        ("wening", "/pengaturan/data-saya-salah/?q=sekar&keadaan=done"),
    ],
)
def test_other_lists_keep_views_too(small_office: Office, key: str, path: str) -> None:
    html = _saves(small_office.signs_in(key), path, "Yang saya pantau")
    found = re.search(r'href="([^"]+)" aria-current="true">Yang saya pantau', html)
    assert found, html
    assert sorted(unescape(found.group(1)).partition("?")[2].split("&")) == sorted(
        path.partition("?")[2].split("&")
    )
