"""What may be a password, and what it costs to guess one."""

import pytest
from argon2 import extract_parameters

from kinerja.services import passwords

WHO = {"nip": "198704222010120001", "email": "sari.wulandari@contoh.go.id", "name": "Sari Wulandari, S.E."}


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("hujan di bulan november", None),
        ("sari suka hujan di bulan november", None),
        ("pendek saja", passwords.TOO_SHORT),
        ("x" * 257, passwords.TOO_LONG),
        ("198704222010120001", passwords.HAS_IDENTITY),
        ("1987 0422 2010 12 0001 !", passwords.HAS_IDENTITY),
        ("sari.wulandari@contoh.go.id", passwords.HAS_IDENTITY),
        ("SariWulandari2026", passwords.HAS_IDENTITY),
        ("wulandari-1987", passwords.HAS_IDENTITY),
        ("Kata-Sandi-1234", passwords.TOO_COMMON),
        ("kemenkeu123456", passwords.TOO_COMMON),
        ("aaaaaaaaaaaaa", passwords.TOO_COMMON),
        ("121212121212", passwords.TOO_COMMON),
    ],
)
def test_a_password_is_long_unlike_its_owner_and_not_what_everybody_tries(
    password: str, problem: str | None
) -> None:
    assert passwords.problems(password, **WHO) == ([problem] if problem else [])


def test_every_common_password_is_long_enough_to_need_the_list() -> None:
    assert all(
        len(word) >= passwords.MINIMUM and word == passwords._squashed(word) for word in passwords._COMMON
    )


def test_hashes_are_argon2id_with_19_mib_two_passes_one_lane() -> None:
    for stored in (passwords.hash_password("hujan di bulan november"), passwords._NOBODY):
        cost = extract_parameters(stored)
        assert (cost.type.name, cost.memory_cost, cost.time_cost, cost.parallelism) == ("ID", 19 * 1024, 2, 1)
        assert not passwords.is_outdated(stored)


def test_letters_composed_differently_are_the_same_password() -> None:
    stored = passwords.hash_password("kaf\u00e9 di tepi danau")
    assert passwords.matches(stored, "kafe\u0301 di tepi danau")


@pytest.mark.parametrize("stored", [None, "", "no hash at all"])
def test_nothing_matches_an_account_without_a_password(stored: str | None) -> None:
    assert not passwords.matches(stored, "")
    assert not passwords.matches(stored, "no account has this password, whatever is typed")


def test_a_missing_account_costs_a_full_computation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            seen.append(extract_parameters(stored))
            return False

    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords.matches(None, "apa saja")
    passwords.matches(passwords._NOBODY, "apa saja")
    assert len(seen) == 2
    assert seen[0] == seen[1]
