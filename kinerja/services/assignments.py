"""Penugasan (PermenPANRB 6/2022, p.45-47): the head of a unit asks for somebody of another, whose penilai decides.

The penilai weighs competence, skill, workload and, in mid-year, the progress so far; a refusal says why. Once approved,
the person may be given a role in the matriks of the unit (MPH-4), on the days of the decree, until either side ends it.
Every act is audited and told to the other side. Of whom the asking head is the penilai himself he asks nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, memo, transaction
from kinerja.ids import new_public_id
from kinerja.models import Assignment, Person, Unit
from kinerja.rules.words import N_
from kinerja.services import audit, heads, identity, lending, notices
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.people import placements_of
from kinerja.workflows.base import OWN_RULE, Unmet

SOURCE = "PermenPANRB 6/2022 hlm. 46"
LONGEST = timedelta(days=366)
LIMIT = 200
STATES = {
    "asked": N_("menunggu persetujuan"),
    "running": N_("berlaku"),
    "later": N_("belum mulai"),
    "over": N_("berakhir"),
    "stopped": N_("diakhiri"),
    "refused": N_("tidak disetujui"),
}
OPEN = ("asked", "running", "later")

NO_UNIT = N_("Penugasan diajukan oleh pimpinan unit yang menerima pegawai.")
NO_PERSON = N_("Tidak ada pegawai dengan NIP atau e-mail ini.")
NOT_ONESELF = N_("Tulis orang lain; Anda sendiri pimpinan unit ini.")
NOT_UPWARDS = N_("%(name)s atasan Anda; ia tidak ditugaskan oleh Anda.")
NO_POST = N_("%(name)s tidak memegang jabatan pada hari ini.")
OWN_STAFF = N_("%(name)s bawahan langsung Anda di unit ini: perannya dapat langsung diisi pada matriks.")
NO_PENILAI = N_("Pejabat penilai %(name)s belum ditetapkan; pengelola kinerja pegawai memperbaikinya dahulu.")
REVERSED = N_("Tanggal selesai mendahului tanggal mulai.")
PAST = N_("Penugasan ini sudah berakhir sebelum hari ini.")
TOO_LONG = N_("Paling lama satu tahun; sesudah itu diajukan lagi.")
TWICE = N_("%(name)s sudah mempunyai penugasan di unit ini pada waktu itu: %(decree)s.")
WHY = N_("Tulis alasannya, sedikitnya 10 huruf.")
ANSWERED = N_("Penugasan ini sudah dijawab atau diakhiri.")
NOT_YOURS = N_("Diakhiri oleh pimpinan unit penerima atau pejabat penilai pegawai itu.")

ASKED = N_("%(who)s mengajukan penugasan %(name)s ke %(unit)s: setujui atau tolak di halaman Penugasan")
APPROVED = N_("%(who)s menyetujui penugasan %(name)s ke %(unit)s: perannya dapat diisi pada matriks")
LENT = N_("Anda ditugaskan ke %(unit)s menurut %(decree)s")
REFUSED = N_("%(who)s tidak menyetujui penugasan %(name)s ke %(unit)s")
ENDED = N_("%(who)s mengakhiri penugasan %(name)s ke %(unit)s")


@dataclass(frozen=True)
class Row:
    """A penugasan as pages list it; `acts` is what the reader may do: jawab, akhiri."""

    public_id: str
    person: str
    person_id: str
    post: str
    unit: str
    team: str
    decree: str
    starts: date
    ends: date
    asked_by: str
    answered_by: str
    reason: str
    state: str
    acts: tuple[str, ...] = ()

    @property
    def state_label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Lists:
    """What the page shows: about one's staff, for the units one heads, and about oneself."""

    staff: list[Row]
    units: list[Row]
    own: list[Row]
    may_ask: bool


@dataclass(frozen=True)
class Wanted:
    """What is asked for: whom, for which unit and tim kerja, by which decree, from when to when."""

    unit_id: int
    to: str
    team: str
    decree: str
    starts: date
    ends: date


def units_of(person_id: int) -> list[Unit]:
    """The units this person heads: for them he may ask."""
    headed = [path for path in heads.headed_by(person_id, clock.today()) if path]
    return list(db.session.scalars(sa.select(Unit).where(Unit.path.in_(headed)).order_by(Unit.path)))


def lists(person_id: int) -> Lists:
    """The penugasan around a person, the latest first."""
    units = [unit.id for unit in units_of(person_id)]
    staff = sorted(identity.circle_of(person_id).direct)
    asked = sa.or_(Assignment.unit_id.in_(units), Assignment.asked_by_id == person_id)
    return Lists(
        _rows(person_id, Assignment.person_id.in_(staff), units, staff),
        _rows(person_id, asked, units, staff),
        _rows(person_id, Assignment.person_id == person_id, units, staff),
        bool(units),
    )


