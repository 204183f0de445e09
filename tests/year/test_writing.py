"""Writing without scripts: whatever is refused comes back with everything that was typed, at its field."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from tests.year.acts import drafts_an_skp
from tests.year.browser import Browser, Form
from tests.year.conftest import Office


def opens_realisation(person: Browser) -> str:
    """The address of the realisation that is open to her."""
    listed = person.opens("/dokumen/?jenis=realisation&siapa=saya&keadaan=open")
    found = re.search(r'href="(/dokumen/[a-z2-7]{16})"', listed)
    assert found is not None
    person.opens(f"{found[1]}/save")
    return found[1]


def test_a_realisation_that_is_not_complete_comes_back_with_what_was_typed(begun_office: Office) -> None:
    sekar = begun_office.signs_in("sekar")
    address = opens_realisation(sekar)
    sekar.sends(sekar.form("/save"))
    form = sekar.form("/save")
    first, second, third = form.names("item-", "-value")
    story = form.names("item-", "-narrative")[0]
    form.action = f"{address}/record"
    sekar.posts(form, {first: "12,5", second: "9999", story: "Tiga laporan dipakai."}, 422)
    again = sekar.form("/save")
    assert [again.value(name) for name in (first, second, third)] == ["12,5", "9999", ""]
    assert again.value(story).strip() == "Tiga laporan dipakai."
    control = re.search(f'<input[^>]*name="{third}"[^>]*>', sekar.text)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert f'href="#{third}"' in sekar.text
    assert "Realisasi indikator 3.1 belum diisi" in sekar.text


def saves_itself(person: Browser, form: Form, changes: dict[str, str], status: int = 200) -> dict[str, Any]:
    """What a form that saves itself is told."""
    data = MultiDict(form.fields)
    for name, value in changes.items():
        data[name] = value
    answer = person.client.post(
        form.action,
        data=data,
        base_url="https://localhost",
        headers={"Referer": "https://localhost/", "X-Autosave": "1"},
    )
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json
    return told


def test_a_draft_that_saved_itself_tells_what_is_missing_and_what_the_rules_say(
    small_office: Office,
) -> None:
    sekar = small_office.signs_in("sekar")
    sekar.opens(f"{drafts_an_skp(sekar)}/edit")
    form = sekar.form("/edit")
    row = next(name for name in form.names("row-", "-rhk") if name.endswith("-rhk"))
    target = form.names("indicator-", "-target")[0]
    assert "Tidak ada yang kurang untuk langkah ini" in sekar.text
    told = saves_itself(sekar, form, {row: "Melaksanakan semua rapat", target: "", "key": "satu"})
    assert f'id="lint-{row}"' in told["live"]
    assert "Indikator 1.1 belum memiliki target" in told["live"]
    told = saves_itself(sekar, form, {target: "12,5", "version": str(told["version"]), "key": "dua"})
    assert "Tidak ada yang kurang untuk langkah ini" in told["live"]
    assert "belum memiliki target" not in told["live"]
    wrong = saves_itself(sekar, form, {target: "12.5", "version": str(told["version"]), "key": "t"}, 422)
    assert [one["field"] for one in wrong["errors"]] == [target]


def test_one_wrong_field_does_not_keep_the_others_from_being_stored(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    form = sekar.form("/edit")
    row = next(name for name in form.names("row-", "-rhk") if name.endswith("-rhk"))
    first, second = form.names("indicator-", "-target")[:2]
    long = form.names("attachment-", "-text")[0]
    typed = {row: "Ditulis bersama yang salah", first: "12.5", second: "77", long: "a" * 2001, "key": "satu"}
    told = saves_itself(sekar, form, typed)
    assert [one["field"] for one in told["errors"]] == [first, long]
    sekar.opens(f"{address}/edit")
    kept = sekar.form("/edit")
    stored = [kept.value(name).strip() for name in (row, first, second, long)]
    assert stored == ["Ditulis bersama yang salah", "4", "77", "Uraian yang disepakati bersama"]
    alone = saves_itself(sekar, kept, {first: "12.5", "key": "dua"}, 422)
    assert [one["field"] for one in alone["errors"]] == [first], "an edit that stores nothing is none"
    mended = saves_itself(sekar, form, typed | {first: "12,5", long: "b", "version": str(told["version"])})
    assert "errors" not in mended


def test_the_button_that_records_comes_with_the_first_save_of_the_form_itself(begun_office: Office) -> None:
    sekar = begun_office.signs_in("sekar")
    address = opens_realisation(sekar)
    form = sekar.form("/save")
    assert f'formaction="{address}/record"' not in sekar.text
    assert 'id="live-rekam"' in sekar.text, "there is no place for it"
    told = saves_itself(sekar, form, {form.names("item-", "-value")[0]: "12,5", "key": "satu"})
    assert 'id="live-rekam" data-live><button' in told["live"].replace("\n", "")
    assert f'formaction="{address}/record"' in told["live"]


def test_one_number_names_one_row_in_the_editor_in_findings_and_on_the_page(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    sekar.sends(sekar.form("/edit"), do="add_row:tambahan")
    assert "Hapus hasil kerja 4" in sekar.text
    assert "Indikator 4.1 belum" in sekar.text
    sekar.opens(address)
    assert ">4. Belum diisi" in sekar.text
    assert not re.search(r"\bT1\b", sekar.text)


def test_a_result_with_its_indicators_is_removed_only_after_saying_what_goes(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/edit")
    form = sekar.form("/edit")
    keys = [value for name, value in form.fields if name == "order"]
    lines = [value for name, value in form.fields if name == "order-attachment"]
    typed = {f"row-{keys[0]}-rhk": "Ditulis sebelum ditanya"}
    sekar.posts(form, typed | {"do": f"remove:{keys[1]}"})
    asked = sekar.form("/edit")
    assert [value for name, value in asked.fields if name == "order"] == keys
    assert asked.value(f"row-{keys[0]}-rhk").strip() == "Ditulis sebelum ditanya"
    assert "Hapus hasil kerja 2?" in sekar.text
    assert sekar.text.count("Jumlah set data yang memenuhi standar sampai Desember · 240 set data") == 1
    sekar.posts(asked, {"do": f"keep:{keys[1]}"})
    assert "Hapus hasil kerja 2?" not in sekar.text
    sekar.posts(sekar.form("/edit"), {"do": f"drop:{keys[1]}"})
    assert [value for name, value in sekar.form("/edit").fields if name == "order"] == [keys[0], keys[2]]
    sekar.sends(sekar.form("/edit"), do="add_row:utama")
    blank = [value for name, value in sekar.form("/edit").fields if name == "order"][-1]
    sekar.posts(sekar.form("/edit"), {"do": f"remove:{blank}"})
    assert blank not in sekar.text, "an empty one is gone at once"
    sekar.posts(sekar.form("/edit"), {"do": f"remove:{lines[0]}"})
    assert "Hapus Dukungan sumber daya 1?" in sekar.text
    long = "a" * 2001
    sekar.posts(sekar.form("/edit"), {f"row-{keys[0]}-rhk": long}, 422)
    assert "Paling banyak 2000 karakter" in sekar.text
    assert long in sekar.text
    assert 'maxlength="2000"' not in sekar.text, "a browser would cut it without a word"


def test_a_line_of_the_annex_moves_down_as_well_as_up(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    sekar.opens(f"{drafts_an_skp(sekar)}/edit")
    sekar.sends(sekar.form("/edit"), do="add_line:dukungan")
    first, second = (key for key in _lines(sekar) if _block(sekar, key) == "dukungan")
    assert ("do", f"down:{first}") in sekar.form("/edit").buttons
    assert ("do", f"down:{second}") not in sekar.form("/edit").buttons
    sekar.sends(sekar.form("/edit"), do=f"down:{first}")
    assert [key for key in _lines(sekar) if _block(sekar, key) == "dukungan"] == [second, first]


def _lines(person: Browser) -> list[str]:
    return [value for name, value in person.form("/edit").fields if name == "order-attachment"]


def _block(person: Browser, key: str) -> str:
    return person.form("/edit").value(f"attachment-{key}-block")
