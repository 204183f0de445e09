"""The unit page: who sees it, and that its numbers are those of the rows behind them."""

from __future__ import annotations

import pytest

from tests.year.conftest import Office


@pytest.mark.parametrize(
    ("key", "sees"),
    [
        ("wening", ["Direktorat Layanan Data", "Subdirektorat Mutu Data"]),
        ("auditor", ["Kementerian Contoh", "Direktorat Layanan Data", "Kantor Pelayanan Jayapura"]),
        ("bagas", ["Subdirektorat Mutu Data"]),
        ("ratih", ["Direktorat Layanan Data", "Subdirektorat Mutu Data"]),
        ("lain", ["Kantor Pelayanan Jayapura"]),
        ("sekar", []),
    ],
)
def test_the_list_of_units_holds_what_one_watches(small_office: Office, key: str, sees: list[str]) -> None:
    html = small_office.signs_in(key).opens("/unit/")
    names = (
        "Kementerian Contoh",
        "Direktorat Layanan Data",
        "Subdirektorat Mutu Data",
        "Kantor Pelayanan Jayapura",
    )
    table = html.partition("<table")[2]
    shown = [name for name in names if f">{name}</a>" in table]
    assert shown == sees
    if not sees:
        assert "Tidak ada unit yang Anda pantau" in html
