"""What a page may show of an evaluation to one person. What he may not see is not in the answer at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Evidence, EvidenceLink, Realisation, RealisationItem, Review, Skp
from kinerja.rules.distribution import check_distribution, curve
from kinerja.rules.evaluation import organisation_result
from kinerja.rules.exact import display, short
from kinerja.rules.finding import WARNS
from kinerja.rules.predicate import PREDICATES, RATINGS, quadrant
from kinerja.rules.registry import core_values
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.services import deadlines, policy, rights
from kinerja.services.kinds import flow_of
from kinerja.services.org_results import USED_STATES
from kinerja.services.periods import regulation_of
from kinerja.services.review_facts import facts_of, organisation_name, review_of
from kinerja.services.review_matter import OPEN_STATES, StoredMatter, counts_for, tells_of_nobody
from kinerja.services.review_working import RATING_WORDS, capaian_step, working
from kinerja.services.suggestions import Suggested
from kinerja.services.trajectory import Line
from kinerja.workflows.review_facts import ReviewFacts, proposal_findings
from kinerja.workflows.roles import Actor, Relation

_AFTER = frozenset(
    {
        Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN, Relation.CALIBRATOR,
        Relation.DECIDER, Relation.PENGELOLA_PEGAWAI, Relation.ANGGOTA_TPK, Relation.KOMITE_PELAKSANA,
        Relation.SEKRETARIAT, Relation.AUDITOR,
    }
)  # fmt: skip
_SESSION = frozenset({Relation.ANGGOTA_TPK, Relation.SEKRETARIAT, Relation.KOMITE_PELAKSANA})
# Events before the determination that only those who take part may read of.
_INSIDE = frozenset(
    {
        "edit", "propose", "propose_superior", "calibrate", "lapse_calibration", "send_back", "to_session",
        "decide_session", "skip_session",
    }
)  # fmt: skip
_SECRET = (
    "rating_hasil", "rating_perilaku", "predikat", "alasan_hasil", "alasan_perilaku", "rekomendasi", "baris", "nilai",
    "kalibrasi", "masukan", "skep",
)  # fmt: skip
TONES = {
    "sangat_baik": "best", "baik": "good", "butuh_perbaikan": "fix", "kurang": "bad", "sangat_kurang": "bad",
}  # fmt: skip
_PLACE = {"dibawah": 1, "sesuai": 2, "diatas": 3}


@dataclass(frozen=True)
class PublicState:
    """The state as this person may know it, with its label."""

    code: str
    label: str


def sees_ratings(document: Document, actor: Actor) -> bool:
    """May this person see ratings now? Before the determination only who rates, calibrates or decides them."""
    if document.state in USED_STATES:
        reported = document.state in ("final", "reported") and actor.has(Relation.PYB)
        return bool(_AFTER & actor.relations) or reported
    if actor.has(Relation.SUBJECT):
        return False
    evaluator = Relation.PENILAI if document.acting_level == 0 else Relation.ATASAN
    allowed = {evaluator}
    if document.state in OPEN_STATES and document.acting_level == 0:
        allowed.add(Relation.DELEGATE)  # he prepares, and learns no more than what he writes
    if document.state not in OPEN_STATES:
        allowed |= (
            {Relation.ABOVE_ATASAN, Relation.CALIBRATOR} if document.acting_level else _calibrators(document)
        )
    if document.state in ("in_session", "session_decided"):
        allowed |= _SESSION
    if document.state == "session_decided":
        allowed.add(Relation.PYB)
    return actor.has(*allowed)


def _calibrators(document: Document) -> set[Relation]:
    found = {Relation.ATASAN, Relation.CALIBRATOR}
    return found | {Relation.ABOVE_ATASAN} if document.period.calibration_levels > 1 else found


def public_state(document: Document, actor: Actor) -> PublicState:
    """The state for lists, counts and steppers: until it is determined nobody outside learns how far it is."""
    state = document.state
    if state in USED_STATES or state in OPEN_STATES or sees_ratings(document, actor):
        return PublicState(state, flow_of(document).state_label(state))
    return PublicState("prepared", N_("Dalam Evaluasi"))


def visible_steps(document: Document, actor: Actor, steps: Sequence[Any]) -> list[Any]:
    """The history this person may read: before the determination without what happens among those who rate."""
    if sees_ratings(document, actor) or document.state in USED_STATES:
        return list(steps)
    return [step for step in steps if step.event not in _INSIDE]


def redact(content: Mapping[str, Any], document: Document, actor: Actor) -> dict[str, Any]:
    """A stored revision without what this person may not see now."""
    if sees_ratings(document, actor):
        return dict(content)
    return {key: value for key, value in content.items() if key not in _SECRET}


def present(document: Document, actor: Actor) -> dict[str, Any]:
    """The page of one evaluation for one person, as plain values; without ratings where he may not see them."""
    review, regulation = review_of(document), regulation_of(document.period)
    facts = facts_of(document)
    open_now = sees_ratings(document, actor)
    matter = StoredMatter(document, review)
    suggested = matter.suggested
    page: dict[str, Any] = {
        "sees_ratings": open_now,
        "writes": any(move.event == "edit" for move in flow_of(document).allowed(facts, actor)),
        "form": form_of(document, facts),
        "state": public_state(document, actor),
        "organisation": _organisation(review, facts, matter, regulation),
        "windows": deadlines.windows_of(document),
        "received_on": review.received_on,
        "handover_proof": review.handover_proof,
        "final_because": facts.final_because,
        "may_object": facts.may_object,
        "rows": _rows(review, document, suggested, open_now, actor),
        "values": _values(review, open_now),
        "assumptions": len(regulation.used_assumptions),
        "rule_set": {"code": regulation.code, "version": regulation.version},
    }
    page["working"] = [capaian_step(page["rows"])]
    if open_now:
        page |= _judged(review, document, facts, suggested, page["rows"])
        if not actor.has(Relation.SUBJECT):
            page["distribution"] = _distribution(review, document, actor, matter, regulation)
    return page


def typed(document: Document) -> dict[str, Any]:
    """What stands on the desk now, as the desk's form takes it."""
    review = review_of(document)
    return {
        "result_rating": review.result_rating or StoredMatter(document, review).rating_of_head,
        "result_reason": review.result_reason,
        "behaviour_rating": review.behaviour_rating,
        "behaviour_reason": review.behaviour_reason,
        "predicate": review.predicate if review.frozen_inputs.get("tugas_belajar_gagal") else "",
        "study_leave_failed": bool(review.frozen_inputs.get("tugas_belajar_gagal")),
        "recommendation": review.recommendation,
        "realisation_reason": str(review.frozen_inputs.get("alasan_realisasi", "")),
        "rows": {row.row_id: {"status": row.status, "feedback": row.feedback} for row in review.rows},
        "values": {v.value_code: {"status": v.status, "feedback": v.feedback} for v in review.values},
    }


