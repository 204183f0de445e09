"""Fixtures of the browser stories. Every page is watched: a story that leaves a complaint behind fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from e2e.browser import Watch, assert_accessible, chromium, open_context, sign_in
from e2e.server import ROOT, LiveServer, furnished_office, live_office

pytest_plugins = ["tests.plugins.strict"]

FAILED = ROOT / "shots" / "failed"


class PageFor(Protocol):
    def __call__(
        self, person: str | None = None, *, width: int = 1280, dark: bool = False, javascript: bool = True
    ) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call" and report.failed:
        item.stash[_failed] = True
    return report


_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def office() -> Path:
    """The furnished demo office as a folder; a story gets a copy of it behind `live_server`."""
    return furnished_office()


@pytest.fixture
def live_server(office: Path) -> Iterator[LiveServer]:
    """A server over a fresh copy of the demo office: `url`, `kinerja("due", ...)`, `worker()`, `kill()`, `start()`."""
    with live_office(office) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def no_console_errors(live_server: LiveServer) -> Iterator[list[Watch]]:
    """What each opened context complained of, checked when the story ends.

    `no_console_errors[0].allow("...")` expects a complaint in the first one.
    """
    watches: list[Watch] = []
    yield watches
    for watch in watches:
        watch.check()


@pytest.fixture
def page_for(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, no_console_errors: list[Watch]
) -> Iterator[PageFor]:
    """`page_for("19870422...")`: a page of one's own, signed in; `page_for()` is a visitor.

    Options: width, dark, javascript.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        person: str | None = None, *, width: int = 1280, dark: bool = False, javascript: bool = True
    ) -> Page:
        context = open_context(browser, live_server.url, width=width, dark=dark, javascript=javascript)
        contexts.append(context)
        no_console_errors.append(Watch(context, live_server.url))
        page = context.new_page()
        if person is not None:
            sign_in(page, person)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        if request.node.stash.get(_failed, False):
            FAILED.mkdir(parents=True, exist_ok=True)
            for page in context.pages[:1]:
                name = re.sub(r"\W+", "-", request.node.name)
                page.screenshot(path=FAILED / f"{name}-{number}.png", full_page=True)
        context.close()


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)` or `axe(page, "#panel")`: no violation of WCAG 2.2 AA there."""
    return assert_accessible
