"""A browser without scripts: it reads forms as a person sees them and sends them as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def names(self, *parts: str) -> list[str]:
        """The names of fields that contain all of these parts."""
        return [name for name, _value in self.fields if all(part in name for part in parts)]

    def value(self, name: str) -> str:
        return next(value for known, value in self.fields if known == name)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.area: list[str] | None = None
        self.select: list[str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""))
            self.forms.append(self.form)
        if self.form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") != "file":
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.form.fields.append((name, given.get("value", "")))
        elif tag == "textarea":
            self.area = [name, ""]
        elif tag == "select":
            self.select = [name, None]
        elif tag == "option" and self.select is not None:
            if "selected" in given or self.select[1] is None:
                self.select[1] = given.get("value", "")
        elif tag == "button" and name:
            self.form.buttons.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area is not None and self.form is not None:
            self.form.fields.append((self.area[0], self.area[1].replace("\r\n", "\n").removeprefix("\n")))
            self.area = None
        elif tag == "select" and self.select is not None and self.form is not None:
            self.form.fields.append((self.select[0] or "", self.select[1] or ""))
            self.select = None


class Browser:
    """One signed-in person."""

    def __init__(self, client: FlaskClient, name: str):
        self.client, self.name = client, name
        self.page: TestResponse | None = None

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    def opens(self, path: str, status: int = 200) -> str:
        self.page = self.client.get(path, base_url="https://localhost", follow_redirects=True)
        assert self.status == status, f"{self.name}: {path} gave {self.status}: {errors(self.text)}"
        return self.text

    def forms(self) -> list[Form]:
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms

    def form(self, part: str) -> Form:
        """The form whose address contains a text."""
        found = [form for form in self.forms() if part in form.action]
        assert found, f"{self.name} sees no form {part}: {[form.action for form in self.forms()]}"
        return found[0]

    def sends(self, form: Form, status: int = 200, **changes: Any) -> str:
        """Send a form with some fields changed; double underscores stand for hyphens in names."""
        return self.posts(form, {name.replace("__", "-"): value for name, value in changes.items()}, status)

    def posts(self, form: Form, changes: dict[str, Any], status: int = 200) -> str:
        data = MultiDict(form.fields)
        for name, value in changes.items():
            data.setlist(name, value if isinstance(value, list) else [value])
        self.page = self.client.post(
            form.action,
            data=data,
            base_url="https://localhost",
            headers={"Referer": "https://localhost/"},
            follow_redirects=True,
        )
        assert self.status == status, f"{self.name}: {form.action} gave {self.status}: {errors(self.text)}"
        return self.text

    def presses(self, event: str, status: int = 200) -> str:
        """Press the button of an event that asks for nothing."""
        return self.sends(self.form(f"/{event}"), status)


def errors(html: str) -> str:
    """The error summary of a page, for the message of a failed test."""
    start = html.find("k-errsum")
    return " ".join(html[start : start + 1500].split()) if start >= 0 else html[:600]
