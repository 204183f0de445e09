"""Appointed roles of an import: added unconfirmed, never lengthened behind the back of the second person."""

from datetime import date

from kinerja.rules.words import N_
from kinerja.services.appointments import NOT_TO_ONESELF
from kinerja.services.importing.existing import Existing
from kinerja.services.importing.plan import Plan, RoleKey
from kinerja.services.importing.reading import PEOPLE_FILE, ROLES_FILE
from kinerja.services.importing.result import Findings
from kinerja.services.importing.validating import Files
from kinerja.services.last_admin import LAST_ADMIN


def plan_roles(
    plan: Plan, files: Files, known: Existing, findings: Findings, *, today: date, end_missing: bool, gone: set[str],
    actor_id: int | None = None,
) -> None:  # fmt: skip
    """`gone`: people whose placements this import ends; their roles end with them. `actor_id`: who imports."""
    mentioned: set[RoleKey] = set()
    own = {nip for nip, person in known.people.items() if person.id == actor_id}
    for row in files.roles:
        key: RoleKey = (row.nip, row.role, row.unit, row.starts)
        mentioned.add(key)
        known_person = row.nip in files.people or row.nip in known.people or row.nip in files.bad_people
        if not known_person:
            findings.refuse(
                ROLES_FILE, row.row, "nip", row.nip, N_("Pegawai ini tidak ada di pegawai.csv maupun di data.")
            )  # fmt: skip
        if row.unit and row.unit not in plan.parents and row.unit not in files.bad_units:
            findings.refuse(
                ROLES_FILE, row.row, "kode_unit", row.unit, N_("Unit ini tidak ada di unit.csv maupun di data.")
            )  # fmt: skip
        old = known.roles.get(key)
        is_news = old is None or (old.ends, old.decree) != (row.ends, row.decree)
        if row.nip in own and is_news:
            findings.refuse(ROLES_FILE, row.row, "nip", row.nip, NOT_TO_ONESELF)
        if old is None:
            plan.roles_added.append(row)
        elif (old.ends, old.decree) == (row.ends, row.decree):
            plan.unchanged["role"] += 1
        elif old.confirmed and old.ends is not None and (row.ends is None or row.ends > old.ends):
            findings.refuse(
                ROLES_FILE, row.row, "selesai", row.ends.isoformat() if row.ends else "",
                N_(
                    "Peran yang sudah disahkan tidak dapat diperpanjang; tulis baris baru yang mulai sesudah %(ends)s, "
                    "agar orang kedua mengesahkannya."
                ),
                ends=old.ends.isoformat(),
            )  # fmt: skip
        else:
            plan.roles_changed.append((key, old, row))
    for key, old in known.roles.items():
        if key in mentioned or key[3] > today or (old.ends is not None and old.ends <= today):
            continue
        if key[0] in gone or (end_missing and ROLES_FILE in files.read):
            plan.roles_ended.append((key, old, today))
        elif ROLES_FILE in files.read:
            plan.roles_missing.append((key, old))
    _keep_an_admin(plan, known, findings, today, gone)


def _keep_an_admin(plan: Plan, known: Existing, findings: Findings, today: date, gone: set[str]) -> None:
    """Where nobody would be left who can enter as an admin, each end that does it is refused."""
    ended = {old.id: key for key, old, _ends in plan.roles_ended}
    shortened = {
        old.id: row for _key, old, row in plan.roles_changed if row.ends is not None and row.ends <= today
    }
    if not known.admins or not known.admins <= ended.keys() | shortened.keys():
        return
    for number in sorted(known.admins):
        if number in shortened:
            row = shortened[number]
            findings.refuse(
                ROLES_FILE, row.row, "selesai", row.ends.isoformat() if row.ends else "", LAST_ADMIN
            )
        else:
            nip = ended[number][0]
            findings.refuse(
                PEOPLE_FILE if nip in gone else ROLES_FILE, 0, "nip", nip,
                N_(
                    "Tidak tercantum, jadi peran admin sistem %(nip)s akan berakhir; ia admin terakhir yang dapat "
                    "masuk. Cantumkan dia, atau angkat dan sahkan admin lain dahulu."
                ),
                nip=nip,
            )  # fmt: skip
