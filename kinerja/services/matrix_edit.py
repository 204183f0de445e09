"""Applying an edit to a matriks: the whole grid as it stands on the page, by the keys of people and roles."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from kinerja.ids import new_key
from kinerja.models import Matrix, MatrixCell, MatrixMember
from kinerja.rules.cascade import bind
from kinerja.rules.matrix import METHODS, Column
from kinerja.services.keyed_edit import decimal_of
from kinerja.services.matrix_columns import team_columns


def member_key(public_id: str) -> str:
    """The key of a person in every matrix: the same before he was first saved as after it."""
    return base64.b32encode(hashlib.sha256(public_id.encode()).digest()[:5]).decode().lower()


def apply_edit(
    matrix: Matrix,
    change: Mapping[str, Any],
    people: Mapping[str, int],
    columns: Sequence[Column],
    scope: str = "",
) -> None:
    """Make the matrix equal to the content given, as far as `scope` reaches.

    `people` maps the keys of those who may have a row to their ids; an unknown key is passed over. `scope` is the key
    of the ketua tim who writes: then only his team and the roles under his own results change. Whoever is not on the
    page keeps what he has.
    """
    known = {m.key: m for m in matrix.members}
    wanted = [given for given in change.get("anggota", []) if given["key"] in people]
    for given in wanted:
        if (key := given["key"]) not in known and not scope:
            known[key] = MatrixMember(
                key=key, matrix_id=matrix.document_id, person_id=people[key], team="", teams=[], cells=[],
                position=len(matrix.members) + 1,
            )  # fmt: skip
            matrix.members.append(known[key])
    if not scope:
        _teams(wanted, known)
    else:
        _one_team(wanted, known, scope)
    for stage in (True, False):  # what a ketua tim delivers is written before what his members deliver for it
        for given in wanted:
            member = known.get(given["key"])
            if member is not None and bool(member.team) == stage:
                _cells(member, given.get("peran", []), _open_to(matrix, columns, scope), scope)


def _teams(wanted: Sequence[Mapping[str, Any]], known: Mapping[str, MatrixMember]) -> None:
    for given in wanted:
        if "tim" in given:
            known[given["key"]].team = (given["tim"] or "").strip()
    leads = {key for key, member in known.items() if member.team}
    for given in wanted:
        if "anggota_tim" in given:
            known[given["key"]].teams = [
                key for key in given["anggota_tim"] if key in leads and key != given["key"]
            ]
    for member in known.values():
        member.teams = [key for key in member.teams if key in leads]


def _one_team(wanted: Sequence[Mapping[str, Any]], known: Mapping[str, MatrixMember], scope: str) -> None:
    """A ketua tim says who belongs to his own team, and to no other."""
    for given in wanted:
        member = known.get(given["key"])
        if member is None or "anggota_tim" not in given or member.key == scope:
            continue
        rest = [key for key in member.teams if key != scope]
        member.teams = [*rest, scope] if scope in given["anggota_tim"] else rest


def _open_to(matrix: Matrix, columns: Sequence[Column], scope: str) -> dict[str, Column]:
    """The columns under which this writer gives roles."""
    own = () if scope else tuple(columns)
    leads = [m for m in matrix.members if m.team and scope in ("", m.key)]
    teams = [one for lead in leads for one in team_columns(lead, tuple(columns))]
    return {one.key: one for one in (*own, *teams)}


def _cells(
    member: MatrixMember, wanted: Sequence[Mapping[str, Any]], columns: Mapping[str, Column], scope: str
) -> None:
    known = {cell.key: cell for cell in member.cells}
    # What the writer may not touch stays as it is, whatever was sent.
    kept = [c for c in member.cells if scope and c.parent_key not in columns]
    untouched = {cell.key for cell in kept}
    for given in wanted:
        if given["key"] in untouched:
            continue
        cell = known.get(given["key"])
        column = columns.get(given.get("kolom") or "")
        if cell is None:
            if column is None or column.key in _own(member):
                continue
            cell = MatrixCell(
                key=given["key"] or new_key(), text="", method="", parent_key="", parent_text=""
            )
        kept.append(cell)
        text = (given.get("teks") or "").strip()
        if column is not None and (column.key != cell.parent_key or text != cell.text):
            cell.parent_key, cell.parent_text = column.key, column.text
        cell.text = text
        method = given.get("metode") or ""
        cell.method = method if method in METHODS else ""
        cell.portion = decimal_of(given.get("porsi"))
    for cell in list(member.cells):
        if cell not in kept:
            member.cells.remove(cell)
    for position, cell in enumerate(kept, 1):
        cell.position = position
        if cell not in member.cells:
            member.cells.append(cell)


def _own(member: MatrixMember) -> set[str]:
    """His own results: nobody gives himself a role under what he delivers himself."""
    return {cell.key for cell in member.cells}


def effective(cell: Mapping[str, Any], columns: Sequence[Column]) -> str:
    """The key of the column under which a stored cell is shown; "" when what it served is gone."""
    link = bind(cell["kolom"], cell["teks_kolom"], columns)
    return link.parent.key if link.parent is not None else ""
