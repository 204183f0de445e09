"""Marking of texts that people read, so that the translation tools find them here without Flask-Babel."""


def N_(text: str) -> str:
    """Give ``text`` back unchanged; the mark alone makes it translatable later."""
    return text


def token(text: str) -> str:
    """A code from a label: lower case, runs of spaces, dots and hyphens become one underscore."""
    cleaned = "".join(" " if character in " .-/\t\n_" else character for character in text.lower())
    return "_".join(cleaned.split())