def form_of(document: Document, facts: ReviewFacts) -> str:
    """Which official form this evaluation is or will be: D.1.1 of the penilai, D.1.2 of the atasan."""
    return "D.1.2" if facts.superior_signed or document.acting_level > 0 else "D.1.1"


def _organisation(
    review: Review, facts: ReviewFacts, matter: StoredMatter, regulation: Regulation
) -> dict[str, Any]:
    found = organisation_result(matter.settled_part, regulation)
    made = bool(review.org_predicate)
    code = review.org_predicate if made else found[0].predicate if found else ""
    labels = regulation.value("predikat_organisasi_label")
    return {
        "unit": organisation_name(review),
        "code": code,
        "label": labels.get(code, code.replace("_", " ").title()) if code else "",
        "last_year": review.org_from_last_year if made else bool(found and found[1] != "berjalan"),
        "question": facts.question,
    }


def _rows(
    review: Review, document: Document, suggested: Suggested, open_now: bool, actor: Actor
) -> list[dict[str, Any]]:
    evidence = _evidence(review.skp_id, document, suggested, actor)
    lines: dict[int, list[dict[str, Any]]] = {}
    by_indicator = {line.indicator.id: line for line in suggested.trajectory.lines}
    found = []
    for entry in sorted(review.rows, key=lambda r: (r.row.kind != "utama", r.row.position)):
        row = entry.row
        lines[row.id] = [
            _line(by_indicator[indicator], document.slot, suggested, evidence.get(indicator, []))
            for indicator in suggested.indicators[row.id]
            if indicator in by_indicator
        ]
        item: dict[str, Any] = {
            "id": row.id, "key": row.key, "kind": row.kind, "rhk": row.rhk, "rhk_intervened": row.rhk_intervened,
            "assigned_by": row.assigned_by, "taken_over": row.taken_over_at is not None, "indicators": lines[row.id],
        }  # fmt: skip
        if open_now:
            item |= {
                "status": entry.status, "feedback": entry.feedback, "suggested": suggested.rows.get(row.id),
            }  # fmt: skip
        found.append(item)
    return found


