"""The demo office behind a real HTTP server, the same at the start of every test.

The office is furnished once by `kinerja serve` itself, kept under `.cache/` for as long as the code, the lock and
the day are the same, and copied for each test. The server of a test is forked from a process that has the application
imported.
"""

from __future__ import annotations

import fcntl
import hashlib
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "office"
INGREDIENTS = ("kinerja", "migrations", "requirements.txt")
# Pages and catalogues change nothing in the database: editing one must not furnish the office anew.
NOT_INGREDIENTS = {".html", ".css", ".js", ".svg", ".po", ".mo", ".pyc"}

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["kinerja", "waitress", "sqlalchemy.dialects.sqlite", "e2e.warm"])


def environment_of(instance: Path, **more: str) -> dict[str, str]:
    """The environment of a demo server whose database and files live in `instance`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KINERJA_", "DATABASE_URL", "PORT"))
    }
    return kept | {"KINERJA_DEMO": "1", "KINERJA_INSTANCE": str(instance), "KINERJA_WORKER": "0"} | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def fingerprint(*more: Path) -> str:
    """Changes when anything that shapes an office does: code, data, lock, and the day it is made on."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for top in (*(ROOT / name for name in INGREDIENTS), *more):
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix not in NOT_INGREDIENTS:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def furnished_office() -> Path:
    """The instance folder of a freshly furnished demo office; never served itself, only copied."""
    return kept_once(CACHE / "demo" / fingerprint(), _furnish)


def kept_once(ready: Path, make: Callable[[Path], None]) -> Path:
    """The folder `ready`, made if it is not there yet; what older code had made beside it goes."""
    shelf = ready.parent
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # of several test workers one furnishes, the others wait
        if not ready.exists():
            for old in shelf.glob("*/"):
                shutil.rmtree(old)
            unfinished = shelf / "unfinished"
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(ready)
    return ready


def _furnish(instance: Path) -> None:
    """Let `kinerja serve` make the office, as `make run` does on its first start, and stop it once it answers."""
    port = free_port()
    log = CACHE / "furnish.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kinerja.cli", "serve"],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env=environment_of(instance, PORT=str(port)),
        )
        deadline = (
            time.monotonic() + 400
        )  # furnishing takes 20 s on two free cores, and they are not always free
        while (
            process.poll() is None
            and time.monotonic() < deadline
            and not answers(f"http://127.0.0.1:{port}/")
        ):
            time.sleep(0.1)
        ended_early = process.poll() is not None
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if ended_early or time.monotonic() > deadline:
        words = log.read_text(errors="replace")[-3000:]
        shutil.rmtree(instance)
        raise RuntimeError(f"kinerja serve did not furnish the demo office:\n{words}")


def _serve(environment: Mapping[str, str], port: int, ready: Connection) -> None:
    """In the forked child: one waitress over the given instance, gone when the tests are gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=lambda: (parent.join(), os._exit(0)), daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)

    import waitress

    from kinerja import create_app

    server = waitress.create_server(create_app(), host="127.0.0.1", port=port, threads=8)
    ready.send(server.effective_port)
    server.run()


class LiveServer:
    """A running demo office: `url` to visit, `kinerja(...)` for commands on the same database."""

    def __init__(self, instance: Path, **environment: str) -> None:
        self.instance = instance
        self.environment = environment_of(instance, **environment)
        self.port = 0
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, on the same port as before if there was one."""
        ours, theirs = _processes.Pipe(duplex=False)
        self._process = _processes.Process(
            target=_serve, args=(self.environment, self.port, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        if not ours.poll(30):
            raise RuntimeError("the server did not start within 30 s")
        try:
            self.port = ours.recv()
        except EOFError:
            raise RuntimeError("the server ended while starting: its traceback stands above") from None
        finally:
            ours.close()

    def kill(self) -> None:
        """kill -9, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    def kinerja(self, *arguments: str) -> str:
        """Run the console command `kinerja ...` on this office and give its output; a failure shows what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "kinerja.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (
            f"kinerja {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    @contextmanager
    def worker(self) -> Iterator[None]:
        """The background worker beside the server, for as long as the block runs."""
        process = subprocess.Popen(
            [sys.executable, "-m", "kinerja.cli", "worker"], cwd=ROOT, env=self.environment
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def live_office(office: Path, **environment: str) -> Iterator[LiveServer]:
    """Serve a copy of `office`; the copy is gone afterwards."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="kinerja-e2e-", dir=memory if os.access(memory, os.W_OK) else None
    ) as folder:
        instance = Path(folder) / "instance"
        shutil.copytree(office, instance)
        server = LiveServer(instance, **environment)
        server.start()
        try:
            yield server
        finally:
            server.kill()
