"""The session of the Tim Penilai Kinerja, where the rule set has one: what it corrects, and when it is passed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kinerja.services.errors import BadInput, NotAllowed
from kinerja.workflows.base import Incomplete
from tests.services.evaluation_office import Office, at, running

APRIL = date(2026, 4, 20)


def in_session(office: Office) -> None:
    """Proposed, calibrated and brought before the session of the TPK."""
    for who, role in (
        ("komite2", "sekretariat_komite"),
        ("dirjen", "pyb"),
        *((w, "anggota_tpk") for w in MEMBERS),
    ):
        office.appoint(who, role)
    office.due(APRIL)
    office.organisation()
    office.propose()
    office.send("calibrate", "direktur", change={})
    office.send("to_session", "komite2", change={"minutes": "Bahan sidang TPK triwulan I."})


MEMBERS = ("asing", "komite", "auditor")


def test_what_a_session_corrects_names_its_factor_its_evidence_and_the_vote(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path, rule_set="kmk127-2026") as office, at(APRIL):
        in_session(office)
        assert office.document().turn == "anggota_tpk"
        decided = {
            "present": [office.people[who] for who in MEMBERS], "result_rating": "diatas", "behaviour_rating": "sesuai",
            "sentence": "Prestasi nasional dengan piagam.",
        }  # fmt: skip
        grounds = {"factor": "prestasi nasional", "evidence": "Piagam SK-9/2026", "vote": "3 setuju"}
        for missing in grounds:
            with pytest.raises(BadInput) as refused:
                office.send("decide_session", "asing", change=decided | grounds | {missing: " "})
            assert [one.field_name for one in refused.value.problems] == [missing]
        few = decided | grounds | {"present": decided["present"][:2]}
        with pytest.raises(Incomplete):
            office.send("decide_session", "asing", change=few)
        office.send("decide_session", "asing", change=decided | grounds)
        assert office.state() == "session_decided"
        decree = {"decree_number": "SKEP-1/2026", "decree_date": APRIL}
        office.send("determine", "dirjen", change=decree)
        assert (office.state(), office.review().result_rating) == ("determined", "diatas")


def test_a_session_is_passed_over_five_working_days_after_its_date_and_not_before(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path, rule_set="kmk127-2026") as office, at(APRIL):
        in_session(office)
        why = "Sidang tidak mencapai kuorum sampai batasnya."
        # The session of the centre is on Sunday 31 May; five working days later it is Friday 5 June.
        for day in (APRIL, date(2026, 6, 5)):
            with at(day), pytest.raises(NotAllowed):
                office.send("skip_session", "komite", note=why)
        with at(date(2026, 6, 6)):
            office.send("skip_session", "komite", note=why)
            assert office.state() == "calibrated"
            assert office.document().turn == "penilai", "without a session the evaluator determines"