def _line(line: Line, slot: str, suggested: Suggested, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    indicator = line.indicator
    try:
        cell = line.at(slot)
    except KeyError:
        cell = line.cells[-1]
    entry = suggested.trajectory.entries.get((indicator.id, cell.slot))
    score = cell.score
    return {
        "number": indicator.number,
        "text": indicator.text,
        "measure": indicator.measure,
        "target": short(cell.total_target) if cell.total_target is not None else indicator.target_text,
        "realisation": short(cell.total_realisation) if cell.total_realisation is not None else "",
        "narrative": entry.narrative if entry else "",
        "obstacle": entry.obstacle if entry else "",
        "capaian": display(score.exact) if score is not None and score.exact is not None else "",
        "reason": score.reason if score is not None else None,
        "light": cell.light,
        "state": cell.state,
        "polarity": indicator.polarity,
        "working": [part.to_dict() for part in score.parts] if score is not None else [],
        "evidence": evidence,
    }


def _evidence(
    skp_id: int, document: Document, suggested: Suggested, actor: Actor
) -> dict[int, list[dict[str, Any]]]:
    """The evidence per indicator of the slots this evaluation covers.

    Whoever may see the realisation opens it there, where his reading counts (RL-3); who only calibrates or decides
    opens it through the evaluation; the others see that it is there.
    """
    slots, slot = suggested.trajectory.slots, document.slot
    sees_realisation = bool(rights.VIEWERS["realisation"] & actor.relations)
    instead = document.public_id if policy.may_open_evidence(document, actor) else None
    covered = slots[: slots.index(slot) + 1] if slot in slots else slots
    rows = db.session.execute(
        sa.select(
            RealisationItem.indicator_id, Document.slot, Document.public_id.label("document"), Document.state,
            Evidence.public_id,
            Evidence.name, Evidence.kind, Evidence.url, EvidenceLink.shows, EvidenceLink.unreadable,
        )
        .join(EvidenceLink, EvidenceLink.item_id == RealisationItem.id)
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .join(Realisation, Realisation.document_id == RealisationItem.realisation_id)
        .join(Document, Document.id == Realisation.document_id)
        .where(Realisation.skp_id == skp_id, Document.slot.in_(covered), Document.state != "draft")
        .order_by(Document.slot, EvidenceLink.id)
    ).all()  # fmt: skip
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.indicator_id, []).append(
            {
                "id": row.public_id, "name": row.name, "kind": row.kind, "url": row.url, "shows": row.shows,
                "slot": row.slot, "unreadable": row.unreadable,
                "document": row.document if sees_realisation else instead,
                "returnable": row.state == "recorded" and actor.has(Relation.PENILAI),
            }
        )  # fmt: skip
    return found


def _values(review: Review, open_now: bool) -> list[dict[str, Any]]:
    """The seven values with their guides, the leader's expectations, and the feedback given."""
    expected: dict[str, list[str]] = {}
    for told in db.session.get_one(Skp, review.skp_id).expectations:
        expected.setdefault(told["nilai"], []).append(told["teks"])
    given = {value.value_code: value for value in review.values}
    found = []
    for value in core_values():
        item: dict[str, Any] = {
            "code": value.code, "title": value.title, "bullets": list(value.bullets),
            "expectations": expected.get(value.code, []),
        }  # fmt: skip
        if open_now and value.code in given:
            item |= {"status": given[value.code].status, "feedback": given[value.code].feedback}
        found.append(item)
    return found


