"""Writing without scripts: whatever is refused comes back with everything that was typed, at its field."""

from __future__ import annotations

import re

from tests.year.browser import Browser
from tests.year.conftest import Office


def opens_realisation(person: Browser) -> str:
    """The address of the realisation that is open to her."""
    listed = person.opens("/dokumen/?jenis=realisation&siapa=saya&keadaan=open")
    found = re.search(r'href="(/dokumen/[a-z2-7]{16})"', listed)
    assert found is not None
    person.opens(f"{found[1]}/save")
    return found[1]


def test_a_realisation_that_is_not_complete_comes_back_with_what_was_typed(begun_office: Office) -> None:
    sekar = begun_office.signs_in("sekar")
    address = opens_realisation(sekar)
    sekar.sends(sekar.form("/save"))
    form = sekar.form("/save")
    first, second, third = form.names("item-", "-value")
    story = form.names("item-", "-narrative")[0]
    form.action = f"{address}/record"
    sekar.posts(form, {first: "12,5", second: "9999", story: "Tiga laporan dipakai."}, 422)
    again = sekar.form("/save")
    assert [again.value(name) for name in (first, second, third)] == ["12,5", "9999", ""]
    assert again.value(story).strip() == "Tiga laporan dipakai."
    control = re.search(f'<input[^>]*name="{third}"[^>]*>', sekar.text)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert f'href="#{third}"' in sekar.text
    assert "Realisasi indikator 3.1 belum diisi" in sekar.text
