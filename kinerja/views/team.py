"""The supervisor's page: one row per person, and one act for several of them with a result per row."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.numbers import a_year, whole
from kinerja.reports import charts
from kinerja.services import access, bulk, periods, reading, signing, team, team_pieces
from kinerja.views import downloads, formats, saved

blueprint = Blueprint("team", __name__, url_prefix="/tim")
EXPORT_HEAD = (
    _("Nama"),
    _("NIP"),
    _("Jabatan"),
    _("Unit"),
    _("Tahap"),
    _("SKP"),
    _("Realisasi"),
    _("Terisi"),
    _("Seharusnya"),
    _("Hijau"),
    _("Kuning"),
    _("Merah"),
    _("Evaluasi"),
    _("Tanda"),
)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    if kind := downloads.wanted():
        return _file(kind)
    found = team.team(current_user.person_id, request.args.get("periode", ""))
    return _page(found)


def _page(found: team.Team, results: Any = (), action: str = "") -> str:
    chosen = request.values.get("saring", team.ALL)
    members = [m for m in found.members if m.fits(chosen)]
    return render_template(
        "team/index.html",
        team=found,
        members=members,
        shown_bulk=team_pieces.bulk_choices(members),
        chosen=chosen,
        ticked=request.args.get("pilih") == "semua",
        filters=found.filters(),
        phases=team.PHASES,
        slot_labels=periods.SLOT_LABELS,
        bars={m.public_id: _bar(m) for m in members if any(m.lights)},
        results=results,
        action=action,
        saved=saved.links(
            "team.index", {"periode": found.slot, **request.values} if chosen != team.ALL else {}
        ),
        bounds=team.light_bounds(found.period),
    )


def _bar(member: team.Member) -> Any:
    """The lamps of a person as a stacked bar; the words stand beside the colours."""
    green, yellow, red = member.lights
    rest = max(0, member.wanted - green - yellow - red)
    words = (gettext("hijau"), gettext("kuning"), gettext("merah"), gettext("belum"))
    return charts.bar(
        [("ok", green, words[0]), ("warn", yellow, words[1]), ("bad", red, words[2]), ("b4", rest, words[3])]
    )


def _file(kind: str) -> Response:
    """The team as a file: the rows the screen shows, with the same filter."""
    chosen = request.args.get("saring", team.ALL)
    found = team.team(current_user.person_id, request.args.get("periode", ""))
    quote = "'" if kind == "csv" else ""
    rows = (
        (
            m.name, f"{quote}{m.nip}", m.post, m.unit, gettext(team.PHASES[m.phase]),
            *(gettext(piece.state_label) if piece else "" for piece in (m.skp, m.realisation)),
            m.filled, m.wanted, *m.lights, gettext(m.review.state_label) if m.review else "",
            "; ".join(_said(text, params) for text, params, _tone, _look in m.flags),
        )
        for m in found.members
        if m.fits(chosen)
    )  # fmt: skip
    return downloads.answer(kind, "tim", [str(name) for name in EXPORT_HEAD], rows)


def _said(text: str, params: dict[str, Any]) -> str:
    return formats.kalimat(
        text, {**params, "date": formats.tanggal(params["date"])} if "date" in params else params
    )


@blueprint.get("/langkah/<public_id>/<any(sebelum, sesudah):way>")
def step(public_id: str, way: str) -> ResponseReturnValue:
    """On to the next person of the team, at the same document; to his page where he has none, back at the end."""
    get = request.args.get
    forward = way == "sesudah"
    person, document = team.beside(
        current_user.person_id,
        public_id,
        forward,
        get("jenis", ""),
        get("periode", ""),
        get("tahun", type=a_year),
    )
    if document:
        return redirect(url_for("documents.show", public_id=document))
    if person:
        return redirect(url_for("people.show", public_id=person))
    flash(gettext("Itu orang terakhir.") if forward else gettext("Itu orang pertama."), "info")
    return redirect(url_for("team.index"))


@blueprint.post("/tindakan")
def act() -> ResponseReturnValue:
    """One event for the picked people. An event that signs is confirmed first, on a page that lists each document."""
    kind, _sep, event = request.form.get("act", "").partition(":")
    if (kind, event) not in team_pieces.BULK:
        abort(400)
    found = team.team(current_user.person_id, request.form.get("periode", ""))
    pieces = team.pieces_of(found, request.form.getlist("pick"), kind, event)
    label = next((c.label for c in found.bulk if (c.kind, c.event) == (kind, event)), event)
    if not pieces:
        return _page(found, [_none_picked()], label), 422
    signs = any(
        "signature" in move.row.asks for move in reading.kind_of(kind).flow.moves() if move.event == event
    )
    if signs and not _confirmed():
        wrong = (
            gettext("Kata sandi tidak sesuai. Tidak ada yang ditandatangani.")
            if request.form.get("password")
            else ""
        )
        page = render_template(
            "team/confirm.html",
            items=[(signing.to_sign(piece.public_id, current_user.person_id), "") for _m, piece in pieces],
            picked=[member.public_id for member, _piece in pieces],
            kept={"periode": found.slot, "act": f"{kind}:{event}"},
            label=label,
            title=gettext("Periksa sebelum tanda tangan"),
            sub=gettext("Setiap tanda tangan dicatat tersendiri dengan waktu dan sidiknya."),
            says=gettext("Yang akan ditandatangani"),
            action=url_for(".act"),
            back=url_for(".index", periode=found.slot),
            back_label=gettext("Kembali tanpa menandatangani"),
            wrong=wrong,
        )
        reading.keep_reads()
        return page, 422 if wrong else 200
    orders = [
        bulk.Order(
            piece.public_id,
            request.form.get(f"version-{piece.public_id}", piece.version, type=whole),
            f"{request.form.get('key', '')[:40]}-{piece.public_id}" if request.form.get("key") else "",
            member.name,
        )
        for member, piece in pieces
    ]
    outcomes = bulk.send_all(event, orders, current_user.person_id, signed=signs)
    results = [
        {"name": o.label, "ok": o.ok, "text": " ".join(formats.kalimat(u.message, u.params) for u in o.reasons),
         "public_id": o.public_id}
        for o in outcomes
    ]  # fmt: skip
    return _page(team.team(current_user.person_id, found.slot), results, label)


def _confirmed() -> bool:
    password = request.form.get("password", "")
    return bool(password) and access.verify_password(current_user.person_id, password)


def _none_picked() -> dict[str, Any]:
    return {
        "name": gettext("Tidak ada"),
        "ok": False,
        "text": gettext("Pilih sedikitnya satu orang."),
        "public_id": "",
    }
