"""Codes on paper, lost devices, and roles that two people give."""

import json
from datetime import date, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db, transaction
from kinerja.models import ActivationCode, AuditRow, RoleAppointment, Unit
from kinerja.services import access, activation, activation_list, appointments, audit, sessions
from kinerja.services.activation import Activated
from kinerja.services.activation_list import Filters
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.throttle import TryLater
from tests.access.conftest import PASSWORD, Office, RealTime

HERE = "10.0.0.7"
NEW = "gerimis di awal desember"
TODAY = date(2026, 11, 21)

pytestmark = pytest.mark.usefixtures("ctx", "real_time")


def audited(action: str) -> list[dict[str, object]]:
    rows = db.session.scalars(
        sa.select(AuditRow.payload).where(AuditRow.action == action).order_by(AuditRow.id)
    )
    return [json.loads(row) for row in rows]


def slip(office: Office, admin: int, person: int) -> str:
    made = activation.issue(admin, [office.public_id(person)])
    assert [s.reason for s in made] == [""]
    return made[0].code


def listed(by: int, **filters: str | bool) -> list[str]:
    found = activation_list.page(by, Filters(**filters))  # type: ignore[arg-type]
    return [candidate.name for candidate in found.rows] if found else []


def activate(office: Office, person: int, code: str, password: str = NEW) -> activation.Activation:
    return activation.activate(office.nip(person), code, password, address=HERE)


# ---------- codes on paper


