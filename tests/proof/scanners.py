"""Four scanners of an environment of their own, each started with a time it may take, each answering with what it found.

Left out of wapiti's modules: what asks a machine elsewhere to listen (ssrf, xxe, log4shell, wapp and its like), what
guesses names of other products (nikto, wp_enum, buster), what needs TLS (ssl, https_redirect), passwords, and ldap: it
takes every filter of a list for a directory, and no directory is asked here. Signing out is left out as well: after it
every answer is the same, with proof of origin or without, and the module csrf takes that for a hole.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.matrix.server import free_port
from tests.proof.scanned import WHO

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv-proof" / "bin"
MODULES = (
    "backup", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "methods",
    "permanentxss", "redirect", "sql", "timesql", "upload", "xss",
)  # fmt: skip
LEFT_OUT = ("/static/*", "/keluar", "/profil/keluar-semua")
MEDIUM = 2  # of wapiti's levels: 0 information, 1 low, 2 medium, 3 high, 4 critical
HIGHEST_RISKS = ("MEDIUM", "HIGH")  # of bandit


@dataclass
class Served:
    """The office as the scanners meet it, and what its log says of their requests."""

    url: str
    log: Path
    output: Path

    def answers(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def told(self) -> dict[str, int]:
        """How many answers of each class."""
        return dict(sorted(Counter(f"{answer['status'] // 100}xx" for answer in self.answers()).items()))

    def breakdowns(self) -> list[str]:
        return [
            f"{a['who']} {a['method']} {a['path']}?{a['query'][:200]}: {a['status']}\n{a.get('broke', '')[-1500:]}"
            for a in self.answers()
            if a["status"] >= 500
        ]


@contextmanager
def served(url: str, ids: Mapping[str, int], folder: Path, *, faulty: bool = False) -> Iterator[Served]:
    """A process of its own over this database, until the block ends."""
    port = free_port()
    made = Served(f"http://127.0.0.1:{port}", folder / "answers.jsonl", folder / "server.log")
    command = [
        sys.executable,
        "-m",
        "tests.proof.scanned",
        url,
        str(port),
        json.dumps(dict(ids)),
        str(made.log),
    ]
    with made.output.open("wb") as output:
        process = subprocess.Popen(
            [*command, *(["faulty"] if faulty else [])], cwd=ROOT, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + 120
        while not _is_up(made.url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the office did not start:\n{made.output.read_text()[-3000:]}")
            time.sleep(0.2)
        yield made
    finally:
        process.kill()
        process.wait()


def _is_up(url: str) -> bool:
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(f"{url}/sehat", timeout=60):
            return True
    except (URLError, OSError):
        return False


def _run(command: list[str], folder: Path, minutes: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=minutes * 60,
        check=False,
    )


def bandit(paths: Iterable[Path]) -> list[str]:
    """What is medium or high in these files."""
    told = _run([str(BIN / "bandit"), "-q", "-f", "json", "-r", *map(str, paths)], ROOT, 10)
    report = json.loads(told.stdout)
    assert not report["errors"], report["errors"]
    return [
        f"{r['filename']}:{r['line_number']}: {r['test_id']} {r['issue_text']}"
        for r in report["results"]
        if r["issue_severity"] in HIGHEST_RISKS
    ]


def schemathesis(
    office: Served, who: str, document: Mapping[str, Any], folder: Path, *, examples: int, minutes: float
) -> str:
    """Ask everything the document describes, so many times each; what broke or went wrong, or nothing."""
    described = folder / f"openapi-{who}.json"
    described.write_text(json.dumps(document), encoding="utf-8")
    told = _run(
        [
            str(BIN / "st"), "run", str(described), "--base-url", office.url, "--header", f"{WHO}: {who}",
            "--checks", "not_a_server_error", "--hypothesis-max-examples", str(examples), "--hypothesis-seed", "2026",
            "--hypothesis-database", "none", "--hypothesis-suppress-health-check", "all", "--hypothesis-no-phases", "shrink",
            "--data-generation-method", "all", "--request-timeout", "120000", "--workers", "2", "--no-color", "--show-trace",
        ],
        folder,
        minutes,
    )  # fmt: skip
    return "" if told.returncode == 0 else (told.stdout + told.stderr)[-6000:]


@dataclass(frozen=True)
class Scan:
    """What wapiti found at medium or above, what it crawled, and which modules had no time to finish."""

    found: tuple[str, ...]
    pages: int
    cut_short: tuple[str, ...]


def wapiti(office: Served, who: str, path: str, folder: Path, *, seconds: int) -> Scan:
    """Crawl from this address and attack what is found, each module for so many seconds at most."""
    report = folder / f"wapiti-{who}.json"
    told = _run(
        [
            str(BIN / "wapiti"), "--url", office.url + path, "--scope", "folder",
            *(word for address in LEFT_OUT for word in ("--exclude", office.url + address)),
            "--module", ",".join(MODULES), "--header", f"{WHO}: {who}", "--timeout", "120", "--depth", "3",
            "--max-links-per-page", "40", "--max-files-per-dir", "30", "--max-parameters", "60",
            "--max-scan-time", str(seconds), "--max-attack-time", str(seconds), "--flush-session", "--no-bugreport",
            "--store-session", str(folder / "session"), "--store-config", str(folder / "config"),
            "--format", "json", "--output", str(report),
        ],
        folder,
        (len(MODULES) + 2) * seconds / 60 + 15,
    )  # fmt: skip
    assert told.returncode == 0, (told.stdout + told.stderr)[-3000:]
    written = json.loads(report.read_text(encoding="utf-8"))
    found = [
        f"{kind}: {one['method']} {one['path']} {one['parameter']}: {one['info']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, ones in written[part].items()
        for one in ones
        if one["level"] >= MEDIUM
    ]
    cut = re.findall(r"attack time was reached for module (\w+)", told.stdout + told.stderr)
    return Scan(tuple(found), int(written["infos"]["crawled_pages_nbr"]), tuple(sorted(set(cut))))


def sqlmap(
    office: Served, who: str, path: str, folder: Path, *, level: int, seconds: int, data: str = ""
) -> str:
    """Try every parameter of an address, or of a form sent there: "injectable", "clean", or "out of time"."""
    told = _run(
        [
            str(BIN / "sqlmap"), "--url", office.url + path, *(["--data", data] if data else []),
            "--headers", f"{WHO}: {who}", "--skip", "csrf_token,version,key", "--dbms", "SQLite", "--level", str(level),
            "--batch", "--flush-session", "--timeout", "120", "--retries", "1", "--time-limit", str(seconds),
            "--output-dir", str(folder / "sqlmap"), "--disable-coloring",
        ],
        folder,
        seconds / 60 + 5,
    )  # fmt: skip
    if "identified the following injection point" in told.stdout or "is vulnerable" in told.stdout:
        return "injectable"
    if "do not appear to be injectable" in told.stdout:
        return "clean"
    if "testing for SQL injection" in told.stdout and "CRITICAL" not in told.stdout:
        return "out of time"
    raise AssertionError(f"sqlmap could not ask {path}:\n{told.stdout[-3000:]}{told.stderr[-500:]}")
