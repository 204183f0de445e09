"""The realisation as it is typed: `item-<indicator key>-value|narrative|obstacle|note`, evidence, and its refusal.

A form holds the fields that were sent, or those the page asks for; what was not sent stays as it is stored.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FileField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from kinerja.forms.base import GUARDS, BaseForm, UnknownField
from kinerja.forms.fields import AngkaField, options
from kinerja.forms.tree import Part

VALUE, NARRATIVE, OBSTACLE, NOTE = "value", "narrative", "obstacle", "note"
_DETACH = re.compile(r"([a-z0-9]{1,12}):([a-z2-7]{16})")
# What every form of an event may carry beside its own fields.
_ALSO = frozenset({"do", "note"})


def _value() -> Any:
    return AngkaField(_("Realisasi"), [Optional()])


def _narrative() -> Any:
    return TextAreaField(_("Uraian progres"), [Length(max=4000)], render_kw={"rows": 3})


def _obstacle() -> Any:
    return TextAreaField(_("Kendala atau alasan"), [Length(max=2000)], render_kw={"rows": 2})


def _note() -> Any:
    return TextAreaField(_("Catatan untuk indikator ini"), [Length(max=2000)], render_kw={"rows": 2})


_MAKERS = {VALUE: _value, NARRATIVE: _narrative, OBSTACLE: _obstacle, NOTE: _note}


class EntriesForm:
    """Fields per indicator, all of one page. `stored`: key -> {part: value} as it stands."""

    parts: tuple[str, ...] = ()
    makers: Mapping[str, Any] = _MAKERS
    numbers: tuple[str, ...] = (VALUE,)

    def __init__(self, stored: Mapping[str, Mapping[str, Any]], formdata: Any = None):
        self._sent = formdata
        holder = BaseForm()
        self._fields: dict[str, dict[str, Any]] = {}
        for key, values in stored.items():
            for part in self.parts:
                if part not in values:
                    continue
                field = self.makers[part]().bind(holder, f"item-{key}-{part}")
                field.process(formdata, values[part])
                if part not in self.numbers and field.data is None:
                    field.data = ""
                self._fields.setdefault(key, {})[part] = field

    def fields(self) -> Iterator[Any]:
        """Every field, in the order of the page."""
        for parts in self._fields.values():
            yield from parts.values()

    def __iter__(self) -> Iterator[Any]:
        return self.fields()

    def of(self, key: str) -> Mapping[str, Any]:
        """The fields of one indicator: part -> field."""
        return self._fields.get(key, {})

    def validate(self) -> bool:
        """Check the shape of what was typed. Raises UnknownField."""
        known = {field.name for field in self.fields()} | GUARDS | _ALSO
        if unknown := set(self._sent or ()) - known:
            raise UnknownField(unknown)
        checked = [field.validate(BaseForm()) for field in self.fields() if self._was_sent(field)]
        return all(checked)

    def _was_sent(self, field: Any) -> bool:
        return self._sent is not None and field.name in self._sent

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field id, message) of everything wrong, in the order of the page."""
        return [(field.id, str(error)) for field in self.fields() for error in field.errors]

    def change(self) -> dict[str, Any]:
        """What was sent, by indicator; empty when the button alone was pressed."""
        items = {
            key: sent
            for key, parts in self._fields.items()
            if (sent := {part: field.data for part, field in parts.items() if self._was_sent(field)})
        }
        return {"items": items} if items else {}


class RealisationForm(EntriesForm):
    """The employee's entries. The button `do` = "detach:<indicator key>:<evidence>" takes a piece of evidence off."""

    parts = (VALUE, NARRATIVE, OBSTACLE)

    @property
    def do(self) -> str:
        return str(self._sent.get("do", "")) if self._sent is not None else ""

    def change(self) -> dict[str, Any]:
        change = super().change()
        verb, _sep, what = self.do.partition(":")
        if verb == "detach" and (match := _DETACH.fullmatch(what)):
            change["detach"] = [{"item": match[1], "evidence": match[2]}]
        return change