def _judged(
    review: Review, document: Document, facts: ReviewFacts, suggested: Suggested, rows: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    regulation = facts.regulation
    ratings, predicates = RATING_WORDS, regulation.value("predikat_label")
    kept = document.state not in OPEN_STATES and review.suggestion
    result = review.suggestion["hasil"] if kept else suggested.result.to_dict()
    behaviour = review.suggestion["perilaku"] if kept else suggested.behaviour.to_dict()
    place = (
        (_PLACE[review.result_rating], _PLACE[review.behaviour_rating])
        if review.result_rating and review.behaviour_rating
        else None
    )
    return {
        "result_rating": {"code": review.result_rating, "label": ratings.get(review.result_rating, "")},
        "behaviour_rating": {"code": review.behaviour_rating, "label": ratings.get(review.behaviour_rating, "")},
        "predicate": {"code": review.predicate, "label": predicates.get(review.predicate, "")},
        "predicates_by_place": {
            f"{r}-{b}": predicates[str(quadrant(r, b, regulation))] for r in RATINGS for b in RATINGS
        },
        "result_reason": review.result_reason,
        "behaviour_reason": review.behaviour_reason,
        "realisation_reason": facts.realisation_reason,
        "recommendation": review.recommendation,
        "study_leave_failed": bool(review.frozen_inputs.get("tugas_belajar_gagal")),
        "suggestion": {"result": _told(result, ratings), "behaviour": _told(behaviour, ratings)},
        "differs": {
            "result": bool(result["value"] and review.result_rating and result["value"] != review.result_rating),
            "behaviour": bool(
                behaviour["value"] and review.behaviour_rating and behaviour["value"] != review.behaviour_rating
            ),
        },
        "warnings": [
            {"rule": f.rule, "message": f.message, "params": dict(f.params), "source": f.source}
            for f in (proposal_findings(facts) if document.state in OPEN_STATES else [])
            if f.severity == WARNS
        ],
        "calibrations": [
            {
                "level": c.level, "who": c.by.name, "at": c.at, "reason_code": c.reason_code, "sentence": c.sentence,
                "before": _named(c.before, ratings, predicates), "after": _named(c.after, ratings, predicates),
                "changed": c.before != c.after,
            }
            for c in review.calibrations
        ],
        "quadrant": {
            "place": place,
            "cells": {
                (_PLACE[r], _PLACE[b]): {
                    "label": predicates[str(quadrant(r, b, regulation))],
                    "tone": TONES[str(quadrant(r, b, regulation))],
                }
                for r in RATINGS
                for b in RATINGS
            },
        },
        "working": working(review, rows, result, behaviour, regulation),
        "frozen": dict(review.frozen_inputs),
        "flags": {
            "not_validated": bool(document.flags.get("not_validated")),
            "last_year": review.org_from_last_year,
            "absence": str(review.frozen_inputs.get("surat_berhalangan", "")),
            "not_calibrated": bool(facts.last_event_by.get("lapse_calibration", 0) is None),
        },
    }  # fmt: skip


def _told(suggestion: Mapping[str, Any], ratings: Mapping[str, str]) -> dict[str, Any]:
    value = suggestion["value"]
    return {
        "code": value or "",
        "label": ratings.get(value, "") if value else "",
        "reason": suggestion["reason"],
        "provisional": suggestion["provisional"],
        "parts": suggestion["parts"],
    }


def _named(
    values: Mapping[str, str], ratings: Mapping[str, str], predicates: Mapping[str, str]
) -> dict[str, str]:
    return {
        "rating_hasil": ratings.get(values.get("rating_hasil", ""), ""),
        "rating_perilaku": ratings.get(values.get("rating_perilaku", ""), ""),
        "predikat": predicates.get(values.get("predikat", ""), ""),
    }


def _distribution(
    review: Review, document: Document, actor: Actor, matter: StoredMatter, regulation: Regulation
) -> dict[str, Any] | None:
    """The pattern of the UPK against the guideline: a hint, never a block; None where it would tell of somebody."""
    counts, unseen = counts_for(review, document, actor.person_id or 0)
    found = organisation_result(matter.settled_part, regulation)
    pattern = review.org_predicate or (found[0].predicate if found else "")
    if not pattern or not tells_of_nobody(sum(counts.values()), unseen):
        return None
    checked = check_distribution(pattern, counts, regulation)
    labels = regulation.value("predikat_label")
    return {
        "pattern": pattern,
        "n": checked.n,
        "counts": [(code, labels[code], checked.counts[code]) for code in PREDICATES],
        "breaches": [{"message": b.message, "params": dict(b.params)} for b in checked.breaches],
        "attainable": checked.attainable,
        "curve": list(curve(pattern, regulation)),
        "source": checked.source,
    }
