"""Every route, asked by every kind of actor about every document in every state: sight and acts as the table says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from kinerja.db import db
from kinerja.services import identity, policy, transitions
from kinerja.services.kinds import kind_of
from tests.matrix import places
from tests.matrix.cases import CASES, Case
from tests.matrix.law import ACTORS, ACTS, SIGNED_OUT, acts, sight
from tests.matrix.routes import ACTS as BY_FLOW
from tests.matrix.routes import EVERYONE, PUBLIC, ROUTES, SIGHT, Row, known_routes
from tests.matrix.world import World, role_in
from tests.plugins.strict import size, write_proof_line

NO_VERSION = "987654321"
# How each route is asked: about every document that may be seen, with evidence attached, as an event, or as a page.
PAPER = [(key, row) for key, row in ROUTES.items() if row.who in (SIGHT, BY_FLOW)]
WITH_EVIDENCE = {key: row.path for key, row in PAPER if key[1].startswith("evidence.")}
WITH_SHEETS = {key: row.path for key, row in PAPER if key[1].startswith("sheets.")}
SEES_IT = {key: row.path for key, row in PAPER if row.who == SIGHT and key not in WITH_EVIDENCE}
EVENTS = {
    ("GET", "documents.ask"): "/dokumen/{id}/{event}",
    ("POST", "documents.transition"): "/dokumen/{id}/{event}",
}
PLAIN = [(key, row) for key, row in ROUTES.items() if row.path and row.who not in (SIGHT, BY_FLOW)]
CONTENT = ("/formulir", "/bandingkan")
CELLS: dict[str, int] = {}
WRONG: dict[str, int] = {}


@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[None]:
    """What this worker asked goes into the report of the proof."""
    yield
    if CELLS:
        write_proof_line(
            "Authorisation matrix",
            "15,000 cells, 0 wrong, both databases",
            f"{sum(CELLS.values())} cells on one worker, {sum(WRONG.values())} wrong: {CELLS}",
            "tests/matrix/test_matrix.py",
        )


def test_every_route_has_a_row_in_the_table(world: World) -> None:
    known = known_routes(world.app)
    missing, gone = known - set(ROUTES), set(ROUTES) - known
    assert not missing, f"say in tests/matrix/routes.py who may ask for these routes: {sorted(missing)}"
    assert not gone, f"these routes are gone; take their rows out of tests/matrix/routes.py: {sorted(gone)}"


def test_every_route_is_asked_at_an_address_that_leads_to_it(world: World) -> None:
    """A row that nobody asks says nothing: the lists from which the tests below ask, counted against the routes."""
    place = {"id": "paper", "evidence": "file", "event": "submit"}
    asked = [
        (key, path.format(**place))
        for found in (SEES_IT, WITH_EVIDENCE, WITH_SHEETS, EVENTS)
        for key, path in found.items()
    ]
    asked += [(key, world.at(row.path).partition("?")[0]) for key, row in PLAIN]
    adapter = world.app.url_map.bind("localhost")
    reached = {(method, str(adapter.match(path, method)[0])) for (method, _), path in asked}
    assert known_routes(world.app) - reached == set(), "these routes have a row and are never asked"
    assert len({key for key, _ in asked}) == len(asked) == len(ROUTES)


def test_every_state_of_every_kind_has_a_document_and_a_row() -> None:
    for kind in ACTS:
        states = set(kind_of(kind).flow.state_ids())
        assert {case.state for case in CASES if case.kind == kind} == states
    assert {case.name for case in CASES if not isinstance(acts(case), dict)} == set()


def test_every_act_of_a_person_is_in_the_table_somewhere() -> None:
    """An event that no row of the table gives to anybody has not been thought about."""
    from kinerja.workflows.roles import Relation

    for kind, table in ACTS.items():
        known = {event for row in table.values() for event in row}
        people = {m.event for m in kind_of(kind).flow.moves() if m.row.who != (Relation.SYSTEM,)}
        # Two answer a result of the organisation that came late, two ask for a rule set with a session and, to pass it
        # over, for five working days after its date: these situations have tests of their own.
        assert people - known <= {"reconfirm", "revise", "to_session", "skip_session"}, kind


def expected_of(case: Case, key: str, event: str) -> set[int]:
    """The classes of answers to an event: signed out, not there, not his to do, or his (reload, or mend the form)."""
    if key in SIGNED_OUT:
        return {401}
    who = role_in(key)
    if who not in sight(case):
        return {404}
    return {409, 422} if who in acts(case).get(event, set()) else {403}


def _note(world: World, wrong: list[str], answer: Any, expected: set[int], what: str) -> None:
    dialect = world.database
    CELLS[dialect] = CELLS.get(dialect, 0) + 1
    if answer.status_code not in expected:
        WRONG[dialect] = WRONG.get(dialect, 0) + 1
        wrong.append(f"{what}: {answer.status_code}, expected {sorted(expected)}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_document_opens_for_those_of_the_table_and_for_nobody_else(world: World, case: Case) -> None:
    wrong: list[str] = []
    for key in ACTORS:
        number = world.paper(case, key)
        for path in _asked(case, key, [*SEES_IT.values()], 3):
            there = {303} if key in SIGNED_OUT else {200} if role_in(key) in sight(case) else {404}
            if there == {200} and path.endswith(CONTENT) and case.kind != "skp":
                there = {
                    200,
                    404,
                }  # there is no sheet of it, or not for him yet; what it may hold is asked by the twins
            _note(world, wrong, world.actor(key).get(path.format(id=number)), there, f"{key} {path}")
    assert not wrong, "\n".join(wrong)


# Which event takes a workbook back. Elsewhere there is none: one document of each other kind says so.
BROUGHT_BY = {"pk": "edit", "skp": "edit", "realisation": "save", "iku_realisation": "save"}
WRITTEN = ("pk/draft", "pk/in_force", "skp/draft", "realisation/draft", "iku_realisation/draft")
BOOKS = [case for case in CASES if case.kind in BROUGHT_BY and (size(0, 1) or case.name in WRITTEN)]
NO_BOOKS = list({case.kind: case for case in CASES if case.kind not in BROUGHT_BY}.values())


@pytest.mark.parametrize("case", [*BOOKS, *NO_BOOKS], ids=lambda case: case.name)
def test_a_workbook_is_taken_by_who_sees_and_brought_back_by_who_may_edit(world: World, case: Case) -> None:
    wrong: list[str] = []
    writers = acts(case).get(BROUGHT_BY.get(case.kind, ""), set())
    sent = {"sheets.bring": {}, "sheets.accept": {"version": NO_VERSION, "isi": "{}"}}
    for key in ACTORS:
        number, actor, who = world.paper(case, key), world.actor(key), role_in(key)
        seen = case.kind in BROUGHT_BY and who in sight(case)
        for (method, name), path in WITH_SHEETS.items():
            if method == "GET":
                there = 303 if key in SIGNED_OUT else 200 if seen else 404
                answer = actor.get(path.format(id=number))
            else:
                may = 422 if name == "sheets.bring" else 409
                there = 401 if key in SIGNED_OUT else may if who in writers else 403 if seen else 404
                answer = actor.post(path.format(id=number), data=sent[name])
            _note(world, wrong, answer, {there}, f"{key} {method} {path}")
            answer.close()
    assert not wrong, "\n".join(wrong)


REALISATIONS = [
    case
    for case in CASES
    if case.kind == "realisation" or case.name in ("iku_realisation/draft", "iku_realisation/recorded")
]
# Elsewhere nothing can be attached: one document of each other kind says so, and in the proof all of them.
ELSEWHERE = {case.kind: case for case in CASES if case.kind not in places.HOLDS}
EVIDENCE_OF = CASES if size(0, 1) else [*REALISATIONS, *ELSEWHERE.values()]


@pytest.mark.parametrize("case", EVIDENCE_OF, ids=lambda case: case.name)
def test_evidence_opens_for_those_who_see_and_is_brought_by_who_may_save(world: World, case: Case) -> None:
    wrong: list[str] = []
    holds = case.kind in places.HOLDS
    savers = acts(case).get("save", set()) if holds else set()
    nobody = 403 if holds else 404
    with world.evidence(case) as attached:
        for key in ACTORS:
            number, actor, who = world.paper(case, key), world.actor(key), role_in(key)
            seen, may = who in sight(case), who in savers
            place = {"id": number, "evidence": attached[number]}
            for (method, name), path in WITH_EVIDENCE.items():
                if key in SIGNED_OUT:
                    there = 303 if method == "GET" else 401
                elif name == "evidence.open_one":
                    there = 303 if seen and holds else 404
                else:
                    there = (200 if method == "GET" else 422) if may else nobody if seen else 404
                ask, data = (
                    (actor.get, {}) if method == "GET" else (actor.post, {"data": {"version": NO_VERSION}})
                )
                answer = ask(path.format(**place), **data)
                _note(world, wrong, answer, {there}, f"{key} {method} {name}")
                if name == "evidence.open_one" and there == 303 and key not in SIGNED_OUT:
                    assert answer.headers["Location"].startswith("https://berkas.contoh.go.id/")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_event_is_taken_from_those_of_the_table_and_from_nobody_else(world: World, case: Case) -> None:
    wrong: list[str] = []
    with world.app.app_context():
        before = _version(world, case)
    foreign = sorted({m.event for m in kind_of(case.kind).flow.moves()} - set(acts(case)))
    some = random.Random(case.name).sample(foreign, min(size(1, len(foreign)), len(foreign)))
    for key in ACTORS:
        number, actor = world.paper(case, key), world.actor(key)
        for event in _asked(case, key, [*acts(case), *some], 5):
            expected = expected_of(case, key, event)
            if expected == {403} and not kind_of(case.kind).flow.moves(case.state):
                expected = {403, 404}
            answer = actor.post(f"/dokumen/{number}/{event}", {"version": NO_VERSION})
            _note(world, wrong, answer, expected, f"{key} sends {event}")
        for event in _opened(case, key):
            asked = _asking(expected_of(case, key, event))
            _note(world, wrong, actor.get(f"/dokumen/{number}/{event}"), asked, f"{key} opens {event}")
        comment = {401} if key in SIGNED_OUT else {422} if role_in(key) in sight(case) else {404}
        _note(world, wrong, actor.post(f"/dokumen/{number}/comment"), comment, f"{key} comments")
    with world.app.app_context():
        assert _version(world, case) == before, "a refused event moved the document"
    assert not wrong, "\n".join(wrong)


def _asked(case: Case, key: str, all_of_them: list[str], few: int) -> list[str]:
    """What somebody is asked about a document: everything where he sees it. To whoever does not, whatever he names, the
    same answer is given before his words are looked at: `few` drawn for each, other ones in each state; in the proof all.
    """
    if key in SIGNED_OUT or role_in(key) in sight(case):
        return all_of_them
    drawn = random.Random(f"{case.name} {key} asks")
    return drawn.sample(all_of_them, min(size(few, len(all_of_them)), len(all_of_them)))


def _opened(case: Case, key: str) -> list[str]:
    """Whose forms are opened: all of one's own, and of those one was just refused two, in the proof all."""
    if key in SIGNED_OUT or role_in(key) not in sight(case):
        return _asked(case, key, list(acts(case)), 1)
    own = [event for event, people in acts(case).items() if role_in(key) in people]
    others = [event for event in acts(case) if event not in own]
    return own + random.Random(case.name + key).sample(others, min(size(2, len(others)), len(others)))


