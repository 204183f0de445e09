"""A nilai organisasi as its page shows it: the value with its working, the map below it, its materials."""

from collections.abc import Mapping
from typing import Any

from kinerja.models import Document
from kinerja.rules.scoring import Part, Score
from kinerja.rules.words import N_
from kinerja.rules.working import (
    BOBOT_BELUM_ADA,
    BOBOT_DINORMALKAN,
    NKO_BELUM_ADA,
    PASANGAN_TERLARANG,
    RIWAYAT_KOSONG,
    TANPA_INDIKATOR,
)
from kinerja.services import iku_values, pk_progress, rights
from kinerja.services.agreement_view import siblings_of
from kinerja.services.monitoring_view import REASONS as EMPTY
from kinerja.services.monitoring_view import steps_of, trace, why_empty
from kinerja.services.org_values import DECREE, org_value_of, progress_of, reading, touched
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.reading import Page
from kinerja.services.trajectory import YEAR_SLOT
from kinerja.workflows.k3_review import K3ReviewFlow
from kinerja.workflows.org_value import OrgValueFlow
from kinerja.workflows.realisation import IkuRealisationFlow
from kinerja.workflows.roles import Relation

REASONS = EMPTY | {
    BOBOT_BELUM_ADA: N_("Bobot perspektif belum ditetapkan"),
    TANPA_INDIKATOR: N_("Belum ada IKU yang dapat dihitung"),
    NKO_BELUM_ADA: N_(
        "Peraturan periode ini tidak menghitung NKO; predikatnya dipilih pimpinan satu tingkat di atas"
    ),
    RIWAYAT_KOSONG: N_("Riwayat target belum ada"),
    PASANGAN_TERLARANG: N_("Validitas dan tingkat kendali tidak boleh berpasangan"),
}
PREDICATES = {
    "istimewa": N_("Istimewa"),
    "baik": N_("Baik"),
    "butuh_perbaikan": N_("Butuh Perbaikan"),
    "kurang": N_("Kurang"),
    "sangat_kurang": N_("Sangat Kurang"),
}
TONES = {"determined": "ok", "final": "ok", "reviewed": "mine", "computed": "mine"}
# Who learns whose evaluations rest on a value: those who may open it again, and those who watch.
TOLD_WHO = frozenset({Relation.KOMITE_PELAKSANA, Relation.SEKRETARIAT, Relation.AUDITOR})


def present(page: Page) -> dict[str, Any]:
    """The values of the page; what was frozen when the data were sent, or what it comes to now."""
    document = page.document
    value = org_value_of(document)
    figures = value.reading if value.basis else iku_values.frozen(reading(document))
    law = regulation_of(document.period)
    nko, k3 = Score.from_dict(figures["nko"]), Score.from_dict(figures["nko_k3"])
    indicators = [_line(one, law) for one in figures["indicators"]]
    computed = nko.value
    by_komite = TOLD_WHO & page.actor.relations and document.state in ("determined", "final")
    return {
        "slot_label": SLOT_LABELS.get(document.slot, document.slot),
        "year": document.period.year,
        "periods": _periods(document),
        "frozen": bool(value.basis),
        "by_decree": value.basis == DECREE,
        "decree_number": value.decree_number,
        "decree_date": value.decree_date,
        "nko": value.nko if value.basis else computed,
        "computed": computed,
        "nko_reason": REASONS.get(nko.reason or "", ""),
        "nko_k3": k3.value,
        "nko_k3_provisional": k3.exact is not None and k3.provisional,
        "k3_unreviewed": [one["number"] for one in figures["indicators"] if one.get("k3_provisional")],
        "nko_k3_reason": REASONS.get(k3.reason or "", ""),
        "proposal": PREDICATES.get(value.proposal, ""),
        "predicate": PREDICATES.get(value.predicate, ""),
        "reason": value.reason,
        "provisional": figures["provisional"],
        "unvalidated": [SLOT_LABELS.get(slot, slot) for slot in figures["unvalidated"]],
        "provisional_reason": value.provisional_reason,
        "renormalised": BOBOT_DINORMALKAN in nko.flags,
        "working": _working(figures, nko, k3),
        "perspectives": _perspectives(figures, indicators),
        "lines": indicators,
        "report": value.report,
        "initiatives": value.initiatives,
        "steps": figures.get("initiatives", []) if value.basis else progress_of(document),
        "words": pk_progress.STATES,
        "slot_labels": SLOT_LABELS,
        "offered": [offer.event for offer in page.offers],
        "touched": [person.name for person in touched(document)] if by_komite else [],
        "realisations": _realisations(document) if sees_realisation(page) else [],
        "lakin": document.unit.code if document.slot == YEAR_SLOT else "",
        "k3_reviews": _k3_reviews(document) if rights.VIEWERS["k3_review"] & page.actor.relations else [],
        "pk": document.parent.public_id if document.parent else "",
    }


