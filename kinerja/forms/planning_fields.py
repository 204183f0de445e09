"""The fields of an SKP's rows, indicators and Lampiran lines, with the words one may choose from."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import AngkaField, options

ASPECTS = (
    ("kuantitas", _("Kuantitas")),
    ("kualitas", _("Kualitas")),
    ("waktu", _("Waktu")),
    ("biaya", _("Biaya")),
)
POLARITIES = (
    ("maximize", _("Makin besar makin baik")),
    ("minimize", _("Makin kecil makin baik")),
    ("stabilize", _("Makin dekat target makin baik")),
)
CONSOLIDATIONS = (
    ("sum", _("Dijumlahkan")),
    ("average", _("Rata-rata")),
    ("take_last_known", _("Nilai terakhir")),
)
SOURCES = (
    ("", _("Pilih sumber")),
    ("PK", _("Perjanjian Kinerja")),
    ("Renstra", _("Renstra")),
    ("RKT", _("RKT")),
    ("Direktif", _("Direktif")),
    ("Rencana Aksi/Inisiatif Strategis", _("Rencana aksi atau inisiatif strategis")),
    ("Penugasan", _("Penugasan")),
)
PERSPECTIVES = (
    ("", _("Pilih perspektif")),
    ("penerima_layanan", _("Penerima Layanan")),
    ("proses_bisnis", _("Proses Bisnis")),
    ("penguatan_internal", _("Penguatan Internal")),
    ("anggaran", _("Anggaran")),
)
# Where the law gives the last two one name, a row says which of them it is, or is asked (SKP-20).
JOINED_PERSPECTIVES = (
    *PERSPECTIVES[:3],
    ("penguatan_internal_dan_anggaran", _("Penguatan Internal dan Anggaran")),
    ("penguatan_internal", _("Penguatan Internal dan Anggaran: bagian penguatan internal")),
    ("anggaran", _("Penguatan Internal dan Anggaran: bagian anggaran")),
)
ABSOLUTE = (
    ("", _("Tidak ada")),
    ("nyawa", _("Menyangkut nyawa")),
    ("cedera", _("Menyangkut cedera")),
    ("keamanan_nasional", _("Menyangkut keamanan nasional")),
    ("kerugian_moneter_besar", _("Menyangkut kerugian moneter yang besar")),
)
QUALITIES = (
    ("", _("Belum dipilih")),
    ("outcome", _("Outcome")),
    ("outcome_antara", _("Outcome antara")),
    ("output_kendali_rendah", _("Output kendali rendah")),
    ("output_kendali_sedang", _("Output kendali sedang")),
    ("output_kendali_tinggi", _("Output kendali tinggi")),
)
VALIDITIES = (
    ("", _("Belum dipilih")),
    ("exact", _("Exact, mengukur langsung")),
    ("proxy", _("Proxy, mengukur tidak langsung")),
    ("activity", _("Activity, mengukur kegiatan")),
)
CONTROLS = (
    ("", _("Belum dipilih")),
    ("high", _("Tinggi")),
    ("moderate", _("Sedang")),
    ("low", _("Rendah")),
)
CATEGORIES = (
    ("", _("Pilih jenis")),
    ("SDM", _("SDM")),
    ("anggaran", _("Anggaran")),
    ("peralatan kerja", _("Peralatan kerja")),
    ("pendampingan Pimpinan", _("Pendampingan pimpinan")),
    ("sarana prasarana", _("Sarana dan prasarana")),
    ("lainnya", _("Lainnya")),
)
BLOCKS = (
    ("dukungan", _("Dukungan sumber daya")),
    ("pertanggungjawaban", _("Skema pertanggungjawaban")),
    ("konsekuensi_positif", _("Konsekuensi positif")),
    ("konsekuensi_negatif", _("Konsekuensi negatif")),
)


class Ticks(SelectMultipleField):
    """Several of a few, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RowForm(BaseForm):
    rhk = TextAreaField(_("Rencana hasil kerja"), [Length(max=2000)])
    rhk_intervened = TextAreaField(_("Rencana hasil kerja pimpinan yang diintervensi"), [Length(max=2000)])
    assigned_by = StringField(_("Penugasan dari"), [Length(max=200)])
    source = SelectField(_("Sumber"), choices=options(SOURCES))
    perspective = SelectField(_("Perspektif"), choices=options(PERSPECTIVES))
    absolute_reason = SelectField(_("Alasan target mutlak"), choices=options(ABSOLUTE))
    lint_reason = StringField(_("Alasan melewati peringatan"), [Length(max=300)])


class IndicatorForm(BaseForm):
    text = TextAreaField(_("Indikator kinerja individu"), [Length(max=2000)])
    aspects = Ticks(_("Aspek"), choices=options(ASPECTS))
    target = AngkaField(_("Target"), [Optional()])
    unit = StringField(_("Satuan"), [Length(max=60)])
    target_text = TextAreaField(_("Ukuran keberhasilan dan target"), [Length(max=2000)])
    polarity = SelectField(_("Arah"), choices=options(POLARITIES))
    consolidation = SelectField(_("Perhitungan antarperiode"), choices=options(CONSOLIDATIONS))
    quality = SelectField(_("Kualitas dan tingkat kendali"), choices=options(QUALITIES))
    validity = SelectField(_("Validitas (K3)"), choices=options(VALIDITIES))
    control = SelectField(_("Tingkat kendali (K3)"), choices=options(CONTROLS))


class LineForm(BaseForm):
    category = SelectField(_("Jenis"), choices=options(CATEGORIES))
    text = TextAreaField(_("Uraian"), [Length(max=1000)])
    schedule = StringField(_("Jadwal"), [Length(max=60)])
    data = StringField(_("Data atau bukti"), [Length(max=200)])
    data_source = StringField(_("Sumber data"), [Length(max=200)])
    agreed = SelectField(
        _("Disepakati"), choices=options((("", _("Belum dibahas")), ("ya", _("Ya")), ("tidak", _("Tidak"))))
    )


class HeadForm(BaseForm):
    approach = RadioField(
        _("Pendekatan"),
        choices=options((("kuantitatif", _("Kuantitatif")), ("kualitatif", _("Kualitatif")))),
        validators=[InputRequired()],
    )
