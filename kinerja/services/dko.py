"""The Dialog Kinerja Organisasi as a document kind: what guards look at, how it is written, what goes on after it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.ids import new_key
from kinerja.models import Dko, DkoAction, DkoEvidence, Document, Evidence
from kinerja.rules import dko as law
from kinerja.rules.words import N_
from kinerja.services import dko_matter, identity, transitions
from kinerja.services.dko_actions import OWNERS
from kinerja.services.dko_matter import ACTED
from kinerja.services.effects import effect
from kinerja.services.errors import BadInput
from kinerja.services.kinds import Context
from kinerja.services.new_heads import new_head_of
from kinerja.services.periods import SLOT_LABELS
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.dko import DkoFacts, DkoFlow

INVITED = N_("Anda diundang ke %(document)s pada %(day)s.")
MISSED = N_("%(document)s tidak dilaksanakan sampai akhir triwulan berikutnya.")
GIVEN = N_("Anda menjadi penanggung jawab rencana aksi dari %(document)s.")
SHORTEST = 10
# Who completes his last action just now: for this very step he still is the owner of an open one.
COMPLETING = "dko completing"


def dko_of(document: Document) -> Dko:
    """The DKO of a document with its actions, their owners and evidence; one statement, or none when it is at hand."""
    known: dict[int, Dko] = memo().setdefault("dko", {})
    if document.id not in known:
        query = (
            sa.select(Dko)
            .options(
                joinedload(Dko.actions).options(
                    joinedload(DkoAction.owner),
                    joinedload(DkoAction.evidence).joinedload(DkoEvidence.evidence),
                )
            )
            .where(Dko.document_id == document.id)
        )
        known[document.id] = db.session.scalars(query).unique().one()
    return known[document.id]


class DkoKind:
    flow = DkoFlow
    # It may be somebody else's turn, or another day, though the state stays.
    moves_turn = frozenset({"edit", "complete_action", "new_head"})
    applies = frozenset({"new_head"})

    def facts(self, document: Document) -> DkoFacts:
        dko, today = dko_of(document), clock.today(document.unit.zone)
        ends = quarter_end(document)
        still = [action for action in dko.actions if action.is_open]
        owners = frozenset(action.owner_id for action in still if action.owner_id)
        anchors = {"ends": ends, "dko_date": dko.held_on}
        if days := [action.due for action in still if action.due]:
            anchors["action_due"] = min(days)
        return DkoFacts(
            state=document.state,
            period_open=document.period.state == "open",
            anchors=anchors,
            read_minutes=lambda: as_law_sees_it(document, dko),
            date_reached=today >= dko.held_on,
            held_on=dko.held_on.isoformat(),
            quarter_over=today > law.last_day_to_hold(ends),
            read_below=lambda: dko_matter.waiting_below(document),
            open_owners=owners | memo().get(COMPLETING, {}).get(document.id, frozenset()),
            open_count=len(still),
        )

    def apply(self, context: Context) -> None:
        if context.event == "new_head":
            context.values["subject_id"] = new_head_of(context.document)
            return
        dko = dko_of(context.document)
        {"edit": _edit, "mark_held": _hold, "save": _write, "complete_action": _complete}[context.event](
            context, dko
        )

    def content(self, document: Document) -> dict[str, Any]:
        return content_of(document, dko_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        return "%(word)s %(slot)s %(year)s, %(unit)s", {
            "word": law.name_of(document.period.rule_set),
            "slot": SLOT_LABELS.get(document.slot, document.slot),
            "year": document.period.year,
            "unit": document.unit.name,
        }


KIND = DkoKind()


def quarter_end(document: Document) -> date:
    """The last day of the quarter a DKO is about."""
    return law.quarter(document.period.year, document.slot)[1]


def as_law_sees_it(document: Document, dko: Dko) -> law.Minutes:
    """The stored minutes as the plain value that the rules judge."""
    by_decision: dict[str, list[law.Action]] = {}
    for action in dko.actions:
        value = law.Action(action.key, action.text, action.owner_id, action.due)
        by_decision.setdefault(action.decision_key, []).append(value)
    return law.Minutes(
        held_on=dko.held_on,
        text=dko.minutes,
        decisions=tuple(
            law.Decision(one["key"], one["arahan"], tuple(by_decision.get(one["key"], ())))
            for one in dko.decisions
        ),
        leader=dko.leader_id,
        leaders=frozenset(one.id for one in dko_matter.leaders(document)) | {dko.leader_id or 0},
        present=frozenset(one["id"] for one in dko.attendees),
    )


def content_of(document: Document, dko: Dko) -> dict[str, Any]:
    """The canonical content: schedule, people, what lay on the table, minutes, arahan with their actions."""
    people = {one["id"]: one for one in dko.attendees}
    return {
        "jenis": "dko",
        "tahun": document.period.year,
        "triwulan": document.slot,
        "unit": {"kode": document.unit.code, "nama": document.unit.name},
        "tanggal": dko.held_on.isoformat(),
        "jam": dko.starts_at,
        "bentuk": dko.form,
        "tempat": dko.place,
        "pimpinan": people.get(dko.leader_id, {}).get("nama", ""),
        "peserta": [{"nama": one["nama"], "jabatan": one["jabatan"]} for one in dko.attendees],
        "tamu": dko.guests,
        "topik": [dict(one) for one in dko.topics],
        "bahan": dict(dko.materials),
        "notulen": dko.minutes,
        "arahan": [
            dict(one) | {"aksi": [_action_content(a) for a in dko.actions if a.decision_key == one["key"]]}
            for one in dko.decisions
        ],
        "kembali": [{"key": key, "tanggal": day} for key, day in sorted(dko.moved.items())],
    }


def _action_content(action: DkoAction) -> dict[str, Any]:
    return {
        "key": action.key,
        "uraian": action.text,
        "pj": action.owner.public_id if action.owner else "",
        "pj_nama": action.owner.name if action.owner else "",
        "tanggal": action.due.isoformat() if action.due else "",
    }


def _edit(context: Context, dko: Dko) -> None:
    """Schedule, invitation and topics. A day after which it would count as missed is refused."""
    change, document = context.change, context.document
    if (day := change.get("tanggal")) is not None:
        last = law.last_day_to_hold(quarter_end(document))
        first = law.quarter(document.period.year, document.slot)[0]
        if not first <= day <= last:
            text = N_("Pilih tanggal dari %(first)s sampai %(last)s, akhir triwulan berikutnya.")
            days = {"first": first.isoformat(), "last": last.isoformat()}
            raise BadInput([Unmet(OWN_RULE, text, days, "held_on")])
        dko.held_on = day
    for name, column in (("jam", "starts_at"), ("bentuk", "form"), ("tempat", "place")):
        if name in change:
            setattr(dko, column, change[name] or "")
    if "topik" in change:
        dko.topics = [{"key": one["key"], "topik": one.get("topik") or ""} for one in change["topik"]]
    if "undangan" in change:
        dko.attendees = _attendees(context, change["undangan"])


def _attendees(context: Context, chosen: Sequence[str]) -> list[dict[str, Any]]:
    known = dko_matter.candidates(context.document)
    if set(chosen) - set(known):
        raise BadInput([Unmet(OWN_RULE, N_("Pilih peserta dari daftar pegawai unit ini."), {}, "present")])
    return [known[one].as_json() for one in known if one in chosen]


def _hold(context: Context, dko: Dko) -> None:
    """Who led it and who was there; what lay on the table is kept as it was that day."""
    change = context.change
    leading = {one.public_id: one for one in dko_matter.leaders(context.document)}
    leader = leading.get(change["pimpinan"])
    if leader is None:
        text = N_("DKO dipimpin oleh Pimpinan UPK (tingkat kementerian: Menteri atau Wakil Menteri)")
        raise BadInput([Unmet("DKO-5", text, {}, "leader", law.LAW)])
    present = [one for one in _attendees(context, change["peserta"]) if one["id"] != leader.id]
    dko.leader_id = leader.id
    dko.attendees = [leader.as_json(), *present]
    dko.guests = change.get("tamu") or ""
    dko.materials = dko_matter.materials(context.document)
    if context.document.state == "scheduled":
        context.flag(without_materials=True)


def _write(context: Context, dko: Dko) -> None:
    """Minutes, arahan with their actions, and new days for what came back; the whole form as on the page."""
    change = context.change
    if "notulen" in change:
        dko.minutes = change["notulen"] or ""
    if "arahan" in change:
        _write_decisions(context, dko, change["arahan"])
    if "kembali" in change:
        back = {one["key"] for one in dko.materials.get("aksi", ())}
        dko.moved = {
            one["key"]: one["tanggal"].isoformat()
            for one in change["kembali"]
            if one["key"] in back and one.get("tanggal")
        }


def _write_decisions(context: Context, dko: Dko, wanted: Sequence[Mapping[str, Any]]) -> None:
    people = dko_matter.candidates(context.document)
    known = {action.key: action for action in dko.actions}
    decisions, kept, place = [], [], 0
    for given in wanted:
        key = given.get("key") or new_key()
        decisions.append({"key": key, "arahan": given.get("arahan") or ""})
        for one in given.get("aksi", ()):
            place += 1
            action = known.get(one["key"]) or DkoAction(key=one["key"], position=place)
            action.decision_key, action.position = key, place
            action.text, action.due = one.get("uraian") or "", one.get("tanggal") or None
            owner = one.get("pj") or ""
            if owner and owner not in people:
                text = N_("Pilih penanggung jawab dari daftar pegawai unit ini.")
                raise BadInput([Unmet(OWN_RULE, text, {}, f"action-{action.key}-owner")])
            action.owner_id = people[owner].id if owner else None
            kept.append(action)
    dko.decisions = decisions
    for gone in [action for action in dko.actions if action not in kept]:
        dko.actions.remove(gone)
    dko.actions += [action for action in kept if action not in dko.actions]
    db.session.flush()
    memo().pop(OWNERS, None)
    for action in kept:
        db.session.refresh(action, ["owner"])


def _complete(context: Context, dko: Dko) -> None:
    """The owner says what came of his action. Raises BadInput for another's, or one that is no longer open."""
    me, key = context.actor.person_id, context.change.get("aksi")
    action = next((a for a in dko.actions if a.key == key and a.owner_id == me and a.is_open), None)
    if action is None:
        raise BadInput([Unmet(OWN_RULE, N_("Pilih rencana aksi Anda yang masih terbuka."), {}, "action")])
    result = (context.change.get("hasil") or "").strip()
    if len(result) < SHORTEST:
        text = N_("Tulis hasilnya sedikitnya %(n)s huruf.")
        raise BadInput([Unmet(OWN_RULE, text, {"n": SHORTEST}, "result")])
    memo()[COMPLETING] = {context.document.id: frozenset({me})}
    action.done_at, action.result, action.link = context.now, result, context.change.get("tautan") or ""
    action.evidence = [DkoEvidence(evidence_id=one) for one in _own_evidence(context)]


