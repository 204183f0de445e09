"""Writing an SKP: four layouts, rows that move and come from elsewhere, remarks, marks, and what was promised."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Placement, Post, SkpRow
from kinerja.services import periods, skp_start
from tests.year.acts import acts, agree_and_sign, drafts_an_skp
from tests.year.browser import Browser, Form
from tests.year.conftest import Office


def begins(person: Browser) -> str:
    """Begin an SKP; gives back its address, with the page that writes it open."""
    person.opens("/skp/susun")
    person.presses("skp/susun")
    assert person.page is not None
    return person.page.request.path.removesuffix("/edit")


def texts(form: Form) -> dict[str, str]:
    """What stands in the fields that somebody types into."""
    wanted = ("-rhk", "-text", "-target", "-unit", "-target_text", "-assigned_by", "-perspective", "-aspects")
    found: dict[str, str] = {}
    for name, value in form.fields:
        if name.endswith(wanted) or "-t-TW" in name:
            found[name] = f"{found[name]},{value}" if name in found else value
    return found


@pytest.mark.parametrize(
    ("who", "quantitative", "qualitative"), [("sekar", "A.1.7", "A.1.6"), ("ratih", "A.1.2", "A.1.1")]
)
def test_post_and_approach_choose_the_layout_and_changing_it_loses_nothing(
    small_office: Office, who: str, quantitative: str, qualitative: str
) -> None:
    person = small_office.signs_in(who)
    begins(person)
    form = person.form("/edit")
    assert f"Format {quantitative}" in person.text
    row = next(name for name in form.names("row-", "-kind")).removesuffix("-kind")
    one = next(name for name in form.names("indicator-", "-text")).removesuffix("-text")
    typed: dict[str, object] = {
        f"{row}-rhk": "Mutu data layanan meningkat", f"{one}-text": "Jumlah set data yang baku",
        f"{one}-target": "240", f"{one}-unit": "set data", f"{one}-t-TW2": "120", f"{one}-t-TW4": "240",
        f"{one}-aspects": ["kuantitas", "waktu"], f"{one}-validity": "proxy", f"{one}-control": "moderate",
    }  # fmt: skip
    if who == "ratih":
        typed[f"{row}-perspective"] = "proses_bisnis"
    person.posts(form, typed)
    before = texts(person.form("/edit"))
    person.sends(person.form("/edit"), approach="kualitatif")
    assert f"Format {qualitative}" in person.text
    told = person.form("/edit")
    assert told.value(f"{one}-text") == "Jumlah set data yang baku"
    assert told.value(f"{row}-assigned_by") == (
        "Kasubdit Mutu Data" if who == "sekar" else "Sekretaris Jenderal"
    )
    person.posts(told, {f"{one}-target_text": "sampai 31 Desember"})
    assert person.form("/edit").value(f"{one}-target_text") == "sampai 31 Desember"
    person.sends(person.form("/edit"), approach="kuantitatif")
    after = texts(person.form("/edit"))
    assert {name: after.get(name) for name in before} == before
    assert person.form("/edit").value(f"{one}-validity") == "proxy"


def test_rows_are_added_moved_and_removed_without_losing_what_was_typed(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    begins(sekar)
    for text in ("Pertama", "Kedua", "Ketiga"):
        form = sekar.form("/edit")
        last = [name for name in form.names("row-", "-rhk") if not name.endswith("intervened")][-1]
        sekar.posts(form, {last: text, "do": "add_row:utama"})
    assert order(sekar) == ["Pertama", "Kedua", "Ketiga", ""]
    keys = [value for name, value in sekar.form("/edit").fields if name == "order"]
    assert ("do", f"up:{keys[2]}") in sekar.form("/edit").buttons
    typed = {f"row-{keys[3]}-rhk": "Keempat, belum disimpan"}
    sekar.posts(sekar.form("/edit"), typed | {"do": f"up:{keys[2]}"})
    assert order(sekar) == ["Pertama", "Ketiga", "Kedua", "Keempat, belum disimpan"]
    sekar.posts(sekar.form("/edit"), {"do": f"kind:{keys[0]}"})
    assert order(sekar) == ["Ketiga", "Kedua", "Keempat, belum disimpan", "Pertama"]
    assert sekar.form("/edit").value(f"row-{keys[0]}-kind") == "tambahan"
    sekar.posts(sekar.form("/edit"), {"do": f"add_indicator:{keys[1]}"})
    inner = [value for name, value in sekar.form("/edit").fields if name == f"order-{keys[1]}"]
    sekar.posts(sekar.form("/edit"), {f"indicator-{inner[1]}-text": "Yang kedua", "do": f"up:{inner[1]}"})
    assert [v for n, v in sekar.form("/edit").fields if n == f"order-{keys[1]}"] == inner[::-1]
    sekar.posts(sekar.form("/edit"), {f"row-{keys[1]}-rhk": "Kedua, diperbaiki", "do": f"remove:{keys[2]}"})
    assert order(sekar) == ["Kedua, diperbaiki", "Keempat, belum disimpan", "Pertama"]
    assert "Yang kedua" in sekar.text


def order(person: Browser) -> list[str]:
    return [
        value
        for name, value in person.form("/edit").fields
        if name.startswith("row-") and name.endswith("-rhk") and not name.endswith("intervened")
    ]


def last_year(office: Office, who: str, rhk: str) -> None:
    """An SKP of last year that was in force to its end."""
    with office.app.app_context(), clock.frozen(clock.now().replace(year=2025)):
        period = periods.period_of(2025) or periods.open_period(
            None, year=2025, rule_set="kmk300-2022", windows=periods.default_windows("kmk300-2022", 2025)
        )
        document = skp_start.create_skp(office.ids[who], period, by_id=office.ids[who])
        db.session.execute(sa.update(SkpRow).where(SkpRow.skp_id == document.id).values(rhk=rhk))
        db.session.execute(sa.update(Document).where(Document.id == document.id).values(state="closed"))
        db.session.commit()


def test_rows_copied_from_last_year_and_for_a_post_held_as_plt_name_their_origin(
    small_office: Office,
) -> None:
    last_year(small_office, "sekar", "Laporan mutu yang dipakai")
    last_year(small_office, "bagas", "Katalog data terpadu")
    with small_office.app.app_context():
        post = db.session.scalars(sa.select(Post).where(Post.title == "Kasubdit Mutu Data")).one()
        db.session.add(
            Placement(
                person_id=small_office.ids["sekar"], post_id=post.id, kind="plt", starts=date(2026, 1, 1),
                recorded_at=clock.now(),
            )
        )  # fmt: skip
        db.session.commit()
    sekar = small_office.signs_in("sekar")
    begins(sekar)
    assert "Plt. Kasubdit Mutu Data" in sekar.text
    assert "Katalog data terpadu" in order(sekar)
    sekar.sends(sekar.form("/edit"), do="copy:tahun_lalu")
    assert order(sekar).count("Laporan mutu yang dipakai") == 1
    assert "SKP 2025" in sekar.text
    sekar.sends(sekar.form("/edit"), do="copy:tahun_lalu")
    assert order(sekar).count("Laporan mutu yang dipakai") == 1, "copied once is enough"
    with small_office.app.app_context():
        rows = db.session.execute(
            sa.select(SkpRow.rhk, SkpRow.origin, SkpRow.acting_post, SkpRow.kind)
            .join(Document, Document.id == SkpRow.skp_id)
            .where(Document.subject_id == small_office.ids["sekar"], Document.state == "draft")
        ).all()
        assert {tuple(r) for r in rows if r.rhk} == {
            ("Katalog data terpadu", "Plt. Kasubdit Mutu Data", True, "utama"),
            ("Laporan mutu yang dipakai", "SKP 2025", False, "utama"),
        }
        db.session.rollback()


def test_an_skp_sent_back_carries_the_remarks_at_their_fields_and_an_edit_lets_both_marks_fall(
    small_office: Office,
) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    acts(bagas, address, "open_dialogue")
    acts(bagas, address, "agree")
    assert "Bagas Wicaksono (Pejabat Penilai Kinerja): <span" in bagas.text
    sekar.opens(f"{address}/edit")
    assert "menggugurkan tanda sepakat Bagas Wicaksono" in sekar.text
    sekar.sends(sekar.form("/edit"))
    assert "menggugurkan" not in sekar.opens(f"{address}/edit")
    bagas.opens(f"{address}/send_back")
    form = bagas.form("/send_back")
    remarks = [name for name, _value in form.fields if name.startswith("remark-")]
    bagas.posts(form, {"note": "pendek", remarks[1]: "Beri batas waktu."}, 422)
    assert "Beri batas waktu." in bagas.text
    bagas.posts(
        bagas.form("/send_back"), {"note": "Perbaiki indikator pertama.", remarks[0]: "Tulis hasilnya."}
    )
    page = sekar.opens(f"{address}/edit")
    assert page.count("Catatan pengembalian") == 1
    key = remarks[1].removeprefix("remark-")
    at_field = page.partition(f'id="{key}"')[2].partition('class="k-edit-iki"')[0]
    assert "Beri batas waktu." in at_field
    row = page.partition(f'id="{remarks[0].removeprefix("remark-")}"')[2].partition('class="k-edit-iki"')[0]
    assert "Tulis hasilnya." in row
    sekar.opens(address)
    sekar.sends(sekar.form("/comment"), text="Mohon penjelasan.", field=key)
    assert "menulis pada Indikator 1.1" in sekar.text


def test_what_is_missing_stands_on_the_page_exactly_as_the_step_refuses_it(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = begins(sekar)
    listed = sekar.text.partition('id="kelengkapan"')[2].partition("</section>")[0]
    assert listed.count("<tr") - 1 == 4
    sekar.opens(address)
    assert not [form for form in sekar.forms() if "/submit" in form.action]
    address = None
    sekar = small_office.signs_in("dimas")
    address = drafts_an_skp(sekar)
    assert "Tidak ada yang kurang untuk langkah ini" in sekar.opens(address)
    acts(sekar, address, "submit")


def test_a_resource_that_was_not_delivered_offers_to_adjust_the_expectation(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    agree_and_sign(sekar, bagas, address)
    offer = "Usulkan penyesuaian ekspektasi"
    assert "Belum ada dukungan sumber daya yang dicatat" in sekar.opens(address)
    sekar.opens(f"{address}/report_resource")
    sekar.sends(sekar.form("/report_resource"), delivered="tidak")
    assert "tidak terealisasi" in sekar.text
    assert f'/propose_adjustment">{offer}</a>' in sekar.text.partition('id="lampiran"')[2]
    sekar.opens(f"{address}/propose_adjustment")
    sekar.sends(sekar.form("/propose_adjustment"), text="Target triwulan III menjadi dua laporan.")
    shown = bagas.opens(address).partition('id="lampiran"')[2]
    assert "Target triwulan III menjadi dua laporan." in shown
    assert "Tambah ekspektasi khusus</a>" in shown
    sekar.opens(f"{address}/report_resource")
    sekar.sends(sekar.form("/report_resource"), delivered="ya")
    assert offer not in sekar.opens(address).partition('id="lampiran"')[2].partition("</section>")[0]
