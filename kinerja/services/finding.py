"""Finding people, units and documents by a part of a name or the beginning of a number.

Each branch is a statement of its own over one table, so that an index serves it; joined by OR none would.
"""

from typing import Any

import sqlalchemy as sa

from kinerja.models import Document, Person, Unit, UnitVersion
from kinerja.services.new_documents import PRINT_PREFIX


def people_alike(text: str) -> Any:
    """A select of the ids of people with this in their name, or a NIP that begins so."""
    words = text.strip().lower()
    by_name = sa.select(Person.id).where(Person.search_name.contains(words, autoescape=True))
    if not words.isdigit():
        return by_name
    return sa.union(by_name, sa.select(Person.id).where(Person.nip.startswith(words, autoescape=True)))


def units_alike(text: str) -> Any:
    """A select of the ids of units with this in their name, or in one they had."""
    words = text.strip().lower()
    now = sa.select(Unit.id).where(sa.func.lower(Unit.name).contains(words, autoescape=True))
    was = sa.select(UnitVersion.unit_id).where(
        sa.func.lower(UnitVersion.name).contains(words, autoescape=True)
    )
    return sa.union(now, was)


def documents_alike(text: str) -> Any:
    """A select of the ids of documents of such people and units, or with a printed number that begins so."""
    branches = [
        sa.select(Document.id).where(Document.subject_id.in_(people_alike(text))),
        sa.select(Document.id).where(Document.unit_id.in_(units_alike(text))),
    ]
    number = text.strip().upper()
    if any(prefix.startswith(number) or number.startswith(prefix) for prefix in PRINT_PREFIX.values()):
        branches.append(
            sa.select(Document.id).where(Document.print_number.startswith(number, autoescape=True))
        )
    return sa.union(*branches)
