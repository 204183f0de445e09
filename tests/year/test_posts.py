"""What a post decides about an SKP: whether there is one at all, and whether it is that of a Pimpinan UPK."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Placement, Post
from kinerja.rules.completeness import iki_limits
from kinerja.rules.registry import regulation
from kinerja.services import periods, skp_start
from kinerja.services.planning import as_law_sees_it, heads_map, skp_of
from tests.year.conftest import Office


@pytest.mark.parametrize(
    ("rank", "why"),
    [("menteri", "Menteri adalah pejabat negara"), ("wakil menteri", "Bagi Wakil Menteri tidak disusun SKP")],
)
def test_none_is_offered_to_a_menteri_and_his_deputy_and_the_page_says_why(
    small_office: Office, rank: str, why: str
) -> None:
    lain = small_office.signs_in("lain")
    assert "Susun SKP 2026" in lain.opens("/")
    with small_office.app.app_context():
        post = db.session.scalars(sa.select(Post).where(Post.title == "Pengolah Data")).one()
        post.post_group, post.rank = "lain", rank
        db.session.commit()
    assert "Susun SKP 2026" not in lain.opens("/")
    assert why in lain.opens("/skp/susun")
    assert why in lain.posts(lain.form("skp/susun"), {}, 422)
    auditor = small_office.signs_in("auditor")
    assert "1 dikecualikan" in auditor.opens("/unit/KJP")


@pytest.mark.parametrize(
    ("kind", "title", "rank", "form"),
    [
        ("unit_kerja_mandiri", "Kasubdit Mutu Data", "pengawas", "A.1.2"),  # heads it, below an administrator
        (
            "unit_kerja_mandiri",
            "Analis Data Ahli Muda",
            "administrator",
            "A.1.7",
        ),  # works in it, whatever his rank
        ("kantor_pusat", "Kasubdit Mutu Data", "administrator", "A.1.7"),
    ],
)
def test_the_forms_of_a_jpt_are_also_those_of_whoever_heads_a_unit_kerja_mandiri(
    small_office: Office, kind: str, title: str, rank: str, form: str
) -> None:
    with small_office.app.app_context():
        post = db.session.scalars(sa.select(Post).where(Post.title == title)).one()
        post.rank, post.unit.kind = rank, kind
        db.session.commit()
        person = db.session.scalars(sa.select(Placement.person_id).where(Placement.post_id == post.id)).one()
        period = periods.period_of(2026)
        assert period is not None
        assert skp_of(skp_start.create_skp(person, period, by_id=person)).form == form
        db.session.rollback()


@pytest.mark.parametrize(
    ("code", "title", "group", "heads"),
    [
        ("KJP", "Pengolah Data", "JA", True),  # an office with a map of its own, on A.1.7
        ("DLD", "Direktur Layanan Data", "JPT", True),
        ("SMD", "Kasubdit Mutu Data", "JA", False),  # an administrator within a head office heads no UPK
        ("SMD", "Kasubdit Mutu Data", "JPT", False),  # nor does the senior form make him head one
    ],
)
def test_pimpinan_upk_is_who_heads_a_unit_with_a_map_whatever_form_he_writes_on(
    small_office: Office, code: str, title: str, group: str, heads: bool
) -> None:
    with small_office.app.app_context():
        post = db.session.scalars(sa.select(Post).where(Post.title == title)).one()
        post.post_group = group
        db.session.commit()
        person = db.session.scalars(sa.select(Placement.person_id).where(Placement.post_id == post.id)).one()
        period = periods.period_of(2026)
        assert period is not None
        document = skp_start.create_skp(person, period, by_id=person)
        skp = skp_of(document)
        assert document.unit.code == code
        assert skp.senior_form is (group == "JPT")
        assert heads_map(document, skp) is heads
        limits = iki_limits(as_law_sees_it(document, skp), regulation("kmk300-2022"))
        assert (limits is None) is heads
        db.session.rollback()
