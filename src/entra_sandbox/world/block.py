"""A day's sign-in records, sorted, and how their numbers read as text."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import I64, Strings, fraction, guid, guid_texts
from entra_sandbox.world.crowd import DAY_US, EPOCH, Crowd, microseconds
from entra_sandbox.world.records import N_ADDRESSES, N_GUESSES, NON_INTERACTIVE, Records
from entra_sandbox.world.rhythm import PLACES
from entra_sandbox.world.shapes import KINDS, ZERO, SignIn, Tenant

REASONS = {
    0: "Other.", 50034: "The user account does not exist in the directory.", 50053: "The account is locked.",
    50057: "The user account is disabled.", 50074: "Strong authentication is required.",
    50076: "Multifactor authentication is required.",
    50105: "The signed in user is not assigned to a role for the application.", 50126: "Invalid username or password.",
    50140: "Interrupt: keep me signed in.", 53003: "Access has been blocked by Conditional Access policies.",
    65001: "The user or administrator has not consented to use the application.",
    500121: "Authentication failed during strong authentication request.",
    7000112: "The application is disabled.", 7000222: "The provided client secret keys are expired.",
}  # fmt: skip
# (share of 100, clientAppUsed, userAgent, browser, operatingSystem)
_DEVICES = (
    (40, "Browser", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Edge 140.0", "Windows10"),
    (20, "Browser", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6)", "Safari 18.1", "MacOs"),
    (
        20,
        "Mobile Apps and Desktop clients",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X)",
        "Mobile Safari",
        "Ios 18.2.1",
    ),
    (10, "Mobile Apps and Desktop clients", "Dalvik/2.1.0 (Linux; U; Android 15)", "", "Android 15"),
    (8, "Browser", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0)", "Firefox 130.0", "Linux"),
    (2, "IMAP4", "", "", ""),
    (1, "", "", "", ""),
)
_NAMES = tuple(f.name for f in fields(SignIn))


def _objects(texts: Iterable[str]) -> Strings:
    found = list(texts)
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array


class Tables:
    """What each code reads as; a person's code counts back from the end when nobody or unknown."""

    def __init__(self, tenant: Tenant, crowd: Crowd, apps: list[App], seed: int) -> None:
        guesses = [
            f"{n}@{tenant.domain}"
            for n in ["admin", "test", "info", "scanner", "backup", "office", "sales", "root", "helpdesk", "print"]
        ]
        guesses = (guesses * 2)[:N_GUESSES][::-1]
        ends = [ZERO] * N_GUESSES
        people = crowd.people
        self.tenant, self.home, self.other = tenant, tenant.id, guid(seed, "partner tenant")
        self.user_id = _objects([p.id for p in people] + ends + [""])
        self.upn = _objects([p.sign_in_name for p in people] + guesses + [""])
        self.user_type = _objects(["guest" if p.is_guest else "member" for p in people] + ["member"] * N_GUESSES + [""])
        self.user_name = _objects([p.name for p in people] + guesses + [""])
        self.former_user_name = _objects([p.former_name or p.name for p in people] + guesses + [""])
        renamed = [microseconds(p.renamed_at) if p.former_name else 0 for p in people]
        self.renamed_us: I64 = np.array(renamed + [0] * (N_GUESSES + 1), dtype=np.int64)
        self.app_id = _objects(a.app_id for a in apps)
        self.app_name = _objects(a.name for a in apps)
        self.former_app_name = _objects(a.former_name or a.name for a in apps)
        self.app_is_gone = np.array([a.principal_id is None for a in apps])
        self.owner = _objects(a.owner or "" for a in apps)
        self.principal_id = _objects(a.principal_id or "" for a in apps)
        self.protocol = _objects("saml20" if a.sso == "saml" else "oAuth2" for a in apps)
        self.address = _objects(_address(seed, n) for n in range(N_ADDRESSES))
        self.city, self.state, self.country = (_objects(str(p[i]) for p in PLACES) for i in range(3))
        rows = [device for device in _DEVICES for _ in range(int(device[0]))]
        self.client, self.agent, self.browser, self.system = (_objects(str(d[i]) for d in rows) for i in range(1, 5))


def _address(seed: int, n: int) -> str:
    if n % 9 == 0:
        return f"2001:db8:{n:x}::{int(fraction(seed, 'address', n) * 65535):x}"
    return f"{('203.0.113', '198.51.100', '192.0.2')[n % 3]}.{n // 3 + 1}"


