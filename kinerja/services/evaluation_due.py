"""What falls due around evaluations on a day: those to be prepared, those that lapse, and their objections."""

from datetime import date

from kinerja.services import evaluation, late_signing, objections

# One step may open the next: a decision makes an evaluation final. Each round does less; five are never needed.
MOST_ROUNDS = 5


def fall_due(day: date) -> int:
    """Do everything the system owes to evaluations and objections on a day; how many steps. Safe to run twice."""
    done = evaluation.prepare_reviews(day)
    for _round in range(MOST_ROUNDS):
        steps = evaluation.fall_due(day) + objections.fall_due(day)
        done += steps
        if not steps:
            break
    return done + late_signing.fall_due(day)
