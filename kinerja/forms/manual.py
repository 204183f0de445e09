"""A manual indikator as it is typed: what Format A.1.3 asks first, then what the ministry asks beside it."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import AngkaField, options
from kinerja.forms.planning_fields import ASPECTS, CONSOLIDATIONS, CONTROLS, POLARITIES, QUALITIES, VALIDITIES

UNCHOSEN = ("", _("Belum dipilih"))
REPORTING = (
    UNCHOSEN,
    ("bulanan", _("Bulanan")),
    ("triwulanan", _("Triwulanan")),
    ("semesteran", _("Semesteran")),
    ("tahunan", _("Tahunan")),
)
CASCADING_KINDS = (
    UNCHOSEN,
    ("cascading_peta", _("Cascading peta strategi")),
    ("cascading_nonpeta", _("Cascading nonpeta")),
    ("non_cascading", _("Tidak diturunkan")),
)
CASCADING_METHODS = (
    UNCHOSEN,
    ("direct", _("Langsung (direct)")),
    ("indirect", _("Tidak langsung (indirect)")),
)
LOCATIONS = (UNCHOSEN, *CONSOLIDATIONS, ("raw_data", _("Dihitung ulang dari data mentah")))
TARGET_STATUSES = (
    UNCHOSEN,
    ("lama", _("Lama: indikator tahun lalu juga")),
    ("baru_tanpa_riwayat", _("Baru, tanpa riwayat")),
    ("baru_dengan_riwayat", _("Baru, dengan riwayat realisasi")),
    ("mandatory", _("Wajib dari unit di atas")),
    ("ditetapkan_peraturan", _("Ditetapkan peraturan")),
    ("target_maksimum", _("Target sudah maksimum")),
    ("stabil", _("Target stabil")),
)
# Form field -> name in contents.
NAMES = {
    "purpose": "tujuan", "definition": "definisi", "formula": "formula", "measure": "satuan", "quality": "kualitas",
    "data_source": "sumber_data", "reporting": "periode_pelaporan", "cascading_kind": "jenis_cascading",
    "cascading_method": "metode_cascading", "aspect": "aspek", "validity": "validitas", "control": "kendali",
    "owner": "penanggung_jawab", "provider": "penyedia_data", "polarity": "polarisasi", "consolidation": "konsolidasi",
    "location": "konsolidasi_lokasi", "cannot_exceed": "konversi_120", "scale": "skala", "worst": "realisasi_terburuk",
    "target_status": "status_target", "target_y1": "target_tahun_lalu", "realisation_y1": "realisasi_tahun_lalu",
}  # fmt: skip


class ManualForm(BaseForm):
    """All fields of one version, on one page."""

    purpose = TextAreaField(_("Tujuan"), [Length(max=4000)], description=_("Mengapa hal ini perlu diukur."))
    definition = TextAreaField(
        _("Definisi"),
        [Length(max=8000)],
        description=_("Apa yang dihitung, apa yang tidak, dan batas istilahnya."),
    )
    formula = TextAreaField(
        _("Formula"),
        [Length(max=4000)],
        description=_("Misalnya: laporan tepat waktu / semua laporan x 100."),
    )
    measure = StringField(_("Satuan pengukuran"), [Length(max=60)])
    quality = SelectField(_("Kualitas dan tingkat kendali"), choices=options(QUALITIES))
    data_source = TextAreaField(_("Sumber data"), [Length(max=2000)])
    reporting = SelectField(_("Periode pelaporan"), choices=options(REPORTING))
    polarity = SelectField(_("Polarisasi"), choices=options([UNCHOSEN, *POLARITIES]))
    consolidation = SelectField(_("Konsolidasi periode"), choices=options([UNCHOSEN, *CONSOLIDATIONS]))
    aspect = SelectField(_("Aspek target"), choices=options([UNCHOSEN, *ASPECTS]))
    validity = SelectField(_("Validitas (K3)"), choices=options(VALIDITIES))
    control = SelectField(_("Tingkat kendali (K3)"), choices=options(CONTROLS))
    cascading_method = SelectField(_("Metode cascading"), choices=options(CASCADING_METHODS))
    cascading_kind = SelectField(_("Jenis cascading"), choices=options(CASCADING_KINDS))
    location = SelectField(_("Konsolidasi lokasi"), choices=options(LOCATIONS))
    owner = StringField(_("Penanggung jawab"), [Length(max=200)])
    provider = StringField(_("Penyedia data"), [Length(max=200)])
    target_status = SelectField(_("Status target"), choices=options(TARGET_STATUSES))
    target_y1 = AngkaField(_("Target tahun lalu"), [Optional()])
    realisation_y1 = AngkaField(_("Realisasi tahun lalu"), [Optional()])
    scale = TextAreaField(
        _("Skala konversi"), [Length(max=1000)],
        description=_("Satu titik per baris, capaian lalu indeks: 90 = 100. Wajib bila makin dekat target makin baik."),
    )  # fmt: skip
    worst = AngkaField(
        _("Realisasi terburuk"), [Optional()],
        description=_("Wajib bila makin kecil makin baik dan targetnya nol; lebih besar dari nol."),
    )  # fmt: skip
    cannot_exceed = BooleanField(
        _("Konversi 120: realisasi tidak mungkin melampaui target, misalnya opini WTP")
    )

    def validate_worst(self, field: Any) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(gettext("Realisasi terburuk harus lebih besar dari nol."))

    def change(self) -> dict[str, Any]:
        """What was typed, by the names that contents use."""
        return {stored: self[name].data for name, stored in NAMES.items()}
