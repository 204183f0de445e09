"""The office of the matrix over HTTP, for scanners: `python -m tests.proof.scanned URL PORT IDS LOG [faulty]`.

A header says whose browser asks, so that no scanner has to sign in and none can sign itself out. Every answer leaves a
line in LOG, with the traceback of what broke. `faulty` adds pages that a scanner has to find.
"""

from __future__ import annotations

import io
import json
import re
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, got_request_exception, request

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.models import Document
from kinerja.services import sessions
from tests.matrix.people import NOW
from tests.matrix.world import CSRF, durability_off
from tests.plugins.app import settings_for

WHO = "X-Scan-As"
# What a form carries instead of the version its document has: it is put in where the request arrives.
CURRENT = "current"
# After so many requests a browser is signed in anew, for a password is soon old; and when it has signed itself out.
RENEWED = 50
THREADS = 8
_DOCUMENT = re.compile(r"^/dokumen/([\w-]{16})/")
_VERSION = re.compile(rb'(version=|name="version"\r\n\r\n)' + CURRENT.encode())


class Watched:
    """Signs in whoever the header names, as a TLS proxy would pass it on, and writes down every answer."""

    def __init__(self, app: Flask, ids: dict[str, int], log: Path):
        self.app, self.ids, self.wsgi = app, ids, app.wsgi_app
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._cookies: dict[str, str] = {}
        self._asked: Counter[str] = Counter()
        self._one_at_a_time = threading.Lock()
        self._numbers = count()
        self._broke: dict[int, str] = {}
        got_request_exception.connect(self._note, app)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        who, number = environ.get("HTTP_X_SCAN_AS", "anonymous"), next(self._numbers)
        environ |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}
        environ |= {"HTTP_COOKIE": self._cookie(who), "kinerja.scanned": number}
        if environ["REQUEST_METHOD"] == "POST":
            environ["HTTP_REFERER"] = f"https://{environ.get('HTTP_HOST', 'localhost')}/"
            self._put_version(environ)

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            line = {
                "who": who, "method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"],
                "query": environ.get("QUERY_STRING", ""), "status": int(status[:3]),
            }  # fmt: skip
            if line["status"] == 401:
                self._asked[who] = 0
            if broke := self._broke.pop(number, ""):
                line["broke"] = broke
            self._log.write(json.dumps(line) + "\n")
            return start(status, headers, *more)

        return self.wsgi(environ, begin)

    def _note(self, _app: Flask, exception: BaseException, **_more: Any) -> None:
        self._broke[request.environ["kinerja.scanned"]] = "".join(traceback.format_exception(exception))

    def _cookie(self, who: str) -> str:
        if who not in self.ids:
            return ""
        with self._one_at_a_time:
            self._asked[who] += 1
            if self._asked[who] % RENEWED == 1:
                with self.app.app_context():
                    token = sessions.open_session(self.ids[who], verified=True)
                signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
                name = self.app.config["SESSION_COOKIE_NAME"]
                self._cookies[who] = f"{name}={signer.dumps({'t': token, 'csrf_token': CSRF})}"
            return self._cookies[who]

    def _put_version(self, environ: dict[str, Any]) -> None:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        found = _DOCUMENT.match(environ["PATH_INFO"])
        if found and _VERSION.search(body):
            with self.app.app_context():
                version = db.session.scalar(sa.select(Document.version).where(Document.public_id == found[1]))
                db.session.remove()
            body = _VERSION.sub(lambda place: place[1] + str(version).encode(), body)
            environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)


def add_faults(app: Flask) -> None:
    """Three pages with one fault each: a query put together from text, an echo as HTML, an exception."""

    @app.get("/rusak/")
    def faults() -> str:
        return "".join(
            f'<a href="/rusak/{name}">{name}</a> ' for name in ("cari?q=orang+self", "gema?q=a", "angka?n=1")
        )

    @app.get("/rusak/cari")
    def search() -> str:
        text = f"SELECT name, nip FROM person WHERE search_name = '{request.args.get('q', '')}'"
        try:
            found = db.session.execute(sa.text(text)).all()
        except sa.exc.DatabaseError:
            return "<p>Tidak dapat mencari."
        return "".join(f"<h2>{name}</h2><p>NIP {nip}" for name, nip in found) or "<p>Tidak ada."

    @app.get("/rusak/gema")
    def echo() -> str:
        return f"<p>{request.args.get('q', '')}</p>"

    @app.get("/rusak/angka")
    def number() -> str:
        return f"<p>{int(request.args.get('n', '0'))}"


def serve(url: str, port: int, ids: dict[str, int], log: Path, *, faulty: bool) -> None:
    import waitress

    with clock.frozen(NOW):
        app = create_app(settings_for(url, TESTING=False))
        durability_off(app)
        if faulty:
            add_faults(app)
        waitress.serve(
            Watched(app, ids, log),  # type: ignore[arg-type]
            host="127.0.0.1",
            port=port,
            threads=THREADS,
            clear_untrusted_proxy_headers=False,
            _quiet=True,
        )


if __name__ == "__main__":
    serve(
        sys.argv[1],
        int(sys.argv[2]),
        json.loads(sys.argv[3]),
        Path(sys.argv[4]),
        faulty=sys.argv[5:] == ["faulty"],
    )
