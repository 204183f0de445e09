"""What falls due: system steps, reminders and the escalation ladder. Safe to run twice, or twice at once.

Every act goes through `transitions.send` as the system, or is a notice with a key, so that a repetition finds
nothing left to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Period
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import identity, notices, transitions, turns, vacancies
from kinerja.services.calendars import calendar_of
from kinerja.services.deadlines import passes_up
from kinerja.services.errors import NotAllowed, Stale
from kinerja.services.kinds import flow_of, kind_of
from kinerja.services.periods import regulation_of
from kinerja.services.skp_due import WAITING
from kinerja.workflows.base import Incomplete
from kinerja.workflows.roles import Relation

CHUNK = 200
# The rung of the ladder on which both sides are told that the day is over; the ones below it are reminders.
DUE_RUNG = 3
REMINDER = N_("Mohon tindak lanjuti %(document)s paling lambat %(due)s.")
OVERDUE = N_("%(who)s belum menindaklanjuti %(document)s, padahal batasnya %(due)s.")
COPY_UP = N_(
    "Untuk Anda ketahui sebagai atasan: %(who)s belum menindaklanjuti %(document)s, yang batasnya %(due)s."
)
TAKE_OVER = N_("Anda dapat mengambil alih %(document)s karena batasnya, %(due)s, sudah lewat.")
NOBODY = N_("Batas %(due)s bagi %(document)s sudah lewat, dan pejabat yang ditunggu belum ditetapkan.")
LISTED = N_("Batas %(due)s sudah lama lewat bagi %(document)s.")

# The modules that know what else falls due, each with a function `fall_due(day) -> int`.
OTHERS = (
    "kinerja.services.monitoring_due",
    "kinerja.services.iku_due",
    "kinerja.services.lakin_due",
    "kinerja.services.k3_due",
    "kinerja.services.evaluation_due",
    "kinerja.services.agreement_due",
    "kinerja.services.dko_due",
    "kinerja.services.vacancies",
)


@dataclass
class Report:
    """What one run did."""

    day: date
    steps: int = 0
    notices: int = 0
    failed: list[str] = field(default_factory=list)


def run(day: date | None = None, on_steps: Callable[[int], object] | None = None) -> Report:
    """Do everything that is due on a legal day, today by default. `on_steps` hears of steps as they are done."""
    tell = on_steps or (lambda _n: None)
    report = Report(day or clock.today())
    for document_id, event in _system_steps():
        if _send(document_id, event, report):
            report.steps += 1
            tell(1)
    for name in OTHERS:
        function: Callable[[date], int] = import_module(name).fall_due
        sent = function(report.day)
        report.steps += sent
        tell(sent)
    report.notices = _ladder()
    if not db.session.info.get("in_transaction"):
        db.session.rollback()  # ends what was only read; inside somebody's transaction that is his to do
    return report


def _system_steps() -> Iterator[tuple[str, str]]:
    """SKP that pass to the superior's superior on 1 February, reviews that lapse, SKP whose year is over."""
    now, last = clock.now(), 0
    while True:
        documents = db.session.scalars(
            sa.select(Document)
            .join(Period, Period.id == Document.period_id)
            .options(joinedload(Document.unit), joinedload(Document.period))
            .where(
                Document.id > last,
                Document.kind == "skp",
                sa.or_(
                    Document.state.in_(WAITING),
                    sa.and_(Document.state == "in_force", Document.due_at < now),
                ),
                Period.state == "open",
            )
            .order_by(Document.id)
            .limit(CHUNK)
        ).all()
        if not documents:
            return
        last = documents[-1].id
        steps = [
            (document.public_id, event) for document in documents for event in _due_events(document, now)
        ]
        yield from steps


def _due_events(document: Document, now: datetime) -> Iterator[str]:
    overdue = document.due_at is not None and now > document.due_at
    if document.state == "in_force":
        yield "close"
        return
    if document.state == "agreed" and document.period.review_initial_skp:
        yield "review"
    if document.state == "in_review" and overdue:
        yield "lapse_review"
    if document.acting_level == 0:
        limit = passes_up(document)
        # What the page promised to the penilai is kept, as where a hold gave him back the rest of his time.
        promised = document.turn == Relation.PENILAI and document.due_at is not None and not overdue
        if limit is not None and now > limit and not promised:
            yield "escalate_to_superior"


def _send(public_id: str, event: str, report: Report) -> bool:
    try:
        transitions.send(public_id, event, None, version=None)
    except (NotAllowed, Stale):
        return False
    except Incomplete as error:
        report.failed.append(f"{public_id} {event}: {error}")
        return False
    return True


def _ladder() -> int:
    """Reminders when the law says; at due both sides; later the superiors and the pengelola."""
    written = 0
    last = 0
    while True:
        documents = db.session.scalars(
            sa.select(Document)
            .join(Period, Period.id == Document.period_id)
            .options(joinedload(Document.unit), joinedload(Document.period), joinedload(Document.subject))
            .where(
                Document.id > last,
                Document.due_at.is_not(None),
                # Each action of a DKO is reminded of by its own day.
                Document.turn.not_in(("", Relation.SYSTEM, Relation.ACTION_OWNER)),
                Period.state == "open",
            )
            .order_by(Document.id)
            .limit(CHUNK)
        ).all()
        if not documents:
            return written
        last = documents[-1].id
        for document in documents:
            rung = rung_of(document)
            # After a gap of the worker every rung that was passed over is climbed, each once. Of the two reminders
            # only the later one, and none once the day is over: nobody is helped by what he should have done before.
            first = max(document.escalation + 1, min(rung, DUE_RUNG))
            for step in range(first, rung + 1):
                written += _climb(document.id, step)


