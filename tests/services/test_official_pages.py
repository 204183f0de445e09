"""The pages of the official forms over HTTP: who gets in, what stands there, and markup that a strict reader passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient

from kinerja import clock, create_app, models
from kinerja.db import db, transaction
from kinerja.services import sessions, transitions
from tests.plugins.app import settings_for
from tests.services import evaluation_office, monitoring_office
from tests.services.evaluation_office import at
from tests.ui.markup import complaints

APRIL = date(2026, 4, 20)


class Browser:
    """The whole application over the office's database, with somebody signed in."""

    def __init__(self, office: Any, files: Path, **more: Any) -> None:
        self.office = office
        url = flask.current_app.config["SQLALCHEMY_DATABASE_URI"]
        self.app = create_app(settings_for(url, INSTANCE=files, FILES=files) | more)

    def get(self, who: str, path: str) -> Any:
        return self._client(who).get(path, base_url="https://localhost")

    def post(self, who: str, path: str, data: dict[str, Any]) -> Any:
        return self._client(who).post(path, data=data, base_url="https://localhost")

    def _client(self, who: str) -> FlaskClient:
        person = self.office.people[who]
        # The office's own session lets go of the file, so that the application may write to it.
        db.session.commit()
        with self.app.app_context():
            if db.session.get(models.Account, person) is None:
                with transaction():
                    db.session.add(models.Account(person_id=person))
            token = sessions.open_session(person)
        client: FlaskClient = self.app.test_client()
        with client.session_transaction(base_url="https://localhost") as cookie:
            cookie["t"] = token
        return client


@pytest.fixture
def skp(sqlite_template: Path, tmp_path: Path) -> Iterator[Browser]:
    with monitoring_office.running(sqlite_template, tmp_path) as office:
        yield Browser(office, tmp_path)


@pytest.fixture
def evaluation(sqlite_template: Path, tmp_path: Path) -> Iterator[Browser]:
    with evaluation_office.running(sqlite_template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        yield Browser(office, tmp_path)


def address(browser: Browser, document: models.Document | None = None) -> str:
    found = document or db.session.get_one(models.Document, browser.office.skp_id)
    return f"/dokumen/{found.public_id}"


def sound(answer: Any) -> str:
    assert answer.status_code == 200
    assert complaints(answer.text) == []
    return answer.text


def test_a_draft_says_so_in_words_on_the_sheet(skp: Browser) -> None:
    html = sound(skp.get("pegawai", address(skp) + "/formulir"))
    assert "DRAF. Belum ditandatangani; isi masih dapat berubah." in html
    assert "FORMAT A.1.7" in html
    assert "FORMAT A.1.8" in html
    assert "(tempat), (tanggal, bulan, tahun)" in html


def test_a_signed_form_carries_signature_and_hash(skp: Browser) -> None:
    skp.office.establish()
    html = sound(skp.get("pegawai", address(skp) + "/formulir"))
    stored = db.session.query(models.Revision).filter_by(document_id=skp.office.skp_id).one().content_hash
    assert "ditandatangani secara elektronik pada" in html
    assert "26 Januari 2026, 10.00 WIB" in html
    assert stored[:32] in html
    assert stored[32:] in html


def test_one_sheet_can_be_printed_alone(skp: Browser) -> None:
    html = sound(skp.get("pegawai", address(skp) + "/formulir?lembar=A.1.8"))
    assert "FORMAT A.1.8" in html
    assert "FORMAT A.1.7" not in html


@pytest.mark.parametrize("path", ["/formulir", "/bandingkan", "/langkah/1"])
def test_a_stranger_finds_nothing(skp: Browser, path: str) -> None:
    assert skp.get("asing", address(skp) + path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/formulir?revisi=9",
        "/formulir?revisi=x",
        "/bandingkan?dari=9",
        "/bandingkan?ke=%C2%B2",
        "/langkah/77",
    ],
)
def test_what_does_not_exist_is_not_there(skp: Browser, path: str) -> None:
    skp.office.establish()
    assert skp.get("pegawai", address(skp) + path).status_code == 404


def test_opening_the_form_is_in_the_read_log(skp: Browser) -> None:
    skp.get("penilai", address(skp) + "/formulir")
    assert [(r.what, r.person_id) for r in db.session.query(models.ReadLog)] == [
        ("formulir", skp.office.people["penilai"])
    ]


def test_the_present_text_is_compared_with_the_signed_one(skp: Browser) -> None:
    skp.office.establish()
    with transaction():
        db.session.get_one(models.Person, skp.office.people["pegawai"]).name = "Pegawai Baru"
    html = sound(skp.get("pegawai", address(skp) + "/bandingkan?dari=1&ke=0"))
    assert "Pegawai yang dinilai" in html
    assert "<ins>" in html
    same = sound(skp.get("pegawai", address(skp) + "/bandingkan?dari=1&ke=1"))
    assert "Tidak ada perbedaan" in same


@pytest.fixture
def reopened(skp: Browser) -> Browser:
    """In force on 26 January, opened again with another name on 3 February."""
    skp.office.establish()
    document = db.session.get_one(models.Document, skp.office.skp_id, populate_existing=True)
    first = document.revision_number
    with clock.frozen(datetime(2026, 2, 3, 3, tzinfo=UTC)):
        with transaction():
            db.session.get_one(models.Person, skp.office.people["pegawai"]).name = "Pegawai Baru"
        transitions.send(
            document.public_id, "reopen", skp.office.people["atasan"], version=document.version, note="Salah satuan target",
        )  # fmt: skip
    assert (
        db.session.get_one(models.Document, document.id, populate_existing=True).revision_number == first + 1
    )
    return skp


