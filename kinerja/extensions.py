"""Extensions that are not the database: migrations, CSRF, languages, htmx."""

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

from kinerja.db import db

LOCALES = ("id", "en")
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()
htmx = Htmx()


def chosen_locale() -> str:
    """The language of the signed-in person, else of the cookie; Indonesian unless somebody chose English."""
    if current_user and getattr(current_user, "is_authenticated", False):
        return str(current_user.locale)
    cookie = request.cookies.get("bahasa", "id") if request else "id"
    return cookie if cookie in LOCALES else "id"


def init_app(app: Flask) -> None:
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=chosen_locale)
    htmx.init_app(app)
