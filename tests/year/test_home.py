"""The first page: whose turn it is, put together where several are alike, and gone once the state has moved."""

from __future__ import annotations

import re
from html import unescape

from kinerja.db import db, transaction
from kinerja.models import ReportingLine
from tests.year.acts import acts, drafts_an_skp
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
