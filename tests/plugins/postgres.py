"""Databases for tests: a throw-away PostgreSQL cluster per worker, and a fresh migrated database per test.

A test that asks for `database_url` runs twice, on SQLite and on PostgreSQL; `sqlite_url` and `postgres_url` give one
of them. Each is a copy of a template that was migrated once per worker: a test pays for the copy only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import psycopg

LEAST_VERSION = 15
PREFIX = "kinerja-tests-"
# Tests are about what the program does, not about the disk: a crash of the machine may lose a throw-away cluster.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
COMMON = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


def find_binaries() -> Path:
    """The newest PostgreSQL server on this machine that is new enough; an error that says what to install otherwise."""
    found: list[tuple[int, Path]] = []
    candidates = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        words = subprocess.run(
            [folder / "initdb", "--version"], capture_output=True, text=True, check=True
        ).stdout
        match = re.search(r"(\d+)", words)
        if match and int(match[1]) >= LEAST_VERSION:
            found.append((int(match[1]), folder))
    if not found:
        raise RuntimeError(
            f"no PostgreSQL server >= {LEAST_VERSION} on this machine: scripts/ensure-tools says what to install"
        )
    return max(found)[1]


def unprivileged_user() -> str | None:
    """initdb and postgres refuse root: the account to run them as, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError(
        "PostgreSQL refuses to run as root, and there is neither a postgres nor a nobody account"
    )


def _die_with_parent() -> None:
    """In the child: stop fast when the tests are killed, so that no server is left behind (Linux only)."""
    os.setsid()  # Ctrl-C is for pytest, which then stops the server in order
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _scratch_root(*, on_disk: bool = False) -> Path:
    """Memory where there is plenty: a copy of a database is 300 files, 20 ms there and up to 350 ms on a disk."""
    memory = Path("/dev/shm")
    if not on_disk and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3:
        return memory
    return Path(tempfile.gettempdir())


def scratch_folder(*, on_disk: bool = False) -> Path:
    """A new folder for throw-away databases; first removes what killed runs left (their process id is in the name)."""
    root = _scratch_root(on_disk=on_disk)
    for folder in root.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if Path("/proc/self").exists() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=root))


class Cluster:
    """A temporary PostgreSQL server on 127.0.0.1.

    `durable=True` keeps fsync on and the files on disk: for tests that kill it.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.binaries = find_binaries()
        self.user = unprivileged_user()
        self.settings = COMMON | ({} if durable else FAST)
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: psycopg.Connection | None = None
        self.folder = scratch_folder(on_disk=durable)
        self.data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        done = self._run(
            "initdb",
            "--pgdata",
            str(self.data),
            "--username=kinerja",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        )
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            user=self.user,
            extra_groups=[] if self.user else None,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        """Start on a free port and wait until it answers."""
        log = self.folder / "log"
        for _ in range(3):  # another process may take the port between our look and the server's bind
            self.port = self.port or _free_port()
            options = self.settings | {
                "port": str(self.port),
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": str(self.folder),
            }
            switches = [f"--{name}={value}" for name, value in options.items()]
            with log.open("ab") as output:
                self._process = subprocess.Popen(
                    [str(self.binaries / "postgres"), "-D", str(self.data), *switches],
                    user=self.user,
                    extra_groups=[] if self.user else None,
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    preexec_fn=_die_with_parent,
                )
            deadline = time.monotonic() + 60
            while self._process.poll() is None and time.monotonic() < deadline:
                if self._answers():
                    return
                time.sleep(0.02)
            self.stop("immediate")
            self.port = 0
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")

    def _answers(self) -> bool:
        import psycopg

        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self._dsn("postgres")):
            return True
        return False

    def stop(self, how: str = "fast") -> None:
        """`fast` rolls back and leaves a clean cluster; `immediate` is what a crash does."""
        if self._process is None:
            return
        if self._admin is not None:
            self._admin.close()
        self._process.send_signal(signal.SIGINT if how == "fast" else signal.SIGQUIT)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _dsn(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=kinerja dbname={name}"

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://kinerja@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Run a statement outside any transaction, over a connection that stays open, for speed."""
        import psycopg

        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self._dsn("postgres"), autocommit=True)
        self._admin.execute(statement.encode())

    def create(self, name: str, template: str = "template1") -> str:
        # Copying files is the quicker of the two strategies for a small template, and costs no log.
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def pg_cluster() -> Iterator[Cluster]:
    """The worker's own PostgreSQL server: started by the first test that needs it, gone with the last."""
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="session")
def pg_template(pg_cluster: Cluster, migrate_database: Callable[[str], None]) -> str:
    """Name of a migrated database that nobody is connected to (PostgreSQL copies only such a one)."""
    migrate_database(pg_cluster.create("template_kinerja"))
    return "template_kinerja"


@pytest.fixture
def pg_url_factory(pg_cluster: Cluster, pg_template: str) -> Iterator[Callable[[], str]]:
    """Call it for the URL of a fresh migrated PostgreSQL database; each call gives another one."""
    made: list[str] = []

    def make() -> str:
        made.append(f"test_{secrets.token_hex(6)}")
        return pg_cluster.create(made[-1], pg_template)

    yield make
    for name in made:
        pg_cluster.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(migrate_database: Callable[[str], None]) -> Iterator[Path]:
    """A migrated SQLite file that nobody has open."""
    folder = scratch_folder()
    path = folder / "template.sqlite3"
    migrate_database(f"sqlite:///{path}")
    leftovers = [other.name for other in folder.iterdir() if other != path]
    assert not leftovers, f"the migrated template is not closed: {leftovers} beside it"
    yield path
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url_factory(sqlite_template: Path) -> Iterator[Callable[[], str]]:
    """Call it for the URL of a fresh migrated SQLite file; each call gives another one."""
    folder = Path(tempfile.mkdtemp(dir=sqlite_template.parent))

    def make() -> str:
        path = folder / f"{secrets.token_hex(6)}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    yield make
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(sqlite_url_factory: Callable[[], str]) -> str:
    return sqlite_url_factory()


@pytest.fixture
def postgres_url(pg_url_factory: Callable[[], str]) -> str:
    return pg_url_factory()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url_factory(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Fresh migrated databases; the test runs once on SQLite and once on PostgreSQL."""
    make: Callable[[], str] = request.getfixturevalue(
        "sqlite_url_factory" if request.param == "sqlite" else "pg_url_factory"
    )
    return make


@pytest.fixture
def database_url(url_factory: Callable[[], str]) -> str:
    """One fresh migrated database; the test runs once on SQLite and once on PostgreSQL."""
    return url_factory()
