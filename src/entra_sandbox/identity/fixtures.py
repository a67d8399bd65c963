"""Switches of the control endpoint that make every sign-in failure happen on purpose."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from entra_sandbox.identity import people
from entra_sandbox.identity.context import Sandbox
from entra_sandbox.identity.failures import FAILURES
from entra_sandbox.identity.memory import Challenge, Lie, PersonState, PlannedFailure
from entra_sandbox.registrations import Registration, new_secret

Body = Mapping[str, Any]
Change = Callable[[Registration, Body], dict[str, Any] | None]


def apply(sandbox: Sandbox, body: Body) -> dict[str, Any]:
    """Does what body["do"] names; raises ValueError with a sentence when that makes no sense."""
    name = str(body.get("do"))
    if name in _GENERAL:
        return _GENERAL[name](sandbox, body)
    if name in _OF_APPS:
        registration = _registration(sandbox, body)
        told = _OF_APPS[name](registration, body)
        sandbox.registrations.save()
        return {"client_id": registration.client_id, "granted_roles": registration.granted_roles, **(told or {})}
    if name in _OF_PEOPLE:
        person = people.find(sandbox, str(body.get("user")))
        if person is None:
            raise ValueError("user names nobody; give an object id or a user principal name")
        _OF_PEOPLE[name](sandbox.identity.person(person.oid))
        sandbox.identity.save()
        return {"user": person.oid}
    known = sorted([*_GENERAL, *_OF_APPS, *_OF_PEOPLE])
    raise ValueError(f"do is one of {', '.join(known)}")


def _fail(sandbox: Sandbox, body: Body) -> dict[str, Any]:
    code = int(body["code"])
    if code not in FAILURES:
        raise ValueError(f"AADSTS{code} is not in the table")
    client = body.get("client_id")
    planned = PlannedFailure(code, int(body.get("count", 1)), client and str(client).lower(), body.get("retry_after"))
    sandbox.identity.failures.append(planned)
    return {"n": len(sandbox.identity.failures)}


def _lie(sandbox: Sandbox, body: Body) -> dict[str, Any]:
    """The next id token carries these claims; null takes a claim away."""
    sandbox.identity.lies.append(Lie(dict(body.get("claims", {})), bool(body.get("foreign_key"))))
    return {"n": len(sandbox.identity.lies)}


def _clear(sandbox: Sandbox, _: Body) -> dict[str, Any]:
    sandbox.identity.failures.clear()
    sandbox.identity.lies.clear()
    sandbox.identity.challenge = None
    sandbox.identity.people.clear()
    sandbox.identity.save()
    return {"n": 0}


def _challenge(sandbox: Sandbox, body: Body) -> dict[str, Any]:
    wanted = body.get("claims", {"access_token": {"nbf": {"essential": True, "value": str(int(time.time()))}}})
    if not isinstance(wanted, dict):
        raise ValueError("claims is an object")
    sandbox.identity.challenge = Challenge(wanted, bool(body.get("can_be_met", True)))
    return {"claims": wanted}


def _expire_codes(sandbox: Sandbox, _: Body) -> dict[str, Any]:
    for code in sandbox.identity.codes.values():
        code.issued_at = 0.0
    return {"n": len(sandbox.identity.codes)}


def _sign_out(sandbox: Sandbox, _: Body) -> dict[str, Any]:
    n = len(sandbox.identity.sessions)
    sandbox.identity.sessions.clear()
    return {"n": n}


def _registration(sandbox: Sandbox, body: Body) -> Registration:
    registration = sandbox.registrations.get(str(body.get("client_id", sandbox.registrations.default.client_id)))
    if registration is None:
        raise ValueError("client_id names no registration")
    return registration


def _set(name: str, value: bool) -> Change:
    def change(registration: Registration, _: Body) -> None:
        setattr(registration, name, value)

    return change


def _grant(registration: Registration, body: Body) -> None:
    names = set(body["permissions"])
    registration.granted_roles = sorted(names | set(registration.granted_roles))
    registration.granted_scopes = sorted(names | set(registration.granted_scopes))
    registration.permissions = sorted(names | set(registration.permissions))


def _revoke(registration: Registration, body: Body) -> None:
    names = set(body["permissions"])
    registration.granted_roles = sorted(set(registration.granted_roles) - names)
    registration.granted_scopes = sorted(set(registration.granted_scopes) - names)
    registration.user_scopes = {oid: sorted(set(held) - names) for oid, held in registration.user_scopes.items()}


def _forget_consent(registration: Registration, _: Body) -> None:
    registration.granted_roles, registration.granted_scopes, registration.user_scopes = [], [], {}


def _expire_secret(registration: Registration, _: Body) -> None:
    for secret in registration.secrets:
        secret.expires_at = time.time() - 86_400


def _add_secret(registration: Registration, _: Body) -> dict[str, Any]:
    registration.secrets.append(new_secret())
    return {"client_secret": registration.secrets[-1].value, "secret_id": registration.secrets[-1].id}


def _add_certificate(registration: Registration, body: Body) -> None:
    registration.certificates.append(str(body["certificate_pem"]))


def _revoke_sessions(state: PersonState) -> None:
    state.valid_from = time.time()


def _expire_refresh(state: PersonState) -> None:
    state.inactive_before = time.time()


def _require_mfa(state: PersonState) -> None:
    state.mfa_before = time.time()


def _disable_user(state: PersonState) -> None:
    state.disabled = True


def _enable_user(state: PersonState) -> None:
    state.disabled = False


def _delete_user(state: PersonState) -> None:
    state.deleted = True


_GENERAL: dict[str, Callable[[Sandbox, Body], dict[str, Any]]] = {
    "fail": _fail,
    "lie": _lie,
    "clear": _clear,
    "challenge": _challenge,
    "expire_codes": _expire_codes,
    "sign_out": _sign_out,
}
_OF_APPS: dict[str, Change] = {
    "disable_app": _set("disabled", True),
    "enable_app": _set("disabled", False),
    "remove_app": _set("present", False),
    "restore_app": _set("present", True),
    "block": _set("blocked", True),
    "unblock": _set("blocked", False),
    "grant": _grant,
    "revoke": _revoke,
    "forget_consent": _forget_consent,
    "expire_secret": _expire_secret,
    "add_secret": _add_secret,
    "add_certificate": _add_certificate,
}
_OF_PEOPLE: dict[str, Callable[[PersonState], None]] = {
    "revoke_sessions": _revoke_sessions,
    "expire_refresh": _expire_refresh,
    "require_mfa": _require_mfa,
    "disable_user": _disable_user,
    "enable_user": _enable_user,
    "delete_user": _delete_user,
}
