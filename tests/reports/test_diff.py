"""Two texts of a document compared: words, numbers, and rows by their keys."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from kinerja.reports import diff
from tests.reports import samples


def marked(segments: list[dict[str, str]]) -> str:
    sign = {"same": ("", ""), "ins": ("[", "]"), "del": ("{", "}")}
    return "".join(sign[s["op"]][0] + s["text"] + sign[s["op"]][1] for s in segments)


@pytest.mark.parametrize(
    "old, new, before, after",
    [
        (
            "Laporan triwulanan akurat",
            "Laporan bulanan akurat",
            "Laporan {triwulanan} akurat",
            "Laporan [bulanan] akurat",
        ),
        ("satu dua tiga", "satu empat lima", "satu {dua tiga}", "satu [empat lima]"),
        ("", "Baru", "", "[Baru]"),
        ("Lama", "", "{Lama}", ""),
        ("sama", "sama", "sama", "sama"),
        ("meningkat.", "meningkat!", "meningkat{.}", "meningkat[!]"),
        ("95%", "96%", "{95}%", "[96]%"),
        (
            "baris satu\nbaris dua",
            "baris satu\nbaris tiga",
            "baris satu\nbaris {dua}",
            "baris satu\nbaris [tiga]",
        ),
    ],
)
def test_words_are_compared_whole(old: str, new: str, before: str, after: str) -> None:
    found = diff.diff_words(old, new)
    assert (marked(found[0]), marked(found[1])) == (before, after)


def test_both_sides_keep_every_letter() -> None:
    old, new = samples.three_results()[0]["rhk"] * 3, samples.three_results()[1]["rhk"] * 2
    before, after = diff.diff_words(old, new)
    assert "".join(s["text"] for s in before) == old
    assert "".join(s["text"] for s in after) == new


@pytest.mark.parametrize(
    "name, old, new, before, after",
    [
        ("target", "4", "12", "{4}", "[12]"),
        ("target", "1240", "1240.50", "{1.240}", "[1.240,5]"),
        ("target", None, "3", "", "[3]"),
        ("target", "3", None, "{3}", ""),
    ],
)
def test_a_number_is_replaced_whole(name: str, old: Any, new: Any, before: str, after: str) -> None:
    change = diff.compare_values(name, old, new)
    assert change is not None
    assert change.number
    assert (marked(change.old), marked(change.new)) == (before, after)


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("target", "4", "4"),
        ("rhk", None, ""),
        ("diambil_alih", None, False),
        ("target", "4.0", "4"),
        ("aspek", [], None),
    ],
)
def test_nothing_new_is_no_change(name: str, old: Any, new: Any) -> None:
    assert diff.compare_values(name, old, new) is None


def test_equal_texts_have_no_sections() -> None:
    assert diff.compare(samples.skp("A.1.7"), samples.skp("A.1.7")).sections == ()


def changed() -> diff.Comparison:
    old = samples.skp("A.1.7")
    new = deepcopy(old)
    first, second, third = new["baris"]
    first["rhk"] = first["rhk"].replace("triwulanan", "bulanan")
    first["indikator"][0]["target"] = "12"
    first["indikator"][0]["lintasan"]["TW1"] = "3"
    del first["indikator"][2]
    new["baris"] = [
        second,
        first,
        third,
        samples.row("r9", "tambahan", "Hasil baru", samples.indicator("i9", "Jumlah baru")),
    ]
    new["penilai"] = new["penilai"] | {"jabatan": "Plt. Kepala Subdirektorat Mutu Data"}
    new["selesai"] = "2026-09-30"
    new["lampiran"] = new["lampiran"][1:]
    new["ekspektasi"].append({"nilai": "adaptif", "teks": "Cepat.", "ditambahkan": "2026-05-03"})
    return diff.compare(old, new)


def section(label: str) -> diff.Section:
    return next(section for section in changed().sections if section.label == label)


def test_sections_follow_the_form_and_leave_out_what_is_the_same() -> None:
    assert [s.label for s in changed().sections] == [
        "Umum", "Pejabat Penilai Kinerja", "Hasil kerja", "Ekspektasi khusus pimpinan", "Lampiran SKP",
    ]  # fmt: skip


def test_rows_are_followed_by_key() -> None:
    rows = {row.key: row for row in section("Hasil kerja").rows}
    assert {key: row.status for key, row in rows.items()} == {
        "r1": "changed", "r2": "same", "r3": "same", "r9": "added",
    }  # fmt: skip
    moved = [row for row in rows.values() if row.moved]
    assert len(moved) == 1
    assert {moved[0].old_place, moved[0].new_place} == {1, 2}
    assert [f.label for f in rows["r1"].fields] == ["Rencana hasil kerja"]


def test_an_indicator_tells_its_own_changes() -> None:
    row = next(row for row in section("Hasil kerja").rows if row.key == "r1")
    first, gone = row.children[0], row.children[2]
    assert [(f.label, marked(f.old), marked(f.new)) for f in first.fields] == [
        ("Target", "{4}", "[12]"),
        ("Target per periode, Triwulan I", "{1}", "[3]"),
    ]
    assert (gone.status, gone.title) == ("removed", "Rata-rata hari kerja penyelesaian laporan")


def test_lines_without_a_key_are_known_by_their_words() -> None:
    (added,) = [row for row in section("Ekspektasi khusus pimpinan").rows if row.differs]
    assert (added.status, added.title) == ("added", "Cepat.")


def test_a_removed_line_stays_where_it_stood() -> None:
    rows = section("Lampiran SKP").rows
    assert (rows[0].key, rows[0].status, rows[0].old_place, rows[0].new_place) == ("l1", "removed", 1, None)
    assert not any(row.moved for row in rows)


def test_a_field_without_a_label_is_shown_under_its_name() -> None:
    (only,) = diff.compare({"hal_baru": "a"}, {"hal_baru": "b"}).sections
    assert only.fields[0].label == "Hal baru"


def test_every_change_is_counted_once() -> None:
    found = changed()
    assert found.count == sum(
        len(s.fields)
        + sum(1 if r.status in ("added", "removed") else len(r.fields) + r.moved for r in every(s.rows))
        for s in found.sections
    )


def every(rows: Any) -> list[diff.RowChange]:
    return [found for row in rows for found in (row, *every(row.children))]


def test_a_rating_reads_as_in_the_evaluation() -> None:
    old, new = samples.review(), samples.review(rating_hasil="diatas", predikat="sangat_baik")
    (only,) = diff.compare(old, new).sections
    assert [(f.label, "".join(s["text"] for s in f.new)) for f in only.fields] == [
        ("Rating hasil kerja", "Diatas Ekspektasi"),
        ("Predikat", "Sangat Baik"),
    ]


def test_labels_and_words_of_ours_are_said_in_the_language_of_the_reader_and_nobody_elses() -> None:
    """What stands in the contents as people wrote it is not touched."""
    english = {
        "Rating hasil kerja": "Rating of results",
        "Sesuai Ekspektasi": "As expected",
        "Sebelum": "Before",
    }
    old = {
        "kalibrasi": [{"key": "k", "sebelum": {"rating_hasil": "diatas"}, "penjelasan": "Sesuai Ekspektasi"}]
    }
    new = {
        "kalibrasi": [{"key": "k", "sebelum": {"rating_hasil": "sesuai"}, "penjelasan": "Sesuai, Ekspektasi"}]
    }
    (only,) = diff.compare(old, new, lambda text: english.get(text, text)).sections
    before, told = only.rows[0].fields
    assert before.label == "Before, Rating of results"
    assert "".join(piece["text"] for piece in before.new) == "As expected"
    assert "".join(piece["text"] for piece in told.old) == "Sesuai Ekspektasi"
