"""Delegation by the holder of a post: given in writing, accepted by the delegate, ended by either or by its last day.

Every act is audited and told to the other side. What a running one lets the delegate do is asked of `identity`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Delegation, Person, Placement, Post, Unit
from kinerja.rules.words import N_
from kinerja.services import audit, identity, notices, permits
from kinerja.services.chains import valid_on
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.heads import headed_by
from kinerja.services.roster import HOLDER_ORDER
from kinerja.workflows.base import OWN_RULE, Unmet

RULE = OWN_RULE
LONGEST = timedelta(days=366)
KINDS = {
    "skp": N_("SKP"),
    "realisation": N_("Realisasi"),
    "predicate_review": N_("Evaluasi kinerja"),
}
STATES = {
    "offered": N_("menunggu penerima"),
    "running": N_("berlaku"),
    "later": N_("belum mulai"),
    "over": N_("berakhir"),
    "stopped": N_("diakhiri"),
    "declined": N_("tidak diterima"),
}
OPEN = ("offered", "running", "later")
LIMIT = 200

NO_STAFF = N_("Pendelegasian diberikan oleh pemegang jabatan yang mempunyai bawahan langsung.")
NO_PERSON = N_("Tidak ada pegawai dengan NIP atau e-mail ini.")
NOT_ONESELF = N_("Tulis orang lain; pendelegasian kepada diri sendiri tidak ada.")
NOT_UPWARDS = N_("%(name)s atasan Anda; pendelegasian diberikan kepada orang yang bukan atasan.")
NO_POST = N_("%(name)s tidak memegang jabatan pada hari ini.")
NO_KIND = N_("Pilih sedikitnya satu jenis dokumen.")
UNKNOWN_POST = N_("Pilih jabatan yang Anda pegang.")
PAST = N_("Pendelegasian mulai paling awal hari ini.")
REVERSED = N_("Tanggal selesai mendahului tanggal mulai.")
TOO_LONG = N_("Paling lama satu tahun; sesudah itu diberikan lagi.")
LETTER_LATER = N_("Tanggal surat paling lambat tanggal mulai.")
TWICE = N_(
    "Pada waktu itu sudah ada pendelegasian untuk %(kind)s, kepada %(name)s. Akhiri yang itu lebih dahulu."
)
NO_HEAD = N_("Hanya JF bawahan langsung Anda yang memimpin unit dapat menjadi pejabat penilai.")
NOT_YOURS = N_("Hanya dijawab oleh penerima pendelegasian.")
TOO_LATE = N_("Pendelegasian ini sudah berakhir.")

GIVEN = N_("%(who)s mendelegasikan tugas penilai kepada Anda: terima atau tolak")
ACCEPTED = N_("%(who)s menerima pendelegasian Anda")
DECLINED = N_("%(who)s tidak menerima pendelegasian Anda")
ENDED = N_("%(who)s mengakhiri pendelegasian %(letter)s")


@dataclass(frozen=True)
class Row:
    """A delegation as its page lists it; `acts` is what the reader may do: terima, tolak, akhiri."""

    public_id: str
    holder: str
    post: str
    unit: str
    delegate: str
    kinds: tuple[str, ...]
    may_sign: bool
    as_penilai: bool
    starts: date
    ends: date
    letter: str
    letter_date: date
    state: str
    reason: str
    # A Plh. stands in on the same post today: he comes first, and the delegate rests.
    rests: bool
    acts: tuple[str, ...]

    @property
    def state_label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Lists:
    """What the page shows: what one was given, what one gave, and what runs in the units one looks after."""

    received: list[Row]
    given: list[Row]
    watched: list[Row] | None
    may_give: bool


def lists(person_id: int) -> Lists:
    """The delegations around a person, the latest first; four statements."""
    received = _rows(person_id, Delegation.delegate_id == person_id)
    given = _rows(person_id, Delegation.holder_id == person_id)
    paths = permits.paths_for(person_id, "delegation.read")
    watched = None
    if paths:
        inside = sa.or_(*(Unit.path.startswith(path) for path in paths))
        others = sa.and_(Delegation.holder_id != person_id, Delegation.delegate_id != person_id)
        watched = _rows(person_id, sa.and_(inside, others))
    return Lists(received, given, watched, bool(posts_of(person_id)))


def posts_of(person_id: int) -> list[tuple[int, str]]:
    """The posts a person holds today and from which somebody is led: id and title."""
    today = clock.today()
    circle = identity.circle_of(person_id)
    if not circle.direct:
        return []
    found = db.session.execute(
        sa.select(Post.id, Post.title)
        .join(Placement, Placement.post_id == Post.id)
        .where(Placement.person_id == person_id, Placement.kind.in_(HOLDER_ORDER), valid_on(Placement, today))
        .order_by(sa.case((Placement.kind == "definitif", 0), else_=1), Post.id)
    )
    return [(row.id, row.title) for row in found]


def _rows(reader_id: int, condition: Any) -> list[Row]:
    holder, delegate, absent = aliased(Person), aliased(Person), aliased(Placement)
    rests = sa.exists().where(
        absent.post_id == Delegation.post_id, absent.kind == "plh", valid_on(absent, clock.today())
    )
    found = db.session.execute(
        sa.select(
            Delegation, holder.name.label("holder"), delegate.name.label("delegate"), Post.title, Unit.name, Unit.zone,
            rests.label("rests"),
        )
        .join(holder, holder.id == Delegation.holder_id)
        .join(delegate, delegate.id == Delegation.delegate_id)
        .join(Post, Post.id == Delegation.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(condition)
        .order_by(Delegation.id.desc())
        .limit(LIMIT)
    ).all()  # fmt: skip
    return [_row(reader_id, row) for row in found]


def _row(reader_id: int, found: Any) -> Row:
    one: Delegation = found[0]
    state = state_of(one, clock.today(found.zone))
    return Row(
        one.public_id, found.holder, found.title, found.name, found.delegate,
        tuple(KINDS[kind] for kind in one.kinds.split()), one.may_sign, one.as_penilai, one.starts, one.ends,
        one.letter, one.letter_date, state, one.reason, bool(found.rests) and state == "running" and not one.as_penilai,
        _acts(one, reader_id, state),
    )  # fmt: skip


def state_of(one: Delegation, today: date) -> str:
    """How a delegation stands on a day of the unit of its post."""
    if one.declined_at is not None:
        return "declined"
    if one.ended_at is not None:
        return "stopped"
    if one.ends < today:
        return "over"
    if one.accepted_at is None:
        return "offered"
    return "later" if one.starts > today else "running"


def _acts(one: Delegation, person_id: int, state: str) -> tuple[str, ...]:
    if state == "offered" and person_id == one.delegate_id:
        return ("terima", "tolak")
    return ("akhiri",) if state in OPEN and person_id in (one.holder_id, one.delegate_id) else ()


@dataclass(frozen=True)
class Letter:
    """What the letter says: from which post, to whom, for which days and kinds, and whether he may sign."""

    post_id: int
    to: str
    starts: date
    ends: date
    number: str
    letter_date: date
    kinds: Sequence[str]
    may_sign: bool = False
    as_penilai: bool = False


def give(by_id: int, letter: Letter) -> str:
    """Give a delegation; it counts once the delegate has accepted it. Raises NotAllowed, BadInput at the field."""
    with transaction():
        posts = dict(posts_of(by_id))
        if not posts:
            raise NotAllowed("pendelegasian.beri", [Unmet(RULE, NO_STAFF)])
        problems: list[Unmet] = []
        if letter.post_id not in posts:
            problems.append(Unmet(RULE, UNKNOWN_POST, field_name="post"))
        kinds = tuple(KINDS) if letter.as_penilai else tuple(k for k in KINDS if k in letter.kinds)
        delegate = _delegate(by_id, letter, problems)
        problems += _dates(letter)
        if not kinds:
            problems.append(Unmet(RULE, NO_KIND, field_name="kinds"))
        if delegate is not None and not problems:
            problems += _doubled(letter, kinds)
        if problems or delegate is None:
            raise BadInput(problems)
        row = Delegation(
            public_id=new_public_id(), holder_id=by_id, delegate_id=delegate.id, post_id=letter.post_id,
            starts=letter.starts, ends=letter.ends, letter=letter.number.strip(), letter_date=letter.letter_date,
            kinds=" ".join(kinds), may_sign=letter.may_sign or letter.as_penilai, as_penilai=letter.as_penilai,
            given_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        _record("pendelegasian.beri", by_id, row)
        _tell(delegate.id, GIVEN, by_id)
    return row.public_id


def _delegate(by_id: int, letter: Letter, problems: list[Unmet]) -> Person | None:
    text = "".join(letter.to.split())
    found = db.session.scalar(
        sa.select(Person).where(sa.or_(Person.nip == text, Person.email == text.lower()))
    )
    if found is None:
        problems.append(Unmet(RULE, NO_PERSON, field_name="to"))
        return None
    name = {"name": found.name}
    today = clock.today()
    if found.id == by_id:
        problems.append(Unmet(RULE, NOT_ONESELF, field_name="to"))
    elif any(superior.person_id == found.id for superior in identity.superiors(by_id, today)):
        problems.append(Unmet(RULE, NOT_UPWARDS, name, "to"))
    elif identity.holder_of(found.id, today) is None:
        problems.append(Unmet(RULE, NO_POST, name, "to"))
    elif letter.as_penilai and not _leads_as_jf(by_id, found.id, today):
        problems.append(Unmet(RULE, NO_HEAD, field_name="to", source="PermenPANRB 6/2022 hlm. 89"))
    return found


def _leads_as_jf(by_id: int, person_id: int, today: date) -> bool:
    """A functional officer who leads a unit, right below the one who delegates (PermenPANRB 6/2022, p.89)."""
    groups = db.session.scalars(
        sa.select(Post.post_group)
        .join(Placement, Placement.post_id == Post.id)
        .where(Placement.person_id == person_id, valid_on(Placement, today))
    ).all()
    below = person_id in identity.circle_of(by_id).direct
    return below and "JF" in groups and bool(headed_by(person_id, today))


def _dates(letter: Letter) -> list[Unmet]:
    found = []
    if letter.starts < clock.today():
        found.append(Unmet(RULE, PAST, field_name="starts"))
    if letter.ends < letter.starts:
        found.append(Unmet(RULE, REVERSED, field_name="ends"))
    elif letter.ends - letter.starts > LONGEST:
        found.append(Unmet(RULE, TOO_LONG, field_name="ends"))
    if letter.letter_date > letter.starts:
        found.append(Unmet(RULE, LETTER_LATER, field_name="letter_date"))
    return found


def _doubled(letter: Letter, kinds: Sequence[str]) -> list[Unmet]:
    """One delegate for one kind on one day; those of functional officers who lead a unit stand beside each other."""
    if letter.as_penilai:
        return []
    rows = db.session.execute(
        sa.select(Delegation.kinds, Person.name)
        .join(Person, Person.id == Delegation.delegate_id)
        .where(
            Delegation.post_id == letter.post_id,
            sa.not_(Delegation.as_penilai),
            Delegation.declined_at.is_(None),
            Delegation.ended_at.is_(None),
            Delegation.starts <= letter.ends,
            Delegation.ends >= letter.starts,
        )
    ).all()
    for kind in kinds:
        for row in rows:
            if kind in row.kinds.split():
                return [Unmet(RULE, TWICE, {"kind": KINDS[kind], "name": row.name}, "kinds")]
    return []


def accept(by_id: int, public_id: str) -> None:
    """The delegate's word; from now on it counts on its days. Raises NotThere, NotAllowed."""
    with transaction():
        row, zone = _one(by_id, public_id)
        if row.accepted_at is not None and by_id == row.delegate_id:
            return
        _demand(row, by_id, "terima", clock.today(zone))
        row.accepted_at = clock.now()
        db.session.flush()
        _record("pendelegasian.terima", by_id, row)
        _tell(row.holder_id, ACCEPTED, by_id)


