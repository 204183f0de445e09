"""Who sees what, asked of groups of documents: `policy.visible` and `judging.public_state` in plain Python.

An office sees whole units, so that a count per unit is enough; only documents near to a person need more. That both say
the same is held by a test which compares every list with its counts for every kind of actor.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja.models import Document
from kinerja.services import dko_actions, lending
from kinerja.services.judging import JUDGING, SITTING
from kinerja.services.policy import NAMED, NOT_OVER_OWN, known_to_staff
from kinerja.services.rights import IN_SESSION, SEATED, VIEWERS
from kinerja.workflows.roles import Relation

OWN, DIRECT, SECOND, THIRD, STANDING_IN = "own", "direct", "second", "third", "standing_in"
# By delegation, for this kind of document: to prepare it, or to sign it too.
DELEGATED, SIGNING = "delegated", "signing"
_KINDS_OF = {
    role: frozenset(kind for kind, viewers in VIEWERS.items() if role in viewers) for role in Relation
}


@dataclass(frozen=True)
class Nearness:
    """What a person is to some documents besides an office: whose they are, and whether they name him.

    `whose` is empty when they are of none of his; `calibrates` is being named as calibrator.
    """

    whose: str
    named: bool
    calibrates: bool
    acting_level: int


def sees_by_role(roles: Iterable[Relation], kind: str, *, is_private: bool, in_committee: bool) -> bool:
    """Do these offices over a unit open such a document of somebody they are nothing else to?"""
    return any(
        kind in _KINDS_OF[role]
        and (
            not is_private
            or role is Relation.AUDITOR
            or (role is Relation.PENGELOLA_PEGAWAI and kind == "skp")
        )
        and (in_committee or role not in SEATED)
        for role in roles
    )


def state_by_role(roles: Iterable[Relation], kind: str, state: str) -> str:
    """The state these offices may be shown: until it is determined only those who rate learn how far it is."""
    if kind != "predicate_review" or state not in JUDGING:
        return state
    return state if state in IN_SESSION and any(role in SITTING for role in roles) else "prepared"


def sees(
    near: Nearness, roles: frozenset[Relation], kind: str, *, is_private: bool, in_committee: bool
) -> bool:
    """Does such a document that is near open, with these offices over its unit?"""
    if near.named or near.whose == OWN:
        return True
    opened = near.whose in (DIRECT, SECOND, DELEGATED, SIGNING) or (
        near.whose == STANDING_IN and kind in ("skp", "realisation")
    )
    if opened and not is_private:
        return True
    left = roles - NOT_OVER_OWN if near.whose else roles
    return sees_by_role(left, kind, is_private=is_private, in_committee=in_committee)


def state_seen(near: Nearness, roles: frozenset[Relation], kind: str, state: str) -> str:
    """The state that may be shown of a document that is near."""
    if near.whose == OWN:
        return state_by_role((), kind, state)
    if (
        near.whose == SECOND
        or near.calibrates
        or (near.acting_level == 0 and near.whose in (DIRECT, SIGNING))
    ):
        return state
    return state_by_role(roles, kind, state)


def near_ids(me: Any, people: Any, units: Any) -> Any:
    """A common table of the documents that are near: one's own, one's people's, those that name one, and the signed PK
    of the units one works in."""
    return sa.union(*near_branches(me, people, units)).cte("near_ids")


def near_branches(me: Any, people: Any, units: Any) -> Iterator[Any]:
    """The same as selects of ids, an index for each: joined by OR none would serve."""
    yield sa.select(Document.id).where(Document.subject_id == me)
    yield sa.select(Document.id).where(Document.subject_id.in_(people))
    yield sa.select(Document.id).where(known_to_staff(units))
    yield dko_actions.dialogues_of(me)
    yield lending.matrices_of(me)
    for column, _kinds in NAMED.values():
        yield sa.select(Document.id).where(column == me)


def names(me: Any, units: Any) -> Any:
    """Does the document name this person, or is it known to him by where he works; of documents that are at hand."""
    named = (sa.and_(Document.kind.in_(kinds), column == me) for column, kinds in NAMED.values())
    entrusted = (Document.id.in_(found) for found in (dko_actions.dialogues_of(me), lending.matrices_of(me)))
    return sa.or_(known_to_staff(units), *entrusted, *named)
