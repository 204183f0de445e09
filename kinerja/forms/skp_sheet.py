"""The parts of an SKP as sheets of a workbook: results, their indicators with the trajectory, lines of the Lampiran."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import options
from kinerja.forms.planning import INDICATOR_NAMES, LINE_NAMES, ROW_NAMES
from kinerja.forms.planning_fields import (
    BLOCKS,
    JOINED_PERSPECTIVES,
    PERSPECTIVES,
    IndicatorForm,
    LineForm,
    RowForm,
)
from kinerja.forms.sheets import Book
from kinerja.forms.tree import Part

KINDS = (("utama", _("Utama")), ("tambahan", _("Tambahan")))


class ResultForm(RowForm):
    kind = SelectField(_("Jenis hasil kerja"), choices=options(KINDS))


class AttachmentForm(LineForm):
    block = SelectField(_("Bagian Lampiran"), choices=options(BLOCKS))


INDICATOR = Part(
    "indicator", IndicatorForm, "indikator", dict(INDICATOR_NAMES), says=("text", "target_text"), slots=True,
    numbers=("target",),
)  # fmt: skip
RESULT = Part(
    "row", ResultForm, "baris", {"kind": "jenis"} | dict(ROW_NAMES), says=("rhk",), parts=(INDICATOR,)
)
LINE = Part("attachment", AttachmentForm, "lampiran", {"block": "blok"} | dict(LINE_NAMES), says=("text",))


def skp_book(content: Mapping[str, Any], slots: Sequence[str], *, joined_budget: bool, version: int) -> Book:
    """The SKP as its form knows it; what stands on no sheet (approach, expectations) stays as it is."""
    rows = content["baris"]
    joined = joined_budget or any(row["perspektif"] == JOINED_PERSPECTIVES[3][0] for row in rows)
    chosen = options(JOINED_PERSPECTIVES if joined else PERSPECTIVES)
    locked = frozenset(one["key"] for row in rows for one in row["indikator"] if one.get("terkunci"))
    return Book(
        BaseForm, {}, (RESULT, LINE), content, slots, {}, {("row", "perspective"): chosen}, locked, version,
        head_sheet="dokumen",
    )  # fmt: skip
