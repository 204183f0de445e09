"""What a person can be to a document. Guards ask for nothing else; `services.identity` computes it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kinerja.rules.words import N_


class Relation(StrEnum):
    """Relations by dated rows (law, article 1 and 29 of PermenPANRB 6/2022) and appointed roles."""

    SUBJECT = "subjek"
    PENILAI = "penilai"
    ATASAN = "atasan_penilai"
    ABOVE_ATASAN = "atasan_dari_atasan"
    PLH = "plh_penilai"
    DELEGATE = "penerima_pendelegasian"
    UPK_ABOVE = "upk_atas"
    DECIDER = "pemutus_keberatan"
    EVALUATOR = "penilai_dipersoalkan"
    CALIBRATOR = "pengkalibrasi"
    PENGELOLA_PEGAWAI = "pengelola_pegawai"
    PENGELOLA_ORGANISASI = "pengelola_organisasi"
    PENGELOLA_ABOVE = "pengelola_organisasi_atas"
    AKOP = "akop"
    UNIT_KEPEGAWAIAN = "unit_kepegawaian"
    SEKRETARIAT = "sekretariat_komite"
    KOMITE_PELAKSANA = "komite_pelaksana"
    KOMITE_EKSEKUTIF = "komite_eksekutif"
    ANGGOTA_TPK = "anggota_tpk"
    REVIU = "reviu_manajemen"
    PYB = "pyb"
    AUDITOR = "auditor"
    ADMIN = "admin_sistem"
    PEER = "rekan"
    SUBORDINATE = "bawahan"
    ACTION_OWNER = "pemilik_aksi"
    STAFF = "staf_unit"
    SYSTEM = "sistem"


LABELS: dict[Relation, str] = {
    Relation.SUBJECT: N_("Pegawai"),
    Relation.PENILAI: N_("Pejabat Penilai Kinerja"),
    Relation.ATASAN: N_("Atasan Pejabat Penilai Kinerja"),
    Relation.ABOVE_ATASAN: N_("Atasan dari Atasan Penilai"),
    Relation.PLH: N_("Plh. Pejabat Penilai Kinerja"),
    Relation.DELEGATE: N_("Penerima pendelegasian penilai"),
    Relation.UPK_ABOVE: N_("Pimpinan satu tingkat di atas UPK"),
    Relation.DECIDER: N_("Pemutus keberatan"),
    Relation.EVALUATOR: N_("Pejabat yang evaluasinya dipersoalkan"),
    Relation.CALIBRATOR: N_("Pengkalibrasi tingkat berikutnya"),
    Relation.PENGELOLA_PEGAWAI: N_("Pengelola kinerja pegawai"),
    Relation.PENGELOLA_ORGANISASI: N_("Pengelola kinerja organisasi"),
    Relation.PENGELOLA_ABOVE: N_("Pengelola kinerja organisasi satu tingkat di atas"),
    Relation.AKOP: N_("Administrator Kinerja Organisasi Pusat"),
    Relation.UNIT_KEPEGAWAIAN: N_("Unit kepegawaian"),
    Relation.SEKRETARIAT: N_("Sekretariat Komite"),
    Relation.KOMITE_PELAKSANA: N_("Komite Pelaksana"),
    Relation.KOMITE_EKSEKUTIF: N_("Komite Eksekutif"),
    Relation.ANGGOTA_TPK: N_("Anggota TPK"),
    Relation.REVIU: N_("Tim Reviu Manajemen Kinerja"),
    Relation.PYB: N_("Pejabat yang Berwenang"),
    Relation.AUDITOR: N_("Auditor Inspektorat"),
    Relation.ADMIN: N_("Admin sistem"),
    Relation.PEER: N_("Rekan"),
    Relation.SUBORDINATE: N_("Bawahan"),
    Relation.STAFF: N_("Pegawai unit itu dan di bawahnya"),
    Relation.ACTION_OWNER: N_("Penanggung jawab rencana aksi"),
    Relation.SYSTEM: N_("Sistem"),
}

# What the two sides of a document about a unit are called: the same two people, by their posts.
KIND_LABELS: dict[str, dict[Relation, str]] = {
    "pk": {
        Relation.SUBJECT: N_("Pimpinan UPK"),
        Relation.PENILAI: N_("Pimpinan UPK di atas"),
        Relation.ATASAN: N_("Atasan Pimpinan UPK di atas"),
    },
    "dko": {
        Relation.SUBJECT: N_("Pimpinan UPK"),
        Relation.PENILAI: N_("Pimpinan UPK di atas"),
        Relation.ATASAN: N_("Atasan Pimpinan UPK di atas"),
    },
    "matrix": {Relation.SUBJECT: N_("Pimpinan unit")},
    "manual": {Relation.SUBJECT: N_("Pemilik indikator"), Relation.PENILAI: N_("Pimpinan di atasnya")},
}
KIND_LABELS |= dict.fromkeys(("iku_realisation", "org_value"), KIND_LABELS["pk"])
KIND_LABELS["k3_review"] = {Relation.SUBJECT: N_("Pemilik SKP atau PK")}


def label_of(relation: Relation, kind: str) -> str:
    """What a relation is called on documents of a kind; translatable."""
    return KIND_LABELS.get(kind, {}).get(relation) or LABELS[relation]


# Whoever stands in for the penilai: for some days, or because he asked for it in writing. He prepares, and signs only
# where the letter says so; then he is the penilai himself, in his name.
STAND_INS = frozenset({Relation.PLH, Relation.DELEGATE})
# The superiors of one document are different people, and whoever stands in for one of them is none of the others.
JUDGES = STAND_INS | {Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN}
# A party to the judgement cannot at the same time review or administer the same document.
NOT_FOR_PARTIES = frozenset(
    {
        Relation.PENGELOLA_ORGANISASI,
        Relation.PENGELOLA_ABOVE,
        Relation.PENGELOLA_PEGAWAI,
        Relation.REVIU,
        Relation.ANGGOTA_TPK,
        Relation.AUDITOR,
    }
)


def may_be_one_person(one: Relation, other: Relation) -> bool:
    """Can one person be both to one document? What `services.identity` never gives together, he cannot."""
    if one is other:
        return True
    pair = {one, other}
    if Relation.SUBJECT in pair or Relation.SYSTEM in pair:
        return False
    judges = pair & JUDGES
    return not (len(judges) == 2 or (judges and pair & NOT_FOR_PARTIES))


@dataclass(frozen=True)
class Actor:
    """A person as one document sees him on one date.

    `on_behalf` tells, per relation, in whose name he acts ("Plt. Kepala Seksi ..."); `trace` tells why.
    """

    person_id: int | None
    name: str
    relations: frozenset[Relation]
    on_behalf: dict[Relation, str] = field(default_factory=dict)
    trace: dict[str, Any] = field(default_factory=dict)

    def has(self, *relations: Relation) -> bool:
        return any(relation in self.relations for relation in relations)


SYSTEM = Actor(None, "Sistem", frozenset({Relation.SYSTEM}))
