"""E-mail: the server it goes through, what each member wants to hear of, and the letters waiting to go out."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from seatwise.control.models.people import Membership, Person, Workspace


class MailServer(models.Model):
    """The mail server of this install, at most one row; its password is sealed under the data key of its id.

    A server named in the environment wins over the one here; how sending goes is noted here in either case.
    """

    class Security(models.TextChoices):
        NONE = "none"
        STARTTLS = "starttls"
        TLS = "tls"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_the_one = models.BooleanField(default=True, unique=True, editable=False)
    host = models.CharField(max_length=253, blank=True, help_text="empty: none was entered")
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.STARTTLS)
    user = models.CharField(max_length=254, blank=True)
    sender = models.CharField(max_length=254, blank=True, help_text="the From address")
    ca_pem = models.TextField(blank=True, help_text="certificates it is trusted by; empty: the system's")
    set_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(null=True)

    code = models.CharField(max_length=32, blank=True, help_text="machine word of what stands in the way of all mail")
    trouble = models.TextField(blank=True, help_text="the same for people")
    trouble_since = models.DateTimeField(null=True)
    n_refused = models.PositiveIntegerField(default=0, help_text="tries in a row that met this trouble")
    paused_until = models.DateTimeField(null=True)


class MailChoice(models.Model):
    """What one member wants to hear of by e-mail; without a row, of nothing.

    cards:  names of the cards wanted; None: all, those of later versions too.
    """

    class Digest(models.TextChoices):
        NEVER = "never", "Never"
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Once a week"

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="mail_choice")
    digest = models.CharField(max_length=8, choices=Digest.choices, default=Digest.NEVER)
    weekday = models.PositiveSmallIntegerField(default=0, help_text="0: Monday")
    hour = models.PositiveSmallIntegerField(default=7, help_text="of the day, UTC")
    has_alerts = models.BooleanField(default=False)
    cards: models.JSONField[Any, Any] = models.JSONField(null=True, default=None)
    digest_since = models.DateTimeField(help_text="no digest for a moment before")
    alerts_since = models.DateTimeField(help_text="no alert about what was known before")


class Letter(models.Model):
    """One e-mail to one person, at most one for each key. See docs/promise.md for what is promised of its way.

    The text is kept only until the letter's end: it names people.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest"
        ALERT = "alert"

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        HANDED = "handed"
        SENT = "sent"
        GIVEN_UP = "given_up"
        UNSURE = "unsure"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    has_names = models.BooleanField(help_text="whether people stand in it by name")
    subject = models.CharField(max_length=254)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="later it would be no news")

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    n_tries = models.PositiveIntegerField(default=0, help_text="also the fence: only the newest claim may go on")
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=32, blank=True)
    told = models.TextField(blank=True, help_text="what became of the last try, in words")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "next_try_at"], name="letter_to_send"),
            models.Index(fields=["workspace", "-created_at"], name="letter_of_workspace"),
        ]
