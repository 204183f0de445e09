"""`kinerja score`: the worked examples through its own function, what it refuses and with which words, its examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja.commands.score import score
from kinerja.commands.scoring import reading
from kinerja.commands.scoring.computing import KINDS, Result, compute

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "penilaian.md"
SCALE = [[0, 0], [90, 100], [100, 120]]
K127, K300, PAN = "kmk127-2026", "kmk300-2022", "permenpanrb6-2022"


def asked(*items: dict[str, Any], rules: str = K127, **more: Any) -> Result:
    """What the command answers to these calculations, asked as JSON."""
    return compute(reading.parsed(json.dumps({"aturan": rules, "hitung": items, **more}).encode()))


def values(kind: str, rules: str = K127, **item: Any) -> dict[str, Any]:
    """Each output of one calculation: its value, or the reason why there is none."""
    result = asked({"jenis": kind, **item}, rules=rules)
    assert not result.faults
    found = result.to_dict()["hitung"][0]["hasil"]
    return {one["kode"]: one["alasan"] if one["nilai"] is None else one["nilai"] for one in found}


@pytest.mark.parametrize("rules", [K127, K300])
@pytest.mark.parametrize(
    ("case", "polarity", "r", "t", "extra", "expected"),
    [
        ("C1", "maximize", -11, -10, {}, "90"),
        ("C2", "maximize", -5, -10, {}, "120"),
        ("C3", "minimize", "0,0101", "0,1", {}, "120"),
        ("C4", "minimize", 21, 10, {}, "0"),
        ("C5", "minimize", 4, 0, {"batas_terburuk": 10}, "60"),
        ("C6", "minimize", 3, 0, {"batas_terburuk": 12}, "75"),
        ("C7", "minimize", 3, 0, {}, "BATAS_TERBURUK_KOSONG"),
        ("C8", "stabilize", 96, 100, {"skala": SCALE}, "112"),
        ("C9", "stabilize", 101, 100, {"skala": SCALE}, "118"),
        ("C10", "stabilize", 45, 100, {"skala": SCALE}, "50"),
        ("C11 met", "maximize", 4, 4, {"tidak_dapat_melampaui": True}, "120"),
        ("C11 not met", "maximize", 3, 4, {"tidak_dapat_melampaui": True}, "75"),
        ("C12", "maximize", 5, 0, {}, "TARGET_NOL"),
        ("C13", "maximize", None, 80, {}, "REALISASI_KOSONG"),
        ("C14", "maximize", 0, 80, {}, "0"),
        ("C15", "minimize", 8, 10, {}, "120"),
        ("C16", "maximize", None, None, {"kualitatif": True}, "KUALITATIF"),
    ],
)
def test_capaian(
    rules: str, case: str, polarity: str, r: Any, t: Any, extra: dict[str, Any], expected: str
) -> None:
    found = values("capaian", rules, polarisasi=polarity, realisasi=r, target=t, **extra)
    assert found["capaian"] == expected


@pytest.mark.parametrize(
    ("kind", "item", "expected"),
    [
        ("konsolidasi", {"metode": "sum", "target": [4, 5, 4, 5], "realisasi": [4, 5, 4, 5], "sampai": 2},
         {"target": "9", "realisasi": "9"}),
        ("konsolidasi", {"metode": "take_last_known", "target": [25, 60, 75, 100], "realisasi": [25, 60, 75, None],
                         "sampai": 3}, {"target": "75", "realisasi": "75"}),
        ("konsolidasi", {"metode": "average", "target": ["3,25"] * 4, "realisasi": ["3,25"] * 4},
         {"target": "3.25", "realisasi": "3.25"}),
        ("konsolidasi", {"metode": "sum", "target": [None, 7, None, 9], "realisasi": [3, 6, 5, None], "sampai": 3},
         {"target": "7", "realisasi": "6"}),
        ("konsolidasi", {"metode": "average", "target": [1, 2, 3, 4], "realisasi": [1, None, 3, None], "sampai": 3},
         {"target": "2", "realisasi": "REALISASI_KOSONG"}),
        ("konsolidasi_lokasi", {"metode": "average", "nilai": [80, "90,5", 100]}, {"konsolidasi_lokasi": "90.166667"}),
        ("konsolidasi_lokasi", {"metode": "raw_data", "faktor": 100, "data_mentah": [
            {"pembilang": 3, "penyebut": 4}, {"pembilang": 1, "penyebut": 6}]}, {"konsolidasi_lokasi": "40"}),
        ("capaian", {"polarisasi": "maximize", "target": 50, "realisasi": {"metode": "sum", "nilai": [10, 20]}},
         {"capaian": "60", "lampu": "merah"}),
        ("capaian", {"polarisasi": "maximize", "konsolidasi": {
            "metode": "sum", "target": [1, 2], "realisasi": [1, 2]}}, {"capaian": "100", "lampu": "hijau"}),
        ("k3", {"validitas": "exact", "kendali": "low", "status_target": "ditetapkan_peraturan",
                "polarisasi": "maximize"}, {"k3": "1.2", "sebutan": "sangat berkualitas"}),
        ("k3", {"validitas": "exact", "kendali": "moderate", "status_target": "lama", "polarisasi": "maximize",
                "target": 95, "target_lalu": 100, "realisasi_lalu": 105},
         {"bobot_indikator": "1.15", "bobot_target": "0.8", "k3": "0.975", "sebutan": "cukup berkualitas"}),
        ("k3", {"validitas": "exact", "kendali": "high", "status_target": "lama", "polarisasi": "maximize",
                "target": 95, "target_lalu": 100, "realisasi_lalu": 105}, {"k3": "PASANGAN_TERLARANG"}),
        ("bobot_target", {"status_target": "lama", "polarisasi": "maximize", "target": 100, "target_lalu": 100},
         {"bobot_target": "RIWAYAT_KOSONG"}),
        ("bobot_target", {"status_target": "lama", "polarisasi": "minimize", "target": 8, "target_lalu": 10,
                          "realisasi_lalu": 8}, {"bobot_target": "1.1"}),
        ("bobot_indikator", {"validitas": "proxy", "kendali": "high"}, {"bobot_indikator": "0.9"}),
        ("k3_rata_rata", {"k3": [1, "1,1", None]}, {"k3_rata_rata": "1.05"}),
        ("npk", {"nilai": dict(zip("abcdefg", (82, 100, 98, 105, 100, 115, 105), strict=True)), "batas": 115},
         {"npk_awal": "100.714286", "npk": "100.535714"}),
        ("npk", {"jawaban": [{"kelompok": "rekan", "nilai": {"a": 90}}]}, {"npk": "NPK_BELUM_ADA"}),
        ("npk_tahun", {"triwulan": [100, None, 110]}, {"npk_tahun": "105"}),
        ("kalibrasi", {"nilai": "100,004", "batas": 115}, {"kalibrasi": "100.003"}),
        ("kalibrasi", {"nilai": 120, "batas": {"kelompok_jabatan": "JPT", "jenjang": "Pratama"}}, {"kalibrasi": "115"}),
        ("nhk", {"indikator": [{"nama": "a", "capaian": None, "k3": 1}]}, {"nhk_awal": "TANPA_INDIKATOR"}),
        ("nhk_tahun", {"segmen": [{"nhk": 105, "hari": 181}, {"nhk": "98,5", "hari": 184}]}, {"nhk_tahun": "101.723288"}),
        ("nkp", {"nhk": 115, "npk": 115, "nko": 110, "kelompok": "tier1"}, {"nkp": "112.5"}),
        ("nkp", {"nhk": 115, "npk": 115, "nko": 110, "kelompok": "tier2"}, {"nkp": "113.5", "predikat": "sangat_baik"}),
        ("nkp", {"nhk": 100, "npk": 100, "nko": 100, "kelompok": "tier1"}, {"nkp": "100"}),
        ("nkp", {"nhk": "99,99", "npk": "99,99", "nko": 100, "kelompok": "tier1"}, {"nkp": "99.991"}),
        ("nkp", {"nhk": 101, "npk": 99, "nko": None, "kelompok": "tier1"},
         {"nkp": "NKO_BELUM_ADA", "nkp_awal": "100.5"}),
        ("koreksi", {"nilai": -9}, {"koreksi": "-5"}),
        ("koreksi", {"nilai": 7}, {"koreksi": "5"}),
        ("rating", {"nilai": "100,000001"}, {"rating": "diatas"}),
        ("rating", {"nilai": 90}, {"rating": "sesuai"}),
        ("predikat_organisasi", {"nilai": "109,99"}, {"predikat_organisasi": "baik", "pola": "baik"}),
        ("predikat_organisasi", {"nilai": "79,99"}, {"predikat_organisasi": "buruk", "pola": "sangat_kurang"}),
        ("nko", {"sasaran": [{"nama": "SS", "perspektif": "customer", "iku": [{"nama": "IKU", "indeks": 100}]}]},
         {"nko": "BOBOT_BELUM_ADA", "perspektif_customer": "100"}),
        ("nko", {"sasaran": [], "skep": {"nilai": "104,2", "nomor": "SKEP-1", "tanggal": "2026-01-02"}},
         {"nko_hitung": "BOBOT_BELUM_ADA", "nko": "104.2", "predikat_organisasi": "baik"}),
        ("hukdis", {"hukuman": [{"kategori": "sedang", "skor": 38, "tahun": 2026, "triwulan": 3}], "tahun": 2027,
                    "triwulan": 1}, {"hukdis": "9.5"}),
        ("hukdis", {"hukuman": [{"kategori": "ringan", "skor": 16, "tahun": 2026, "triwulan": 2},
                                {"kategori": "sedang", "skor": 57, "tahun": 2026, "triwulan": 3}], "tahun": 2026},
         {"hukdis": "14.25"}),
        ("dampak", {"bawahan": ["14,25"]}, {"dampak": "0.7125"}),
        ("kuadran", {"hasil": "sesuai", "perilaku": "dibawah"}, {"predikat": "kurang"}),
        ("kuadran", {"hasil": None, "perilaku": "sesuai"}, {"predikat": "salah satu rating belum ada"}),
        ("kuadran", {"hasil": "sesuai", "perilaku": "dibawah", "tugas_belajar_gagal": True},
         {"predikat": "sangat_kurang"}),
        ("status_rhk", {"polarisasi": "minimize", "target": 8, "realisasi": 7}, {"status": "diatas"}),
        ("saran_rating_hasil", {"rhk": [{"nama": "a", "jenis": "utama", "status": "diatas"}, {
            "nama": "b", "jenis": "utama", "indikator": [{"polarisasi": "maximize", "target": 1, "realisasi": 2}]}]},
         {"rating_hasil": "diatas"}),
        ("saran_rating_perilaku", {"konsisten": True}, {"rating_perilaku": "sesuai"}),
        ("rating_pimpinan", {"organisasi": "sangat_baik"}, {"rating_hasil": "diatas"}),
        ("distribusi", {"organisasi": "baik", "jumlah": {"sangat_baik": 1, "baik": 6, "butuh_perbaikan": 1}},
         {"distribusi": "menyimpang", "pindah": 1}),
        ("distribusi", {"organisasi": "baik", "jumlah": {"baik": 1}}, {"distribusi": "tidak_dapat_dipenuhi"}),
        ("ipk", {"jenjang": "S-2", "universitas": "A", "prodi": "C", "ipk": "3,51"},
         {"kolom": "sangat_baik", "status": "diatas"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_worked_example_comes_out(kind: str, item: dict[str, Any], expected: dict[str, Any]) -> None:
    found = values(kind, **item)
    assert {key: found[key] for key in expected} == expected


H2 = zip((80, 120, "104,69", 120, 100), ("1,05", "0,9", 1, 1, "1,1"), strict=True)
H2_ROWS = [{"nama": f"IKI {n}", "capaian": c, "k3": k} for n, (c, k) in enumerate(H2, 1)]


def test_h2_to_h4_from_the_capaian_of_five_indicators_to_nkp_awal() -> None:
    found = values("nhk", indikator=H2_ROWS, batas=115)
    assert found == {"nhk_awal": "105.166337", "nhk": "103.874752"}
    shares = asked({"jenis": "nhk", "indikator": H2_ROWS}).to_dict()["hitung"][0]["hasil"][0]["rincian"]
    assert shares[0] == {"nama": "IKI 1", "q": "84", "bagian": "0.207921"}
    npk = {"nilai": dict(zip("abcdefg", (82, 100, 98, 105, 100, 115, 105), strict=True)), "batas": 115}
    nhk = {"indikator": H2_ROWS, "batas": 115}
    assert values("nkp", nhk=nhk, npk=npk, nko=None, kelompok="tier1")["nkp_awal"] == "103.039993"


@pytest.mark.parametrize(
    ("others", "merged", "expected"),
    [
        ({"rekan": [90, 96, 102], "bawahan": [110, 106]}, True, ("101.333333", [])),
        ({"rekan": [90, 96, 102]}, True, ("98", [])),
        ({"rekan": [90, 96, 102], "bawahan": [110, 106]}, False, ("100.4", [])),
        ({"rekan": [90], "bawahan": [110]}, False, ("100", ["HANYA_ATASAN"])),
    ],
    ids=["H11", "H12", "H14", "H15"],
)
def test_npk_of_a_round(others: dict[str, list[int]], merged: bool, expected: tuple[str, list[str]]) -> None:
    sheets = [{"kelompok": group, "nilai": {"a": one}} for group, each in others.items() for one in each]
    sheets.append({"kelompok": "atasan", "nilai": {"a": 100}})
    result = asked({"jenis": "npk", "jawaban": sheets, "sudah_digabung": merged}).to_dict()
    found = result["hitung"][0]["hasil"][0]
    assert (found["nilai"], found["tanda"]) == expected


def test_q1_to_q3_a_map_gives_its_nko_nko_k3_and_predicate() -> None:
    rows = zip((110, 95, 120, 100), ("1,2", 1, "0,9", "1,1"), strict=True)
    iku = [{"nama": f"IKU {n}", "indeks": index, "k3": k3} for n, (index, k3) in enumerate(rows, 1)]
    found = values("nko", K300, sasaran=[{"nama": "SS", "perspektif": "customer", "iku": iku}])
    assert (found["nko"], found["nko_k3"], found["predikat_organisasi"]) == ("106.25", "108.857143", "baik")
    assert values("predikat_organisasi", K300, nilai="79,99")["predikat_organisasi"] == "sangat_kurang"


def test_weights_of_a_decree_open_the_perspectives_and_an_empty_one_is_said() -> None:
    decree = {"nomor": "KEP-1", "tanggal": "2026-01-02"}
    keys = {"customer": "0,2", "internal_process": "0,25", "learning_growth": "0.25"}
    sasaran = [
        {"nama": "a", "perspektif": "stakeholder", "iku": [{"nama": "x", "indeks": 110}]},
        {"nama": "b", "perspektif": "customer", "iku": [{"nama": "y", "indeks": 100}]},
    ]
    result = asked(
        {"jenis": "nko", "sasaran": sasaran},
        keputusan={f"bobot_perspektif_{key}": {"nilai": weight, **decree} for key, weight in keys.items()},
    )
    found = {one.code: one for one in result.answers[0].outputs}["nko"]
    assert (str(found.value), found.flags, found.provisional) == ("106", ("BOBOT_DINORMALKAN",), True)


def test_a_qualitative_indicator_is_no_gap_in_an_nhk() -> None:
    rows = [{"nama": "a", "capaian": 90, "k3": 1}, {"nama": "b", "kualitatif": True}]
    found = asked({"jenis": "nhk", "indikator": rows}).answers[0].outputs[0]
    assert (str(found.value), found.provisional) == ("90", False)


CAPAIAN = {"jenis": "capaian", "polarisasi": "maximize", "target": 1, "realisasi": 1}


@pytest.mark.parametrize(
    ("item", "path", "told"),
    [
        (CAPAIAN | {"target": "1.234"}, ".target", "pemisah ribuan"),
        (CAPAIAN | {"target": "1.234,5"}, ".target", "pemisah ribuan"),
        (CAPAIAN | {"target": "dua"}, ".target", "bukan angka"),
        (CAPAIAN | {"target": 0.1234567}, ".target", "6 angka di belakang koma"),
        (CAPAIAN | {"target": 10**12}, ".target", "12 angka di depan"),
        (CAPAIAN | {"target": True}, ".target", "bukan true atau false"),
        (CAPAIAN | {"target": float("nan")}, ".target", "terhingga"),
        (CAPAIAN | {"targt": 1}, ".targt", "maksudnya target?"),
        (CAPAIAN | {"polarisasi": "maximise"}, ".polarisasi", "maksudnya maximize? Pilihannya: maximize, minimize"),
        (CAPAIAN | {"konsolidasi": {"metode": "sum", "target": [1], "realisasi": [1]}}, ".target", "tidak keduanya"),
        (CAPAIAN | {"skala": [[0, 0], [0, 9]]}, ".skala", "satu kali"),
        (CAPAIAN | {"skala": [[0, 0], [101, 9]]}, ".skala", "Ca 0 sampai 100"),
        ({"jenis": "capaian"}, ".polarisasi", "Wajib diisi"),
        ({"jenis": "capian"}, ".jenis", "maksudnya capaian?"),
        ({}, ".jenis", "Wajib diisi"),
        ({"jenis": "konsolidasi", "metode": "sum", "target": [1, 2], "realisasi": [1]}, ".realisasi", "Isi satu per periode"),
        ({"jenis": "konsolidasi", "metode": "sum", "target": [1], "realisasi": [1], "sampai": 2}, ".sampai", "1 periode"),
        ({"jenis": "konsolidasi_lokasi", "metode": "raw_data", "nilai": [1]}, ".data_mentah", "raw_data"),
        ({"jenis": "konsolidasi_lokasi", "metode": "sum", "nilai": [1], "faktor": 2}, ".faktor", "Tidak dipakai"),
        ({"jenis": "konsolidasi_lokasi", "metode": "raw_data", "data_mentah": [{"pembilang": 1}, {"pembilang": 1, "penyebut": 2}]},
         ".data_mentah", "semua lokasi"),
        ({"jenis": "nhk", "indikator": [{"nama": "a", "capaian": 130, "k3": 1}]}, ".indikator[0].capaian", "antara 0 dan 120"),
        ({"jenis": "nhk", "indikator": [{"nama": "a", "capaian": 1, "k3": 0}]}, ".indikator[0].k3", "lebih dari 0"),
        ({"jenis": "nhk", "indikator": [{"nama": "a", "capaian": 1}]}, ".indikator[0].k3", "Wajib diisi"),
        ({"jenis": "nhk", "indikator": []}, ".indikator", "paling sedikit 1"),
        ({"jenis": "npk"}, ".nilai", "salah satu"),
        ({"jenis": "npk", "nilai": {"a": 121}}, ".nilai.a", "antara 0 dan 120"),
        ({"jenis": "kalibrasi", "nilai": 1, "batas": 130}, ".batas", "antara 100 dan 120"),
        ({"jenis": "hukdis", "hukuman": [], "tahun": 2026.5}, ".tahun", "bilangan bulat"),
        ({"jenis": "nko", "sasaran": [{"nama": "a", "perspektif": "x", "iku": [{"nama": "i", "indeks": 1}]}]},
         ".sasaran[0].perspektif", "stakeholder, customer"),
        ({"jenis": "nss", "iku": [{"nama": "i", "indeks": 1, "bobot": 2}]}, ".iku[0].bobot", "bobot sama"),
        ({"jenis": "distribusi", "organisasi": "istimewa", "jumlah": {}}, ".organisasi", "sangat_baik"),
        ({"jenis": "distribusi", "organisasi": "baik", "jumlah": {"baik": -1}}, ".jumlah.baik", "antara 0"),
        ({"jenis": "saran_rating_hasil", "rhk": [{"nama": "a", "jenis": "utama"}]}, ".rhk[0].status", "salah satu"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_wrong_input_is_named_by_its_field(item: dict[str, Any], path: str, told: str) -> None:
    faults = asked(item).faults
    assert f"$.hitung[0]{path}" in [one.path for one in faults]
    assert told in " ".join(one.message for one in faults)


@pytest.mark.parametrize(
    ("rules", "code", "entry", "told"),
    [
        (K300, "lampu_kuning", {"nilai": 300}, "antara"),
        (K300, "lampu_kuning", {"nilai": 110}, "harus kurang dari"),
        (K300, "lampu_biru", {"nilai": 1}, "tidak mempunyai angka"),
        (K127, "bobot_perspektif_stakeholder", {"nilai": 1}, "tidak dapat diganti"),
        (K127, "bobot_perspektif_customer", {"nilai": "0,2", "tanggal": "2026-02-30"}, "bukan tanggal"),
        (K127, "bobot_perspektif_customer", {"nilai": "0,2", "nomor": ""}, "Tidak boleh kosong"),
    ],
)
def test_a_value_of_a_decree_is_checked_as_on_the_page_of_the_rules(
    rules: str, code: str, entry: dict[str, Any], told: str
) -> None:
    decree = {"nomor": "KEP-1", "tanggal": "2026-01-02"} | entry
    faults = asked(
        {"jenis": "kuadran", "hasil": None, "perilaku": None}, rules=rules, keputusan={code: decree}
    ).faults
    assert [told in one.message and one.path.startswith("$.keputusan") for one in faults] == [True]


def test_all_faults_come_at_once_those_of_form_and_those_of_law() -> None:
    wrong = {
        "jenis": "nko",
        "sasaran": [{"nama": n, "perspektif": "x", "iku": [{"nama": "i", "indeks": 1}]} for n in "ab"],
    }
    result = asked(
        CAPAIAN | {"target": "x", "realisasi": "y"}, wrong, {"jenis": "nhk", "indikator": [{"nama": "a"}]}
    )
    assert [one.path.removeprefix("$.hitung") for one in result.faults] == [
        "[0].target", "[0].realisasi", "[1].sasaran[0].perspektif", "[1].sasaran[1].perspektif",
        "[2].indikator[0].capaian", "[2].indikator[0].k3",
    ]  # fmt: skip
    assert not result.answers


@pytest.mark.parametrize(
    ("content", "path", "told"),
    [
        (b'{"aturan": "kmk127-2026", "hitung": [', "$", "baris 1, kolom 38"),
        (b"\xff\xfe", "$", "UTF-8"),
        (b"[" * 100_000, "$", "terlalu dalam"),
        (b"7", "$", "Isi objek, bukan angka"),
        (b"{}", "$.aturan", "Wajib diisi"),
        (b'{"aturan": "kmk128", "hitung": []}', "$.aturan", "kmk300-2022, kmk127-2026, permenpanrb6-2022"),
        (b'{"aturan": "kmk127-2026", "aturan": "kmk300-2022", "hitung": []}', "$.aturan", "lebih dari sekali"),
        (b'{"aturan": "kmk127-2026", "hitung": [{"jenis": "rating", "nilai": 1e999999999}]}', "$.hitung[0].nilai", "12 angka"),
        (b'{"aturan": "kmk127-2026", "hitung": [{"jenis": "rating", "nilai": -Infinity}]}', "$.hitung[0].nilai", "terhingga"),
        (b" " * (reading.LARGEST + 1), "$", "lebih besar dari 5 MB"),
    ],
    ids=range(10),
)  # fmt: skip
@pytest.mark.parametrize("as_json", [False, True])
def test_what_cannot_be_read_is_refused_with_status_1(
    content: bytes, path: str, told: str, as_json: bool
) -> None:
    done = CliRunner().invoke(score, ["-", *(["--json"] if as_json else [])], input=content)
    assert done.exit_code == 1
    if as_json:
        first = json.loads(done.stdout)
        assert (first["ok"], first["galat"][0]["letak"]) == (False, path)
        assert told in first["galat"][0]["pesan"]
    else:
        assert done.stderr.startswith(f"{path}: ")
        assert told in done.stderr
        assert done.stdout == ""


def test_a_rule_set_without_scores_for_persons_says_so() -> None:
    faults = asked(
        CAPAIAN, {"jenis": "nkp", "nhk": 1, "npk": 1, "nko": 1, "kelompok": "tier1"}, rules=PAN
    ).faults
    assert [one.path for one in faults] == ["$.hitung[0].jenis", "$.hitung[1].jenis"]
    assert values("predikat_organisasi", PAN, nilai=100)["predikat_organisasi"] == "BOBOT_BELUM_ADA"


@pytest.mark.parametrize(
    ("arguments", "status"), [((), 2), (("nowhere.json",), 2), (("--wrong",), 2), (("--schema",), 0)]
)
def test_wrong_usage_has_a_status_of_its_own(arguments: tuple[str, ...], status: int) -> None:
    assert CliRunner().invoke(score, arguments).exit_code == status


EXAMPLES = re.findall(r"```json\n(.*?)```\n+```text\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize(
    ("asks", "answers"), EXAMPLES, ids=[json.loads(asks)["aturan"] for asks, _ in EXAMPLES]
)
def test_an_example_of_the_guide_gives_what_the_guide_shows(asks: str, answers: str) -> None:
    done = CliRunner().invoke(score, ["-"], input=asks)
    assert (done.exit_code, done.stdout) == (0, answers)


def test_every_rule_set_has_an_example_and_every_calculation_a_line_in_the_guide() -> None:
    assert [json.loads(asks)["aturan"] for asks, _ in EXAMPLES] == [K300, K127, PAN]
    guide = GUIDE.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in guide] == []


def test_the_schema_asks_nothing_that_is_not_enforced() -> None:
    enforced = {
        "$ref", "type", "enum", "const", "oneOf", "properties", "required", "additionalProperties", "items", "minItems",
        "maxItems", "minProperties", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "description", "title", "$schema", "$id", "$defs",
    }  # fmt: skip

    def keywords(part: Any) -> set[str]:
        if not isinstance(part, dict):
            return set()
        below = [
            *part.get("properties", {}).values(),
            *part.get("$defs", {}).values(),
            *part.get("oneOf", ()),
        ]
        below += [part.get("items"), part.get("additionalProperties")]
        return set(part).union(*(keywords(one) for one in below))

    assert keywords(reading.schema()) <= enforced
    offered = [
        one["$ref"].removeprefix("#/$defs/")
        for one in reading.schema()["properties"]["hitung"]["items"]["oneOf"]
    ]
    assert offered == list(KINDS)
