"""The file that brings a workbook back."""

from flask_babel import lazy_gettext as _
from wtforms import FileField

from kinerja.forms.base import BaseForm


class SheetForm(BaseForm):
    file = FileField(
        _("Lembar kerja"),
        description=_("XLSX, paling besar 10 MB, tanpa makro"),
        render_kw={"accept": ".xlsx"},
    )
