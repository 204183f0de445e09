"""How the year goes for invented people: a handful of stories, each a list of acts with day and hour.

A story is told once through `services.transitions` and then cast for everybody else it happens to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinerja.rules.workdays import WorkCalendar

SUBJECT, PENILAI, ATASAN, SYSTEM = "subject", "penilai", "atasan", "system"
SKP, REALISATION, REVIEW = "skp", "realisation", "predicate_review"
YEAR_SLOT = "Y"

# What an SKP does on which working day of the year, and what an evaluation does so many days after its quarter ended.
_SKP_DAYS = (
    ("create", 2, 8, SUBJECT), ("submit", 3, 10, SUBJECT), ("open_dialogue", 5, 9, PENILAI), ("agree", 8, 10, PENILAI),
    ("agree", 8, 12, SUBJECT), ("sign_employee", 10, 9, SUBJECT), ("establish", 12, 10, PENILAI),
)  # fmt: skip
_REVIEW_DAYS = (
    ("propose", 17, PENILAI), ("calibrate", 19, ATASAN), ("determine", 20, PENILAI), ("sign_form", 21, PENILAI),
    ("deliver", 21, PENILAI), ("receive", 22, SUBJECT), ("accept", 24, SUBJECT),
)  # fmt: skip
SIGNED = frozenset({"sign_employee", "establish", "sign_form", "accept"})


@dataclass(frozen=True)
class Act:
    """One event: of which document, by whom, on which local day and hour."""

    day: date
    hour: int
    kind: str
    slot: str
    event: str
    who: str


@dataclass(frozen=True)
class Story:
    """How far the SKP comes (`until`: so many steps), what becomes of each quarter, what is evaluated."""

    name: str
    weight: int
    until: int = len(_SKP_DAYS)
    quarters: tuple[str, ...] = ("validated", "validated", "validated", "open")
    reviews: dict[str, str] = field(default_factory=dict)
    percent: int = 100


STORIES = (
    Story("draft", 3, until=1),
    Story("submitted", 1, until=2),
    Story("dialogue", 2, until=3),
    Story("agreed", 1, until=5),
    Story("signed", 1, until=6),
    Story("steady", 12, percent=102),
    Story("writing", 6, quarters=("validated", "validated", "validated", "draft"), percent=98),
    Story("waiting", 6, quarters=("validated", "validated", "recorded", "open"), percent=104),
    Story("returned", 3, quarters=("validated", "validated", "returned", "open"), percent=88),
    Story("missing", 3, quarters=("validated", "missing", "validated", "open"), percent=95),
    Story("late", 2, quarters=("late", "validated", "validated", "open"), percent=91),
    Story("evaluated", 6, reviews={"TW1": "accept", "TW2": "accept", "TW3": "deliver"}, percent=101),
    Story("under evaluation", 4, reviews={"TW1": "accept", "TW2": "receive", "TW3": "propose"}, percent=97),
)
PLAIN = next(story for story in STORIES if story.name == "steady")


def chosen(names: Sequence[str] | None) -> list[Story]:
    """The stories of these names; all of them when none are named."""
    return [story for story in STORIES if names is None or story.name in names]


def deal(count: int, told: Sequence[Story] = STORIES) -> list[Story]:
    """One story per person, in the proportions of their weights, spread evenly however few people there are."""
    whole = sum(story.weight for story in told)
    due = {story.name: 0 for story in told}
    found = []
    for _ in range(count):
        for story in told:
            due[story.name] += story.weight
        picked = max(told, key=lambda story: due[story.name])
        due[picked.name] -= whole
        found.append(picked)
    return found


def acts(story: Story, year: int, windows: dict[str, Any], calendar: WorkCalendar) -> Iterator[Act]:
    """The acts of a story in the order of time. `windows` maps each slot to its dates."""
    told = [*_of_skp(story, year, calendar)]
    if story.until == len(_SKP_DAYS):
        for slot, outcome in zip(("TW1", "TW2", "TW3", "TW4"), story.quarters, strict=True):
            told += _of_quarter(slot, outcome, windows[slot], calendar)
        for slot, last in story.reviews.items():
            told += _of_review(slot, last, windows[slot], calendar)
    yield from sorted(told, key=lambda act: (act.day, act.hour))


def _of_skp(story: Story, year: int, calendar: WorkCalendar) -> Iterator[Act]:
    for event, after, hour, who in _SKP_DAYS[: story.until]:
        yield Act(calendar.add(date(year, 1, 1), after), hour, SKP, YEAR_SLOT, event, who)


def _of_quarter(slot: str, outcome: str, window: Any, calendar: WorkCalendar) -> Iterator[Act]:
    def act(event: str, who: str, anchor: date, after: int, hour: int) -> Act:
        return Act(calendar.add(anchor, after), hour, REALISATION, slot, event, who)

    if slot != "TW1":  # the first is opened with the SKP itself
        yield Act(window.recording_opens, 6, REALISATION, slot, "open_period", SYSTEM)
    if outcome == "draft":
        yield act("save", SUBJECT, window.starts, 20, 9)
    if outcome in ("missing", "late"):
        yield act("lapse", SYSTEM, window.record_by, 6, 6)
    if outcome == "late":
        yield act("save", SUBJECT, window.record_by, 7, 9)
        yield act("record_late", SUBJECT, window.record_by, 7, 11)
        yield act("validate", PENILAI, window.record_by, 8, 10)
    if outcome in ("validated", "recorded", "returned"):
        yield act("save", SUBJECT, window.ends, 3, 9)
        yield act("record", SUBJECT, window.ends, 7, 15)
    if outcome == "validated":
        yield act("validate", PENILAI, window.ends, 14, 13)
    if outcome == "returned":
        yield act("send_back", PENILAI, window.ends, 12, 13)


def _of_review(slot: str, last: str, window: Any, calendar: WorkCalendar) -> Iterator[Act]:
    yield Act(window.evaluation_opens, 6, REVIEW, slot, "prepare", SYSTEM)
    for number, (event, after, who) in enumerate(_REVIEW_DAYS):
        yield Act(calendar.add(window.ends, after), 8 + number, REVIEW, slot, event, who)
        if event == last:
            return
