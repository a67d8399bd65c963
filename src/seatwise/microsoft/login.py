"""Questions to the sign-in service, asked through MSAL: tokens for the app, for a code, for a refresh token."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msal
import requests

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.microsoft import login_errors
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.login_wire import LoginWire, unreachable
from seatwise.microsoft.tokens import GUID, Credential, Granted, Token, claims

RENEW_EARLY_S = 300.0
_SHORTEST_LIFE_S, _LONGEST_LIFE_S = 60.0, 26 * 3600.0
_OIDC = frozenset({"openid", "profile", "email", "offline_access"})

Answer = dict[str, Any]


class Login:
    """One registration's way to ask for tokens. Errors of every question: AskAdmin, TryLater, Broken."""

    def __init__(self, cloud: Cloud, credential: Credential) -> None:
        self._cloud, self._credential = cloud, credential
        self._wire: LoginWire | None = None
        self._app: Any = None

    def app_token(self, wanted: str | None = None) -> Token:
        """A token of the app itself, with the application permissions it was granted.

        wanted: claims that Graph asked for in a challenge, JSON text.
        """
        scopes = [self._cloud.scope]
        answer, asked_at = self._asked(lambda app: app.acquire_token_for_client(scopes=scopes, claims_challenge=wanted))
        found, tenant_id = self._claims(answer["access_token"])
        roles = found.get("roles")
        granted = frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset()
        if not granted:
            raise AskAdmin(
                code="no_permission",
                sentence="The app has no permission in this tenant yet. Add the application permissions under "
                "API permissions of the app registration and let an administrator grant consent.",
            )
        return Token(answer["access_token"], granted, tenant_id, asked_at + life_s(answer.get("expires_in")))

    def by_code(self, code: str, verifier: str, redirect_uri: str) -> Granted:
        """What a person's code is worth. A code is never tried twice."""

        def ask(app: Any) -> Answer:
            with warnings.catch_warnings():
                # MSAL would rather keep the whole flow in its own dictionary; ours lies in the database.
                warnings.simplefilter("ignore", DeprecationWarning)
                answer: Answer = app.acquire_token_by_authorization_code(
                    code, scopes=[self._cloud.scope], redirect_uri=redirect_uri, data={"code_verifier": verifier}
                )
                return answer

        return self._granted(*self._asked(ask, hide=(code, verifier)))

    def by_refresh_token(self, refresh_token: str, wanted: str | None = None) -> Granted:
        """A new token for the same person, and a new refresh token. wanted: as in `app_token`."""

        def ask(app: Any) -> Answer:
            # All that was granted, not a list: one scope that was taken back would make the whole renewal fail.
            more = {"data": {"claims": wanted}} if wanted else {}
            answer: Answer = app.acquire_token_by_refresh_token(refresh_token, scopes=[self._cloud.scope], **more)
            return answer

        return self._granted(*self._asked(ask, hide=(refresh_token,)))

    def keys(self) -> tuple[str, list[dict[str, Any]]]:
        """The issuer as the discovery document has it, perhaps with `{tenantid}` in it, and the public signing keys."""
        base = f"{self._cloud.authority}/{self._credential.tenant_id}"
        issuer = self._document(f"{base}/v2.0/.well-known/openid-configuration").get("issuer")
        found = self._document(f"{base}/discovery/v2.0/keys").get("keys")
        if not isinstance(issuer, str) or not isinstance(found, list):
            raise login_errors.strange("no issuer or no keys")
        return issuer, [key for key in found if isinstance(key, dict)]

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def _opened(self) -> LoginWire:
        if self._wire is None:
            self._wire = LoginWire(self._cloud)
        return self._wire

    def _document(self, address: str) -> dict[str, Any]:
        wire = self._opened()
        try:
            wire.get(address)
        except requests.exceptions.RequestException as error:
            raise unreachable(error, urlsplit(address).netloc) from error
        if wire.last.status != 200:
            raise login_errors.of_answer(wire.last, self._secrets()) or login_errors.strange(
                f"status {wire.last.status}"
            )
        return dict(wire.last.body)

    def _asked(self, ask: Callable[[Any], Answer], hide: tuple[str, ...] = ()) -> tuple[Answer, float]:
        """The answer that holds an access token, and when it was asked for (monotonic seconds)."""
        hidden = (*hide, *self._secrets())
        wire = self._opened()
        try:
            if self._app is None:
                self._app = self._made(wire)
            asked_at = time.monotonic()
            answer = ask(self._app)
        except requests.exceptions.RequestException as error:
            host = urlsplit(self._cloud.authority).netloc
            raise login_errors.of_answer(wire.last, hidden) or unreachable(error, host) from error
        except SeatwiseError:
            raise
        except Exception as error:
            # MSAL lets whatever json, its own checks and the key parser raise pass through.
            raise login_errors.of_answer(wire.last, hidden) or login_errors.odd(error, wire.last, hidden) from error
        if "access_token" not in answer:
            raise login_errors.of_answer(wire.last, hidden) or login_errors.refused(answer, wire.last, hidden)
        if not isinstance(answer["access_token"], str) or not answer["access_token"]:
            raise login_errors.strange("no token")
        return answer, asked_at

    def _made(self, wire: LoginWire) -> Any:
        return msal.ConfidentialClientApplication(
            self._credential.client_id,
            client_credential=self._credential.for_msal(),
            authority=f"{self._cloud.authority}/{self._credential.tenant_id}",
            http_client=wire,
            instance_discovery=False if self._cloud.is_custom else None,
            # Its default remembers failures for up to a minute and answers our next try with them.
            http_cache=_Forgetful(),
            # It would answer from its own memory otherwise; we ask only when we want another token.
            token_cache=_NoTokens(),
        )

    def _claims(self, token: str) -> tuple[Answer, str]:
        """The token's claims and its tenant, which has to be the one we asked."""
        found = claims(token)
        if found is None:
            raise login_errors.strange("not a token of Microsoft Graph")
        tenant_id, wanted = str(found.get("tid", "")).lower(), self._credential.tenant_id.lower()
        if not GUID.fullmatch(tenant_id) or (GUID.fullmatch(wanted) and tenant_id != wanted):
            raise AskAdmin(
                code="tenant_other",
                sentence="The sign-in service answered for another tenant, so its token was thrown away. "
                "Check the tenant id and the sign-in address.",
                detail=f"asked for {wanted}, got {tenant_id[:36]}",
            )
        return found, tenant_id

    def _granted(self, answer: Answer, asked_at: float) -> Granted:
        found, tenant_id = self._claims(answer["access_token"])
        told = str(answer.get("scope") or found.get("scp") or "").split()
        scopes = frozenset(name.rpartition("/")[2] for name in told) - _OIDC
        wids = found.get("wids")
        token = Token(
            answer["access_token"],
            scopes,
            tenant_id,
            asked_at + life_s(answer.get("expires_in")),
            is_delegated=True,
            wids=frozenset(map(str, wids)) if isinstance(wids, list) else frozenset(),
        )
        return Granted(token, str(answer.get("refresh_token") or ""), str(answer.get("id_token") or ""))

    def _secrets(self) -> tuple[str, ...]:
        return tuple(text for text in (self._credential.secret, self._credential.certificate) if text)


class _Forgetful(dict[str, Any]):
    """A cache that keeps nothing."""

    def __setitem__(self, key: str, value: Any) -> None:
        return None


class _NoTokens(msal.TokenCache):  # type: ignore[misc]  # MSAL has no types
    """A token cache that keeps nothing."""

    def add(self, event: Any, now: Any = None) -> None:
        return None


def life_s(told: Any) -> float:
    """How long a token counts as good: what was told, within bounds. The margin of early renewal comes on top."""
    try:
        seconds = float(told)
    except (TypeError, ValueError):
        seconds = 0.0
    return min(max(seconds, _SHORTEST_LIFE_S + RENEW_EARLY_S), _LONGEST_LIFE_S)
