"""Writing an SKP: four layouts, rows that move and come from elsewhere, remarks, marks, and what was promised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.ids import new_public_id
from kinerja.models import Document, Placement, Post, Realisation, RealisationItem, Skp, SkpRow
from kinerja.rules.registry import regulation
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
    sekar.posts(sekar.form("/edit"), {f"row-{keys[1]}-rhk": "Kedua, diperbaiki", "do": f"drop:{keys[2]}"})
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


def _recorded_last_year(office: Office, who: str, text: str, unit: str, target: str, value: str) -> None:
    """An indicator of last year's SKP with the target of the year and what the fourth quarter came to."""
    with office.app.app_context():
        skp = db.session.scalars(
            sa.select(Document).where(Document.subject_id == office.ids[who], Document.state == "closed")
        ).one()
        row = db.session.scalars(sa.select(SkpRow).where(SkpRow.skp_id == skp.id)).first()
        assert row is not None
        one = row.indicators[0]
        one.text, one.measure, one.target, one.consolidation = text, unit, Decimal(target), "take_last_known"
        paper = Document(
            public_id=new_public_id(), print_number="RLS-2025-000001", kind="realisation", slot="TW4",
            state="validated", subject_id=skp.subject_id, unit_id=skp.unit_id, period_id=skp.period_id,
            parent_id=skp.id, created_at=clock.now(), updated_at=clock.now(),
            state_since=clock.now(),
        )  # fmt: skip
        db.session.add(paper)
        db.session.flush()
        items = [RealisationItem(indicator_id=one.id, value=Decimal(value))]
        db.session.add(
            Realisation(document_id=paper.id, skp_id=skp.id, first_recorded_at=clock.now(), items=items)
        )
        db.session.commit()


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("Laporan", "Target indikator 1.1 lebih mudah daripada tahun lalu: 4, dahulu 6"),
        ("berkas", ""),
    ],
    ids=["the same indicator", "another unit"],
)
def test_a_target_below_what_last_year_came_to_is_told_beside_it(
    small_office: Office, unit: str, said: str
) -> None:
    last_year(small_office, "sekar", "Laporan mutu yang dipakai")
    text = "Jumlah laporan mutu data  yang diterima sampai 31 Desember"
    _recorded_last_year(small_office, "sekar", text, unit, target="3", value="6")
    sekar = small_office.signs_in("sekar")
    drafts_an_skp(sekar)
    small_office.statements.clear()
    sekar.opens(sekar.page.request.path if sekar.page else "")
    assert (said in sekar.text) if said else ("lebih mudah" not in sekar.text)
    assert len(small_office.statements) <= 15, "\n".join(small_office.statements)


def test_a_leader_of_the_joint_perspective_is_asked_which_part_a_row_is(small_office: Office) -> None:
    with small_office.app.app_context():
        period = periods.period_of(2026)
        assert period is not None
        period.rule_set, period.rules = "kmk127-2026", regulation("kmk127-2026").freeze()
        period.opened_at = clock.now()
        db.session.commit()
    ratih = small_office.signs_in("ratih")
    begins(ratih)
    form = ratih.form("/edit")
    (row,) = form.names("row-", "-perspective")
    ratih.sends(form, **{row: "penguatan_internal_dan_anggaran"})
    asked = "Baris 1 berlabel Penguatan Internal dan Anggaran: tandai anggaran atau penguatan internal"
    assert asked in ratih.text
    assert "Perspektif Anggaran belum ada" in ratih.text
    ratih.sends(ratih.form("/edit"), **{row: "anggaran"})
    assert asked not in ratih.text
    assert "Perspektif Anggaran belum ada" not in ratih.text


def test_days_of_the_post_between_two_skp_may_not_be_left_out(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    with small_office.app.app_context():
        db.session.execute(
            sa.update(Skp).values(ends=date(2026, 1, 31)), execution_options={"synchronize_session": False}
        )
        db.session.execute(sa.update(Document).where(Document.kind == "skp").values(state="closed"))
        db.session.commit()
        period = periods.period_of(2026)
        assert period is not None
        later = skp_start.create_skp(
            small_office.ids["sekar"], period, by_id=small_office.ids["sekar"], starts=date(2026, 3, 1)
        ).public_id
        db.session.commit()
    gap = "Tidak ada SKP dari 1 Februari 2026 sampai 28 Februari 2026"
    assert gap in sekar.opens(address.replace(address.rsplit("/", 1)[1], later))
    with small_office.app.app_context():
        db.session.execute(sa.update(Placement).values(starts=date(2026, 3, 1)))
        db.session.commit()
    page = sekar.opens(address.replace(address.rsplit("/", 1)[1], later))
    assert "Tidak ada SKP dari" not in page, "before he held the post nothing is missing"


def test_what_cannot_be_checked_yet_says_why(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    drafts_an_skp(sekar)
    assert "tim kerja belum dapat diperiksa: pimpinan belum menyusun matriks" in sekar.text
    assert "hasil belum dapat diperiksa: pimpinan belum menyusun matriks" in sekar.text


def test_a_span_outside_the_year_is_refused_and_the_dates_of_a_draft_can_be_changed(
    small_office: Office,
) -> None:
    sekar = small_office.signs_in("sekar")
    sekar.opens("/skp/susun")
    html = sekar.posts(sekar.form("skp/susun"), {"starts": "2025-03-01", "ends": "2027-12-31"}, 422)
    assert "Masa SKP harus di dalam tahun 2026" in html
    assert 'value="2025-03-01"' in html
    address = drafts_an_skp(sekar)
    sekar.opens(f"{address}/change_span")
    refused = sekar.posts(sekar.form("/change_span"), {"starts": "2026-03-02", "ends": "2027-01-01"}, 422)
    assert "Masa SKP harus di dalam tahun 2026" in refused
    assert 'value="2027-01-01"' in refused
    sekar.posts(sekar.form("/change_span"), {"starts": "2026-03-02", "ends": "2026-12-31"})
    with small_office.app.app_context():
        skp, document = db.session.execute(
            sa.select(Skp, Document).join(Document, Document.id == Skp.document_id)
        ).one()
        assert (skp.starts, skp.ends, document.span_start) == (
            date(2026, 3, 2),
            date(2026, 12, 31),
            "2026-03-02",
        )
        assert document.due_at is not None
        assert clock.local(document.due_at).date() > date(2026, 3, 2)
        assert len(skp.rows) == 3
        db.session.rollback()
    acts(sekar, address, "submit")
    assert "change_span" not in sekar.opens(address)
