"""The application as a process of its own: `python -m tests.matrix.server URL [port]` serves it, with many threads.

Without a port it writes: it adds expectations to an SKP one after another and says each version it was told is kept,
until it is killed.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

from kinerja import clock, create_app
from kinerja.services import sessions, transitions
from tests.matrix.people import NOW
from tests.plugins.app import settings_for

THREADS = 24


def serve(url: str, port: int) -> None:
    """Answer over HTTP on this port, as behind a proxy, until the process is ended."""
    import waitress

    with clock.frozen(NOW):
        app = create_app(settings_for(url, SESSION_COOKIE_SECURE=True))
        waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS, connection_limit=200, _quiet=True)


def write(url: str, public_id: str, person_id: int) -> None:
    """Send events of the flow back and forth; print every version after it was acknowledged."""
    with clock.frozen(NOW):
        app = create_app(settings_for(url))
        with app.app_context():
            print("ready", flush=True)
            while True:
                document = transitions.load(public_id)
                event = "withdraw" if document.state == "submitted" else "submit"
                sent = _send(document, event, person_id)
                print(f"{sent.document.version} {sent.document.state}", flush=True)


def _send(document: Any, event: str, person_id: int) -> Any:
    return transitions.send(document.public_id, event, person_id, version=document.version)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


__all__ = ["free_port", "serve", "sessions", "write"]

if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], int(sys.argv[2]))
    else:
        write(sys.argv[1], sys.argv[2], int(sys.argv[3]))
