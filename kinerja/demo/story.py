"""The whole story of the demo office, from its first import to the morning of 20 July 2026."""

from collections.abc import Callable
from datetime import date

from kinerja import clock
from kinerja.demo import people, story_last_year, story_this_year
from kinerja.demo.stage import Stage

ADMIN = "Rangga Saputra"
FIRST_IMPORT = date(2024, 12, 2)


def play(on_acts: Callable[[int], None]) -> int:
    """Bring the people in and play both years in one transaction; how many acts there were."""
    stage = Stage()
    with clock.frozen(stage.at("-", FIRST_IMPORT, 10)):
        people.bring_in(FIRST_IMPORT)
        stage.meet()
    story_last_year.plan(stage, ADMIN)
    story_this_year.plan(stage, ADMIN)
    return stage.play(on_acts)
