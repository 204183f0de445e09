"""What the page of a realisation shows: plain values only, drawings already measured."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from kinerja.models import Document
from kinerja.reports import charts
from kinerja.rules import realisation as law
from kinerja.rules import scoring, working
from kinerja.rules.finding import BLOCKS
from kinerja.rules.regulation import ASSUMED, Regulation
from kinerja.rules.scoring import Part, Score
from kinerja.rules.words import N_
from kinerja.services.periods import SLOT_LABELS, short_label
from kinerja.services.reading import Page
from kinerja.services.realisation_matter import Attached, StoredMatter
from kinerja.services.trajectory import Cell, Entry, Line, SlotDocument
from kinerja.workflows.realisation import RealisationFlow, unmet_of

# Why a figure is missing, in words.
REASONS = {
    working.TARGET_KOSONG: N_("Belum ada target sampai periode ini"),
    working.REALISASI_KOSONG: N_("Realisasi sampai periode ini belum lengkap"),
    working.TARGET_NOL: N_("Target nol: capaian tidak dapat dihitung"),
    working.BATAS_TERBURUK_KOSONG: N_("Target nol: batas terburuk belum ditentukan"),
    working.SKALA_KOSONG: N_("Skala indikator belum ditentukan"),
}
# What the table of indicators can be narrowed to; the counts of the team page lead here.
LOOKS = {
    "terisi": N_("Terisi"),
    "belum": N_("Belum terisi"),
    "hijau": N_("Hijau"),
    "kuning": N_("Kuning"),
    "merah": N_("Merah"),
    "bukti": N_("Bukti belum dibuka penilai"),
    "rusak": N_("Bukti tidak dapat dibuka"),
}
# What the page of an employee's realisation and that of a unit's say differently.
WORDS = {
    "realisation": {
        "plan": N_("SKP %(year)s"),
        "results": N_("Hasil kerja, %(slot)s"),
        "note": N_("Catatan penilai"),
        "opened": N_("Dibuka penilai"),
        "unreadable": N_("Bukti tidak dapat dibuka penilai:"),
    },
    "iku_realisation": {
        "plan": N_("Perjanjian Kinerja %(year)s"),
        "results": N_("Sasaran strategis dan IKU, %(slot)s"),
        "note": N_("Catatan Pimpinan UPK"),
        "opened": N_("Dibuka Pimpinan UPK"),
        "unreadable": N_("Bukti tidak dapat dibuka Pimpinan UPK:"),
    },
}
# What a piece of evidence shows.
SHOWS = {"hasil": N_("Hasil akhir"), "progres": N_("Progres"), "data": N_("Data mentah")}
TONES = {"validated": "ok", "recorded": "mine", "returned": "warn", "missing": "bad"}


def present(page: Page) -> dict[str, Any]:
    """The values of the page: the year's periods, results with their indicators, evidence, what is missing."""
    document = page.document
    matter = matter_of(page)
    own = matter.trajectory.documents[document.slot]
    regulation = matter.regulation
    attached = matter.evidence
    hints = _hints(matter)
    numbers = _numbers_by_evidence(matter)
    lines = [_line(line, document, matter, attached, hints, numbers) for line in matter.trajectory.lines]
    return {
        "slot": document.slot,
        "slot_label": SLOT_LABELS.get(document.slot, document.slot),
        "year": document.period.year,
        "subject_name": document.subject.name if document.kind == "realisation" else document.unit.name,
        "words": WORDS[document.kind],
        "shows": SHOWS,
        "skp_public_id": matter.skp_public_id,
        "qualitative": matter.qualitative,
        "late_reason": own.late_reason,
        "recount": own.recount,
        "periods": _periods(page, matter),
        "groups": _groups(lines),
        "lines": lines,
        "looks": _looks(lines, document.kind),
        "lights": _bounds(matter),
        "filled": sum(1 for item in matter.items if _is_filled(item.entry, matter.qualitative)),
        "total": len(matter.items),
        "unreadable": [name for _key, name in matter.unreadable],
        "offered": [offer.event for offer in page.offers],
        "is_subject": page.actor.person_id == document.subject_id,
        "lights_assumed": "lampu_hijau" in regulation
        and regulation.status_of("lampu_hijau", "lampu_kuning") == ASSUMED,
        "missing": _missing(page),
    }


def _looks(lines: list[dict[str, Any]], kind: str) -> list[tuple[str, str, int]]:
    """(code, label, number of indicators) of each way to narrow the table that leaves something."""
    labels = LOOKS if kind == "realisation" else LOOKS | {"bukti": N_("Bukti belum dibuka Pimpinan UPK")}
    counted = [(code, label, sum(code in line["looks"] for line in lines)) for code, label in labels.items()]
    return [row for row in counted if row[2]]


