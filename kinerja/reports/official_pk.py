"""The Perjanjian Kinerja on paper, and Format A.1.4 for each of its initiatives (PermenPANRB 6/2022 p.43).

The regulations print no form of the PK itself: its parts stand in the order in which KMK 300/2022 names them.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from kinerja.reports.official import (
    Cell,
    Content,
    Copy,
    Row,
    Sheet,
    SignatureBlock,
    Table,
    amount,
    band,
    cell,
    dashes,
    day,
    head,
    listed,
    nip_of,
    signature,
    span_of,
)

AGREEMENT, WORKBLOCK = "Perjanjian Kinerja", "A.1.4"
WORKBLOCK_TITLE = "WORKBLOCK UNTUK IDENTIFIKASI STRATEGI PENCAPAIAN HASIL KERJA"
PERSON = (("NAMA", "nama"), ("NIP", "nip"), ("PANGKAT/ GOL. RUANG", "pangkat"), ("JABATAN", "jabatan"))
STRATEGIES = (("rutin", "A. RUTIN"), ("transformatif", "B. TRANSFORMATIF"))
POLARITIES = {"maximize": "Maximize", "minimize": "Minimize", "stabilize": "Stabilize"}
SLOTS = {"TW1": "TW I", "TW2": "TW II", "TW3": "TW III", "TW4": "TW IV"}


def sheets(copy: Copy) -> tuple[Sheet, ...]:
    """The agreement with its tables, then one workblock for each initiative."""
    initiatives = copy.content.get("inisiatif") or ()
    return agreement_sheet(copy), *(workblock(copy, one) for one in initiatives)


def has_second_party(content: Content) -> bool:
    """Does somebody countersign? Nobody does the PK of the ministry itself."""
    return bool(content.get("pihak_kedua"))


def agreement_sheet(copy: Copy) -> Sheet:
    content = copy.content
    return Sheet(
        form=AGREEMENT,
        title=(f"PERJANJIAN KINERJA TAHUN {content['tahun']}", content["unit"]["nama"].upper()),
        period_line="",
        agency=copy.agency.upper(),
        span=(span_of(content),),
        tables=(
            _parties(content),
            _words(content),
            _objectives(copy),
            _budget(content),
            _risks(content),
        ),
        signatures=_signatures(copy),
        notes=(),
        mark=copy.mark,
    )


def workblock(copy: Copy, initiative: Content) -> Sheet:
    """Format A.1.4 of one initiative."""
    stages = initiative.get("tahapan") or ()
    days = sorted(stage[name] for stage in stages for name in ("mulai", "selesai") if stage.get(name))
    span = f"{day(days[0])} sd {day(days[-1])}" if days else ""
    pairs = (
        ("JUDUL INISIATIF STRATEGI PENCAPAIAN IKU", initiative.get("judul", "")),
        ("INDIKATOR DAN TARGET YANG DIINTERVENSI", "\n".join(_supported(copy.content, initiative))),
        ("PEMILIK STRATEGI", initiative.get("pemilik", "")),
        ("PIHAK YANG TERLIBAT", initiative.get("pihak", "")),
        ("WAKTU PENYELESAIAN", span),
        ("PENERIMA MANFAAT", initiative.get("penerima", "")),
        ("TUJUAN", initiative.get("tujuan", "")),
        ("ANGGARAN", rupiah(initiative.get("anggaran"))),
    )
    rows = [
        Row((cell(a, head="row"), cell(b), cell(c, head="row"), cell(d)))
        for (a, b), (c, d) in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    rows += _stages("STRATEGI (KEY ACTIVITIES)", stages, lambda stage: stage.get("kegiatan", ""))
    rows += _stages("KELUARAN KUNCI (KEY MILESTONE)", stages, _milestone)
    return Sheet(
        form=WORKBLOCK,
        title=(WORKBLOCK_TITLE,),
        period_line="",
        agency=copy.agency.upper(),
        span=(span_of(copy.content),),
        tables=(Table("Inisiatif strategis", (20, 26, 20, 26), (), tuple(rows)),),
        signatures=(),
        notes=(),
        mark=copy.mark,
    )


def rupiah(value: str | None) -> str:
    """ "Rp1.250.000.000"; empty without an amount."""
    return f"Rp{amount(value)}" if value else ""


def _supported(content: Content, initiative: Content) -> list[str]:
    keys = set(initiative.get("iku") or ())
    return [
        f"{iku['kode']} {iku['nama']}: {amount(iku['target'], iku['satuan'])}"
        for objective in content["sasaran"]
        for iku in objective["iku"]
        if iku["key"] in keys
    ]


def _milestone(stage: Content) -> str:
    until = f" ({day(stage['selesai'])})" if stage.get("selesai") else ""
    return f"{stage.get('keluaran', '')}{until}"


def _stages(title: str, stages: Sequence[Content], words: Callable[[Content], str]) -> list[Row]:
    found = [band(title, 4)]
    for code, label in STRATEGIES:
        lines = [words(stage) for stage in stages if (stage.get("jenis") or "rutin") == code]
        found.append(Row((cell(label, colspan=4, head="row"),)))
        found += [
            Row((cell(f"{number}. {line}", colspan=4),)) for number, line in enumerate(lines or ["-"], 1)
        ]
    return found


def _parties(content: Content) -> Table:
    sides = [("PIHAK PERTAMA", content.get("pihak_pertama") or {})]
    if has_second_party(content):
        sides.append(("PIHAK KEDUA", content["pihak_kedua"]))
    top = Row(tuple(head(title, colspan=2, head="colgroup") for title, _person in sides), band=True)
    rows = [
        Row(tuple(one for _title, person in sides for one in _line(label, key, person)))
        for label, key in PERSON
    ]
    return Table("Para pihak", (20, 26, 20, 26)[: 2 * len(sides)], (top,), tuple(rows))


def _line(label: str, key: str, person: Mapping[str, str]) -> tuple[Cell, Cell]:
    value = person.get(key, "")
    return cell(label, head="row"), cell(nip_of(value) if key == "nip" else value)


def _words(content: Content) -> Table:
    named = (
        ("PERNYATAAN KESANGGUPAN", "pernyataan"),
        ("VISI", "visi"),
        ("MISI", "misi"),
        ("TUJUAN", "tujuan"),
    )
    rows = [Row((cell(label, head="row"), cell(content.get(key) or ""))) for label, key in named]
    return Table("Pernyataan, visi, misi, dan tujuan", (26, 100), (), tuple(rows))


def _objectives(copy: Copy) -> Table:
    """Sasaran strategis by perspective, each IKU with target and trajectory."""
    slots = _slots(copy.content)
    columns = 4 + len(slots)
    heads = (
        "KODE",
        "INDIKATOR KINERJA UTAMA",
        "TARGET",
        "POLARISASI",
        *(SLOTS.get(slot, slot) for slot in slots),
    )
    body: list[Row] = []
    perspective = None
    for objective in copy.content["sasaran"]:
        if objective["perspektif"] != perspective:
            perspective = objective["perspektif"]
            body.append(band(copy.label("perspektif_nko", perspective).text.upper() or "-", columns))
        body.append(
            Row(
                (
                    cell(objective["kode"], centre=True),
                    cell(objective["pernyataan"], colspan=columns - 1, head="row"),
                )
            )
        )
        for iku in objective["iku"]:
            planned = [cell(amount(iku["lintasan"].get(slot)), centre=True) for slot in slots]
            body.append(
                Row(
                    (
                        cell(iku["kode"], centre=True), cell(iku["nama"]), cell(amount(iku["target"], iku["satuan"])),
                        cell(POLARITIES.get(iku["polarisasi"], "")), *planned,
                    )
                )
            )  # fmt: skip
    widths = (6, 26, 13, 13, *(10 if len(slots) <= 4 else 4 for _ in slots))
    top = Row(tuple(head(title) for title in heads), band=True)
    return Table(
        "Sasaran strategis, IKU, dan rincian target", widths, (top,), tuple(body or [dashes(columns)])
    )


def _slots(content: Content) -> list[str]:
    return sorted(
        {slot for objective in content["sasaran"] for iku in objective["iku"] for slot in iku["lintasan"]}
    )


def _budget(content: Content) -> Table:
    lines = content.get("anggaran") or ()
    top = Row(tuple(head(t) for t in ("PROGRAM/ KEGIATAN", "KODE ANGGARAN", "PAGU", "KETERANGAN")), band=True)
    rows = [
        Row(
            (
                cell(line["program"]),
                cell(line["kode"]),
                cell(rupiah(line["pagu"])),
                cell(line["keterangan"] or ""),
            )
        )
        for line in lines
    ]
    if len(lines) > 1:
        total = sum((Decimal(line["pagu"]) for line in lines if line["pagu"]), Decimal(0))
        rows.append(Row((cell("JUMLAH", colspan=2, head="row"), cell(rupiah(str(total))), cell(""))))
    return Table("Rincian anggaran", (40, 18, 20, 24), (top,), tuple(rows or [dashes(4)]))


def _risks(content: Content) -> Table:
    titles = ("RISIKO", "PENYEBAB", "DAMPAK", "RENCANA MITIGASI", "PEMILIK", "PALING LAMBAT")
    rows = [
        Row(
            (
                cell(line["risiko"]), cell(line["penyebab"]), cell(line["dampak"]), cell(*listed([line["mitigasi"]])),
                cell(line["pemilik"]), cell(day(line["tanggal"]) if line.get("tanggal") else ""),
            )
        )
        for line in content.get("risiko") or ()
    ]  # fmt: skip
    top = Row(tuple(head(title) for title in titles), band=True)
    return Table("Risiko utama", (20, 18, 18, 20, 14, 10), (top,), tuple(rows or [dashes(6)]))


def _signatures(copy: Copy) -> tuple[SignatureBlock, ...]:
    content = copy.content
    first = signature(
        copy, "pihak_pertama", "Pihak Pertama", content.get("pihak_pertama") or {},
        dated=not has_second_party(content),
    )  # fmt: skip
    if not has_second_party(content):
        return (first,)
    return first, signature(copy, "pihak_kedua", "Pihak Kedua", content["pihak_kedua"])
