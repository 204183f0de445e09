"""Craft of a Perjanjian Kinerja: the SMART-C questions of KMK 127/2026 that its text answers by itself."""

import re

from kinerja.rules.agreement import Iku, Pk
from kinerja.rules.finding import HINTS, Finding
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_

SOURCE = "KMK 127/2026 (SMART-C)"
RULE = "SMART-C"


def smart_c(pk: Pk, regulation: Regulation) -> list[Finding]:
    """Hints only: results instead of activities, a unit of measure, a target, a trajectory, one measure an IKU.

    Whether it is agreed, realistic and ever better is asked by the manual of each IKU.
    """
    verbs = set(regulation.value("kata_kegiatan"))
    found = [
        _hint(
            N_('Sasaran %(code)s berawal kata kegiatan "%(word)s": tulis keadaan yang ingin dicapai'),
            {"code": one.code, "word": word}, f"objective-{one.key}-statement",
        )
        for one in pk.objectives
        if (word := _first_word(one.statement)) in verbs
    ]  # fmt: skip
    return found + [hint for iku in pk.indicators for hint in _of_iku(iku, verbs)]


def _of_iku(iku: Iku, verbs: set[str]) -> list[Finding]:
    code, place = {"code": iku.code}, f"iku-{iku.key}-"
    asked = (
        (
            _first_word(iku.name) in verbs,
            N_("IKU %(code)s menyebut kegiatan: sebut hasil yang diukur"),
            "name",
        ),
        (
            bool(re.search(r"\bdan/atau\b|;", iku.name)),
            N_("IKU %(code)s mengukur lebih dari satu hal: pecah menjadi IKU sendiri-sendiri"),
            "name",
        ),
        (not iku.unit.strip(), N_("IKU %(code)s belum mempunyai satuan"), "target"),
        (iku.target is None, N_("IKU %(code)s belum mempunyai target setahun"), "target"),
        (
            not any(value is not None for value in iku.trajectory.values()),
            N_("IKU %(code)s belum mempunyai target per periode"),
            "name",
        ),
    )
    return [_hint(message, code, place + field) for broken, message, field in asked if broken]


def _first_word(text: str) -> str:
    first = re.match(r"\W*(\w+)", text)
    return first[1].lower() if first else ""


def _hint(message: str, params: dict[str, str], field: str) -> Finding:
    return Finding(RULE, HINTS, message, params, field, SOURCE)
