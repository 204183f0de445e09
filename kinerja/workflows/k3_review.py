"""Reviu K3: the quality of the indicators and targets of one SKP or PK, reviewed for one quarter.

Its subject is whose SKP or PK it is. Of a PK the pengelola kinerja organisasi of the unit fills it in. Who reviews is
that pengelola, of a PK and of the SKP of a unit's head the one a level up; never the subject or his penilai.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from statemachine import Event, State

from kinerja.rules.words import N_
from kinerja.workflows.base import DocumentFlow, Entry, Facts, Unmet, did_not, each, stay, step
from kinerja.workflows.roles import Actor, Relation

OWNER, ORGANISER, REVIEWER = Relation.SUBJECT, Relation.PENGELOLA_ORGANISASI, Relation.PENGELOLA_ABOVE
SYSTEM = Relation.SYSTEM
FILLED = ("not_reviewed", "needs_fix")


@dataclass
class K3Facts(Facts):
    """What the guards of a review look at; what it still lacks is asked for only where something depends on it."""

    # Is it of a PK? Is it reviewed one level up?
    of_unit: bool = False
    above: bool = False
    read_problems: Callable[[], Sequence[Unmet]] | None = None

    @property
    def judge(self) -> Relation:
        """While it is being filled in the owner acts, or somebody for him; then the reviewer."""
        return OWNER if self.state in FILLED else ORGANISER

    @property
    def acting(self) -> Relation:
        if self.state in FILLED:
            return ORGANISER if self.of_unit else OWNER
        return self.reviewer

    @property
    def reviewer(self) -> Relation:
        return REVIEWER if self.above else ORGANISER


def weighed(facts: K3Facts) -> list[Unmet]:
    """K3-2 and both weights of every indicator."""
    return list(facts.read_problems()) if facts.read_problems is not None else []


def reviews_it(facts: K3Facts, actor: Actor) -> bool:
    return actor.has(facts.reviewer)


FILLED_BY_ANOTHER = did_not("self_check", "resubmit")


# fmt: off
class K3ReviewFlow(DocumentFlow):
    """Reviu K3, one per SKP or PK and quarter."""

    kind = "k3_review"
    title = N_("Reviu K3")
    design = "Rancangan alur reviu K3, keputusan 0019"
    facts_type = K3Facts
    # What was reviewed counts; the Sekretariat Komite may open it again.
    resting = ("reviewed", "locked")
    path = ("not_reviewed", "self_checked", "in_review", "reviewed", "locked")

    not_reviewed = State(N_("Belum Direviu"), initial=True)
    self_checked = State(N_("Diisi Mandiri"))
    in_review = State(N_("Direviu"))
    needs_fix = State(N_("Perlu Perbaikan"))
    reviewed = State(N_("Selesai"))
    locked = State(N_("Terkunci"))

    entries = (
        Entry("open", N_("Buka reviu K3"), "not_reviewed", (SYSTEM,), "KMK 127/2026", "terverifikasi"),
    )

    self_check = Event(
        step(
            not_reviewed.to(self_checked), N_("Isi mandiri"), who=OWNER, acting=True, asks="form",
            due="k3_self", main=True, exit="start_review", tone="primary", decides="propose:k3",
        ),
        name=N_("Isi mandiri"),
    )
    start_review = Event(
        step(
            not_reviewed.to(in_review), N_("Mulai reviu"), who=(ORGANISER, REVIEWER),
            when=(reviews_it, FILLED_BY_ANOTHER), source="KMK 127/2026", status="terverifikasi",
        )
        | step(
            self_checked.to(in_review), N_("Mulai reviu"), who=ORGANISER, acting=True, when=FILLED_BY_ANOTHER,
            due="k3_start", main=True, exit="L", tone="primary", source="KMK 127/2026", status="terverifikasi",
        ),
        name=N_("Mulai reviu"),
    )
    save = Event(
        step(stay(in_review), N_("Isi reviu"), who=ORGANISER, acting=True, asks="form"), name=N_("Isi reviu"),
    )
    send_back = Event(
        step(
            in_review.to(needs_fix), N_("Kembalikan"), who=ORGANISER, acting=True, asks=("note", "form"),
            due="k3_send_back",
        ),
        name=N_("Kembalikan"),
    )
    resubmit = Event(
        step(
            needs_fix.to(in_review), N_("Perbaikan selesai"), who=OWNER, acting=True, asks="form",
            due="k3_resubmit", main=True, exit="lapse", tone="primary", decides="propose:k3",
        ),
        name=N_("Perbaikan selesai"),
    )
    lapse = Event(
        step(needs_fix.to(in_review), N_("Perbaikan lewat waktu"), who=SYSTEM, due="k3_resubmit"),
        name=N_("Perbaikan lewat waktu"),
    )
    clear = Event(
        step(
            in_review.to(reviewed), N_("Reviu selesai"), who=ORGANISER, acting=True, when=FILLED_BY_ANOTHER,
            needs=weighed, due="k3_clear", main=True, exit="L", tone="primary", decides="judge:k3",
            effects="do:lock_what_is_determined", source="KMK 127/2026", status="terverifikasi",
        ),
        name=N_("Reviu selesai"),
    )
    lock = Event(step(reviewed.to(locked), N_("Kunci"), who=SYSTEM), name=N_("Kunci"))
    reopen = Event(
        step(
            each((reviewed, locked), in_review), N_("Buka kembali"), who=Relation.SEKRETARIAT, asks="reason",
            tone="danger",
        ),
        name=N_("Buka kembali"),
    )
# fmt: on
