"""Perjanjian Kinerja (PK): agreed and signed by the head of a UPK and the head above, one per UPK and year.

Its subject is the head of the UPK, its "penilai" the head of the UPK above: the very two whom the chain of superiors
names. At L0 nobody stands above; the Sekretariat Komite speaks for the Komite Eksekutif, which takes note.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from statemachine import Event, State

from kinerja.rules import pk as law
from kinerja.rules.words import N_
from kinerja.workflows.base import (
    OWN_RULE,
    DocumentFlow,
    Entry,
    Facts,
    Move,
    Unmet,
    because,
    did_not,
    each,
    has_not_marked,
    is_last_mark,
    is_not_last_mark,
    stay,
    step,
)
from kinerja.workflows.roles import Actor, Relation

LEADER, ABOVE, ATASAN, SYSTEM = Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.SYSTEM
ORGANISER, REVIEWER = Relation.PENGELOLA_ORGANISASI, Relation.PENGELOLA_ABOVE
SEKRETARIAT = Relation.SEKRETARIAT


@dataclass
class PkFacts(Facts):
    """What the guards of a PK look at; `pk` and `regulation` are absent on lists, where nothing is asked of them."""

    # Gives the content as the rules judge it: asked once, and only where something depends on it.
    read_pk: Callable[[], Any] | None = None
    regulation: Any = None
    # Is it the PK of the ministry itself, above which nobody stands?
    top: bool = False
    has_realisation: bool = False
    may_take_over: bool = False

    @cached_property
    def pk(self) -> Any:
        return self.read_pk() if self.read_pk is not None else None

    @property
    def acting(self) -> Relation:
        """Who speaks for the UPK above: its head, after escalation his superior; at L0 the Sekretariat Komite."""
        return SEKRETARIAT if self.top else super().acting


def _unmet(facts: PkFacts, event: str) -> list[Unmet]:
    if facts.pk is None:
        return []
    found = law.blocking(facts.pk, facts.regulation, event)
    return [Unmet(f.rule, f.message, dict(f.params), f.field, f.source) for f in found]


def proposable(facts: PkFacts) -> list[Unmet]:
    """PK-2 to PK-5, PK-7, PK-8."""
    return _unmet(facts, "propose")


def agreeable(facts: PkFacts) -> list[Unmet]:
    return _unmet(facts, "agree")


def clearable(facts: PkFacts) -> list[Unmet]:
    return _unmet(facts, "clear")


def signable(facts: PkFacts) -> list[Unmet]:
    return _unmet(facts, "sign_first")


def period_is_open(facts: Facts) -> list[Unmet]:
    return [] if facts.period_open else [Unmet(OWN_RULE, N_("Periode ini sudah ditutup."))]


def no_realisation(facts: PkFacts) -> list[Unmet]:
    if facts.has_realisation:
        return [
            Unmet("PA-1", N_("Sudah ada realisasi IKU yang direkam; perubahan hanya melalui Adendum PK."))
        ]
    return []


def ladder_has_come(facts: PkFacts) -> list[Unmet]:
    if facts.may_take_over:
        return []
    return [
        Unmet(OWN_RULE, N_("Belum waktunya: dapat diambil alih lima hari kerja sesudah tenggat terlewati."))
    ]


def is_top(facts: PkFacts, actor: Actor) -> bool:
    return facts.top


@because(N_("Pada tingkat kementerian tidak ada pihak kedua; Komite Eksekutif mencatatnya."))
def has_someone_above(facts: PkFacts, actor: Actor) -> bool:
    return not facts.top


@because(N_("Pada tingkat kementerian hanya Menteri yang menyepakati."))
def has_a_mark(facts: PkFacts, actor: Actor) -> bool:
    """He is one of those whose assent is asked."""
    return not facts.top or actor.has(Relation.SUBJECT)


def is_not_escalated(facts: Facts, actor: Actor) -> bool:
    return facts.acting_level == 0


def is_escalated(facts: Facts, actor: Actor) -> bool:
    return facts.acting_level > 0


# fmt: off
class PkFlow(DocumentFlow):
    """Perjanjian Kinerja, one per UPK and year."""

    kind = "pk"
    title = N_("Perjanjian Kinerja")
    design = "Rancangan alur PK, keputusan 0016"
    path = ("draft", "proposed", "in_dialogue", "agreed", "in_review", "ready_to_sign", "signed_first", "in_force")
    facts_type = PkFacts
    # Nobody but the head above may countersign (KMK 300/2022): while he does not, nobody does it for him.
    unrelieved = (("signed_first", "sign_second"),)

    draft = State(N_("Draf"), initial=True)
    proposed = State(N_("Diajukan"))
    in_dialogue = State(N_("Dialog"))
    agreed = State(N_("Disepakati"))
    in_review = State(N_("Direviu Pengelola"))
    ready_to_sign = State(N_("Siap Tanda Tangan"))
    signed_first = State(N_("Ditandatangani Pihak Pertama"))
    in_force = State(N_("Berlaku"))
    amended = State(N_("Digantikan Adendum"), final=True)
    closed = State(N_("Ditutup"), final=True)
    cancelled = State(N_("Dibatalkan"), final=True)

    entries = (
        Entry("create", N_("Buat PK"), "draft", (LEADER, ORGANISER), "KMK 300/KMK.01/2022", "hukum"),
    )

    edit = Event(
        step(stay(draft), N_("Sunting"), who=(LEADER, ORGANISER), asks="form")
        | step(
            stay(in_dialogue), N_("Sunting"), who=(LEADER, ABOVE), acting=True, asks="form", effects="clear_marks",
        ),
        name=N_("Sunting"),
    )
    save = Event(
        step(stay(in_force), N_("Catat kemajuan"), who=(LEADER, ORGANISER), asks="form"), name=N_("Catat kemajuan"),
    )
    propose = Event(
        step(
            draft.to(proposed), N_("Ajukan"), who=LEADER, needs=(period_is_open, proposable), due="pk_propose",
            main=True, exit="L", tone="primary", decides="propose:pk",
        ),
        name=N_("Ajukan"),
    )
    open_dialogue = Event(
        step(
            proposed.to(in_dialogue), N_("Mulai dialog"), who=ABOVE, acting=True, due="default", main=True, exit="L",
            tone="primary",
        ),
        name=N_("Mulai dialog"),
    )
    agree = Event(
        step(
            in_dialogue.to(agreed), N_("Sepakati"), who=(LEADER, ABOVE), acting=True, needs=agreeable,
            when=(has_a_mark, has_not_marked, is_last_mark), due="default", main=True, exit="L", effects="mark",
            tone="primary",
        )
        | step(
            stay(in_dialogue), N_("Sepakati"), who=(LEADER, ABOVE), acting=True, needs=agreeable,
            when=(has_a_mark, has_not_marked, is_not_last_mark), effects="mark", tone="primary",
        ),
        name=N_("Sepakati"),
    )
    send_back = Event(
        step(
            in_dialogue.to(draft), N_("Kembalikan"), who=ABOVE, acting=True, asks="note", due="default",
            effects="clear_marks",
        )
        | step(
            in_review.to(draft), N_("Kembalikan"), who=REVIEWER, asks="note", due="default", effects="clear_marks",
        ),
        name=N_("Kembalikan"),
    )
    send_review = Event(
        step(
            agreed.to(in_review), N_("Kirim reviu"), who=LEADER, due="pk_send_review", main=True, exit="L",
            tone="primary",
        ),
        name=N_("Kirim reviu"),
    )
    clear = Event(
        step(
            in_review.to(ready_to_sign), N_("Reviu selesai"), who=REVIEWER, when=did_not("propose"), needs=clearable,
            due="default", main=True, exit="L", tone="primary", decides="judge:pk",
        ),
        name=N_("Reviu selesai"),
    )
    sign_first = Event(
        step(
            ready_to_sign.to(signed_first), N_("Tanda tangan"), who=LEADER, needs=signable, asks="signature",
            due="pk_sign", main=True, exit="L", effects="sign:pihak_pertama", source="KMK 300/KMK.01/2022",
            status="hukum", tone="primary",
        ),
        name=N_("Tanda tangan"),
    )
    sign_second = Event(
        step(
            signed_first.to(in_force), N_("Tanda tangan"), who=ABOVE, when=has_someone_above, needs=signable,
            asks="signature", due="pk_sign", main=True, exit="L",
            effects="sign:pihak_kedua do:tell_the_unit do:open_with_the_pk",
            source="KMK 300/KMK.01/2022", status="hukum", tone="primary",
        ),
        name=N_("Tanda tangan"),
    )
    take_note = Event(
        step(
            signed_first.to(in_force), N_("Catat"), who=SEKRETARIAT, when=is_top, asks="form", due="pk_sign",
            main=True, exit="L", effects="do:tell_the_unit do:open_with_the_pk", tone="primary",
        ),
        name=N_("Catat"),
    )
    withdraw = Event(
        step(signed_first.to(ready_to_sign), N_("Tarik kembali"), who=LEADER, effects="fall", due="pk_sign")
        | step(
            each((proposed, in_dialogue, agreed), draft), N_("Tarik"), who=LEADER, effects="clear_marks",
        ),
        name=N_("Tarik"),
    )
    take_over = Event(
        step(
            stay(proposed, in_dialogue), N_("Ambil alih"), who=ATASAN, when=(is_not_escalated, has_someone_above),
            asks="reason", needs=ladder_has_come, effects="raise_level clear_marks",
            relieves="open_dialogue agree",
        ),
        name=N_("Ambil alih"),
    )
    hand_back = Event(
        step(
            stay(proposed, in_dialogue), N_("Serahkan kembali"), who=ATASAN, when=is_escalated, asks="reason",
            effects="lower_level clear_marks",
        ),
        name=N_("Serahkan kembali"),
    )
    new_head = Event(
        step(
            stay(draft, proposed, in_dialogue, agreed, in_review, ready_to_sign, in_force), N_("Pimpinan berganti"),
            who=SYSTEM, effects="clear_marks do:tell_the_new_head do:hand_manuals_over",
        )
        | step(
            signed_first.to(ready_to_sign), N_("Pimpinan berganti"), who=SYSTEM,
            effects="fall do:tell_the_new_head do:hand_manuals_over",
        ),
        name=N_("Pimpinan berganti"),
    )
    amend = Event(step(in_force.to(amended), N_("Adendum berlaku"), who=SYSTEM), name=N_("Adendum berlaku"))
    close = Event(
        step(
            in_force.to(closed), N_("Tutup"), who=(SYSTEM, ORGANISER), asks="reason", due="pk_close", main=True,
            exit="system",
        ),
        name=N_("Tutup"),
    )
    cancel = Event(
        step(
            each((draft, proposed, in_dialogue, agreed), cancelled), N_("Batalkan"), who=LEADER, asks="reason",
            effects="do:drop_manuals", tone="danger",
        ),
        name=N_("Batalkan"),
    )
    reopen = Event(
        step(
            in_force.to(ready_to_sign), N_("Buka kembali"), who=SEKRETARIAT, asks="reason", needs=no_realisation,
            effects="fall", tone="danger",
        ),
        name=N_("Buka kembali"),
    )
    # fmt: on

    @classmethod
    def turn(cls, facts: Facts) -> tuple[Relation | None, Move | None]:
        """Above the ministry nobody countersigns: there the Sekretariat Komite is awaited, who takes note."""
        if facts.state != "signed_first" or not getattr(facts, "top", False):
            return super().turn(facts)
        move = next(move for move in cls.moves(facts.state) if move.event == "take_note")
        return move.row.who[0], move
