"""When the database cannot be written or reached: which of the two, in words a page can choose by."""

from typing import Literal

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from kinerja.db import db

Trouble = Literal["full", "busy", "away"]

__all__ = ["OperationalError", "SQLAlchemyError", "Trouble", "give_up", "trouble_of"]


def trouble_of(error: OperationalError) -> Trouble:
    """`full`: no room for what was written. `busy`: somebody else is writing. `away`: the server does not answer."""
    told = str(error.orig).lower()
    if "is full" in told or "no space left" in told or getattr(error.orig, "sqlstate", "") == "53100":
        return "full"
    return "busy" if "locked" in told or getattr(error.orig, "sqlstate", "") == "55P03" else "away"


def give_up() -> None:
    """Let go of the failed transaction, also when the connection it ran over is gone."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()
