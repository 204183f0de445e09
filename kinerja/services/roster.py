"""Who is on which post on one date, and who acts there: plain values, picked by the order of 1.6."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kinerja.rules.words import N_

# Definitif before Plt before Pjs; a Plh never takes over the post, he stands beside the absent holder.
HOLDER_ORDER = ("definitif", "plt", "pjs")
# The power a letter may give a Plh., who else only prepares; and the kinds of documents it reaches.
SIGNS = "menandatangani"
SIGNED_FOR = ("skp", "realisation", "predicate_review")


@dataclass(frozen=True)
class Holder:
    """A person on a post on the date in question, with what the header of a form says of him."""

    person_id: int
    name: str
    post_id: int
    post_title: str
    kind: str
    authority: str = ""
    nip: str = ""
    grade: str = ""
    unit_name: str = ""
    public_id: str = ""
    zone: str = "WIB"
    unit_path: str = ""

    @property
    def may_sign(self) -> bool:
        """Does the letter of a Plh. let him sign, rate and set in the name of the absent holder?"""
        return self.kind == "plh" and self.authority == SIGNS


@dataclass(frozen=True)
class Delegate:
    """Whom a superior asked in writing to act in his name: for which kinds, and whether the letter lets him sign."""

    person_id: int
    name: str
    holder_id: int
    post_id: int
    kinds: frozenset[str]
    may_sign: bool
    letter: str
    public_id: str


@dataclass(frozen=True)
class Line:
    person_id: int
    superior_id: int | None
    superior_post_id: int | None
    # Or the last one of somebody who has left: it leads on upwards, but is no chain of his own.
    running: bool = True


@dataclass(frozen=True)
class Superior:
    """One link of the chain above a person: who, in whose name, who stands in for him, and why he."""

    person_id: int
    name: str
    post_title: str
    on_behalf: str
    why: str
    stand_ins: tuple[Holder, ...] = ()
    # Who acts in his name by delegation; nobody while a Plh. does, who comes first.
    delegates: tuple[Delegate, ...] = ()
    # Of the first of a chain: how many vacant levels right above the person were passed over to come to him.
    passed_over: int = 0

    @property
    def substitutes(self) -> tuple[tuple[int, str], ...]:
        """Whoever acts for him, by id and name, those who come first before the others."""
        stand_ins = tuple((one.person_id, one.name) for one in self.stand_ins)
        return stand_ins + tuple((one.person_id, one.name) for one in self.delegates)


@dataclass
class Roster:
    """Who holds which post on one date; picks the holder that acts for a reporting line."""

    holders: Sequence[Holder]
    delegates: Sequence[Delegate] = ()
    by_post: dict[int, list[Holder]] = field(default_factory=dict)
    by_person: dict[int, list[Holder]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for holder in self.holders:
            self.by_post.setdefault(holder.post_id, []).append(holder)
            self.by_person.setdefault(holder.person_id, []).append(holder)

    def pick(self, line: Line) -> Superior | None:
        """The person who acts as superior of this line, or None when the post is vacant."""
        on_post = self.by_post.get(line.superior_post_id or 0, [])
        stand_ins = tuple(h for h in on_post if h.kind == "plh")
        for kind in HOLDER_ORDER:
            candidates = [h for h in on_post if h.kind == kind]
            candidates.sort(key=lambda h: h.person_id != line.superior_id)
            # A functional post has many holders: none of them takes the place of the one who is named.
            if candidates and (len(candidates) == 1 or candidates[0].person_id == line.superior_id):
                chosen = candidates[0]
                acting = "" if kind == "definitif" else f"{kind.capitalize()}. {chosen.post_title}"
                why = {
                    "definitif": N_("pemegang definitif jabatan atasan"),
                    "plt": N_("Plt. pada jabatan atasan yang lowong"),
                    "pjs": N_("Pjs. pada jabatan atasan yang lowong"),
                }[kind]
                return self._seat(chosen, acting, why, stand_ins)
        own = [h for h in self.by_person.get(line.superior_id or 0, []) if h.kind in HOLDER_ORDER]
        if own:
            why = N_("atasan menurut garis pelaporan")
            return self._seat(own[0], "", why, stand_ins)
        return None

    def _seat(self, holder: Holder, acting: str, why: str, stand_ins: tuple[Holder, ...]) -> Superior:
        """The holder as a superior, with whom he asked to act in his name on this very post."""
        delegates = tuple(
            one
            for one in self.delegates
            if (one.holder_id, one.post_id) == (holder.person_id, holder.post_id)
        )
        return Superior(
            holder.person_id, holder.name, holder.post_title, acting, why, stand_ins,
            () if stand_ins else delegates,
        )  # fmt: skip
