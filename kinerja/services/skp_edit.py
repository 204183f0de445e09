"""Applying an edit to an SKP: the whole form as it stands on the page, row by row, by the keys of its rows.

Whatever is on the page is kept; what is not there any more was removed by a button of the same form. An indicator
with a realisation is never touched here: `locked_at` refuses it, and so does the database.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kinerja.ids import new_key
from kinerja.models import IndicatorTarget, Skp, SkpIndicator, SkpRow
from kinerja.rules.words import N_
from kinerja.services import keyed_edit
from kinerja.services.errors import BadInput
from kinerja.services.keyed_edit import decimal_of
from kinerja.workflows.base import Unmet

ROW_FIELDS = {
    "rhk": "rhk",
    "rhk_diintervensi": "rhk_intervened",
    "penugasan_dari": "assigned_by",
    "sumber": "source",
    "perspektif": "perspective",
    "alasan_mutlak": "absolute_reason",
    "alasan_lint": "lint_reason",
    "asal": "origin",
    "sel": "cell_key",
}
INDICATOR_FIELDS = {
    "teks": "text",
    "target_teks": "target_text",
    "satuan": "measure",
    "polarisasi": "polarity",
    "konsolidasi": "consolidation",
    "validitas": "validity",
    "kendali": "control",
    "kualitas": "quality",
}
LINE_FIELDS = ("kategori", "teks", "jadwal", "data", "sumber_data")


def apply_edit(skp: Skp, change: Mapping[str, Any], now: datetime) -> None:
    """Make the SKP equal to the content given: rows, expectations, Lampiran, approach. Raises BadInput.

    The lists are in the order of the page; entries with an unknown or empty key are new, and keep the key they bring.
    """
    if "pendekatan" in change:
        skp.approach = change["pendekatan"]
    if "baris" in change:
        _apply_rows(skp, change["baris"])
    if "ekspektasi" in change:
        _apply_expectations(skp, change["ekspektasi"], now)
    if "lampiran" in change:
        _apply_lines(skp, change["lampiran"])


def _apply_rows(skp: Skp, wanted: Sequence[Mapping[str, Any]]) -> None:
    known = {row.key: row for row in skp.rows}
    kept: list[SkpRow] = []
    for position, given in enumerate(wanted, 1):
        key = given.get("key") or new_key()
        row = known.get(key) or SkpRow(key=key, skp_id=skp.document_id)
        row.acting_post = row.acting_post or bool(given.get("rangkap"))
        # The result of a post held as Plt. or Plh. is always utama (p.50): set by itself, SKP-7 watches over it.
        row.kind = "utama" if row.acting_post else given["jenis"]
        row.position = position
        keyed_edit.texts(row, given, ROW_FIELDS)
        _apply_indicators(row, given.get("indikator", []))
        kept.append(row)
    for row in list(skp.rows):
        if row not in kept:
            _refuse_locked(row.indicators)
            skp.rows.remove(row)
    for row in kept:
        if row not in skp.rows:
            skp.rows.append(row)
    skp.rows.sort(key=lambda row: (row.kind != "utama", row.position))


def _apply_indicators(row: SkpRow, wanted: Sequence[Mapping[str, Any]]) -> None:
    keyed_edit.indicators(
        row.indicators, wanted, new=SkpIndicator, write=_write_indicator, refuse_locked=_refuse_locked
    )


def _write_indicator(indicator: SkpIndicator, given: Mapping[str, Any]) -> None:
    keyed_edit.texts(indicator, given, INDICATOR_FIELDS)
    if "aspek" in given:
        indicator.aspects = ",".join(given["aspek"])
    if "target" in given:
        indicator.target = decimal_of(given["target"])
    keyed_edit.targets(indicator, given.get("lintasan", {}), IndicatorTarget)


def _apply_expectations(skp: Skp, wanted: Sequence[Mapping[str, Any]], now: datetime) -> None:
    known = {e["nilai"]: e for e in skp.expectations}
    today = now.date().isoformat()
    skp.expectations = [
        {
            "nilai": w["nilai"],
            "teks": text,
            "ditambahkan": known.get(w["nilai"], {}).get("ditambahkan", today),
        }
        for w in wanted
        if (text := (w.get("teks") or "").strip())
    ]


def _apply_lines(skp: Skp, wanted: Sequence[Mapping[str, Any]]) -> None:
    known = {line["key"]: line for line in skp.attachment}
    lines = []
    for given in wanted:
        line = dict(
            known.get(given.get("key") or "")
            or {"key": given.get("key") or new_key(), "terealisasi": "belum", "disepakati": None}
        )
        line["blok"] = given["blok"]
        line |= {name: given.get(name, line.get(name)) or "" for name in LINE_FIELDS}
        if "disepakati" in given:
            line["disepakati"] = given["disepakati"]
        lines.append(line)
    skp.attachment = lines


def _refuse_locked(indicators: Sequence[SkpIndicator]) -> None:
    if any(indicator.locked_at is not None for indicator in indicators):
        text = N_("Indikator yang sudah memiliki realisasi tidak dapat dihapus.")
        raise BadInput([Unmet("AD-2", text)])
