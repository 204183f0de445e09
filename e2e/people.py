"""What people do with their documents, as verbs over a page: everything is found by role and label, as they find it.

Only steps that several stories share are here; what one story does stands in that story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect


class Result(NamedTuple):
    """One result of an SKP with its one indicator and the same target in every quarter."""

    supports: str
    result: str
    indicator: str
    target: str
    unit: str


SUPPORTS = "Data layanan yang bermutu bagi seluruh unit pengguna"
RESULTS = (
    Result(
        SUPPORTS, "Laporan mutu data yang dipakai unit pengguna",
        "Jumlah laporan mutu data yang diterima sampai 31 Desember", "4", "laporan",
    ),
    Result(
        SUPPORTS, "Set data pada katalog memenuhi standar metadata",
        "Jumlah set data yang memenuhi standar sampai Desember", "240", "set data",
    ),
    Result(
        SUPPORTS, "Rekomendasi perbaikan data ditindaklanjuti unit pemilik",
        "Persentase rekomendasi yang ditindaklanjuti per triwulan", "92,5", "persen",
    ),
)  # fmt: skip
ATTACHMENTS = (
    ("Dukungan sumber daya", "Akses basis data produksi untuk pemeriksaan mutu"),
    ("Skema pertanggungjawaban", "Laporan triwulanan kepada Kepala Subdirektorat"),
    ("Konsekuensi positif", "Diusulkan mengikuti sertifikasi analis data"),
    ("Konsekuensi negatif", "Pembinaan berkala oleh atasan langsung"),
)
QUARTERS = ("Triwulan I", "Triwulan II", "Triwulan III", "Triwulan IV")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n"


def _begins(title: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(title)}")


class Person:
    """Somebody at a browser of one's own."""

    def __init__(self, page: Page, name: str, password: str) -> None:
        self.page, self.name, self.password = page, name, password

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    # ---- looking ----

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def opens_task(self, title: str) -> str:
        """From the front page, what waits for this person; gives the address of the document."""
        self.page.goto("/")
        tasks = self.page.get_by_role("region", name="Perlu tindakan saya")
        task = tasks.get_by_role("heading").get_by_role("link", name=_begins(self._shown(title)))
        if not task.count():
            # Three alike are one row there; the list behind them names each.
            self.page.goto("/dokumen/?siapa=giliran")
            task = self.main.get_by_role("link", name=_begins(title))
        task.first.click()
        expect(self.page.get_by_role("heading", name=_begins(title), level=1)).to_be_visible()
        return self.address

    def opens_own(self, title: str) -> str:
        """From the front page, one of "Dokumen saya", whoever's turn it is."""
        self.page.goto("/")
        own = self.page.get_by_role("region", name="Dokumen saya")
        # Among one's own, the name of oneself is left out.
        own.get_by_role("link", name=_begins(title.partition(",")[0])).first.click()
        expect(self.page.get_by_role("heading", name=_begins(title), level=1)).to_be_visible()
        return self.address

    def opens_from_notices(self, title: str) -> None:
        """From the bell: the newest notice about a document leads to it."""
        self.page.goto("/pemberitahuan/")
        self.main.get_by_role("button", name=self._shown(title)).first.click()
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    def _shown(self, title: str) -> str:
        """As this person's first page and notices call a document: without the name of oneself."""
        return title.removesuffix(f", {self.name}")

    def has_no_task(self, title: str) -> None:
        self.page.goto("/")
        tasks = self.page.get_by_role("region", name="Perlu tindakan saya")
        expect(tasks).to_be_visible()
        expect(tasks.get_by_role("link", name=_begins(self._shown(title)))).to_have_count(0)
        self.page.goto("/dokumen/?siapa=giliran")
        expect(self.main.get_by_role("link", name=_begins(title))).to_have_count(0)

    @property
    def address(self) -> str:
        """The path of the page one is on, without the event and the anchor."""
        return re.sub(r"^https?://[^/]+(/dokumen/[a-z0-9]+).*$", r"\1", self.page.url)

    def sees(self, text: str, *, times: int | None = None) -> None:
        found = self.main.get_by_text(text)
        if times is None:
            expect(found.first).to_be_visible()
        else:
            expect(found).to_have_count(times)

    def sees_no(self, text: str) -> None:
        expect(self.main).to_be_visible()
        expect(self.main.get_by_text(text)).to_have_count(0)

    def sees_state(self, label: str) -> None:
        """The badge beside the number of the document, above its title."""
        expect(self.main.locator(".k-head__meta")).to_contain_text(label)

    def is_told(self, text: str) -> None:
        """The error summary has the focus and says so."""
        summary = self.page.get_by_role("alert").filter(has_text=text)
        expect(summary).to_be_visible()
        expect(summary).to_be_focused()

    def can(self, *labels: str) -> None:
        """The panel "Giliran Anda" or "Menunggu orang lain" offers these acts."""
        for label in labels:
            expect(self.act(label)).to_be_visible()

    def cannot(self, *labels: str) -> None:
        expect(self.panel).to_be_visible()
        for label in labels:
            expect(self.act(label)).to_have_count(0)

    def is_told_why_not(self, label: str, reason: str) -> None:
        """ "Mengapa belum bisa?" names the closed act and its reason."""
        why = self.panel.get_by_role("group").filter(has_text="Mengapa belum bisa?")
        term = why.get_by_role("term").filter(has_text=label)
        if not term.first.is_visible():
            why.get_by_text("Mengapa belum bisa?").click()
        expect(term.first).to_be_visible()
        expect(why.get_by_role("definition").filter(has_text=reason).first).to_be_visible()

    @property
    def panel(self) -> Locator:
        """Whose turn it is, with the buttons."""
        return self.main.get_by_role(
            "region", name=re.compile("^(Giliran Anda|Menunggu orang lain|Langkah)$")
        )

    def act(self, label: str) -> Locator:
        """The button, or the link to the page that asks for more."""
        button = self.panel.get_by_role("button", name=label, exact=True)
        return button.or_(self.panel.get_by_role("link", name=label, exact=True))

    def reads_the_pinned_note(self, text: str) -> None:
        """The note of a return stands above everything else on the page."""
        note = self.main.locator(".k-note--pinned")
        expect(note).to_contain_text("Catatan pengembalian")
        expect(note).to_contain_text(text)

    def sees_in_history(self, label: str, *texts: str, times: int | None = None) -> None:
        """The timeline names the act, with its texts."""
        lines = self.main.get_by_role("region", name="Percakapan dan kejadian").get_by_role("listitem")
        expect(lines.filter(has_text=label).first).to_be_visible()
        if times is not None:
            expect(lines.filter(has_text=label)).to_have_count(times)
        history = self.main.get_by_role("region", name="Riwayat", exact=True)
        for text in texts:
            expect(
                lines.filter(has_text=text).or_(history.get_by_role("row").filter(has_text=text)).first
            ).to_be_visible()

    # ---- acting ----

    def does(self, label: str, state: str) -> None:
        """Press an act that asks for nothing; the page swaps to the new state and takes the focus."""
        self.act(label).click()
        self.sees_state(state)

    def signs(self, label: str, state: str) -> None:
        """Go to the page that shows what is signed, confirm with the password."""
        self.act(label).click()
        self.sees("Yang Anda tanda tangani persis seperti di bawah ini")
        self.page.get_by_label("Kata sandi").fill(self.password)
        self.main.get_by_role("button", name=label, exact=True).click()
        self.sees_state(state)

    def gives_a_reason(self, label: str, field: str, text: str, state: str) -> None:
        """An act that asks for a note or a reason."""
        self.act(label).click()
        self.main.get_by_label(field).first.fill(text)
        self.main.get_by_role("button", name=label, exact=True).click()
        self.sees_state(state)

    def sends_back(self, note: str) -> None:
        self.gives_a_reason("Kembalikan", "Catatan untuk", note, "Draf")

    def presses(self, label: str) -> None:
        """A button that leads to another page."""
        button = self.main.get_by_role("button", name=label, exact=True).first
        with self.page.expect_navigation():
            button.click()

    # ---- an SKP ----

    def starts_an_skp(self) -> str:
        self.page.goto("/")
        self.main.get_by_role("link", name=re.compile("Susun SKP")).click()
        self.presses("Susun SKP")
        expect(self.page.get_by_role("heading", name=re.compile("Sunting SKP"), level=1)).to_be_visible()
        return self.address

    def result(self, number: int) -> Locator:
        return self.main.get_by_role("group", name=f"Hasil kerja {number}", exact=True)

    def writes_result(self, number: int, wanted: Result) -> None:
        row = self.result(number)
        row.get_by_label("Rencana hasil kerja pimpinan yang diintervensi").fill(wanted.supports)
        row.get_by_label("Rencana hasil kerja", exact=True).fill(wanted.result)
        indicator = row.get_by_role("group", name=f"Indikator {number}.1")
        indicator.get_by_label("Indikator kinerja individu").fill(wanted.indicator)
        indicator.get_by_label("Target", exact=True).fill(wanted.target)
        indicator.get_by_label("Satuan").fill(wanted.unit)
        indicator.get_by_label("Kuantitas").check()
        more = indicator.get_by_text("Lintasan target, arah, dan kualitas")
        if not indicator.get_by_label("Arah").is_visible():
            more.click()
        for quarter in QUARTERS:
            indicator.get_by_label(f"Target {quarter}", exact=True).fill(wanted.target)
        indicator.get_by_label("Perhitungan antarperiode").select_option("Nilai terakhir")

    def drafts_an_skp(self, results: Iterable[Result] = RESULTS) -> str:
        """Write a complete SKP, with the buttons and fields of its page; gives its address."""
        address = self.starts_an_skp()
        wanted = list(results)
        for _more in wanted[1:]:
            self.presses("Tambah hasil kerja utama")
        for title, _text in ATTACHMENTS:
            self.presses(f"Tambah: {title}")
        for number, one in enumerate(wanted, 1):
            self.writes_result(number, one)
        for title, text in ATTACHMENTS:
            self.main.get_by_role("group", name=f"{title} 1").get_by_label("Uraian").fill(text)
        self.presses("Simpan draf")
        self.sees("Belum dapat diperiksa")
        self.sees_no("Harus diperbaiki")
        self.main.get_by_role("link", name="Selesai menyunting").click()
        self.sees_state("Draf")
        return address

    def rewrites_result(self, number: int, text: str) -> None:
        """Type and leave the field, as one does: the draft saves itself."""
        field = self.result(number).get_by_label("Rencana hasil kerja", exact=True)
        field.fill(text)
        field.blur()

    def is_saved(self) -> None:
        """The mark beside the heading says when the draft was last saved."""
        expect(self.main.get_by_text(re.compile(r"^Tersimpan [0-9]{2}\.[0-9]{2}")).first).to_be_visible()

    def finishes_editing(self) -> None:
        """Save, and go back to the document."""
        self.presses("Simpan draf")
        self.main.get_by_role("link", name="Selesai menyunting").click()
        self.sees_state("Draf")

    def submits_it(self) -> None:
        self.does("Ajukan", "Diajukan")

    # ---- a realisation ----

    def records(self, quarter: str, values: Mapping[str, str], *, file: str = "", link: str = "") -> str:
        """Fill a quarter, bring evidence for every indicator as a file or a link, record; gives its address."""
        address = self.opens_task(f"Realisasi {quarter} 2026")
        self.main.get_by_role("link", name="Isi realisasi").click()
        for number, value in values.items():
            self.main.get_by_role("group", name=f"Indikator {number}", exact=True).get_by_label(
                "Realisasi"
            ).fill(value)
        self.presses("Simpan draf")
        self.brings_evidence(address, values, file=file, link=link)
        self.does("Rekam", "Direkam")
        return address

    def brings_evidence(
        self, address: str, numbers: Iterable[str], *, file: str = "", link: str = ""
    ) -> None:
        self.opens(address)
        self.main.get_by_role("link", name="Tambah bukti", exact=True).click()
        for number in numbers:
            self.main.get_by_role("group", name="Untuk indikator").get_by_label(
                re.compile(f"^{number}")
            ).check()
        if file:
            self.main.get_by_label("Berkas").set_input_files(
                {"name": file, "mimeType": "application/pdf", "buffer": PDF}
            )
        else:
            self.main.get_by_label("atau tautan").fill(link)
            self.main.get_by_label("Nama tautan").fill("Katalog capaian")
        self.presses("Tambah bukti")

    def validates(self, address: str) -> None:
        """Open every piece of evidence, as the rule demands, then validate."""
        if self.address != address:
            self.opens(address)
        for piece in self._evidence():
            # Opened as a browser opens it, without leaving the page or the machine.
            answer = self.page.request.get(piece, max_redirects=0)
            assert answer.status in (200, 303), f"{piece} answered {answer.status}"
        self.opens(address)
        self.does("Validasi", "Divalidasi")

    def _evidence(self) -> list[str]:
        found = [link.get_attribute("href") or "" for link in self.main.get_by_role("link").all()]
        return sorted({href for href in found if "/bukti/" in href})

    # ---- an evaluation ----

    def judges(self, result: str, behaviour: str, recommendation: str) -> None:
        """Fill the evaluation desk, with a reason for each rating, and propose."""
        self.main.get_by_role("link", name="Buka meja evaluasi").click()
        self.main.get_by_role("group", name="Rating hasil kerja").get_by_label(result).check()
        self.main.get_by_role("group", name="Rating perilaku kerja").get_by_label(behaviour).check()
        self.main.get_by_label("Alasan rating hasil kerja").fill("Mutu laporan diakui unit pengguna.")
        self.main.get_by_label("Alasan rating perilaku kerja").fill(
            "Menjadi rujukan rekan dan menepati janji layanan."
        )
        self.main.get_by_label("Catatan dan rekomendasi").fill(recommendation)
        self.main.get_by_role("button", name="Usulkan predikat").click()
        self.sees_state("Diusulkan")

    def agrees_to_the_proposal_of(self, name: str) -> None:
        """On the page that holds the proposals side by side: pick, confirm with the password, read the result."""
        self.opens("/reviu-predikat/")
        self.main.get_by_label(f"Pilih {name}").check()
        self.main.get_by_role("button", name="Setujui yang dipilih").click()
        self.sees("Sidik isi")
        self.page.get_by_label("Kata sandi").fill(self.password)
        self.main.get_by_role("button", name="Setujui usulan 1 dokumen").click()
        self.sees("Hasil tindakan terakhir")
        self.sees("Berhasil")

    def sets_the_organisation_result(self, predicate: str) -> None:
        self.act("Tetapkan capaian organisasi").click()
        self.main.get_by_label(predicate, exact=True).check()
        self.main.get_by_role("button", name="Tetapkan capaian organisasi").click()
        self.sees_state("Disiapkan")


def agree_and_sign(pegawai: Person, penilai: Person, address: str) -> None:
    """From a submitted SKP to one in force."""
    penilai.opens_task(f"SKP 2026, {pegawai.name}")
    penilai.does("Mulai dialog", "Dialog Kinerja")
    penilai.act("Sepakati").click()
    penilai.sees(f"Menunggu {pegawai.name}")
    pegawai.opens(address)
    pegawai.does("Sepakati", "Disepakati")
    pegawai.signs("Tanda tangani", "Ditandatangani Pegawai")
    penilai.opens(address)
    penilai.signs("Tetapkan", "Ditetapkan")
