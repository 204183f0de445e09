"""A picture of every page in `pages.toml`, 1280 and 390 wide, light and dark, into `shots/`: `make shots`.

`scripts/shots.py beranda tim` takes only the pages whose names begin so. Each picture is of the whole page. A page that
answers with an error, complains in the console or scrolls sideways is named at the end, and the exit status is 1.
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from e2e.browser import WIDTHS, Watch, chromium, open_context, sign_in
from e2e.server import LiveServer, furnished_office, live_office

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"


def visit(page: Page, entry: dict[str, Any]) -> str | None:
    """Open the page; what is wrong with it, or None."""
    response = page.goto(entry["path"])
    if "follow" in entry:
        page.get_by_role("link", name=entry["follow"]).first.click()
        page.wait_for_load_state("networkidle")
    elif response is not None and response.status != entry.get("status", 200):
        return f"answers {response.status}"
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        return "scrolls sideways"
    return None


def photograph(browser: Browser, server: LiveServer, entries: list[dict[str, Any]]) -> list[str]:
    """All pages of one person in one browser per width and colour scheme; what was wrong."""
    wrong = []
    for width in WIDTHS:
        for dark in (False, True):
            context = open_context(browser, server.url, width=width, dark=dark)
            watch = Watch(context, server.url)
            page = context.new_page()
            if "as" in entries[0]:
                sign_in(page, entries[0]["as"])
            for entry in entries:
                name = f"{entry['name']}-{width}{'-dark' if dark else ''}"
                watch.seen.clear()
                problem = visit(page, entry)
                page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
                wrong += [f"{name}: {line}" for line in ([problem] if problem else []) + watch.seen]
            context.close()
    return wrong


def main(prefixes: list[str]) -> int:
    entries = tomllib.loads((ROOT / "scripts" / "pages.toml").read_text(encoding="utf-8"))["page"]
    if prefixes:
        entries = [entry for entry in entries if entry["name"].startswith(tuple(prefixes))]
    people: dict[str | None, list[dict[str, Any]]] = {}
    for entry in entries:
        people.setdefault(entry.get("as"), []).append(entry)
    SHOTS.mkdir(exist_ok=True)
    began = time.monotonic()
    wrong: list[str] = []
    with live_office(furnished_office()) as server, chromium() as browser:
        for pages in people.values():
            wrong += photograph(browser, server, pages)
    print(f"{len(entries) * 4} pictures in shots/ in {time.monotonic() - began:.0f} s")
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
