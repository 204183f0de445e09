"""Every page is photographed and examined: `scripts/pages.toml` against the routes and the kinds of the application."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from e2e.pages import PAGES, address_of
from kinerja.services import official_copy
from kinerja.views.kinds import KINDS

# What answers a GET and is no page to look at.
NO_PAGE = {
    "static": "a file of the application itself",
    "health": "one word, for the watchman of the server",
    "evidence.open_one": "a file somebody uploaded",
    "importing.download": "CSV",
    "calendar.subscribe": "iCal, for a calendar program",
    "cascading.index": "only leads on to the tree of one's unit",
    "team.step": "only leads on to a page of its own picture",
    "auth.totp": "one field as on the page before it; nobody in the demo office has a device that gives codes",
}
# What `*` may stand for in an address of pages.toml.
SAMPLES = ("aaaaaaaaaaaaaaaa", "2026", "1", "hk_keberatan")


@pytest.fixture(scope="module")
def routes() -> MapAdapter:
    from kinerja import create_app
    from tests.plugins.app import NOWHERE, settings_for

    app: Flask = create_app(settings_for(NOWHERE))
    return app.url_map.bind("localhost")


def endpoint_of(routes: MapAdapter, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The route a picture shows, and what stands in its address."""
    address = address_of(entry)
    for sample in SAMPLES:
        if routes.test(address.replace("*", sample), method="GET"):
            endpoint, values = routes.match(address.replace("*", sample), method="GET")
            return str(endpoint), dict(values)
    raise AssertionError(f"{entry['name']}: no route has the address {address}")


def _is_a_page(endpoint: str) -> bool:
    return endpoint not in NO_PAGE and not endpoint.rpartition(".")[2].startswith(("export", "recap"))


def test_every_route_that_answers_with_a_page_has_a_picture(routes: MapAdapter) -> None:
    wanted = {
        rule.endpoint
        for rule in routes.map.iter_rules()
        if "GET" in (rule.methods or ()) and _is_a_page(rule.endpoint)
    }
    shown = {endpoint_of(routes, entry)[0] for entry in PAGES}
    assert sorted(wanted - shown) == [], (
        "add them to scripts/pages.toml, or say in NO_PAGE why they are no pages"
    )


@pytest.mark.parametrize("endpoint", ["documents.show", "official.show"])
def test_every_kind_of_document_has_a_picture_and_one_of_its_official_form(
    routes: MapAdapter, endpoint: str
) -> None:
    shown = {entry.get("kind") for entry in PAGES if endpoint_of(routes, entry)[0] == endpoint}
    assert set(KINDS if endpoint == "documents.show" else official_copy.FORMS) - shown == set()


def test_every_form_with_a_page_of_its_own_has_a_picture(routes: MapAdapter) -> None:
    shown = set()
    for entry in PAGES:
        endpoint, values = endpoint_of(routes, entry)
        if endpoint == "documents.ask":
            kind = KINDS[entry["kind"]]
            shown.add((entry["kind"], kind.event_templates.get(values["event"], "documents/event.html")))
    wanted = {(name, template) for name, kind in KINDS.items() for template in kind.event_templates.values()}
    assert wanted - shown == set()
    assert "documents/event.html" in {template for _kind, template in shown}


def test_no_two_pictures_have_one_name() -> None:
    names = [entry["name"] for entry in PAGES]
    assert len(names) == len(set(names))
