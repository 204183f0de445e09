"""Realisasi per periode: recorded by one, opened and validated by another, locked.

One table for two kinds: an employee records his own and his penilai validates it; the pengelola kinerja organisasi
records that of a unit and its head validates it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from statemachine import Event, State

from kinerja.rules import realisation as law
from kinerja.rules.finding import BLOCKS, WARNS, Finding
from kinerja.rules.pk import pk_9_recorded
from kinerja.rules.words import N_
from kinerja.workflows.base import OWN_RULE, DocumentFlow, Entry, Facts, Unmet, because, each, stay, step
from kinerja.workflows.roles import Actor, Relation

SYSTEM = Relation.SYSTEM

REASON_MINIMUM = 10
# An SKP that is being changed or stands still has no realisation to write; a closed one may still be completed.
RUNNING_SKP = ("in_force", "superseded", "closed")


class Matter(Protocol):
    """The content of a realisation as guards ask for it; each answer is read from the database when it is asked."""

    @property
    def entries(self) -> Sequence[law.Realisation]:
        """One per indicator that counts in the period."""

    @property
    def regulation(self) -> Any:
        """The law of the period."""

    @property
    def reasons(self) -> dict[str, str]:
        """Indicator key -> what the employee wrote as obstacle or reason."""

    @property
    def unreadable(self) -> Sequence[tuple[str, str]]:
        """(indicator key, name) of evidence that the penilai could not open and that is still attached."""

    @property
    def unmeasured(self) -> Sequence[tuple[str, str]]:
        """(indicator key, code) of the IKU that would be recorded for the first time without an approved manual."""

    @property
    def qualitative(self) -> bool:
        """Whether words stand where others have numbers."""

    @property
    def skp_state(self) -> str:
        """State of the SKP it belongs to."""

    @property
    def opened_by_receiver(self) -> bool:
        """Whether the read log holds a read by the penilai since it was recorded."""

    @property
    def determined(self) -> bool:
        """Whether the evaluation of this period, or of the year, is determined."""

    @property
    def readers(self) -> frozenset[int]:
        """The people who may validate and have opened all evidence."""


@dataclass
class RealisationFacts(Facts):
    """What the guards look at; `matter` is absent on lists, where nothing is asked of it."""

    # What is said of the plan it belongs to and of who validates it; no fields, since no guard asks.
    WAITS = N_("SKP sedang diubah atau ditangguhkan; realisasi menunggu sampai SKP berlaku lagi.")
    OPENED = N_("Penilai sudah membuka realisasi ini, sehingga tidak dapat ditarik kembali.")
    UNREADABLE = N_("Bukti %(name)s tidak dapat dibuka penilai: ganti atau lepaskan")

    matter: Matter | None = None
    now: datetime | None = None
    takeover_from: datetime | None = None


@dataclass
class IkuRealisationFacts(RealisationFacts):
    """The same of a unit: its head validates, until the head above takes over."""

    WAITS = N_("Perjanjian Kinerja sedang diubah; realisasi menunggu sampai berlaku lagi.")
    OPENED = N_("Pimpinan UPK sudah membuka realisasi ini, sehingga tidak dapat ditarik kembali.")
    UNREADABLE = N_("Bukti %(name)s tidak dapat dibuka Pimpinan UPK: ganti atau lepaskan")

    @property
    def judge(self) -> Relation:
        return Relation.SUBJECT

    @property
    def acting(self) -> Relation:
        return Relation.SUBJECT if self.acting_level == 0 else Relation.PENILAI


def unmet_of(findings: Sequence[Finding]) -> list[Unmet]:
    """Findings as conditions of the flow, at the fields of the page."""
    return [
        Unmet(f.rule, f.message, dict(f.params), f.field.replace("realisation-", "item-", 1), f.source)
        for f in findings
    ]


def skp_runs(facts: RealisationFacts) -> list[Unmet]:
    if facts.matter is None or facts.matter.skp_state in RUNNING_SKP:
        return []
    return [Unmet(OWN_RULE, facts.WAITS)]


def recordable(facts: RealisationFacts) -> list[Unmet]:
    """PK-9, RL-1 and RL-2, every entry filled, and nothing attached that the penilai could not open."""
    matter = facts.matter
    if matter is None:
        return []
    found = [f for f in law.check_recording(matter.entries, matter.regulation) if f.severity == BLOCKS]
    first = unmet_of(pk_9_recorded(matter.unmeasured, matter.regulation))
    return first + unmet_of(found) + _empty(matter) + _without_evidence(matter) + _unreadable(facts)


def _empty(matter: Matter) -> list[Unmet]:
    text = N_("Realisasi indikator %(number)s belum diisi")
    words = N_("Uraian progres indikator %(number)s belum diisi")
    return [
        Unmet(OWN_RULE, words if matter.qualitative else text, {"number": entry.number},
              f"item-{entry.indicator}-{'narrative' if matter.qualitative else 'value'}")
        for entry in matter.entries
        if (not entry.progress.strip() if matter.qualitative else entry.value is None)
    ]  # fmt: skip


def _without_evidence(matter: Matter) -> list[Unmet]:
    """RL-2 is a warning: it may be passed with a written reason, which stands in the field for obstacles."""
    text = N_("Indikator %(number)s belum berbukti: tambahkan bukti, atau tulis alasannya pada kendala")
    return [
        Unmet(f.rule, text, {"number": entry.number}, f"item-{entry.indicator}-obstacle", f.source)
        for entry in matter.entries
        for f in law.rl_2(entry, matter.regulation)
        if f.severity == WARNS and len(matter.reasons.get(entry.indicator, "").strip()) < REASON_MINIMUM
    ]


def _unreadable(facts: RealisationFacts) -> list[Unmet]:
    found = facts.matter.unreadable if facts.matter is not None else ()
    return [Unmet(OWN_RULE, facts.UNREADABLE, {"name": name}, f"item-{key}-evidence") for key, name in found]


def validatable(facts: RealisationFacts) -> list[Unmet]:
    """RL-2 in its strict form, and RL-3 unless somebody who may validate has opened everything."""
    matter = facts.matter
    if matter is None:
        return []
    found = law.check_validation(matter.entries, matter.regulation)
    found = [f for f in found if f.severity == BLOCKS and not (f.rule == "RL-3" and matter.readers)]
    # One file may serve many indicators: it is named once.
    return unmet_of(list({(f.rule, tuple(sorted(f.params.items()))): f for f in found}.values()))


def not_opened(facts: RealisationFacts) -> list[Unmet]:
    if facts.matter is None or not facts.matter.opened_by_receiver:
        return []
    return [Unmet(OWN_RULE, facts.OPENED)]


def not_determined(facts: RealisationFacts) -> list[Unmet]:
    if facts.matter is None or not facts.matter.determined:
        return []
    return [
        Unmet(OWN_RULE, N_("Hasil evaluasi periode ini sudah ditetapkan; realisasinya tidak berubah lagi."))
    ]


@because(N_("Anda belum membuka seluruh bukti; buka setiap bukti lebih dahulu (RL-3)."))
def has_read_it(facts: RealisationFacts, actor: Actor) -> bool:
    """RL-3 asks for his own read: where one validator has opened everything, another who has not stays out."""
    if facts.matter is None or not facts.matter.readers:
        return True
    return actor.person_id in facts.matter.readers


@because(N_("Belum waktunya: dapat diambil alih lima hari kerja sesudah tenggat terlewati."))
def is_overdue(facts: RealisationFacts, actor: Actor) -> bool:
    """Five working days past the due moment the superior may act in the place of the penilai."""
    return (
        facts.acting_level == 0
        and facts.takeover_from is not None
        and facts.now is not None
        and facts.now > facts.takeover_from
    )


def is_not_on_hold(facts: RealisationFacts, actor: Actor) -> bool:
    """The clocks of a held SKP stand still, those of its realisation too."""
    return facts.matter is None or facts.matter.skp_state in RUNNING_SKP


@dataclass(frozen=True)
class Parties:
    """Who does what in one kind of realisation, and by which source."""

    name: str
    kind: str
    title: str
    design: str
    facts: type[RealisationFacts]
    author: Relation
    judges: tuple[Relation, ...]
    above: Relation
    law: str = ""
    recording: str = ""
    validation: str = ""
    status: str = "desain"
    # Does its subject head a unit, whose next head takes over what is not yet validated?
    of_unit: bool = False


# fmt: off
def flow_for(parties: Parties) -> type[DocumentFlow]:
    """The table of a realisation with these parties."""
    author, judges, above = parties.author, parties.judges, parties.above

    class Flow(DocumentFlow):
        __doc__ = parties.name
        kind = parties.kind
        title = parties.title
        design = parties.design
        facts_type = parties.facts
        resting = ("validated",)
        path = ("open", "draft", "recorded", "validated")

        not_open = State(N_("Belum Dibuka"), initial=True)
        open = State(N_("Terbuka"))
        draft = State(N_("Draf"))
        recorded = State(N_("Direkam"))
        returned = State(N_("Dikembalikan"))
        validated = State(N_("Divalidasi"))
        missing = State(N_("Tidak Diisi"))

        entries = (
            Entry("prepare_period", N_("Siapkan realisasi"), "not_open", (SYSTEM,), parties.law),
        )

        open_period = Event(
            step(
                not_open.to(open), N_("Buka periode"), who=SYSTEM, when=is_not_on_hold, due="realisation_open",
                main=True, exit="system",
            ),
            name=N_("Buka periode"),
        )
        save = Event(
            step(
                each((open, returned), draft), N_("Simpan"), who=author, needs=skp_runs, asks="form",
                due="realisation_record", main=True, exit="lapse", tone="primary",
            )
            | step(stay(draft), N_("Simpan"), who=author, needs=skp_runs, asks="form")
            | step(stay(missing), N_("Simpan"), who=author, needs=(skp_runs, not_determined), asks="form"),
            name=N_("Simpan"),
        )
        record = Event(
            step(
                draft.to(recorded), N_("Rekam"), who=author, needs=(skp_runs, recordable), due="realisation_record",
                main=True, exit="lapse",
                effects="do:lock_targets", source=parties.recording, status=parties.status, tone="primary",
            ),
            name=N_("Rekam"),
        )
        record_late = Event(
            step(
                missing.to(recorded), N_("Rekam terlambat"), who=author, needs=(skp_runs, recordable, not_determined),
                asks="reason", effects="do:lock_targets", due="realisation_late", main=True, exit="L", tone="primary",
            ),
            name=N_("Rekam terlambat"),
        )
        validate = Event(
            step(
                recorded.to(validated), N_("Validasi"), who=judges, acting=True, when=has_read_it,
                needs=validatable, due="realisation_validate", main=True, exit="L",
                source=parties.validation, tone="primary",
            ),
            name=N_("Validasi"),
        )
        send_back = Event(
            step(
                recorded.to(returned), N_("Kembalikan"), who=judges, acting=True, asks=("note", "form"),
                due="realisation_validate",
            ),
            name=N_("Kembalikan"),
        )
        evidence_unreadable = Event(
            step(
                recorded.to(returned), N_("Bukti tidak dapat dibuka"), who=judges, acting=True,
                asks="form", due="realisation_validate",
            ),
            name=N_("Bukti tidak dapat dibuka"),
        )
        take_over = Event(
            step(
                stay(recorded), N_("Ambil alih"), who=above, when=is_overdue, asks="reason", effects="raise_level",
                relieves="validate",
            ),
            name=N_("Ambil alih"),
        )
        withdraw = Event(
            step(
                recorded.to(draft), N_("Tarik kembali"), who=author, needs=not_opened, effects="do:lift_first_lock",
            ),
            name=N_("Tarik kembali")
        )
        lapse = Event(
            step(
                each((open, draft, returned), missing), N_("Tidak diisi"), who=SYSTEM, when=is_not_on_hold,
                due="realisation_lapse",
            ),
            name=N_("Tidak diisi"),
        )
        reopen = Event(
            step(
                validated.to(draft), N_("Buka kembali"), who=above, asks="reason", needs=not_determined, tone="danger",
            ),
            name=N_("Buka kembali"),
        )

        if parties.of_unit:
            new_head = Event(
                step(
                    stay(not_open, open, draft, recorded, returned, missing), N_("Pimpinan berganti"), who=SYSTEM,
                    effects="do:tell_the_new_head",
                ),
                name=N_("Pimpinan berganti"),
            )

    Flow.__name__ = Flow.__qualname__ = parties.name
    return Flow
# fmt: on


RealisationFlow = flow_for(
    Parties(
        "RealisationFlow",
        "realisation",
        N_("Realisasi per periode"),
        "Rancangan alur realisasi, keputusan 0003",
        RealisationFacts,
        Relation.SUBJECT,
        (Relation.PENILAI, Relation.PLH, Relation.DELEGATE),
        Relation.ATASAN,
        law="PermenPANRB 6/2022 Pasal 16",
        recording="PermenPANRB 6/2022 Pasal 16, hlm. 68",
        validation="PermenPANRB 6/2022 hlm. 68",
        status="hukum",
    )
)
IkuRealisationFlow = flow_for(
    Parties(
        "IkuRealisationFlow",
        "iku_realisation",
        N_("Realisasi IKU per periode"),
        "Rancangan alur nilai organisasi, keputusan 0020",
        IkuRealisationFacts,
        Relation.PENGELOLA_ORGANISASI,
        (Relation.SUBJECT,),
        Relation.PENILAI,
        of_unit=True,
    )
)
