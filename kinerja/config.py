"""Settings from the environment; an unsafe production configuration is refused at start."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DEMO_SECRET = "demo-only-secret-that-production-refuses"  # noqa: S105
DEMO_AUDIT_KEY = "demo-only-audit-key-that-production-refuses"


class UnsafeConfiguration(RuntimeError):
    """The environment would start kinerja in a way that must not hold real data."""


def from_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read DATABASE_URL, KINERJA_SECRET_KEY, KINERJA_AUDIT_KEY, KINERJA_DEMO, PORT and friends."""
    env = os.environ if environ is None else environ
    demo = env.get("KINERJA_DEMO", "0") == "1"
    instance = Path(env.get("KINERJA_INSTANCE", "instance")).resolve()
    return {
        "DEMO": demo,
        "DATABASE_URL": env.get("DATABASE_URL") or f"sqlite:///{instance / 'kinerja.sqlite3'}",
        "SECRET_KEY": env.get("KINERJA_SECRET_KEY") or (DEMO_SECRET if demo else ""),
        "AUDIT_KEY": env.get("KINERJA_AUDIT_KEY") or (DEMO_AUDIT_KEY if demo else ""),
        "PORT": int(env.get("PORT", "8000")),
        "INSTANCE": instance,
        "FILES": Path(env.get("KINERJA_FILES", str(instance / "berkas"))),
        "TRUSTED_PROXY": env.get("KINERJA_TRUSTED_PROXY", ""),
        "AGENCY": env.get("KINERJA_AGENCY", "Kementerian Contoh"),
        "WORKER": env.get("KINERJA_WORKER", "1") == "1",
    }


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
    """Raise UnsafeConfiguration, naming the setting and the line to set, unless this is the demo."""
    if settings["DEMO"]:
        return
    problems = []
    if debug:
        problems.append("FLASK_DEBUG is on; set FLASK_DEBUG=0")
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        value = str(settings[name])
        if len(value) < 32 or value in (DEMO_SECRET, DEMO_AUDIT_KEY):
            problems.append(
                f"KINERJA_{name} is missing or weak; set KINERJA_{name} to at least 32 random characters"
            )
    if settings["SECRET_KEY"] and settings["SECRET_KEY"] == settings["AUDIT_KEY"]:
        problems.append("KINERJA_AUDIT_KEY equals KINERJA_SECRET_KEY; use two different keys")
    if not settings["TRUSTED_PROXY"]:
        problems.append(
            "no TLS proxy is named; set KINERJA_TRUSTED_PROXY=1 when a proxy that terminates TLS stands in front"
        )
    if problems:
        raise UnsafeConfiguration("kinerja refuses to start:\n  - " + "\n  - ".join(problems))
