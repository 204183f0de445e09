"""The first page: whose turn it is, put together where several are alike, and gone once the state has moved."""

from __future__ import annotations

import re
from html import unescape

import pytest

from kinerja.db import db, transaction
from kinerja.models import ReportingLine
from kinerja.services import policy, team, team_pieces
from kinerja.workflows.roles import Relation
from tests.year.acts import acts, drafts_an_skp
from tests.year.browser import Browser
from tests.year.conftest import Office


def _tasks(html: str) -> str:
    """The section "Perlu tindakan saya" alone."""
    return html.partition('id="tindakan"')[2].partition("</section>")[0]


def test_a_document_moves_from_one_list_to_the_next_with_every_step(small_office: Office) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)

    def holders() -> list[str]:
        return [person.name.split()[0] for person in (sekar, bagas) if address in _tasks(person.opens("/"))]

    walked = [holders()]
    for person, event in (
        (sekar, "submit"), (bagas, "open_dialogue"), (bagas, "agree"), (sekar, "agree"), (sekar, "sign_employee"),
        (bagas, "establish"),
    ):  # fmt: skip
        acts(person, address, event)
        walked.append(holders())
    assert walked == [["Sekar"], ["Bagas"], ["Bagas"], ["Sekar"], ["Sekar"], ["Bagas"], []]


def test_equal_tasks_are_one_row_with_one_step(small_office: Office) -> None:
    people = {key: small_office.signs_in(key) for key in ("sekar", "dimas", "wening", "ratih", "bagas")}
    two = [acts(people[key], drafts_an_skp(people[key]), "submit") for key in ("sekar", "dimas")]
    assert len(two) == 2
    html = _tasks(people["bagas"].opens("/"))
    assert html.count('class="k-task"') == 2
    with small_office.app.app_context(), transaction():
        db.session.query(ReportingLine).filter_by(person_id=small_office.ids["wening"]).update(
            {
                "superior_id": small_office.ids["bagas"],
                "superior_post_id": db.session.query(ReportingLine.superior_post_id)
                .filter_by(person_id=small_office.ids["sekar"])
                .scalar_subquery(),
            },
            synchronize_session=False,
        )
    acts(people["wening"], drafts_an_skp(people["wening"]), "submit")
    html = _tasks(people["bagas"].opens("/"))
    assert html.count('class="k-task"') == 1
    assert "3 SKP 2026 menunggu Anda" in html
    assert "Dimas Prakoso" in html
    step = re.search(r'<a class="btn[^"]*" href="([^"]+)"[^>]*>[^<]*sekaligus', html)
    assert step, html
    people["bagas"].opens(unescape(step.group(1)))
    form = people["bagas"].form("/tim/tindakan")
    assert len(form.names("pick")) == 3
    done = people["bagas"].sends(form, act="skp:open_dialogue")
    assert done.count(">Berhasil</span>") == 3
    assert "menunggu Anda" in people["bagas"].opens("/")


def test_an_empty_list_says_what_comes_next_and_when(small_office: Office) -> None:
    html = _tasks(small_office.signs_in("lain").opens("/"))
    assert re.search(r"Berikutnya: Triwulan I: [a-z ]+, \d+ \w+ 2026\.", html), html


def _rows(html: str) -> int:
    return html.partition("<tbody")[2].partition("</tbody>")[0].count('<tr role="row"')


def test_every_count_of_the_team_page_leads_to_as_many_rows(begun_office: Office) -> None:
    sekar, bagas = begun_office.signs_in("sekar"), begun_office.signs_in("bagas")
    sekar.opens("/")
    sekar.opens(_realisation(sekar) + "/save")
    form = sekar.form("/save")
    values = form.names("-value")
    sekar.posts(form, dict(zip(values, ("4", "228", "70"), strict=True)))
    html = bagas.opens("/tim/?periode=TW1")
    chips = re.findall(r'<a class="k-chip" href="([^"]+)"[^>]*>[^<]+<span class="k-num">(\d+)</span>', html)
    assert [n for _href, n in chips] == ["2", "1", "1", "1", "1", "1"], chips
    for href, count in chips:
        assert _rows(bagas.opens(unescape(href))) == int(count), href
    lights = re.findall(r'<a href="([^"]+lihat=[^"]+)"[^>]*>(\d+)', html)
    assert [n for _href, n in lights] == ["3", "1", "1", "1"]
    for href, count in lights:
        table = bagas.opens(unescape(href)).partition('id="hasil"')[2].partition("</table>")[0]
        assert table.count('scope="row"') == int(count), href


