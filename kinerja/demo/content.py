"""What people of the demo office write: SKP after their post, realisations near their targets, evidence."""

import tomllib
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SLOTS = ("TW1", "TW2", "TW3", "TW4")
STUDY_LEAVE = "tugas_belajar"


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Name of the file -> the SKP it describes."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((HERE / "skp").glob("*.toml"))
    }


@cache
def attachment_lines() -> dict[str, Any]:
    return tomllib.loads((HERE / "lampiran.toml").read_text(encoding="utf-8"))


def template_for(post: str) -> str:
    """The template for a jabatan. Raises LookupError when the office has no such post."""
    for name, template in templates().items():
        if post in template["jabatan"]:
            return name
    raise LookupError(post)


def skp_change(name: str, expectations: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A template as the editing form of an SKP would send it."""
    template = templates()[name]
    return {
        "pendekatan": template.get("pendekatan", "kuantitatif"),
        "baris": [_row(row) for row in template["baris"]],
        "ekspektasi": [{"nilai": code, "teks": text} for code, text in (expectations or {}).items()],
        "lampiran": [dict(line) for line in attachment_lines()[template["lampiran"]]],
    }


def approach_of(name: str) -> str:
    return str(templates()[name].get("pendekatan", "kuantitatif"))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k != "indikator"} | {
        "indikator": [_indicator(indicator) for indicator in row["indikator"]]
    }


def _indicator(given: Mapping[str, Any]) -> dict[str, Any]:
    aspect = given.get("aspek", [])
    return {
        "teks": given["teks"],
        "aspek": [aspect] if isinstance(aspect, str) else list(aspect),
        "target": given.get("target"),
        "target_teks": given.get("target_teks", ""),
        "satuan": given.get("satuan", ""),
        "polarisasi": given.get("polarisasi", "maximize"),
        "konsolidasi": given.get("konsolidasi", "sum"),
        "kualitas": given.get("kualitas", ""),
        "lintasan": dict(trajectory(given)),
    }


def trajectory(indicator: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    """Slot and target; "-" in the file is a quarter that does not count."""
    parts = str(indicator.get("lintasan", "")).split()
    return [(slot, Decimal(part)) for slot, part in zip(SLOTS, parts, strict=False) if part != "-"]


def achieved(target: Decimal, polarity: str, percent: int) -> Decimal:
    """A realisation that comes to about `percent` of the target, in the steps in which such things are counted."""
    share = Decimal(percent) / 100
    factor = 2 - share if polarity == "minimize" else share
    small = target < 20 and target == target.to_integral_value()
    step = Decimal(1) if target >= 100 and target == target.to_integral_value() else Decimal("0.1")
    if small and polarity != "minimize":
        step = Decimal(1)
    return max(Decimal(0), (target * factor).quantize(step, ROUND_HALF_UP))


def evidence_file(owner: str, slot: str, year: int, kind: str) -> tuple[str, bytes]:
    """A small real file: the recap a person attaches to his realisation, as text or as a one-page PDF."""
    title = f"Rekap capaian {owner}, {slot} {year}"
    lines = [
        title,
        "Disusun dari berkas hasil di folder bersama unit.",
        "Rincian per indikator sesuai SKP yang ditetapkan; angka diperiksa silang dengan buku kendali.",
    ]
    if kind == "txt":
        return f"Rekap capaian {slot} {year}.txt", ("\n".join(lines) + "\n").encode()
    return f"Rekap capaian {slot} {year}.pdf", _pdf(lines)


def _pdf(lines: list[str]) -> bytes:
    """The smallest PDF that readers open: one page, one font, the lines below each other."""
    shown = " ".join(f"({line.translate({40: None, 41: None, 92: None})}) Tj T*" for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode("latin-1", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
