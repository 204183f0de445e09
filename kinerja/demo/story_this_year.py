"""2026 up to 20 July: SKP in force, first quarter evaluated, second being recorded; and what does not go smoothly."""

from datetime import date, timedelta

from kinerja.demo import (
    content,
    dko_acts,
    extras_this_year,
    k3_acts,
    manual_acts,
    matrix_acts,
    people,
    pk_acts,
    realisation_acts,
    repairs_this_year,
    review_acts,
    skp_acts,
    value_acts,
)
from kinerja.demo.stage import ACTING, ATASAN, EVERYBODY, PENILAI, Stage
from kinerja.demo.story_last_year import ABOVE_TARGET, STUDENT, everybody, open_year
from kinerja.services import due, evaluation

YEAR = 2026
LATE, STAND_IN = "Lukman Hakim Lubis", "Ratih Kusumaningrum"
LATE_TEAM = (
    "Fajar Nugroho", "Gilang Ramadhan", "Hesti Maharani", "Ketut Arimbawa", "Yuliana Rambu Kahi",
)  # fmt: skip
EXEMPT, ON_HOLD, MOVED, RETIRED = "Andi Tenri Abeng", "Ketut Arimbawa", "Fajar Nugroho", "Parulian Sitorus"
# Who came on 13 July, and how far the SKP of each has come.
NEWCOMERS = {
    "Imanuel Yoku": "create", "Bayu Setiawan": "open_dialogue", "Reza Mahendra": "submit",
    "Zainal Abidin Tuanaya": "clear", "Daniel Ayomi": "sign_employee", "Putri Maharani Sinaga": "open_dialogue",
    "Yunita Rumainum": "review",
}  # fmt: skip
RETURNED, THROWN_AWAY = "Putri Maharani Sinaga", "Imanuel Yoku"
ORGANISATION = {
    "KEM": ("baik", "103.10"), "SETJEN": ("baik", "102.20"), "BIRO-SDM": ("baik", "101.40"),
    "BIRO-REN": ("baik", "103.60"), "ITJEN": ("baik", "101.25"), "DJTKD": ("baik", "104.00"),
    "DLD": ("baik", "105.10"), "KWT": ("baik", "100.70"), "KPD-MKS": ("baik", "101.80"), "KPD-JPR": ("baik", "99.10"),
}  # fmt: skip
# Days on which the calendar does something: what the scheduler would have run every quarter of an hour.
DUE_DAYS = (
    date(2026, 2, 2), date(2026, 4, 1), date(2026, 5, 13), date(2026, 6, 2), date(2026, 6, 25), date(2026, 7, 1),
    date(2026, 7, 20),
)  # fmt: skip
NEVER_RECORDED = ("Ahmad Zulkarnain",)
# Evaluations of the first quarter that stopped somewhere; everybody else's is final, or reported.
STOPPED = {
    "Syamsul Rijal": "calibrate", "Hartati Wijaya": "determine", "Marlina Sembiring": "sign_form",
    "Elias Kogoya": "deliver", "Nurul Fadhilah Amir": "receive", "Rizal Fahmi": "receive", "Olivia Rantetasak": "receive",
    "Maria Wulandari": "receive", "Yohanes Tandi": "receive", "Selvi Tangkudung": "receive", "Muhammad Arsyad Laupe": "receive",
}  # fmt: skip
# When these were handed over: late enough that the fourteen working days still run on 20 July.
RECEIVED = {
    "Nurul Fadhilah Amir": date(2026, 7, 6), "Rizal Fahmi": date(2026, 7, 1), "Maria Wulandari": date(2026, 7, 3),
    "Muhammad Arsyad Laupe": date(2026, 7, 2), "Selvi Tangkudung": date(2026, 7, 6), "Elias Kogoya": date(2026, 7, 10),
}  # fmt: skip
# Who heads a unit with a PK: level by level, each begun when the one above is agreed.
AGREEMENTS = (
    pk_acts.Plan("KEM", "Bonar Partahi Simatupang", date(2026, 1, 5), reviewer="Hasanuddin Daeng Matutu"),
    pk_acts.Plan("SETJEN", "Suryadi Atmanegara", date(2026, 1, 16)),
    pk_acts.Plan("DJTKD", "Hendra Wibisono", date(2026, 1, 16)),
    pk_acts.Plan("DLD", "Ratih Kusumaningrum", date(2026, 1, 21)),
    pk_acts.Plan("KWT", "Andi Mappatoba", date(2026, 1, 21)),
    pk_acts.Plan("KPD-MKS", "Irwansyah Baharuddin", date(2026, 1, 22), reviewer=pk_acts.OFFICE_EAST),
    # Begun anew after a change in July; each waits for somebody else.
    pk_acts.Plan("ITJEN", "Marthin Pattiasina", date(2026, 7, 13), until="send_review"),
    pk_acts.Plan("BIRO-REN", "Hasanuddin Daeng Matutu", date(2026, 7, 15), until="open_dialogue"),
    pk_acts.Plan("BIRO-SDM", "Retno Palupi", date(2026, 7, 16), until="create"),
    pk_acts.Plan(
        "KPD-JPR", "Yosef Wanggai", date(2026, 7, 9), until="sign_first", reviewer=pk_acts.OFFICE_EAST
    ),
)
DROPPED = pk_acts.Plan("BIRO-SDM", "Retno Palupi", date(2026, 7, 8), until="create")
RATIH = "Ratih Kusumaningrum"
SAYS = manual_acts.SAYS
KNOWN = {"DLD": {0: SAYS["mutu"], 1: SAYS["standar"], 3: SAYS["terhubung"], 5: SAYS["sertifikat"]}}
# What the units with a PK in force reached: the first quarter whole, the second as far as each has come by 20 July.
WITH_PK = ("KEM", "SETJEN", "DJTKD", "DLD", "KWT", "KPD-MKS")
# Each of their IKU is measured before it is reported (PK-9); some are described anew in July.
MANUALS = (
    manual_acts.Plan(RATIH, "pk", 6, date(2026, 2, 2), {}, until="create", dropped=date(2026, 2, 4)),
    *(
        manual
        for agreement in AGREEMENTS
        if agreement.unit in WITH_PK
        for manual in manual_acts.of_unit(agreement, date(2026, 2, 9), KNOWN.get(agreement.unit, {}))
    ),
    manual_acts.Plan(RATIH, "pk", 0, date(2026, 7, 6), manual_acts.SAYS["mutu baru"]),
    manual_acts.Plan(RATIH, "pk", 2, date(2026, 7, 15), manual_acts.SAYS["waktu"], until="create"),
    manual_acts.Plan(RATIH, "pk", 3, date(2026, 7, 16), manual_acts.SAYS["terhubung baru"], until="submit"),
    manual_acts.Plan(RATIH, "pk", 5, date(2026, 7, 14), manual_acts.SAYS["sertifikat baru"], until="approve"),
)
VALUES = (
    *(
        value_acts.Plan(
            unit,
            "TW1",
            date(2026, 4, 2),
            date(2026, 4, 6),
            date(2026, 4, 8),
            date(2026, 4, 9),
            percent=102 + place % 3,
        )
        for place, unit in enumerate(WITH_PK)
    ),
    value_acts.Plan(
        "DLD",
        "TW2",
        date(2026, 7, 6),
        date(2026, 7, 7),
        date(2026, 7, 8),
        date(2026, 7, 9),
        percent=104,
        low=3,
    ),
    value_acts.Plan(
        "DJTKD",
        "TW2",
        date(2026, 7, 7),
        date(2026, 7, 8),
        date(2026, 7, 9),
        date(2026, 7, 10),
        date(2026, 7, 15),
        low=2,
    ),
    value_acts.Plan(
        "KWT", "TW2", date(2026, 7, 8), date(2026, 7, 9), date(2026, 7, 13), date(2026, 7, 14), low=1
    ),
    value_acts.Plan("SETJEN", "TW2", date(2026, 7, 13), date(2026, 7, 14)),
    value_acts.Plan("KPD-MKS", "TW2", date(2026, 7, 13), date(2026, 7, 14), returned=date(2026, 7, 15)),
    value_acts.Plan("KEM", "TW2", date(2026, 7, 15)),
)
# Whose SKP has a manual and so comes under review of K3 with the second quarter, and how far that has come.
K3 = (
    k3_acts.Plan("Made Suryani", date(2026, 7, 7), k3_acts.WHOLE),
    k3_acts.Plan("Sekar Ayu Lestari", date(2026, 7, 8), ("self_check",)),
    k3_acts.Plan("Nadia Putri Hapsari", date(2026, 7, 9), ("start_review",), forbidden=True),
    k3_acts.Plan("Laila Nur Azizah", date(2026, 7, 14), ("self_check", "start_review", "send_back")),
    k3_acts.Plan("Rizal Fahmi", date(2026, 7, 9), ()),
)
SECOND_QUARTER = {
    "Sekar Ayu Lestari": "draft", "Dimas Prakoso": "recorded", "Nadia Putri Hapsari": "recorded",
    "Yohanes Tandi": "recorded", "Made Suryani": "validated", "Rizal Fahmi": "draft", "Laila Nur Azizah": "recorded",
    "Teguh Santosa": "returned", "Maria Wulandari": "open", "Agus Hermawan": "recorded",
    "Intan Permatasari": "validated", "Fajar Nugroho": "draft", "Gilang Ramadhan": "open", "Hesti Maharani": "open",
    "Yuliana Rambu Kahi": "recorded", ON_HOLD: "open",
}  # fmt: skip
CYCLE = ("recorded", "draft", "open", "validated", "recorded", "open")
PROPOSED_EARLY = ("Made Suryani", "Intan Permatasari")


