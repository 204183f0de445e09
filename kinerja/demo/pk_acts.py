"""How the Perjanjian Kinerja of the demo office come about: level by level from the ministry down."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.demo.stage import PENILAI, Stage
from kinerja.ids import new_key
from kinerja.models import Document, Iku, Objective, Unit
from kinerja.services import agreement_start, structure, transitions
from kinerja.services.agreements import upk_above
from kinerja.services.periods import period_of

HERE = Path(__file__).parent / "pk"
OFFICE, OFFICE_EAST, COMMITTEE = "Ayu Puspitasari", "Selvi Tangkudung", "Retno Palupi"
TOP = "KEM"
HEAD, ABOVE, REVIEWER = "head", "above", "reviewer"
# The way of a PK with who takes each step and on which day after the first.
STEPS = (
    ("propose", HEAD, 1), ("open_dialogue", ABOVE, 2), ("agree", HEAD, 4), ("agree", ABOVE, 4),
    ("send_review", HEAD, 4), ("clear", REVIEWER, 6), ("sign_first", HEAD, 7), ("sign_second", ABOVE, 8),
)  # fmt: skip
SIGNED = ("sign_first", "sign_second")


@dataclass(frozen=True)
class Plan:
    """The PK of one unit: who heads it, when it is begun, and after which step it stops for now."""

    unit: str
    head: str
    begins: date
    until: str = "sign_second"
    reviewer: str = OFFICE


@cache
def contents() -> dict[str, dict[str, Any]]:
    """Code of a unit -> what its PK says."""
    found = {}
    for path in sorted(HERE.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found |= dict.fromkeys(content["unit"], content)
    return found


def plan_pk(stage: Stage, plan: Plan) -> None:
    """Put the acts of one PK on the stage; that of the ministry is noted by the Komite Eksekutif, not countersigned."""
    year, top = plan.begins.year, plan.unit == TOP
    first = stage.workday(plan.head, plan.begins)
    stage.add(
        stage.at(plan.head, first, 8), f"{plan.unit} create pk", lambda: _create(stage, plan), about=plan.head
    )
    if plan.until == "create":
        return
    agreed = 0
    for hour, (event, by, after) in enumerate(STEPS, 9):
        day = max(first, stage.workday(plan.head, plan.begins + timedelta(days=after)))
        moment = stage.at(plan.head, day, hour)
        if event == "agree":
            agreed += 1
            if top and agreed > 1:
                continue
        if top and event == "sign_second":
            stage.plan(
                moment, plan.head, "pk", year, "take_note", COMMITTEE,
                change={"number": "RIS-2/KE/2026", "on": day},
            )  # fmt: skip
            return
        names = {HEAD: plan.head, ABOVE: COMMITTEE if top else PENILAI, REVIEWER: plan.reviewer}
        stage.plan(moment, plan.head, "pk", year, event, names[by], signed=event in SIGNED)
        if plan.until == event and (event != "agree" or agreed > 1):
            return


def _create(stage: Stage, plan: Plan) -> None:
    unit = db.session.scalars(sa.select(Unit).where(Unit.code == plan.unit)).one()
    period = period_of(plan.begins.year)
    assert period is not None
    person = stage.ids[plan.head]
    assert structure.head_of(unit.id, clock.today(unit.zone)).person_id == person
    stage.forget(plan.head)
    document = agreement_start.create_pk(unit.id, period, by_id=person)
    change = _change(contents()[plan.unit], _above(unit, document))
    transitions.send(document.public_id, "edit", person, version=document.version, change=change)


def _above(unit: Unit, document: Document) -> dict[str, int]:
    """Code -> id of the IKU in the PK of the UPK above."""
    above = upk_above(unit)
    if above is None:
        return {}
    rows = db.session.execute(
        sa.select(Iku.code, Iku.id)
        .join(Objective, Objective.id == Iku.objective_id)
        .join(Document, Document.id == Objective.pk_id)
        .where(Document.unit_id == above.id, Document.period_id == document.period_id)
    ).all()
    return {row.code: row.id for row in rows}


def _change(given: Mapping[str, Any], above: Mapping[str, int]) -> dict[str, Any]:
    """The content as the editing form would send it."""
    keys = {objective["kode"]: new_key() for objective in given["sasaran"]}
    ikus = {iku["kode"]: new_key() for objective in given["sasaran"] for iku in objective["iku"]}
    return {
        **{name: given.get(name, "") for name in ("visi", "misi", "tujuan", "tempat")},
        "sasaran": [
            {name: objective.get(name, "") for name in ("kode", "perspektif", "pernyataan", "narasi")}
            | {
                "key": keys[objective["kode"]],
                "sebab": [keys[code] for code in objective.get("sebab", [])],
                "iku": [_iku(iku, ikus, above) for iku in objective["iku"]],
            }
            for objective in given["sasaran"]
        ],
        "inisiatif": [
            dict(one)
            | {"key": new_key(), "ss": keys[one["ss"]], "iku": [ikus[code] for code in one["iku"]]}
            | {"tahapan": [{"key": new_key(), "risiko": ""} | dict(stage) for stage in one["tahapan"]]}
            for one in given.get("inisiatif", [])
        ],
        "anggaran": [{"key": new_key(), "keterangan": ""} | dict(line) for line in given["anggaran"]],
        "risiko": [{"key": new_key()} | dict(line) for line in given.get("risiko", [])],
    }


def _iku(given: Mapping[str, Any], keys: Mapping[str, str], above: Mapping[str, int]) -> dict[str, Any]:
    slots = ("TW1", "TW2", "TW3", "TW4")
    return {
        "key": keys[given["kode"]],
        **{name: given[name] for name in ("kode", "nama", "target", "satuan", "validitas", "kendali")},
        "polarisasi": given.get("polarisasi", "maximize"),
        "konsolidasi": given.get("konsolidasi", "sum"),
        "cascading": given.get("cascading", ""),
        "wajib": given.get("wajib", False),
        "diturunkan": above.get(given.get("dari", "")),
        "lintasan": dict(zip(slots, given["lintasan"].split(), strict=True)),
    }