def rung_of(document: Document) -> int:
    """How far up the ladder of reminders a waiting document is: 0 nothing yet, 1 first reminder, 2 second one, 3 due,
    4 copy to the superior, 5 the superior may take over, 6 pengelola and Komite list it."""
    assert document.due_at is not None
    now, zone = clock.now(), document.unit.zone
    calendar = calendar_of(document)
    today, due_day = local_date(now, zone), local_date(document.due_at, zone)
    law = regulation_of(document.period)
    if now > document.due_at:
        late = calendar.between(due_day, today)
        rungs = (
            law.whole("tangga_salin_atasan_hk"),
            law.whole("tangga_ambil_alih_hk"),
            law.whole("tangga_komite_hk"),
        )
        return 3 + sum(late >= rung for rung in rungs)
    if calendar.remaining(today, due_day) <= law.whole("tangga_ingatkan_hk"):
        return 2
    begun = local_date(document.state_since, zone)
    return 1 if (today - begun) * 100 >= (due_day - begun) * law.whole("tangga_ingatkan_persen") else 0


def _climb(document_id: int, rung: int) -> int:
    """Write the notices of one rung, once, and remember it on the document."""
    with transaction():
        document = db.session.scalars(_locked_query(), {"document": document_id}).one()
        if rung <= document.escalation or not document.turn:
            return 0
        actors = turns.person_in_turn(document, document.turn)
        answerable = turns.answerable(document)
        superiors = _superiors_of(answerable, document) if rung in (4, 5) else []
        wanted: dict[int, tuple[str, dict[str, object]]] = {}
        template, params = kind_of(document.kind).title(document)
        about: dict[str, object] = {
            "document_template": template,
            "document_params": params,
            "who": _names(actors),
            "due": notices.last_day(document),
        }
        if rung in (1, 2):
            wanted |= dict.fromkeys(actors, (REMINDER, about))
        if rung == 3:
            wanted |= dict.fromkeys({*actors, *answerable, document.subject_id}, (OVERDUE, about))
        if rung == 4:
            wanted |= dict.fromkeys(superiors, (COPY_UP, about))
        if rung == 5:
            wanted |= dict.fromkeys(_who_takes_over(document, superiors), (TAKE_OVER, about))
        if rung >= 6:
            wanted |= dict.fromkeys(_listing(document), (LISTED, about))
        if rung >= DUE_RUNG and vacancies.waits_for_nobody(document):
            # Nobody is late and nobody can take over: those who name the one awaited hear of it, and the subject once.
            heard = _listing(document) + [document.subject_id] * (rung == DUE_RUNG)
            wanted = dict.fromkeys(heard, (NOBODY, about))
        # The due day is part of it: where a window was put right, the new day is reminded of as the old one was.
        begun, due_day = f"{document.state_since:%Y%m%d%H%M%S}", f"{document.due_at:%Y%m%d}"
        key = f"{document.public_id}:{document.state}:{begun}:{due_day}:{rung}"
        notices.write(document, wanted, dedupe=key)
        transitions.write_head(document, {"escalation": rung})
        return len(wanted)


@cache
def _locked_query() -> Any:
    return sa.select(Document).where(Document.id == sa.bindparam("document")).with_for_update(of=Document)


def _who_takes_over(document: Document, superiors: list[int]) -> list[int]:
    """Whoever the flow lets act in the place of the one awaited, now that the ladder has come so far."""
    kind = kind_of(document.kind)
    if any(move.event == "take_over" for move in flow_of(document).moves(document.state)):
        return superiors
    find = getattr(kind, "substitute", None)
    substitute = find(document) if find is not None else None
    return turns.person_in_turn(document, substitute) if substitute else []


def _superiors_of(actors: list[int], document: Document) -> list[int]:
    found = []
    for chain in identity.chains(actors, clock.today(document.unit.zone)).values() if actors else ():
        candidates = [s.person_id for s in chain if s.person_id != document.subject_id]
        found += candidates[:1]
    return found or _watchers(document)


def _watchers(document: Document) -> list[int]:
    day = clock.today(document.unit.zone)
    pengelola = identity.holders_of_role("pengelola_pegawai", document.unit.path, day)
    return pengelola or identity.holders_of_role("sekretariat_komite", document.unit.path, day)


def _listing(document: Document) -> list[int]:
    """Who lists what has waited too long: the pengelola of the unit, and the secretariat of the Komite."""
    day = clock.today(document.unit.zone)
    roles = ("pengelola_pegawai", "sekretariat_komite")
    found = [person for role in roles for person in identity.holders_of_role(role, document.unit.path, day)]
    return [person for person in dict.fromkeys(found) if person != document.subject_id]


def _names(people: list[int]) -> str:
    from kinerja.services.reading import names_of

    return ", ".join(names_of(people).values())
