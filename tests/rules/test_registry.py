"""The rule sets as data: complete, frozen, replaceable only by decree."""

import json
from datetime import date
from decimal import Decimal

import pytest

from kinerja.rules.registry import CODES, core_values, labels, regulation
from kinerja.rules.regulation import ASSUMED, BelumAda, Override, Regulation, UnknownParameter, thaw

DECREE = ("KEP-7/2026", date(2026, 1, 5))


@pytest.mark.parametrize("code", CODES)
def test_every_parameter_says_where_it_comes_from(code: str) -> None:
    for item in regulation(code):
        assert item.label, item.code
        assert item.source, item.code
        assert (item.value is None) == (item.status == "belum_ada"), item.code
        assert bool(item.step) >= (item.status == "belum_ada"), item.code


@pytest.mark.parametrize("code", CODES)
def test_a_frozen_copy_thaws_to_an_equal_rule_set(code: str) -> None:
    rules = regulation(code)
    assert thaw(json.loads(json.dumps(rules.freeze()))) == rules


def test_a_missing_number_names_the_step_it_keeps_closed() -> None:
    with pytest.raises(BelumAda) as caught:
        regulation("kmk127-2026").value("bobot_perspektif_customer")
    assert (caught.value.key, caught.value.step) == ("bobot_perspektif_customer", "hitung_nko_perspektif")


def test_a_national_rule_set_has_no_score_for_persons() -> None:
    with pytest.raises(UnknownParameter):
        regulation("permenpanrb6-2022").value("nkp_bobot_nhk")


def test_an_override_turns_an_assumption_into_a_verified_number_with_its_decree() -> None:
    rules = regulation("kmk300-2022", [Override("nkp_bobot_nhk", Decimal("0.7"), *DECREE)])
    item = rules.parameter("nkp_bobot_nhk")
    assert (item.value, item.status, item.decree_number) == (Decimal("0.7"), "terverifikasi", "KEP-7/2026")
    assert thaw(rules.freeze()) == rules
    assert regulation("kmk300-2022").value("nkp_bobot_nhk") == Decimal("0.75")


@pytest.mark.parametrize(
    ("key", "value", "decree"),
    [
        ("hk_keberatan", 20, "KEP-7/2026"),
        ("metode_nko", "acak", "KEP-7/2026"),
        ("ambang_anonim", "tiga", "KEP-7/2026"),
        ("ambang_anonim", 4, " "),
    ],
    ids=["the law itself", "unknown choice", "wrong kind", "no decree"],
)
def test_what_an_override_may_not_do(key: str, value: object, decree: str) -> None:
    with pytest.raises(ValueError):
        regulation("kmk300-2022", [Override(key, value, decree, DECREE[1])])


def test_kmk300_shows_its_borrowed_numbers_as_assumptions() -> None:
    rules: Regulation = regulation("kmk300-2022")
    assert rules.parameter("nkp_bobot_nko").status == ASSUMED
    assert "mengikuti KMK 127/2026" in rules.parameter("nkp_bobot_nko").source
    assert "nkp_bobot_nko" in [item.code for item in rules.used_assumptions]


def test_nothing_inside_a_rule_set_can_be_changed() -> None:
    with pytest.raises(TypeError):
        regulation("kmk300-2022").value("kuadran")["diatas"]["diatas"] = "kurang"


def test_seven_values_with_three_guides_each() -> None:
    assert [len(value.bullets) for value in core_values()] == [3] * 7
    assert "".join(value.title[:2] for value in core_values()) == "BeAkKoHaLoAdKo"


def test_levels_are_called_as_the_rule_set_calls_them() -> None:
    assert labels("kmk127-2026")["levels"]["L2"] == "UPK-Two"
    assert labels("kmk300-2022")["levels"]["L2"] == "Unit Level II"


def test_an_unknown_rule_set_is_refused() -> None:
    with pytest.raises(LookupError):
        regulation("kmk1-1901")
