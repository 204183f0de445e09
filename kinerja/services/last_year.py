"""What became of the indicators of last year's SKP: what a target of this year is held against (SKP-21)."""

from collections.abc import Mapping
from decimal import Decimal

from kinerja.models import Document, Skp
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules import scoring
from kinerja.rules.consolidation import METHODS, consolidate
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import token
from kinerja.services import trajectory
from kinerja.services.skp_sources import last_years_skp

Name = tuple[str, str]
_ORDER = {slot: n for n, slot in enumerate((*SLOTS_QUARTERLY, *SLOTS_MONTHLY))}


def last_years_results(document: Document, skp: Skp, regulation: Regulation) -> dict[str, Decimal]:
    """Key of an indicator of this SKP -> what the same indicator, by words and unit, came to last year.

    The realisation of the whole year; its target where a period of it was not recorded. Three statements, none when
    there was no SKP last year to speak of.
    """
    previous = last_years_skp(document.subject_id, document.period.year)
    if previous is None:
        return {}
    known = _came_to(previous.id, regulation)
    named = {
        indicator.key: name(indicator.text, indicator.measure)
        for row in skp.rows
        for indicator in row.indicators
        if indicator.text.strip()
    }
    return {key: known[what] for key, what in named.items() if what in known}


def name(text: str, measure: str) -> Name:
    """What makes an indicator the same in two years: its words and its unit, however they are spaced or cased."""
    return token(text), token(measure)


def _came_to(skp_id: int, regulation: Regulation) -> Mapping[Name, Decimal]:
    indicators, planned = trajectory.plan_of(skp_id)
    documents, entries = trajectory.recorded_of(skp_id)
    slots = sorted(documents, key=_ORDER.__getitem__)
    targets = trajectory.targets_of(indicators, planned, slots[-1]) if slots else {}
    found: dict[Name, Decimal] = {}
    for one in indicators:
        result = one.target
        if slots and one.consolidation in METHODS:
            values = [
                entry.value
                if (entry := entries.get((one.id, slot))) and documents[slot].handed_over
                else None
                for slot in slots
            ]
            joined = consolidate(
                one.consolidation,
                [targets.get((one.id, slot)) for slot in slots],
                values,
                len(slots),
                regulation,
            )
            if joined.realisation is not None:
                result = scoring.rounded(joined.realisation)
        if result is not None:
            found.setdefault(name(one.text, one.measure), result)
    return found
