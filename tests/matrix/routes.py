"""Every route with who may ask for it: a route without a row here is a route nobody has thought about.

`everyone`: whoever is signed in. `public`: also whoever is not. `sight`: whoever may open the document. `acts`: as the
flow of the document says. A set names the actor kinds themselves; others are told that nothing is there (404), or with
`refused` = 403 that it is not theirs to do.

A name in braces is a place in the address: {id} and {evidence} belong to the document a case is about, the others are
filled by `World.at` with something that is really there, so that a refusal is about the person and not about the thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.matrix.law import MANAGERS

PUBLIC, EVERYONE, SIGHT, ACTS = "public", "everyone", "sight", "acts"
ALL_MANAGERS = MANAGERS | {"manager_other"}

NOBODY: set[str] = set()
# Whoever has a unit to follow: its pengelola, its head, and who watches over all of it.
WATCHES_SUB = MANAGERS | {
    "supervisor",
    "supsup",
    "grand",
    "org_manager",
    "committee",
    "secretariat",
    "pyb",
    "auditor",
}
# Whoever leads somebody.
LEADS = {"self", "supervisor", "supsup", "grand", "former", "plt", "plh", "committee", "secretariat"}
# Whoever opens, watches or sees to periods, roles and structure.
OFFICE = ALL_MANAGERS | {"admin", "org_manager", "committee", "secretariat", "auditor"}
# Whoever heads a unit with a strategy map of its own.
HEADS_A_UPK = {"supsup", "grand", "former"}
# Whoever heads any unit.
HEADS = HEADS_A_UPK | {"self", "supervisor", "plt"}
# Whoever works in the subdirectorate or below it, heads a unit above it, or holds an office over it.
KNOWS_SUB = MANAGERS | {
    "supervisor", "chosen_peer", "unchosen_peer", "self", "subordinate", "supsup", "grand", "org_manager", "committee",
    "secretariat", "auditor", "pyb",
}  # fmt: skip
# Whoever watches over the directorate; and all who work in it or below it.
WATCHES_DIR = {
    "manager_parent", "supsup", "grand", "org_manager", "committee", "secretariat", "pyb", "auditor",
}  # fmt: skip
KNOWS_DIR = WATCHES_DIR | {
    "manager_own", "supervisor", "chosen_peer", "unchosen_peer", "self", "subordinate", "plh", "tpk", "delegate",
    "plt",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Who may, and how the matrix asks: where to, and what a form would carry that changes nothing."""

    who: str | set[str]
    path: str = ""
    data: dict[str, str] = field(default_factory=dict)
    refused: int = 404
    # What the request does to the session of whoever asks: asked with a browser of its own.
    ends_session: bool = False
    # Fields a form of this address knows; the house tests add one it does not know.
    fields: tuple[str, ...] = ()


