"""What a page may show of an objection to one person: the file to the parties, the draft decision to its writer."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Evidence, Objection, Person
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import deadlines
from kinerja.services.calendars import calendar_for
from kinerja.services.periods import regulation_of
from kinerja.services.review_facts import PROPOSALS, past_of
from kinerja.services.review_working import RATING_WORDS
from kinerja.workflows.roles import Actor, Relation

DECIDED = ("upheld", "changed", "published")
MOST_EVIDENCE = 200
TARGET_LABELS = {
    "rating_hasil": N_("Rating hasil kerja"), "rating_perilaku": N_("Rating perilaku kerja"),
    "predikat": N_("Predikat kinerja"), "nhk": "NHK", "npk": "NPK", "nkp": "NKP", "data": N_("Data yang dipakai"),
}  # fmt: skip


def present(document: Document, actor: Actor) -> dict[str, Any]:
    """The page of an objection for one person. Who is no party learns its state and its clocks, nothing else."""
    objection = db.session.get_one(Objection, document.id)
    review = db.session.get_one(Document, objection.review_id)
    decided = document.state in DECIDED
    decides = sits(document, objection, actor)
    proposer = past_of(review.id).last(*PROPOSALS)
    evaluator_id = proposer.actor_id if proposer is not None else None
    evaluates = actor.person_id is not None and actor.person_id == evaluator_id
    party = actor.has(Relation.SUBJECT, Relation.AUDITOR) or decides or evaluates
    page: dict[str, Any] = {
        "party": party,
        "decides": decides,
        "explains": document.state == "in_examination" and (actor.has(Relation.SUBJECT) or evaluates),
        "clocks": clocks(document, objection, review),
        "review": {"public_id": review.public_id, "number": review.print_number, "slot": review.slot},
        "decided": decided,
    }
    if not party:
        return page
    law = regulation_of(document.period)
    ratings, predicates = RATING_WORDS, law.value("predikat_label")
    names = {"rating_hasil": ratings, "rating_perilaku": ratings, "predikat": predicates}
    page |= {
        "targets": [{"code": code, "label": TARGET_LABELS[code]} for code in objection.targets],
        "reasons": objection.reasons,
        "request": objection.request,
        "evidence": objection.case_file.get("bukti_pemohon", []),
        "filed_at": objection.filed_at,
        "before": {key: label.get(objection.before.get(key, ""), "") for key, label in names.items()},
        "before_codes": objection.before,
        "case_file": {
            key: objection.case_file.get(key) for key in ("dibekukan", "dokumen", "bukti", "kalibrasi")
        },
        "parties": _parties(document, objection, evaluator_id),
        "why_decider": objection.decider_why,
        "with_committee": bool(document.flags.get("with_committee")),
        "asked_on": document.flags.get("asked_on"),
        "unsigned": document.flags.get("unsigned", []),
    }
    everything = decides or decided or actor.has(Relation.AUDITOR)
    if everything or actor.has(Relation.SUBJECT):
        page["explanation_subject"] = objection.explanation_subject
    if everything or evaluates:
        page["explanation_penilai"] = objection.explanation_penilai
    if decides or decided:
        page["decision"] = {
            "code": objection.decision,
            "considerations": objection.considerations,
            "recommendation": objection.recommendation,
            "after": {key: label.get(objection.after.get(key, ""), "") for key, label in names.items()},
            "after_codes": objection.after,
        }
    return page


def typed(document: Document) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the subject has written so far, and the evidence of his own he may point to.

    Asked of an evaluation before anything is written it is empty, or the draft that waits.
    """
    stored: dict[str, Any] = {}
    query = sa.select(Objection).join(Document, Document.id == Objection.document_id)
    if document.kind == "objection":
        query = query.where(Objection.document_id == document.id)
    else:
        query = query.where(Objection.review_id == document.id, Document.state == "draft")
    objection = db.session.scalars(query).first()
    if objection is not None:
        chosen = [entry["id"] for entry in objection.case_file.get("bukti_pemohon", [])]
        stored = {
            "targets": objection.targets, "reasons": objection.reasons, "request": objection.request,
            "evidence": chosen,
        }  # fmt: skip
    rows = db.session.execute(
        sa.select(Evidence.public_id, Evidence.name)
        .where(Evidence.owner_id == document.subject_id)
        .order_by(Evidence.added_at.desc())
        .limit(MOST_EVIDENCE)
    )
    return stored, [(row.public_id, row.name) for row in rows]


def typed_decision(document: Document) -> dict[str, Any]:
    """The draft of the decision as its form takes it; without one the ratings as they stand."""
    objection = db.session.get_one(Objection, document.id)
    now = objection.after or objection.before
    return {
        "decision": objection.decision,
        "result_rating": now.get("rating_hasil", ""),
        "behaviour_rating": now.get("rating_perilaku", ""),
        "considerations": objection.considerations,
        "recommendation": objection.recommendation,
    }


def sits(document: Document, objection: Objection, actor: Actor) -> bool:
    """Is this the person, or one of the committee, who decides? Never one whose own act is attacked."""
    from kinerja.services.deciders import attacked

    if actor.person_id is None or actor.person_id in attacked(objection.review.document):
        return False
    return actor.has(Relation.KOMITE_PELAKSANA if document.flags.get("with_committee") else Relation.DECIDER)


def _parties(document: Document, objection: Objection, evaluator_id: int | None) -> list[dict[str, str]]:
    wanted = [
        (document.subject_id, N_("Pemohon")), (evaluator_id, N_("Penilai yang dipersoalkan")),
        (objection.decider_id, N_("Pemutus")),
    ]  # fmt: skip
    found = []
    for person_id, role in wanted:
        person = db.session.get(Person, person_id) if person_id is not None else None
        if person is not None:
            found.append({"name": person.name, "role": role})
    return found


def clocks(document: Document, objection: Objection, review: Document) -> list[dict[str, Any]]:
    """The three legal clocks with the working days used: 14 to file, 7 to decide, 30 to report."""
    law, calendar, zone = regulation_of(document.period), calendar_for(document.unit), document.unit.zone
    today = clock.today(zone)
    filed = local_date(objection.filed_at, zone) if objection.filed_at else None
    found = []
    if objection.received_on is not None:
        total = law.whole("hk_keberatan")
        found.append(_clock("file", objection.received_on, total, calendar, filed or today, filed is None))
    if filed is not None:
        total = law.whole("hk_putusan_keberatan")
        decided = document.state in DECIDED
        end = local_date(document.state_since, zone) if decided else today
        one = _clock("decide", filed, total, calendar, end, not decided)
        if not decided and document.due_at is not None:
            one["due"] = local_date(document.due_at, zone)
        found.append(one)
    closes = deadlines.windows_of(review).get("closes")
    if closes is not None:
        total = law.whole("hk_laporan")
        found.append(_clock("report", closes, total, calendar, max(today, closes), False))
    return found


def _clock(code: str, start: date, total: int, calendar: Any, end: date, running: bool) -> dict[str, Any]:
    return {
        "code": code, "start": start, "due": calendar.add(start, total), "total": total,
        "used": min(total, max(0, calendar.between(start, end))), "running": running,
        "left": calendar.remaining(end, calendar.add(start, total)),
    }  # fmt: skip
