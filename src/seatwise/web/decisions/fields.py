"""Fields of forms that people fill in their own way: amounts, days, whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from seatwise.base import written
from seatwise.control.decisions.currencies import COMMON, CURRENCIES


class Written(forms.CharField):
    """Text that is read as something else; None when it is empty."""

    def __init__(self, read: Callable[[str], Any], **more: Any) -> None:
        self.read = read
        super().__init__(required=False, max_length=64, **more)

    def clean(self, value: Any) -> Any:
        told = super().clean(value)
        if not told:
            return None
        try:
            return self.read(told)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def text(words: str, length: int, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attributes})
    return forms.CharField(label=words, max_length=length, required=False, widget=widget, help_text=hint)


def amount(words: str) -> Written:
    widget = forms.TextInput(attrs={"class": "input num", "inputmode": "decimal", "autocomplete": "off"})
    return Written(written.amount, label=words, widget=widget)


def whole(words: str, hint: str = "") -> Written:
    widget = forms.TextInput(attrs={"class": "input num", "inputmode": "numeric", "autocomplete": "off"})
    return Written(written.whole, label=words, widget=widget, help_text=hint)


def day(words: str, hint: str = "") -> Written:
    widget = forms.DateInput(attrs={"class": "input num", "type": "date"}, format="%Y-%m-%d")
    return Written(written.day, label=words, widget=widget, help_text=hint)


def currencies(first: str) -> list[tuple[str, str]]:
    """The company's own first, then common ones, then all."""
    rest = sorted(CURRENCIES - {first, *COMMON})
    return [(code, code) for code in dict.fromkeys((first, *COMMON, *rest))]


def shown(value: Decimal | date | int | None) -> str:
    """As a form shows it again."""
    if value is None:
        return ""
    return written.amount_text(value) if isinstance(value, Decimal) else str(value)
