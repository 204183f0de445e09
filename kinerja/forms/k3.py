"""The K3 of indicators as it is typed: `item-<indicator key>-validity|control|...`, and what sends it back."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional

from kinerja.forms.fields import AngkaField, options
from kinerja.forms.manual import TARGET_STATUSES
from kinerja.forms.monitoring import NOTE, EntriesForm
from kinerja.forms.planning_fields import CONTROLS, VALIDITIES


def _control() -> Any:
    return SelectField(_("Tingkat kendali (K3)"), choices=options(CONTROLS))


def _validity() -> Any:
    return SelectField(_("Validitas (K3)"), choices=options(VALIDITIES))


def _status() -> Any:
    return SelectField(_("Status target"), choices=options(TARGET_STATUSES))


def _target() -> Any:
    return AngkaField(_("Target tahun lalu"), [Optional()])


def _realisation() -> Any:
    return AngkaField(_("Realisasi tahun lalu"), [Optional()])


def _finding() -> Any:
    return TextAreaField(_("Temuan"), [Length(max=2000)], render_kw={"rows": 2})


def _recommendation() -> Any:
    return TextAreaField(_("Rekomendasi"), [Length(max=2000)], render_kw={"rows": 2})


class SelfCheckForm(EntriesForm):
    """What the owner says of each indicator: how it measures, how far he holds it, and the history of its target."""

    makers = {
        "validity": _validity, "control": _control, "target_status": _status, "target_y1": _target,
        "realisation_y1": _realisation,
    }  # fmt: skip
    parts = tuple(makers)
    numbers = ("target_y1", "realisation_y1")


class ReviewForm(SelfCheckForm):
    """The same with what the reviewer found."""

    makers = SelfCheckForm.makers | {"finding": _finding, "recommendation": _recommendation}
    parts = tuple(makers)


class SendBackForm(EntriesForm):
    """A note at each indicator that is to be repaired."""

    parts = (NOTE,)
