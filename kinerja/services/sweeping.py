"""Forgetting what has served its time: the keys of rendered forms."""

from datetime import timedelta

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Idempotency


def forget_keys(older_than: timedelta) -> int:
    """Delete idempotency keys older than this; how many."""
    with transaction():
        result = db.session.execute(sa.delete(Idempotency).where(Idempotency.at < clock.now() - older_than))
        return int(result.rowcount)  # type: ignore[attr-defined]
