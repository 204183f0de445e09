"""Statements and bytes of the pages people open most: exact numbers, the same however many people there are."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from kinerja.services import transitions
from tests.year.acts import acts, agree_and_sign, drafts_an_skp
from tests.year.conftest import Office

KB = 1000


@pytest.mark.parametrize(
    ("path", "statements", "size"),
    [("/", 9, 80 * KB), ("/dokumen/", 9, 50 * KB), ("/tim/", 10, 80 * KB), ("SKP", 9, 90 * KB)],
)
def test_a_page_keeps_its_budget(small_office: Office, path: str, statements: int, size: int) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    agree_and_sign(sekar, bagas, address)
    bagas.opens(address if path == "SKP" else path)
    small_office.statements.clear()
    html = bagas.opens(address if path == "SKP" else path)
    used = list(small_office.statements)
    assert len(used) <= statements, "\n".join(used)
    assert len(html.encode()) <= size


def test_the_first_page_with_all_it_loads_keeps_its_budget(small_office: Office) -> None:
    """What a browser that has nothing yet takes over the line, each file packed alone as a proxy packs it."""
    html = small_office.signs_in("sekar").opens("/")
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"?#]+)', html))
    assert any(address.endswith(".css") for address in addresses)
    assert any(address.endswith(".js") for address in addresses)
    static = Path(str(small_office.app.static_folder))
    files = [static / address.removeprefix("/static/") for address in addresses]
    # What a style sheet asks for in its turn.
    for sheet in [file for file in files if file.suffix == ".css"]:
        named = re.findall(r"url\(['\"]?(?!data:|#)([^'\")?#]+)", sheet.read_text(encoding="utf-8"))
        files += [(sheet.parent / name).resolve() for name in named]
    packed = [
        len(gzip.compress(content)) for content in (html.encode(), *(file.read_bytes() for file in files))
    ]
    assert sum(packed) <= 120 * KB, dict(zip(["/", *addresses], packed, strict=False))


def test_the_rows_of_a_list_alone_keep_their_budget(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    drafts_an_skp(sekar)
    page = sekar.opens("/dokumen/")
    small_office.statements.clear()
    answer = sekar.client.get("/dokumen/", base_url="https://localhost", headers={"HX-Request": "true"})
    used = list(small_office.statements)
    assert 'id="daftar"' in answer.text
    assert answer.text.strip() in page
    assert len(used) <= 5, "\n".join(used)
    assert len(answer.data) <= 50 * KB


def test_one_transition_keeps_its_budget(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    address = drafts_an_skp(sekar)
    public_id = address.rsplit("/", 1)[1]
    with small_office.app.app_context():
        document = transitions.load(public_id)
        version = document.version
        small_office.statements.clear()
        transitions.send(public_id, "submit", small_office.ids["sekar"], version=version, key="sekali")
    assert len(small_office.statements) <= 14, "\n".join(small_office.statements)
    acts(small_office.signs_in("bagas"), address, "open_dialogue")


@pytest.mark.parametrize("event", ["submit", "withdraw", "open_dialogue"])
def test_sending_a_form_keeps_the_budget_of_a_transition_with_session_and_redirect(
    small_office: Office, event: str
) -> None:
    sekar, bagas = small_office.signs_in("sekar"), small_office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    if event != "submit":
        acts(sekar, address, "submit")
    sender = bagas if event == "open_dialogue" else sekar
    sender.opens(address)
    form = sender.form(f"/{event}")
    small_office.statements.clear()
    answer = sender.client.post(
        form.action,
        data=dict(form.fields),
        base_url="https://localhost",
        headers={"Referer": "https://localhost/"},
    )
    assert answer.status_code == 303
    assert len(small_office.statements) <= 14, "\n".join(small_office.statements)
