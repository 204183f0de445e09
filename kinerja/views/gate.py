"""What every request passes first and every answer last: sign-in, demo calendar, headers, the log of ids."""

import hashlib
import json
import logging
import sys
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import AnonymousUserMixin, LoginManager, current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from kinerja import clock
from kinerja.forms.auth import SignInForm
from kinerja.forms.base import UnknownField
from kinerja.services import demo_clock, sessions
from kinerja.services.throttle import TryLater
from kinerja.views import visitor

# Everything else asks who one is.
PUBLIC = (
    "static", "auth.sign_in", "auth.totp", "auth.activate", "shell.switch_locale", "health", "calendar.subscribe",
)  # fmt: skip
# The demo bar stands on the sign-in page too; its endpoints exist in demo mode only.
PUBLIC_IN_DEMO = ("demo.apply", "demo.restart")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Our own pages see where one came from (an expired form leads back); nobody else does.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), "
        "payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = 31_536_000

_renderer = structlog.processors.JSONRenderer(
    serializer=lambda event, **_: json.dumps(event, ensure_ascii=False)
)
_stdlib_log = logging.getLogger("kinerja.request")


def init_app(app: Flask) -> None:
    """Stand in front of everything, CSRF included: a form sent after the session ended must not be lost there."""
    if app.config["TRUSTED_PROXY"] == "1":
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load_user)
    # Not init_app(): looking for its remember-me cookie would make every static file vary by cookie.
    app.login_manager = manager  # type: ignore[attr-defined]
    # The import puts its wider limit between the two: what is looked for in a form has to be read first.
    app.before_request_funcs.setdefault(None, [])[:0] = [_admit, _refuse_nul_in_a_form]
    app.after_request(_finish)
    app.url_defaults(_add_version)
    app.register_error_handler(UnknownField, _unknown_field)
    app.register_error_handler(TryLater, _try_later)
    if not (app.config["DEMO"] or app.testing or _stdlib_log.handlers):
        _stdlib_log.addHandler(logging.StreamHandler(sys.stderr))
        _stdlib_log.setLevel(logging.INFO)


def _unknown_field(_error: UnknownField) -> ResponseReturnValue:
    return render_template("errors/400.html"), 400


def _try_later(error: TryLater) -> ResponseReturnValue:
    page = render_template("errors/429.html", until=visitor.wait_time(error))
    return page, 429, {"Retry-After": str(visitor.wait_seconds(error))}


def _load_user(_request: Any) -> sessions.SignedIn | None:
    token = visitor.token()
    return sessions.load(token) if token else None


def _admit() -> ResponseReturnValue | None:
    g.started = clock.monotonic_now()
    if not current_app.config["DEMO"] and not request.is_secure and request.endpoint != "health":
        text = (
            "kinerja menerima HTTPS saja. Buka alamat ini dengan https://; bila itu sudah Anda lakukan, proksi di "
            "depan kinerja tidak mengirim X-Forwarded-Proto (lihat docs/operasi.md).\n"
        )
        return Response(text, 400, content_type="text/plain; charset=utf-8")
    if request.endpoint == "static":
        return None
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(400)
    if current_app.config["DEMO"]:
        moved = demo_clock.shift()
        if moved is None and demo_clock.on_real_data():
            # The frame of a page would name who could be entered, and load who is signed in.
            g.shell, g._login_user = None, AnonymousUserMixin()
            return render_template("errors/demo.html"), 503
        clock.set_shift(moved or timedelta())
    if request.endpoint in PUBLIC or (current_app.config["DEMO"] and request.endpoint in PUBLIC_IN_DEMO):
        return None
    return None if current_user.is_authenticated else _ask_to_sign_in()


def _refuse_nul_in_a_form() -> None:
    """No keyboard writes this character, and PostgreSQL holds it in no text."""
    if request.method != "POST" or request.endpoint == "static":
        return
    for name, values in request.form.lists():
        if "\x00" in name or any("\x00" in value for value in values):
            abort(400)


def sign_in_address(target: str) -> str:
    """The sign-in page that leads back; it says so when there was a session and it has ended."""
    args = {"next": target} if target != "/" else {}
    if visitor.token() is not None:
        args["berakhir"] = "1"
    return url_for("auth.sign_in", **args)


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.headers.get("X-Autosave") == "1":
        answer = jsonify(
            error="session_ended",
            message=gettext(
                "Sesi Anda berakhir. Masuk lagi untuk menyimpan; tulisan Anda tetap di halaman ini."
            ),
            sign_in_url=sign_in_address(visitor.path_of(request.headers.get("Referer"))),
        )
        answer.status_code = 401
        return answer
    if request.headers.get("HX-Request") == "true":
        # htmx follows this header only to ourselves: the path of the page, never a host the client names.
        target = visitor.path_of(request.headers.get("HX-Current-URL"))
        return Response(status=401, headers={"HX-Redirect": sign_in_address(target)})
    if request.method in ("GET", "HEAD"):
        return redirect(sign_in_address(visitor.safe_next(request.full_path.rstrip("?"))), 303)
    # Nothing is kept on the server: what was typed is shown again, to be copied once one is back.
    page = render_template(
        "auth/sign_in.html",
        form=SignInForm(),
        expired=True,
        typed=visitor.typed(),
        next=visitor.path_of(request.headers.get("Referer")),
    )
    return Response(page, 401)


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        # A download may be stricter (sandbox), nothing is laxer by accident.
        response.headers.setdefault(name, value)
    if not current_app.config["DEMO"]:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        kept = f"public, max-age={A_YEAR}, immutable" if request.args.get("v") else "no-cache"
        response.headers["Cache-Control"] = kept
        return response
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("HX-Request", "Cookie"))
    _log(response)
    return response


def _log(response: Response) -> None:
    """One line of JSON per request: ids only, no names, no addresses of people, no query."""
    if not _stdlib_log.isEnabledFor(logging.INFO):
        return
    now = clock.monotonic_now()
    user = g.get("_login_user")
    event = {
        "event": "request",
        "at": now.isoformat(),
        "method": request.method,
        "endpoint": request.endpoint,
        # The address of a calendar feed is a secret.
        "ids": {name: value for name, value in (request.view_args or {}).items() if name != "secret"},
        "status": response.status_code,
        "ms": round((now - g.get("started", now)).total_seconds() * 1000, 1),
        "person": getattr(user, "person_id", None),
        "session": getattr(user, "session_id", None),
    }
    _stdlib_log.info("%s", _renderer(_stdlib_log, "info", event))


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Static files carry a version in their address, so that browsers may keep them for a year."""
    if endpoint != "static" or "v" in values or not values.get("filename"):
        return
    path = Path(current_app.static_folder or "") / values["filename"]
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return
    values["v"] = _version_of(str(path), changed)


@lru_cache(maxsize=256)
def _version_of(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
