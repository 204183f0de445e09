"""Default dates of a period's evaluation window, from the parameters of its rule set.

Calendar data of a period: the administrator may change them when it is opened. TW I-III by quarter, TW IV
and the
year end on 31 January (PermenPANRB 6/2022 p.90 no. 8).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from kinerja.rules.finding import BLOCKS, Finding
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_


@dataclass(frozen=True)
class Window:
    """The dates of one period. ``last_year_from`` and ``result_until`` only for TW IV and the year."""

    start: date
    end: date
    recording_opens: date
    evaluation_opens: date
    record_by: date
    validate_by: date
    closes: date
    last_year_from: date | None = None
    result_until: date | None = None


def month_day(year: int, text: str) -> date:
    """A "MM-DD" of the rule set in ``year``; raises ValueError when it is no date."""
    month, day = text.split("-")
    return date(year, int(month), int(day))


def quarter_bounds(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of quarter 1..4. Raises ValueError for another number."""
    if quarter not in (1, 2, 3, 4):
        raise ValueError("a quarter is 1 to 4")
    last = quarter * 3
    return date(year, last - 2, 1), date(year, last, monthrange(year, last)[1])


def default_window(regulation: Regulation, year: int, quarter: int | None) -> Window:
    """The default window of a quarter, or of the year when ``quarter`` is None. Raises ValueError for
    quarter 5."""
    if quarter is None or quarter == 4:
        start = date(year, 1, 1) if quarter is None else quarter_bounds(year, 4)[0]

        def following(key: str) -> date:
            return month_day(year + 1, regulation.text(key))

        return Window(
            start,
            date(year, 12, 31),
            start,
            month_day(year, regulation.text("tahun_evaluasi_dibuka")),
            following("tahun_rekam"),
            following("tahun_validasi"),
            following("tahun_tutup"),
            following("capaian_tahun_lalu_mulai"),
            following("capaian_tahun_lalu_sampai"),
        )
    start, end = quarter_bounds(year, quarter)
    whole = regulation.whole
    return Window(
        start,
        end,
        start,
        end - timedelta(days=whole("tw_evaluasi_hari_sebelum")),
        _after(end, whole("tw_rekam_bulan"), 0),
        _after(end, whole("tw_validasi_bulan"), whole("tw_validasi_hari")),
        _after(end, whole("tw_tutup_bulan"), whole("tw_tutup_hari")),
    )


def check_window(window: Window) -> list[Finding]:
    """Findings that refuse the opening of a period: record < validate < window end must hold (3.0.3,
    desain)."""
    if window.record_by < window.validate_by < window.closes:
        return []
    params = {
        "record": window.record_by,
        "validate": window.validate_by,
        "closes": window.closes,
    }
    return [
        Finding(
            "JD-1",
            BLOCKS,
            N_("Urutan harus: rekam %(record)s, validasi %(validate)s, akhir jendela %(closes)s"),
            {name: day.isoformat() for name, day in params.items()},
            "",
            "pilihan rancangan",
            "",
        )
    ]


def _after(end: date, months: int, day: int) -> date:
    """``day`` (0 = the last) of the month ``months`` after that of ``end``."""
    index = end.year * 12 + end.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, last if day == 0 else min(day, last))
