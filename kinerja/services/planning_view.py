"""What the pages of an SKP show: its content with numbers, findings beside the fields, and its periods."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Document
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules import completeness
from kinerja.rules.content import JPT_FORMS, row_numbers
from kinerja.rules.finding import Finding
from kinerja.rules.lints import JOINT_PERSPECTIVE, joins_budget
from kinerja.rules.registry import core_values
from kinerja.rules.words import N_
from kinerja.services import manual_view, manuals, matrix_roles
from kinerja.services import skp_sources as sources
from kinerja.services.kinds import kind_of
from kinerja.services.last_year import last_years_results
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.planning import heads_map, is_undelivered, shown_day, skp_content, skp_of
from kinerja.services.reading import Page, namer
from kinerja.workflows.roles import LABELS


@dataclass(frozen=True)
class FormSource:
    """What the editing form is built from: stored content, slots of the trajectory, the seven values."""

    content: dict[str, Any]
    slots: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    assigned_by: str = ""
    joined_budget: bool = False


def slots_of(document: Document) -> tuple[str, ...]:
    """The slots of the trajectory: the periods of the year without the year itself."""
    slots = SLOTS_QUARTERLY if document.period.rhythm == "triwulanan" else SLOTS_MONTHLY
    return tuple(slot for slot in slots if slot != "Y")


def form_source(document: Document, wanted: str = "") -> FormSource:
    """`wanted` is the source that a button asks to copy from, as "copy:<source>"; others are not read."""
    skp = skp_of(document)
    content = skp_content(document, skp)
    locked = {i.key for row in skp.rows for i in row.indicators if i.locked_at}
    acting = {row.key for row in skp.rows if row.acting_post}
    for row in content["baris"]:
        row["rangkap"] = row["key"] in acting
        for indicator in row["indikator"]:
            indicator["terkunci"] = indicator["key"] in locked
    values = tuple((value.code, value.title) for value in core_values())
    day = clock.today(document.unit.zone)
    title = sources.superior_title(document.subject_id, day)
    joined = joins_budget(regulation_of(document.period), heads_map(document, skp))
    return FormSource(content, slots_of(document), values, _copied_in(document, wanted, day), title, joined)


def span(document: Document) -> tuple[date, date]:
    """The first and the last day of an SKP."""
    skp = skp_of(document)
    return skp.starts, skp.ends


def _copied_in(document: Document, wanted: str, day: date) -> dict[str, dict[str, Any]]:
    name = wanted.partition(":")[2]
    if name == sources.LAST_YEAR:
        previous = sources.last_years_skp(document.subject_id, document.period.year)
        if previous is not None:
            return {name: sources.copied(skp_content(previous, skp_of(previous)))}
    if name == sources.ACTING:
        placements = sources.acting_placements(document.subject_id, day)
        return {name: {"baris": sources.rows_of_acting(placements, document.period.year), "lampiran": []}}
    if name == sources.MATRIX:
        rows = matrix_roles.rows_of_roles(document.subject_id, document.period)
        return {name: {"baris": rows, "lampiran": []}}
    if name == sources.PK:
        return {name: {"baris": sources.rows_of_pk(document.subject_id, document.period), "lampiran": []}}
    return {}


def offered_sources(document: Document) -> list[dict[str, str]]:
    """What this SKP could still be drafted from: last year's SKP, and each post held as Plt., Plh. or Pjs."""
    found = []
    if numbers := matrix_roles.offered(document, skp_of(document)):
        found.append({"code": sources.MATRIX, "label": numbers})
    leads = skp_of(document).senior_form or heads_map(document, skp_of(document))
    if leads and (rows := sources.rows_of_pk(document.subject_id, document.period)):
        found.append({"code": sources.PK, "label": rows[0]["asal"]})
    previous = sources.last_years_skp(document.subject_id, document.period.year)
    if previous is not None:
        found.append({"code": sources.LAST_YEAR, "label": previous.print_number})
    placements = sources.acting_placements(document.subject_id, clock.today(document.unit.zone))
    if placements:
        posts = ", ".join(f"{p.kind.capitalize()}. {p.post.title}" for p in placements)
        found.append({"code": sources.ACTING, "label": posts})
    return found


