"""How an SKP of the demo office comes about: drafted, discussed, agreed and signed, as far as the story takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kinerja.demo import content, matrix_acts
from kinerja.demo.stage import ACTING, Stage
from kinerja.models import Document
from kinerja.services import skp_start, transitions, turns
from kinerja.services.periods import period_of
from kinerja.services.planning import skp_content, skp_of

# The ordinary way, with the days after the first one on which each step is taken.
STEPS = (
    ("submit", 2),
    ("open_dialogue", 4),
    ("agree_penilai", 9),
    ("agree", 10),
    ("sign_employee", 12),
    ("establish", 14),
)
SIGNED = ("sign_employee", "establish")
# Of this year's SKP the performance officer looks at each before it is signed (KMK 300/2022); of last year's nobody did.
REVIEWED = 2026


@dataclass(frozen=True)
class Plan:
    """One SKP of the story: whose, for which span, how fast, and after which step it stops for now."""

    subject: str
    year: int
    begins: date
    pace: float = 1.0
    until: str = "establish"
    starts: date | None = None
    ends: date | None = None
    template: str = ""
    copied: bool = False
    hour: int = 8
    back: str = ""
    expectations: Mapping[str, str] = field(default_factory=dict)


def plan_skp(stage: Stage, plan: Plan) -> None:
    """Put the acts of one SKP on the stage."""
    name, minute = plan.subject, (len(plan.subject) * 7) % 50
    first = stage.workday(name, plan.begins)
    stage.add(
        stage.at(name, first, plan.hour, minute),
        f"{name} create skp {plan.year}",
        lambda: _create(stage, plan),
        about=name,
    )
    day = first
    for step, (event, after) in enumerate(STEPS):
        if plan.until in ("create", "submit", "open_dialogue") and event == "agree_penilai":
            return
        day = max(day, stage.workday(name, plan.begins + timedelta(days=round(after * plan.pace))))
        who = name if event in ("submit", "agree", "sign_employee") else ACTING
        if plan.until == "create":
            return
        stage.plan(
            stage.at(name, day, plan.hour + step + 1, (minute * (step + 3)) % 60),
            name, "skp", plan.year, event.partition("_penilai")[0], who, signed=event in SIGNED,
        )  # fmt: skip
        if plan.until == event:
            return
        if event == "agree" and plan.year == REVIEWED:
            day = review(stage, name, day, clears=plan.until != "review")
            if plan.until in ("review", "clear"):
                return
        if event == "open_dialogue" and plan.back:
            day = _sent_back(stage, plan, day)


def review(
    stage: Stage, name: str, day: date, *, clears: bool = True, hours: tuple[int, int] = (17, 9)
) -> date:
    """What was agreed goes to the performance officer by itself, and is cleared on the next morning; that day."""
    document = (name, "skp", REVIEWED)
    stage.plan(stage.at(name, day, hours[0]), *document, "review", None)
    if not clears:
        return day
    day = stage.workday(name, day + timedelta(days=1)) if hours[1] < hours[0] else day

    def clear() -> None:
        found = stage.document(*document)
        (officer,) = turns.person_in_turn(found, found.turn)
        transitions.send(found.public_id, "clear", officer, version=found.version)

    stage.add(stage.at(name, day, hours[1]), f"{name} skp {REVIEWED} clear", clear, about=name)
    return day


def _sent_back(stage: Stage, plan: Plan, day: date) -> date:
    """Returned once from the dialogue, improved and sent again; the day on which the dialogue goes on."""
    name, document = plan.subject, (plan.subject, "skp", plan.year)
    day = stage.workday(name, day + timedelta(days=1))
    stage.plan(stage.at(name, day, 14, 20), *document, "send_back", ACTING, note=plan.back)
    day = stage.workday(name, day + timedelta(days=1))
    template = plan.template or content.template_for(stage.homes[name].post)
    stage.plan(
        stage.at(name, day, 9),
        *document,
        "edit",
        name,
        change=lambda document, _person: _written(
            plan, document, content.skp_change(template, plan.expectations)
        ),
    )
    stage.plan(stage.at(name, day, 10), *document, "submit", name)
    day = stage.workday(name, day + timedelta(days=1))
    stage.plan(stage.at(name, day, 9), *document, "open_dialogue", ACTING)
    return day


def _create(stage: Stage, plan: Plan) -> None:
    period = period_of(plan.year)
    assert period is not None
    person = stage.ids[plan.subject]
    stage.forget(plan.subject)
    template = plan.template or content.template_for(stage.homes[plan.subject].post)
    document = skp_start.create_skp(
        person,
        period,
        by_id=person,
        starts=plan.starts,
        ends=plan.ends,
        approach=content.approach_of(template),
        copy_last_year=plan.copied,
    )
    if not plan.copied:
        change = _written(plan, document, content.skp_change(template, plan.expectations))
        stage.send(document, "edit", plan.subject, change=change)
    elif _from_matrix(plan):
        change = _written(plan, document, {"baris": skp_content(document, skp_of(document))["baris"]})
        stage.send(document, "edit", plan.subject, change=change)


def _from_matrix(plan: Plan) -> bool:
    return plan.year == matrix_acts.YEAR and plan.subject in matrix_acts.FROM_MATRIX


def _written(plan: Plan, document: Document, change: dict[str, Any]) -> dict[str, Any]:
    """What he sends, with the roles of the matriks in it where there is one for him."""
    return matrix_acts.with_cells(change, document) if _from_matrix(plan) else change
