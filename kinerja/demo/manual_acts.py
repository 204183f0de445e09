"""How the manuals of the demo office come about: of some IKU of a PK in force, and of a leader's IKI."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kinerja.demo import pk_acts
from kinerja.demo.stage import PENILAI, Stage
from kinerja.models import Document
from kinerja.services import manual_start, transitions, turns
from kinerja.services.agreements import pk_of
from kinerja.services.planning import skp_of
from kinerja.workflows.roles import Relation

OFFICE = "Ayu Puspitasari"
OWNER, ABOVE, REVIEWER = "owner", "above", "reviewer"
# The way of a manual with who takes each step and on which day after the first.
STEPS = (("submit", OWNER, 1), ("approve", ABOVE, 3), ("clear", REVIEWER, 5))


@dataclass(frozen=True)
class Plan:
    """The manual of one indicator, by its place in the plan: when it is begun, and after which step it stops for now."""

    owner: str
    plan: str
    place: int
    begins: date
    says: Mapping[str, Any]
    until: str = "clear"
    dropped: date | None = None
    # Who approves and reviews; "" for whoever is in turn.
    above: str = PENILAI
    reviewer: str = OFFICE


PERSEN = {"aspek": "kualitas", "kualitas": "outcome_antara", "periode_pelaporan": "triwulanan"}
SAYS: dict[str, dict[str, Any]] = {
    "mutu": PERSEN
    | {
        "tujuan": "Mengetahui apakah data layanan dapat dipercaya penggunanya.",
        "definisi": "Rata-rata nilai kelengkapan, ketepatan, dan kemutakhiran data dua belas layanan prioritas.",
        "formula": "(kelengkapan + ketepatan + kemutakhiran) / 3, dirata-rata atas semua layanan",
        "sumber_data": "Hasil pemeriksaan mutu data triwulanan",
        "metode_cascading": "direct",
        "jenis_cascading": "cascading_peta",
        "penanggung_jawab": "Kepala Subdirektorat Mutu Data",
        "penyedia_data": "Unit pemilik data",
        "status_target": "lama",
        "target_tahun_lalu": "84",
        "realisasi_tahun_lalu": "85.2",
    },
    "standar": PERSEN
    | {
        "tujuan": "Mengetahui apakah janji layanan kepada pengguna data ditepati.",
        "definisi": "Bagian standar layanan yang dipenuhi dari seluruh standar layanan yang ditetapkan.",
        "formula": "standar yang dipenuhi / seluruh standar x 100",
        "sumber_data": "Aplikasi permintaan data",
        "metode_cascading": "direct",
        "penanggung_jawab": "Kepala Subdirektorat Layanan Data",
        "penyedia_data": "Aplikasi permintaan data",
        "status_target": "mandatory",
    },
    "terhubung": PERSEN
    | {
        "tujuan": "Mengetahui apakah layanan prioritas memakai data dari sumbernya.",
        "definisi": "Bagian layanan prioritas yang datanya diambil langsung dari unit pemiliknya tanpa salinan.",
        "formula": "layanan prioritas yang terhubung / semua layanan prioritas x 100",
        "sumber_data": "Catatan sambungan data",
        "metode_cascading": "indirect",
        "aspek": "kuantitas",
        "penanggung_jawab": "Kepala Subdirektorat Pertukaran Data",
        "penyedia_data": "Subdirektorat Pertukaran Data",
        "status_target": "baru_dengan_riwayat",
        "realisasi_tahun_lalu": "64",
    },
    "sertifikat": PERSEN
    | {
        "tujuan": "Mengetahui kecakapan para pengelola data.",
        "definisi": "Bagian pengelola data yang memegang sertifikat yang masih berlaku pada akhir triwulan.",
        "formula": "pengelola data bersertifikat / semua pengelola data x 100",
        "sumber_data": "Data kepegawaian",
        "metode_cascading": "direct",
        "penanggung_jawab": "Kepala Subbagian Tata Usaha",
        "penyedia_data": "Biro Sumber Daya Manusia",
        "status_target": "lama",
        "target_tahun_lalu": "50",
        "realisasi_tahun_lalu": "52",
    },
    "waktu": PERSEN
    | {
        "aspek": "waktu",
        "tujuan": "Mengetahui berapa lama pengguna menunggu.",
        "definisi": "Hari kerja sejak permintaan lengkap diterima sampai data diserahkan.",
    },
}
SAYS["terhubung baru"] = {"sumber_data": "Catatan sambungan data, diperiksa silang dengan pemilik layanan"}
SAYS["sertifikat baru"] = {"sumber_data": "Data kepegawaian dan daftar lembaga sertifikasi"}
SAYS["mutu baru"] = SAYS["mutu"] | {
    "definisi": "Rata-rata nilai kelengkapan, ketepatan, dan kemutakhiran data semua layanan prioritas yang terbuka.",
}


def of_unit(agreement: pk_acts.Plan, begins: date, known: Mapping[int, Mapping[str, Any]]) -> Iterator[Plan]:
    """The first manual of every IKU of a PK: what is `known` of it by its place, else what the PK itself says."""
    goals = pk_acts.contents()[agreement.unit]["sasaran"]
    for place, iku in enumerate(iku for goal in goals for iku in goal["iku"]):
        says = known.get(place) or _as_the_pk_has_it(iku)
        yield Plan(agreement.head, "pk", place, begins, says, above="", reviewer="")


def _as_the_pk_has_it(iku: Mapping[str, Any]) -> dict[str, Any]:
    name, measure = iku["nama"], iku["satuan"]
    days, share = measure.startswith("hari"), measure == "persen"
    return PERSEN | {
        "aspek": "waktu" if days else "kuantitas",
        "tujuan": f"Mengetahui {name[0].lower()}{name[1:]} setiap triwulan.",
        "definisi": f"{name}, menurut catatan unit dari awal tahun sampai akhir triwulan.",
        "formula": "yang memenuhi / seluruhnya x 100"
        if share
        else f"{measure} menurut catatan unit pada akhir triwulan",
        "sumber_data": "Laporan kinerja triwulanan unit",
        "metode_cascading": "direct" if "dari" in iku else "indirect",
        "penanggung_jawab": "Pimpinan unit",
        "penyedia_data": "Pengelola kinerja organisasi unit",
        "status_target": "baru_tanpa_riwayat",
    }


def plan_manual(stage: Stage, plan: Plan) -> None:
    """Put the acts of one manual on the stage."""
    first = stage.workday(plan.owner, plan.begins)
    kept: list[str] = []
    stage.add(
        stage.at(plan.owner, first, 10),
        f"{plan.owner} create manual",
        lambda: _begin(stage, plan, kept),
        about=plan.owner,
    )
    for event, by, after in STEPS if plan.until != "create" else ():
        day = stage.workday(plan.owner, first + timedelta(days=after))
        who = {OWNER: plan.owner, ABOVE: plan.above, REVIEWER: plan.reviewer}[by]
        stage.add(
            stage.at(plan.owner, day, 13),
            f"{plan.owner} {event} manual",
            lambda event=event, who=who: _send(stage, kept[0], event, who),
            about=plan.owner,
        )
        if event == plan.until:
            return
    if plan.until == "create" and plan.dropped is not None:
        day = stage.workday(plan.owner, plan.dropped)
        stage.add(
            stage.at(plan.owner, day, 14),
            f"{plan.owner} discard manual",
            lambda: stage.send(transitions.load(kept[0]), "discard", plan.owner),
            about=plan.owner,
        )


def _send(stage: Stage, public_id: str, event: str, who: str) -> None:
    document = transitions.load(public_id)
    if who:
        stage.send(document, event, who)
        return
    person = turns.person_in_turn(document, Relation(document.turn))[0]
    transitions.send(public_id, event, person, version=document.version)


def _begin(stage: Stage, plan: Plan, kept: list[str]) -> None:
    document: Document = stage.document(plan.owner, plan.plan, plan.begins.year)
    person = stage.ids[plan.owner]
    made = manual_start.begin(document.public_id, _key(document, plan.place), by_id=person)
    transitions.send(made.public_id, "edit", person, version=made.version, change=plan.says)
    kept.append(made.public_id)


def _key(document: Document, place: int) -> str:
    """The key of the indicator at a place of the plan, counted from 0."""
    if document.kind == "pk":
        found = [iku.key for objective in pk_of(document).objectives for iku in objective.indicators]
    else:
        found = [iki.key for row in skp_of(document).rows for iki in row.indicators]
    return found[place]
