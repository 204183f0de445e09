"""A small office behind a real server: the people of `tests/year`, and beside them an analyst whose superior is a Plt.

It stands in demo mode, so that a story can move the calendar. What happened before a story begins is one of the
stages of `e2e/stages.py`, each kept as a folder of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from e2e.server import CACHE, ROOT, environment_of, fingerprint, kept_once
from tests.year import office as people

PASSWORD = people.PASSWORD
BEGINS = datetime(2026, 1, 6, 2, tzinfo=UTC)  # Tuesday 6 January 2026, 09.00 WIB
PLT_ENDS = date(2026, 6, 30)
PLT, PLT_POST = "yohanes", "Kepala Subdirektorat Diseminasi Data"

LEFT = "wira"  # held the post until the end of last year; the reporting line of his analyst still names it
# key: name, NIP, post, group, rank, unit key, penilai
MORE_PEOPLE = {
    "wira": ("I Gede Wira", "196712011992031001", PLT_POST, "JA", "administrator", "dis", "ratih"),
    "yohanes": ("Yohanes Tandi", "198104042006041001", "Kepala Subdirektorat Tata Kelola Data", "JA", "administrator",
                "tata", "ratih"),
    "made": ("Made Suryani", "199305052018012001", "Analis Data Ahli Muda", "JF", "ahli muda", "dis", "wira"),
}  # fmt: skip
# Who reviews agreements and keeps the minutes of the Komite, in the stage that is about units.
PLANNER = "nusa"
PLANNERS = {
    PLANNER: (
        "Nusa Pramesti",
        "198703032011012002",
        "Perencana Ahli Madya",
        "JF",
        "ahli madya",
        "pusat",
        "menteri",
    )
}
PLANNER_ROLES = (("pengelola_organisasi", "K"), ("akop", None), ("sekretariat_komite", None))
EVERYBODY = people.PEOPLE | MORE_PEOPLE | PLANNERS
NAMES = {key: row[0] for key, row in EVERYBODY.items()}
NIP = {key: row[1] for key, row in EVERYBODY.items()}


def small_office(stage: str = "empty") -> Path:
    """The instance folder of the small office at a stage; never served itself, only copied."""
    here = Path(__file__)
    kept = fingerprint(here, here.with_name("stages.py"), Path(people.__file__))
    return kept_once(CACHE / "small" / kept, _build) / stage


def _build(folder: Path) -> None:
    """Write it in a process of its own: an application over another database must not linger in this one."""
    done = subprocess.run(
        [sys.executable, "-m", "e2e.stages", str(folder)], cwd=ROOT, env=environment_of(folder / "work"),
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise RuntimeError(f"the small office could not be built:\n{done.stdout}{done.stderr}")


def furnish() -> dict[str, int]:
    """Bring everybody into an empty database, open 2026 and set the calendar; person ids by key."""
    from kinerja import clock
    from kinerja.db import db, transaction
    from kinerja.models import DemoClock
    from kinerja.services import calendars

    calendars.load_holidays()
    ids = people.furnish()
    with clock.frozen(BEGINS), transaction():
        _second_subdirectorate(ids)
        ahead = BEGINS - clock.monotonic_now()
        db.session.add(DemoClock(id=1, seconds=int(ahead.total_seconds())))
    return ids


def _second_subdirectorate(ids: dict[str, int]) -> None:
    """A vacant post with a Plt, who heads his own subdirectorate besides, and an analyst below it."""
    import sqlalchemy as sa

    from kinerja import clock
    from kinerja.db import db
    from kinerja.ids import new_public_id
    from kinerja.models import Account, Person, Placement, Post, ReportingLine, Unit

    above = db.session.scalars(sa.select(Unit).where(Unit.code == "DLD")).one()
    units = {}
    for key, (code, name) in {
        "dis": ("SDD", "Subdirektorat Diseminasi Data"),
        "tata": ("STK", "Subdirektorat Tata Kelola Data"),
    }.items():
        units[key] = Unit(
            code=code,
            name=name,
            level="L3",
            kind="kantor_pusat",
            zone="WIB",
            owns_strategy_map=False,
            parent_id=above.id,
        )
        db.session.add(units[key])
        db.session.flush()
        units[key].path = f"{above.path}{units[key].id}/"
    ratih = ids["ratih"]
    ratihs_post = db.session.scalars(sa.select(Placement.post_id).where(Placement.person_id == ratih)).one()
    holders = {"ratih": (ratih, ratihs_post)}
    starts = date(2020, 1, 1)
    for key, (name, nip, title, group, rank, unit, boss) in MORE_PEOPLE.items():
        person = Person(
            public_id=new_public_id(), nip=nip, name=name, search_name=name.lower(), status="PNS",
            email=f"{key}@contoh.go.id", grade="III/d",
        )  # fmt: skip
        post = Post(unit_id=units[unit].id, title=title, post_group=group, rank=rank)
        db.session.add_all([person, post])
        db.session.flush()
        ids[key], holders[key] = person.id, (person.id, post.id)
        ends = date(2025, 12, 31) if key == LEFT else None
        placement = {"person_id": person.id, "recorded_at": clock.now()}
        db.session.add(Placement(post_id=post.id, kind="definitif", starts=starts, ends=ends, **placement))
        db.session.add(Account(person_id=person.id, password_hash=people.PASSWORD_HASH))
        superior, his_post = holders[boss]
        db.session.add(
            ReportingLine(
                person_id=person.id, starts=starts, believed_from=people.JANUARY, superior_id=superior,
                superior_post_id=his_post,
            )
        )  # fmt: skip
    stand_in, vacant = holders[PLT][0], holders[LEFT][1]
    db.session.add(
        Placement(
            person_id=stand_in,
            post_id=vacant,
            kind="plt",
            starts=date(2026, 1, 1),
            ends=PLT_ENDS,
            recorded_at=clock.now(),
        )
    )


def planner(ids: dict[str, int]) -> None:
    """Somebody at the top with the offices that a Perjanjian Kinerja goes through."""
    import sqlalchemy as sa

    from kinerja import clock
    from kinerja.db import db, transaction
    from kinerja.ids import new_public_id
    from kinerja.models import Account, Person, Placement, Post, ReportingLine, RoleAppointment, Unit

    name, nip, title, group, rank, _unit, boss = PLANNERS[PLANNER]
    starts = date(2020, 1, 1)
    with transaction():
        units = {unit.code: unit.id for unit in db.session.scalars(sa.select(Unit))}
        person = Person(
            public_id=new_public_id(), nip=nip, name=name, search_name=name.lower(), status="PNS",
            email=f"{PLANNER}@contoh.go.id", grade="IV/a",
        )  # fmt: skip
        post = Post(unit_id=units["K"], title=title, post_group=group, rank=rank)
        db.session.add_all([person, post])
        db.session.flush()
        ids[PLANNER] = person.id
        his_post = db.session.scalars(
            sa.select(Placement.post_id).where(Placement.person_id == ids[boss])
        ).one()
        db.session.add_all(
            [
                Account(person_id=person.id, password_hash=people.PASSWORD_HASH),
                Placement(
                    person_id=person.id, post_id=post.id, kind="definitif", starts=starts, recorded_at=clock.now()
                ),
                ReportingLine(
                    person_id=person.id, superior_id=ids[boss], superior_post_id=his_post, starts=starts,
                    believed_from=people.JANUARY,
                ),
                *(
                    RoleAppointment(
                        public_id=new_public_id(), person_id=person.id, role=role, starts=starts,
                        unit_id=units[code] if code else None, confirmed_at=people.JANUARY,
                    )
                    for role, code in PLANNER_ROLES
                ),
            ]
        )  # fmt: skip
