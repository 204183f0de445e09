"""The application as the bench serves it: at a fixed day, its statements counted, with bare pages beside it.

Bare pages are what Flask costs on this machine at all: "hello", one signed-in read of 25 rows, one write. Every figure
of the bench is a ratio to one of them, measured in the same run.
"""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, render_template, request
from itsdangerous import URLSafeTimedSerializer
from jinja2 import DictLoader
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.models import Document, LoginSession, Person
from kinerja.services.sessions import _hash

# A Friday in November: three quarters are over, the fourth is being written.
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SECRET = "signs-cookies-in-the-bench-and-nowhere-else"
COOKIE = "bare"

TEMPLATES = {
    "bare.html": """<!doctype html><title>bare</title><h1>{{ name }}</h1><table>{% for document, name in rows %}
<tr><td><a href="/dokumen/{{ document.public_id }}">{{ document.print_number }}</a><td>{{ name }}
<td>{{ document.state }}<td>{{ document.updated_at }}</tr>{% endfor %}</table>"""
}


def settings(url: str, folder: Path) -> dict[str, Any]:
    """Settings as in production, with keys of the bench's own."""
    return {
        "DEMO": False, "DATABASE_URL": url, "SECRET_KEY": SECRET,
        "AUDIT_KEY": "chains-the-audit-in-the-bench-and-nowhere-else", "TRUSTED_PROXY": "1", "INSTANCE": folder,
        "FILES": folder / "berkas", "WORKER": False,
    }  # fmt: skip


def set_clock() -> None:
    """Put legal time of this process on the day of the bench; sessions live on real time."""
    clock.set_shift(NOON - clock.monotonic_now())


def bare_cookie(token: str) -> str:
    """The signed cookie of the bare pages."""
    return str(URLSafeTimedSerializer(SECRET).dumps(token))


class _Counting:
    """Says in a header how many statements the answer took; one request at a time, as a sync worker works."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], engine: sa.Engine) -> None:
        self.wsgi, self.count = wsgi, 0
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.count += 1

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.count = 0

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("X-Statements", str(self.count))], *more)

        return self.wsgi(environ, begin)


def bare_app(engine: sa.Engine) -> Flask:
    """Flask with nothing of ours but the database."""
    app = Flask("bare")
    app.jinja_loader = DictLoader(TEMPLATES)
    change = sa.text("UPDATE bench_counter SET version = version + 1 WHERE id = :id")
    note = sa.text("INSERT INTO bench_history (counter_id, text) VALUES (:id, :text)")
    signer = URLSafeTimedSerializer(SECRET)

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/read")
    def read() -> str:
        """Who is signed in, one indexed query with a join, 25 rows in Jinja: as one writes it with an ORM."""
        token = signer.loads(request.cookies[COOKIE])
        with Session(engine) as session:
            me = session.execute(
                sa.select(Person.id, Person.name)
                .join(LoginSession, LoginSession.person_id == Person.id)
                .where(LoginSession.token_hash == _hash(token))
            ).one()
            rows = session.execute(
                sa.select(Document, Person.name)
                .join(Person, Person.id == Document.subject_id)
                .order_by(Document.id.desc())
                .limit(25)
            ).all()
            return render_template("bare.html", name=me.name, rows=rows)

    @app.post("/write")
    def write() -> Response:
        one = {"id": int(request.args["id"])}
        with engine.connect().execution_options(kinerja_write=True) as connection:
            connection.execute(change, one)
            connection.execute(note, one | {"text": "changed"})
            connection.commit()
        return Response(status=303)

    return app


def make() -> Any:
    """The WSGI application over the database that the environment names."""
    url, folder = os.environ["DATABASE_URL"], Path(os.environ["KINERJA_INSTANCE"])
    set_clock()
    app = create_app(settings(url, folder))
    with app.app_context():
        engine = db.engine
    return DispatcherMiddleware(_Counting(app.wsgi_app, engine), {"/bare": bare_app(engine)})
