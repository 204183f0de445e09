"""A Perjanjian Kinerja leaves as a workbook and comes back: row by row, ticked, by whoever may edit it, never over others."""

from __future__ import annotations

import io
import re

import openpyxl

from tests.year.acts import drafts_an_skp
from tests.year.browser import Browser
from tests.year.conftest import Office

Cells = dict[str, list[dict[str, object]]]


def begins_a_pk(person: Browser) -> str:
    person.opens("/pk/susun")
    person.sends(person.form("/pk/susun"), unit="DLD")
    found = re.search(r"/dokumen/([a-z2-7]{16})/edit", person.text)
    assert found is not None
    return found[1]


def takes(person: Browser, pk: str) -> openpyxl.Workbook:
    with person.client.get(f"/lembar-kerja/{pk}/unduh", base_url="https://localhost") as answer:
        assert answer.status_code == 200
        return openpyxl.load_workbook(io.BytesIO(answer.data))


def writes(book: openpyxl.Workbook, sheet: str, **cells: object) -> openpyxl.Workbook:
    """A new row at the end of a sheet."""
    heads = [one.value for one in book[sheet][1]]
    book[sheet].append([cells.get(head) for head in heads])
    return book


def brings(person: Browser, pk: str, book: openpyxl.Workbook, status: int = 200) -> str:
    """Upload it on its page, as its form would."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    person.opens(f"/lembar-kerja/{pk}")
    form = person.form(f"/lembar-kerja/{pk}")
    person.page = person.client.post(
        form.action, data=dict(form.fields) | {"file": (file, "pk.xlsx")}, base_url="https://localhost",
        headers={"Referer": "https://localhost/"},
    )  # fmt: skip
    assert person.status == status, person.text[:800]
    return person.text


def test_a_pk_is_filled_from_a_workbook_as_far_as_its_rows_are_accepted(small_office: Office) -> None:
    ratih = small_office.signs_in("ratih")
    pk = begins_a_pk(ratih)
    book = writes(takes(ratih, pk), "sasaran", kode="1", perspektif="customer", pernyataan="Layanan prima")
    for code, goal in (("1a", 92.5), ("1b", "banyak"), ("1c", 7)):
        writes(book, "iku", kunci_sasaran="1", kode=code, nama=f"Indeks {code}", target=goal, TW1=goal)
    shown = brings(ratih, pk, book)
    assert "Lembar iku, baris 3" in shown, "the row that cannot be read is named, with sheet and row"
    form = ratih.form("/terima")
    assert [value for name, value in form.fields if name == "pilih"] == ["sasaran:2", "iku:2", "iku:4"]
    ratih.posts(form, {"pilih": ["iku:2"]}, 422)
    assert "Baris di atasnya juga baru dan belum dicentang: iku 2" in ratih.text
    ratih.posts(form, {"pilih": ["sasaran:2", "iku:2"]})
    assert "2 baris diterima" in ratih.text
    assert "Indeks 1a" in ratih.text
    assert "Indeks 1c" not in ratih.text
    assert "92,5" in ratih.text
    assert "Tidak ada yang berubah" in brings(ratih, pk, takes(ratih, pk))


def test_a_workbook_never_writes_over_what_somebody_changed_meanwhile(small_office: Office) -> None:
    ratih, wening = small_office.signs_in("ratih"), small_office.signs_in("wening")
    pk = begins_a_pk(ratih)
    old = writes(takes(ratih, pk), "anggaran", program="Program data", pagu=5)
    brings(ratih, pk, old)
    wening.opens(f"/dokumen/{pk}/edit")
    wening.sends(wening.form("/edit"), vision="Visi baru")
    ratih.posts(ratih.form("/terima"), {}, 409)
    assert "baru saja diubah" in ratih.text
    assert [value for name, value in ratih.form("/terima").fields if name == "pilih"] == []
    shown = brings(ratih, pk, old)
    assert "menerimanya dapat membatalkan perubahan orang lain" in shown
    assert [value for name, value in ratih.form("/terima").fields if name == "pilih"] == []
    ratih.posts(ratih.form("/terima"), {"pilih": "anggaran:2"})
    assert ("Program data" in ratih.text, "Visi baru" in ratih.text) == (True, True)


def test_a_pk_that_may_not_be_edited_is_taken_and_not_brought_back(small_office: Office) -> None:
    ratih, menteri, sekar = (small_office.signs_in(key) for key in ("ratih", "menteri", "sekar"))
    pk = begins_a_pk(ratih)
    menteri.opens(f"/lembar-kerja/{pk}")
    assert "Unduh lembar kerja" in menteri.text
    assert "Periksa lembar kerja" not in menteri.text
    sekar.opens(f"/lembar-kerja/{pk}", 404)


def test_a_realisation_is_filled_from_a_workbook_that_can_neither_add_nor_drop_an_indicator(
    begun_office: Office,
) -> None:
    sekar = begun_office.signs_in("sekar")
    listed = sekar.opens("/dokumen/?jenis=realisation&siapa=saya&keadaan=open")
    found = re.search(r'href="/dokumen/([a-z2-7]{16})"', listed)
    assert found is not None
    number = found[1]
    book = takes(sekar, number)
    sheet = book["realisasi"]
    heads = [one.value for one in sheet[1]]
    assert heads == ["kunci", "nomor", "indikator", "satuan", "target", "realisasi", "uraian", "kendala"]
    sheet.cell(2, 6).value, sheet.cell(2, 7).value, sheet.cell(2, 5).value = (
        12.5,
        "Tiga laporan dipakai.",
        999,
    )
    sheet.cell(3, 6).value = "banyak"
    sheet.delete_rows(4)
    writes(book, "realisasi", indikator="Baru", realisasi=1)
    shown = brings(sekar, number, book)
    assert ("Lembar realisasi, baris 3" in shown, "Baris tidak dapat ditambah di sini." in shown) == (
        True,
        True,
    )
    form = sekar.form("/terima")
    assert len([value for name, value in form.fields if name == "pilih"]) == 1, (
        "neither the target nor what is missing"
    )
    sekar.sends(form)
    sekar.opens(f"/dokumen/{number}/save")
    stored = {
        name: value for name, value in sekar.form("/save").fields if name.endswith(("-value", "-narrative"))
    }
    assert [value for name, value in stored.items() if name.endswith("-value")] == ["12,5", "", ""]
    assert "Tiga laporan dipakai." in [value.strip() for value in stored.values()]
    assert "Tidak ada yang berubah" in brings(sekar, number, takes(sekar, number))


def test_an_skp_goes_out_and_comes_back_with_new_results_and_their_indicators(begun_office: Office) -> None:
    wening = begun_office.signs_in("wening")
    number = drafts_an_skp(wening).rpartition("/")[2]
    wening.opens(f"/dokumen/{number}")
    assert f"/lembar-kerja/{number}" in wening.text
    assert "Tidak ada yang berubah" in brings(wening, number, takes(wening, number))
    book = takes(wening, number)
    last = book["baris"].max_row + 1
    writes(book, "baris", jenis="Tambahan", rhk="Arsip unit tertata", sumber="Penugasan")
    writes(
        book,
        "indikator",
        kunci_baris=f"baris {last}",
        teks="Persentase arsip",
        aspek="Kuantitas, mutu",
        target=80,
    )
    writes(
        book,
        "indikator",
        kunci_baris=f"baris {last}",
        teks="Arsip tertata",
        aspek="Kuantitas, waktu",
        target=80,
    )
    shown = brings(wening, number, book)
    assert "kuantitas, kualitas, waktu, biaya" in shown, "what may be chosen stands beside the wrong cell"
    wening.sends(wening.form("/terima"))
    assert "2 baris diterima" in wening.text
    wening.opens(f"/dokumen/{number}")
    assert all(text in wening.text for text in ("Arsip unit tertata", "Arsip tertata", "80"))
    assert "Persentase arsip" not in wening.text
    assert "Tidak ada yang berubah" in brings(wening, number, takes(wening, number))
