"""Beginning a manual, or a new version of one: by whoever the indicator belongs to, or its pengelola for a unit."""

from typing import Any

import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import Document, Iku, Manual, SkpIndicator
from kinerja.rules import manual as law
from kinerja.rules.words import N_
from kinerja.services import identity, manual_kind, manuals, new_documents, policy, transitions
from kinerja.services.agreements import pk_of
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.planning import skp_of
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.roles import Relation

# Plans whose indicators are nobody's any more get no new manual.
PLANS = {
    "pk": ("draft", "proposed", "in_dialogue", "agreed", "in_review", "ready_to_sign", "signed_first", "in_force"),
    "skp": ("draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed", "signed_employee", "in_force"),
}  # fmt: skip
WRITERS = {"pk": {Relation.SUBJECT, Relation.PENGELOLA_ORGANISASI}, "skp": {Relation.SUBJECT}}


def may_begin(plan: Document, relations: frozenset[Relation]) -> bool:
    """May somebody who is this to a PK or an SKP begin a manual of its indicators?"""
    return (
        plan.state in PLANS.get(plan.kind, ())
        and plan.period.state == "open"
        and bool(WRITERS[plan.kind] & relations)
    )


def begin(plan_id: str, key: str, *, by_id: int) -> Document:
    """Draft the manual of an indicator (its key within a PK or SKP); of one in force, its next version.

    The draft that is there already is given as it is. Raises NotThere, NotAllowed, BadInput.
    """
    with transaction():
        plan = transitions.load(plan_id, lock=True)
        actor = identity.actor_for(plan, by_id)
        if plan.kind not in PLANS or not policy.may_view(plan, actor):
            raise NotThere(plan_id)
        indicator = _indicator(plan, key)
        if not WRITERS[plan.kind] & actor.relations:
            raise NotAllowed("create")
        if not may_begin(plan, actor.relations):
            raise BadInput([Unmet(OWN_RULE, N_("Periode atau dokumen ini sudah ditutup."))])
        of_unit = isinstance(indicator, Iku)
        column = Manual.iku_id if of_unit else Manual.iki_id
        there = manuals.versions(column, [indicator.id]).get(indicator.id, [])
        for version in there:
            if version.state in manuals.WRITTEN:
                return transitions.load(version.public_id)
        document = new_documents.create(
            "manual", slot=law.IKU if of_unit else law.IKI, subject_id=plan.subject_id, unit_id=plan.unit_id,
            period=plan.period, by=actor, state="draft",
        )  # fmt: skip
        last = sa.select(sa.func.max(Manual.number)).where(column == indicator.id)
        manual = Manual(document_id=document.id, number=(db.session.scalar(last) or 0) + 1)
        manual.iku_id, manual.iki_id = (indicator.id, None) if of_unit else (None, indicator.id)
        manual.clause = manuals.clause_of_iku(indicator) if of_unit else manuals.clause_of_iki(indicator)
        db.session.add(manual)
        db.session.flush()
        manual_kind.apply_edit(manual, _beginning(manual, there))
        db.session.flush()
        new_documents.begin(document, actor)
        return document


def _indicator(plan: Document, key: str) -> Any:
    """The IKU or IKI of a plan by its key. Raises NotThere."""
    found: list[Iku] | list[SkpIndicator]
    if plan.kind == "pk":
        found = [iku for objective in pk_of(plan).objectives for iku in objective.indicators]
    else:
        found = [indicator for row in skp_of(plan).rows for indicator in row.indicators]
    for one in found:
        if one.key == key:
            return one
    raise NotThere(key)


def _beginning(manual: Manual, there: list[manuals.Version]) -> dict[str, Any]:
    """What a new version says at first: all of the one in force, or what PK or SKP say already."""
    if there:
        before = manual_kind.manual_of(transitions.load(there[-1].public_id))
        content = manual_kind.fields_of(before)
        names = manual_kind.TEXTS | manual_kind.NUMBERS | manual_kind.FLAGS
        return {names[column]: value for column, value in content.items()}
    named = {name for column, name in manual_kind.TEXTS.items() if column in law.CLAUSE}
    return {name: manual.clause.get(name) or "" for name in named}
