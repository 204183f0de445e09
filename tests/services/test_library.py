"""The library of indicators: what one may take is what one may read, and what was typed stays unless one ticks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app
from flask_babel import Babel

from kinerja import models
from kinerja.db import db, transaction
from kinerja.forms import library as filling
from kinerja.services import identity, library, manual_view, reading, skp_start, transitions
from kinerja.services.errors import NotThere
from kinerja.services.manual_kind import manual_of
from kinerja.views.kinds import book_of
from tests.services.agreement_office import Ministry, running
from tests.services.test_manuals import TYPED, begin, in_force


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    """The PK of the directorate is in force with the manual of its first IKU; so are the SKP of its head and its kasi."""
    with running(sqlite_template, tmp_path) as found:
        agreement = found.begin()
        found.in_force(agreement)
        in_force(found, agreement)
        period = db.session.get_one(models.Period, found.period)
        for name in ("direktur", "kasi"):
            skp = skp_start.create_skp(found.people[name], period, by_id=found.people[name])
            rows = [{"key": "", "jenis": "utama", "rhk": "Layanan prima", "indikator": [
                {"key": "", "teks": f"Indeks dari {name}", "satuan": "indeks", "polarisasi": "maximize"}]}]  # fmt: skip
            found.send(skp.public_id, "edit", name, change={"baris": rows})
            with transaction():
                db.session.get_one(models.Document, skp.id).state = "in_force"
        Babel(current_app._get_current_object(), default_locale="id")
        with current_app.test_request_context():
            yield found


def named(ministry: Ministry, who: str, text: str = "", **more: object) -> list[str]:
    circle = identity.circle_of(ministry.people[who])
    return [one.name for one in library.find(circle, text, **more)]  # type: ignore[arg-type]


def test_one_takes_what_one_may_read_and_no_colleague_learns_of_an_skp(ministry: Ministry) -> None:
    of_unit = [f"Persentase layanan {n}" for n in (1, 2, 3, 4)]
    assert named(ministry, "staf") == of_unit
    assert named(ministry, "kasi") == [*of_unit, "Indeks dari kasi"]
    assert named(ministry, "direktur") == [*of_unit, "Indeks dari direktur", "Indeks dari kasi"]
    assert named(ministry, "asing") == []
    assert named(ministry, "staf", "LAYANAN 2") == ["Persentase layanan 2"]
    assert named(ministry, "staf", "100%_") == []
    assert named(ministry, "staf", with_manual=True) == ["Persentase layanan 1"]
    assert named(ministry, "direktur", post=library.post_of(ministry.people["kasi"])) == ["Indeks dari kasi"]
    assert named(ministry, "staf", post=library.post_of(ministry.people["kasi"])) == []
    mine = library.find(identity.circle_of(ministry.people["direktur"]), "Indeks dari kasi")[0]
    assert "kasi" not in mine.where.casefold().replace(
        library.post_of(ministry.people["kasi"]).casefold(), ""
    )
    with pytest.raises(NotThere):
        library.item(identity.circle_of(ministry.people["staf"]), mine.id)
    assert library.measures([mine]) == [("indeks", 1)]

    asks_as_often_for_many_as_for_few(identity.circle_of(ministry.people["direktur"]))


def asks_as_often_for_many_as_for_few(circle: identity.Circle) -> None:

    def asked() -> int:
        statements: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        library.find(circle)
        return len(statements)

    asked()
    few = asked()
    objective = db.session.scalars(sa.select(models.Objective)).first()
    assert objective is not None
    for number in range(30):
        objective.indicators.append(
            models.Iku(key=f"banyak{number}", position=number + 9, name=f"Lain {number}")
        )
    db.session.flush()
    assert len(library.find(circle)) == 36
    assert asked() == few


def test_a_chosen_one_fills_the_manual_and_leaves_what_was_typed(ministry: Ministry) -> None:
    agreement = db.session.scalars(sa.select(models.Document).where(models.Document.kind == "pk")).one()
    draft = begin(ministry, agreement.public_id, place=1)
    ministry.send(draft, "edit", "direktur", change={"tujuan": "Tujuan sendiri."})
    item = library.find(identity.circle_of(ministry.people["direktur"]), "layanan 1")[0]
    document = transitions.load(draft)
    lines = filling.of_manual(manual_view.form_source(document), item.values)
    empty = [line.name for line in lines if not line.now]
    assert {"definisi", "formula", "sumber_data"} <= set(empty)
    assert "tujuan" not in empty
    assert next(line for line in lines if line.name == "satuan").taken
    ministry.send(draft, "edit", "direktur", change={name: item.values[name] for name in empty})
    manual = manual_of(transitions.load(draft))
    assert (manual.purpose, manual.definition, manual.formula) == (
        "Tujuan sendiri.", TYPED["definisi"], TYPED["formula"],
    )  # fmt: skip
    assert manual.owner == ""


@pytest.mark.parametrize("kind", ["pk", "skp"])
def test_a_chosen_one_becomes_a_new_indicator_or_fills_one_that_is_there(
    ministry: Ministry, kind: str
) -> None:
    who, unit = ("menteri", "kementerian")
    if kind == "pk":
        draft = ministry.begin(unit, who)
        ministry.fill(draft, who)
    else:
        period, who = db.session.get_one(models.Period, ministry.period), "staf"
        draft = skp_start.create_skp(ministry.people[who], period, by_id=ministry.people[who]).public_id
        rows = [{"key": "", "jenis": "utama", "rhk": "Membantu layanan", "indikator": [
            {"key": "", "teks": "Milik saya", "satuan": "laporan", "polarisasi": "minimize"}]}]  # fmt: skip
        ministry.send(draft, "edit", who, change={"baris": rows})
    item = library.find(identity.circle_of(ministry.people["direktur"]), "layanan 1")[0]
    book = book_of(reading.page(draft, ministry.people[who]))
    there, homes = filling.spots(book)
    name = filling.INDICATORS[filling.place_of(book).part.name]
    new = homes[0][0]
    assert filling.of_line(book, "baru.tidakada", item.name, item.values) is None
    lines = filling.of_line(book, new, item.name, item.values)
    assert lines is not None
    assert all(not line.now for line in lines)
    ticked = [line.name for line in lines]
    change = filling.change_of_line(book, new, item.name, item.values, ticked)
    ministry.send(draft, "edit", who, change=change)
    book = book_of(reading.page(draft, ministry.people[who]))
    now, _homes = filling.spots(book)
    assert len(now) == len(there) + 1
    added = next(
        found.line for key, found in book.lines(filling.place_of(book)).items() if key not in dict(there)
    )
    assert (added[name], added["satuan"], added["polarisasi"]) == (item.name, "persen", "maximize")
    spot = there[0][0]
    was = book.lines(filling.place_of(book))[spot].line[name]
    change = filling.change_of_line(book, spot, item.name, item.values, ["satuan"])
    ministry.send(draft, "edit", who, change=change)
    book = book_of(reading.page(draft, ministry.people[who]))
    kept = book.lines(filling.place_of(book))[spot].line
    assert kept["satuan"] == "persen"
    assert kept[name] == was