def _asking(expected: set[int]) -> set[int]:
    """The same right, asked for with GET."""
    return {frozenset({401}): {303}, frozenset({409, 422}): {200}}.get(frozenset(expected), expected)


def _version(world: World, case: Case) -> list[tuple[str, int]]:
    found = [transitions.load(number) for number in (world.papers[case.name], world.others[case.name])]
    versions = [(document.state, document.version) for document in found]
    db.session.rollback()
    return versions


def rights_of(world: World, case: Case, key: str) -> tuple[bool, set[str]]:
    """Sight and events of an actor as the services give them, for the whole table at once."""
    document = transitions.load(world.paper(case, key))
    actor = identity.actor_for(document, world.ids[key])
    kind = kind_of(case.kind)
    moves = kind.flow.allowed(kind.facts(document), actor)
    return policy.may_view(document, actor), {move.event for move in moves}


def service_faults(world: World, cases: tuple[Case, ...] | list[Case]) -> list[str]:
    wrong = []
    for case in cases:
        for key in ACTORS:
            if key in SIGNED_OUT:
                continue
            with world.app.app_context():
                sees, events = rights_of(world, case, key)
                db.session.rollback()
            who = role_in(key)
            rightful = {event for event, people in acts(case).items() if who in people}
            if sees != (who in sight(case)) or events != rightful:
                wrong.append(
                    f"{case.name} {key}: sees {sees}, may {sorted(events)}, the table says {sorted(rightful)}"
                )
    return wrong


