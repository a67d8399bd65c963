"""The way back from Microsoft: nothing in the address is believed until session, state and tokens have proved it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.catalog.permissions import FIVE
from seatwise.control import access, audit, vault
from seatwise.control.connections import making, registering, renewing, whereabouts
from seatwise.control.connections.attempts import VERIFIER
from seatwise.control.connections.making import Making
from seatwise.control.connections.reach import Trial, proved_with, tried_with
from seatwise.control.connections.states import shown_code
from seatwise.control.connections.whereabouts import Whereabouts
from seatwise.control.models import Attempt, Connection, Link
from seatwise.microsoft import aadsts, auth, consent
from seatwise.microsoft.login import Login
from seatwise.microsoft.tokens import ANY_ORGANIZATION

_LONGEST = 16_384
_SPREADING_S = (1.0, 3.0)
_ADMIN_NEEDED = frozenset({65001, 90094, 90095})


@dataclass(frozen=True)
class Outcome:
    """How a trip to Microsoft ended.

    state:      waiting, connected, admin_needed (offer the link), declined, refused.
    shown_code: Microsoft's number when there is one, else our word for it: what people search for.
    missing:    permissions that were asked for and not granted.
    """

    state: str
    purpose: str
    code: str = ""
    sentence: str = ""
    shown_code: str = ""
    missing: tuple[str, ...] = ()
    workspace_id: UUID | None = None
    is_connected: bool = False


def outcome(attempt_id: UUID, session_key: str) -> Outcome:
    """What became of an attempt of this very browser session. Errors: AskAdmin callback_unknown, callback_foreign."""
    attempt = Attempt.objects.filter(pk=attempt_id).first()
    if attempt is None:
        raise _unknown()
    if not consent.is_digest_of(attempt.session_hash, session_key):
        raise _foreign()
    told: dict[str, Any] = attempt.outcome or {}
    return Outcome(
        str(told.get("state", "waiting")),
        attempt.purpose,
        str(told.get("code", "")),
        str(told.get("sentence", "")),
        str(told.get("shown_code") or told.get("code", "")),
        tuple(told.get("missing", ())),
        attempt.workspace_id,
        told.get("state") == "connected",
    )


def complete(query: Mapping[str, str], session_key: str) -> Attempt:
    """Takes the browser back. A failure at Microsoft or in the proofs stands in the attempt's outcome.

    query:   the return's parameters, each once.
    Errors:  AskAdmin callback_…: the return does not belong to a sign-in of this session; nothing was touched.
    """
    attempt = _claimed(query, session_key)
    try:
        told = _consented(attempt, query) if attempt.purpose == Attempt.Purpose.CONSENT else _signed_in(attempt, query)
    except SeatwiseError as error:
        told = {"state": "refused", "code": error.code, "sentence": error.sentence, "shown_code": shown_code(error)}
        if error.code in ("admin_needed", "declined"):
            told["state"] = error.code
    except BaseException:
        _write(attempt, {"state": "refused", "code": "stopped", "sentence": "The sign-in was stopped. Start it again."})
        raise
    finally:
        vault.shred(attempt.id)
    return _write(attempt, told)


def _write(attempt: Attempt, told: dict[str, Any]) -> Attempt:
    attempt.outcome = told
    attempt.save(update_fields=["outcome"])
    if told["state"] != "connected":
        audit.note(
            "connect.refused",
            person=attempt.person,
            workspace=attempt.workspace,
            detail={"code": told["code"], "purpose": attempt.purpose},
        )
    return attempt


def _claimed(query: Mapping[str, str], session_key: str) -> Attempt:
    """The attempt this return belongs to, used up from here on. Errors: AskAdmin callback_…."""
    state = query.get("state", "")
    if not state or not session_key or any(len(value) > _LONGEST for value in query.values()):
        raise _unknown()
    attempt = (
        Attempt.objects.select_related("workspace", "person", "link").filter(state_hash=consent.digest(state)).first()
    )
    if attempt is None:
        raise _unknown()
    # Not used up by a stranger: state is secret, and whoever started this may still come back.
    if not consent.is_digest_of(attempt.session_hash, session_key):
        raise _foreign()
    now = clock.wall()
    if Attempt.objects.filter(pk=attempt.pk, used_at__isnull=True).update(used_at=now) != 1:
        raise AskAdmin(
            code="callback_used", sentence="This sign-in has already been completed once. Start it again if it failed."
        )
    if now >= attempt.expires_at:
        vault.shred(attempt.id)
        raise AskAdmin(code="callback_expired", sentence="This sign-in took longer than ten minutes. Start it again.")
    return attempt


def _signed_in(attempt: Attempt, query: Mapping[str, str]) -> dict[str, Any]:
    _raise_told(query)
    code = query.get("code", "")
    if not code or "admin_consent" in query or "tenant" in query:
        raise _odd()
    told = registering.credential(attempt.cloud, attempt.client_id, _tenant(attempt))
    granted, claims = asyncio.run(asyncio.to_thread(_redeemed, attempt, told, code))
    if granted.token.tenant_id != claims.tenant_id:
        raise AskAdmin(
            code="tenant_other",
            sentence="The two answers of this sign-in speak of different tenants, so they were thrown away. "
            "Start the sign-in again.",
        )
    making.check_tenant(attempt.workspace, claims.tenant_id)
    if attempt.purpose == Attempt.Purpose.RECONNECT and attempt.workspace.tenant_id is None:
        raise _odd()
    missing = _missing(granted.token.roles)
    if len(missing) == len(FIVE):
        raise AskAdmin(
            code="consent_missing",
            sentence="None of the permissions was granted. Start again and accept them, or let an administrator do it.",
        )
    if not granted.refresh_token:
        raise AskAdmin(
            code="no_refresh_token",
            sentence="Microsoft gave access for one hour only, so this connection could not stay. "
            "Start again and accept “Maintain access to data you have given it access to”.",
        )
    where = whereabouts.of(attempt)
    trial = asyncio.run(proved_with(where, told, granted.token))

    def seal(connection: Connection) -> None:
        vault.drop(connection.id, "credential")
        renewing.keep(connection.id, connection.tenant_id, granted)

    wish = Making(where, trial, attempt.client_id, Connection.Method.DELEGATED, seal, account=claims.account)
    connection = making.looked_at(attempt.person, making.kept(attempt.person, attempt.workspace, wish))
    return {"state": "connected", "code": connection.code, "sentence": connection.reason, "missing": list(missing)}


def _redeemed(attempt: Attempt, told: auth.Credential, code: str) -> tuple[auth.Granted, consent.Claims]:
    with whereabouts.opened(attempt) as cloud:
        login = Login(cloud, told)
        try:
            granted = login.by_code(code, vault.fetch(attempt.id, VERIFIER), attempt.redirect_uri)
            issuer, keys = login.keys()
        finally:
            login.close()
    claims = consent.checked(granted.id_token, keys, issuer, attempt.client_id, clock.wall())
    if not consent.is_digest_of(attempt.nonce_hash, claims.nonce):
        raise AskAdmin(
            code="id_token_wrong",
            sentence="The answer of the sign-in belongs to another sign-in, so it was thrown away and nothing was "
            "stored. Start the sign-in again.",
            detail="id token: nonce",
        )
    return granted, claims


def _consented(attempt: Attempt, query: Mapping[str, str]) -> dict[str, Any]:
    # Failures, too, come with admin_consent=True: the error is looked at first.
    _raise_told(query)
    if query.get("admin_consent", "").lower() != "true" or "code" in query:
        raise _odd()
    tenant_id = query.get("tenant", "").lower()
    if not auth.GUID.fullmatch(tenant_id) or tenant_id == consent.PERSONAL_TENANT:
        raise _odd()
    making.check_tenant(attempt.workspace, tenant_id)
    # The tenant in the address proves nothing: our own token for it and Graph's word do.
    told = registering.credential(attempt.cloud, attempt.client_id, tenant_id)
    where = whereabouts.of(attempt)
    trial = _proved(where, told)
    if trial.tenant_id != tenant_id or not trial.is_proved:
        raise AskAdmin(
            code="tenant_unproved",
            sentence="It could not be proved which tenant approved the app, so nothing was stored. "
            "Let the administrator approve all five permissions and start again from the link.",
        )
    with transaction.atomic():
        if attempt.link is not None:
            access.use(Link.objects.get(pk=attempt.link.pk))
        wish = Making(where, trial, attempt.client_id, Connection.Method.CONSENTED, _seal_nothing)
        connection = making.kept(attempt.link.created_by if attempt.link else None, attempt.workspace, wish)
    audit.note(
        "connect.consented", workspace=attempt.workspace, tenant_id=tenant_id, subject=trial.tenant_name,
        detail={"link": str(attempt.link_id or "")},
    )  # fmt: skip
    connection = making.looked_at(attempt.link.created_by if attempt.link else None, connection)
    missing = list(_missing(trial.roles))
    return {"state": "connected", "code": connection.code, "sentence": connection.reason, "missing": missing}


def _proved(where: Whereabouts, told: auth.Credential) -> Trial:
    """The tenant's own word. A fresh consent takes Microsoft a moment to spread, so a first refusal is asked again."""
    for wait_s in _SPREADING_S:
        try:
            return asyncio.run(tried_with(where, told))
        except AskAdmin as error:
            if error.code not in ("no_permission", "client_not_found"):
                raise
        time.sleep(wait_s)
    return asyncio.run(tried_with(where, told))


