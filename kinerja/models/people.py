"""Units, posts, people and the dated rows that relate them. Nothing here is ever overwritten: rows end, and of a unit
what it was before is kept beside it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, UtcDateTime

PLACEMENT_KINDS = ("definitif", "plt", "plh", "pjs", "diperbantukan")


class Unit(Base):
    """A unit in the tree. `path` holds the ids from the top down ("/1/7/"), so that a subtree is one LIKE."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.CheckConstraint("level IN ('L0','L1','L2','L3','L4')", name="level"),
        sa.CheckConstraint("zone IN ('WIB','WITA','WIT')", name="zone"),
        sa.CheckConstraint("workweek IN (5, 6)", name="workweek"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(sa.String(200), index=True, default="")
    level: Mapped[str] = mapped_column(sa.String(2))
    kind: Mapped[str] = mapped_column(sa.String(40))
    zone: Mapped[str] = mapped_column(sa.String(4), default="WIB")
    workweek: Mapped[int] = mapped_column(default=5)
    owns_strategy_map: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])


class UnitVersion(Base):
    """What a unit was called, and under which unit it stood, until a day; the present is the unit itself."""

    __tablename__ = "unit_version"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "ends"),
        sa.CheckConstraint("starts IS NULL OR ends >= starts", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    starts: Mapped[date | None]
    ends: Mapped[date]


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (sa.CheckConstraint("status IN ('PNS','PPPK','CPNS','LAIN')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    nip: Mapped[str] = mapped_column(sa.String(18), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    search_name: Mapped[str] = mapped_column(sa.String(200), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    status: Mapped[str] = mapped_column(sa.String(4))
    grade: Mapped[str] = mapped_column(sa.String(60), default="")
    exempt_from: Mapped[date | None]
    exempt_to: Mapped[date | None]
    exempt_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class Post(Base):
    """A jabatan in a unit. One definitive holder when it is structural, any number otherwise."""

    __tablename__ = "post"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "title"),
        sa.CheckConstraint("post_group IN ('JPT','JA','JF','lain')", name="post_group"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    post_group: Mapped[str] = mapped_column(sa.String(4))
    rank: Mapped[str] = mapped_column(sa.String(40), default="")

    unit: Mapped[Unit] = relationship()


class Placement(Base):
    """A person on a post for a time; open-ended when `ends` is empty."""

    __tablename__ = "placement"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('definitif','plt','plh','pjs','diperbantukan')", name="kind"),
        sa.CheckConstraint("ends IS NULL OR ends >= starts", name="dates"),
        sa.Index("ix_placement_post_span", "post_id", "starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    starts: Mapped[date]
    ends: Mapped[date | None]
    letter: Mapped[str] = mapped_column(sa.String(120), default="")
    authority: Mapped[str] = mapped_column(sa.String(200), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    post: Mapped[Post] = relationship()


class ReportingLine(Base):
    """Who is whose penilai, from when to when; and from when to when kinerja believed so.

    A correction closes the old belief (`believed_to`) and adds a new row: past decisions keep what they saw.
    """

    __tablename__ = "reporting_line"
    __table_args__ = (
        sa.CheckConstraint("superior_id IS NULL OR superior_id <> person_id", name="not_own"),
        sa.Index("ix_reporting_line_superior", "superior_id", "believed_to"),
        sa.Index("ix_reporting_line_superior_post", "superior_post_id", "believed_to"),
        sa.Index("ix_reporting_line_person", "person_id", "believed_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    superior_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    superior_post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id"))
    starts: Mapped[date]
    ends: Mapped[date | None]
    believed_from: Mapped[datetime] = mapped_column(UtcDateTime)
    believed_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")


class RoleAppointment(Base):
    """An appointed role for a unit and everything below it, or for the ministry when no unit is named."""

    __tablename__ = "role_appointment"
    __table_args__ = (
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> granted_by_id", name="second_person"
        ),
        sa.Index("ix_role_appointment_person_role", "person_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(sa.String(40))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    starts: Mapped[date]
    ends: Mapped[date | None]
    decree: Mapped[str] = mapped_column(sa.String(120), default="")
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    unit: Mapped[Unit | None] = relationship()


class HeadDecision(Base):
    """The pengelola's dated word on who heads a unit where the rule of the reporting line gives none or several."""

    __tablename__ = "head_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    starts: Mapped[date]
    decided_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Delegation(Base):
    """A holder's written delegation of his work as penilai: to whom, for which days and which kinds of documents.

    It counts once the delegate has accepted it. `as_penilai` is the other kind the law knows: a JF who leads a unit
    becomes penilai of those below him (PermenPANRB 6/2022, p.89).
    """

    __tablename__ = "delegation"
    __table_args__ = (
        sa.CheckConstraint("holder_id <> delegate_id", name="two_people"),
        sa.CheckConstraint("ends >= starts", name="dates"),
        sa.CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name="one_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"), index=True)
    starts: Mapped[date]
    ends: Mapped[date]
    letter: Mapped[str] = mapped_column(sa.String(120))
    letter_date: Mapped[date]
    # Kinds of documents, parted by spaces.
    kinds: Mapped[str] = mapped_column(sa.String(120))
    may_sign: Mapped[bool] = mapped_column(default=False)
    as_penilai: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    holder: Mapped[Person] = relationship(foreign_keys=[holder_id])
    delegate: Mapped[Person] = relationship(foreign_keys=[delegate_id])
    post: Mapped[Post] = relationship()


class Assignment(Base):
    """A penugasan (PermenPANRB 6/2022, p.45-47): the head of a unit wants somebody of another penilai for its work.

    It counts once that penilai approved it, on its days, until one side ends it. `team` is the tim kerja, "" for none.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.CheckConstraint("ends >= starts", name="dates"),
        sa.CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name="one_answer"),
        sa.CheckConstraint("asked_by_id <> person_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(120), default="")
    decree: Mapped[str] = mapped_column(sa.String(120))
    starts: Mapped[date]
    ends: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    unit: Mapped[Unit] = relationship()


class DataReport(Base):
    """ "Data saya salah": a report to the pengelola that stops no document."""

    __tablename__ = "data_report"
    __table_args__ = (sa.CheckConstraint("state IN ('open','done','refused')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
