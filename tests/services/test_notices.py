"""A notice is new until it is read, and reading some leaves the others new."""

from __future__ import annotations

import sqlalchemy as sa

from kinerja import models
from kinerja.db import db
from kinerja.services import inbox
from tests.services.evaluation_office import Office


def unread(office: Office) -> list[str]:
    mine = models.Notice.person_id == office.people["pegawai"]
    query = sa.select(models.Notice.public_id).where(mine, models.Notice.read_at.is_(None))
    return list(db.session.scalars(query.order_by(models.Notice.id)))


def test_reading_some_leaves_the_others_new_and_reading_all_leaves_none_each_time(received: Office) -> None:
    me, new = received.people["pegawai"], unread(received)
    assert len(new) > 1
    assert inbox.read(me, new[:1]) == 1
    assert unread(received) == new[1:]
    assert inbox.read(me, []) == len(new) - 1
    assert (unread(received), inbox.read(me, [])) == ([], 0)
