"""Which two texts of a document are compared: by the day on which they were in force."""

from flask_babel import lazy_gettext as _

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField


class CompareForm(BaseForm):
    """A day for either side; without one the chosen version counts."""

    dari_tanggal = TanggalField(_("Dari: keadaan pada tanggal"))
    ke_tanggal = TanggalField(_("Ke: keadaan pada tanggal"))
