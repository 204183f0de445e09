"""Many people open one document at the same moment: everybody gets the page, and every reading is kept."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import ReadLog
from tests.year.acts import agree_and_sign, drafts_an_skp
from tests.year.conftest import Office

READERS, TIMES = 4, 6


def test_reading_at_once_loses_no_page_and_no_reading(office: Office) -> None:
    sekar, bagas = office.signs_in("sekar"), office.signs_in("bagas")
    address = drafts_an_skp(sekar)
    agree_and_sign(sekar, bagas, address)
    browsers = [office.signs_in("bagas") for _ in range(READERS)]
    with office.app.app_context():
        before = db.session.scalar(sa.select(sa.func.count()).select_from(ReadLog)) or 0
    statuses: list[int] = []
    start = threading.Barrier(READERS)

    def read(browser: object) -> None:
        start.wait()
        for _ in range(TIMES):
            answer = browser.client.get(address, base_url="https://localhost")  # type: ignore[attr-defined]
            statuses.append(answer.status_code)

    threads = [threading.Thread(target=read, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.app.app_context():
        after = db.session.scalar(sa.select(sa.func.count()).select_from(ReadLog)) or 0
    assert statuses == [200] * READERS * TIMES
    assert after - before == READERS * TIMES
