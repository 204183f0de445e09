"""An SKP as the law sees it: plain values that the services build from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

UTAMA, TAMBAHAN = "utama", "tambahan"
QUALITATIVE, QUANTITATIVE = "kualitatif", "kuantitatif"
JPT_FORMS = ("A.1.1", "A.1.2")
RESOURCES, ACCOUNTABILITY = "dukungan", "pertanggungjawaban"
REWARD, PENALTY = "konsekuensi_positif", "konsekuensi_negatif"

# What of the outside the builder has looked up; see Skp.slots.
KNOWS_PK, KNOWS_MATRIX, KNOWS_SQUADS = "pk", "matriks", "tim"


@dataclass(frozen=True)
class Indicator:
    """An indikator kinerja individu. ``target`` is the year's, in ``unit``; ``trajectory`` holds period ->
    target.

    ``aspects``: kuantitas, kualitas, waktu, biaya. ``polarity``: maximize, minimize, stabilize.
    ``consolidation``:
    sum, average, take_last_known. ``validity`` and ``control`` as of K3; ``quality`` in the words of p.28
    and p.44
    (outcome, outcome_antara, output_kendali_rendah, output_kendali_sedang, output_kendali_tinggi), "" when
    unknown.
    """

    key: str
    number: str
    text: str
    aspects: tuple[str, ...]
    target_text: str
    target: Decimal | None
    unit: str
    polarity: str
    consolidation: str
    trajectory: Mapping[str, Decimal | None]
    validity: str = ""
    control: str = ""
    quality: str = ""


@dataclass(frozen=True)
class ResultRow:
    """A rencana hasil kerja with its indicators.

    ``kind``: utama or tambahan. ``acting_post``: the row comes from a Plt., Plh. or JF in a structural post.
    ``absolute_reason``: nyawa, cedera, keamanan_nasional, kerugian_moneter_besar, or "". ``squad``: it is
    the row
    of a tim kerja. ``matrix_cell``: it comes from a cell of the matriks.
    """

    key: str
    number: str
    kind: str
    rhk: str
    rhk_intervened: str
    assigned_by: str
    source: str
    perspective: str
    acting_post: bool
    absolute_reason: str
    indicators: tuple[Indicator, ...]
    squad: bool = False
    matrix_cell: bool = False


@dataclass(frozen=True)
class AttachmentLine:
    """A line of the Lampiran (A.1.8): its block, its text, and whether it was agreed (None: not yet said)."""

    block: str
    text: str
    agreed: bool | None = None


@dataclass(frozen=True)
class Skp:
    """A whole SKP.

    ``form``: A.1.1, A.1.2, A.1.6 or A.1.7. ``post_group``: jpt, ja, jf, ... and ``post_rank``: madya,
    pratama,
    administrator, pengawas, pelaksana, ketua_tim or the jenjang of a JF. ``expectations``: core value ->
    text.
    ``period_start`` and ``period_end``: the part of the period in which the person must have an SKP; exempt
    days
    are outside. ``other_spans``: his other SKP in force; ``ended_spans``: all others, with those that ended.
    ``last_year_targets``: indicator key -> last year's
    realisation, or target where none is known.
    ``slots``: what the builder has looked up elsewhere. "pk", "matriks", "tim" mean that it was looked up
    at all;
    "pk:<indicator>" names an indicator of the unit's PK, "tim:<name>" a tim kerja in which the person is
    active.
    """

    form: str
    approach: str
    post_group: str
    post_rank: str
    leads_unit_mandiri: bool
    owns_strategy_map: bool
    start: date
    end: date
    period_start: date
    period_end: date
    rows: tuple[ResultRow, ...]
    expectations: Mapping[str, str]
    attachment: tuple[AttachmentLine, ...]
    other_spans: tuple[tuple[date, date], ...] = ()
    ended_spans: tuple[tuple[date, date], ...] = ()
    last_year_targets: Mapping[str, Decimal] = field(default_factory=dict)
    slots: tuple[str, ...] = ()

    @property
    def is_leader(self) -> bool:
        """Whether the rules for JPT and heads of a unit kerja mandiri apply."""
        return self.form in JPT_FORMS or self.post_group.lower() == "jpt" or self.leads_unit_mandiri

    @property
    def indicators(self) -> tuple[tuple[ResultRow, Indicator], ...]:
        """Every indicator with its row, in order."""
        return tuple((row, indicator) for row in self.rows for indicator in row.indicators)

    def named(self, slot: str) -> tuple[str, ...]:
        """The names listed under ``slot`` ("pk" or "tim")."""
        return tuple(item.partition(":")[2] for item in self.slots if item.startswith(f"{slot}:"))


def row_numbers(kinds: Sequence[str]) -> list[int]:
    """The number of each row, from the kinds in their order: tambahan go on where utama ended, as on form A.1.7."""
    counts = {UTAMA: 0, TAMBAHAN: kinds.count(UTAMA)}
    numbers = []
    for kind in kinds:
        counts[kind] += 1
        numbers.append(counts[kind])
    return numbers