ROUTES: dict[tuple[str, str], Row] = {
    ("GET", "home.index"): Row(EVERYONE, "/"),
    ("GET", "auth.sign_in"): Row(PUBLIC, "/masuk"),
    ("POST", "auth.sign_in"): Row(PUBLIC, "/masuk"),
    ("GET", "auth.totp"): Row(PUBLIC, "/masuk/kode"),
    ("POST", "auth.totp"): Row(PUBLIC, "/masuk/kode"),
    ("GET", "auth.activate"): Row(PUBLIC, "/aktivasi"),
    ("POST", "auth.activate"): Row(PUBLIC, "/aktivasi"),
    ("POST", "auth.sign_out"): Row(EVERYONE, "/keluar", ends_session=True),
    ("GET", "auth.step_up"): Row(EVERYONE, "/tegaskan"),
    ("POST", "auth.step_up"): Row(EVERYONE, "/tegaskan"),
    ("GET", "activation.index"): Row(ALL_MANAGERS | {"admin"}, "/akun/kode-aktivasi"),
    ("POST", "activation.slips"): Row(
        ALL_MANAGERS | {"admin"}, "/akun/kode-aktivasi/cetak", {"orang": "tidak-ada"}
    ),
    ("GET", "rules.index"): Row(EVERYONE, "/aturan/"),
    ("GET", "rules.show"): Row(EVERYONE, "/aturan/kmk300-2022"),
    ("GET", "rules.of_year"): Row(EVERYONE, "/aturan/tahun/2026"),
    ("POST", "shell.switch_locale"): Row(PUBLIC, "/bahasa", {"locale": "id"}),
    ("POST", "shell.switch_theme"): Row(EVERYONE, "/tampilan", {"theme": "auto"}),
    ("GET", "help.index"): Row(EVERYONE, "/bantuan/"),
    ("GET", "help.glossary"): Row(EVERYONE, "/bantuan/glosarium"),
    ("GET", "search.index"): Row(EVERYONE, "/cari/?q=orang"),
    ("GET", "documents.list"): Row(EVERYONE, "/dokumen/"),
    ("GET", "documents.show"): Row(SIGHT, "/dokumen/{id}"),
    ("GET", "documents.ask"): Row(ACTS),
    ("POST", "documents.transition"): Row(ACTS),
    ("GET", "documents.who_may_see"): Row(SIGHT, "/dokumen/{id}/siapa-dapat-melihat"),
    ("GET", "official.show"): Row(SIGHT, "/dokumen/{id}/formulir"),
    ("GET", "official.compare"): Row(SIGHT, "/dokumen/{id}/bandingkan"),
    ("GET", "official.step"): Row(SIGHT, "/dokumen/{id}/langkah/1"),
    ("GET", "evidence.ask"): Row(ACTS, "/dokumen/{id}/bukti"),
    ("POST", "evidence.add"): Row(ACTS, "/dokumen/{id}/bukti"),
    ("GET", "evidence.open_one"): Row(SIGHT, "/dokumen/{id}/bukti/{evidence}"),
    ("GET", "sheets.show"): Row(ACTS, "/lembar-kerja/{id}"),
    ("GET", "sheets.export"): Row(ACTS, "/lembar-kerja/{id}/unduh"),
    ("POST", "sheets.bring"): Row(ACTS, "/lembar-kerja/{id}"),
    ("POST", "sheets.accept"): Row(ACTS, "/lembar-kerja/{id}/terima"),
    ("GET", "calendar.index"): Row(EVERYONE, "/kalender/"),
    # Its own secret opens it; nobody's identity does.
    ("GET", "calendar.subscribe"): Row(PUBLIC, "/kalender/umpan/tidak-ada.ics"),
    ("GET", "notices.index"): Row(EVERYONE, "/pemberitahuan/"),
    ("POST", "notices.read"): Row(EVERYONE, "/pemberitahuan/dibaca"),
    ("GET", "admin.index"): Row(OFFICE, "/pengaturan/"),
    ("GET", "profile.show"): Row(EVERYONE, "/profil"),
    ("GET", "profile.readings"): Row(EVERYONE, "/profil/siapa-membaca-nilai-saya"),
    ("GET", "profile.report_error"): Row(EVERYONE, "/profil/data-saya-salah"),
    ("POST", "profile.report_error"): Row(EVERYONE, "/profil/data-saya-salah"),
    ("POST", "profile.sign_out_everywhere"): Row(EVERYONE, "/profil/keluar-semua", ends_session=True),
    ("POST", "profile.preferences"): Row(EVERYONE, "/profil/pengaturan"),
    ("POST", "profile.accept_role"): Row({"auditor"}, "/profil/peran/{role}/terima"),
    ("GET", "delegations.index"): Row(EVERYONE, "/pendelegasian/"),
    ("GET", "delegations.give"): Row(EVERYONE, "/pendelegasian/beri"),
    ("POST", "delegations.give"): Row(LEADS, "/pendelegasian/beri", {"to": "tidak-ada"}),
    ("POST", "delegations.accept"): Row({"delegate"}, "/pendelegasian/{accepted}/terima"),
    ("POST", "delegations.decline"): Row({"delegate"}, "/pendelegasian/{declined}/tolak"),
    ("POST", "delegations.end"): Row({"plt", "delegate"}, "/pendelegasian/{ended}/akhiri"),
    ("GET", "profile.device"): Row(EVERYONE, "/profil/perangkat"),
    ("POST", "profile.device"): Row(EVERYONE, "/profil/perangkat", {"kode": "000"}),
    ("POST", "profile.drop_device"): Row(EVERYONE, "/profil/perangkat/lepas"),
    ("GET", "profile.change_password"): Row(EVERYONE, "/profil/sandi"),
    ("POST", "profile.change_password"): Row(EVERYONE, "/profil/sandi"),
    ("POST", "profile.end_session"): Row(EVERYONE, "/profil/sesi", {"sesi": "0"}),
    ("GET", "planning.start"): Row(EVERYONE, "/skp/susun"),
    ("POST", "planning.create"): Row(EVERYONE, "/skp/susun", {"starts": "besok"}),
    ("GET", "k3.desk"): Row(EVERYONE, "/reviu-k3/"),
    ("GET", "dko.compliance"): Row(EVERYONE, "/dko/"),
    ("GET", "dko.report"): Row(EVERYONE, "/dko/lpkr"),
    ("GET", "library.index"): Row(EVERYONE, "/pustaka/"),
    # What it fills is a draft that one may write; here both draft and item are not there.
    ("GET", "library.compare"): Row(NOBODY, "/pustaka/tidak-ada/IKU.tidak.ada"),
    ("POST", "library.fill"): Row(NOBODY, "/pustaka/tidak-ada/IKU.tidak.ada", {"version": "1"}),
    ("GET", "lakin.show"): Row(EVERYONE, "/lakin/"),
    ("GET", "dko.start"): Row({"org_manager"}, "/dko/jadwalkan"),
    ("POST", "dko.create"): Row({"org_manager"}, "/dko/jadwalkan", {"unit": "tidak-ada"}),
    ("GET", "agreements.start"): Row(HEADS_A_UPK | {"org_manager"}, "/pk/susun"),
    ("POST", "agreements.create"): Row(HEADS_A_UPK | {"org_manager"}, "/pk/susun", {"unit": "tidak-ada"}),
    ("GET", "matrices.index"): Row(EVERYONE, "/matriks/"),
    ("GET", "matrices.start"): Row(HEADS, "/matriks/susun"),
    ("POST", "matrices.create"): Row(HEADS, "/matriks/susun", {"unit": "tidak-ada"}),
    ("GET", "assignments.index"): Row(EVERYONE, "/penugasan/"),
    ("GET", "assignments.ask"): Row(HEADS, "/penugasan/ajukan"),
    ("POST", "assignments.ask"): Row(HEADS, "/penugasan/ajukan", {"unit": "tidak-ada"}),
    # The penilai answers, either side ends: what both are told is tested where there is one to answer.
    ("GET", "assignments.answer"): Row(NOBODY, "/penugasan/tidak-ada"),
    ("POST", "assignments.answer"): Row(NOBODY, "/penugasan/tidak-ada", {"answer": "setuju"}),
    ("POST", "assignments.end"): Row(NOBODY, "/penugasan/tidak-ada/akhiri"),
    ("GET", "cascading.index"): Row(EVERYONE, "/cascading/"),
    ("GET", "performance.show"): Row(WATCHES_DIR, "/kinerja-unit/DLD"),
    ("GET", "performance.compare"): Row(KNOWS_DIR, "/kinerja-unit/banding?unit=DLD"),
    ("GET", "cascading.show"): Row(KNOWS_SUB, "/cascading/SMD"),
    # The way of a result is shown to whoever may open its SKP; here it is asked of one that is not there.
    ("GET", "cascading.path"): Row(NOBODY, "/cascading/hasil/tidak-ada/baris"),
    ("POST", "manuals.begin"): Row(NOBODY, "/manual/tidak-ada/kunci"),
    ("GET", "team.index"): Row(EVERYONE, "/tim/"),
    ("GET", "team.step"): Row(EVERYONE, "/tim/langkah/{person}/sesudah"),
    ("POST", "team.act"): Row(EVERYONE, "/tim/tindakan", {"act": "skp:tidak-ada"}),
    ("GET", "calibration.index"): Row(EVERYONE, "/reviu-predikat/"),
    ("POST", "calibration.agree"): Row(EVERYONE, "/reviu-predikat/setujui", {"periode": "TW1"}),
    ("POST", "calibration.change"): Row(EVERYONE, "/reviu-predikat/ubah", {"periode": "TW1"}),
    ("GET", "health"): Row(PUBLIC, "/sehat"),
    # The demo bar exists in demo mode alone.
    ("POST", "demo.apply"): Row(NOBODY, "/demo/terapkan"),
    ("POST", "demo.restart"): Row(NOBODY, "/demo/mulai-ulang"),
    ("GET", "people.show"): Row(EVERYONE, "/orang/{person}"),
    ("GET", "accounts.show"): Row({"admin"}, "/orang/{person}/akun"),
    ("POST", "accounts.close"): Row({"admin"}, "/orang/{person}/akun/tutup"),
    ("POST", "accounts.open_again"): Row({"admin"}, "/orang/{person}/akun/buka"),
    ("POST", "accounts.drop_device"): Row({"admin"}, "/orang/{person}/akun/lepas-perangkat"),
    ("POST", "saved.save"): Row(EVERYONE, "/tampilan-tersimpan/"),
    ("POST", "saved.remove"): Row(EVERYONE, "/tampilan-tersimpan/hapus", {"id": "0"}),
    ("GET", "data_reports.index"): Row(ALL_MANAGERS, "/pengaturan/data-saya-salah/"),
    ("GET", "data_reports.show"): Row(MANAGERS, "/pengaturan/data-saya-salah/{report}"),
    ("POST", "data_reports.show"): Row(MANAGERS, "/pengaturan/data-saya-salah/{report}"),
    ("GET", "trail.index"): Row({"committee", "secretariat", "auditor"}, "/pengaturan/jejak-perubahan/"),
    ("GET", "trail.draft"): Row({"secretariat"}, "/pengaturan/jejak-perubahan/susun", refused=403),
    ("POST", "trail.draft"): Row(
        {"secretariat"}, "/pengaturan/jejak-perubahan/susun", {"reason": "singkat"}, refused=403
    ),
    ("GET", "importing.index"): Row({"admin", "auditor"}, "/pengaturan/impor/"),
    ("POST", "importing.upload"): Row({"admin"}, "/pengaturan/impor/"),
    ("GET", "importing.show"): Row({"admin"}, "/pengaturan/impor/{upload}"),
    ("GET", "importing.download"): Row({"admin"}, "/pengaturan/impor/{upload}/galat.csv"),
    ("POST", "importing.cancel"): Row({"admin"}, "/pengaturan/impor/{upload}/batal"),
    ("POST", "importing.apply"): Row({"admin"}, "/pengaturan/impor/{upload}/terapkan"),
    ("GET", "roles.index"): Row(OFFICE, "/pengaturan/peran/"),
    ("GET", "roles.grant"): Row({"admin"}, "/pengaturan/peran/usul"),
    ("POST", "roles.grant"): Row({"admin"}, "/pengaturan/peran/usul"),
    ("GET", "roles.revoke"): Row({"admin"}, "/pengaturan/peran/{role}/cabut"),
    ("POST", "roles.revoke"): Row({"admin"}, "/pengaturan/peran/{role}/cabut"),
    ("POST", "roles.confirm"): Row({"admin", "committee", "secretariat"}, "/pengaturan/peran/{role}/sahkan"),
    ("GET", "periods.index"): Row(OFFICE, "/pengaturan/periode/"),
    ("GET", "periods.show"): Row(OFFICE, "/pengaturan/periode/2026"),
    ("POST", "periods.show"): Row({"admin"}, "/pengaturan/periode/2026"),
    ("GET", "periods.window"): Row({"admin"}, "/pengaturan/periode/2026/jendela/TW1", refused=403),
    ("POST", "periods.window"): Row({"admin"}, "/pengaturan/periode/2026/jendela/TW1", refused=403),
    ("GET", "periods.prepare"): Row({"admin"}, "/pengaturan/periode/buka"),
    ("POST", "periods.open_"): Row({"admin"}, "/pengaturan/periode/buka"),
    ("GET", "rules.days_off"): Row(EVERYONE, "/aturan/hari-libur/2026"),
    ("POST", "rules.days_off"): Row({"admin"}, "/aturan/hari-libur/2026"),
    ("POST", "rules.load_days_off"): Row({"admin"}, "/aturan/hari-libur/{year}/muat"),
    ("GET", "rules.remove_day_off"): Row({"admin"}, "/aturan/hari-libur/{year}/{day}/hapus"),
    ("POST", "rules.remove_day_off"): Row({"admin"}, "/aturan/hari-libur/{year}/{day}/hapus"),
    ("GET", "rules.replace"): Row({"admin"}, "/aturan/kmk300-2022/hk_keberatan/ganti"),
    ("POST", "rules.replace"): Row({"admin"}, "/aturan/kmk300-2022/hk_keberatan/ganti"),
    ("GET", "structure.index"): Row(OFFICE, "/pengaturan/struktur/"),
    ("GET", "structure.head"): Row(MANAGERS, "/pengaturan/struktur/pimpinan/SMD"),
    ("POST", "structure.head"): Row(MANAGERS, "/pengaturan/struktur/pimpinan/SMD"),
    ("GET", "units.index"): Row(EVERYONE, "/unit/"),
    ("GET", "units.show"): Row(WATCHES_SUB, "/unit/SMD"),
    ("GET", "units.recap"): Row(WATCHES_SUB, "/unit/rekap.xlsx?unit=SMD"),
    ("POST", "units.remind"): Row(WATCHES_SUB, "/unit/pengingat", {"unit": "SMD"}),
    ("GET", "static"): Row(PUBLIC, "/static/css/app.css"),
}


def known_routes(app: object) -> set[tuple[str, str]]:
    """(method, endpoint) of everything the application answers."""
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()  # type: ignore[attr-defined]
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
