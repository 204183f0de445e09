"""WTForms fields through `field()`: typed values stay, errors are tied to their control."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    validators,
    widgets,
)

from tests.ui.markup import Element, complaints, read

Draw = Callable[..., str]


def options(*pairs: tuple[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class Ticks(SelectMultipleField):
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class Line(Form):
    amount = StringField("Target", [validators.InputRequired("Isi target.")])


class Everything(Form):
    token = HiddenField(default="tanda")
    name = StringField(
        "Nama", [validators.InputRequired("Isi nama.")], description="Seperti pada surat keputusan."
    )
    amount = DecimalField("Realisasi", [validators.Optional()])
    secret = PasswordField("Kata sandi", render_kw={"autocomplete": "current-password", "class": "w-auto"})
    reason = TextAreaField("Kendala", [validators.Length(min=10, message="Tulis sedikitnya 10 huruf.")])
    unit = SelectField("Satuan", choices=options(("", "Pilih"), ("l", "laporan")))
    decision = RadioField(
        "Keputusan",
        [validators.InputRequired("Pilih satu.")],
        choices=options(("a", "Tetap"), ("b", "Ubah")),
    )
    people = Ticks("Evaluator", choices=options(("1", "Dimas"), ("2", "Nadia")))
    read_it = BooleanField("Saya sudah membaca")
    lines = FieldList(FormField(Line), min_entries=1)
    send = SubmitField("Kirim")


@pytest.fixture
def wrong() -> Everything:
    typed = {"name": "", "amount": "12,5 <b>", "reason": "Data", "unit": "l", "lines-0-amount": ""}
    form = Everything(MultiDict(typed))
    assert not form.validate()
    return form


def by_name(html: str) -> dict[str, Element]:
    return {e.attrs["name"]: e for e in read(html).all("input", "select", "textarea")}


def test_a_whole_form_is_accepted_by_a_strict_reader(draw: Draw, wrong: Everything) -> None:
    del wrong.lines
    assert complaints(draw("{{ ui.fields(form) }}", form=wrong)) == []


def test_what_was_typed_stays_also_when_it_is_wrong(draw: Draw, wrong: Everything) -> None:
    fields = by_name(draw("{{ ui.field(f.amount) }}{{ ui.field(f.reason) }}", f=wrong))
    assert fields["amount"].attrs["value"] == "12,5 <b>"
    assert fields["reason"].text.strip() == "Data"


def test_a_password_is_never_sent_back(draw: Draw) -> None:
    form = Everything(MultiDict({"secret": "rahasia"}))
    assert "rahasia" not in draw("{{ ui.field(f.secret) }}", f=form)


def test_a_decimal_is_a_text_with_a_number_pad_not_a_number_input(draw: Draw, wrong: Everything) -> None:
    field = by_name(draw("{{ ui.field(f.amount) }}", f=wrong))["amount"]
    assert (field.attrs["type"], field.attrs["inputmode"]) == ("text", "decimal")


@pytest.mark.parametrize("name", ["name", "reason"])
def test_an_error_is_read_out_with_its_control(draw: Draw, wrong: Everything, name: str) -> None:
    html = draw("{{ ui.field(f[name]) }}", f=wrong, name=name)
    control = by_name(html)[name]
    assert control.attrs["aria-invalid"] == "true"
    assert f"{name}-g" in control.attrs["aria-describedby"].split()
    assert complaints(html) == []


def test_help_is_read_out_with_its_control(draw: Draw) -> None:
    html = draw("{{ ui.field(f.name) }}", f=Everything())
    assert by_name(html)["name"].attrs["aria-describedby"] == "name-b"
    assert "Seperti pada surat keputusan." in html


def test_a_required_field_is_said_to_be_so_without_the_browsers_own_message(draw: Draw) -> None:
    control = by_name(draw("{{ ui.field(f.name) }}", f=Everything()))["name"]
    assert control.attrs["aria-required"] == "true"
    assert "required" not in control.attrs


def test_what_a_form_says_of_its_field_is_kept(draw: Draw) -> None:
    control = by_name(draw("{{ ui.field(f.secret) }}", f=Everything()))["secret"]
    assert control.attrs["autocomplete"] == "current-password"
    assert control.attrs["class"].split() == ["form-control", "w-auto"]


@pytest.mark.parametrize("name, kind", [("decision", "radio"), ("people", "checkbox")])
def test_a_group_of_choices_is_a_fieldset_with_a_legend(draw: Draw, name: str, kind: str) -> None:
    page = read(draw("{{ ui.field(f[name]) }}", f=Everything(), name=name))
    assert len(page.all("legend")) == 1
    assert [e.attrs["type"] for e in page.all("input")] == [kind, kind]


def test_the_summary_links_to_each_wrong_field_also_inside_lists(draw: Draw, wrong: Everything) -> None:
    page = read(draw("{{ ui.error_summary(form) }}", form=wrong))
    targets = [a.attrs["href"] for a in page.all("a")]
    assert targets == ["#name", "#amount", "#reason", "#decision-0", "#lines-0-amount"]


def test_every_link_of_the_summary_lands_on_a_control(draw: Draw, wrong: Everything) -> None:
    whole = "{{ ui.error_summary(form) }}{{ ui.fields(form) }}{{ ui.field(form.lines[0].form.amount) }}"
    page = read(draw(whole, form=wrong))
    ids = {e.attrs.get("id") for e in page.all("input", "select", "textarea")}
    assert {a.attrs["href"][1:] for a in page.all("a")} <= ids


def test_a_right_form_has_no_summary(draw: Draw) -> None:
    assert draw("{{ ui.error_summary(form) }}", form=Everything()) == ""


def test_a_submit_field_is_left_to_the_page(draw: Draw) -> None:
    assert "Kirim" not in draw("{{ ui.fields(form) }}", form=Everything(lines=[]))
