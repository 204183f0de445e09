"""What a Dialog Kinerja Organisasi (DKO) must hold before its minutes go to the head: rules DKO-1 to DKO-5.

Plain values and calendar arithmetic; who may do what stands in the flow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kinerja.rules import registry
from kinerja.rules.finding import BLOCKS, Finding
from kinerja.rules.words import N_
from kinerja.rules.workdays import WorkCalendar

LAW, DESIGN = "KMK 300/2022", "pilihan rancangan"
QUARTERS = {"TW1": (1, 3), "TW2": (4, 6), "TW3": (7, 9), "TW4": (10, 12)}
# How many working days a UPK holds its DKO before the one above it.
APART = 2
SHORTEST = 10


# What a decree calls it; KMK 127/2026 talks of the risks in the same meeting, at every level alike.
NAMES = (N_("Dialog Kinerja Organisasi"), N_("Dialog Kinerja dan Risiko Organisasi"))


def name_of(rule_set: str) -> str:
    """What the dialogue is called under a rule set, in full."""
    return _label(rule_set).partition(" (")[0]


def short_of(rule_set: str) -> str:
    """Its abbreviation: DKO, under KMK 127/2026 DKRO."""
    return _label(rule_set).partition("(")[2].rstrip(")")


def _label(rule_set: str) -> str:
    label: str = registry.labels(rule_set)["organisation_dialogue"]
    return label


@dataclass(frozen=True)
class Action:
    """A rencana aksi as decided: what, by whom, until when."""

    key: str
    text: str
    owner: int | None
    due: date | None


@dataclass(frozen=True)
class Decision:
    """An arahan of the head with the actions that carry it out."""

    key: str
    text: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Minutes:
    """What was written about a DKO held on a day. `leader` led it, `leaders` may lead it, `present` took part."""

    held_on: date
    text: str
    decisions: tuple[Decision, ...] = ()
    leader: int | None = None
    leaders: frozenset[int] = frozenset()
    present: frozenset[int] = frozenset()


def quarter(year: int, slot: str) -> tuple[date, date]:
    """First and last day of a quarter. Raises KeyError for a slot that is none."""
    first, last = QUARTERS[slot]
    start = date(year, first, 1)
    return start, _first_after(year, last) - timedelta(days=1)


def _first_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def proposed_day(calendar: WorkCalendar, ends: date, depth: int, today: date) -> date:
    """The day proposed for the DKO of a UPK about the quarter that ended: in the first month after it, each level some
    working days before the one above it, never sooner than five working days from today (KMK 300/2022 for the order;
    the days are ours)."""
    month = _first_after(ends.year, ends.month)
    after = _first_after(month.year, month.month)
    return max(calendar.add(after, -1 - APART * depth), calendar.add(today, 5))


def last_day_to_hold(ends: date) -> date:
    """The end of the quarter after the one it is about: not held by then, it was missed."""
    day = ends
    for _month in range(3):
        first = _first_after(day.year, day.month)
        day = _first_after(first.year, first.month) - timedelta(days=1)
    return day


def check(minutes: Minutes) -> list[Finding]:
    """Everything that keeps the minutes from being handed to the head."""
    return [finding for rule in (dko_1, dko_2, dko_3, dko_4, dko_5) for finding in rule(minutes)]


def dko_1(minutes: Minutes) -> list[Finding]:
    """DKO-1: what was talked about is written down."""
    if len(minutes.text.strip()) >= SHORTEST:
        return []
    message = N_("Notulen belum diisi")
    return [Finding("DKO-1", BLOCKS, message, {}, "minutes", DESIGN)]


def dko_2(minutes: Minutes) -> list[Finding]:
    """DKO-2: every arahan says something and is followed by an action."""
    empty, alone = N_("Arahan %(no)s belum diisi"), N_("Arahan %(no)s belum memiliki rencana aksi")
    found = []
    for no, decision in enumerate(minutes.decisions, 1):
        where = f"decision-{decision.key}-text"
        if not decision.text.strip():
            found.append(Finding("DKO-2", BLOCKS, empty, {"no": str(no)}, where, LAW))
        if not decision.actions:
            found.append(Finding("DKO-2", BLOCKS, alone, {"no": str(no)}, where, LAW))
    return found


def dko_3(minutes: Minutes) -> list[Finding]:
    """DKO-3: every action says what, by whom and until when."""
    told = {
        "text": N_("Rencana aksi %(no)s belum diisi"),
        "owner": N_("Rencana aksi %(no)s belum memiliki penanggung jawab"),
        "due": N_("Rencana aksi %(no)s belum memiliki batas waktu"),
    }
    return [
        Finding("DKO-3", BLOCKS, message, {"no": no}, f"action-{action.key}-{name}", LAW)
        for no, action in _numbered(minutes.decisions)
        for name, message in told.items()
        if not (getattr(action, name) or "")
    ]


def dko_4(minutes: Minutes) -> list[Finding]:
    """DKO-4: no action was due before it was decided."""
    message = N_("Batas rencana aksi %(no)s mendahului tanggal dialog")
    return [
        Finding("DKO-4", BLOCKS, message, {"no": no}, f"action-{action.key}-due", DESIGN)
        for no, action in _numbered(minutes.decisions)
        if action.due is not None and action.due < minutes.held_on
    ]


def dko_5(minutes: Minutes) -> list[Finding]:
    """DKO-5: the head of the UPK led it (at the top the Menteri or Wakil Menteri) and is among those present."""
    if minutes.leader in minutes.leaders and minutes.leader in minutes.present:
        return []
    message = N_("DKO dipimpin oleh Pimpinan UPK (tingkat kementerian: Menteri atau Wakil Menteri)")
    return [Finding("DKO-5", BLOCKS, message, {}, "leader", LAW)]


def _numbered(decisions: Iterable[Decision]) -> list[tuple[str, Action]]:
    return [
        (f"{no}.{place}", action)
        for no, decision in enumerate(decisions, 1)
        for place, action in enumerate(decision.actions, 1)
    ]
