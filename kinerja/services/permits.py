"""Which appointed roles may do which act of administration: one table, asked by every page and every write."""

from collections.abc import Mapping

from kinerja.rules.words import N_
from kinerja.services import identity
from kinerja.services.errors import NotAllowed, NotThere
from kinerja.workflows.base import Unmet

ADMIN = frozenset({"admin_sistem"})
PENGELOLA = frozenset({"pengelola_pegawai"})
COMMITTEE = frozenset({"komite_eksekutif", "komite_pelaksana", "sekretariat_komite"})
OFFICE = ADMIN | PENGELOLA | {"pengelola_organisasi"}
WATCH = frozenset({"auditor"})

ACTS: Mapping[str, frozenset[str]] = {
    "period.read": OFFICE | COMMITTEE | WATCH,
    "period.open": ADMIN,
    "period.close": ADMIN,
    "period.correct": ADMIN,
    "rules.replace": ADMIN,
    "holiday.write": ADMIN,
    "role.read": OFFICE | COMMITTEE | WATCH,
    "role.grant": ADMIN,
    "role.confirm": ADMIN | COMMITTEE,
    "role.revoke": ADMIN,
    "import.read": ADMIN | WATCH,
    "import.run": ADMIN,
    "structure.read": OFFICE | COMMITTEE | WATCH,
    "head.decide": PENGELOLA,
    "report.answer": PENGELOLA,
    "delegation.read": PENGELOLA | COMMITTEE | WATCH,
    "repair.draft": frozenset({"sekretariat_komite"}),
    # What the committee approves and its secretariat drafts; no administrator has a part in ratings.
    "trail.read": WATCH | {"komite_pelaksana", "sekretariat_komite"},
    "code.issue": ADMIN | PENGELOLA,
    # Closing, opening, taking a lost device off: nobody else learns that there is such a page.
    "account.read": ADMIN,
}
# Whoever may not even read is told that there is nothing; whoever may read is told who may act.
READING = frozenset(act for act in ACTS if act.endswith(".read"))
_LABELS = {
    "admin_sistem": N_("Admin sistem"),
    "pengelola_pegawai": N_("Pengelola kinerja pegawai"),
    "komite_eksekutif": N_("Komite Eksekutif"),
    "komite_pelaksana": N_("Komite Pelaksana"),
    "sekretariat_komite": N_("Sekretariat Komite"),
}
ONLY = N_("Hanya dapat dilakukan oleh %(roles)s.")


def may(roles: frozenset[str], act: str) -> bool:
    """May somebody with these roles do this? Raises KeyError for an act that is not in the table."""
    return bool(ACTS[act] & roles)


def granted(roles: frozenset[str]) -> frozenset[str]:
    """Every act open to these roles: what a page shows buttons for."""
    return frozenset(act for act, holders in ACTS.items() if holders & roles)


def roles_of(person_id: int) -> frozenset[str]:
    """The confirmed, running roles of a person, read now."""
    return frozenset(scope.role for scope in identity.scopes_of(person_id))


def demand(person_id: int, act: str) -> None:
    """Raise NotThere (reading) or NotAllowed (anything else) unless the person may do this now."""
    if may(roles_of(person_id), act):
        return
    if act in READING:
        raise NotThere
    who = ", ".join(_LABELS[role] for role in _LABELS if role in ACTS[act])
    raise NotAllowed(act, [Unmet("peran", ONLY, {"roles": who})])


def paths_for(person_id: int, act: str) -> tuple[str, ...]:
    """The parts of the unit tree in which a person may do this; "" is everywhere, nothing is nowhere."""
    return tuple(scope.path for scope in identity.scopes_of(person_id) if scope.role in ACTS[act])
