"""One cell at a time: NIP, dates and the words of the law, each with the reason when it is refused."""

import re
from datetime import date
from typing import Any, NamedTuple

from kinerja.models.people import PLACEMENT_KINDS
from kinerja.rules.words import N_, token
from kinerja.services.appointments import Reach, given_for
from kinerja.services.roster import SIGNS

LEVELS = ("L0", "L1", "L2", "L3", "L4")
ZONES = ("WIB", "WITA", "WIT")
UNIT_KINDS = ("kantor_pusat", "kantor_wilayah", "kantor_pelayanan", "upt", "non_eselon", "unit_kerja_mandiri")
STATUSES = ("PNS", "PPPK", "CPNS")
GROUPS = {"jpt": "JPT", "ja": "JA", "jf": "JF", "lain": "lain"}
RANKS: dict[str, tuple[str, ...]] = {
    "JPT": ("utama", "madya", "pratama"),
    "JA": ("administrator", "pengawas", "pelaksana"),
    "JF": (
        "pemula", "terampil", "mahir", "penyelia", "ahli pertama", "ahli muda", "ahli madya", "ahli utama",
    ),
    "lain": ("menteri koordinator", "menteri", "wakil menteri", "staf khusus", "tenaga ahli"),
}  # fmt: skip
STRUCTURAL = frozenset(
    {("JPT", rank) for rank in RANKS["JPT"]} | {("JA", "administrator"), ("JA", "pengawas")}
)
# Whoever may be penilai without a written delegation: at lowest a Pengawas (PermenPANRB 6/2022, article 1).
SUPERIOR_RANKS = STRUCTURAL | {("lain", rank) for rank in ("menteri koordinator", "menteri", "wakil menteri")}
MINISTRY_ROLES = given_for(Reach.MINISTRY)
UNIT_ROLES = given_for(Reach.UNIT)
ROLES = MINISTRY_ROLES | UNIT_ROLES | given_for(Reach.EITHER)
AUTHORITIES = (SIGNS,)
# The last two are relations of one case or one team, never an appointment.
PER_ASSIGNMENT = given_for(Reach.ASSIGNMENT) | {"konselor_kasus", "ketua_tim"}
_ROLE_WORDS = {
    "pengelola_kinerja_organisasi": "pengelola_organisasi",
    "pengelola_kinerja_pegawai": "pengelola_pegawai",
    "administrator_kinerja_organisasi_pusat": "akop",
    "konselor_internal": "konselor",
    "konselor_profesional": "konselor",
    "tim_reviu_manajemen_kinerja": "reviu_manajemen",
    "auditor_inspektorat_jenderal": "auditor",
    "pejabat_yang_berwenang": "pyb",
    "anggota_tim_penilai_kinerja": "anggota_tpk",
}

_EIGHTEEN = re.compile(r"[0-9]{18}")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_DECIMAL = re.compile(r"[0-9]{15,18}[.,]0*")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)


class Refused(Exception):
    """A cell that cannot be taken; carries the reason and its parameters."""

    def __init__(self, template: str, /, **params: Any) -> None:
        super().__init__(template % params)
        self.template, self.params = template, params


def nip(text: str) -> str:
    """Eighteen digits with a possible birth date. What a spreadsheet does to a NIP is refused by that name."""
    bare = text.replace(" ", "")
    if not _EIGHTEEN.fullmatch(bare):
        raise Refused(_nip_fault(bare), digits=len(bare))
    try:
        date(int(bare[:4]), int(bare[4:6]), int(bare[6:8]))
    except ValueError:
        raise Refused(
            N_("NIP memuat tanggal lahir yang tidak mungkin (%(born)s)."),
            born=f"{bare[:4]}-{bare[4:6]}-{bare[6:8]}",
        ) from None
    if not "1900" <= bare[:4] <= "2100":
        raise Refused(N_("NIP memuat tahun lahir yang tidak mungkin (%(born)s)."), born=bare[:4])
    return bare


def _nip_fault(bare: str) -> str:
    if bare[:1] in ("'", "’", "‘", "`"):
        return N_(
            "Lembar kerja menyisakan apostrof di depan NIP. Hapus apostrofnya; formatkan kolom sebagai Teks."
        )
    if _SCIENTIFIC.fullmatch(bare):
        return N_(
            "Lembar kerja mengubah NIP menjadi notasi ilmiah (seperti 1,98E+17); digit terakhirnya hilang. "
            "Formatkan kolom sebagai Teks, lalu salin lagi NIP dari sumbernya."
        )
    if _DECIMAL.fullmatch(bare):
        return N_("Lembar kerja menambahkan “.0” pada NIP. Formatkan kolom sebagai Teks dan salin lagi.")
    if bare.isascii() and bare.isdigit() and 12 <= len(bare) < 18:
        return N_(
            "NIP hanya %(digits)s digit: lembar kerja menghilangkan nol. NIP harus 18 digit; "
            "formatkan kolom sebagai Teks dan salin lagi."
        )
    return N_("NIP harus 18 digit angka.")


