"""The quick `url_for` gives the address flask's gives, for every endpoint of the application."""

from __future__ import annotations

from typing import Any

import flask
import pytest
from flask import Flask

from kinerja.views.addresses import url_for

VALUES: dict[str, Any] = {
    "plain": "abc-123_x", "two words": "a b", "a slash": "a/b", "braces": "{0}", "markup": '<b>"&', "empty": "",
    "a number": 7, "none": None, "a mark": "kinerja-0-kinerja", "letters of Asia": "ꦏ",
    "dots": "skp.submitted", "up": "..", "below zero": -3, "a number that marks": 8800880001, "true": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Flask:
    from kinerja import create_app
    from tests.plugins.app import NOWHERE, settings_for

    return create_app(settings_for(NOWHERE))


def told(build: Any, *args: Any, **values: Any) -> str:
    try:
        return str(build(*args, **values))
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("root", ["", "/kinerja"])
@pytest.mark.parametrize("kind", VALUES)
def test_the_quick_way_gives_the_address_the_slow_one_gives(app: Flask, kind: str, root: str) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for rule in app.url_map.iter_rules():
            own = dict.fromkeys(rule.arguments, VALUES[kind])
            for given in (own, own | {"q": VALUES[kind], "jenis": "skp"}):
                for _twice in range(2):
                    assert told(url_for, rule.endpoint, **given) == told(
                        flask.url_for, rule.endpoint, **given
                    )


@pytest.mark.parametrize("values", [{"filename": "app.css"}, {"filename": "app.css", "_external": False}])
def test_a_static_file_keeps_its_version(app: Flask, values: dict[str, Any]) -> None:
    with app.test_request_context("/"):
        assert url_for("static", **values) == flask.url_for("static", **values)
        assert "?v=" in url_for("static", **values)
