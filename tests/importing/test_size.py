"""The invented ministry of the bench, and what importing one costs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.make_people import make_people, nip_of, write_people
from kinerja.services.importing import run_import
from kinerja.services.structure_checks import run_checks
from tests.plugins.strict import size

ROOT = Path(__file__).resolve().parents[2]
# Rows a second and megabytes. Under `make test` the machine has other things to do: only a collapse counts there.
FLOOR, CEILING = size(250, 1000), 400
MEASURE = """
import json, sys, time
from pathlib import Path
from kinerja.services.importing import run_import
from tests.importing.conftest import app_over
folder = Path(sys.argv[2])
with app_over(sys.argv[1]).app_context():
    began = time.perf_counter()
    result = run_import(folder / "unit.csv", folder / "pegawai.csv")
    seconds = time.perf_counter() - began
assert result.applied, result.problems[:3]
# not ru_maxrss: that one remembers how big the process was that started this one
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
memory = int(told["VmHWM"].split()[0]) // 1024
print(json.dumps({"rows": sum(result.rows.values()), "seconds": seconds, "memory": memory}))
"""


def table(stream) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(stream))))


@pytest.mark.parametrize("n", [20, 60, 1000, 5000])
def test_the_invented_ministry_has_so_many_people_and_is_the_same_each_time(n):
    units, people = (table(stream) for stream in make_people(n, 7))
    assert len({row["nip"] for row in people}) == n
    assert [table(stream) for stream in make_people(n, 7)] == [units, people]
    assert table(make_people(n, 8)[1]) != people


def test_its_spans_of_control_and_zones_are_those_of_a_real_office():
    units, people = (table(stream) for stream in make_people(20_000))
    spans = Counter(
        row["nip_penilai"] for row in people if row["jenis_penempatan"] == "definitif" and row["nip_penilai"]
    )
    usual = sum(1 for span in spans.values() if 5 <= span <= 15)
    assert usual / len(spans) > 0.9
    assert {row["zona_waktu"] for row in units} == {"WIB", "WITA", "WIT"}
    assert {row["level"] for row in units} == {"L0", "L1", "L2", "L3", "L4"}


def test_no_two_numbers_share_a_nip():
    assert len({nip_of(number) for number in range(100_000)}) == 100_000


def test_it_imports_without_a_finding_except_that_nobody_manages_it_yet(office):
    units, people = ("".join(stream).encode() for stream in make_people(1000))
    result = run_import(units, people)
    assert (result.problems, result.warnings) == ((), ())
    assert {finding.number for check in run_checks() for finding in check.findings} == {5}


@pytest.mark.parametrize("base", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_an_import_keeps_its_pace_in_bounded_memory(base, request, tmp_path, proof_line):
    n = size(4000, 80_000)
    write_people(tmp_path, n)
    if base == "sqlite":
        url = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    else:
        url = request.getfixturevalue("pg_cluster").create("import_size")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, url, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    pace = told["rows"] / told["seconds"]
    proof_line(
        f"import of {n} people, {base}",
        f">= {FLOOR} rows/s, <= {CEILING} MB",
        f"{pace:.0f} rows/s, {told['memory']} MB",
    )
    assert pace >= FLOOR
    assert told["memory"] <= CEILING
