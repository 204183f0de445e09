"""The matriks as it is typed: a row per person, in it his roles, each under an indicator of the leader."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import AngkaField, options
from kinerja.forms.planning_fields import Ticks
from kinerja.forms.tree import Entry, Part, TreeForm
from kinerja.ids import new_key

METHODS = (
    ("", _("Belum dipilih")),
    ("aspek", _("Langsung: per aspek")),
    ("wilayah", _("Langsung: per wilayah")),
    ("beban_target", _("Langsung: beban target")),
    ("layanan", _("Tidak langsung: layanan")),
    ("output_antara", _("Tidak langsung: output antara")),
)
# Up to so many places of the grid an empty one is there to be typed into; beyond that a button opens it.
TYPED_INTO = 150


class MatrixStartForm(BaseForm):
    unit = SelectField(_("Unit"), [InputRequired()])


class MatrixHead(BaseForm):
    pass


class RoleForm(BaseForm):
    column = SelectField(_("Untuk indikator"))
    text = TextAreaField(_("Peran atau hasil"), [Length(max=2000)])
    method = SelectField(_("Cara membagi"), choices=options(METHODS))
    portion = AngkaField(_("Porsi target"), [Optional()])


class PersonForm(BaseForm):
    team = StringField(_("Ketua tim kerja (nama tim)"), [Length(max=120)])
    teams = Ticks(_("Anggota tim kerja"))


ROLE = Part(
    "cell", RoleForm, "peran",
    {"column": "kolom", "text": "teks", "method": "metode", "portion": "porsi"},
    says=("text",), numbers=("portion",),
)  # fmt: skip
PERSON = Part(
    "member", PersonForm, "anggota", {"team": "tim", "teams": "anggota_tim"}, says=("team",), parts=(ROLE,)
)


class MatrixForm(TreeForm):
    """The whole grid on one page.

    `grids` are (key of the ketua tim or "" for the leader, keys and names of the columns, keys of the people): where a
    role may stand. Whoever writes for one team alone gets its grid alone.
    """

    def __init__(
        self,
        content: Mapping[str, Any],
        grids: Sequence[tuple[str, Sequence[tuple[str, str]], Sequence[str]]],
        teams: Sequence[tuple[str, str]],
        formdata: Any = None,
    ):
        self.grids = grids
        columns = [("", gettext("Belum ada indikator")), *(c for _lead, found, _rows in grids for c in found)]
        super().__init__(
            MatrixHead(formdata), (PERSON,), content, formdata,
            choices={("cell", "column"): options(columns), ("member", "teams"): options(teams)},
        )  # fmt: skip
        self._stored = {cell["key"] for one in content["anggota"] for cell in one["peran"]}
        self._opened: set[str] = set()
        if not self.posted:
            self._make_room()

    def member(self, key: str) -> Entry | None:
        return next((one for one in self.entries["member"] if one.key == key), None)

    def roles(self, member: str, column: str) -> list[Entry]:
        """The roles of a person under one column, "" for those whose indicator is gone."""
        entry = self.member(member)
        known = {key for _lead, columns, _rows in self.grids for key, _name in columns}
        inside = entry.inside["cell"] if entry is not None else []
        return [
            cell
            for cell in inside
            if (cell.form.column.data if cell.form.column.data in known else "") == column
        ]

    def _make_room(self) -> None:
        """An empty place wherever a person has no role yet, while the grid is small enough to be read."""
        places = [
            (row, column) for _lead, columns, rows in self.grids for row in rows for column, _name in columns
        ]
        if len(places) > TYPED_INTO:
            return
        for row, column in places:
            entry = self.member(row)
            if entry is not None and not self.roles(row, column):
                entry.inside["cell"].append(
                    self._entry(ROLE, new_key(), {"kolom": column}, is_new=True, above=entry.key)
                )

    def obey(self, do: str) -> None:
        """Also "add:cell:<person>:<column>"."""
        verb, _sep, what = do.partition(":")
        name, _sep, where = what.partition(":")
        person, _sep, column = where.partition(":")
        if (verb, name) == ("add", "cell") and (entry := self.member(person)) is not None:
            made = self._entry(ROLE, new_key(), {"kolom": column}, is_new=True, above=entry.key)
            entry.inside["cell"].append(made)
            self._opened.add(made.key)
            self.landing = f"cell-{made.key}-text"
            return
        super().obey(do)

    def change(self) -> dict[str, Any]:
        found = super().change()
        for one in found["anggota"]:
            one["peran"] = [
                cell
                for cell in one["peran"]
                if (cell["teks"] or "").strip() or cell["key"] in self._stored | self._opened
            ]
        return found
