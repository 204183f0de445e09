"""What a calculation answers: values with their working, in plain words for people and as JSON for machines."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from kinerja.rules import working
from kinerja.rules.exact import short
from kinerja.rules.regulation import ASSUMED
from kinerja.rules.working import Part, Score, Suggestion

REASONS = {
    working.TARGET_KOSONG: "belum ada target",
    working.REALISASI_KOSONG: "realisasi belum lengkap",
    working.TARGET_NOL: "target nol: capaian tidak dapat dihitung",
    working.BATAS_TERBURUK_KOSONG: "target nol: batas terburuk belum ditentukan",
    working.SKALA_KOSONG: "skala indikator belum ditentukan",
    working.RIWAYAT_KOSONG: "target atau realisasi tahun lalu belum ada",
    working.PASANGAN_TERLARANG: "pasangan validitas dan kendali ini tidak diperbolehkan",
    working.BOBOT_BELUM_ADA: "bobot atau batasnya belum ada dalam aturan ini, atau jumlahnya bukan 1: isi keputusan",
    working.TANPA_INDIKATOR: "tidak ada yang dapat dihitung",
    working.NKO_BELUM_ADA: "NKO belum ada",
    working.NPK_BELUM_ADA: "NPK belum ada: penilai belum menjawab",
    working.DI_LUAR_SKALA: "di luar skala",
    working.TANPA_RUMUS: "aturan ini tidak memberi rumus capaian: realisasi dibandingkan dengan target",
    working.AMBANG_BELUM_ADA: "aturan ini tidak memberi ambang antarpredikat: pimpinan satu tingkat di atas memilih",
}
QUALITATIVE, UNADJUSTED = "KUALITATIF", "PENYESUAIAN_TIDAK_DIPAKAI"
FLAGS = {
    working.HANYA_ATASAN: "hanya jawaban penilai yang dihitung: jawaban lain terlalu sedikit",
    working.MOHON_KONFIRMASI: "ketiga angka sama, tidak diatur: peninjau mohon mengonfirmasi",
    working.ARAH_TERBALIK: "target di bawah nol pada minimize menghargai arah yang salah: rumuskan ulang indikatornya",
    working.SEBAGIAN_DITINGGALKAN: "aspek tanpa jawaban tidak dihitung",
    working.BOBOT_DINORMALKAN: "perspektif tanpa nilai ditinggalkan, bobot sisanya dinormalkan",
    working.NKO_BELUM_ADA: "NKO belum ada: saran tanpa bagian NKO",
    QUALITATIVE: "indikator kualitatif tidak mempunyai capaian dan di luar NHK",
    UNADJUSTED: "aturan ini tidak memakai hukdis, dampak, dan koreksi",
}


@dataclass(frozen=True)
class Output:
    """One value of a calculation: a number, a code (`label` says it in words) or the reason why there is none."""

    code: str
    title: str
    value: Decimal | str | int | None
    reason: str | None = None
    label: str = ""
    provisional: bool = False
    flags: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    details: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON: numbers as texts, exact to the six places that are stored."""
        value = f"{self.value:f}" if isinstance(self.value, Decimal) else self.value
        found: dict[str, Any] = {"kode": self.code, "judul": self.title, "nilai": value}
        if self.label:
            found["sebutan"] = self.label
        found |= {
            "alasan": self.reason,
            "sementara": self.provisional,
            "tanda": list(self.flags),
            "langkah": [_step(part) for part in self.parts],
        }
        return found | ({"rincian": list(self.details)} if self.details else {})


@dataclass(frozen=True)
class Answer:
    """A calculation with its outputs, the first being what was asked for."""

    kind: str
    name: str
    outputs: tuple[Output, ...] = field(default_factory=tuple)

    def to_dict(self) -> dict[str, Any]:
        return {"jenis": self.kind, "nama": self.name, "hasil": [one.to_dict() for one in self.outputs]}


def of_score(code: str, title: str, score: Score, details: tuple[dict[str, Any], ...] = ()) -> Output:
    return Output(
        code, title, score.value, score.reason, "", score.provisional, score.flags, score.parts, details
    )


def of_suggestion(code: str, title: str, found: Suggestion, label: str = "") -> Output:
    return Output(code, title, found.value, found.reason, label, found.provisional, found.flags, found.parts)


def named(score: Score, name: str) -> Score:
    """The same score; each step of its working says of which indicator it tells."""
    return replace(score, parts=tuple(replace(part, label=f"{part.label} {name}") for part in score.parts))


def _step(part: Part) -> dict[str, Any]:
    return {
        "langkah": part.label,
        "aturan": part.rule,
        "rumus": part.formula,
        "masukan": dict(part.inputs),
        "hasil": part.value,
        "sumber": part.source,
        "status": part.status,
    }


def told(answers: list[Answer], law: str) -> Iterator[str]:
    """The answers in lines for people."""
    yield law
    for number, answer in enumerate(answers, 1):
        yield ""
        yield f"{number}. {answer.name}" + (f" ({answer.kind})" if answer.name != answer.kind else "")
        seen: set[Part] = set()
        for output in answer.outputs:
            yield f"   {output.title}: {_value(output)}"
            yield from (f"      perhatian: {FLAGS.get(flag, flag)}" for flag in output.flags)
            for part in output.parts:
                if part not in seen:
                    seen.add(part)
                    yield from _lines(part)


def _value(output: Output) -> str:
    if output.value is None:
        return f"– ({REASONS.get(output.reason or '', output.reason or 'tidak ada')})"
    text = short(output.value) if isinstance(output.value, Decimal) else str(output.label or output.value)
    return text + (" (sementara)" if output.provisional else "")


def _lines(part: Part) -> Iterator[str]:
    yield f"      - {part.label}: {'–' if part.value is None else part.value}"
    if part.formula:
        yield f"          rumus: {part.formula}"
    if part.inputs:
        yield "          dengan: " + "; ".join(f"{name} = {text}" for name, text in part.inputs)
    mark = " [asumsi]" if part.status == ASSUMED and "asumsi" not in part.source else ""
    if part.source:
        yield f"          dasar: {part.source}{mark}"
