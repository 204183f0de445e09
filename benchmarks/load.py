"""Asking one address again and again from two sides, for some seconds or so many times, whichever comes first."""

import http.client
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode


@dataclass(frozen=True)
class Ask:
    """One request: a page, or a form to send."""

    path: str
    cookie: str = ""
    form: Mapping[str, str] | None = None
    wanted: int = 200
    fragment: bool = False


@dataclass
class Answer:
    """What came back."""

    status: int
    statements: int
    size: int
    location: str


@dataclass
class Samples:
    """What was measured of one address, over all rounds."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    cpu: float = 0.0
    statements: Counter[int] = field(default_factory=Counter)
    size: int = 0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    @property
    def cpu_ms(self) -> float:
        """Processor time the workers spent on one answer; what other people's load on the machine does not touch."""
        return self.cpu * 1000 / max(len(self.seconds), 1)

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000


class Refused(RuntimeError):
    """A page answered with something else than it should."""


def once(port: int, ask: Ask) -> Answer:
    """One request over a connection of its own, as a sync worker takes them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Cookie": ask.cookie}
    headers |= {"HX-Request": "true"} if ask.fragment else {}
    try:
        if ask.form is None:
            connection.request("GET", ask.path, headers=headers)
        else:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://localhost/"}
            connection.request("POST", ask.path, body=urlencode(ask.form), headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != ask.wanted:
        raise Refused(f"{ask.path} answered {answer.status}: {body[-600:].decode(errors='replace')}")
    return Answer(
        answer.status,
        int(answer.headers.get("X-Statements", 0)),
        len(body),
        answer.headers.get("Location", ""),
    )


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds of processor time these processes have used; 0 where the system does not tell."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def measure(
    port: int,
    sides: Sequence[Callable[[], Ask]],
    into: Samples,
    *,
    seconds: float,
    most: int,
    workers: Sequence[int] = (),
) -> None:
    """Ask from each side at once. Raises what the first failing side met."""
    failures: list[BaseException] = []
    until = time.monotonic() + seconds

    def run(next_ask: Callable[[], Ask]) -> None:
        try:
            for _ in range(most // len(sides)):
                ask = next_ask()
                began = time.perf_counter()
                answer = once(port, ask)
                into.seconds.append(time.perf_counter() - began)
                into.statements[answer.statements] += 1
                into.size = max(into.size, answer.size)
                if time.monotonic() > until or failures:
                    return
        except BaseException as error:  # told to the one who waits for both sides
            failures.append(error)

    began, used = time.perf_counter(), cpu_of(workers)
    threads = [threading.Thread(target=run, args=(side,), daemon=True) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds + 120)
    into.elapsed += time.perf_counter() - began
    into.cpu += cpu_of(workers) - used
    if failures:
        raise failures[0]
