"""Follow every link of every page as one person; each address once, each kind of page a few times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.matrix.pages import Page
from tests.matrix.world import BASE, Actor

# Ids of documents, people and steps, so that pages of one kind are known as such.
_IDS = re.compile(r"/[\w-]{16}(?=/|$)|(?<==)[^&]+|/\d+(?=/|$)")


@dataclass(frozen=True)
class Visited:
    path: str
    status: int
    text: str
    headers: dict[str, str]
    page: Page | None


def kind_of_address(path: str) -> str:
    return _IDS.sub("*", path)


def crawl(
    actor: Actor, start: tuple[str, ...] = ("/",), per_kind: int = 8, limit: int = 400
) -> Iterator[Visited]:
    """Every page one reaches by links from the first, breadth first."""
    waiting, seen, kinds = list(start), set(start), Counter[str]()
    while waiting and len(seen) <= limit * 20:
        path = waiting.pop(0)
        kinds[kind_of_address(path)] += 1
        if kinds[kind_of_address(path)] > per_kind or sum(kinds.values()) > limit * 4:
            continue
        answer = actor.get(path)
        html = answer.headers.get("Content-Type", "").startswith("text/html")
        text = (
            answer.get_data(as_text=True) if html or "csv" in answer.headers.get("Content-Type", "") else ""
        )
        page = Page(text) if html and answer.status_code not in (301, 302, 303) else None
        yield Visited(path, answer.status_code, text, dict(answer.headers), page)
        found = (
            [answer.headers["Location"]]
            if answer.status_code in (301, 302, 303)
            else page.links
            if page
            else []
        )
        for link in found:
            target = _own(path, link)
            if target and target not in seen:
                seen.add(target)
                waiting.append(target)


def _own(path: str, link: str) -> str | None:
    address = urlsplit(urldefrag(urljoin(BASE + path, link))[0])
    if (
        address.scheme not in ("http", "https")
        or address.netloc != "localhost"
        or address.path.startswith("/static/")
    ):
        return None
    return address.path + (f"?{address.query}" if address.query else "")
