"""The lists people come back to: a name for a page with its filters."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from kinerja.db import Base, UtcDateTime


class SavedView(Base):
    """ "Simpan tampilan": one person's name for one query of one page. `page` names the page, not its address."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("person_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    page: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
