"""The nilai organisasi as it is typed: its materials, a value by SKEP, and what is determined."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from kinerja.forms.evaluation import ORG_PREDICATES, EventForm
from kinerja.forms.fields import AngkaField, TanggalField, options


class MaterialsForm(EventForm):
    """What goes with the figures: the report, the initiatives, and why something is missing."""

    report = StringField(
        _("Laporan capaian kinerja (LCK)"), [Length(max=1000)],
        description=_("Nomor atau tautannya. Data mentah dan bukti dilampirkan pada realisasi IKU."),
    )  # fmt: skip
    initiatives = TextAreaField(
        _("Kemajuan inisiatif strategis"), [Length(max=4000)], render_kw={"rows": 4},
        description=_("Kemajuan per kegiatan kunci dibaca dari PK; tulis di sini bila ada yang belum dicatat di sana."),
    )  # fmt: skip
    provisional_reason = TextAreaField(
        _("Alasan bila nilainya sementara"), [Length(max=2000)], render_kw={"rows": 2},
        description=_("Wajib bila ada realisasi yang belum ada atau belum divalidasi."),
    )  # fmt: skip


class DecreeValueForm(EventForm):
    """An NKO that was fixed by SKEP: it wins over the computed one."""

    nko = AngkaField(
        _("Nilai Kinerja Organisasi (NKO)"), [InputRequired(_("Isi NKO."))], description=_("0 sampai 120.")
    )
    decree_number = StringField(_("Nomor SKEP"), [InputRequired(_("Isi nomor SKEP.")), Length(max=120)])
    decree_date = TanggalField(_("Tanggal SKEP"), [InputRequired(_("Isi tanggal SKEP."))])


class DetermineForm(EventForm):
    """The predicate of the organisation; another one than the proposed needs a reason."""

    predicate = RadioField(
        _("Predikat kinerja organisasi"), [InputRequired(_("Pilih predikat organisasi."))],
        choices=options(ORG_PREDICATES),
        description=_("Berlaku bagi evaluasi semua pegawai UPK ini pada periode ini."),
    )  # fmt: skip
    reason = TextAreaField(
        _("Alasan bila berbeda dari usulan"), [Length(max=2000)], render_kw={"rows": 3},
        description=_("Dibaca Pimpinan UPK, pengelola, dan pegawai unit."),
    )  # fmt: skip
