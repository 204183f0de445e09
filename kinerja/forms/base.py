"""The form every other form is made from: Indonesian messages, no None for a text, nothing that was not asked."""

from collections.abc import Iterable, Iterator
from typing import Any

from wtforms import Form, StringField
from wtforms.fields import FieldList, FormField

from kinerja.forms.messages import Messages

# The password, and code, that may come with an act that asks for them again.
CONFIRMATION = frozenset({"tegas-sandi", "tegas-kode"})
# What every POST of ours may carry beside its fields: proof of origin, guard against stale and doubled sending.
GUARDS = frozenset({"csrf_token", "version", "key", "base"}) | CONFIRMATION

_MESSAGES = Messages()


class UnknownField(ValueError):
    """The request carries fields this form does not have (400)."""

    def __init__(self, names: Iterable[str]):
        self.names = tuple(sorted(names))
        super().__init__(", ".join(self.names))


def refuse_others(sent: Iterable[str], *known: str) -> None:
    """For a form of buttons and hidden fields only: raise UnknownField when the request carries any other name."""
    if unknown := set(sent) - GUARDS - set(known):
        raise UnknownField(unknown)


class BaseForm(Form):
    """A form that says what is wrong in the reader's language."""

    class Meta:
        def get_translations(self, form: Form) -> Messages:
            return _MESSAGES

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        for field in every_field(self):
            # A text that was not sent is an empty text: nobody downstream has to think of None.
            if isinstance(field, StringField) and field.data is None:
                field.data = ""

    def field_names(self) -> set[str]:
        """The names a request may carry for this form, the rows of its lists included."""
        return {field.name for field in every_field(self)}

    def refuse_unknown(self, sent: Iterable[str], also: Iterable[str] = ()) -> None:
        """Raise UnknownField when the request has names that are neither fields, guards, nor in `also`."""
        unknown = set(sent) - self.field_names() - GUARDS - set(also)
        if unknown:
            raise UnknownField(unknown)


def every_field(fields: Iterable[Any]) -> Iterator[Any]:
    """The fields of a form in their order, with those inside FormField and FieldList."""
    for field in fields:
        if isinstance(field, FormField):
            yield from every_field(field.form)
        elif isinstance(field, FieldList):
            yield from every_field(field.entries)
        else:
            yield field
