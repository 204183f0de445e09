"""Delegation by the holder: written, accepted, for some kinds and days; it prepares, and signs only by the letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import (
    delegations,
    due,
    frame,
    home,
    identity,
    lists,
    notices,
    policy,
    reading,
    transitions,
    turns,
)
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.workflows.roles import LABELS, Relation
from tests.services.monitoring_office import JANUARY, Office, running

LAST_DAY = date(2026, 4, 20)
MINUTE = timedelta(minutes=1)
NOTE = "Lengkapi bukti bulan Maret."
BEHALF = "atas nama Penilai, Jabatan penilai"


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """An SKP that waits for its penilai, who has no Plh. here."""
    with running(sqlite_template, tmp_path) as found:
        with transaction():
            db.session.execute(sa.delete(models.Placement).where(models.Placement.kind == "plh"))
        yield found


def nip(office: Office, who: str) -> str:
    return db.session.get_one(models.Person, office.people[who]).nip


def letter(office: Office, to: str = "asing", **more: object) -> delegations.Letter:
    post = delegations.posts_of(office.people["penilai"])[0][0]
    plain = delegations.Letter(
        post, nip(office, to), clock.today(), LAST_DAY, "ST-7/2026", clock.today(), ("skp", "realisation")
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def delegate(office: Office, *, accepted: bool = True, **more: object) -> str:
    public_id = delegations.give(office.people["penilai"], letter(office, **more))  # type: ignore[arg-type]
    if accepted:
        delegations.accept(office.people["asing"], public_id)
    return public_id


def skp_of(office: Office) -> models.Document:
    return db.session.get_one(models.Document, office.skp_id, populate_existing=True)


def sends_skp(office: Office, event: str, **more: object) -> None:
    skp = skp_of(office)
    transitions.send(skp.public_id, event, office.people["asing"], version=skp.version, **more)  # type: ignore[arg-type]


def recorded(office: Office) -> None:
    office.establish()
    with clock.frozen(datetime.combine(LAST_DAY, time(2), clock.ZONES["WIB"])):
        office.record()


def banner(office: Office) -> list[tuple[str, str]]:
    return [(one.holder, one.letter) for one in frame.around(office.people["asing"], frozenset()).acting]


def relations(office: Office) -> frozenset[Relation]:
    return identity.actor_for(skp_of(office), office.people["asing"]).relations


def test_an_offer_counts_only_once_it_was_accepted(office: Office) -> None:
    public_id = delegate(office, accepted=False)
    assert relations(office) == frozenset()
    delegations.accept(office.people["asing"], public_id)
    assert relations(office) == {Relation.DELEGATE}
    assert banner(office) == [("Penilai", "ST-7/2026")]


def test_whoever_declines_may_do_nothing_and_the_holder_is_told(office: Office) -> None:
    public_id = delegate(office, accepted=False)
    delegations.decline(office.people["asing"], public_id)
    assert relations(office) == frozenset()
    told = db.session.scalars(sa.select(models.Notice.person_id).order_by(models.Notice.id)).all()
    assert told == [office.people["asing"], office.people["penilai"]]


def test_he_prepares_in_the_name_of_the_holder_and_the_history_says_so(office: Office) -> None:
    delegate(office)
    recorded(office)
    with clock.frozen(datetime.combine(LAST_DAY, time(3), clock.ZONES["WIB"])):
        office.send("send_back", "asing", note=NOTE)
    step = db.session.scalars(sa.select(models.Step).where(models.Step.event == "send_back")).one()
    assert (step.actor_id, step.on_behalf) == (office.people["asing"], BEHALF)
    assert step.trace["mewakili"] == office.people["penilai"]


@pytest.mark.parametrize("may_sign", [False, True])
def test_he_signs_only_where_the_letter_says_so(office: Office, may_sign: bool) -> None:
    delegate(office, may_sign=may_sign)
    if not may_sign:
        with pytest.raises(NotAllowed):
            sends_skp(office, "establish", signed=True)
        return
    sends_skp(office, "establish", signed=True)
    signature = db.session.scalars(sa.select(models.Signature)).one()
    assert (signature.person_id, signature.on_behalf) == (office.people["asing"], BEHALF)
    assert skp_of(office).state == "in_force"


def test_a_kind_that_the_letter_does_not_name_stays_closed(office: Office) -> None:
    delegate(office, kinds=("realisation",))
    with pytest.raises(NotThere):
        sends_skp(office, "send_back", note=NOTE)
    recorded(office)
    with clock.frozen(datetime.combine(LAST_DAY, time(3), clock.ZONES["WIB"])):
        assert {
            row.kind for row in lists.page(identity.circle_of(office.people["asing"]), lists.Filters())
        } == {"realisation"}


@pytest.mark.parametrize("zone", ["WIB", "WITA", "WIT"])
def test_one_minute_after_the_last_day_he_is_refused_and_the_banner_is_gone(
    office: Office, zone: str
) -> None:
    with transaction():
        db.session.execute(sa.update(models.Unit).values(zone=zone))
    delegate(office)
    recorded(office)
    midnight = datetime.combine(LAST_DAY + timedelta(days=1), time(), clock.ZONES[zone])
    with clock.frozen(midnight + MINUTE):
        db.session.expire_all()
        assert banner(office) == []
        with pytest.raises((NotAllowed, NotThere)):
            office.send("send_back", "asing", note=NOTE)
        assert office.state() == "recorded"
    with clock.frozen(midnight - MINUTE):
        assert banner(office) == [("Penilai", "ST-7/2026")]
        circle = identity.circle_of(office.people["asing"])
        assert circle.delegated["realisation"] == {office.people["pegawai"]}
        office.send("send_back", "asing", note=NOTE)


@pytest.mark.parametrize("who", ["penilai", "asing"])
def test_either_side_ends_it_at_once(office: Office, who: str) -> None:
    public_id = delegate(office)
    delegations.end(office.people[who], public_id)
    assert relations(office) == frozenset()
    assert banner(office) == []


def test_a_plh_comes_before_a_delegate_who_rests_meanwhile(office: Office) -> None:
    delegate(office, may_sign=True)
    post = delegations.posts_of(office.people["penilai"])[0][0]
    with transaction():
        db.session.add(
            models.Placement(
                person_id=office.people["plh"], post_id=post, kind="plh", starts=date(2026, 1, 26),
                ends=date(2026, 1, 30), recorded_at=JANUARY,
            )
        )  # fmt: skip
    assert relations(office) == frozenset()
    assert banner(office) == []
    assert [row.rests for row in delegations.lists(office.people["asing"]).received] == [True]
    with clock.frozen(JANUARY + timedelta(days=6)):
        assert relations(office) == {Relation.PENILAI}


def test_whoever_is_above_in_the_chain_is_no_delegate_for_it(office: Office) -> None:
    """A superior of the holder, made delegate before he rose, keeps the relation of his own level."""
    delegate(office)
    with transaction():
        row = db.session.scalars(sa.select(models.Delegation)).one()
        row.delegate_id = office.people["atasan"]
    actor = identity.actor_for(skp_of(office), office.people["atasan"])
    assert actor.relations == {Relation.ATASAN}
    assert identity.circle_of(office.people["atasan"]).entrusted == frozenset()


def test_a_holder_who_left_the_post_leaves_no_delegate_behind(office: Office) -> None:
    delegate(office)
    with transaction():
        held = models.Placement.person_id == office.people["penilai"]
        db.session.execute(sa.update(models.Placement).where(held).values(ends=date(2026, 1, 31)))
    with clock.frozen(JANUARY + timedelta(days=10)):
        db.session.expire_all()
        assert relations(office) == frozenset()


def test_what_he_may_open_is_what_his_lists_show(office: Office) -> None:
    delegate(office, kinds=("skp", "realisation"))
    recorded(office)
    with clock.frozen(datetime.combine(LAST_DAY, time(3), clock.ZONES["WIB"])):
        circle = identity.circle_of(office.people["asing"])
        shown = {row.public_id for row in lists.page(circle, lists.Filters(), size=100)}
        documents = db.session.scalars(sa.select(models.Document)).all()
        actor = office.people["asing"]
        may = {d.public_id for d in documents if policy.may_view(d, identity.actor_for(d, actor))}
        assert shown == may != set()
        for d in documents:
            by_list = circle.relations_to(d.subject_id, d.unit.path, d.kind)
            assert by_list == identity.actor_for(d, actor).relations - {Relation.PEER, Relation.SUBORDINATE}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "penilai"}, "to"),
        ({"to": "atasan"}, "to"),
        ({"kinds": ()}, "kinds"),
        ({"starts": date(2026, 1, 20)}, "starts"),
        ({"ends": date(2026, 1, 25)}, "ends"),
        ({"ends": date(2028, 1, 25)}, "ends"),
        ({"letter_date": date(2026, 2, 1)}, "letter_date"),
        ({"post_id": 0}, "post"),
        ({"as_penilai": True}, "to"),
    ],
)
def test_what_cannot_be_delegated_is_refused_at_its_field(
    office: Office, change: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        delegate(office, **change)
    assert field in {problem.field_name for problem in refused.value.problems}


def test_one_kind_has_one_delegate_on_one_day(office: Office) -> None:
    delegate(office)
    with pytest.raises(BadInput):
        delegate(office, to="plh", kinds=("skp",))
    delegate(office, kinds=("predicate_review",))


def test_whoever_leads_nobody_delegates_nothing_and_no_third_person_answers(office: Office) -> None:
    public_id = delegate(office, accepted=False)
    with pytest.raises(NotAllowed):
        delegations.give(office.people["pegawai"], letter(office))
    for act in (delegations.accept, delegations.decline, delegations.end):
        with pytest.raises(NotThere):
            act(office.people["plh"], public_id)
    with pytest.raises(NotAllowed):
        delegations.accept(office.people["penilai"], public_id)


def test_every_act_is_in_the_audit_trail(office: Office) -> None:
    delegations.end(office.people["asing"], delegate(office))
    found = db.session.scalars(
        sa.select(models.AuditRow.action).where(models.AuditRow.action.startswith("pendelegasian"))
    ).all()
    assert found == ["pendelegasian.beri", "pendelegasian.terima", "pendelegasian.akhiri"]


def tasks(office: Office, who: str) -> set[str]:
    """The kinds that wait for somebody on his first page."""
    return {row.kind for row in home.home(office.people[who]).tasks}


@pytest.mark.parametrize(("may_sign", "skp_waits_for"), [(False, "penilai"), (True, "asing")])
def test_what_a_delegate_may_do_waits_on_his_first_page_and_he_is_told(
    office: Office, may_sign: bool, skp_waits_for: str
) -> None:
    with transaction():
        skp_of(office).turn = "penilai"
    assert tasks(office, "penilai") == {"skp"}
    delegate(office, kinds=("skp", "realisation"), may_sign=may_sign)
    assert tasks(office, skp_waits_for) == {"skp"}, "to put it in force needs the power to sign"
    recorded(office)
    with clock.frozen(datetime.combine(LAST_DAY, time(3), clock.ZONES["WIB"])):
        db.session.expire_all()
        assert tasks(office, "asing") == {"realisation"}
        assert tasks(office, "penilai") == set()
        (row,) = home.home(office.people["asing"]).tasks
        label = Relation.PENILAI if may_sign else Relation.DELEGATE
        assert row.turn_label == LABELS[label]
        page = reading.page(row.public_id, office.people["asing"])
        assert page.mine
        assert (page.turn_label, page.turn_names) == (LABELS[label], ("Asing",))
        (shown,) = home.home(office.people["pegawai"]).waiting
        assert shown.who == ("Asing",)
        told = sa.select(models.Notice.person_id).where(models.Notice.text == notices.YOUR_TURN_BY)
        assert db.session.scalars(told.order_by(models.Notice.id.desc())).first() == office.people["asing"]


def test_when_it_is_late_delegate_and_holder_hear_it_and_the_superior_of_the_holder(office: Office) -> None:
    delegate(office, kinds=("realisation",))
    recorded(office)
    with clock.frozen(datetime.combine(LAST_DAY, time(3), clock.ZONES["WIB"])):
        db.session.expire_all()
        found = office.document()
        assert turns.person_in_turn(found, found.turn) == [office.people["asing"]]
        assert turns.answerable(found) == [office.people["penilai"]]
        assert due._superiors_of(turns.answerable(found), found) == [office.people["atasan"]]
