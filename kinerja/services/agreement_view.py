"""A PK as its page and its form show it: plain values, findings at their fields, who agreed, what is missing."""

from typing import Any

import sqlalchemy as sa

from kinerja.db import db, memo
from kinerja.models import Document
from kinerja.reports.strategy_map import strategy_map
from kinerja.rules import pk as rules
from kinerja.rules.finding import Finding
from kinerja.services import iku_values, manual_view, pk_progress, rights
from kinerja.services.agreements import COUNTING, SIGNED, pk_content, pk_of
from kinerja.services.kinds import kind_of
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.reading import Page, namer
from kinerja.services.trajectory import HANDED_OVER, YEAR_SLOT, slots_of
from kinerja.workflows.roles import label_of

WRITTEN = ("draft", "proposed", "in_dialogue", "agreed", "in_review", "ready_to_sign", "signed_first")
FOLLOWERS = ("iku_realisation", "org_value", "k3_review")
# What blocks stands first, what could not be checked last.
_GRAVITY = "BPI?"


def perspectives_of(document: Document) -> dict[str, str]:
    """The perspectives of a strategy map in the law of the period: code -> name."""
    found: dict[str, str] = regulation_of(document.period).parameter("perspektif_nko").value
    return dict(found)


def form_source(document: Document) -> tuple[dict[str, Any], tuple[str, ...], dict[str, str], frozenset[str]]:
    """What the form is built from: content, slots of the year, perspectives, keys of IKU that are locked."""
    pk = pk_of(document)
    locked = frozenset(iku.key for one in pk.objectives for iku in one.indicators if iku.locked_at)
    return pk_content(document, pk), tuple(slots_of(document.period)), perspectives_of(document), locked


def present(page: Page) -> dict[str, Any]:
    """The values of the PK page."""
    document = page.document
    pk = pk_of(document)
    content = pk_content(document, pk)
    indicators = [(iku.code or iku.name, iku.key, iku) for one in pk.objectives for iku in one.indicators]
    being_written = document.state in WRITTEN
    move, missing = page.flow.awaited(page.facts) if being_written else (None, [])
    every = _findings(page) if being_written else []
    links, owed = manual_view.beside(document, indicators, page.actor, leader=True)
    every += owed
    asked = {(unmet.rule, unmet.message, str(unmet.params)) for unmet in missing}
    found = [f for f in every if (f.rule, f.message, str(dict(f.params))) not in asked]
    by_field: dict[str, list[Any]] = {}
    for finding in every:
        by_field.setdefault(finding.field, []).append(finding)
    perspectives = perspectives_of(document)
    codes = _name_references(content)
    reached = reached_of(page)
    lights = reached["lights"] if reached else {}
    return {
        "pk": content,
        "next": {"label": move.row.label, "missing": missing} if move is not None else None,
        "findings": sorted(found, key=lambda finding: _GRAVITY.index(finding.severity)),
        "by_field": by_field,
        "perspectives": perspectives,
        "groups": _groups(content, perspectives),
        "map": strategy_map(content["sasaran"], perspectives, lights) if content["sasaran"] else None,
        "codes": codes,
        "manuals": links,
        "reached": reached,
        "slots": slots_of(document.period),
        "slot_labels": SLOT_LABELS,
        "progress": _progress(page),
        "assent": assent_of(page) if document.state == "in_dialogue" else [],
        "marked": [m["name"] for m in assent_of(page) if m["set"]],
    }


def _progress(page: Page) -> dict[str, Any]:
    """What progress is asked of, and the newest of each; nothing is read of a PK that is not yet in force."""
    pk = pk_of(page.document)
    known = pk_progress.read(page.document) if page.document.state not in WRITTEN else {}
    return {
        "steps": pk_progress.steps_of(pk),
        "risks": pk_progress.risks_of(pk),
        "latest": pk_progress.latest(known),
        "words": pk_progress.STATES,
        "quarter": pk_progress.running_quarter(page.document) if page.document.state in SIGNED else "",
    }


def reached_of(page: Page) -> dict[str, Any] | None:
    """What the unit has reached so far, as far as this reader may know it; None while there is nothing to show.

    Those who make and watch the figures see the last period that was recorded; staff the last whose value is
    determined.
    """
    document = page.document
    if document.state not in COUNTING:
        return None
    values, recorded = siblings_of(document, "org_value"), siblings_of(document, "iku_realisation")
    near = bool(rights.VIEWERS["iku_realisation"] & page.actor.relations)
    known = [one for one in values if near or one.state in rights.PUBLISHED["org_value"]]
    handed = [one for one in recorded if one.state in HANDED_OVER] if near else known
    slots = [one.slot for one in handed if one.slot != YEAR_SLOT]
    if not (slots or known or (near and recorded)):
        return None
    unit_id, period = document.unit_id, document.period
    reading = iku_values.read(unit_id, period, slots[-1], pk_row=document) if slots else None
    return {
        "slot_label": SLOT_LABELS.get(slots[-1], slots[-1]) if slots else "",
        "lights": {one.key: one.light for one in reading.objectives} if reading else {},
        "iku": {one.key: one for one in reading.indicators} if reading else {},
        "found": known,
        "recorded": recorded if near else [],
        "state_label": lambda one: kind_of(one.kind).flow.state_label(one.state),
    }


def siblings_of(pk: Document, kind: str) -> list[Document]:
    """The documents of one of FOLLOWERS that follow a PK, as the year runs; asked once for all of them on a page."""
    known = {} if db.session.info.get("in_transaction") else memo().setdefault("pk_followers", {})
    if pk.id not in known:
        query = sa.select(Document).where(Document.kind.in_(FOLLOWERS), Document.parent_id == pk.id)
        known[pk.id] = db.session.scalars(query).all()
    order = [window.slot for window in pk.period.windows]
    return sorted((one for one in known[pk.id] if one.kind == kind), key=lambda one: order.index(one.slot))


def _name_references(content: dict[str, Any]) -> dict[str, str]:
    """Key -> code of every objective and IKU; what refers to them gets their codes beside the keys."""
    codes = {one["key"]: one["kode"] for one in content["sasaran"]}
    codes |= {iku["key"]: iku["kode"] for one in content["sasaran"] for iku in one["iku"]}
    for objective in content["sasaran"]:
        objective["sebab_kode"] = [codes[key] for key in objective["sebab"] if key in codes]
    for initiative in content["inisiatif"]:
        initiative["iku_kode"] = [codes[key] for key in initiative["iku"] or () if key in codes]
    return codes


def _groups(content: dict[str, Any], perspectives: dict[str, str]) -> list[dict[str, Any]]:
    """The objectives by perspective, in the order of the law; those without one last."""
    found = [
        {"name": name, "objectives": [one for one in content["sasaran"] if one["perspektif"] == code]}
        for code, name in perspectives.items()
    ]
    rest = [one for one in content["sasaran"] if one["perspektif"] not in perspectives]
    return [group for group in [*found, {"name": "", "objectives": rest}] if group["objectives"]]


def _findings(page: Page) -> list[Finding]:
    facts: Any = page.facts
    return rules.check(facts.pk, facts.regulation)


def assent_of(page: Page) -> list[dict[str, Any]]:
    """Who must set his mark "sepakat", and who has."""
    name_of, marks = namer(page.document), page.facts.marks
    return [
        {"name": name_of(relation), "role": label_of(relation, "pk"), "set": relation in marks}
        for relation in sorted(page.facts.required_marks)
    ]
