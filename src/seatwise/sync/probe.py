"""What works of a connection and what does not, each with its remedy: the checks of `seatwise doctor`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from seatwise.base import clock
from seatwise.base.errors import SeatwiseError, TryLater
from seatwise.catalog.activity import SIGN_INS, USER_KINDS
from seatwise.catalog.directory import GROUPS, ORGANIZATION, SERVICE_PRINCIPALS
from seatwise.catalog.permissions import FIVE, Permission
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset
from seatwise.lake.places import Places
from seatwise.lake.rows import decoder
from seatwise.microsoft.graph import Graph
from seatwise.sync import apply, lacks, plan
from seatwise.sync.fetch import Form
from seatwise.sync.lacks import REPORTING_ROLES, Standing

State = Literal["ok", "missing", "not_needed", "failed"]
Kind = Literal["token", "tenant", "permission", "role", "licence", "data set", "stored"]
_NUMBER = re.compile(r"AADSTS\d{4,9}")
_GRANT = "Grant it with admin consent under API permissions of the app registration."
_TO_BE_ASKED_ONCE = {"service_principals": SERVICE_PRINCIPALS.name, "app_role_assignments": GROUPS.name}
"""Parent of a fan-out data set → the data set whose first row is good enough for a try."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    remedy:      what to do, empty when there is nothing to do; command: what to type for it on the command line.
    code:        machine word of what failed; permission: the one whose absence is the reason, if it is.
    reference:   Microsoft's number for it, as AADSTS7000215, if it gave one.
    is_passing:  it failed in a way that goes by without anybody's doing.
    """

    name: str
    state: State
    sentence: str
    remedy: str = ""
    kind: Kind = "data set"
    code: str = ""
    permission: str = ""
    is_passing: bool = False
    reference: str = ""
    command: str = ""


@dataclass(slots=True)
class Examined:
    """checks: in the order to show; tenant_name, domains: empty while they could not be read."""

    checks: list[Check] = field(default_factory=list)
    tenant_name: str = ""
    domains: tuple[str, ...] = ()


async def examine(graph: Graph, places: Places, tenant_id: str, *, first_pages: bool = True) -> Examined:
    """Look at everything a sync needs. Whatever fails is a check with its reason, never an error.

    first_pages:  also ask for the first row of every data set; costs three of the report requests.
    """
    found = Examined()
    try:
        token = await graph.tokens.token()
    except SeatwiseError as error:
        found.checks.append(failed_token(error))
        return found
    told = (
        "Microsoft issues a token for the person who signed in." if token.is_delegated else "Microsoft issues a token."
    )
    found.checks.append(Check("Token", "ok", told, kind="token"))
    standing = await _tenant(graph, tenant_id, Standing.of(token), found)
    found.checks += [_permission(permission, token.roles) for permission in FIVE.values()]
    if token.is_delegated:
        found.checks.append(_role(standing))
    found.checks.append(_licence(standing))
    if first_pages:
        found.checks += await _first_pages(graph, standing)
    found.checks += await asyncio.to_thread(_stored, places)
    return found


def failed_token(error: SeatwiseError) -> Check:
    """The check when there is not even a token."""
    return _failed("Token", error, "token")


async def _tenant(graph: Graph, tenant_id: str, standing: Standing, found: Examined) -> Standing:
    try:
        answer = await graph.get_json(ORGANIZATION.path, {"$select": ORGANIZATION.select})
    except SeatwiseError as error:
        found.checks.append(replace(_refused("Tenant", ORGANIZATION, error, standing), kind="tenant"))
        return standing
    rows = answer.get("value")
    row: dict[str, Any] = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    if str(row.get("id", "")).lower() != tenant_id.lower():
        found.checks.append(
            Check(
                "Tenant",
                "failed",
                "Microsoft Graph answered for another tenant.",
                "Check the tenant id.",
                kind="tenant",
                code="tenant_other",
            )
        )
        return standing
    found.tenant_name = str(row.get("displayName") or "")
    domains = [str(one.get("name")) for one in row.get("verifiedDomains") or [] if isinstance(one, dict)]
    told = f"{found.tenant_name} ({tenant_id}), domains: {', '.join(domains) or 'none'}."
    found.domains = tuple(domains)
    found.checks.append(Check("Tenant", "ok", told, kind="tenant"))
    plans = row.get("assignedPlans")
    return replace(standing, has_plan=lacks.has_premium(plans)) if isinstance(plans, list) else standing


def _permission(permission: Permission, roles: frozenset[str]) -> Check:
    name, kind = permission.name, "permission"
    if name in roles:
        return Check(name, "ok", f"granted. {permission.opens}", kind="permission")
    users = [one for one in DATASETS.values() if name in (*one.permissions, *one.permissions_too)]
    covers = {other for one in users for other in one.permissions if other in roles and other in FIVE}
    if all(name in one.permissions and roles.intersection(one.permissions) for one in users):
        told = ", ".join(other for other in FIVE if other in covers)
        return Check(name, "not_needed", f"not granted and not needed: covered by {told}.", kind="permission")
    told = f"not granted. {permission.without}"
    return Check(name, "missing", told, _GRANT, kind="permission", code=f"{kind}_missing", permission=name)


def _role(standing: Standing) -> Check:
    """A person's token opens the logs only with a directory role as well."""
    if standing.may_read_logs:
        return Check("Reporting role", "ok", "The account has a role that may read sign-ins.", kind="role")
    return Check(
        "Reporting role",
        "missing",
        "The account that signed in has no role that may read sign-ins, so usage is unknown.",
        f"Give it one of: {', '.join(REPORTING_ROLES.values())} in Microsoft Entra, then test again.",
        kind="role",
        code="role_missing",
    )


