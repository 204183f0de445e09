"""The LAKIN data sheet of a UPK and year: what its determined nilai organisasi of the year says, and nothing else.

It is no document of its own: it is read each time from the value, whose figures were frozen as its data were sent, and
stays empty until that value is determined (KMK 127/2026; due by the end of February).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, OrgResult, OrgValue, Period, Revision, Step, Unit
from kinerja.services import lpkr, periods
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle
from kinerja.services.lakin_due import due_of
from kinerja.services.org_results import DETERMINED
from kinerja.services.pk_progress import Line, Progress
from kinerja.services.trajectory import YEAR_SLOT
from kinerja.workflows.org_value import OrgValueFlow

# How a sheet stands: filled, waiting within its time, late, or nothing there that could fill it.
READY, WAITING, LATE, NONE = "siap", "menunggu", "terlambat", "tanpa"


@dataclass(frozen=True)
class Standing:
    """How the sheet of one UPK stands and until when it is due; without a value of the year it has neither."""

    state: str
    due: date | None = None


@dataclass(frozen=True)
class Row:
    """One IKU as it was determined. `before` is its capaian of last year, `was` the one before a correction."""

    key: str
    number: str
    name: str
    measure: str
    target: Decimal | None
    realisation: Decimal | None
    value: Decimal | None
    light: str | None
    before: Decimal | None
    was: Decimal | None
    corrected: bool
    obstacle: str


@dataclass(frozen=True)
class Group:
    """A sasaran strategis with its value and IKU."""

    code: str
    statement: str
    value: Decimal | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Determination:
    """The value as it was determined once: when, what, and why it was opened again afterwards."""

    at: datetime
    nko: Decimal | None
    predicate: str
    reason: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything on the page, plain values. Before the value is determined only who, which year and how it stands.

    `earlier` are former determinations, oldest first: with any the figures were corrected; `reopened` says that the
    value was determined once and is being corrected now.
    """

    unit: str
    code: str
    year: int
    head: str
    standing: Standing
    value_state: str
    value_public_id: str
    pk_public_id: str
    pk_number: str
    determined_at: datetime | None = None
    nko: Decimal | None = None
    nko_k3: Decimal | None = None
    predicate: str = ""
    by_decree: str = ""
    provisional: str = ""
    last_nko: Decimal | None = None
    last_predicate: str = ""
    groups: tuple[Group, ...] = ()
    initiatives: str = ""
    steps: tuple[tuple[Line, Progress | None], ...] = ()
    actions: tuple[dict[str, Any], ...] = ()
    earlier: tuple[Determination, ...] = ()
    reopened: Determination | None = None


def standing_of(value: Document | None, today: date) -> Standing:
    """How the sheet stands by its nilai organisasi of the year."""
    if value is None:
        return Standing(NONE)
    due = due_of(value)
    if value.state in DETERMINED:
        return Standing(READY, due)
    return Standing(LATE if due is not None and today > due else WAITING, due)


def reporting_year() -> Period | None:
    """The year whose sheets are made now: the last one that is over, until there is one the present."""
    today = clock.today()
    over = [period for period in periods.all_periods() if period.year < today.year]
    return max(over, key=lambda one: one.year) if over else periods.current_period()


def values_of(period: Period, *conditions: Any) -> dict[int, Document]:
    """Unit -> its nilai organisasi of the year, of the units that the conditions name; one statement."""
    found = db.session.scalars(
        sa.select(Document)
        .join(Unit, Unit.id == Document.unit_id)
        .options(joinedload(Document.unit), joinedload(Document.period))
        .where(
            Document.kind == "org_value",
            Document.period_id == period.id,
            Document.slot == YEAR_SLOT,
            *conditions,
        )
        .order_by(Document.id)
    )
    return {document.unit_id: document for document in found}


def offered(circle: Circle, period: Period) -> list[tuple[Unit, Standing]]:
    """The units whose sheet this person may read, with how each stands: those whose signed PK he sees."""
    units = lpkr.offered(circle, period)
    values = values_of(period, Document.unit_id.in_([unit.id for unit in units])) if units else {}
    today = clock.today()
    return [(unit, standing_of(values.get(unit.id), today)) for unit in units]


def read(circle: Circle, period: Period, code: str) -> Sheet:
    """The sheet of a unit and year. Raises NotThere where its PK is not his to see."""
    pk = lpkr.agreement_of(circle, period, code)
    if pk is None:
        raise NotThere(code)
    value = values_of(period, Document.unit_id == pk.unit_id).get(pk.unit_id)
    plain: dict[str, Any] = {
        "unit": pk.unit.name, "code": code, "year": period.year, "head": pk.subject.name,
        "standing": standing_of(value, clock.today(pk.unit.zone)),
        "value_state": OrgValueFlow.state_label(value.state) if value else "",
        "value_public_id": value.public_id if value else "",
        "pk_public_id": pk.public_id, "pk_number": pk.print_number,
    }  # fmt: skip
    if value is None:
        return Sheet(**plain)
    past = _determinations(value)
    if value.state not in DETERMINED:
        return Sheet(**plain, reopened=past[-1][0] if past else None)
    return _filled(circle, pk, value, past, plain)


