"""The types of page of `scripts/pages.toml`: how each is reached, and by whom."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from e2e.server import ROOT

PAGES: list[dict[str, Any]] = tomllib.loads((ROOT / "scripts" / "pages.toml").read_text(encoding="utf-8"))[
    "page"
]


def of_person(person: str | None) -> list[dict[str, Any]]:
    return [entry for entry in PAGES if entry.get("as") == person]


def visit(page: Page, entry: dict[str, Any]) -> str | None:
    """Open a page of the list and follow its links; what is wrong with it, or None."""
    response = page.goto(entry["path"])
    wanted = entry.get("status", 200)
    if response is None or response.status != (200 if "follow" in entry else wanted):
        return f"{entry['path']} answers {response.status if response else 'nothing'}"
    for name in entry.get("follow", ()):
        link = page.get_by_role("main").get_by_role("link", name=re.compile(f"^{re.escape(name)}")).first
        if not link.count():
            return f"has no link {name} on {page.url}"
        with page.expect_navigation() as answered:
            link.click()
        if answered.value.status != 200:
            return f"{name} answers {answered.value.status}"
    for label, path in entry.get("choose", {}).items():
        page.get_by_label(label).set_input_files(ROOT / path)
    for label, text in entry.get("fill", {}).items():
        page.get_by_label(label).first.fill(text)
    if "press" in entry:
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=entry["press"], exact=True).click()
    if not fnmatchcase(urlsplit(page.url).path, address_of(entry)):
        return f"ends at {urlsplit(page.url).path}, not at {address_of(entry)}"
    return None


def address_of(entry: dict[str, Any]) -> str:
    """The address a page has in the end, `*` for what differs from one to the next."""
    return str(entry.get("at") or urlsplit(entry["path"]).path)


def too_wide(page: Page) -> str | None:
    """Whether the page as a whole scrolls sideways, and what sticks out."""
    found = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return null;
          const out = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > wide + 1);
          return out.slice(0, 3).map(e => e.tagName + '.' + e.className).join(', ') || 'the frame';
        }"""
    )
    return f"scrolls sideways: {found}" if found else None
