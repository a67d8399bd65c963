"""Answers of the usage reports: last activity of every app, and sign-ins counted per app."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from entra_sandbox.activity.days import EVERYTHING, days_of, rows_of
from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import bad_request, lost_log_token
from entra_sandbox.behaviour.permissions import check_logs
from entra_sandbox.directory.entity import show_time
from entra_sandbox.directory.index import index_at
from entra_sandbox.odata.match import compile_filter
from entra_sandbox.odata.options import read_order, read_select, read_top
from entra_sandbox.odata.syntax import parse_filter
from entra_sandbox.state import State
from entra_sandbox.world.shapes import AppActivity, Stamp

MOST = 1000
_ENTITY = "microsoft.graph.servicePrincipalSignInActivity"
_FIELDS = (
    "id",
    "appId",
    "lastSignInActivity",
    "delegatedClientSignInActivity",
    "delegatedResourceSignInActivity",
    "applicationAuthenticationClientSignInActivity",
    "applicationAuthenticationResourceSignInActivity",
)


def principal_activities(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    check_logs(ask.caller, premium=state.premium, needs_premium=True)
    found = index_at(state).activity.apps
    rows = [_activity(app_id, found[app_id]) for app_id in sorted(found)]
    return page_of(state, ask, rows, _FIELDS, _ENTITY, "reports/servicePrincipalSignInActivities")


def _activity(app_id: str, seen: AppActivity) -> dict[str, Any]:
    return {
        "id": base64.b64encode(app_id.encode()).decode(),
        "appId": app_id,
        "lastSignInActivity": _stamp(seen.last),
        "delegatedClientSignInActivity": _stamp(seen.delegated_client),
        "delegatedResourceSignInActivity": _stamp(seen.delegated_resource),
        "applicationAuthenticationClientSignInActivity": _stamp(seen.application_client),
        "applicationAuthenticationResourceSignInActivity": _stamp(seen.application_resource),
    }


def _stamp(stamp: Stamp | None) -> dict[str, Any]:
    return {
        "lastSignInDateTime": show_time(stamp.at) if stamp else None,
        "lastSignInRequestId": stamp.request_id if stamp else None,
    }


def app_summary(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    """Interactive sign-ins per app within the retention."""
    check_logs(ask.caller, premium=state.premium, needs_premium=True)
    key = ("app_summary", state.directory_time())
    if state.cache.get("app_summary_key") != key:
        counts: Counter[str] = Counter()
        question = replace(EVERYTHING, kinds=("interactiveUser",))
        for day in days_of(state, question):
            block, rows = rows_of(state, question, day)
            counts.update(block.columns(["app_id"], rows)["app_id"])
        state.cache["app_summary"], state.cache["app_summary_key"] = counts, key
    tenant = state.world.tenant.id
    counted = sorted(state.cache["app_summary"].items())
    shown = [{"appId": app_id, "signInCount": n, "tenantId": tenant} for app_id, n in counted if app_id]
    return page_of(
        state,
        ask,
        shown,
        ("appId", "signInCount", "tenantId"),
        "microsoft.graph.signInEventsAppActivity",
        "auditLogs/signInEventsAppSummary",
    )


def page_of(
    state: State, ask: Ask, rows: Sequence[dict[str, Any]], known: Sequence[str], entity: str, context: str
) -> Answer:
    """A page of plain rows: filter, order, selection and next link as the reporting workload gives them."""
    if ask.options.get("$filter"):
        test = compile_filter(
            parse_filter(ask.options["$filter"]), lambda row, name: row[name], known, entity, fold=False
        )
        rows = [row for row in rows if test(row)]
    for name, descending in reversed(
        read_order(ask.options["$orderby"], known, entity) if ask.options.get("$orderby") else []
    ):
        rows = sorted(rows, key=lambda row: str(row[name]), reverse=descending)
    chosen = read_select(ask.options["$select"], known, entity) if ask.options.get("$select") else None
    top = read_top(ask.options["$top"], MOST, refuse=False) if ask.options.get("$top") else MOST
    offset = _offset(state, ask)
    payload: dict[str, Any] = {"@odata.context": f"{ask.root}/$metadata#{context}"}
    if offset + top < len(rows):
        kept = sorted((k, v) for k, v in ask.options.items() if k != "$skiptoken")
        token = state.tokens.issue((ask.path.lower(), offset + top), f"{ask.version}{ask.path}|{kept}|{offset}")
        payload["@odata.nextLink"] = ask.link("skiptoken", token)
    page = rows[offset : offset + top]
    payload["value"] = page if chosen is None else [{name: row[name] for name in chosen} for row in page]
    return Answer(payload)


def _offset(state: State, ask: Ask) -> int:
    token = ask.options.get("$skiptoken")
    if token is None:
        return 0
    held = state.tokens.redeem(token)
    if held is None:
        raise lost_log_token()
    if not isinstance(held, tuple) or held[0] != ask.path.lower():
        raise bad_request("Invalid Skip Token")
    return int(held[1])
