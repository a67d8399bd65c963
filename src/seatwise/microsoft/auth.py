"""Tokens: asked for with a secret or a certificate, kept in memory, renewed before they end, one renewal in flight."""

from __future__ import annotations

import asyncio
import base64
import binascii
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msal
import msgspec
import requests

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError, TryLater
from seatwise.base.logs import masked
from seatwise.microsoft import aadsts, certificates, limits
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.login_wire import LoginWire, unreachable

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
_TRIES = 4
_RENEW_EARLY_S = 300.0
_SHORTEST_LIFE_S, _LONGEST_LIFE_S = 60.0, 26 * 3600.0


@dataclass(frozen=True, slots=True)
class Credential:
    """Who we are towards one tenant.

    tenant_id:    id or verified domain.
    secret:       the client secret's value; or
    certificate:  certificate and private key as PEM text.
    Errors:       AskAdmin when one of them cannot be right; nothing was sent then.
    """

    tenant_id: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not GUID.fullmatch(self.tenant_id) and not _DOMAIN.fullmatch(self.tenant_id):
            raise AskAdmin(
                code="tenant_wrong",
                sentence="The tenant is neither an id nor a domain. Copy the Directory (tenant) ID from the overview.",
            )
        if not GUID.fullmatch(self.client_id):
            raise AskAdmin(
                code="client_id_wrong",
                sentence="The client id is not a GUID. Copy the Application (client) ID from the overview.",
            )
        if self.secret is not None and GUID.fullmatch(self.secret.strip()):
            raise AskAdmin(code=aadsts.SECRET_IS_ID.code, sentence=aadsts.SECRET_IS_ID.sentence)
        if self.certificate:
            certificates.checked(self.certificate)
        elif not self.secret:
            raise AskAdmin(
                code="credential_missing",
                sentence="There is neither a secret nor a certificate. Give one of them.",
            )

    def for_msal(self) -> Any:
        if self.certificate:
            # Without a thumbprint MSAL computes the SHA-256 one and signs with PS256.
            return {"private_key": self.certificate, "public_certificate": self.certificate}
        return self.secret


@dataclass(frozen=True, slots=True)
class Token:
    """An access token for Graph. roles: application permissions granted; ends_at: monotonic seconds."""

    value: str = field(repr=False)
    roles: frozenset[str]
    tenant_id: str
    ends_at: float


