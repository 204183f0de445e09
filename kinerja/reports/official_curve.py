"""The picture POLA DISTRIBUSI of the evaluation forms: a smooth line through five heights (p.94-97, p.203)."""

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kinerja.reports.charts import text_of

NAMES = (
    ("Sangat", "Kurang"),
    ("Kurang/", "Misconduct"),
    ("Butuh", "Perbaikan"),
    ("Baik",),
    ("Sangat", "Baik"),
)
LEFT, RIGHT, TOP, BOTTOM = Decimal(80), Decimal(380), Decimal(8), Decimal(120)
LINES = 6


def curve(heights: Sequence[int]) -> dict[str, Any]:
    """Geometry of the picture, 420 x 160: grid, the line as a path, and the names under it."""
    step = (RIGHT - LEFT) / (len(heights) - 1)
    scale = (BOTTOM - TOP) / Decimal(max(heights) + 1 or 1)
    points = [(LEFT + step * n, BOTTOM - scale * Decimal(height)) for n, height in enumerate(heights)]
    return {
        "path": _smooth(points),
        "columns": [
            {"x": text_of(x), "lines": [{"y": str(136 + 12 * n), "text": w} for n, w in enumerate(words)]}
            for (x, _y), words in zip(points, NAMES, strict=True)
        ],
        "rows": [text_of(TOP + (BOTTOM - TOP) * n / LINES) for n in range(LINES + 1)],
        "left": text_of(LEFT),
        "right": text_of(RIGHT),
        "top": text_of(TOP),
        "bottom": text_of(BOTTOM),
    }


def _smooth(points: Sequence[tuple[Decimal, Decimal]]) -> str:
    """A path that bends without rising above or falling below its points: level at every top and bottom."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(points)]
    bends = [slopes[0]]
    for before, after in itertools.pairwise(slopes):
        bends.append(2 * before * after / (before + after) if before * after > 0 else Decimal(0))
    bends.append(slopes[-1])
    path = f"M{text_of(points[0][0])} {text_of(points[0][1])}"
    for n, ((x0, y0), (x1, y1)) in enumerate(itertools.pairwise(points)):
        third = (x1 - x0) / 3
        ends = (x0 + third, y0 + bends[n] * third, x1 - third, y1 - bends[n + 1] * third, x1, y1)
        path += " C" + " ".join(text_of(value) for value in ends)
    return path
