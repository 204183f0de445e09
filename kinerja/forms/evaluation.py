"""Evaluation and objection as they are typed. `change()` gives plain values for the services.

The desk's fields per hasil kerja are `rows-<id>-status|feedback`, per value `values-<code>-status|feedback`. A form
changes only what was sent, so that half a page can save itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from kinerja.forms.base import GUARDS, BaseForm, UnknownField
from kinerja.forms.fields import AngkaField, TanggalField
from kinerja.forms.monitoring import Ticks

RATINGS = (
    ("diatas", _("Diatas Ekspektasi")),
    ("sesuai", _("Sesuai Ekspektasi")),
    ("dibawah", _("Dibawah Ekspektasi")),
)
STATUSES = (("", _("Belum dinilai")), *RATINGS)
ORG_PREDICATES = (
    ("istimewa", _("Istimewa")),
    ("baik", _("Baik")),
    ("butuh_perbaikan", _("Butuh Perbaikan")),
    ("kurang", _("Kurang")),
    ("sangat_kurang", _("Sangat Kurang")),
)
LOW_PREDICATES = (
    ("", _("Menurut kuadran")),
    ("kurang", _("Kurang (Misconduct)")),
    ("sangat_kurang", _("Sangat Kurang")),
)
CALIBRATION_REASONS = (
    ("bukti", _("Tidak didukung bukti")),
    ("sebanding", _("Tidak sebanding dengan pegawai lain pada unit ini")),
    ("umpan_balik", _("Umpan balik belum diperhitungkan")),
    ("kontribusi", _("Tidak sesuai kontribusi pada capaian organisasi")),
    ("data", _("Data realisasi keliru")),
    ("lain", _("Alasan lain")),
)
TARGETS = (
    ("rating_hasil", _("Rating hasil kerja")),
    ("rating_perilaku", _("Rating perilaku kerja")),
    ("predikat", _("Predikat kinerja")),
    ("data", _("Data yang dipakai")),
)
_ALSO = frozenset({"do", "note", "password"})


def _options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class EventForm(BaseForm):
    """A form of one event: it refuses what it does not know and gives what was sent."""

    def __init__(self, formdata: Any = None, stored: Mapping[str, Any] | None = None):
        super().__init__(formdata, data=dict(stored or {}))
        self._sent = formdata

    def validate(self, extra_validators: Any = None) -> bool:
        self.refuse_unknown(self._sent or (), also=_ALSO)
        return bool(super().validate(extra_validators))

    def change(self) -> dict[str, Any]:
        return {name: field.data for name, field in self._fields.items()}


class HeadForm(BaseForm):
    """The ratings, their reasons and the recommendation: what stands below the evidence on the desk."""

    result_rating = RadioField(_("Rating hasil kerja"), choices=_options(RATINGS), validators=[Optional()])
    result_reason = TextAreaField(_("Alasan rating hasil kerja"), [Length(max=4000)], render_kw={"rows": 3})
    behaviour_rating = RadioField(
        _("Rating perilaku kerja"), choices=_options(RATINGS), validators=[Optional()]
    )
    behaviour_reason = TextAreaField(
        _("Alasan rating perilaku kerja"), [Length(max=4000)], render_kw={"rows": 3}
    )
    study_leave_failed = BooleanField(_("Tugas belajar tidak selesai"))
    predicate = SelectField(_("Predikat"), choices=_options(LOW_PREDICATES), validators=[Optional()])
    recommendation = TextAreaField(_("Catatan dan rekomendasi"), [Length(max=4000)], render_kw={"rows": 4})
    realisation_reason = TextAreaField(
        _("Alasan menilai sebelum semua realisasi divalidasi"), [Length(max=4000)], render_kw={"rows": 2}
    )


def _status() -> Any:
    return SelectField(_("Status"), choices=_options(STATUSES), validators=[Optional()])


def _feedback() -> Any:
    return TextAreaField(_("Umpan balik"), [Length(max=4000)], render_kw={"rows": 2})


_MAKERS = {"status": _status, "feedback": _feedback}


class ProposeForm:
    """The evaluation desk. `stored` holds the head fields and, under `rows` and `values`, {status, feedback}."""

    def __init__(self, stored: Mapping[str, Any], formdata: Any = None):
        self._sent = formdata
        self.head = HeadForm(formdata, data={k: v for k, v in stored.items() if k not in ("rows", "values")})
        holder = BaseForm()
        self._lines: dict[str, dict[str, dict[str, Any]]] = {"rows": {}, "values": {}}
        for group, lines in self._lines.items():
            for key, values in stored.get(group, {}).items():
                parts: dict[str, Any] = {}
                for part, make in _MAKERS.items():
                    field = make().bind(holder, f"{group}-{key}-{part}")
                    field.process(formdata, values.get(part, ""))
                    field.data = field.data or ""
                    parts[part] = field
                lines[str(key)] = parts

    @property
    def do(self) -> str:
        """No button of the desk moves anything inside it."""
        return ""

    def row(self, key: Any) -> Mapping[str, Any]:
        """The fields of one hasil kerja."""
        return self._lines["rows"].get(str(key), {})

    def value(self, code: str) -> Mapping[str, Any]:
        """The fields of one of the seven values."""
        return self._lines["values"].get(code, {})

    def __iter__(self) -> Iterator[Any]:
        for lines in self._lines.values():
            for parts in lines.values():
                yield from parts.values()
        yield from self.head

    def validate(self) -> bool:
        """Check the shape of what was typed. Raises UnknownField."""
        known = {field.name for field in self} | GUARDS | _ALSO
        if unknown := set(self._sent or ()) - known:
            raise UnknownField(unknown)
        head = self.head.validate()
        holder = BaseForm()
        typed = [f for group in self._lines.values() for parts in group.values() for f in parts.values()]
        lines = [field.validate(holder) for field in typed]
        return bool(head and all(lines))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field id, message) of everything wrong, in the order of the page."""
        return [(field.id, str(error)) for field in self for error in field.errors]

    def change(self) -> dict[str, Any]:
        """What was sent. A tick that is not set is sent by nobody: the head as a whole says it is there."""
        sent = self._sent if self._sent is not None else {}
        change: dict[str, Any] = {
            name: field.data or "" for name, field in self.head._fields.items() if field.name in sent
        }
        if "recommendation" in sent:
            change["study_leave_failed"] = bool(self.head.study_leave_failed.data)
        else:
            change.pop("study_leave_failed", None)
        for group, lines in self._lines.items():
            found = {
                key: typed
                for key, parts in lines.items()
                if (typed := {part: field.data for part, field in parts.items() if field.name in sent})
            }
            if found:
                change[group] = found
        return change


