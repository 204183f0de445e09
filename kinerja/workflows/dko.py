"""Dialog Kinerja Organisasi (DKO, DKRO under KMK 127/2026): one per UPK and quarter at least, level by level.

Its subject is the head of the UPK, who leads it and signs its minutes; the pengelola kinerja organisasi prepares and
writes. Whoever owns an action completes it; what is open at the next DKO is carried into that one by the system.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from statemachine import Event, State

from kinerja.rules import dko as law
from kinerja.rules.words import N_
from kinerja.workflows.base import (
    OWN_RULE,
    DocumentFlow,
    Entry,
    Facts,
    Move,
    Unmet,
    because,
    each,
    stay,
    step,
)
from kinerja.workflows.roles import Actor, Relation

LEADER, ORGANISER, OWNER = Relation.SUBJECT, Relation.PENGELOLA_ORGANISASI, Relation.ACTION_OWNER
SYSTEM = Relation.SYSTEM
SOURCE = "KMK 300/KMK.01/2022"


@dataclass
class DkoFacts(Facts):
    """What the guards of a DKO look at.

    `held_on` is the day it is set for, as text; `waiting_below` names the UPK right below whose DKO of this quarter
    has been neither held nor missed; `open_owners` own an action that is still open, of which there are `open_count`.
    """

    read_minutes: Callable[[], Any] | None = None
    date_reached: bool = True
    held_on: str = ""
    quarter_over: bool = False
    read_below: Callable[[], tuple[str, ...]] | None = None
    open_owners: frozenset[int] = field(
        default=frozenset(), metadata={"values": (frozenset(), frozenset({1}))}
    )
    open_count: int = 0

    @cached_property
    def minutes(self) -> Any:
        return self.read_minutes() if self.read_minutes is not None else None

    @cached_property
    def waiting_below(self) -> tuple[str, ...]:
        return self.read_below() if self.read_below is not None else ()


def lower_ones_first(facts: DkoFacts) -> list[Unmet]:
    if not facts.waiting_below:
        return []
    message = N_("DKO unit di bawah belum dilaksanakan: %(units)s")
    return [Unmet("DKO-6", message, {"units": ", ".join(facts.waiting_below)}, "", law.LAW)]


def on_its_day(facts: DkoFacts) -> list[Unmet]:
    if facts.date_reached:
        return []
    message = N_("Tanggal DKO, %(day)s, belum tiba; ubah jadwalnya bila dilaksanakan lebih awal.")
    return [Unmet(OWN_RULE, message, {"day": facts.held_on})]


def recordable(facts: DkoFacts) -> list[Unmet]:
    """DKO-1 to DKO-5."""
    if facts.minutes is None:
        return []
    return [Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in law.check(facts.minutes)]


def settled(facts: DkoFacts) -> list[Unmet]:
    if not facts.open_count:
        return []
    message = N_(
        "Masih ada %(n)s rencana aksi yang terbuka; yang terbuka dibawa ke DKO berikutnya oleh sistem."
    )
    return [Unmet(OWN_RULE, message, {"n": facts.open_count})]


def has_open(facts: DkoFacts, actor: Actor) -> bool:
    return bool(facts.open_owners)


def has_none_open(facts: DkoFacts, actor: Actor) -> bool:
    return not facts.open_owners


def is_over(facts: DkoFacts, actor: Actor) -> bool:
    return facts.quarter_over


@because(N_("Tidak ada rencana aksi Anda yang masih terbuka di sini."))
def owns_an_open_one(facts: DkoFacts, actor: Actor) -> bool:
    return actor.person_id in facts.open_owners


# fmt: off
class DkoFlow(DocumentFlow):
    """DKO, proposed by the system for every UPK with a PK in force."""

    kind = "dko"
    title = N_("Dialog Kinerja Organisasi")
    design = "Rancangan alur DKO, keputusan 0022"
    path = ("scheduled", "materials_ready", "held", "minutes_draft", "minutes_signed", "actions_open", "closed")
    facts_type = DkoFacts

    scheduled = State(N_("Dijadwalkan"), initial=True)
    materials_ready = State(N_("Bahan Siap"))
    held = State(N_("Dilaksanakan"))
    minutes_draft = State(N_("Draf Notulen"))
    minutes_signed = State(N_("Notulen Ditandatangani"))
    actions_open = State(N_("Tindak Lanjut Berjalan"))
    closed = State(N_("Ditutup"), final=True)
    missed = State(N_("Tidak Dilaksanakan"), final=True)

    entries = (
        Entry("schedule", N_("Jadwalkan DKO"), "scheduled", (SYSTEM, ORGANISER), SOURCE, "hukum", due="dko_schedule"),
    )

    edit = Event(
        step(stay(scheduled, materials_ready), N_("Ubah jadwal dan undangan"), who=ORGANISER, asks="form"),
        name=N_("Ubah jadwal dan undangan"),
    )
    complete_materials = Event(
        step(
            scheduled.to(materials_ready), N_("Bahan siap"), who=ORGANISER, needs=lower_ones_first,
            due="dko_materials", main=True, exit="mark_held", effects="do:invite", source=SOURCE, status="hukum",
            tone="primary",
        ),
        name=N_("Bahan siap"),
    )
    mark_held = Event(
        step(
            scheduled.to(held), N_("Dilaksanakan"), who=ORGANISER, needs=on_its_day, asks="form", source=SOURCE,
            status="hukum",
        )
        | step(
            materials_ready.to(held), N_("Dilaksanakan"), who=ORGANISER, needs=on_its_day, asks="form",
            due="dko_hold", main=True, exit="miss", source=SOURCE, status="hukum", tone="primary",
        ),
        name=N_("Dilaksanakan"),
    )
    miss = Event(
        step(
            each((scheduled, materials_ready), missed), N_("Tidak dilaksanakan"), who=SYSTEM, when=is_over,
            due="dko_miss", effects="do:tell_above",
        ),
        name=N_("Tidak dilaksanakan"),
    )
    save = Event(
        step(stay(held), N_("Tulis notulen"), who=ORGANISER, asks="form"),
        name=N_("Tulis notulen"),
    )
    record_minutes = Event(
        step(
            held.to(minutes_draft), N_("Ajukan notulen"), who=ORGANISER, needs=recordable, due="default", main=True,
            exit="L", tone="primary",
        ),
        name=N_("Ajukan notulen"),
    )
    sign_minutes = Event(
        step(
            minutes_draft.to(minutes_signed), N_("Tanda tangani notulen"), who=LEADER, asks="signature",
            needs=recordable, due="default", main=True, exit="L", effects="sign:notulen do:go_on", tone="primary",
        ),
        name=N_("Tanda tangani notulen"),
    )
    send_back = Event(
        step(minutes_draft.to(held), N_("Kembalikan"), who=LEADER, asks="note"),
        name=N_("Kembalikan"),
    )
    open_actions = Event(
        step(
            minutes_signed.to(actions_open), N_("Buka tindak lanjut"), who=SYSTEM, when=has_open, due="at_once",
            main=True, exit="system", effects="do:tell_owners",
        )
        | step(
            minutes_signed.to(closed), N_("Buka tindak lanjut"), who=SYSTEM, when=has_none_open, due="at_once",
            main=True, exit="system",
        ),
        name=N_("Buka tindak lanjut"),
    )
    complete_action = Event(
        step(
            stay(actions_open), N_("Selesaikan rencana aksi"), who=(OWNER, LEADER),
            when=(has_open, owns_an_open_one), asks="form", due="dko_action", main=True, exit="close",
            effects="do:remember_awaited", source=SOURCE, status="hukum", tone="primary",
        ),
        name=N_("Selesaikan rencana aksi"),
    )
    new_head = Event(
        step(
            stay(scheduled, materials_ready, held, minutes_draft, actions_open), N_("Pimpinan berganti"), who=SYSTEM,
            effects="do:tell_the_new_head",
        ),
        name=N_("Pimpinan berganti"),
    )
    close = Event(
        step(
            actions_open.to(closed), N_("Tutup"), who=(LEADER, SYSTEM), needs=settled, due="dko_close", main=True,
            exit="system",
        ),
        name=N_("Tutup"),
    )
# fmt: on

    @classmethod
    def turn(cls, facts: Facts) -> tuple[Relation | None, Move | None]:
        """While an action is open its owners are awaited, after that the head, who closes."""
        if facts.state != "actions_open":
            return super().turn(facts)
        wanted = "complete_action" if getattr(facts, "open_count", 0) else "close"
        move = next(move for move in cls.moves(facts.state) if move.event == wanted)
        return move.row.who[0], move
