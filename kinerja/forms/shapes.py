"""What kind of answer a field takes, for whoever compares answers without knowing the form."""

from wtforms import BooleanField, Field, FileField, SelectMultipleField
from wtforms.fields.choices import SelectFieldBase

__all__ = ["BooleanField", "Field", "FileField", "SelectFieldBase", "SelectMultipleField"]
