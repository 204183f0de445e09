"""The templates alone: no application, no request, the words untranslated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parents[2] / "kinerja" / "templates"


@pytest.fixture(scope="session")
def env() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"])
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]

    def url_for(endpoint: str, **values: Any) -> str:
        if endpoint == "static":
            return f"/static/{values['filename']}"
        return "/" + endpoint.replace(".", "/")

    made.globals["url_for"] = url_for
    made.globals["istilah"] = lambda text, mark=False: text
    made.filters["bertanggal"] = lambda source: source
    made.globals["csrf_token"] = lambda: "tanda"
    made.globals["get_flashed_messages"] = lambda with_categories=False: [("success", "Disimpan.")]
    return made


@pytest.fixture
def draw(env: Environment) -> Callable[..., str]:
    """Renders a snippet that uses ``ui``."""

    def render(snippet: str, **context: Any) -> str:
        return env.from_string('{% import "_ui.html" as ui %}' + snippet).render(**context)

    return render


@pytest.fixture(scope="session")
def shell() -> dict[str, Any]:
    return {
        "person": {"name": "Sekar Ayu Lestari", "first_name": "Sekar", "initials": "SA"},
        "nav": [
            {"label": "Beranda", "url": "/", "current": True},
            {"label": "Dokumen", "url": "/dokumen", "current": False},
        ],
        "unread": 3,
        "locale": "id",
        "theme": "auto",
        "demo": {
            "people": [
                {"id": 1, "label": "Sekar Ayu Lestari, Analis"},
                {"id": 2, "label": "Bagas Wicaksono, Kepala"},
            ],
            "today": "2026-07-20",
            "today_label": "20 Juli 2026",
        },
        "acting": [{"text": "Anda bertindak sebagai Plh. Kepala", "until": "24 Juli 2026"}],
        "zone": "WIB",
        "agency": "Kementerian Contoh",
        "csrf": "tanda",
    }
