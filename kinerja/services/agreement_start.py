"""Beginning a PK: by the head of the UPK or its pengelola kinerja organisasi, with last year's content where wished."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_key
from kinerja.models import Document, Period, Person, Pk, Unit
from kinerja.rules.words import N_
from kinerja.services import heads, identity, new_documents, policy, structure
from kinerja.services.agreements import SIGNED, pk_content, pk_of
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.pk_edit import apply_edit
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.pk import PkFlow
from kinerja.workflows.roles import Actor, Relation

PLEDGE = N_(
    "Saya menyatakan sanggup mencapai target kinerja sebagaimana tercantum dalam Perjanjian Kinerja ini dan "
    "mempertanggungjawabkannya."
)


def create_pk(unit_id: int, period: Period, *, by_id: int, copy_last_year: bool = False) -> Document:
    """Draft the PK of a UPK for the year of a period. Raises BadInput when the unit is no UPK, nobody heads it or it
    has one already; NotAllowed when `by_id` neither heads it nor is its pengelola kinerja organisasi."""
    with transaction():
        unit = db.session.scalars(sa.select(Unit).where(Unit.id == unit_id).with_for_update()).one()
        today = clock.today(unit.zone)
        head = structure.head_of(unit.id, today).person_id
        if problems := why_none(unit, period, head):
            raise BadInput(problems)
        assert head is not None
        actor = _author(unit, head, by_id, today)
        document = new_documents.create(
            "pk", subject_id=head, unit_id=unit.id, period=period, by=actor, state="draft",
            span_start=date(period.year, 1, 1),
        )  # fmt: skip
        pk = Pk(
            document_id=document.id,
            document=document,
            series=_series(unit, period),
            starts=date(period.year, 1, 1),
            ends=date(period.year, 12, 31),
            pledge=PLEDGE,
        )
        db.session.add(pk)
        previous = last_years_pk(unit.id, period.year) if copy_last_year else None
        if previous is not None:
            apply_edit(pk, copied(pk_content(previous, pk_of(previous))))
        new_documents.begin(document, actor)
        return document


def why_none(unit: Unit, period: Period, head: int | None) -> list[Unmet]:
    """Why no PK can be begun for this unit and year; empty when one can."""
    if not unit.owns_strategy_map:
        return [Unmet(OWN_RULE, N_("Unit ini bukan Unit Pemilik Kinerja, sehingga tidak membuat PK."))]
    if head is None:
        return [
            Unmet(
                OWN_RULE, N_("Unit ini belum mempunyai pimpinan; PK dibuat setelah pimpinannya ditetapkan.")
            )
        ]
    if period.state != "open":
        return [Unmet(OWN_RULE, N_("Periode ini sudah ditutup."))]
    if (there := current_pk(unit.id, period.id)) is not None:
        text = N_("PK unit ini untuk tahun %(year)s sudah ada: %(number)s.")
        return [Unmet(OWN_RULE, text, {"year": period.year, "number": there.print_number})]
    return []


def current_pk(unit_id: int, period_id: int) -> Document | None:
    """The PK of a unit and year that is not cancelled; None without one."""
    found: Document | None = db.session.scalars(
        sa.select(Document).where(*_current(unit_id, period_id)).order_by(Document.id.desc())
    ).first()
    return found


def _current(unit_id: int, period_id: int) -> tuple[Any, ...]:
    return (
        Document.kind == "pk",
        Document.unit_id == unit_id,
        Document.period_id == period_id,
        Document.state.not_in(("cancelled", "amended")),
    )


def last_years_pk(unit_id: int, year: int) -> Document | None:
    """The latest signed PK of a unit before a year."""
    found: Document | None = db.session.scalars(
        sa.select(Document)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.kind == "pk",
            Document.unit_id == unit_id,
            Period.year < year,
            Document.state.in_(SIGNED),
        )
        .order_by(Period.year.desc(), Document.id.desc())
    ).first()
    return found


def copied(content: dict[str, Any]) -> dict[str, Any]:
    """Last year's content as a new draft: the same lines under new keys, references between them kept."""
    keys: dict[str, str] = {}

    def fresh(old: str) -> str:
        return keys.setdefault(old, new_key())

    objectives = [
        dict(objective)
        | {"key": fresh(objective["key"]), "sebab": [fresh(one) for one in objective["sebab"]]}
        | {
            "iku": [
                dict(iku) | {"key": fresh(iku["key"]), "induk": fresh(iku["induk"]) if iku["induk"] else ""}
                for iku in objective["iku"]
            ]
        }
        for objective in content["sasaran"]
    ]
    initiatives = [
        dict(one)
        | {
            "key": new_key(),
            "ss": fresh(one["ss"]) if one["ss"] else "",
            "iku": [fresh(key) for key in one["iku"] or []],
        }
        | {
            "tahapan": [
                dict(stage) | {"key": new_key(), "mulai": "", "selesai": ""} for stage in one["tahapan"] or []
            ]
        }
        for one in content["inisiatif"]
    ]
    return {
        **{name: content[name] for name in ("pernyataan", "visi", "misi", "tujuan", "tempat")},
        "sasaran": objectives,
        "inisiatif": initiatives,
        "anggaran": [],
        "risiko": [dict(line) | {"key": new_key(), "tanggal": ""} for line in content["risiko"]],
    }


