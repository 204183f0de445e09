"""2025: twelve people of the pilot with a full year, everybody else from October on with the yearly result."""

from datetime import date, timedelta

from kinerja.demo import content, people, pk_acts, realisation_acts, review_acts, skp_acts
from kinerja.demo.stage import EVERYBODY, Stage
from kinerja.services import evaluation, monitoring_due, objections, periods, transitions

YEAR = 2025
PILOT = (
    "Ratih Kusumaningrum", "Bagas Wicaksono", "Sekar Ayu Lestari", "Dimas Prakoso", "Nadia Putri Hapsari",
    "Yohanes Tandi", "Made Suryani", "Teguh Santosa", "Endang Lestariningsih", "Irwansyah Baharuddin",
    "Paulina Rumbiak", "Elias Kogoya",
)  # fmt: skip
# No SKP is made for the Menteri, and by the default of the law none for the Wakil Menteri.
WITHOUT_SKP = ("Bonar Partahi Simatupang", "Anindya Kirana Dewi")
STUDENT, CALIBRATED, OBJECTOR = "Grace Natalia Manuputty", "Yohanes Tandi", "Elias Kogoya"
ORGANISATION = {
    "KEM": ("baik", "103.40"), "SETJEN": ("baik", "102.75"), "BIRO-SDM": ("baik", "101.90"),
    "BIRO-REN": ("baik", "104.10"), "ITJEN": ("baik", "100.80"), "DJTKD": ("baik", "103.65"),
    "DLD": ("baik", "104.20"), "KWT": ("baik", "101.15"), "KPD-MKS": ("baik", "102.30"), "KPD-JPR": ("baik", "98.60"),
}  # fmt: skip
ABOVE_TARGET = frozenset(
    {"Dimas Prakoso", "Nadia Putri Hapsari", "Made Suryani", "Wening Astuti", "Nurul Fadhilah Amir"}
)
RECORDED = {
    "TW1": (date(2025, 4, 14), date(2025, 4, 22), date(2025, 5, 6)),
    "TW2": (date(2025, 7, 10), date(2025, 7, 21), date(2025, 8, 5)),
    "TW3": (date(2025, 10, 9), date(2025, 10, 20), date(2025, 11, 6)),
    "TW4": (date(2026, 1, 5), date(2026, 1, 7), date(2026, 1, 13)),
}
# Of each quarter: when its evaluations are prepared, when the results of the units stand, when proposing begins.
# The fourth was evaluated with the year, as the form has it: "TRIWULAN IV-AKHIR" (PermenPANRB 6/2022, p.105).
EVALUATED = {
    "TW1": (date(2025, 4, 1), date(2025, 5, 8), date(2025, 5, 14)),
    "TW2": (date(2025, 7, 1), date(2025, 8, 7), date(2025, 8, 12)),
    "TW3": (date(2025, 10, 1), date(2025, 11, 10), date(2025, 11, 12)),
}
# When realisations open; and, after the last validation, when what was recorded elsewhere stands as not filled in here.
PERIODS_FALL_DUE = (date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 20))
OF_PILOT = ("KEM", "DJTKD", "DLD", "KWT", "KPD-MKS", "KPD-JPR")


def everybody(on: date) -> list[str]:
    """The names of those in office on a day who make an SKP."""
    return [
        row["nama"]
        for row in people.rows()
        if row["jenis_penempatan"] == "definitif"
        and date.fromisoformat(row["mulai"]) <= on <= date.fromisoformat(row["selesai"] or "9999-12-31")
        and row["nama"] not in WITHOUT_SKP
    ]


def _agreement(stage: Stage) -> None:
    """The directorate tried the Perjanjian Kinerja a year before everybody else."""
    plan = pk_acts.Plan("DLD", "Ratih Kusumaningrum", date(YEAR, 1, 13))
    pk_acts.plan_pk(stage, plan)
    stage.plan(
        stage.at(plan.head, date(YEAR + 1, 1, 14), 15), plan.head, "pk", YEAR, "close", "Joko Purnomo",
        note="Tahun 2025 berakhir.",
    )  # fmt: skip


