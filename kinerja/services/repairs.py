"""The repair as a document kind: drafted by the secretariat, approved by a second person, applied by the system."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Person, Repair
from kinerja.rules.words import N_
from kinerja.services import deciders, identity, new_documents, policy, replaying, transitions
from kinerja.services.effects import effect
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.kinds import Context
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.review_facts import past_of, review_of
from kinerja.services.review_working import RATING_WORDS
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.repair import RepairFacts, RepairFlow, shown
from kinerja.workflows.roles import Actor, Relation

LONGEST = 4000
FIGURES = {
    "predikat": N_("Predikat"),
    "saran_hasil": N_("Saran rating hasil kerja"),
    "saran_perilaku": N_("Saran rating perilaku kerja"),
}
RUNNING = ("draft", "submitted", "approved")
REPAIRED = N_("%(document)s diterapkan; periksa dan tanda tangani kembali hasil evaluasi Anda.")
RETURNED = N_("%(document)s belum dapat diterapkan: hitung ulang memberi hasil lain.")


class RepairKind:
    flow = RepairFlow
    applies = frozenset({"submit", "apply"})

    def facts(self, document: Document) -> RepairFacts:
        return facts_of(document)

    def apply(self, context: Context) -> None:
        repair = repair_of(context.document)
        if context.event == "submit":
            _state(repair)
        elif context.event == "apply":
            _compare(context, repair)

    def content(self, document: Document) -> dict[str, Any]:
        repair = repair_of(document)
        return {
            "nomor": document.print_number,
            "evaluasi": review_document(repair).print_number,
            "alasan": repair.reason,
            "sebelum": dict(repair.before),
            "sesudah": dict(repair.after),
        }

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "name": document.subject.name}
        return N_("Perbaikan atas evaluasi %(slot)s %(year)s, %(name)s"), params


KIND = RepairKind()


def repair_of(document: Document) -> Repair:
    return db.session.get_one(Repair, document.id)


def review_document(repair: Repair) -> Document:
    return db.session.get_one(Document, repair.review_id)


def draft_repair(review_number: str, person_id: int, reason: str) -> Document:
    """Draft the repair of the evaluation with this printed number.

    Raises NotThere when the person sees no such evaluation, NotAllowed when he is not of its secretariat, and BadInput
    when the reason is short, the evaluation does not stand, a repair is running or the replay shows no error.
    """
    with transaction():
        public_id = db.session.scalar(
            sa.select(Document.public_id).where(
                Document.print_number == review_number.strip(), Document.kind == "predicate_review"
            )
        )
        if public_id is None:
            raise NotThere(review_number)
        review = transitions.load(public_id, lock=True)
        actor = identity.actor_for(review, person_id)
        if not policy.may_view(review, actor):
            raise NotThere(review_number)
        if not actor.has(Relation.SEKRETARIAT):
            raise NotAllowed("draft_repair")
        return _new(review, actor, _reason(reason))


def _new(review: Document, actor: Actor, reason: str) -> Document:
    earlier = db.session.execute(
        sa.select(Document, Repair.reason)
        .join(Repair, Repair.document_id == Document.id)
        .where(Repair.review_id == review.id)
    ).all()
    for document, said in earlier:
        if document.state == "draft" and (document.created_by_id, said) == (actor.person_id, reason):
            return document  # the same form twice
    before, after = _figures(review)
    facts = RepairFacts("draft", reason=reason, before=before, after=after, standing=_stands(review))
    problems = shown(facts)
    if any(document.state in RUNNING for document, _said in earlier):
        problems.append(Unmet(OWN_RULE, N_("Perbaikan evaluasi ini masih berjalan."), {}, "number"))
    if problems:
        raise BadInput(problems)
    document = new_documents.create(
        "repair",
        subject_id=review.subject_id,
        unit_id=review.unit_id,
        period=review.period,
        by=actor,
        state="draft",
        slot=review.slot,
        parent_id=review.id,
        # One evaluation may need several repairs: the count keeps them apart.
        span_start=date(review.period.year, 1, 1) + timedelta(days=len(earlier)),
    )
    db.session.add(
        Repair(document_id=document.id, review_id=review.id, reason=reason, before=before, after=after)
    )
    new_documents.begin(document, actor, "draft_repair", reason)
    return document


def _stands(review: Document) -> bool:
    return review.state in replaying.REPAIRABLE


def _figures(review: Document) -> tuple[dict[str, str], dict[str, str]]:
    """What stands and what the replay gives; nothing where no result stands."""
    if not _stands(review):
        return {}, {}
    content = review_of(review)
    return replaying.stored(content), replaying.replay(review, content)


def _state(repair: Repair) -> None:
    repair.before, repair.after = _figures(review_document(repair))
    repair.found = {}


def _reason(value: Any) -> str:
    text = str(value or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise BadInput([Unmet(OWN_RULE, N_("Paling panjang %(n)s huruf."), {"n": LONGEST}, "reason")])
    return text


def facts_of(document: Document) -> RepairFacts:
    """Everything the guards of one repair look at, today."""
    repair = repair_of(document)
    review = review_document(repair)
    facts = RepairFacts(
        document.state,
        last_event_by=past_of(document.id).last_by,
        reason=repair.reason,
        before=repair.before,
        after=repair.after,
        standing=_stands(review),
    )
    if document.state == "submitted":
        facts.parties = _parties(review)
    if document.state == "approved":
        facts.holds = _figures(review) == (repair.before, repair.after)
    return facts


def _parties(review: Document) -> frozenset[int]:
    """Subject, penilai, evaluator, signers and calibrators: none of them approves the repair."""
    chain = identity.superiors(review.subject_id, clock.today(review.unit.zone))
    calibrators = {calibration.by_id for calibration in review_of(review).calibrations}
    penilai = {chain[0].person_id} if chain else set()
    return frozenset(deciders.attacked(review) | calibrators | penilai | {review.subject_id})


def _compare(context: Context, repair: Repair) -> None:
    """Where the replay no longer gives the stated value, the difference is kept for both sides."""
    if context.move.target == "submitted":
        stands, replayed = _figures(review_document(repair))
        repair.found = {"before": stands, "after": replayed}
        context.notify(past_of(context.document.id).last_by.get("draft_repair"), RETURNED)


@effect("repair", "approve")
def apply_at_once(context: Context) -> None:
    context.then.append((context.document.public_id, "apply", {}))


@effect("repair", "apply")
def repair_evaluation(context: Context) -> None:
    """The evaluation takes the calculated values; its signatures fall and its clocks begin anew."""
    if context.target != "applied":
        return
    review = review_document(repair_of(context.document))
    transitions.flag(review, repair_approved=True)
    context.notify(context.document.subject_id, REPAIRED)
    context.then.append((review.public_id, "apply_repair", {"repair": context.document.print_number}))


def present(document: Document) -> dict[str, Any]:
    """Plain values for the page: reason, before and after, what stood against it, and the people."""
    repair = repair_of(document)
    review = review_document(repair)
    past = past_of(document.id).last_by
    people = [(N_("Penyusun"), past.get("draft_repair")), (N_("Penyetuju"), past.get("approve"))]
    names: dict[int, str] = {
        row.id: row.name
        for row in db.session.execute(
            sa.select(Person.id, Person.name).where(Person.id.in_([who for _label, who in people if who]))
        )
    }
    words = {"predikat": regulation_of(document.period).value("predikat_label")}
    shown = {"before": repair.before, "after": repair.after}
    lines = []
    for key, label in FIGURES.items():
        if key not in repair.after:
            continue
        found = repair.found or shown
        lines.append(
            {which: words.get(key, RATING_WORDS).get(values[key], "") for which, values in shown.items()}
            | {"found": {w: words.get(key, RATING_WORDS).get(v.get(key, ""), "") for w, v in found.items()}}
            | {"label": label, "changed": repair.before[key] != repair.after[key]}
            | {"misses": any(found[which].get(key) != shown[which][key] for which in shown)}
        )
    return {
        "reason": repair.reason,
        "lines": lines,
        "review": {"public_id": review.public_id, "number": review.print_number},
        "people": [{"name": names[who], "role": label} for label, who in people if who],
    }
