"""Write the figures of the last `make bench` into README.md, between its two markers.

python -m benchmarks.readme [file.json ...]
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from benchmarks.tables import BUDGETS, missed

ROOT = Path(__file__).resolve().parent.parent
LATEST = ROOT / ".cache" / "bench" / "latest.json"
OPEN, CLOSE = "<!-- figures -->", "<!-- /figures -->"
TEXT = """{open}
Measured with `make bench` on {cores} cores that other work shared (Python {python}, SQLite {sqlite}, PostgreSQL 15 on
the same machine with fsync): gunicorn with two sync workers, two clients at once, offices made by `kinerja simulate`.
A cell is **processor time of the worker / p95**, both as a multiple of the bare Flask page of the same run (session,
one indexed query with a join, 25 rows in Jinja); a transition is compared with one UPDATE, one INSERT and a COMMIT. On
a shared machine p95 is a hint and processor time is steadier; statements and bytes are exact. What PostgreSQL itself
uses is not in it.

{table}

{missed} of {all} pages miss their budget of time; {exact}.{absent}
{close}"""
SIZES = (60, 1000, 10_000)
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def figures(found: dict[str, Any]) -> str:
    """The section as Markdown: one row per page, one column per database and size."""
    runs = found["runs"]
    heads = [f"{NAMES[run['database']]}, {run['people']:,}" for run in runs]
    lines = [
        f"| page | budget | {' | '.join(heads)} | SQL | kB |",
        f"|---|---|{'---|' * len(runs)}---|---|",
    ]
    for name, (statements, size, ratio) in BUDGETS.items():
        pages = [run["pages"][name] for run in runs]
        cells = [f"{page['ratio_cpu']:.1f} / {page['ratio_p95']:.1f}" for page in pages]
        used, most = max(page["statements"] for page in pages), max(page["bytes"] for page in pages)
        lines.append(
            f"| {name} | {ratio} | {' | '.join(cells)} | {used} of {statements} | {most / 1000:.0f} of {size // 1000} |"
        )
    rates = [f"{run['pages']['bare page']['rate']:.0f}" for run in runs]
    lines.append(f"| bare page, requests/s | | {' | '.join(rates)} | | |")
    lines.append(
        f"| memory of a worker, MB | 150 | {' | '.join(str(run['memory_mb']) for run in runs)} | | |"
    )
    imports = [str(run.get("import_rows_per_second", "")) for run in runs]
    lines.append(f"| import, people/s | 1000 | {' | '.join(imports)} | | |")
    return "\n".join(lines)


def absent(found: dict[str, Any]) -> str:
    """Which of the usual runs these figures lack."""
    there = {(run["database"], run["people"]) for run in found["runs"]}
    missing = [f"{NAMES[name]} at {n:,} people" for name in NAMES for n in SIZES if (name, n) not in there]
    return f" Not measured this time: {'; '.join(missing)}." if missing else ""


def main(paths: list[Path]) -> None:
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    found = parts[0] | {"runs": [run for part in parts for run in part["runs"]]}
    slow = [line for line in missed(found) if " times the " in line]
    over = [line for line in missed(found) if line not in slow]
    exact = f"beyond another one: {'; '.join(over)}" if over else "none misses another one"
    words = {"exact": exact, "open": OPEN, "close": CLOSE, "table": figures(found), "absent": absent(found)}
    counts = {"missed": len(slow), "all": len(found["runs"]) * len(BUDGETS)}
    text = TEXT.format(**words, **counts, **found["machine"])
    readme = ROOT / "README.md"
    old = readme.read_text(encoding="utf-8")
    if OPEN not in old:
        sys.exit(f"README.md has no {OPEN}")
    readme.write_text(re.sub(f"{OPEN}.*?{CLOSE}", lambda _: text, old, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]] or [LATEST])
