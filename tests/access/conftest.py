"""A small application with the gate, the pages of signing in and nothing else, over a fresh SQLite file."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from kinerja import clock, config, extensions
from kinerja.db import db, prepare_engine, transaction
from kinerja.ids import new_public_id
from kinerja.models import Account, Person, Placement, Post, ReportingLine, RoleAppointment, Unit
from kinerja.services import passwords
from kinerja.views.inlining.keeping import Compiled
from tests.plugins.app import settings_for
from tests.plugins.postgres import scratch_folder

PASSWORD = "hujan di bulan november"
# Hashed once: the cost of argon2 belongs to the tests that are about it.
PASSWORD_HASH = passwords.hash_password(PASSWORD)
START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_database() -> Iterator[Path]:
    """A file with every table and no row, made once and copied for each test; in memory where there is plenty."""
    folder = scratch_folder()
    make_app(folder)
    yield folder / "access.sqlite3"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def place(empty_database: Path) -> Iterator[Path]:
    """A folder with such a file of one's own."""
    folder = Path(tempfile.mkdtemp(dir=empty_database.parent))
    shutil.copyfile(empty_database, folder / empty_database.name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


# Compiled once for all the applications of a run: most of a page test's time went there.
COMPILED = Compiled()


def make_app(folder: Path, **more: Any) -> Flask:
    from kinerja.views import activation, addresses, auth, errors, formats, gate, profile, terms

    settings = settings_for(f"sqlite:///{folder / 'access.sqlite3'}", INSTANCE=folder, FILES=folder, **more)
    settings = config.from_environment({}) | settings
    app = Flask("kinerja", root_path=str(Path(config.__file__).parent))
    app.jinja_options = {"bytecode_cache": COMPILED}
    app.config.from_mapping(settings | config.derived(settings) | more)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        if not (folder / "access.sqlite3").exists():
            db.create_all()
            db.engine.dispose()
    extensions.init_app(app)
    gate.init_app(app)
    formats.init_app(app)
    addresses.init_app(app)
    terms.init_app(app)
    errors.init_app(app)
    for module in (auth, profile, activation):
        app.register_blueprint(module.blueprint)
    _stand_ins(app)
    return app


def _stand_ins(app: Flask) -> None:
    """What other rooms bring: the frame's values, a page to be kept out of, and links that lead elsewhere."""

    @app.context_processor
    def shell() -> dict[str, Any]:
        return {"shell": SimpleNamespace(person=None, locale=str(get_locale()), csrf=generate_csrf())}

    @app.route("/", endpoint="home.index")
    def home() -> str:
        from flask_login import current_user

        return f"beranda {current_user.name}"

    @app.route("/dokumen/<public_id>", methods=["GET", "POST"], endpoint="documents.show")
    def document(public_id: str) -> str:
        return f"dokumen {public_id}"

    @app.get("/rusak")
    def broken() -> Response:
        abort(413)

    app.url_build_error_handlers.append(lambda _error, endpoint, values: f"#{endpoint}")


@pytest.fixture
def app(place: Path) -> Iterator[Flask]:
    made = make_app(place)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def demo_app(place: Path) -> Iterator[Flask]:
    folder = place / "demo"
    folder.mkdir()
    shutil.copyfile(place / "access.sqlite3", folder / "access.sqlite3")
    made = make_app(folder, DEMO=True, TRUSTED_PROXY="")
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def ctx(app: Flask) -> Iterator[None]:
    """For tests of services, which know nothing of requests."""
    with app.app_context():
        yield


class RealTime:
    """Real time, standing still until told."""

    def __init__(self) -> None:
        self.now = START

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    time = RealTime()
    monkeypatch.setattr(clock, "monotonic_now", lambda: time.now)
    monkeypatch.setattr(clock, "now", lambda: time.now + clock.shift())
    return time


class Office:
    """Makes units and people; every call commits."""

    def __init__(self) -> None:
        self.serial = 0

    def unit(self, name: str = "Direktorat Layanan Data", parent: Unit | None = None) -> int:
        self.serial += 1
        with transaction():
            row = Unit(
                code=f"U{self.serial}",
                name=name,
                level="L2",
                kind="upk",
                parent_id=parent.id if parent else None,
            )
            db.session.add(row)
            db.session.flush()
            row.path = (parent.path if parent else "/") + f"{row.id}/"
            return row.id

    def person(
        self,
        name: str = "Sari Wulandari",
        *,
        email: str | None = None,
        password: bool = True,
        unit: int | None = None,
        superior: int | None = None,
        role: str = "",
        role_unit: int | None = None,
    ) -> int:
        self.serial += 1
        with transaction():
            person = Person(
                public_id=new_public_id(),
                nip=f"19870422201012{self.serial:04d}",
                name=name,
                search_name=name.casefold(),
                email=email,
                status="PNS",
                grade="Penata, III/c",
            )
            db.session.add(person)
            db.session.flush()
            db.session.add(Account(person_id=person.id, password_hash=PASSWORD_HASH if password else None))
            if unit is not None:
                post = Post(unit_id=unit, title=f"Analis {self.serial}", post_group="JF", rank="ahli pertama")
                db.session.add(post)
                db.session.flush()
                db.session.add(
                    Placement(
                        person_id=person.id,
                        post_id=post.id,
                        kind="definitif",
                        starts=date(2024, 1, 1),
                        recorded_at=START,
                    )
                )
            if superior is not None:
                db.session.add(
                    ReportingLine(
                        person_id=person.id,
                        superior_id=superior,
                        starts=date(2024, 1, 1),
                        believed_from=START,
                    )
                )
            person_id = person.id
        if role:
            self.appoint(person_id, role, role_unit)
        return person_id

    def appoint(self, person_id: int, role: str, unit: int | None = None, *, confirmed: bool = True) -> str:
        with transaction():
            row = RoleAppointment(
                public_id=new_public_id(),
                person_id=person_id,
                role=role,
                unit_id=unit,
                starts=date(2024, 1, 1),
                confirmed_at=START if confirmed else None,
            )
            db.session.add(row)
            db.session.flush()
            return row.public_id

    def account(self, person_id: int) -> Account:
        db.session.rollback()
        return db.session.get_one(Account, person_id, populate_existing=True)

    def nip(self, person_id: int) -> str:
        return db.session.get_one(Person, person_id).nip

    def public_id(self, person_id: int) -> str:
        return db.session.get_one(Person, person_id).public_id


@pytest.fixture
def office() -> Office:
    return Office()


class Browser:
    """A browser on HTTPS that finds the CSRF token of a page as a person's browser does: in its form."""

    def __init__(self, app: Flask, scheme: str = "https") -> None:
        self.client: FlaskClient = app.test_client()
        # As the one trusted proxy says it.
        if scheme == "https":
            self.client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
        self.origin = f"{scheme}://localhost"

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers, buffered=True)

    def token_of(self, page: Any) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
        assert found, page.get_data(as_text=True)[:500]
        return found[1]

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, page: str | None = None, **headers: str
    ) -> Any:
        """Open `page`, or the path itself, and send its form filled with `data`."""
        csrf = self.token_of(self.get(page or path))
        sent = {"csrf_token": csrf} | (data or {})
        return self.client.post(path, data=sent, headers={"Referer": self.origin + (page or path)} | headers)

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> Any:
        return self.post("/masuk", {"nip": name, "sandi": password} | more)

    def cookie(self) -> str:
        name = self.client.application.config["SESSION_COOKIE_NAME"]
        found = self.client.get_cookie(name)
        return found.value if found else ""


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


@pytest.fixture
def nip(app: Flask, office: Office) -> str:
    with app.app_context():
        return office.nip(office.person(email="sari@contoh.go.id"))


@pytest.fixture
def signed_in(browser: Browser, nip: str, real_time: RealTime) -> Browser:
    assert browser.sign_in(nip).status_code == 303
    return browser


def late_form(browser: Browser, **headers: str) -> Any:
    """A form sent without a session, or after it ended."""
    data = {
        "isi": "tulisan <b>panjang</b>",
        "uraian": ["satu", "dua"],
        "sandi": "rahasia",
        "version": "3",
        "kosong": " ",
    }
    return browser.client.post(
        "/dokumen/abc", data=data, headers={"Referer": "https://localhost/dokumen/abc/sunting"} | headers
    )
