"""`make bench`: speed and memory of the pages people open most, as ratios to a bare Flask page of the same run.

Environment: QUICK=1 a small run on SQLite alone; BIG=1 adds 80,000 people; ONLY=sqlite or postgresql; SIZES=60,1000.
Loopback only; every loop ends after so many seconds or requests. JSON goes to .cache/bench/, or to RESULTS.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import office, tables
from benchmarks.load import Ask, Refused, Samples, measure, once
from tests.plugins.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(os.environ.get("RESULTS") or ROOT / ".cache" / "bench")
WORKERS = 2
QUICK_STORIES = ("draft", "steady")


def flag(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[int, list[int]]]:
    """gunicorn with two sync workers on a free port of the loopback; gives the port and the workers' process ids."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KINERJA_", "GUNICORN"))}
    environment |= {"DATABASE_URL": url, "KINERJA_INSTANCE": str(folder)}
    log = folder / "gunicorn.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--worker-class", "sync", "--bind",
             f"127.0.0.1:{port}", "--timeout", "120", "--worker-tmp-dir", str(folder), "benchmarks.server:make()"],
            cwd=ROOT, env=environment, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)
        yield port, _children(server.pid)
    except Refused:
        print(log.read_text()[-4000:], file=sys.stderr)
        raise
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(port: int) -> bool:
    try:
        once(port, Ask("/bare/hello"))
    except OSError:
        return False
    return True


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in listed.stdout.split()]


def rss(pid: int) -> float:
    """Resident memory of a process in MB."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(told.stdout.split()[0]) / 1024 if told.stdout.split() else 0.0


def run(url: str, folder: Path, people: int, *, rounds: int, seconds: float, most: int) -> dict[str, Any]:
    """Furnish, serve, measure every page in turn, several rounds, so that noise falls on all of them alike."""
    began = time.monotonic()
    made = office.furnish(url, folder, people, QUICK_STORIES if flag("QUICK") else None)
    furnished = time.monotonic() - began
    samples = {name: Samples() for name in made.pages}
    with served(url, folder) as (port, workers):
        for sides in made.pages.values():  # what is compiled or cached once is not measured
            for side in sides:
                for _ in range(4):
                    once(port, side())
        for _ in range(rounds):
            for name, sides in made.pages.items():
                measure(port, sides, samples[name], seconds=seconds, most=most, workers=workers)
        memory = max(rss(pid) for pid in workers)
    return {
        "people": people,
        "documents": made.documents,
        "furnished_seconds": round(furnished, 1),
        "memory_mb": round(memory),
        "pages": {name: tables.figures(name, samples) for name in samples},
    }


def main() -> int:
    quick = flag("QUICK")
    sizes = [20] if quick else [60, 1000, 10_000, *([80_000] if flag("BIG") else [])]
    if os.environ.get("SIZES"):
        sizes = [int(word) for word in os.environ["SIZES"].split(",")]
    databases = (
        [os.environ["ONLY"]] if os.environ.get("ONLY") else ["sqlite", *([] if quick else ["postgresql"])]
    )
    rounds, seconds, most = (1, 0.15, 30) if quick else (3, 1.0, 1500)
    found: dict[str, Any] = {"machine": tables.machine(), "workers": WORKERS, "runs": []}
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kinerja-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = None
        if "postgresql" in databases:
            cluster = Cluster(durable=True)
            stack.callback(cluster.remove)
            cluster.start()
        for database in databases:
            for people in sizes:
                own = folder / f"{database}-{people}"
                own.mkdir()
                url, spare = _urls(database, own, people, cluster)
                result = run(url, own, people, rounds=rounds, seconds=seconds, most=most)
                result |= {"database": database}
                if people == 1000 or quick:
                    spent = office.import_seconds(spare, own)
                    result["import_rows_per_second"] = round(office.IMPORTED / spent)
                found["runs"].append(result)
                print(tables.text(result), flush=True)
                shutil.rmtree(own, ignore_errors=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / ("quick.json" if quick else "latest.json")
    path.write_text(json.dumps(found, indent=1), encoding="utf-8")
    missed = tables.missed(found)
    print("\n".join(["", *(f"missed: {line}" for line in missed), f"written: {os.path.relpath(path)}"]))
    return 0


def _urls(database: str, folder: Path, people: int, cluster: Cluster | None) -> tuple[str, str]:
    if cluster is None or database == "sqlite":
        return f"sqlite:///{folder / 'bench.sqlite3'}", f"sqlite:///{folder / 'import.sqlite3'}"
    return cluster.create(f"bench_{people}"), cluster.create(f"import_{people}")


if __name__ == "__main__":
    sys.exit(main())
