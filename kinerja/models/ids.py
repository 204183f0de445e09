"""Moved to kinerja.ids."""

from kinerja.ids import new_key, new_public_id

__all__ = ["new_key", "new_public_id"]
