"""The matriks peran hasil at work: from the IKU of a directorate to the SKP of a member of staff of its section."""

import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kinerja import models
from kinerja.db import db
from kinerja.rules import cascade
from kinerja.services import identity, lists, matrix_roles, matrix_start, policy, skp_start, transitions
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import columns_of
from kinerja.services.planning import KIND as SKP
from kinerja.services.planning import skp_of
from tests.services import agreement_office
from tests.services.agreement_office import Ministry


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    with agreement_office.running(sqlite_template, tmp_path) as running:
        yield running


def begin(ministry: Ministry, unit: str, by: str) -> str:
    period = db.session.get_one(models.Period, ministry.period)
    return matrix_start.create_matrix(ministry.units[unit], period, by_id=ministry.people[by]).public_id


def keys(matrix: str) -> dict[str, str]:
    """Name -> key of everybody in a matrix."""
    return {m.person.search_name: m.key for m in matrix_of(transitions.load(matrix)).members}


def columns(matrix: str) -> list[Any]:
    return list(columns_of(transitions.load(matrix)))


def give(ministry: Ministry, matrix: str, by: str, name: str, *roles: dict[str, Any], **more: Any) -> None:
    key = keys(matrix)[name]
    ministry.send(matrix, "edit", by, change={"anggota": [{"key": key, "peran": list(roles)} | more]})


def role(column: str, text: str, key: str = "sel2a3b4", **more: Any) -> dict[str, Any]:
    return {"key": key, "kolom": column, "teks": text, "metode": "", "porsi": None} | more


def skp(ministry: Ministry, name: str) -> models.Document:
    period = db.session.get_one(models.Period, ministry.period)
    return skp_start.create_skp(ministry.people[name], period, by_id=ministry.people[name])