def _seal_nothing(connection: Connection) -> None:
    """The install's registration speaks for this connection; whatever it had of its own goes."""
    vault.shred(connection.id)


def _raise_told(query: Mapping[str, str]) -> None:
    """What Microsoft says went wrong, if it says so."""
    error = query.get("error", "")
    if not error:
        return
    said = {"error": error, "error_description": query.get("error_description", "")}
    numbers = aadsts.numbers(said)
    named = f"AADSTS{numbers[0]}" if numbers else error[:40]
    if _ADMIN_NEEDED.intersection(numbers) or (error == "consent_required" and 65004 not in numbers):
        raise AskAdmin(
            code="admin_needed",
            sentence="This account may not approve the permissions for the company. "
            "Make a link and send it to an administrator of Microsoft Entra; nothing is connected until they approve.",
            detail=named,
        )
    if 65004 in numbers or (error in ("access_denied", "permission_denied") and not numbers):
        raise AskAdmin(
            code="declined",
            sentence="The request was declined at Microsoft, so nothing was connected. Start again once "
            "somebody is ready to approve it.",
            detail=named,
        )
    meaning = aadsts.meaning(said)
    raise AskAdmin(code=meaning.code, sentence=meaning.sentence, detail=named)


def _tenant(attempt: Attempt) -> str:
    """Where the code is redeemed: at the very tenant the browser was sent to."""
    found = registering.needed(attempt.cloud)
    held = attempt.workspace.tenant_id if attempt.purpose == Attempt.Purpose.RECONNECT else None
    return found.tenant or held or ANY_ORGANIZATION


def _missing(granted: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in FIVE if name not in granted)


def _unknown() -> AskAdmin:
    return AskAdmin(
        code="callback_unknown",
        sentence="This return from Microsoft belongs to no sign-in that was started here. Nothing was changed. "
        "Start from Settings → Integrations.",
    )


def _foreign() -> AskAdmin:
    return AskAdmin(
        code="callback_foreign",
        sentence="This sign-in was started in another browser session. Nothing was changed. "
        "Go on in the browser in which it was started, or start again here.",
    )


def _odd() -> AskAdmin:
    return AskAdmin(
        code="callback_odd",
        sentence="What came back from Microsoft does not fit what was asked for, so it was thrown away. "
        "Start the sign-in again.",
    )
