"""A manual as its page and its form show it, and what the pages of a PK and an SKP say about theirs."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Manual
from kinerja.rules import manual as rules
from kinerja.rules.finding import Finding
from kinerja.rules.words import N_
from kinerja.services import manual_start, manuals, policy
from kinerja.services.keyed_edit import decimal_of
from kinerja.services.manual_kind import manual_content, manual_of, plan_of
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.reading import Page
from kinerja.services.rights import PUBLISHED, VIEWERS
from kinerja.services.trajectory import slots_of
from kinerja.workflows.manual import ManualFlow
from kinerja.workflows.roles import Actor, Relation

WRITTEN = manuals.WRITTEN
_GRAVITY = "BPI?"
WHICH_SMART = {
    "S": N_("Spesifik"), "M": N_("Terukur"), "A": N_("Disepakati"), "R": N_("Realistis"), "T": N_("Berbatas waktu"),
    "C": N_("Terus disempurnakan"),
}  # fmt: skip


def form_source(document: Document) -> dict[str, Any]:
    """What the form is built from."""
    return manual_content(document, manual_of(document))


def number(text: str | None) -> Decimal | None:
    """A number of a content as forms take it."""
    return decimal_of(text)


def present(page: Page) -> dict[str, Any]:
    """The values of the page of one version."""
    document, manual, facts = page.document, manual_of(page.document), page.facts
    law: Any = facts
    being_written = document.state in WRITTEN
    move, missing = page.flow.awaited(facts) if being_written else (None, [])
    every = rules.check(law.manual, law.regulation) if being_written else []
    asked = {(unmet.rule, unmet.message, str(unmet.params)) for unmet in missing}
    found = [f for f in every if (f.rule, f.message, str(dict(f.params))) not in asked]
    by_field: dict[str, list[Finding]] = {}
    for finding in every:
        # What is merely empty, and advice, stand in the lists below the form: a form just begun is no list of faults.
        if finding.rule != "MI-3" and (finding.rule != "A.1.3" or law.manual.says(finding.field)):
            by_field.setdefault(finding.field, []).append(finding)
    smart = rules.smart_c(law.manual, law.regulation) if being_written else []
    plan = plan_of(manual)
    content = manual_content(document, manual)
    shown_plan = plan if plan is not None and _opens(plan, page.actor) else None
    return {
        "manual": content,
        "subtitle": content["nama"],
        "next": {"label": move.row.label, "missing": missing} if move is not None else None,
        "findings": sorted((f for f in found if f.rule != "MI-3"), key=lambda f: _GRAVITY.index(f.severity)),
        "by_field": by_field,
        "smart": [
            {"name": WHICH_SMART[letter], "text": text, "field": place, "open": broken}
            for letter, text, place, broken in smart
        ],
        "needed": rules.needed(law.manual),
        "leader": law.manual.leader,
        "ministry": law.manual.ministry,
        "qualitative": law.manual.qualitative,
        "realised": law.manual.realised,
        "fixed": tuple(rules.FIXED) + tuple(rules.SCORING)
        if law.manual.realised and law.manual.before
        else (),
        "plan": {"public_id": shown_plan.public_id, "kind": shown_plan.kind} if shown_plan else None,
        "versions": versions_of(manual, page.actor, document),
        "slots": [slot for slot in slots_of(document.period) if content["lintasan"].get(slot) is not None],
        "slot_labels": SLOT_LABELS,
    }


def _opens(plan: Document, actor: Actor) -> bool:
    """May this reader also open the PK or SKP? By what he is to the owner, who is the same."""
    return policy.may_view(plan, actor)


def versions_of(manual: Manual, actor: Actor, document: Document) -> list[dict[str, Any]]:
    """All versions of the manual of this indicator that this reader may open, the newest first."""
    rows = db.session.execute(
        sa.select(Document.public_id, Document.state, Document.state_since, Manual.number, Document.id)
        .join(Manual, Manual.document_id == Document.id)
        .where(manuals.of_indicator(manual))
        .order_by(Manual.number.desc())
    ).all()
    seen = knows_all(actor.relations)
    return [
        {
            "public_id": row.public_id,
            "number": row.number,
            "state": row.state,
            "state_label": ManualFlow.state_label(row.state),
            "since": row.state_since,
            "current": row.id == document.id,
        }
        for row in rows
        if seen or row.state in PUBLISHED["manual"]
    ]


def knows_all(relations: frozenset[Relation]) -> bool:
    """Does somebody who is this see versions that are not yet in force too?"""
    return bool((VIEWERS["manual"] - {Relation.STAFF}) & relations)


def content_before(document: Document) -> dict[str, Any] | None:
    """What the version before this one said, once it was in force; None for the first."""
    manual = manual_of(document)
    before = db.session.scalars(
        sa.select(Manual)
        .where(manuals.of_indicator(manual), Manual.number < manual.number, Manual.sealed_at.is_not(None))
        .order_by(Manual.number.desc())
        .limit(1)
    ).first()
    return manual_content(before.document, before) if before is not None else None


def beside(
    plan: Document,
    indicators: list[tuple[str, str, Any]],
    actor: Actor,
    *,
    leader: bool,
    found: dict[int, list[manuals.Version]] | None = None,
) -> tuple[dict[str, dict[str, Any]], list[Finding]]:
    """What the page of a PK or an SKP says of the manuals of its indicators, each (number, place, indicator).

    By the key of the indicator: its versions, and whether one may begin a manual or the next version; and what is still
    owed once the plan is set. One statement, or none where the versions were `found` with something else.
    """
    column = Manual.iku_id if plan.kind == "pk" else Manual.iki_id
    if found is None:
        found = manuals.versions(column, [one.id for _number, _place, one in indicators])
    everything, begins = knows_all(actor.relations), manual_start.may_begin(plan, actor.relations)
    links = {}
    for _number, _place, one in indicators:
        them = [v for v in found.get(one.id, []) if everything or v.state == manuals.IN_FORCE]
        links[one.key] = {
            "versions": [
                {"public_id": v.public_id, "number": v.number, "label": ManualFlow.state_label(v.state)}
                for v in them
            ],
            "begin": begins and not any(v.state in WRITTEN for v in them),
        }
    if plan.state != "in_force":
        return links, []
    states, today = manuals.states_in(found), clock.today(plan.unit.zone)
    # Nothing is owed of an employee who began none: then nobody asks for the date.
    asked = any(states.get(one.id) != manuals.IN_FORCE for *_named, one in indicators)
    due = manuals.due_of(plan) if asked and (leader or states) else None
    owed = tuple(
        rules.Owed(number, states.get(one.id, ""), leader, today, due, place)
        for number, place, one in indicators
    )
    # The version in force counts; the next one is owed by a date of its own, and is named with it.
    later = tuple(
        rules.Owed(f"{number}, v{v.number}", v.state, leader, today, manuals.due_of(plan, v.begun), place)
        for number, place, one in indicators
        for v in found.get(one.id, [])
        if v.state in WRITTEN and states[one.id] == manuals.IN_FORCE
    )
    return links, rules.owed(owed + later, regulation_of(plan.period))
