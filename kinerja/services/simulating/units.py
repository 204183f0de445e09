"""A year of the highest UPK, told act by act through the services: PK, matriks, realisation of IKU, value.

Told after the people's years: results of organisations that their evaluations rest on were entered by hand before, and
stay. What is made does not depend on how many people there are below a unit.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_key, new_public_id
from kinerja.models import (
    Document,
    Iku,
    IkuRealisationItem,
    IkuTarget,
    Period,
    Person,
    ReportingLine,
    RoleAppointment,
    Unit,
)
from kinerja.services import (
    agreement_start,
    evidence,
    identity,
    iku_due,
    manual_start,
    matrix_start,
    structure,
    transitions,
    turns,
)
from kinerja.services.agreement_start import current_pk
from kinerja.services.agreements import pk_of
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import columns_of
from kinerja.services.org_values import org_value_of
from kinerja.workflows.base import Incomplete
from kinerja.workflows.roles import Relation

CATALOGUE = "https://katalog.kementerian.example/iku"
QUARTERS = ("TW1", "TW2", "TW3", "TW4")
MAP = (
    ("stakeholder", "Manfaat layanan bagi pemangku kepentingan meningkat"),
    ("customer", "Layanan memenuhi standar yang dijanjikan"),
    ("internal_process", "Proses bisnis berjalan tepat waktu"),
    ("learning_growth", "Kompetensi pegawai sesuai kebutuhan"),
)
INDICATORS = ("Persentase layanan yang selesai tepat waktu", "Indeks mutu hasil kerja")
AIM = Decimal("92.5")
MEASURED = {
    "aspek": "kualitas", "kualitas": "outcome_antara", "periode_pelaporan": "triwulanan",
    "metode_cascading": "indirect",
    "tujuan": "Mengetahui mutu layanan setiap triwulan.", "formula": "yang memenuhi / seluruhnya x 100",
    "sumber_data": "Laporan kinerja triwulanan unit", "penanggung_jawab": "Pimpinan unit",
    "penyedia_data": "Pengelola kinerja organisasi unit", "status_target": "baru_tanpa_riwayat",
}  # fmt: skip
# Whoever takes part beside the heads: who records, who reviews, and at the top who clears and who notes.
OFFICES = (
    ("recorder", Relation.PENGELOLA_ORGANISASI, True),
    ("reviewer", Relation.PENGELOLA_ORGANISASI, True),
    ("centre", Relation.AKOP, False),
    ("secretariat", Relation.SEKRETARIAT, False),
)
REPORTED = ("TW1", "TW2", "TW3")
# Of these so many also define their indicators and report: each of its manuals takes five acts.
REPORTING = 4
# So many units have a year: what a page of a unit asks does not grow with the others, and each takes a second.
MOST = 24


@dataclass(frozen=True)
class Cast:
    """One unit with its head and the head above, and who holds the offices."""

    unit: int
    head: int
    above: int | None
    offices: dict[str, int]
    top: bool


def tell(period: Period, until: datetime, progress: Callable[[str, int, int | None], None]) -> int:
    """The year of the first `MOST` UPK from the top down, as far as they have no PK yet; how many."""
    known = set(
        db.session.scalars(
            sa.select(Document.unit_id).where(Document.kind == "pk", Document.period_id == period.id)
        )
    )
    units = db.session.scalars(
        sa.select(Unit).where(Unit.owns_strategy_map).order_by(sa.func.length(Unit.path), Unit.id).limit(MOST)
    ).all()
    offices = _offices(period.year)
    casts = [cast for unit in units if unit.id not in known and (cast := _cast(unit, offices)) is not None]
    period_id, year = period.id, period.year
    ends = {window.slot: window.ends for window in period.windows}
    agreed: list[Cast] = []
    for place, cast in enumerate(casts, 1):
        # Where an acting head changes who signs, the story of that unit is not told.
        with suppress(BadInput, Incomplete, NotAllowed, NotThere):
            _agree(cast, period_id, year)
            agreed.append(cast)
        progress("menyusun PK", place, len(casts))
        db.session.expunge_all()
    for cast in agreed[:REPORTING]:
        with suppress(BadInput, Incomplete, NotAllowed, NotThere):
            _define(cast, period_id, year)
        db.session.expunge_all()
    for slot in REPORTED:
        moment = _moment(ends[slot] + timedelta(days=1), 3)
        if moment >= until:
            break
        with clock.frozen(moment):
            iku_due.fall_due(clock.today())
        for cast in agreed[:REPORTING]:
            _report(cast, period_id, slot, moment + timedelta(days=4))
            db.session.expunge_all()
        progress("merekam IKU", REPORTED.index(slot) + 1, len(REPORTED))
    return len(agreed)


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.ZONES["WIB"])


def _offices(year: int) -> dict[str, int]:
    """Appoint, once, whom the organisation's side needs: members of the staff who lead nobody."""
    there = db.session.execute(
        sa.select(RoleAppointment.decree, RoleAppointment.person_id).where(
            RoleAppointment.decree.like("SIM-%")
        )
    ).all()
    if there:
        return {row.decree.removeprefix("SIM-"): row.person_id for row in there}
    leads = sa.exists().where(ReportingLine.superior_id == Person.id)
    people = db.session.scalars(
        sa.select(Person.id).where(~leads).order_by(Person.id).limit(len(OFFICES))
    ).all()
    top = db.session.scalars(sa.select(Unit.id).where(Unit.parent_id.is_(None))).one()
    found = {}
    with transaction():
        for person, (name, role, of_top) in zip(people, OFFICES, strict=True):
            db.session.add(
                RoleAppointment(
                    public_id=new_public_id(), person_id=person, role=str(role), unit_id=top if of_top else None,
                    starts=date(year, 1, 1), decree=f"SIM-{name}",
                    confirmed_at=_moment(date(year, 1, 1), 1),
                )
            )  # fmt: skip
            found[name] = person
    identity.relations_changed()
    return found