def _bounds(matter: StoredMatter) -> dict[str, Decimal]:
    """The bounds of the traffic light as this period's law sets them, for the legend; nothing where it sets none."""
    if "lampu_hijau" not in matter.regulation:
        return {}
    value = matter.regulation.value
    return {"green": value("lampu_hijau"), "yellow": value("lampu_kuning")}


def matter_of(page: Page) -> StoredMatter:
    """The matter the guards have already read; the same answers, without asking twice."""
    matter = getattr(page.facts, "matter", None)
    return matter if isinstance(matter, StoredMatter) else StoredMatter(page.document)


def stored_entries(matter: StoredMatter) -> dict[str, dict[str, Any]]:
    """Indicator key -> what is stored for each field of the form."""
    found: dict[str, dict[str, Any]] = {}
    for item in matter.items:
        parts: dict[str, Any] = {} if matter.qualitative else {"value": item.entry.value}
        parts |= {
            "narrative": item.entry.narrative,
            "obstacle": item.entry.obstacle,
            "note": item.entry.return_note,
        }
        found[item.indicator.key] = parts
    return found


def indicator_choices(matter: StoredMatter) -> list[tuple[str, str]]:
    """The indicators of this period, to say what a piece of evidence is for."""
    return [(i.indicator.key, f"{i.indicator.number} {i.indicator.text}") for i in matter.items]


def evidence_choices(matter: StoredMatter) -> list[tuple[str, str]]:
    """The evidence of this period, each once."""
    found = {
        a.public_id: a.name for item in matter.items for a in matter.evidence.get(item.entry.item_id, [])
    }
    return list(found.items())


def _is_filled(entry: Entry, qualitative: bool) -> bool:
    return bool(entry.narrative.strip()) if qualitative else entry.value is not None


def _missing(page: Page) -> dict[str, list[Any]]:
    """Field id -> what the next step still misses there."""
    found: dict[str, list[Any]] = {}
    for offer in page.offers:
        if offer.event in ("record", "record_late", "validate"):
            for unmet in offer.unmet:
                found.setdefault(unmet.field_name, []).append(unmet)
    return found


def _hints(matter: StoredMatter) -> dict[str, list[Any]]:
    """Indicator key -> remarks that block nothing (RL-2, RL-5, RL-6)."""
    found: dict[str, list[Any]] = {}
    for entry in matter.entries:
        remarks = [f for f in law.check_recording([entry], matter.regulation) if f.severity != BLOCKS]
        found[entry.indicator] = unmet_of(remarks)
    return found


def _numbers_by_evidence(matter: StoredMatter) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for item in matter.items:
        for attached in matter.evidence.get(item.entry.item_id, []):
            found.setdefault(attached.evidence_id, []).append(item.indicator.number)
    return found


def _periods(page: Page, matter: StoredMatter) -> list[dict[str, Any]]:
    documents = matter.trajectory.documents
    return [
        {
            "label": SLOT_LABELS.get(slot, slot),
            "state_label": RealisationFlow.state_label(documents[slot].state),
            "tone": TONES.get(documents[slot].state),
            "public_id": documents[slot].public_id,
            "due_at": documents[slot].due_at,
            "opens_at": _opens_at(documents[slot]),
            "since": documents[slot].state_since,
            "current": slot == page.document.slot,
        }
        for slot in matter.trajectory.slots
        if slot in documents
    ]


def _opens_at(document: SlotDocument) -> datetime | None:
    """When a period that is not open yet will be: it falls due with the last second before."""
    if document.state != "not_open" or document.due_at is None:
        return None
    return document.due_at + timedelta(seconds=1)


