"""Who decides an objection: the atasan penilai, or the next level up that has no part in what is objected to.

Nobody decides about his own act. Where the chain ends, a member of the Komite Pelaksana who had no part decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Calibration, Document, Review, Signature
from kinerja.rules.objection import DeciderFacts, may_decide
from kinerja.rules.words import N_
from kinerja.services import identity
from kinerja.services.review_facts import PROPOSALS, past_of
from kinerja.workflows.roles import Relation

EVALUATED = N_("Membuat evaluasi yang dipersoalkan")
SIGNED = N_("Menandatangani dokumen evaluasi yang dipersoalkan")
CHANGED = N_("Mengubah nilai yang dipersoalkan pada kalibrasi")
VOTED = N_("Ikut memutus pada sidang")
SUBJECT = N_("Pegawai yang mengajukan keberatan")
PASSED_OVER = N_("Tidak memutus sampai batas waktu")
IS_PENILAI = N_("Pejabat penilai; keberatan diputus di atasnya")
CHOSEN = N_("Tingkat terdekat yang tidak ikut menentukan hasil ini")
SIGNERS = ("penilai", "atasan")
COMMITTEE = N_(
    "Rantai atasan berakhir: diputus anggota Komite Pelaksana yang tidak ikut menentukan hasil ini"
)


@dataclass(frozen=True)
class Choice:
    """The decider, or nobody: then the Komite Pelaksana. `trace` is what the decision stores."""

    person_id: int | None
    trace: dict[str, Any]

    @property
    def with_committee(self) -> bool:
        return self.person_id is None


def acts_on(review: Document) -> dict[int, DeciderFacts]:
    """What everybody has done to an evaluation: person -> the facts that keep him from deciding about it."""
    done: dict[int, dict[str, bool]] = {review.subject_id: {"is_subject": True}}
    for step in past_of(review.id).steps:
        if step.event in PROPOSALS and step.actor_id is not None:
            done.setdefault(step.actor_id, {})["evaluated"] = True
            if step.mandate is not None:  # the act is also his in whose name it was done
                done.setdefault(step.mandate, {})["evaluated"] = True
    signatures = db.session.execute(
        sa.select(Signature.person_id, Signature.block).where(
            Signature.document_id == review.id, Signature.block.in_(SIGNERS), Signature.fallen_at.is_(None)
        )
    )
    for person, block in signatures:
        done.setdefault(person, {})["signed_d12" if block == "atasan" else "evaluated"] = True
    for c in db.session.scalars(sa.select(Calibration).where(Calibration.review_id == review.id)):
        if c.before != c.after:
            done.setdefault(c.by_id, {})["changed_in_calibration"] = True
    inputs = db.session.scalar(sa.select(Review.frozen_inputs).where(Review.document_id == review.id)) or {}
    for person in inputs.get("sidang", {}).get("hadir", ()):
        done.setdefault(int(person), {})["voted_in_session"] = True
    return {person: DeciderFacts(**facts) for person, facts in done.items()}


def attacked(review: Document) -> frozenset[int]:
    """Everybody whose act the objection is about, the subject included: none of them decides, whatever his post."""
    return frozenset(person for person, facts in acts_on(review).items() if not may_decide(facts))


def choose(review: Document, passed_over: frozenset[int] = frozenset(), on: date | None = None) -> Choice:
    """The nearest superior above the penilai who may decide, with everyone considered and why."""
    day = on or clock.today(review.unit.zone)
    acts = acts_on(review)
    chain = identity.superiors(review.subject_id, day)
    considered: list[dict[str, Any]] = []
    chosen: int | None = None
    for level, superior in enumerate(chain):
        why = _against(acts, superior.person_id, passed_over)
        if level == 0:
            why = why or [IS_PENILAI]
        considered.append(
            {
                "id": superior.person_id, "nama": superior.name, "jabatan": superior.post_title,
                "atas_nama": superior.on_behalf, "sebab": why or [CHOSEN], "dipilih": not why,
            }
        )  # fmt: skip
        if not why:
            chosen = superior.person_id
            break
    trace: dict[str, Any] = {
        "tanggal": day.isoformat(), "dasar": "PermenPANRB 6/2022 hlm. 117 angka 2", "dipertimbangkan": considered,
    }  # fmt: skip
    if chosen is None:
        trace["komite"] = COMMITTEE
        trace["anggota"] = committee_of(review, acts, day)
    return Choice(chosen, trace)


def committee_of(review: Document, acts: Mapping[int, DeciderFacts], day: date) -> list[int]:
    """The members of the Komite Pelaksana who had no part in it."""
    members = identity.holders_of_role(Relation.KOMITE_PELAKSANA, review.unit.path, day)
    return [person for person in members if person not in acts or may_decide(acts[person])]


def _against(acts: Mapping[int, DeciderFacts], person_id: int, passed_over: frozenset[int]) -> list[str]:
    facts = acts.get(person_id, DeciderFacts())
    found = [
        text
        for holds, text in (
            (facts.is_subject, SUBJECT),
            (facts.evaluated, EVALUATED),
            (facts.signed_d12, SIGNED),
            (facts.changed_in_calibration, CHANGED),
            (facts.voted_in_session, VOTED),
            (person_id in passed_over, PASSED_OVER),
        )
        if holds
    ]
    return found