class Block:
    """One UTC day of the sign-in log, ascending by created_at in microseconds, then id; not filtered by arrival.

    Columns of numbers are attributes (created_us, arrived_us, kind, person, app, resource, error, …, see Records).
    """

    def __init__(self, day: date, records: Records, tables: Tables) -> None:
        order = np.lexsort((records.id_lo, records.id_hi, records.created_us))
        self.day, self.records, self._tables = day, records.take(order), tables

    def __len__(self) -> int:
        return len(self.records)

    def __getattr__(self, name: str) -> Any:
        if name == "records":
            raise AttributeError(name)
        return getattr(self.records, name)

    def visible(self, as_of: datetime) -> NDArray[np.bool_]:
        """Which records exist and have arrived at a moment."""
        us = microseconds(as_of)
        seen: NDArray[np.bool_] = (self.records.created_us < us) & (self.records.arrived_us <= us)
        return seen

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.integer] | None = None) -> list[SignIn]:
        columns = self.columns(_NAMES, chosen)
        return [SignIn(*row) for row in zip(*(columns[n] for n in _NAMES), strict=True)]

    def row(self, i: int) -> SignIn:
        return self.rows(np.array([i]))[0]

    def columns(
        self, names: Iterable[str], chosen: NDArray[np.bool_] | NDArray[np.integer] | None = None
    ) -> dict[str, list[Any]]:
        """The wanted fields of SignIn, each as a list with one entry per record."""
        r = self.records if chosen is None else self.records.take(chosen)  # type: ignore[arg-type]  # any kind of index
        return {name: _READ[name](r, self._tables) for name in names}


def _moments(us: I64) -> list[datetime]:
    return [EPOCH + timedelta(microseconds=n) for n in us.tolist()]


def _user_names(r: Records, t: Tables) -> list[str]:
    names = np.where(r.created_us < t.renamed_us[r.person], t.former_user_name[r.person], t.user_name[r.person])
    return list(names.tolist())


def _app_names(r: Records, t: Tables) -> list[str]:
    """Applications without a principal change their name now and then, and a few of their records carry none."""
    is_former = (r.created_us // (17 * DAY_US)) % 2 == 1
    names = np.where(is_former & t.app_is_gone[r.app], t.former_app_name[r.app], t.app_name[r.app])
    blank = t.app_is_gone[r.app] & (r.id_lo % np.uint64(11) == 0)
    return list(np.where(blank, "", names).tolist())


def _token_ids(r: Records, t: Tables) -> list[str]:
    return [base64.urlsafe_b64encode(n.to_bytes(16, "big"))[:22].decode() for n in _wide(r.id_lo, r.session)]


def _wide(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> list[int]:
    return [(a << 64) | b for a, b in zip(high.tolist(), low.tolist(), strict=True)]


def _correlations(r: Records, t: Tables) -> list[str]:
    texts = guid_texts(r.correlation_hi, r.correlation_lo)
    for i in np.flatnonzero(r.correlation_hi == 0).tolist():
        texts[i] = ""
    return texts


def _by(table: str, code: str) -> Callable[[Records, Tables], list[Any]]:
    return lambda r, t: list(getattr(t, table)[getattr(r, code)].tolist())


def _of_workloads(table: str) -> Callable[[Records, Tables], list[Any]]:
    return lambda r, t: list(np.where(r.kind > NON_INTERACTIVE, getattr(t, table)[r.app], "").tolist())


_KIND = _objects(KINDS)
_READ: dict[str, Callable[[Records, Tables], list[Any]]] = {
    "id": lambda r, t: guid_texts(r.id_hi, r.id_lo),
    "created_at": lambda r, t: _moments(r.created_us),
    "arrived_at": lambda r, t: _moments(r.arrived_us),
    "kind": lambda r, t: list(_KIND[r.kind].tolist()),
    "user_id": _by("user_id", "person"),
    "user_display_name": _user_names,
    "user_principal_name": _by("upn", "person"),
    "user_type": _by("user_type", "person"),
    "app_id": _by("app_id", "app"),
    "app_display_name": _app_names,
    "app_owner_tenant_id": _by("owner", "app"),
    "resource_id": _by("app_id", "resource"),
    "resource_display_name": _by("app_name", "resource"),
    "resource_tenant_id": lambda r, t: list(np.where(r.is_foreign, t.other, t.home).tolist()),
    "home_tenant_id": lambda r, t: [t.home] * len(r),
    "error_code": lambda r, t: list(r.error.tolist()),
    "failure_reason": lambda r, t: [REASONS[code] for code in r.error.tolist()],
    "correlation_id": _correlations,
    "ip_address": _by("address", "address"),
    "client_app_used": _by("client", "device"),
    "user_agent": _by("agent", "device"),
    "browser": _by("browser", "device"),
    "operating_system": _by("system", "device"),
    "city": _by("city", "place"),
    "state": _by("state", "place"),
    "country": _by("country", "place"),
    "service_principal_id": _of_workloads("principal_id"),
    "service_principal_name": _of_workloads("app_name"),
    "authentication_protocol": _by("protocol", "app"),
    "incoming_token_type": lambda r, t: list(np.where(r.kind == NON_INTERACTIVE, "refreshToken", "none").tolist()),
    "session_id": lambda r, t: guid_texts(r.session, r.id_lo ^ r.session),
    "unique_token_identifier": _token_ids,
    "is_interactive": lambda r, t: list((r.kind == 0).tolist()),
    "original_request_id": lambda r, t: guid_texts(r.id_hi, r.id_lo),
}
