"""MPH-1 to MPH-6: one matrix that keeps all, and one that breaks each; and how a result finds what it serves."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from kinerja.rules import cascade
from kinerja.rules import matrix as law
from kinerja.rules.matrix import Agreed, Cell, Column, Matrix, Member
from kinerja.rules.registry import regulation

RULES = regulation("permenpanrb6-2022")
COLUMN = Column("k1", "1a", "Persentase layanan", "Layanan (Persentase layanan)", Decimal(100), "persen")
CELL = Cell("c1", "k1", "Layanan yang prima", law.LOAD, Decimal(100))
WHOLE = Matrix((COLUMN,), (Member("m1", "Sekar", (CELL,)),))


def members(*cells: Cell, **more: object) -> tuple[Member, ...]:
    return (Member("m1", "Sekar", cells, **more),)  # type: ignore[arg-type]


def test_a_whole_matrix_has_no_finding() -> None:
    assert law.check(WHOLE, RULES) == []


@pytest.mark.parametrize(
    ("rule", "broken", "severity", "field"),
    [
        ("MPH-1", replace(WHOLE, columns=(COLUMN, replace(COLUMN, key="k2"))), "P", "kolom-k2"),
        ("MPH-2", replace(WHOLE, members=members(replace(CELL, text="Menyusun laporan"))), "P", "cell-c1-text"),
        ("MPH-3", replace(WHOLE, members=members(replace(CELL, portion=Decimal(90)))), "P", "kolom-k1"),
        ("MPH-4", replace(WHOLE, members=members(CELL, of_unit=False)), "B", "m1"),
        ("MPH-5", replace(WHOLE, agreed=(Agreed("c1", "Sekar", "Lain", "Layanan yang prima"),)), "P", "cell-c1-text"),
        ("MPH-5", replace(WHOLE, agreed=(Agreed("c9", "Sekar", "Lain", None),)), "P", ""),
        ("MPH-6", replace(WHOLE, members=(*WHOLE.members, Member("m2", "Rizal"))), "P", "m2"),
    ],
)  # fmt: skip
def test_each_rule_is_broken_by_one_matrix(rule: str, broken: Matrix, severity: str, field: str) -> None:
    assert [(f.rule, f.severity, f.field) for f in law.check(broken, RULES)] == [(rule, severity, field)]


@pytest.mark.parametrize(
    ("standing", "says"),
    [
        (
            {"superior": "Bagas"},
            "mengajukan penugasannya di halaman Penugasan, lalu pejabat penilainya, Bagas,",
        ),
        ({"superior": "Bagas", "asked": "ST-1"}, "penugasan ST-1 menunggu persetujuan Bagas"),
        ({}, "pengelola kinerja pegawai memperbaikinya"),
    ],
)
def test_the_finding_about_somebody_of_another_unit_says_who_does_what_next(
    standing: dict[str, str], says: str
) -> None:
    (finding,) = law.blocking(replace(WHOLE, members=members(CELL, of_unit=False, **standing)))
    assert says in finding.message % finding.params
    assert law.blocking(replace(WHOLE, members=members(CELL, of_unit=False, assigned=True))) == []


@pytest.mark.parametrize(
    ("consolidation", "polarity", "portions", "agrees"),
    [
        ("sum", "maximize", "60 40", True),
        ("sum", "maximize", "60 30", False),
        ("sum", "minimize", "60 50", False),
        ("average", "maximize", "90 110", True),
        ("average", "minimize", "90 90", False),
        ("take_last_known", "maximize", "100 120", True),
        ("take_last_known", "maximize", "100 90", False),
        ("take_last_known", "minimize", "100 90", True),
        ("take_last_known", "minimize", "100 120", False),
        ("take_last_known", "stabilize", "100 100", True),
        ("take_last_known", "stabilize", "100 99", False),
    ],
)
def test_portions_come_to_the_target_by_consolidation_and_polarity(
    consolidation: str, polarity: str, portions: str, agrees: bool
) -> None:
    column = replace(COLUMN, consolidation=consolidation, polarity=polarity)
    cells = [Cell(f"c{n}", "k1", "Hasil", law.LOAD, Decimal(p)) for n, p in enumerate(portions.split())]
    assert (law.mph_3(Matrix((column,), members(*cells)), RULES) == []) is agrees


def test_somebody_lent_with_an_approved_penugasan_may_be_given_a_role() -> None:
    lent = replace(WHOLE, members=members(CELL, of_unit=False, assigned=True))
    assert law.blocking(lent) == []


OTHER = replace(COLUMN, key="k2", text="Indeks mutu")


@pytest.mark.parametrize(
    ("key", "text", "columns", "how", "parent"),
    [
        ("k1", "Persentase  LAYANAN", (COLUMN, OTHER), cascade.BOUND, "k1"),
        ("k1", "Dahulu begini", (COLUMN, OTHER), cascade.REWORDED, "k1"),
        ("k9", "indeks mutu", (COLUMN, OTHER), cascade.FOUND, "k2"),
        ("k9", "indeks mutu", (OTHER, replace(OTHER, key="k3")), cascade.LOST, ""),
        ("k9", "", (replace(COLUMN, text=""),), cascade.LOST, ""),
        ("k9", "Tidak ada", (COLUMN,), cascade.LOST, ""),
    ],
)
def test_a_result_finds_its_parent_by_key_else_by_words_that_stand_there_once(
    key: str, text: str, columns: tuple[Column, ...], how: str, parent: str
) -> None:
    for order in itertools.permutations(columns):
        link = cascade.bind(key, text, order)
        assert (link.how, link.parent.key if link.parent else "") == (how, parent)


def role(**more: object) -> cascade.Role:
    return replace(cascade.Role("c1", "Layanan", cascade.Link(COLUMN, cascade.BOUND)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("roles", "severities"),
    [
        ([role()], ""),
        ([], "P"),
        ([role(text="Lain")], "P"),
        ([role(link=cascade.Link(None, cascade.LOST))], "P"),
        ([role(link=cascade.Link(OTHER, cascade.REWORDED))], "P"),
        ([role(link=cascade.Link(replace(COLUMN, provisional=True), cascade.BOUND))], "I"),
        ([role(being_written=True)], "I"),
    ],
)
def test_an_skp_is_told_what_does_not_or_not_yet_fit_its_matrix(
    roles: list[cascade.Role], severities: str
) -> None:
    results = [cascade.Result("r1", "1", "layanan", "c1"), cascade.Result("r2", "2", "Sendiri", "")]
    found = cascade.findings_of(results, roles)
    assert [(f.severity, f.field) for f in found] == [(s, "row-r1-rhk") for s in severities]
