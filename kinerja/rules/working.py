"""A result with its working: what went in, by which rule, what came out, so that a page can show each
step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kinerja.rules.exact import Number, fraction, rounded, short
from kinerja.rules.regulation import ASSUMED, VERIFIED

# Why a result is empty. Missing is never zero.
TARGET_KOSONG = "TARGET_KOSONG"
REALISASI_KOSONG = "REALISASI_KOSONG"
TARGET_NOL = "TARGET_NOL"
BATAS_TERBURUK_KOSONG = "BATAS_TERBURUK_KOSONG"
SKALA_KOSONG = "SKALA_KOSONG"
RIWAYAT_KOSONG = "RIWAYAT_KOSONG"
PASANGAN_TERLARANG = "PASANGAN_TERLARANG"
BOBOT_BELUM_ADA = "BOBOT_BELUM_ADA"
TANPA_INDIKATOR = "TANPA_INDIKATOR"
NKO_BELUM_ADA = "NKO_BELUM_ADA"
NPK_BELUM_ADA = "NPK_BELUM_ADA"
DI_LUAR_SKALA = "DI_LUAR_SKALA"
# The rule set compares with the target and gives no formula, and no bounds between the predicates.
TANPA_RUMUS = "TANPA_RUMUS"
AMBANG_BELUM_ADA = "AMBANG_BELUM_ADA"

# Remarks that travel with a result.
HANYA_ATASAN = "HANYA_ATASAN"
MOHON_KONFIRMASI = "MOHON_KONFIRMASI"
ARAH_TERBALIK = "ARAH_TERBALIK"
SEBAGIAN_DITINGGALKAN = "SEBAGIAN_DITINGGALKAN"
BOBOT_DINORMALKAN = "BOBOT_DINORMALKAN"


@dataclass(frozen=True)
class Part:
    """One step. ``inputs`` are (name, text) pairs; ``value`` is the text of what came out, None when
    nothing did.

    ``status`` is the weakest status of the parameters the step used.
    """

    label: str
    rule: str
    source: str
    formula: str
    inputs: tuple[tuple[str, str], ...]
    value: str | None
    status: str = VERIFIED

    def to_dict(self) -> dict[str, Any]:
        """For JSON; :meth:`from_dict` gives an equal Part."""
        return {
            "label": self.label,
            "rule": self.rule,
            "source": self.source,
            "formula": self.formula,
            "inputs": [list(pair) for pair in self.inputs],
            "value": self.value,
            "status": self.status,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Part":
        """The inverse of :meth:`to_dict`."""
        return cls(
            data["label"],
            data["rule"],
            data["source"],
            data["formula"],
            tuple((str(name), str(text)) for name, text in data["inputs"]),
            data["value"],
            data["status"],
        )


@dataclass(frozen=True)
class Score:
    """A number or the reason why there is none, with its working.

    ``value`` is stored with six places half-up; ``exact`` is what comparisons and later formulas use.
    ``provisional`` (sementara): parts were left out, so a written reason is needed before it is determined.
    """

    value: Decimal | None
    reason: str | None
    provisional: bool
    parts: tuple[Part, ...]
    exact: Fraction | None = None
    flags: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[Part, ...]:
        """The steps that rest on an assumption."""
        return tuple(part for part in self.parts if part.status == ASSUMED)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; :meth:`from_dict` gives an equal Score, exact value included."""
        return {
            "value": None if self.value is None else f"{self.value:f}",
            "reason": self.reason,
            "provisional": self.provisional,
            "parts": [part.to_dict() for part in self.parts],
            "exact": None if self.exact is None else f"{self.exact.numerator}/{self.exact.denominator}",
            "flags": list(self.flags),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Score":
        """The inverse of :meth:`to_dict`."""
        return cls(
            None if data["value"] is None else Decimal(data["value"]),
            data["reason"],
            data["provisional"],
            tuple(Part.from_dict(part) for part in data["parts"]),
            None if data["exact"] is None else Fraction(data["exact"]),
            tuple(data["flags"]),
        )


@dataclass(frozen=True)
class Suggestion:
    """A proposed code (a rating, a predicate) or the reason why there is none; a person always decides."""

    value: str | None
    reason: str | None
    provisional: bool
    parts: tuple[Part, ...]
    flags: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON; :meth:`from_dict` gives an equal Suggestion."""
        return {
            "value": self.value,
            "reason": self.reason,
            "provisional": self.provisional,
            "parts": [part.to_dict() for part in self.parts],
            "flags": list(self.flags),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Suggestion":
        """The inverse of :meth:`to_dict`."""
        return cls(
            data["value"],
            data["reason"],
            data["provisional"],
            tuple(Part.from_dict(part) for part in data["parts"]),
            tuple(data["flags"]),
        )


def scored(
    value: Number,
    parts: Sequence[Part],
    *,
    provisional: bool = False,
    flags: Sequence[str] = (),
) -> Score:
    """A Score that has a value."""
    exact = fraction(value)
    return Score(rounded(exact), None, provisional, tuple(parts), exact, _once(flags))


def empty(
    reason: str,
    parts: Sequence[Part] = (),
    *,
    provisional: bool = False,
    flags: Sequence[str] = (),
) -> Score:
    """A Score without a value, with the one reason."""
    return Score(None, reason, provisional, tuple(parts), None, _once(flags))


def given(value: Number, label: str, source: str = "", status: str = VERIFIED) -> Score:
    """A Score for a number that was entered, not computed."""
    return scored(value, (Part(label, "masukan", source, "", (), short(value), status),))


def _once(flags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))
