"""Settings from the environment; an unsafe production configuration is refused at start."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DEMO_SECRET = "demo-only-secret-that-production-refuses"  # noqa: S105
DEMO_AUDIT_KEY = "demo-only-audit-key-that-production-refuses"
# The one value of KINERJA_TRUSTED_PROXY that names a proxy; more of them would need another count of hops.
BEHIND_ONE_PROXY = "1"


class UnsafeConfiguration(RuntimeError):
    """The environment cannot start kinerja, or would in a way that must not hold real data: what to set instead."""

    def __init__(self, *problems: str) -> None:
        super().__init__("kinerja refuses to start:\n  - " + "\n  - ".join(problems))


def from_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read DATABASE_URL, KINERJA_SECRET_KEY, KINERJA_AUDIT_KEY, KINERJA_DEMO, PORT and friends.

    Raises UnsafeConfiguration for a port that is none.
    """
    env = os.environ if environ is None else environ
    demo = env.get("KINERJA_DEMO", "0") == "1"
    instance = Path(env.get("KINERJA_INSTANCE", "instance")).resolve()
    return {
        "DEMO": demo,
        "DATABASE_URL": env.get("DATABASE_URL") or f"sqlite:///{instance / 'kinerja.sqlite3'}",
        "SECRET_KEY": env.get("KINERJA_SECRET_KEY") or (DEMO_SECRET if demo else ""),
        "AUDIT_KEY": env.get("KINERJA_AUDIT_KEY") or (DEMO_AUDIT_KEY if demo else ""),
        "PORT": _port(env.get("PORT") or "8000"),
        "INSTANCE": instance,
        "FILES": Path(env.get("KINERJA_FILES", str(instance / "berkas"))),
        "TRUSTED_PROXY": env.get("KINERJA_TRUSTED_PROXY", ""),
        "AGENCY": env.get("KINERJA_AGENCY", "Kementerian Contoh"),
        "WORKER": env.get("KINERJA_WORKER", "1") == "1",
    }


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise UnsafeConfiguration(f"PORT is {text!r}; set PORT to a number from 1 to 65535")
    return int(text)


def derived(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What Flask and its extensions want to know, computed from our own settings."""
    url = str(settings["DATABASE_URL"])
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    demo = bool(settings["DEMO"])
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        # Parameters are people's data: they must not reach a log with an error.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": not demo},
        "SECRET_KEY": settings["SECRET_KEY"],
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_PARTS": 4000,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "kinerja" if demo else "__Host-kinerja",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not demo,
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
    }


def refuse_unsafe(settings: Mapping[str, Any], *, debug: bool = False) -> None:
    """Raise UnsafeConfiguration, naming the setting and the line to set.

    The demo may have keys everybody knows and no proxy; a database that is none is refused there too.
    """
    problems = list(_of_the_database(str(settings["DATABASE_URL"])))
    if not settings["DEMO"]:
        problems += _of_production(settings, debug=debug)
    if problems:
        raise UnsafeConfiguration(*problems)


def _of_production(settings: Mapping[str, Any], *, debug: bool) -> Iterator[str]:
    if debug:
        yield "FLASK_DEBUG is on; set FLASK_DEBUG=0"
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        value = str(settings[name])
        if len(value) < 32 or value in (DEMO_SECRET, DEMO_AUDIT_KEY):
            yield f"KINERJA_{name} is missing or weak; set KINERJA_{name} to at least 32 random characters"
    if settings["SECRET_KEY"] and settings["SECRET_KEY"] == settings["AUDIT_KEY"]:
        yield "KINERJA_AUDIT_KEY equals KINERJA_SECRET_KEY; use two different keys"
    if settings["TRUSTED_PROXY"] != BEHIND_ONE_PROXY:
        yield (
            "no TLS proxy is named; set KINERJA_TRUSTED_PROXY=1 when one proxy that terminates TLS stands in front"
        )
    yield from _of_sqlite(str(settings["DATABASE_URL"]))


def _of_the_database(url: str) -> Iterator[str]:
    scheme, found, _ = url.partition("://")
    if not found or scheme.partition("+")[0] not in ("sqlite", "postgres", "postgresql"):
        # Not the value itself: it may hold a password.
        yield "DATABASE_URL names no database; set DATABASE_URL to sqlite:////folder/file or postgresql://..."


def _of_sqlite(url: str) -> Iterator[str]:
    """What would lose or tear data: a database in memory, and parameters, which can switch off locks and syncing."""
    if not url.startswith("sqlite"):
        return
    path, parameters, _ = url.partition("://")[2].partition("?")
    if parameters:
        yield "DATABASE_URL gives SQLite parameters, which can switch off its locks; leave out ? and what follows"
    if path in ("", "/") or ":memory:" in path or path.startswith("/file:"):
        yield "DATABASE_URL names no file, so everything would be lost; set DATABASE_URL to sqlite:////folder/file"


def make_folders(settings: Mapping[str, Any]) -> None:
    """Make the instance folder. Raises UnsafeConfiguration when it cannot be, or the folder of the SQLite file is
    missing: that one is not made, because it may be a disk that is not there yet."""
    try:
        Path(settings["INSTANCE"]).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"the folder {settings['INSTANCE']} cannot be made ({error.strerror}); set KINERJA_INSTANCE"
        raise UnsafeConfiguration(text) from error
    kind, _, path = str(settings["DATABASE_URL"]).partition(":///")
    if kind.startswith("sqlite") and path.startswith("/") and not Path(path).parent.is_dir():
        text = f"there is no folder {Path(path).parent} for the database; make it or set DATABASE_URL"
        raise UnsafeConfiguration(text)
