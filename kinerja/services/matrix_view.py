"""A matriks as its page and its form show it: grids of the leader and of each tim kerja, findings at their places."""

from dataclasses import dataclass
from typing import Any

from kinerja.models import Document
from kinerja.rules import matrix as rules
from kinerja.rules.cascade import LOST, REWORDED
from kinerja.rules.matrix import Column
from kinerja.services import lending
from kinerja.services.matrices import matrix_content, matrix_of, own_key, own_people
from kinerja.services.matrix_columns import columns_of, link_of, source_of, team_columns
from kinerja.services.matrix_edit import effective, member_key
from kinerja.services.people import placements_of
from kinerja.services.periods import regulation_of
from kinerja.services.reading import Page
from kinerja.workflows.roles import Relation

_GRAVITY = "BPI?"
NAME_MOST = 80


@dataclass(frozen=True)
class Grid:
    """One table of the form A.1.5: the leader's (`lead` is ""), or that of a tim kerja."""

    lead: str
    title: str
    team: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class FormSource:
    """What the form is built from, as far as this writer may write."""

    content: dict[str, Any]
    grids: tuple[Grid, ...]
    teams: tuple[tuple[str, str], ...]
    scope: str


def grids_of(document: Document, scope: str = "") -> tuple[Grid, ...]:
    """The tables of a matrix: of all, or of the team of one ketua tim."""
    matrix, columns = matrix_of(document), columns_of(document)
    everybody = [m.key for m in matrix.members]
    there = {m.person_id for m in matrix.members}
    everybody += [member_key(p.public_id) for p in own_people(document) if p.id not in there]
    found = [Grid("", "", "", columns, tuple(everybody))] if not scope else []
    for lead in (m for m in matrix.members if m.team and scope in ("", m.key)):
        rows = tuple(m.key for m in matrix.members if lead.key in m.teams)
        found.append(Grid(lead.key, lead.person.name, lead.team, team_columns(lead, columns), rows))
    return tuple(found)


def form_source(page: Page) -> FormSource:
    """The stored matrix for the form, with those of the leader's people who are not in it yet."""
    document = page.document
    matrix = matrix_of(document)
    scope = "" if page.actor.has(Relation.SUBJECT) else own_key(matrix, page.actor.person_id)
    grids = grids_of(document, scope)
    every = [column for grid in grids_of(document) for column in grid.columns]
    content = matrix_content(document, matrix)
    content["anggota"] += [] if scope else _new_people(document, content)
    for one in content["anggota"]:
        for cell in one["peran"]:
            cell["kolom"] = effective(cell, every)
    if scope:
        _only(content, scope, {column.key for grid in grids for column in grid.columns})
    leads = [m for m in matrix.members if m.team and scope in ("", m.key)]
    return FormSource(content, grids, tuple((m.key, m.team) for m in leads), scope)


def _new_people(document: Document, content: dict[str, Any]) -> list[dict[str, Any]]:
    there = {one["key"] for one in content["anggota"]}
    people = {member_key(p.public_id): p for p in own_people(document)}
    new = {key: person for key, person in people.items() if key not in there}
    posts = placements_of([person.id for person in new.values()])
    return [
        {
            "key": key, "nama": person.name, "tim": "", "anggota_tim": [], "peran": [],
            "jabatan": posts[person.id].post.title if person.id in posts else "",
        }
        for key, person in new.items()
    ]  # fmt: skip


def _only(content: dict[str, Any], scope: str, columns: set[str]) -> None:
    """What a ketua tim writes: everybody but himself, with the roles of his own team alone."""
    content["anggota"] = [one for one in content["anggota"] if one["key"] != scope]
    for one in content["anggota"]:
        one["peran"] = [cell for cell in one["peran"] if cell["kolom"] in columns]
        one["anggota_tim"] = [key for key in one["anggota_tim"] if key == scope]


def present(page: Page) -> dict[str, Any]:
    """The values of the matrix page."""
    document = page.document
    matrix = matrix_of(document)
    content = matrix_content(document, matrix)
    content["anggota"] += _new_people(document, content) if document.state != "closed" else []
    written = document.state != "closed"
    move, missing = page.flow.awaited(page.facts) if written else (None, [])
    facts: Any = page.facts
    every = rules.check(facts.matrix, regulation_of(document.period)) if written else []
    asked = {(unmet.rule, str(unmet.params)) for unmet in missing}
    by_field: dict[str, list[Any]] = {}
    for finding in every:
        by_field.setdefault(finding.field, []).append(finding)
    source = source_of(document)
    return {
        "matrix": content,
        "people": {one["key"]: one for one in content["anggota"]},
        "grids": [_grid(document, grid, content) for grid in grids_of(document)],
        "next": {"label": move.row.label, "missing": missing} if move is not None else None,
        "findings": sorted(
            (f for f in every if (f.rule, str(dict(f.params))) not in asked),
            key=lambda finding: _GRAVITY.index(finding.severity),
        ),
        "by_field": by_field,
        "source": source,
        "provisional": any(column.provisional for column in columns_of(document)),
    }


def _grid(document: Document, grid: Grid, content: dict[str, Any]) -> dict[str, Any]:
    """One table for reading: its columns, and per person what stands under each; what hangs nowhere last."""
    columns = [column for every in grids_of(document) for column in every.columns]
    cells: dict[str, dict[str, list[Any]]] = {}
    for member in matrix_of(document).members:
        for cell in (c for c in member.cells if c.text.strip()):
            link = link_of(cell, tuple(columns))
            place = link.parent.key if link.parent is not None else ""
            said = {
                "text": cell.text, "method": cell.method, "portion": cell.portion, "key": cell.key,
                "was": cell.parent_text if link.how in (LOST, REWORDED) else "",
            }  # fmt: skip
            cells.setdefault(member.key, {}).setdefault(place, []).append(said)
    names = {one["key"]: one for one in content["anggota"]}
    lent = {member_key(one.person.public_id): one for one in lending.lent_to(document.unit).values()}
    rows = [
        {
            "key": key, "name": names[key]["nama"], "post": names[key]["jabatan"], "team": names[key]["tim"],
            "lent": lent.get(key),
            "cells": [cells.get(key, {}).get(column.key, []) for column in grid.columns],
            "loose": cells.get(key, {}).get("", []) if not grid.lead else [],
        }
        for key in grid.rows
    ]  # fmt: skip
    leader = names.get(
        grid.lead, {"nama": content["pimpinan"]["nama"], "jabatan": content["pimpinan"]["jabatan"]}
    )
    return {
        "lead": grid.lead, "team": grid.team, "leader": leader["nama"], "post": leader["jabatan"],
        "columns": grid.columns, "rows": rows, "loose": any(row["loose"] for row in rows),
    }  # fmt: skip


def short_name(column: Column) -> str:
    """What a column is called in a list of choices."""
    text = f"{column.code} {column.text}".strip()
    return f"{text[: NAME_MOST - 3]}..." if len(text) > NAME_MOST else text
