"""What the roles of a matriks are for: the IKU of the PK where the leader heads a UPK, else the IKI of his SKP."""

from typing import Any

import sqlalchemy as sa

from kinerja.db import db, memo
from kinerja.models import DISCARDED, Document, MatrixMember
from kinerja.rules.cascade import Link, bind
from kinerja.rules.matrix import LOAD, Column
from kinerja.services.agreement_start import current_pk
from kinerja.services.agreements import pk_of
from kinerja.services.planning import skp_of

AGREED = ("in_force", "amended", "superseded", "closed")


def source_of(document: Document) -> Document | None:
    """The plan that a matriks shares out: the PK of the leader's unit, else his own SKP; None while he has none."""
    found: dict[int, Document | None] = memo().setdefault("matrix_source", {})
    if document.id not in found:
        pk = current_pk(document.unit_id, document.period_id) if document.unit.owns_strategy_map else None
        found[document.id] = pk or _skp_of_leader(document)
    return found[document.id]


def _skp_of_leader(document: Document) -> Document | None:
    plan: Document | None = db.session.scalars(
        sa.select(Document)
        .where(
            Document.kind == "skp",
            Document.subject_id == document.subject_id,
            Document.period_id == document.period_id,
            Document.state.not_in((DISCARDED, "exempt")),
        )
        .order_by(Document.span_start.desc(), Document.id.desc())
    ).first()
    return plan


def columns_of(document: Document) -> tuple[Column, ...]:
    """The columns of a matriks as the leader's plan now is, drafts included."""
    source = source_of(document)
    if source is None:
        return ()
    return _of_pk(source) if source.kind == "pk" else _of_skp(source)


def _of_pk(source: Document) -> tuple[Column, ...]:
    return tuple(
        Column(
            iku.key, iku.code, iku.name, _both(objective.statement, iku.name), iku.target, iku.measure,
            iku.polarity, iku.consolidation, source.state not in AGREED, bool(iku.validity and iku.control),
        )
        for objective in pk_of(source).objectives
        for iku in objective.indicators
        if not iku.parent_key
    )  # fmt: skip


def _of_skp(source: Document) -> tuple[Column, ...]:
    skp = skp_of(source)
    # What a JPT or the head of a unit mandiri is served in is named with its indicator (p.59).
    return tuple(
        Column(
            one.key, f"{n}.{m}", one.text, _both(row.rhk, one.text) if skp.senior_form else row.rhk, one.target,
            one.measure, one.polarity, one.consolidation, source.state not in AGREED,
            bool(one.validity and one.control),
        )
        for n, row in enumerate(skp.rows, 1)
        for m, one in enumerate(row.indicators, 1)
        if one.text.strip()
    )  # fmt: skip


def _both(result: str, indicator: str) -> str:
    return f"{result} ({indicator})" if result.strip() and indicator.strip() else result or indicator


def team_columns(lead: MatrixMember, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The results of a ketua tim, for which his members are given roles; as provisional as what they serve."""
    found = []
    for number, cell in enumerate((c for c in lead.cells if c.text.strip()), 1):
        link = bind(cell.parent_key, cell.parent_text, columns)
        parent: Any = link.parent
        portion = cell.portion if cell.method == LOAD else None
        found.append(
            Column(
                cell.key, f"{number}", cell.text, cell.text, portion, parent.unit if parent else "",
                parent.polarity if parent else "maximize", parent.consolidation if parent else "sum",
                link.provisional,
            )
        )  # fmt: skip
    return tuple(found)


def link_of(cell: Any, columns: tuple[Column, ...]) -> Link:
    """Where a cell hangs now, among the columns of the leader and of the ketua tim."""
    return bind(cell.parent_key, cell.parent_text, columns)