def _realisation(person: Browser) -> str:
    """The address of one's realisation of the first quarter, from the first page."""
    found = re.search(r'href="(/dokumen/[^"]+)">Realisasi Triwulan I 2026', person.text)
    assert found, person.text
    return found.group(1)


def _dialogues(html: str) -> list[str]:
    """The column of the team page that tells when the two last talked."""
    return re.findall(r'data-label="Dialog terakhir"[^>]*>([^<]+)<', html)


def test_a_supervisor_walks_from_person_to_person_at_the_same_document(small_office: Office) -> None:
    people = {key: small_office.signs_in(key) for key in ("sekar", "dimas")}
    addresses = {key: drafts_an_skp(person) for key, person in people.items()}
    for key, person in people.items():
        acts(person, addresses[key], "submit")
    bagas = small_office.signs_in("bagas")
    assert _dialogues(bagas.opens("/tim/")) == ["Belum ada"] * 2
    acts(bagas, addresses["dimas"], "open_dialogue")
    assert re.fullmatch(r"\d+ \w+ 2026", sorted(_dialogues(bagas.opens("/tim/")))[0])
    html = bagas.opens(addresses["dimas"])
    forward = re.search(r'href="([^"]+)" rel="next">Orang berikutnya', html)
    assert forward
    bagas.opens(unescape(forward.group(1)))
    assert bagas.page is not None
    assert bagas.page.request.path == addresses["sekar"]
    last = re.search(r'href="([^"]+)" rel="next">', bagas.text)
    assert last
    assert "Itu orang terakhir." in bagas.opens(unescape(last.group(1)))
    assert "Orang berikutnya" not in people["sekar"].opens(addresses["sekar"])


@pytest.mark.parametrize(
    ("skp", "realisation", "review", "phase"),
    [
        ("", "", "", "perencanaan"),
        ("agreed", "", "", "perencanaan"),
        ("in_force", "draft", "prepared", "pelaksanaan"),
        ("in_force", "validated", "prepared", "evaluasi"),
        ("in_force", "validated", "final", "selesai"),
        ("on_hold", "open", "", "tunda"),
        ("exempt", "", "", "bebas"),
    ],
)
def test_a_person_of_the_team_stands_in_one_phase(
    skp: str, realisation: str, review: str, phase: str
) -> None:
    def piece(state: str) -> team_pieces.Piece | None:
        return team_pieces.Piece("", 1, "", state, "", "", 1) if state else None

    member = team.Member(
        1, "", "", "", "", "", team.SUPERVISOR, piece(skp), piece(realisation), piece(review)
    )
    assert [key for key in team.PHASES if member.fits(key)] == [phase]


def _to_validate(relation: Relation, opens: bool = True) -> team.Member:
    piece = team_pieces.Piece("x", 1, "realisation", "recorded", "Direkam", Relation.PENILAI, 1, opens)
    return team.Member(1, "", "", "", "", "", relation, realisation=piece)


def test_an_act_for_several_says_for_how_many_one_stands_in_for_another() -> None:
    own, other = _to_validate(Relation.PENILAI), _to_validate(Relation.PLH)
    (choice,) = team_pieces.bulk_choices([own, other])
    assert (choice.event, choice.count, choice.standing_in) == ("validate", 2, 1)


def test_nothing_waits_for_somebody_who_may_not_open_it() -> None:
    assert _to_validate(Relation.PENILAI, opens=False).mine() == []


@pytest.mark.parametrize(
    ("kind", "relation", "seen"),
    [
        ("skp", Relation.PLH, True), ("realisation", Relation.PLH, True), ("predicate_review", Relation.PLH, False),
        ("predicate_review", Relation.PENILAI, True), ("predicate_review", Relation.DELEGATE, True),
    ],
)  # fmt: skip
def test_a_stand_in_opens_plans_and_realisations_but_no_evaluation(
    kind: str, relation: Relation, seen: bool
) -> None:
    assert policy.sees(kind, "", relation) is seen
