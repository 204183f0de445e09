"""What an evaluation asks for when its penilai is gone for good."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from kinerja.forms.evaluation import EventForm


class ReassignForm(EventForm):
    """The letter or record by which the penilai is permanently absent (PermenPANRB 6/2022 p.89 no. 2)."""

    letter = StringField(
        _("Nomor dan tanggal surat atau catatan"), [InputRequired(_("Sebut surat atau catatannya.")), Length(max=200)],
        description=_("Yang menyatakan penilai berhalangan tetap, misalnya SK pemberhentian atau akta kematian."),
    )  # fmt: skip
