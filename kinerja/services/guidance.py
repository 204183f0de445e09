"""What the help pages tell: the glossary, and who may see which kind of document, from the very policy."""

from dataclasses import dataclass

from kinerja.rules import glossary
from kinerja.services import policy, rights
from kinerja.services.kinds import all_kinds
from kinerja.workflows.roles import Relation, label_of


@dataclass(frozen=True)
class Entry:
    """A term with its other names and the anchors under which pages link to it."""

    term: str
    names: tuple[str, ...]
    anchors: tuple[str, ...]
    meaning: str
    source: str


@dataclass(frozen=True)
class KindViewers:
    """Who may open documents of one kind: once they were sent, and while they are still private."""

    kind: str
    title: str
    viewers: tuple[str, ...]
    private_states: tuple[str, ...]
    private_viewers: tuple[str, ...]


def anchor(term: str) -> str:
    """The address of a term on the glossary page, as the pages that link to it spell it."""
    return term.lower().replace(" ", "-")


def entries(locale: str = "id") -> list[Entry]:
    """Every term in the reader's language."""
    return [
        Entry(
            t.term,
            t.also,
            tuple(dict.fromkeys(anchor(name) for name in (t.term, *t.also))),
            t.meaning_en if locale == "en" else t.meaning,
            t.source,
        )
        for t in glossary.terms()
    ]


def who_may_see() -> list[KindViewers]:
    """Every kind of document with the relations that may open it."""
    return [
        KindViewers(
            code,
            kind.flow.title,
            tuple(label_of(r, code) for r in Relation if r in rights.VIEWERS[code]),
            tuple(kind.flow.state_label(state) for state in rights.PRIVATE_STATES.get(code, ())),
            tuple(label_of(r, code) for r in policy.private_viewers(code)),
        )
        for code, kind in all_kinds().items()
        if code in rights.VIEWERS
    ]
