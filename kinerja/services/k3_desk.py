"""The desk of whoever reviews K3: indicators under review with a forbidden pair, without history, or whose manual is
late. Two statements for a page, whatever the size of what he watches over."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Iku, K3Item, K3Review, Manual, Period, Person, SkpIndicator, Unit
from kinerja.rules import k3_review as law
from kinerja.rules.k3 import CONTROLS, LAMA, MANDATORY, NEW_WITH, VALIDITIES
from kinerja.rules.words import N_
from kinerja.services import k3_lines, policy
from kinerja.services.identity import Circle
from kinerja.services.periods import regulation_of
from kinerja.workflows.k3_review import K3ReviewFlow

PAGE_SIZE = 100
CHOICES = {
    "": N_("Semua"),
    law.PAIR: N_("Pasangan terlarang"),
    law.HISTORY: N_("Tanpa riwayat"),
    law.MANUAL: N_("Manual terlambat"),
}


@dataclass(frozen=True)
class Row:
    """An indicator that needs a look: in which review, whose, and why."""

    id: int
    public_id: str
    key: str
    number: str
    name: str
    of_unit: bool
    subject: str
    unit: str
    slot: str
    state_label: str
    problems: tuple[str, ...]
    manual: str


@dataclass(frozen=True)
class Desk:
    """One page of it; `after` is the key of the next one, 0 on the last."""

    rows: tuple[Row, ...]
    after: int


def look(circle: Circle, today: date, problem: str = "", after: int = 0, size: int = PAGE_SIZE) -> Desk:
    """What one may see of running reviews that has a problem, or this one of law.PROBLEMS, as they opened."""
    found: list[Any] = []
    for of_units in (True, False):
        found += db.session.execute(_query(circle, of_units, today, after, size + 1)).all()
    found.sort(key=lambda row: row[0].id)
    page = [_row(row, today) for row in found[:size]]
    wanted = tuple(one for one in page if (problem in one.problems if problem else one.problems))
    return Desk(wanted, page[-1].id if len(found) > size else 0)


def _query(circle: Circle, of_units: bool, today: date, after: int, size: int) -> Any:
    """A superset of what has a problem; the rules say which really has."""
    indicator: Any = Iku if of_units else SkpIndicator
    said = {
        name: sa.func.coalesce(
            *(sa.func.nullif(getattr(one, name), "") for one in (K3Item, Manual, indicator) if hasattr(one, name)),
            "",
        )
        for name in ("validity", "control", "target_status")
    }  # fmt: skip
    number = {
        name: sa.func.coalesce(getattr(K3Item, name), getattr(Manual, name))
        for name in ("target_y1", "realisation_y1")
    }
    periods = db.session.scalars(sa.select(Period).where(Period.state == "open")).all()
    pairs = sorted({pair for period in periods for pair in _forbidden(regulation_of(period))})
    forbidden = sa.or_(
        sa.false(), *(sa.and_(said["validity"] == one, said["control"] == other) for one, other in pairs)
    )
    unknown = sa.and_(
        said["target_status"].in_((LAMA, MANDATORY, NEW_WITH)),
        sa.or_(number["target_y1"].is_(None), number["realisation_y1"].is_(None)),
    )
    late = sa.and_(Manual.document_id.is_(None), K3Review.manual_due < today)
    settled = K3ReviewFlow.resting
    return (
        k3_lines.query(of_units)
        .add_columns(
            Document.public_id, Document.slot, Document.state, Person.name.label("subject"), Unit.name.label("unit"),
            Document.period_id,
        )
        .join(Document, Document.id == K3Item.review_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Person, Person.id == Document.subject_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.kind == "k3_review", Document.state.not_in(settled), Period.state == "open", K3Item.id > after,
            policy.visible(circle), sa.or_(forbidden, unknown, late),
        )
        .order_by(K3Item.id)
        .limit(size)
    )  # fmt: skip


def _forbidden(regulation: Any) -> list[tuple[str, str]]:
    """The pairs for which the law of a period has no weight."""
    if law.scope_of(regulation) == law.NONE:
        return []
    table = regulation.value("bobot_mutu_indikator")
    return [(one, other) for one in VALIDITIES for other in CONTROLS if other not in table[one]]


def _row(row: Any, today: date) -> Row:
    line = k3_lines.line_of(row)
    regulation = regulation_of(db.session.get_one(Period, row.period_id))
    return Row(
        line.item.id, row[5], line.item.key, line.one.number, line.name, line.item.iki_id is None, row.subject,
        row.unit, row.slot, K3ReviewFlow.state_label(row.state), law.problems(line.one, regulation, today), line.manual,
    )  # fmt: skip
