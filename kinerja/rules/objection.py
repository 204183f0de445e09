"""Keberatan: when it is open, until when, and who decides (PermenPANRB 6/2022 art. 29, p.89-90, 114-119)."""

from dataclasses import dataclass
from datetime import datetime

from kinerja.rules.finding import BLOCKS, NATIONAL, Finding
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.workdays import WorkCalendar, in_time, local_date

# Why the atasan evaluated or signed in the place of the penilai.
BY_PENILAI = "penilai"
PENILAI_LATE = "penilai_terlambat"
PENILAI_ABSENT = "penilai_berhalangan_tetap"
SIGNED_BY_ATASAN = "penilai_tidak_menandatangani"

# Who evaluated, where the law names an office.
COORDINATING_MINISTER = "menteri_koordinator"
HEAD_OF_AGENCY = "pimpinan_instansi"
HEAD_OF_REGION = "kepala_daerah"
MINISTER = "menteri"


@dataclass(frozen=True)
class EvaluationFacts:
    """What finality depends on.

    ``rank``: jpt_utama, jpt_madya, jpt_pratama or "" for everybody else. ``regional``: agency of a region.
    ``evaluator_office``: one of the offices above or "". ``evaluated_because``: why this person evaluated.
    """

    rank: str = ""
    regional: bool = False
    leads_unit_mandiri: bool = False
    evaluator_office: str = ""
    evaluated_because: str = BY_PENILAI


@dataclass(frozen=True)
class DeciderFacts:
    """What one official has done to the evaluation; any of it keeps him from deciding the objection."""

    evaluated: bool = False
    signed_d12: bool = False
    changed_in_calibration: bool = False
    voted_in_session: bool = False
    is_subject: bool = False


@dataclass(frozen=True)
class ObjectionFacts:
    """An objection about to be filed or decided. Moments are aware; ``zone``: WIB, WITA or WIT of the
    subject."""

    received_at: datetime | None
    filed_at: datetime
    zone: str
    reason: str
    evaluation: EvaluationFacts
    decided_before: bool = False


# Who establishes the SKP of a JPT (PermenPANRB 6/2022, p.65): post group and rank of his penilai.
ESTABLISHED_BY = {
    "utama": ("lain", "menteri koordinator"),
    "madya": ("lain", "menteri"),
    "pratama": ("JPT", "madya"),
}


def final_reason(facts: EvaluationFacts) -> str | None:
    """Why no objection is possible (p.90 no. 11 and 12), as an Indonesian sentence; None when it is open.

    Evaluation because the penilai is berhalangan tetap, and a D.1.2 only signed by the atasan, are not final.
    """
    office = facts.evaluator_office
    if facts.evaluated_because == PENILAI_LATE:
        return N_(
            "Evaluasi dilakukan atasan penilai karena penilai melewati jangka waktu; hasilnya final (hlm. 90)"
        )
    if facts.rank == "jpt_utama" and office == COORDINATING_MINISTER:
        return N_("Evaluasi JPT utama oleh menteri yang mengoordinasikan bersifat final (hlm. 90)")
    if facts.rank == "jpt_madya" and not facts.regional and office in (HEAD_OF_AGENCY, MINISTER):
        return N_("Evaluasi JPT madya oleh pimpinan instansi bersifat final (hlm. 90)")
    if facts.rank in ("jpt_madya", "jpt_pratama") and facts.regional and office == HEAD_OF_REGION:
        return N_("Evaluasi JPT madya dan pratama oleh kepala daerah bersifat final (hlm. 90)")
    if facts.leads_unit_mandiri and not facts.regional and office in (MINISTER, COORDINATING_MINISTER):
        return N_("Evaluasi pimpinan unit kerja mandiri oleh menteri bersifat final (hlm. 90)")
    if facts.leads_unit_mandiri and facts.regional and office == HEAD_OF_REGION:
        return N_("Evaluasi pimpinan unit kerja mandiri oleh kepala daerah bersifat final (hlm. 90)")
    return None


