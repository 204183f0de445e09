"""Appointed roles: the list, proposing, the second person's word, revoking."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.base import refuse_others
from kinerja.forms.fields import options
from kinerja.forms.numbers import whole
from kinerja.forms.roles import GrantForm, RevokeForm
from kinerja.services import access, appointments, permits, role_list
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.views import confirming, downloads, refusals, saved

blueprint = Blueprint("roles", __name__, url_prefix="/pengaturan/peran")
CSV_HEAD = (
    _("Nama"),
    _("NIP"),
    _("Peran"),
    _("Unit"),
    _("Mulai"),
    _("Selesai"),
    _("Keputusan"),
    _("Keadaan"),
    _("Diusulkan"),
    _("Disahkan"),
)


def _filters() -> role_list.Filters:
    get = request.args.get
    return role_list.Filters(get("q", "")[:100], get("peran", ""), get("keadaan", ""))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    if kind := downloads.wanted():
        return _file(kind)
    me, filters = current_user.person_id, _filters()
    args = {
        name: value for name, value in request.args.items() if value and name in ("q", "peran", "keadaan")
    }
    role = appointments.ROLES.get(filters.role, ("", None))[0]
    words = {"q": (_("Cari"), filters.text), "peran": (_("Peran"), gettext(role) if role else filters.role)}
    rows, more = role_list.page(me, filters, request.args.get("sebelum", type=whole))
    return render_template(
        "admin/roles.html",
        rows=rows,
        next_key=more,
        filters=filters,
        counts=role_list.counts(me, filters),
        states=role_list.STATES,
        roles=appointments.ROLES,
        args=args,
        active=saved.active("roles.index", args, words),
        saved=saved.links("roles.index", args),
        waiting=appointments.waiting_for(me),
        acts=permits.granted(current_user.roles),
    )


def _file(kind: str) -> Response:
    """The same list as a file."""
    quote = "'" if kind == "csv" else ""
    rows = (
        (
            row.person, f"{quote}{row.nip}", gettext(row.role_label), row.unit or gettext("seluruh kementerian"),
            row.starts.isoformat(), row.ends.isoformat() if row.ends else "", row.decree, gettext(row.state_label),
            row.granted_by, row.confirmed_by,
        )
        for row in role_list.export(current_user.person_id, _filters())
    )  # fmt: skip
    return downloads.answer(kind, "peran", [str(name) for name in CSV_HEAD], rows)


@blueprint.route("/usul", methods=["GET", "POST"])
def grant() -> ResponseReturnValue:
    """Propose a role; it counts once a second person has confirmed it."""
    me = current_user.person_id
    permits.demand(me, "role.grant")
    form = GrantForm(request.form if request.method == "POST" else None, starts=clock.today())
    form.role.choices = options(
        (code, gettext(label))
        for code, (label, reach) in appointments.ROLES.items()
        if reach is not appointments.Reach.ASSIGNMENT
    )
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                role_list.grant(
                    me,
                    person=form.person.data,
                    role=form.role.data,
                    unit=form.unit.data,
                    starts=form.starts.data,
                    ends=form.ends.data,
                    decree=form.decree.data,
                )
            except BadInput as error:
                refusals.place(form, error)
            except NotAllowed as error:
                form.form_errors.append(refusals.reasons(error))
            else:
                flash(gettext("Peran diusulkan. Berlaku sesudah disahkan orang kedua."), "success")
                return redirect(url_for("roles.index"), 303)
        status = 422
    return render_template("admin/role_grant.html", form=form, units=role_list.units_to_choose()), status


@blueprint.post("/<public_id>/sahkan")
def confirm(public_id: str) -> ResponseReturnValue:
    """The second person's word, given with the password again."""
    permits.demand(current_user.person_id, "role.confirm")
    refuse_others(request.form)
    if first := confirming.asked(back=url_for("roles.index")):
        return first
    row = access.confirm_role(current_user.person_id, public_id)
    name = row.person.name if row is not None else ""
    flash(gettext("Peran %(name)s disahkan dan berlaku.", name=name), "success")
    return redirect(url_for("roles.index"), 303)


@blueprint.route("/<public_id>/cabut", methods=["GET", "POST"])
def revoke(public_id: str) -> ResponseReturnValue:
    """End a role at once, with a reason."""
    me = current_user.person_id
    permits.demand(me, "role.revoke")
    row = role_list.one(me, public_id)
    form = RevokeForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                appointments.revoke_role(me, public_id, form.reason.data)
            except NotAllowed as error:
                form.form_errors.append(refusals.reasons(error))
            else:
                flash(gettext("Peran %(name)s dicabut.", name=row.person), "success")
                return redirect(url_for("roles.index"), 303)
        status = 422
    return render_template("admin/role_revoke.html", row=row, form=form), status
