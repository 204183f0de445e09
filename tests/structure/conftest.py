"""The same small office as the tests of the import, and a way to put it out of order."""

from tests.importing.conftest import any_office, office

__all__ = ["any_office", "office"]
