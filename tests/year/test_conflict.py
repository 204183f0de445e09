"""Two tabs of one SKP: the older one sees both versions, chooses, and takes nothing away from the newer one."""

from __future__ import annotations

from tests.year.acts import acts, drafts_an_skp
from tests.year.conftest import Office

TYPED = "Kalimat dari tab yang lama"


def test_the_older_tab_keeps_its_text_and_the_row_that_the_newer_one_added(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    old = sekar.form("/edit")
    name = old.names("row-", "-rhk")[0]
    aspects = old.names("indicator-", "-aspects")[0]
    newer = {name: "Kalimat dari tab yang baru", aspects: "kualitas", "do": "add_row:tambahan"}
    sekar.posts(sekar.form("/edit"), newer)
    sekar.posts(old, {name: TYPED, aspects: ["kuantitas", "waktu"], "key": "lain"}, 409)
    assert "Rencana hasil kerja" in sekar.text
    assert "Aspek, indikator 1.1" in sekar.text

    choice = sekar.form("/edit")
    assert name not in [field for field, _value in choice.fields], "nothing is chosen beforehand"
    sekar.posts(choice, {name: TYPED, aspects: ["kuantitas", "waktu"]})
    again = sekar.form("/edit")
    assert again.value(name).strip() == TYPED
    assert [value for known, value in again.fields if known == aspects] == ["kuantitas", "waktu"]
    assert [value for field, value in again.fields if field.endswith("-kind")].count("tambahan") == 1


def test_what_was_typed_into_a_row_that_is_gone_is_shown_to_be_copied(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    old = sekar.form("/edit")
    name = old.names("row-", "-rhk")[0]
    key = old.value("order")
    sekar.sends(sekar.form("/edit"), do=f"drop:{key}")
    sekar.posts(old, {name: TYPED, "key": "lain"}, 409)
    assert TYPED in sekar.text
    assert "Yang Anda tulis, belum tersimpan" in sekar.text


def test_a_button_of_an_older_tab_is_told_that_the_document_changed(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    bagas.opens(address)
    old = bagas.form("/open_dialogue")
    acts(bagas, address, "open_dialogue")
    bagas.sends(old, 409, key="lain")
    assert "Dokumen ini sudah berubah sejak Anda membukanya" in bagas.text


def test_a_field_that_only_one_tab_changed_is_not_asked_about(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    old = sekar.form("/edit")
    first, second, third = (name for name in old.names("row-", "-rhk") if name.endswith("-rhk"))
    sekar.posts(sekar.form("/edit"), {first: "Baru di tab lain", third: "Diubah di keduanya, di sana"})
    sekar.posts(old, {second: TYPED, third: "Diubah di keduanya, di sini", "key": "lain"}, 409)
    assert "Anda sendiri menyimpan lebih dahulu" in sekar.text
    assert "Dua orang" not in sekar.text
    choice = sekar.form("/edit")
    settled = {name for name, _value in choice.fields}
    asked = [name for name in (first, second, third) if name not in settled]
    assert asked == [third], "the two others were changed in one place each"
    sekar.posts(choice, {third: "Diubah di keduanya, di sini"})
    again = sekar.form("/edit")
    kept = [again.value(name).strip() for name in (first, second, third)]
    assert kept == ["Baru di tab lain", TYPED, "Diubah di keduanya, di sini"]
