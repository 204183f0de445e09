"""Compiled templates are kept for the next process, and never outlive what they were made of."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemLoader

from kinerja.views.inlining import PageEnvironment, keeping
from kinerja.views.inlining.keeping import Compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "TEMPLATES", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "parts.html").write_text("{% macro name(who) %}<b>{{ who }}</b>{% endmacro %}")
    (tmp_path / "page.html").write_text('{% import "parts.html" as p %}{{ p.name("Sekar") }}')
    return tmp_path


def process(folder: Path, **filters: Any) -> Any:
    """The environment of a process that has just started."""
    app = Flask("pages")
    app.jinja_environment = PageEnvironment
    app.jinja_options = {"bytecode_cache": Compiled(folder / "__pycache__")}
    app.jinja_env.loader = FileSystemLoader(folder)
    app.jinja_env.filters.update(filters)
    return app.jinja_env


def opens(env: Any) -> tuple[str, bool]:
    """The page, and whether it had to be compiled for it."""
    compiled = []
    env._generate = lambda *args, made=env._generate, **more: compiled.append(1) or made(*args, **more)
    return env.get_template("page.html").render(), bool(compiled)


def files(folder: Path) -> list[Path]:
    return list((folder / "__pycache__").iterdir())


def test_the_next_process_compiles_nothing(folder: Path) -> None:
    assert opens(process(folder)) == ("<b>Sekar</b>", True)
    assert opens(process(folder)) == ("<b>Sekar</b>", False)


def test_a_changed_component_is_seen_though_the_page_is_the_same(folder: Path) -> None:
    opens(process(folder))
    (folder / "parts.html").write_text("{% macro name(who) %}<i>{{ who }}</i>{% endmacro %}")
    assert opens(process(folder)) == ("<i>Sekar</i>", True)
    names = [kept.name.partition(".")[0] for kept in files(folder)]
    assert len(names) == len(set(names)), "what older pages were made of goes"


def test_an_application_with_other_filters_compiles_for_itself(folder: Path) -> None:
    opens(process(folder))
    assert opens(process(folder, loud=str.upper)) == ("<b>Sekar</b>", True)


@pytest.mark.parametrize("left", [b"", b"j2", b"\0" * 200])
def test_a_damaged_file_is_compiled_anew(folder: Path, left: bytes) -> None:
    opens(process(folder))
    for kept in files(folder):
        kept.write_bytes(left)
    assert opens(process(folder)) == ("<b>Sekar</b>", True)


def test_a_file_cut_off_in_the_middle_is_compiled_anew(folder: Path) -> None:
    opens(process(folder))
    for kept in files(folder):
        kept.write_bytes(kept.read_bytes()[:-20])
    assert opens(process(folder)) == ("<b>Sekar</b>", True)


def test_where_nothing_may_be_written_pages_open_all_the_same(folder: Path) -> None:
    (folder / "__pycache__").write_text("a file in the way")
    assert opens(process(folder)) == ("<b>Sekar</b>", True)
