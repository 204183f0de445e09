"""Calculations on the side of the employee: NHK, NPK, NKP, ratings, predicate, distribution."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from kinerja.commands.scoring.answers import UNADJUSTED, Output, of_score, of_suggestion
from kinerja.commands.scoring.indicators import (
    Data,
    Refused,
    capaian_of,
    each,
    k3_of,
    nko_of,
    refused,
    unwanted,
    wanted,
)
from kinerja.commands.scoring.reading import Fault
from kinerja.rules import distribution as spread
from kinerja.rules import predicate as p
from kinerja.rules import scoring as s
from kinerja.rules.exact import short
from kinerja.rules.npk import GABUNGAN
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Part, Score, empty


def ceiling(value: Any, law: Regulation, path: str) -> Fraction:
    """The ceiling of calibration: a number of 100..120, or the one of a post."""
    if isinstance(value, Mapping):
        return s.ceiling_of(value["kelompok_jabatan"], value.get("jenjang", ""), law)
    if not 100 <= value <= 120:
        raise refused(path, "Batas kalibrasi antara 100 dan 120.")
    return Fraction(value)


def _calibrated(score: Score, data: Data, law: Regulation, path: str) -> Score:
    return s.calibrate(score, ceiling(data["batas"], law, f"{path}.batas"), law) if "batas" in data else score


def _item(row: Data, law: Regulation, path: str) -> s.NhkItem:
    wanted(row, ("capaian", "k3"), path, "Wajib diisi: angka, hitungannya, atau null bila belum ada.")
    one = capaian_of(row["capaian"], row["nama"], law, f"{path}.capaian")
    return s.NhkItem(row["nama"], one, k3_of(row["k3"], row["nama"], law, f"{path}.k3"), row.get("hari", 1))


def _qualitative(row: Data) -> bool:
    value = row.get("capaian")
    return bool(row.get("kualitatif") or (isinstance(value, Mapping) and value.get("kualitatif")))


def _items(data: Data, law: Regulation, path: str) -> list[s.NhkItem]:
    """The indicators of an NHK; a qualitative one is none of them."""
    rows = data["indikator"]
    if len({"hari" in row for row in rows}) > 1:
        raise refused(f"{path}.indikator", "Isi hari pada semua indikator, atau tidak pada satu pun.")
    numbered = [(n, row) for n, row in enumerate(rows) if not _qualitative(row)]
    return each(partial(_item, row, law, f"{path}.indikator[{n}]") for n, row in numbered)


def nhk(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    items = _items(data, law, path)
    start = s.nhk(items, law)
    shares = tuple(
        {"nama": one.item.label, "q": f"{s.rounded(one.q):f}", "bagian": f"{s.rounded(one.share):f}"}
        for one in s.nhk_shares(items, law)
    )
    yield of_score("nhk_awal", "NHK awal", start, shares)
    if "batas" in data:
        yield of_score("nhk", "NHK terkalibrasi", _calibrated(start, data, law, path))


def nhk_of(value: Any, law: Regulation, path: str) -> Score:
    if value is None:
        return empty("TANPA_INDIKATOR")
    if isinstance(value, Mapping):
        return _calibrated(s.nhk(_items(value, law, path), law), value, law, path)
    return s.given(value, "NHK")


def nhk_year(data: Data, law: Regulation, path: str) -> Score:
    rows = data["segmen"]
    scores = each(partial(nhk_of, row["nhk"], law, f"{path}.segmen[{n}].nhk") for n, row in enumerate(rows))
    return s.nhk_segments([(score, row["hari"]) for score, row in zip(scores, rows, strict=True)], law)


def _behaviour(data: Data, law: Regulation, path: str) -> Score:
    if ("nilai" in data) == ("jawaban" in data):
        raise refused(f"{path}.nilai", "Isi nilai gabungan per aspek, atau jawaban per lembar, salah satu.")
    if "nilai" in data:
        unwanted(data, ("sudah_digabung", "aspek"), path, "Hanya untuk jawaban per lembar.")
        _on_scale(data["nilai"], law, f"{path}.nilai")
        return s.npk_values(data["nilai"], law)
    rows = data["jawaban"]
    merged = bool(data.get("sudah_digabung"))
    each(partial(_sheet, row, merged, law, f"{path}.jawaban[{n}]") for n, row in enumerate(rows))
    aspects = data.get("aspek") or list(dict.fromkeys(key for row in rows for key in row["nilai"]))
    sheets = [s.AnswerSheet(row["kelompok"], row["nilai"]) for row in rows]
    count = s.npk_quarter if merged else s.npk_round
    return count(sheets, aspects, law)


def _sheet(row: Data, merged: bool, law: Regulation, path: str) -> None:
    if row["kelompok"] == GABUNGAN and not merged:
        raise refused(f"{path}.kelompok", "gabungan hanya bila sudah_digabung true.")
    _on_scale(row["nilai"], law, f"{path}.nilai")


def _on_scale(values: Data, law: Regulation, path: str) -> None:
    scale = law.value("skala_perilaku")
    low, high = scale["minimum"], scale["maksimum"]
    told = f"Nilai perilaku antara {low} dan {high}."
    if wrong := [
        Fault(f"{path}.{aspect}", told) for aspect, value in values.items() if not low <= value <= high
    ]:
        raise Refused(*wrong)


def npk(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = _behaviour(data, law, path)
    yield of_score("npk_awal" if "batas" in data else "npk", "NPK", found)
    if "batas" in data:
        yield of_score("npk", "NPK terkalibrasi", _calibrated(found, data, law, path))


def npk_of(value: Any, law: Regulation, path: str) -> Score:
    if value is None:
        return empty("NPK_BELUM_ADA")
    if isinstance(value, Mapping):
        return _calibrated(_behaviour(value, law, path), value, law, path)
    return s.given(value, "NPK")


def npk_year(data: Data, law: Regulation, path: str) -> Score:
    rows = enumerate(data["triwulan"])
    return s.npk_year(each(partial(npk_of, one, law, f"{path}.triwulan[{n}]") for n, one in rows), law)


def calibration(data: Data, law: Regulation, path: str) -> Score:
    return s.calibrate(s.given(data["nilai"], "Nilai"), ceiling(data["batas"], law, f"{path}.batas"), law)


def _penalty(data: Data, law: Regulation) -> Fraction:
    rows = [s.Penalty(row["kategori"], row["skor"], row["tahun"], row["triwulan"]) for row in data["hukuman"]]
    if "triwulan" in data:
        return s.penalty_in_quarter(rows, data["tahun"], data["triwulan"], law)
    return s.penalty_in_year(rows, data["tahun"], law)


def _penalty_of(value: Any, law: Regulation) -> Decimal | Fraction:
    return _penalty(value, law) if isinstance(value, Mapping) else value


def penalty(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    value = _penalty(data, law)
    rows = "; ".join(f"{row['kategori']} {short(row['skor'])}" for row in data["hukuman"])
    rule = "hukuman terberat yang berlaku, tidak dijumlahkan: skor x bagian"
    yield _points("hukdis", "Nilai hukdis", "hukdis_bagian", rule, (("hukuman", rows or "–"),), value, law)


def _impact(data: Data, law: Regulation) -> Fraction:
    return s.impact([_penalty_of(one, law) for one in data["bawahan"]], law)


def impact(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    rows = " ; ".join(short(_penalty_of(one, law)) for one in data["bawahan"])
    share, most = (short(law.number(key)) for key in ("dampak_bagian", "dampak_maksimum"))
    rule = f"jumlah ({share} x nilai hukdis), paling banyak {most}"
    yield _points(
        "dampak", "Dampak", "dampak_bagian", rule, (("bawahan", rows or "–"),), _impact(data, law), law
    )


def correction(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    rule = f"dipotong pada -{short(law.number('koreksi_batas'))} dan {short(law.number('koreksi_batas'))}"
    value = s.correction(data["nilai"], law)
    yield _points("koreksi", "Koreksi", "koreksi_batas", rule, (("nilai", short(data["nilai"])),), value, law)


def _points(
    code: str,
    title: str,
    key: str,
    rule: str,
    inputs: tuple[tuple[str, str], ...],
    value: Fraction,
    law: Regulation,
) -> Output:
    parameter = law.parameter(key)
    part = Part(title, key, parameter.source, rule, inputs, short(value), parameter.status)
    return Output(code, title, s.rounded(value), parts=(part,))


def nkp(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    below = data.get("dampak", 0)
    change = s.Adjustment(
        _penalty_of(data.get("hukdis", 0), law),
        _impact(below, law) if isinstance(below, Mapping) else below,
        data.get("koreksi", 0),
    )
    result, behaviour, organisation = each(
        partial(read, data[key], law, f"{path}.{key}")
        for key, read in (("nhk", nhk_of), ("npk", npk_of), ("nko", nko_of))
    )
    found = s.nkp(result, behaviour, organisation, data["kelompok"], law, change)
    unused = data.keys() & {"hukdis", "dampak", "koreksi"} and law.text("pakai_penyesuaian") != "ya"
    yield of_score("nkp_awal", "NKP awal", found.start)
    after = of_score("hasil", "Hasil sesudah penyesuaian", found.result)
    yield replace(after, flags=(*after.flags, UNADJUSTED)) if unused else after
    yield of_score("nkp", "NKP", found.nkp)
    for code, title, one in (
        ("rating_hasil", "Saran rating hasil kerja", found.result_rating),
        ("rating_perilaku", "Saran rating perilaku kerja", found.behaviour_rating),
    ):
        yield of_suggestion(code, title, one, _rating_label(one.value, law))
    yield from _quadrant(found.result_rating.value, found.behaviour_rating.value, law)


def _rating_label(code: str | None, law: Regulation) -> str:
    return "" if code is None else str(law.value("rating_label")[code])


def rating(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = s.rating_of(s.given(data["nilai"], "Nilai"), law)
    yield of_suggestion("rating", "Rating", found, _rating_label(found.value, law))


def _quadrant(result: str | None, behaviour: str | None, law: Regulation) -> Iterator[Output]:
    code = p.quadrant(result, behaviour, law)
    parameter = law.parameter("kuadran")
    if code is None:
        yield Output("predikat", "Predikat kinerja", None, "salah satu rating belum ada")
        return
    label = law.value("predikat_label")[code]
    inputs = (("hasil kerja", _rating_label(result, law)), ("perilaku kerja", _rating_label(behaviour, law)))
    part = Part("Kuadran kinerja", "kuadran", parameter.source, "", inputs, label, parameter.status)
    yield Output("predikat", "Predikat kinerja", code, label=label, parts=(part,))


def quadrant(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    if not data.get("tugas_belajar_gagal"):
        yield from _quadrant(data["hasil"], data["perilaku"], law)
        return
    allowed = p.allowed_predicates(data["hasil"], data["perilaku"], law, study_leave_failed=True)
    labels = [law.value("predikat_label")[code] for code in allowed]
    parameter = law.parameter("tugas_belajar_gagal")
    rule = "tugas belajar tidak selesai: hanya predikat ini"
    part = Part(
        parameter.label, parameter.code, parameter.source, rule, (), " ; ".join(labels), parameter.status
    )
    yield Output(
        "predikat", "Predikat kinerja", allowed[0], label=labels[0], parts=(part,),
        details=tuple({"predikat": code} for code in allowed),
    )  # fmt: skip


def row_status(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    code = p.status_of(data["realisasi"], data["target"], data["polarisasi"])
    missing = "TARGET_KOSONG" if data["target"] is None else "REALISASI_KOSONG"
    yield Output("status", "Status", code, None if code else missing)


def _rated(row: Data, path: str) -> p.RatedRow:
    if ("status" in row) == ("indikator" in row):
        raise refused(f"{path}.status", "Isi status, atau indikator yang menentukannya, salah satu.")
    own = [
        p.status_of(one["realisasi"], one["target"], one["polarisasi"]) for one in row.get("indikator", ())
    ]
    return p.RatedRow(row["nama"], row["jenis"], row["status"] if "status" in row else p.status_of_row(own))


def result_rating(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    rows = each(partial(_rated, row, f"{path}.rhk[{n}]") for n, row in enumerate(data["rhk"]))
    found = p.suggest_result_rating(rows, law)
    yield of_suggestion("rating_hasil", "Saran rating hasil kerja", found, _rating_label(found.value, law))


def behaviour_rating(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = p.suggest_behaviour_rating(data["konsisten"], data.get("penjaga_nilai", False), law)
    yield of_suggestion(
        "rating_perilaku", "Saran rating perilaku kerja", found, _rating_label(found.value, law)
    )


def _pattern(data: Data, law: Regulation, path: str) -> str:
    known = law.value("predikat_organisasi_pola")
    if data["organisasi"] not in known:
        told = f"“{data['organisasi']}” tidak dikenal. Pilihannya: {', '.join(known)}."
        raise refused(f"{path}.organisasi", told)
    return s.pattern_of(data["organisasi"], law)


def head_rating(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = p.head_rating(_pattern(data, law, path), law)
    yield of_suggestion("rating_hasil", "Rating pimpinan UPK", found, _rating_label(found.value, law))


def distribution(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = spread.check_distribution(_pattern(data, law, path), data["jumlah"], law)
    status = law.status_of("pola_distribusi")
    inputs = tuple((law.value("predikat_label")[code], str(count)) for code, count in found.counts.items())
    breaches = [one.text for one in found.breaches]
    told = " ; ".join(breaches) or found.unattainable_text or "sesuai pola"
    rule = f"pola {law.value('predikat_organisasi_label')[data['organisasi']]}"
    part = Part("Pola distribusi", "pola_distribusi", found.source, rule, inputs, told, status)
    code = "tidak_dapat_dipenuhi" if not found.attainable else "menyimpang" if breaches else "sesuai"
    details = tuple(
        {"aturan": one.rule, "predikat": list(one.predicates), "pesan": one.text} for one in found.breaches
    )
    yield Output("distribusi", "Sebaran predikat", code, label=told, parts=(part,), details=details)
    yield Output("pindah", "Paling sedikit orang yang berbeda predikat", found.moves)


def ipk(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = p.ipk_column(data["jenjang"], data["universitas"], data.get("prodi", ""), data["ipk"], law)
    label = "" if found.value is None else law.value("predikat_label")[found.value]
    if found.value is None and found.reason is None:
        found = replace(found, reason="tabel tidak memuat gabungan ini")
    yield of_suggestion("kolom", "Kolom IPK", found, label)
    if found.value is not None:
        yield Output("status", "Status RHK", p.ipk_status(found.value, law))