def sees_realisation(page: Page) -> bool:
    """Staff who know the value need not know what it was made of."""
    return bool(rights.VIEWERS["iku_realisation"] & page.actor.relations)


def _realisations(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "label": SLOT_LABELS.get(one.slot, one.slot),
            "public_id": one.public_id,
            "state_label": IkuRealisationFlow.state_label(one.state),
        }
        for one in _following(document, "iku_realisation")
    ]


def _k3_reviews(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "label": SLOT_LABELS.get(one.slot, one.slot),
            "public_id": one.public_id,
            "state_label": K3ReviewFlow.state_label(one.state),
        }
        for one in _following(document, "k3_review")
    ]


def _following(document: Document, kind: str) -> list[Document]:
    return siblings_of(document.parent, kind) if document.parent is not None else []


def _line(one: Mapping[str, Any], law: Any) -> dict[str, Any]:
    """An IKU in the form in which the parts of a realisation page show an indicator."""
    score = Score.from_dict(one["score"])
    return dict(one) | {
        "text": one["name"],
        "unit": one["measure"],
        "total": one["realisation"],
        "score": score.value,
        "asked": True,
        "reason": why_empty(score) or REASONS.get(one["reason"] or "", ""),
        "trace": trace(score, law),
    }


def _perspectives(figures: Mapping[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each perspective with its objectives and their IKU; objectives of none of them last."""
    found = []
    known = {one["code"] for one in figures["perspectives"]}
    rest = {
        "code": "",
        "name": "",
        "weight": None,
        "share": None,
        "value": None,
        "light": None,
        "reason": None,
    }
    # Where no value is computed at all it need not be said of each.
    reasons = {} if figures["nko"]["reason"] == NKO_BELUM_ADA else REASONS
    for one in (*figures["perspectives"], rest):
        inside = [
            dict(o)
            | {
                "lines": [line for line in lines if line["objective"] == o["key"]],
                "reason": reasons.get(o["reason"] or "", ""),
            }
            for o in figures["objectives"]
            if (o["perspective"] if o["perspective"] in known else "") == one["code"]
        ]
        if inside or one["code"]:
            found.append(dict(one) | {"objectives": inside, "reason": reasons.get(one["reason"] or "", "")})
    return found


def _working(figures: Mapping[str, Any], nko: Score, k3: Score) -> list[dict[str, Any]]:
    """From the objectives to NKO, NKO K3 and the proposed predicate; the working of each IKU stands at the IKU."""
    homes = (*figures["objectives"], *figures["perspectives"])
    parts = [Part.from_dict(part) for one in homes for part in one["parts"]]
    for score in (nko, k3):
        parts += list(score.parts[-1:]) if score.exact is not None else []
    proposal = figures["proposal"]
    if proposal["value"] or nko.exact is None:
        parts += [Part.from_dict(part) for part in proposal["parts"][-1:]]
    return steps_of(parts)


def _periods(document: Document) -> list[dict[str, Any]]:
    """The values of the same PK, period by period."""
    return [
        {
            "label": SLOT_LABELS.get(one.slot, one.slot),
            "state_label": OrgValueFlow.state_label(one.state),
            "tone": TONES.get(one.state),
            "public_id": one.public_id,
            "due_at": one.due_at,
            "opens_at": None,
            "since": one.state_since,
            "current": one.id == document.id,
        }
        for one in _following(document, document.kind)
    ]
