"""The application as a process of its own: `python -m tests.matrix.server URL PORT` serves it, with many threads.

`write` is what a process does that is going to be killed.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

from flask import Flask

from kinerja import clock, create_app
from kinerja.services import transitions
from tests.matrix.people import NOW
from tests.plugins.app import settings_for

THREADS = 24


def serve(url: str, port: int) -> None:
    """Answer over HTTP on this port, as behind a proxy, until the process is ended."""
    import waitress

    with clock.frozen(NOW):
        app = create_app(settings_for(url, SESSION_COOKIE_SECURE=True))
        waitress.serve(
            app,
            host="127.0.0.1",
            port=port,
            threads=THREADS,
            connection_limit=200,
            clear_untrusted_proxy_headers=False,
            _quiet=True,
        )


def write(app: Flask, public_id: str, person_id: int, tell: Callable[[str], None]) -> None:
    """Record a realisation and take it back, over and over; tell every version once it was acknowledged."""
    with clock.frozen(NOW), app.app_context():
        while True:
            document = transitions.load(public_id)
            event = "withdraw" if document.state == "recorded" else "record"
            sent = transitions.send(public_id, event, person_id, version=document.version)
            tell(f"{sent.document.version}\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
