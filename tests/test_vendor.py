"""What others wrote is what they published, and nothing on a page asks another origin."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "kinerja"
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"

# A namespace names a vocabulary, it fetches nothing.
NAMESPACE = "http://www.w3.org/2000/svg"
ORIGIN = re.compile(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}""", re.IGNORECASE)
FETCHES = re.compile(
    r"""(?:url\(|@import\s|\bsrc=|\bhref=|\baction=|\bfetch\()\s*["']?\s*(?:https?:)?//""", re.IGNORECASE
)

OURS = sorted(
    path
    for folder in (ROOT / "templates", STATIC)
    for path in folder.rglob("*")
    if path.suffix in {".html", ".css", ".js", ".svg"} and VENDOR not in path.parents
)


def sums() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def test_every_vendored_file_has_the_sum_it_was_published_with() -> None:
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == sums()


@pytest.mark.parametrize("package", sorted(p.name for p in VENDOR.iterdir() if p.is_dir()))
def test_a_vendored_package_names_its_version_and_brings_its_licence(package: str) -> None:
    assert re.fullmatch(r"[a-z]+@\d+\.\d+\.\d+", package)
    assert (VENDOR / package / "LICENSE").read_text().strip()


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_template_style_or_script_of_ours_names_another_origin(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert not ORIGIN.search(text)


@pytest.mark.parametrize(
    "path", sorted(VENDOR.rglob("*.css")), ids=lambda p: p.relative_to(VENDOR).as_posix()
)
def test_no_vendored_style_fetches_from_another_origin(path: Path) -> None:
    assert not FETCHES.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "<script src=https://cdn.example.com/x.js>",
        "@import '//fonts.example.com/a.css'",
        'url("http://a.example.id/b")',
    ],
)
def test_the_search_for_other_origins_finds_them(text: str) -> None:
    assert ORIGIN.search(text)
    assert FETCHES.search(text)