def test_a_role_becomes_a_result_of_the_skp_with_its_parent(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    matrix = begin(ministry, "direktorat", "direktur")
    first = columns(matrix)[0]
    assert (first.text, first.provisional) == ("Persentase layanan 1", True)
    load = role(first.key, "Layanan seksi yang prima", metode="beban_target", porsi=Decimal("92.5"))
    give(ministry, matrix, "direktur", "kasi", load)
    plan = skp(ministry, "kasi")
    (row,) = skp_of(plan).rows
    assert (row.rhk, row.cell_key, row.assigned_by) == (
        "Layanan seksi yang prima",
        "sel2a3b4",
        "Jabatan direktur",
    )
    assert "Persentase layanan 1" in row.rhk_intervened
    (indicator,) = row.indicators
    assert (indicator.target, indicator.measure) == (Decimal("92.5"), "persen")
    facts: Any = SKP.facts(plan)
    assert [r.matrix_cell for r in facts.skp.rows] == [True]


def test_roles_of_a_draft_are_said_to_be_provisional_and_are_so_no_more_once_agreed(
    ministry: Ministry,
) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    matrix = begin(ministry, "direktorat", "direktur")
    give(ministry, matrix, "direktur", "kasi", role(columns(matrix)[0].key, "Layanan seksi yang prima"))
    ministry.send(matrix, "share", "direktur")
    plan = skp(ministry, "kasi")
    assert [f.severity for f in matrix_roles.findings(plan, skp_of(plan))] == ["I"]
    ministry.send(pk, "propose", "direktur")
    for event, who in (("open_dialogue", "menteri"), ("agree", "direktur"), ("agree", "menteri")):
        ministry.send(pk, event, who)
    ministry.send(pk, "send_review", "direktur")
    ministry.send(pk, "clear", "pengelola")
    ministry.send(pk, "sign_first", "direktur", signed=True)
    ministry.send(pk, "sign_second", "menteri", signed=True)
    assert matrix_roles.findings(plan, skp_of(plan)) == []


CHAIN = ("pk", "kasi", "staf")


@pytest.mark.parametrize("order", list(itertools.permutations(CHAIN)), ids="-".join)
def test_in_whatever_order_a_chain_of_three_is_agreed_its_links_end_the_same(
    ministry: Ministry, order: tuple[str, ...]
) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    upper = begin(ministry, "direktorat", "direktur")
    give(ministry, upper, "direktur", "kasi", role(columns(upper)[0].key, "Layanan seksi", "sel2a3b4"))
    middle = skp(ministry, "kasi")

    content = SKP.content(middle)
    content["baris"][0]["indikator"][0]["teks"] = "Persentase layanan seksi"
    ministry.send(middle.public_id, "edit", "kasi", change=content)
    lower = begin(ministry, "seksi", "kasi")
    give(ministry, lower, "kasi", "staf", role(columns(lower)[0].key, "Berkas layanan", "sel5c6d7"))
    last = skp(ministry, "staf")
    ids = {"pk": transitions.load(pk).id, "kasi": middle.id, "staf": last.id}
    for name in order:
        # What every one of these agreements does to the document; how it comes to it is told by the tests of its flow.
        db.session.execute(
            models.Document.__table__.update()
            .where(models.Document.__table__.c.id == ids[name])
            .values(state="in_force")
        )
        db.session.commit()
        db.session.expire_all()
        matrix_roles.db.session.info.pop("memo", None)
    links = [
        (one.cell.key, one.role.link.how, one.role.link.parent.text if one.role.link.parent else "")
        for name in ("kasi", "staf")
        for one in matrix_roles.roles_of(ministry.people[name], transitions.load(pk).period)
    ]
    assert links == [
        ("sel2a3b4", cascade.BOUND, "Persentase layanan 1"),
        ("sel5c6d7", cascade.BOUND, "Persentase layanan seksi"),
    ]
    assert not any(
        one.role.link.provisional
        for name in ("kasi", "staf")
        for one in matrix_roles.roles_of(ministry.people[name], transitions.load(pk).period)
    )


def test_a_parent_that_was_written_anew_is_found_by_its_words_and_one_that_is_gone_is_told(
    ministry: Ministry,
) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    matrix = begin(ministry, "direktorat", "direktur")
    one, two = columns(matrix)[:2]
    give(
        ministry, matrix, "direktur", "kasi", role(one.key, "Layanan satu", "sel2a3b4"),
        role(two.key, "Layanan dua", "sel5c6d7"),
    )  # fmt: skip
    plan = skp(ministry, "kasi")
    fresh = agreement_office.content()
    fresh["sasaran"][1]["iku"][0]["nama"] = "Nama yang lain sama sekali"
    ministry.send(pk, "edit", "direktur", change=fresh)
    found = matrix_roles.roles_of(ministry.people["kasi"], plan.period)
    assert [o.role.link.how for o in found] == [cascade.FOUND, cascade.LOST]
    assert "P" in [f.severity for f in matrix_roles.findings(plan, skp_of(plan))]


def test_a_ketua_tim_writes_the_roles_of_his_own_team_and_nothing_else(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    plan = skp(ministry, "kasi")
    content = SKP.content(plan)
    content["baris"][0] |= {"rhk": "Layanan seksi"}
    content["baris"][0]["indikator"][0]["teks"] = "Persentase layanan seksi"
    ministry.send(plan.public_id, "edit", "kasi", change=content)
    matrix = begin(ministry, "direktorat", "direktur")
    first = columns(matrix)[0]
    with pytest.raises(NotAllowed):
        give(ministry, matrix, "kasi", "kasi", role(first.key, "Punya sendiri"))
    give(ministry, matrix, "direktur", "kasi", role(first.key, "Hasil tim", "sel2a3b4"), tim="Tim layanan")
    give(ministry, matrix, "kasi", "kasi", role(first.key, "Punya sendiri", "sel5c6d7"), tim="Nama lain")
    (member,) = matrix_of(transitions.load(matrix)).members
    assert (member.team, [c.text for c in member.cells]) == ("Tim layanan", ["Hasil tim"])
    with pytest.raises(NotThere):
        give(ministry, matrix, "asing", "kasi")
    with pytest.raises(NotAllowed):
        ministry.send(matrix, "share", "staf")
    assert ministry.send(matrix, "share", "kasi").state == "shared"


def test_what_is_in_force_is_not_edited_from_the_matriks_and_both_are_told(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    matrix = begin(ministry, "direktorat", "direktur")
    first = columns(matrix)[0]
    give(ministry, matrix, "direktur", "kasi", role(first.key, "Layanan seksi"))
    plan = skp(ministry, "kasi")
    db.session.execute(
        models.Document.__table__.update()
        .where(models.Document.__table__.c.id == plan.id)
        .values(state="in_force")
    )
    db.session.commit()
    give(ministry, matrix, "direktur", "kasi", role(first.key, "Layanan seksi yang lain"))
    ministry.send(matrix, "share", "direktur")
    plan = transitions.load(plan.public_id)
    assert skp_of(plan).rows[0].rhk == "Layanan seksi"
    assert len(matrix_roles.proposals(plan, skp_of(plan))) == 1
    told = dict(
        db.session.execute(
            models.Notice.__table__.select()
            .with_only_columns(models.Notice.person_id, models.Notice.text)
            .where(models.Notice.document_id == transitions.load(matrix).id)
        ).all()
    )
    assert {ministry.people["direktur"], ministry.people["kasi"]} <= {
        person for person, text in told.items() if "Adendum" in str(text)
    }


def test_everybody_of_the_unit_reads_it_and_nobody_else(ministry: Ministry) -> None:
    matrix = begin(ministry, "direktorat", "direktur")
    for name, sees in (("kasi", True), ("staf", True), ("menteri", True), ("asing", False)):
        document = transitions.load(matrix)
        actor = identity.actor_for(document, ministry.people[name])
        assert policy.may_view(document, actor) is sees, name
        circle, filters = identity.circle_of(ministry.people[name]), lists.Filters(kind="matrix")
        assert len(lists.page(circle, filters)) == sees, name


def test_a_unit_has_one_matriks_a_year_begun_by_its_head(ministry: Ministry) -> None:
    begin(ministry, "direktorat", "direktur")
    with pytest.raises(BadInput):
        begin(ministry, "direktorat", "direktur")
    for who in ("kasi", "pengelola"):
        with pytest.raises(NotAllowed):
            begin(ministry, "direktorat", who)
