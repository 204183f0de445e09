"""Documents put straight into a state, with the rows a document of that state has: content, history, signatures.

Where a state is reached in several ways that change who may act, there is one paper for each way (a `Case`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import (
    Dko,
    DkoAction,
    Document,
    Iku,
    IkuRealisation,
    IkuRealisationItem,
    IkuTarget,
    IndicatorTarget,
    K3Review,
    Manual,
    Matrix,
    MatrixCell,
    MatrixMember,
    Objection,
    Objective,
    OrgValue,
    Period,
    Pk,
    Placement,
    Realisation,
    RealisationItem,
    Repair,
    Review,
    ReviewRow,
    ReviewValue,
    Signature,
    Skp,
    SkpIndicator,
    SkpRow,
    Step,
)
from kinerja.rules.registry import core_values
from kinerja.services import identity, iku_values, k3_lines, k3_reviews, new_documents, org_values
from kinerja.services.kinds import kind_of
from kinerja.workflows.roles import SYSTEM
from tests.matrix.cases import BINDING, BOTH_SIGNED, CASES, IN_FORCE, Case, walk

BEGUN = datetime(2026, 3, 25, 3, tzinfo=UTC)


class Printer:
    """Writes papers for one subject; `stand_in` says who is the supervisor of his chain."""

    def __init__(self, ids: dict[str, int], subject: str = "self", stand_in: str = "supervisor"):
        self.ids, self.subject, self.stand_in = ids, subject, stand_in
        placement = db.session.scalars(
            sa.select(Placement).where(Placement.person_id == ids[subject], Placement.ends.is_(None))
        ).one()
        self.post = placement.post
        self.count = 0
        self.periods = {p.year: p for p in db.session.scalars(sa.select(Period))}

    def who(self, key: str | None) -> int | None:
        if key == "third in the chain":
            return identity.superiors(self.ids[self.subject], BEGUN.date())[2].person_id
        key = {"self": self.subject, "supervisor": self.stand_in}.get(key or "", key)
        return self.ids[key] if key else None

    def print(self, case: Case) -> str:
        """Write one paper with its parents; gives its public id."""
        with clock.frozen(BEGUN), transaction():
            self.count += 1
            made = getattr(self, f"_{case.kind}")(case)
            return str(made.public_id)

    def _head(self, case: Case, parent: Document | None = None) -> Document:
        flags = dict(case.flags) | {name: self.who(key) for name, key in case.named.items()}
        return new_documents.create(
            case.kind, subject_id=self.ids[self.subject], unit_id=self._unit(case), period=self.periods[case.year],
            by=SYSTEM, state=case.state, slot=case.slot, parent_id=parent.id if parent else None,
            span_start=date(case.year, 1, 1), flags=flags,
        )  # fmt: skip

    def _unit(self, case: Case) -> int:
        if case.variant == "of the ministry":
            return int(self.post.unit.path.split("/")[1])
        return self.post.unit_id

    def _finish(self, document: Document, case: Case) -> Document:
        """History, signatures, one revision and the turn, as the real sends would have left them."""
        document.acting_level, document.held_from = case.acting_level, case.held_from
        document.version = len(case.past)
        if document.state != "draft" or any(target == "on_hold" for _e, _s, target, _w in case.past):
            document.revision_number = 1
        if case.variant == "sent back":
            document.revision_number = 2
        db.session.flush()
        at = BEGUN - timedelta(minutes=len(case.past))
        for sequence, (event, source, target, who) in enumerate(case.past, 1):
            at += timedelta(minutes=1)
            db.session.add(
                Step(
                    document_id=document.id, sequence=sequence, event=event, source=source, target=target,
                    actor_id=self.who(who), at=at, revision_number=min(sequence, document.revision_number),
                )
            )  # fmt: skip
        for block, who in case.signed:
            db.session.add(
                Signature(
                    document_id=document.id, revision_number=1, block=block, person_id=self.who(who), at=at,
                    post_title="", content_hash="",
                )
            )  # fmt: skip
        db.session.flush()
        kind = kind_of(case.kind)
        self._keep_text(document, kind)
        from kinerja.services import deadlines

        facts = kind.facts(document)
        turn, due, code = deadlines.turn_and_due(document, facts, document.state_since)
        document.turn, document.due_at, document.due_code = turn, due, code
        if case.overdue:
            document.due_at = BEGUN - timedelta(days=30)
        db.session.flush()
        return document

    def _keep_text(self, document: Document, kind: Any) -> None:
        import hashlib

        from kinerja.models import Revision
        from kinerja.services import audit

        if not document.revision_number:
            return
        content = audit.canonical(kind.content(document))
        document.content_hash = hashlib.sha256(content.encode()).hexdigest()
        for number in range(1, document.revision_number + 1):
            db.session.add(
                Revision(
                    document_id=document.id, number=number, content=content, content_hash=document.content_hash,
                    created_at=BEGUN,
                )
            )  # fmt: skip

    def _skp(self, case: Case) -> Document:
        document = self._head(case)
        targets = [IndicatorTarget(slot=f"TW{n}", value=Decimal(10 * n)) for n in range(1, 5)]
        indicator = SkpIndicator(
            key="ind1", position=1, text="Jumlah laporan diterima", aspects="kuantitas", target=Decimal(40),
            measure="laporan", consolidation="take_last_known", targets=targets,
        )  # fmt: skip
        row = SkpRow(
            key="row1", kind="utama", position=1, rhk="Laporan mutu data dipakai", indicators=[indicator]
        )
        db.session.add(
            Skp(
                document_id=document.id, post_id=self.post.id, starts=date(case.year, 1, 1),
                ends=date(case.year, 12, 31), rows=[row],
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)

    def _parent(self, year: int) -> Document:
        case = Case("skp", "in_force", past=walk(*IN_FORCE), year=year, signed=BOTH_SIGNED)
        return self._skp(case)

    def _items_of(self, skp: Document) -> list[SkpIndicator]:
        content = db.session.get_one(Skp, skp.id)
        return [indicator for row in content.rows for indicator in row.indicators]

    def _realisation(self, case: Case) -> Document:
        skp = self._parent(case.year)
        document = self._head(case, skp)
        filled = case.state not in ("not_open", "open")
        items = [
            RealisationItem(
                indicator_id=indicator.id, value=Decimal(10) if filled else None, obstacle="Tidak ada kendala berarti"
            )
            for indicator in self._items_of(skp)
        ]  # fmt: skip
        db.session.add(Realisation(document_id=document.id, skp_id=skp.id, items=items))
        db.session.flush()
        return self._finish(document, case)

    def _predicate_review(self, case: Case, rated: bool = True) -> Document:
        skp = self._parent(case.year)
        document = self._head(case, skp)
        rated = case.state not in ("prepared", "at_superior")
        direktorat = self.post.unit.parent
        while not direktorat.owns_strategy_map:
            direktorat = direktorat.parent
        values = (
            {"result_rating": "diatas", "behaviour_rating": "sesuai", "predicate": "baik"} if rated else {}
        )
        received = ("received", "accepted", "accepted_silent", "objected", "decided", "final", "reported")
        rows = db.session.scalars(sa.select(SkpRow).where(SkpRow.skp_id == skp.id))
        db.session.add(
            Review(
                document_id=document.id, skp_id=skp.id, org_unit_id=direktorat.id, org_predicate="baik" if rated else "",
                rows=[ReviewRow(row_id=row.id, status="diatas" if rated else "") for row in rows],
                values=[ReviewValue(value_code=v.code, status="sesuai" if rated else "") for v in core_values()],
                recommendation="Pertahankan ketepatan waktu." if rated else "",
                result_reason="Capaian melampaui target pada bukti." if rated else "",
                behaviour_reason="Perilaku konsisten sepanjang triwulan." if rated else "",
                received_on=BEGUN.date() if case.state in received else None,
                **values,
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)

    def _objection(self, case: Case) -> Document:
        state = {
            "draft": "received", "withdrawn": "received", "lapsed": "accepted_silent", "filed": "objected",
            "in_examination": "objected",
        }.get(case.state, "decided")  # fmt: skip
        below = next(c for c in CASES if c.kind == "predicate_review" and c.state == state)
        judge = case.named.get("evaluator_id", "supervisor")  # who was his supervisor when he evaluated
        past = ((*step[:3], judge if step[3] == "supervisor" else step[3]) for step in below.past)
        below = replace(below, past=tuple(past))
        review = self._predicate_review(below)
        document = self._head(case, review)
        decider = self.who(case.named.get("decider_id"))
        before = {"rating_hasil": "diatas", "rating_perilaku": "sesuai", "predikat": "baik"}
        after = before | {"rating_hasil": "sesuai"} if case.decision == "mengubah" else {}
        db.session.add(
            Objection(
                document_id=document.id, review_id=review.id, targets=["rating_hasil"],
                reasons="Data terlambat dari unit lain.", request="Tinjau kembali", received_on=BEGUN.date(),
                filed_at=BEGUN if case.state != "draft" else None, decider_id=decider, decision=case.decision,
                considerations="Sudah diperiksa dan dipertimbangkan." if case.decision else "",
                recommendation="Teruskan." if case.decision else "", before=before, after=after,
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)

    def _pk(self, case: Case) -> Document:
        document = self._head(case)
        targets = [IkuTarget(slot=f"TW{n}", value=Decimal(10 * n)) for n in range(1, 5)]
        iku = Iku(
            key="iku1", position=1, code="1a-N", name="Jumlah laporan dipakai", target=Decimal(40), measure="laporan",
            consolidation="take_last_known", targets=targets,
        )  # fmt: skip
        goal = Objective(
            key="ss1", position=1, code="1", perspective="stakeholder", statement="Data yang dipercaya",
            indicators=[iku],
        )  # fmt: skip
        whole = {"starts": date(case.year, 1, 1), "ends": date(case.year, 12, 31)}
        db.session.add(Pk(document_id=document.id, document=document, objectives=[goal], **whole))
        db.session.flush()
        return self._finish(document, case)

    def _dko(self, case: Case) -> Document:
        document = self._head(case)
        if case.state == "actions_open":
            document.flags = {"awaited": [self.ids["stranger"]]}
        decision = {"key": "arah", "arahan": "Perbaiki mutu data"}
        actions = []
        if case.state in ("actions_open", "closed"):
            actions = [
                DkoAction(
                    key="aksi", decision_key="arah", position=1, text="Menyusun kamus data", due=date(case.year, 5, 29),
                    owner_id=self.ids["stranger"], done_at=BEGUN if case.state == "closed" else None,
                )
            ]  # fmt: skip
        db.session.add(
            Dko(
                document_id=document.id, document=document, held_on=date(case.year, 4, 28), minutes="Dibahas bersama.",
                decisions=[decision] if actions else [], actions=actions,
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)

    def _matrix(self, case: Case) -> Document:
        document = self._head(case)
        cell = MatrixCell(
            key="selabc23", position=1, parent_key="iki1", parent_text="", text="Hasil", method=""
        )
        member = MatrixMember(
            key="orang234", position=1, person_id=self.ids["subordinate"], team="", teams=[], cells=[cell]
        )
        db.session.add(Matrix(document_id=document.id, document=document, members=[member]))
        db.session.flush()
        return self._finish(document, case)

    def _manual(self, case: Case) -> Document:
        document = self._head(case)
        clause = {"nama": "Jumlah laporan dipakai", "rhk": "Data yang dipercaya", "kode": "1a-N"}
        whole = {"mulai": f"{case.year}-01-01", "selesai": f"{case.year}-12-31", "lintasan": {}}
        db.session.add(Manual(document_id=document.id, number=1, clause=clause | whole))
        db.session.flush()
        return self._finish(document, case)

    def _agreement(self, year: int) -> Document:
        return self._pk(Case("pk", "in_force", past=walk(*BINDING), year=year))

    def _iku_realisation(self, case: Case) -> Document:
        pk = self._agreement(case.year)
        document = self._head(case, pk)
        filled = case.state not in ("not_open", "open")
        content = db.session.get_one(Pk, pk.id)
        for iku in (iku for goal in content.objectives for iku in goal.indicators):
            # Recorded before: a first recording waits for the manual (PK-9).
            iku.locked_at = BEGUN
        items = [
            IkuRealisationItem(
                iku_id=iku.id, value=Decimal(10) if filled else None, obstacle="Tidak ada kendala berarti"
            )
            for goal in content.objectives
            for iku in goal.indicators
        ]
        db.session.add(IkuRealisation(document_id=document.id, pk_id=pk.id, items=items))
        db.session.flush()
        return self._finish(document, case)

    def _org_value(self, case: Case) -> Document:
        pk = self._agreement(case.year)
        document = self._head(case, pk)
        stands = "baik" if case.state in ("determined", "final") else ""
        value = OrgValue(document_id=document.id, pk_id=pk.id, report="LCK-1/2026", predicate=stands)
        if case.state != "collecting":
            value.reading = iku_values.frozen(org_values.reading(document))
            value.basis, value.nko, value.proposal = "hitungan", Decimal("102.5"), "baik"
        db.session.add(value)
        db.session.flush()
        return self._finish(document, case)

    def _k3_review(self, case: Case) -> Document:
        of_unit = bool(case.flags.get("of_unit"))
        plan = self._agreement(case.year) if of_unit else self._parent(case.year)
        document = self._head(case, plan)
        review = K3Review(document_id=document.id, plan_id=plan.id)
        db.session.add(review)
        k3_reviews.put_in(review, k3_lines.indicators_of(plan))
        for item in review.items:
            item.validity, item.control, item.target_status = "proxy", "moderate", "baru_tanpa_riwayat"
        db.session.flush()
        return self._finish(document, case)

    def _repair(self, case: Case) -> Document:
        below = next(c for c in CASES if c.kind == "predicate_review" and c.state == "final")
        review = self._predicate_review(below)
        document = self._head(case, review)
        db.session.add(
            Repair(
                document_id=document.id, review_id=review.id, reason="Kuadran salah dibaca.",
                before={"predikat": "kurang"}, after={"predikat": "baik"}, found={},
            )
        )  # fmt: skip
        db.session.flush()
        return self._finish(document, case)