def demand_accept(by_id: int, public_id: str) -> None:
    """Raise what `accept` would raise; nothing is written."""
    with transaction():
        row, zone = _one(by_id, public_id)
        if row.accepted_at is None or by_id != row.delegate_id:
            _demand(row, by_id, "terima", clock.today(zone))


def decline(by_id: int, public_id: str) -> None:
    """The delegate does not take it. Raises NotThere, NotAllowed."""
    with transaction():
        row, zone = _one(by_id, public_id)
        if row.declined_at is not None and by_id == row.delegate_id:
            return
        _demand(row, by_id, "tolak", clock.today(zone))
        row.declined_at = clock.now()
        db.session.flush()
        _record("pendelegasian.tolak", by_id, row)
        _tell(row.holder_id, DECLINED, by_id)


def end(by_id: int, public_id: str) -> None:
    """Either side ends it at once. Raises NotThere, NotAllowed."""
    with transaction():
        row, zone = _one(by_id, public_id)
        if row.ended_at is not None:
            return
        _demand(row, by_id, "akhiri", clock.today(zone))
        row.ended_at, row.ended_by_id = clock.now(), by_id
        db.session.flush()
        _record("pendelegasian.akhiri", by_id, row)
        other = row.delegate_id if by_id == row.holder_id else row.holder_id
        _tell(other, ENDED, by_id, letter=row.letter)


