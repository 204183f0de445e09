"""Things the addresses of the matrix lead to beside documents: asking for them, or refusing them, changes none of them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import (
    DataReport,
    Delegation,
    Document,
    Evidence,
    EvidenceLink,
    IkuEvidence,
    IkuRealisationItem,
    Person,
    RealisationItem,
    RoleAppointment,
)
from kinerja.services import evidence, holidays, import_jobs, import_store, profile
from kinerja.services.importing.reading import UNIT_FILE

# No deadline of the documents lies in it.
YEAR = 2027


def furnish(ids: dict[str, int]) -> dict[str, str]:
    """Write what is not there yet; gives the value of each place."""
    report = profile.report_wrong_data(ids["self"], "jabatan", "Jabatan saya keliru sejak mutasi")
    token = import_jobs.upload(ids["admin"], {UNIT_FILE: BytesIO(b"salah\n")})
    # One that is being worked on: it can be looked at, and neither written nor forgotten.
    import_store.update_state(token, stage="checking")
    # All days of the year are there: to load them once more adds none.
    holidays.load(ids["admin"], YEAR)
    found = {
        "year": str(YEAR),
        "report": db.session.get_one(DataReport, report.id).public_id,
        "upload": token,
        "person": db.session.get_one(Person, ids["subordinate"]).public_id,
        # Confirmed long ago: to confirm it once more changes nothing.
        "role": db.session.scalars(
            sa.select(RoleAppointment.public_id).where(RoleAppointment.person_id == ids["auditor"])
        ).one(),
        **_delegations(ids),
        "day": holidays.of_year(YEAR).days[0].day.isoformat(),
    }
    db.session.rollback()
    return found


def _delegations(ids: dict[str, int]) -> dict[str, str]:
    """One accepted, one declined and one ended, from the Plt. to his delegate: to say it once more changes nothing."""
    own = (Delegation.holder_id == ids["plt"], Delegation.delegate_id == ids["delegate"])
    accepted = db.session.scalars(
        sa.select(Delegation).where(*own, Delegation.accepted_at.is_not(None)).order_by(Delegation.id)
    ).first()
    assert accepted is not None
    found = {"accepted": accepted.public_id}
    told = {"declined": {"declined_at": accepted.given_at}}
    told["ended"] = dict.fromkeys(("accepted_at", "ended_at"), accepted.given_at)
    with transaction():
        for name, said in told.items():
            found[name] = new_public_id()
            row = Delegation(
                public_id=found[name], holder_id=ids["plt"], delegate_id=ids["delegate"],
                post_id=accepted.post_id, starts=accepted.starts, ends=accepted.ends, letter=f"ND-{name}/2026",
                letter_date=accepted.letter_date, kinds=accepted.kinds, given_at=accepted.given_at, **said,
            )  # fmt: skip
            row.ended_by_id = ids["plt"] if name == "ended" else None
            db.session.add(row)
    return found


# Kinds that hold evidence: where their entries are, and what is attached to them.
HOLDS: dict[str, tuple[Any, Any]] = {
    "realisation": (RealisationItem, EvidenceLink),
    "iku_realisation": (IkuRealisationItem, IkuEvidence),
}


def attach(public_id: str) -> str:
    """Attach an address to the first indicator of a realisation, also of a unit's; to another document nothing. Gives its
    public id."""
    document = db.session.scalars(sa.select(Document).where(Document.public_id == public_id)).one()
    if document.kind not in HOLDS:
        return "tidak-ada"
    entry, link = HOLDS[document.kind]
    item = db.session.scalars(sa.select(entry.id).where(entry.realisation_id == document.id)).first()
    owner = document.subject_id
    db.session.rollback()
    made = evidence.store_link(owner, f"https://berkas.contoh.go.id/{new_public_id()}", "Nota dinas")
    number, own_id = made.public_id, made.id
    with transaction():
        db.session.add(link(evidence_id=own_id, item_id=item))
    return number


def detach(numbers: Iterable[str]) -> None:
    """Take them off again: evidence that nobody has read keeps the others from validating."""
    own = sa.select(Evidence.id).where(Evidence.public_id.in_(list(numbers)))
    with transaction():
        for _entry, link in HOLDS.values():
            db.session.execute(sa.delete(link).where(link.evidence_id.in_(own)))
