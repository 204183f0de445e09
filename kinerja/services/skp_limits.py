"""For whom, for which days and on which form an SKP can be: asked as it begins, and as its draft gets other dates."""

from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, Person, Post, Skp
from kinerja.rules import organisation
from kinerja.rules.words import N_
from kinerja.services import structure
from kinerja.services.errors import BadInput
from kinerja.services.people import placement_of
from kinerja.services.skp_spans import OUT_OF_FORCE
from kinerja.workflows.base import OWN_RULE, Unmet


def why_none(person_id: int) -> Unmet | None:
    """Why no SKP is made for whoever holds this person's post today; None when one is."""
    placement = placement_of(person_id)
    why = organisation.without_skp(placement.post.post_group, placement.post.rank) if placement else None
    return Unmet(why.rule, why.text, source=why.source) if why else None


def span_problems(
    person: Person, period: Period, post: Post | None, first: date, last: date, but: int | None = None
) -> list[Unmet]:
    """Why this person can have no SKP of this span in this period; `but` is the document whose own span it is."""
    problems = []
    if why := organisation.without_skp(post.post_group, post.rank) if post else None:
        problems.append(Unmet(why.rule, why.text, source=why.source))
    if period.state != "open":
        problems.append(
            Unmet(OWN_RULE, N_("Periode %(year)s belum atau tidak lagi dibuka."), {"year": period.year})
        )
    if not (date(period.year, 1, 1) <= first <= last <= date(period.year, 12, 31)):
        text = N_(
            "Masa SKP harus di dalam tahun %(year)s, dan tanggal selesainya tidak mendahului tanggal mulai."
        )
        problems.append(
            Unmet("SKP-18", text, {"year": period.year}, "starts" if first.year != period.year else "ends")
        )
    if post is None:
        text = N_(
            "Belum ada penempatan pada tanggal itu. Tekan Data saya salah supaya pengelola memperbaikinya."
        )
        problems.append(Unmet(OWN_RULE, text))
    if (
        person.exempt_from
        and person.exempt_from <= first
        and (person.exempt_to is None or person.exempt_to >= last)
    ):
        problems.append(
            Unmet(
                OWN_RULE, N_("Dikecualikan dari perencanaan kinerja: %(why)s"), {"why": person.exempt_reason}
            )
        )
    overlapping = db.session.scalar(
        sa.select(Document.print_number)
        .join(Skp, Skp.document_id == Document.id)
        .where(
            Document.kind == "skp",
            Document.subject_id == person.id,
            Document.id != (but or 0),
            Document.state.not_in(OUT_OF_FORCE),
            Skp.starts <= last,
            Skp.ends >= first,
        )
        .limit(1)
    )
    if overlapping:
        problems.append(
            Unmet("SKP-18", N_("Sudah ada %(number)s untuk rentang ini."), {"number": overlapping})
        )
    return problems


def uses_senior_form(person_id: int, post: Post, on: date) -> bool:
    """A.1.1 and A.1.2 are for JPT and for whoever heads a unit kerja mandiri on a day, of whatever rank (p.26-29)."""
    if post.post_group == "JPT":
        return True
    mandiri = post.unit.kind == "unit_kerja_mandiri"
    return mandiri and structure.head_of(post.unit_id, on).person_id == person_id


def change_span(document: Document, skp: Skp, starts: date, ends: date) -> None:
    """Give a draft another span. Raises BadInput when it cannot have it, or holds another post in it."""
    day = max(starts, min(ends, clock.today(document.unit.zone)))
    placement = placement_of(document.subject_id, day)
    post = placement.post if placement else None
    problems = span_problems(document.subject, document.period, post, starts, ends, document.id)
    if post is not None and post.unit_id != document.unit_id:
        text = N_("Pada masa itu jabatan Anda di %(unit)s: susun SKP tersendiri untuk masa itu.")
        problems.append(Unmet("SKP-18", text, {"unit": post.unit.name}, "starts"))
    if problems:
        raise BadInput(problems)
    assert post is not None
    skp.starts, skp.ends, skp.post = starts, ends, post
    skp.senior_form = uses_senior_form(document.subject_id, post, day)
