"""Evaluations that the penilai did not sign in time: the day alone passes them on to his superior (p.115 no. 8).

No event moves them, so their head would go on naming the penilai, who cannot sign any more: nobody would be asked,
reminded or late.
"""

from datetime import date

import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import Document, PeriodWindow, is_held
from kinerja.services import deadlines, notices, transitions
from kinerja.services.evaluation import KIND, at_day

# Made by the penilai and not yet signed.
UNSIGNED = ("proposed", "calibrated", "session_decided", "determined")
BY_SUPERIOR = "review_sign_superior"


def fall_due(day: date) -> int:
    """Let the superior be awaited, with his 14 working days, wherever he is to sign; how many. Safe to run twice."""
    with at_day(day):
        return sum(_pass_on(public_id) for public_id in _candidates(day))


def _candidates(day: date) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Document.public_id)
            .join(
                PeriodWindow,
                sa.and_(PeriodWindow.period_id == Document.period_id, PeriodWindow.slot == Document.slot),
            )
            .where(
                Document.kind == "predicate_review",
                Document.state.in_(UNSIGNED),
                Document.acting_level == 0,
                Document.due_code != BY_SUPERIOR,
                PeriodWindow.closes < day,
                ~is_held(Document),
            )
            .order_by(Document.id)
        )
    )


def _pass_on(public_id: str) -> int:
    with transaction():
        document = transitions.load(public_id, lock=True)
        facts = KIND.facts(document)
        turn, due, code = deadlines.turn_and_due(document, facts, document.state_since)
        if code != BY_SUPERIOR or document.due_code == code:
            return 0
        transitions.write_head(document, {"turn": turn, "due_at": due, "due_code": code, "escalation": 0})
        notices.tell_turn(document)
        return 1