def plan(stage: Stage, admin: str) -> None:
    """Put 2026 on the stage, up to the morning of 20 July."""
    stage.add(
        stage.at("-", date(2025, 12, 8), 10), "open 2026", lambda: open_year(stage, admin, YEAR, review=True)
    )
    for day in (date(2026, 4, 13), date(2026, 6, 1), date(2026, 7, 13)):
        stage.add(stage.at("-", day, 5, 30), f"import {day}", lambda day=day: _import(stage, admin, day))
    for day in DUE_DAYS:
        stage.add(stage.at("-", day, 6), f"due {day}", lambda day=day: _fall_due(day), EVERYBODY)
    for agreement in (*AGREEMENTS, DROPPED):
        pk_acts.plan_pk(stage, agreement)
    stage.plan(
        stage.at(DROPPED.head, date(2026, 7, 10), 10), DROPPED.head, "pk", YEAR, "cancel", DROPPED.head,
        note="Susunan biro berubah sebelum PK diajukan; disusun ulang.",
    )  # fmt: skip
    matrix_acts.plan(stage)
    for manual in MANUALS:
        manual_acts.plan_manual(stage, manual)
    k3_acts.plan_units(stage, ("DLD", *(unit for unit in WITH_PK if unit != "DLD")), "TW1", date(2026, 4, 13))
    for one in K3:
        k3_acts.plan_person(stage, one)
    names = [name for name in everybody(date(2026, 1, 5)) if name != EXEMPT]
    for number, name in enumerate(names):
        _skp(stage, name, number)
        _first_quarter(stage, name, number)
        _second_quarter(stage, name, number)
    for value in VALUES:
        value_acts.plan_value(stage, value, YEAR)
    review_acts.set_results(stage, date(2026, 5, 8), YEAR, "TW1", ORGANISATION)
    review_acts.set_results(stage, date(2026, 7, 16), YEAR, "TW2", {"DLD": ("baik", "106.25")})
    _newcomers(stage)
    _late_superior(stage)
    _moved(stage)
    extras_this_year.plan(stage)
    repairs_this_year.plan(stage)
    dko_acts.plan(stage)


