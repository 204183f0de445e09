"""A picture of every page in `pages.toml`, 1280 and 390 wide, light and dark, into `shots/`: `make shots`.

`scripts/shots.py beranda tim` takes only the pages whose names begin so. Each picture is of the whole page. A page that
answers with an error, complains in the console or scrolls sideways is named at the end, and the exit status is 1.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from e2e.browser import WIDTHS, Watch, chromium, open_context, sign_in
from e2e.pages import PAGES, too_wide, visit
from e2e.server import LiveServer, furnished_office, live_office

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "shots"


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
                problem = visit(page, entry) or too_wide(page)
                page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
                wrong += [f"{name}: {line}" for line in ([problem] if problem else []) + watch.seen]
            context.close()
    return wrong


def main(prefixes: list[str]) -> int:
    entries = PAGES
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
