"""A Perjanjian Kinerja (PK) as the law sees it: plain values that the services build from what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

TOP_LEVEL = "L0"
# How an IKU handed down by the UPK above is taken over.
FULLY, PARTIALLY = "fully", "partially"


@dataclass(frozen=True)
class Objective:
    """A Sasaran Strategis. ``perspective``: a code of the rule set's four; ``causes``: keys of the SS it leads to."""

    key: str
    code: str
    statement: str
    perspective: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Iku:
    """An Indikator Kinerja Utama. ``target`` is the year's, in ``unit``; ``trajectory`` holds period -> target.

    ``polarity``: maximize, minimize, stabilize. ``consolidation``: sum, average, take_last_known. ``validity`` and
    ``control`` as of K3. ``parent``: key of the IKU of which it is a sub-IKU, "" for none. ``manual``: the state of
    its manual indikator, "" while there is none.
    """

    key: str
    code: str
    objective: str
    name: str
    target: Decimal | None
    unit: str
    polarity: str
    consolidation: str
    trajectory: Mapping[str, Decimal | None]
    validity: str = ""
    control: str = ""
    parent: str = ""
    manual: str = ""


@dataclass(frozen=True)
class HandedDown:
    """An IKU that the UPK above has made mandatory here; ``cascading``: fully (same target) or partially."""

    name: str
    cascading: str
    target: Decimal | None
    unit: str


@dataclass(frozen=True)
class BudgetLine:
    """A line of the rincian anggaran; ``amount`` in rupiah."""

    key: str
    programme: str
    code: str
    amount: Decimal


@dataclass(frozen=True)
class Pk:
    """A whole PK.

    ``level``: L0..L4 of its UPK. ``on``: the day it is looked at. ``first_party`` heads the UPK; ``second_party``
    heads the UPK above, None where none is named; ``head_above`` is who heads the UPK above on that day, None at L0.
    ``budget_below``: what the PK of the UPK below add up to, None while there is none.
    """

    level: str
    year: int
    on: date
    owns_strategy_map: bool
    objectives: tuple[Objective, ...]
    indicators: tuple[Iku, ...]
    handed_down: tuple[HandedDown, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    first_party: int | None = None
    second_party: int | None = None
    head_above: int | None = None
    budget_below: Decimal | None = None
    signed: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, objective: Objective) -> tuple[Iku, ...]:
        """The IKU of a Sasaran Strategis, sub-IKU included, in their order."""
        return tuple(iku for iku in self.indicators if iku.objective == objective.key)

    @property
    def main(self) -> tuple[Iku, ...]:
        """The IKU that count: those that are no sub-IKU."""
        return tuple(iku for iku in self.indicators if not iku.parent)
