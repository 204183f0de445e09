"""Numbers, dates and lists as people in Indonesia write them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from wtforms import Field, SelectChoice, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, TextArea, TextInput

# 1234,5 or 1.234,5: dots only where they part thousands, one comma for decimals.
_NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]+)?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug",
            "september sep sept",
            "oktober october okt oct",
            "november nop nov",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """(value, label) pairs as the choices of a select, radio or tick list."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def parse_number(text: str) -> Decimal:
    """The number somebody wrote with a decimal comma; "1.234" is a thousand two hundred and thirty-four.

    Raises ValueError for anything else, "1,234.5" above all: guessing would change it a thousandfold.
    """
    cleaned = _SPACES.sub("", text).replace("\u2212", "-")
    if not _NUMBER.fullmatch(cleaned):
        raise ValueError(text)
    return Decimal(cleaned.replace(".", "").replace(",", "."))


def write_number(value: Decimal) -> str:
    """1234.50 as "1.234,50"."""
    whole, _, rest = format(value, ",f").partition(".")
    return whole.replace(",", ".") + ("," + rest if rest else "")


def parse_date(text: str) -> date:
    """A day written as 2026-11-21, 21 November 2026, 21-11-2026 or 21/11/2026. Raises ValueError."""
    cleaned = " ".join(text.replace("\u00a0", " ").split())
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", cleaned):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", cleaned):
        day, month, year = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"([0-9]{1,2}) ([A-Za-z]+)\.? ([0-9]{4})", cleaned):
        day, month, year = int(match[1]), _MONTHS.get(match[2].lower(), 0), int(match[3])
    else:
        raise ValueError(text)
    return date(year, month, day)


class TypedField(Field):
    """A field whose text may be unreadable: then nothing further is said about its missing value."""

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class AngkaField(TypedField):
    """A decimal number with comma and thousands dots; empty is None; what was typed stays when it is wrong."""

    widget = TextInput()

    def __init__(self, *args: Any, places: int = 6, digits: int = 15, **kwargs: Any):
        kwargs["render_kw"] = {"inputmode": "decimal", "autocomplete": "off"} | (
            kwargs.get("render_kw") or {}
        )
        super().__init__(*args, **kwargs)
        self.places = places
        self.digits = digits

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else write_number(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            number = parse_number(text)
        except ValueError:
            raise ValueError(
                gettext("Tulis angka dengan koma untuk desimal dan titik untuk ribuan, misalnya 1.234,5.")
            ) from None
        if -int(number.as_tuple().exponent) > self.places:
            raise ValueError(self._too_precise())
        if abs(number) >= Decimal(10) ** self.digits:
            raise ValueError(
                gettext("Angka ini terlalu besar: paling banyak %(n)d angka di depan koma.", n=self.digits)
            )
        self.data = number

    def _too_precise(self) -> str:
        if self.places == 0:
            return gettext("Tulis bilangan bulat, tanpa koma.")
        return gettext("Paling banyak %(n)d angka di belakang koma.", n=self.places)


class BulatField(AngkaField):
    """A whole number that is a name rather than an amount, as a year is: no thousands dots."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, places=0, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(int(self.data))


class TanggalField(TypedField):
    """A day, from the browser's own date control or typed out; empty is None."""

    widget = DateInput()

    def _value(self) -> str:
        if self.data is not None:
            return str(self.data.isoformat())
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            self.data = parse_date(text)
        except ValueError:
            raise ValueError(
                gettext("Tanggal ini tidak ada atau tidak terbaca. Tulis misalnya 21 November 2026.")
            ) from None


class DaftarField(StringField):
    """Several short texts, one a line; `items` are those that are not blank, each once."""

    widget = TextArea()

    @property
    def items(self) -> tuple[str, ...]:
        lines = (line.strip() for line in re.split(r"[\r\n;]+", self.data or ""))
        return tuple(dict.fromkeys(line for line in lines if line))
