"""Applying an edit to a PK: the whole form as it stands on the page, by the keys of its lines.

Whatever is on the page is kept; what is not there any more was removed by a button of the same form. An IKU with a
realisation is never touched here: `locked_at` refuses it, and so does the database.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kinerja.ids import new_key
from kinerja.models import Iku, IkuTarget, Objective, Pk
from kinerja.rules.words import N_
from kinerja.services import keyed_edit
from kinerja.services.errors import BadInput
from kinerja.services.keyed_edit import decimal_of
from kinerja.workflows.base import Unmet

TEXTS = {
    "pernyataan": "pledge", "visi": "vision", "misi": "mission", "tujuan": "purpose", "tempat": "place",
}  # fmt: skip
OBJECTIVE_FIELDS = {
    "kode": "code", "perspektif": "perspective", "pernyataan": "statement", "narasi": "narrative", "pemilik": "owner",
}  # fmt: skip
IKU_FIELDS = {
    "kode": "code", "nama": "name", "satuan": "measure", "polarisasi": "polarity", "konsolidasi": "consolidation",
    "validitas": "validity", "kendali": "control", "induk": "parent_key", "cascading": "cascading",
}  # fmt: skip
LINES = {
    "anggaran": ("budget", ("program", "kode", "pagu", "keterangan")),
    "risiko": ("risks", ("risiko", "penyebab", "dampak", "mitigasi", "pemilik", "tanggal")),
    "inisiatif": (
        "initiatives",
        ("judul", "ss", "iku", "tujuan", "pemilik", "pihak", "penerima", "anggaran", "tahapan"),
    ),
}


def apply_edit(pk: Pk, change: Mapping[str, Any]) -> None:
    """Make the PK equal to the content given: texts, objectives with their IKU, initiatives, budget, risks.

    Lists are in the order of the page; an entry with an unknown or empty key is new, and keeps the key it brings.
    Raises BadInput.
    """
    keyed_edit.texts(pk, change, TEXTS)
    if "sasaran" in change:
        _apply_objectives(pk, change["sasaran"])
    for name, (column, fields) in LINES.items():
        if name in change:
            setattr(pk, column, _lines(getattr(pk, column), change[name], fields))


def _apply_objectives(pk: Pk, wanted: Sequence[Mapping[str, Any]]) -> None:
    known = {objective.key: objective for objective in pk.objectives}
    kept: list[Objective] = []
    for position, given in enumerate(wanted, 1):
        key = given.get("key") or new_key()
        objective = known.get(key) or Objective(key=key, pk_id=pk.document_id)
        objective.position = position
        keyed_edit.texts(objective, given, OBJECTIVE_FIELDS)
        if "sebab" in given:
            objective.causes = list(given["sebab"])
        _apply_indicators(objective, given.get("iku", []))
        kept.append(objective)
    for objective in list(pk.objectives):
        if objective not in kept:
            _refuse_locked(objective.indicators)
            pk.objectives.remove(objective)
    pk.objectives += [objective for objective in kept if objective not in pk.objectives]
    pk.objectives.sort(key=lambda objective: objective.position)
    there = {objective.key for objective in kept}
    for objective in kept:
        objective.causes = [key for key in objective.causes if key in there and key != objective.key]


def _apply_indicators(objective: Objective, wanted: Sequence[Mapping[str, Any]]) -> None:
    keyed_edit.indicators(
        objective.indicators, wanted, new=Iku, write=_write_iku, refuse_locked=_refuse_locked
    )


def _write_iku(iku: Iku, given: Mapping[str, Any]) -> None:
    keyed_edit.texts(iku, given, IKU_FIELDS)
    if "wajib" in given:
        iku.mandatory = bool(given["wajib"])
    if "diturunkan" in given:
        iku.handed_down_id = given["diturunkan"]
    if "target" in given:
        iku.target = decimal_of(given["target"])
    keyed_edit.targets(iku, given.get("lintasan", {}), IkuTarget)


def _lines(
    before: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]], fields: Sequence[str]
) -> list[dict[str, Any]]:
    known = {line["key"]: line for line in before}
    found = []
    for given in wanted:
        key = given.get("key") or new_key()
        line = known.get(key, {})
        found.append({"key": key} | {name: _storable(given.get(name, line.get(name))) for name in fields})
    return found


def _storable(value: Any) -> Any:
    """A value of a line as JSON holds it: numbers and days as text, a list of lines line by line."""
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _storable(one) for name, one in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value or ""


def _refuse_locked(indicators: Sequence[Iku]) -> None:
    if any(iku.locked_at is not None for iku in indicators):
        raise BadInput([Unmet("PA-1", N_("IKU yang sudah memiliki realisasi tidak dapat dihapus."))])
