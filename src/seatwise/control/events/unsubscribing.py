"""A signed link that ends e-mail to one member of one workspace, without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.models import Letter, MailChoice, Person, Workspace

_SALT: Final = "seatwise.unsubscribe"


@dataclass(frozen=True)
class Ended:
    """Whose e-mail about which company it is."""

    person: Person
    workspace: Workspace


def address(person: Person, workspace: Workspace) -> str:
    """The whole address, good for ever: a letter may be years old when somebody has had enough."""
    token = signing.dumps([str(person.pk), str(workspace.pk)], salt=_SALT)
    return str(settings.PUBLIC_URL) + reverse("mail_stop", kwargs={"token": token})


def peek(token: str) -> Ended:
    """Errors: AskAdmin mail_stop_odd for a link that is cut off, made up, or about somebody who is gone."""
    try:
        person_id, workspace_id = (UUID(part) for part in signing.loads(token, salt=_SALT))
        return Ended(Person.objects.get(pk=person_id), Workspace.objects.get(pk=workspace_id))
    except (signing.BadSignature, ValueError, TypeError, Person.DoesNotExist, Workspace.DoesNotExist) as error:
        raise AskAdmin(
            code="mail_stop_odd",
            sentence="This link is cut off, or it is about somebody who is no member any more and gets no mail. "
            "If mail still comes, copy the whole link, or change it under Settings, Notifications.",
        ) from error


def stop(token: str) -> Ended:
    """No digest and no alerts any more; once is as good as twice. Errors: as `peek`."""
    found = peek(token)
    mine = MailChoice.objects.filter(membership__person=found.person, membership__workspace=found.workspace)
    if mine.exclude(digest=MailChoice.Digest.NEVER, has_alerts=False).update(
        digest=MailChoice.Digest.NEVER, has_alerts=False
    ):
        audit.note("mail.stopped", person=found.person, workspace=found.workspace)
    return found


def wants(person: Person, workspace: Workspace, kind: str) -> bool:
    """Whether the member still asks for this kind of letter."""
    mine = MailChoice.objects.filter(membership__person_id=person.pk, membership__workspace=workspace)
    if kind == Letter.Kind.ALERT:
        return mine.filter(has_alerts=True).exists()
    return mine.exclude(digest=MailChoice.Digest.NEVER).exists()