def _one(by_id: int, public_id: str) -> tuple[Delegation, str]:
    """The delegation for one of its two sides, locked, with the zone of its post; nobody else learns that it exists."""
    row = db.session.scalar(sa.select(Delegation).where(Delegation.public_id == public_id).with_for_update())
    if row is None or by_id not in (row.holder_id, row.delegate_id):
        raise NotThere
    zone = db.session.scalar(
        sa.select(Unit.zone).join(Post, Post.unit_id == Unit.id).where(Post.id == row.post_id)
    )
    return row, zone or "WIB"


def _demand(row: Delegation, by_id: int, act: str, today: date) -> None:
    state = state_of(row, today)
    if act in _acts(row, by_id, state):
        return
    reason = NOT_YOURS if act != "akhiri" and by_id != row.delegate_id else TOO_LATE
    raise NotAllowed(f"pendelegasian.{act}", [Unmet(RULE, reason)])


def _tell(person_id: int, text: str, by_id: int, **more: str) -> None:
    name = db.session.scalar(sa.select(Person.name).where(Person.id == by_id)) or ""
    notices.write(None, {person_id: (text, {"who": name, **more})})


def _record(action: str, by_id: int, row: Delegation) -> None:
    payload = {
        "delegation": row.id, "holder": row.holder_id, "delegate": row.delegate_id, "post": row.post_id,
        "starts": row.starts, "ends": row.ends, "letter": row.letter, "letter_date": row.letter_date,
        "kinds": row.kinds, "may_sign": row.may_sign, "as_penilai": row.as_penilai,
    }  # fmt: skip
    audit.record(action, actor_id=by_id, payload=payload)
