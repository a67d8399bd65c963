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
from seatwise.control.access.rights import Role, demand, may_reset_password, not_yours
from seatwise.control.models import Link, Membership, Person, Workspace

OWNER_H: Final = 24
INVITE_H: Final = 7 * 24
CONSENT_MAX_H: Final = 7 * 24
PASSWORD_H: Final = 24
_TOKEN_BYTES: Final = 32
_NEW: Final = {
    Link.Kind.OWNER: "On the server, make a new one with: seatwise owner-link",
    Link.Kind.INVITE: "Ask whoever invited you for a new one.",
    Link.Kind.CONSENT: "Ask whoever sent it for a new one.",
    Link.Kind.PASSWORD: "Ask an owner or admin for a new one.",
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


def password_link(by: Person, workspace: Workspace, person_id: UUID) -> str:
    """The token of a link with which a member chooses a new password, good for a day; older ones of theirs end.

    Errors: NotYours, AskAdmin not_allowed; AskAdmin not_this_person when `may_reset_password` says no.
    """
    demand(by, workspace, "members")
    with transaction.atomic():
        # Locked, so that of two links made at once the older one ends, and no company is joined meanwhile.
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        found = Membership.objects.filter(workspace=workspace, person_id=person_id).first()
        if person is None or found is None:
            raise not_yours()
        if not may_reset_password(by, person):
            raise AskAdmin(
                code="not_this_person",
                sentence="You cannot make a password link for this person. For an owner, another owner can; for "
                "somebody of several companies, who owns all of them; your own password you change on your own page.",
            )
        end_password_links(person)
        token = _made(
            Link.Kind.PASSWORD,
            PASSWORD_H,
            workspace=workspace,
            role=found.role,
            note=person.email,
            created_by=by,
            person=person,
        )
        told = {"for": person.email}
        audit.note("link.made", person=by, workspace=workspace, subject=Link.Kind.PASSWORD, detail=told)
    return token


def end_password_links(person: Person) -> None:
    """Those that were made for them no longer work: a newer one was made, or the password was changed."""
    made = Link.objects.filter(kind=Link.Kind.PASSWORD, person_id=person.pk)
    _open(made).update(revoked_at=clock.wall())


def links(workspace: Workspace, kind: str) -> list[Link]:
    """Those that still work, newest first."""
    found = _open(Link.objects.filter(workspace=workspace, kind=kind)).select_related("created_by", "person")
    return [link for link in found.order_by("-created_at") if _holds(link)]


def peek(token: str, kind: str) -> Link:
    """The link, without using it. Errors: AskAdmin link_unknown, link_revoked, link_used, link_expired or link_void."""
    known = Link.objects.filter(token_hash=_hash(token), kind=kind)
    found = known.select_related("workspace", "created_by", "person").first()
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

    Errors: NotYours, AskAdmin not_allowed; AskAdmin owners_only for an owner's invitation or password.
    """
    link = Link.objects.filter(pk=link_id).select_related("workspace").first()
    if link is None or link.workspace is None:
        raise not_yours()
    own = demand(by, link.workspace, "connect" if link.kind == Link.Kind.CONSENT else "members")
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
    person: Person | None = None,
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
        person=person,
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
    if not _holds(link):
        raise AskAdmin(
            code="link_void", sentence=_sentence("does not hold any more: roles have changed since it was made", link)
        )


def _holds(link: Link) -> bool:
    """A password link only as long as who made it might still make it: its person may have become more since."""
    if link.kind != Link.Kind.PASSWORD:
        return True
    return link.created_by is not None and link.person is not None and may_reset_password(link.created_by, link.person)


def _sentence(what: str, link: Link) -> str:
    return f"This link {what}. {_NEW[Link.Kind(link.kind)]}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
