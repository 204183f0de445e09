"""How dates, numbers and templates of texts are written for the reader: filters of the templates."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from flask import Flask

from kinerja import clock
from kinerja.services import rulebook
from kinerja.views.saying import gettext, language, word
from kinerja.workflows.roles import LABELS, Relation

PREDICATES = {
    "sangat_baik": "Sangat Baik",
    "baik": "Baik",
    "butuh_perbaikan": "Butuh Perbaikan",
    "kurang": "Kurang",
    "sangat_kurang": "Sangat Kurang",
    "istimewa": "Istimewa",
}
# Parameters of stored templates that hold labels of ours, not what somebody wrote; several stand between marks.
WORDS = frozenset(
    (
        "aspects", "allowed", "control", "event", "expected", "field", "labels", "least", "period", "perspective",
        "quality", "roles", "slot", "state", "suggested", "validity", "word",
    )
)  # fmt: skip
# How a day stands in a stored sentence; what people wrote may look like one and be none ("1990-13-01").
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BETWEEN = re.compile(r"( \+ | / |, )")


def tanggal(value: date | datetime | str | None, zone: str = "WIB") -> str:
    """ "21 November 2026"; a moment is first put on the wall calendar of the zone."""
    if not value:
        return "–"
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = clock.local(value, zone).date()
    return _day(value, "d MMMM yyyy")


def _day(value: date, pattern: str) -> str:
    return _written(value, pattern, language())


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, locale: str) -> str:
    """A date in a language: taking a pattern apart costs more than the row it stands in."""
    return str(format_date(value, pattern, locale=locale))


def hari(value: date) -> str:
    """ "Senin, 20 Juli 2026"."""
    return _day(value, "EEEE, d MMMM yyyy")


def bulan(value: date) -> str:
    """ "Juli 2026"."""
    return _day(value, "MMMM yyyy")


def tanggal_pendek(value: date | datetime | None, zone: str = "WIB") -> str:
    """ "21 Nov"."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = clock.local(value, zone).date()
    return _day(value, "d MMM")


def waktu(value: datetime | None, zone: str = "WIB") -> str:
    """ "21 November 2026, 14.20 WIB"."""
    if value is None:
        return "–"
    there = clock.local(value, zone)
    return f"{_day(there.date(), 'd MMMM yyyy')}, {_time_of_day(there)} {zone}"


def jam(value: datetime, zone: str = "WIB") -> str:
    """ "14.20"; "14:20" in English."""
    return _time_of_day(clock.local(value, zone))


def bertanggal(source: str) -> str:
    """A source with the day of each text it names: "PermenPANRB 6/2022 hlm. 65 (3 Februari 2022)". Texts of which
    only the year is known carry it in their name."""
    known = [origin for origin in rulebook.texts_of(source) if origin.enacted]
    if not known:
        return source
    days = [tanggal(origin.enacted) for origin in known]
    if len(known) > 1:
        days = [f"{origin.name}: {day}" for origin, day in zip(known, days, strict=True)]
    return f"{source} ({'; '.join(days)})"


def angka(value: Decimal | int | str | None, places: int | None = None) -> str:
    """ "1.234,5": decimal comma and thousands dot in Indonesian, the other way round in English; missing is "–"."""
    if value is None or value == "":
        return "–"
    number = Decimal(str(value))
    text = f"{number:,f}" if places is None else f"{number:,.{places}f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if language() == "en":
        return text
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def isian(value: Decimal | str | None) -> str:
    """A number as it is typed into a field: decimal comma, no thousands dot; empty when missing."""
    if value is None or value == "":
        return ""
    text = format(Decimal(str(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",")


def kalimat(template: str, params: Mapping[str, Any] | None = None) -> str:
    """A stored template in the reader's language with its parameters filled in; nested templates too."""
    values: dict[str, Any] = dict(params or {})
    if "document_template" in values:
        values["document"] = kalimat(values["document_template"], values.get("document_params"))
    for name in WORDS.intersection(values):
        if isinstance(values[name], str):
            values[name] = _worded(values[name])
    for name, value in values.items():
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            values[name] = _day_or_text(value)
    text = word(template)
    return text % values if values else text


def _day_or_text(text: str) -> str:
    """A day in words; what only looks like one stays as it was written."""
    try:
        return tanggal(text)
    except ValueError:
        return text


def _worded(text: str) -> str:
    """A label, or several with a mark between them, in the reader's language."""
    whole = word(text)
    return whole if whole != text else "".join(word(piece) for piece in BETWEEN.split(text))


def _time_of_day(there: datetime) -> str:
    mark = ":" if language() == "en" else "."
    return f"{there:%H}{mark}{there:%M}"


def predikat(code: str | None) -> str:
    return gettext(PREDICATES[code]) if code else "–"


def hubungan(code: str) -> str:
    """What a relation is called to people."""
    return gettext(LABELS[Relation(code)]) if code in set(Relation) else "–"


def init_app(app: Flask) -> None:
    for function in (
        tanggal,
        bertanggal,
        hari,
        bulan,
        tanggal_pendek,
        waktu,
        jam,
        angka,
        isian,
        kalimat,
        predikat,
        hubungan,
    ):
        app.add_template_filter(function)
