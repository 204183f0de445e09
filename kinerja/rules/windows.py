"""Default dates of a period's evaluation window, from the parameters of its rule set.

Calendar data of a period: the administrator may change them when it is opened. TW I-III by quarter, TW IV
and the
year end on 31 January (PermenPANRB 6/2022 p.90 no. 8).
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_

QUARTER_SLOTS = ("TW1", "TW2", "TW3", "TW4")
MONTH_SLOTS = tuple(f"B{month:02d}" for month in range(1, 13))
# How long after its own quarter, month or year a window may still be open: the third month includes the latest
# date in use, the decree on TW IV in the third month after it (KMK 127/2026, linimasa).
MONTHS_AFTER = 3

STARTS_OUTSIDE = N_("%(slot)s: tanggal mulai harus antara %(first)s dan %(last)s.")
ENDS_OUTSIDE = N_("%(slot)s: tanggal selesai harus antara %(first)s dan %(last)s.")
REVERSED = N_("%(slot)s: tanggal selesai mendahului tanggal mulai.")
RECORDING_OUTSIDE = N_("%(slot)s: perekaman dibuka antara %(first)s dan %(last)s.")
RECORDING_LATE = N_("%(slot)s: perekaman dibuka sebelum batas rekam.")
EVALUATION_OUTSIDE = N_("%(slot)s: evaluasi dibuka antara %(first)s dan %(last)s.")
OPENS_LATE = N_("%(slot)s: evaluasi dibuka paling lambat pada batas rekam, agar ada waktu menilai.")
RECORD_ORDER = N_("%(slot)s: batas rekam harus sebelum batas validasi, dan validasi sebelum jendela ditutup.")
VALIDATE_ORDER = N_(
    "%(slot)s: batas validasi harus sesudah batas rekam, dan validasi sebelum jendela ditutup."
)
CLOSES_LATE = N_("%(slot)s: jendela ditutup paling lambat %(last)s, tiga bulan sesudah masanya.")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one date of a window, and how it is said."""

    field_name: str
    message: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)


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


def slot_bounds(year: int, slot: str) -> tuple[date, date]:
    """First and last day of a slot: "TW1" to "TW4", "B01" to "B12" or "Y". Raises ValueError for another."""
    if slot == "Y":
        return date(year, 1, 1), date(year, 12, 31)
    if slot in QUARTER_SLOTS:
        return quarter_bounds(year, int(slot[2:]))
    if slot in MONTH_SLOTS:
        month = int(slot[1:])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    raise ValueError(f"no slot {slot}")


def faults(year: int, slot: str, dates: Mapping[str, date], label: str = "") -> Iterator[Fault]:
    """Where the dates of a slot do not lie as they must: inside or right after its own quarter, month or year, and in
    order (desain). As each span lies inside its slot, no two of one rhythm overlap."""
    first, last = slot_bounds(year, slot)
    latest = _after(last, MONTHS_AFTER, 0)
    named = {"slot": label or slot}
    inside = named | {"first": first, "last": last}
    around = named | {"first": first, "last": latest}
    if not first <= dates["starts"] <= last:
        yield Fault("starts", STARTS_OUTSIDE, inside)
    if dates["ends"] < dates["starts"]:
        yield Fault("ends", REVERSED, named)
    elif not first <= dates["ends"] <= last:
        yield Fault("ends", ENDS_OUTSIDE, inside)
    if dates["recording_opens"] >= dates["record_by"]:
        yield Fault("recording_opens", RECORDING_LATE, named)
    elif not first <= dates["recording_opens"] <= latest:
        yield Fault("recording_opens", RECORDING_OUTSIDE, around)
    if dates["evaluation_opens"] > dates["record_by"]:
        yield Fault("evaluation_opens", OPENS_LATE, named)
    elif not first <= dates["evaluation_opens"] <= latest:
        yield Fault("evaluation_opens", EVALUATION_OUTSIDE, around)
    if dates["record_by"] >= dates["validate_by"]:
        yield Fault("record_by", RECORD_ORDER, named)
    if dates["validate_by"] >= dates["closes"]:
        yield Fault("validate_by", VALIDATE_ORDER, named)
    if dates["closes"] > latest:
        yield Fault("closes", CLOSES_LATE, named | {"last": latest})


def dates_of(window: Window) -> dict[str, date]:
    """The seven dates that a period keeps of a window, by the names that deadlines.toml uses."""
    return {
        "starts": window.start,
        "ends": window.end,
        "recording_opens": window.recording_opens,
        "evaluation_opens": window.evaluation_opens,
        "record_by": window.record_by,
        "validate_by": window.validate_by,
        "closes": window.closes,
    }


def default_of(regulation: Regulation, year: int, slot: str) -> Window:
    """The default window of a slot. Raises BelumAda for a month while the rule set has no monthly dates."""
    if slot in MONTH_SLOTS:
        return default_month(regulation, year, int(slot[1:]))
    return default_window(regulation, year, None if slot == "Y" else int(slot[2:]))


def default_month(regulation: Regulation, year: int, month: int) -> Window:
    """The window of a month by `jendela_bulanan`: opened some days before the month ends, the rest in the next one."""
    dates = regulation.value("jendela_bulanan")
    start, end = slot_bounds(year, f"B{month:02d}")
    return Window(
        start,
        end,
        start,
        end - timedelta(days=int(dates["evaluasi_hari_sebelum"])),
        _after(end, 1, int(dates["rekam_tanggal"])),
        _after(end, 1, int(dates["validasi_tanggal"])),
        _after(end, 1, int(dates["tutup_tanggal"])),
    )


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


def _after(end: date, months: int, day: int) -> date:
    """``day`` (0 = the last) of the month ``months`` after that of ``end``."""
    index = end.year * 12 + end.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, last if day == 0 else min(day, last))