class WordsForm(BaseForm):
    """One indicator as a row of a workbook, where words stand in the place of numbers."""

    narrative = TextAreaField(_("Uraian progres"), [Length(max=4000)])
    obstacle = TextAreaField(_("Kendala atau alasan"), [Length(max=2000)])


class EntryForm(WordsForm):
    """The same with its number."""

    value = AngkaField(_("Realisasi"), [Optional()])


def entry_part(qualitative: bool) -> Part:
    """The rows of a realisation on its sheet."""
    words = {"narrative": "uraian", "obstacle": "kendala"}
    if qualitative:
        return Part("entry", WordsForm, "realisasi", words, says=("narrative",))
    return Part(
        "entry",
        EntryForm,
        "realisasi",
        {"value": "realisasi"} | words,
        says=("narrative",),
        numbers=("value",),
    )


class ReturnForm(EntriesForm):
    """The penilai's notes per indicator; the note of the whole return stands beside them."""

    parts = (NOTE,)


class Ticks(SelectMultipleField):
    """Several of a few, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UnreadableForm(BaseForm):
    """Which piece of evidence cannot be opened, and what was seen instead."""

    evidence = SelectField(
        _("Bukti yang tidak dapat dibuka"), [InputRequired(_("Pilih bukti yang dimaksud."))]
    )
    detail = TextAreaField(
        _("Apa yang terjadi"),
        [Length(max=2000)],
        description=_("Misalnya: tautan meminta hak akses, berkas kosong."),
        render_kw={"rows": 2},
    )

    def __init__(self, formdata: Any, choices: Sequence[tuple[str, str]], chosen: str = ""):
        super().__init__(formdata, data={"evidence": chosen})
        self._sent = formdata
        self.evidence.choices = options(choices)

    def validate(self, extra_validators: Any = None) -> bool:
        self.refuse_unknown(self._sent or (), also=_ALSO)
        return bool(super().validate(extra_validators))

    def change(self) -> dict[str, Any]:
        return {"evidence": self.evidence.data, "note": self.detail.data}


class EvidenceForm(BaseForm):
    """One piece of evidence for one or several indicators: a new file, an address, or one brought before."""

    items = Ticks(_("Untuk indikator"), [InputRequired(_("Pilih sedikitnya satu indikator."))])
    shows = RadioField(
        _("Menunjukkan"),
        [InputRequired()],
        choices=options((("hasil", _("Hasil akhir")), ("progres", _("Progres")))),
        default="hasil",
    )
    file = FileField(
        _("Berkas"),
        description=_("PDF, PNG, JPEG, DOCX, XLSX, PPTX, CSV, atau TXT, paling besar 10 MB."),
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.csv,.txt"},
    )
    url = StringField(
        _("atau tautan"),
        [Length(max=1000)],
        description=_("Berawal https://. Pastikan penilai dapat membukanya."),
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    name = StringField(_("Nama tautan"), [Length(max=200)])
    existing = SelectField(_("atau bukti yang sudah ada"), [Optional()])

    def __init__(
        self,
        formdata: Any,
        indicators: Sequence[tuple[str, str]],
        existing: Iterable[tuple[str, str]],
        chosen: Sequence[str] = (),
        raw_data: bool = False,
    ):
        super().__init__(formdata, data={"items": list(chosen), "shows": "hasil", "existing": ""})
        self._sent = formdata
        if raw_data:
            self.shows.choices = [*self.shows.choices, *options((("data", _("Data mentah")),))]
        self.items.choices = options(indicators)
        self.existing.choices = options([("", _("Tidak memakai bukti lama")), *existing])

    def validate(self, extra_validators: Any = None) -> bool:
        self.refuse_unknown(self._sent or (), also=_ALSO)
        return bool(super().validate(extra_validators))
