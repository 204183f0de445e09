"""A unit renamed after the year is over: documents of that year and placements that ended keep the name they knew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import (
    evaluation,
    identity,
    lists,
    official_copy,
    person_page,
    planning_view,
    review_view,
    units,
)
from tests.services import evaluation_office
from tests.services.monitoring_office import Office, running

OLD, NEW = "Subdirektorat Mutu Data", "Subdirektorat Kualitas Data"
RENAMED = date(2027, 1, 15)


@pytest.fixture
def renamed(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """An SKP of 2026 is in force with a realisation under it; in January 2027 its unit is called something else."""
    with running(sqlite_template, tmp_path) as office:
        office.establish()
        with transaction():
            db.session.execute(sa.update(models.Unit).values(name=NEW))
            unit = db.session.scalars(sa.select(models.Unit.id)).one()
            db.session.add(models.UnitVersion(unit_id=unit, name=OLD, ends=RENAMED))
        yield office


@pytest.mark.parametrize(
    ("today", "of_2026", "said_today"),
    [
        (datetime(2026, 3, 2, 3, tzinfo=UTC), OLD, OLD),
        (datetime(2027, 1, 15, 3, tzinfo=UTC), OLD, OLD),
        (datetime(2027, 1, 16, 3, tzinfo=UTC), OLD, NEW),
    ],
)
def test_a_document_keeps_the_name_of_its_last_day_and_people_bear_that_of_today(
    renamed: Office, today: datetime, of_2026: str, said_today: str
) -> None:
    with clock.frozen(today):
        me = renamed.people["pegawai"]
        rows = lists.page(identity.circle_of(me), lists.Filters(year=2026))
        assert {row.kind for row in rows} == {"skp", "realisation"}
        assert {row.unit for row in rows} == {of_2026}
        skp = db.session.get_one(models.Document, renamed.skp_id)
        shown = planning_view.page_content(skp)
        assert (shown["pegawai"]["unit"], shown["penilai"]["unit"]) == (of_2026, of_2026)
        assert identity.holder_of(me, clock.today()).unit_name == said_today


def test_a_placement_that_ended_keeps_the_name_and_one_that_runs_says_what_it_was(renamed: Office) -> None:
    me = renamed.people["pegawai"]
    with transaction():
        mine = models.Placement.person_id == me
        post = db.session.scalar(sa.select(models.Placement.post_id).where(mine))
        db.session.execute(sa.update(models.Placement).where(mine).values(ends=date(2026, 12, 31)))
        db.session.add(
            models.Placement(
                person_id=me, post_id=post, kind="definitif", starts=date(2027, 1, 1),
                recorded_at=clock.now(),
            )
        )  # fmt: skip
    public_id = db.session.get_one(models.Person, me).public_id
    with clock.frozen(datetime(2027, 2, 1, 3, tzinfo=UTC)):
        seats = person_page.page_of(public_id, renamed.people["penilai"]).seats
        assert [(seat.unit, seat.unit_before) for seat in seats] == [(NEW, OLD), (OLD, OLD)]


def test_the_old_name_still_finds_people_documents_and_the_unit(renamed: Office) -> None:
    me = renamed.people["pegawai"]
    with clock.frozen(datetime(2027, 2, 1, 3, tzinfo=UTC)):
        circle = identity.circle_of(me)
        for text in ("mutu data", "kualitas data"):
            assert {row.unit for row in lists.page(circle, lists.Filters(text=text))} == {OLD}
            assert me in {
                db.session.scalar(sa.select(models.Person.id).where(models.Person.public_id == row.public_id))
                for row in lists.people_found(circle, text)
            }
            found = units.listed([units.Reach("", "", frozenset(), False)], None, "", text)
            assert [row.name for row in found] == [NEW]


def test_an_evaluation_of_a_past_year_names_its_organisation_as_it_was_on_page_and_form(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with evaluation_office.running(sqlite_template, tmp_path) as office:
        with evaluation_office.at(date(2026, 4, 1)):
            office.due(date(2026, 4, 1))
            office.to_received()
        review = office.review()
        with transaction():
            db.session.execute(
                sa.update(models.Unit).where(models.Unit.id == review.org_unit_id).values(name=NEW)
            )
            db.session.add(models.UnitVersion(unit_id=review.org_unit_id, name=OLD, ends=date(2027, 1, 14)))
        with evaluation_office.at(date(2027, 2, 1)):
            db.session.expire_all()
            document, me = office.document(), office.actor("pegawai")
            assert review_view.present(document, me)["organisation"]["unit"] == OLD
            assert evaluation.review_content(document, office.review())["organisasi"]["unit"] == OLD
            signed = official_copy.official(document, me).text.content
            assert (signed["organisasi"]["unit"], signed["pegawai"]["unit"]) == (
                "Direktorat",
                "Subdirektorat",
            )
