"""What a page may show of an objection to one person: the file to the parties, the draft decision to its writer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Evidence, Objection, Person, Step
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import deadlines
from kinerja.services.calendars import calendar_of
from kinerja.services.objection_apply import EXPLAINED_WITH, PENILAI_SIDE, SUBJECT_SIDE
from kinerja.services.periods import regulation_of
from kinerja.services.review_facts import PROPOSALS, past_of
from kinerja.services.review_working import RATING_WORDS
from kinerja.workflows.objection import CHANGE
from kinerja.workflows.roles import Actor, Relation

DECIDED = ("upheld", "changed", "published")
MOST_EVIDENCE = 200
EXPLAIN_DAYS = 3
# Of the content, what only the parties and who decides may read; and what stays with who writes the decision.
_FILE = ("evaluasi", "objek", "alasan", "permintaan", "berkas", "penjelasan_penilai", "keterangan_pegawai", "pemutus",
         "sebelum")  # fmt: skip
_DECISION = ("keputusan", "pertimbangan", "rekomendasi", "sesudah")
TARGET_LABELS = {
    "rating_hasil": N_("Rating hasil kerja"), "rating_perilaku": N_("Rating perilaku kerja"),
    "predikat": N_("Predikat kinerja"), "nhk": "NHK", "npk": "NPK", "nkp": "NKP", "data": N_("Data yang dipakai"),
}  # fmt: skip


def present(document: Document, actor: Actor) -> dict[str, Any]:
    """The page of an objection for one person. Who is no party learns its state and its clocks, nothing else."""
    objection = db.session.get_one(Objection, document.id)
    review = db.session.get_one(Document, objection.review_id)
    sight = Sight.of(document, objection, actor)
    decided, decides = sight.decided, sight.decides
    page: dict[str, Any] = {
        "party": sight.party,
        "decides": decides,
        "explains": document.state == "in_examination" and (actor.has(Relation.SUBJECT) or sight.evaluates),
        "clocks": clocks(document, objection, review),
        "review": {"public_id": review.public_id, "number": review.print_number, "slot": review.slot},
        "decided": decided,
    }
    if not sight.party:
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
        "parties": _parties(document, objection, sight.evaluator_id),
        "why_decider": objection.decider_why,
        "with_committee": bool(document.flags.get("with_committee")),
        **_asking(document),
        "unsigned": document.flags.get("unsigned", []),
    }
    brought = objection.case_file.get(EXPLAINED_WITH, {})
    page["explained_with"] = {side: brought.get(side, []) for side in sight.sides}
    if SUBJECT_SIDE in sight.sides:
        page["explanation_subject"] = objection.explanation_subject
    if PENILAI_SIDE in sight.sides:
        page["explanation_penilai"] = objection.explanation_penilai
    if document.state == "published" and objection.decision == CHANGE:
        # What is printed is the evaluation, now on D.1.3 (p.118 no. 7).
        page["form_of"] = review.public_id
    if decides or decided:
        page["decision"] = {
            "code": objection.decision,
            "considerations": objection.considerations,
            "recommendation": objection.recommendation,
            "after": {key: label.get(objection.after.get(key, ""), "") for key, label in names.items()},
            "after_codes": objection.after,
        }
    return page


@dataclass(frozen=True)
class Sight:
    """What one person may read of an objection: the file, and of the explanations his own until it is decided."""

    decided: bool
    decides: bool
    evaluates: bool
    evaluator_id: int | None
    is_subject: bool
    audits: bool

    @classmethod
    def of(cls, document: Document, objection: Objection, actor: Actor) -> "Sight":
        proposer = past_of(objection.review_id).last(*PROPOSALS)
        evaluator_id = proposer.actor_id if proposer is not None else None
        return cls(
            document.state in DECIDED,
            sits(document, objection, actor),
            actor.person_id is not None and actor.person_id == evaluator_id,
            evaluator_id,
            actor.has(Relation.SUBJECT),
            actor.has(Relation.AUDITOR),
        )

    @property
    def party(self) -> bool:
        return self.is_subject or self.audits or self.decides or self.evaluates

    @property
    def sides(self) -> tuple[str, ...]:
        """Whose explanation he may read."""
        if not self.party:
            return ()
        if self.decides or self.decided or self.audits:
            return SUBJECT_SIDE, PENILAI_SIDE
        return (SUBJECT_SIDE,) if self.is_subject else (PENILAI_SIDE,)


def redact(content: Mapping[str, Any], document: Document, actor: Actor) -> dict[str, Any]:
    """A text of an objection, stored or as it stands, without what this person may not read on its page."""
    sight = Sight.of(document, db.session.get_one(Objection, document.id), actor)
    hidden = set() if sight.party else set(_FILE)
    hidden |= set() if sight.decides or (sight.decided and sight.party) else set(_DECISION)
    hidden |= {
        key
        for side, key in ((SUBJECT_SIDE, "keterangan_pegawai"), (PENILAI_SIDE, "penjelasan_penilai"))
        if side not in sight.sides
    }
    shown = {key: value for key, value in content.items() if key not in hidden}
    if brought := shown.get("berkas", {}).get(EXPLAINED_WITH):
        mine = {side: given for side, given in brought.items() if side in sight.sides}
        shown["berkas"] = shown["berkas"] | {EXPLAINED_WITH: mine}
    return shown


def evidence_of(document: Document, actor: Actor) -> frozenset[str]:
    """The evidence this person may open through an objection: of the frozen file, and what came with either side."""
    objection = db.session.get_one(Objection, document.id)
    sight, file = Sight.of(document, objection, actor), objection.case_file
    if not sight.party:
        return frozenset()
    lists = [file.get("bukti_pemohon", []), file.get("bukti", [])]
    lists += [file.get(EXPLAINED_WITH, {}).get(side, []) for side in sight.sides]
    return frozenset(entry["id"] for entries in lists for entry in entries)


def _asking(document: Document) -> dict[str, Any]:
    """What was asked of both sides, when, and until when it is answered."""
    asked = document.flags.get("asked_on")
    if not asked:
        return {"asked_on": None}
    calendar = calendar_of(document)
    until = calendar.add(date.fromisoformat(asked), EXPLAIN_DAYS)
    note = db.session.scalar(
        sa.select(Step.note)
        .where(Step.document_id == document.id, Step.event == "ask_explanation")
        .order_by(Step.sequence.desc())
        .limit(1)
    )
    left = calendar.remaining(clock.today(document.unit.zone), until)
    return {"asked_on": asked, "answer_until": until, "answer_left": left, "asked_what": note or ""}


def typed_explanation(document: Document, actor: Actor) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What this side has explained so far, and the evidence of his own he may point to."""
    objection = db.session.get_one(Objection, document.id)
    is_subject = actor.has(Relation.SUBJECT)
    text = objection.explanation_subject if is_subject else objection.explanation_penilai
    side = SUBJECT_SIDE if is_subject else PENILAI_SIDE
    brought = objection.case_file.get(EXPLAINED_WITH, {}).get(side, [])
    stored = {"explanation": text, "evidence": [entry["id"] for entry in brought]}
    return stored, _own_choices(actor.person_id)


def _own_choices(owner_id: int | None) -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(Evidence.public_id, Evidence.name)
        .where(Evidence.owner_id == owner_id)
        .order_by(Evidence.added_at.desc())
        .limit(MOST_EVIDENCE)
    )
    return [(row.public_id, row.name) for row in rows]


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
    return stored, _own_choices(document.subject_id)


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
    law, calendar, zone = regulation_of(document.period), calendar_of(document), document.unit.zone
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
