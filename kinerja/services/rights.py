"""Which relations see which kind of document, and in which states more or fewer of them: the table of rights."""

from kinerja.models import DISCARDED
from kinerja.workflows.roles import STAND_INS, Relation

# A draft SKP is its writer's own until he sends it; what others may see starts with "ajukan".
PRIVATE_STATES = {"skp": ("draft", DISCARDED), "objection": ("draft", "lapsed")}
_ALWAYS = frozenset({Relation.SUBJECT})
_CHAIN = frozenset({Relation.PENILAI, Relation.ATASAN})
_OFFICE = frozenset({Relation.PENGELOLA_PEGAWAI, Relation.PENGELOLA_ORGANISASI})
_WATCH = frozenset({Relation.KOMITE_PELAKSANA, Relation.SEKRETARIAT, Relation.ANGGOTA_TPK, Relation.AUDITOR})

# Those who make, review and determine what is about a unit; its staff know it once it is signed or determined.
_UNIT = _ALWAYS | _CHAIN | _OFFICE | _WATCH | {Relation.PENGELOLA_ABOVE, Relation.AKOP}

VIEWERS: dict[str, frozenset[Relation]] = {
    "skp": _ALWAYS | _CHAIN | _OFFICE | _WATCH | STAND_INS,
    "realisation": _ALWAYS | _CHAIN | _OFFICE | _WATCH | STAND_INS,
    "predicate_review": _ALWAYS
    | _CHAIN
    | _WATCH
    | {Relation.DELEGATE, Relation.PENGELOLA_PEGAWAI, Relation.UPK_ABOVE, Relation.CALIBRATOR, Relation.DECIDER}
    | {Relation.PYB},
    "objection": frozenset(
        {Relation.SUBJECT, Relation.DECIDER, Relation.EVALUATOR, Relation.PENILAI, Relation.ATASAN,
         Relation.KOMITE_PELAKSANA, Relation.PENGELOLA_PEGAWAI, Relation.AUDITOR}
    ),
    "pk": _UNIT | {Relation.STAFF},
    "iku_realisation": _UNIT,
    "org_value": _UNIT | {Relation.STAFF},
    "dko": _ALWAYS
    | _CHAIN
    | _WATCH - {Relation.ANGGOTA_TPK}
    | {Relation.PENGELOLA_ORGANISASI, Relation.PENGELOLA_ABOVE, Relation.AKOP, Relation.STAFF, Relation.ACTION_OWNER},
    "matrix": _ALWAYS | _CHAIN | _OFFICE | {Relation.STAFF, Relation.AUDITOR},
    "manual": _ALWAYS | _CHAIN | _OFFICE | {Relation.STAFF, Relation.AUDITOR},
    "k3_review": _UNIT - {Relation.ANGGOTA_TPK},
    "repair": _ALWAYS | _CHAIN | {Relation.KOMITE_PELAKSANA, Relation.SEKRETARIAT, Relation.AUDITOR},
}  # fmt: skip

# A PK and the minutes of a DKO are known to everybody who works in the unit, or below it, once they are signed; the
# matriks shares roles out to them and is never hidden from them; a value once it is determined.
PUBLISHED = {
    "pk": ("in_force", "amended", "closed"), "dko": ("minutes_signed", "actions_open", "closed"),
    "matrix": ("draft", "shared", "closed"), "manual": ("in_force", "superseded"),
    "org_value": ("determined", "final"),
}  # fmt: skip
# Of manuals only those of an IKU, by the mark that they bear; that of an IKI stays among those who see its SKP.
MANUAL_OF_UNIT = "IKU"
# A draft that reached one of these states has been sent.
SENT = ("submitted", "in_dialogue")
# An SKP is known to more than its makers once it is established; the committee sees a realisation in session, and an
# objection where it decides: to whom nobody gave the right to see, nothing is shown.
ESTABLISHED = ("in_force", "superseded", "closed", "exempt")
IN_SESSION = ("in_session", "session_decided")
SEATED = frozenset({Relation.KOMITE_PELAKSANA, Relation.SEKRETARIAT, Relation.ANGGOTA_TPK})