def of_person(person_id: int) -> list[Row]:
    """What was approved for this person, for everybody to see."""
    return _rows(0, sa.and_(Assignment.person_id == person_id, Assignment.approved_at.is_not(None)), [], [])


def one(public_id: str, reader_id: int) -> Row:
    """One penugasan that this reader, as penilai, has to answer. Raises NotThere."""
    staff = sorted(identity.circle_of(reader_id).direct)
    found = _rows(
        reader_id, sa.and_(Assignment.public_id == public_id, Assignment.person_id.in_(staff)), [], staff
    )
    if not found or "jawab" not in found[0].acts:
        raise NotThere
    return found[0]


def _rows(reader_id: int, condition: Any, units: Iterable[int], staff: Iterable[int]) -> list[Row]:
    person, asker, answerer = aliased(Person), aliased(Person), aliased(Person)
    found = db.session.execute(
        sa.select(
            Assignment, person.name, person.public_id, Unit.name.label("unit"), Unit.zone, asker.name.label("asker"),
            answerer.name.label("answerer"),
        )
        .join(person, person.id == Assignment.person_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(asker, asker.id == Assignment.asked_by_id)
        .outerjoin(answerer, answerer.id == Assignment.answered_by_id)
        .where(condition)
        .order_by(Assignment.id.desc())
        .limit(LIMIT)
    ).all()  # fmt: skip
    posts = placements_of([row[0].person_id for row in found]) if found else {}
    made = []
    for row in found:
        given: Assignment = row[0]
        state = state_of(given, clock.today(row.zone))
        leads = given.asked_by_id == reader_id or given.unit_id in units
        acts = ("jawab",) if state == "asked" and given.person_id in staff else ()
        if (leads and state in OPEN) or (given.person_id in staff and state in ("running", "later")):
            acts = (*acts, "akhiri")
        placed = posts.get(given.person_id)
        made.append(
            Row(
                given.public_id, row.name, row.public_id, placed.post.title if placed else "", row.unit, given.team,
                given.decree, given.starts, given.ends, row.asker, row.answerer or "", given.reason, state, acts,
            )
        )  # fmt: skip
    return made


def state_of(given: Assignment, today: date) -> str:
    """How a penugasan stands on a day of the receiving unit."""
    if given.refused_at is not None:
        return "refused"
    if given.ended_at is not None:
        return "stopped"
    if given.ends < today:
        return "over"
    if given.approved_at is None:
        return "asked"
    return "later" if given.starts > today else "running"


def ask(by_id: int, wanted: Wanted) -> str:
    """Ask for a person; it counts once his penilai approved it. Raises NotAllowed, BadInput at the field."""
    with transaction():
        if wanted.unit_id not in {unit.id for unit in units_of(by_id)}:
            raise NotAllowed("penugasan.ajukan", [Unmet(OWN_RULE, NO_UNIT)])
        unit = db.session.get_one(Unit, wanted.unit_id)
        today = clock.today(unit.zone)
        problems = list(_dates(wanted, today))
        person = _person(by_id, wanted, unit, today, problems)
        penilai = identity.superiors(person.id, today) if person is not None else ()
        if problems or person is None:
            raise BadInput(problems)
        row = Assignment(
            public_id=new_public_id(), person_id=person.id, unit_id=unit.id, team=wanted.team.strip(),
            decree=wanted.decree.strip(), starts=wanted.starts, ends=wanted.ends, asked_by_id=by_id,
            asked_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        _record("penugasan.ajukan", by_id, row)
        if penilai[0].person_id == by_id:
            _approve(row, by_id)
        else:
            _tell(penilai[0].person_id, ASKED, by_id, row)
        return row.public_id


def _dates(wanted: Wanted, today: date) -> Iterable[Unmet]:
    if wanted.ends < wanted.starts:
        yield Unmet(OWN_RULE, REVERSED, field_name="ends")
    elif wanted.ends - wanted.starts > LONGEST:
        yield Unmet(OWN_RULE, TOO_LONG, field_name="ends")
    elif wanted.ends < today:
        yield Unmet(OWN_RULE, PAST, field_name="ends")


def _person(by_id: int, wanted: Wanted, unit: Unit, today: date, problems: list[Unmet]) -> Person | None:
    text = "".join(wanted.to.split())
    found = db.session.scalar(
        sa.select(Person).where(sa.or_(Person.nip == text, Person.email == text.lower()))
    )
    if found is None:
        problems.append(Unmet(OWN_RULE, NO_PERSON, field_name="to"))
        return None
    name, holder = {"name": found.name}, identity.holder_of(found.id, today)
    chain = identity.superiors(found.id, today)
    if found.id == by_id:
        problems.append(Unmet(OWN_RULE, NOT_ONESELF, field_name="to"))
    elif any(one.person_id == found.id for one in identity.superiors(by_id, today)):
        problems.append(Unmet(OWN_RULE, NOT_UPWARDS, name, "to"))
    elif holder is None:
        problems.append(Unmet(OWN_RULE, NO_POST, name, "to"))
    elif not chain:
        problems.append(Unmet(OWN_RULE, NO_PENILAI, name, "to"))
    elif chain[0].person_id == by_id and holder.unit_path.startswith(unit.path):
        problems.append(Unmet(OWN_RULE, OWN_STAFF, name, "to"))
    elif twin := _doubled(found.id, wanted):
        problems.append(Unmet(OWN_RULE, TWICE, name | {"decree": twin}, "to"))
    return found


def _doubled(person_id: int, wanted: Wanted) -> str | None:
    return db.session.scalar(
        sa.select(Assignment.decree).where(
            Assignment.person_id == person_id,
            Assignment.unit_id == wanted.unit_id,
            Assignment.refused_at.is_(None),
            Assignment.ended_at.is_(None),
            Assignment.starts <= wanted.ends,
            Assignment.ends >= wanted.starts,
        )
    )


def approve(by_id: int, public_id: str) -> None:
    """The penilai lends his subordinate. Raises NotThere, NotAllowed."""
    with transaction():
        _approve(_to_answer(by_id, public_id), by_id)


def _approve(row: Assignment, by_id: int) -> None:
    row.approved_at, row.answered_by_id = clock.now(), by_id
    db.session.flush()
    memo().pop(lending.KEPT, None)
    _record("penugasan.setujui", by_id, row)
    if row.asked_by_id != by_id:
        _tell(row.asked_by_id, APPROVED, by_id, row)
    _tell(row.person_id, LENT, by_id, row)


def refuse(by_id: int, public_id: str, reason: str) -> None:
    """The penilai does not lend him, and says why. Raises NotThere, NotAllowed, BadInput."""
    with transaction():
        row = _to_answer(by_id, public_id)
        if len(reason.strip()) < 10:
            raise BadInput([Unmet(OWN_RULE, WHY, field_name="reason")])
        row.refused_at, row.answered_by_id, row.reason = clock.now(), by_id, reason.strip()
        db.session.flush()
        _record("penugasan.tolak", by_id, row)
        _tell(row.asked_by_id, REFUSED, by_id, row)


def _to_answer(by_id: int, public_id: str) -> Assignment:
    row = _locked(public_id)
    if row.person_id not in identity.circle_of(by_id).direct:
        raise NotThere
    if state_of(row, clock.today(row.unit.zone)) != "asked":
        raise NotAllowed("penugasan.jawab", [Unmet(OWN_RULE, ANSWERED)])
    return row


def end(by_id: int, public_id: str) -> None:
    """Either side ends it at once; whoever asked may also take back what was not yet answered. Raises as above."""
    with transaction():
        row = _locked(public_id)
        leads = by_id == row.asked_by_id or row.unit_id in {unit.id for unit in units_of(by_id)}
        lends = row.person_id in identity.circle_of(by_id).direct
        if not (leads or lends):
            raise NotThere
        state = state_of(row, clock.today(row.unit.zone))
        if state not in OPEN:
            raise NotAllowed("penugasan.akhiri", [Unmet(OWN_RULE, ANSWERED)])
        if state == "asked" and not leads:
            raise NotAllowed("penugasan.akhiri", [Unmet(OWN_RULE, NOT_YOURS)])
        row.ended_at, row.ended_by_id = clock.now(), by_id
        db.session.flush()
        memo().pop(lending.KEPT, None)
        _record("penugasan.akhiri", by_id, row)
        concerned = {row.asked_by_id, row.person_id, row.answered_by_id} - {by_id, None}
        for person_id in sorted(one for one in concerned if one is not None):
            _tell(person_id, ENDED, by_id, row)


def _locked(public_id: str) -> Assignment:
    row = db.session.scalar(sa.select(Assignment).where(Assignment.public_id == public_id).with_for_update())
    if row is None:
        raise NotThere
    return row


def _tell(person_id: int, text: str, by_id: int, row: Assignment) -> None:
    names = dict(
        db.session.execute(
            sa.select(Person.id, Person.name).where(Person.id.in_((by_id, row.person_id)))
        ).all()
    )
    said = {"who": names[by_id], "name": names[row.person_id], "unit": row.unit.name, "decree": row.decree}
    notices.write(None, {person_id: (text, said)})


def _record(action: str, by_id: int, row: Assignment) -> None:
    payload = {
        "assignment": row.id, "person": row.person_id, "unit": row.unit_id, "team": row.team, "decree": row.decree,
        "starts": row.starts, "ends": row.ends, "reason": row.reason,
    }  # fmt: skip
    audit.record(action, actor_id=by_id, payload=payload)
