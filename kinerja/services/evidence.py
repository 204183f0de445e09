"""Evidence: files stored once under their fingerprint, links, and who opened them.

A file is written before the database knows of it and read only through a document that the reader may see. Names on
disk are random; equal files of different people share one place without either knowing.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import (
    DkoAction,
    DkoEvidence,
    Document,
    Evidence,
    EvidenceLink,
    IkuEvidence,
    IkuRealisationItem,
    ReadLog,
    Realisation,
    RealisationItem,
    Review,
)
from kinerja.rules.words import N_
from kinerja.services import objection_view, policy
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.evidence_types import MOST_BYTES, media_type_of, refuse, safe_name
from kinerja.workflows.base import Unmet
from kinerja.workflows.roles import Actor, Relation

FILE, LINK = "file", "link"
# What is about a unit, and holds the evidence of its IKU.
UNIT_KINDS = ("iku_realisation", "org_value")
MOST_URL = 1000
MOST_OFFERED = 100


@dataclass(frozen=True)
class Opened:
    """What a reader gets: a file on disk, or an address to go on to."""

    name: str
    media_type: str
    path: Path | None
    url: str


@dataclass(frozen=True)
class Own:
    """A piece of evidence its owner may attach again."""

    public_id: str
    name: str
    kind: str
    size: int


def store_file(owner_id: int, name: str, stream: BinaryIO) -> Evidence:
    """Keep a file of a person; the same file twice is one. Raises BadInput when it may not serve as evidence."""
    data = stream.read(MOST_BYTES + 1)
    name = safe_name(name)
    media_type = media_type_of(name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    stored_as = _write(data) if _place_of(sha256) is None else ""
    try:
        with transaction():
            return _register(owner_id, name, media_type, len(data), sha256, stored_as)
    except BaseException:
        if stored_as:
            path_of(stored_as).unlink(missing_ok=True)
        raise


def _register(owner_id: int, name: str, media_type: str, size: int, sha256: str, stored_as: str) -> Evidence:
    known = _place_of(sha256)
    if known is not None and stored_as and known != stored_as:
        path_of(stored_as).unlink(missing_ok=True)  # somebody else brought the same file meanwhile
    if known is None and not stored_as:
        raise refuse(N_("Berkas belum dapat disimpan. Unggah sekali lagi."))
    mine = db.session.scalars(
        sa.select(Evidence).where(
            Evidence.owner_id == owner_id, Evidence.sha256 == sha256, Evidence.name == name
        )
    ).first()
    if mine is not None:
        return mine
    evidence = Evidence(
        public_id=new_public_id(),
        owner_id=owner_id,
        kind=FILE,
        name=name,
        media_type=media_type,
        size=size,
        sha256=sha256,
        stored_as=known or stored_as,
        added_at=clock.now(),
    )
    db.session.add(evidence)
    db.session.flush()
    return evidence


def store_link(owner_id: int, url: str, name: str = "") -> Evidence:
    """Keep an address of a person. Raises BadInput for anything but http and https without a name and password."""
    url = checked_url(url)
    with transaction():
        mine = db.session.scalars(
            sa.select(Evidence).where(
                Evidence.owner_id == owner_id, Evidence.kind == LINK, Evidence.url == url
            )
        ).first()
        if mine is not None:
            return mine
        evidence = Evidence(
            public_id=new_public_id(),
            owner_id=owner_id,
            kind=LINK,
            name=" ".join(name.split())[:200] or url[:200],
            url=url,
            added_at=clock.now(),
        )
        db.session.add(evidence)
        db.session.flush()
        return evidence


def checked_url(url: str) -> str:
    """The address as it is kept. Raises BadInput."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        is_good = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and parts.password is None
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        is_good = False
    if (
        not is_good
        or len(url) > MOST_URL
        or any(c.isspace() or not c.isprintable() or c == "\\" for c in url)
    ):
        text = N_(
            "Tautan harus lengkap dan berawal http:// atau https://, tanpa nama dan kata sandi di dalamnya."
        )
        raise BadInput([Unmet("RL-2", text, {}, "url")])
    return url


