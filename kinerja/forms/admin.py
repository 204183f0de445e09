"""The forms of Pengaturan: opening and closing a year."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import BulatField, TanggalField

_DAY = [InputRequired(_("Isi tanggalnya."))]


class WindowForm(BaseForm):
    """The dates of one quarter, month, or the year."""

    slot = HiddenField()
    starts = TanggalField(_("Mulai"), _DAY)
    ends = TanggalField(_("Selesai"), _DAY)
    recording_opens = TanggalField(_("Perekaman dibuka"), _DAY)
    evaluation_opens = TanggalField(_("Evaluasi dibuka"), _DAY)
    record_by = TanggalField(_("Batas rekam"), _DAY)
    validate_by = TanggalField(_("Batas validasi"), _DAY)
    closes = TanggalField(_("Jendela ditutup"), _DAY)


class CorrectWindowForm(WindowForm):
    """The dates of a window of an open year, put right with a reason."""

    slot = None
    reason = TextAreaField(
        _("Alasan koreksi"),
        [DataRequired(_("Tulis alasannya.")), Length(min=10, max=1000)],
        render_kw={"rows": "3"},
    )
    confirm = HiddenField()

    def dates(self) -> dict[str, Any]:
        return {name: field.data for name, field in self._fields.items() if isinstance(field, TanggalField)}


class PrepareForm(BaseForm):
    """Which year, under which rules: asked first, so that the windows can be proposed."""

    tahun = BulatField(_("Tahun"), [InputRequired()], digits=4)
    aturan = SelectField(_("Aturan"), choices=[])
    ritme = SelectField(
        _("Ritme"),
        choices=[SelectChoice("triwulanan", _("Triwulanan")), SelectChoice("bulanan", _("Bulanan"))],
    )
    dari = SelectField(_("Salin dari"), choices=[])


class OpenPeriodForm(BaseForm):
    """A year with everything it is opened with."""

    year = BulatField(_("Tahun"), [InputRequired(_("Tulis tahunnya."))], digits=4)
    rule_set = SelectField(_("Aturan"), choices=[])
    rhythm = HiddenField()
    copied_from = HiddenField()
    review_initial_skp = RadioField(
        _("SKP awal direviu pengelola"),
        choices=[
            SelectChoice("tidak", _("Tidak, dari dialog langsung ke tanda tangan")),
            SelectChoice("ya", _("Ya, pengelola mereviu sebelum tanda tangan")),
        ],
        default="tidak",
    )
    calibration_levels = BulatField(
        _("Tingkat kalibrasi"),
        [InputRequired(_("Tulis 0 sampai 5."))],
        digits=1,
        description=_("Berapa tingkat atasan mengkalibrasi usulan predikat, 0 sampai 5."),
    )
    windows = FieldList(FormField(WindowForm))

    def field_at(self, name: str) -> Any:
        """The field a refusal speaks of: "year", or "TW1-record_by" inside the windows; None for the whole form."""
        slot, _dash, part = name.partition("-")
        for entry in self.windows.entries:
            if part and entry.form.slot.data == slot:
                # A list knows of its rows' errors only from its own validation; the summary asks it first.
                self.windows.errors = [*self.windows.errors, {part: ()}]
                return entry.form._fields.get(part)
        return None if name == "windows" else self._fields.get(name)


class ClosePeriodForm(BaseForm):
    reason = TextAreaField(
        _("Alasan menutup periode"),
        [DataRequired(_("Tulis alasan menutup periode.")), Length(max=1000)],
        render_kw={"rows": "3"},
    )
