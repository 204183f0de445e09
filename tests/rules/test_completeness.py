"""Each rule of an SKP has one fixture that triggers it once and one that does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import completeness as c
from kinerja.rules.content import AttachmentLine, Indicator, ResultRow, Skp
from kinerja.rules.finding import Finding
from kinerja.rules.registry import CODES, regulation

NATIONAL, K300, K127 = (regulation(code) for code in CODES)


def indicator(key: str = "i1", **changes: Any) -> Indicator:
    base = Indicator(
        key,
        "1.1",
        "Jumlah klaim selesai sesuai SOP",
        ("kuantitas", "waktu"),
        "12 berkas setahun",
        D(12),
        "berkas",
        "maximize",
        "sum",
        {"TW1": D(3), "TW2": D(3), "TW3": D(3), "TW4": D(3)},
        "proxy",
        "moderate",
        "output_kendali_tinggi",
    )
    return replace(base, **changes)


def row(key: str = "r1", *indicators: Indicator, **changes: Any) -> ResultRow:
    base = ResultRow(
        key,
        "1",
        "utama",
        "Klaim terselesaikan tepat mutu",
        "Layanan klaim prima",
        "Kepala Seksi Klaim",
        "PK",
        "",
        False,
        "",
        indicators or (indicator(),),
        matrix_cell=True,
    )
    return replace(base, **changes)


ATTACHMENT = (
    AttachmentLine("dukungan", "Dua anggota tim"),
    AttachmentLine("pertanggungjawaban", "Laporan bulanan"),
    AttachmentLine("konsekuensi_positif", "Penugasan baru"),
)


def staff(*rows: ResultRow, **changes: Any) -> Skp:
    base = Skp(
        "A.1.7",
        "kuantitatif",
        "ja",
        "pelaksana",
        False,
        False,
        date(2026, 1, 1),
        date(2026, 12, 31),
        date(2026, 1, 1),
        date(2026, 12, 31),
        rows or (row("r1", indicator("i1"), indicator("i2"), indicator("i3")),),
        {},
        ATTACHMENT,
        slots=("matriks", "tim"),
    )
    return replace(base, **changes)


LEADER_ROWS = tuple(
    row(f"r{n}", indicator(f"i{n}", text=f"IKU {n}", quality="outcome"), rhk=rhk, perspective=perspective)
    for n, (perspective, rhk) in enumerate(
        [
            ("Penerima Layanan", "Kepuasan pengguna naik"),
            ("Proses Bisnis", "Layanan menjadi cepat"),
            ("Penguatan Internal", "Kompetensi pegawai terpenuhi"),
            ("Anggaran", "Belanja efisien"),
        ],
        1,
    )
)


def leader(*rows: ResultRow, **changes: Any) -> Skp:
    return staff(
        *(rows or LEADER_ROWS),
        form="A.1.2",
        post_group="jpt",
        post_rank="pratama",
        owns_strategy_map=True,
        slots=("pk", "pk:IKU 1", "tim"),
        **changes,
    )


def one(skp: Skp, **changes: Any) -> Skp:
    """The SKP with its first indicator changed."""
    first = skp.rows[0]
    changed = replace(first, indicators=(replace(first.indicators[0], **changes), *first.indicators[1:]))
    return replace(skp, rows=(changed, *skp.rows[1:]))


GOOD = staff()
CASES: list[tuple[str, str, Skp, Any, str, str]] = [
    # rule, sentence, the SKP that triggers it, rule set, severity, field
    ("SKP-1", "starts in May", staff(start=date(2026, 5, 1), period_start=date(2026, 5, 1)), K300, "I", ""),
    ("SKP-2", "has only a tambahan", staff(row(kind="tambahan")), K300, "B", ""),
    ("SKP-3", "has a row without indicator", staff(replace(row(), indicators=())), K300, "B", "row-r1-rhk"),
    ("SKP-3", "has a row without result", staff(row(rhk=" ")), K300, "B", "row-r1-rhk"),
    (
        "SKP-3",
        "has an indicator without target",
        one(GOOD, target=None, target_text=""),
        K300,
        "B",
        "indicator-i1-target",
    ),
    ("SKP-3", "has an unwritten indicator", one(GOOD, text=""), K300, "B", "indicator-i1-text"),
    ("SKP-4", "V1: a JPT without Anggaran", leader(*LEADER_ROWS[:3]), K300, "B", ""),
    ("SKP-5", "a JPT without Proses Bisnis", leader(LEADER_ROWS[0], *LEADER_ROWS[2:]), K300, "B", ""),
    (
        "SKP-6",
        "lacks an indicator of the PK",
        replace(leader(), slots=("pk", "pk:IKU 9", "tim")),
        K300,
        "B",
        "",
    ),
    ("SKP-6", "cannot see the PK", replace(leader(), slots=("tim",)), K300, "?", ""),
    (
        "SKP-7",
        "V5: Plt. row as tambahan",
        staff(row(), row("r2", kind="tambahan", rhk="Plt", acting_post=True)),
        K300,
        "B",
        "row-r2-rhk",
    ),
    ("SKP-8", "has a target without unit", one(GOOD, unit=""), K300, "B", "indicator-i1-unit"),
    ("SKP-9", "has an unknown aspect", one(GOOD, aspects=("rasa",)), K300, "B", "indicator-i1-aspects"),
    ("SKP-9", "has no aspect on A.1.7", one(GOOD, aspects=()), K300, "B", "indicator-i1-aspects"),
    (
        "SKP-10",
        "V2: semua",
        one(GOOD, target_text="Semua klaim diproses cepat"),
        K300,
        "P",
        "indicator-i1-target",
    ),
    (
        "SKP-10",
        "V3: selalu",
        one(GOOD, target_text="Pemrosesan klaim selalu tepat waktu"),
        K300,
        "P",
        "indicator-i1-target",
    ),
    (
        "SKP-11",
        "starts with an activity",
        staff(row(rhk="Menyusun laporan keuangan")),
        K300,
        "P",
        "row-r1-rhk",
    ),
    (
        "SKP-12",
        "is too small for a pengawas",
        staff(row(), post_rank="pengawas"),
        K300,
        "P",
        "indicator-i1-text",
    ),
    ("SKP-13", "has an orphan row", staff(row(matrix_cell=False)), K300, "P", "row-r1-rhk"),
    ("SKP-13", "cannot see the matriks", replace(GOOD, slots=("tim",)), K300, "?", ""),
    (
        "SKP-14",
        "V7: two indicators under kmk127",
        staff(row("r1", indicator("a"), indicator("b"))),
        K127,
        "B",
        "",
    ),
    (
        "SKP-14",
        "two indicators under kmk300",
        staff(row("r1", indicator("a"), indicator("b"))),
        K300,
        "P",
        "",
    ),
    (
        "SKP-14",
        "V6: seven under kmk127",
        staff(row("r1", *(indicator(str(n)) for n in range(7)))),
        K127,
        "B",
        "",
    ),
    (
        "SKP-15",
        "exact and high under kmk127",
        one(GOOD, validity="exact", control="high"),
        K127,
        "B",
        "indicator-i1-text",
    ),
    (
        "SKP-15",
        "activity and low under kmk300",
        one(GOOD, validity="activity", control="low"),
        K300,
        "P",
        "indicator-i1-text",
    ),
    (
        "SKP-15",
        "activity and high for the owner of a map",
        one(leader(), validity="activity", control="high"),
        K127,
        "P",
        "indicator-i1-text",
    ),
    (
        "SKP-16",
        "serves no squad under kmk127",
        replace(GOOD, slots=("matriks", "tim", "tim:Tim Arsip")),
        K127,
        "B",
        "",
    ),
    (
        "SKP-16",
        "serves no squad under kmk300",
        replace(GOOD, slots=("matriks", "tim", "tim:Tim Arsip")),
        K300,
        "P",
        "",
    ),
    ("SKP-16", "cannot see the squads", replace(GOOD, slots=("matriks",)), K300, "?", ""),
    (
        "SKP-17",
        "names no time",
        one(GOOD, aspects=("kualitas",), target_text="12 berkas", trajectory={}),
        K300,
        "I",
        "indicator-i1-target",
    ),
    (
        "SKP-18",
        "overlaps another",
        replace(GOOD, other_spans=((date(2026, 12, 1), date(2026, 12, 31)),)),
        K300,
        "B",
        "",
    ),
    ("SKP-18", "leaves a gap", replace(GOOD, start=date(2026, 1, 5)), K300, "B", ""),
    (
        "SKP-19",
        "has no konsekuensi",
        replace(GOOD, attachment=ATTACHMENT[:2]),
        K300,
        "B",
        "attachment-konsekuensi_positif",
    ),
    (
        "SKP-20",
        "hides the budget behind the joint label",
        leader(
            *LEADER_ROWS,
            row(
                "r5",
                indicator("i5", quality="outcome"),
                rhk="Aset terawat",
                perspective="Penguatan Internal dan Anggaran",
            ),
        ),
        K127,
        "I",
        "row-r5-rhk",
    ),
    ("SKP-21", "repeats itself", staff(row(), row("r2", indicator("i2"))), K300, "I", "row-r2-rhk"),
    (
        "SKP-21",
        "asks less than last year",
        replace(GOOD, last_year_targets={"i1": D(15)}),
        K300,
        "I",
        "indicator-i1-target",
    ),
    (
        "PK-8",
        "V8: 3, 3, 3, 4 against 12",
        one(GOOD, trajectory=dict(zip("1234", map(D, (3, 3, 3, 4)), strict=True))),
        K300,
        "P",
        "indicator-i1-target",
    ),
]


def found(rule: str, skp: Skp, rules: Any) -> list[Finding]:
    return c.RULES[rule](skp, rules)


@pytest.mark.parametrize(
    ("rule", "sentence", "skp", "rules", "severity", "field"), CASES, ids=[f"{x[0]} {x[1]}" for x in CASES]
)
def test_a_rule_speaks_once(
    rule: str, sentence: str, skp: Skp, rules: Any, severity: str, field: str
) -> None:
    findings = found(rule, skp, rules)
    assert [(f.rule, f.severity, f.field) for f in findings] == [(rule, severity, field)]
    assert findings[0].text
    assert "%(" not in findings[0].text
    assert findings[0].source


@pytest.mark.parametrize("rule", c.RULES)
@pytest.mark.parametrize("rules", [NATIONAL, K300, K127], ids=CODES)
@pytest.mark.parametrize("skp", [GOOD, leader()], ids=["staff", "leader"])
def test_a_good_skp_is_met_with_silence(rule: str, rules: Any, skp: Skp) -> None:
    assert found(rule, skp, rules) == []


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(c.RULES)


def test_v6_seven_indicators_are_accepted_by_the_national_law_and_looked_at_only_from_agree_on() -> None:
    seven = staff(row("r1", *(indicator(str(n)) for n in range(7))))
    assert found("SKP-14", seven, NATIONAL) == []
    assert c.blocking(seven, K127, "submit") == []
    assert [f.rule for f in c.blocking(seven, K127, "agree")] == ["SKP-14"]
    assert c.blocking(seven, K300, "agree") == []


def test_v1_a_jpt_without_anggaran_is_refused_at_submit() -> None:
    assert [f.rule for f in c.blocking(leader(*LEADER_ROWS[:3]), K300, "submit")] == ["SKP-4"]


def test_v2_a_flag_for_danger_to_life_lets_an_absolute_target_pass_on_an_utama_row_only() -> None:
    absolute = indicator(target_text="Semua pasien selamat")
    assert found("SKP-10", staff(row("r1", absolute, absolute_reason="nyawa")), K300) == []
    extra = row("r1", absolute, absolute_reason="nyawa", kind="tambahan")
    assert len(found("SKP-10", staff(extra), K300)) == 1
    assert found("SKP-10", one(GOOD, target_text="12 berkas semuanya setahun"), K300) == []


def test_a_qualitative_skp_needs_one_narrative_and_no_unit() -> None:
    told = staff(
        row("r1", indicator(text="Klaim selesai dalam setahun", target_text="", target=None, unit="")),
        approach="kualitatif",
        form="A.1.6",
    )
    assert found("SKP-3", told, K300) == found("SKP-8", told, K300) == []
    assert [f.field for f in found("SKP-3", one(told, text=""), K300)] == ["indicator-i1-text"]


def test_the_attachment_is_asked_for_at_the_signature() -> None:
    bare = replace(GOOD, attachment=())
    assert c.blocking(bare, K300, "agree") == []
    assert [f.field for f in c.blocking(bare, K300, "sign_employee")] == [
        "attachment-dukungan",
        "attachment-pertanggungjawaban",
        "attachment-konsekuensi_positif",
    ]


def test_check_lists_everything_in_the_order_of_the_rules() -> None:
    wrong = one(replace(GOOD, attachment=()), unit="", target_text="Semua berkas setahun")
    assert [f.rule for f in c.check(wrong, K300)] == ["SKP-8", "SKP-10", "SKP-19", "SKP-19", "SKP-19"]


def test_segments_that_meet_leave_no_gap() -> None:
    later = replace(GOOD, start=date(2026, 7, 1), other_spans=((date(2026, 1, 1), date(2026, 6, 30)),))
    assert found("SKP-18", later, K300) == []


def test_the_due_day_is_the_last_of_january() -> None:
    assert c.skp_due(GOOD, K300) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("rank", "most"),
    [("madya", 8), ("Ahli Madya", 8), ("ahli_muda", 7), ("mahir", 6), ("staf khusus", None)],
)
def test_limits_by_post(rank: str, most: int | None) -> None:
    assert c.iki_limits(staff(post_group="jf", post_rank=rank), K127) == (3, most)
