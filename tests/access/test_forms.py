"""Numbers, dates and messages as people in Indonesia write and read them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from kinerja.forms.base import BaseForm, UnknownField
from kinerja.forms.fields import AngkaField, DaftarField, TanggalField, write_number
from kinerja.forms.messages import INDONESIAN


class Row(BaseForm):
    text = StringField("Teks")


class Sample(BaseForm):
    angka = AngkaField("Angka", [Optional(), NumberRange(max=10_000_000)], places=2)
    bulat = AngkaField("Bulat", places=0)
    tanggal = TanggalField("Tanggal")
    daftar = DaftarField("Daftar")
    judul = StringField("Judul", [Length(max=5)])
    isi = TextAreaField("Isi")
    baris = FieldList(FormField(Row))


def sample(**typed: str) -> Sample:
    return Sample(MultiDict(typed))


@pytest.fixture(autouse=True)
def _inside_a_request(app: Flask):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12,5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("1234", "1234"),
        ("1.234.567,89", "1234567.89"),
        (" 1 234,50 ", "1234.50"),
        ("-0,75", "-0.75"),
        ("\u22123", "-3"),
        ("0", "0"),
        ("", None),
        ("   ", None),
    ],
)
def test_a_number_is_read_with_decimal_comma_and_thousands_dots(typed: str, value: str | None) -> None:
    form = sample(angka=typed)
    assert form.validate() or value is None, form.errors
    assert form.angka.data == (Decimal(value) if value else None)


@pytest.mark.parametrize(
    "typed",
    ["1,234.5", "12.5", "1.23", "1.2345", "1,2,3", "12.34,5", "5,", ",5", "1e3", "dua", "1.234.56", "١٢"],
)
def test_a_number_that_could_mean_two_things_is_refused_with_what_was_typed(typed: str) -> None:
    form = sample(angka=typed)
    assert not form.validate()
    assert form.angka.errors == [
        "Tulis angka dengan koma untuk desimal dan titik untuk ribuan, misalnya 1.234,5."
    ]
    assert form.angka.data is None
    assert f'value="{typed}"' in str(form.angka())


def test_more_decimals_than_are_kept_are_refused() -> None:
    form = sample(angka="1,234", bulat="1,5")
    assert not form.validate()
    assert form.angka.errors == ["Paling banyak 2 angka di belakang koma."]
    assert form.bulat.errors == ["Tulis bilangan bulat, tanpa koma."]


def test_a_number_too_big_for_the_database_is_refused() -> None:
    form = sample(bulat="1" + "0" * 15)
    assert not form.validate()
    assert "terlalu besar" in form.bulat.errors[0]


@pytest.mark.parametrize(
    ("value", "text"), [("1234.50", "1.234,50"), ("0.5", "0,5"), ("-1234567", "-1.234.567")]
)
def test_a_stored_number_is_written_back_as_people_write_it(value: str, text: str) -> None:
    assert write_number(Decimal(value)) == text
    assert f'value="{text}"' in str(Sample(angka=Decimal(value)).angka())


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-21",
        "21 November 2026",
        "21 november 2026",
        " 21  Nov 2026 ",
        "21 Nop 2026",
        "21/11/2026",
        "21-11-2026",
    ],
)
def test_a_date_is_read_from_the_browser_and_from_words(typed: str) -> None:
    form = sample(tanggal=typed)
    assert form.validate(), form.errors
    assert form.tanggal.data == date(2026, 11, 21)
    assert 'value="2026-11-21"' in str(form.tanggal())


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "31 Juni 2026", "11/21/2026", "besok", "21 Foo 2026", "21 November 26"]
)
def test_a_date_that_does_not_exist_is_refused(typed: str) -> None:
    form = sample(tanggal=typed)
    assert not form.validate()
    assert "Tulis misalnya 21 November 2026" in form.tanggal.errors[0]


def test_a_list_has_one_entry_a_line_each_once() -> None:
    assert sample(daftar="satu\r\n\r\n dua ;satu\ntiga").daftar.items == ("satu", "dua", "tiga")


def test_a_text_that_was_not_sent_is_empty_and_never_none() -> None:
    form = Sample(MultiDict({"judul": "ada"}))
    assert (form.isi.data, form.daftar.data) == ("", "")
    assert Sample().judul.data == ""


def test_a_field_that_was_not_asked_for_is_named() -> None:
    form = Sample(
        MultiDict({"judul": "a", "baris-0-text": "b", "csrf_token": "c", "version": "1", "key": "k"})
    )
    form.refuse_unknown(["judul", "baris-0-text", "csrf_token", "version", "key", "next"], also=("next",))
    with pytest.raises(UnknownField) as refused:
        form.refuse_unknown(["judul", "state", "is_admin", "baris-1-text"])
    assert refused.value.names == ("baris-1-text", "is_admin", "state")


def test_every_message_of_wtforms_has_indonesian_words() -> None:
    catalogue = Path(wtforms.__file__).parent / "locale" / "wtforms.pot"
    messages = set(re.findall(r'^(?:msgid|msgid_plural) "(.+)"$', catalogue.read_text("utf-8"), re.MULTILINE))
    assert len(messages) > 40
    assert messages - set(INDONESIAN) == set()
    for english, ours in INDONESIAN.items():
        assert set(re.findall(r"%(?:\(\w+\))?[ds]", english)) == set(
            re.findall(r"%(?:\(\w+\))?[ds]", ours)
        ), english


def test_messages_are_indonesian_unless_the_reader_chose_english() -> None:
    class Asking(BaseForm):
        judul = StringField("Judul", [InputRequired()])
        nama = StringField("Nama", [Length(max=3)])
        pilihan = SelectField("Pilihan", choices={"a": "A"})

    typed = MultiDict({"judul": "", "nama": "empat", "pilihan": "z"})
    form = Asking(typed)
    form.validate()
    assert form.errors == {
        "judul": ["Wajib diisi."],
        "nama": ["Paling banyak 3 karakter."],
        "pilihan": ["Pilih salah satu dari daftar."],
    }
    with force_locale("en"):
        form = Asking(typed)
        form.validate()
        assert form.errors["judul"] == ["This field is required."]
        assert form.errors["nama"] == ["Field cannot be longer than 3 characters."]