def present(page: Page) -> dict[str, Any]:
    """The values of the SKP page: numbered rows, the seven values, Lampiran, findings, and the year's documents."""
    facts: Any = page.facts
    content = page_content(page.document)
    being_written = _is_being_written(page)
    move, missing = page.flow.awaited(facts) if being_written else (None, [])
    every = _findings(page) if being_written else []
    asked = {(unmet.rule, unmet.message, str(unmet.params)) for unmet in missing}
    found = [f for f in every if (f.rule, f.message, str(dict(f.params))) not in asked]
    links, owed = _manuals(page, content)
    found += owed
    by_field: dict[str, list[Any]] = {}
    for finding in every:
        by_field.setdefault(finding.field, []).append(finding)
    return {
        "skp": content,
        "next": {"label": move.row.label, "missing": missing} if move is not None else None,
        "findings": sorted(found, key=lambda finding: _GRAVITY.index(finding.severity)),
        "by_field": by_field,
        "manuals": links,
        "remarks": remarks_of(page),
        "places": remark_places(content),
        "assent": assent_of(page) if page.document.state == "in_dialogue" else [],
        "marked": [m["name"] for m in assent_of(page) if m["set"]],
        "values": [
            {
                "code": value.code,
                "title": value.title,
                "bullets": value.bullets,
                "expectations": [e for e in content["ekspektasi"] if e["nilai"] == value.code],
            }
            for value in core_values()
        ],
        "perspectives": _perspectives(page) if content["format"] in JPT_FORMS else {},
        "slots": slots_of(page.document),
        "slot_labels": SLOT_LABELS,
        "from_matrix": matrix_roles.proposals(page.document, skp_of(page.document))
        if page.document.state == "in_force"
        else [],
        "year_documents": year_documents(page.document) if page.document.state in _LIVED else [],
        "assumptions": len(regulation_of(page.document.period).used_assumptions),
    }


def _manuals(page: Page, content: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], list[Finding]]:
    """The manuals of its indicators, and those still to be written once the SKP is set (MI-1, MI-2)."""
    skp = skp_of(page.document)
    numbers = {i["key"]: i["nomor"] for row in content["baris"] for i in row["indikator"]}
    named = [(numbers[i.key], i.key, i) for row in skp.rows for i in row.indicators]
    found = manuals.gathered(row for row in _below(page.document) if row.kind == manuals.KIND)
    return manual_view.beside(page.document, named, page.actor, leader=skp.senior_form, found=found)


def _perspectives(page: Page) -> dict[str, str]:
    """What the perspectives of a leader's rows are called in this year."""
    law, labels = regulation_of(page.document.period), dict(PERSPECTIVES)
    if joins_budget(law, heads_map(page.document, skp_of(page.document))):
        labels |= dict.fromkeys(("penguatan_internal", "anggaran"), labels[JOINT_PERSPECTIVE])
    return labels


def _findings(page: Page) -> list[Finding]:
    """Every finding; what last year came to is read for the pages alone, no step depends on it."""
    facts: Any = page.facts
    before = last_years_results(page.document, skp_of(page.document), facts.regulation)
    found = completeness.check(replace(facts.skp, last_year_targets=before), facts.regulation)
    return found + matrix_roles.findings(page.document, skp_of(page.document))


PERSPECTIVES = (
    ("penerima_layanan", N_("Penerima Layanan")),
    ("proses_bisnis", N_("Proses Bisnis")),
    ("penguatan_internal", N_("Penguatan Internal")),
    ("anggaran", N_("Anggaran")),
    (JOINT_PERSPECTIVE, N_("Penguatan Internal dan Anggaran")),
)


# What blocks stands first, what could not be checked last.
_GRAVITY = "BPI?"
_LIVED = ("in_force", "closed", "superseded", "on_hold")


def _is_being_written(page: Page) -> bool:
    return page.document.state in (
        "draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed", "signed_employee",
    )  # fmt: skip


