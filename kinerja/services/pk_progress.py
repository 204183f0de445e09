"""How far the initiatives of a PK and the mitigations of its risks are, quarter by quarter: steps of the PK itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Pk, PkProgress
from kinerja.rules.words import N_
from kinerja.services.errors import BadInput
from kinerja.services.kinds import Context
from kinerja.workflows.base import OWN_RULE, Unmet

STATES = {
    "": N_("Belum dicatat"),
    "belum": N_("Belum dimulai"),
    "berjalan": N_("Berjalan"),
    "selesai": N_("Selesai"),
    "tertunda": N_("Tertunda"),
    "batal": N_("Batal"),
}
QUARTERS = ("TW1", "TW2", "TW3", "TW4")


@dataclass(frozen=True)
class Progress:
    """Of one step or risk in one quarter: how it stands, in a code of STATES, and what was said about it."""

    slot: str
    state: str
    note: str


@dataclass(frozen=True)
class Line:
    """What progress is asked of: a step of an initiative, or a risk with its mitigation."""

    key: str
    text: str
    of: str
    owner: str
    day: str


def steps_of(pk: Pk) -> list[Line]:
    """The steps of the initiatives, in their order."""
    return [
        Line(step["key"], step.get("kegiatan", ""), one["judul"], one.get("pemilik", ""), step.get("selesai", ""))
        for one in pk.initiatives
        for step in one.get("tahapan") or ()
    ]  # fmt: skip


def risks_of(pk: Pk) -> list[Line]:
    """The risks with their mitigation, in their order."""
    return [
        Line(one["key"], one.get("mitigasi", ""), one["risiko"], one.get("pemilik", ""), one.get("tanggal", ""))
        for one in pk.risks
    ]  # fmt: skip


def read(document: Document) -> dict[str, dict[str, Progress]]:
    """Key -> quarter -> progress, of everything ever written; one statement."""
    found: dict[str, dict[str, Progress]] = {}
    rows = db.session.scalars(sa.select(PkProgress).where(PkProgress.pk_id == document.id))
    for row in rows:
        found.setdefault(row.key, {})[row.slot] = Progress(row.slot, row.standing, row.note)
    return found


def latest(known: Mapping[str, Mapping[str, Progress]], until: str = QUARTERS[-1]) -> dict[str, Progress]:
    """Key -> the newest progress up to a quarter."""
    return {
        key: slots[newest]
        for key, slots in known.items()
        if (newest := max((slot for slot in slots if slot <= until), default=""))
    }


def quarter_of(slot: str) -> str:
    """The quarter up to which a slot looks: its own, that of its month, or the last one for the year."""
    if slot in QUARTERS:
        return slot
    return QUARTERS[(int(slot[1:]) - 1) // 3] if slot[1:].isdigit() else QUARTERS[-1]


def of_initiatives(document: Document, pk: Pk, slot: str) -> list[dict[str, str]]:
    """How far every step of the initiatives is by the end of a slot, as plain JSON values; `keadaan` is empty where
    nothing was recorded. One statement, none without initiatives."""
    if not pk.initiatives:
        return []
    known = latest(read(document), quarter_of(slot))
    found = []
    for line in steps_of(pk):
        there = known.get(line.key)
        found.append(
            {"key": line.key, "judul": line.of, "kegiatan": line.text, "pemilik": line.owner, "selesai": line.day,
             "keadaan": there.state if there else "", "triwulan": there.slot if there else "",
             "catatan": there.note if there else ""}
        )  # fmt: skip
    return found


def running_quarter(document: Document) -> str:
    """The quarter that progress is written for unless another is asked: the present one, and in its first month the one
    before, which is reported then; the last of a past year."""
    today = clock.today(document.unit.zone)
    if today.year != document.period.year:
        return QUARTERS[-1] if today.year > document.period.year else QUARTERS[0]
    return QUARTERS[max((today.month - 2) // 3, 0)]


def apply(context: Context, pk: Pk) -> None:
    """Write what the form of one quarter holds; an empty line is taken away. Raises BadInput."""
    slot, lines = context.change.get("triwulan", ""), _lines(context.change)
    known = {line.key for line in (*steps_of(pk), *risks_of(pk))}
    if slot not in QUARTERS or set(lines) - known:
        raise BadInput([Unmet(OWN_RULE, N_("Pilih triwulan dan baris dari PK ini."), {}, "slot")])
    stored = {
        row.key: row
        for row in db.session.scalars(
            sa.select(PkProgress).where(PkProgress.pk_id == pk.document_id, PkProgress.slot == slot)
        )
    }
    for key, (state, note) in lines.items():
        row = stored.get(key)
        if not state:
            if row is not None:
                db.session.delete(row)
            if note:
                text = N_("Pilih keadaan bagi yang diberi keterangan.")
                raise BadInput([Unmet(OWN_RULE, text, {}, f"step-{key}-state")])
            continue
        if row is None:
            row = PkProgress(pk_id=pk.document_id, key=key, slot=slot)
            db.session.add(row)
        row.standing, row.note, row.at, row.by_id = state, note, context.now, context.actor.person_id


def _lines(change: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    given: Sequence[Mapping[str, Any]] = [*change.get("tahapan", ()), *change.get("risiko", ())]
    return {one["key"]: (one.get("keadaan") or "", (one.get("catatan") or "").strip()) for one in given}
