"""Beside the ratings lies what the matriks of the year asks of the person: each role with the result it became."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from kinerja import models
from kinerja.db import db, transaction
from kinerja.services import contributions, matrix_start
from kinerja.services.matrices import matrix_of
from tests.services.evaluation_office import at, running

APRIL = date(2026, 4, 20)


def test_the_desk_shows_each_role_with_what_it_serves_beside_the_result_it_became(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        review = office.document()
        unit = db.session.scalars(sa.select(models.Unit).where(models.Unit.level == "L3")).first()
        assert unit is not None
        plan = matrix_start.create_matrix(unit.id, review.period, by_id=office.people["kasubdit"])
        with transaction():
            (member,) = [m for m in matrix_of(plan).members if m.person_id == office.people["pegawai"]]
            row = db.session.scalars(sa.select(models.SkpRow).order_by(models.SkpRow.id)).first()
            assert row is not None
            row.cell_key = "sel2a3b4"
            member.cells = [
                models.MatrixCell(
                    key="sel2a3b4", position=1, text="Set data siap pakai", parent_text="Indeks mutu data",
                    method="beban_target", portion=Decimal("12.5"),
                ),
                models.MatrixCell(key="sel5c6d7", position=2, text="Laporan mutu"),
            ]  # fmt: skip
        found = contributions.of_evaluated(office.document())
        assert [(c.role, c.serves, c.method, c.portion, c.leader, c.row_id) for c in found] == [
            ("Set data siap pakai", "Indeks mutu data", "beban_target", Decimal("12.5"), "Kasubdit", row.id),
            ("Laporan mutu", "", "", None, "Kasubdit", None),
        ]
        assert [c.being_written for c in found] == [True, True]
