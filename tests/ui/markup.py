"""Reads HTML the way a strict reviewer does: nesting, ids, labels, references, and nothing a strict CSP refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SELF_CLOSING = {"path", "rect", "circle", "line", "polyline", "use"}
CONTROLS = {"input", "select", "textarea"}
REFERENCES = ("aria-labelledby", "aria-describedby", "for", "form")


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parents: tuple[Element, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Elements in order, and every complaint met on the way."""

    elements: list[Element] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.complaints.append(f"<{tag}> gives an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.stack))
        self.elements.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in SELF_CLOSING:
            self.stack.pop()
        elif tag not in VOID:
            self.complaints.append(f"<{tag}/> closes itself")

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1].tag != tag:
            open_ = self.stack[-1].tag if self.stack else "nothing"
            self.complaints.append(f"</{tag}> closes <{open_}>")
            while self.stack and self.stack[-1].tag != tag:
                self.stack.pop()
        if self.stack:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        for element in self.stack:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [e for e in self.elements if e.tag in tags]


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    page.complaints += [f"<{e.tag}> stays open" for e in page.stack]
    return page


def complaints(html: str) -> list[str]:
    """Everything wrong with a piece of HTML; an empty list is praise."""
    page = read(html)
    found = list(page.complaints)
    ids = [e.attrs["id"] for e in page.elements if "id" in e.attrs]
    found += [f"id {i} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    labelled = {e.attrs.get("for") for e in page.all("label")}
    for e in page.elements:
        found += [f"<{e.tag}> carries {n}" for n in e.attrs if n == "style" or n.startswith(("on", "hx-on"))]
        found += [
            f"<{e.tag} {name}> points at {target}, which is not there"
            for name in REFERENCES
            for target in e.attrs.get(name, "").split()
            if target not in ids
        ]
        if e.tag in {"style", "script"} and "src" not in e.attrs:
            found.append(f"<{e.tag}> stands inline")
        if e.tag in CONTROLS and e.attrs.get("type") != "hidden":
            named = (
                e.attrs.get("id") in labelled
                or "aria-label" in e.attrs
                or any(p.tag == "label" for p in e.parents)
            )
            if not named:
                found.append(f"<{e.tag} name={e.attrs.get('name')}> has no label")
        if e.tag in {"button", "a", "summary"} and not e.text.strip() and not e.attrs.get("aria-label"):
            found.append(f"<{e.tag}> says nothing")
        spoken = {"aria-label", "aria-labelledby"} & set(e.attrs)
        if e.tag == "svg" and e.attrs.get("aria-hidden") != "true" and not spoken:
            found.append("a drawing says nothing")
        if e.tag in {"section", "fieldset", "figure"} and "role" in e.attrs and "aria-label" not in e.attrs:
            found.append(f"<{e.tag} role={e.attrs['role']}> has no name")
        if e.tag == "fieldset" and not any(x.tag == "legend" and e in x.parents for x in page.elements):
            found.append("a fieldset has no legend")
        if (
            e.tag in {"td", "th"}
            and any(p.attrs.get("role") == "table" for p in e.parents)
            and "role" not in e.attrs
        ):
            found.append(f"<{e.tag}> of a card table has no role")
    return found