def objection_due(
    received_at: datetime, zone: str, calendar: WorkCalendar, regulation: Regulation
) -> datetime:
    """Last second, in UTC, in which the objection may be filed: 14 hk from receipt."""
    return calendar.deadline(received_at, regulation.whole("hk_keberatan"), zone)


def decision_due(filed_at: datetime, zone: str, calendar: WorkCalendar, regulation: Regulation) -> datetime:
    """Last second, in UTC, for the decision: 7 hk from filing."""
    return calendar.deadline(filed_at, regulation.whole("hk_putusan_keberatan"), zone)


def kb_1(facts: ObjectionFacts, calendar: WorkCalendar, regulation: Regulation) -> list[Finding]:
    """KB-1: the document was received, a reason is given, and 14 hk have not passed."""
    if facts.received_at is None:
        return [Finding("KB-1", BLOCKS, N_("Dokumen belum diterima"), {}, "", NATIONAL, "117")]
    found = []
    due = objection_due(facts.received_at, facts.zone, calendar, regulation)
    if not in_time(facts.filed_at, due):
        params = {"date": indonesian_date(due, facts.zone)}
        found.append(Finding("KB-1", BLOCKS, N_("batas %(date)s"), params, "", NATIONAL, "117"))
    if not facts.reason.strip():
        found.append(
            Finding("KB-1", BLOCKS, N_("Alasan keberatan belum diisi"), {}, "reason", NATIONAL, "117")
        )
    return found


def kb_2(facts: ObjectionFacts, calendar: WorkCalendar, regulation: Regulation) -> list[Finding]:
    """KB-2: one decided objection per document; a withdrawn one does not count."""
    if not facts.decided_before:
        return []
    return [
        Finding("KB-2", BLOCKS, N_("Keberatan atas dokumen ini sudah diputus"), {}, "", "pilihan rancangan")
    ]


def kb_3(
    filed_at: datetime,
    decided_at: datetime,
    zone: str,
    calendar: WorkCalendar,
    regulation: Regulation,
    *,
    penilai_heard: bool,
    subject_heard: bool,
) -> list[Finding]:
    """KB-3: decided within 7 hk, both sides asked. Being late is a warning: the decision must still come."""
    found = []
    due = decision_due(filed_at, zone, calendar, regulation)
    if not in_time(decided_at, due):
        params = {"date": indonesian_date(due, zone)}
        found.append(Finding("KB-3", "P", N_("Putusan melewati batas %(date)s"), params, "", NATIONAL, "117"))
    if not (penilai_heard and subject_heard):
        message = N_("Penilai dan pegawai belum keduanya dimintai penjelasan")
        found.append(Finding("KB-3", BLOCKS, message, {}, "", NATIONAL, "117"))
    return found


def kb_4(facts: ObjectionFacts, calendar: WorkCalendar, regulation: Regulation) -> list[Finding]:
    """KB-4: not where the evaluation is final; the message is the reason."""
    reason = final_reason(facts.evaluation)
    return [] if reason is None else [Finding("KB-4", BLOCKS, reason, {}, "", NATIONAL, "90")]


def check_filing(facts: ObjectionFacts, calendar: WorkCalendar, regulation: Regulation) -> list[Finding]:
    """Everything that refuses the filing: KB-1, KB-2, KB-4."""
    return [finding for rule in (kb_1, kb_2, kb_4) for finding in rule(facts, calendar, regulation)]


def may_decide(facts: DeciderFacts) -> bool:
    """Whether an official may decide: nobody decides about his own act. If not, the next level up does."""
    return not (
        facts.evaluated
        or facts.signed_d12
        or facts.changed_in_calibration
        or facts.voted_in_session
        or facts.is_subject
    )


_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def indonesian_date(moment: datetime, zone: str) -> str:
    """The local date as "20 Maret 2026"."""
    day = local_date(moment, zone)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
