"""Matriks pembagian peran dan hasil (A.1.5): the leader of a unit says who delivers what, one per unit and year.

No regulation gives it a procedure of agreement: what a cell says is agreed in the dialogue on the SKP it enters. So it
is written by the leader, a ketua tim writes the roles of his own team, and both say when it is ready to be used.
"""

from dataclasses import dataclass
from typing import Any

from statemachine import Event, State

from kinerja.rules import matrix as law
from kinerja.rules.words import N_
from kinerja.workflows.base import OWN_RULE, DocumentFlow, Entry, Facts, Unmet, because, each, stay, step
from kinerja.workflows.roles import Actor, Relation

LEADER, STAFF, SYSTEM = Relation.SUBJECT, Relation.STAFF, Relation.SYSTEM
ORGANISER = Relation.PENGELOLA_ORGANISASI


@dataclass
class MatrixFacts(Facts):
    """What the guards of a matrix look at; `matrix` is absent on lists, where nothing is asked of it."""

    read_matrix: Any = None
    # Who leads a tim kerja of it.
    team_leads: frozenset[int] = frozenset()

    @property
    def matrix(self) -> Any:
        return self.read_matrix() if self.read_matrix is not None else None


@because(N_("Selain pimpinannya hanya ketua tim kerja pada matriks ini yang menulis."))
def writes(facts: MatrixFacts, actor: Actor) -> bool:
    """The leader, or whoever leads a tim kerja of this matrix."""
    return actor.has(LEADER) or actor.person_id in facts.team_leads


def period_is_open(facts: Facts) -> list[Unmet]:
    return [] if facts.period_open else [Unmet(OWN_RULE, N_("Periode ini sudah ditutup."))]


def shareable(facts: MatrixFacts) -> list[Unmet]:
    """MPH-4."""
    matrix = facts.matrix
    if matrix is None:
        return []
    return [Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in law.blocking(matrix)]


# fmt: off
class MatrixFlow(DocumentFlow):
    """Matriks pembagian peran dan hasil, one per unit and year."""

    kind = "matrix"
    title = N_("Matriks Pembagian Peran dan Hasil")
    design = "Rancangan alur matriks, keputusan 0021"
    path = ("draft", "shared", "closed")
    facts_type = MatrixFacts
    resting = ("shared",)

    draft = State(N_("Disusun"), initial=True)
    shared = State(N_("Dibagikan"))
    closed = State(N_("Ditutup"), final=True)

    entries = (Entry("create", N_("Buat matriks"), "draft", (LEADER,), "PermenPANRB 6/2022, hlm. 47", "hukum"),)

    # What is changed after it was shared is shared anew: until then everybody reads that it is being written.
    edit = Event(
        step(stay(draft), N_("Sunting"), who=(LEADER, STAFF), when=writes, asks="form")
        | step(shared.to(draft), N_("Sunting"), who=(LEADER, STAFF), when=writes, asks="form"),
        name=N_("Sunting"),
    )
    share = Event(
        step(
            draft.to(shared), N_("Bagikan"), who=(LEADER, STAFF), when=writes, needs=(period_is_open, shareable),
            due="matrix_share", main=True, exit="L", effects="do:tell_the_people", tone="primary",
            source="PermenPANRB 6/2022, hlm. 46-49", status="hukum",
        ),
        name=N_("Bagikan"),
    )
    new_head = Event(
        step(stay(draft, shared), N_("Pimpinan berganti"), who=SYSTEM, effects="do:tell_the_new_head"),
        name=N_("Pimpinan berganti"),
    )
    close = Event(
        step(each((draft, shared), closed), N_("Tutup"), who=(SYSTEM, ORGANISER), asks="reason"),
        name=N_("Tutup"),
    )
# fmt: on
