"""Several signatures with one confirmation: what each of them would bind."""

import hashlib
from dataclasses import dataclass
from typing import Any

from kinerja.services import audit
from kinerja.services.kinds import kind_of
from kinerja.services.reading import log_read, open_document


@dataclass(frozen=True)
class ToSign:
    """A document on the page that confirms several signatures: exactly what is signed, by its hash."""

    public_id: str
    number: str
    version: int
    title: tuple[str, dict[str, Any]]
    content_hash: str


def to_sign(public_id: str, person_id: int) -> ToSign:
    """What a signature on this document would bind now; the reading of it is logged. Raises NotThere."""
    document, actor = open_document(public_id, person_id)
    log_read(document, actor)
    kind = kind_of(document.kind)
    content = audit.canonical(kind.content(document))
    digest = hashlib.sha256(content.encode()).hexdigest()
    return ToSign(public_id, document.print_number, document.version, kind.title(document), digest)
