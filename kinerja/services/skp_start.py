"""Beginning an SKP: for oneself, for a subordinate, with last year's rows where wished."""

from datetime import date
from typing import Any

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Period, Person, Skp
from kinerja.services import identity, matrix_roles, new_documents
from kinerja.services import skp_sources as sources
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.services.people import placement_of
from kinerja.services.planning import blank_row, skp_content, skp_of
from kinerja.services.skp_edit import apply_edit
from kinerja.services.skp_limits import span_problems, uses_senior_form
from kinerja.workflows.roles import SYSTEM, Actor, Relation


def create_skp(
    subject_id: int,
    period: Period,
    *,
    by_id: int | None,
    starts: date | None = None,
    ends: date | None = None,
    approach: str = "kuantitatif",
    copy_last_year: bool = False,
) -> Document:
    """Draft an SKP for a person and a span of the period (the whole year by default).

    `by_id` None is the system. Raises BadInput when there is no placement, the person is exempt, or another SKP
    covers the span; NotAllowed when `by_id` is neither the person himself nor his penilai.
    """
    with transaction():
        person = db.session.get_one(Person, subject_id)
        year_start, year_end = date(period.year, 1, 1), date(period.year, 12, 31)
        first, last = starts or year_start, ends or year_end
        placement = placement_of(subject_id, max(first, min(last, clock.today())))
        if problems := span_problems(person, period, placement.post if placement else None, first, last):
            raise BadInput(problems)
        assert placement is not None
        actor = _author(person, by_id)
        day = max(first, min(last, clock.today()))
        senior = uses_senior_form(subject_id, placement.post, day)
        document = new_documents.create(
            "skp",
            subject_id=subject_id,
            unit_id=placement.post.unit_id,
            period=period,
            by=actor,
            state="draft",
            span_start=first,
        )
        skp = Skp(
            document_id=document.id,
            document=document,
            approach=approach,
            senior_form=senior,
            post=placement.post,
            starts=first,
            ends=last,
        )
        db.session.add(skp)
        title = sources.superior_title(subject_id, day)
        previous = sources.last_years_skp(subject_id, period.year) if copy_last_year else None
        acting = sources.acting_placements(subject_id, day)
        content: dict[str, Any] = {"baris": []}
        if previous is not None:
            content = sources.copied(skp_content(previous, skp_of(previous)))
            content["pendekatan"] = approach
        content["baris"] += sources.rows_of_acting(acting, period.year)
        taken = {row["rhk"].strip().lower() for row in content["baris"]}
        roles = matrix_roles.rows_of_roles(subject_id, period)
        content["baris"] += [row for row in roles if row["rhk"].strip().lower() not in taken]
        apply_edit(skp, content, clock.now())
        if not any(row.kind == "utama" and not row.acting_post for row in skp.rows) and not (
            acting and placement.kind in sources.ACTING_KINDS
        ):
            skp.rows.insert(0, blank_row("utama", 0, title))
        new_documents.begin(document, actor)
        return document


def _author(person: Person, by_id: int | None) -> Actor:
    if by_id is None:
        return SYSTEM
    if by_id == person.id:
        return Actor(by_id, person.name, frozenset({Relation.SUBJECT}))
    chain = identity.superiors(person.id)
    if chain and chain[0].person_id == by_id:
        return Actor(
            by_id, chain[0].name, frozenset({Relation.PENILAI}), {}, identity.trace_of(chain, clock.today())
        )
    raise NotAllowed("create")