def _own_evidence(context: Context) -> list[int]:
    """What the owner brings along; somebody else's evidence is not there for him. Raises BadInput."""
    wanted = sorted({str(public_id) for public_id in context.change.get("evidence") or ()})
    if not wanted:
        return []
    query = sa.select(Evidence.id).where(
        Evidence.public_id.in_(wanted), Evidence.owner_id == context.actor.person_id
    )
    found = list(db.session.scalars(query.order_by(Evidence.id)))
    if len(found) != len(wanted):
        text = N_("Bukti ini tidak ditemukan di antara bukti Anda.")
        raise BadInput([Unmet(OWN_RULE, text, {}, "evidence")])
    return found


@effect("dko", "complete_materials")
def invite(context: Context) -> None:
    """Whoever is invited hears of the day."""
    dko = dko_of(context.document)
    for one in dko.attendees:
        context.notify(one["id"], INVITED, day=dko.held_on.isoformat())


@effect("dko", "miss")
def tell_above(context: Context) -> None:
    """The head of the UPK above hears that none was held (KMK 300/2022: level by level)."""
    document = context.document
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    context.notify(chain[0].person_id if chain else None, MISSED)


@effect("dko", "sign_minutes")
def go_on(context: Context) -> None:
    """What is still open of earlier DKO of the unit goes on here, with its new day; then the actions are opened."""
    document, dko = context.document, dko_of(context.document)
    place = len(dko.actions)
    before: dict[int, Document] = {}
    for old in dko_matter.open_before(document):
        place += 1
        day = dko.moved.get(old.key)
        new = DkoAction(
            key=old.key, position=place, text=old.text, owner_id=old.owner_id, times=old.times + 1,
            due=date.fromisoformat(day) if day else old.due,
        )  # fmt: skip
        dko.actions.append(new)
        db.session.flush()
        old.carried_to_id = new.id
        before[old.dko_id] = old.dko.document
    db.session.flush()
    for looked_up in ("dko", OWNERS):
        memo().pop(looked_up, None)
    context.then.append((document.public_id, "open_actions", {}))
    for earlier in before.values():
        if earlier.state == ACTED:
            context.then.append((earlier.public_id, "close", {}))


@effect("dko", "open_actions")
def tell_owners(context: Context) -> None:
    """Each owner hears once that something of this DKO is his."""
    dko = dko_of(context.document)
    for owner in {action.owner_id for action in dko.actions if action.is_open}:
        context.notify(owner, GIVEN)
    remember_awaited(context)


@effect("dko", "complete_action")
def remember_awaited(context: Context) -> None:
    """Who still owns an open action: whom lists and pages name while it waits."""
    dko = dko_of(context.document)
    owners = sorted({a.owner_id for a in dko.actions if a.is_open and a.owner_id})
    transitions.flag(context.document, awaited=owners)
    memo().pop(COMPLETING, None)