def _filled(
    circle: Circle, pk: Document, value: Document, past: Sequence[Any], plain: Mapping[str, Any]
) -> Sheet:
    row = db.session.get_one(OrgValue, value.id)
    last = _last_year(value)
    was = {one["kode"]: _number(one["capaian"]) for one in past[-2][1]["iku"]} if len(past) > 1 else None
    _meetings, actions = lpkr.dialogue(circle, pk)
    return Sheet(
        **plain,
        determined_at=past[-1][0].at if past else None,
        nko=row.nko,
        nko_k3=row.nko_k3,
        predicate=row.predicate,
        by_decree=row.decree_number,
        provisional=row.provisional_reason if row.reading.get("provisional") else "",
        last_nko=last.nko,
        last_predicate=last.predicate,
        groups=_groups(row.reading, last.values, was),
        initiatives=row.initiatives,
        steps=tuple(_step(one) for one in row.reading.get("initiatives", ())),
        actions=tuple(one for one in actions if one["keadaan"] != "dibawa"),
        earlier=tuple(one for one, _content in past[:-1]),
    )


def _step(one: Mapping[str, str]) -> tuple[Line, Progress | None]:
    line = Line(one["key"], one["kegiatan"], one["judul"], one["pemilik"], one["selesai"])
    return line, Progress(one["triwulan"], one["keadaan"], one["catatan"]) if one["keadaan"] else None


def _groups(
    reading: Mapping[str, Any], before: Mapping[str, Decimal | None], was: Mapping[str, Any] | None
) -> tuple[Group, ...]:
    """The objectives of a frozen reading with their IKU; figures as they stand there."""

    def row(one: Mapping[str, Any]) -> Row:
        value = _number(one["value"])
        former = was.get(one["number"]) if was is not None else None
        return Row(
            one["key"], one["number"], one["name"], one["measure"], _number(one["target"]),
            _number(one["realisation"]), value, one["light"], before.get(_same(one["name"])), former,
            was is not None and former != value, one["obstacle"],
        )  # fmt: skip

    return tuple(
        Group(
            home["code"], home["statement"], _number(home["value"]),
            tuple(row(one) for one in reading["indicators"] if one["objective"] == home["key"]),
        )
        for home in reading["objectives"]
    )  # fmt: skip


@dataclass(frozen=True)
class _LastYear:
    nko: Decimal | None
    predicate: str
    values: Mapping[str, Decimal | None]


def _last_year(value: Document) -> _LastYear:
    """What was determined for the year before: NKO, predicate, and the capaian of each IKU by its name.

    A PK that is copied gives its lines new keys, so an IKU is the same one where it bears the same name; two of one
    name are nobody's.
    """
    found = db.session.execute(
        sa.select(OrgResult.nko, OrgResult.predicate, OrgValue.reading, Document.state)
        .join(Period, Period.id == OrgResult.period_id)
        .outerjoin(
            Document,
            sa.and_(
                Document.kind == "org_value",
                Document.unit_id == OrgResult.unit_id,
                Document.period_id == OrgResult.period_id,
                Document.slot == OrgResult.slot,
            ),
        )
        .outerjoin(OrgValue, OrgValue.document_id == Document.id)
        .where(
            OrgResult.unit_id == value.unit_id,
            OrgResult.slot == YEAR_SLOT,
            Period.year == value.period.year - 1,
        )
        .order_by(Document.id.desc())
    ).first()
    if found is None or (found.state and found.state not in DETERMINED):
        return _LastYear(None, "", {})
    values: dict[str, Decimal | None] = {}
    for one in (found.reading or {}).get("indicators", ()):
        name = _same(one["name"])
        values[name] = None if name in values else _number(one["value"])
    return _LastYear(found.nko, found.predicate, values)


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _determinations(value: Document) -> list[tuple[Determination, Mapping[str, Any]]]:
    """Every time the value was determined, oldest first, with the content that was; one statement."""
    rows = db.session.execute(
        sa.select(Step.event, Step.at, Step.note, Revision.content)
        .outerjoin(
            Revision,
            sa.and_(Revision.document_id == Step.document_id, Revision.number == Step.revision_number),
        )
        .where(Step.document_id == value.id, Step.event.in_(("determine", "reopen")))
        .order_by(Step.sequence)
    ).all()
    found: list[tuple[Determination, Mapping[str, Any]]] = []
    for row in rows:
        if row.event == "reopen":
            if found:
                told, content = found[-1]
                found[-1] = (Determination(told.at, told.nko, told.predicate, row.note), content)
            continue
        content = json.loads(row.content)
        found.append((Determination(row.at, _number(content["nko"]), content["predikat"]), content))
    return found


def _number(text: str | None) -> Decimal | None:
    return None if text is None or text == "" else Decimal(text)
