"""What happens beside the ordinary way in 2026: remarks, expectations, objections, people who are away."""

from datetime import date
from typing import Any

from kinerja.demo import people, realisation_acts
from kinerja.demo.stage import ACTING, ATASAN, PENILAI, Stage
from kinerja.services import delegations, notices, objections, profile, reading, transitions
from kinerja.services.planning import skp_of

YEAR = 2026
RETURN_NOTE = (
    "Hasil kerja 2 masih berbunyi kegiatan. Sebutkan keadaan yang ingin dicapai. "
    "Untuk 1.3 beri batas yang masih memberi ruang salah."
)
EXPECTATIONS = {
    "Sekar Ayu Lestari": {
        "berorientasi_pelayanan": "Menjawab permintaan penjelasan mutu data paling lambat dua hari kerja, "
        "juga bila jawabannya belum lengkap."
    },
    "Dimas Prakoso": {"kolaboratif": "Mendampingi dua unit daerah sampai dapat menghitung indeks sendiri."},
    "Nurul Fadhilah Amir": {
        "adaptif": "Mencoba satu cara layanan baru dalam satu semester dan melaporkan hasilnya."
    },
}
COMMENTS = (
    ("Sekar Ayu Lestari", "skp", "Y", date(2026, 1, 16), "Bagas Wicaksono", "Target 2.1 saya setujui; catat dulu set data yang belum bermetadata."),
    ("Sekar Ayu Lestari", "skp", "Y", date(2026, 7, 14), "Bagas Wicaksono", "IKI 2.1 tertinggal sejak Triwulan I. Apa yang menghambat?"),
    ("Sekar Ayu Lestari", "skp", "Y", date(2026, 7, 15), "Sekar Ayu Lestari", "Dua unit belum mengirim contoh data; surat kedua sudah dikirim 8 Juli."),
    ("Dimas Prakoso", "realisation", "TW2", date(2026, 7, 10), "Bagas Wicaksono", "Bukti lengkap. Mohon ringkas lampiran kedua."),
    ("Teguh Santosa", "realisation", "TW2", date(2026, 7, 14), "Teguh Santosa", "Berkas dari unit sumber baru tiba 12 Juni, saya lengkapi minggu ini."),
    ("Elias Kogoya", "skp", "Y", date(2026, 1, 19), "Paulina Rumbiak", "Data pembanding kita kumpulkan bersama tim Makassar."),
    ("Olivia Rantetasak", "skp", "Y", date(2026, 2, 10), "Olivia Rantetasak", "Bab panduan pertama siap dibaca akhir Februari."),
    ("Gilang Ramadhan", "skp", "Y", date(2026, 2, 5), "Ratih Kusumaningrum", "Saya lanjutkan dialog ini karena batas 31 Januari sudah lewat."),
    ("Reza Mahendra", "skp", "Y", date(2026, 7, 15), "Bagas Wicaksono", "Sebagai Plh. saya sudah membaca; kesepakatan menunggu Pak Lukman."),
)  # fmt: skip
WRONG_DATA = (
    ("Ketut Arimbawa", "Jabatan lama masih tercetak pada formulir."),
    ("Joko Purnomo", "Golongan saya III/b sejak 1 April 2026."),
    ("Marlina Sembiring", "Nama kantor pada kepala formulir kurang kata Pelayanan."),
)


def plan(stage: Stage) -> None:
    """Put everything that is out of the ordinary on the stage."""
    for subject, kind, slot, day, who, text in COMMENTS:
        moment = stage.at(who, day, 13, len(text) % 60)
        stage.add(
            moment,
            f"comment {subject}",
            lambda s=subject, k=kind, n=slot, w=who, t=text: _comment(stage, s, k, n, w, t),
        )
    _expectations_and_resources(stage)
    _away(stage)
    _objections(stage)
    _delegates(stage)
    for name, text in WRONG_DATA:
        moment = stage.at(name, date(2026, 7, 13), 10, len(name))
        stage.add(
            moment,
            f"wrong data {name}",
            lambda n=name, t=text: profile.report_wrong_data(stage.ids[n], FIELD, t),
        )
    stage.add(stage.at("-", date(2026, 7, 9), 5), "notices read", lambda: _read_notices(stage))


FIELD = profile.FIELDS[0][0]


def _comment(stage: Stage, subject: str, kind: str, slot: str, who: str, text: str) -> None:
    reading.comment(stage.document(subject, kind, YEAR, slot).public_id, stage.ids[who], text)


