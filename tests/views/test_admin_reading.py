"""Every page of Pengaturan opens for whom it is meant, and for nobody else; the pages of the frame open for all."""

from __future__ import annotations

import pytest

from kinerja.services import permits
from tests.views.admin_office import Ministry

FRAME = (
    "/bantuan/",
    "/bantuan/glosarium",
    "/aturan/",
    "/aturan/kmk300-2022",
    "/aturan/hari-libur/2026",
    "/kalender/",
)
EVERYBODY = ("staff", "admin", "pengelola", "komite", "auditor")
PAGES = {
    "/pengaturan/": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/periode/": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/periode/2026": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/periode/buka": {"admin"},
    "/pengaturan/peran/": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/peran/?unduh=csv": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/peran/usul": {"admin"},
    "/pengaturan/impor/": {"admin", "auditor"},
    "/pengaturan/struktur/": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/struktur/?periksa=5": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/struktur/?unduh=csv": {"admin", "pengelola", "komite", "auditor"},
    "/pengaturan/struktur/pimpinan/U1": {"pengelola"},
    "/pengaturan/data-saya-salah/": {"pengelola"},
    "/aturan/kmk300-2022/capaian_batas_atas/ganti": {"admin"},
    "/aturan/hari-libur/2026/2026-01-01/hapus": {"admin"},
}


@pytest.mark.parametrize("path", FRAME)
def test_everybody_reads_help_rules_and_his_calendar(ministry: Ministry, path: str) -> None:
    for name in EVERYBODY:
        assert ministry.browser(name).get(path).status_code == 200, name


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_administration_opens_for_its_readers_and_for_nobody_else(
    ministry: Ministry, path: str
) -> None:
    ministry.open_year(2026)
    for name in EVERYBODY:
        answer = ministry.browser(name).get(path)
        assert (answer.status_code == 200) == (name in PAGES[path]), (name, answer.status_code)
        assert answer.status_code in (200, 403, 404)


def test_what_one_may_administer_is_what_the_front_page_lists(ministry: Ministry) -> None:
    admin = ministry.browser("admin").get("/pengaturan/").get_data(as_text=True)
    pengelola = ministry.browser("pengelola").get("/pengaturan/").get_data(as_text=True)
    assert "/pengaturan/impor/" in admin
    assert "/pengaturan/data-saya-salah/" not in admin
    assert "/pengaturan/data-saya-salah/" in pengelola
    assert "/pengaturan/impor/" not in pengelola
    assert all("/akun/kode-aktivasi" in page for page in (admin, pengelola))


def test_an_act_that_nobody_thought_of_is_refused_loudly() -> None:
    with pytest.raises(KeyError):
        permits.may(frozenset({"admin_sistem"}), "period.opne")
