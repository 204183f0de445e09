"""What a determined evaluation rests on, and the same calculated once more: all that a repair may correct.

Ratings are judgements and never recalculated; what follows from them and from the figures is.
"""

from typing import Any

from kinerja.models import Document, Review
from kinerja.rules.predicate import allowed_predicates
from kinerja.services.kinds import Context
from kinerja.services.org_results import YEAR
from kinerja.services.periods import regulation_of
from kinerja.services.review_facts import realisations_of
from kinerja.services.review_matter import StoredMatter

# States in which a result stands and no objection is running.
REPAIRABLE = (
    "determined", "signed", "delivered", "received", "accepted", "accepted_silent", "decided", "final", "reported",
)  # fmt: skip
# The rule by which the result of his unit is the rating of its head.
HEAD = "kepala_upk_rating"
SUGGESTED = {"saran_hasil": "hasil", "saran_perilaku": "perilaku"}


def standing(review: Review) -> dict[str, str]:
    """What can be calibrated, objected to and changed."""
    return {
        "rating_hasil": review.result_rating,
        "rating_perilaku": review.behaviour_rating,
        "predikat": review.predicate,
    }


def stored(review: Review) -> dict[str, str]:
    """What stands in the evaluation now, of all that is calculated."""
    return {"predikat": review.predicate} | {
        name: str(review.suggestion.get(part, {}).get("value") or "")
        for name, part in SUGGESTED.items()
        if review.suggestion
    }


def replay(document: Document, review: Review) -> dict[str, str]:
    """The same, calculated now with the law of its period."""
    allowed = allowed_predicates(
        review.result_rating, review.behaviour_rating, regulation_of(document.period),
        study_leave_failed=bool(review.frozen_inputs.get("tugas_belajar_gagal")),
    )  # fmt: skip
    given = {"predikat": review.predicate if review.predicate in allowed else allowed[0]}
    suggestion = _suggestion(document, review)
    return given | {
        name: str(suggestion[part].get("value") or "") for name, part in SUGGESTED.items() if suggestion
    }


def _suggestion(document: Document, review: Review) -> dict[str, Any]:
    """The suggestion calculated anew while its inputs are those that were frozen, else as it stands.

    Whoever leads a unit takes the result of that unit, which `org_results` keeps and no repair changes.
    """
    stands = dict(review.suggestion or {})
    if not stands or not _as_frozen(document, review):
        return stands
    again = StoredMatter(document, review).suggested.to_dict()
    led = any(part["rule"] == HEAD for one in (stands, again) for part in one["hasil"]["parts"])
    return again | {"hasil": stands["hasil"]} if led else again


def _as_frozen(document: Document, review: Review) -> bool:
    """Are the realisations up to its slot and the rows taken over still those on which it was determined?"""
    inputs = review.frozen_inputs

    def counted(slot: str) -> bool:
        return document.slot == YEAR or slot <= document.slot

    if "realisasi" not in inputs:
        return False
    frozen = {(r["nomor"], r["versi"]) for r in inputs["realisasi"] if counted(r["slot"])}
    now = {(d.print_number, d.version) for d in realisations_of(review.skp_id) if counted(d.slot)}
    return frozen == now and inputs.get("diambil_alih", []) == taken_over(review)


def taken_over(review: Review) -> list[str]:
    """The rows of the SKP that count for nobody, because the penilai has taken them over."""
    return sorted(line.row.key for line in review.rows if line.row.taken_over_at is not None)


def freeze(review: Review, document: Document) -> None:
    """Keep everything the predicate rests on, so that a later change of data or law does not change it."""
    regulation = regulation_of(document.period)
    review.frozen_inputs = dict(review.frozen_inputs) | {
        "aturan": {
            "kode": regulation.code,
            "versi": regulation.version,
            "asumsi": [parameter.code for parameter in regulation.used_assumptions],
        },
        "organisasi": {
            "unit": review.org_unit_id,
            "predikat": review.org_predicate,
            "tahun_lalu": review.org_from_last_year,
        },
        "realisasi": [
            {"nomor": d.print_number, "slot": d.slot, "keadaan": d.state, "versi": d.version}
            for d in realisations_of(review.skp_id)
        ],
        "diambil_alih": taken_over(review),
        "hasil": standing(review),
    }


def take_over(context: Context, review: Review) -> None:
    """An approved repair: the evaluation takes what the replay gives, and is to be signed and received anew."""
    document = context.document
    review.predicate, review.suggestion = replay(document, review)["predikat"], _suggestion(document, review)
    review.received_on, review.handover_proof = None, ""
    context.flag(repair_approved=None)
    freeze(review, document)