class OrgResultForm(EventForm):
    """The predicate of the organisation for one slot, by the leader one level above it."""

    predicate = RadioField(
        _("Predikat capaian kinerja organisasi"), [InputRequired(_("Pilih predikat organisasi."))],
        choices=_options(ORG_PREDICATES),
        description=_("Berlaku bagi semua pegawai unit pemilik kinerja ini pada periode ini."),
    )  # fmt: skip
    nko = AngkaField(
        _("Nilai Kinerja Organisasi (NKO)"), [Optional()], description=_("Boleh kosong; 0 sampai 120.")
    )
    decree_number = StringField(_("Nomor penetapan"), [Length(max=120)])
    decree_date = TanggalField(_("Tanggal penetapan"), [Optional()])


class CalibrateForm(EventForm):
    """Confirm the proposal or change it; a change is read by penilai and subject with its reason."""

    result_rating = RadioField(
        _("Rating hasil kerja"), choices=_options(RATINGS), validators=[InputRequired()]
    )
    behaviour_rating = RadioField(
        _("Rating perilaku kerja"), choices=_options(RATINGS), validators=[InputRequired()]
    )
    reason_code = SelectField(
        _("Alasan perubahan"),
        choices=_options((("", _("Tidak ada perubahan")), *CALIBRATION_REASONS)),
        validators=[Optional()],
    )
    sentence = TextAreaField(
        _("Penjelasan perubahan"), [Length(max=4000)], description=_("Dibaca penilai dan pegawai yang bersangkutan."),
        render_kw={"rows": 3},
    )  # fmt: skip


