"""An SKP from its first draft until it is in force, without a line of script."""

from __future__ import annotations

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Tally, Unit
from kinerja.services import audit, tallies
from tests.year.acts import acts, agree_and_sign, drafts_an_skp
from tests.year.browser import Browser
from tests.year.conftest import Office


def test_an_skp_is_drafted_agreed_signed_and_in_force(office: Office) -> None:
    sekar, bagas = office.signs_in("sekar"), office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    agree_and_sign(sekar, bagas, address)
    assert "Ditetapkan" in sekar.opens(address)
    assert "92,5" in sekar.text
    with office.app.app_context():
        assert [fault for _chain, _length, fault in audit.verify() if fault] == []
        db.session.rollback()


def test_a_draft_is_the_writers_own_until_it_is_sent(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    bagas.opens(address, 404)
    acts(sekar, address, "submit")
    bagas.opens(address)


def test_a_draft_nobody_has_seen_is_thrown_away_and_another_begun_for_the_same_days(
    small_office: Office,
) -> None:
    sekar, wening = small_office.signs_in("sekar"), small_office.signs_in("wening")
    address = _begins_an_skp(sekar)
    sekar.sends(sekar.form("/edit"), **{sekar.form("/edit").names("row-", "-rhk")[0]: "Laporan mutu data"})
    assert "Susun SKP 2026" not in sekar.opens("/")
    sekar.opens("/skp/susun")
    sekar.sends(sekar.form("skp/susun"), 422)
    sekar.opens(address)
    assert not [form for form in sekar.forms() if "/discard" in form.action], "thrown away without a question"
    assert "Laporan mutu data" in sekar.opens(f"{address}/discard")
    wening.opens(f"{address}/discard", 403)
    sekar.opens(f"{address}/discard")
    assert "Dibuang" in sekar.presses("discard")
    assert "Laporan mutu data" in sekar.text, "what was written can be read no more"
    assert not [form for form in sekar.forms() if "comment" not in form.action and address in form.action]
    assert _without_a_plan(small_office) == 5
    assert "Susun SKP 2026" in sekar.opens("/")
    assert _begins_an_skp(sekar) != address
    assert _without_a_plan(small_office) == 4


def _begins_an_skp(person: Browser) -> str:
    """An empty draft of the whole year; gives back its address."""
    person.opens("/skp/susun")
    person.presses("skp/susun")
    assert person.page is not None
    return person.page.request.path.removesuffix("/edit")


def _without_a_plan(office: Office) -> int:
    """How many of the directorate the tallies say have no SKP."""
    with office.app.app_context():
        tallies.keep()
        assert tallies.differences() == []
        known = sa.select(sa.func.sum(Tally.own)).where(
            Tally.state == "without", Unit.code.in_(("DLD", "SMD"))
        )
        return int(db.session.scalar(known.join(Unit, Unit.id == Tally.unit_id)) or 0)


def test_what_others_have_read_is_not_thrown_away(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    acts(sekar, address, "withdraw")
    assert f"{address}/discard" not in sekar.opens(address)
    assert "sudah pernah diajukan" in sekar.text
    sekar.opens(f"{address}/discard")
    assert "sudah pernah diajukan" in sekar.presses("discard", 422)


def test_a_returned_skp_carries_the_note_on_top(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    acts(bagas, address, "open_dialogue")
    bagas.opens(f"{address}/send_back")
    bagas.sends(bagas.form("/send_back"), 422, note="pendek")
    assert "pendek" in bagas.text
    bagas.sends(bagas.form("/send_back"), note="Hasil kerja 2 masih berbunyi kegiatan.")
    assert "Hasil kerja 2 masih berbunyi kegiatan." in sekar.opens(address)
    assert "Catatan pengembalian" in sekar.text


def test_what_was_sent_may_be_taken_back_until_the_receiver_opened_it(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    acts(sekar, address, "withdraw")
    acts(sekar, address, "submit")
    bagas.opens(address)
    sekar.opens(address)
    assert not [form for form in sekar.forms() if "/withdraw" in form.action]
    assert "Penerima sudah membuka dokumen ini" in sekar.text


def test_the_same_form_sent_twice_is_one_event(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(address)
    form = sekar.form("/submit")
    sekar.sends(form)
    sekar.sends(form)
    assert sekar.opens(address).count("Ajukan</b>") == 1


def test_a_stale_tab_is_told_so_and_keeps_what_was_typed(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    old = sekar.form("/edit")
    sekar.sends(sekar.form("/edit"), do="add_row:tambahan")
    name = old.names("row-", "-rhk")[0]
    sekar.posts(old, {name: "Kalimat dari tab yang lama", "key": "lain"}, 409)
    assert "Kalimat dari tab yang lama" in sekar.text


def test_a_wrong_number_comes_back_at_its_field_and_nothing_is_saved(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    form = sekar.form("/edit")
    target = form.names("indicator-", "-target")[0]
    sekar.posts(form, {target: "1,234.5", form.names("row-", "-rhk")[0]: "Tidak tersimpan"}, 422)
    assert 'value="1,234.5"' in sekar.text
    assert "Tidak tersimpan" in sekar.text
    assert "Tidak tersimpan" not in sekar.opens(address)


def test_a_wrong_password_signs_nothing(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    for person, event in ((bagas, "open_dialogue"), (bagas, "agree"), (sekar, "agree")):
        acts(person, address, event)
    sekar.opens(f"{address}/sign_employee")
    sekar.sends(sekar.form("/sign_employee"), 422, password="bukan sandi saya")
    assert "Tidak ada yang ditandatangani" in sekar.text
    assert "Ditandatangani Pegawai</" not in sekar.opens(address).split("k-steps")[0]


def test_an_edit_in_dialogue_clears_the_marks(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    acts(bagas, address, "open_dialogue")
    acts(bagas, address, "agree")
    sekar.opens(f"{address}/edit")
    sekar.sends(sekar.form("/edit"))
    bagas.opens(address)
    assert [form for form in bagas.forms() if "/agree" in form.action]


def test_on_the_first_of_february_the_dialogue_moves_to_the_superior_of_the_superior(office: Office) -> None:
    sekar, bagas, ratih = (office.signs_in(key) for key in ("sekar", "bagas", "ratih"))
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    office.it_is(2026, 1, 31)
    assert office.falls_due().steps == 0
    office.it_is(2026, 2, 1)
    assert office.falls_due().steps == 1
    assert office.falls_due().steps == 0
    bagas.opens(address)
    assert not [form for form in bagas.forms() if "/agree" in form.action]
    acts(ratih, address, "agree")
    acts(sekar, address, "agree")
    acts(sekar, address, "sign_employee")
    acts(ratih, address, "establish")
    assert "Ditetapkan" in sekar.opens(address)


def test_an_skp_is_closed_when_the_window_of_its_year_is_over(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    agree_and_sign(sekar, bagas, address)
    small_office.it_is(2027, 1, 31)
    small_office.falls_due()
    sekar = small_office.signs_in("sekar")
    assert "Ditutup" not in sekar.opens(address).split("k-steps")[0]
    small_office.it_is(2027, 2, 1)
    small_office.falls_due()
    assert "Ditutup" in sekar.opens(address).split("k-steps")[0]


def test_a_superior_takes_over_five_working_days_after_the_due_date_and_not_before(
    small_office: Office,
) -> None:
    sekar, ratih = small_office.signs_in("sekar"), small_office.signs_in("ratih")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    small_office.it_is(2026, 1, 19)
    small_office.falls_due()
    ratih.opens(address)
    assert f"{address}/take_over" not in ratih.text
    assert "dapat diambil alih lima hari kerja" in ratih.text
    small_office.it_is(2026, 1, 21)
    small_office.falls_due()
    acts(ratih, address, "take_over", note="Penilai belum membuka dialog.")
    acts(ratih, address, "open_dialogue")
    assert "Dialog Kinerja" in sekar.opens(address)


def test_a_held_skp_says_until_when_and_resumes_where_it_was(small_office: Office) -> None:
    sekar, wening = small_office.signs_in("sekar"), small_office.signs_in("wening")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    acts(wening, address, "hold", ground="cltn", until="2026-06-30", note="Cuti di luar tanggungan negara.")
    assert "30 Juni 2026" in wening.opens(address)
    acts(wening, address, "resume")
    assert "Diajukan" in sekar.opens(address).split("k-side")[0]


def test_a_reader_is_told_what_others_did_since_he_last_looked(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    assert "Yang berubah sejak Anda terakhir melihat" not in bagas.opens(address)
    small_office.it_is(2026, 1, 7)
    sekar.opens(address)
    sekar.sends(sekar.form("/comment"), text="Mohon dibahas sebelum Kamis.")
    news = bagas.opens(address).partition('id="berubah"')[2].partition("</section>")[0]
    assert "Komentar, Sekar Ayu Lestari, 7 Jan" in news
    assert "Ajukan" not in news
    news = bagas.opens(address).partition('id="berubah"')[2].partition("</section>")[0]
    assert "Tidak ada, sejak 7 Januari 2026" in news
