"""Exact numbers: decimals come in, fractions are computed with, one rounding rule, decimal comma for people.

Conventions of the product: compute exactly, store six places half-up, show two places half-up, and compare
the
exact value with a threshold, never the rounded one.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

Number = Decimal | Fraction | int

STORED_PLACES = 6
_MOST_PLACES = 40


def fraction(value: Number) -> Fraction:
    """The exact value. Raises TypeError for a float or bool, ValueError for a decimal that is not finite."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, Fraction, int)):
        raise TypeError(f"expected Decimal, Fraction or int, got {type(value).__name__}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("the number must be finite")
    return Fraction(value)


def _scaled(value: Fraction, places: int) -> int:
    """``value`` x 10^places rounded half-up, halves away from zero; exact at any size."""
    above, below = value.numerator, value.denominator
    whole = (2 * abs(above) * int(10**places) + below) // (2 * below)
    return -whole if above < 0 else whole


@lru_cache(maxsize=4096, typed=True)
def rounded(value: Number, places: int = STORED_PLACES) -> Decimal:
    """Half-up to ``places`` decimals, as a Decimal without exponent or trailing zeros."""
    whole = _scaled(fraction(value), places)
    if whole == 0:
        return Decimal(0)
    while places > 0 and whole % 10 == 0:
        whole, places = whole // 10, places - 1
    return Decimal(f"{whole}E-{places}")


def display(value: Number | None, places: int = 2) -> str:
    """For people: exactly ``places`` decimals half-up, decimal comma; an empty value is an en dash."""
    if value is None:
        return "–"
    whole = _scaled(fraction(value), places)
    digits = str(abs(whole)).rjust(places + 1, "0")
    text = digits if places == 0 else f"{digits[:-places]},{digits[-places:]}"
    return f"-{text}" if whole < 0 else text


def display_against(value: Number, threshold: Number, places: int = 2) -> str:
    """As :func:`display`, with as many more decimals as the side of ``threshold`` needs to stay visible."""
    exact, limit = fraction(value), fraction(threshold)
    side = (exact > limit) - (exact < limit)
    for shown in range(places, _MOST_PLACES):
        seen = Fraction(_scaled(exact, shown), 10**shown)
        if (seen > limit) - (seen < limit) == side:
            return display(exact, shown)
    return display(exact, _MOST_PLACES)


@lru_cache(maxsize=4096, typed=True)
def short(value: Number) -> str:
    """For a working: up to six decimals, decimal comma, no trailing zeros."""
    return f"{rounded(value):f}".replace(".", ",")
