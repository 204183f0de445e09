"""Every form: without proof of origin or with a field it does not know it is refused, and nothing has changed."""

from __future__ import annotations

import pytest

from tests.matrix.cases import CASES
from tests.matrix.law import acts
from tests.matrix.routes import ACTS as BY_FLOW
from tests.matrix.routes import PUBLIC, ROUTES, Row
from tests.matrix.test_pages import content_hashes
from tests.matrix.world import World

POSTS = [
    (name, row)
    for (method, name), row in ROUTES.items()
    if method == "POST" and row.path and row.who and row.who != BY_FLOW
]
RIGHTFUL = [
    (case, event, sorted(people - {"delegate"})[0])
    for case in CASES
    if not case.variant
    for event, people in acts(case).items()
]
STRANGE = {"tidak_dikenal": "x"}


def _one_of(row: Row) -> str:
    return sorted(row.who)[0] if isinstance(row.who, set) and row.who else "self"


def everybody_is_signed_in(world: World) -> None:
    for _case, _event, key in RIGHTFUL:
        world.actor(key)


@pytest.mark.parametrize(("name", "row"), POSTS, ids=[name for name, _row in POSTS])
def test_a_form_without_proof_of_origin_is_refused(world: World, name: str, row: Row) -> None:
    actor, path = world.actor(_one_of(row)), world.at(row.path)
    before = content_hashes(world)
    assert actor.post(path, row.data, proof=False).status_code == 400
    assert actor.post(path, dict(row.data) | {"csrf_token": "forged"}, proof=False).status_code == 400
    assert content_hashes(world) == before


def test_an_event_without_proof_of_origin_is_refused(world: World) -> None:
    everybody_is_signed_in(world)
    before = content_hashes(world)
    wrong = []
    for case, event, key in RIGHTFUL:
        answer = world.actor(key).post(
            f"/dokumen/{world.papers[case.name]}/{event}", {"version": "1"}, proof=False
        )
        if answer.status_code != 400:
            wrong.append(f"{case.name} {event}: {answer.status_code}")
    for path in ("comment", "bukti"):
        number = world.papers["realisation/draft"]
        if (
            world.actor("self").post(f"/dokumen/{number}/{path}", {"text": "x"}, proof=False).status_code
            != 400
        ):
            wrong.append(path)
    assert wrong == []
    assert content_hashes(world) == before


@pytest.mark.parametrize(("name", "row"), POSTS, ids=[name for name, _row in POSTS])
def test_a_field_nobody_asked_for_is_refused(world: World, name: str, row: Row) -> None:
    actor = world.actor("anonymous" if row.who == PUBLIC else _one_of(row))
    if actor.key == "anonymous":
        actor = world.actor("self")
    path, before = world.at(row.path), content_hashes(world)
    answer = actor.post(path, row.data | STRANGE)
    world.forget_browsers()
    assert answer.status_code == 400
    assert content_hashes(world) == before


@pytest.mark.parametrize("kind", ["skp", "realisation", "predicate_review", "objection"])
def test_no_event_takes_a_field_it_does_not_know(world: World, kind: str) -> None:
    everybody_is_signed_in(world)
    before, wrong = content_hashes(world), []
    for case, event, key in RIGHTFUL:
        if case.kind != kind:
            continue
        sent = {"version": "987654321"} | STRANGE
        answer = world.actor(key).post(f"/dokumen/{world.papers[case.name]}/{event}", sent)
        if answer.status_code != 400:
            wrong.append(f"{case.name} {event}: {answer.status_code}")
    assert wrong == []
    changed = [table for table, was in before.items() if content_hashes(world)[table] != was]
    assert changed == []


def test_a_workbook_comes_back_with_proof_of_origin_and_nothing_nobody_asked_for(world: World) -> None:
    number, head = world.papers["pk/draft"], world.actor("self")
    before = content_hashes(world)
    for path, data in (("", {}), ("/terima", {"version": "987654321", "isi": "{}"})):
        assert head.post(f"/lembar-kerja/{number}{path}", data | STRANGE).status_code == 400
        assert head.post(f"/lembar-kerja/{number}{path}", data, proof=False).status_code == 400
    for carried in (
        "",
        "[]",
        '{"iku": [1]}',
        '{"iku": [[1]]}',
        '{"iku": [["\\u0000"]]}',
        '{"iku": [["\\ud800"]]}',
        "[" * 9999,
    ):
        answer = head.post(f"/lembar-kerja/{number}/terima", {"version": "987654321", "isi": carried})
        assert answer.status_code == 400, carried[:20]
    assert content_hashes(world) == before


def test_neither_a_comment_nor_evidence_takes_a_field_it_does_not_know(world: World) -> None:
    number = world.papers["realisation/draft"]
    answers = [
        world.actor("self").post(
            f"/dokumen/{number}/{path}", {"version": "987654321", "text": "Sudah benar"} | STRANGE
        )
        for path in ("comment", "bukti")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
