"""What the demo office brings along: SKP after the rules of the law, people with possible NIP, one post one template."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kinerja.demo import content, people, story_last_year
from kinerja.rules.consolidation import trajectory_total
from kinerja.rules.exact import fraction
from kinerja.rules.lints import words_in
from kinerja.rules.registry import regulation

LAW = regulation("kmk300-2022")
INDICATORS = [
    pytest.param(name, indicator, id=f"{name}-{indicator['teks'][:40]}")
    for name, template in content.templates().items()
    for row in template["baris"]
    for indicator in row["indikator"]
]


@pytest.mark.parametrize(("name", "indicator"), INDICATORS)
def test_the_targets_of_the_quarters_come_to_the_target_of_the_year(
    name: str, indicator: dict[str, Any]
) -> None:
    if "target" not in indicator:
        assert indicator["target_teks"], "a narrative stands where no number does"
        return
    planned = tuple(value for _slot, value in content.trajectory(indicator))
    total = trajectory_total(indicator.get("konsolidasi", "sum"), planned)
    assert total == fraction(Decimal(indicator["target"]))


@pytest.mark.parametrize("name", sorted(content.templates()))
def test_a_template_is_written_as_results_with_aspects_and_all_three_blocks(name: str) -> None:
    change = content.skp_change(name)
    verbs = set(LAW.value("kata_kegiatan"))
    aspects = set(LAW.value("aspek"))
    absolute = (*LAW.value("kata_mutlak"), *LAW.value("kata_mutlak_tambahan"))
    assert 2 <= len(change["baris"]) <= 5
    for row in change["baris"]:
        assert row["rhk"].split()[0].lower() not in verbs
        for indicator in row["indikator"]:
            assert set(indicator["aspek"]) <= aspects
            assert change["pendekatan"] == "kualitatif" or (indicator["aspek"] and indicator["satuan"])
            assert not words_in(indicator["teks"] + " " + indicator["target_teks"], absolute)
    blocks = {line["blok"] for line in change["lampiran"]}
    assert {"dukungan", "pertanggungjawaban"} < blocks
    assert blocks & {"konsekuensi_positif", "konsekuensi_negatif"}


def test_every_post_of_the_office_has_one_template() -> None:
    posts = {row["jabatan"] for row in people.rows() if row["nama"] not in story_last_year.WITHOUT_SKP}
    named = [post for template in content.templates().values() for post in template["jabatan"]]
    assert len(named) == len(set(named))
    assert posts <= set(named)
    assert len(content.templates()) >= 15


def test_every_nip_is_possible_and_agrees_with_itself() -> None:
    for row in people.rows():
        nip = row["nip"]
        assert len(nip) == 18
        born = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
        begun = int(nip[8:12])
        assert 18 <= begun - born.year <= 40, row["nama"]
        assert row["status"] == "PPPK" or 1 <= int(nip[12:14]) <= 12
        assert nip[14] in "12"
        assert nip[15] == "9", "serials from 900 on are the invented ones"


def test_the_file_of_a_day_holds_nobody_who_came_later_and_no_end_not_yet_known() -> None:
    before = people.file_as_of(date(2025, 1, 2)).decode()
    assert "Imanuel Yoku" not in before
    assert "plt" not in before
    assert "2026-05-31" not in before
    after = people.file_as_of(date(2026, 7, 13)).decode()
    assert "Imanuel Yoku" in after
    assert ",plh,2026-07-13,2026-07-24" in after
    assert "2026-05-31" in after


@pytest.mark.parametrize(
    ("target", "polarity", "percent", "found"),
    [
        ("240", "maximize", 100, "240"), ("240", "maximize", 90, "216"), ("92", "maximize", 97, "89.2"),
        ("12", "minimize", 105, "11.4"), ("4", "maximize", 97, "4"), ("1", "maximize", 80, "1"),
    ],
)  # fmt: skip
def test_a_realisation_comes_near_its_target_in_countable_steps(
    target: str, polarity: str, percent: int, found: str
) -> None:
    assert content.achieved(Decimal(target), polarity, percent) == Decimal(found)


def test_evidence_is_a_real_file() -> None:
    from kinerja.services.evidence_types import media_type_of

    for kind, media_type in (("pdf", "application/pdf"), ("txt", "text/plain")):
        name, data = content.evidence_file("Sekar Ayu Lestari", "TW1", 2026, kind)
        assert media_type_of(name, data) == media_type
