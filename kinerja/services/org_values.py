"""The nilai organisasi as a document kind: materials, the value frozen from them, and what was determined."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, IkuRealisation, OrgValue, Person, Review
from kinerja.models.evaluation import ORG_PREDICATES
from kinerja.rules.agreement import TOP_LEVEL
from kinerja.rules.words import N_
from kinerja.services import (
    deadlines,
    event_dates,
    iku_due,  # noqa: F401  (registers what follows from the events of a PK)
    iku_values,
    lakin_due,  # noqa: F401  (tells that the data sheet is filled as the value is determined)
    org_results,
    pk_progress,
    structure,
)
from kinerja.services.agreements import pk_with
from kinerja.services.effects import effect
from kinerja.services.errors import BadInput
from kinerja.services.iku_values import OrgReading
from kinerja.services.kinds import Context
from kinerja.services.new_heads import new_head_of
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.trajectory import YEAR_SLOT
from kinerja.workflows.base import OWN_RULE, Facts, Unmet
from kinerja.workflows.org_value import LEVEL_ONE, TOP, UNIT_ABOVE, OrgValueFacts, OrgValueFlow

COMPUTED, DECREE = "hitungan", "skep"
TAKE_OVER_RUNG = 5
REASON_MINIMUM = 10
# Realisation that no longer waits for anybody.
SETTLED = ("validated", "missing")
# Under this rule set the units of level I are determined in the name of the Menteri (KMK 127/2026).
IN_THE_NAME_OF_THE_MINISTER = "kmk127-2026"


@cache
def _query() -> Any:
    return sa.select(OrgValue).where(OrgValue.document_id == sa.bindparam("document_id"))


def org_value_of(document: Document) -> OrgValue:
    """What a nilai organisasi says beside its history."""
    found: OrgValue = db.session.scalars(_query(), {"document_id": document.id}).one()
    return found


class OrgValueKind:
    flow = OrgValueFlow
    # As the data are sent the value is computed and kept; as it is opened again, what was determined is no longer so.
    applies = frozenset({"submit_data", "reopen", "new_head"})

    def facts(self, document: Document) -> Facts:
        windows = deadlines.windows_of(document)
        over = bool(windows) and clock.today(document.unit.zone) > windows["closes"]
        return OrgValueFacts(
            state=document.state,
            acting_level=document.acting_level,
            period_open=document.period.state == "open",
            decided_by=decided_by(document),
            window_over=over,
            may_take_over=document.escalation >= TAKE_OVER_RUNG,
            read_open=lambda: [SLOT_LABELS.get(slot, slot) for slot in open_slots(document)],
            read_problems=lambda: materials_of(document, org_value_of(document)),
            last_event_by=_senders(document) if document.state == "computed" else {},
        )

    def apply(self, context: Context) -> None:
        """Write what the form of this event carries. Raises BadInput."""
        value, change = org_value_of(context.document), context.change
        if context.event == "new_head":
            context.values["subject_id"] = new_head_of(context.document)
        elif context.event == "reopen":
            value.basis = value.predicate = value.reason = value.proposal = ""
            context.flag(touched=[person.id for person in touched(context.document)])
        elif context.event == "determine":
            _choose(value, str(change.get("predicate") or ""), str(change.get("reason") or "").strip())
        elif context.event == "enter_value":
            _enter(context, value)
        elif context.event == "submit_data":
            _freeze(context.document, value)
            value.basis, value.decree_number, value.decree_date = COMPUTED, "", None
        else:
            for name in ("report", "initiatives", "provisional_reason"):
                if name in change:
                    setattr(value, name, str(change[name] or "").strip())

    def content(self, document: Document) -> dict[str, Any]:
        return content_of(document, org_value_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "unit": document.unit.name}
        return N_("Nilai organisasi %(slot)s %(year)s, %(unit)s"), params


KIND = OrgValueKind()


def decided_by(document: Document) -> str:
    """Who determines: at the top the Komite Eksekutif takes note, level I under KMK 127/2026 is the Menteri's, else
    the leader one level up."""
    if document.unit.level == TOP_LEVEL:
        return TOP
    if document.unit.level == "L1" and document.period.rule_set == IN_THE_NAME_OF_THE_MINISTER:
        return LEVEL_ONE
    return UNIT_ABOVE


def _senders(document: Document) -> dict[str, int | None]:
    """Event -> who sent it last: nobody reviews what he sent himself."""
    from kinerja.models import Step

    rows = db.session.execute(
        sa.select(Step.event, Step.actor_id)
        .where(Step.document_id == document.id, Step.event.in_(("submit_data", "enter_value")))
        .order_by(Step.sequence)
    )
    return {row.event: row.actor_id for row in rows}


def slots_until(document: Document) -> list[str]:
    """The recorded slots that a value rests on: those up to its own, or all of the year."""
    slots = [window.slot for window in document.period.windows if window.slot != YEAR_SLOT]
    return slots if document.slot == YEAR_SLOT else slots[: slots.index(document.slot) + 1]


def open_slots(document: Document) -> list[str]:
    """The slots up to this one whose realisation is neither validated nor marked missing, or was never opened."""
    rows = db.session.execute(
        sa.select(Document.slot, Document.state)
        .join(IkuRealisation, IkuRealisation.document_id == Document.id)
        .where(IkuRealisation.pk_id == document.parent_id)
    )
    states = {row.slot: row.state for row in rows}
    return [slot for slot in slots_until(document) if states.get(slot) not in SETTLED]


def reading(document: Document) -> OrgReading:
    """What the realisation comes to as it stands now."""
    return iku_values.read(document.unit_id, document.period, document.slot)


def _freeze(document: Document, value: OrgValue) -> OrgReading:
    """Keep what was computed, with the working of each figure: it is never computed anew silently."""
    found = reading(document)
    value.reading = iku_values.frozen(found) | {"initiatives": progress_of(document)}
    value.nko, value.nko_k3 = found.nko.value, found.nko_k3.value
    value.proposal = proposed(found, document)
    value.predicate = value.reason = ""
    return found


def proposed(found: OrgReading, document: Document) -> str:
    """The proposed predicate in the national words; empty where the rule set proposes none."""
    if found.proposal.value is None:
        return ""
    return national(found.proposal.value, document)


def national(code: str, document: Document) -> str:
    """The national word for a predicate of the rule set."""
    from kinerja.rules.organisation import pattern_of

    return pattern_of(code, regulation_of(document.period))


def _enter(context: Context, value: OrgValue) -> None:
    """The value of a SKEP wins over the computed one; both are kept."""
    from kinerja.rules import scoring

    document, change = context.document, context.change
    nko, number, day = (
        change.get("nko"),
        str(change.get("decree_number") or "").strip(),
        change.get("decree_date"),
    )
    found = []
    if not isinstance(nko, Decimal) or not nko.is_finite() or not 0 <= nko <= 120:
        found.append(Unmet(OWN_RULE, N_("NKO antara 0 dan 120."), {}, "nko"))
    if not number:
        found.append(Unmet(OWN_RULE, N_("Isi nomor SKEP."), {}, "decree_number"))
    if day is None:
        found.append(Unmet(OWN_RULE, N_("Isi tanggal SKEP."), {}, "decree_date"))
    if found:
        raise BadInput(found)
    assert isinstance(nko, Decimal)
    assert day is not None
    event_dates.demand_decree(document, day)
    _freeze(document, value)
    value.basis, value.nko, value.decree_number, value.decree_date = DECREE, nko, number, day
    given = scoring.nko_entered(nko, f"{number}, {day.isoformat()}")
    law = regulation_of(document.period)
    suggestion = scoring.organisation_predicate(given, law)
    value.proposal = national(suggestion.value, document) if suggestion.value else ""


def _choose(value: OrgValue, predicate: str, reason: str) -> None:
    """What the leader determines; another predicate than the proposed one stands with its reason, and one where nothing
    is proposed with its basis. Raises BadInput."""
    if predicate not in ORG_PREDICATES:
        text = N_("Pilih salah satu dari lima predikat organisasi.")
        raise BadInput([Unmet("EV-1", text, {}, "predicate")])
    if not value.proposal and len(reason) < REASON_MINIMUM:
        text = N_("Tidak ada usulan: tulis dasar penetapannya, sedikitnya 10 huruf.")
        raise BadInput([Unmet(OWN_RULE, text, {}, "reason")])
    if value.proposal and predicate != value.proposal and len(reason) < REASON_MINIMUM:
        text = N_("Predikat berbeda dari usulan: tulis alasannya, sedikitnya 10 huruf.")
        raise BadInput([Unmet(OWN_RULE, text, {}, "reason")])
    value.predicate, value.reason = predicate, reason


def progress_of(document: Document) -> list[dict[str, str]]:
    """How far the initiatives of its PK are by the end of its slot, as recorded on the PK."""
    if document.parent is None:
        return []
    return pk_progress.of_initiatives(document.parent, pk_with(document.parent.id), document.slot)


def materials_of(document: Document, value: OrgValue) -> list[Unmet]:
    """What the materials still lack before they can be sent."""
    found = []
    if not value.report:
        text = N_("Sebut laporan capaian kinerja (LCK): nomor atau tautannya")
        found.append(Unmet(OWN_RULE, text, {}, "report"))
    if not value.initiatives and any(not one["keadaan"] for one in progress_of(document)):
        text = N_("Kemajuan inisiatif strategis belum dicatat pada PK dan belum ditulis di sini")
        found.append(Unmet(OWN_RULE, text, {}, "initiatives"))
    now = reading(document)
    if now.provisional and len(value.provisional_reason) < REASON_MINIMUM:
        text = N_("Nilainya sementara: tulis mengapa tetap dikirim, sedikitnya 10 huruf")
        found.append(Unmet(OWN_RULE, text, {}, "provisional_reason"))
    return found


def touched(document: Document) -> Sequence[Person]:
    """Whose evaluation was made on the result of this UPK and slot, by name."""
    evaluation = sa.orm.aliased(Document)
    return db.session.scalars(
        sa.select(Person)
        .join(evaluation, evaluation.subject_id == Person.id)
        .join(Review, Review.document_id == evaluation.id)
        .where(
            Review.org_unit_id == document.unit_id, evaluation.period_id == document.period_id,
            evaluation.slot == document.slot, evaluation.state.in_(org_results.MADE_STATES),
            sa.not_(Review.org_from_last_year),
        )
        .order_by(Person.name, Person.id)
    ).all()  # fmt: skip


def content_of(document: Document, value: OrgValue) -> dict[str, Any]:
    """The canonical content of a nilai organisasi: what revisions keep and comparisons read."""
    figures = value.reading or {}
    return {
        "jenis": "nilai_organisasi",
        "tahun": document.period.year,
        "slot": document.slot,
        "unit": {"kode": document.unit.code, "nama": document.unit.name},
        "dasar": value.basis,
        "lck": value.report,
        "inisiatif": value.initiatives,
        "alasan_sementara": value.provisional_reason,
        "nko": _text(value.nko),
        "nko_k3": _text(value.nko_k3),
        "nomor_skep": value.decree_number,
        "tanggal_skep": value.decree_date.isoformat() if value.decree_date else "",
        "usulan": value.proposal,
        "predikat": value.predicate,
        "alasan": value.reason,
        "perspektif": [{"kode": one["code"], "nilai": one["value"]} for one in figures.get("perspectives", ())],
        "sasaran": [{"kode": one["code"], "nilai": one["value"]} for one in figures.get("objectives", ())],
        "iku": [
            {
                "kode": one["number"], "nama": one["name"], "target": one["target"], "realisasi": one["realisation"],
                "capaian": one["value"], "k3": one["k3"],
            }
            for one in figures.get("indicators", ())
        ],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def counted(document: Document, value: OrgValue) -> Decimal | None:
    """The value that evaluations go by: NKO, or NKO K3 where the rule set says so and no SKEP speaks."""
    law = regulation_of(document.period)
    by_k3 = value.basis == COMPUTED and "nko_dipakai" in law and law.text("nko_dipakai") == "nko_k3"
    return value.nko_k3 if by_k3 else value.nko


@effect("org_value", "determine")
def tell_the_unit(context: Context) -> None:
    """What was determined is what evaluations read from now on; all staff of the unit are told that it is there."""
    document = context.document
    value, by = org_value_of(document), context.actor.person_id
    assert by is not None
    org_results.record(
        document.unit_id, document.period, document.slot, by_id=by, predicate=value.predicate,
        nko=counted(document, value),
        decree_number=value.decree_number, decree_date=value.decree_date, document=document,
    )  # fmt: skip
    org_results.announce(document.unit_id, document.period, document.slot)
    text = N_("Nilai organisasi unit Anda ditetapkan: %(document)s.")
    for person_id in structure.staff_of(document.unit_id, clock.today(document.unit.zone)):
        if person_id != document.subject_id:
            context.notify(person_id, text)