def _groups(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results with their indicators, in the order of the form."""
    groups: list[dict[str, Any]] = []
    for line in lines:
        if not groups or groups[-1]["number"] != line["row_number"]:
            groups.append(
                {
                    "number": line["row_number"],
                    "kind": line["row_kind"],
                    "title": line["rhk"],
                    "supports": line["supports"],
                    "assigned_by": line["assigned_by"],
                    "taken_over": line["taken_over"],
                    "lines": [],
                    "looks": set(),
                }
            )
        groups[-1]["lines"].append(line)
        groups[-1]["looks"] |= line["looks"]
    return groups


def _line(
    line: Line,
    document: Document,
    matter: StoredMatter,
    attached: dict[int, list[Attached]],
    hints: dict[str, list[Any]],
    numbers: dict[int, list[str]],
) -> dict[str, Any]:
    indicator, cell = line.indicator, line.at(document.slot)
    entry = matter.trajectory.entries.get((indicator.id, document.slot))
    is_low = cell.light == "merah"
    links = attached.get(entry.item_id, []) if entry else []
    gap = None
    if cell.total_realisation is not None and cell.total_target is not None:
        gap = cell.total_realisation - cell.total_target
    return {
        "key": indicator.key,
        "number": indicator.number,
        "row_number": indicator.row_number,
        "row_kind": indicator.row_kind,
        "rhk": indicator.rhk,
        "supports": indicator.rhk_intervened,
        "assigned_by": indicator.assigned_by,
        "taken_over": indicator.taken_over,
        "text": indicator.text or indicator.target_text,
        "target_text": indicator.target_text,
        "aspects": indicator.aspects,
        "unit": indicator.measure,
        "polarity": indicator.polarity,
        "consolidation": indicator.consolidation,
        "asked": (asked := entry is not None and not indicator.taken_over),
        "detailed": asked or cell.total_realisation is not None,
        "target": cell.target,
        "value": cell.realisation,
        "total_target": cell.total_target,
        "total": cell.total_realisation,
        "gap": gap,
        "score": cell.score.value if cell.score else None,
        "reason": why_empty(cell.score) if cell.score else "",
        "light": cell.light,
        "looks": _looks_of(asked, entry, cell, links, matter),
        "trace": trace(cell.score, matter.regulation),
        "spark": _spark(line, is_low),
        "chart": _chart(line, is_low, cell),
        "rows": [_row(c) for c in line.cells],
        "narrative": entry.narrative if entry else "",
        "obstacle": entry.obstacle if entry else "",
        "note": entry.return_note if entry else "",
        "evidence": [_evidence(a, matter, numbers, indicator.number) for a in links],
        "hints": hints.get(indicator.key, []),
    }


def _looks_of(
    asked: bool, entry: Entry | None, cell: Cell, links: list[Attached], matter: StoredMatter
) -> frozenset[str]:
    """Which of LOOKS an indicator belongs to."""
    found = set()
    if asked and entry is not None:
        found.add("terisi" if _is_filled(entry, matter.qualitative) else "belum")
        found |= {cell.light} if cell.light else set()
    found |= {"bukti"} if any(not matter.reads.get(link.evidence_id) for link in links) else set()
    found |= {"rusak"} if any(link.unreadable for link in links) else set()
    return frozenset(found)


def _evidence(
    attached: Attached, matter: StoredMatter, numbers: dict[int, list[str]], number: str
) -> dict[str, Any]:
    reads = matter.reads.get(attached.evidence_id, {})
    return {
        "public_id": attached.public_id,
        "name": attached.name,
        "kind": attached.kind,
        "kilobytes": max(1, round(attached.size / 1024)) if attached.size else 0,
        "shows": attached.shows,
        "added_at": attached.added_at,
        "unreadable": attached.unreadable,
        "opened_at": max(reads.values()) if reads else None,
        "also": [other for other in numbers.get(attached.evidence_id, []) if other != number],
    }


def _row(cell: Cell) -> dict[str, Any]:
    return {
        "label": SLOT_LABELS.get(cell.slot, cell.slot),
        "target": cell.total_target,
        "realisation": cell.total_realisation,
        "own": cell.realisation,
        "score": cell.score.value if cell.score else None,
        "locked": cell.locked,
        "recount": cell.recount,
    }


def why_empty(score: Score) -> str:
    """Why there is no figure; where the rule set only compares with the target, how the comparison ends."""
    if score.reason == working.TANPA_RUMUS and score.parts:
        return score.parts[-1].value or ""
    return REASONS.get(score.reason or "", "")


def trace(score: Score | None, regulation: Regulation) -> list[dict[str, Any]]:
    """The working of a capaian and of its light as steps; names and labels are translated by the page."""
    if score is None:
        return []
    parts = list(score.parts)
    if score.exact is not None and "lampu_hijau" in regulation:
        parts.append(scoring.light_step(score.exact, regulation))
    return steps_of(parts)


def steps_of(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The steps of a working as a page shows them."""
    return [
        {
            "label": part.label,
            "value": part.value,
            "formula": part.formula,
            "inputs": part.inputs,
            "source": part.source,
            "assumed": part.status == ASSUMED,
            "in_words": part.rule in ("lampu", "perbandingan"),
        }
        for part in parts
    ]


def _series(line: Line) -> tuple[list[Decimal | None], list[Decimal | None]]:
    """Consolidated realisation and target of the slots that have a target of their own."""
    actuals = [c.total_realisation if c.target is not None else None for c in line.cells]
    targets = [c.total_target if c.target is not None else None for c in line.cells]
    return actuals, targets


def _spark(line: Line, is_low: bool) -> dict[str, Any]:
    actuals, targets = _series(line)
    return charts.spark(actuals, targets, is_low)


def _chart(line: Line, is_low: bool, cell: Cell) -> dict[str, Any] | None:
    actuals, targets = _series(line)
    if not any(target is not None for target in targets):
        return None
    # A single point bears its name already; a figure beside it would cover that.
    several = sum(value is not None for value in actuals) > 1
    remark = (
        charts.indonesian(cell.total_realisation) if several and cell.total_realisation is not None else ""
    )
    labels = [short_label(c.slot) for c in line.cells]
    return charts.trajectory(labels, targets, actuals, bad=is_low, remark=remark)
