"""Two stored at once: what the page of a refused form shows side by side, and sends again as chosen.

The rows of the form are those that are stored now. `base` came with the page: marks of what stood in its fields then.
By it a field that only the one or only the other changed needs no question; of the rest one chooses. What was typed
into a row that is gone is shown to be copied.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from kinerja.forms.base import GUARDS
from kinerja.forms.shapes import BooleanField, FileField, SelectFieldBase, SelectMultipleField
from kinerja.ids import new_public_id
from kinerja.reports.diff import Segments, diff_words
from kinerja.services.reading import Page
from kinerja.views import formats, kinds
from kinerja.views.answers import fields_of


@dataclass(frozen=True)
class Part:
    """One field as it is stored and as it was typed; `options` for a list of ticks, which is chosen anew."""

    name: str
    label: str
    saved: Segments
    typed: Segments
    old: str
    new: str
    options: tuple[tuple[str, str], ...] = ()
    picked: tuple[str, ...] = ()


def base_of(form: Any) -> str:
    """Marks of what stands in the fields of a form, for its page to carry along: six letters a field."""
    return "".join(
        _mark(name, _values(field))
        for name, field in fields_of(form).items()
        if not isinstance(field, FileField)
    )


def _mark(name: str, values: list[str]) -> str:
    text = "\0".join([name, *_plain(values)])
    return base64.urlsafe_b64encode(hashlib.blake2s(text.encode(), digest_size=4).digest()).decode()[:6]


def compare(page: Page, event: str, sent: MultiDict[str, str]) -> dict[str, Any] | None:
    """What the page of the conflict shows, or None where the event has no form or nothing typed differs."""
    stored, mine = kinds.form_for(page, event), kinds.form_for(page, event, sent)
    if stored is None:
        return None
    now, typed = fields_of(stored), fields_of(mine)
    labels = _captions(mine) | _captions(stored)
    hidden: list[tuple[str, str]] = list(getattr(stored, "structure", list)())
    carried = sent.get("base", "")
    known = {carried[place : place + 6] for place in range(0, len(carried), 6)}
    parts: list[Part] = []
    mine_alone: list[Part] = []
    for name, field in now.items():
        if isinstance(field, FileField):
            continue
        old = _values(field)
        new = _values(typed[name]) if name in typed and _was_sent(name, field, sent) else old
        if _plain(old) == _plain(new) or _mark(name, new) in known:
            hidden += [(name, value) for value in old]
        elif _mark(name, old) in known:
            hidden += [(name, value) for value in new]
            mine_alone.append(_part(field, typed[name], labels[name], old, new))
        else:
            parts.append(_part(field, typed[name], labels[name], old, new))
    gone = [
        (labels[name], sent[name])
        for name, field in typed.items()
        if name not in now and sent.get(name, "").strip() and not isinstance(field, SelectFieldBase)
    ]
    if not (parts or mine_alone or gone):
        return None
    if sent.get("note"):
        hidden.append(("note", sent["note"]))
    last = page.steps[-1] if page.steps else None
    return {
        "parts": parts,
        "mine": mine_alone,
        "own": last is not None and last.person_id == page.actor.person_id,
        "typed": gone,
        "hidden": [
            *hidden,
            ("base", base_of(stored)),
            ("version", str(page.document.version)),
            ("key", new_public_id()),
        ],
        "action": url_for("documents.transition", public_id=page.document.public_id, event=event),
        "document_url": url_for("documents.show", public_id=page.document.public_id),
        "saved_by": last.who if last else None,
        "saved_at": formats.jam(last.at, page.document.unit.zone) if last else None,
    }


def _values(field: Any) -> list[str]:
    """What a browser would send of this field."""
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(value) for value in field.data or ()]
    return [str(field._value())] if hasattr(field, "_value") else [str(field.data or "")]


def _plain(values: list[str]) -> list[str]:
    return [value.replace("\r\n", "\n").strip() for value in values]


def _was_sent(name: str, field: Any, sent: MultiDict[str, str]) -> bool:
    """A list without a tick sends nothing: it was on the page when its neighbours were."""
    if name in sent or not isinstance(field, SelectMultipleField | BooleanField):
        return name in sent
    group = name.rpartition("-")[0]
    return any(other.rpartition("-")[0] == group for other in sent if other not in GUARDS)


def _part(field: Any, typed: Any, label: str, old: list[str], new: list[str]) -> Part:
    several = isinstance(field, SelectMultipleField | BooleanField)
    options: tuple[tuple[str, str], ...] = ()
    if isinstance(field, SelectMultipleField):
        options = tuple((str(choice.value), str(choice.label)) for choice in field.iter_choices())
    elif several:
        options = (("y", str(field.label.text)),)
    saved, mine = diff_words(_words(field, old), _words(typed, new))
    return Part(
        field.name,
        label,
        saved,
        mine,
        "" if several else old[0],
        "" if several else new[0],
        options,
        tuple(new) if several else (),
    )


def _words(field: Any, values: list[str]) -> str:
    """Values as somebody reads them."""
    if isinstance(field, BooleanField):
        return gettext("Ya") if values else gettext("Tidak")
    if isinstance(field, SelectFieldBase):
        labels = {str(choice.value): str(choice.label) for choice in field.iter_choices()}
        values = [labels.get(value, value) for value in values]
    return ", ".join(values)


def _captions(form: Any) -> dict[str, str]:
    """Name -> what the page calls the field; the second of the same label gets a number."""
    own: dict[str, str] = dict(getattr(form, "captions", dict)())
    fields = fields_of(form)
    many = Counter(str(field.label.text) for field in fields.values())
    return {name: own.get(name) or label for name, label in _numbered(fields, many)}


def _numbered(fields: dict[str, Any], many: Counter[str]) -> Iterator[tuple[str, str]]:
    seen: Counter[str] = Counter()
    for name, field in fields.items():
        label = str(field.label.text)
        seen[label] += 1
        yield name, f"{label} ({seen[label]})" if many[label] > 1 else label
