"""The test button: one letter to oneself, at once, and what the server said to it."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit
from seatwise.control.events import letters, server, smtp
from seatwise.control.models import Person, Workspace


def send_test(by: Person, workspace: Workspace) -> str:
    """What the server said when it took the letter, which goes to the person's own address and to no other.

    Errors: those of `access.demand` and `smtp.hand`; AskAdmin letter_address.
    """
    access.demand(by, workspace, "install")
    through = server.needed()
    page = str(settings.PUBLIC_URL) + reverse("notifications", kwargs={"workspace": workspace.pk})
    content = letters.Content(
        title="Seatwise can send e-mail",
        lead=f"This is the test that {by.name} asked for. Digests and alerts will come from this address.",
        parts=(),
        button=("Choose what you hear of", page),
        foot="Sent once, because the test button was pressed.",
        unsubscribe="",
    )
    try:
        message = letters.message(
            letter_id=uuid4(),
            sender=through.sender,
            to=by.email,
            to_name=by.name,
            subject=content.title,
            text=letters.as_text(content),
            html=letters.as_html(content),
            unsubscribe="",
        )
    except (ValueError, UnicodeError) as error:
        raise AskAdmin(
            code="letter_address", sentence="Your address cannot stand in an e-mail. Change it under Your account."
        ) from error
    said = smtp.hand(through, message, by.email)
    audit.note("mail.tested", person=by, workspace=workspace, subject=by.email)
    server.told_well()
    return said
