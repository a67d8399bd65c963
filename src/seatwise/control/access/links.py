"""Single-use links: made, looked at, used, revoked. Only the hash of a token is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import audit
from seatwise.control.access.rights import Role, demand, not_yours
from seatwise.control.models import Link, Person, Workspace

OWNER_H: Final = 24
INVITE_H: Final = 7 * 24
CONSENT_MAX_H: Final = 7 * 24
_TOKEN_BYTES: Final = 32
_NEW: Final = {
    Link.Kind.OWNER: "On the server, make a new one with: seatwise owner-link",
    Link.Kind.INVITE: "Ask whoever invited you for a new one.",
    Link.Kind.CONSENT: "Ask whoever sent it for a new one.",
}


def owner_link() -> str:
    """The token of a link that makes an owner of this install, good for a day; older ones end."""
    with transaction.atomic():
        _open(Link.objects.filter(kind=Link.Kind.OWNER)).update(revoked_at=clock.wall())
        token = _made(Link.Kind.OWNER, OWNER_H)
        audit.note("link.made", subject=Link.Kind.OWNER)
    return token


def invite(by: Person, workspace: Workspace, role: str, note: str) -> str:
    """The token of a link that makes a member, good for seven days. note: whom it is meant for.

    Errors: NotYours, AskAdmin not_allowed; AskAdmin owners_only when somebody else makes an owner.
    """
    own = demand(by, workspace, "members")
    if Role(role) == Role.OWNER and own != Role.OWNER:
        raise owners_only()
    with transaction.atomic():
        token = _made(Link.Kind.INVITE, INVITE_H, workspace=workspace, role=Role(role), note=note, created_by=by)
        audit.note("member.invited", person=by, workspace=workspace, subject=note, detail={"role": role})
    return token


def consent_link(by: Person, workspace: Workspace, cloud: str, hours: int = 24) -> str:
    """The token of a link with which an administrator of Entra approves the connection, without an account here.

    Errors: NotYours, AskAdmin not_allowed; AskAdmin link_hours beyond seven days.
    """
    demand(by, workspace, "connect")
    if not 1 <= hours <= CONSENT_MAX_H:
        raise AskAdmin(code="link_hours", sentence="A link can be good for one hour up to seven days. Choose less.")
    with transaction.atomic():
        token = _made(Link.Kind.CONSENT, hours, workspace=workspace, cloud=cloud, created_by=by)
        audit.note("link.made", person=by, workspace=workspace, subject=Link.Kind.CONSENT, detail={"hours": hours})
    return token


def links(workspace: Workspace, kind: str) -> list[Link]:
    """Those that still work, newest first."""
    found = _open(Link.objects.filter(workspace=workspace, kind=kind)).select_related("created_by")
    return list(found.order_by("-created_at"))


def peek(token: str, kind: str) -> Link:
    """The link, without using it. Errors: AskAdmin link_unknown, link_revoked, link_used or link_expired."""
    found = Link.objects.filter(token_hash=_hash(token), kind=kind).select_related("workspace", "created_by").first()
    if found is None:
        raise AskAdmin(
            code="link_unknown",
            sentence=f"This link is not known here. Check that it was copied whole. {_NEW[Link.Kind(kind)]}",
        )
    _refuse(found)
    return found


def use(link: Link) -> None:
    """Uses it up; of several at once one wins. Errors: those of `peek`."""
    won = _open(Link.objects.filter(pk=link.pk)).update(used_at=clock.wall())
    if not won:
        link.refresh_from_db()
        _refuse(link)
        raise AskAdmin(code="link_used", sentence=_sentence("was used already", link))
    link.refresh_from_db()


def revoke(by: Person, link_id: UUID) -> None:
    """Ends a link of a workspace; one that was used or ended stays as it is.

    Errors: NotYours, AskAdmin not_allowed; AskAdmin owners_only for an owner's invitation.
    """
    link = Link.objects.filter(pk=link_id).select_related("workspace").first()
    if link is None or link.workspace is None:
        raise not_yours()
    own = demand(by, link.workspace, "members" if link.kind == Link.Kind.INVITE else "connect")
    if link.role == Role.OWNER and own != Role.OWNER:
        raise owners_only()
    with transaction.atomic():
        if _open(Link.objects.filter(pk=link_id)).update(revoked_at=clock.wall()):
            told = {"for": link.note} if link.note else {}
            audit.note("link.revoked", person=by, workspace=link.workspace, subject=link.kind, detail=told)


def owners_only() -> AskAdmin:
    return AskAdmin(code="owners_only", sentence="Only an owner can make, change or remove an owner. Ask one of them.")


def _made(
    kind: Link.Kind,
    hours: int,
    *,
    workspace: Workspace | None = None,
    role: str = "",
    note: str = "",
    cloud: str = "",
    created_by: Person | None = None,
) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    Link.objects.create(
        kind=kind,
        token_hash=_hash(token),
        workspace=workspace,
        role=role,
        note=note.strip()[:254],
        cloud=cloud,
        created_by_id=None if created_by is None else created_by.pk,
        expires_at=clock.wall() + timedelta(hours=hours),
    )
    return token


def _open(found: QuerySet[Link]) -> QuerySet[Link]:
    return found.filter(used_at=None, revoked_at=None, expires_at__gt=clock.wall())


def _refuse(link: Link) -> None:
    if link.revoked_at is not None:
        raise AskAdmin(code="link_revoked", sentence=_sentence("was revoked", link))
    if link.used_at is not None:
        raise AskAdmin(code="link_used", sentence=_sentence("was used already", link))
    if link.expires_at <= clock.wall():
        raise AskAdmin(code="link_expired", sentence=_sentence("has expired", link))


def _sentence(what: str, link: Link) -> str:
    return f"This link {what}. {_NEW[Link.Kind(link.kind)]}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