def plan(stage: Stage, admin: str) -> None:
    """Put the whole of 2025 and its evaluation on the stage."""
    opening = stage.at("-", date(2024, 12, 9), 10)
    stage.add(opening, "open 2025", lambda: open_year(stage, admin, YEAR))
    _agreement(stage)
    for number, name in enumerate(PILOT):
        _full_year(stage, name, number)
    for day in PERIODS_FALL_DUE:
        stage.add(
            stage.at("-", day, 6), f"periods fall due {day}", lambda day=day: monitoring_due.fall_due(day)
        )
    for slot, (prepared, known, _proposed) in EVALUATED.items():
        stage.add(
            stage.at("-", prepared, 7), f"prepare {slot}",
            lambda slot=slot, day=prepared: _prepare(stage, slot, day),
        )  # fmt: skip
        results = {code: ORGANISATION[code] for code in OF_PILOT}
        review_acts.set_results(stage, known, YEAR, slot, results)
    others = [name for name in everybody(date(2025, 10, 1)) if name not in PILOT]
    for number, name in enumerate(others):
        _last_quarter(stage, name, number)
    evaluation_opens = date(2025, 12, 24)
    stage.add(
        stage.at("-", evaluation_opens, 6), "prepare the year",
        lambda: evaluation.prepare_reviews(evaluation_opens, slots=(periods.SLOTS_QUARTERLY[-1],)),
        EVERYBODY,
    )  # fmt: skip
    review_acts.set_results(stage, date(2026, 1, 8), YEAR, "Y", ORGANISATION)
    for number, name in enumerate((*PILOT, *others)):
        _evaluate(stage, name, number)
    _objection(stage)
    closing = stage.at("-", date(2026, 2, 2), 5)
    stage.add(closing, "close 2025", lambda: _close(stage, admin, (*PILOT, *others)), EVERYBODY)


def open_year(stage: Stage, admin: str, year: int, *, review: bool = False) -> None:
    periods.open_period(
        stage.ids[admin],
        year=year,
        rule_set="kmk300-2022",
        windows=periods.default_windows("kmk300-2022", year),
        review_initial_skp=review,
    )


def _full_year(stage: Stage, name: str, number: int) -> None:
    skp_acts.plan_skp(stage, skp_acts.Plan(name, YEAR, date(2025, 1, 6 + number % 5)))
    percent = 106 if name in ABOVE_TARGET else 88 if name == OBJECTOR else 101
    for position, (slot, (saved, recorded, validated)) in enumerate(RECORDED.items()):
        proof = ("pdf", "link", "link", "txt")[(number + position) % 4]
        realisation_acts.plan_realisation(
            stage,
            realisation_acts.Plan(
                name, YEAR, slot, saved + timedelta(days=number % 3), recorded + timedelta(days=number % 2),
                validated, percent, proof,
            ),
        )  # fmt: skip
    behaviour = "diatas" if name in ABOVE_TARGET else "sesuai"
    for slot, (_prepared, _known, proposed) in EVALUATED.items():
        review_acts.plan_review(
            stage,
            review_acts.Plan(
                name, YEAR, slot, proposed + timedelta(days=number % 3), "accept", "", behaviour,
                (0, 1, 1, 1, 0, 1, 1, 4),
            ),
        )  # fmt: skip


def _prepare(stage: Stage, slot: str, day: date) -> None:
    """The evaluation of a quarter for the pilot alone: nobody else was in it."""
    for name in PILOT:
        evaluation.prepare_review(stage.document(name, "skp", YEAR).id, slot, day)


def _last_quarter(stage: Stage, name: str, number: int) -> None:
    """kinerja came to the whole ministry in October: an SKP for the rest of the year, its result from the old files."""
    skp_acts.plan_skp(
        stage,
        skp_acts.Plan(
            name, YEAR, date(2025, 10, 6 + number % 8), 0.8, starts=date(2025, 10, 1),
            template=content.STUDY_LEAVE if name == STUDENT else "",
        ),
    )  # fmt: skip


