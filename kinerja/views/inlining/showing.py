"""What a printed expression of a page becomes: Jinja's `escape`, which makes each text a Markup of its own first."""

from typing import Any

from markupsafe import Markup, _escape_inner, escape


def shown(value: Any) -> str:
    """The text of a value as it stands in a page, escaped unless it is markup."""
    kind = type(value)
    if kind is Markup:
        return value
    return _escape_inner(value) if kind is str else escape(value)
