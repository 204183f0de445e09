"""What a person may administer, with what waits there: the front page of Pengaturan."""

from dataclasses import dataclass

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import DataReport, Unit
from kinerja.rules.words import N_
from kinerja.services import appointments, permits
from kinerja.services.errors import NotThere


@dataclass(frozen=True)
class Place:
    """One page of administration: its endpoint, what it is for, how much waits there for this person."""

    endpoint: str
    label: str
    text: str
    icon: str
    waiting: int = 0


_PLACES = (
    ("period.read", "periods.index", N_("Periode"),
     N_("Tahun penilaian, jendelanya, dan hukum yang dibekukan saat dibuka."), "calendar3"),
    ("rules.replace", "rules.index", N_("Aturan yang dipakai"),
     N_("Setiap angka dengan pasalnya; asumsi diganti dengan keputusan."), "calculator"),
    ("import.read", "importing.index", N_("Impor pegawai dan unit"),
     N_("Berkas unit, pegawai, dan peran: percobaan dahulu, baru diterapkan."), "file-earmark-text"),
    ("structure.read", "structure.index", N_("Pemeriksaan struktur"),
     N_("Dua belas pemeriksaan sebelum periode dibuka, dan siapa yang memperbaiki."), "diagram-3"),
    ("role.read", "roles.index", N_("Peran"),
     N_("Siapa ditunjuk untuk apa, sejak kapan, dengan keputusan mana."), "person-badge"),
    ("report.answer", "data_reports.index", N_("Laporan “Data saya salah”"),
     N_("Data yang menurut pegawai keliru; jawaban Anda sampai kepadanya."), "flag"),
    ("trail.read", "trail.index", N_("Buka kembali, perbaikan, dan penggantian"),
     N_("Setiap tindakan di luar jalan biasa dengan alasan, kewenangan, dan pelakunya."), "clock-history"),
    ("code.issue", "activation.index", N_("Kode aktivasi"),
     N_("Kode sekali pakai di atas kertas untuk pegawai yang belum punya kata sandi."), "lock"),
)  # fmt: skip


def places(person_id: int) -> list[Place]:
    """The pages this person may administer. Raises NotThere when there is none."""
    allowed = permits.granted(permits.roles_of(person_id))
    found = [
        Place(endpoint, label, text, icon, _waiting(person_id, endpoint))
        for act, endpoint, label, text, icon in _PLACES
        if act in allowed
    ]
    if not found:
        raise NotThere
    return found


def _waiting(person_id: int, endpoint: str) -> int:
    if endpoint == "roles.index":
        return len(appointments.waiting_for(person_id))
    return open_reports(person_id) if endpoint == "data_reports.index" else 0


def open_reports(person_id: int) -> int:
    """How many reports wait for this pengelola."""
    query = (
        sa.select(sa.func.count())
        .select_from(DataReport)
        .outerjoin(Unit, Unit.id == DataReport.unit_id)
        .where(DataReport.state == "open", DataReport.person_id != person_id)
    )
    paths = permits.paths_for(person_id, "report.answer")
    if "" not in paths:
        query = query.where(sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in paths)))
    return db.session.scalar(query) or 0
