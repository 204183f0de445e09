"""The second step: codes of six digits from a device, each good once."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Account

ISSUER = "kinerja"
INTERVAL = 30
# One interval back and ahead: the clocks of telephones differ.
DRIFT = 1

ROLES = frozenset(
    {
        "pengelola_organisasi",
        "pengelola_pegawai",
        "komite_eksekutif",
        "komite_pelaksana",
        "sekretariat_komite",
        "anggota_tpk",
        "konselor",
        "admin_sistem",
    }
)


@dataclass(frozen=True)
class Setup:
    """What the page of a first set-up shows: the secret in groups, its address, the picture as a path of squares."""

    secret: str
    uri: str
    qr_size: int
    qr_path: str


def new_secret() -> str:
    """160 bits in base 32, as authenticator applications expect."""
    return pyotp.random_base32()


def setup_of(secret: str, account_name: str) -> Setup:
    uri = pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)
    size, path = qr(uri)
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return Setup(groups, uri, size, path)


def qr(text: str, border: int = 4) -> tuple[int, str]:
    """The side and the SVG path of a QR code: one `M x y h n v1 h-n z` for every run of dark modules."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=border)]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                parts.append(f"M{x} {y}h{run}v1h-{run}z")
            x += run or 1
    return len(rows), "".join(parts)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The interval a code belongs to, or None when it fits none of those around `at`."""
    digits = "".join(character for character in code if character in "0123456789")
    if len(digits) != 6:
        return None
    now = int(at.timestamp()) // INTERVAL
    generator = pyotp.TOTP(secret, interval=INTERVAL)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(generator.at(step * INTERVAL), digits):
            return step
    return None


def accept(person_id: int, secret: str, code: str) -> bool:
    """Use up a code. False when it does not fit or it, or a later one, was used before: two at once, one wins."""
    step = step_of(secret, code, clock.monotonic_now())
    if step is None:
        return False
    with transaction():
        done = db.session.execute(
            sa.update(Account)
            .where(
                Account.person_id == person_id, Account.totp_secret == secret, Account.totp_last_step < step
            )
            .values(totp_last_step=step)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount) == 1  # type: ignore[attr-defined]
