"""Numbers of an address or a hidden field: what no database can hold is no number at all.

Both raise ValueError, as `int` does, so that `args.get(name, type=whole)` gives its default for either.
"""

LARGEST = 2**31 - 1
YEARS = range(1900, 2201)


def whole(text: str) -> int:
    """A whole number that fits a column."""
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


def a_year(text: str) -> int:
    """A year that a calendar can reckon with."""
    number = int(text)
    if number not in YEARS:
        raise ValueError(text)
    return number
