"""The case file of an objection: every document, its version and its fingerprint, as they were at the filing."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Evidence, EvidenceLink, Realisation, RealisationItem, Review, Revision
from kinerja.rules.words import N_
from kinerja.services.replaying import standing
from kinerja.services.review_facts import realisations_of


def freeze(document: Document, review: Review, now: datetime) -> dict[str, Any]:
    """What the decider will read, whatever happens to the documents afterwards."""
    skp = db.session.get_one(Document, review.skp_id)
    documents = [
        _entry(document, N_("Dokumen dan hasil evaluasi")),
        _entry(skp, N_("Sasaran Kinerja Pegawai")),
        *(_entry(one, N_("Realisasi")) for one in realisations_of(review.skp_id)),
    ]
    return {
        "dibekukan": now.isoformat(),
        "dokumen": documents,
        "bukti": _evidence(review.skp_id),
        "dialog": [],
        "kalibrasi": [
            {
                "tingkat": c.level, "oleh": c.by.name, "pada": c.at.isoformat(), "sebelum": c.before,
                "sesudah": c.after, "alasan": c.reason_code, "penjelasan": c.sentence,
            }
            for c in review.calibrations
        ],
        "hasil": standing(review),
        "hitungan": {"saran": review.suggestion, "masukan": review.frozen_inputs},
    }  # fmt: skip


def _entry(document: Document, name: str) -> dict[str, Any]:
    content_hash = db.session.scalar(
        sa.select(Revision.content_hash).where(
            Revision.document_id == document.id, Revision.number == document.revision_number
        )
    )
    return {
        "jenis": document.kind, "nama": name, "nomor": document.print_number, "slot": document.slot,
        "alamat": document.public_id, "revisi": document.revision_number, "sidik": content_hash or "",
    }  # fmt: skip


def _evidence(skp_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(Evidence.public_id, Evidence.name, Evidence.sha256, Evidence.url)
        .join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id)
        .join(RealisationItem, RealisationItem.id == EvidenceLink.item_id)
        .join(Realisation, Realisation.document_id == RealisationItem.realisation_id)
        .where(Realisation.skp_id == skp_id)
        .order_by(Evidence.id)
        .distinct()
    ).all()
    return [{"id": r.public_id, "nama": r.name, "sha256": r.sha256, "tautan": r.url} for r in rows]
