"""A form of keyed lines within lines keeps what was typed, whatever button is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from kinerja.forms.base import BaseForm, UnknownField
from kinerja.forms.fields import AngkaField
from kinerja.forms.tree import Part, TreeForm


class Head(BaseForm):
    title = StringField("Judul")


class LineForm(BaseForm):
    text = StringField("Uraian", [Length(max=20)])
    amount = AngkaField("Jumlah")


INSIDE = Part(
    "inside", LineForm, "isi", {"text": "teks", "amount": "jumlah"}, says=("text",), numbers=("amount",)
)
LINE = Part("line", LineForm, "baris", {"text": "teks"}, says=("text",), parts=(INSIDE,), slots=True)
STORED = {
    "baris": [
        {"key": "aaaa", "teks": "Satu", "lintasan": {"TW1": "1.5"}, "asal": "lama",
         "isi": [{"key": "cccc", "teks": "Dalam", "jumlah": "2"}]},
        {"key": "bbbb", "teks": "Dua", "lintasan": {}, "isi": []},
    ]
}  # fmt: skip


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("pohon")
    Babel(app, default_locale="id")
    with app.test_request_context():
        yield


def form(sent: Any = None, **more: Any) -> TreeForm:
    return TreeForm(Head(sent), (LINE,), STORED, sent, ("TW1", "TW2"), **more)


def posted(do: str = "", **changes: str) -> MultiDict[str, str]:
    """The stored content as its own page would send it, with changes."""
    page = form()
    pairs = [*page.structure(), *((field.name, field._value()) for field in page.fields())]
    found: MultiDict[str, str] = MultiDict(pairs)
    for name, text in changes.items():
        found[name.replace("__", "-")] = text
    if do:
        found["do"] = do
    return found


def test_sent_back_unchanged_it_is_the_same_content() -> None:
    page = form(posted())
    assert page.validate()
    assert page.change() == {
        "baris": [
            {"key": "aaaa", "teks": "Satu", "asal": "lama", "lintasan": {"TW1": Decimal("1.5"), "TW2": None},
             "isi": [{"key": "cccc", "teks": "Dalam", "jumlah": Decimal(2)}]},
            {"key": "bbbb", "teks": "Dua", "lintasan": {"TW1": None, "TW2": None}, "isi": []},
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up:bbbb", ["bbbb", "aaaa"]), ("down:aaaa", ["bbbb", "aaaa"]), ("up:aaaa", ["aaaa", "bbbb"]),
        ("drop:aaaa", ["bbbb"]), ("keep:aaaa", ["aaaa", "bbbb"]), ("up:zzzz", ["aaaa", "bbbb"]), ("nothing", ["aaaa", "bbbb"]),
    ],
)  # fmt: skip
def test_a_button_moves_or_removes_and_everything_typed_goes_along(do: str, order: list[str]) -> None:
    page = form(posted(do, **{"line__bbbb__text": "Dua kali"}))
    found = page.change()["baris"]
    assert [line["key"] for line in found] == order
    assert next(line["teks"] for line in found if line["key"] == "bbbb") == "Dua kali"


def test_what_holds_something_is_asked_about_before_it_goes_with_all_that_stands_under_it() -> None:
    page = form(posted("remove:aaaa"))
    assert [line["key"] for line in page.change()["baris"]] == ["aaaa", "bbbb"]
    assert (page.asked, page.landing) == ("aaaa", "hapus")
    (entry,) = [one for one in page.every() if one.key == "aaaa"]
    assert entry.says == ["Satu", "Dalam"]


def test_a_line_is_added_at_the_end_and_one_under_a_line_under_that_line() -> None:
    page = form(posted("add:line"))
    page.change()
    assert [entry.key for entry in page.entries["line"]][:2] == ["aaaa", "bbbb"]
    assert page.landing == page.entries["line"][2].key
    page = form(posted("add:inside:bbbb"))
    page.change()
    assert [len(entry.inside["inside"]) for entry in page.entries["line"]] == [1, 1]
    assert page.entries["line"][1].inside["inside"][0].key == page.landing


def test_an_unknown_field_is_refused_and_a_bad_one_keeps_its_text_at_its_place() -> None:
    with pytest.raises(UnknownField):
        form(posted(**{"line__aaaa__secret": "x"})).validate()
    page = form(posted(**{"inside__cccc__amount": "1,234.5"}))
    assert not page.validate()
    ((where, _told),) = page.errors
    assert where == "inside-cccc-amount"
    assert page.entries["line"][0].inside["inside"][0].form.amount._value() == "1,234.5"


def test_every_field_is_called_with_the_number_of_its_line() -> None:
    names = form().captions()
    assert (names["line-bbbb-text"], names["inside-cccc-text"]) == ("Uraian 2", "Uraian 1")
