"""From the input of `kinerja score` to its answers; every fault of every calculation at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kinerja.commands.scoring import indicators, people
from kinerja.commands.scoring.answers import Answer, Output, of_score
from kinerja.commands.scoring.indicators import Data, Refused, refused
from kinerja.commands.scoring.reading import Fault, shaped
from kinerja.rules import coherence, values
from kinerja.rules.registry import CODES, regulation
from kinerja.rules.regulation import VERIFIED, BelumAda, Override, Parameter, Regulation
from kinerja.rules.working import Score

Compute = Callable[[Data, Regulation, str], Score | Iterable[Output]]


@dataclass(frozen=True)
class Kind:
    """A calculation: its function, the parameter without which a rule set does not know it, its title."""

    compute: Compute
    needs: str
    title: str = ""


KINDS: Mapping[str, Kind] = {
    "capaian": Kind(indicators.capaian_with_light, "rumus_maximize"),
    "konsolidasi": Kind(indicators.consolidated, "konsolidasi"),
    "konsolidasi_lokasi": Kind(indicators.locations, "konsolidasi", "Nilai gabungan lokasi"),
    "bobot_indikator": Kind(indicators.quality, "bobot_mutu_indikator", "Bobot kualitas indikator"),
    "bobot_target": Kind(indicators.target_weight, "bobot_mutu_target", "Bobot kualitas target"),
    "k3": Kind(indicators.k3_with_label, "k3_rumus"),
    "k3_rata_rata": Kind(indicators.k3_average, "k3_rumus", "K3 rata-rata"),
    "nhk": Kind(people.nhk, "nhk_rumus"),
    "nhk_tahun": Kind(people.nhk_year, "nhk_segmen", "NHK tahun"),
    "npk": Kind(people.npk, "npk_rumus"),
    "npk_tahun": Kind(people.npk_year, "npk_rumus", "NPK tahun"),
    "kalibrasi": Kind(people.calibration, "kalibrasi_rumus", "Nilai terkalibrasi"),
    "nkp": Kind(people.nkp, "nkp_bobot_nhk"),
    "hukdis": Kind(people.penalty, "hukdis_bagian"),
    "dampak": Kind(people.impact, "dampak_bagian"),
    "koreksi": Kind(people.correction, "koreksi_batas"),
    "rating": Kind(people.rating, "rating_atas"),
    "nss": Kind(indicators.nss, "metode_nko", "NSS"),
    "nko": Kind(indicators.nko, "metode_nko"),
    "predikat_organisasi": Kind(indicators.organisation_predicate, "predikat_organisasi_label"),
    "capaian_organisasi": Kind(indicators.organisation, "capaian_organisasi"),
    "status_rhk": Kind(people.row_status, "sebagian_besar"),
    "saran_rating_hasil": Kind(people.result_rating, "sebagian_besar"),
    "saran_rating_perilaku": Kind(people.behaviour_rating, "perilaku_teks"),
    "rating_pimpinan": Kind(people.head_rating, "kepala_upk_rating"),
    "kuadran": Kind(people.quadrant, "kuadran"),
    "distribusi": Kind(people.distribution, "pola_distribusi"),
    "ipk": Kind(people.ipk, "ipk_tabel"),
}


@dataclass(frozen=True)
class Result:
    """Answers in the order of the input, or the faults; never both."""

    law: Regulation | None
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        if self.faults or self.law is None:
            return {"ok": False, "galat": [{"letak": one.path, "pesan": one.message} for one in self.faults]}
        own = {"kode": self.law.code, "judul": self.law.title, "versi": self.law.version}
        return {"ok": True, "aturan": own, "hitung": [one.to_dict() for one in self.answers]}


def compute(given: Any) -> Result:
    """Everything ``given`` (parsed JSON, numbers as Decimal) asks for. Pure: no clock, no file, no database."""
    data, faults = shaped(given)
    answers: list[Answer] = []
    law = _law(data, faults) if isinstance(data, dict) and data.get("aturan") is not None else None
    # What does not have its shape cannot be asked further; the others still are, so that all faults come at once.
    shape = {fault.path for fault in faults}
    for place, item in enumerate((data.get("hitung") or ()) if law else ()):
        path = f"$.hitung[{place}]"
        if not any(one == path or one.startswith((f"{path}.", f"{path}[")) for one in shape):
            answers.extend(_answered(item, law, path, faults))
    return Result(None, (), tuple(faults)) if faults else Result(law, tuple(answers), ())


def _answered(item: Data, law: Regulation | None, path: str, faults: list[Fault]) -> Iterator[Answer]:
    if law is None:
        return
    try:
        yield _answer(item, law, path)
    except Refused as error:
        faults.extend(error.faults)
    except BelumAda as missing:
        told = f"{missing.label or missing.key} belum ada dalam aturan ini: isi lewat $.keputusan."
        faults.append(Fault(path, told))


def _answer(item: Data, law: Regulation, path: str) -> Answer:
    kind = KINDS[item["jenis"]]
    if kind.needs not in law:
        known = " atau ".join(code for code in CODES if kind.needs in regulation(code))
        told = f"Aturan {law.code} tidak memberi angka untuk {item['jenis']}; pakai {known}."
        raise refused(f"{path}.jenis", told)
    found = kind.compute(item, law, path)
    outputs = (of_score(item["jenis"], kind.title, found),) if isinstance(found, Score) else tuple(found)
    return Answer(item["jenis"], item.get("nama") or item["jenis"], outputs)


def _law(data: Data, faults: list[Fault]) -> Regulation:
    """The rule set, with the values that decrees put in the place of assumptions."""
    law = regulation(data["aturan"])
    overrides = []
    for code, entry in (data.get("keputusan") or {}).items():
        path = f"$.keputusan.{code}"
        if not entry or entry.get("nomor") is None or entry.get("tanggal") is None or "nilai" not in entry:
            continue
        if code not in law or not values.can_be_replaced(code):
            faults.append(
                Fault(path, f"Aturan {law.code} tidak mempunyai angka yang dapat diganti dengan nama ini.")
            )
            continue
        parameter = law.parameter(code)
        if parameter.status == VERIFIED:
            faults.append(Fault(path, f"Disebut oleh {parameter.source}: tidak dapat diganti."))
            continue
        value = _plain(entry["nilai"], parameter)
        try:
            values.check(parameter, value, law)
        except values.BadValue as error:
            faults.append(Fault(".".join((f"{path}.nilai", *error.path)), str(error)))
            continue
        overrides.append(Override(code, value, entry["nomor"], date.fromisoformat(entry["tanggal"])))
    changed = law.with_overrides(overrides)
    named = {override.key for override in overrides}
    for clash in coherence.clashes(changed, ()) if named else ():
        if named & set(clash.codes):
            faults.append(Fault("$.keputusan", clash.message % clash.params))
    return changed


def _plain(value: Any, parameter: Parameter) -> Any:
    """A value of a decree as the kind of the parameter wants it; texts with a decimal comma become numbers."""
    if parameter.kind == "text" or parameter.kind == "choice":
        return value
    if isinstance(value, Mapping):
        return {key: _plain(inner, parameter) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_plain(inner, parameter) for inner in value)
    if isinstance(value, str) and parameter.kind == "decimal":
        text = value.strip().replace(",", ".")
        value = Decimal(text) if text.replace(".", "", 1).lstrip("-").isdecimal() else value
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and abs(value.adjusted()) < 12
        and value == int(value)
    ):
        return int(value)
    return value
