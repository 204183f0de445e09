"""Each rule of a manual indikator has one fixture that triggers it and a whole manual that triggers none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import manual as rules
from kinerja.rules.manual import IKI, Manual, Owed
from kinerja.rules.registry import CODES, regulation

NATIONAL, K300, K127 = (regulation(code) for code in CODES)
FIELDS = {
    "purpose": "Mengetahui mutu layanan", "formula": "laporan tepat waktu / semua laporan x 100", "measure": "persen",
    "definition": "Bagian laporan yang diterima sebelum batas waktunya.", "quality": "outcome", "data_source": "Aplikasi",
    "reporting": "triwulanan", "cascading_method": "direct", "aspect": "waktu", "validity": "proxy",
    "control": "moderate", "consolidation": "average", "polarity": "maximize", "owner": "Direktur", "provider": "Seksi A",
    "target_status": "lama",
}  # fmt: skip
WHOLE = Manual(
    "IKU", "Persentase laporan tepat waktu", "Pelaporan yang andal", "1a-N", FIELDS, {"measure": "persen"}, FIELDS, D(95),
    (D(95), D(95)), target_y1=D(90), realisation_y1=D(92),
)  # fmt: skip


SCALE = "90 = 100"


def manual(**changes: Any) -> Manual:
    """A whole one, with these fields said differently; what is no field of the form is an attribute."""
    said = {name: changes.pop(name) for name in list(changes) if name in FIELDS or changes[name] == SCALE}
    scale = changes.pop("points", None)
    whole = replace(WHOLE, fields={**FIELDS, **said}, **changes)
    return whole if scale is None else replace(whole, scale=scale)


def found(one: Manual, law: Any = K127) -> list[tuple[str, str, str]]:
    return [(f.rule, f.severity, f.field) for f in rules.check(one, law)]


def points(*pairs: tuple[int, int]) -> tuple[tuple[D, D], ...]:
    return tuple((D(a), D(b)) for a, b in pairs)


@pytest.mark.parametrize("law", [NATIONAL, K300, K127], ids=lambda law: str(law.code))
def test_a_whole_manual_breaks_no_rule(law: Any) -> None:
    assert found(WHOLE, law) == []


@pytest.mark.parametrize(
    ("sentence", "one", "expected"),
    [
        *(
            (f"no {name}", manual(**{name: " "}), [("A.1.3", "B", name)])
            for name in ("purpose", "data_source", "quality", "cascading_method", "aspect", "validity", "control")
        ),
        ("no definition is vague too", manual(definition=""), [("A.1.3", "B", "definition"), ("MI-3", "I", "definition")]),
        ("no code in the PK", manual(code=""), [("A.1.3", "B", "")]),
        ("no code, of an IKI", manual(code="", about=IKI), []),
        ("a code borne twice", manual(same_code=True), [("A.1.3", "B", "")]),
        ("a leader's output of high control", manual(quality="output_kendali_tinggi"), [("A.1.3", "B", "quality")]),
        ("the same of another post", manual(quality="output_kendali_tinggi", leader=False), []),
        ("in words: no formula, no unit", manual(formula="", measure="", qualitative=True, trajectory=()), []),
        ("the same in numbers", manual(measure="", clause={}), [("A.1.3", "B", "measure")]),
        ("stabilise without a scale", manual(polarity="stabilize"), [("A.1.3", "B", "scale")]),
        ("stabilise with one", manual(polarity="stabilize", points=points((0, 0), (90, 100), (100, 120))), []),
        ("a capaian twice on the scale", manual(points=points((90, 100), (90, 110))), [("A.1.3", "B", "scale")]),
        ("an index that falls", manual(points=points((90, 100), (95, 80))), [("A.1.3", "B", "scale")]),
        ("a scale nobody can read", manual(readable=False), [("A.1.3", "B", "scale")]),
        ("minimise with a target of zero", manual(polarity="minimize", trajectory=(D(0),), target=D(0), realisation_y1=D(1)), [("A.1.3", "B", "worst")]),
        ("minimise with the worst known", manual(polarity="minimize", trajectory=(D(0),), target=D(0), realisation_y1=D(1), worst=D(5)), []),
        ("a worst of zero", manual(worst=D(0)), [("A.1.3", "B", "worst")]),
        ("an old target without last year's", manual(target_y1=None), [("K3-2", "P", "target_y1")]),
        ("a formula that is a word", manual(formula="Persen"), [("MI-3", "I", "formula")]),
        ("nobody named for the data", manual(provider=""), [("MI-3", "I", "owner")]),
        ("no target by period", manual(trajectory=()), [("MI-3", "I", "reporting")]),
        ("a target below last year's result", manual(target=D(92)), [("MI-3", "I", "target_y1")]),
        ("another unit than the PK", manual(clause={"measure": "laporan"}), [("MI-4", "B", "measure")]),
        ("a PK that says nothing of it", manual(clause={"measure": ""}), []),
        ("a scale changed after a realisation", manual(scale=SCALE, realised=True), [("MI-4", "B", "scale")]),
        ("the same before it", manual(scale=SCALE), []),
        *(
            (f"{name} changed after a realisation", manual(**{name: "lain sama sekali ini"}, clause={}, realised=True), [("MI-5", "B", name)])
            for name in ("polarity", "consolidation", "formula", "measure")
        ),
        ("a first manual after a realisation", manual(formula="a dibagi b", realised=True, before=None), []),
        ("the same that makes 120 of a target met", replace(WHOLE, fields=FIELDS | {"cannot_exceed": "ya"}, realised=True, before=None), [("MI-4", "B", "cannot_exceed")]),
        ("the same with a scale of its own", manual(polarity="stabilize", points=points((0, 0), (100, 110)), realised=True, before=None), [("MI-4", "B", "scale")]),
        ("the same with the scale it was reckoned by", manual(polarity="stabilize", points=points((0, 0), (90, 100), (100, 120)), realised=True, before=None), []),
        ("another definition after a realisation", manual(definition="Penjelasan lain yang lebih jelas lagi.", realised=True), []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_rule_is_broken_by_its_fixture(
    sentence: str, one: Manual, expected: list[tuple[str, str, str]]
) -> None:
    assert found(one) == expected, sentence


def test_a_rule_set_without_k3_asks_only_what_the_form_asks() -> None:
    bare = manual(**dict.fromkeys(("aspect", "validity", "control", "cascading_method"), ""), code="")
    assert [rules.asks_ministry(law) for law in (NATIONAL, K300, K127)] == [False, True, True]
    assert found(replace(bare, ministry=False), NATIONAL) == []


JANUARY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("sentence", "one", "expected"),
    [
        ("a leader's indicator without a manual", Owed("1", "", True, JANUARY), ["MI-1"]),
        ("somebody else's", Owed("1", "", False, JANUARY), []),
        ("late and absent", Owed("1", "", True, date(2026, 3, 1), date(2026, 2, 28)), ["MI-2"]),
        ("on the last day", Owed("1", "draft", False, date(2026, 2, 28), date(2026, 2, 28)), []),
        ("a day after it", Owed("1", "submitted", False, date(2026, 3, 1), date(2026, 2, 28)), ["MI-2"]),
        ("a later version, a day after its own date", Owed("1, v2", "draft", True, date(2026, 8, 7), date(2026, 8, 6)), ["MI-2"]),
        ("in force", Owed("1", "in_force", True, date(2026, 12, 1), date(2026, 2, 28)), []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_owed_of_manuals_is_told(sentence: str, one: Owed, expected: list[str]) -> None:
    assert [f.rule for f in rules.owed((one,), K127)] == expected, sentence


@pytest.mark.parametrize(
    ("set_on", "quarter", "days", "by"),
    [
        (JANUARY, None, None, date(2026, 2, 28)),
        (JANUARY, date(2026, 3, 31), 27, date(2026, 2, 28)),
        (date(2026, 3, 30), date(2026, 3, 31), 27, date(2026, 4, 27)),
        (date(2026, 12, 15), date(2026, 12, 31), 27, date(2027, 1, 15)),
    ],
)
def test_a_manual_is_due_a_month_after_and_before_the_review_ends(
    set_on: date, quarter: date | None, days: int | None, by: date
) -> None:
    assert rules.due_day(set_on, 1, quarter, days) == by


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("100 = 120\r\n90=100\n", points((90, 100), (100, 120))),
        ("90; 100", points((90, 100))),
        ("90,5 100", ((D("90.5"), D(100)),)),
        ("90", None),
        ("sembilan = 1", None),
        ("NaN = 1", None),
    ],
)
def test_a_scale_is_read_as_it_is_typed_and_written_in_one_way(typed: str, read: Any) -> None:
    assert rules.read_scale(typed) == read
    if read:
        assert rules.read_scale(rules.write_scale(read)) == read
