"""One content for the evaluation forms: the evaluation, the SKP it judges, and what was realised up to its period.

The forms print the columns of the SKP beside realisation and feedback, and those stand in three documents.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kinerja.reports.official import MONTHS, Content
from kinerja.rules.consolidation import METHODS, consolidate
from kinerja.rules.exact import rounded
from kinerja.rules.regulation import Regulation

SLOT_NAMES = {"TW1": "Triwulan I", "TW2": "Triwulan II", "TW3": "Triwulan III", "TW4": "Triwulan IV"}
MONTH_SLOTS = tuple(f"B{month:02d}" for month in range(1, 13))


def evaluation(
    review: Content, skp: Content, realisations: Mapping[str, Content], regulation: Regulation
) -> dict[str, Any]:
    """The content of C.1.x and D.1.x; `realisations` are contents per slot, later ones than its own are left out."""
    slots = until(review["slot"], realisations)
    entries = [
        {entry["key"]: entry for entry in realisations[slot]["butir"]} if slot in realisations else {}
        for slot in slots
    ]
    return {
        **review,
        "format": skp["format"],
        "mulai": skp["mulai"],
        "selesai": skp["selesai"],
        "ekspektasi": skp.get("ekspektasi", []),
        "baris": [
            row
            | {
                "umpan_balik": judged.get("umpan_balik", ""),
                "status": judged.get("status", ""),
                "indikator": [
                    indicator | realised(indicator, review["slot"], slots, entries, regulation)
                    for indicator in row["indikator"]
                ],
            }
            for row, judged in zip(skp["baris"], judgements(review["baris"], skp["baris"]), strict=True)
        ],
    }


def until(slot: str, realisations: Mapping[str, Content]) -> tuple[str, ...]:
    """The slots up to that of the evaluation, in the rhythm of the year."""
    monthly = slot in MONTH_SLOTS or any(key in MONTH_SLOTS for key in realisations)
    order = MONTH_SLOTS if monthly else tuple(SLOT_NAMES)
    return order[: order.index(slot) + 1] if slot in order else order


def judgements(judged: Sequence[Content], rows: Sequence[Content]) -> list[Content]:
    """What was said of each row: by its key, else by its words; nothing where nothing was said."""
    by_key = {line["key"]: line for line in judged if line.get("key")}
    by_words = {line["rhk"]: line for line in judged if line.get("rhk")}
    return [by_key.get(row["key"]) or by_words.get(row["rhk"]) or {} for row in rows]


def realised(
    indicator: Content,
    slot: str,
    slots: Sequence[str],
    entries: Sequence[Mapping[str, Content]],
    regulation: Regulation,
) -> dict[str, Any]:
    """Number up to the evaluation, the words and evidence of its own period (of the last one told, for the year)."""
    told = [found.get(indicator["key"]) for found in entries]
    values = [None if e is None or e.get("nilai") is None else Decimal(e["nilai"]) for e in told]
    last = next((e for e in reversed(told) if e is not None), None) if slot == "Y" else told[-1]
    value, when, joined = joined_value(indicator, slot, slots, values, regulation)
    return {
        "realisasi": value,
        "kapan": when,
        "gabungan": joined,
        "uraian": (last or {}).get("uraian", ""),
        "bukti": [evidence["nama"] for evidence in (last or {}).get("bukti", ())],
    }


def joined_value(
    indicator: Content,
    slot: str,
    slots: Sequence[str],
    values: Sequence[Decimal | None],
    regulation: Regulation,
) -> tuple[str | None, str, bool]:
    """The realisation, of when it is, and whether several periods went into it.

    Where a period is missing nothing can be joined: then the last one recorded stands, and says which it is.
    """
    known = [(name, value) for name, value in zip(slots, values, strict=True) if value is not None]
    if not known:
        return None, "", False
    targets = [_number(indicator.get("lintasan", {}).get(name)) for name in slots]
    method = indicator.get("konsolidasi", "")
    if (
        sum(target is not None for target in targets) > 1
        and method in METHODS
        and "konsolidasi" in regulation
    ):
        found = consolidate(method, targets, values, len(slots), regulation)
        if found.realisation is not None:
            when = "" if slot == "Y" else f"sampai {slot_name(slot)}"
            return format(rounded(found.realisation).normalize(), "f"), when, True
    name, value = known[-1]
    return format(value, "f"), "" if name == slot else f"pada {slot_name(name)}", False


def slot_name(slot: str) -> str:
    return SLOT_NAMES.get(slot) or MONTHS[int(slot[1:]) - 1]


def _number(value: str | None) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
