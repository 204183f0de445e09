"""A year closes with every document that is still open listed beside the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import AuditRow, Document, Period
from kinerja.services import period_closing, periods
from tests.services.evaluation_office import running


def test_what_is_open_is_listed_by_kind_state_and_unit_and_the_record_names_each_number(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_closing, "NUMBERS", 2)
    with running(sqlite_template, tmp_path) as office:
        year = db.session.scalars(sa.select(Period.year)).one()
        open_now = sorted(db.session.scalars(sa.select(Document.print_number).where(Document.turn != "")))
        assert len(open_now) > 2
        found = period_closing.still_open(year)
        assert (found.page, found.pages) == (1, 1)
        assert sum(group.total for group in found.groups) == len(open_now)
        assert {group.first for group in found.groups} <= set(open_now)
        monkeypatch.setattr(period_closing, "PAGE_SIZE", 1)
        listed = [period_closing.still_open(year, page).groups for page in range(1, len(found.groups) + 1)]
        assert [group for groups in listed for group in groups] == found.groups
        assert period_closing.still_open(year, 10**6).page == len(found.groups)

        periods.close_period(office.people["menteri"], year, "Siklus selesai.")
        rows = db.session.execute(
            sa.select(AuditRow.action, AuditRow.payload)
            .where(AuditRow.action.startswith("period.close"))
            .order_by(AuditRow.id)
        ).all()
        told = [json.loads(row.payload) for row in rows]
        assert (told[0]["dokumen_terbuka"], told[0]["alasan"]) == (len(open_now), "Siklus selesai.")
        assert told[0]["bagian"] == len(told) - 1 > 1
        assert all(len(part["nomor"]) <= 2 for part in told[1:])
        assert sorted(number for part in told[1:] for number in part["nomor"]) == open_now
