"""A backup taken while people write is one moment, whole: restored, everything of that moment is there and fits."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.models import Document
from tests.matrix import people
from tests.matrix.dying import RECORDED, half_done, written_until
from tests.matrix.papers import Printer
from tests.matrix.world import build
from tests.plugins.app import settings_for
from tests.plugins.postgres import Cluster
from tests.plugins.strict import size

BACKUPS = size(1, 20)


def _truncate(backup: Path) -> Path:
    cut = backup.with_suffix(".terpotong")
    cut.write_bytes(backup.read_bytes()[: backup.stat().st_size * 2 // 3])
    return cut


class OfSqlite:
    """As docs/operasi.md says: the backup of the library, never a copy of the file."""

    def __init__(self, folder: Path):
        self.folder = folder

    def take(self, url: str, number: int) -> Path:
        target = self.folder / f"{number}.sqlite3"
        with (
            sqlite3.connect(url.removeprefix("sqlite:///"), timeout=15) as source,
            sqlite3.connect(target) as copy,
        ):
            source.backup(copy)
        source.close()
        copy.close()
        return target

    def restore(self, backup: Path) -> str | None:
        """The URL of what was restored, or None when the backup is refused."""
        try:
            with sqlite3.connect(backup) as restored:
                sound = restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            restored.close()
        except sqlite3.DatabaseError:
            return None
        return f"sqlite:///{backup}" if sound else None


class OfPostgres:
    """As docs/operasi.md says: pg_dump in its own format, pg_restore that stops at the first error."""

    def __init__(self, folder: Path, cluster: Cluster):
        self.folder, self.cluster = folder, cluster

    def _run(self, program: str, *arguments: str) -> int:
        where = ["--host=127.0.0.1", f"--port={self.cluster.port}", "--username=kinerja"]
        command = [str(self.cluster.binaries / program), *where, *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode

    def take(self, url: str, number: int) -> Path:
        target = self.folder / f"{number}.dump"
        assert self._run("pg_dump", "--format=custom", f"--file={target}", url.rpartition("/")[2]) == 0
        return target

    def restore(self, backup: Path) -> str | None:
        name = f"pulih_{backup.stem}_{backup.suffix[1:]}"
        url = self.cluster.create(name)
        done = self._run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={name}", str(backup))
        return url if done == 0 else None


def test_a_backup_taken_while_people_write_is_whole_and_a_cut_one_is_refused(
    url_factory: Callable[[], str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    proof_line: Callable[[str, str, str], None],
) -> None:
    url = url_factory()
    dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
    ways = (
        OfSqlite(tmp_path)
        if dialect == "sqlite"
        else OfPostgres(tmp_path, request.getfixturevalue("pg_cluster"))
    )
    with clock.frozen(people.NOW):
        world = build(url, cases=(RECORDED,))
        writer = create_app(settings_for(url))
        with world.app.app_context():
            public_id = Printer(world.ids).print(RECORDED)
            db.session.rollback()
        world.close()
        taken: list[Path] = []
        for number in range(BACKUPS):

            def back_up_and_stop(process_id: int, number: int = number) -> None:
                taken.append(ways.take(url, number))
                os.kill(process_id, signal.SIGKILL)

            before = _version_in(url, public_id)
            written_until(writer, public_id, world.ids["self"], 0.2, back_up_and_stop)
            restored = ways.restore(taken[-1])
            assert restored is not None
            app = create_app(settings_for(restored))
            with app.app_context():
                assert half_done(public_id) == []
                db.session.rollback()
                db.engine.dispose()
            kept, after = _version_in(restored, public_id), _version_in(url, public_id)
            assert before < kept <= after, "of a moment while the writer wrote"
            assert ways.restore(_truncate(taken[-1])) is None
    proof_line(
        "Backup and restore under load",
        "counts, hashes, chain head equal; a truncated one refused",
        f"{dialect}: {BACKUPS} backups whole, {BACKUPS} cut ones refused",
    )


def _version_in(url: str, public_id: str) -> int:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sa.select(Document.version).where(Document.public_id == public_id))
    engine.dispose()
    return int(found or 0)
