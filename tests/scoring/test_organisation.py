"""`kinerja score` on the side of the organisation: the worked examples of maps, predicates and of the national rule set."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scoring.test_score import K127, K300, PAN, asked, values


def one_map(*rows: tuple[str, int, str]) -> list[dict[str, Any]]:
    """Objectives of one IKU each: (perspective, index, K3)."""
    return [
        {"nama": f"SS {n}", "perspektif": code, "iku": [{"nama": f"IKU {n}", "indeks": index, "k3": k3}]}
        for n, (code, index, k3) in enumerate(rows, 1)
    ]


Q_MAP = one_map(
    ("stakeholder", 110, "1,2"), ("customer", 95, "1"), ("internal_process", 120, "0,9"), ("learning_growth", 100, "1,1")
)  # fmt: skip
TONNES = {"metode": "sum", "target": [15, 40, 40, 5], "realisasi": [15, 42, None, None], "sampai": 2}
WEIGHTS = {"nomor": "SKEP-1", "tanggal": "2026-01-02"}
LEVELS = {
    level: dict.fromkeys(("stakeholder", "customer", "internal_process", "learning_growth"), 0.25 if level == "L3" else 0)
    for level in ("L0", "L1", "L2", "L3", "L4")
}  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "kind", "item", "expected"),
    [
        (K300, "nko", {"sasaran": Q_MAP}, {"nko": "106.25", "nko_k3": "108.857143", "predikat_organisasi": "baik"}),
        *(
            (K300, "predikat_organisasi", {"nilai": value}, {"predikat_organisasi": code})
            for value, code in (
                (110, "istimewa"), (100, "baik"), (90, "butuh_perbaikan"), (80, "kurang"), ("79,99", "sangat_kurang"),
            )
        ),
        *(
            (K127, "predikat_organisasi", {"nilai": value}, {"predikat_organisasi": code})
            for value, code in ((110, "sangat_baik"), (100, "baik"), (90, "cukup"), (80, "kurang"))
        ),
        (PAN, "konsolidasi", TONNES, {"target": "55", "realisasi": "57"}),
        (PAN, "capaian_organisasi", {"iku": [{"polarisasi": "maximize", "konsolidasi": TONNES}]},
         {"status": "diatas", "capaian_organisasi": "AMBANG_BELUM_ADA"}),
        (PAN, "capaian_organisasi", {"iku": [{"polarisasi": "minimize", "target": 3, "realisasi": None}], "tahunan": True},
         {"status": "REALISASI_KOSONG", "capaian_organisasi": "TANPA_INDIKATOR"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_worked_examples_of_the_organisation_come_out(
    rules: str, kind: str, item: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = values(kind, rules, **item)
    assert {key: found[key] for key in expected} == expected


def test_the_weights_of_a_level_are_used_where_a_decree_gives_them() -> None:
    decrees = {"bobot_perspektif_tingkat": {"nilai": LEVELS} | WEIGHTS}
    result = asked({"jenis": "nko", "sasaran": Q_MAP, "tingkat": "L3"}, rules=K127, keputusan=decrees)
    assert not result.faults
    [nko] = [one for one in result.to_dict()["hitung"][0]["hasil"] if one["kode"] == "nko"]
    assert (nko["nilai"], nko["langkah"][-1]["masukan"]["tingkat UPK"]) == ("106.25", "L3")


def test_a_calculation_of_another_rule_set_names_the_ones_that_know_it() -> None:
    row = {"polarisasi": "maximize", "target": 1, "realisasi": 1}
    [fault] = asked({"jenis": "capaian", **row}, rules=PAN).faults
    assert fault.message.endswith(f"pakai {K300} atau {K127}.")
