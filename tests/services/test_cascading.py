"""The cascade at work: the tree of a unit, its lint, the way of one result, and the rules of the SKP it answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db
from kinerja.rules.completeness import check
from kinerja.services import cascade_path, cascading, transitions
from kinerja.services.errors import NotThere
from kinerja.services.planning import KIND as SKP
from kinerja.services.planning import skp_of
from tests.services import agreement_office
from tests.services.agreement_office import Ministry
from tests.services.test_matrices import begin, columns, give, keys, role, skp


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    with agreement_office.running(sqlite_template, tmp_path) as running:
        yield running


def put_in_force(document: models.Document) -> None:
    table: Any = models.Document.__table__
    db.session.execute(sa.update(table).where(table.c.id == document.id).values(state="in_force"))
    db.session.commit()


def chain(ministry: Ministry) -> tuple[models.Document, models.Document, str]:
    """The PK of the directorate, the SKP of the head of its section and of his member of staff, linked by two matriks."""
    pk = ministry.begin()
    ministry.fill(pk)
    upper = begin(ministry, "direktorat", "direktur")
    give(ministry, upper, "direktur", "kasi", role(columns(upper)[0].key, "Layanan seksi", "sel2a3b4"))
    middle = skp(ministry, "kasi")
    content = SKP.content(middle)
    content["baris"][0]["indikator"][0] |= {"teks": "Persentase layanan seksi", "satuan": "persen"}
    ministry.send(middle.public_id, "edit", "kasi", change=content)
    lower = begin(ministry, "seksi", "kasi")
    give(ministry, lower, "kasi", "staf", role(columns(lower)[0].key, "Berkas layanan", "sel5c6d7"))
    last = skp(ministry, "staf")
    for document in (transitions.load(pk), middle, last):
        put_in_force(document)
    return middle, last, pk


def test_the_way_of_a_result_goes_up_to_the_sasaran_and_down_to_who_works_for_it_by_the_stored_links(
    ministry: Ministry,
) -> None:
    middle, last, _pk = chain(ministry)
    way = cascade_path.of_row(last.public_id, skp_of(last).rows[0].key, ministry.people["staf"])
    assert [(place.kind, place.text) for place in way.up] == [
        ("ss", "1 Sasaran 1 yang prima"),
        ("iku", "1a-N Persentase layanan 1"),
        ("rhk", "Layanan seksi"),
        ("iki", "Persentase layanan seksi"),
        ("rhk", "Berkas layanan"),
    ]
    assert way.reaches
    upper = cascade_path.of_row(middle.public_id, skp_of(middle).rows[0].key, ministry.people["kasi"])
    assert [place.text for place in upper.below] == ["Berkas layanan"]
    with pytest.raises(NotThere):
        cascade_path.of_row(last.public_id, skp_of(last).rows[0].key, ministry.people["asing"])


def test_the_tree_of_a_unit_holds_its_roles_and_results_and_opens_into_the_tree_below(
    ministry: Ministry,
) -> None:
    chain(ministry)
    found = cascading.tree(ministry.units["direktorat"], ministry.period)
    first = found.roots[0]
    (given,) = first.inside
    (indicator,) = given.inside
    assert (first.kind, given.text, indicator.text) == ("iku", "Layanan seksi", "Persentase layanan seksi")
    assert (indicator.unit, found.shown) == ("SEK", True)
    assert "CAS-2" in {
        one.finding.rule for one in cascading.findings(ministry.units["direktorat"], ministry.period)
    }


def test_a_tree_asks_the_database_as_often_for_many_roles_as_for_one(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    matrix = begin(ministry, "direktorat", "direktur")

    def statements() -> int:
        db.session.remove()
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        cascading.tree(ministry.units["direktorat"], ministry.period)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    first, *_rest = found = columns(matrix)
    give(ministry, matrix, "direktur", "kasi", role(first.key, "Satu"))
    few = statements()
    roles = [
        role(c.key, f"Peran {n} {c.key}", f"sel{'abcdefgh'[n]}2345") for n in range(5) for c in found[:1]
    ]
    give(ministry, matrix, "direktur", "kasi", *roles)
    assert statements() == few


@pytest.mark.parametrize(
    ("who", "sees"), [("kasi", True), ("staf", True), ("menteri", True), ("asing", False)]
)
def test_the_tree_is_for_those_of_the_unit_and_those_above(ministry: Ministry, who: str, sees: bool) -> None:
    assert cascading.may_see_unit(ministry.people[who], ministry.units["direktorat"]) is sees


def findings(document: models.Document, rule: str) -> list[str]:
    facts: Any = SKP.facts(document)
    return [f.severity for f in check(facts.skp, facts.regulation) if f.rule == rule]


def test_the_rules_of_the_skp_that_look_beyond_it_answer(ministry: Ministry) -> None:
    """SKP-13 by the matriks, SKP-16 by its tim kerja, SKP-6 by the PK once it is agreed."""
    early = skp(ministry, "staf")
    assert (findings(early, "SKP-13"), findings(early, "SKP-16")) == (["?"], ["?"])
    head = skp(ministry, "direktur")
    pk = ministry.begin()
    assert findings(head, "SKP-6") == ["?"]
    ministry.agreed(pk)
    db.session.expire_all()
    head = transitions.load(head.public_id)
    assert findings(head, "SKP-6") == ["B"] * 4
    matrix = begin(ministry, "direktorat", "direktur")
    give(
        ministry, matrix, "direktur", "kasi", role(columns(matrix)[0].key, "Layanan seksi"),
        tim="Tim A", anggota_tim=[],
    )  # fmt: skip
    plan = skp(ministry, "kasi")
    assert (findings(plan, "SKP-13"), findings(plan, "SKP-16")) == ([], [])
    content = SKP.content(plan)
    content["baris"].append({"key": "", "jenis": "utama", "rhk": "Lepas", "indikator": []})
    ministry.send(plan.public_id, "edit", "kasi", change=content)
    assert findings(transitions.load(plan.public_id), "SKP-13") == ["P"]


def test_a_member_of_a_team_needs_an_indicator_for_it(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    boss = skp(ministry, "kasi")
    content = SKP.content(boss)
    content["baris"][0]["indikator"][0]["teks"] = "Persentase layanan seksi"
    ministry.send(boss.public_id, "edit", "kasi", change=content)
    matrix = begin(ministry, "seksi", "kasi")
    own, column = keys(matrix), columns(matrix)[0]
    document = transitions.load(matrix)
    db.session.add(
        models.MatrixMember(
            matrix_id=document.id, key="ketua234", position=2, person_id=ministry.people["asing"], team="Tim A",
            cells=[
                models.MatrixCell(
                    key="selketua", position=1, parent_key=column.key, parent_text=column.text, text="Hasil tim",
                    method="",
                )
            ],
        )
    )  # fmt: skip
    db.session.commit()
    db.session.expire_all()
    plan = skp(ministry, "staf")
    key = own["staf"]
    change = {
        "anggota": [{"key": "ketua234", "tim": "Tim A", "peran": [role(column.key, "Hasil tim", "selketua")]}]
    }
    change["anggota"].append({"key": key, "anggota_tim": ["ketua234"], "peran": []})
    ministry.send(matrix, "edit", "kasi", change=change)
    assert findings(transitions.load(plan.public_id), "SKP-16") == ["P"]
    change["anggota"][1]["peran"] = [role("selketua", "Bagian staf", "selstaf2")]
    ministry.send(matrix, "edit", "kasi", change=change)
    content = SKP.content(transitions.load(plan.public_id))
    content["baris"][0] |= {"sel": "selstaf2", "rhk": "Bagian staf"}
    ministry.send(plan.public_id, "edit", "staf", change=content)
    assert findings(transitions.load(plan.public_id), "SKP-16") == []
