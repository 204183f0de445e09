"""What happened in the small office before a story begins, through the services a page uses.

empty      6 January 2026: people, a year, no documents
organisation  6 January: the PK of the ministry and of the directorate are drafted
submitted  7 January: the SKP of Sekar and of Made are submitted
in_force   9 January: the SKP of Sekar is agreed and signed
evaluation 8 January 2027: four quarters recorded and validated, the evaluation of the year is prepared
received   18 January 2027: the evaluation is calibrated, signed, delivered and received
"""

from __future__ import annotations

import io
import shutil
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from e2e.office import furnish, planner
from e2e.people import ATTACHMENTS, PDF, RESULTS

STAGES = ("empty", "organisation", "submitted", "in_force", "evaluation", "received")
BLOCKS = ("dukungan", "pertanggungjawaban", "konsekuensi_positif", "konsekuensi_negatif")
QUARTERS = (
    ("TW1", date(2026, 4, 2)),
    ("TW2", date(2026, 7, 2)),
    ("TW3", date(2026, 10, 2)),
    ("TW4", date(2027, 1, 4)),
)


class Past:
    """Acts of the small office, sent through `transitions.send` on the day the calendar shows."""

    def __init__(self, ids: dict[str, int]) -> None:
        self.ids = ids

    def it_is(self, day: date) -> None:
        from kinerja import clock
        from kinerja.services import demo_clock

        clock.set_shift(demo_clock.shift())
        demo_clock.move_to(day)

    def document(self, who: str, kind: str, slot: str = "Y") -> Any:
        import sqlalchemy as sa

        from kinerja.db import db
        from kinerja.models import Document

        wanted = (Document.subject_id == self.ids[who], Document.kind == kind, Document.slot == slot)
        return db.session.scalars(
            sa.select(Document).where(*wanted).execution_options(populate_existing=True)
        ).one()

    def send(self, who: str, event: str, document: Any, change: Any = None, *, signed: bool = False) -> None:
        from kinerja.services import transitions

        transitions.send(
            document.public_id, event, self.ids[who], version=document.version, change=change, signed=signed
        )

    def submits_an_skp(self, who: str) -> None:
        from kinerja.services import periods, skp_start

        period = periods.period_of(2026)
        assert period is not None
        skp = skp_start.create_skp(self.ids[who], period, by_id=self.ids[who])
        self.send(who, "edit", skp, _skp_content())
        self.send(who, "submit", self.document(who, "skp"))

    def drafts_a_pk(self, who: str, unit: str) -> None:
        import sqlalchemy as sa

        from kinerja.db import db
        from kinerja.models import Unit
        from kinerja.services import agreement_start, periods
        from tests.services.agreement_office import content, measured

        period = periods.period_of(2026)
        assert period is not None
        unit_id = db.session.scalars(sa.select(Unit.id).where(Unit.code == unit)).one()
        pk = agreement_start.create_pk(unit_id, period, by_id=self.ids[who])
        self.send(who, "edit", pk, content())
        measured(pk.public_id)

    def agree_and_sign(self, who: str, penilai: str) -> None:
        acts = [
            (penilai, "open_dialogue"),
            (penilai, "agree"),
            (who, "agree"),
            (who, "sign_employee"),
            (penilai, "establish"),
        ]
        for actor, event in acts:
            self.send(actor, event, self.document(who, "skp"), signed=event in ("sign_employee", "establish"))

    def records_a_quarter(self, who: str, penilai: str, slot: str) -> None:
        import sqlalchemy as sa

        from kinerja.db import db
        from kinerja.models import RealisationItem, SkpIndicator
        from kinerja.services import evidence, identity

        document = self.document(who, "realisation", slot)
        rows = db.session.execute(
            sa.select(SkpIndicator.key, SkpIndicator.target)
            .join(RealisationItem, RealisationItem.indicator_id == SkpIndicator.id)
            .where(RealisationItem.realisation_id == document.id)
        ).all()
        piece = evidence.store_file(self.ids[who], f"laporan-{slot.lower()}.pdf", io.BytesIO(PDF)).public_id
        self.send(
            who, "save", document,
            {
                "items": {row.key: {"value": row.target} for row in rows},
                "attach": [{"item": row.key, "evidence": piece, "shows": "hasil"} for row in rows],
            },
        )  # fmt: skip
        self.send(who, "record", self.document(who, "realisation", slot))
        recorded = self.document(who, "realisation", slot)
        evidence.open_evidence(recorded, identity.actor_for(recorded, self.ids[penilai]), piece)
        self.send(penilai, "validate", self.document(who, "realisation", slot))

    def evaluates(self, who: str, penilai: str, atasan: str) -> None:
        """Up to the receipt: the result rated below expectations, so that there is something to object to."""
        review = {
            "result_rating": "dibawah", "result_reason": "Dua laporan terlambat diterima unit pengguna.",
            "behaviour_rating": "sesuai", "behaviour_reason": "Perilaku konsisten sepanjang tahun.",
            "recommendation": "Sepakati jadwal laporan dengan unit pengguna sejak awal triwulan.",
        }  # fmt: skip
        self.send("menteri", "set_org_result", self.document(who, "predicate_review"), {"predicate": "baik"})
        self.send(penilai, "propose", self.document(who, "predicate_review"), review)
        self.send(atasan, "calibrate", self.document(who, "predicate_review"), {})
        for actor, event in (
            (penilai, "determine"),
            (penilai, "sign_form"),
            (penilai, "deliver"),
            (who, "receive"),
        ):
            self.send(actor, event, self.document(who, "predicate_review"), signed=event == "sign_form")


