"""The realisation of the IKU of a unit leaves as a workbook and comes back through the one door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from flask import current_app
from flask_babel import Babel

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.forms.sheet_accepting import merged
from kinerja.forms.sheet_reading import read
from kinerja.forms.sheets import Book
from kinerja.reports.spreadsheets import Sheet, xlsx_file
from kinerja.services import monitoring_view, reading
from kinerja.services.workbooks import rows_of
from kinerja.views.kinds import book_of
from tests.services.agreement_office import JANUARY, Ministry, running
from tests.services.test_org_values import APRIL, public_id


def appoint(ministry: Ministry) -> None:
    """A member of staff becomes the pengelola kinerja organisasi of the directorate."""
    with transaction():
        db.session.add(
            models.RoleAppointment(
                public_id="peranstaf0000001", person_id=ministry.people["staf"], role="pengelola_organisasi",
                unit_id=ministry.units["direktorat"], starts=date(2025, 1, 1), decree="SK-2",
                confirmed_by_id=ministry.people["menteri"], confirmed_at=JANUARY,
            )
        )  # fmt: skip


def exported(book: Book) -> dict[str, list[list[str]]]:
    with xlsx_file([Sheet(*sheet) for sheet in book.sheets()]) as file:
        return rows_of("realisasi.xlsx", file.read())


def read_back(ministry: Ministry, number: str) -> tuple[reading.Page, Book]:
    page = reading.page(number, ministry.people["staf"])
    return page, book_of(page)


def test_the_realisation_of_a_unit_goes_out_and_comes_back(sqlite_template: Path, tmp_path: Path) -> None:
    with running(sqlite_template, tmp_path) as ministry:
        appoint(ministry)
        ministry.in_force(ministry.begin())
        Babel(current_app._get_current_object(), default_locale="id")
        with clock.frozen(APRIL), current_app.test_request_context():
            number = public_id("iku_realisation")
            _page, book = read_back(ministry, number)
            rows = exported(book)
            assert [row[2:5] for row in rows["realisasi"][1:2]] == [
                ["Persentase layanan 1", "persen", "92,5"]
            ]
            assert (read(book, rows).steps, read(book, rows).problems) == ([], [])
            place = rows["realisasi"][0].index("realisasi")
            rows["realisasi"][1][place], rows["realisasi"][2][place] = "95,5", "tinggi"
            found = read(book, rows)
            assert [(one.sheet, one.row, one.column) for one in found.problems] == [
                ("realisasi", 3, "realisasi")
            ]
            accepted = merged(book, found, [step.id for step in found.steps])
            ministry.send(number, "save", "staf", change=book.change(accepted))
            page, book = read_back(ministry, number)
            stored = monitoring_view.stored_entries(monitoring_view.matter_of(page))
            assert [one["value"] for one in stored.values()] == [Decimal("95.5"), None, None, None]
            assert read(book, exported(book)).steps == []
