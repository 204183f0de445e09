"""How the units of the demo office talk about their performance each quarter, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinerja.demo.pk_acts import OFFICE, OFFICE_EAST
from kinerja.demo.stage import Stage
from kinerja.ids import new_key
from kinerja.models import Document
from kinerja.rules.dko import quarter
from kinerja.services import dko_matter, pk_progress
from kinerja.services.agreements import pk_of
from kinerja.services.dko import dko_of

YEAR = 2026


@dataclass(frozen=True)
class Meeting:
    """The DKO of one unit about one quarter: when, who leads, what was decided, and after which step it stops for now.

    `actions` are (what, whose, until when, when it was done and what came of it) under the one `decision`.
    """

    leader: str
    slot: str
    on: date
    minutes: str = ""
    decision: str = ""
    actions: tuple[tuple[str, str, date, date | None, str], ...] = ()
    until: str = "sign_minutes"
    closes: date | None = None
    materials: bool = True
    office: str = OFFICE


MEETINGS = (
    Meeting(
        "Irwansyah Baharuddin", "TW1", date(2026, 4, 20),
        "Dua permohonan tertahan lebih dari lima hari kerja. Penyebabnya berkas yang dikirim ulang lewat surat elektronik.",
        "Semua berkas permohonan masuk lewat satu pintu.",
        (("Menutup penerimaan berkas lewat surat elektronik", "Irwansyah Baharuddin", date(2026, 5, 15), date(2026, 5, 12),
          "Alamat lama dijawab otomatis dengan tautan loket sejak 11 Mei."),),
        closes=date(2026, 5, 13), office=OFFICE_EAST,
    ),
    Meeting(
        "Andi Mappatoba", "TW1", date(2026, 4, 22),
        "Capaian triwulan pertama sesuai rencana; tidak ada arahan baru.", office=OFFICE_EAST,
    ),
    Meeting(
        "Ratih Kusumaningrum", "TW1", date(2026, 4, 23),
        "Permintaan data yang selesai tepat waktu masih di bawah target karena kamus data belum lengkap.",
        "Lengkapi kamus data dan batasi permintaan yang tidak baku.",
        (("Melengkapi kamus data tiga layanan utama", "Bagas Wicaksono", date(2026, 6, 30), None, ""),
         ("Menyusun formulir baku permintaan data", "Ratih Kusumaningrum", date(2026, 5, 29), date(2026, 5, 27),
          "Formulir baku dipakai sejak 26 Mei.")),
    ),
    Meeting(
        "Hendra Wibisono", "TW1", date(2026, 4, 27),
        "Direktorat dan kantor di daerah melaporkan capaian; risiko keterlambatan pengadaan dibahas.",
        "Percepat pengadaan tahun jamak.",
        (("Menyampaikan rencana pengadaan dipercepat", "Ratih Kusumaningrum", date(2026, 7, 31), None, ""),),
    ),
    Meeting("Irwansyah Baharuddin", "TW2", date(2026, 7, 15), "Loket tunggal berjalan; waktu layanan turun menjadi empat hari kerja.",
            until="record_minutes", office=OFFICE_EAST),
    Meeting("Ratih Kusumaningrum", "TW2", date(2026, 7, 16), "Kamus data dua layanan selesai, satu lagi menunggu pemilik datanya.",
            until="save"),
    Meeting("Andi Mappatoba", "TW2", date(2026, 7, 24), until="complete_materials", office=OFFICE_EAST),
)  # fmt: skip


def plan(stage: Stage) -> None:
    """Put every DKO on the stage; those of the other units are proposed by the system and held by nobody yet."""
    for meeting in MEETINGS:
        _plan(stage, meeting)
    for leader, slot, day in (
        ("Ratih Kusumaningrum", "TW1", date(2026, 4, 21)),
        ("Ratih Kusumaningrum", "TW2", date(2026, 7, 14)),
    ):
        stage.plan(stage.at(leader, day, 9), leader, "pk", YEAR, "save", OFFICE, change=_progress(slot))


def _plan(stage: Stage, meeting: Meeting) -> None:
    who, slot = meeting.leader, meeting.slot

    def step(day: date, hour: int, event: str, by: str, **more: Any) -> bool:
        stage.plan(stage.at(who, day, hour), who, "dko", YEAR, event, by, slot=slot, **more)
        return meeting.until == event

    early = meeting.until == "complete_materials"
    before = date(2026, 7, 17) if early else meeting.on
    step(before, 8, "edit", meeting.office, change=_scheduled(meeting))
    if step(before, 9, "complete_materials", meeting.office):
        return
    step(meeting.on, 14, "mark_held", meeting.office, change=_held(meeting))
    if step(meeting.on, 15, "save", meeting.office, change=_written(meeting)):
        return
    if step(meeting.on, 16, "record_minutes", meeting.office):
        return
    step(meeting.on, 17, "sign_minutes", who, signed=True)
    for place, (_what, owner, _due, done, result) in enumerate(meeting.actions):
        if done is not None:
            step(done, 11, "complete_action", owner, change=_done(place, result))
    if meeting.closes is not None:
        step(meeting.closes, 11, "close", who)


def _named(document: Document) -> dict[str, str]:
    return {one.name: one.public_id for one in dko_matter.candidates(document).values()}


def _scheduled(meeting: Meeting) -> Callable[[Document, int], dict[str, Any]]:
    def change(document: Document, _person: int) -> dict[str, Any]:
        invited = list(_named(document).values())
        return {"tanggal": meeting.on, "jam": "13:30", "tempat": "Ruang rapat utama", "undangan": invited}

    return change


def _held(meeting: Meeting) -> Callable[[Document, int], dict[str, Any]]:
    def change(document: Document, _person: int) -> dict[str, Any]:
        people = _named(document)
        return {"pimpinan": people[meeting.leader], "peserta": list(people.values())}

    return change


def _written(meeting: Meeting) -> Callable[[Document, int], dict[str, Any]]:
    def change(document: Document, _person: int) -> dict[str, Any]:
        people = _named(document)
        actions = [
            {"key": new_key(), "uraian": what, "pj": people[owner], "tanggal": due}
            for what, owner, due, _done, _result in meeting.actions
        ]
        decisions = [{"key": new_key(), "arahan": meeting.decision, "aksi": actions}] if actions else []
        return {"notulen": meeting.minutes, "arahan": decisions}

    return change


def _progress(slot: str) -> Callable[[Document, int], dict[str, Any]]:
    """What has begun by the end of a quarter runs; what should have ended is done, but for the last of them."""

    def change(document: Document, _person: int) -> dict[str, Any]:
        pk, ends = pk_of(document), quarter(YEAR, slot)[1].isoformat()
        steps = [one for one in pk_progress.steps_of(pk) if one.day]
        due = [one for one in steps if one.day <= ends]
        said = {one.key: "selesai" for one in due[:-1]} | {one.key: "berjalan" for one in due[-1:]}
        note = "Berjalan sesuai rencana." if slot == "TW1" else "Dua dari tiga layanan selesai."
        lines = [
            {
                "key": one.key,
                "keadaan": said.get(one.key, "berjalan"),
                "catatan": note if one in due[-1:] else "",
            }
            for one in steps
        ]
        risks = [{"key": one.key, "keadaan": "berjalan", "catatan": ""} for one in pk_progress.risks_of(pk)]
        return {"triwulan": slot, "tahapan": lines, "risiko": risks}

    return change


def _done(place: int, result: str) -> Callable[[Document, int], dict[str, Any]]:
    def change(document: Document, _person: int) -> dict[str, Any]:
        return {"aksi": dko_of(document).actions[place].key, "hasil": result}

    return change
