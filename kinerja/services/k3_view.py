"""A K3 review as its page and its forms show it: each indicator with its weights, its K3 and how that came about."""

from typing import Any

from kinerja import clock
from kinerja.models import Document
from kinerja.rules import k3_review as law
from kinerja.rules.finding import BLOCKS, Finding
from kinerja.rules.regulation import Regulation
from kinerja.rules.scoring import Score, k3_average, k3_label
from kinerja.rules.words import N_
from kinerja.rules.working import MOHON_KONFIRMASI
from kinerja.services import k3_lines
from kinerja.services.agreement_view import siblings_of
from kinerja.services.k3_lines import Line, lines_of
from kinerja.services.monitoring_view import steps_of
from kinerja.services.org_value_view import REASONS
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.reading import Page
from kinerja.workflows.base import Unmet
from kinerja.workflows.k3_review import K3ReviewFlow

PROBLEMS = {
    law.PAIR: N_("Pasangan validitas dan kendali terlarang"),
    law.HISTORY: N_("Riwayat target belum ada"),
    law.MANUAL: N_("Manual indikator terlambat"),
}
_REASONS = REASONS | {"BOBOT_BELUM_ADA": N_("Validitas, kendali, atau status target belum diisi")}


def stored(document: Document) -> dict[str, dict[str, Any]]:
    """Indicator -> what holds of it now, as the forms take it."""
    return {
        line.item.key: {
            "validity": line.one.validity, "control": line.one.control, "target_status": line.one.status,
            "target_y1": line.one.target_y1, "realisation_y1": line.one.realisation_y1,
            "finding": line.item.finding, "recommendation": line.item.recommendation, "note": line.item.note,
        }
        for line in lines_of(document)
    }  # fmt: skip


def present(page: Page) -> dict[str, Any]:
    """The values of the page of a review."""
    document = page.document
    regulation = regulation_of(document.period)
    lines = lines_of(document)
    settled = document.state in k3_lines.SETTLED
    today = clock.today(document.unit.zone)
    scores = [score_of(line, regulation) for line in lines]
    average = k3_average(scores, regulation)
    found = [] if settled else law.check([line.one for line in lines], regulation)
    by_field: dict[str, list[Any]] = {}
    for finding in found:
        by_field.setdefault(finding.field, []).append(finding)
    plan, label = document.parent, _next(page)
    return {
        "slot_label": SLOT_LABELS.get(document.slot, document.slot),
        "subtitle": document.unit.name if document.flags.get("of_unit") else document.subject.name,
        "of_unit": bool(document.flags.get("of_unit")),
        "plan": plan.public_id if plan else "",
        "settled": settled,
        "lines": [_line(line, score, regulation, today, settled) for line, score in zip(lines, scores, strict=True)],
        "average": average.value,
        "average_label": k3_label(average, regulation),
        "without": sum(score.exact is None for score in scores),
        "working": steps_of(average.parts) if average.exact is not None else [],
        "next": {"label": label, "missing": [_unmet(f) for f in found if f.severity == BLOCKS]} if label else None,
        "findings": [f for f in found if f.severity != BLOCKS],
        "by_field": by_field,
        "offered": [offer.event for offer in page.offers],
        "periods": _periods(document),
    }  # fmt: skip


def score_of(line: Line, regulation: Regulation) -> Score:
    """The K3 that was settled, or what it comes to as it stands."""
    if line.item.score is not None:
        return Score.from_dict(line.item.score)
    return law.score_of(line.one, regulation)


def _unmet(finding: Finding) -> Unmet:
    return Unmet(finding.rule, finding.message, dict(finding.params), finding.field, finding.source)


def _next(page: Page) -> str:
    """The step before which something may be missing: only the end of the review."""
    return K3ReviewFlow.event_label("clear") if page.document.state == "in_review" else ""


def _line(line: Line, score: Score, regulation: Regulation, today: Any, settled: bool) -> dict[str, Any]:
    one = line.one
    weights = {part.rule: part.value for part in score.parts}
    return {
        "key": one.key,
        "number": one.number,
        "name": line.name,
        "unit": line.measure,
        "target": one.target,
        "target_y1": one.target_y1,
        "realisation_y1": one.realisation_y1,
        "validity": one.validity,
        "control": one.control,
        "status": one.status,
        "quality": weights.get("bobot_mutu_indikator"),
        "target_weight": next(
            (v for rule, v in weights.items() if rule not in ("bobot_mutu_indikator", "k3_rumus")), None
        ),
        "k3": score.value,
        "label": k3_label(score, regulation),
        "reason": _REASONS.get(score.reason or "", ""),
        "confirm": MOHON_KONFIRMASI in score.flags and not settled,
        "working": steps_of(score.parts),
        "problems": [] if settled else [PROBLEMS[code] for code in law.problems(one, regulation, today)],
        "manual": line.manual,
        "finding": line.item.finding,
        "recommendation": line.item.recommendation,
        "note": line.item.note,
    }


def _periods(document: Document) -> list[dict[str, Any]]:
    """The reviews of the same plan, quarter by quarter."""
    found = siblings_of(document.parent, document.kind) if document.parent is not None else []
    return [
        {
            "label": SLOT_LABELS.get(one.slot, one.slot),
            "state_label": K3ReviewFlow.state_label(one.state),
            "public_id": one.public_id,
            "due_at": one.due_at,
            "opens_at": None,
            "since": one.state_since,
            "current": one.id == document.id,
        }
        for one in found
    ]