def _skp_content() -> dict[str, Any]:
    """The same SKP that `Person.drafts_an_skp` types."""
    rows = [
        {
            "jenis": "utama", "rhk": one.result, "rhk_diintervensi": one.supports,
            "indikator": [
                {
                    "teks": one.indicator, "aspek": ["kuantitas"], "target": _number(one.target), "satuan": one.unit,
                    "polarisasi": "maximize", "konsolidasi": "take_last_known",
                    "lintasan": dict.fromkeys([slot for slot, _day in QUARTERS], _number(one.target)),
                }
            ],
        }
        for one in RESULTS
    ]  # fmt: skip
    lines = [{"blok": block, "teks": text} for block, (_title, text) in zip(BLOCKS, ATTACHMENTS, strict=True)]
    return {"pendekatan": "kuantitatif", "baris": rows, "ekspektasi": [], "lampiran": lines}


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def play(folder: Path, work: Path) -> None:
    """Play the past and keep a copy of the office at each stage."""
    import flask_migrate

    from kinerja import create_app
    from kinerja.db import db

    app = create_app({})

    def keep(stage: str) -> None:
        db.session.remove()
        db.engine.dispose()
        shutil.copytree(work, folder / stage)

    with app.app_context():
        flask_migrate.upgrade()
        past = Past(furnish())
        keep("empty")
        past.it_is(date(2026, 1, 6))
        planner(past.ids)
        past.drafts_a_pk("menteri", "K")
        past.drafts_a_pk("ratih", "DLD")
        keep("organisation")
        shutil.rmtree(work)
        shutil.copytree(folder / "empty", work)
        past.it_is(date(2026, 1, 7))
        past.submits_an_skp("sekar")
        past.submits_an_skp("made")
        keep("submitted")
        past.it_is(date(2026, 1, 9))
        past.agree_and_sign("sekar", "bagas")
        keep("in_force")
        for slot, day in QUARTERS:
            past.it_is(day)
            past.records_a_quarter("sekar", "bagas", slot)
        past.it_is(date(2027, 1, 8))
        keep("evaluation")
        past.it_is(date(2027, 1, 18))
        past.evaluates("sekar", "bagas", "ratih")
        keep("received")
    shutil.rmtree(work)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    play(target, target / "work")