def nip_doubts(value: str, status: str, today: date) -> list[str]:
    """What looks odd in a NIP but is no error. The digits 13-14 of a PPPK are not checked."""
    doubts = []
    born, started = int(value[:4]), int(value[8:12])
    if not today.year - 75 <= born <= today.year - 16:
        doubts.append(N_("Tahun lahir di NIP tidak lazim."))
    if status == "LAIN":
        return doubts  # no civil servant: the other digits stand for nothing
    if not born + 15 <= started <= today.year + 1:
        doubts.append(N_("Tahun TMT di NIP (digit 9-12) tidak sesuai dengan tahun lahir atau hari ini."))
    if status != "PPPK" and not "01" <= value[12:14] <= "12":
        doubts.append(N_("Bulan TMT di NIP (digit 13-14) bukan 01 sampai 12."))
    if value[14] not in "12":
        doubts.append(N_("Digit jenis kelamin di NIP (digit 15) bukan 1 atau 2."))
    if value[15:] == "000":
        doubts.append(N_("Nomor urut NIP 000: tiga digit terakhir mungkin dibulatkan oleh lembar kerja."))
    return doubts


def iso_date(text: str) -> date:
    """TTTT-BB-HH and nothing else: 03/04 means two days in two countries."""
    if not _ISO.fullmatch(text):
        raise Refused(N_("Tanggal harus ditulis TTTT-BB-HH, misalnya 2026-03-01."))
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Refused(N_("Tanggal ini tidak ada di kalender.")) from None
    if not EARLIEST <= found <= LATEST:
        raise Refused(N_("Tanggal di luar 1950 sampai 2100."))
    return found


def mail(text: str) -> str:
    lowered = text.lower()
    if len(lowered) > 200 or not _MAIL.fullmatch(lowered):
        raise Refused(N_("Alamat e-mail ini tidak berbentuk nama@domain."))
    return lowered


def words(text: str, longest: int) -> str:
    """Free text that must not be empty; runs of spaces become one."""
    joined = " ".join(text.split())
    if not joined:
        raise Refused(N_("Kolom ini wajib diisi."))
    if len(joined) > longest:
        raise Refused(N_("Terlalu panjang: paling banyak %(longest)s huruf."), longest=longest)
    return joined


def level(text: str) -> str:
    code = text.upper()
    if code == "L5":
        raise Refused(
            N_(
                "L5 hanya sebutan bagi perorangan (pelaksana dan JF), tidak pernah bagi unit. Pakai L0 sampai L4."
            )
        )
    return _one_of(code, LEVELS)


def zone(text: str) -> str:
    return _one_of(text.upper(), ZONES)


def unit_kind(text: str) -> str:
    return _one_of(token(text), UNIT_KINDS)


def workweek(text: str) -> int:
    return int(_one_of(text, ("5", "6")))


def yes_no(text: str) -> bool:
    return _one_of(text.lower(), ("ya", "tidak")) == "ya"


def status(text: str, group: str) -> str:
    """PNS, PPPK or CPNS; LAIN (pejabat negara and the like) only for a post of the group "lain"."""
    if text.upper() == "LAIN" and group == "lain":
        return "LAIN"
    return _one_of(text.upper(), STATUSES)


def group(text: str) -> str:
    found = GROUPS.get(token(text))
    if found is None:
        raise Refused(_EXPECTED, expected="JPT, JA, JF, lain")
    return found


def rank(text: str, post_group: str) -> str:
    """The jenjang in the words of the law; "" where the group has none."""
    word = token(text).replace("_", " ")
    allowed = RANKS[post_group]
    if post_group == "JF" and word in ("pertama", "muda", "madya", "utama"):
        word = f"ahli {word}"
    if not word and post_group in ("JF", "lain"):
        return ""
    if word not in allowed:
        raise Refused(
            N_("Jenjang untuk %(group)s harus salah satu dari: %(expected)s."),
            group=post_group, expected=", ".join(allowed),
        )  # fmt: skip
    return word


def placement_kind(text: str) -> str:
    return _one_of(token(text), PLACEMENT_KINDS)


def authority(text: str, kind: str) -> str:
    """What the letter of a Plh. lets him do beyond preparing; a Plt. and a PjS. have every power of the post."""
    if kind != "plh":
        raise Refused(N_("Hanya untuk Plh.: Plt. dan Pjs. memegang seluruh wewenang jabatannya. Kosongkan."))
    return _one_of(token(text), AUTHORITIES)


def role(text: str) -> str:
    word = token(text)
    word = _ROLE_WORDS.get(word, word)
    if word in PER_ASSIGNMENT:
        raise Refused(N_("Peran ini ditunjuk per penugasan atau per kasus, tidak lewat berkas."))
    return _one_of(word, tuple(sorted(ROLES)))


_EXPECTED = N_("Harus salah satu dari: %(expected)s.")


def _one_of(word: str, allowed: tuple[str, ...]) -> str:
    if word not in allowed:
        raise Refused(_EXPECTED, expected=", ".join(allowed))
    return word


class Exemption(NamedTuple):
    """Days on which somebody need not plan his performance, and why; without a first day there is none."""

    starts: date | None = None
    ends: date | None = None
    reason: str = ""


class UnitRow(NamedTuple):
    row: int
    code: str
    name: str
    parent: str
    level: str
    kind: str
    zone: str
    workweek: int
    owns_map: bool


class PersonRow(NamedTuple):
    """One placement of one person, with what the file says about the person himself."""

    row: int
    nip: str
    name: str
    email: str
    status: str
    grade: str
    unit: str
    title: str
    group: str
    rank: str
    superior: str
    kind: str
    starts: date
    ends: date | None
    # None where the file has no such column: what is on file stays.
    letter: str | None = None
    authority: str | None = None
    exempt: Exemption | None = None


class RoleRow(NamedTuple):
    row: int
    nip: str
    role: str
    unit: str
    starts: date
    ends: date | None
    decree: str
