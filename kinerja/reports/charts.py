"""Geometry of the drawings: plain figures in, plain dicts of strings out.

The macros of ``templates/_ui/charts.html`` turn these dicts into SVG. Nothing here knows colours, pages or people's
rights; every length is a Decimal, so that the same figures draw the same to the last digit. Units are those of the
SVG's viewBox.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

Value = Decimal | None
Geometry = dict[str, Any]

ONE = Decimal(1)
HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


def text_of(value: Decimal) -> str:
    """A length for SVG: at most one decimal, no needless zero."""
    rounded = value.quantize(TENTH, rounding=ROUND_HALF_UP)
    return str(int(rounded)) if rounded == rounded.to_integral_value() else str(rounded)


def indonesian(value: Decimal) -> str:
    """1234.50 as ``1.234,5``: decimal comma, dot between thousands, no needless zero."""
    plain = f"{value.normalize():,f}"
    return plain.replace(",", " ").replace(".", ",").replace(" ", ".")


def _points(pairs: Sequence[tuple[Decimal, Decimal]]) -> str:
    return " ".join(f"{text_of(x)},{text_of(y)}" for x, y in pairs)


def _known(values: Sequence[Value]) -> list[Decimal]:
    return [v for v in values if v is not None]


def _spread(count: int, start: Decimal, end: Decimal) -> list[Decimal]:
    """``count`` places from start to end; a single one stands in the middle."""
    if count == 1:
        return [(start + end) / 2]
    return [start + (end - start) * i / (count - 1) for i in range(count)]


def spark(actuals: Sequence[Value], targets: Sequence[Value], bad: bool = False) -> Geometry:
    """A line of realisation over a dashed line of targets, 88 x 28; the last realisation is a dot."""
    known = _known(actuals) + _known(targets)
    if not known:
        return {"target": "", "actual": "", "dot": None}
    low, high = min(known), max(known)
    places = _spread(max(len(actuals), len(targets)), Decimal(6), Decimal(82))

    def place(value: Decimal) -> Decimal:
        return Decimal(14) if high == low else Decimal(24) - (value - low) * 20 / (high - low)

    def line(values: Sequence[Value]) -> list[tuple[Decimal, Decimal]]:
        return [(x, place(v)) for x, v in zip(places, values, strict=False) if v is not None]

    actual = line(actuals)
    dot = {"x": text_of(actual[-1][0]), "y": text_of(actual[-1][1]), "bad": bad} if actual else None
    return {"target": _points(line(targets)), "actual": _points(actual), "dot": dot}


def bar(parts: Sequence[tuple[str, int, str]]) -> Geometry:
    """A stacked bar of 100; parts are (tone, count, label), empty ones left out, a hair of space between."""
    shown = [p for p in parts if p[1] > 0]
    total = sum(count for _, count, _ in shown)
    rects: list[dict[str, str]] = []
    before = 0
    for tone, count, _ in shown:
        x, width = HUNDRED * before / total, HUNDRED * count / total
        rects.append(
            {"tone": tone, "x": f"{x:.2f}", "width": f"{max(width - Decimal('0.6'), Decimal('0.4')):.2f}"}
        )
        before += count
    return {"rects": rects, "label": ", ".join(f"{count} {label}" for _, count, label in shown)}


def ticks(high: Decimal, about: int = 5) -> list[Decimal]:
    """Round values from 0 to at least ``high``: steps of 1, 2 or 5 times a power of ten."""
    if high <= 0:
        return [Decimal(0), ONE]
    rough = high / about
    power = Decimal(10) ** rough.adjusted()
    step = next(m * power for m in (ONE, Decimal(2), Decimal(5), Decimal(10)) if m * power >= rough)
    count = int((high / step).to_integral_value(rounding=ROUND_CEILING))
    return [step * i for i in range(count + 1)]


def trajectory(
    labels: Sequence[str],
    targets: Sequence[Value],
    actuals: Sequence[Value],
    *,
    bad: bool = False,
    remark: str = "",
    number: Callable[[Decimal], str] = indonesian,
) -> Geometry:
    """Target and realisation per period, 420 x 232. ``remark`` stands at the last realisation ("89, kurang 11")."""
    left, right, bottom, top = Decimal(40), Decimal(378), Decimal(202), Decimal(18)
    scale = ticks(max(_known(actuals) + _known(targets), default=ONE))
    places = _spread(len(labels), Decimal(62), Decimal(362))

    def place(value: Decimal) -> Decimal:
        return bottom - value * (bottom - top) / scale[-1]

    def line(values: Sequence[Value]) -> list[tuple[Decimal, Decimal]]:
        return [(x, place(v)) for x, v in zip(places, values, strict=False) if v is not None]

    target, actual = line(targets), line(actuals)
    last = actual[-1] if actual else None
    aim = next((y for x, y in target if last and x == last[0]), None)
    # Above the dot when realisation leads, below when it lags: the words never sit on the dashed line.
    beside = (
        last[1] + (Decimal(-10) if aim is not None and last[1] <= aim else Decimal(15)) if last else bottom
    )
    # Every second period's name where all of them would touch.
    sparse = 2 if len(labels) > 6 else 1
    return {
        "left": text_of(left),
        "right": text_of(right),
        "ticks": [{"y": text_of(place(v)), "ty": text_of(place(v) + 4), "label": number(v)} for v in scale],
        "columns": [
            {"x": text_of(x), "label": label}
            for i, (x, label) in enumerate(zip(places, labels, strict=True))
            if i % sparse == 0
        ],
        "target": _points(target),
        "actual": _points(actual),
        "target_dots": [{"x": text_of(x), "y": text_of(y)} for x, y in target],
        "actual_dots": [{"x": text_of(x), "y": text_of(y), "bad": bad and (x, y) == last} for x, y in actual],
        "gap": (
            {"x": text_of(last[0]), "y1": text_of(last[1] - 3), "y2": text_of(aim + 3)}
            if last and aim is not None and last[1] - aim > 6
            else None
        ),
        "remark": (
            {
                "x": text_of(last[0] + (11 if last[0] < 300 else -11)),
                "y": text_of(beside),
                "end": last[0] >= 300,
                "text": remark,
                "bad": bad,
            }
            if last and remark
            else None
        ),
        "target_name": {"x": text_of(target[-1][0] + 9), "y": text_of(target[-1][1] + 4)} if target else None,
        "actual_name": (
            {"x": text_of(actual[0][0] - 2), "y": text_of(min(actual[0][1] + 22, bottom - 4))}
            if actual
            else None
        ),
    }


def distribution(rows: Sequence[Mapping[str, Any]]) -> Geometry:
    """Shares per predicate before and after, against a guideline; 400 wide, 40 per row.

    A row is ``{label, before, after, text, strong, at_most}``; before, after and at_most are percentages or None.
    """
    x0, full = Decimal(116), Decimal("2.38")
    made = []
    for i, row in enumerate(rows):
        y = 26 + 40 * i
        bars = [
            {"tone": tone, "y": str(y + dy), "width": text_of(row[key] * full)}
            for key, tone, dy in (("before", "b3", 5), ("after", "b1", 17))
            if row.get(key) is not None
        ]
        at_most = row.get("at_most")
        made.append(
            {
                "label": row["label"],
                "text": row["text"],
                "strong": bool(row.get("strong")),
                "text_y": str(y + 20),
                "bars": bars,
                "guide": {"y": str(y), "width": text_of(at_most * full)} if at_most is not None else None,
            }
        )
    height = 26 + 40 * len(made)
    return {
        "rows": made,
        "height": str(height),
        "bottom": str(height - 4),
        "ticks": [{"x": text_of(x0 + full * p), "label": f"{p}%"} for p in (0, 25, 50, 75, 100)],
    }


def columns_of(
    rows: Sequence[tuple[str, int | Decimal]], number: Callable[[Decimal], str] = indonesian
) -> Geometry:
    """Lying bars with a name and a figure each, 400 wide, 34 per row."""
    most = max((count for _, count in rows), default=0) or 1
    made = [
        {
            "label": label,
            "count": number(Decimal(count)),
            "y": str(9 + 34 * i),
            "text_y": str(23 + 34 * i),
            "width": text_of(Decimal(count) * 230 / most),
            "count_x": text_of(134 + Decimal(count) * 230 / most),
        }
        for i, (label, count) in enumerate(rows)
    ]
    return {"rows": made, "height": str(34 * len(made) + 8)}


def progress(
    days: Sequence[str],
    now: Sequence[Value],
    then: Sequence[Value],
    total: int,
) -> Geometry:
    """A rising count per day beside that of the period before, 400 x 212.

    ``days`` names the places on the axis, "" for none.
    """
    left, right, bottom, top = Decimal(26), Decimal(390), Decimal(186), Decimal(14)
    places = _spread(len(days), left, right)
    scale = ticks(Decimal(total), about=4)

    def line(values: Sequence[Value]) -> list[tuple[Decimal, Decimal]]:
        return [
            (x, bottom - v * (bottom - top) / scale[-1])
            for x, v in zip(places, values, strict=False)
            if v is not None
        ]

    current, former = line(now), line(then)
    heights = [(v, bottom - v * (bottom - top) / scale[-1]) for v in scale]
    return {
        "ticks": [{"y": text_of(y), "ty": text_of(y + 4), "label": indonesian(v)} for v, y in heights],
        "days": [
            {"x": text_of(x), "label": label, "end": x == right}
            for x, label in zip(places, days, strict=True)
            if label
        ],
        "now": _points(current),
        "then": _points(former),
        "dot": {"x": text_of(current[-1][0]), "y": text_of(current[-1][1])} if current else None,
    }