class TokenSource:
    """Gives the current token of one registration in one tenant.

    on_event:  called with "asked" before and "got" after each request for a token.
    """

    def __init__(self, cloud: Cloud, credential: Credential, on_event: Callable[[str], None] | None = None) -> None:
        self._cloud, self._credential = cloud, credential
        self.on_event = on_event
        self._token: Token | None = None
        self._app: Any = None
        self._wire: LoginWire | None = None
        self._one_at_a_time = asyncio.Lock()
        self._draw = random.Random()  # noqa: S311 - spreads retries, guards nothing

    @property
    def tenant_id(self) -> str:
        return self._credential.tenant_id

    async def token(self, *, not_this: Token | None = None, claims: str | None = None) -> Token:
        """The current token, renewed shortly before it ends. Callers at the same time share one renewal.

        not_this:  a token Graph has refused; another one is fetched unless somebody already did.
        claims:    what Graph wants of the new one, JSON text.
        Errors:    AskAdmin (secret, consent, …), TryLater (network, service) after a few tries.
        """
        if (token := self._good(not_this)) is not None:
            return token
        async with self._one_at_a_time:
            if (token := self._good(not_this)) is None:
                token = self._token = await self._renewed(claims)
            return token

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def _good(self, not_this: Token | None) -> Token | None:
        token = self._token
        if token is None or token is not_this or time.monotonic() >= token.ends_at - _RENEW_EARLY_S:
            return None
        return token

    async def _renewed(self, claims: str | None) -> Token:
        for attempt in range(1, _TRIES + 1):
            try:
                self._tell("asked")
                token = await asyncio.to_thread(self._ask, claims)
                self._tell("got")
                return token
            except TryLater as error:
                if attempt == _TRIES or error.code == "host_not_found":
                    raise
                await asyncio.sleep(error.wait_s or min(limits.back_off(attempt, self._draw), 5.0))
        raise AssertionError("the loop either returns or raises")

    def _tell(self, event: str) -> None:
        if self.on_event is not None:
            self.on_event(event)

    def _ask(self, claims: str | None) -> Token:
        host = urlsplit(self._cloud.authority).netloc
        try:
            if self._wire is None:
                self._wire = LoginWire(self._cloud)
            if self._app is None:
                self._app = self._made(self._wire)
            # MSAL would answer from its own memory otherwise; we ask only when we want another token.
            self._app.remove_tokens_for_client()
            asked_at = time.monotonic()
            answer = self._app.acquire_token_for_client(scopes=[self._cloud.scope], claims_challenge=claims)
        except requests.exceptions.RequestException as error:
            raise self._failed() or unreachable(error, host) from error
        except SeatwiseError:
            raise
        except Exception as error:
            # MSAL lets whatever json, its own checks and the key parser raise pass through.
            raise self._failed() or self._odd(error) from error
        if "access_token" not in answer:
            raise self._failed() or self._refused(answer)
        return self._read(answer, asked_at)

    def _made(self, wire: LoginWire) -> Any:
        return msal.ConfidentialClientApplication(
            self._credential.client_id,
            client_credential=self._credential.for_msal(),
            authority=f"{self._cloud.authority}/{self._credential.tenant_id}",
            http_client=wire,
            instance_discovery=False if self._cloud.is_custom else None,
            # Its default remembers failures for up to a minute and answers our next try with them.
            http_cache=_Forgetful(),
        )

    def _failed(self) -> SeatwiseError | None:
        """What the last answer on the wire says, when it is an error of the service."""
        last = self._wire.last if self._wire is not None else None
        if last is None or last.status in (0, 200):
            return None
        if last.body.get("error"):
            return self._refused(dict(last.body))
        if last.status == 429 or last.status >= 500:
            return TryLater(
                code="sign_in_busy",
                sentence="Microsoft's sign-in service could not answer just now. It is tried again by itself.",
                detail=f"status {last.status}",
                wait_s=limits.retry_after(last.headers),
            )
        if not last.is_json:
            return self._not_microsoft(f"status {last.status}")
        return None

    def _refused(self, answer: dict[str, Any]) -> SeatwiseError:
        said = aadsts.meaning(answer)
        first_line = re.split(r"[\r\n]| Trace ID:", str(answer.get("error_description", "")))[0]
        detail = self._clean(f"{answer.get('error', '')}: {first_line}")
        if said.family is TryLater:
            headers = self._wire.last.headers if self._wire else {}
            wait_s = limits.retry_after(headers)
            return TryLater(code=said.code, sentence=said.sentence, detail=detail, wait_s=wait_s)
        return said.family(code=said.code, sentence=said.sentence, detail=detail)

    def _odd(self, error: Exception) -> SeatwiseError:
        last = self._wire.last if self._wire is not None else None
        if last is not None and last.status and not last.is_json:
            return self._not_microsoft(f"status {last.status}")
        if last is None or not last.status:
            return Broken(
                code="sign_in_request",
                sentence="The sign-in request could not be made. Nothing was changed; report this.",
                detail=self._clean(f"{type(error).__name__}: {error}"),
            )
        return self._strange(type(error).__name__)

    def _strange(self, detail: str) -> TryLater:
        return TryLater(
            code="sign_in_odd",
            sentence="Microsoft's sign-in service gave an unexpected answer. It is tried again by itself; "
            "if it lasts, check the sign-in address and whether a proxy answers instead of Microsoft.",
            detail=detail,
        )

    def _not_microsoft(self, detail: str) -> SeatwiseError:
        return TryLater(
            code="not_microsoft",
            sentence="Something else answers in place of Microsoft's sign-in service, perhaps a proxy or a login page "
            "of the network. Sign in to the network or correct the proxy, then try again.",
            detail=detail,
        )

    def _read(self, answer: dict[str, Any], asked_at: float) -> Token:
        value = answer["access_token"]
        if not isinstance(value, str) or not value:
            raise self._strange("no token")
        claims = _claims(value)
        if claims is None:
            raise self._strange("not a token of Microsoft Graph")
        life_s = _seconds(answer.get("expires_in"))
        tenant_id, wanted = str(claims.get("tid", "")).lower(), self._credential.tenant_id.lower()
        if not GUID.fullmatch(tenant_id) or (GUID.fullmatch(wanted) and tenant_id != wanted):
            raise AskAdmin(
                code="tenant_other",
                sentence="The sign-in service answered for another tenant, so its token was thrown away. "
                "Check the tenant id and the sign-in address.",
                detail=f"asked for {wanted}, got {tenant_id[:36]}",
            )
        roles = claims.get("roles")
        granted = frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset()
        if not granted:
            raise AskAdmin(
                code="no_permission",
                sentence="The app has no permission in this tenant yet. Add the application permissions under "
                "API permissions of the app registration and let an administrator grant consent.",
            )
        return Token(value, granted, tenant_id, asked_at + life_s)

    def _clean(self, text: str) -> str:
        for secret in (self._credential.secret, self._credential.certificate):
            if secret:
                text = text.replace(secret, "***")
        return masked(text)[:400]


class _Forgetful(dict[str, Any]):
    """A cache that keeps nothing."""

    def __setitem__(self, key: str, value: Any) -> None:
        return None


def _claims(token: str) -> dict[str, Any] | None:
    """The claims of a token, unverified: Graph judges it, we only look at what was granted and where."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None


def _seconds(told: Any) -> float:
    try:
        life_s = float(told)
    except (TypeError, ValueError):
        life_s = 0.0
    # The margin of early renewal comes on top, so that a short life is used at all.
    return min(max(life_s, _SHORTEST_LIFE_S + _RENEW_EARLY_S), _LONGEST_LIFE_S)
