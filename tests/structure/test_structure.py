"""Heads of units and the nearest UPK."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import (
    HeadDecision,
    Person,
    Unit,
)
from kinerja.services import identity, org_results, structure
from kinerja.services.heads import headed_by
from tests.importing.conftest import (
    BOSS,
    HEAD,
    NOON,
    OTHER,
    PERSON,
    SECTION,
    STAFF,
    THE_BOSS,
    THE_HEAD,
    nip,
)
from tests.structure.office import OKA, TOP, found, furnish, person, unit

TODAY = NOON.date()


def head(code: str) -> str | None:
    """Both ways of asking must agree."""
    one = structure.head_of(unit(code).id)
    assert one.person_id == structure.read_structure().heads()[unit(code).id].person_id
    return db.session.get_one(Person, one.person_id).nip if one.person_id is not None else None


def test_the_head_is_the_holder_whose_penilai_sits_outside_and_at_the_top_has_none(any_office):
    furnish()
    assert (head("A"), head("A1")) == (BOSS, HEAD)


def test_a_plt_heads_a_unit_without_a_definitive_head_though_his_own_post_is_elsewhere(office):
    acting = OKA | {"kode_unit": "A", "nip_penilai": BOSS}
    letter = acting | {
        "jabatan": "Kepala Seksi Satu",
        "jenjang": "pengawas",
        "kode_unit": "A1",
        "jenis_penempatan": "plt",
        "mulai": "2026-01-01",
        "selesai": "2026-12-31",
    }
    furnish(THE_BOSS, acting, letter, PERSON | {"nip_penilai": OTHER})
    assert head("A1") == OTHER
    assert structure.head_of(unit("A1").id).kind == "plt"


def test_below_a_vacant_post_the_plt_is_penilai_and_above_him_the_head_he_reports_to_as_such(any_office):
    """Hlm. 89; once the letter has run out the next level takes the place, from the line the last holder left."""
    boss_above = THE_BOSS | {
        "nip": nip(81),
        "nama": "Yusuf",
        "email": "",
        "jabatan": "Kepala",
        "kode_unit": "A",
    }
    mid = THE_BOSS | {"kode_unit": "A", "jabatan": "Wakil", "nip_penilai": nip(81)}
    own = OKA | {"nip_penilai": nip(81), "jabatan": "Kepala Urusan", "jenjang": "pengawas", "kode_unit": "A"}
    letter = own | {
        "jabatan": "Kepala Seksi Satu",
        "kode_unit": "A1",
        "nip_penilai": BOSS,
        "jenis_penempatan": "plt",
        "mulai": "2026-06-01",
        "selesai": "2026-08-31",
    }
    furnish(boss_above, mid, THE_HEAD | {"selesai": "2026-05-31"}, PERSON, own, letter)

    def above(day: date) -> list[str]:
        chain = identity.superiors(person(STAFF).id, day)
        return [db.session.get_one(Person, superior.person_id).nip for superior in chain]

    assert above(date(2026, 5, 31)) == [HEAD, BOSS, nip(81)]
    assert above(date(2026, 6, 15)) == [OTHER, BOSS, nip(81)]
    assert above(date(2026, 9, 1)) == [BOSS, nip(81)]
    errors = [finding for finding in found() if finding[:2] == (2, "galat")]
    assert (head("A1"), errors) == (OTHER, [])


def test_nobody_below_a_vacant_post_heads_the_unit_for_it(any_office):
    """He would see the plans of his colleagues; the pengelola settles it (check 5), and the level above sets results."""
    furnish(THE_BOSS, THE_HEAD | {"selesai": "2026-05-31"}, PERSON)
    assert (head("A1"), headed_by(person(STAFF).id)) == (None, ())
    assert (5, "galat", "Seksi Satu") in found()
    assert org_results.leader_above(unit("A1").id, TODAY) == person(BOSS).id


def test_whoever_acts_as_plt_elsewhere_does_not_make_a_second_head_of_his_own_unit(any_office):
    """As a Plt. he reports to the head above that post, which is outside his own unit too."""
    other = SECTION | {"kode": "A2", "nama": "Seksi Dua"}
    letter = PERSON | {
        "jabatan": "Kepala Seksi Dua", "jenjang": "pengawas", "kode_unit": "A2", "nip_penilai": BOSS,
        "jenis_penempatan": "plt", "mulai": "2026-06-01", "selesai": "2026-08-31",
    }  # fmt: skip
    furnish(THE_BOSS, THE_HEAD, PERSON, letter, units=[TOP, SECTION, other])
    assert (head("A1"), head("A2")) == (HEAD, STAFF)
    assert headed_by(person(HEAD).id) == (unit("A1").path,)
    assert headed_by(person(STAFF).id) == (unit("A2").path,)


def test_a_plh_does_not_displace_the_definitive_head(office):
    letter = OKA | {
        "jabatan": "Kepala Seksi Satu",
        "jenjang": "pengawas",
        "jenis_penempatan": "plh",
        "nip_penilai": BOSS,
        "mulai": "2026-06-10",
        "selesai": "2026-06-20",
    }
    furnish(THE_BOSS, THE_HEAD, PERSON, OKA | {"nip_penilai": HEAD}, letter)
    assert head("A1") == HEAD


def test_none_or_several_heads_are_settled_by_the_dated_word_of_the_pengelola(office):
    furnish(
        THE_BOSS,
        PERSON | {"nip_penilai": BOSS},
        OKA | {"nip_penilai": BOSS},
        THE_HEAD | {"selesai": "2026-05-31"},
    )
    assert head("A1") is None
    assert len(structure.head_of(unit("A1").id).candidates) == 2
    assert (5, "galat", "Seksi Satu") in found()
    with transaction():
        db.session.add(
            HeadDecision(
                unit_id=unit("A1").id,
                person_id=person(STAFF).id,
                starts=date(2026, 6, 1),
                decided_by_id=person(BOSS).id,
                decided_at=NOON,
            )
        )
    assert head("A1") == STAFF
    assert structure.head_of(unit("A1").id, date(2026, 5, 31)).person_id is None
    assert (5, "galat", "Seksi Satu") not in found()


def test_the_word_of_the_pengelola_ends_when_that_person_holds_no_post_any_more(office):
    furnish(
        THE_BOSS,
        OKA | {"nip_penilai": BOSS},
        PERSON | {"nip_penilai": BOSS, "selesai": "2026-06-10"},
        THE_HEAD | {"selesai": "2026-05-31"},
        OKA | {"nip": nip(9), "nama": "Umi", "nip_penilai": BOSS},
    )
    with transaction():
        db.session.add(
            HeadDecision(
                unit_id=unit("A1").id,
                person_id=person(STAFF).id,
                starts=date(2026, 6, 1),
                decided_by_id=person(BOSS).id,
                decided_at=NOON,
            )
        )
    assert head("A1") is None


def test_the_nearest_upk_is_the_unit_itself_or_the_first_above_that_owns_a_map(office):
    furnish(units=[TOP, SECTION, SECTION | {"kode": "A11", "kode_induk": "A1"}])
    picture = structure.read_structure()
    for code in ("A", "A1", "A11"):
        assert structure.nearest_upk(unit(code)).code == "A"
        assert picture.nearest_upk(unit(code).id).code == "A"
    assert structure.path_ids(unit("A11").path) == [unit("A").id, unit("A1").id, unit("A11").id]
    inside = db.session.scalars(
        sa.select(Unit.code).where(structure.below(unit("A1").path)).order_by(Unit.code)
    )
    assert inside.all() == ["A1", "A11"]