def _cast(unit: Unit, offices: dict[str, int]) -> Cast | None:
    """None where nobody heads it, or its head has no head of a UPK above him."""
    head = structure.head_of(unit.id, clock.today(unit.zone)).person_id
    if head is None:
        return None
    chain = identity.superiors(head)
    top = unit.parent_id is None
    if not chain and not top:
        return None
    return Cast(unit.id, head, chain[0].person_id if chain else None, offices, top)


def _send(document: Document, event: str, person: int, **more: Any) -> Document:
    return transitions.send(document.public_id, event, person, version=document.version, **more).document


def _agree(cast: Cast, period_id: int, year: int) -> None:
    """PK from draft to in force, then the matriks of its head with a role for each of his people."""
    with transaction():
        period = db.session.get_one(Period, period_id)
        with clock.frozen(_moment(date(year, 1, 6), 9)):
            pk = agreement_start.create_pk(cast.unit, period, by_id=cast.head)
            pk = _send(pk, "edit", cast.head, change=_content())
        for day, event, person, signed in _way(cast):
            with clock.frozen(_moment(date(year, 1, day), 10)):
                pk = _send(pk, event, person, **({"signed": True} if signed else {}), **_noted(event, year))
        with clock.frozen(_moment(date(year, 1, 21), 9)):
            matrix = matrix_start.create_matrix(cast.unit, period, by_id=cast.head)
            change = _roles(matrix)
            if change["anggota"]:
                matrix = _send(matrix, "edit", cast.head, change=change)
                _send(matrix, "share", cast.head)


def _way(cast: Cast) -> Iterator[tuple[int, str, int, bool]]:
    """The steps of a PK with day of January, who, and whether he signs; the ministry's is noted, not countersigned."""
    secretariat = cast.offices["secretariat"]
    above = secretariat if cast.top or cast.above is None else cast.above
    yield 7, "propose", cast.head, False
    yield 8, "open_dialogue", above, False
    yield 12, "agree", cast.head, False
    if not cast.top:
        yield 12, "agree", above, False
    yield 13, "send_review", cast.head, False
    yield 14, "clear", cast.offices["centre" if cast.top else "reviewer"], False
    yield 15, "sign_first", cast.head, True
    if cast.top:
        yield 16, "take_note", secretariat, False
    else:
        yield 16, "sign_second", above, True


def _noted(event: str, year: int) -> dict[str, Any]:
    if event != "take_note":
        return {}
    return {"change": {"number": f"RIS-1/KE/{year}", "on": date(year, 1, 15)}}


def _content() -> dict[str, Any]:
    """Four perspectives, a sasaran in each with two IKU, each supporting the one above it."""
    keys = [new_key() for _ in MAP]
    return {
        "pernyataan": "Sanggup mencapai target kinerja tahun ini dan mempertanggungjawabkannya.",
        "sasaran": [
            {
                "key": key, "kode": str(number), "perspektif": perspective, "pernyataan": statement,
                "sebab": keys[number - 2 : number - 1] if number > 1 else [],
                "iku": [_iku(f"{number}{letter}-CP", name) for letter, name in zip("ab", INDICATORS, strict=True)],
            }
            for number, (key, (perspective, statement)) in enumerate(zip(keys, MAP, strict=True), 1)
        ],
    }  # fmt: skip


