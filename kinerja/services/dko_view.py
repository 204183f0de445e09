"""A DKO as its page and its forms show it: agenda from what is open, people, minutes, actions with how they stand."""

from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import DkoAction, Document
from kinerja.services import dko_matter, pk_progress
from kinerja.services.dko import content_of, dko_of
from kinerja.services.periods import SLOT_LABELS
from kinerja.services.reading import Page

PREPARED = ("scheduled", "materials_ready")
DONE, CARRIED, LATE, OPEN = "selesai", "dibawa", "terlambat", "terbuka"


def form_source(document: Document) -> tuple[dict[str, Any], list[tuple[str, str]], list[str]]:
    """What the forms are built from: content, (public id, name and post) of everybody on offer, who is ticked."""
    dko = dko_of(document)
    content = content_of(document, dko) | {"held_on": dko.held_on}
    people = dko_matter.candidates(document)
    listed = [(one.public_id, f"{one.name}, {one.post}" if one.post else one.name) for one in people.values()]
    ticked = {one["id"] for one in dko.attendees}
    return content, listed, [one.public_id for one in people.values() if one.id in ticked]


def leading(document: Document) -> list[tuple[str, str]]:
    """Who may lead it, the head first."""
    return [(one.public_id, one.name) for one in dko_matter.leaders(document)]


def own_open(document: Document, person_id: int | None) -> list[tuple[str, str]]:
    """The open actions of a person here: key and what it is."""
    return [(a.key, a.text) for a in dko_of(document).actions if a.owner_id == person_id and a.is_open]


def present(page: Page) -> dict[str, Any]:
    """The values of the DKO page."""
    document, dko = page.document, dko_of(page.document)
    content = content_of(document, dko)
    today = clock.today(document.unit.zone)
    actions = {
        action.key: {
            "key": action.key,
            "uraian": action.text,
            "pj": action.owner.name if action.owner else "",
            "tanggal": action.due,
            "keadaan": standing_of(action, today),
            "hasil": action.result,
            "tautan": action.link,
            "bukti": [{"id": one.evidence.public_id, "nama": one.evidence.name} for one in action.evidence],
            "selesai": action.done_at,
            "kali": action.times,
            "arahan": action.decision_key,
            "milik_saya": action.owner_id == page.actor.person_id and action.is_open,
        }
        for action in dko.actions
    }
    prepared = document.state in PREPARED
    materials = dko_matter.materials(document) if prepared else dko.materials
    move, missing = page.flow.awaited(page.facts)
    asks_something = document.state in ("scheduled", "materials_ready", "held", "minutes_draft")
    return {
        "dko": content,
        "held_on": dko.held_on,
        "was_held": document.state not in (*PREPARED, "missed"),
        "materials": materials,
        "moved": {one["key"]: one["tanggal"] for one in content["kembali"]},
        "standing": _later(document) if materials.get("aksi") and not prepared else {},
        "actions": actions,
        "carried": [one for one in actions.values() if not one["arahan"]],
        "can_complete": any(offer.event == "complete_action" for offer in page.offers),
        "without_materials": bool(document.flags.get("without_materials")),
        "slot_labels": SLOT_LABELS,
        "words": pk_progress.STATES,
        "next": {"label": move.row.label, "missing": missing} if move and asks_something else None,
        "findings": [],
        "by_field": {},
    }


def standing_of(action: DkoAction, today: Any) -> str:
    """How an action stands on a day: done, carried on, late or open."""
    if action.done_at is not None:
        return DONE
    if action.carried_to_id is not None:
        return CARRIED
    return LATE if action.due is not None and action.due < today else OPEN


def _later(document: Document) -> dict[str, str]:
    """What became of the actions that came back here: key -> standing, of the newest DKO that has them."""
    rows = db.session.scalars(
        sa.select(DkoAction)
        .join(Document, Document.id == DkoAction.dko_id)
        .where(Document.kind == "dko", Document.unit_id == document.unit_id)
        .order_by(DkoAction.id)
    )
    today = clock.today(document.unit.zone)
    return {action.key: standing_of(action, today) for action in rows}
