"""Saved views of lists: named filters, each person's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import SavedView
from kinerja.rules.words import N_
from kinerja.services.errors import BadInput
from kinerja.services.lists import FILTER_KEYS
from kinerja.workflows.base import OWN_RULE, Unmet

# What of an address is kept, page by page; everything else of it is of the moment.
PAGES: Mapping[str, tuple[str, ...]] = {
    "documents.list": FILTER_KEYS,
    "team.index": ("periode", "saring"),
    "units.index": ("q",),
    "roles.index": ("q", "peran", "keadaan"),
    "data_reports.index": ("q", "keadaan"),
    "units.show": ("unit", "tahun", "periode", "tahap", "q", "bagian", "keadaan"),
}
MOST = 30
_VIEWS = (
    sa.select(SavedView.public_id, SavedView.page, SavedView.name, SavedView.query)
    .where(SavedView.person_id == sa.bindparam("me"), SavedView.page == sa.bindparam("on_page"))
    .order_by(SavedView.name)
)


@dataclass(frozen=True)
class View:
    """One saved view as a page shows it."""

    public_id: str
    page: str
    name: str
    args: dict[str, str]


def views_of(person_id: int, page: str) -> list[View]:
    """The views a person saved for one page, by name."""
    rows = db.session.execute(_VIEWS, {"me": person_id, "on_page": page})
    return [View(row.public_id, row.page, row.name, dict(parse_qsl(row.query))) for row in rows]


def kept(page: str, args: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address that a view keeps. Raises KeyError for a page without views."""
    return {name: args[name] for name in PAGES[page] if args.get(name)}


def save(person_id: int, page: str, name: str, args: Mapping[str, str]) -> None:
    """Keep a view; the same name again replaces it. Raises BadInput."""
    name = " ".join(name.split())
    if page not in PAGES:
        raise BadInput([Unmet(OWN_RULE, N_("Halaman ini tidak menyimpan tampilan."))])
    if not 1 <= len(name) <= 60:
        raise BadInput([Unmet(OWN_RULE, N_("Beri nama 1 sampai 60 huruf."), {}, "nama")])
    query = urlencode(kept(page, args))
    if not query or len(query) > 500:
        raise BadInput([Unmet(OWN_RULE, N_("Belum ada saringan yang dapat disimpan."), {}, "nama")])
    with transaction():
        mine = sa.and_(SavedView.person_id == person_id, SavedView.page == page)
        done = db.session.execute(
            sa.update(SavedView).where(mine, SavedView.name == name).values(query=query)
        )
        if done.rowcount:  # type: ignore[attr-defined]
            return
        if (db.session.scalar(sa.select(sa.func.count()).where(mine)) or 0) >= MOST:
            raise BadInput(
                [Unmet(OWN_RULE, N_("Paling banyak %(n)s tampilan; hapus satu lebih dahulu."), {"n": MOST})]
            )
        db.session.add(
            SavedView(
                public_id=new_public_id(),
                person_id=person_id,
                page=page,
                name=name,
                query=query,
                created_at=clock.now(),
            )
        )


def remove(person_id: int, public_id: str) -> None:
    """Forget one of one's own views; somebody else's is not touched."""
    with transaction():
        db.session.execute(
            sa.delete(SavedView).where(SavedView.person_id == person_id, SavedView.public_id == public_id)
        )
