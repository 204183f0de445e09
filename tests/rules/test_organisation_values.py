"""The worked examples of NKO through the reading of a whole unit: from its IKU to value, predicate and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kinerja.models import Iku, IkuTarget, Objective, Pk
from kinerja.rules import coherence
from kinerja.rules.registry import regulation
from kinerja.rules.regulation import Override, Regulation
from kinerja.rules.scoring import consolidate, join_locations, standing, trajectory_total
from kinerja.rules.values import check
from kinerja.rules.working import BOBOT_BELUM_ADA, BOBOT_DINORMALKAN, NKO_BELUM_ADA, TANPA_INDIKATOR, given
from kinerja.services import iku_plan
from kinerja.services.iku_values import OrgReading, frozen, k3_by_manual, reading_of
from kinerja.services.manuals import ManualView
from kinerja.services.trajectory import Entry, SlotDocument

QUARTERS = ("TW1", "TW2", "TW3", "TW4")
NATIONAL, K300, K127 = (regulation(code) for code in ("permenpanrb6-2022", "kmk300-2022", "kmk127-2026"))
MAP = ("stakeholder", "customer", "internal_process", "learning_growth")
THEN = datetime(2026, 4, 6, tzinfo=UTC)


def unit(
    indices: dict[str, str | None],
    law: Regulation = K300,
    slot: str = "TW1",
    k3: dict[int, str] | None = None,
    places: Any = None,
    level: str = "",
    **iku: str,
) -> OrgReading:
    """A UPK with one objective in each named perspective, whose IKU reaches this share of its target of 100."""
    pk = Pk(document_id=1, objectives=[])
    documents = {slot: SlotDocument(7, "rea", slot, "validated", 1, THEN, None, THEN, "")}
    entries = {}
    for number, (perspective, value) in enumerate(indices.items(), 1):
        more = {"polarity": "maximize", "consolidation": "sum"} | iku
        one = Iku(
            id=number, key=f"i{number}", code=str(number), name="", measure="", target=Decimal(100), **more
        )
        one.targets = [IkuTarget(slot=slot, value=Decimal(100))]
        objective = Objective(
            key=f"s{number}", code=f"S{number}", perspective=perspective.split("#")[0], statement=""
        )
        objective.indicators = [one]
        pk.objectives.append(objective)
        entries[number, slot] = Entry(number, Decimal(value) if value else None, "", "", "")
    trajectory = iku_plan.lines_of(pk, QUARTERS, law, documents, entries, places=places)
    weights = {number: given(Decimal(text), "K3", "") for number, text in (k3 or {}).items()}
    return reading_of(pk, "pk", 1, trajectory, slot, weights, level)


def weighted(customer: str, internal: str, learning: str) -> Regulation:
    """KMK 127/2026, which fixes the weight of Stakeholder at 0.30, with the other three entered by decree."""
    weights = zip(MAP[1:], (customer, internal, learning), strict=True)
    entered = [
        Override(f"bobot_perspektif_{code}", Decimal(weight), "SKEP-1", date(2026, 1, 2))
        for code, weight in weights
    ]
    return regulation("kmk127-2026", tuple(entered))


def test_q1_nko_is_the_mean_of_the_indices_where_no_weights_are_known() -> None:
    found = unit(dict(zip(MAP, ("110", "95", "120", "100"), strict=True)))
    assert (found.nko.value, found.proposal.value, found.provisional) == (Decimal("106.25"), "baik", False)
    assert [one.light for one in found.objectives] == ["hijau", "kuning", "hijau", "hijau"]


def test_q2_nko_k3_weighs_each_iku_by_its_quality() -> None:
    k3 = {1: "1.2", 2: "1.0", 3: "0.9", 4: "1.1"}
    found = unit(dict(zip(MAP, ("110", "95", "120", "100"), strict=True)), k3=k3)
    assert found.nko_k3.value == Decimal("108.857143")


@pytest.mark.parametrize(
    ("value", "predicate"),
    [
        ("110", "istimewa"),
        ("100", "baik"),
        ("90", "butuh_perbaikan"),
        ("80", "kurang"),
        ("79.99", "sangat_kurang"),
    ],
)
def test_q3_the_proposed_predicate_includes_its_lower_bound(value: str, predicate: str) -> None:
    assert unit({"stakeholder": value}).proposal.value == predicate


def test_n10_without_its_weights_the_decree_gives_no_nko() -> None:
    found = unit(dict.fromkeys(MAP, "100"), K127)
    assert (found.nko.value, found.nko.reason, found.proposal.value) == (None, BOBOT_BELUM_ADA, None)


def test_an_empty_perspective_is_left_out_and_the_others_share_its_weight_which_is_said() -> None:
    law = weighted("0.2", "0.3", "0.2")
    found = unit({"stakeholder": "110", "customer": "100", "internal_process": "90"}, law)
    assert found.nko.value == Decimal("100")
    assert BOBOT_DINORMALKAN in found.nko.flags
    assert found.provisional
    assert [one.share for one in found.perspectives] == [
        Decimal("0.375"),
        Decimal("0.25"),
        Decimal("0.375"),
        None,
    ]


@pytest.mark.parametrize(
    ("indices", "slot", "reason", "counts", "provisional"),
    [
        (("110", "100"), "TW1", "AMBANG_BELUM_ADA", ("1", "1", "0", "0"), False),
        (("90", None), "TW1", "AMBANG_BELUM_ADA", ("0", "0", "1", "1"), True),
        (("110", "90"), "Y", "AMBANG_BELUM_ADA", ("1", "0", "1", "0", "–", "–"), False),
        ((None, None), "TW1", TANPA_INDIKATOR, ("0", "0", "0", "2"), True),
    ],
)
def test_the_national_rule_set_compares_and_counts_and_leaves_the_predicate_to_the_leader(
    indices: tuple[str | None, ...], slot: str, reason: str, counts: tuple[str, ...], provisional: bool
) -> None:
    found = unit(
        dict(zip(("penerima_layanan", "anggaran"), indices, strict=True)),
        NATIONAL,
        "TW4" if slot == "Y" else slot,
    )
    read = found if slot != "Y" else yearly(found)
    assert (found.nko.value, found.nko.reason, read.proposal.value) == (None, NKO_BELUM_ADA, None)
    assert (read.proposal.reason, read.provisional) == (reason, provisional)
    assert tuple(text for _name, text in read.proposal.parts[-1].inputs) == counts
    assert {one.score.reason for one in found.indicators} <= {"TANPA_RUMUS", "REALISASI_KOSONG"}
    assert all(one.light is None for one in found.indicators)


def yearly(found: OrgReading) -> OrgReading:
    """The same figures as those of the year: the regulation asks for more than the trajectory then (p.93 d)."""
    lines = [(one.name, one.realisation, one.target, one.polarity) for one in found.indicators]
    return replace(found, slot="Y", proposal=standing(lines, True, NATIONAL))


def test_v15_the_trajectory_of_the_national_example_comes_to_55_million_tonnes_by_the_second_quarter() -> (
    None
):
    planned = [Decimal(one) for one in (15, 40, 40, 5)]
    joined = consolidate("sum", planned, [Decimal(15), Decimal(42), None, None], 2, NATIONAL)
    assert (joined.target, joined.realisation) == (55, 57)
    assert trajectory_total("sum", planned) == 100


def test_the_predicate_goes_by_nko_k3_where_the_rule_set_says_so() -> None:
    law = regulation("kmk300-2022", (Override("nko_dipakai", "nko_k3", "SKEP-2", date(2026, 1, 2)),))
    indices, k3 = dict(zip(MAP, ("110", "95", "120", "100"), strict=True)), dict.fromkeys(range(1, 5), "1.1")
    # NKO 106.25 is baik; NKO K3 112.125 is istimewa.
    assert (unit(indices, k3=k3).proposal.value, unit(indices, law, k3=k3).proposal.value) == (
        "baik",
        "istimewa",
    )


@pytest.mark.parametrize(
    ("level", "nko", "weights"),
    [
        # 0.5 x 110 + 0.5 x 90: the level has weights of its own.
        ("L3", "100", ["0.5", "0", "0.5", "0"]),
        # All nought for this level: 0.3, 0.2, 0.3, 0.2 of the rule set hold, the empty perspective is left out.
        ("L1", "100", ["0.3", "0.2", "0.3", "0.2"]),
    ],
)
def test_the_weights_of_the_perspectives_are_those_of_the_level_of_the_upk_where_it_has_some(
    level: str, nko: str, weights: list[str]
) -> None:
    none = dict.fromkeys(MAP, Decimal(0))
    table = dict.fromkeys(("L0", "L1", "L2", "L3", "L4"), none)
    table["L3"] = none | {"stakeholder": Decimal("0.5"), "internal_process": Decimal("0.5")}
    check(K127.parameter("bobot_perspektif_tingkat"), table, K127)
    law = weighted("0.2", "0.3", "0.2").with_overrides(
        [Override("bobot_perspektif_tingkat", table, "SKEP-3", date(2026, 1, 2))]
    )
    found = unit({"stakeholder": "110", "customer": "100", "internal_process": "90"}, law, level=level)
    assert str(found.nko.value) == nko
    assert [str(one.weight) for one in found.perspectives] == weights
    assert (found.nko.parts[-1].inputs[0] == ("tingkat UPK", "L3")) is (level == "L3")
    assert coherence.clashes(law, ()) == []
    wrong = Override(
        "bobot_perspektif_tingkat",
        table | {"L2": none | {"customer": Decimal("0.4")}},
        "SKEP-4",
        date(2026, 1, 3),
    )
    [clash] = coherence.clashes(regulation("kmk127-2026", (wrong,)), ())
    assert (clash.codes, "L2" in clash.params["labels"]) == (("bobot_perspektif_tingkat",), True)


def test_an_iku_without_realisation_is_left_out_and_the_value_is_provisional() -> None:
    found = unit({"stakeholder": "110", "customer": None})
    assert (found.nko.value, found.provisional) == (Decimal("110"), True)
    assert found.objectives[1].score.reason == TANPA_INDIKATOR


@pytest.mark.parametrize(
    ("polarity", "reached", "index"),
    [
        ("maximize", "150", "120"),
        ("minimize", "80", "120"),
        ("minimize", "210", "0"),
        ("stabilize", "96", "112"),
        ("stabilize", "101", "118"),
    ],
)
def test_capaian_follows_the_polarity_of_the_iku_and_stays_within_0_and_120(
    polarity: str, reached: str, index: str
) -> None:
    found = unit({"stakeholder": reached}, polarity=polarity)
    assert found.indicators[0].score.value == Decimal(index)


@pytest.mark.parametrize(
    ("places", "index", "first_step"),
    [
        ({(1, "TW1"): ("average", (Decimal(80), Decimal(100)))}, "90", "80 ; 100"),
        ({(1, "TW1"): ("sum", (Decimal(60), Decimal(50)))}, "110", "60 ; 50"),
        ({(1, "TW1"): ("sum", (Decimal(60), None))}, "REALISASI_KOSONG", "60 ; –"),
        ({(2, "TW1"): ("sum", (Decimal(1),))}, "70", "70"),
    ],
    ids=["average", "sum", "a place is missing", "places of another IKU"],
)
def test_what_the_places_come_to_counts_in_the_place_of_the_own_figure_and_opens_its_working(
    places: dict[tuple[int, str], tuple[str, tuple[Decimal | None, ...]]], index: str, first_step: str
) -> None:
    joined = {key: join_locations(method, values, K300) for key, (method, values) in places.items()}
    score = unit({"stakeholder": "70"}, places=joined).indicators[0].score
    assert (score.reason or str(score.value)) == index
    assert first_step in [text for _name, text in score.parts[0].inputs]


def test_a_frozen_reading_holds_every_figure_with_its_working() -> None:
    kept = frozen(unit({"stakeholder": "110"}))
    assert kept["nko"]["value"] == "110"
    assert [part["rule"] for part in kept["indicators"][0]["score"]["parts"]] == [
        "konsolidasi",
        "rumus_maximize",
    ]
    assert kept["perspectives"][3]["value"] is None


def test_the_manual_of_an_iku_gives_its_scale_its_worst_value_and_its_k3() -> None:
    view = ManualView(
        "m",
        "minimize",
        "sum",
        (),
        Decimal(10),
        False,
        "",
        "exact",
        "moderate",
        "lama",
        Decimal(100),
        Decimal(105),
    )
    iku = Iku(id=1, key="i1", code="1", name="", measure="", target=Decimal(103), polarity="maximize")
    pk = Pk(
        document_id=1, objectives=[Objective(key="s1", code="S1", perspective="customer", indicators=[iku])]
    )
    assert iku_plan.by_manual({1: view})[1].worst == Decimal(10)
    # The indicator 1.15, the target above last year's yet below what was reached 1.0.
    assert k3_by_manual(pk, {1: view}, K300)[1].value == Decimal("1.075")
    assert k3_by_manual(pk, {}, K300) == {}
