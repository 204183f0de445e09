"""A Perjanjian Kinerja from its first draft to its closing: who may what, what blocks it, who knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.ids import new_key
from kinerja.rules import pk as law
from kinerja.services import (
    agreement_due,
    agreement_start,
    identity,
    lists,
    matrix_start,
    org_values,
    pk_progress,
    policy,
    transitions,
    turns,
)
from kinerja.services.agreements import as_law_sees_it, pk_of
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed, NotThere
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import Incomplete
from tests.services.agreement_office import Ministry, content, iku, running


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    with running(sqlite_template, tmp_path) as found:
        yield found


def awaited(pk: str) -> list[int]:
    document = transitions.load(pk)
    return turns.person_in_turn(document, document.turn)


def test_a_pk_goes_from_draft_to_force_by_its_two_heads_and_the_office_above(ministry: Ministry) -> None:
    pk, who = ministry.begin(), ministry.people
    ministry.fill(pk)
    way = [
        ("propose", "direktur", "proposed", "menteri"), ("open_dialogue", "menteri", "in_dialogue", "direktur"),
        ("agree", "direktur", "in_dialogue", "menteri"), ("agree", "menteri", "agreed", "direktur"),
        ("send_review", "direktur", "in_review", "pengelola"), ("clear", "pengelola", "ready_to_sign", "direktur"),
    ]  # fmt: skip
    assert awaited(pk) == [who["direktur"]]
    for event, by, state, then in way:
        document = ministry.send(pk, event, by)
        assert (document.state, awaited(pk)) == (state, [who[then]]), event
    assert ministry.send(pk, "sign_first", "direktur", signed=True).state == "signed_first"
    assert ministry.send(pk, "sign_second", "menteri", signed=True).state == "in_force"
    blocks = db.session.scalars(sa.select(models.Signature.block).order_by(models.Signature.id))
    assert list(blocks) == ["pihak_pertama", "pihak_kedua"]


@pytest.mark.parametrize(
    ("event", "who", "given", "refusal"),
    [
        ("sign_first", "menteri", {"signed": True}, NotAllowed),
        ("sign_first", "pengelola", {"signed": True}, NotAllowed),
        ("sign_first", "direktur", {}, NeedsSignature),
        ("sign_first", "kasi", {"signed": True}, NotThere),
        ("sign_second", "menteri", {"signed": True}, NotAllowed),
        ("edit", "direktur", {"change": {}}, NotAllowed),
    ],
)
def test_only_the_two_heads_sign_and_nothing_is_changed_after_the_review(
    ministry: Ministry, event: str, who: str, given: dict[str, Any], refusal: type[Exception]
) -> None:
    pk = ministry.begin()
    ministry.agreed(pk)
    ministry.send(pk, "send_review", "direktur")
    ministry.send(pk, "clear", "pengelola")
    with pytest.raises(refusal):
        ministry.send(pk, event, who, **given)


def test_a_pk_that_breaks_a_rule_is_not_proposed_and_says_which(ministry: Ministry) -> None:
    pk = ministry.begin()
    broken = content()
    broken["sasaran"][0]["iku"] = []
    broken["sasaran"][1]["iku"] = [iku(2, lintasan={"TW1": Decimal(10)}, konsolidasi="sum")]
    ministry.send(pk, "edit", "direktur", change=broken)
    with pytest.raises(Incomplete) as refused:
        ministry.send(pk, "propose", "direktur")
    assert {unmet.rule for unmet in refused.value.unmet} == {"PK-3", "PK-8"}


def test_the_pengelola_drafts_for_the_head_who_alone_proposes(ministry: Ministry) -> None:
    pk = ministry.begin(by="pengelola")
    ministry.fill(pk, "pengelola")
    with pytest.raises(NotAllowed):
        ministry.send(pk, "propose", "pengelola")
    assert ministry.send(pk, "propose", "direktur").state == "proposed"


@pytest.mark.parametrize("who", ["kasi", "staf", "asing", "menteri"])
def test_nobody_else_begins_one(ministry: Ministry, who: str) -> None:
    with pytest.raises(NotAllowed):
        ministry.begin(by=who)


def test_a_unit_has_one_pk_a_year_until_it_is_cancelled(ministry: Ministry) -> None:
    pk = ministry.begin()
    with pytest.raises(BadInput):
        ministry.begin()
    ministry.send(pk, "cancel", "direktur", note="Struktur unit berubah tahun ini.")
    assert pk_of(transitions.load(ministry.begin())).series == 2


def test_a_unit_without_a_strategy_map_has_none(ministry: Ministry) -> None:
    with pytest.raises(BadInput):
        ministry.begin("seksi", "kasi")


def test_at_the_top_only_the_minister_agrees_and_signs_and_the_committee_takes_note(
    ministry: Ministry,
) -> None:
    with transaction():
        db.session.add(
            models.RoleAppointment(
                public_id="peransekretariat", person_id=ministry.people["asing"], role="sekretariat_komite",
                starts=agreement_start.clock.today(), decree="SK-2",
                confirmed_by_id=1, confirmed_at=agreement_start.clock.now(),
            )
        )  # fmt: skip
    pk = ministry.begin("kementerian", "menteri")
    ministry.fill(pk, "menteri", anggaran=[budget("500")])
    ministry.send(pk, "propose", "menteri")
    ministry.send(pk, "open_dialogue", "asing")
    with pytest.raises(NotAllowed):
        ministry.send(pk, "agree", "asing")
    assert ministry.send(pk, "agree", "menteri").state == "agreed"
    ministry.send(pk, "send_review", "menteri")
    assert transitions.load(pk).state == "in_review"
    # PK-13: what the units below agreed is held against it; a draft of theirs binds nobody.
    below = ministry.begin()
    ministry.fill(below, anggaran=[budget("900")])
    top = transitions.load(pk)
    assert as_law_sees_it(top, pk_of(top)).budget_below is None
    ministry.agreed(below, anggaran=[budget("900")])
    [found] = law.pk_13(as_law_sees_it(top, pk_of(top)), regulation_of(top.period))
    assert found.params == {"below": "900", "own": "500"}


def budget(amount: str) -> dict[str, Any]:
    return {"key": new_key(), "program": "Layanan data", "kode": "015.05", "pagu": amount, "keterangan": ""}


def test_everybody_of_the_unit_and_below_knows_a_signed_pk_and_is_told(ministry: Ministry) -> None:
    pk, who = ministry.begin(), ministry.people
    ministry.agreed(pk)
    for name in ("kasi", "staf", "asing"):
        assert not policy.may_view(transitions.load(pk), identity.actor_for(transitions.load(pk), who[name]))
    ministry.send(pk, "send_review", "direktur")
    ministry.send(pk, "clear", "pengelola")
    ministry.send(pk, "sign_first", "direktur", signed=True)
    ministry.send(pk, "sign_second", "menteri", signed=True)
    for name, sees in (
        ("kasi", True),
        ("staf", True),
        ("menteri", True),
        ("pengelola", True),
        ("asing", False),
    ):
        document = transitions.load(pk)
        assert policy.may_view(document, identity.actor_for(document, who[name])) is sees, name
        circle, filters = identity.circle_of(who[name]), lists.Filters(kind="pk")
        assert len(lists.page(circle, filters)) == sees, name
        assert sum(n for *_kind, n in lists.counts(circle, filters)) == sees, name
    told = set(
        db.session.scalars(sa.select(models.Notice.person_id).where(models.Notice.document_id == document.id))
    )
    assert {who["kasi"], who["staf"]} <= told
    assert who["asing"] not in told


def test_last_years_content_is_copied_under_new_keys_with_its_arrows(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.in_force(pk)
    before = transitions.load(pk)
    copied = agreement_start.copied(transitions.kind_of("pk").content(before))
    old = {objective.key for objective in pk_of(before).objectives}
    keys = [objective["key"] for objective in copied["sasaran"]]
    assert not old & set(keys)
    assert [objective["sebab"] for objective in copied["sasaran"]] == [[], [keys[0]], [keys[1]], [keys[2]]]


def test_an_iku_with_a_realisation_is_changed_by_nobody(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    document = transitions.load(pk)
    first = pk_of(document).objectives[0].indicators[0]
    with transaction():
        db.session.execute(
            sa.update(models.Iku).where(models.Iku.id == first.id).values(locked_at=document.created_at)
        )
    db.session.expire_all()
    for statement in (
        sa.update(models.Iku).where(models.Iku.id == first.id).values(target=Decimal(1)),
        sa.delete(models.Iku).where(models.Iku.id == first.id),
        sa.update(models.IkuTarget).where(models.IkuTarget.iku_id == first.id).values(value=Decimal(1)),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="iku has a realisation"), transaction():
            db.session.execute(statement)
    with pytest.raises(BadInput):
        ministry.send(pk, "edit", "direktur", change=content())


def replace_head(ministry: Ministry, on: date) -> None:
    """The direktur leaves his post, and somebody from elsewhere in the ministry takes it on a day."""
    ids = ministry.people
    query = sa.select(models.Placement).where(models.Placement.person_id.in_((ids["direktur"], ids["asing"])))
    with transaction():
        held = {one.person_id: one for one in db.session.scalars(query)}
        for one in held.values():
            one.ends = on - timedelta(days=1)
        db.session.add(
            models.Placement(
                person_id=ids["asing"], post_id=held[ids["direktur"]].post_id, kind="definitif", starts=on,
                recorded_at=clock.now(),
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("reached", "state"), [("draft", "draft"), ("signed_first", "ready_to_sign"), ("in_force", "in_force")]
)
def test_a_new_head_takes_over_the_pk_of_the_unit_and_what_is_worked_on_by_it(
    ministry: Ministry, reached: str, state: str
) -> None:
    pk, people = ministry.begin(), ministry.people
    if reached == "in_force":
        ministry.in_force(pk)
        begin_matrix(ministry)
    elif reached == "signed_first":
        ministry.agreed(pk)
        for event, who in (("send_review", "direktur"), ("clear", "pengelola"), ("sign_first", "direktur")):
            ministry.send(pk, event, who, signed=event == "sign_first")
    assert agreement_due.fall_due(clock.today()) == 0
    replace_head(ministry, date(2026, 3, 2))
    kinds = {"pk"} | ({"matrix", "iku_realisation", "org_value"} if reached == "in_force" else set())
    with clock.frozen(datetime(2026, 3, 2, 3, tzinfo=UTC)):
        sent = agreement_due.fall_due(clock.today())
        document = transitions.load(pk)
        assert (document.state, document.subject_id) == (state, people["asing"])
        his = sa.select(models.Document.kind).where(models.Document.subject_id == people["asing"])
        taken = db.session.scalars(his).all()
        assert (set(taken), sent) == (kinds, len(taken))
        assert agreement_due.fall_due(clock.today()) == 0
    told = sa.select(models.Notice.person_id).where(models.Notice.document_id == document.id)
    assert people["asing"] in set(db.session.scalars(told))


def begin_matrix(ministry: Ministry) -> str:
    period = db.session.get_one(models.Period, ministry.period)
    return matrix_start.create_matrix(
        ministry.units["direktorat"], period, by_id=ministry.people["direktur"]
    ).public_id


def test_pk_and_matriks_close_when_the_windows_of_their_year_are_over(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.in_force(pk)
    matrix = begin_matrix(ministry)
    due = transitions.load(pk).due_at
    assert due is not None
    with clock.frozen(due + timedelta(minutes=1)):
        assert agreement_due.fall_due(clock.today()) == 2
    assert {transitions.load(one).state for one in (pk, matrix)} == {"closed"}


def test_progress_of_steps_and_mitigations_is_written_a_quarter_and_the_newest_is_shown(
    ministry: Ministry,
) -> None:
    pk = ministry.begin()
    step = {"key": "stepa", "jenis": "rutin", "kegiatan": "Uji coba", "selesai": "2026-06-30"}
    initiative = {"key": "inisa", "judul": "Layanan digital", "tahapan": [step]}
    risk = {"key": "riska", "risiko": "Vendor terlambat", "mitigasi": "Pengadaan lebih awal"}
    ministry.in_force(pk, inisiatif=[initiative], risiko=[risk])

    def write(slot: str, who: str = "pengelola", **lines: Any) -> models.Document:
        return ministry.send(pk, "save", who, change={"triwulan": slot} | lines)

    before = transitions.load(pk).content_hash
    write("TW1", tahapan=[{"key": "stepa", "keadaan": "berjalan", "catatan": "Kontrak ditandatangani."}])
    write(
        "TW2",
        "direktur",
        tahapan=[{"key": "stepa", "keadaan": "selesai"}],
        risiko=[{"key": "riska", "keadaan": "tertunda"}],
    )
    known = pk_progress.read(transitions.load(pk))
    assert {key: one.state for key, one in pk_progress.latest(known).items()} == {
        "stepa": "selesai",
        "riska": "tertunda",
    }
    assert pk_progress.latest(known, "TW1")["stepa"].note == "Kontrak ditandatangani."
    document = transitions.load(pk)
    told = {
        slot: [one["keadaan"] for one in pk_progress.of_initiatives(document, pk_of(document), slot)]
        for slot in ("TW1", "TW2", "Y", "B03", "B06")
    }
    assert told == {
        "TW1": ["berjalan"],
        "TW2": ["selesai"],
        "Y": ["selesai"],
        "B03": ["berjalan"],
        "B06": ["selesai"],
    }
    value = db.session.scalars(
        sa.select(models.Document).where(models.Document.kind == "org_value", models.Document.slot == "TW1")
    ).one()
    lacks = [unmet.field_name for unmet in org_values.materials_of(value, org_values.org_value_of(value))]
    assert "report" in lacks
    assert "initiatives" not in lacks, "what is recorded on the PK need not be typed again"
    write("TW2", risiko=[{"key": "riska", "keadaan": ""}])
    assert set(pk_progress.latest(pk_progress.read(transitions.load(pk)))) == {"stepa"}
    assert transitions.load(pk).content_hash == before
    for slot, line in (
        ("TW5", {"key": "stepa"}),
        ("TW1", {"key": "lain"}),
        ("TW1", {"key": "stepa", "catatan": "Saja"}),
    ):
        with pytest.raises(BadInput):
            write(slot, tahapan=[line])
    for who in ("kasi", "menteri"):
        with pytest.raises(NotAllowed):
            write("TW1", who, tahapan=[])