def _import(stage: Stage, admin: str, day: date) -> None:
    people.bring_in(day, actor_id=stage.ids[admin])
    stage.meet()


def _fall_due(day: date) -> None:
    evaluation.prepare_reviews(day)
    due.run(day)


def _skp(stage: Stage, name: str, number: int) -> None:
    day = matrix_acts.first_day(name, date(2026, 1, 6 + number % 5))
    if name in LATE_TEAM:
        skp_acts.plan_skp(stage, skp_acts.Plan(name, YEAR, day, until="submit"))
        return
    skp_acts.plan_skp(
        stage,
        skp_acts.Plan(
            name, YEAR, day,
            ends=date(2026, 5, 31) if name == RETIRED else None,
            template=content.STUDY_LEAVE if name == STUDENT else "",
            copied=name not in extras_this_year.EXPECTATIONS,
            expectations=extras_this_year.EXPECTATIONS.get(name, {}),
            back=extras_this_year.RETURN_NOTE if name == "Sekar Ayu Lestari" else "",
        ),
    )  # fmt: skip


def _first_quarter(stage: Stage, name: str, number: int) -> None:
    if name in NEVER_RECORDED:
        return
    late = name in LATE_TEAM
    miscounted = name in repairs_this_year.MISCOUNTED
    percent = 84 if miscounted else 105 if name in ABOVE_TARGET else 97 + number % 7
    recorded = date(2026, 4, 20 + number % 8)
    if name == MOVED:
        recorded = date(2026, 4, 9)
    proof = ("link", "pdf", "link", "link", "txt", "link")[number % 6]
    validated = None if late else date(2026, 5, 4 + number % 5)
    plan = realisation_acts.Plan(
        name, YEAR, "TW1", recorded - timedelta(days=number % 3), recorded, validated, percent, proof
    )  # fmt: skip
    realisation_acts.plan_realisation(stage, plan)
    if late:
        return
    if miscounted:
        repairs_this_year.correct(stage, plan, date(2026, 5, 18 + number % 2))
    until = STOPPED.get(name, "report" if number % 5 == 0 else "accept")
    dates = {"receive": RECEIVED[name]} if name in RECEIVED else {}
    if name in RECEIVED:
        dates["deliver"] = RECEIVED[name] - timedelta(days=1) if name != "Elias Kogoya" else RECEIVED[name]
    review_acts.plan_review(
        stage,
        review_acts.Plan(
            name, YEAR, "TW1", date(2026, 5, 18 + number % 2), until, "",
            "diatas" if name in ABOVE_TARGET else "sesuai", (0, 1, 1, 1, 1, 1, 3, 9), dates=dates,
            calibration=repairs_this_year.CALIBRATION if miscounted else None,
        ),
    )  # fmt: skip