def _read_notices(stage: Stage) -> None:
    """People do read: only what came in the last days is still new."""
    for person in stage.ids.values():
        notices.mark_read(person)


def validate(stage: Stage, name: str, year: int, slot: str) -> None:
    document = stage.document(name, "realisation", year, slot)
    realisation_acts.read_evidence(stage, document, ACTING)
    stage.send(document, "validate", ACTING)


def _expectations_and_resources(stage: Stage) -> None:
    stage.plan(
        stage.at("-", date(2026, 7, 16), 11), "Sekar Ayu Lestari", "skp", YEAR, "add_expectation", PENILAI,
        change={
            "value_code": "kompeten",
            "text": "Membimbing dua analis baru sampai dapat menyusun laporan mutu data sendiri.",
        },
    )  # fmt: skip
    for name, delivered in (
        ("Sekar Ayu Lestari", "ya"),
        ("Elias Kogoya", "tidak"),
        ("Irwansyah Baharuddin", "ya"),
    ):
        moment = stage.at(name, date(2026, 4, 15), 11, len(name))
        stage.add(moment, f"resource {name}", lambda n=name, d=delivered: _resource(stage, n, d))


def _resource(stage: Stage, name: str, delivered: str) -> None:
    document = stage.document(name, "skp", YEAR)
    line = next(line for line in skp_of(document).attachment if line["blok"] == "dukungan")
    stage.send(document, "report_resource", name, change={"line": line["key"], "delivered": delivered})


def _away(stage: Stage) -> None:
    """One on leave outside the state from the first day, one suspended in mid-year."""
    exempt, held = "Andi Tenri Abeng", "Ketut Arimbawa"
    from kinerja.demo import skp_acts

    skp_acts.plan_skp(stage, skp_acts.Plan(exempt, YEAR, date(2026, 1, 6), until="create"))
    note = "Cuti di luar tanggungan negara 1 Januari sampai 31 Desember 2026, SK-411/SJ/2025."
    given = {"ground": "cltn", "decree": "SK-411/SJ/2025, 22 Desember 2025"}
    at = stage.at(exempt, date(2026, 1, 12), 10)
    stage.plan(at, exempt, "skp", YEAR, "exempt", "Wening Astuti", note=note, change=given)
    note = "Cuti di luar tanggungan negara 1 Juni sampai 30 November 2026, SK-096/SJ/2026."
    until = {"ground": "cltn", "until": date(2026, 11, 30)}
    stage.plan(
        stage.at(held, date(2026, 6, 3), 10),
        held,
        "skp",
        YEAR,
        "hold",
        "Wening Astuti",
        note=note,
        change=until,
    )


def _delegates(stage: Stage) -> None:
    """A head of section in Jayapura on a long inspection asks her colleague to prepare plans and realisations."""
    holder, delegate = "Paulina Rumbiak", "Christina Mandacan"
    moment = stage.at(holder, date(2026, 7, 13), 9)
    public_ids: list[str] = []

    def give() -> None:
        nip = people.nip_of(delegate)
        post = delegations.posts_of(stage.ids[holder])[0][0]
        letter = delegations.Letter(
            post, nip, date(2026, 7, 13), date(2026, 7, 31), "ST-31/KPD-JPR/2026", date(2026, 7, 10), ("skp", "realisation"),
        )  # fmt: skip
        public_ids.append(delegations.give(stage.ids[holder], letter))

    stage.add(moment, "delegation given", give)
    later = stage.at(delegate, date(2026, 7, 13), 11)
    stage.add(later, "delegation accepted", lambda: delegations.accept(stage.ids[delegate], public_ids[0]))


