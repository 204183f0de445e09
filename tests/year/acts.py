"""What people do with an SKP, as verbs over browsers without scripts."""

from __future__ import annotations

from tests.year.browser import Browser
from tests.year.office import PASSWORD

# hasil kerja, indikator, target, satuan
RESULTS = (
    (
        "Laporan mutu data yang dipakai unit pengguna",
        "Jumlah laporan mutu data yang diterima sampai 31 Desember",
        "4",
        "laporan",
    ),
    (
        "Set data pada katalog memenuhi standar metadata",
        "Jumlah set data yang memenuhi standar sampai Desember",
        "240",
        "set data",
    ),
    (
        "Rekomendasi perbaikan data ditindaklanjuti unit pemilik",
        "Persentase rekomendasi yang ditindaklanjuti per triwulan",
        "92,5",
        "persen",
    ),
)


def drafts_an_skp(person: Browser) -> str:
    """Write a complete SKP of three results; gives back the address of the document."""
    person.opens("/skp/susun")
    person.presses("skp/susun")
    assert person.page is not None
    address = person.page.request.path.removesuffix("/edit")
    for _n in RESULTS[1:]:
        person.sends(person.form("/edit"), do="add_row:utama")
    for block in ("dukungan", "pertanggungjawaban", "konsekuensi_positif", "konsekuensi_negatif"):
        person.sends(person.form("/edit"), do=f"add_line:{block}")
    form = person.form("/edit")
    changes: dict[str, object] = {}
    for row_name, indicator_name, (rhk, text, target, unit) in zip(
        # By their end: a key may itself begin with the letters of a field.
        [name for name in form.names("row-") if name.endswith("-rhk")],
        form.names("indicator-", "-text"),
        RESULTS,
        strict=True,
    ):
        key = indicator_name.removesuffix("-text")
        row = row_name.removesuffix("-rhk")
        changes |= {f"{row}-rhk": rhk, indicator_name: text, f"{key}-target": target, f"{key}-unit": unit}
        changes |= {f"{key}-aspects": "kuantitas", f"{key}-consolidation": "take_last_known"}
        changes |= {f"{key}-t-{slot}": target for slot in ("TW1", "TW2", "TW3", "TW4")}
    changes |= dict.fromkeys(form.names("attachment-", "-text"), "Uraian yang disepakati bersama")
    person.posts(form, changes)
    return address


def acts(person: Browser, address: str, event: str, **fields: str) -> str:
    """Open the document and send one event, giving the password or note it asks for."""
    person.opens(address)
    if any(f"/{event}" in form.action for form in person.forms()):
        return person.presses(event)
    person.opens(f"{address}/{event}")
    form = person.form(f"/{event}")
    given = dict(fields)
    if form.names("password"):
        given.setdefault("password", PASSWORD)
    return person.sends(form, **given)


def agree_and_sign(subject: Browser, penilai: Browser, address: str) -> None:
    """From a draft to an SKP in force."""
    acts(subject, address, "submit")
    acts(penilai, address, "open_dialogue")
    acts(penilai, address, "agree")
    acts(subject, address, "agree")
    acts(subject, address, "sign_employee")
    acts(penilai, address, "establish")
