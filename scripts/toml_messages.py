"""Labels that people read but that stand in the rules' data: found for the catalogue by `pybabel extract`."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

# What is a label for people. Titles of decrees, sources, names of holidays and BerAKHLAK are official texts.
READ = ("label", "note", "known_from")


def texts(data: Any) -> Iterator[str]:
    """Every text under a key that people read, at any depth."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in READ and isinstance(value, str) and value:
                yield value
            else:
                yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)


def extract(
    fileobj: BytesIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The interface Babel asks of an extractor; the line is where the text stands first."""
    source = fileobj.read().decode("utf-8")
    lines = source.splitlines()
    for text in dict.fromkeys(texts(tomllib.loads(source))):
        line = next((n for n, shown in enumerate(lines, 1) if text in shown), 1)
        yield line, "gettext", text, []
