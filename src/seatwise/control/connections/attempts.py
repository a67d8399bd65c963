"""Sends a browser to Microsoft: an attempt is written down, and only its hash of `state` can find it again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.catalog.permissions import FIVE
from seatwise.control import access, audit, vault
from seatwise.control.connections import registering, whereabouts
from seatwise.control.connections.registering import RegistrationFacts
from seatwise.control.models import Attempt, Connection, DataKey, Link, Person, Registration, Workspace
from seatwise.microsoft import consent

LIFE = timedelta(minutes=10)
VERIFIER = "verifier"


def begin_sign_in(
    workspace: Workspace, person: Person, session_key: str, cloud: str, purpose: str, redirect_uri: str
) -> tuple[str, UUID]:
    """The address at Microsoft, for a top-level navigation or a pop-up, and the attempt it belongs to.

    purpose:  "connect", or "reconnect" for the tenant the workspace holds.
    Errors:   AskAdmin registration_missing, cloud_unknown, attempt_odd; those of the vault.
    """
    if purpose not in (Attempt.Purpose.CONNECT, Attempt.Purpose.RECONNECT) or not session_key:
        raise AskAdmin(code="attempt_odd", sentence="This sign-in was not started properly. Start it again.")
    found = registering.needed(cloud)
    pkce, nonce = consent.pkce(), consent.random_word()
    attempt, state = _written(workspace, session_key, found, purpose, redirect_uri, nonce=nonce, person=person)
    vault.store(attempt.id, "install", VERIFIER, pkce.verifier)
    audit.note("connect.started", person=person, workspace=workspace, subject=found.client_id, detail={"way": "oauth2"})
    held = workspace.tenant_id if purpose == Attempt.Purpose.RECONNECT else None
    with whereabouts.opened(attempt) as place:
        address = consent.authorize_address(
            place,
            found.tenant or held or found.sign_in_tenant,
            found.client_id,
            redirect_uri,
            FIVE,
            state=state,
            nonce=nonce,
            challenge=pkce.challenge,
            prompt="consent" if _lacks_consent(workspace) else "select_account",
        )
    return address, attempt.id


def begin_consent(link_token: str, session_key: str, redirect_uri: str) -> str:
    """The address at which an administrator approves the app for the workspace of the link.

    Errors: AskAdmin link_unknown, link_used, link_expired, link_revoked, registration_missing.
    """
    link = access.peek(link_token, Link.Kind.CONSENT)
    if link.workspace is None or not session_key:
        raise AskAdmin(code="link_unknown", sentence="This link leads nowhere. Ask for a new one.")
    found = registering.needed(link.cloud or "global")
    attempt, state = _written(link.workspace, session_key, found, Attempt.Purpose.CONSENT, redirect_uri, link=link)
    audit.note(
        "connect.started",
        workspace=link.workspace,
        subject=found.client_id,
        detail={"way": "consent", "link": str(link.id)},
    )
    with whereabouts.opened(attempt) as place:
        tenant = found.tenant or link.workspace.tenant_id or found.sign_in_tenant
        return consent.admin_consent_address(place, tenant, found.client_id, redirect_uri, state=state)


def sweep() -> None:
    """Forgets the verifiers of attempts that are over, and attempts of days past."""
    now = clock.wall()
    over = Attempt.objects.filter(expires_at__lt=now).values_list("id", flat=True)
    for attempt_id in DataKey.objects.filter(pk__in=list(over)).values_list("id", flat=True):
        vault.shred(attempt_id)
    Attempt.objects.filter(expires_at__lt=now - timedelta(days=7)).delete()


def _written(
    workspace: Workspace,
    session_key: str,
    found: RegistrationFacts,
    purpose: str,
    redirect_uri: str,
    *,
    nonce: str = "",
    person: Person | None = None,
    link: Link | None = None,
) -> tuple[Attempt, str]:
    sweep()
    now, state = clock.wall(), consent.random_word()
    attempt = Attempt(
        purpose=purpose,
        state_hash=consent.digest(state),
        session_hash=consent.digest(session_key),
        nonce_hash=consent.digest(nonce) if nonce else "",
        workspace=workspace,
        registration=Registration.objects.filter(cloud=found.cloud).first(),
        link=link,
        person=person,
        client_id=found.client_id,
        redirect_uri=redirect_uri,
        created_at=now,
        expires_at=now + LIFE,
    )
    whereabouts.write_down(whereabouts.named(found.cloud), attempt)
    attempt.save()
    return attempt, state


def _lacks_consent(workspace: Workspace) -> bool:
    """Microsoft asks again for what was declined only when it is told to."""
    connection = Connection.objects.filter(workspace=workspace, method=Connection.Method.DELEGATED).first()
    return connection is not None and connection.code in ("consent_missing", "permission_missing")
