"""How far an evaluation is, before it is determined, only those who rate may know: for a row and for a whole list."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from kinerja.models import Document, Unit
from kinerja.services.identity import Circle
from kinerja.services.policy import named_by_flag
from kinerja.services.rights import IN_SESSION
from kinerja.workflows.roles import Relation

# What happens among those who rate, before it is determined.
JUDGING = ("proposed", "calibrated", "in_session", "session_decided")
SITTING = (Relation.ANGGOTA_TPK, Relation.SEKRETARIAT, Relation.KOMITE_PELAKSANA)


def _rated_by(circle: Circle) -> frozenset[int]:
    """Whom this person rates: as their penilai, or in his name by a letter that lets him sign."""
    return circle.direct | circle.signing.get("predicate_review", frozenset())


def public_state(document: Any, circle: Circle) -> str:
    """The state a list may show: until it is determined only those who rate learn how far an evaluation is.

    `document` is a row with kind, state, subject_id, acting_level, flags and the unit's path.
    """
    if document.kind != "predicate_review" or document.state not in JUDGING:
        return str(document.state)
    rating = (
        document.subject_id in circle.second
        or document.flags.get("calibrator_id") == circle.person_id
        or (document.acting_level == 0 and document.subject_id in _rated_by(circle))
    )
    sitting = document.state in IN_SESSION and any(
        document.path.startswith(path) for path in circle.paths(*SITTING)
    )
    own = document.subject_id == circle.person_id
    return str(document.state) if (rating or sitting) and not own else "prepared"


def shown_state(circle: Circle) -> Any:
    """`public_state` as a column, so that filters and counts tell no more than the rows do."""
    return shown_to(circle.person_id, circle.second, _rated_by(circle), circle.paths(*SITTING))


def shown_to(me: Any, second: Any, rated: Any, paths: Iterable[str] = ()) -> Any:
    """The same for whoever is superior to `second` at the second level, rates `rated`, and sits over the units of these
    paths. Numbers, or parameters for them."""
    rating = [
        Document.subject_id.in_(second),
        named_by_flag(me, Relation.CALIBRATOR),
        sa.and_(Document.acting_level == 0, Document.subject_id.in_(rated)),
    ]
    sitting = [sa.and_(Document.state.in_(IN_SESSION), Unit.path.startswith(path)) for path in paths]
    veiled = sa.and_(
        Document.kind == "predicate_review",
        Document.state.in_(JUDGING),
        sa.or_(Document.subject_id == me, sa.not_(sa.or_(*rating, *sitting))),
    )
    return sa.case((veiled, "prepared"), else_=Document.state)
