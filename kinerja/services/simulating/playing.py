"""Telling one story for one person, act by act, through the very services that pages call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import (
    Document,
    Evidence,
    EvidenceLink,
    IndicatorTarget,
    Period,
    RealisationItem,
    SkpIndicator,
    Unit,
)
from kinerja.services import calendars, evaluation, evidence, identity, org_results, skp_start, transitions
from kinerja.services.review_facts import review_of
from kinerja.services.review_matter import StoredMatter
from kinerja.services.simulating import stories, texts
from kinerja.services.simulating.stories import ATASAN, PENILAI, REVIEW, SKP, SUBJECT, YEAR_SLOT, Act, Story

CATALOGUE = "https://katalog.kementerian.example/capaian"
ORGANISATION = ("baik", Decimal("101.5"))


@dataclass(frozen=True)
class Role:
    """Who takes part: the person himself and the two above him, and the unit whose zone and calendar count."""

    person_id: int
    chain: tuple[int, ...]
    unit: Unit
    leads: bool
    plan: int


def play(story: Story, role: Role, period: Period, until: datetime) -> None:
    """Tell a story up to a moment, in one transaction."""
    calendar = calendars.calendar_for(role.unit)
    windows = {window.slot: window for window in period.windows}
    told = [
        (moment, act)
        for act in stories.acts(story, period.year, windows, calendar)
        if (moment := moment_of(act, role.unit.zone)) < until
    ]
    with transaction():
        player = _Player(story, role, period)
        for moment, act in told:
            with clock.frozen(moment):
                player.perform(act)


def moment_of(act: Act, zone: str) -> datetime:
    """When an act happens: its hour on the wall clock of a zone, in UTC."""
    return datetime.combine(act.day, time(act.hour), clock.ZONES[zone]).astimezone(UTC)


class _Player:
    def __init__(self, story: Story, role: Role, period: Period) -> None:
        self.story, self.role, self.period = story, role, period
        self.documents: dict[tuple[str, str], Document] = {}

    def perform(self, act: Act) -> None:
        if act.event == "create":
            self._create()
            return
        if act.event == "prepare":
            evaluation.prepare_review(self._document(SKP, YEAR_SLOT).id, act.slot, act.day)
            return
        document = self._document(act.kind, act.slot)
        person = self._person(act.who)
        if act.event == "validate":
            self._read_evidence(document, person or 0)
        transitions.send(
            document.public_id,
            act.event,
            person,
            version=None if person is None else document.version,
            change=self._change(act, document),
            note={"send_back": texts.BACK, "record_late": texts.LATE}.get(act.event, ""),
            signed=act.event in stories.SIGNED,
        )

    def _person(self, who: str) -> int | None:
        chain = self.role.chain
        return {SUBJECT: self.role.person_id, PENILAI: chain[0], ATASAN: chain[1] if chain[1:] else None}.get(
            who
        )

    def _document(self, kind: str, slot: str) -> Document:
        if (kind, slot) not in self.documents:
            self.documents[kind, slot] = db.session.scalars(
                sa.select(Document).where(
                    Document.subject_id == self.role.person_id, Document.kind == kind, Document.slot == slot,
                    Document.period_id == self.period.id,
                )
            ).one()  # fmt: skip
        return self.documents[kind, slot]

    def _create(self) -> None:
        person = self.role.person_id
        document = skp_start.create_skp(person, self.period, by_id=person)
        self.documents[SKP, YEAR_SLOT] = document
        change = texts.skp_change(self.role.plan, leads=self.role.leads)
        transitions.send(document.public_id, "edit", person, version=document.version, change=change)

    def _change(self, act: Act, document: Document) -> Mapping[str, Any] | None:
        if act.event == "save":
            return self._entries(document)
        if act.event == "send_back":
            return {"items": {key: {"note": texts.BACK} for key, *_ in self._items(document)[:1]}}
        if act.kind == REVIEW and act.event == "propose":
            return self._proposal(document)
        return {} if act.event == "calibrate" else None

    def _items(self, document: Document) -> list[Any]:
        planned = sa.and_(
            IndicatorTarget.indicator_id == SkpIndicator.id, IndicatorTarget.slot == document.slot
        )
        return list(
            db.session.execute(
                sa.select(SkpIndicator.key, SkpIndicator.polarity, IndicatorTarget.value)
                .join(RealisationItem, RealisationItem.indicator_id == SkpIndicator.id)
                .outerjoin(IndicatorTarget, planned)
                .where(RealisationItem.realisation_id == document.id)
                .order_by(SkpIndicator.id)
            ).all()
        )

    def _entries(self, document: Document) -> Mapping[str, Any]:
        """Figures near the target, and one link as evidence for all of them."""
        percent = self.story.percent
        items = {
            row.key: texts.entry(row.value, row.polarity, percent + (number * 3) % 5 - 2)
            for number, row in enumerate(self._items(document))
        }
        url = f"{CATALOGUE}/{self.period.year}/{document.slot.lower()}"
        proof = evidence.store_link(
            self.role.person_id, url, f"Katalog capaian {document.slot} {self.period.year}"
        )
        attached = [{"item": key, "evidence": proof.public_id, "shows": "hasil"} for key in items]
        return {"items": items, "attach": attached}

    def _read_evidence(self, document: Document, person: int) -> None:
        actor = identity.actor_for(document, person)
        attached = db.session.scalars(
            sa.select(Evidence.public_id)
            .join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id)
            .join(RealisationItem, RealisationItem.id == EvidenceLink.item_id)
            .where(RealisationItem.realisation_id == document.id)
            .distinct()
        )
        for public_id in attached.all():
            evidence.open_evidence(document, actor, public_id)

    def _proposal(self, document: Document) -> Mapping[str, Any]:
        review = review_of(document)
        self._organisation(review.org_unit_id, document.slot)
        suggested = StoredMatter(document, review).suggested
        result = suggested.result.value or "sesuai"
        change: dict[str, Any] = {
            "result_rating": result,
            "behaviour_rating": "sesuai",
            "recommendation": texts.RECOMMENDATION,
            "rows": {str(row.row_id): {"feedback": texts.FEEDBACK} for row in review.rows},
            "values": {value.value_code: {"status": "sesuai"} for value in review.values},
        }
        if not suggested.result.value:
            change["result_reason"] = texts.DIFFERENT
        if suggested.unsettled:
            change["realisation_reason"] = texts.UNSETTLED
        return change

    def _organisation(self, unit_id: int | None, slot: str) -> None:
        """The result of the organisation, set by the leader above it, unless somebody was evaluated on it before."""
        if unit_id is not None:
            set_organisation(
                unit_id, self.period, slot, org_results.leader_above(unit_id, clock.today()) or 0
            )


def set_organisation(unit_id: int, period: Period, slot: str, leader: int) -> None:
    """Enter the result of a unit for one slot as its leader does; nothing when it is there."""
    if org_results.stored(unit_id, period.id, slot) is None:
        predicate, nko = ORGANISATION
        org_results.record(unit_id, period, slot, by_id=leader, predicate=predicate, nko=nko)
