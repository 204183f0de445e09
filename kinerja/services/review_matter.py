"""What the rules EV-1 to EV-7 judge of one evaluation; each part is read only when a guard or page asks for it."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Placement, ReportingLine, Review
from kinerja.rules import evaluation as law
from kinerja.rules.predicate import head_rating
from kinerja.services import org_results
from kinerja.services.chains import ON, valid_on
from kinerja.services.periods import regulation_of
from kinerja.services.suggestions import Suggested, suggest

OPEN_STATES = ("prepared", "at_superior")


@dataclass(frozen=True)
class OwnResult:
    """The result of the UPK a person heads: this period's and, for the year, last year's."""

    organisation: law.OrganisationResult | None
    last_year: law.OrganisationResult | None

    @property
    def as_fields(self) -> dict[str, Any]:
        return {"organisation": self.organisation, "last_year": self.last_year}


class StoredMatter:
    """The matter of a stored evaluation today. While it is written the suggestion is computed anew."""

    def __init__(self, document: Document, review: Review):
        self.document = document
        self.review = review
        self.today: date = clock.today(document.unit.zone)

    @cached_property
    def own(self) -> OwnResult | None:
        """The result of the UPK the subject heads himself; None when he heads none or nothing is set for it."""
        document = self.document
        unit = org_results.headed_upk(document.subject_id, document.unit, self.today)
        if unit is None:
            return None
        known = org_results.known(unit.id, document.period, document.slot, document.unit.zone)
        if known["organisation"] is None and known["last_year"] is None:
            return None
        return OwnResult(**known)

    @property
    def by_document(self) -> bool:
        """Does a nilai organisasi determine the result of its UPK?"""
        unit_id, document = self.review.org_unit_id, self.document
        return unit_id is not None and org_results.by_document(unit_id, document.period.id, document.slot)

    @cached_property
    def suggested(self) -> Suggested:
        """The suggestion for the ratings as they stand."""
        return suggest(self.review, self.document, self.own.organisation if self.own else None)

    @cached_property
    def counts(self) -> dict[str, int]:
        return counts_of(self.review, self.document)

    @cached_property
    def settled_part(self) -> law.EvaluationFacts:
        """What is judged of a proposal that was made: ratings, predicate, organisation result, recommendation."""
        document, review = self.document, self.review
        known = org_results.known(review.org_unit_id, document.period, document.slot, document.unit.zone)
        return law.EvaluationFacts(
            year=document.period.year,
            quarter=None if document.slot == org_results.YEAR else 1,
            today=self.today,
            unsettled=0,
            result_rating=review.result_rating or None,
            behaviour_rating=review.behaviour_rating or None,
            predicate=review.predicate or None,
            note=review.recommendation,
            study_leave_failed=bool(review.frozen_inputs.get("tugas_belajar_gagal")),
            **known,
        )

    @cached_property
    def evaluation(self) -> law.EvaluationFacts:
        """The facts of EV-1 to EV-7: complete while it is written, afterwards without the suggestion."""
        if self.document.state not in OPEN_STATES:
            return self.settled_part
        return replace(
            self.settled_part,
            unsettled=self.suggested.unsettled,
            suggested_result=self.suggested.result.value,
            suggested_behaviour=self.suggested.behaviour.value,
            counts=self.counts,
        )

    @cached_property
    def head_unit(self) -> law.EvaluationFacts | None:
        """The same with the result of the UPK the subject heads himself (EV-7); None when he heads none."""
        if self.document.state not in OPEN_STATES or self.own is None:
            return None
        return replace(self.settled_part, **self.own.as_fields, heads_upk=True)

    @property
    def rating_of_head(self) -> str:
        """The rating of results that the UPK led by the subject gives him, with which the desk begins (EV-7), or ""."""
        regulation = regulation_of(self.document.period)
        used = law.organisation_result(self.head_unit, regulation) if self.head_unit is not None else None
        return head_rating(used[0].predicate, regulation).value or "" if used is not None else ""


# Of how many people a table of predicates must tell at least: of all in it, and of those its reader may not see singly.
FEWEST_IN_TABLE = 5


def tells_of_nobody(counted: int, unseen: int) -> bool:
    """May a table of so many predicates be shown to somebody who may not see so many of them one by one?

    Whoever knows all but a few of them would read those few from the difference (1.5: cells of at least 5).
    """
    return counted >= FEWEST_IN_TABLE and (unseen == 0 or unseen >= FEWEST_IN_TABLE)


def counts_of(review: Review, document: Document) -> dict[str, int]:
    """How many people of the same UPK have which predicate, this one as it stands included."""
    return counts_for(review, document, 0)[0]


def counts_for(review: Review, document: Document, reader_id: int) -> tuple[dict[str, int], int]:
    """The same, and how many of them are neither this one nor of the reader's own people, one or two levels below."""
    if review.org_unit_id is None:
        return {}, 0
    given = {
        "unit": review.org_unit_id, "period": document.period_id, "slot": document.slot, "document": document.id,
        "reader": reader_id, "on": clock.today(document.unit.zone),
    }  # fmt: skip
    rows = db.session.execute(_counts_query(), given).all()
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    unseen = rows[0][2] if rows else 0
    if review.predicate:
        counts[review.predicate] = counts.get(review.predicate, 0) + 1
    return counts, unseen


def _right_below(people: Any) -> Any:
    """Whoever reports to one of these people on a day, by name or to a post one of them holds in whatever way. Rather
    too many: who counts as one's own is not counted as unseen."""
    posts = sa.select(Placement.post_id).where(Placement.person_id.in_(people), valid_on(Placement, ON))
    return sa.select(ReportingLine.person_id).where(
        sa.or_(ReportingLine.superior_id.in_(people), ReportingLine.superior_post_id.in_(posts)),
        valid_on(ReportingLine, ON),
    )


@cache
def _counts_query() -> Any:
    """Predicates and their numbers; beside each how many people they are of whom the reader may not see singly."""
    reader = sa.select(sa.bindparam("reader", type_=sa.Integer))
    direct = _right_below(reader)
    own = sa.or_(Document.subject_id.in_(direct), Document.subject_id.in_(_right_below(direct)))
    counted = (
        Review.org_unit_id == sa.bindparam("unit"), Document.period_id == sa.bindparam("period"),
        Document.slot == sa.bindparam("slot"), Review.document_id != sa.bindparam("document"),
        Review.predicate != "",
    )  # fmt: skip
    # Somebody who moved has two evaluations of one period, and is one person.
    others = sa.select(sa.func.count(sa.distinct(Document.subject_id)))
    others = others.join(Review, Review.document_id == Document.id).where(*counted, sa.not_(own))
    return (
        sa.select(Review.predicate, sa.func.count(), others.scalar_subquery())
        .join(Document, Document.id == Review.document_id)
        .where(*counted)
        .group_by(Review.predicate)
    )
