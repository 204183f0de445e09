"""What no page of ours ever links to is answered in words all the same: numbers no column holds, digits that are none."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

import pytest

from tests.matrix.routes import ROUTES
from tests.matrix.world import World
from tests.plugins.strict import size

# Every name that some list or page reads from its address.
NAMES = (
    "q", "jenis", "keadaan", "periode", "siapa", "tahun", "sebelum", "sesudah", "unit", "bagian", "tahap", "status", "saring",
    "dari", "ke", "revisi", "lembar", "unduh", "next", "aturan", "ritme", "periksa", "peran", "halaman", "bulan",
)  # fmt: skip
TOO_LONG, JUST_OVER, NO_DIGIT = "9" * 40, str(2**31), "²"


def _addresses(world: World, value: str) -> list[str]:
    """Each page with this value for every name of its query, and in every place of its path."""
    found, paper = [], next(iter(world.papers.values()))
    for rule in world.app.url_map.iter_rules():
        row = ROUTES.get(("GET", rule.endpoint))
        if row is None or not row.path or rule.endpoint == "static":
            continue
        plain = re.sub(r"{\w+}", "x", row.path.partition("?")[0].replace("{id}", paper))
        found.append(f"{plain}?{urlencode(dict.fromkeys(NAMES, value))}")
        if rule.arguments:
            found.append(quote(re.sub(r"<[^>]*>", value, rule.rule)))
    return found


def _breaks(world: World, key: str, value: str) -> list[str]:
    actor, wrong = world.actor(key), []
    for address in _addresses(world, value):
        try:
            status = actor.get(address).status_code
        except Exception as error:  # what a visitor would see as 500
            wrong.append(f"{address[:60]}: {error!r}"[:300])
        else:
            wrong += [f"{address}: {status}"] if status >= 500 else []
    return wrong


@pytest.mark.parametrize(("key", "value"), [("admin", TOO_LONG), ("manager_own", NO_DIGIT)][: size(1, 2)])
def test_no_odd_number_breaks_a_page(world: World, key: str, value: str) -> None:
    assert _breaks(world, key, value) == []


# Not for a catalogue, not for a format, not for a browser to read as anything but text.
WRITTEN = "%\u00e9<i>z</i>%"


@pytest.mark.parametrize("key", ("supervisor", "manager_own", "admin")[: size(2, 3)])
def test_what_stands_in_an_address_is_text_on_every_page_that_says_it_again(world: World, key: str) -> None:
    assert _breaks(world, key, WRITTEN) == []
    actor = world.actor(key)
    raw = [a for a in _addresses(world, WRITTEN) if b"<i>z</i>" in actor.get(a).get_data()]
    assert raw == []


def test_the_list_of_repairs_begins_at_no_number_beyond_a_column(world: World) -> None:
    """The admin of the sweep above does not see it."""
    reader = world.actor("auditor")
    for value in (TOO_LONG, NO_DIGIT):
        assert reader.get(f"/pengaturan/jejak-perubahan/?sebelum={quote(value)}").status_code == 200


@pytest.mark.postgres
@pytest.mark.usefixtures("now")
def test_no_number_beyond_a_column_breaks_a_page_on_postgresql(postgres_world: World) -> None:
    assert _breaks(postgres_world, "admin", JUST_OVER) == []


@pytest.mark.parametrize("key", ["self", "anonymous"])
def test_a_character_no_keyboard_writes_is_refused_before_anything_is_asked(world: World, key: str) -> None:
    actor = world.actor(key)
    for address in ("/dokumen/%00", "/dokumen/?q=a%00b", "/dokumen/?%00=1", "/masuk?next=%00"):
        assert actor.get(address).status_code == 400, address
    for field in ({"nip": "a\x00b"}, {"\x00": "1"}):
        assert actor.post("/masuk", field).status_code == 400
    assert actor.get("/masuk?next=/cari/%2500").status_code != 400
