"""Reminding people of what waits for them: one notice a person and day, whoever asks and however often."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Notice, Person, Unit
from kinerja.rules.words import N_
from kinerja.services import audit, identity, notices, turns
from kinerja.services.errors import NotAllowed
from kinerja.services.kinds import kind_of
from kinerja.services.unit_progress import WITHOUT, Slot
from kinerja.services.unit_waiting import REMINDED, Asked, Waiting, picked
from kinerja.services.units import reaches_of, watch_over
from kinerja.workflows.base import OWN_RULE, Unmet

MOST = 200
REMINDER = N_("%(who)s mengingatkan Anda untuk menindaklanjuti %(document)s.")
REMINDER_BY = N_("%(who)s mengingatkan Anda untuk menindaklanjuti %(document)s paling lambat %(due)s.")
SEVERAL = N_("%(who)s mengingatkan Anda bahwa %(n)s dokumen menunggu tindakan Anda.")
WITHOUT_PLAN = N_("%(who)s mengingatkan Anda untuk menyusun SKP %(year)s.")
SENT = N_("Pengingat terkirim kepada %(who)s")
ALREADY = N_("%(who)s sudah diingatkan hari ini")
SENT_VEILED = N_("Pengingat terkirim kepada yang sedang mengevaluasi")
ALREADY_VEILED = N_("Yang sedang mengevaluasi sudah diingatkan hari ini")
NOBODY = N_("Belum ada orang pada giliran ini; periksa garis pelaporannya")
SETTLED = N_("Tidak lagi menunggu")
ONLY = N_("Mengingatkan dilakukan pengelola, Komite, sekretariat, atau pimpinan unit.")


@dataclass(frozen=True)
class Outcome:
    """What became of one ticked row."""

    name: str
    ok: bool
    text: str
    params: dict[str, Any]


def remind(person_id: int, unit: Unit, slot: Slot, asked: Asked, picks: list[str]) -> list[Outcome]:
    """Send the reminders of the ticked rows; a result per row. Raises NotAllowed without the right to remind."""
    stage = asked.stage
    watch = watch_over(reaches_of(person_id, identity.scopes_of(person_id)), unit.path)
    kind = "skp" if stage == WITHOUT else stage
    if watch is None or not watch.reminds or kind not in watch.kinds:
        raise NotAllowed("remind", [Unmet(OWN_RULE, ONLY)])
    picks = picks[:MOST]
    with transaction():
        unit = db.session.merge(unit, load=False)
        circle = identity.circle_of(person_id)
        rows = picked(unit, circle, slot, asked, picks)
        me = db.session.get_one(Person, person_id).name
        documents = _documents(rows)
        # One statement for all chains; what is asked of each document afterwards is already known.
        identity.chains([document.subject_id for document in documents.values()], clock.today(unit.zone))
        targets = {row.pick: _people_of(row, documents.get(row.pick), circle.on) for row in rows}
        names = _names(sorted({person for people in targets.values() for person in people}))
        day = clock.today(unit.zone).isoformat()
        done = _reminded(list(names), day)
        wanted: dict[int, list[Document | None]] = {}
        outcomes = []
        for row in rows:
            people = targets[row.pick]
            fresh = [person for person in people if person not in done]
            for person in fresh:
                wanted.setdefault(person, []).append(documents.get(row.pick))
            who = ", ".join(names[person] for person in fresh or people)
            sent, already = (SENT_VEILED, ALREADY_VEILED) if row.veiled else (SENT, ALREADY)
            text = NOBODY if not people else sent if fresh else already
            outcomes.append(Outcome(row.person_name, bool(fresh), text, {} if row.veiled else {"who": who}))
        outcomes += [Outcome("–", False, SETTLED, {})] * (len(set(picks)) - len(rows))
        for person, found in wanted.items():
            document = found[0] if len(found) == 1 else None
            notices.write(document, {person: _text(me, found, slot)}, dedupe=f"{REMINDED}:{day}")
        audit.record(
            "unit.remind",
            actor_id=person_id,
            payload={"unit": unit.code, "tahap": stage, "slot": slot.window.slot, "orang": sorted(wanted)},
        )
    return outcomes


def _text(me: str, found: list[Document | None], slot: Slot) -> tuple[str, dict[str, Any]]:
    if len(found) > 1:
        return SEVERAL, {"who": me, "n": len(found)}
    if found[0] is None:
        return WITHOUT_PLAN, {"who": me, "year": slot.period.year}
    template, params = kind_of(found[0].kind).title(found[0])
    due = notices.last_day(found[0])
    told = {"who": me, "due": due, "document_template": template, "document_params": params}
    return REMINDER_BY if due else REMINDER, told


def _documents(rows: list[Waiting]) -> dict[str, Document]:
    wanted = [row.pick for row in rows]
    found = db.session.scalars(
        sa.select(Document)
        .options(
            sa.orm.joinedload(Document.unit),
            sa.orm.joinedload(Document.period),
            sa.orm.joinedload(Document.subject),
        )
        .where(Document.public_id.in_(wanted))
    )
    return {document.public_id: document for document in found}


def _people_of(row: Waiting, document: Document | None, on: Any) -> list[int]:
    """Whose turn it is; for somebody without an SKP it is his own."""
    if document is None:
        return [row.person_id]
    return turns.person_in_turn(document, document.turn)


def _reminded(people: list[int], day: str) -> set[int]:
    keys = {f"{REMINDED}:{day}:{person}": person for person in people}
    found = db.session.scalars(sa.select(Notice.dedupe).where(Notice.dedupe.in_(keys)))
    return {keys[key] for key in found if key is not None}


def _names(people: list[int]) -> dict[int, str]:
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name for row in rows}
