"""Ratings and predicate of an employee as PermenPANRB 6/2022 has them (p.92-103): suggestions, and the
quadrant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kinerja.rules.capaian import POLARITIES, better
from kinerja.rules.exact import Number, display, fraction, rounded
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_, token
from kinerja.rules.working import DI_LUAR_SKALA, TANPA_INDIKATOR, Part, Suggestion

ABOVE, AS_EXPECTED, BELOW = "diatas", "sesuai", "dibawah"
RATINGS = (ABOVE, AS_EXPECTED, BELOW)
PREDICATES = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
UTAMA, TAMBAHAN = "utama", "tambahan"


@dataclass(frozen=True)
class RatedRow:
    """One RHK at evaluation: its kind (utama or tambahan) and its status, None while the penilai gave
    none."""

    label: str
    kind: str
    status: str | None


def quadrant(result_rating: str | None, behaviour_rating: str | None, regulation: Regulation) -> str | None:
    """The predicate of the two ratings (p.99), None when one is missing. Raises KeyError for an unknown
    rating."""
    if result_rating is None or behaviour_rating is None:
        return None
    return str(regulation.value("kuadran")[result_rating][behaviour_rating])


def allowed_predicates(
    result_rating: str | None,
    behaviour_rating: str | None,
    regulation: Regulation,
    *,
    study_leave_failed: bool = False,
) -> tuple[str, ...]:
    """What may be determined: the one of the quadrant, or for study leave not finished Kurang and Sangat
    Kurang.

    The first of two is the one the behaviour rating suggests (p.100 d: behaviour decides).
    """
    if study_leave_failed:
        both: tuple[str, ...] = regulation.value("tugas_belajar_gagal")
        if behaviour_rating is None:
            return both
        first = regulation.value("tugas_belajar_gagal_saran")[behaviour_rating]
        return (first, *(code for code in both if code != first))
    code = quadrant(result_rating, behaviour_rating, regulation)
    return () if code is None else (code,)


def status_of(realisation: Number | None, target: Number | None, polarity: str) -> str | None:
    """``diatas`` when R is better than T, ``sesuai`` when equal, ``dibawah`` when worse; None without one
    of them.

    For stabilize nothing is better than the target. Raises ValueError for an unknown polarity.
    """
    if polarity not in POLARITIES:
        raise ValueError(f"unknown polarity {polarity}")
    if realisation is None or target is None:
        return None
    return {1: ABOVE, 0: AS_EXPECTED, -1: BELOW}[better(realisation, target, polarity)]


def status_of_row(statuses: Sequence[str | None]) -> str | None:
    """One status for an RHK with several indicators: the worst of those known, None when none is (asumsi)."""
    known = [status for status in statuses if status is not None]
    return max(known, key=RATINGS.index, default=None)


def suggest_result_rating(rows: Sequence[RatedRow], regulation: Regulation) -> Suggestion:
    """Rating of results from the status of each RHK (p.97-98). Rows without status are left out
    (sementara)."""
    known = [row for row in rows if row.status is not None]
    if not known:
        return Suggestion(None, TANPA_INDIKATOR, False, ())
    main = [row for row in known if row.kind == UTAMA]
    most, few = regulation.number("sebagian_besar"), regulation.number("sebagian_kecil")

    def share(status: str, group: Sequence[RatedRow]) -> Fraction:
        return Fraction(sum(row.status == status for row in group), len(group)) if group else Fraction(0)

    above, below, main_below = (
        share(ABOVE, known),
        share(BELOW, known),
        share(BELOW, main),
    )
    if above > most and main_below == 0:
        code = ABOVE
    elif below > most:
        code = BELOW
    else:
        code = AS_EXPECTED if main_below < few else BELOW
    part = Part(
        N_("Saran rating hasil kerja"),
        "saran_rating_hasil",
        "PermenPANRB 6/2022 hlm. 97-98",
        N_("sebagian besar > 1/2; utama dibawah < 1/2"),
        (
            (N_("bagian diatas"), f"{above}"),
            (N_("bagian dibawah"), f"{below}"),
            (N_("bagian utama dibawah"), f"{main_below}"),
            (N_("jumlah RHK"), str(len(known))),
        ),
        regulation.value("rating_label")[code],
        regulation.status_of("sebagian_besar", "sebagian_kecil"),
    )
    return Suggestion(code, None, len(known) < len(rows), (part,))


def suggest_behaviour_rating(consistent: bool | None, guards: bool, regulation: Regulation) -> Suggestion:
    """Rating of behaviour (p.98): consistent and guard of the values, consistent, or not yet; None: no
    answer yet."""
    if consistent is None:
        return Suggestion(None, TANPA_INDIKATOR, False, ())
    code = BELOW if not consistent else ABOVE if guards else AS_EXPECTED
    parameter = regulation.parameter("perilaku_teks")
    part = Part(
        N_("Saran rating perilaku kerja"),
        parameter.code,
        parameter.source,
        parameter.value[code],
        (),
        regulation.value("rating_label")[code],
        parameter.status,
    )
    return Suggestion(code, None, False, (part,))


def head_rating(organisation: str, regulation: Regulation) -> Suggestion:
    """Rating of results of the head of a UPK from the pattern code of his organisation (SE MenPANRB
    3/2023)."""
    parameter = regulation.parameter("kepala_upk_rating")
    code = str(parameter.value[organisation])
    part = Part(
        N_("Rating pimpinan UPK"),
        parameter.code,
        parameter.source,
        N_("predikat organisasi menjadi rating"),
        ((N_("predikat organisasi"), organisation),),
        regulation.value("rating_label")[code],
        parameter.status,
    )
    return Suggestion(code, None, False, (part,))


def _ipk_row(level: str, university: str, programme: str, regulation: Regulation) -> Mapping[str, Any] | None:
    wanted = "s1" if token(level) in ("s1", "s_1") else "profesi_s2_s3"
    for row in regulation.value("ipk_tabel"):
        if row["level"] != wanted or token(row["university"]) != token(university):
            continue
        if not row["programme"] or "A" <= programme.strip().upper() <= row["programme"]:
            found: Mapping[str, Any] = row
            return found
    return None


def ipk_column(
    level: str, university: str, programme: str, ipk: Decimal, regulation: Regulation
) -> Suggestion:
    """Column of the IPK table (p.63): ``sangat_baik``, ``baik``, ``butuh_perbaikan`` or ``kurang``.

    ``level``: S-1, or Profesi, S-2, S-3; ``university``: A, B, C or luar_negeri; ``programme``: accreditation
    letter, which must be at least the one of the row; ignored abroad. No suggestion (value and reason None)
    for a
    combination the table lacks; DI_LUAR_SKALA outside 0..4.
    """
    if not 0 <= fraction(ipk) <= regulation.number("ipk_maksimum"):
        return Suggestion(None, DI_LUAR_SKALA, False, ())
    row = _ipk_row(level, university, programme, regulation)
    if row is None:
        return Suggestion(None, None, False, ())
    value = rounded(ipk, regulation.whole("ipk_desimal"))
    code = next((name for name in PREDICATES[:3] if value >= row[name]), "kurang")
    inputs = (("IPK", display(value)), (N_("jenjang"), level), (N_("akreditasi"), university))
    parameter = regulation.parameter("ipk_tabel")
    label = regulation.value("predikat_label")[code]
    part = Part(N_("Kolom IPK"), parameter.code, parameter.source, "", inputs, label, parameter.status)
    return Suggestion(code, None, False, (part,))


def ipk_status(column: str, regulation: Regulation) -> str:
    """Status of the one RHK of study leave for a column of the table; never the predicate."""
    return str(regulation.value("ipk_status")[column])


def ipk_target(
    level: str, university: str, programme: str, column: str, regulation: Regulation
) -> str | None:
    """The lowest IPK of a column with decimal comma, to propose as target; None where the table has none."""
    row = _ipk_row(level, university, programme, regulation)
    return None if row is None or column not in PREDICATES[:3] else display(row[column])
