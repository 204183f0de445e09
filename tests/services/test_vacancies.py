"""Nobody is the penilai: the page says so, since when, who was told; the task reaches whoever sees to it (1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db, transaction
from kinerja.services import due, home, identity, lists, notices, reading, transitions, vacancies
from kinerja.services.errors import NotAllowed, NotThere
from kinerja.workflows.roles import Relation
from tests.services.evaluation_office import Office, at, running

LAST = date(2026, 4, 10)
GONE = LAST + timedelta(days=1)
# Day 5 after Saturday 11 April; the day after it the task passes on.
WAITED, PASSED = date(2026, 4, 17), date(2026, 4, 18)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """The evaluation of the first quarter waits for the kasubdit; 10 April is his last day."""
    with running(sqlite_template, tmp_path) as found:
        with at(date(2026, 4, 1)):
            found.due(date(2026, 4, 1))
            found.organisation()
        yield found


def end_line(office: Office, who: str = "pegawai", last: date = LAST) -> None:
    line = models.ReportingLine.person_id == office.people[who]
    with transaction():
        db.session.execute(sa.update(models.ReportingLine).where(line).values(ends=last))
    identity.relations_changed()


def leaves(office: Office, who: str, last: date = LAST) -> None:
    held = models.Placement.person_id == office.people[who]
    with transaction():
        db.session.execute(sa.update(models.Placement).where(held).values(ends=last))
    identity.relations_changed()


def nobody_above(office: Office, who: str) -> None:
    with transaction():
        db.session.execute(
            sa.delete(models.ReportingLine).where(models.ReportingLine.person_id == office.people[who])
        )
    identity.relations_changed()


def absence(office: Office, who: str = "pegawai") -> Any:
    return reading.page(office.document().public_id, office.people[who]).absence


def tasks(office: Office, who: str) -> list[str]:
    db.session.expire_all()
    return [row.kind for row in home.home(office.people[who]).tasks]


def heard(office: Office, who: str, *texts: str) -> int:
    return db.session.scalar(
        sa.select(sa.func.count())
        .select_from(models.Notice)
        .where(models.Notice.person_id == office.people[who], models.Notice.text.in_(texts))
    ) or 0  # fmt: skip


def names(*who: str) -> tuple[str, ...]:
    return tuple(one.capitalize() for one in who)


def test_while_somebody_is_there_nothing_is_said_and_nothing_asked(office: Office) -> None:
    with at(GONE):
        assert absence(office) is None
        assert "predicate_review" in tasks(office, "kasubdit")


def test_without_a_line_the_page_says_so_and_the_pengelola_hears_at_once(office: Office) -> None:
    end_line(office)
    with at(GONE):
        due.run()
        due.run()
        found = absence(office)
        assert found.nobody
        assert found.since == GONE
        assert found.passes_on == WAITED
        assert found.names == names("pengelola")
        assert [who for who, _when in found.told] == list(names("pengelola")), "told, and once"
        assert heard(office, "pengelola", notices.NOBODY) == 1
        assert tasks(office, "pengelola") == [], "for five working days it waits for a penilai"


def test_after_five_working_days_it_is_on_the_first_page_of_the_pengelola_who_rates_nothing(
    office: Office,
) -> None:
    end_line(office)
    with at(WAITED, 16):
        due.run()
        assert tasks(office, "pengelola") == []
    with at(PASSED):
        due.run()
        due.run()
        assert tasks(office, "pengelola") == ["predicate_review"]
        assert heard(office, "pengelola", vacancies.TASK) == 1
        assert absence(office).passes_on is None
        document = office.document()
        assert (
            lists.main_label(document.kind, document.flow_version, document.state, Relation(document.turn))
            == ""
        )
        with pytest.raises((NotAllowed, NotThere)):
            office.propose("pengelola")


def test_once_a_line_is_on_file_the_turn_goes_back_and_the_penilai_hears(office: Office) -> None:
    end_line(office)
    with at(PASSED):
        due.run()
    with at(PASSED + timedelta(days=2)):
        end_line(office, last=date(2026, 12, 31))
        due.run()
        assert absence(office) is None
        assert tasks(office, "pengelola") == []
        assert "predicate_review" in tasks(office, "kasubdit")
        assert office.document().turn == Relation.PENILAI
        assert heard(office, "kasubdit", notices.YOUR_TURN_BY, notices.YOUR_TURN) >= 2


def test_a_vacant_post_is_passed_over_and_whoever_is_above_hears_and_acts(office: Office) -> None:
    leaves(office, "kasubdit")
    with at(GONE):
        assert tasks(office, "direktur") == ["predicate_review"], "at once (p.89)"
        due.run()
        due.run()
        found = absence(office)
        assert not found.nobody
        assert (found.since, found.names) == (GONE, names("direktur"))
        assert [who for who, _when in found.told] == list(names("direktur"))
        assert heard(office, "direktur", notices.YOUR_TURN_BY, notices.YOUR_TURN) == 1
        office.propose("direktur")


def test_where_only_the_level_above_is_missing_the_sekretariat_komite_sees_to_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path, establish=False) as office:
        office.appoint("asing", "sekretariat_komite")
        nobody_above(office, "kasubdit")
        with at(date(2026, 2, 2)):
            skp = office.document("skp", "Y")
            transitions.send(skp.public_id, "escalate_to_superior", None, version=None)
            assert heard(office, "asing", notices.NOBODY) == 1
            assert skp.turn == Relation.ATASAN, "late: it is his superior's now (p.65)"
        with at(date(2026, 2, 20)):
            due.run()
            assert office.document("skp", "Y").turn == Relation.SEKRETARIAT
            assert tasks(office, "asing") == ["skp"]
            found = reading.page(skp.public_id, office.people["asing"]).absence
            assert found.above
            assert found.names == names("asing")
            circle = identity.circle_of(office.people["asing"])
            assert [row.kind for row in lists.page(circle, lists.Filters(kind="skp"))] == ["skp"]
            with pytest.raises(NotAllowed):
                transitions.send(
                    skp.public_id, "establish", office.people["asing"], version=skp.version, signed=True
                )


def test_of_somebody_who_left_no_line_is_to_be_repaired_and_nobody_gets_the_task(office: Office) -> None:
    end_line(office)
    leaves(office, "pegawai")
    with at(PASSED):
        due.run()
        found = absence(office, "pengelola")
        assert (found.left, found.since) == (True, GONE)
        assert office.document().turn == Relation.PENILAI
        assert heard(office, "pengelola", notices.NOBODY, vacancies.TASK) == 0


def test_when_the_day_is_over_those_who_name_a_penilai_hear_and_nobody_is_asked_to_take_over(
    office: Office,
) -> None:
    end_line(office)
    with at(date(2026, 7, 1)):
        due.run()
        assert heard(office, "pengelola", due.NOBODY) >= 1
        assert heard(office, "pengelola", due.TAKE_OVER, due.COPY_UP) == 0
