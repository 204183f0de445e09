"""An SKP whose penilai is not there, page by page, on both databases."""

from __future__ import annotations

from datetime import date

from kinerja.db import db, transaction
from kinerja.models import ReportingLine
from kinerja.services import identity
from tests.year.acts import acts, drafts_an_skp
from tests.year.conftest import Office


def _line_ends(office: Office, last: date | None) -> None:
    with office.app.app_context(), transaction():
        db.session.query(ReportingLine).filter_by(person_id=office.ids["sekar"]).update({"ends": last})
        identity.relations_changed()


def test_the_page_says_that_nobody_is_there_and_the_task_reaches_the_pengelola(office: Office) -> None:
    sekar, wening, bagas = (office.signs_in(key) for key in ("sekar", "wening", "bagas"))
    address = drafts_an_skp(sekar)
    acts(sekar, address, "submit")
    assert "tanpa-penilai" not in sekar.opens(address)
    _line_ends(office, date(2026, 1, 7))
    office.it_is(2026, 1, 8)
    assert office.falls_due().failed == []
    page = sekar.opens(address)
    assert "Pejabat Penilai belum ditetapkan" in page
    assert "sejak 8 Januari 2026" in page
    assert "Bila belum ada sampai 15 Januari 2026" in page
    assert "Diberi tahu: Wening Astuti" in page
    assert "/profil/data-saya-salah" in page.partition('id="tanpa-penilai"')[2].partition("</div></div>")[0]
    assert address not in wening.opens("/").partition('id="tindakan"')[2].partition("</section>")[0]
    office.it_is(2026, 1, 19)
    assert office.falls_due().failed == []
    assert address in wening.opens("/").partition('id="tindakan"')[2].partition("</section>")[0]
    assert "Yang mengurus penetapannya: Wening Astuti" in wening.opens(address)
    assert "Mulai dialog</button>" not in wening.opens(address), "she sees to it, she does not judge"
    _line_ends(office, None)
    assert office.falls_due().failed == []
    assert address not in wening.opens("/").partition('id="tindakan"')[2].partition("</section>")[0]
    assert address in bagas.opens("/").partition('id="tindakan"')[2].partition("</section>")[0]
    assert "tanpa-penilai" not in sekar.opens(address)