def test_the_services_offer_exactly_the_events_of_the_table(world: World) -> None:
    wrong = service_faults(world, CASES)
    assert not wrong, "\n".join(wrong)


@pytest.mark.postgres
@pytest.mark.usefixtures("now")
def test_the_services_offer_the_same_on_postgresql(postgres_world: World) -> None:
    chosen = random.Random(2026).sample(CASES, size(12, len(CASES)))
    wrong = service_faults(postgres_world, chosen)
    assert not wrong, "\n".join(wrong)


@pytest.mark.postgres
@pytest.mark.usefixtures("now")
def test_a_tenth_of_the_documents_opens_alike_on_postgresql(postgres_world: World) -> None:
    for case in random.Random(7).sample(CASES, size(5, len(CASES))):
        test_a_document_opens_for_those_of_the_table_and_for_nobody_else(postgres_world, case)
        test_an_event_is_taken_from_those_of_the_table_and_from_nobody_else(postgres_world, case)
    for case in random.Random(7).sample(EVIDENCE_OF, size(2, len(EVIDENCE_OF))):
        test_evidence_opens_for_those_who_see_and_is_brought_by_who_may_save(postgres_world, case)


@pytest.mark.postgres
@pytest.mark.usefixtures("now")
def test_a_tenth_of_the_pages_answers_alike_on_postgresql(postgres_world: World) -> None:
    # At full size this comes after an hour of others: whose password was given then would be asked for it again.
    postgres_world.forget_browsers()
    for route, row in random.Random(11).sample(PLAIN, size(len(PLAIN) // 10, len(PLAIN))):
        test_a_page_answers_those_of_the_table_and_nobody_else(postgres_world, route, row)


def test_whoever_may_not_is_refused_before_he_is_asked_for_his_password(world: World) -> None:
    wrong, others = [], ("stranger", "subordinate", "self", "auditor")
    idle = {key: world.idle_actor(key) for key in others}
    for (method, name), row in PLAIN:
        for key in others if method == "POST" and row.who not in (PUBLIC, EVERYONE) else ():
            status = 0 if key in row.who else idle[key].post(world.at(row.path), row.data).status_code
            if status not in (0, 403, 404):
                wrong.append(f"{name} {key}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("route", "row"), PLAIN, ids=[f"{method} {name}" for (method, name), _row in PLAIN])
def test_a_page_answers_those_of_the_table_and_nobody_else(
    world: World, route: tuple[str, str], row: Row
) -> None:
    method, wrong, path = route[0], [], world.at(row.path)
    for key in ACTORS:
        actor = world.actor(key, fresh=row.ends_session)
        answer = actor.get(path) if method == "GET" else actor.post(path, row.data)
        status = answer.status_code
        away = status == 303 and "/masuk" in answer.headers["Location"] and not row.ends_session
        if row.who == PUBLIC:
            # Without a session there is no proof of origin either; what a visitor's form may do has its own tests.
            fits = status < 500
        elif key in SIGNED_OUT:
            fits = away if method == "GET" else status == 401
        elif row.who == EVERYONE or key in row.who:
            fits = status not in (401, 403, 405) and status < 500 and not away
            fits = fits and (status != 404 or route[1] == "activation.slips")
        else:
            fits = status in (403, 404)
        if not fits:
            wrong.append(f"{key}: {status}")
    if row.ends_session:
        world.forget_browsers()
    assert not wrong, "\n".join(wrong)
