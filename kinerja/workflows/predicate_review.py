"""Evaluation of one employee for one period: proposed, calibrated, determined, signed, delivered, received."""

from functools import reduce
from operator import or_

from statemachine import Event, State
from statemachine.transition_list import TransitionList

from kinerja.rules.words import N_
from kinerja.workflows import review_facts as f
from kinerja.workflows.base import DocumentFlow, Entry, Facts, Move, did_not, each, stay, step
from kinerja.workflows.review_facts import ReviewFacts
from kinerja.workflows.roles import Actor, Relation

SUBJECT, PENILAI, ATASAN, SYSTEM = Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.SYSTEM
PENGELOLA = Relation.PENGELOLA_PEGAWAI
PREPARING = (PENILAI, Relation.DELEGATE)
NOT_PROPOSER = did_not("propose", "propose_superior")
FOR_EVALUATOR = f.in_place_of(lambda facts: facts.acting)

# What a page shows first where several rows are awaited: an open question before a signature before the rest.
NO_LAW, LOCKS = "Rancangan; hukum tidak mengaturnya", "do:lock_with_it"
FIRST = ("reconfirm", "sign_superior")


def _both(*rows: TransitionList) -> TransitionList:
    return reduce(or_, rows)


# fmt: off
class PredicateReviewFlow(DocumentFlow):
    """Evaluasi kinerja dan predikat, one per SKP and slot."""

    kind = "predicate_review"
    title = N_("Evaluasi kinerja")
    design = "Rancangan alur evaluasi, keputusan 0004"
    facts_type = ReviewFacts
    resting = ("reported",)
    unrelieved = (
        ("at_superior", "propose_superior"), ("proposed", "sign_superior"), ("calibrated", "sign_superior"),
        ("session_decided", "sign_superior"), ("determined", "sign_superior"),
    )
    path = (
        "prepared", "proposed", "calibrated", "determined", "signed", "delivered", "received", "accepted", "final",
        "reported",
    )

    prepared = State(N_("Disiapkan"), initial=True)
    at_superior = State(N_("Pada Atasan Penilai"))
    proposed = State(N_("Diusulkan"))
    calibrated = State(N_("Dikalibrasi"))
    in_session = State(N_("Sidang TPK"))
    session_decided = State(N_("Diputus Sidang"))
    determined = State(N_("Ditetapkan"))
    signed = State(N_("Ditandatangani Penilai/Atasan"))
    delivered = State(N_("Disampaikan"))
    received = State(N_("Diterima"))
    accepted = State(N_("Ditandatangani Pegawai"))
    accepted_silent = State(N_("Tanpa Tanda Tangan"))
    objected = State(N_("Keberatan Diajukan"))
    decided = State(N_("Keberatan Diputus"))
    final_ = State(N_("Final"), value="final")
    reported = State(N_("Dilaporkan"))

    entries = (
        Entry("prepare", N_("Siapkan evaluasi"), "prepared", (SYSTEM,), "PermenPANRB 6/2022 hlm. 90", "hukum"),
    )

    set_org_result = Event(
        step(
            stay(prepared, at_superior), N_("Tetapkan capaian organisasi"),
            who=(Relation.UPK_ABOVE, Relation.KOMITE_EKSEKUTIF), when=(f.leads_organisation, f.result_is_set_by_hand),
            asks="form", source="PermenPANRB 6/2022 hlm. 92-94; SE MenPANRB 3/2023", status="hukum",
            effects="do:put_question_back",
        ),
        name=N_("Tetapkan capaian organisasi"),
    )
    edit = Event(
        step(stay(prepared, at_superior), N_("Simpan penilaian"), who=PREPARING, acting=True, asks="form"),
        name=N_("Simpan penilaian"))
    propose = Event(
        step(
            prepared.to(proposed), N_("Usulkan predikat"), who=PENILAI,
            needs=(f.proposable, f.question_settled), asks="form", due="review_propose", main=True,
            exit="escalate_to_superior", decides="propose:rating",
            source="PermenPANRB 6/2022 hlm. 97-103", status="hukum", tone="primary",
        ),
        name=N_("Usulkan predikat"),
    )
    propose_superior = Event(
        step(
            at_superior.to(proposed), N_("Usulkan predikat"), who=ATASAN, needs=(f.proposable, f.question_settled),
            asks="form", due="review_propose_superior", main=True, exit="L", decides="propose:rating",
            source="PermenPANRB 6/2022 hlm. 89-90", status="hukum", tone="primary",
        ),
        name=N_("Usulkan predikat"),
    )
    escalate_to_superior = Event(
        step(
            prepared.to(at_superior), N_("Beralih ke atasan penilai"), who=SYSTEM,
            when=(f.window_over, f.has_superior), due="review_escalate", effects="raise_level",
            source="PermenPANRB 6/2022 hlm. 90 angka 11", status="hukum",
        ),
        name=N_("Beralih ke atasan penilai"),
    )
    reassign = Event(
        step(
            prepared.to(at_superior), N_("Alihkan"), who=(PENGELOLA, SYSTEM), when=f.has_superior,
            asks=("form", "reason"), effects="raise_level", source="PermenPANRB 6/2022 hlm. 89 angka 2", status="hukum",
        ),
        name=N_("Alihkan"),
    )
    result_arrived = Event(
        step(
            stay(
                proposed, calibrated, in_session, session_decided, determined, signed, delivered, received, accepted,
                accepted_silent, objected, decided,
            ),
            N_("Capaian organisasi tahun berjalan terbit"), who=SYSTEM, effects="clear_marks", status="asumsi",
            source="PermenPANRB 6/2022 hlm. 94",
        ),
        name=N_("Capaian organisasi tahun berjalan terbit"),
    )
    reconfirm = Event(
        step(
            stay(proposed, calibrated, in_session, session_decided, determined), N_("Tetap dengan capaian baru"),
            who=PENILAI, acting=True, when=f.question_open, effects="clear_marks do:finalize", due="review_question",
            main=True, exit="L", source="PermenPANRB 6/2022 hlm. 94", status="asumsi",
        )
        | step(
            each((signed, delivered, received, accepted, accepted_silent, decided), determined),
            N_("Tetap dengan capaian baru"), who=PENILAI, acting=True, when=f.question_open,
            effects="fall do:finalize", due="review_question", main=True, exit="L",
            source="PermenPANRB 6/2022 hlm. 94", status="asumsi",
        )
        | step(
            stay(proposed, calibrated, in_session, session_decided, determined), N_("Tetap dengan capaian baru"),
            who=f.RELIEF, when=(f.question_open, FOR_EVALUATOR), asks="reason", effects="clear_marks do:finalize",
            due="take_over", relieves="reconfirm",
        )
        | step(
            each((signed, delivered, received, accepted, accepted_silent, decided), determined),
            N_("Tetap dengan capaian baru"), who=f.RELIEF, when=(f.question_open, FOR_EVALUATOR), asks="reason",
            effects="fall do:finalize", due="take_over", relieves="reconfirm",
        ),
        name=N_("Tetap dengan capaian baru"),
    )
    revise = Event(
        step(
            each(
                (proposed, calibrated, in_session, session_decided, determined, signed, delivered, received, accepted,
                 accepted_silent, decided),
                prepared,
            ),
            N_("Ubah karena capaian baru"), who=PENILAI, acting=True, when=(f.question_open, f.evaluated_by_penilai),
            effects="fall", due="review_question", source="PermenPANRB 6/2022 hlm. 94", status="asumsi",
        )
        | step(
            each(
                (proposed, calibrated, in_session, session_decided, determined, signed, delivered, received, accepted,
                 accepted_silent, decided),
                at_superior,
            ),
            N_("Ubah karena capaian baru"), who=PENILAI, acting=True, when=(f.question_open, f.evaluated_by_superior),
            effects="fall", due="review_question", source="PermenPANRB 6/2022 hlm. 94", status="asumsi",
        ),
        name=N_("Ubah karena capaian baru"),
    )
    calibrate = Event(
        step(
            stay(proposed), N_("Kalibrasi"), who=f.CALIBRATORS,
            when=(f.is_next_calibrator, f.not_at_last_level, NOT_PROPOSER), asks="form", due="review_calibrate",
            main=True, exit="lapse_calibration", effects="clear_marks", decides="judge:rating", tone="primary",
            source="PermenKP 5/2017; tingkat_kalibrasi",
        )
        | step(
            proposed.to(calibrated), N_("Kalibrasi"), who=f.CALIBRATORS,
            when=(f.is_next_calibrator, f.at_last_level, NOT_PROPOSER), asks="form", due="review_calibrate",
            main=True, exit="lapse_calibration", decides="judge:rating", tone="primary",
            source="PermenKP 5/2017; tingkat_kalibrasi",
        ),
        name=N_("Kalibrasi"),
    )
    lapse_calibration = Event(
        step(
            proposed.to(calibrated), N_("Tanpa kalibrasi"), who=SYSTEM, when=f.calibration_lapsed,
            due="review_lapse_calibration",
        ),
        name=N_("Tanpa kalibrasi"),
    )
    send_back = Event(
        _both(
            *(
                step(
                    move, N_("Kembalikan"), who=f.CALIBRATORS, when=(who, level, NOT_PROPOSER), asks="note",
                    tone="danger",
                )
                for move, who, level in (
                    (proposed.to(prepared), f.is_next_calibrator, f.evaluated_by_penilai),
                    (proposed.to(at_superior), f.is_next_calibrator, f.evaluated_by_superior),
                    (calibrated.to(prepared), f.is_last_calibrator, f.evaluated_by_penilai),
                    (calibrated.to(at_superior), f.is_last_calibrator, f.evaluated_by_superior),
                )
            )
        ),
        name=N_("Kembalikan"),
    )
    to_session = Event(
        step(
            calibrated.to(in_session), N_("Bawa ke sidang"), who=Relation.SEKRETARIAT, when=f.session_pending,
            asks="form", due="review_session", main=True, exit="L", source="KMK 127/2026", status="asumsi",
        ),
        name=N_("Bawa ke sidang"),
    )
    decide_session = Event(
        step(
            in_session.to(session_decided), N_("Putuskan"), who=Relation.ANGGOTA_TPK, when=NOT_PROPOSER,
            needs=f.quorum, asks="form", due="review_session", main=True, exit="skip_session",
            decides="judge:rating", source="KMK 127/2026", status="asumsi", tone="primary",
        ),
        name=N_("Putuskan"),
    )
    skip_session = Event(
        step(
            in_session.to(calibrated), N_("Tanpa sidang"), who=Relation.KOMITE_PELAKSANA, when=f.session_over,
            asks="reason", due="review_session"),
        name=N_("Tanpa sidang"),
    )
    determine = Event(
        step(
            proposed.to(determined), N_("Tetapkan"), who=PENILAI, acting=True, when=f.needs_no_judgement,
            needs=(f.rated, f.question_settled), due="review_determine", main=True, exit="L",
            source="PermenPANRB 6/2022 hlm. 97-99", status="hukum", tone="primary", effects=LOCKS,
        )
        | step(
            calibrated.to(determined), N_("Tetapkan"), who=PENILAI, acting=True, when=f.no_session_pending,
            needs=(f.rated, f.question_settled), due="review_determine", main=True, exit="L",
            source="PermenPANRB 6/2022 hlm. 97-99", status="hukum", tone="primary", effects=LOCKS,
        )
        | step(
            proposed.to(determined), N_("Tetapkan"), who=f.RELIEF, when=(f.needs_no_judgement, FOR_EVALUATOR),
            needs=(f.rated, f.question_settled), asks="reason", due="take_over", relieves="determine", effects=LOCKS,
        )
        | step(
            calibrated.to(determined), N_("Tetapkan"), who=f.RELIEF, when=(f.no_session_pending, FOR_EVALUATOR),
            needs=(f.rated, f.question_settled), asks="reason", due="take_over", relieves="determine", effects=LOCKS,
        )
        | step(
            session_decided.to(determined), N_("Tetapkan"), who=Relation.PYB, asks="form",
            needs=(f.rated, f.question_settled), due="review_decree", main=True, exit="L", source="KMK 127/2026",
            status="asumsi", tone="primary", effects=LOCKS,
        ),
        name=N_("Tetapkan"),
    )
    sign_form = Event(
        step(
            determined.to(signed), N_("Tanda tangani D.1.1"), who=PENILAI,
            when=(f.evaluated_by_penilai, f.sign_not_late), needs=(f.signable, f.question_settled),
            asks="signature", effects="sign:penilai", due="review_sign", main=True, exit="L",
            source="PermenPANRB 6/2022 hlm. 114 angka 4", status="hukum", tone="primary",
        ),
        name=N_("Tanda tangani D.1.1"),
    )
    sign_superior = Event(
        step(
            determined.to(signed), N_("Tanda tangani D.1.2"), who=ATASAN, when=f.evaluated_by_superior,
            needs=(f.signable, f.question_settled), asks="signature", effects="sign:atasan",
            due="review_sign_superior", main=True, exit="L", source="PermenPANRB 6/2022 hlm. 115 angka 8",
            status="hukum", tone="primary",
        )
        | step(
            determined.to(signed), N_("Tanda tangani D.1.2"), who=ATASAN, when=(f.evaluated_by_penilai, f.sign_late),
            relieves="sign_form", needs=(f.signable, f.question_settled), asks="signature", effects="sign:atasan",
            due="review_sign_superior", main=True, exit="L", source="PermenPANRB 6/2022 hlm. 115 angka 8",
            status="hukum", tone="primary",
        )
        | step(
            each((proposed, calibrated, session_decided), signed), N_("Tanda tangani D.1.2"), who=ATASAN,
            when=(f.evaluated_by_penilai, f.window_over, f.no_session_pending, NOT_PROPOSER),
            needs=(f.rated, f.signable, f.question_settled), asks="signature", effects="sign:atasan",
            due="review_sign_superior", main=True, exit="L", decides="judge:rating",
            source="PermenPANRB 6/2022 hlm. 115 angka 8", status="hukum", tone="primary",
        ),
        name=N_("Tanda tangani D.1.2"),
    )
    deliver = Event(
        step(
            signed.to(delivered), N_("Sampaikan"), who=PENILAI, when=f.penilai_signed, needs=f.question_settled,
            due="review_deliver", main=True, exit="L", source="PermenPANRB 6/2022 hlm. 114 angka 5", status="hukum",
            tone="primary",
        )
        | step(
            signed.to(delivered), N_("Sampaikan"), who=ATASAN, when=f.superior_signed, needs=f.question_settled,
            due="review_deliver_superior", main=True, exit="L", source="PermenPANRB 6/2022 hlm. 116 angka 9",
            status="hukum", tone="primary",
        )
        | step(
            signed.to(delivered), N_("Sampaikan"), who=f.RELIEF, when=f.in_place_of(f.signer),
            needs=f.question_settled, asks="reason", due="take_over", relieves="deliver",
        ),
        name=N_("Sampaikan"),
    )
    receive = Event(
        step(
            delivered.to(received), N_("Tandai diterima"), who=SUBJECT, due="review_receive", main=True,
            exit="hand_over", source="PermenPANRB 6/2022 hlm. 114 angka 6", tone="primary",
        ),
        name=N_("Tandai diterima"),
    )
    hand_over = Event(
        step(
            delivered.to(received), N_("Catat penyerahan"), who=PENGELOLA, needs=f.may_be_handed_over, asks="form",
            due="review_receive",
        ),
        name=N_("Catat penyerahan"),
    )
    accept = Event(
        step(
            received.to(accepted), N_("Tanda tangani dan kembalikan"), who=SUBJECT, when=f.penilai_signed,
            needs=f.question_settled, asks="signature", effects="sign:pegawai do:finalize", due="review_accept",
            main=True, exit="lapse", source="PermenPANRB 6/2022 hlm. 114 angka 6", status="hukum", tone="primary",
        )
        | step(
            received.to(accepted), N_("Tanda tangani dan kembalikan"), who=SUBJECT, when=f.superior_signed,
            needs=f.question_settled, asks="signature", effects="sign:pegawai do:finalize",
            due="review_accept_superior", main=True, exit="lapse", source="PermenPANRB 6/2022 hlm. 116 angka 10",
            status="hukum", tone="primary",
        ),
        name=N_("Tanda tangani dan kembalikan"),
    )
    object = Event(
        step(
            received.to(objected), N_("Ajukan keberatan"), who=SUBJECT, needs=f.objectable, asks="form",
            effects="do:open_case", due="objection_file", source="PermenPANRB 6/2022 hlm. 117", status="hukum",
        ),
        name=N_("Ajukan keberatan"),
    )
    lapse = Event(
        step(
            received.to(accepted_silent), N_("Tanpa tanda tangan"), who=SYSTEM, when=(f.silence_over, f.ends_late),
            needs=f.question_settled, due="review_accept", effects="do:finalize", status="asumsi", source=NO_LAW,
        )
        | step(
            received.to(accepted_silent), N_("Tanpa tanda tangan"), who=SYSTEM, when=(f.silence_over, f.ends_early),
            needs=f.question_settled, due="review_accept_superior", status="asumsi", source=NO_LAW,
            effects="do:finalize",
        ),
        name=N_("Tanpa tanda tangan"),
    )
    objection_published = Event(
        step(
            objected.to(decided), N_("Putusan keberatan terbit"), who=SYSTEM, due="objection_decide", main=True,
            exit="system", source="PermenPANRB 6/2022 hlm. 117-118", effects="do:finalize",
        ),
        name=N_("Putusan keberatan terbit"),
    )
    objection_withdrawn = Event(
        step(objected.to(received), N_("Keberatan ditarik"), who=SYSTEM), name=N_("Keberatan ditarik"))
    finalize = Event(
        step(
            each((accepted, accepted_silent, decided), final_), N_("Menjadi final"), who=SYSTEM, when=f.settled,
            due="at_once", main=True, exit="system", source="PermenPANRB 6/2022 hlm. 94",
        ),
        name=N_("Menjadi final"),
    )
    report = Event(
        step(
            final_.to(reported), N_("Laporkan"), who=f.REPORTERS, when=f.is_reporter, due="review_report", main=True,
            exit="L", source="PermenPANRB 6/2022 hlm. 115-119", status="hukum", tone="primary",
        )
        | step(
            final_.to(reported), N_("Laporkan"), who=f.RELIEF, when=f.in_place_of(lambda facts: facts.reporter),
            asks="reason", due="take_over", relieves="report",
        ),
        name=N_("Laporkan"),
    )
    apply_repair = Event(
        step(
            each(
                (determined, signed, delivered, received, accepted, accepted_silent, objected, decided, final_,
                 reported),
                determined,
            ),
            N_("Perbaikan diterapkan"), who=SYSTEM, when=f.repair_approved, effects="fall",
        ),
        name=N_("Perbaikan diterapkan"),
    )
# fmt: on

    @classmethod
    def turn(cls, facts: Facts) -> tuple[Relation | None, Move | None]:
        """Whose turn it is: the first awaited row that is open to anybody in this very situation."""
        awaited = [move for move in cls.moves(facts.state) if move.row.main]
        awaited.sort(key=lambda move: move.event not in FIRST)
        for move in awaited:
            for relation in move.row.actors(facts):
                if move.row.permits(facts, Actor(None, "", frozenset({relation}))):
                    return relation, move
        # Open to nobody yet, as `finalize` until 31 January: it is still the last awaited row that one waits for.
        return (awaited[-1].row.actors(facts)[0], awaited[-1]) if awaited else (None, None)
