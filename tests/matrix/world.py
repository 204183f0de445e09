"""One furnished database per worker: people, a document of every case for two employees, and a browser for each actor.

Requests of the matrix leave the documents as they are: what they send carries a version that no document has, so
that somebody who may send it is told to reload (409), or what is wrong with his form (422).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from werkzeug.test import TestResponse

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.services import sessions
from tests.matrix import people, places
from tests.matrix.cases import CASES, Case
from tests.matrix.law import ACTORS, sight
from tests.matrix.papers import Printer
from tests.plugins.app import settings_for

BASE = "https://localhost"
CSRF = "proof-of-origin-of-the-matrix"


@dataclass
class Actor:
    """A browser of one actor, signed in without the form: signing in has tests of its own."""

    key: str
    client: FlaskClient
    proof: str = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=BASE, buffered=True, **more)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, proof: bool = True, **more: Any
    ) -> TestResponse:
        sent = dict(data or {}) | ({"csrf_token": self.proof} if proof else {})
        headers = {"Referer": BASE + "/"} | more.pop("headers", {})
        return self.client.post(path, data=sent, base_url=BASE, headers=headers, buffered=True, **more)


@dataclass
class World:
    app: Flask
    ids: dict[str, int]
    papers: dict[str, str]
    others: dict[str, str]
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, key: str, *, fresh: bool = False) -> Actor:
        """The browser of an actor, who gave his password just now; `fresh` where what it does ends its session."""
        if fresh or key not in self._actors:
            made = self._sign_in(key)
            if fresh:
                return made
            self._actors[key] = made
        return self._actors[key]

    def idle_actor(self, key: str) -> Actor:
        """The same with a session of its own, in which the password was given too long ago for an act that counts."""
        return self._sign_in(key, verified=False)

    def forget_browsers(self) -> None:
        """Sign everybody in anew: somebody has signed out everywhere."""
        self._actors.clear()

    def _sign_in(self, key: str, *, verified: bool = True) -> Actor:
        client = self.app.test_client()
        if key == "anonymous":
            return Actor(key, client)
        with self.app.app_context():
            token = sessions.open_session(self.ids[key], verified=verified)
        with client.session_transaction(base_url=BASE) as session:
            session["t"] = token
            session["csrf_token"] = CSRF
        proof = URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(CSRF)
        return Actor(key, client, str(proof))

    @property
    def database(self) -> str:
        """`sqlite` or `postgresql`."""
        with self.app.app_context():
            return db.engine.dialect.name

    def paper(self, case: Case, key: str) -> str:
        """The public id of the document of a case for an actor: a Plt is asked about his own staff, so is his delegate."""
        return (self.others if key in ("plt", "delegate") else self.papers)[case.name]

    @cached_property
    def places(self) -> dict[str, str]:
        """What fills the places of an address that belong to no document."""
        with self.app.app_context():
            found = places.furnish(self.ids)
            db.session.remove()
        return found

    def at(self, path: str) -> str:
        """An address of the table of routes, with something that is there in each of its places."""
        return path.format(**self.places, id=self.plan) if "{" in path else path

    @cached_property
    def plan(self) -> str:
        """An SKP that both sides see."""
        both = {"self", "supervisor"}
        return next(
            self.papers[case.name]
            for case in CASES
            if case.kind == "skp" and case.name in self.papers and both <= sight(case)
        )

    @contextmanager
    def evidence(self, case: Case) -> Iterator[dict[str, str]]:
        """While it lasts an address is attached to both papers of a case; by public id of the paper."""
        with self.app.app_context():
            made = {paper: places.attach(paper) for paper in (self.papers[case.name], self.others[case.name])}
            db.session.remove()
        try:
            yield made
        finally:
            with self.app.app_context():
                places.detach(made.values())
                db.session.remove()

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def role_in(key: str) -> str:
    """What an actor is to the documents he is asked about."""
    return "supervisor" if key == "plt" else key


def build(url: str, prepare: Callable[[Flask], None] | None = None, cases: tuple[Case, ...] = CASES) -> World:
    """Furnish a migrated database; the clock has to be frozen at `people.NOW` by whoever asks."""
    app = create_app(settings_for(url))
    if prepare:
        prepare(app)
    with app.app_context():
        ids = people.furnish()
        own, other = Printer(ids), Printer(ids, "other_self", "plt")
        with clock.frozen(people.NOW):
            papers = {case.name: own.print(case) for case in cases}
            others = {case.name: other.print(case) for case in cases}
        db.session.remove()
    return World(app, ids, papers, others)


def durability_off(app: Flask) -> None:
    """These databases are thrown away; whether writes survive a crash is asked in test_kill."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(
                db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF")
            )


__all__ = ["ACTORS", "Actor", "World", "build", "durability_off", "role_in"]
