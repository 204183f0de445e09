"""The block PERILAKU KERJA of the official forms: seven values, three guides each, in the words of the forms.

The forms shorten the guides of the article on the values (Pasal 10 ayat (3)) here and there, and not all alike;
what is printed on a form is kept to the letter (docs/keputusan/0005).
"""

from collections.abc import Mapping, Sequence

from kinerja.reports.official import Bullets, Cell, Copy, Part, Row, Table, Text, cell, day, head, listed

EXPECTATION = "Ekspektasi Khusus Pimpinan:"

# PermenPANRB 6/2022 p.55-56 (A.1.6); the same on p.57-59, 105-110.
VALUES: tuple[tuple[str, str, tuple[str, str, str]], ...] = (
    (
        "berorientasi_pelayanan",
        "Berorientasi pelayanan",
        (
            "Memahami dan memenuhi kebutuhan masyarakat",
            "Ramah, cekatan, solutif, dan dapat diandalkan",
            "Melakukan perbaikan tiada henti",
        ),
    ),
    (
        "akuntabel",
        "Akuntabel",
        (
            "Melaksanakan tugas dengan jujur, bertanggung jawab, cermat, disiplin, dan berintegritas tinggi",
            "Menggunakan kekayaan dan barang milik negara secara bertanggung jawab, efektif, dan efisien.",
            "Tidak menyalahgunakan kewenangan jabatan",
        ),
    ),
    (
        "kompeten",
        "Kompeten",
        (
            "Meningkatkan kompetensi diri untuk menjawab tantangan yang selalu berubah",
            "Membantu orang lain belajar",
            "Melaksanakan tugas dengan kualitas terbaik",
        ),
    ),
    (
        "harmonis",
        "Harmonis",
        (
            "Menghargai setiap orang apapun latar belakangnya",
            "Suka menolong orang lain",
            "Membangun lingkungan kerja yang kondusif",
        ),
    ),
    (
        "loyal",
        "Loyal",
        (
            "Memegang teguh ideologi Pancasila, Undang-Undang Dasar Negara Republik Indonesia Tahun 1945, setia pada "
            "NKRI serta pemerintahan yang sah",
            "Menjaga nama baik sesama ASN, Pimpinan, Instansi, dan Negara",
            "Menjaga rahasia jabatan dan negara",
        ),
    ),
    (
        "adaptif",
        "Adaptif",
        (
            "Cepat menyesuaikan diri menghadapi perubahan",
            "Terus berinovasi dan mengembangkan kreativitas",
            "Bertindak proaktif",
        ),
    ),
    (
        "kolaboratif",
        "Kolaboratif",
        (
            "Memberi kesempatan kepada berbagai pihak untuk berkontribusi",
            "Terbuka dalam bekerja sama untuk menghasilkan nilai tambah",
            "Menggerakkan pemanfaatan berbagai sumberdaya untuk tujuan bersama",
        ),
    ),
)

# Where a form prints a guide otherwise: (form, value, number of the guide).
_LOYAL_IN_FULL = (
    "Memegang teguh ideologi Pancasila, Undang-Undang Dasar Negara Republik Indonesia Tahun 1945, setia pada "
    "Negara Kesatuan Republik Indonesia serta pemerintahan yang sah"
)
OTHERWISE: Mapping[tuple[str, str, int], str] = {
    ("A.1.1", "loyal", 0): _LOYAL_IN_FULL,
    ("A.1.2", "loyal", 0): _LOYAL_IN_FULL,
    ("C.1.3", "akuntabel", 0): (
        "Melaksanakan tugas dengan jujur bertanggung jawab, cermat, disiplin, dan berintegritas tinggi"
    ),
    ("C.1.3", "akuntabel", 1): (
        "Menggunakan kekayaan dan barang milik negara secara bertanggung jawab efektif dan efisien"
    ),
}


def guides(form: str, code: str) -> tuple[str, ...]:
    """The three guides of a value as one form prints them."""
    usual = next(lines for value, _title, lines in VALUES if value == code)
    return tuple(OTHERWISE.get((form, code, n), line) for n, line in enumerate(usual))


def expectation_cell(copy: Copy, code: str) -> Cell:
    """ "Ekspektasi Khusus Pimpinan:" with what the leader wrote; what he added after the signature says so."""
    signed = listed(e["teks"] for e in copy.content.get("ekspektasi", ()) if e["nilai"] == code)
    later: list[Part] = []
    for e in copy.later_expectations:
        if e["nilai"] == code:
            later += [
                Text(e["teks"]),
                Text(f"(ditambahkan {day(e['ditambahkan'])}, sesudah ditandatangani)", "faint"),
            ]
    return cell(EXPECTATION, *signed, *later)


def behaviour_table(
    form: str, copy: Copy, title: str, feedback: Mapping[str, Sequence[Part]] | None = None
) -> Table:
    """Seven values, each a line with its name and a line with guides and expectation; `feedback` adds a column."""
    with_feedback = feedback is not None
    top = [head(title, colspan=3, head="colgroup", centre=False)]
    if with_feedback:
        top.append(head("UMPAN BALIK BERKELANJUTAN BERDASARKAN BUKTI DUKUNG"))
    body = []
    for number, (code, name, _lines) in enumerate(VALUES, 1):
        body.append(
            Row(
                (
                    cell(str(number), centre=True, rowspan=2),
                    cell(name, colspan=3 if with_feedback else 2, head="rowgroup"),
                )
            )
        )
        cells = [cell(Bullets(guides(form, code))), expectation_cell(copy, code)]
        if feedback is not None:
            cells.append(cell(*feedback.get(code, ())))
        body.append(Row(tuple(cells)))
    widths = (4, 44, 26, 26) if with_feedback else (4, 48, 48)
    return Table("Perilaku kerja", widths, (Row(tuple(top), band=True),), tuple(body))
