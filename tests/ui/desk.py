"""A page in a real browser without a server: the test answers each request, and so can lose, delay and refuse."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment
from playwright.sync_api import Page, Request, Route

ORIGIN = "http://kinerja.test"
STATIC = Path(__file__).parents[2] / "kinerja" / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EDITOR = """{% extends "layout.html" %}{% block main %}{% import "_ui.html" as ui %}
<h1>Sunting</h1>
<form id="skp" method="post" action="/kirim" data-autosave="/simpan">
{{ ui.hidden_guard_fields('tanda', version, 'kunci', 'doc9') }}
{{ ui.field({'id': 'hasil', 'kind': 'textarea', 'label': 'Hasil', 'value': stored}) }}
{{ ui.button('Simpan') }}{{ ui.saved_mark() }}
</form>
<form id="aju" method="post" action="/ajukan">{{ ui.hidden_guard_fields('tanda', version, 'k2', 'doc9') }}
{{ ui.button('Ajukan') }}</form>
{% endblock %}"""
GATE = '{% extends "auth/_gate.html" %}{% block main %}<h2 id="masuk">Masuk</h2>{% endblock %}'
TEAM = """{% extends "layout.html" %}{% block main %}{% import "_ui.html" as ui %}
<h1>Tim</h1><form method="post" action="/kirim">
{% call ui.table([{'label': 'Pilih', 'pick': true}, {'label': 'Pegawai'}]) %}
{% for name in ('Dimas', 'Nadia', 'Teguh') %}{% call ui.row() %}{{ ui.pick('id', name, name) }}{{ ui.th(name) }}
{% endcall %}{% endfor %}{% endcall %}
{% call ui.bulk_bar() %}{{ ui.button('Validasi', attrs={'data-pick-text': 'Validasi {n} realisasi'}) }}{% endcall %}
</form>{{ ui.print_button() }}{% endblock %}"""


class Desk:
    """A page, what its server stores, and how it answers; every request that changes something is kept."""

    def __init__(self, page: Page, env: Environment, shell: dict[str, Any]) -> None:
        self.page, self.env, self.shell = page, env, shell
        self.version, self.stored, self.template, self.live = 7, "lama", EDITOR, ""
        self.posts: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[Route], None] = self.save
        self.allow: Callable[[str], None] = str
        page.route("**/*", self.serve)

    def serve(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif request.method == "POST":
            typed = {k: v[0] for k, v in parse_qs(request.post_data or "", keep_blank_values=True).items()}
            self.posts.append((path, typed))
            if path == "/simpan":
                self.answer(route)
            else:
                self.version += 1
                self.stored = typed.get("hasil", self.stored)
                self.show(route, self.template)
        else:
            self.show(route, GATE if path == "/auth/sign_in" else self.template)

    def show(self, route: Route, template: str) -> None:
        values = {"shell": self.shell, "version": self.version, "stored": self.stored}
        html = self.env.from_string(template).render(**values)
        route.fulfill(body=html, content_type="text/html", headers={"content-security-policy": CSP})

    def save(self, route: Route) -> None:
        self.version += 1
        self.stored = self.posts[-1][1]["hasil"]
        told = {"saved": "10.42", "version": self.version, "live": self.live}
        route.fulfill(body=json.dumps(told), content_type="application/json")

    def refuse(self, status: int, told: dict[str, Any] | None = None) -> None:
        self.answer = lambda route: route.fulfill(
            status=status, body=json.dumps(told or {}), content_type="application/json"
        )

    def open(self, template: str = EDITOR) -> Page:
        self.template = template
        self.page.goto(f"{ORIGIN}/sunting")
        return self.page

    def write(self, text: str) -> None:
        self.page.get_by_label("Hasil").fill(text)
        self.page.clock.run_for(1600)

    @property
    def mark(self) -> Any:
        return self.page.locator("[data-saved-text]")
