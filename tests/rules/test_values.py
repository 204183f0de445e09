"""Which values a decree may bring, which parameters it may replace, and what numbers must go together."""

from __future__ import annotations

import ast
import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kinerja.rules import coherence, deadlines, values, windows
from kinerja.rules.registry import CODES, regulation
from kinerja.rules.regulation import VERIFIED, Override
from kinerja.rules.values import BadValue, check
from tests.rules.test_clock import PLAIN

LAW = regulation("kmk300-2022")
HOME = Path(__file__).parents[2] / "kinerja"
OPEN_CODES = sorted({p.code for code in CODES for p in regulation(code) if p.status != VERIFIED})
BANDS = [
    {"from": 110, "code": "istimewa"}, {"from": 100, "code": "baik"}, {"from": 90, "code": "butuh_perbaikan"},
    {"from": 80, "code": "kurang"}, {"code": "sangat_kurang"},
]  # fmt: skip
MONTHLY = {"evaluasi_hari_sebelum": 3, "rekam_tanggal": 7, "validasi_tanggal": 10, "tutup_tanggal": 20}


def decreed(key: str, value: Any) -> Any:
    return regulation("kmk300-2022", [Override(key, value, "KEP-1/2026", date(2026, 1, 2))])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tahun_rekam", "10 Januari"),
        ("tahun_rekam", "13-40"),
        ("tahun_rekam", "07-01"),
        ("skp_ajukan", "02-29"),
        ("tw_validasi_hari", -5),
        ("tw_rekam_bulan", 99999999),
        ("tw_rekam_bulan", Decimal("1.5")),
        ("tw_rekam_bulan", True),
        ("sebagian_besar", 7),
        ("sebagian_besar", Decimal("NaN")),
        ("metode_nko", "acak"),
        ("bobot_kelompok", {"atasan": 0, "rekan": 0, "bawahan": 0, "gabungan": 0}),
        ("bobot_kelompok", {"atasan": 1}),
        ("bobot_kelompok", {"atasan": -1, "rekan": 1, "bawahan": 1, "gabungan": 1}),
        ("iki_maksimum", {"x": 1}),
        ("kepala_upk_rating", dict.fromkeys(LAW.value("kepala_upk_rating"), "hebat")),
        ("kurva_distribusi", dict(LAW.value("kurva_distribusi")) | {"baik": [1, 2]}),
        ("kurva_distribusi", dict(LAW.value("kurva_distribusi")) | {"baik": [0] * 5}),
        ("kata_kegiatan", []),
        ("kata_kegiatan", ["menyusun", "Menyusun"]),
        ("kata_kegiatan", ["menyusun", 3]),
        ("skala_contoh", [[0, 0]]),
        ("skala_contoh", [[0, 0], [0, 100]]),
        ("predikat_organisasi_batas", {"x": 1}),
        ("predikat_organisasi_batas", BANDS[1:]),
        ("predikat_organisasi_batas", [BANDS[0] | {"from": 95}, *BANDS[1:]]),
        ("predikat_organisasi_batas", [*BANDS[:-1], BANDS[-1] | {"from": 1}]),
        ("jendela_bulanan", MONTHLY | {"rekam_tanggal": 99}),
    ],
)
def test_a_value_without_the_form_range_or_shape_of_its_parameter_is_refused(key: str, value: Any) -> None:
    with pytest.raises(BadValue):
        check(LAW.parameter(key), value, LAW)


@pytest.mark.parametrize("code", CODES)
def test_every_value_of_the_rule_sets_themselves_has_the_form_asked_of_a_decree(code: str) -> None:
    law = regulation(code)
    for parameter in law:
        if (
            parameter.value is not None
            and parameter.code in OPEN_CODES
            and values.can_be_replaced(parameter.code)
        ):
            check(parameter, parameter.value, law)


@pytest.mark.parametrize("code", CODES)
def test_the_numbers_of_each_rule_set_go_together(code: str) -> None:
    assert coherence.clashes(regulation(code), (2026, 2027, 2028)) == []


@pytest.mark.parametrize(
    ("key", "value", "with_"),
    [
        ("lampu_kuning", Decimal(100), "lampu_hijau"),
        ("tangga_salin_atasan_hk", 9, "tangga_ambil_alih_hk"),
        ("skp_ajukan", "12-05", "skp_batas"),
        ("tahun_rekam", "01-20", "tahun_validasi"),
        ("iki_minimum", 9, "iki_maksimum"),
        ("nkp_bobot_nhk", Decimal("0.7"), "nkp_bobot_npk"),
        ("tw_validasi_bulan", 1, ""),
        ("tw_validasi_hari", 31, ""),
        ("jendela_bulanan", MONTHLY | {"validasi_tanggal": 7}, ""),
    ],
)
def test_numbers_that_do_not_go_together_are_found(key: str, value: Any, with_: str) -> None:
    check(LAW.parameter(key), value, LAW)
    found = coherence.clashes(decreed(key, value), (2026,))
    assert found
    assert not with_ or (key in found[0].codes and with_ in found[0].codes)
    assert not with_ or found[0].at_opening == (key == "nkp_bobot_nhk")


