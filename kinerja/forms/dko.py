"""A Dialog Kinerja Organisasi as it is typed: schedule and invitation, who was there, minutes with their actions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from kinerja.forms.base import BaseForm
from kinerja.forms.evaluation import EventForm, WithEvidence
from kinerja.forms.fields import TanggalField, options
from kinerja.forms.planning_fields import Ticks
from kinerja.forms.tree import Part, TreeForm

FORMS = (("tatap_muka", _("Tatap muka")), ("media", _("Melalui media")))
Pairs = Sequence[tuple[str, str]]
Bring = Callable[[str], tuple[list[tuple[str, str]], str]] | None


class ScheduleHead(BaseForm):
    held_on = TanggalField(_("Tanggal"), [InputRequired()])
    starts_at = StringField(
        _("Pukul"),
        [Optional(), Regexp(r"([01][0-9]|2[0-3])[.:][0-5][0-9]", message=_("Tulis misalnya 09.00."))],
    )
    form = RadioField(_("Bentuk"), [InputRequired()], choices=options(FORMS))
    place = StringField(_("Tempat atau tautan rapat"), [Length(max=200)])
    invited = Ticks(_("Yang diundang"))


class TopicForm(BaseForm):
    topic = StringField(_("Pokok bahasan"), [Length(max=300)])


TOPIC = Part("topic", TopicForm, "topik", {"topic": "topik"}, says=("topic",))


class ScheduleForm(TreeForm):
    """When, how, with whom, and what is talked about beside what is open anyway."""

    def __init__(
        self, content: Mapping[str, Any], people: Pairs, invited: Sequence[str], formdata: Any = None
    ):
        stored = {
            "held_on": content["held_on"], "starts_at": content["jam"], "form": content["bentuk"],
            "place": content["tempat"], "invited": list(invited),
        }  # fmt: skip
        head = ScheduleHead(formdata, data=stored)
        head.invited.choices = options(people)
        super().__init__(head, (TOPIC,), content, formdata)

    def change(self) -> dict[str, Any]:
        head = self.head
        return super().change() | {
            "tanggal": head["held_on"].data,
            "jam": head["starts_at"].data.replace(".", ":"),
            "bentuk": head["form"].data,
            "tempat": head["place"].data,
            "undangan": head["invited"].data or [],
        }


class HeldForm(EventForm):
    leader = RadioField(_("Dipimpin oleh"), [InputRequired()])
    present = Ticks(_("Hadir"))
    guests = TextAreaField(_("Peserta lain"), [Length(max=2000)], render_kw={"rows": 2})

    def __init__(self, leaders: Pairs, people: Pairs, invited: Sequence[str], formdata: Any = None):
        stored = {"leader": leaders[0][0] if leaders else "", "present": list(invited)}
        super().__init__(formdata, stored)
        self.leader.choices, self.present.choices = options(leaders), options(people)

    def change(self) -> dict[str, Any]:
        return {
            "pimpinan": self.leader.data, "peserta": self.present.data or [], "tamu": self.guests.data,
        }  # fmt: skip


class MinutesHead(BaseForm):
    minutes = TextAreaField(_("Notulen"), [Length(max=20000)])


class DecisionForm(BaseForm):
    text = TextAreaField(_("Arahan"), [Length(max=2000)])


class ActionForm(BaseForm):
    text = StringField(_("Rencana aksi"), [Length(max=500)])
    owner = SelectField(_("Penanggung jawab"))
    due = TanggalField(_("Batas waktu"), [Optional()])


class BackForm(BaseForm):
    due = TanggalField(_("Batas waktu baru"), [Optional()])


ACTION = Part(
    "action", ActionForm, "aksi", {"text": "uraian", "owner": "pj", "due": "tanggal"}, says=("text",), days=("due",)
)  # fmt: skip
DECISION = Part("decision", DecisionForm, "arahan", {"text": "arahan"}, says=("text",), parts=(ACTION,))
BACK = Part("back", BackForm, "kembali", {"due": "tanggal"}, says=(), days=("due",))


class MinutesForm(TreeForm):
    """Minutes, arahan with their actions, and a new day for what came back from earlier DKO."""

    def __init__(self, content: Mapping[str, Any], people: Pairs, formdata: Any = None):
        moved = {one["key"]: one["tanggal"] for one in content["kembali"]}
        back = [
            {"key": one["key"], "tanggal": moved.get(one["key"], "")}
            for one in content["bahan"].get("aksi", ())
        ]
        head = MinutesHead(formdata, data={"minutes": content["notulen"]})
        owners = options([("", gettext("Pilih penanggung jawab")), *people])
        super().__init__(
            head, (BACK, DECISION), {"arahan": content["arahan"], "kembali": back}, formdata,
            choices={("action", "owner"): owners},
        )  # fmt: skip

    def change(self) -> dict[str, Any]:
        return super().change() | {"notulen": self.head["minutes"].data}


class CompleteForm(WithEvidence):
    """The owner says what came of his action; evidence may come along, a new file or address or some of his own."""

    action = SelectField(_("Rencana aksi"), [InputRequired()])
    result = TextAreaField(_("Hasilnya"), [InputRequired(), Length(max=2000)], render_kw={"rows": 3})
    url = StringField(
        _("atau tautan"), [Length(max=1000)],
        description=_("Berawal https://. Buktinya dapat dibuka siapa pun yang dapat membuka DKO ini."),
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )  # fmt: skip

    def __init__(
        self, own: Pairs, chosen: str, formdata: Any = None, evidence: Pairs = (), bring: Bring = None
    ):
        super().__init__(formdata, {"action": chosen}, evidence, bring)
        self.action.choices = options(own)

    def change(self) -> dict[str, Any]:
        return {"aksi": self.action.data, "hasil": self.result.data, "evidence": self.evidence.data or []}


class DkoStartForm(BaseForm):
    unit = SelectField(_("Unit Pemilik Kinerja"), [InputRequired()])
    slot = SelectField(_("Triwulan"), [InputRequired()])
    day = TanggalField(_("Tanggal"), [InputRequired()])
