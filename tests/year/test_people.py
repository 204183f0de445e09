"""The page of a person: everybody may know who he is, nobody sees more documents there than elsewhere."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Person, Placement
from tests.year.acts import drafts_an_skp
from tests.year.conftest import Office


def _address(office: Office, key: str) -> str:
    with office.app.app_context():
        return f"/orang/{db.session.get_one(Person, office.ids[key]).public_id}"


def test_a_person_has_post_superiors_with_their_reason_and_placements(small_office: Office) -> None:
    html = small_office.signs_in("lain").opens(_address(small_office, "sekar"))
    assert "Analis Data Ahli Muda" in html
    chain = html.partition('id="atasan"')[2]
    assert re.findall(r'href="/orang/[^"?]+">([^<]+)</a>', chain) == [
        "Bagas Wicaksono",
        "Ratih Kusumaningrum",
        "Sri Hartati",
    ]
    assert "pemegang definitif jabatan atasan" in chain or "atasan menurut garis pelaporan" in chain
    assert "1 Januari 2020" in html


def test_letters_stand_beside_placements_and_the_reason_of_an_exemption_is_for_superiors(
    small_office: Office,
) -> None:
    sekar, reason = small_office.ids["sekar"], "Cuti di luar tanggungan negara, SK-7/2026"
    with small_office.app.app_context():
        db.session.execute(
            sa.update(Person)
            .where(Person.id == sekar)
            .values(exempt_from=date(2026, 9, 1), exempt_to=date(2026, 12, 31), exempt_reason=reason)
        )
        letter = {"letter": "PRIN-9/2026", "kind": "plh", "authority": "menandatangani"}
        db.session.execute(sa.update(Placement).where(Placement.person_id == sekar).values(letter))
        db.session.commit()
    address = _address(small_office, "sekar")
    html = small_office.signs_in("lain").opens(address)
    assert "PRIN-9/2026 · boleh menandatangani" in html
    assert "Dikecualikan dari perencanaan kinerja 1 September 2026 sampai 31 Desember 2026." in html
    assert reason not in html
    for key in ("bagas", "sekar"):
        assert reason in small_office.signs_in(key).opens(address)


def test_the_page_shows_a_reader_only_the_documents_he_may_open(small_office: Office) -> None:
    sekar = small_office.signs_in("sekar")
    drafts_an_skp(sekar)
    address = _address(small_office, "sekar")
    assert "SKP 2026, Sekar Ayu Lestari" in sekar.opens(address)
    for key in ("bagas", "dimas", "lain"):
        assert "SKP 2026, Sekar Ayu Lestari" not in small_office.signs_in(key).opens(address)


def test_a_supervisor_walks_from_one_of_his_people_to_the_next(small_office: Office) -> None:
    bagas = small_office.signs_in("bagas")
    html = bagas.opens(_address(small_office, "dimas"))
    following = re.search(r'href="([^"]+)" rel="next"', html)
    assert following
    assert "<h1>Sekar Ayu Lestari</h1>" in bagas.opens(following.group(1))
    assert 'rel="next"' not in bagas.text
    assert 'rel="prev"' in bagas.text
    assert 'rel="prev"' not in small_office.signs_in("lain").opens(_address(small_office, "sekar"))


def test_nobody_has_the_page_of_nobody(small_office: Office) -> None:
    small_office.signs_in("sekar").opens("/orang/tidak-ada", 404)


def test_team_and_search_lead_to_the_person(small_office: Office) -> None:
    bagas, address = small_office.signs_in("bagas"), _address(small_office, "sekar")
    assert f'href="{address}"' in bagas.opens("/tim/")
    assert f'href="{address}"' in bagas.opens("/cari/?q=sekar")


def test_the_page_keeps_its_budget(small_office: Office) -> None:
    bagas, address = small_office.signs_in("bagas"), _address(small_office, "sekar")
    bagas.opens(address)
    small_office.statements.clear()
    html = bagas.opens(address)
    assert len(small_office.statements) <= 16, "\n".join(small_office.statements)
    assert len(html.encode()) <= 80_000


def test_the_team_is_a_file_too(small_office: Office) -> None:
    bagas = small_office.signs_in("bagas")
    csv = bagas.opens("/tim/?unduh=csv")
    assert "Sekar Ayu Lestari;'199003032015032001;Analis Data Ahli Muda;Subdirektorat Mutu Data" in csv
    with bagas.client.get("/tim/?unduh=xlsx", base_url="https://localhost") as answer:
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.data))["tim"].values)
    assert [row[0] for row in rows] == ["Nama", "Dimas Prakoso", "Sekar Ayu Lestari"]
    assert rows[2][1:3] == ("199003032015032001", "Analis Data Ahli Muda")
    assert rows[2][7:9] == (0, 0)
