"""Background work by huey: beside the server under `make run`, as a service of its own in production.

The queue lives in the instance folder (SQLite); jobs only name what to do and take plain values.
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from huey import SqliteHuey, crontab
from huey.consumer_options import ConsumerConfig

from kinerja.config import from_environment

_settings = from_environment()
Path(_settings["INSTANCE"]).mkdir(parents=True, exist_ok=True)
huey = SqliteHuey("kinerja", filename=str(Path(_settings["INSTANCE"]) / "antrean.sqlite3"), fsync=True)
log = logging.getLogger("kinerja.jobs")


@huey.periodic_task(crontab(minute="*/15"))
@huey.lock_task("due")
def due() -> None:
    """What falls due today: reminders, escalations, lapses. Safe to run twice."""
    from kinerja.commands.app import application
    from kinerja.services.due import run

    with application():
        run()


@huey.periodic_task(crontab(minute="*"))
@huey.lock_task("tally")
def tally() -> None:
    """Count the units that changed, so that pages of many units need not."""
    from kinerja.commands.app import application
    from kinerja.services import tallies

    with application():
        tallies.keep()


@huey.periodic_task(crontab(minute="7", hour="*"))
def sweep() -> None:
    """Forget what has ended: old sessions, throttles, keys of forms and files of imports."""
    from kinerja.commands.app import application
    from kinerja.services import import_store, sessions, sweeping

    with application():
        sessions.purge()
        import_store.sweep()
        sweeping.forget_keys(older_than=timedelta(days=7))


@huey.task()
def import_files(token: str) -> None:
    """Try or write the files of one import; its page tells how far it is."""
    from kinerja.commands.app import application
    from kinerja.services import import_jobs

    with application():
        import_jobs.work(token)


def run_worker() -> None:
    """Work until told to stop."""
    options: dict[str, Any] = ConsumerConfig(workers=1, worker_type="thread", verbose=False).values
    huey.create_consumer(**{k: v for k, v in options.items() if k in _CONSUMER}).run()


_CONSUMER = (
    "workers",
    "worker_type",
    "periodic",
    "initial_delay",
    "backoff",
    "max_delay",
    "check_worker_health",
)