def _iku(code: str, name: str) -> dict[str, Any]:
    return {
        "key": new_key(), "kode": code, "nama": f"{name} {code}", "target": AIM, "satuan": "persen",
        "polarisasi": "maximize", "konsolidasi": "average", "validitas": "proxy", "kendali": "moderate",
        "lintasan": dict.fromkeys(QUARTERS, AIM),
    }  # fmt: skip


def _define(cast: Cast, period_id: int, year: int) -> None:
    """The manual of every IKU, drafted by the head, approved and reviewed: without it nothing is recorded (PK-9)."""
    with transaction():
        pk = current_pk(cast.unit, period_id)
        if pk is None:
            return
        with clock.frozen(_moment(date(year, 1, 22), 9)):
            for iku in [iku for goal in pk_of(pk).objectives for iku in goal.indicators]:
                manual = manual_start.begin(pk.public_id, iku.key, by_id=cast.head)
                manual = _send(manual, "edit", cast.head, change=MEASURED | {"definisi": iku.name})
                manual = _send(manual, "submit", cast.head)
                for event in ("approve", "clear"):
                    person = turns.person_in_turn(manual, Relation(manual.turn))[0]
                    manual = _send(manual, event, person)


def _roles(matrix: Document) -> dict[str, Any]:
    """A role for everybody right below the head, in turn under each of the IKU."""
    columns, found = columns_of(matrix), []
    for number, member in enumerate(matrix_of(matrix).members if columns else ()):
        column = columns[number % len(columns)]
        role = {
            "key": new_key(), "kolom": column.key, "teks": f"Laporan dukungan {column.code} yang selesai tepat waktu",
            "metode": "layanan", "porsi": None,
        }  # fmt: skip
        found.append({"key": member.key, "peran": [role]})
    return {"anggota": found}


def _report(cast: Cast, period_id: int, slot: str, moment: datetime) -> None:
    """The realisation of a quarter recorded and validated, its value computed, reviewed and determined."""
    found = {
        row.kind: row.public_id
        for row in db.session.execute(
            sa.select(Document.kind, Document.public_id).where(
                Document.unit_id == cast.unit, Document.period_id == period_id, Document.slot == slot,
                Document.kind.in_(("iku_realisation", "org_value")), Document.state.in_(("open", "collecting")),
            )
        )
    }  # fmt: skip
    if "iku_realisation" not in found:
        return
    recorder, above = cast.offices["recorder"], cast.offices["secretariat"] if cast.top else cast.above
    reviewer = cast.offices["centre" if cast.top else "reviewer"]
    with transaction(), clock.frozen(moment):
        document = transitions.load(found["iku_realisation"])
        change, proof = _reached(document, slot, recorder)
        document = _send(document, "save", recorder, change=change)
        document = _send(document, "record", recorder)
        evidence.open_evidence(document, identity.actor_for(document, cast.head), proof)
        _send(document, "validate", cast.head)
        if "org_value" in found and above is not None:
            value = transitions.load(found["org_value"])
            value = _send(value, "save", recorder, change={"report": f"LCK-{cast.unit}/{slot}"})
            value = _send(value, "submit_data", recorder)
            if not cast.top:
                value = _send(value, "clear", reviewer)
                proposal = org_value_of(value).proposal
                _send(value, "determine", above, change={"predicate": proposal, "reason": ""})


def _reached(document: Document, slot: str, recorder: int) -> tuple[dict[str, Any], str]:
    rows = db.session.execute(
        sa.select(Iku.key, IkuTarget.value)
        .join(IkuRealisationItem, IkuRealisationItem.iku_id == Iku.id)
        .join(IkuTarget, sa.and_(IkuTarget.iku_id == Iku.id, IkuTarget.slot == slot))
        .where(IkuRealisationItem.realisation_id == document.id)
        .order_by(Iku.id)
    ).all()
    proof = evidence.store_link(
        recorder, f"{CATALOGUE}/{document.unit_id}/{slot.lower()}", f"Data IKU {slot}"
    ).public_id
    items = {
        row.key: {"value": (row.value * (96 + number * 2 % 9) / 100).quantize(Decimal("0.01"))}
        for number, row in enumerate(rows)
    }
    return {
        "items": items,
        "attach": [{"item": key, "evidence": proof, "shows": "data"} for key in items],
    }, proof
