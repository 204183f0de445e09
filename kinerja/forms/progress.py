"""How far initiatives and mitigations are in one quarter, as it is typed: a state and a sentence a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import options
from kinerja.forms.tree import Part, TreeForm


class ProgressHead(BaseForm):
    slot = HiddenField()


class StepForm(BaseForm):
    state = SelectField(_("Keadaan"))
    note = StringField(_("Kemajuan atau kendala"), [Length(max=1000)])


NAMES = {"state": "keadaan", "note": "catatan"}
STEP = Part("step", StepForm, "tahapan", NAMES, says=())
RISK = Part("risk", StepForm, "risiko", NAMES, says=())


class ProgressForm(TreeForm):
    """Every step and every risk of a PK, of one quarter."""

    def __init__(
        self,
        content: Mapping[str, Any],
        slot: str,
        states: Sequence[tuple[str, str]],
        formdata: Any = None,
    ):
        head = ProgressHead(formdata, data={"slot": slot})
        named = options(states)
        choices = {("step", "state"): named, ("risk", "state"): named}
        super().__init__(head, (STEP, RISK), content, formdata, choices=choices)
        self.slot = slot

    def change(self) -> dict[str, Any]:
        return super().change() | {"triwulan": self.slot}