class SessionForm(EventForm):
    minutes = TextAreaField(_("Bahan sidang"), [Length(max=4000)], render_kw={"rows": 4})


class DecideSessionForm(EventForm):
    """What the session decided, with who was there, the factor, the evidence and the vote."""

    present = Ticks(
        _("Anggota yang hadir"), validators=[InputRequired(_("Pilih anggota yang hadir."))], coerce=int
    )
    result_rating = RadioField(
        _("Rating hasil kerja"), choices=_options(RATINGS), validators=[InputRequired()]
    )
    behaviour_rating = RadioField(
        _("Rating perilaku kerja"), choices=_options(RATINGS), validators=[InputRequired()]
    )
    factor = StringField(_("Faktor koreksi"), [Length(max=300)])
    evidence = TextAreaField(_("Bukti"), [Length(max=4000)], render_kw={"rows": 2})
    vote = StringField(_("Suara"), [Length(max=300)])
    sentence = TextAreaField(_("Pertimbangan"), [Length(max=4000)], render_kw={"rows": 3})

    def __init__(
        self,
        formdata: Any = None,
        stored: Mapping[str, Any] | None = None,
        members: Sequence[tuple[int, str]] = (),
    ):
        super().__init__(formdata, stored)
        self.present.choices = _options(members)


class DecreeForm(EventForm):
    decree_number = StringField(_("Nomor SKEP"), [InputRequired(_("Isi nomor SKEP.")), Length(max=120)])
    decree_date = TanggalField(_("Tanggal SKEP"), [InputRequired(_("Isi tanggal SKEP."))])


class HandOverForm(EventForm):
    """A handover to somebody who did not mark the receipt himself."""

    received_on = TanggalField(
        _("Tanggal diterima menurut bukti"), [InputRequired(_("Isi tanggal pada bukti penyerahan."))]
    )
    proof = StringField(
        _("Bukti penyerahan"), [InputRequired(_("Tulis bukti penyerahan.")), Length(max=300)],
        description=_("Misalnya tanda terima, nomor resi pos, atau nama berkas pindai."),
    )  # fmt: skip


class WithEvidence(EventForm):
    """A form that points to evidence of one's own, or brings a new file or address along.

    `bring` keeps what was brought once the rest is in order: the address -> ([(id, name)], what is wrong or "").
    """

    evidence = Ticks(_("Bukti Anda di kinerja"), choices=())
    file = FileField(
        _("Berkas baru"), description=_("PDF, PNG, JPEG, DOCX, XLSX, PPTX, CSV, atau TXT, paling besar 10 MB."),
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.csv,.txt", "data-by-button": True},
    )  # fmt: skip
    url = StringField(
        _("atau tautan"), [Length(max=1000)], description=_("Berawal https://. Pastikan pemutus dapat membukanya."),
        render_kw={"inputmode": "url", "autocomplete": "off", "data-by-button": True},
    )  # fmt: skip

    def __init__(
        self,
        formdata: Any = None,
        stored: Mapping[str, Any] | None = None,
        evidence: Sequence[tuple[str, str]] = (),
        bring: Callable[[str], tuple[list[tuple[str, str]], str]] | None = None,
    ):
        super().__init__(formdata, stored)
        self.evidence.choices = _options(evidence)
        self._bring = bring

    def __iter__(self) -> Iterator[Any]:
        """An empty list of evidence is no question, and new evidence comes last."""
        last = (self.evidence, self.file, self.url) if self.evidence.choices else (self.file, self.url)
        yield from (field for field in super().__iter__() if field.name not in ("evidence", "file", "url"))
        yield from last

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        brought, wrong = self._bring(self.url.data) if self._bring else ([], "")
        if wrong:
            self.file.errors = [wrong]
            return False
        self.evidence.choices = [*self.evidence.choices, *_options(brought)]
        self.evidence.data = [*(self.evidence.data or []), *(public_id for public_id, _name in brought)]
        self.url.data = ""
        return True

    def change(self) -> dict[str, Any]:
        change = super().change()
        del change["file"], change["url"]
        return change | {"evidence": self.evidence.data or []}


