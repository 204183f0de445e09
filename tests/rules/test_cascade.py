"""The cascade lint: one tree that keeps all, and one that breaks each rule."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kinerja.rules import cascade
from kinerja.rules import matrix as law
from kinerja.rules.cascade import Branch, Cascade, HandedDown, Measured, Served
from kinerja.rules.matrix import Column

COLUMN = Column("k1", "1a", "Jumlah layanan", "", Decimal(100), "layanan")
ROLE = Served("c1", "Sekar", "Layanan selesai", law.LOAD, Decimal(60), (Measured("Jumlah", "layanan"),))
OTHER = replace(ROLE, key="c2", person="Rizal", portion=Decimal(40))
BELOW = HandedDown("Kantor A", "partially", Decimal(100), "layanan")
BRANCH = Branch(COLUMN, (ROLE, OTHER), weighted=True)
WHOLE = Cascade((BRANCH,), budget=True)


def with_branch(**changes: object) -> Cascade:
    return replace(WHOLE, branches=(replace(BRANCH, **changes),))  # type: ignore[arg-type]


def test_a_whole_cascade_has_no_finding() -> None:
    assert cascade.lint(WHOLE) == []
    assert cascade.lint(with_branch(roles=(), below=(BELOW,))) == []


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("CAS-2", with_branch(roles=())),
        ("CAS-3", replace(WHOLE, loose=(("Sekar", "Hasil sendiri"),))),
        ("CAS-4", with_branch(weighted=False)),
        ("CAS-5", with_branch(roles=(replace(ROLE, results=(Measured("Jumlah", "persen"),)), OTHER))),
        ("CAS-5", with_branch(below=(replace(BELOW, unit="persen"),))),
        ("CAS-6", with_branch(roles=(ROLE, replace(OTHER, person="Sekar")))),
        ("CAS-7", with_branch(roles=(ROLE,))),
        ("CAS-7", with_branch(below=(replace(BELOW, target=Decimal(90)),))),
        ("CAS-7", with_branch(below=(replace(BELOW, cascading="fully", target=Decimal(90)),))),
        ("CAS-8", replace(WHOLE, budget=False)),
    ],
)
def test_each_rule_is_broken_by_one_cascade(rule: str, broken: Cascade) -> None:
    assert [f.rule for f in cascade.lint(broken)] == [rule]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"roles": (replace(ROLE, method=law.SERVICE, portion=None, results=(Measured("Puas", "indeks"),)),)}, "unit"),
        ({"weighted": None}, "no weight asked"),
        ({"below": (replace(BELOW, cascading="fully"),)}, "the same target"),
    ],
)  # fmt: skip
def test_what_is_shared_out_indirectly_is_measured_as_it_likes_and_what_is_not_asked_is_not_told(
    changes: dict[str, object], why: str
) -> None:
    assert cascade.lint(with_branch(**changes)) == [], why
