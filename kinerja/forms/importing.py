"""The files of an import."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField

from kinerja.forms.base import BaseForm

_CSV = {"accept": ".csv,text/csv"}


class UploadForm(BaseForm):
    units = FileField(
        "unit.csv",
        description=_(
            "kode, nama, kode_induk, level, jenis, zona_waktu, pola_hari_kerja, punya_peta_strategi"
        ),
        render_kw=_CSV,
    )
    people = FileField(
        "pegawai.csv",
        description=_(
            "nip, nama, email, status, pangkat_golongan, jabatan, kelompok_jabatan, jenjang, kode_unit, nip_penilai, "
            "jenis_penempatan, mulai, selesai; bila perlu: nomor_surat, wewenang, dikecualikan_mulai, "
            "dikecualikan_selesai, dikecualikan_alasan"
        ),
        render_kw=_CSV,
    )
    roles = FileField(
        "peran.csv", description=_("nip, peran, kode_unit, mulai, selesai, nomor_sk"), render_kw=_CSV
    )


class ApplyForm(BaseForm):
    end_missing = BooleanField(_("Akhiri juga yang tidak tercantum dalam berkas"))
