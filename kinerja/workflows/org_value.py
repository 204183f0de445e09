"""Nilai organisasi: what a UPK reached in one period, from its data to its predicate.

Its subject is the head of the UPK. Who determines is the leader one level up; of the ministry itself the Sekretariat
Komite, for the Komite Eksekutif which takes note; of a unit of level I under KMK 127/2026 the Komite Pelaksana, whose
chair signs in the name of the Menteri.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from statemachine import Event, State

from kinerja.rules.words import N_
from kinerja.workflows.base import (
    OWN_RULE,
    DocumentFlow,
    Entry,
    Facts,
    Unmet,
    did_not,
    each,
    stay,
    step,
)
from kinerja.workflows.roles import Actor, Relation

ABOVE, ATASAN, SYSTEM = Relation.PENILAI, Relation.ATASAN, Relation.SYSTEM
ORGANISER, REVIEWER = Relation.PENGELOLA_ORGANISASI, Relation.PENGELOLA_ABOVE
KOMITE = Relation.KOMITE_PELAKSANA

UNIT_ABOVE, TOP, LEVEL_ONE = "unit_above", "top", "level_one"
_DETERMINES = {UNIT_ABOVE: ABOVE, TOP: Relation.SEKRETARIAT, LEVEL_ONE: KOMITE}


@dataclass
class OrgValueFacts(Facts):
    """What the guards look at. `open_realisations` are the slots whose IKU realisation is neither validated nor marked
    missing; what it costs to know is asked for only where something depends on it."""

    # Who determines: the leader one level up, at the top the Sekretariat Komite, or the Komite Pelaksana.
    decided_by: str = UNIT_ABOVE
    window_over: bool = False
    may_take_over: bool = False
    read_open: Callable[[], Sequence[str]] | None = None
    read_problems: Callable[[], Sequence[Unmet]] | None = None

    @property
    def acting(self) -> Relation:
        if self.decided_by == UNIT_ABOVE and self.acting_level > 0:
            return ATASAN
        return _DETERMINES.get(self.decided_by, ABOVE)

    @cached_property
    def open_realisations(self) -> Sequence[str]:
        return self.read_open() if self.read_open is not None else ()


def realisation_is_in(facts: OrgValueFacts) -> list[Unmet]:
    """Realisation of the IKU validated, or marked missing, up to this period."""
    text = N_("Realisasi IKU %(slot)s belum divalidasi dan belum ditandai tidak diisi")
    return [Unmet(OWN_RULE, text, {"slot": slot}) for slot in facts.open_realisations]


def materials_are_in(facts: OrgValueFacts) -> list[Unmet]:
    """What the materials still lack."""
    return list(facts.read_problems()) if facts.read_problems is not None else []


def window_is_over(facts: OrgValueFacts, actor: Actor) -> bool:
    return facts.window_over


def ladder_has_come(facts: OrgValueFacts) -> list[Unmet]:
    if facts.may_take_over:
        return []
    return [
        Unmet(OWN_RULE, N_("Belum waktunya: dapat diambil alih lima hari kerja sesudah tenggat terlewati."))
    ]


def is_led_from_above(facts: OrgValueFacts, actor: Actor) -> bool:
    return facts.decided_by == UNIT_ABOVE and facts.acting_level == 0


# fmt: off
class OrgValueFlow(DocumentFlow):
    """Nilai organisasi, one per UPK and period."""

    kind = "org_value"
    title = N_("Nilai organisasi")
    design = "Rancangan alur nilai organisasi, keputusan 0020"
    facts_type = OrgValueFacts
    # What is final can still be opened again by the Komite Pelaksana.
    resting = ("final",)
    path = ("collecting", "computed", "reviewed", "determined", "final")

    collecting = State(N_("Dikumpulkan"), initial=True)
    computed = State(N_("Dihitung"))
    reviewed = State(N_("Direviu"))
    determined = State(N_("Ditetapkan"))
    final_ = State(N_("Final"), value="final")

    entries = (
        Entry("open_value", N_("Buka nilai organisasi"), "collecting", (SYSTEM,)),
    )

    save = Event(
        step(stay(collecting), N_("Simpan bahan"), who=ORGANISER, asks="form"),
        name=N_("Simpan bahan"),
    )
    submit_data = Event(
        step(
            collecting.to(computed), N_("Kirim bahan"), who=ORGANISER, needs=(realisation_is_in, materials_are_in),
            due="org_value_submit", main=True, exit="L", tone="primary", decides="propose:nko",
            source="linimasa DJPb TW II 2026 menurut KMK 127/2026", status="asumsi",
        ),
        name=N_("Kirim bahan"),
    )
    enter_value = Event(
        step(
            collecting.to(computed), N_("Isi nilai menurut SKEP"), who=ORGANISER, asks="form", due="org_value_submit",
            decides="propose:nko",
        ),
        name=N_("Isi nilai menurut SKEP"),
    )
    send_back = Event(
        step(computed.to(collecting), N_("Kembalikan"), who=REVIEWER, asks="note", due="default"),
        name=N_("Kembalikan"),
    )
    clear = Event(
        step(
            computed.to(reviewed), N_("Reviu selesai"), who=REVIEWER, when=did_not("submit_data", "enter_value"),
            due="default", main=True, exit="L", tone="primary", decides="judge:nko",
        ),
        name=N_("Reviu selesai"),
    )
    determine = Event(
        step(
            reviewed.to(determined), N_("Tetapkan"), who=ABOVE, acting=True, asks="form",
            due="org_value_determine", main=True, exit="L", tone="primary",
            effects="do:tell_the_unit do:lock_with_it do:tell_that_it_is_filled",
            source="PermenPANRB 6/2022 hlm. 92-94", status="hukum",
        ),
        name=N_("Tetapkan"),
    )
    take_over = Event(
        step(
            stay(reviewed), N_("Ambil alih"), who=ATASAN, when=is_led_from_above, needs=ladder_has_come, asks="reason",
            effects="raise_level", relieves="determine",
        ),
        name=N_("Ambil alih"),
    )
    finalize = Event(
        step(
            determined.to(final_), N_("Finalkan"), who=SYSTEM, when=window_is_over, due="org_value_final", main=True,
            exit="system",
        ),
        name=N_("Finalkan"),
    )
    new_head = Event(
        step(
            stay(collecting, computed, reviewed), N_("Pimpinan berganti"), who=SYSTEM, effects="do:tell_the_new_head",
        ),
        name=N_("Pimpinan berganti"),
    )
    reopen = Event(
        step(
            each((determined, final_), collecting), N_("Buka kembali"), who=KOMITE, asks="reason",
            effects="lower_level", tone="danger",
        ),
        name=N_("Buka kembali"),
    )
# fmt: on
