"""Random ids for addresses: 80 bits in lower-case base 32, telling nothing by themselves."""

import base64
import secrets


def new_public_id() -> str:
    """Sixteen letters and digits."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def new_key() -> str:
    """A short key for a row inside one document."""
    return base64.b32encode(secrets.token_bytes(5)).decode().lower()