def _second_quarter(stage: Stage, name: str, number: int) -> None:
    state = SECOND_QUARTER.get(name, CYCLE[number % len(CYCLE)])
    if state == "open" or name in (RETIRED, MOVED):
        return
    day = date(2026, 7, 6 + number % 4)
    percent = 82 if name == "Teguh Santosa" else 105 if name in ABOVE_TARGET else 96 + number % 8
    recorded = None if state == "draft" else day + timedelta(days=1)
    validated = date(2026, 7, 15) if state == "validated" else None
    proof = ("pdf", "link", "txt", "link")[number % 4]
    realisation_acts.plan_realisation(
        stage,
        realisation_acts.Plan(
            name, YEAR, "TW2", day, recorded, validated, percent, proof, filled=3 if state == "draft" else 99
        ),
    )  # fmt: skip
    if state == "returned":
        stage.plan(
            stage.at(name, date(2026, 7, 13), 14), name, "realisation", YEAR, "send_back", PENILAI, slot="TW2",
            note="Dua bukti belum menunjukkan hasil akhir; tambahkan berkas yang diterima analis.",
        )  # fmt: skip
    if name in PROPOSED_EARLY:
        review_acts.plan_review(stage, review_acts.Plan(name, YEAR, "TW2", date(2026, 7, 17), "propose"))


