"""No page breaks WCAG 2.2 AA: every page, at a desk and on a phone, light and dark; and after each swap.

Nothing scrolls sideways either, at 200 % too. `make test` examines each page one way, the desk in the light or the phone
in the dark by turns, so that every component is seen both ways on some page; `make proof` examines each in all four.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from e2e.browser import WIDTHS, axe_violations
from e2e.conftest import PageFor
from e2e.pages import PAGES, of_person, too_wide, visit
from e2e.people import Person
from tests.plugins.strict import size

# Where a page stands in the list of all says how `make test` looks at it.
TURN = {entry["name"]: number % 2 for number, entry in enumerate(PAGES)}
PEOPLE = list(dict.fromkeys(entry.get("as") for entry in PAGES))
WAYS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]
ENLARGED = 640  # what a desk 1280 wide leaves at 200 %
FEW = 6  # pages of one story, so that no story takes long
SOME = [
    (person, pages[n : n + FEW])
    for person in PEOPLE
    for pages in [of_person(person)]
    for n in range(0, len(pages), FEW)
]


@pytest.mark.parametrize("person, pages", SOME, ids=[f"from {pages[0]['name']}" for _person, pages in SOME])
def test_no_type_of_page_breaks_the_rules(
    page_for: PageFor,
    person: str | None,
    pages: list[dict[str, Any]],
    proof_line: Callable[[str, str, str], None],
) -> None:
    page, wrong = page_for(person), []
    for entry in pages:
        page.set_viewport_size({"width": 1280, "height": 900})
        if problem := visit(page, entry):
            wrong.append(f"{entry['name']}: {problem}")
            continue
        for width, scheme in WAYS[: size(0, 4)] or [WAYS[TURN[entry["name"]]]]:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for found in axe_violations(page):
                places = "; ".join(str(node["target"]) for node in found["nodes"][:3])
                wrong.append(f"{entry['name']} {width} {scheme}: {found['id']}, {found['help']}: {places}")
        for width in (*WIDTHS, ENLARGED):
            page.set_viewport_size({"width": width, "height": 450})
            if problem := too_wide(page):
                wrong.append(f"{entry['name']} {width}: {problem}")
    proof_line(
        "axe, WCAG 2.2 AA",
        "0 violations",
        f"{person or 'a visitor'}: {len(pages)} pages, {len(wrong)} faults",
    )
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def stage() -> str:
    return "submitted"


def test_what_a_swap_brings_breaks_no_rule(somebody: Callable[..., Person], axe: Callable[..., None]) -> None:
    penilai = somebody("bagas")
    penilai.opens_task("SKP 2026, Sekar Ayu Lestari")
    older = Person(penilai.page.context.new_page(), penilai.name, penilai.password)
    older.opens(penilai.address)
    penilai.does("Mulai dialog", "Dialog Kinerja")
    axe(penilai.page)
    penilai.act("Sepakati").click()
    penilai.sees("Menunggu Sekar Ayu Lestari")
    axe(penilai.page)
    older.act("Mulai dialog").click()
    older.sees("Dokumen ini sudah berubah")
    axe(older.page)


def test_a_refused_form_and_a_conflict_break_no_rule(
    somebody: Callable[..., Person], axe: Callable[..., None]
) -> None:
    pegawai = somebody("sekar")
    skp = pegawai.opens_own("SKP 2026")
    pegawai.does("Tarik kembali", "Draf")
    pegawai.opens(f"{skp}/edit")
    other = Person(pegawai.page.context.new_page(), pegawai.name, pegawai.password)
    other.opens(f"{skp}/edit")
    pegawai.result(1).get_by_label("Target", exact=True).fill("1,234.5")
    pegawai.presses("Simpan draf")
    pegawai.is_told("koma untuk desimal")
    axe(pegawai.page)
    pegawai.result(1).get_by_label("Target", exact=True).fill("6")
    pegawai.presses("Simpan draf")
    other.rewrites_result(1, "Laporan yang lain")
    other.sees("Tab lain Anda menyimpan lebih dahulu")
    axe(other.page)
    other.main.get_by_role("button", name="Lihat kedua versi").first.click()
    other.sees("Dua tab menyimpan dokumen yang sama")
    axe(other.page)