@pytest.mark.parametrize("key", ["tahun_rekam", "skp_ajukan"])
def test_a_decree_that_was_let_in_before_is_told_and_breaks_nothing(key: str) -> None:
    """Values were once not looked at: such a law opens no year, and says so."""
    assert coherence.clashes(decreed(key, "10 Januari"), (2026,))


def test_a_month_opens_and_closes_as_the_decree_on_monthly_windows_says() -> None:
    law = decreed("jendela_bulanan", MONTHLY)
    december = windows.default_of(law, 2026, "B12")
    assert (december.evaluation_opens, december.record_by) == (date(2026, 12, 28), date(2027, 1, 7))
    assert (december.validate_by, december.closes) == (date(2027, 1, 10), date(2027, 1, 20))
    assert coherence.clashes(law, (2026,)) == []


@pytest.mark.parametrize(
    ("code", "key", "value", "due"),
    [
        ("skp_submit", "skp_ajukan", "01-11", date(2026, 1, 11)),
        ("skp_agree", "tangga_tanpa_tenggat_hk", 7, date(2026, 1, 14)),
        ("default", "tangga_tanpa_tenggat_hk", 2, date(2026, 1, 7)),
        ("take_over", "tangga_ambil_alih_hk", 3, date(2026, 1, 8)),
        ("review_sign", "tanda_tangan_minimal_hk", 3, date(2026, 1, 8)),
        ("review_session", "sidang_tanggal", {"L2": 18, "L1": 24, "L0": 9}, date(2026, 3, 9)),
        ("review_decree", "skep_tanggal", {"L2": 18, "L1": 24, "L0": 9}, date(2026, 4, 9)),
    ],
)
def test_a_deadline_follows_the_law_of_its_period(code: str, key: str, value: Any, due: date) -> None:
    def day(law: Any) -> date:
        found = deadlines.due_at(
            code,
            since=datetime(2026, 1, 5, 2, tzinfo=UTC),
            zone="WIB",
            calendar=PLAIN,
            year=2026,
            windows={"closes": date(2026, 1, 6), "ends": date(2026, 1, 5)},
            law=law,
        )
        assert found is not None
        return found.date()

    assert day(decreed(key, value)) == due
    assert day(LAW) == day(None) != due
    assert deadlines.under(deadlines.table()[code], decreed(key, value)).source == "KEP-1/2026"


def test_every_deadline_that_names_a_parameter_has_the_number_the_law_has() -> None:
    """What stands in the table is for a rule set without the parameter: it may not say anything else."""
    for row in deadlines.table().values():
        for code in CODES:
            read = deadlines.under(row, regulation(code))
            assert (read.days, read.month, read.day, read.at_least) == (
                row.days,
                row.month,
                row.day,
                row.at_least,
            )


# ---------- what code reads

READERS = {"value", "number", "whole", "text", "following"}
TELLERS = {"parameter", "status_of"}


@cache
def read_by_code() -> set[str]:
    """Parameters whose value some module asks for: by name, or by a key it chooses among names it holds."""
    known = {p.code for code in CODES for p in regulation(code)}
    found = {
        path.split(".")[0]
        for row in tomllib.loads((HOME / "rules/data/deadlines.toml").read_text(encoding="utf-8")).values()
        for path in row.get("law", {}).values()
    }
    for folder in ("rules", "services", "workflows", "reports", "views"):
        for file in sorted((HOME / folder).rglob("*.py")):
            if file.name in ("values.py", "coherence.py"):
                continue
            text = file.read_text(encoding="utf-8")
            if "regulation" not in text and "law" not in text:
                continue
            tree = ast.parse(text)
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
            named = {id(arg): _name(call) for call in calls for arg in call.args}
            by_key = any(
                _name(call) in READERS | TELLERS and call.args and not isinstance(call.args[0], ast.Constant)
                for call in calls
            )
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant) and by_key:
                    start = str(node.values[0].value)
                    found |= {code for code in known if start.endswith("_") and code.startswith(start)}
                if not isinstance(node, ast.Constant) or node.value not in known:
                    continue
                if named.get(id(node)) in READERS or (by_key and named.get(id(node)) not in TELLERS):
                    found.add(node.value)
                # `parameter("x")` whose `.value` the module then reads
                if named.get(id(node)) == "parameter" and ".value" in text:
                    found.add(node.value)
    return found


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_parameter_that_can_be_replaced_is_read_by_code() -> None:
    unread = {code for code in OPEN_CODES if values.can_be_replaced(code)} - read_by_code()
    assert not unread, "read them, or list them in rules/values.py as UNREAD or FORMULAS"


def test_what_is_listed_as_unread_is_read_by_nothing() -> None:
    assert not values.UNREAD & read_by_code(), "take them out of UNREAD: a decree on them has an effect now"


@pytest.mark.parametrize("code", [code for code in OPEN_CODES if values.can_be_replaced(code)])
def test_every_parameter_that_can_be_replaced_has_its_range(code: str) -> None:
    found = next(p for name in CODES for p in regulation(name) if p.code == code)
    if values.is_month_day(found):
        assert code in values.DAYS
    elif found.kind in ("decimal", "integer"):
        assert code in values.RANGES
    else:
        assert found.kind in ("choice", "table"), "a free text is a formula: list it"
