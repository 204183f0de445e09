"""Calculations on the side of the organisation: consolidation, capaian, K3, NSS, NKO, its predicate."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from kinerja.commands.scoring.answers import QUALITATIVE, Output, named, of_score, of_suggestion
from kinerja.commands.scoring.reading import Fault
from kinerja.rules import scoring as s
from kinerja.rules.predicate import status_of
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Part, Score, empty

Data = Mapping[str, Any]
T = TypeVar("T")


class Refused(Exception):
    """The rules cannot take this: JSON path and a message for people, of each thing that is wrong."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


def refused(path: str, message: str) -> Refused:
    return Refused(Fault(path, message))


def each(calls: Iterable[Callable[[], T]]) -> list[T]:
    """What every call gives; the faults of all that refuse come at once."""
    found: list[T] = []
    faults: list[Fault] = []
    for call in calls:
        try:
            found.append(call())
        except Refused as error:
            faults.extend(error.faults)
    if faults:
        raise Refused(*faults)
    return found


def wanted(data: Data, keys: Iterable[str], path: str, told: str) -> None:
    """Refuse every one of ``keys`` that is missing."""
    if missing := [Fault(f"{path}.{key}", told) for key in keys if key not in data]:
        raise Refused(*missing)


def unwanted(data: Data, keys: Iterable[str], path: str, told: str) -> None:
    """Refuse every one of ``keys`` that is there."""
    if surplus := [Fault(f"{path}.{key}", told) for key in keys if key in data]:
        raise Refused(*surplus)


def consolidation(data: Data, law: Regulation, path: str) -> s.Consolidated:
    targets, realisations = data["target"], data["realisasi"]
    if len(targets) != len(realisations):
        raise refused(f"{path}.realisasi", f"Isi satu per periode seperti target: {len(targets)}.")
    until = data.get("sampai", len(targets))
    if until > len(targets):
        raise refused(f"{path}.sampai", f"Hanya ada {len(targets)} periode.")
    return s.consolidate(data["metode"], targets, realisations, until, law)


