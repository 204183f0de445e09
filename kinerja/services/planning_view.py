"""What the pages of an SKP show: its content with numbers, findings beside the fields, and its periods."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules import completeness
from kinerja.rules.registry import core_values
from kinerja.services.kinds import kind_of
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.planning import skp_content, skp_of
from kinerja.services.reading import Page


@dataclass(frozen=True)
class FormSource:
    """What the editing form is built from: stored content, slots of the trajectory, the seven values."""

    content: dict[str, Any]
    slots: tuple[str, ...]
    values: tuple[tuple[str, str], ...]


def slots_of(document: Document) -> tuple[str, ...]:
    """The slots of the trajectory: the periods of the year without the year itself."""
    slots = SLOTS_QUARTERLY if document.period.rhythm == "triwulanan" else SLOTS_MONTHLY
    return tuple(slot for slot in slots if slot != "Y")


def form_source(document: Document) -> FormSource:
    skp = skp_of(document)
    content = skp_content(document, skp)
    locked = {i.key for row in skp.rows for i in row.indicators if i.locked_at}
    for row in content["baris"]:
        for indicator in row["indikator"]:
            indicator["terkunci"] = indicator["key"] in locked
    values = tuple((value.code, value.title) for value in core_values())
    return FormSource(content, slots_of(document), values)


def present(page: Page) -> dict[str, Any]:
    """The values of the SKP page: numbered rows, the seven values, Lampiran, findings, and the year's documents."""
    facts: Any = page.facts
    content = page_content(page.document)
    found = completeness.check(facts.skp, facts.regulation) if _is_being_written(page) else []
    by_field: dict[str, list[Any]] = {}
    for finding in found:
        by_field.setdefault(finding.field, []).append(finding)
    return {
        "skp": content,
        "findings": sorted(found, key=lambda finding: _GRAVITY.index(finding.severity)),
        "by_field": by_field,
        "values": [
            {
                "code": value.code,
                "title": value.title,
                "bullets": value.bullets,
                "expectations": [e for e in content["ekspektasi"] if e["nilai"] == value.code],
            }
            for value in core_values()
        ],
        "slots": slots_of(page.document),
        "slot_labels": SLOT_LABELS,
        "year_documents": year_documents(page.document) if page.document.state in _LIVED else [],
        "assumptions": len(regulation_of(page.document.period).used_assumptions),
    }


# What blocks stands first, what could not be checked last.
_GRAVITY = "BPI?"
_LIVED = ("in_force", "closed", "superseded", "on_hold")


def _is_being_written(page: Page) -> bool:
    return page.document.state in ("draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed")


def page_content(document: Document) -> dict[str, Any]:
    """The canonical content with the numbers that people see: 1, 1.1, T1, T1.1."""
    content = skp_content(document, skp_of(document))
    counters = {"utama": 0, "tambahan": 0}
    for row in content["baris"]:
        counters[row["jenis"]] += 1
        row["nomor"] = ("" if row["jenis"] == "utama" else "T") + str(counters[row["jenis"]])
        for position, indicator in enumerate(row["indikator"], 1):
            indicator["nomor"] = f"{row['nomor']}.{position}"
    return content


def year_documents(document: Document) -> list[dict[str, Any]]:
    """The realisations and evaluations that hang on this SKP, in the order of the year."""
    order = {slot: n for n, slot in enumerate((*SLOTS_QUARTERLY[:-1], *SLOTS_MONTHLY))}
    rows = db.session.scalars(
        sa.select(Document).where(
            Document.parent_id == document.id, Document.kind.in_(("realisation", "predicate_review"))
        )
    ).all()
    return [
        {
            "public_id": row.public_id,
            "kind": row.kind,
            "slot": row.slot,
            "label": SLOT_LABELS.get(row.slot, row.slot),
            "state": row.state,
            "state_label": kind_of(row.kind).flow.state_label(row.state),
            "due_at": row.due_at,
        }
        for row in sorted(rows, key=lambda r: (order.get(r.slot, 99), r.kind != "realisation"))
    ]


def resource_choices(document: Document) -> list[tuple[str, str]]:
    return [(x["key"], x["teks"]) for x in skp_of(document).attachment if x["blok"] == "dukungan"]


def row_choices(document: Document) -> list[tuple[str, str]]:
    return [(row.key, row.rhk) for row in skp_of(document).rows if row.taken_over_at is None]
