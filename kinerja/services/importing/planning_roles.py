"""Appointed roles of an import: added unconfirmed, never lengthened behind the back of the second person."""

from datetime import date

from kinerja.rules.words import N_
from kinerja.services.importing.existing import Existing
from kinerja.services.importing.plan import Plan, RoleKey
from kinerja.services.importing.reading import ROLES_FILE
from kinerja.services.importing.result import Findings
from kinerja.services.importing.validating import Files


def plan_roles(
    plan: Plan, files: Files, known: Existing, findings: Findings, *, today: date, end_missing: bool, gone: set[str]
) -> None:  # fmt: skip
    """`gone`: people whose placements this import ends; their roles end with them."""
    mentioned: set[RoleKey] = set()
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
