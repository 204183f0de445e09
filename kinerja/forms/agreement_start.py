"""Beginning a PK: for which unit, and whether last year's content is taken over."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from kinerja.forms.base import BaseForm


class PkStartForm(BaseForm):
    unit = SelectField(_("Unit Pemilik Kinerja"), [InputRequired()])
    copy_last_year = BooleanField(_("Salin isi PK terakhir unit ini"))