def _objections(stage: Stage) -> None:
    """Upheld in June; changed and not signed by all; under examination; withdrawn; never sent; being written."""
    stage.add(
        stage.at("-", date(2026, 6, 5), 10),
        "object",
        lambda: _file(stage, "Olivia Rantetasak", "rating_hasil"),
    )
    subject = ("Olivia Rantetasak", "objection", YEAR)
    decider, penilai = "Irwansyah Baharuddin", "Nurul Fadhilah Amir"
    ask = "Mohon penjelasan tertulis kedua pihak mengenai laporan penilaian bulan Maret."
    steps = (
        (date(2026, 6, 8), 10, "ask_explanation", decider, {"note": ask}),
        (date(2026, 6, 9), 9, "explain", subject[0], {"change": {"explanation": "Delapan laporan selesai, dua terlambat karena cuaca."}}),
        (date(2026, 6, 9), 15, "explain", penilai, {"change": {"explanation": "Dua laporan terlambat dan satu dikoreksi sesudah telaah."}}),
        (date(2026, 6, 11), 9, "write_decision", decider, {"change": {
            "decision": "menguatkan",
            "considerations": "Capaian sesuai target triwulan; tidak ada bukti hasil yang melampaui harapan.",
        }}),
        (date(2026, 6, 11), 10, "uphold", decider, {"signed": True}),
    )  # fmt: skip
    for day, hour, event, who, more in steps:
        stage.plan(stage.at(penilai, day, hour), *subject, event, who, slot="TW1", **more)
    stage.add(
        stage.at("-", date(2026, 7, 13), 10), "object", lambda: _file(stage, "Rizal Fahmi", "rating_perilaku")
    )
    stage.plan(
        stage.at("-", date(2026, 7, 14), 9), "Rizal Fahmi", "objection", YEAR, "ask_explanation", "Ratih Kusumaningrum",
        slot="TW1", note="Mohon penjelasan tertulis sampai 17 Juli 2026.",
    )  # fmt: skip
    stage.plan(
        stage.at("-", date(2026, 7, 15), 9), "Rizal Fahmi", "objection", YEAR, "explain", "Rizal Fahmi", slot="TW1",
        change={"explanation": "Umpan balik dua unit pengguna belum masuk saat penilaian dibuat."},
    )  # fmt: skip
    withdrawn = "Muhammad Arsyad Laupe"
    stage.add(stage.at("-", date(2026, 7, 7), 10), "object", lambda: _file(stage, withdrawn, "predikat"))
    stage.plan(
        stage.at("-", date(2026, 7, 9), 10), withdrawn, "objection", YEAR, "withdraw", withdrawn, slot="TW1"
    )
    stage.add(stage.at("-", date(2026, 5, 29), 10), "object", lambda: _write(stage, "Yohanes Tandi"))
    stage.add(stage.at("-", date(2026, 7, 15), 10), "object", lambda: _write(stage, "Maria Wulandari"))
    _changed(stage, "Selvi Tangkudung")


def _changed(stage: Stage, name: str) -> None:
    """The decision is signed by whoever took it; D.1.3 still waits for the two others."""
    told = "Dua laporan Maret selesai pada hari terakhir; tanda terimanya baru tercatat 2 April."
    agreed = "Benar, tanda terima itu belum saya lihat ketika menilai."
    steps: tuple[tuple[date, int, str, str, dict[str, Any]], ...] = (
        (date(2026, 7, 9), 9, "ask_explanation", ATASAN, {"note": "Mohon penjelasan kedua pihak tentang laporan Maret."}),
        (date(2026, 7, 10), 9, "explain", name, {"change": {"explanation": told}}),
        (date(2026, 7, 10), 15, "explain", PENILAI, {"change": {"explanation": agreed}}),
        (date(2026, 7, 14), 9, "write_decision", ATASAN, {"change": {
            "decision": "mengubah", "result_rating": "diatas",
            "considerations": "Tanda terima membuktikan kedua laporan selesai dalam triwulan; hasil melampaui target.",
            "recommendation": "Catat tanda terima pada hari laporan diserahkan.",
        }}),
        (date(2026, 7, 14), 11, "change", ATASAN, {"signed": True}),
    )  # fmt: skip
    stage.add(stage.at(name, date(2026, 7, 8), 9), "object", lambda: _file(stage, name, "rating_hasil"))
    for day, hour, event, who, more in steps:
        stage.plan(stage.at(name, day, hour), name, "objection", YEAR, event, who, slot="TW1", **more)


def _draft(stage: Stage, name: str) -> str:
    review = stage.document(name, "predicate_review", YEAR, "TW1")
    return objections.create_objection(review.public_id, stage.ids[name]).public_id


def _file(stage: Stage, name: str, target: str) -> None:
    public_id = _draft(stage, name)
    change = {
        "targets": [target],
        "reasons": "Hasil yang diterima pengguna dan kendala yang saya catat belum tampak dalam penilaian.",
        "request": "Mohon ditinjau kembali dengan bukti terlampir pada realisasi.",
    }
    document = transitions.load(public_id)
    transitions.send(public_id, "file", stage.ids[name], version=document.version, change=change)


def _write(stage: Stage, name: str) -> None:
    public_id = _draft(stage, name)
    document = transitions.load(public_id)
    change = {
        "targets": ["rating_hasil"],
        "reasons": "Rata-rata penyediaan tabel dihitung dari hari data lengkap.",
    }
    transitions.send(public_id, "edit", stage.ids[name], version=document.version, change=change)
