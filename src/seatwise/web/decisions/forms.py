"""The forms of decisions: a price, what a product is, what counts as its use."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms

from seatwise.base.errors import SeatwiseError
from seatwise.control.decisions import Change, Terms, Wrong
from seatwise.control.decisions.terms import faults, opened
from seatwise.web.decisions import fields, words

_BASES: Final = (("seat", "Per seat"), ("contract", "For the whole contract"))
_PERIODS: Final = (("month", "a month"), ("year", "a year"))
_PARTS: Final = ("amount", "currency", "basis", "period", "seats_bought", "renewal_on", "notice_days", "link")
_TOLD: Final = ("amount", "seats_bought", "renewal_on", "notice_days", "link")
_TEXTS: Final = ("name", "vendor", "category", "owner", "state", "note")
_KINDS: Final = (
    ("", "As for the company"),
    ("interactiveUser,nonInteractiveUser", "Interactive and non-interactive sign-ins"),
    ("interactiveUser", "Interactive sign-ins only"),
    ("nonInteractiveUser", "Non-interactive sign-ins only"),
)


class PriceForm(forms.Form):
    """The price of a product or licence. Without an amount, and with nothing else told, there is none."""

    amount = fields.amount("Price")
    currency = forms.ChoiceField(label="Currency", widget=forms.Select(attrs={"class": "select btn-wide"}))
    basis = forms.ChoiceField(label="What the price is for", choices=_BASES, initial="seat")
    period = forms.ChoiceField(
        label="Period", choices=_PERIODS, initial="month", widget=forms.Select(attrs={"class": "select btn-wide"})
    )
    seats_bought = fields.whole("Seats bought", "Of the contract, or committed to. Leave it empty if you pay by use.")
    renewal_on = fields.day("Renews on")
    notice_days = fields.whole("Notice period in days", "Counted back from the renewal.")
    link = fields.text("Link to the contract", 500, "Begins with https://", inputmode="url", spellcheck="false")

    def __init__(self, data: Any, held: Mapping[str, Any], currency: str) -> None:
        price = held.get("price")
        terms = None if price is None else opened(price)
        told = {} if terms is None else {part: getattr(terms, part) for part in _PARTS}
        initial = {part: fields.shown(value) if part in _TOLD else value for part, value in told.items()}
        super().__init__(data, initial={"currency": currency, **initial})
        chosen = terms.currency if terms else currency
        self.fields["currency"].choices = fields.currencies(currency if data else chosen)  # type: ignore[attr-defined]

    def clean(self) -> None:
        """All faults of a price at once: what cannot be read, and what can be read but makes no sense."""
        told = {part: self.cleaned_data.get(part) for part in _PARTS}
        parts: dict[str, Any] = {part: None if value == "" else value for part, value in told.items()}
        stand_ins = {"amount": Decimal(0), "currency": "EUR", "basis": "seat", "period": "month"}
        parts |= {part: value for part, value in stand_ins.items() if parts[part] is None}
        unread = set(self.errors)
        for part, sentence in faults(Terms(**parts)).items():
            # A notice period without its date is no fault when the date is there and could not be read.
            if part not in unread and not (part == "notice_days" and "renewal_on" in unread):
                self.add_error(part, sentence)

    @property
    def price(self) -> Terms | None:
        """Errors: Wrong when something is told of a price, but not how much it is."""
        given = self.cleaned_data
        if given["amount"] is None:
            if any(given[part] not in (None, "") for part in _TOLD):
                raise Wrong({"amount": "Write the price, too; without it the rest means nothing."})
            return None
        parts: dict[str, Any] = {part: None if given[part] == "" else given[part] for part in _PARTS}
        return Terms(**parts)

    def changes(self, kind: Any, subject_id: str, named: str) -> list[Change]:
        """Errors: Wrong."""
        return [Change(kind, subject_id, "price", self.price, named)]


class ProductForm(PriceForm):
    """Everything that is decided of a product."""

    name = fields.text("Name", 128)
    vendor = fields.text("Vendor", 128)
    category = fields.text("Category", 64, list="categories")
    owner = fields.text("Owner", 128, "A person or team that answers for it.")
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[(key, words.STATES.get(key, "Not decided")) for key in words.STATE_SENTENCES],
    )
    note = forms.CharField(
        label="Note", max_length=2_000, required=False, widget=forms.Textarea(attrs={"class": "textarea", "rows": "3"})
    )
    kinds = forms.ChoiceField(
        label="Sign-ins that count",
        required=False,
        choices=_KINDS,
        widget=forms.Select(attrs={"class": "select btn-wide"}),
    )
    inactive_days = fields.whole("Inactivity period in days")

    def __init__(self, data: Any, held: Mapping[str, Any], currency: str) -> None:
        super().__init__(data, held, currency)
        self.initial.update({field: held.get(field) or "" for field in _TEXTS})
        self.initial.update(kinds=",".join(held.get("kinds") or ()), inactive_days=held.get("inactive_days") or "")

    def changes(self, kind: Any, subject_id: str, named: str) -> list[Change]:
        given = self.cleaned_data
        told = {field: given[field] or None for field in _TEXTS}
        told |= {"kinds": given["kinds"].split(",") if given["kinds"] else None}
        told |= {"inactive_days": given["inactive_days"], "price": self.price}
        return [Change(kind, subject_id, field, value, named) for field, value in told.items()]


class NewApp(ProductForm):
    """A product that Entra does not know: of use there is nothing to decide."""

    def __init__(self, data: Any, currency: str) -> None:
        super().__init__(data, {}, currency)
        del self.fields["kinds"], self.fields["inactive_days"]
        self.fields["name"].help_text = "As your colleagues know it."

    @property
    def told(self) -> dict[str, Any]:
        """By field. Errors: Wrong."""
        given = self.cleaned_data
        return {field: given[field] or None for field in _TEXTS} | {"price": self.price}


class PolicyForm(forms.Form):
    """What counts as use in the whole company."""

    kinds = forms.MultipleChoiceField(
        choices=list(words.KINDS.items()),
        error_messages={"required": "Choose at least one; without one nothing would count as use."},
    )
    inactive_days = fields.whole("Inactivity period in days")

    @property
    def changes(self) -> list[Change]:
        given = self.cleaned_data
        told = {"kinds": given["kinds"], "inactive_days": given["inactive_days"]}
        return [Change("workspace", "", field, value) for field, value in told.items()]


class Reason(forms.Form):
    reason = fields.text("Reason", 254, "For your colleagues. Shown beside the person’s seats.")


class Upload(forms.Form):
    file = forms.FileField(
        label="CSV file",
        error_messages={
            "required": "Choose a file first.",
            "empty": "This file is empty.",
        },
    )


def show_wrong(form: forms.Form, error: SeatwiseError) -> None:
    """Each fault beside its field; what belongs to none stands above the form."""
    told = error.fields if isinstance(error, Wrong) else {"": error.sentence}
    for field, sentence in told.items():
        form.add_error(field if field in form.fields else None, sentence)
