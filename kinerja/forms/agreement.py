"""A Perjanjian Kinerja as it is typed: texts, objectives with their IKU, initiatives, budget and risks."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from kinerja.forms.base import BaseForm
from kinerja.forms.evaluation import EventForm
from kinerja.forms.fields import AngkaField, TanggalField, options
from kinerja.forms.planning_fields import CONSOLIDATIONS, CONTROLS, POLARITIES, VALIDITIES, Ticks
from kinerja.forms.tree import Entry, Part, TreeForm

CASCADING = (
    ("", _("Tidak diturunkan dari atas")),
    ("fully", _("Diturunkan utuh, target sama")),
    ("partially", _("Diturunkan sebagian")),
)
STEP_KINDS = (("rutin", _("Rutin")), ("transformatif", _("Transformatif")))


class PkHead(BaseForm):
    pledge = TextAreaField(_("Pernyataan kesanggupan"), [Length(max=4000)])
    vision = TextAreaField(_("Visi"), [Length(max=2000)])
    mission = TextAreaField(_("Misi"), [Length(max=4000)])
    purpose = TextAreaField(_("Tujuan"), [Length(max=4000)])
    place = StringField(_("Tempat penandatanganan"), [Length(max=80)])


class ObjectiveForm(BaseForm):
    code = StringField(_("Kode sasaran"), [Length(max=20)])
    perspective = SelectField(_("Perspektif"))
    statement = TextAreaField(_("Sasaran strategis"), [Length(max=2000)])
    narrative = TextAreaField(_("Uraian"), [Length(max=4000)])
    owner = StringField(_("Pemilik sasaran"), [Length(max=200)])
    causes = Ticks(_("Mendukung sasaran"))


class IkuForm(BaseForm):
    code = StringField(_("Kode IKU"), [Length(max=20)])
    name = TextAreaField(_("Indikator kinerja utama"), [Length(max=2000)])
    target = AngkaField(_("Target setahun"), [Optional()])
    unit = StringField(_("Satuan"), [Length(max=60)])
    polarity = SelectField(_("Arah"), choices=options(POLARITIES))
    consolidation = SelectField(_("Perhitungan antarperiode"), choices=options(CONSOLIDATIONS))
    validity = SelectField(_("Validitas (K3)"), choices=options(VALIDITIES))
    control = SelectField(_("Tingkat kendali (K3)"), choices=options(CONTROLS))
    parent = SelectField(_("Sub-IKU dari"))
    cascading = SelectField(_("Diturunkan dari unit di atas"), choices=options(CASCADING))
    mandatory = BooleanField(_("Wajib bagi unit di bawah"))


class BudgetForm(BaseForm):
    programme = StringField(_("Program atau kegiatan"), [Length(max=300)])
    code = StringField(_("Kode anggaran"), [Length(max=40)])
    amount = AngkaField(_("Pagu (rupiah)"), [Optional()], places=0)
    note = StringField(_("Keterangan"), [Length(max=300)])


class RiskForm(BaseForm):
    risk = StringField(_("Risiko"), [Length(max=500)])
    cause = StringField(_("Penyebab"), [Length(max=500)])
    impact = StringField(_("Dampak"), [Length(max=500)])
    mitigation = TextAreaField(_("Rencana mitigasi"), [Length(max=1000)])
    owner = StringField(_("Pemilik risiko"), [Length(max=200)])
    due = TanggalField(_("Batas mitigasi"), [Optional()])


class StepForm(BaseForm):
    kind = SelectField(_("Sifat"), choices=options(STEP_KINDS))
    activity = StringField(_("Kegiatan kunci"), [Length(max=500)])
    output = StringField(_("Keluaran kunci"), [Length(max=500)])
    starts = TanggalField(_("Mulai"), [Optional()])
    ends = TanggalField(_("Selesai"), [Optional()])
    risk = StringField(_("Risiko terkait"), [Length(max=300)])


class InitiativeForm(BaseForm):
    title = StringField(_("Judul inisiatif strategis"), [Length(max=300)])
    objective = SelectField(_("Sasaran strategis"))
    indicators = Ticks(_("IKU yang didukung"))
    purpose = TextAreaField(_("Tujuan"), [Length(max=1000)])
    owner = StringField(_("Pemilik"), [Length(max=200)])
    parties = StringField(_("Pihak yang terlibat"), [Length(max=300)])
    beneficiaries = StringField(_("Penerima manfaat"), [Length(max=300)])
    budget = AngkaField(_("Anggaran (rupiah)"), [Optional()], places=0)


IKU = Part(
    "iku", IkuForm, "iku",
    {"code": "kode", "name": "nama", "target": "target", "unit": "satuan", "polarity": "polarisasi",
     "consolidation": "konsolidasi", "validity": "validitas", "control": "kendali", "parent": "induk",
     "cascading": "cascading", "mandatory": "wajib"},
    says=("code", "name"), slots=True, numbers=("target",),
)  # fmt: skip
OBJECTIVE = Part(
    "objective", ObjectiveForm, "sasaran",
    {"code": "kode", "perspective": "perspektif", "statement": "pernyataan", "narrative": "narasi",
     "owner": "pemilik", "causes": "sebab"},
    says=("code", "statement"), parts=(IKU,),
)  # fmt: skip
STEP = Part(
    "step", StepForm, "tahapan",
    {"kind": "jenis", "activity": "kegiatan", "output": "keluaran", "starts": "mulai", "ends": "selesai",
     "risk": "risiko"},
    says=("activity", "output"), days=("starts", "ends"),
)  # fmt: skip
INITIATIVE = Part(
    "initiative", InitiativeForm, "inisiatif",
    {"title": "judul", "objective": "ss", "indicators": "iku", "purpose": "tujuan", "owner": "pemilik",
     "parties": "pihak", "beneficiaries": "penerima", "budget": "anggaran"},
    says=("title",), parts=(STEP,), numbers=("budget",),
)  # fmt: skip
BUDGET = Part(
    "budget", BudgetForm, "anggaran",
    {"programme": "program", "code": "kode", "amount": "pagu", "note": "keterangan"},
    says=("programme", "code"), numbers=("amount",),
)  # fmt: skip
RISK = Part(
    "risk", RiskForm, "risiko",
    {"risk": "risiko", "cause": "penyebab", "impact": "dampak", "mitigation": "mitigasi", "owner": "pemilik",
     "due": "tanggal"},
    says=("risk", "mitigation"), days=("due",),
)  # fmt: skip
PARTS = (OBJECTIVE, INITIATIVE, BUDGET, RISK)
# Fields that name other lines, and of which kind.
REFERS = {
    ("objective", "causes"): "objective", ("iku", "parent"): "iku", ("initiative", "objective"): "objective",
    ("initiative", "indicators"): "iku",
}  # fmt: skip
HEAD = {"pledge": "pernyataan", "vision": "visi", "mission": "misi", "purpose": "tujuan", "place": "tempat"}


class PkForm(TreeForm):
    """The whole PK on one page. `perspectives` are (code, name) of the rule set."""

    def __init__(
        self,
        content: Mapping[str, Any],
        slots: Sequence[str],
        perspectives: Sequence[tuple[str, str]],
        locked: frozenset[str] = frozenset(),
        formdata: Any = None,
    ):
        head = PkHead(formdata, data={name: content[stored] for name, stored in HEAD.items()})
        chosen = options([("", gettext("Pilih perspektif")), *perspectives])
        super().__init__(
            head, PARTS, content, formdata, slots, {("objective", "perspective"): chosen}, locked
        )
        self._offer()

    def _offer(self) -> None:
        """What refers to another line may be chosen among the lines that are on the page."""
        objectives = self.entries["objective"]
        named = [(one.key, _name(one, "code", "statement")) for one in objectives]
        indicators = [iku for one in objectives for iku in one.inside["iku"]]
        ikus = [(iku.key, _name(iku, "code", "name")) for iku in indicators]
        for one in objectives:
            one.form.causes.choices = options(pair for pair in named if pair[0] != one.key)
            for iku in one.inside["iku"]:
                others = [pair for pair in ikus if pair[0] != iku.key]
                iku.form.parent.choices = options([("", gettext("Bukan sub-IKU")), *others])
        for initiative in self.entries["initiative"]:
            initiative.form.objective.choices = options([("", gettext("Pilih sasaran")), *named])
            initiative.form.indicators.choices = options(ikus)

    def obey(self, do: str) -> None:
        super().obey(do)
        self._offer()

    def change(self) -> dict[str, Any]:
        found = super().change()
        return found | {stored: self.head[name].data for name, stored in HEAD.items()}


def _name(entry: Entry, *names: str) -> str:
    """What a line is called in a list of choices: its code and the beginning of its text."""
    words = " ".join(str(entry.form[name].data or "").strip() for name in names).strip()
    return f"{words[:77]}..." if len(words) > 80 else words or gettext("Belum diisi")


class TakeNoteForm(EventForm):
    number = StringField(_("Nomor risalah Komite Eksekutif"), [InputRequired(), Length(max=120)])
    on = TanggalField(_("Tanggal risalah"), [InputRequired()])