@pytest.mark.parametrize(
    ("first", "second", "versions"),
    [
        ("2026-02-02", "2026-02-03", ("versi 1", "versi 2")),
        ("2026-01-26", "2026-12-31", ("versi 1", "versi 2")),
        ("9999-12-31", "2026-02-02", ("versi 2", "versi 1")),
    ],
)
def test_two_days_are_compared_by_the_versions_in_force_on_them(
    reopened: Browser, first: str, second: str, versions: tuple[str, str]
) -> None:
    html = sound(
        reopened.get(
            "pegawai", f"{address(reopened)}/bandingkan?dari=1&ke=1&dari_tanggal={first}&ke_tanggal={second}"
        )
    )
    assert re.findall(r"berlaku (versi \d)", html) == list(versions)
    assert re.findall(r'<option value="(\d)" selected', html) == [text[-1] for text in versions]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-01-25", "Pada tanggal ini belum ada versi dokumen yang tersimpan."),
        ("kemarin dulu", "Tanggal ini tidak ada atau tidak terbaca."),
        ("0001-01-01", "belum ada versi"),
    ],
)
def test_a_day_without_a_version_is_refused_at_its_field_with_what_was_typed(
    reopened: Browser, day: str, said: str
) -> None:
    answer = reopened.get("pegawai", f"{address(reopened)}/bandingkan?dari_tanggal={day}")
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{day}"' in answer.text
    assert complaints(answer.text) == []


def test_a_step_shows_the_document_as_it_was(skp: Browser) -> None:
    skp.office.establish()
    document = db.session.get_one(models.Document, skp.office.skp_id, populate_existing=True)
    html = sound(skp.get("pegawai", f"{address(skp)}/langkah/{document.version}"))
    assert "Dokumen pada langkah ini" in html
    assert "FORMAT A.1.7" in html


def test_a_realisation_points_to_where_it_is_printed(skp: Browser) -> None:
    skp.office.establish()
    html = sound(skp.get("pegawai", address(skp, skp.office.document()) + "/formulir"))
    assert "tidak mempunyai formulir sendiri" in html
    # ... and so its own page does not offer one; that of the SKP does
    for document, offered in ((skp.office.document(), False), (None, True)):
        own = address(skp, document) if document else address(skp)
        assert ("Tampilan formulir" in sound(skp.get("pegawai", own))) is offered


def test_a_recorded_realisation_is_listed_as_it_was(skp: Browser) -> None:
    skp.office.establish()
    with at(date(2026, 4, 6)):
        skp.office.record()
        document = skp.office.document()
        html = sound(skp.get("pegawai", f"{address(skp, document)}/langkah/{document.version}"))
    assert "Realisasi per indikator" in html
    assert "<ins>" not in html


@pytest.mark.parametrize("who", ["pegawai", "auditor"])
def test_ratings_wait_for_their_determination(evaluation: Browser, who: str) -> None:
    evaluation.office.organisation()
    evaluation.office.propose()
    document = evaluation.office.document()
    html = sound(evaluation.get(who, address(evaluation, document) + "/formulir"))
    assert "Formulir belum terbuka" in html
    assert "SESUAI EKSPEKTASI" not in html
    assert evaluation.get(who, address(evaluation, document) + "/bandingkan").status_code == 404
    for sequence in range(1, document.version + 1):
        answer = evaluation.get(who, f"{address(evaluation, document)}/langkah/{sequence}")
        assert answer.status_code in (200, 404)
        assert "SESUAI EKSPEKTASI" not in answer.text


def test_a_received_evaluation_is_printed_with_its_attachment_and_its_assumptions(
    evaluation: Browser,
) -> None:
    evaluation.office.to_received()
    html = sound(evaluation.get("pegawai", address(evaluation, evaluation.office.document()) + "/formulir"))
    assert "FORMAT D.1.1" in html
    assert "FORMAT C.1.3" in html
    assert "(LAMBANG GARUDA)" in html
    assert 'class="k-asumsi"' in html
    assert "Tinggi kurva gambar" in html


def test_a_decision_that_changes_the_result_prints_its_own_form(evaluation: Browser) -> None:
    office = evaluation.office
    office.to_received()
    office.object()
    for event, who, more in (
        ("ask_explanation", "direktur", {"note": "Mohon penjelasan kedua pihak."}),
        ("explain", "pegawai", {"change": {"explanation": "Data unit lain terlambat dua hari."}}),
        ("explain", "kasubdit", {"change": {"explanation": "Bukti masuk sesudah penilaian."}}),
    ):
        office.send(event, who, "objection", **more)
    office.send(
        "write_decision", "direktur", "objection",
        change={
            "decision": "mengubah", "considerations": "Bukti sah dan sudah ada sebelum batas waktu.",
            "recommendation": "Rating hasil kerja dinaikkan.", "result_rating": "diatas",
        },
    )  # fmt: skip
    office.send("change", "direktur", "objection", signed=True)
    html = sound(evaluation.get("pegawai", address(evaluation, office.document()) + "/formulir"))
    assert "FORMAT D.1.3" in html
    assert "Bukti masuk sesudah penilaian." in html
    assert "Rekomendasi: Rating hasil kerja dinaikkan." in html
    assert "11. Atasan Pejabat Penilai Kinerja" in html
