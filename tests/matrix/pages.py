"""What a page of ours is made of, read by a plain parser: ids, labels, headings, scripts, styles, links and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

LABELLED = ("input", "select", "textarea")
NEEDS_NO_LABEL = ("hidden", "submit", "button", "image", "reset")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Left open by the standard itself.
OPTIONAL_END = {"li", "p", "td", "th", "tr", "option", "dt", "dd", "thead", "tbody", "tfoot", "colgroup"}


@dataclass
class Form:
    action: str
    method: str
    names: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Reads one page and keeps what the house asks about."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.faults: list[str] = []
        self.titles = self.headings = 0
        self.lang = ""
        self._labels: set[str] = set()
        self._controls: list[tuple[str, dict[str, str], bool]] = []
        self._open: list[str] = []
        self._refs: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        self._conclude()

    def handle_decl(self, decl: str) -> None:
        self._doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> repeats an attribute: {attrs}")
        if tag not in VOID and "svg" not in self._open:
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        self.headings += tag == "h1"
        self.titles += tag == "title" and "svg" not in self._open
        if tag == "html":
            self.lang = given.get("lang", "")
        self._no_inline(tag, given)
        if tag == "label" and "for" in given:
            self._labels.add(given["for"])
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if tag in LABELLED and given.get("type") not in NEEDS_NO_LABEL:
            self._controls.append((tag, given, "label" in self._open))
        if self.forms and "form" in self._open and given.get("name") and tag in (*LABELLED, "button"):
            self.forms[-1].names.append(given["name"])
        for name in ("href", "hx-get"):
            if given.get(name) and tag in ("a", "link", "button", "div", "section", "form"):
                self.links.append(given[name])
        if tag == "img" and "alt" not in given:
            self.faults.append(f"an image without alt: {given}")
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            self._refs += [(name, target) for target in given.get(name, "").split()]

    def _no_inline(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style" or (tag == "script" and "src" not in given and "json" not in given.get("type", "")):
            self.faults.append(f"inline <{tag}>")
        for name, value in given.items():
            if (
                name == "style"
                or name.startswith(("on", "hx-on"))
                or value.strip().lower().startswith("javascript:")
            ):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or ("svg" in self._open and tag != "svg"):
            return
        while self._open and self._open[-1] != tag and self._open[-1] in OPTIONAL_END:
            self._open.pop()
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-3:]}")
            if tag not in self._open:
                return
            while self._open[-1] != tag:
                self._open.pop()
        self._open.pop()

    def _conclude(self) -> None:
        repeated = sorted({i for i in self.ids if self.ids.count(i) > 1})
        if repeated:
            self.faults.append(f"repeated ids: {repeated}")
        for tag, given, inside in self._controls:
            named = given.get("aria-label") or given.get("aria-labelledby") or given.get("title")
            if not (inside or named or given.get("id") in self._labels):
                self.faults.append(f"a control without a label: <{tag}> {given}")
        for name, target in self._refs:
            if target not in self.ids:
                self.faults.append(f"{name} points to nothing: {target}")

    def faults_of_a_whole_page(self) -> list[str]:
        """The faults, and what only a whole page must have."""
        found = list(self.faults)
        if self.headings != 1:
            found.append(f"{self.headings} h1")
        if self.titles != 1:
            found.append(f"{self.titles} title")
        if self.lang not in ("id", "en"):
            found.append(f"lang {self.lang!r}")
        return found
