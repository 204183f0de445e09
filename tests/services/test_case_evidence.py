"""The file of an objection: every piece of evidence opens for whoever must read it, and no version tells more."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kinerja.services import evidence, official_copy, policy
from kinerja.services.errors import BadInput, NotThere
from tests.services.evaluation_office import Office, at

CONSIDERED = "Surat dan catatan dialog menunjukkan data sumber terlambat 23 hari kerja."


def write(office: Office) -> None:
    change = {"decision": "menguatkan", "considerations": CONSIDERED}
    office.send("write_decision", "direktur", "objection", change=change)


# Every file that a case rests on, by the document one opens it through, and who may.
READERS = {
    ("realisation", "realisasi"): {"pegawai", "kasubdit", "direktur", "pengelola", "auditor"},
    ("predicate_review", "realisasi"): {"pegawai", "kasubdit", "direktur", "pengelola", "auditor"},
    ("objection", "realisasi"): {"pegawai", "kasubdit", "direktur", "auditor"},
    ("objection", "pemohon"): {"pegawai", "kasubdit", "direktur", "auditor"},
    ("objection", "penilai"): {"kasubdit", "direktur", "auditor"},
    ("objection", "pegawai"): {"pegawai", "direktur", "auditor"},
}


def brings(office: Office, who: str, name: str) -> str:
    content = io.BytesIO(f"isi {name}".encode())
    return evidence.store_file(office.people[who], f"{name}.txt", content).public_id


def opens(office: Office, who: str, kind: str, public_id: str) -> bool:
    """Is the file handed to this person through this document?"""
    document = office.document(kind)
    actor = office.actor(who, kind)
    if not policy.may_view(document, actor):
        return False
    try:
        return evidence.open_evidence(document, actor, public_id).path is not None
    except NotThere:
        return False


@pytest.fixture
def files(received: Office) -> dict[str, str]:
    """Evidence of the realisation, of the objection and of both explanations: what -> its id."""
    found = {
        what: brings(received, who, what)
        for what, who in (
            ("realisasi", "pegawai"), ("pemohon", "pegawai"), ("penilai", "kasubdit"), ("pegawai", "pegawai"),
        )
    }  # fmt: skip
    attach = [{"item": "satu", "evidence": found["realisasi"], "shows": "hasil"}]
    entry = {"value": Decimal(40), "obstacle": "Menunggu data unit lain."}
    received.send(
        "save", "pegawai", "realisation", change={"attach": attach, "items": {"satu": entry, "dua": entry}}
    )
    received.send("record", "pegawai", "realisation")
    received.object(evidence=[found["pemohon"]])
    received.send("ask_explanation", "direktur", "objection", note="Jelaskan keterlambatan data sumber.")
    for who, what in (("kasubdit", "penilai"), ("pegawai", "pegawai")):
        change = {"explanation": "Data dibahas pada dialog Mei.", "evidence": [found[what]]}
        received.send("explain", who, "objection", change=change)
    return found


def test_every_file_opens_for_whoever_must_read_it_and_for_nobody_else(
    received: Office, files: dict[str, str]
) -> None:
    everybody = set(received.people) - {"wakil"}
    found = {
        place: {who for who in everybody if opens(received, who, place[0], files[place[1]])}
        for place in READERS
    }
    assert found == READERS
    write(received)
    received.send("uphold", "direktur", "objection", signed=True)
    assert opens(received, "pegawai", "objection", files["penilai"]), "decided, each side reads the other"
    assert opens(received, "kasubdit", "objection", files["pegawai"])
    assert not opens(received, "pengelola", "objection", files["penilai"])


def test_a_decider_above_the_chain_of_the_realisation_reads_its_evidence_in_the_case(
    received: Office, files: dict[str, str]
) -> None:
    with at(date(2026, 5, 4)):
        received.due(date(2026, 5, 4))
        assert received.objection().decider_id == received.people["dirjen"]
        assert not opens(received, "dirjen", "realisation", files["realisasi"])
        assert opens(received, "dirjen", "objection", files["realisasi"])
        assert opens(received, "dirjen", "objection", files["penilai"])


def test_evidence_of_somebody_else_does_not_come_with_an_explanation(
    received: Office, files: dict[str, str]
) -> None:
    change = {"explanation": "Data dibahas pada dialog Mei.", "evidence": [files["pegawai"]]}
    with pytest.raises(BadInput):
        received.send("explain", "kasubdit", "objection", change=change)


def test_no_version_of_an_objection_tells_more_than_its_page(received: Office, files: dict[str, str]) -> None:
    """Neither the draft of the decision nor the other side's explanation is read by comparing versions."""
    write(received)
    document = received.document("objection")

    def reads(who: str, number: int = 0) -> dict[str, Any]:
        return official_copy.readable_revision(document, received.actor(who, "objection"), number)

    assert CONSIDERED in reads("direktur").values()
    for who in ("pegawai", "kasubdit", "pengelola", "auditor"):
        for number in (0, document.revision_number):
            assert not {"keputusan", "pertimbangan", "sesudah"} & set(reads(who, number)), who
    assert "penjelasan_penilai" not in reads("pegawai")
    assert set(reads("pegawai")["berkas"]["bukti_penjelasan"]) == {"pegawai"}
    assert "keterangan_pegawai" not in reads("kasubdit")
    assert not {"alasan", "berkas", "evaluasi"} & set(reads("pengelola"))
