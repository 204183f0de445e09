"""Passwords: argon2id at a cost one core bears, equal time for every answer, and what is too easy to guess."""

import re
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kinerja.rules.words import N_

MINIMUM = 12
MAXIMUM = 256

# 19 MiB, two passes, one lane: some 80 ms on one core; the library's default would take every core of a small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Long enough to pass the length rule, and still the first that anybody tries here; in lower case, letters and digits.
_COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text("ascii").split())

TOO_SHORT = N_(
    "Kata sandi paling sedikit 12 karakter. Beberapa kata yang mudah Anda ingat lebih baik daripada satu kata sulit."
)
TOO_LONG = N_("Kata sandi paling banyak 256 karakter.")
HAS_IDENTITY = N_("Kata sandi tidak boleh memuat NIP, e-mail, atau nama Anda.")
TOO_COMMON = N_("Kata sandi ini terlalu mudah ditebak. Pilih yang lain.")


def _same_bytes(text: str) -> str:
    """One spelling for one password, whichever keyboard composed its letters."""
    return unicodedata.normalize("NFKC", text)


def hash_password(password: str) -> str:
    return _hasher.hash(_same_bytes(password))


# What an account without a password is compared with, so that it takes as long as any other.
# Made once from 256 random bits that were thrown away.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$fJnvOs6ZKNH3fHWlrpBUCw$vhJhY3CMW280uHv1kKIFgqB8DsNltsrb6j7kh/c3/Xk"


def matches(stored: str | None, password: str) -> bool:
    """Whether the password fits; always one full argon2 computation, also where nothing is stored."""
    try:
        fits = _hasher.verify(stored or _NOBODY, _same_bytes(password[: MAXIMUM + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None and len(password) <= MAXIMUM


def is_outdated(stored: str) -> bool:
    """True when the hash was made with other costs than today's and should be made again."""
    return _hasher.check_needs_rehash(stored)


def _squashed(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", _same_bytes(text).casefold())


def _holds_identity(squashed: str, nip: str, email: str, name: str) -> bool:
    whole = [_squashed(nip), _squashed(email), _squashed(name)]
    if any(len(part) >= 4 and part in squashed for part in whole):
        return True
    # A part of one's identity is fine inside a longer phrase; as most of the password it is not.
    parts = [_squashed(email.split("@")[0]), *(_squashed(word) for word in name.split())]
    rest = squashed
    for part in sorted((p for p in parts if len(p) >= 3), key=len, reverse=True):
        rest = rest.replace(part, "")
    return rest != squashed and len(re.sub(r"[0-9]", "", rest)) < 6


def problems(password: str, *, nip: str = "", email: str = "", name: str = "") -> list[str]:
    """Why this may not be somebody's password, in words to be translated; empty when it may."""
    if len(password) < MINIMUM:
        return [TOO_SHORT]
    if len(password) > MAXIMUM:
        return [TOO_LONG]
    squashed = _squashed(password)
    if _holds_identity(squashed, nip, email, name):
        return [HAS_IDENTITY]
    if squashed in _COMMON or len(set(_same_bytes(password).casefold())) < 5:
        return [TOO_COMMON]
    return []
