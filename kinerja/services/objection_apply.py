"""What each event writes into an objection: what is objected to, the frozen file, the decider, the decision."""

from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Evidence, Objection, Signature
from kinerja.models.evaluation import RATINGS
from kinerja.rules.predicate import allowed_predicates
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import case_files, deadlines, deciders
from kinerja.services.errors import BadInput
from kinerja.services.kinds import Context
from kinerja.services.periods import regulation_of
from kinerja.services.replaying import standing
from kinerja.services.review_facts import PROPOSALS, past_of, review_of
from kinerja.services.transitions import NOTE_MINIMUM
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.objection import CHANGE, UPHOLD
from kinerja.workflows.roles import Relation

# What an objection may be about; the figures NHK, NPK, NKP come with their own review.
TARGETS = ("rating_hasil", "rating_perilaku", "predikat", "nhk", "npk", "nkp", "data")
OPENS = {
    "rating_hasil": {"rating_hasil", "predikat", "nhk", "nkp", "data"},
    "rating_perilaku": {"rating_perilaku", "predikat", "npk", "nkp"},
}
EXPLAINED = N_("Satu pihak memberi penjelasan tentang %(document)s.")
ASKED = N_("Penjelasan Anda diminta tentang %(document)s.")
MOVED_UP = N_("Batas putusan lewat; %(document)s naik satu tingkat.")
LONGEST = 8000
# The evidence that came with an explanation, in the case file by the side that brought it.
EXPLAINED_WITH, SUBJECT_SIDE, PENILAI_SIDE = "bukti_penjelasan", "pegawai", "penilai"


def apply(context: Context, objection: Objection) -> None:
    """Write the change of one event. Raises BadInput; never touches the state."""
    _APPLY[context.event](context, objection)
    db.session.flush()


def review_document(objection: Objection) -> Document:
    return db.session.get_one(Document, objection.review_id)


def signed_blocks(document_id: int) -> set[str]:
    """The blocks of a document that carry a signature that stands."""
    return set(
        db.session.scalars(
            sa.select(Signature.block).where(
                Signature.document_id == document_id, Signature.fallen_at.is_(None)
            )
        )
    )


def differs(objection: Objection) -> bool:
    """Would the drafted decision make anything different?"""
    keys = ("rating_hasil", "rating_perilaku", "predikat")
    return any(objection.after.get(key) != objection.before.get(key) for key in keys)