def own(owner_id: int) -> list[Own]:
    """The evidence a person has brought so far, the newest first, to attach again."""
    rows = db.session.execute(
        sa.select(Evidence.public_id, Evidence.name, Evidence.kind, Evidence.size)
        .where(Evidence.owner_id == owner_id)
        .order_by(Evidence.id.desc())
        .limit(MOST_OFFERED)
    ).all()
    return [Own(*row) for row in rows]


def open_evidence(document: Document, actor: Actor, public_id: str) -> Opened:
    """Open a piece of evidence of a document the actor may see, and write that down in the read log.

    Raises NotThere when it is not attached to this document, or its file is gone.
    """
    evidence = _reachable(document, actor, public_id)
    if evidence is None:
        raise NotThere(public_id)
    path = path_of(evidence.stored_as) if evidence.kind == FILE else None
    if path is not None and not path.is_file():
        raise NotThere(public_id)
    opened = Opened(evidence.name, evidence.media_type, path, evidence.url)
    evidence_id = evidence.id
    with transaction():
        db.session.execute(
            sa.insert(ReadLog).values(
                person_id=actor.person_id,
                document_id=document.id,
                evidence_id=evidence_id,
                what="evidence",
                relation=next((relation for relation in Relation if relation in actor.relations), ""),
                at=clock.now(),
            )
        )
    return opened


def _reachable(document: Document, actor: Actor, public_id: str) -> Evidence | None:
    """The evidence if this document leads to it: a realisation to its own, an evaluation to that of the periods it
    covers, an objection to what its file holds for this person, a DKO to that of its actions; those of a unit as
    `_of_unit` says."""
    query = sa.select(Evidence).where(Evidence.public_id == public_id)
    if document.kind == "objection":
        if public_id not in objection_view.evidence_of(document, actor):
            return None
        return db.session.scalars(query).first()
    if document.kind == "dko":
        # Whoever may open a DKO may open what its actions were done with, as he may read its minutes.
        query = query.join(DkoEvidence, DkoEvidence.evidence_id == Evidence.id).join(
            DkoAction, DkoAction.id == DkoEvidence.action_id
        )
        return db.session.scalars(query.where(DkoAction.dko_id == document.id)).first()
    if document.kind in UNIT_KINDS:
        return db.session.scalars(_of_unit(query, document)).first()
    query = query.join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id).join(
        RealisationItem, RealisationItem.id == EvidenceLink.item_id
    )
    if document.kind == "predicate_review":
        if not policy.may_open_evidence(document, actor):
            return None
        # Slots sort as the year runs, the year itself last: TW1 to TW4, B01 to B12, Y.
        period = aliased(Document)
        skp_id = sa.select(Review.skp_id).where(Review.document_id == document.id).scalar_subquery()
        query = (
            query.join(Realisation, Realisation.document_id == RealisationItem.realisation_id)
            .join(period, period.id == Realisation.document_id)
            .where(Realisation.skp_id == skp_id, period.slot <= document.slot, period.state != "draft")
        )
    else:
        query = query.where(RealisationItem.realisation_id == document.id)
    return db.session.scalars(query).first()


def _of_unit(query: Any, document: Document) -> Any:
    """What the realisation of a unit holds; of its value that of the periods it rests on."""
    period = aliased(Document)
    query = (
        query.join(IkuEvidence, IkuEvidence.evidence_id == Evidence.id)
        .join(IkuRealisationItem, IkuRealisationItem.id == IkuEvidence.item_id)
        .join(period, period.id == IkuRealisationItem.realisation_id)
    )
    if document.kind == "iku_realisation":
        return query.where(period.id == document.id)
    return query.where(
        period.parent_id == document.parent_id, period.slot <= document.slot, period.state != "draft"
    )


def path_of(stored_as: str) -> Path:
    """Where a stored file lies: two levels of folders, so that none grows too long."""
    root = Path(current_app.config["FILES"])
    return root / stored_as[:2] / stored_as[2:4] / stored_as


def _place_of(sha256: str) -> str | None:
    """The place of a file that is here already and still on disk."""
    found = db.session.scalars(
        sa.select(Evidence.stored_as).where(Evidence.sha256 == sha256, Evidence.stored_as != "").distinct()
    )
    return next((stored_as for stored_as in found if path_of(stored_as).is_file()), None)


def _write(data: bytes) -> str:
    """Write a file under a fresh name so that it is there whole or not at all."""
    stored_as = new_public_id()
    path = path_of(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return stored_as
