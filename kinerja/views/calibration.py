"""Reviu predikat: all proposals below one superior on one page, changed one by one, the rest agreed to at once."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kinerja import clock
from kinerja.forms.base import UnknownField, refuse_others
from kinerja.forms.evaluation import CalibrateForm
from kinerja.forms.numbers import a_year, whole
from kinerja.reports import charts
from kinerja.reports.quadrant import quadrant
from kinerja.services import access, bulk, calibrating, periods, reading, signing, transitions
from kinerja.services.errors import BadInput, NotAllowed, NotThere, Stale
from kinerja.services.review_view import TONES
from kinerja.services.review_working import RATING_WORDS
from kinerja.views import downloads, formats
from kinerja.workflows.base import Incomplete

blueprint = Blueprint("calibration", __name__, url_prefix="/reviu-predikat")

FILTERS = ("semua", "menunggu", "berbeda", "diubah")
PLACE = {"dibawah": 1, "sesuai": 2, "diatas": 3}
EXPORT_HEAD = (
    _("Nama"), _("Unit"), _("Penilai"), _("Saran rating hasil kerja"), _("Saran rating perilaku kerja"),
    _("Rating hasil kerja"), _("Rating perilaku kerja"), _("Predikat"), _("Keadaan"),
)  # fmt: skip


def _desk() -> calibrating.Desk:
    given = request.values
    return calibrating.desk(
        current_user.person_id, given.get("tahun", type=a_year), given.get("periode", "")[:4]
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    if kind := downloads.wanted():
        return _file(kind)
    found = _desk()
    form, wanted = None, request.args.get("ubah", "")
    if opened := next((p for p in found.waiting if p.public_id == wanted), None):
        stored = {"result_rating": opened.result, "behaviour_rating": opened.behaviour}
        form = CalibrateForm(None, stored)
    return _page(found, opened=opened, form=form)


def _page(
    found: calibrating.Desk, *, status: int = 200, opened: Any = None, form: Any = None, problems: Any = (),
    results: Any = (),
) -> ResponseReturnValue:  # fmt: skip
    chosen = request.args.get("saring", "semua")
    predicates = found.regulation.value("predikat_label") if found.regulation else {}
    page = render_template(
        "calibration/index.html",
        desk=found,
        rows=[p for p in found.proposals if _fits(p, chosen)],
        chosen=chosen,
        tallies={name: sum(_fits(p, name) for p in found.proposals) for name in FILTERS},
        slot_labels=periods.SLOT_LABELS,
        ratings=RATING_WORDS,
        predicates=predicates,
        drawing=_drawing(found, predicates),
        patterns=[_pattern(pattern, found) for pattern in found.patterns],
        opened=opened,
        form=form,
        problems=[
            {"text": formats.kalimat(u.message, u.params), "href": f"#{u.field_name}"} for u in problems
        ],
        results=results,
        today=clock.today(),
    )
    reading.keep_reads()
    return page, status


def _fits(proposal: calibrating.Proposal, chosen: str) -> bool:
    return (
        chosen not in FILTERS[1:]
        or (chosen == "menunggu" and proposal.waits)
        or (chosen == "berbeda" and proposal.differs)
        or (chosen == "diubah" and proposal.before is not None)
    )


def _drawing(found: calibrating.Desk, predicates: Any) -> Any:
    """Everybody in the quadrant of results by behaviour; who was moved with an arrow from where he stood."""
    if not found.proposals:
        return None
    people = [
        {
            "initials": "".join(word[0] for word in p.name.split()[:2]).upper(),
            "place": (PLACE[p.result], PLACE[p.behaviour]),
            "old": (PLACE[p.before["rating_hasil"]], PLACE[p.before["rating_perilaku"]])
            if p.before
            else None,
        }
        for p in found.proposals
        if p.result and p.behaviour
    ]
    cells = {
        (PLACE[r], PLACE[b]): {"label": gettext(predicates[code]), "tone": TONES[code]}
        for (r, b), code in found.cells().items()
    }
    return quadrant(people, cells)


def _pattern(pattern: calibrating.Pattern, found: calibrating.Desk) -> dict[str, Any]:
    """One UPK as the parts of an evaluation draw it."""
    law, check = found.regulation, pattern.check
    assert law is not None
    labels = law.value("predikat_label")
    counts = [(code, labels[code], count) for code, count in check.counts.items()]
    return {
        "unit": pattern.unit,
        "label": law.value("predikat_organisasi_label").get(pattern.predicate, pattern.predicate),
        "distribution": {
            "n": check.n,
            "counts": counts,
            "breaches": check.breaches,
            "attainable": check.attainable,
            "source": check.source,
        },
        "distribution_drawing": charts.distribution(
            [
                {"label": gettext(label), "after": Decimal(100 * count) / check.n, "text": str(count)}
                for _code, label, count in counts
            ]
        ),
    }


def _file(kind: str) -> Response:
    """The comparison as a file: the rows the screen shows."""
    found = _desk()
    predicates = found.regulation.value("predikat_label") if found.regulation else {}

    def word(code: str) -> str:
        return gettext(RATING_WORDS[code]) if code else ""

    rows = (
        (
            p.name, p.unit, p.evaluator, *(word(code) for code in p.suggested), word(p.result), word(p.behaviour),
            gettext(predicates[p.predicate]) if p.predicate else "", gettext(p.state_label),
        )
        for p in found.proposals
        if _fits(p, request.args.get("saring", "semua"))
    )  # fmt: skip
    answer = downloads.answer(kind, "reviu-predikat", [str(name) for name in EXPORT_HEAD], rows)
    reading.keep_reads()
    return answer


@blueprint.post("/ubah")
def change() -> ResponseReturnValue:
    """Change one proposal, with its reason; what was typed comes back with what is wrong."""
    public_id = request.form.get("dokumen", "")
    typed = MultiDict(
        (k, v) for k, v in request.form.items(multi=True) if k not in ("dokumen", "periode", "tahun")
    )
    form = CalibrateForm(typed)
    is_whole = form.validate()
    if not public_id:
        abort(400)
    found = _desk()
    opened = next((p for p in found.proposals if p.public_id == public_id), None)
    if opened is None:
        raise NotThere(public_id)
    if not is_whole:
        return _page(found, status=422, opened=opened, form=form)
    try:
        transitions.send(
            public_id, "calibrate", current_user.person_id, version=request.form.get("version", type=whole),
            change=form.change(), key=request.form.get("key", "")[:40],
        )  # fmt: skip
    except (BadInput, Incomplete) as error:
        wrong = error.problems if isinstance(error, BadInput) else error.unmet
        for u in (u for u in wrong if u.field_name in form):
            form[u.field_name].errors = [formats.kalimat(u.message, u.params)]
        elsewhere = [u for u in wrong if u.field_name not in form]
        return _page(found, status=422, opened=opened, form=form, problems=elsewhere)
    except (NotAllowed, Stale):
        text = gettext("Usulan ini berubah sejak halaman dibuka. Buka lagi dokumennya.")
        done = {"name": opened.name, "ok": False, "text": text, "public_id": public_id}
        return _page(_desk(), status=409, results=[done])
    return redirect(url_for(".index", tahun=found.year, periode=found.slot, _anchor="daftar"), 303)


@blueprint.post("/setujui")
def agree() -> ResponseReturnValue:
    """Agree to the picked proposals: confirmed once on a page that lists each with its hash, a result per document."""
    versions = {name.removeprefix("version-") for name in request.form if name.startswith("version-")}
    refuse_others(
        (name for name in request.form if name.removeprefix("version-") not in versions),
        "pick", "periode", "tahun", "password",
    )  # fmt: skip
    if strange := versions - set(request.form.getlist("pick")):
        raise UnknownField(strange)
    found = _desk()
    picked = set(request.form.getlist("pick"))
    if not picked:
        text = gettext("Pilih sedikitnya satu usulan.")
        none = {"name": gettext("Tidak ada"), "ok": False, "text": text, "public_id": ""}
        return _page(found, status=422, results=[none])
    chosen = [p for p in found.proposals if p.public_id in picked]
    if len(chosen) != len(picked):
        abort(404)
    password = request.form.get("password", "")
    if not (password and access.verify_password(current_user.person_id, password)):
        wrong = gettext("Kata sandi tidak sesuai. Tidak ada yang disetujui.") if password else ""
        return _confirm(found, chosen, wrong)
    key = request.form.get("key", "")[:20]
    orders = [
        bulk.Order(
            p.public_id, request.form.get(f"version-{p.public_id}", p.version, type=whole),
            f"{key}-{p.public_id}" if key else "", p.name,
        )
        for p in chosen
    ]  # fmt: skip
    results = [
        {"name": o.label, "ok": o.ok, "public_id": o.public_id,
         "text": " ".join(formats.kalimat(u.message, u.params) for u in o.reasons)}
        for o in bulk.send_all("calibrate", orders, current_user.person_id)
    ]  # fmt: skip
    return _page(_desk(), results=results)


def _confirm(found: calibrating.Desk, chosen: list[calibrating.Proposal], wrong: str) -> ResponseReturnValue:
    assert found.regulation is not None
    predicates = found.regulation.value("predikat_label")
    items = []
    for p in chosen:
        words = [
            RATING_WORDS.get(p.result, ""),
            RATING_WORDS.get(p.behaviour, ""),
            predicates.get(p.predicate, ""),
        ]
        says = " · ".join(gettext(word) for word in words if word)
        items.append((signing.to_sign(p.public_id, current_user.person_id), says))
    page = render_template(
        "team/confirm.html",
        items=items,
        picked=[p.public_id for p in chosen],
        kept={"tahun": found.year, "periode": found.slot},
        label=_("Setujui usulan"),
        title=_("Periksa sebelum menyetujui"),
        sub=_("Setiap persetujuan dicatat tersendiri pada dokumennya, dengan waktu dan nama Anda."),
        says=_("Yang disetujui"),
        action=url_for(".agree"),
        back=url_for(".index", tahun=found.year, periode=found.slot),
        back_label=_("Kembali tanpa menyetujui"),
        wrong=wrong,
    )
    reading.keep_reads()
    return page, 422 if wrong else 200