def assent_of(page: Page) -> list[dict[str, Any]]:
    """Who must set his mark "sepakat", and who has."""
    name_of, marks = namer(page.document), page.facts.marks
    return [
        {"name": name_of(relation), "role": LABELS[relation], "set": relation in marks}
        for relation in sorted(page.facts.required_marks)
    ]


def remarks_of(page: Page) -> dict[str, list[Any]]:
    """Remarks at fields, by the key of the field: those of the last return and since, in the order of time."""
    back = max((s.sequence for s in page.steps if s.event == "send_back"), default=0)
    sent = [s.at for s in page.steps if s.event == "submit" and s.sequence < back]
    found: dict[str, list[Any]] = {}
    for comment in page.comments:
        if comment.field and (not sent or comment.at >= sent[-1]):
            found.setdefault(comment.field, []).append(comment)
    return found


def remark_places(content: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Where a remark may stand: (key, template of its name, parameters), in the order of the page."""
    places: list[tuple[str, str, dict[str, Any]]] = []
    for row in content["baris"]:
        places.append((row["key"], N_("Hasil kerja %(no)s"), {"no": row["nomor"]}))
        for one in row["indikator"]:
            places.append((one["key"], N_("Indikator %(no)s"), {"no": one["nomor"]}))
    return [*places, ("perilaku", N_("Ekspektasi khusus"), {}), ("lampiran", N_("Lampiran SKP"), {})]


def page_content(document: Document) -> dict[str, Any]:
    """The canonical content with the numbers that people see, on every page as on the form: 1, 1.1, 2, 2.1."""
    skp = skp_of(document)
    content = skp_content(document, skp, shown_day(document, skp))
    numbers = row_numbers([row["jenis"] for row in content["baris"]])
    for row, number in zip(content["baris"], numbers, strict=True):
        row["nomor"] = str(number)
        for position, indicator in enumerate(row["indikator"], 1):
            indicator["nomor"] = f"{row['nomor']}.{position}"
    return content


@cache
def _below_query() -> Any:
    """What hangs on an SKP: realisations and evaluations by the SKP itself, manuals by its indicators."""
    parent, none = sa.bindparam("parent", type_=sa.Integer()), sa.cast(sa.null(), sa.Integer)
    documents = sa.select(
        Document.public_id, Document.kind, Document.slot, Document.state, Document.due_at, none.label("iki_id"),
        none.label("number"), Document.created_at,
    ).where(Document.parent_id == parent, Document.kind.in_(("realisation", "predicate_review")))  # fmt: skip
    return sa.union_all(documents, manuals.versions_of_skp(parent))


def _below(document: Document) -> list[Any]:
    """Asked once a page."""
    known: dict[int, list[Any]] = memo().setdefault("below", {})
    if document.id not in known:
        known[document.id] = list(db.session.execute(_below_query(), {"parent": document.id}))
    return known[document.id]


def year_documents(document: Document) -> list[dict[str, Any]]:
    """The realisations and evaluations that hang on this SKP, in the order of the year."""
    order = {slot: n for n, slot in enumerate((*SLOTS_QUARTERLY[:-1], *SLOTS_MONTHLY))}
    rows = [row for row in _below(document) if row.kind != manuals.KIND]
    return [
        {
            "public_id": row.public_id,
            "kind": row.kind,
            "slot": row.slot,
            "label": SLOT_LABELS.get(row.slot, row.slot),
            "state": row.state,
            "state_label": kind_of(row.kind).flow.state_label(row.state),
            "due_at": row.due_at,
        }
        for row in sorted(rows, key=lambda r: (order.get(r.slot, 99), r.kind != "realisation"))
    ]


def resource_choices(document: Document) -> list[tuple[str, str]]:
    return [(x["key"], x["teks"]) for x in skp_of(document).attachment if x["blok"] == "dukungan"]


def undelivered_choices(document: Document) -> list[tuple[str, str]]:
    """The resources that were not agreed or not delivered."""
    return [(x["key"], x["teks"]) for x in skp_of(document).attachment if is_undelivered(x)]


def row_choices(document: Document) -> list[tuple[str, str]]:
    return [(row.key, row.rhk) for row in skp_of(document).rows if row.taken_over_at is None]
