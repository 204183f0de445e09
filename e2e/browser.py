"""A real browser: the system's chromium, pages that watch their own console, signing in, axe."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTHS = {1280: 900, 390: 844}
PATIENCE = 20_000  # ms: how long a page may take to do what a story expects

AXE = Path(__file__).parent / "vendor" / "axe-core@4.14.1" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


expect.set_options(timeout=PATIENCE)


def chromium_path() -> str:
    """The browser to drive: KINERJA_CHROMIUM, else what the system has."""
    named = os.environ.get("KINERJA_CHROMIUM")
    for name in [named] if named else NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError(
        "no chromium on this machine: scripts/ensure-tools says what to install (or set KINERJA_CHROMIUM)"
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """Writes down what must not happen on a page: console errors, exceptions, 5xx, missing files, requests elsewhere.

    A 4xx answer to a document request is part of many stories (409, 422) and is not an error here.
    """

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = origin
        self.seen: list[str] = []
        self._allowed: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"exception: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The status of an answer is judged in _response, with its address.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:", "about:")):
            self.seen.append(f"asked another origin: {request.url}")

    def _response(self, response: Response) -> None:
        is_file = response.request.resource_type in ("stylesheet", "script", "image", "font")
        if response.status >= 500 or (
            is_file and response.status >= 400 and not response.url.endswith("/favicon.ico")
        ):
            self.seen.append(f"{response.status} for {response.request.method} {response.url}")

    def allow(self, part: str) -> None:
        """Expect lines that contain `part`: for a story that breaks something on purpose."""
        self._allowed.append(part)

    def check(self) -> None:
        bad = [line for line in self.seen if not any(part in line for part in self._allowed)]
        assert not bad, "the browser complained:\n  " + "\n  ".join(dict.fromkeys(bad))


def open_context(
    browser: Browser, origin: str, *, width: int = 1280, dark: bool = False, javascript: bool = True
) -> BrowserContext:
    """A browser of one's own, with its own cookies, set as in an Indonesian office."""
    context = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": WIDTHS.get(width, 900)},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=javascript,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE)
    return context


def sign_in(page: Page, person: str, password: str | None = None) -> None:
    """Sign in by the form anyone uses; the second page too, for the roles that have one."""
    from kinerja import demo

    page.goto("/masuk")
    page.get_by_label("NIP atau e-mail").fill(person)
    page.get_by_label("Kata sandi").fill(password or demo.PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Masuk", exact=True).click()
    code = page.get_by_label("Kode enam angka")
    if code.is_visible():
        import pyotp

        enrolling = page.locator(
            "main .k-num"
        )  # a device that is registered only now: its key stands on the page
        code.fill(pyotp.TOTP(enrolling.inner_text() if enrolling.count() else demo.TOTP_SECRET).now())
        with page.expect_navigation():
            page.get_by_role("button", name="Lanjutkan", exact=True).click()
    complaint = page.get_by_role("alert")
    said = complaint.first.inner_text() if complaint.count() else page.title()
    assert not page.url.split("?")[0].endswith("/masuk"), f"{person} could not sign in: {said}"


@functools.cache
def _axe_source() -> str:
    content = AXE.read_bytes()
    expected = (AXE.parent / "SHA256SUMS").read_text().split()[0]
    assert hashlib.sha256(content).hexdigest() == expected, f"{AXE} is not the file that was vendored"
    return content.decode()


def axe_violations(page: Page, selector: str | None = None) -> list[dict[str, Any]]:
    """What axe-core finds against WCAG 2.2 AA on the page as it stands, or within `selector`."""
    # Evaluated by the debugger, not as a script of the page: the content security policy stays as it is.
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe_source())
    result: dict[str, Any] = page.evaluate(
        "([within, tags]) => axe.run(within || document, "
        "{runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        [selector, AXE_TAGS],
    )
    found: list[dict[str, Any]] = result["violations"]
    return found


def assert_accessible(page: Page, selector: str | None = None) -> None:
    """Fail with a list one can work from: rule, what it wants, each place with its remedy."""
    lines = []
    for violation in axe_violations(page, selector):
        lines.append(f"{violation['id']} ({violation['impact']}): {violation['help']}")
        for node in violation["nodes"][:5]:
            lines.append(f"    at {' '.join(map(str, node['target']))}")
            lines.append(f"       {' '.join(node['html'].split())[:160]}")
            lines += [
                f"       {line.strip()}" for line in node["failureSummary"].splitlines()[1:] if line.strip()
            ]
        if len(violation["nodes"]) > 5:
            lines.append(f"    and {len(violation['nodes']) - 5} more")
    width = (page.viewport_size or {}).get("width")
    assert not lines, f"axe on {page.url} at {width} px:\n  " + "\n  ".join(lines)
