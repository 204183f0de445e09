"""How the predicate of one evaluation came about, step by step, as plain values for the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from kinerja.models import Review
from kinerja.rules.predicate import quadrant
from kinerja.rules.regulation import ASSUMED, Regulation
from kinerja.rules.words import N_
from kinerja.services.monitoring_view import REASONS as EMPTY

# The ratings as a page writes them; the official forms keep the capitals of the regulation.
RATING_WORDS = {
    "diatas": N_("Diatas Ekspektasi"),
    "sesuai": N_("Sesuai Ekspektasi"),
    "dibawah": N_("Dibawah Ekspektasi"),
}


def working(
    review: Review, rows: Sequence[Mapping[str, Any]], result: Mapping[str, Any], behaviour: Mapping[str, Any],
    regulation: Regulation,
) -> list[dict[str, Any]]:  # fmt: skip
    """ "Bagaimana angka ini terjadi?": from each realisation to the predicate, a step each, for ui.trace_step()."""
    ratings, predicates = RATING_WORDS, regulation.value("predikat_label")
    steps = [capaian_step(rows)]
    for title, suggestion in (
        (N_("Saran rating hasil kerja"), result), (N_("Saran rating perilaku kerja"), behaviour),
    ):  # fmt: skip
        own = suggestion["parts"]
        steps.append(
            {
                "title": title,
                "value": ratings.get(suggestion["value"], "") or None,
                "text": own[0]["formula"]
                if own
                else N_("Tidak ada saran: belum ada hasil yang dapat dinilai."),
                "formulas": [(name, ": ", text) for part in own for name, text in part["inputs"]],
                "source": own[0]["source"] if own else "",
                "assumed": any(part["status"] == ASSUMED for part in own),
            }
        )
    code = quadrant(review.result_rating or None, review.behaviour_rating or None, regulation)
    steps.append(
        {
            "title": N_("Rating dan predikat"),
            "value": predicates.get(review.predicate) or None,
            "text": N_("Penilai menetapkan kedua rating; predikat mengikuti kuadran. Saran tidak mengikat."),
            "columns": ("part", "suggested", "determined"),
            "rows": [
                (
                    N_("Hasil kerja"),
                    ratings.get(result["value"], "–"),
                    ratings.get(review.result_rating, "–"),
                ),
                (
                    N_("Perilaku kerja"),
                    ratings.get(behaviour["value"], "–"),
                    ratings.get(review.behaviour_rating, "–"),
                ),
            ],
            "formulas": [
                (
                    ratings[review.result_rating],
                    " × ",
                    ratings[review.behaviour_rating],
                    " = ",
                    predicates[code],
                )
            ]
            if code
            else [],
            "source": regulation.parameter("kuadran").source,
            "assumed": regulation.parameter("kuadran").status == ASSUMED,
        }
    )
    return steps


def capaian_step(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first step alone: what whoever sees a realisation may work out again, before any rating is known."""
    lines = [line for row in rows for line in row["indicators"]]
    parts = [part for line in lines for part in line["working"]]
    return {
        "title": N_("Capaian setiap indikator"),
        "value": str(len(lines)),
        "text": N_(
            "Realisasi dibandingkan dengan target menurut polarisasi, dibatasi 0 sampai 120. Dihitung tepat, "
            "ditampilkan dua angka di belakang koma."
        ),
        "columns": ("indicator", "target", "realisation", "formula", "capaian"),
        "rows": [
            (
                f"{line['number']} {line['text']}", line["target"] or "–", line["realisation"] or "–",
                _arithmetic(line["working"]) or EMPTY.get(line["reason"], "–"), line["capaian"] or "–",
            )
            for line in lines
        ],
        "source": "; ".join(dict.fromkeys(p["source"] for p in parts if p["source"])),
        "assumed": any(p["status"] == ASSUMED for p in parts),
    }  # fmt: skip


def _arithmetic(parts: Sequence[Mapping[str, Any]]) -> str:
    """The steps of a capaian on one line: "T: 40 + 60 = 100; R: 38 + 59 = 97 → R × 100 ÷ T = 97"."""
    shown = [part for part in parts if part["rule"] != "konsolidasi"]
    if not shown:
        return ""
    written = [
        f"{p['formula']} ({', '.join(f'{n} = {t}' for n, t in p['inputs'])}) = {p['value']}" for p in shown
    ]
    return " → ".join([*(_joint(part) for part in parts if part not in shown and _is_joint(part)), *written])


def _is_joint(part: Mapping[str, Any]) -> bool:
    """Periods are joined only where there are several."""
    return " ; " in dict(part["inputs"])["T"]


def _joint(part: Mapping[str, Any]) -> str:
    """The consolidation of targets and realisations in signs that need no language."""
    given, ends = dict(part["inputs"]), dict(end.split(" = ") for end in part["value"].split("; "))
    sides = []
    for name in ("T", "R"):
        values = given[name].split(" ; ")
        if part["formula"] == "take_last_known":
            sides.append(f"{name}: … {ends[name]}")
        else:
            total = " + ".join(values)
            total = f"({total}) ÷ {len(values)}" if part["formula"] == "average" else total
            sides.append(f"{name}: {total} = {ends[name]}")
    return "; ".join(sides)
