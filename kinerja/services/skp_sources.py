"""What an SKP may be drafted from besides typing: last year's SKP, and the posts one holds as Plt., Plh. or Pjs.

Whatever is copied names its origin; keys, locks and signatures stay where they were.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja.db import db
from kinerja.models import Document, Iku, Period, Placement, Post, Skp
from kinerja.services import identity
from kinerja.services.agreements import pk_of
from kinerja.services.identity import valid_on
from kinerja.services.periods import regulation_of
from kinerja.services.planning import skp_content, skp_of

LAST_YEAR, ACTING, MATRIX, PK = "tahun_lalu", "rangkap", "matriks", "pk"
ACTING_KINDS = ("plt", "plh", "pjs")
ORIGIN_MOST = 60
_ESTABLISHED = ("in_force", "superseded", "closed")


def last_years_skp(subject_id: int, year: int) -> Document | None:
    """The latest SKP of the year before that was in force to its end."""
    return _latest(
        Document.subject_id == subject_id,
        Period.year == year - 1,
        Document.state.in_(("in_force", "closed")),
    )


def copied(content: Mapping[str, Any]) -> dict[str, Any]:
    """Last year's content as a new draft: rows keep their origin, keys and locks do not travel."""
    rows = [_row(row, f"SKP {content['tahun']}") for row in content["baris"] if not row["diambil_alih"]]
    # What was agreed and delivered last year says nothing about this year.
    fresh = {"key": "", "disepakati": None, "terealisasi": "belum"}
    lines = [
        {name: value for name, value in line.items() if not name.startswith("usulan")} | fresh
        for line in content["lampiran"]
    ]
    return {"pendekatan": content["pendekatan"], "baris": rows, "ekspektasi": [], "lampiran": lines}


def _row(row: Mapping[str, Any], origin: str) -> dict[str, Any]:
    indicators = [dict(i) | {"key": "", "lintasan": _same_slots(i)} for i in row["indikator"]]
    return dict(row) | {"key": "", "sel": "", "asal": origin[:ORIGIN_MOST], "indikator": indicators}


def _same_slots(indicator: Mapping[str, Any]) -> dict[str, Decimal]:
    return {slot: Decimal(value) for slot, value in indicator["lintasan"].items() if value is not None}


def acting_placements(person_id: int, on: date) -> list[Placement]:
    """The posts a person holds for another on a date, besides his own."""
    return list(
        db.session.scalars(
            sa.select(Placement)
            .options(joinedload(Placement.post).joinedload(Post.unit))
            .where(
                Placement.person_id == person_id, Placement.kind.in_(ACTING_KINDS), valid_on(Placement, on)
            )
            .order_by(Placement.starts, Placement.id)
        )
    )


def rows_of_acting(placements: Iterable[Placement], year: int) -> list[dict[str, Any]]:
    """Rows for posts held as Plt., Plh. or Pjs.: always utama (p.50), each with its origin.

    They are the results in the latest established SKP of that post; a post without one gives an empty row.
    """
    found: list[dict[str, Any]] = []
    for placement in placements:
        origin = f"{placement.kind.capitalize()}. {placement.post.title}"
        before = _latest_of_post(placement.post_id, placement.person_id, year)
        rows = skp_content(before, skp_of(before))["baris"] if before is not None else []
        rows = [_row(row, origin) for row in rows if row["jenis"] == "utama" and not row["diambil_alih"]]
        for row in rows or [_blank(origin)]:
            found.append(row | {"rangkap": True, "jenis": "utama"})
    return found


def _blank(origin: str) -> dict[str, Any]:
    indicator = {"key": "", "aspek": ["kuantitas"], "polarisasi": "maximize", "konsolidasi": "sum"}
    return {
        "key": "", "rhk": "", "asal": origin[:ORIGIN_MOST], "indikator": [indicator],
    }  # fmt: skip


def _latest_of_post(post_id: int, person_id: int, year: int) -> Document | None:
    return _latest(
        Skp.post_id == post_id,
        Document.subject_id != person_id,
        Document.state.in_(_ESTABLISHED),
        Period.year.between(year - 1, year),
    )


def _latest(*where: Any) -> Document | None:
    """Of the SKP that fit, the one of the last year that ran longest into it."""
    return db.session.scalars(
        sa.select(Document)
        .join(Skp, Skp.document_id == Document.id)
        .join(Period, Period.id == Document.period_id)
        .where(Document.kind == "skp", *where)
        .order_by(Period.year.desc(), Skp.ends.desc())
        .limit(1)
    ).first()


def rows_of_pk(subject_id: int, period: Period) -> list[dict[str, Any]]:
    """What somebody answers for as head of a UPK: each sasaran strategis of its PK with its IKU, as utama (SKP-6)."""
    pk = db.session.scalars(
        sa.select(Document)
        .where(
            Document.kind == "pk",
            Document.subject_id == subject_id,
            Document.period_id == period.id,
            Document.state.not_in(("cancelled", "amended")),
        )
        .order_by(Document.id.desc())
    ).first()
    if pk is None:
        return []
    law = regulation_of(period)
    same = {code: (code,) for code in law.value("perspektif_nko")}
    known = law.value("perspektif_ke_nasional") if "perspektif_ke_nasional" in law else same
    national = {code: name for name, codes in reversed(list(known.items())) for code in codes}
    return [
        {
            "key": "", "jenis": "utama", "rhk": objective.statement, "asal": pk.print_number[:ORIGIN_MOST],
            "sumber": "PK", "perspektif": national.get(objective.perspective, ""),
            "indikator": [_of_iku(iku) for iku in objective.indicators if not iku.parent_key],
        }
        for objective in pk_of(pk).objectives
    ]  # fmt: skip


def _of_iku(iku: Iku) -> dict[str, Any]:
    return {
        "key": "", "teks": iku.name, "aspek": ["kuantitas"], "satuan": iku.measure, "polarisasi": iku.polarity,
        "target": None if iku.target is None else format(iku.target, "f"), "konsolidasi": iku.consolidation,
        "validitas": iku.validity, "kendali": iku.control, "lintasan": dict(iku.trajectory),
    }  # fmt: skip


def superior_title(person_id: int, on: date) -> str:
    """The post that gives a person his tasks: what "penugasan dari" begins with."""
    chain = identity.superiors(person_id, on)
    return (chain[0].on_behalf or chain[0].post_title) if chain else ""