class ObjectForm(WithEvidence):
    """The objection as the subject writes it."""

    targets = Ticks(_("Yang dipersoalkan"), choices=_options(TARGETS))
    reasons = TextAreaField(
        _("Alasan"), [Length(max=8000)], render_kw={"rows": 6},
        description=_("Tulis yang terjadi dan bukti yang menunjukkannya."),
    )  # fmt: skip
    request = TextAreaField(_("Yang diminta"), [Length(max=8000)], render_kw={"rows": 3})

    def change(self) -> dict[str, Any]:
        change = super().change()
        return change | {"targets": change["targets"] or []}


class ExplainForm(WithEvidence):
    """What one side explains when the decider asks both (p.117 no. 4); it may be completed until it is decided."""

    explanation = TextAreaField(
        _("Penjelasan Anda"),
        [InputRequired(_("Tulis penjelasan Anda.")), Length(max=8000)],
        render_kw={"rows": 6},
        description=_("Dibaca pemutus; pihak lain membacanya sesudah keberatan diputus."),
    )


class DecisionForm(EventForm):
    """The draft of a decision, stored as far as it has come; signing it comes afterwards, on a page that shows it."""

    decision = RadioField(
        _("Keputusan"), [Optional()],
        choices=[
            SelectChoice("menguatkan", _("Menguatkan: hasil tetap, dokumen evaluasi tetap berlaku tanpa D.1.3")),
            SelectChoice("mengubah", _("Mengubah: hanya yang dipersoalkan; terbit Format D.1.3, tiga tanda tangan")),
        ],
    )  # fmt: skip
    result_rating = SelectField(
        _("Rating hasil kerja menjadi"), choices=_options(RATINGS), validators=[Optional()]
    )
    behaviour_rating = SelectField(
        _("Rating perilaku kerja menjadi"), choices=_options(RATINGS), validators=[Optional()]
    )
    considerations = TextAreaField(
        _("Pertimbangan"), [Length(max=8000)], render_kw={"rows": 6},
        description=_("Dibaca kedua pihak; dicetak pada D.1.3 bila hasil berubah. Sebut bukti yang dipakai."),
    )  # fmt: skip
    recommendation = TextAreaField(
        _("Rekomendasi baru"), [Length(max=8000)], render_kw={"rows": 3},
        description=_("Wajib bila hasil berubah (PermenPANRB 6/2022 hlm. 118)."),
    )  # fmt: skip


class RepairForm(EventForm):
    """Which evaluation is repaired, and why."""

    number = StringField(
        _("Nomor evaluasi"), [InputRequired(_("Isi nomor evaluasi.")), Length(max=40)],
        description=_("Seperti tercetak, misalnya EVK-2026-000012."),
    )  # fmt: skip
    reason = TextAreaField(
        _("Alasan perbaikan"), [Length(max=4000)], render_kw={"rows": 4},
        description=_("Dibaca pegawai, penilai, dan penyetuju. Sebut apa yang salah dihitung."),
    )  # fmt: skip


EVENT_FORMS: dict[tuple[str, str], type[Any]] = {
    ("predicate_review", "edit"): ProposeForm,
    ("predicate_review", "propose"): ProposeForm,
    ("predicate_review", "propose_superior"): ProposeForm,
    ("predicate_review", "set_org_result"): OrgResultForm,
    ("predicate_review", "calibrate"): CalibrateForm,
    ("predicate_review", "to_session"): SessionForm,
    ("predicate_review", "decide_session"): DecideSessionForm,
    ("predicate_review", "determine"): DecreeForm,
    ("predicate_review", "hand_over"): HandOverForm,
    ("predicate_review", "object"): ObjectForm,
    ("objection", "edit"): ObjectForm,
    ("objection", "file"): ObjectForm,
    ("objection", "explain"): ExplainForm,
    ("objection", "write_decision"): DecisionForm,
}