def _evaluate(stage: Stage, name: str, number: int) -> None:
    calibration = None
    result, behaviour = "", "diatas" if name in ABOVE_TARGET else "sesuai"
    if name == CALIBRATED:
        result = "diatas"
        calibration = {
            "result_rating": "sesuai", "reason_code": "bukti",
            "sentence": "Bukti dua indikator menunjukkan progres, belum hasil akhir; capaian setahun sesuai target.",
        }  # fmt: skip
    if name == OBJECTOR:
        result = "dibawah"
    full = name in PILOT
    plan = review_acts.Plan(
        name, YEAR, "Y", date(2026, 1, 14 + number % 3), "receive" if name == OBJECTOR else "report" if full else "accept",
        result, behaviour, (0, 1, 1, 1, 0, 1, 1, 4), calibration,
    )  # fmt: skip
    review_acts.plan_review(stage, plan)


def _objection(stage: Stage) -> None:
    """He objects to "dibawah"; the decider hears both and changes it; D.1.3 is signed by all three."""
    name, subject = OBJECTOR, (OBJECTOR, "objection", YEAR)

    def file() -> None:
        review = stage.document(name, "predicate_review", YEAR)
        objection = objections.create_objection(review.public_id, stage.ids[name])
        change = {
            "targets": ["rating_hasil"],
            "reasons": "Dua indikator rendah karena alat ukur rusak 19 hari kerja; kendala saya catat pada realisasi.",
            "request": "Rating hasil kerja menjadi Sesuai Ekspektasi.",
        }
        transitions.send(
            objection.public_id, "file", stage.ids[name], version=objection.version, change=change
        )

    decider, penilai = "Yosef Wanggai", "Paulina Rumbiak"
    stage.add(stage.at(name, date(2026, 1, 23), 10), "object 2025", file)
    ask = "Mohon penjelasan kedua pihak atas kerusakan alat ukur dan pengaruhnya."
    stage.plan(stage.at(name, date(2026, 1, 24), 9), *subject, "ask_explanation", decider, note=ask)
    for hour, who, text in (
        (11, name, "Alat rusak sejak 3 sampai 28 November; permintaan perbaikan saya kirim tiga kali."),
        (
            14,
            penilai,
            "Kerusakan benar terjadi; saya menilai dari angka akhir tanpa menghitung hari tanpa alat.",
        ),
    ):
        stage.plan(
            stage.at(name, date(2026, 1, 26), hour), *subject, "explain", who, change={"explanation": text}
        )
    decision = {
        "decision": "mengubah", "result_rating": "sesuai",
        "considerations": "Kerusakan alat terbukti dari surat dan catatan realisasi; hari tanpa alat di luar kendali.",
        "recommendation": "Catat gangguan alat pada hari kejadian dan usulkan alat cadangan.",
    }  # fmt: skip
    stage.plan(stage.at(name, date(2026, 1, 28), 10), *subject, "write_decision", decider, change=decision)
    stage.plan(stage.at(name, date(2026, 1, 28), 11), *subject, "change", decider, signed=True)
    stage.plan(stage.at(name, date(2026, 1, 29), 9), *subject, "sign_d13", penilai, signed=True)
    stage.plan(stage.at(name, date(2026, 1, 29), 10), *subject, "sign_d13", name, signed=True)
    stage.plan(stage.at(name, date(2026, 1, 30), 9), name, "predicate_review", YEAR, "report", decider)


def _close(stage: Stage, admin: str, names: tuple[str, ...]) -> None:
    for name in names:
        stage.send(stage.document(name, "skp", YEAR), "close", None)
    periods.close_period(
        stage.ids[admin], YEAR, "Siklus 2025 selesai; keberatan terakhir diputus 28 Januari 2026."
    )
