"""What stands around every page: who one is, where one can go, whose name one acts in; language and look."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from kinerja import clock
from kinerja.forms.base import refuse_others
from kinerja.ids import new_public_id
from kinerja.services import access, demo_people, frame
from kinerja.views import addresses, formats, saying, visitor
from kinerja.views.addresses import url_for
from kinerja.views.saying import gettext
from kinerja.views.visitor import safe_next

blueprint = Blueprint("shell", __name__)
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.add_url_rule("/sehat", "health", health)
    formats.init_app(app)
    saying.init_app(app)
    addresses.init_app(app)

    @app.context_processor
    def shell() -> dict[str, Any]:
        if "shell" not in g:
            g.shell = Shell()
        return {"shell": g.shell, "new_key": new_public_id}


class Shell:
    """The frame's values, found when the first of them is asked for: a fragment without a form asks for none."""

    def __getattr__(self, name: str) -> Any:
        if "csrf" in vars(self):
            raise AttributeError(name)
        vars(self).update(vars(_shell()))
        return getattr(self, name)


def health() -> tuple[str, int, dict[str, str]]:
    """For whoever watches the service: it answers, and so does its database."""
    frame.ping()
    return "baik\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


def _shell() -> SimpleNamespace:
    me = current_user if current_user.is_authenticated else None
    around = frame.around(me.person_id, me.roles) if me else None
    theme = me.theme if me else request.cookies.get("tampilan", "auto")
    return SimpleNamespace(
        person=_person(me) if me else None,
        nav=_nav(around) if around else [],
        unread=around.unread if around else 0,
        locale=saying.language(),
        theme=theme if theme in ("light", "dark") else "auto",
        demo=_demo(me),
        acting=[
            SimpleNamespace(
                text=gettext("Anda bertindak atas nama %(holder)s, %(post)s", holder=a.holder, post=a.post)
                if a.holder
                else gettext("Anda bertindak sebagai %(post)s", post=a.post),
                until=formats.tanggal(a.until),
                href=url_for("team.index", saring="pendelegasian" if a.holder else None),
            )
            for a in (around.acting if around else ())
        ],
        zone=around.zone if around else "WIB",
        agency=current_app.config["AGENCY"],
        csrf=generate_csrf(),
    )  # fmt: skip


def _person(me: Any) -> SimpleNamespace:
    words = [word for word in me.name.split() if word[0].isalpha()]
    initials = "".join(word[0] for word in (words[0], words[-1])) if len(words) > 1 else me.name[:2]
    return SimpleNamespace(
        name=me.name, first_name=words[0] if words else me.name, initials=initials.upper(), key=me.public_id
    )


def _nav(around: frame.Around) -> list[dict[str, Any]]:
    places = [("home.index", gettext("Beranda"), True), ("documents.list", gettext("Dokumen"), True)]
    places.append(("team.index", gettext("Tim saya"), around.leads))
    places.append(("units.index", gettext("Unit"), around.watches_units))
    places.append(("admin.index", gettext("Pengaturan"), around.administers))
    places.append(("calendar.index", gettext("Kalender"), True))
    here = (request.endpoint or "").partition(".")[0]
    here = "team" if here == "calibration" else here
    return [
        {"url": url_for(endpoint), "label": label, "current": endpoint.partition(".")[0] == here}
        for endpoint, label, shown in places
        if shown
    ]


def _demo(me: Any) -> SimpleNamespace | None:
    if not current_app.config["DEMO"]:
        return None
    today = clock.today()
    people = [
        {"id": p.public_id, "label": p.label, "current": bool(me) and p.public_id == me.public_id}
        for p in demo_people.choices()
    ]
    return SimpleNamespace(people=people, today=today.isoformat(), today_label=formats.tanggal(today))


@blueprint.post("/bahasa")
def switch_locale() -> ResponseReturnValue:
    """Indonesian or English, remembered in a cookie and with the account: a visitor's as soon as he signs in."""
    refuse_others(request.form, "locale", "next")
    locale = request.form.get("locale", "id")
    locale = locale if locale in ("id", "en") else "id"
    if current_user.is_authenticated:
        access.set_preferences(current_user.person_id, locale=locale)
    answer = redirect(safe_next(request.form.get("next")), 303)
    answer.set_cookie(
        "bahasa", locale, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    if not current_user.is_authenticated:
        visitor.note_choice(answer)
    return answer


@blueprint.post("/tampilan")
def switch_theme() -> ResponseReturnValue:
    """Light, dark, or as the device says."""
    refuse_others(request.form, "theme", "next")
    theme = request.form.get("theme", "auto")
    theme = theme if theme in ("light", "dark", "auto") else "auto"
    if current_user.is_authenticated:
        access.set_preferences(current_user.person_id, theme=theme)
    answer = redirect(safe_next(request.form.get("next")), 303)
    answer.set_cookie(
        "tampilan", theme, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return answer