def consolidated(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    found = consolidation(data, law, path)
    for code, title, value in (
        ("target", "Target", found.target),
        ("realisasi", "Realisasi", found.realisation),
    ):
        number = None if value is None else s.rounded(value)
        yield Output(code, title, number, None if number is not None else found.reason, parts=found.parts)


def locations(data: Data, law: Regulation, path: str) -> Score:
    raw = data["metode"] == "raw_data"
    needed, other = ("data_mentah", ("nilai",)) if raw else ("nilai", ("data_mentah", "faktor"))
    wanted(data, (needed,), path, f"Wajib diisi untuk metode {data['metode']}.")
    unwanted(data, other, path, f"Tidak dipakai metode {data['metode']}.")
    if not raw:
        return s.join_locations(data["metode"], data["nilai"], law)
    rows = data["data_mentah"]
    if len({"penyebut" in row for row in rows}) > 1:
        raise refused(f"{path}.data_mentah", "Isi penyebut pada semua lokasi, atau tidak pada satu pun.")
    places = [s.RawData(row["pembilang"], row.get("penyebut")) for row in rows]
    return s.join_raw_data(places, data.get("faktor", Decimal(1)), law)


def _side(data: Data, key: str, law: Regulation, path: str) -> Score | None:
    """Target or realisation: as given, or joined from the places."""
    given = data.get(key)
    if isinstance(given, Mapping):
        return named(locations(given, law, f"{path}.{key}"), key)
    return None if given is None else replace(s.given(given, key), parts=())


def capaian(data: Data, law: Regulation, path: str) -> Score:
    if data.get("kualitatif"):
        return empty(QUALITATIVE, flags=(QUALITATIVE,))
    calls: tuple[Callable[[], Any], ...] = (partial(_numbers, data, law, path), partial(_scale, data, path))
    (target, realisation, parts), scale = each(calls)
    return s.capaian(
        realisation, target, data["polarisasi"], law, worst=data.get("batas_terburuk"), scale=scale,
        convert_120=data.get("tidak_dapat_melampaui", False), working=parts,
    )  # fmt: skip


def _numbers(data: Data, law: Regulation, path: str) -> tuple[Any, Any, tuple[Part, ...]]:
    """Target, realisation and how they were joined."""
    wanted(data, ("polarisasi",), path, "Wajib diisi.")
    if "konsolidasi" in data:
        unwanted(
            data, ("target", "realisasi"), path, "Isi target dan realisasi, atau konsolidasi, tidak keduanya."
        )
        joined = consolidation(data["konsolidasi"], law, f"{path}.konsolidasi")
        return joined.target, joined.realisation, joined.parts
    wanted(data, ("target", "realisasi"), path, "Wajib diisi: angka, atau null bila belum ada.")
    sides = each(partial(_side, data, key, law, path) for key in ("target", "realisasi"))
    target, realisation = (None if side is None else side.exact for side in sides)
    return target, realisation, tuple(part for side in sides if side is not None for part in side.parts)


def _scale(data: Data, path: str) -> list[tuple[Decimal, Decimal]] | None:
    points = [(point[0], point[1]) for point in data.get("skala", ())]
    if len({ca for ca, _ in points}) != len(points):
        raise refused(f"{path}.skala", "Setiap Ca hanya boleh satu kali.")
    if not all(0 <= ca <= 100 and 0 <= index <= 120 for ca, index in points):
        raise refused(f"{path}.skala", "Setiap titik [Ca, indeks]: Ca 0 sampai 100, indeks 0 sampai 120.")
    return points or None


def capaian_of(value: Any, name: str, law: Regulation, path: str) -> Score:
    """A capaian as it stands in a list of indicators: a number, a calculation, or none."""
    if value is None:
        return empty("REALISASI_KOSONG")
    if isinstance(value, Mapping):
        return named(capaian(value, law, path), name)
    return replace(s.given(value, "Capaian"), parts=())


def capaian_with_light(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    score = capaian(data, law, path)
    yield of_score("capaian", "Capaian", score)
    if score.exact is not None:
        step = s.light_step(score.exact, law)
        yield Output("lampu", "Lampu", step.value, parts=(step,))


def quality(data: Data, law: Regulation, path: str) -> Score:
    return s.quality_weight(data["validitas"], data["kendali"], law)


def target_weight(data: Data, law: Regulation, path: str) -> Score:
    numbers = (data.get(key) for key in ("target", "target_lalu", "realisasi_lalu"))
    return s.target_weight(s.TargetFacts(data["status_target"], data["polarisasi"], *numbers), law)


def k3(data: Data, law: Regulation, path: str) -> Score:
    return s.k3(quality(data, law, path), target_weight(data, law, path), law)


def k3_of(value: Any, name: str, law: Regulation, path: str) -> Score:
    if value is None:
        return empty("BOBOT_BELUM_ADA")
    if isinstance(value, Mapping):
        return named(k3(value, law, path), name)
    return replace(s.given(value, "K3"), parts=())


def k3_with_label(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    score = k3(data, law, path)
    yield of_score("bobot_indikator", "Bobot kualitas indikator", quality(data, law, path))
    yield of_score("bobot_target", "Bobot kualitas target", target_weight(data, law, path))
    yield of_score("k3", "K3", score)
    if (label := s.k3_label(score, law)) is not None:
        yield Output("sebutan", "Sebutan", label)


def k3_average(data: Data, law: Regulation, path: str) -> Score:
    scores = [k3_of(one, f"{n}", law, f"{path}.k3[{n - 1}]") for n, one in enumerate(data["k3"], 1)]
    return s.k3_average(scores, law)


def _index(row: Data, law: Regulation, path: str) -> s.IkuIndex:
    if law.text("bobot_iku_dalam_ss") == "sama":
        unwanted(row, ("bobot",), path, "Aturan ini memberi bobot sama kepada setiap IKU: kosongkan.")
    index = capaian_of(row["indeks"], row["nama"], law, f"{path}.indeks")
    own = k3_of(row["k3"], row["nama"], law, f"{path}.k3") if "k3" in row else None
    return s.IkuIndex(row["nama"], index, row.get("bobot", Decimal(1)), own)


def _indices(rows: list[Data], law: Regulation, path: str) -> tuple[s.IkuIndex, ...]:
    return tuple(each(partial(_index, row, law, f"{path}[{n}]") for n, row in enumerate(rows)))


def nss(data: Data, law: Regulation, path: str) -> Score:
    items = _indices(data["iku"], law, f"{path}.iku")
    return s.nss(s.Objective(data.get("nama", "SS"), "", items), law)


def _objective(row: Data, law: Regulation, path: str) -> s.Objective:
    known = tuple(law.value("perspektif_nko"))
    if row["perspektif"] not in known:
        told = f"“{row['perspektif']}” tidak dikenal. Pilihannya: {', '.join(known)}."
        raise refused(f"{path}.perspektif", told)
    return s.Objective(row["nama"], row["perspektif"], _indices(row["iku"], law, f"{path}.iku"))


def _values(data: Data, law: Regulation, path: str) -> tuple[list[s.Objective], Score, Score, Score]:
    """Objectives, NKO as computed, NKO as it counts (a SKEP wins), NKO K3."""
    rows = enumerate(data["sasaran"])
    objectives = each(partial(_objective, row, law, f"{path}.sasaran[{n}]") for n, row in rows)
    computed = s.nko(objectives, law, data.get("tingkat", ""))
    decree = data.get("skep")
    decided = computed
    if decree is not None:
        decided = s.nko_entered(decree["nilai"], f"{decree['nomor']}, {decree['tanggal']}")
    return (
        objectives,
        computed,
        decided,
        s.nko_k3([item for one in objectives for item in one.indicators], law),
    )


def _used(decided: Score, by_k3: Score, law: Regulation) -> Score:
    return s.counted(decided, by_k3, law)


def nko_of(value: Any, law: Regulation, path: str) -> Score:
    """The value of the organisation for a predicate or an NKP: a number, a map, or none."""
    if value is None:
        return empty("NKO_BELUM_ADA")
    if not isinstance(value, Mapping):
        return s.given(value, "NKO")
    _, _, decided, by_k3 = _values(value, law, path)
    return _used(decided, by_k3, law)


def nko(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    objectives, computed, decided, by_k3 = _values(data, law, path)
    for objective in objectives:
        yield of_score("nss", f"NSS {objective.label}", s.nss(objective, law))
    names = law.value("perspektif_nko")
    for code, score in s.perspective_values(objectives, law).items():
        yield of_score(f"perspektif_{code}", f"Nilai perspektif {names[code]}", score)
    if decided is not computed:
        yield of_score("nko_hitung", "NKO menurut hitungan", computed)
    yield of_score("nko", "NKO", decided)
    if any(item.k3 is not None for one in objectives for item in one.indicators):
        yield of_score("nko_k3", "NKO-K3", by_k3)
    yield from _predicate(_used(decided, by_k3, law), law)


def _compared(
    row: Data, number: int, law: Regulation, path: str
) -> tuple[str, Any, Any, str, tuple[Part, ...]]:
    target, realisation, parts = _numbers(row, law, path)
    return row.get("nama") or f"IKU {number}", realisation, target, row["polarisasi"], parts


def organisation(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    """Each IKU against its target, and how many of each there are; nothing is proposed from them."""
    rows = enumerate(data["iku"])
    lines = each(partial(_compared, row, n + 1, law, f"{path}.iku[{n}]") for n, row in rows)
    for name, realisation, target, polarity, parts in lines:
        code = status_of(realisation, target, polarity)
        missing = "TARGET_KOSONG" if target is None else "REALISASI_KOSONG"
        yield Output("status", name, code, None if code else missing, parts=parts)
    found = s.standing([line[:4] for line in lines], data.get("tahunan", False), law)
    yield of_suggestion("capaian_organisasi", "Predikat organisasi", found)


def organisation_predicate(data: Data, law: Regulation, path: str) -> Iterator[Output]:
    yield from _predicate(nko_of(data["nilai"], law, f"{path}.nilai"), law)


def _predicate(score: Score, law: Regulation) -> Iterator[Output]:
    found = s.organisation_predicate(score, law)
    label = "" if found.value is None else law.value("predikat_organisasi_label")[found.value]
    yield of_suggestion("predikat_organisasi", "Predikat organisasi", found, label)
    if found.value is not None:
        yield Output("pola", "Pola distribusi", s.pattern_of(found.value, law))
