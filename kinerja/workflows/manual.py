"""Manual indikator: how one IKU or IKI is measured, version by version.

Its subject is the employee whose IKI it is, or the head of the UPK whose IKU it is; its "penilai" is the penilai of the
one and the head of the UPK above of the other. At L0 nobody stands above: there the Menteri approves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from statemachine import Event, State

from kinerja.rules import manual as law
from kinerja.rules.words import N_
from kinerja.workflows.base import OWN_RULE, DocumentFlow, Entry, Facts, Unmet, because, each, stay, step
from kinerja.workflows.roles import Actor, Relation

OWNER, ABOVE, ATASAN, SYSTEM = Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.SYSTEM
ORGANISER = Relation.PENGELOLA_ORGANISASI


@dataclass
class ManualFacts(Facts):
    """What the guards of a manual look at; `manual` and `regulation` are absent where nothing is asked of them."""

    # Gives the content as the rules judge it: asked once, and only where something depends on it.
    read_manual: Callable[[], Any] | None = None
    regulation: Any = None
    # Is it of an IKU, and of the ministry itself, above which nobody stands?
    of_unit: bool = False
    top: bool = False
    may_take_over: bool = False

    @cached_property
    def manual(self) -> Any:
        return self.read_manual() if self.read_manual is not None else None

    @property
    def acting(self) -> Relation:
        """Who approves: the penilai, after escalation his superior; at L0 the Menteri himself."""
        return OWNER if self.top else super().acting


def period_is_open(facts: Facts) -> list[Unmet]:
    return [] if facts.period_open else [Unmet(OWN_RULE, N_("Periode ini sudah ditutup."))]


def whole(facts: ManualFacts) -> list[Unmet]:
    """A.1.3, MI-4, MI-5."""
    if facts.manual is None:
        return []
    found = law.blocking(facts.manual, facts.regulation)
    return [Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in found]


def ladder_has_come(facts: ManualFacts) -> list[Unmet]:
    if facts.may_take_over:
        return []
    return [
        Unmet(OWN_RULE, N_("Belum waktunya: dapat diambil alih lima hari kerja sesudah tenggat terlewati."))
    ]


@because(N_("Manual indikator individu disusun oleh pegawainya sendiri."))
def writes_it(facts: ManualFacts, actor: Actor) -> bool:
    """The pengelola writes for a unit, never for a person."""
    return facts.of_unit or actor.has(OWNER)


@because(N_("Pada tingkat kementerian tidak ada pimpinan di atasnya."))
def has_someone_above(facts: ManualFacts, actor: Actor) -> bool:
    return not facts.top


def is_not_escalated(facts: Facts, actor: Actor) -> bool:
    return facts.acting_level == 0


def is_escalated(facts: Facts, actor: Actor) -> bool:
    return facts.acting_level > 0


# fmt: off
class ManualFlow(DocumentFlow):
    """Manual indikator, one version of one indicator."""

    kind = "manual"
    title = N_("Manual indikator")
    design = "Rancangan alur manual indikator, keputusan 0018"
    path = ("draft", "submitted", "approved", "in_force")
    facts_type = ManualFacts
    resting = ("in_force",)

    draft = State(N_("Draf"), initial=True)
    submitted = State(N_("Diajukan"))
    approved = State(N_("Disetujui"))
    in_force = State(N_("Berlaku"))
    superseded = State(N_("Digantikan"), final=True)
    dropped = State(N_("Gugur"), final=True)

    entries = (
        Entry("create", N_("Susun"), "draft", (OWNER, ORGANISER), "PermenPANRB 6/2022 hlm. 37", "hukum"),
    )

    edit = Event(
        step(stay(draft), N_("Sunting"), who=(OWNER, ORGANISER), when=writes_it, asks="form"), name=N_("Sunting"),
    )
    submit = Event(
        step(
            draft.to(submitted), N_("Ajukan"), who=(OWNER, ORGANISER), when=writes_it, needs=(period_is_open, whole),
            due="manual_submit", main=True, exit="L", source="KMK 127/2026", status="terverifikasi", tone="primary",
        ),
        name=N_("Ajukan"),
    )
    approve = Event(
        step(
            submitted.to(approved), N_("Setujui"), who=ABOVE, acting=True, needs=whole, due="default", main=True,
            exit="L", tone="primary",
        ),
        name=N_("Setujui"),
    )
    send_back = Event(
        step(
            submitted.to(draft), N_("Kembalikan"), who=ABOVE, acting=True, asks="note", due="default",
        )
        | step(
            approved.to(draft), N_("Kembalikan"), who=ORGANISER, asks="note", due="default",
        ),
        name=N_("Kembalikan"),
    )
    clear = Event(
        step(
            approved.to(in_force), N_("Reviu selesai"), who=ORGANISER, needs=whole, due="default", main=True, exit="L",
            effects="do:replace_the_old", tone="primary",
        ),
        name=N_("Reviu selesai"),
    )
    withdraw = Event(
        step(submitted.to(draft), N_("Tarik kembali"), who=(OWNER, ORGANISER), when=writes_it),
        name=N_("Tarik kembali"),
    )
    take_over = Event(
        step(
            stay(submitted), N_("Ambil alih"), who=ATASAN, when=(is_not_escalated, has_someone_above), asks="reason",
            needs=ladder_has_come, effects="raise_level", relieves="approve",
        ),
        name=N_("Ambil alih"),
    )
    hand_back = Event(
        step(
            stay(submitted), N_("Serahkan kembali"), who=ATASAN, when=is_escalated, asks="reason",
            effects="lower_level",
        ),
        name=N_("Serahkan kembali"),
    )
    discard = Event(
        step(
            draft.to(dropped), N_("Buang draf"), who=(OWNER, ORGANISER), when=writes_it, asks="confirm", tone="danger",
        ),
        name=N_("Buang draf"),
    )
    new_head = Event(
        step(stay(draft, submitted, approved), N_("Pimpinan berganti"), who=SYSTEM), name=N_("Pimpinan berganti"),
    )
    supersede = Event(step(in_force.to(superseded), N_("Digantikan"), who=SYSTEM), name=N_("Digantikan"))
    drop = Event(
        step(each((draft, submitted, approved, in_force), dropped), N_("Indikator dihapus"), who=SYSTEM),
        name=N_("Indikator dihapus"),
    )
# fmt: on
