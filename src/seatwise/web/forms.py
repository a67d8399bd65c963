"""What people type into the shell's pages, checked, with each fault beside its field."""

from __future__ import annotations

from typing import Any

from django import forms

from seatwise.base.errors import SeatwiseError
from seatwise.web.roles import ROLES

# Which field an error of the floors below belongs to; every other one stands above the form.
_FIELD_OF = {
    "password_weak": "password",
    "email_taken": "email",
    "email_invalid": "email",
    "name_missing": "name",
}


def _box(kind: str = "text", **more: str) -> Any:
    widget = {"text": forms.TextInput, "email": forms.EmailInput, "password": forms.PasswordInput}[kind]
    return widget(attrs={"class": "input", **more})


class NewPerson(forms.Form):
    """Mass assignment has nothing to hold on to: these three fields and no other."""

    name = forms.CharField(
        label="Your name",
        max_length=128,
        widget=_box(autocomplete="name"),
        error_messages={"required": "Type your name, as your colleagues know it."},
    )
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=_box("email", autocomplete="username", spellcheck="false"),
        help_text="You sign in with it. Seatwise sends mail only to who asks for it.",
        error_messages={
            "required": "Type your email address.",
            "invalid": "This is not a whole email address. It looks like name@company.example.",
        },
    )
    password = forms.CharField(
        label="Password",
        max_length=1024,
        strip=False,
        widget=_box("password", autocomplete="new-password"),
        help_text="At least 12 characters. Not one of the common passwords, and not your name or address.",
        error_messages={"required": "Choose a password."},
    )


class NewPassword(forms.Form):
    password = forms.CharField(
        label="New password",
        max_length=1024,
        strip=False,
        widget=_box("password", autocomplete="new-password"),
        help_text=NewPerson.base_fields["password"].help_text,
        error_messages={"required": "Choose a password."},
    )


class Forgetful(forms.Form):
    """Who forgot the password; whether a link may be made for them is not for the form to say."""

    person = forms.UUIDField(error_messages={"required": "Choose who it is for.", "invalid": "Choose who it is for."})


class Invitation(forms.Form):
    role = forms.ChoiceField(choices=[(role, told.name) for role, told in ROLES.items()], initial="viewer")
    note = forms.CharField(
        label="Who is it for?",
        max_length=254,
        required=False,
        widget=_box(autocomplete="off"),
        help_text="A name or address, to find the link again in this list. Nothing is sent to it.",
    )


class RoleChoice(forms.Form):
    role = forms.ChoiceField(choices=[(role, told.name) for role, told in ROLES.items()])


class Name(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=128,
        widget=_box(autocomplete="organization"),
        error_messages={"required": "Type a name."},
    )


def show_errors(form: forms.Form, error: SeatwiseError) -> None:
    """An error of the floors below, beside the field it is about."""
    field = _FIELD_OF.get(error.code)
    form.add_error(field if field in form.fields else None, error.sentence)
