"""The browser in front of us: its cookie, its address, where it may be sent next, and what it had typed."""

import re
from urllib.parse import urlsplit

from flask import Response, request, session
from flask_babel import gettext, ngettext

from kinerja import clock
from kinerja.services import sessions
from kinerja.services.throttle import TryLater

# All the signed cookie holds beside the CSRF token: the random token of the session on the server.
TOKEN = "t"  # noqa: S105

# Says that the language in this browser was chosen by somebody who was not signed in yet.
CHOSEN = "bahasa_dipilih"
A_YEAR = 365 * 24 * 3600
# What was typed before the session ended, on its way through the pages of signing in.
CARRIED = ("tulisan-nama", "tulisan")

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_SECRET_FIELDS = re.compile(r"sandi|password|ulangi|lama$|kode|totp", re.IGNORECASE)
_GUARDS = {"csrf_token", "version", "key", "next"}

# In this order: every browser also claims to be the older ones.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def token() -> str | None:
    found = session.get(TOKEN)
    return found if isinstance(found, str) else None


def is_same_person(person_id: int) -> bool:
    """Whether the session of this browser, over or not, was that person's."""
    old = token()
    return old is not None and sessions.belongs_to(old) == person_id


def remember(new: str, *, keep_forms: bool) -> None:
    """Put a new session into the cookie and end the old one.

    `keep_forms`: the same person signs in again, so forms open in his other tabs may still be sent.
    """
    old, proof = token(), session.get("csrf_token")
    if old is not None and old != new:
        sessions.end(token=old)
    session.clear()
    if keep_forms and proof:
        session["csrf_token"] = proof
    session[TOKEN] = new


def forget() -> None:
    """Sign this browser out."""
    old = token()
    if old is not None:
        sessions.end(token=old)
    session.clear()


def note_choice(answer: Response) -> None:
    """Remember that a visitor chose his language, and not whoever was signed in here before."""
    answer.set_cookie(CHOSEN, "1", max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)


def chosen_language() -> str | None:
    """The language a visitor chose in this browser before signing in."""
    return request.cookies.get("bahasa") if request.cookies.get(CHOSEN) == "1" else None


def address() -> str:
    return request.remote_addr or "?"


def device() -> str:
    """The browser and system in two words, so that somebody knows his own browsers again in the list."""
    agent = request.user_agent.string
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def safe_next(target: str | None) -> str:
    """A path of our own to go on to; anything else is the front page."""
    if not target or not target.startswith("/") or target.startswith("//") or _UNSAFE.search(target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target


def path_of(url: str | None) -> str:
    """The path and query of an address on this very host; else the front page."""
    parts = urlsplit(url or "")
    if parts.netloc and parts.netloc != request.host:
        return "/"
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))


def is_own_page() -> bool:
    """Whether the request comes from one of our pages, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is not None and urlsplit(origin).netloc == request.host


def typed() -> list[tuple[str, str]]:
    """What a form held that could not be taken, to copy: no guards, no secrets, nothing from a foreign page."""
    if not is_own_page():
        return []
    texts = [
        (name.replace("_", " "), value)
        for name, values in request.form.lists()
        if name not in _GUARDS and name not in CARRIED and not _SECRET_FIELDS.search(name)
        for value in values
        if value.strip()
    ]
    chosen = [(name, file.filename or "") for name, file in request.files.items() if file.filename]
    return texts + chosen + carried()


def carried() -> list[tuple[str, str]]:
    """What was typed before the session ended, as the pages of signing in hand it on."""
    names, texts = (request.form.getlist(name) for name in CARRIED)
    return list(zip(names, texts, strict=False))


def wait_seconds(error: TryLater) -> int:
    return max(1, -(-int((error.until - clock.monotonic_now()).total_seconds() * 1000) // 1000))


def wait_time(error: TryLater) -> str:
    """ "pukul 14.32.10 WIB": real time, in the one zone that is right before we know who asks."""
    return gettext("pukul %(time)s WIB", time=clock.local(error.until, "WIB").strftime("%H.%M.%S"))


def wait_text(error: TryLater) -> str:
    """When one may try again, in words."""
    minutes = -(-wait_seconds(error) // 60)
    return gettext(
        "Terlalu banyak percobaan yang gagal. Coba lagi sesudah %(time)s, %(wait)s lagi.",
        time=wait_time(error),
        wait=ngettext("%(num)d menit", "%(num)d menit", minutes),
    )