def _text(value: Any, place: str) -> str:
    text = str(value or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise BadInput([Unmet(OWN_RULE, N_("Paling panjang %(n)s huruf."), {"n": LONGEST}, place)])
    return text


def _save(context: Context, objection: Objection) -> None:
    change = context.change
    if "targets" in change:
        unknown = set(change["targets"]) - set(TARGETS)
        if unknown:
            raise BadInput([Unmet(OWN_RULE, N_("Pilih hal yang dipersoalkan dari daftar."), {}, "targets")])
        objection.targets = [target for target in TARGETS if target in change["targets"]]
    for name in ("reasons", "request"):
        if name in change:
            setattr(objection, name, _text(change[name], name))
    if "evidence" in change:
        objection.case_file = dict(objection.case_file) | {
            "bukti_pemohon": _own_evidence(context, change["evidence"])
        }


def _own_evidence(context: Context, wanted: Any) -> list[dict[str, Any]]:
    """Evidence the writer keeps in kinerja himself; somebody else's is not there for him."""
    ids = [str(public_id) for public_id in wanted]
    rows = db.session.scalars(
        sa.select(Evidence).where(Evidence.public_id.in_(ids), Evidence.owner_id == context.actor.person_id)
    ).all()
    if len(rows) != len(set(ids)):
        raise BadInput(
            [Unmet(OWN_RULE, N_("Bukti ini tidak ditemukan di antara bukti Anda."), {}, "evidence")]
        )
    return [{"id": e.public_id, "nama": e.name, "sha256": e.sha256, "tautan": e.url} for e in rows]


def _file(context: Context, objection: Objection) -> None:
    """The case file is frozen now: what the decider reads is what was there when the subject complained."""
    _save(context, objection)
    review = review_document(objection)
    stored = review_of(review)
    objection.filed_at = context.now
    objection.received_on = stored.received_on
    objection.before = standing(stored) | {"rekomendasi": stored.recommendation}
    objection.case_file = dict(objection.case_file) | case_files.freeze(review, stored, context.now)


def _register(context: Context, objection: Objection) -> None:
    """The decider is chosen, and whose act is attacked is named: he reads and explains it wherever he is by now."""
    proposer = past_of(objection.review_id).last(*PROPOSALS)
    context.flag(evaluator_id=proposer.actor_id if proposer is not None else None)
    _give_to(context, objection, deciders.choose(review_document(objection)))


def _escalate(context: Context, objection: Objection) -> None:
    """Seven working days passed: the next level decides in seven more; the subject is told."""
    passed = set(context.document.flags.get("passed_over", ()))
    if objection.decider_id is not None:
        passed.add(objection.decider_id)
    _give_to(context, objection, deciders.choose(review_document(objection), frozenset(passed)))
    objection.decision, objection.considerations, objection.after = "", "", {}
    objection.recommendation = ""
    context.flag(passed_over=sorted(passed))
    context.values["due_at"] = deadlines.due_of(context.document, "objection_decide", context.now)
    context.notify(context.document.subject_id, MOVED_UP)


def _give_to(context: Context, objection: Objection, choice: deciders.Choice) -> None:
    objection.decider_id, objection.decider_why = choice.person_id, choice.trace
    context.flag(decider_id=choice.person_id, with_committee=choice.with_committee)


def _ask(context: Context, objection: Objection) -> None:
    """Penilai and subject are both asked; asking again does not start the three days anew."""
    day = local_date(context.now, context.document.unit.zone)
    if not context.document.flags.get("asked_on"):
        context.flag(asked_on=day.isoformat())
    proposer = past_of(objection.review_id).last(*PROPOSALS)
    context.notify(context.document.subject_id, ASKED)
    context.notify(proposer.actor_id if proposer is not None else None, ASKED)


def _explain(context: Context, objection: Objection) -> None:
    text = _text(context.change.get("explanation"), "explanation")
    if len(text) < NOTE_MINIMUM:
        problem = N_("Tulis penjelasan sedikitnya %(n)s huruf.")
        raise BadInput([Unmet("KB-3", problem, {"n": NOTE_MINIMUM}, "explanation")])
    side = SUBJECT_SIDE if context.actor.has(Relation.SUBJECT) else PENILAI_SIDE
    if side == SUBJECT_SIDE:
        objection.explanation_subject = text
    else:
        objection.explanation_penilai = text
    if "evidence" in context.change:
        brought = dict(objection.case_file.get(EXPLAINED_WITH, {}))
        brought[side] = _own_evidence(context, context.change["evidence"])
        objection.case_file = dict(objection.case_file) | {EXPLAINED_WITH: brought}
    context.notify(objection.decider_id, EXPLAINED)


def _write_decision(context: Context, objection: Objection) -> None:
    """The draft of the decision. A change opens only what the objection names; the rest stays as it is."""
    change = context.change
    decision = str(change.get("decision") or "")
    if decision not in ("", UPHOLD, CHANGE):
        raise BadInput([Unmet(OWN_RULE, N_("Pilih menguatkan atau mengubah."), {}, "decision")])
    objection.decision = decision
    objection.considerations = _text(change.get("considerations"), "considerations")
    # Not decided yet, or to change: what is written stays. To uphold leaves no room for it.
    objection.recommendation = (
        "" if decision == UPHOLD else _text(change.get("recommendation"), "recommendation")
    )
    objection.after = _after(context, objection) if decision == CHANGE else {}


def _after(context: Context, objection: Objection) -> dict[str, str]:
    review = review_of(review_document(objection))
    after = standing(review)
    for key, name in (("rating_hasil", "result_rating"), ("rating_perilaku", "behaviour_rating")):
        wished = str(context.change.get(name) or "") or after[key]
        if wished not in RATINGS:
            raise BadInput([Unmet("EV-3", N_("Pilih salah satu pilihan yang tersedia."), {}, name)])
        if wished != after[key] and not OPENS[key] & set(objection.targets):
            raise BadInput([Unmet(OWN_RULE, N_("Keberatan ini tidak mempersoalkan rating itu."), {}, name)])
        after[key] = wished
    allowed = allowed_predicates(
        after["rating_hasil"], after["rating_perilaku"], regulation_of(context.document.period),
        study_leave_failed=bool(review.frozen_inputs.get("tugas_belajar_gagal")),
    )  # fmt: skip
    wished = str(context.change.get("predicate") or after["predikat"])
    after["predikat"] = wished if wished in allowed else allowed[0]
    return after


def _mark_unsigned(context: Context, objection: Objection) -> None:
    """A missing signature on D.1.3 is marked and blocks nothing."""
    there = signed_blocks(context.document.id)
    context.flag(unsigned=[block for block in ("penilai", "pegawai") if block not in there])


_APPLY = {
    "edit": _save,
    "file": _file,
    "register": _register,
    "escalate": _escalate,
    "ask_explanation": _ask,
    "explain": _explain,
    "write_decision": _write_decision,
    "mark_unsigned": _mark_unsigned,
}
