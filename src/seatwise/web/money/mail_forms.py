"""What people type on the notifications page, checked, with each fault beside its field."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from seatwise.base.errors import SeatwiseError
from seatwise.control import events

# Which field an error of the floor below belongs to; every other one stands above the form.
_FIELD_OF: Final = {
    "mail_host": "host",
    "mail_port": "port",
    "mail_security": "security",
    "mail_from": "sender",
    "mail_user": "user",
    "mail_password_again": "password",
    "mail_ca": "ca_pem",
    "mail_choice_empty": "cards",
}
_DIGESTS: Final = (("never", "Never"), ("daily", "Every day"), ("weekly", "Once a week"))
_SECURITIES: Final = (
    ("starttls", "STARTTLS, mostly port 587"),
    ("tls", "TLS from the start, mostly port 465"),
    ("none", "None, for a server on this machine"),
)


def _text(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false", **more})


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


class ServerForm(forms.Form):
    host = forms.CharField(
        label="Server",
        max_length=253,
        widget=_text(),
        help_text="Its name alone, like mail.example.com.",
        error_messages={"required": "Type the name of the server, like mail.example.com."},
    )
    port = forms.IntegerField(
        label="Port",
        widget=_text(inputmode="numeric"),
        error_messages={
            "required": "Type the port. With STARTTLS it is mostly 587.",
            "invalid": "A port is a number from 1 to 65535.",
        },
    )
    security = forms.ChoiceField(label="Security", choices=_SECURITIES, widget=_select())
    user = forms.CharField(
        label="User",
        max_length=254,
        required=False,
        widget=_text(),
        help_text="Leave it empty if the server asks for none.",
    )
    password = forms.CharField(
        label="Password",
        max_length=1024,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )
    sender = forms.CharField(
        label="From",
        max_length=254,
        widget=_text(inputmode="email"),
        help_text="The address that mail comes from. The server must allow it.",
        error_messages={"required": "Type the address that mail comes from, like seatwise@example.com."},
    )
    ca_pem = forms.CharField(
        label="Certificate authority",
        max_length=200_000,
        required=False,
        widget=forms.Textarea(attrs={"class": "input input-mono", "rows": "3", "spellcheck": "false"}),
        help_text="Only if your company signs its own certificates: paste the authority’s, in PEM form.",
    )

    def wish(self) -> events.Wish:
        told = self.cleaned_data
        return events.Wish(
            told["host"],
            told["port"],
            told["security"],
            told["user"],
            told["sender"],
            told["ca_pem"],
            told["password"] if told["user"] else "",
        )


class ChoiceForm(forms.Form):
    """cards: names; when all are ticked, later kinds are wanted too."""

    digest = forms.ChoiceField(label="Digest", choices=_DIGESTS, widget=_select())
    weekday = forms.TypedChoiceField(
        label="Day", coerce=int, choices=list(enumerate(events.WEEKDAYS)), widget=_select(), required=False
    )
    hour = forms.TypedChoiceField(
        label="Hour",
        coerce=int,
        choices=[(hour, f"{hour:02}:00 UTC") for hour in range(24)],
        widget=_select(),
        required=False,
    )
    has_alerts = forms.BooleanField(required=False)
    cards = forms.MultipleChoiceField(
        choices=[(card.name, card.words) for card in events.CARDS.values()], required=False
    )

    def wish(self) -> events.Chosen:
        told = self.cleaned_data
        cards = frozenset(told["cards"])
        return events.Chosen(
            told["digest"],
            told["weekday"] if told["weekday"] != "" else 0,
            told["hour"] if told["hour"] != "" else 7,
            told["has_alerts"],
            None if cards == frozenset(events.CARDS) else cards,
        )


def of_choice(choice: events.Chosen) -> dict[str, Any]:
    return {
        "digest": choice.digest,
        "weekday": choice.weekday,
        "hour": choice.hour,
        "has_alerts": choice.has_alerts,
        "cards": [name for name in events.CARDS if choice.takes(name)],
    }


def of_server(facts: events.ServerFacts | None) -> dict[str, Any]:
    if facts is None:
        return {"port": 587, "security": "starttls"}
    return {name: getattr(facts, name) for name in ("host", "port", "security", "user", "sender", "ca_pem")}


def show_error(form: forms.Form, error: SeatwiseError) -> None:
    field = _FIELD_OF.get(error.code)
    form.add_error(field if field in form.fields else None, error.sentence)
