"""Casting a mould for somebody else: the same rows with his ids, names, posts and zone, a little later on each day."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kinerja.ids import new_public_id
from kinerja.services.audit import canonical
from kinerja.services.simulating import moulds
from kinerja.services.simulating.figures import Figure
from kinerja.services.simulating.moulds import Chain, Id, Mould, Name

# Indonesia's zones keep no summer time: the same hour on the wall comes so many hours later in UTC.
HOURS = {"WIT": 0, "WITA": 1, "WIB": 2}


@dataclass(frozen=True)
class Sealed:
    """An audit row that waits for its place in a chain."""

    chain: str
    at: datetime
    action: str
    actor_id: int | None
    document_id: int
    payload: dict[str, Any]


@dataclass
class Cast:
    """Rows of many people, by table, ready for one bulk insert each."""

    first_ids: Callable[[str, int], int]
    first_numbers: Callable[[str, int], int]
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    audit: list[Sealed] = field(default_factory=list)

    def add(self, mould: Mould, figure: Figure, year: int, later: timedelta) -> None:
        """Cast a mould for one more person."""
        _One(self, mould, figure, year, later).fill()


class _One:
    """One person's rows."""

    def __init__(self, cast: Cast, mould: Mould, figure: Figure, year: int, later: timedelta) -> None:
        self.cast, self.mould, self.figure, self.year = cast, mould, figure, year
        self.zone_apart = timedelta(hours=HOURS[figure.unit.zone] - HOURS[mould.figure.unit.zone])
        self.later = self.zone_apart + later
        self.ids = {table.name: cast.first_ids(table.name, len(rows)) for table, rows in mould.tables}
        self.numbers = [self._number(kind) for kind in mould.kinds]
        self.texts: dict[str, str] = {}
        self.hashes: dict[str, str] = {}
        for old, content, document in mould.contents:
            text = canonical(self._content(content, document))
            self.texts[old] = text
            self.hashes[old] = hashlib.sha256(text.encode()).hexdigest()

    def _number(self, kind: str) -> str:
        from kinerja.services.new_documents import PRINT_PREFIX

        return f"{PRINT_PREFIX[kind]}-{self.year}-{self.cast.first_numbers(kind, 1):06d}"

    def _content(self, content: Mapping[str, Any], document: int) -> Mapping[str, Any]:
        blocks = self.figure.blocks
        changed: dict[str, Any] = {}
        for number, key in enumerate(("pegawai", "penilai", "atasan_penilai")):
            if content.get(key):
                changed[key] = blocks[number]
        if "organisasi" in content:
            unit = self.figure.org_unit
            changed["organisasi"] = {**content["organisasi"], "unit": unit.name if unit else ""}
            changed["nomor"] = self.numbers[document]
            changed["skp"] = self.ids["document"] + self._skp()
            changed["kalibrasi"] = [{**c, "oleh": self._name(c["oleh"])} for c in content["kalibrasi"]]
        return {**content, **changed} if changed else content

    def _skp(self) -> int:
        return self.mould.kinds.index("skp")

    def _name(self, name: str) -> str:
        return self.figure.names[self.mould.figure.names.index(name)]

    def fill(self) -> None:
        for table, rows in self.mould.tables:
            out = self.cast.rows.setdefault(table, [])
            for row in rows:
                values = row.values.copy()
                for column, what, of in row.places:
                    values[column] = self._become(table.name, what, of)
                out.append(values)
        path = [part for part in self.figure.unit.path.split("/") if part]
        chain = f"u{path[1] if len(path) > 1 else path[0]}-{self.year}"
        for action, actor, document, payload, at in self.mould.audit:
            self.cast.audit.append(
                Sealed(
                    chain, at + self.later, action, None if actor is None else self.figure.people[actor],
                    self.ids["document"] + document, self._payload(payload, document),
                )
            )  # fmt: skip

    def _become(self, table: str, what: int, of: Any) -> Any:
        if what == moulds.TIME:
            return of + self.later
        if what == moulds.REF:
            return self.ids[of[0]] + of[1]
        if what == moulds.NEW:
            return self.ids[table] + of
        if what == moulds.PERSON:
            return self.figure.people[of]
        if what == moulds.HASH:
            return self.texts[of[0]] if isinstance(of, tuple) else self.hashes[of]
        if what == moulds.PUBLIC:
            return new_public_id()
        if what == moulds.JSON:
            return self._filled(of)
        if what == moulds.DUE:
            return of + self.zone_apart
        if what == moulds.NUMBER:
            return self.numbers[of]
        if what == moulds.POST_TITLE:
            return self.figure.blocks[of]["jabatan"]
        return {
            moulds.UNIT: self.figure.unit_id, moulds.ORG_UNIT: self.figure.org_unit_id, moulds.POST: self.figure.post_id
        }[what]  # fmt: skip

    def _filled(self, pattern: Any) -> Any:
        if isinstance(pattern, dict):
            return {key: self._filled(value) for key, value in pattern.items()}
        if isinstance(pattern, list):
            return [self._filled(value) for value in pattern]
        if isinstance(pattern, Chain):
            return self.figure.links[: pattern.length]
        if isinstance(pattern, Name):
            return self.figure.names[pattern.of]
        if isinstance(pattern, Id):
            return self.figure.people[pattern.of]
        return pattern

    def _payload(self, payload: Mapping[str, Any], document: int) -> dict[str, Any]:
        out = {**payload, "nomor": self.numbers[document]}
        if payload.get("hash"):
            out["hash"] = self.hashes[payload["hash"]]
        if "subjek" in payload:
            out["subjek"] = self.figure.people[0]
        return out