def test_a_code_has_128_bits_and_only_its_hash_is_kept(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    code = slip(office, admin, person)
    assert len(code.replace("-", "")) == 26
    assert max(map(len, code.split("-"))) == 4
    stored = db.session.scalars(sa.select(ActivationCode.code_hash)).one()
    assert stored == activation.hash_of(code)
    assert code not in stored
    assert audited("aktivasi.kode") == [{"person": person, "code": 1}]


def test_codes_are_never_the_same_twice() -> None:
    assert len({activation.new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    ["ABCD-EFGO-IB27", "abcd efgo ib27", " abcdefgoib27 ", "ABCD.EFG0.1827", "abcd\u2013efgo\u2013ib27"],
)
def test_a_code_may_be_typed_as_it_is_read(typed: str) -> None:
    assert activation.hash_of(typed) == activation.hash_of("ABCDEFGOIB27")


def test_a_code_gives_its_owner_a_password_once(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    code = slip(office, admin, person)
    assert access.sign_in(office.nip(person), NEW, address=HERE) is None
    assert activate(office, person, code).outcome is Activated.DONE
    assert access.sign_in(office.nip(person), NEW, address=HERE) is not None
    assert activate(office, person, code, "kabut di atas sawah").outcome is Activated.NO_MATCH
    assert audited("aktivasi.dipakai") == [{"person": person, "code": 1}]


@pytest.mark.parametrize(("days", "outcome"), [(6.99, Activated.DONE), (7, Activated.NO_MATCH)])
def test_a_code_is_good_for_seven_real_days(
    office: Office, real_time: RealTime, days: float, outcome: Activated
) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    code = slip(office, admin, person)
    real_time.advance(days=days)
    assert activate(office, person, code).outcome is outcome


def test_a_code_opens_nobody_elses_account(office: Office) -> None:
    admin, person, other = office.person(role="admin_sistem"), office.person(), office.person()
    assert activate(office, other, slip(office, admin, person)).outcome is Activated.NO_MATCH


def test_a_new_code_voids_the_older_one(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    old, new = slip(office, admin, person), slip(office, admin, person)
    assert activate(office, person, old).outcome is Activated.NO_MATCH
    assert activate(office, person, new).outcome is Activated.DONE


def test_a_weak_password_does_not_use_up_the_code(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    code = slip(office, admin, person)
    assert activate(office, person, code, "pendek").problems == (access.passwords.TOO_SHORT,)
    assert activate(office, person, code).outcome is Activated.DONE


def test_a_forgotten_password_is_replaced_and_every_browser_signed_out(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person()
    entry = access.sign_in(office.nip(person), PASSWORD, address=HERE)
    assert entry is not None
    assert activate(office, person, slip(office, admin, person)).outcome is Activated.DONE
    assert sessions.load(entry.token) is None
    assert access.sign_in(office.nip(person), PASSWORD, address=HERE) is None


def test_wrong_codes_are_counted(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    code = slip(office, admin, person)
    for _ in range(5):
        assert activation.whose(office.nip(person), "AAAA-BBBB", address=HERE) is None
    with pytest.raises(TryLater):
        activate(office, person, code)


def test_a_disabled_account_is_not_activated(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person(password=False)
    code = slip(office, admin, person)
    access.disable_account(admin, person, "salah impor")
    assert activate(office, person, code).outcome is Activated.NO_MATCH
    assert [s.reason for s in activation.issue(admin, [office.public_id(person)])] == [activation.IS_DISABLED]


def test_a_pengelola_prints_codes_for_his_unit_and_below_only(office: Office) -> None:
    top = office.unit("Direktorat")
    parent = db.session.get_one(Unit, top)
    below, beside = office.unit("Seksi", parent), office.unit("Direktorat lain")
    pengelola = office.person("Rina", unit=top, role="pengelola_pegawai", role_unit=top)
    inside = office.person("Dewi", unit=below, password=False)
    outside = office.person("Joko", unit=beside, password=False)
    assert listed(pengelola) == ["Dewi"]
    made = activation.issue(pengelola, [office.public_id(inside), office.public_id(outside)])
    assert [(s.name, s.unit, bool(s.code)) for s in made] == [("Dewi", "Seksi", True)]


def test_who_is_no_pengelola_prints_nothing(office: Office) -> None:
    person, other = office.person(role="auditor"), office.person(password=False)
    assert activation_list.page(person, Filters()) is None
    assert activation.issue(person, [office.public_id(other)]) == []


def test_a_pengelola_prints_no_code_for_himself_nor_for_those_with_a_device(office: Office) -> None:
    unit = office.unit()
    pengelola = office.person("Rina", unit=unit, role="pengelola_pegawai", role_unit=unit)
    guarded = office.person("Tono", unit=unit, role="konselor")
    chosen = [office.public_id(pengelola), office.public_id(guarded)]
    assert [s.reason for s in activation.issue(pengelola, chosen)] == [
        activation.NOT_OWN,
        activation.NEEDS_ADMIN,
    ]
    admin = office.person("Admin", role="admin_sistem")
    assert [s.reason for s in activation.issue(admin, [office.public_id(guarded)])] == [""]


def test_the_list_of_candidates_is_searched_by_name_and_nip(office: Office) -> None:
    admin = office.person("Admin", role="admin_sistem")
    dewi, joko = office.person("Dewi", password=False), office.person("Joko")
    names = {
        search: listed(admin, text=search, with_password=not without)
        for search, without in (("", True), ("jo", False), (office.nip(dewi), True), ("%", False))
    }
    assert names == {"": ["Dewi"], "jo": ["Joko"], office.nip(dewi): ["Dewi"], "%": []}
    assert joko


def test_who_holds_a_code_still_good_is_left_out_unless_asked_for(
    office: Office, real_time: RealTime
) -> None:
    admin, dewi = office.person("Admin", role="admin_sistem"), office.person("Dewi", password=False)
    office.person("Joko", password=False)
    slip(office, admin, dewi)
    assert listed(admin) == ["Joko"]
    assert listed(admin, with_code=True) == ["Dewi", "Joko"]
    real_time.advance(days=7, minutes=1)
    assert listed(admin) == ["Dewi", "Joko"], "a code that was not used in time is no reason to wait"


def test_the_list_is_narrowed_to_a_unit_and_what_is_below_it(office: Office) -> None:
    top = office.unit("Direktorat Data")
    below = office.unit("Seksi Mutu", db.session.get_one(Unit, top))
    beside = office.unit("Direktorat Lain")
    admin = office.person("Admin", role="admin_sistem")
    for name, unit in (("Ani", top), ("Beni", below), ("Cici", beside)):
        office.person(name, unit=unit, password=False)
    code = db.session.get_one(Unit, below).code
    for text, names in (
        ("direktorat data", ["Ani", "Beni"]),
        (code, ["Beni"]),
        ("%", []),
        ("", ["Ani", "Beni", "Cici"]),
    ):
        assert listed(admin, unit=text) == names


def test_everybody_can_be_reached_page_by_page_and_the_page_says_how_many_there_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activation_list, "PAGE", 3)
    admin = office.person("Admin", role="admin_sistem")
    for name in ("Tono", "Ani", "Tono", "Tono", "Budi"):
        office.person(name, password=False)
    seen, after = [], None
    while found := activation_list.page(admin, Filters(), after):
        seen.append((found.first, found.last, found.total, [row.name for row in found.rows]))
        if (after := found.next_key) is None:
            break
    assert seen == [(1, 3, 5, ["Ani", "Budi", "Tono"]), (4, 5, 5, ["Tono", "Tono"])], "also of one name"
    everybody = activation_list.export(admin, Filters())
    assert everybody is not None
    assert len({row.id for row in everybody}) == 5


# ---------- lost devices


def test_the_hand_that_prints_the_code_does_not_take_the_device_away(
    office: Office, real_time: RealTime
) -> None:
    one, two = office.person("Satu", role="admin_sistem"), office.person("Dua", role="admin_sistem")
    victim = office.person("Tiga", role="konselor")
    slip(office, one, victim)
    with pytest.raises(NotAllowed):
        access.reset_totp(one, victim, "hilang")
    access.reset_totp(two, victim, "hilang")
    assert [s.reason for s in activation.issue(two, [office.public_id(victim)])] == [activation.SAME_HAND]


def test_a_lost_device_is_set_up_anew_at_the_next_sign_in(office: Office, real_time: RealTime) -> None:
    admin, person = office.person("Admin", role="admin_sistem"), office.person(role="konselor")
    secret = access.start_totp(person)
    assert access.set_up_totp(person, pyotp.TOTP(secret).at(real_time.now))
    with pytest.raises(NotAllowed):
        access.reset_totp(person, person, "sendiri")
    access.reset_totp(admin, person, "telepon hilang")
    entry = access.sign_in(office.nip(person), PASSWORD, address=HERE)
    assert entry is not None
    waiting = sessions.awaiting(entry.token)
    assert waiting is not None
    assert waiting.is_setup
    assert waiting.secret != secret
    assert audited("totp.dihapus") == [{"person": person, "reason": "telepon hilang"}]


# ---------- roles


def _current(person: int) -> set[str]:
    return {scope.role for scope in activation.identity.scopes_of(person)}


def grant(
    by: int, person: int, role: str = "auditor", unit: int | None = None, **more: date
) -> RoleAppointment:
    return access.grant_role(
        by, person, role, unit, more.get("starts", TODAY), more.get("ends"), "KEP-7/2026"
    )


def test_a_role_counts_once_a_second_person_confirmed_it(office: Office) -> None:
    one, two = office.person("Satu", role="admin_sistem"), office.person("Dua", role="komite_pelaksana")
    person = office.person("Tiga")
    row = grant(one, person)
    assert _current(person) == set()
    with pytest.raises(NotAllowed):
        access.confirm_role(one, row.public_id)
    with pytest.raises(NotAllowed):
        access.confirm_role(person, row.public_id)
    assert [a.person_name for a in appointments.waiting_for(two)] == ["Tiga"]
    assert appointments.waiting_for(one) == []
    access.confirm_role(two, row.public_id)
    assert _current(person) == {"auditor"}
    assert audited("peran.usul")[0]["decree"] == "KEP-7/2026"
    assert [row["person"] for row in audited("peran.sah")] == [person]


@pytest.mark.parametrize("role", ["", "pengelola_pegawai", "auditor", "unit_kepegawaian", "komite_pelaksana"])
def test_only_an_admin_grants_and_revokes(office: Office, role: str) -> None:
    person, other = office.person(role=role), office.person("Dua")
    held = office.appoint(other, "coach")
    with pytest.raises(NotAllowed):
        grant(person, other)
    with pytest.raises(NotAllowed):
        access.revoke_role(person, held, "tidak perlu")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin_sistem", True),
        ("komite_eksekutif", True),
        ("komite_pelaksana", True),
        ("sekretariat_komite", True),
        ("pengelola_pegawai", False),
        ("auditor", False),
        ("", False),
    ],
)
def test_admins_and_the_committee_confirm(office: Office, role: str, may: bool) -> None:
    one, two, person = (
        office.person("Satu", role="admin_sistem"),
        office.person("Dua", role=role),
        office.person(),
    )
    row = grant(one, person)
    if may:
        assert access.confirm_role(two, row.public_id).confirmed_by_id == two
    else:
        with pytest.raises(NotAllowed):
            access.confirm_role(two, row.public_id)


def test_nobody_grants_a_role_to_himself(office: Office) -> None:
    admin = office.person(role="admin_sistem")
    with pytest.raises(NotAllowed):
        grant(admin, admin)


def test_the_second_admin_accepts_himself_only_while_nobody_else_could(office: Office) -> None:
    one, two, three = office.person("Satu", role="admin_sistem"), office.person("Dua"), office.person("Tiga")
    auditor = grant(one, two)
    with pytest.raises(NotAllowed):
        access.confirm_role(two, auditor.public_id)
    row = grant(one, two, "admin_sistem")
    assert [a.can_confirm for a in appointments.of_person(two) if a.role == "admin_sistem"] == [True]
    access.confirm_role(two, row.public_id)
    assert _current(two) == {"admin_sistem"}
    third = grant(one, three, "admin_sistem")
    with pytest.raises(NotAllowed):
        access.confirm_role(three, third.public_id)
    access.confirm_role(two, third.public_id)


def test_a_revoked_role_ends_at_once_and_cannot_be_confirmed(office: Office) -> None:
    one, two = office.person("Satu", role="admin_sistem"), office.person("Dua", role="admin_sistem")
    person = office.person("Tiga")
    row = grant(one, person)
    access.confirm_role(two, row.public_id)
    access.revoke_role(one, row.public_id, "pindah tugas")
    assert _current(person) == set()
    proposed = grant(one, person, "konselor")
    access.revoke_role(one, proposed.public_id, "keliru")
    with pytest.raises(NotAllowed):
        access.confirm_role(two, proposed.public_id)
    assert [row["reason"] for row in audited("peran.cabut")] == ["pindah tugas", "keliru"]


@pytest.mark.parametrize(
    ("role", "with_unit", "starts", "ends", "field"),
    [
        ("raja", False, TODAY, None, "role"),
        ("pengelola_pegawai", False, TODAY, None, "unit"),
        ("auditor", True, TODAY, None, "unit"),
        ("auditor", False, TODAY, TODAY - timedelta(days=1), "ends"),
        ("konselor", False, TODAY, None, "role"),
        ("coach", False, TODAY, None, "role"),
    ],
    ids=["unknown", "needs a unit", "knows no unit", "dates reversed", "held already", "per assignment"],
)
def test_a_role_that_cannot_be_is_refused_at_its_field(
    office: Office, role: str, with_unit: bool, starts: date, ends: date | None, field: str
) -> None:
    admin, person, unit = office.person(role="admin_sistem"), office.person(role="konselor"), office.unit()
    with pytest.raises(BadInput) as refused:
        access.grant_role(admin, person, role, unit if with_unit else None, starts, ends, "")
    assert [p.field_name for p in refused.value.problems] == [field]


def test_an_appointment_that_is_not_there_is_not_there(office: Office) -> None:
    with pytest.raises(NotThere):
        access.confirm_role(office.person(role="admin_sistem"), "tidakada")


def test_the_chain_of_all_these_acts_holds(app: Flask, office: Office) -> None:
    one, two, person = (
        office.person(n, role=r) for n, r in (("A", "admin_sistem"), ("B", "admin_sistem"), ("C", ""))
    )
    access.confirm_role(two, grant(one, person).public_id)
    slip(office, one, person)
    assert [fault for _, _, fault in audit.verify()] == [None]
    with transaction():
        db.session.execute(sa.update(AuditRow).where(AuditRow.id == 1).values(payload="{}"))
    assert [fault.sequence for _, _, fault in audit.verify() if fault] == [1]
