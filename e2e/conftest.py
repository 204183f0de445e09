"""Fixtures of the browser stories. Every page is watched: a story that leaves a complaint behind fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from e2e.browser import Watch, assert_accessible, chromium, open_context, sign_in
from e2e.calendar import Calendar
from e2e.office import NAMES, NIP, PASSWORD, small_office
from e2e.people import Person
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
def stage() -> str:
    """How far the small office has come when a story begins; a module with another beginning says so itself."""
    return "empty"


@pytest.fixture
def small_office_server(stage: str) -> Iterator[LiveServer]:
    """A server over a fresh copy of the small office at a stage of `e2e/stages.py`."""
    with live_office(small_office(stage)) as server:
        yield server


@pytest.fixture
def no_console_errors() -> Iterator[list[Watch]]:
    """What each opened context complained of, checked when the story ends.

    `no_console_errors[0].allow("...")` expects a complaint in the first one.
    """
    watches: list[Watch] = []
    yield watches
    for watch in watches:
        watch.check()


@contextmanager
def _pages(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: LiveServer,
    watches: list[Watch],
    password: str | None = None,
) -> Iterator[PageFor]:
    """Pages on one server; those of a failed story are photographed before they close."""
    contexts: list[BrowserContext] = []

    def open_page(
        person: str | None = None, *, width: int = 1280, dark: bool = False, javascript: bool = True
    ) -> Page:
        context = open_context(browser, server.url, width=width, dark=dark, javascript=javascript)
        contexts.append(context)
        watches.append(Watch(context, server.url))
        page = context.new_page()
        if person is not None:
            sign_in(page, person, password)
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
def page_for(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, no_console_errors: list[Watch]
) -> Iterator[PageFor]:
    """`page_for("19870422...")`: a page of one's own in the demo office, signed in; `page_for()` is a visitor.

    Options: width, dark, javascript.
    """
    with _pages(request, browser, live_server, no_console_errors) as open_page:
        yield open_page


@pytest.fixture
def somebody(
    request: pytest.FixtureRequest,
    browser: Browser,
    small_office_server: LiveServer,
    no_console_errors: list[Watch],
) -> Iterator[Callable[..., Person]]:
    """`somebody("sekar")`: a person of the small office at a browser of her own. Options as for `page_for`."""
    with _pages(request, browser, small_office_server, no_console_errors, PASSWORD) as open_page:

        def enter(key: str, **options: Any) -> Person:
            return Person(open_page(NIP[key], **options), NAMES[key], PASSWORD)

        yield enter


@pytest.fixture
def pegawai(somebody: Callable[..., Person]) -> Person:
    """Sekar Ayu Lestari, an analyst."""
    return somebody("sekar")


@pytest.fixture
def penilai(somebody: Callable[..., Person]) -> Person:
    """Bagas Wicaksono, her superior."""
    return somebody("bagas")


@pytest.fixture
def atasan(somebody: Callable[..., Person]) -> Person:
    """Ratih Kusumaningrum, the superior of her superior."""
    return somebody("ratih")


@pytest.fixture
def pimpinan(somebody: Callable[..., Person]) -> Person:
    """Sri Hartati, at the top."""
    return somebody("menteri")


@pytest.fixture
def calendar(
    request: pytest.FixtureRequest,
    browser: Browser,
    small_office_server: LiveServer,
    no_console_errors: list[Watch],
) -> Iterator[Calendar]:
    """The demo bar of the small office, on a page that nobody is signed in to."""
    with _pages(request, browser, small_office_server, no_console_errors) as open_page:
        yield Calendar(open_page())


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)` or `axe(page, "#panel")`: no violation of WCAG 2.2 AA there."""
    return assert_accessible
