"""What serves what: a result and the indicator it serves find each other by key, or by what the indicator says.

The parent of a result may be a draft that is still written anew. So nothing is tied at one moment: whoever asks is
told the parent as it now is, whether it still is the one that was meant, and whether it may still change. In whatever
order the plans of a chain are agreed, the links in the end are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kinerja.rules.agreement import FULLY
from kinerja.rules.exact import short
from kinerja.rules.finding import HINTS, NATIONAL, WARNS, Finding
from kinerja.rules.matrix import DIRECT, LOAD, Column, same_words, total_of
from kinerja.rules.words import N_

BOUND, REWORDED, FOUND, LOST = "bound", "reworded", "found", "lost"


@dataclass(frozen=True)
class Link:
    """Where a result hangs: `parent` None when it is lost. `how`: bound (as it was meant), reworded (its text changed),
    found (its key went, the text is still there once), lost."""

    parent: Column | None
    how: str

    @property
    def provisional(self) -> bool:
        return self.parent is None or self.parent.provisional


def bind(key: str, text: str, columns: Sequence[Column]) -> Link:
    """The parent among what stands above now: by its key, else by its words where they are there only once."""
    for column in columns:
        if column.key == key:
            return Link(column, BOUND if same_words(column.text, text) else REWORDED)
    alike = [column for column in columns if text.strip() and same_words(column.text, text)]
    return Link(alike[0], FOUND) if len(alike) == 1 else Link(None, LOST)


@dataclass(frozen=True)
class Role:
    """A cell as an SKP row sees it: its text now, and where it hangs."""

    key: str
    text: str
    link: Link
    # Is the matrix itself still being written?
    being_written: bool = False


@dataclass(frozen=True)
class Result:
    """A rencana hasil kerja that was taken from a cell."""

    key: str
    number: str
    text: str
    cell: str


def findings_of(results: Sequence[Result], roles: Sequence[Role]) -> list[Finding]:
    """What does not, or not yet, fit between an SKP and the matrix it was drafted from, for its owner to settle."""
    found, known = [], {role.key: role for role in roles}
    for result in (one for one in results if one.cell):
        place, params = f"row-{result.key}-rhk", {"number": result.number}
        role = known.get(result.cell)
        if role is None:
            text = N_(
                "Peran asal hasil kerja %(number)s sudah tidak ada di matriks: bicarakan dengan pimpinan"
            )
            found.append(_about(WARNS, text, params, place))
            continue
        if not same_words(role.text, result.text):
            text = N_('Hasil kerja %(number)s berbeda dari matriks, yang kini berbunyi "%(text)s"')
            found.append(_about(WARNS, text, params | {"text": role.text}, place))
        if role.link.how == LOST:
            text = N_("Indikator pimpinan yang didukung hasil kerja %(number)s sudah tidak ada")
            found.append(_about(WARNS, text, params, place))
        elif role.link.how == REWORDED and role.link.parent is not None:
            text = N_('Indikator pimpinan untuk hasil kerja %(number)s kini berbunyi "%(text)s"')
            found.append(_about(WARNS, text, params | {"text": role.link.parent.text}, place))
        if role.being_written or (role.link.parent is not None and role.link.parent.provisional):
            text = N_("Induk hasil kerja %(number)s masih sementara: rencana pimpinan belum ditetapkan")
            found.append(_about(HINTS, text, params, place))
    return found


def _about(severity: str, text: str, params: dict[str, str], place: str) -> Finding:
    return Finding("CAS-1", severity, text, params, place, "pilihan rancangan", "")


@dataclass(frozen=True)
class Measured:
    """An indicator below: what it measures in, and of what result."""

    text: str
    unit: str


@dataclass(frozen=True)
class Served:
    """A role under an indicator, and the indicators of the SKP in force that came of it."""

    key: str
    person: str
    text: str
    method: str = ""
    portion: Decimal | None = None
    results: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class HandedDown:
    """An indicator that a UPK below took over, `fully` or `partially`."""

    name: str
    cascading: str
    target: Decimal | None
    unit: str


@dataclass(frozen=True)
class Branch:
    """An indicator with all that serves it. `weighted`: it has the pair of validity and control that weighs it; None
    where nothing in the law of the year asks for one."""

    column: Column
    roles: tuple[Served, ...] = ()
    below: tuple[HandedDown, ...] = ()
    weighted: bool | None = None


@dataclass(frozen=True)
class Cascade:
    """What is under one unit. `loose`: (person, result) in an SKP in force that hang on no cell. `budget`: does the SKP
    of a head who is JPT name Anggaran; None where he is none, or has no SKP yet."""

    branches: tuple[Branch, ...]
    loose: tuple[tuple[str, str], ...] = ()
    budget: bool | None = None


def cas_2(cascade: Cascade) -> list[Finding]:
    """CAS-2: an indicator for which nobody delivers, neither a person nor a unit below."""
    message = N_("Indikator tanpa pelaksana: %(code)s %(name)s")
    return [
        _of("CAS-2", WARNS, message, b.column)
        for b in cascade.branches
        if not b.below and not any(role.text.strip() for role in b.roles)
    ]


def cas_3(cascade: Cascade) -> list[Finding]:
    """CAS-3: a result in an SKP in force that hangs on nothing."""
    message = N_('Hasil kerja %(person)s tanpa induk: "%(text)s"')
    return [
        Finding("CAS-3", WARNS, message, {"person": person, "text": text}, "", NATIONAL, "47, 57")
        for person, text in cascade.loose
    ]


def cas_4(cascade: Cascade) -> list[Finding]:
    """CAS-4: an indicator that weighs nothing, because its validity and control are not both said."""
    message = N_("Indikator %(code)s %(name)s belum berbobot: validitas dan tingkat kendali belum lengkap")
    return [_of("CAS-4", HINTS, message, b.column) for b in cascade.branches if b.weighted is False]


def cas_5(cascade: Cascade) -> list[Finding]:
    """CAS-5: what is shared out directly is measured in the unit of what it serves."""
    message = N_('%(person)s mengukur dalam "%(unit)s" untuk %(code)s, yang diukur dalam "%(wanted)s"')
    found = []
    for branch in cascade.branches:
        wanted = branch.column.unit
        below = [
            (role.person, one.unit) for role in branch.roles if role.method in DIRECT for one in role.results
        ]
        below += [(one.name, one.unit) for one in branch.below]
        found += [
            _of("CAS-5", WARNS, message, branch.column, person=person, unit=unit, wanted=wanted)
            for person, unit in below
            if wanted.strip() and unit.strip() and not same_words(unit, wanted)
        ]
    return found


def cas_6(cascade: Cascade) -> list[Finding]:
    """CAS-6: the same load, in the same words, is counted for one person more than once."""
    message = N_('Beban "%(text)s" milik %(person)s dihitung lebih dari sekali')
    seen: set[tuple[str, str]] = set()
    found = []
    for branch in cascade.branches:
        for role in (r for r in branch.roles if r.method == LOAD and r.text.strip()):
            one = (role.person, " ".join(role.text.lower().split()))
            if one in seen:
                found.append(_of("CAS-6", WARNS, message, branch.column, person=role.person, text=role.text))
            seen.add(one)
    return found


def cas_7(cascade: Cascade) -> list[Finding]:
    """CAS-7: parts come to the whole, by polarity and consolidation; what is taken over fully has the same target."""
    parts = N_("Bagian-bagian %(code)s berjumlah %(total)s, sedangkan targetnya %(target)s")
    fully = N_(
        "%(person)s mengambil %(code)s secara utuh dengan target %(total)s, sedangkan targetnya %(target)s"
    )
    found = []
    for branch in (b for b in cascade.branches if b.column.target is not None):
        column, target = branch.column, branch.column.target or Decimal(0)
        portions = [r.portion for r in branch.roles if r.method == LOAD and r.portion is not None]
        shared = [one.target for one in branch.below if one.cascading != FULLY and one.target is not None]
        for values in (portions, shared):
            if values and (total := total_of(values, column)) is not None:
                said = {"total": short(total), "target": short(target)}
                found.append(_of("CAS-7", WARNS, parts, column, **said))
        for one in branch.below:
            if one.cascading == FULLY and one.target is not None and one.target != target:
                said = {"total": short(one.target), "target": short(target), "person": one.name}
                found.append(_of("CAS-7", WARNS, fully, column, **said))
    return found


def cas_8(cascade: Cascade) -> list[Finding]:
    """CAS-8: the SKP of a JPT names Anggaran (SKP-4)."""
    if cascade.budget is not False:
        return []
    return [
        Finding("CAS-8", WARNS, N_("Perspektif Anggaran belum ada pada SKP pimpinan"), {}, "", NATIONAL, "29")
    ]


def lint(cascade: Cascade) -> list[Finding]:
    """Every finding, in the order of the rules; `field` is the key of the indicator it is about."""
    return [f for rule in (cas_2, cas_3, cas_4, cas_5, cas_6, cas_7, cas_8) for f in rule(cascade)]


def _of(rule: str, severity: str, message: str, column: Column, **params: str) -> Finding:
    said = {"code": column.code, "name": column.text} | params
    return Finding(rule, severity, message, said, column.key, "pilihan rancangan")