def _series(unit: Unit, period: Period) -> int:
    """How many PK this unit has had in a year, this one and the cancelled ones too."""
    counted = sa.select(sa.func.count()).where(
        Document.kind == "pk", Document.unit_id == unit.id, Document.period_id == period.id
    )
    return db.session.scalar(counted) or 0


def _author(unit: Unit, head: int, by_id: int, on: date) -> Actor:
    person = db.session.get_one(Person, by_id)
    if by_id == head:
        return Actor(by_id, person.name, frozenset({Relation.SUBJECT}))
    reached = identity.roles_over(identity.scopes_of(by_id, on), unit.path)
    if Relation.PENGELOLA_ORGANISASI in reached:
        return Actor(by_id, person.name, frozenset({Relation.PENGELOLA_ORGANISASI}))
    raise NotAllowed("create")


def units_to_begin(person_id: int) -> list[Unit]:
    """The UPK whose PK this person may begin: those he heads, and those of his office as pengelola."""
    today = clock.today()
    headed = [path for path in heads.headed_by(person_id, today) if path]
    offices = [
        s.path for s in identity.scopes_of(person_id, today) if s.role == Relation.PENGELOLA_ORGANISASI
    ]
    reached = [Unit.path.in_(headed), *(Unit.path.startswith(path) for path in offices)]
    query = (
        sa.select(Unit)
        .where(Unit.owns_strategy_map, sa.or_(*reached))
        .order_by(Unit.path)
        .limit(UNITS_OFFERED)
    )
    return list(db.session.scalars(query))


# More than anybody chooses from a list: a pengelola of the whole ministry begins at the page of the unit.
UNITS_OFFERED = 200


def unit_id_of(code: str) -> int:
    """The unit of a code. Raises NotThere."""
    found = db.session.scalar(sa.select(Unit.id).where(Unit.code == code))
    if found is None:
        raise NotThere(code)
    return found


@dataclass(frozen=True)
class OfUnit:
    """What the page of a unit says of its PK: the document where this person may open it, and may he begin one."""

    public_id: str | None
    state_label: str
    may_begin: bool


def of_unit(unit: Unit, period: Period, circle: identity.Circle, *, leads: bool) -> OfUnit | None:
    """The PK of a unit and year for whoever looks at its page; None for a unit that has none. One statement.

    `leads`: does he head this unit or one above it? Only then it is asked which.
    """
    if not unit.owns_strategy_map:
        return None
    query = (
        sa.select(Document.public_id, Document.state, policy.visible(circle).label("seen"))
        .join(Unit, Unit.id == Document.unit_id)
        .where(*_current(unit.id, period.id))
        .order_by(Document.id.desc())
    )
    row = db.session.execute(query).first()
    if row is not None:
        return OfUnit(row.public_id if row.seen else None, PkFlow.state_label(row.state), may_begin=False)
    office = any(
        scope.role == Relation.PENGELOLA_ORGANISASI and unit.path.startswith(scope.path)
        for scope in circle.scopes
    )
    may_begin = office or (leads and unit.path in heads.headed_by(circle.person_id, circle.on))
    return OfUnit(None, "", may_begin=period.state == "open" and may_begin)
