"""A button pressed twice is one act, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from e2e.people import Person


@pytest.fixture
def stage() -> str:
    return "submitted"


@pytest.mark.parametrize("javascript", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_button_pressed_twice_is_one_act(somebody: Callable[..., Person], javascript: bool) -> None:
    penilai = somebody("bagas", javascript=javascript)
    penilai.opens_task("SKP 2026, Sekar Ayu Lestari")
    penilai.act("Mulai dialog").dblclick()
    penilai.sees_state("Dialog Kinerja")
    penilai.opens(penilai.address)
    penilai.sees_in_history("Mulai dialog", times=1)


def test_a_signature_sent_twice_is_one_signature(pegawai: Person, penilai: Person) -> None:
    skp = penilai.opens_task("SKP 2026, Sekar Ayu Lestari")
    penilai.does("Mulai dialog", "Dialog Kinerja")
    penilai.act("Sepakati").click()
    penilai.sees("Menunggu Sekar Ayu Lestari")
    pegawai.opens(skp)
    pegawai.does("Sepakati", "Disepakati")
    pegawai.act("Tanda tangani").click()
    pegawai.page.get_by_label("Kata sandi").fill(pegawai.password)
    pegawai.main.get_by_role("button", name="Tanda tangani").dblclick()
    pegawai.sees_state("Ditandatangani Pegawai")
    pegawai.opens(skp)
    pegawai.sees_in_history("Tanda tangani", times=1)