def _licence(standing: Standing) -> Check:
    name = "Premium licence"
    if standing.has_plan:
        return Check(name, "ok", "The tenant has Entra ID P1 or P2, so sign-ins can be read.", kind="licence")
    if standing.has_plan is None:
        return Check(name, "missing", "Unknown, since the tenant's own data could not be read.", _GRANT, kind="licence")
    return Check(
        name,
        "missing",
        "The tenant has neither Entra ID P1 nor P2, so Microsoft gives no sign-ins.",
        "Import exported sign-in logs, or buy one P1 licence.",
        kind="licence",
        code="premium_missing",
        command=lacks.IMPORT,
    )


async def _first_pages(graph: Graph, standing: Standing) -> list[Check]:
    checks, firsts = [], dict[str, str]()
    for dataset in DATASETS.values():
        if dataset.is_extra:
            continue
        parent = _TO_BE_ASKED_ONCE[dataset.parent.dataset] if dataset.parent else None
        if parent is not None and parent not in firsts:
            checks.append(Check(dataset.name, "not_needed", f"was not tried: it takes a row of {parent}."))
            continue
        try:
            n_rows, first = await _first_page(graph, dataset, firsts)
        except SeatwiseError as error:
            checks.append(_refused(dataset.name, dataset, error, standing))
            continue
        if first:
            firsts[dataset.name] = first
        checks.append(Check(dataset.name, "ok", "can be read." if n_rows else "can be read; there is nothing yet."))
    return checks


async def _first_page(graph: Graph, dataset: Dataset, firsts: dict[str, str]) -> tuple[int, str]:
    """Rows of a first page of one, and the id of its first row."""
    params: dict[str, str | int] = {"$select": dataset.select} if dataset.select else {}
    path, headers = dataset.path, None
    if dataset.page_size is not None:
        params["$top"] = 1
    if dataset is SIGN_INS:
        span = plan.Span(clock.now() - plan.NEWEST, clock.now())
        params = Form(is_ordered=False).params("interactiveUser", span) | {"$top": 1}
    if dataset.parent is not None:
        path = path.format(id=firsts[_TO_BE_ASKED_ONCE[dataset.parent.dataset]])
    decode = decoder(dataset)
    pages = graph.walk(path, params, dataset.version, dataset.workload, decode, units=dataset.units, headers=headers)
    async with aclosing(pages):
        async for page in pages:
            rows = page.decoded.rows
            return len(rows), str(getattr(rows[0], "id", "")) if rows else ""
    return 0, ""


def _stored(places: Places) -> list[Check]:
    """How old the stored data are, and how far they reach."""
    reads = {kind: apply.reads(places, kind) for kind in USER_KINDS}
    newest = max((read.read_at for found in reads.values() for read in found), default=None)
    if newest is None:
        told = "No sign-ins have been read yet."
        return [Check("Stored data", "not_needed", told, kind="stored", command=lacks.SYNC)]
    age = clock.now() - newest
    told = f"Sign-ins were last read on {clock.in_words(newest)}, {_span(age.total_seconds())} ago."
    told += f" {_reach([plan.unbroken(found) for found in reads.values()])}"
    return [Check("Stored data", "ok", told, kind="stored")]


def _reach(spans: Sequence[plan.Span | None]) -> str:
    whole = [span for span in spans if span is not None]
    if len(whole) < len(spans):
        return "Not every kind of people's sign-ins has been read."
    start, end = max(span.from_at for span in whole), min(span.to_at for span in whole)
    return f"People's sign-ins are complete from {clock.in_words(start)}, to {clock.in_words(end)}."


def _span(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    if seconds < 5400:
        minutes = round(seconds / 60)
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{seconds / 3600:.0f} hours" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"


def _refused(name: str, dataset: Dataset, error: SeatwiseError, standing: Standing) -> Check:
    if lacks.reason(error, dataset, standing) == "read_failed":
        return _failed(name, error)
    lack = lacks.missing(dataset, error, standing)
    what, _, remedy = lack.sentence.partition(". ")
    return Check(
        name, "missing", f"{what}.", remedy, code=lack.code, permission=lack.permission or "", command=lack.command
    )


def _failed(name: str, error: SeatwiseError, kind: Kind = "data set") -> Check:
    what, _, remedy = error.sentence.partition(". ")
    # A premium refusal counts as passing here: had it been believed, it would have come as `missing`.
    is_passing = isinstance(error, TryLater) or error.code == "premium_missing"
    number = _NUMBER.search(error.detail)
    reference = number.group() if number else ""
    return Check(
        name, "failed", f"{what.rstrip('.')}.", remedy, kind, error.code, is_passing=is_passing, reference=reference
    )
