"""Whoever reads a working can do it again: from what it shows, by hand, the figure it shows comes out."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from kinerja.rules import scoring
from kinerja.rules.capaian import clamp_step, light_step
from kinerja.rules.exact import display
from kinerja.rules.predicate import RatedRow, head_rating, suggest_behaviour_rating, suggest_result_rating
from kinerja.rules.registry import CODES, regulation
from kinerja.rules.regulation import ASSUMED, VERIFIED, Regulation
from kinerja.rules.working import Part, Score

SCALE = ((Decimal(0), Decimal(0)), (Decimal(90), Decimal(100)), (Decimal(100), Decimal(120)))


def number(text: str) -> Fraction:
    """A number as people read it: decimal comma."""
    return Fraction(Decimal(text.replace(",", ".")))


def several(text: str) -> list[Fraction]:
    return [number(one) for one in text.split(" ; ")]


def joined(method: str, values: list[Fraction]) -> Fraction:
    if method == "take_last_known":
        return values[-1]
    return sum(values, Fraction(0)) / (len(values) if method == "average" else 1)


def on_scale(ca: Fraction, text: str) -> Fraction:
    """A straight line between the two points around it, as a pencil would draw it."""
    points = [tuple(number(n) for n in pair.strip("()").split(", ")) for pair in text.split(" ; ")]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if x1 <= ca <= x2:
            return y1 + (ca - x1) / (x2 - x1) * (y2 - y1)
    return points[-1][1]


def by_hand(rule: str, r: Fraction, t: Fraction, given: dict[str, str]) -> Fraction:
    """The formulas as the page writes them, worked out a second time."""
    if rule == "rumus_maximize":
        return r * 100 / t if t > 0 else 200 - 100 * r / t
    if rule == "rumus_minimize":
        worst = number(given["W"]) if "W" in given else Fraction(0)
        return 200 - 100 * r / t if t else (worst - r) * 100 / worst
    ca = 100 * r / t if r <= t else 200 - 100 * r / t
    return on_scale(min(Fraction(100), max(Fraction(0), ca)), given["skala"])


def worked_out(parts: tuple[Part, ...]) -> Fraction:
    """The figure at the end of a working, from what its steps show and nothing else."""
    r = t = value = Fraction(0)
    for part in parts:
        given = dict(part.inputs)
        if part.rule == "konsolidasi":
            t, r = joined(part.formula, several(given["T"])), joined(part.formula, several(given["R"]))
        elif part.rule == "rumus_konversi_120":
            value = Fraction(120)
        elif part.rule == "batas":
            low, high = (number(end) for end in part.formula.split(".."))
            value = max(low, min(high, value))
        else:
            value = by_hand(part.rule, r, t, given)
        assert part.value is not None
        if part.rule != "konsolidasi":
            assert display(value, 6) == display(number(part.value), 6), part.label
    return value


def scores(law: Regulation) -> list[tuple[str, Score]]:
    """Every polarity and consolidation with figures of two years of offices, the odd ones included."""
    dice = random.Random(90)
    found = []
    for polarity in ("maximize", "minimize", "stabilize"):
        for method in ("sum", "average", "take_last_known"):
            for _ in range(25):
                count = dice.randint(1, 4)
                targets = [Decimal(dice.randint(1, 4000)) / dice.choice((1, 10, 100)) for _ in range(count)]
                values = [target * Decimal(dice.randint(0, 180)) / 100 for target in targets]
                joint = scoring.consolidate(method, targets, values, count, law)
                score = scoring.capaian(
                    joint.realisation, joint.target, polarity, law, scale=SCALE, convert_120=dice.random() < 0.2,
                    working=joint.parts,
                )  # fmt: skip
                found.append((f"{polarity} {method}", score))
    nought = scoring.consolidate("sum", [Decimal(0)], [Decimal(3)], 1, law)
    worst = scoring.capaian(
        nought.realisation, nought.target, "minimize", law, worst=Decimal(12), working=nought.parts
    )
    return [*found, ("minimize, target 0", worst)]


@pytest.mark.parametrize("code", ["kmk300-2022", "kmk127-2026"])
def test_a_capaian_is_worked_out_again_from_its_working(code: str) -> None:
    for name, score in scores(regulation(code)):
        assert score.exact is not None
        assert display(worked_out(score.parts)) == display(score.exact), name
        assert all(part.source and part.formula and part.status for part in score.parts), name


@pytest.mark.parametrize("value", ["135.2", "120.000001", "-4"])
def test_a_cut_says_from_where_to_where(value: str) -> None:
    before = Fraction(Decimal(value))
    after = max(Fraction(0), min(Fraction(120), before))
    part = clamp_step(before, after, regulation("kmk300-2022"))
    low, high = (number(end) for end in part.formula.split(".."))
    assert max(low, min(high, number(dict(part.inputs)["sebelum"]))) == number(part.value or "")


@pytest.mark.parametrize("value", ["100", "99.9999", "90", "89.99", "0", "120"])
def test_the_colour_of_a_lamp_follows_from_the_bounds_it_names(value: str) -> None:
    part = light_step(Decimal(value), regulation("kmk300-2022"))
    c, bounds = (
        number(dict(part.inputs)["C"]),
        [number(n) for n in part.formula.replace("C", " ").split() if n[0].isdigit()],
    )
    told = {"hijau": c >= bounds[0], "kuning": bounds[0] <= c < bounds[-1], "merah": c < bounds[0]}
    assert told[part.value or ""]


@pytest.mark.parametrize("statuses", ["ddd", "ssd", "dbb", "bbb", "dsb", "sss", "ddb", "sb", "d", "dbs"])
def test_a_suggestion_for_results_follows_from_the_shares_it_shows(statuses: str) -> None:
    words = {"d": "diatas", "s": "sesuai", "b": "dibawah"}
    law = regulation("permenpanrb6-2022")
    rows = [RatedRow(f"RHK {i}", "utama", words[letter]) for i, letter in enumerate(statuses)]
    found = suggest_result_rating(rows, law)
    given = dict(found.parts[0].inputs)
    above, below, main = (
        Fraction(given[name]) for name in ("bagian diatas", "bagian dibawah", "bagian utama dibawah")
    )
    assert above == Fraction(statuses.count("d"), int(given["jumlah RHK"]))
    half = Fraction(1, 2)
    expected = (
        "diatas" if above > half and main == 0 else "dibawah" if below > half or main >= half else "sesuai"
    )
    assert found.value == expected
    assert found.parts[0].value == law.value("rating_label")[expected]


def test_every_other_suggestion_names_what_it_was_read_from() -> None:
    law = regulation("permenpanrb6-2022")
    parts = [suggest_behaviour_rating(consistent, guards, law).parts[0]
             for consistent, guards in ((True, True), (True, False), (False, False))]  # fmt: skip
    parts += [head_rating(predicate, law).parts[0] for predicate in ("istimewa", "baik", "kurang")]
    assert all(part.source and part.formula and part.value for part in parts)
    assert {part.status for part in parts} <= {VERIFIED, ASSUMED}


@pytest.mark.parametrize("code", CODES)
def test_a_value_that_rests_on_an_assumption_carries_its_mark(code: str) -> None:
    law = regulation(code)
    if "rumus_maximize" not in law:
        return
    score = scoring.capaian(Decimal(4), Decimal(5), "maximize", law)
    assumed = law.parameter("rumus_maximize").status == ASSUMED
    assert bool(score.assumptions) is assumed
