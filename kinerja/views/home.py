"""The first page: "Perlu tindakan saya", "Menunggu orang lain", "Dokumen saya"."""

from flask import Blueprint, render_template
from flask_login import current_user

from kinerja import clock
from kinerja.services import home as service
from kinerja.services import periods

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    found = service.home(current_user.person_id)
    return render_template(
        "home.html",
        home=found,
        now=clock.now(),
        today=clock.today(),
        period=periods.current_period(),
        greeting=_greeting(),
    )


def _greeting() -> str:
    from flask_babel import gettext

    hour = clock.local(clock.now()).hour
    name = current_user.name.split()[0]
    words = (
        gettext("Selamat pagi, %(name)s", name=name),
        gettext("Selamat siang, %(name)s", name=name),
        gettext("Selamat sore, %(name)s", name=name),
        gettext("Selamat malam, %(name)s", name=name),
    )
    return str(words[0] if hour < 11 else words[1] if hour < 15 else words[2] if hour < 18 else words[3])