def _newcomers(stage: Stage) -> None:
    # He began a draft with the wrong dates, threw it away and began another.
    first = date(2026, 7, 13)
    skp_acts.plan_skp(stage, skp_acts.Plan(THROWN_AWAY, YEAR, first, until="create", starts=first, hour=7))
    stage.plan(stage.at(THROWN_AWAY, first, 8), THROWN_AWAY, "skp", YEAR, "discard", THROWN_AWAY)
    for name, until in NEWCOMERS.items():
        skp_acts.plan_skp(
            stage,
            skp_acts.Plan(name, YEAR, date(2026, 7, 13), 0.3, until, starts=date(2026, 7, 13)),
        )  # fmt: skip
    stage.plan(
        stage.at(RETURNED, date(2026, 7, 16), 15), RETURNED, "skp", YEAR, "send_back", PENILAI,
        note="Hasil kerja 1 masih berbunyi kegiatan. Sebutkan keadaan yang ingin dicapai pembaca materi.",
    )  # fmt: skip


def _late_superior(stage: Stage) -> None:
    """His superior takes over what he leaves: SKP after 1 February, validation, evaluation after the window."""
    for number, name in enumerate(LATE_TEAM):
        for event, who, day in (
            ("agree", ACTING, date(2026, 2, 4)), ("agree", name, date(2026, 2, 5)),
            ("sign_employee", name, date(2026, 2, 6)), ("establish", ACTING, date(2026, 2, 9)),
        ):  # fmt: skip
            signed = event in skp_acts.SIGNED
            moment = stage.at(name, day, 9 + number, number * 7)
            stage.plan(moment, name, "skp", YEAR, event, who, signed=signed)
        skp_acts.review(stage, name, date(2026, 2, 5), hours=(16, 18))
    taken = "Hesti Maharani"
    reason = "Penilai belum memvalidasi sampai lewat batas; evaluasi triwulan menunggu."
    stage.plan(
        stage.at(taken, date(2026, 5, 21), 9), taken, "realisation", YEAR, "take_over", ATASAN, slot="TW1", note=reason
    )  # fmt: skip
    stage.add(
        stage.at(taken, date(2026, 5, 21), 10), "validate for the late superior",
        lambda: extras_this_year.validate(stage, taken, YEAR, "TW1"),
    )  # fmt: skip
    review_acts.plan_review(
        stage,
        review_acts.Plan(taken, YEAR, "TW1", date(2026, 6, 4), "report", by_superior=True, days=(0, 2, 1, 1, 1, 2, 2, 4)),
    )  # fmt: skip
    review_acts.plan_review(
        stage,
        review_acts.Plan("Yuliana Rambu Kahi", YEAR, "TW1", date(2026, 6, 8), "deliver", by_superior=True),
    )  # fmt: skip


def _moved(stage: Stage) -> None:
    """He moved on 13 April: the old SKP is closed the day before, a new one begins with the new superior."""
    note = "Mutasi ke Subdirektorat Mutu Data terhitung 13 April 2026."
    stage.plan(
        stage.at(MOVED, date(2026, 4, 10), 16), MOVED, "skp", YEAR, "close", "Wening Astuti", note=note
    )
    stage.add(stage.at(MOVED, date(2026, 4, 13), 8), "moved", lambda: stage.forget(MOVED))
    skp_acts.plan_skp(stage, skp_acts.Plan(MOVED, YEAR, date(2026, 4, 14), 0.8, starts=date(2026, 4, 13)))
    saved = realisation_acts.Plan(MOVED, YEAR, "TW2", date(2026, 7, 14), percent=99, proof="link", filled=4)
    realisation_acts.plan_realisation(stage, saved)
    last = realisation_acts.Plan(
        RETIRED, YEAR, "TW2", date(2026, 5, 26), date(2026, 5, 26), date(2026, 5, 28), proof="link"
    )  # fmt: skip
    realisation_acts.plan_realisation(stage, last)
    note = "Batas usia pensiun 31 Mei 2026; capaian sampai Mei sudah divalidasi."
    stage.plan(
        stage.at(RETIRED, date(2026, 5, 29), 17), RETIRED, "skp", YEAR, "close", "Wening Astuti", note=note
    )
