"""The way in: who asks, what a fault does to them, what it costs, what was answered."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from entra_sandbox import identity
from entra_sandbox.behaviour import respond
from entra_sandbox.behaviour.ask import Answer, Ask, Caller, options_of, segments_of
from entra_sandbox.behaviour.errors import GraphError, expired_page, premium_missing
from entra_sandbox.behaviour.faults import Fault
from entra_sandbox.behaviour.keys import STATE
from entra_sandbox.behaviour.permissions import check
from entra_sandbox.behaviour.routes import Route, find, is_report, units_of
from entra_sandbox.behaviour.spoil import spoil
from entra_sandbox.state import State

_STATUS_CODES = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "Request_ResourceNotFound",
    410: "resyncRequired",
    429: "TooManyRequests",
    500: "InternalServerError",
    502: "UnknownError",
    503: "serviceNotAvailable",
    504: "GatewayTimeout",
}


_NOTED = frozenset({"prefer", "consistencylevel", "x-ms-throttle-priority", "client-request-id", "accept-encoding"})


async def graph(request: web.Request) -> web.StreamResponse:
    state = request.app[STATE]
    ids = _ids(request.headers)
    raw_path, _, raw_query = request.raw_path.partition("?")
    address = request.path_qs
    fault = state.faults.meet(request.path + ("?" + request.query_string if request.query_string else ""))
    if fault is not None and fault.kind == "reset":
        _note(state, request.method, request.path, 0, None)
        respond.reset(request)
        return web.Response()
    caller = identity.authenticate(request, state)
    if isinstance(caller, web.StreamResponse):
        _note(state, request.method, request.path, caller.status, None)
        return caller
    version, _, path = raw_path.lstrip("/").partition("/")
    answer, units = None, None
    try:
        body = await _body(request)
        ask = Ask(
            request.method,
            version.lower(),
            segments_of(path),
            options_of(raw_query),
            {k.lower(): v for k, v in request.headers.items()},
            caller,
            _origin(request),
            "/" + path,
            raw_query,
            body,
        )
        # One thread beside the loop: a slow question does not keep others from signing in, and answers stay in order.
        answer, units = await asyncio.get_running_loop().run_in_executor(
            state.worker, answer_one, state, ask, fault, ids
        )
    except GraphError as refusal:
        answer = refused(refusal, ids)
    headers = respond.headers_of(answer, *ids)
    if state.limits == "off":
        # Microsoft never says so; a client that keeps the documented limits by itself may go faster here.
        headers["X-Sandbox-Limits"] = "off"
    headers["Server"] = "Sandbox"
    _note(state, request.method, address, answer.status, units, headers=request.headers)
    return await respond.send(request, answer, headers, fault)


def answer_one(state: State, ask: Ask, fault: Fault | None, ids: tuple[str, str]) -> tuple[Answer, int | None]:
    """The answer and the resource units it cost (None for reports); refusals are answers too."""
    units: int | None = None
    try:
        if len(ask.segments) > 1 and ask.segments[0].lower() == "me":
            # What opens and costs `/users/{id}/…` does so for `/me/…`.
            ask = replace(ask, segments=("users", ask.caller.oid, *ask.segments[1:]))
        route = find(ask)
        units = units_of(route, ask)
        headers = _meter(state, ask, route, units)
        if fault is not None:
            _refuse_by(fault, ask)
        if route.name == "$batch":
            return batch(state, ask, ids), None
        check(ask.caller, route.name)
        answer = route.handler(state, ask, route.arguments)
        answer.headers = {**headers, **answer.headers}
    except GraphError as refusal:
        return refused(refusal, ids), units
    if fault is not None and answer.encoded is None:
        own = f"{ask.root}{ask.path}" + (f"?{ask.query}" if ask.query else "")
        answer.payload = spoil(answer.payload, fault, own)
    return answer, units


def _meter(state: State, ask: Ask, route: Route, units: int | None) -> dict[str, str]:
    """Counts the request, and refuses it where the documented limits do. Gives the headers that tell."""
    now = time.monotonic()
    app, tenant = ask.caller.app_id, ask.caller.tenant_id
    if is_report(route, ask):
        state.requests.report_times.append(now)
        if state.limits == "documented":
            try:
                bucket, allowed, seconds = route.report_limit(ask)
                state.meters.take(bucket, app, tenant, 1, allowed, seconds)
            except GraphError:
                state.requests.n_report_refusals += 1
                raise
        return {}
    if units is None:
        return {}
    state.requests.unit_times.append((now, units))
    headers = {"x-ms-resource-unit": str(units)}
    if state.limits == "documented":
        share = state.meters.take("directory", app, tenant, units, state.units_allowed())
        if share > 0.8:
            headers["x-ms-throttle-limit-percentage"] = f"{share:.2f}"
    return headers


def _refuse_by(fault: Fault, ask: Ask) -> None:
    if fault.kind == "premium_error":
        raise premium_missing()
    if fault.kind == "expired_token":
        if "$skiptoken" in ask.options:
            raise expired_page()
        return
    if fault.kind == "status":
        headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
        error = fault.body or {}
        status = fault.status or 503
        raise GraphError(
            status,
            error.get("code", _STATUS_CODES.get(status, "UnknownError")),
            error.get("message", "The service is not available just now."),
            headers,
        )


def batch(state: State, ask: Ask, ids: tuple[str, str]) -> Answer:
    """Every part is authorised, metered and failed on its own; answers come in another order than the parts."""
    parts = ask.body.get("requests") if isinstance(ask.body, dict) else None
    if not isinstance(parts, list):
        raise GraphError(400, "BadRequest", "Invalid batch payload format.")
    if len(parts) > 20:
        raise GraphError(400, "BadRequest", "Number of batch request steps exceeds the maximum value of 20.")
    names = [str(part.get("id", "")).lower() for part in parts if isinstance(part, dict)]
    if len(names) != len(parts) or "" in names or len(set(names)) != len(names):
        raise GraphError(400, "BadRequest", "Invalid batch: every request needs an id of its own.")
    failed: set[str] = set()
    answers = [_part(state, ask, part, ids, failed) for part in parts]
    # Seeded by the parts themselves: shuffled as the service does, yet the same in every run.
    order = sorted(range(len(answers)), key=lambda i: uuid.uuid5(uuid.NAMESPACE_URL, f"{names[i]}{len(names)}").int)
    return Answer({"responses": [answers[i] for i in order]}, content_type="application/json")


def _part(state: State, ask: Ask, part: dict[str, Any], ids: tuple[str, str], failed: set[str]) -> dict[str, Any]:
    if any(str(name).lower() in failed for name in part.get("dependsOn") or ()):
        failed.add(str(part["id"]).lower())
        refusal = GraphError(424, "FailedDependency", "The request failed because it depends on another request.")
        return {"id": part["id"], "status": 424, "headers": {}, "body": refusal.body(*ids)}
    url = str(part.get("url", ""))
    raw_path, _, raw_query = url.partition("?")
    path = "/" + raw_path.lstrip("/")
    headers = {str(k).lower(): str(v) for k, v in (part.get("headers") or {}).items()}
    fault = state.faults.meet(f"/{ask.version}{path}" + (f"?{raw_query}" if raw_query else ""))
    try:
        inner = replace(
            ask,
            method=str(part.get("method", "GET")).upper(),
            segments=segments_of(path),
            path=path,
            options=options_of(raw_query),
            headers=headers,
            query=raw_query.replace(" ", "%20"),
            body=part.get("body"),
        )
        if inner.segments[:1] == ("$batch",):
            raise GraphError(400, "BadRequest", "A batch cannot hold a batch.")
        answer, units = answer_one(state, inner, fault, ids)
    except GraphError as refusal:
        answer, units = refused(refusal, ids), None
    _note(
        state,
        inner_method(part),
        f"/{ask.version}{path}" + (f"?{raw_query}" if raw_query else ""),
        answer.status,
        units,
        within=True,
    )
    if answer.status >= 400:
        failed.add(str(part["id"]).lower())
    return {
        "id": part["id"],
        "status": answer.status,
        "headers": {
            "Cache-Control": "no-cache",
            "OData-Version": "4.0",
            "Content-Type": answer.content_type,
            **answer.headers,
        },
        "body": answer.payload,
    }


def inner_method(part: Mapping[str, Any]) -> str:
    return str(part.get("method", "GET")).upper()


def refused(refusal: GraphError, ids: tuple[str, str]) -> Answer:
    return Answer(refusal.body(*ids), refusal.status, dict(refusal.headers), "application/json")


async def _body(request: web.Request) -> Any:
    if not request.can_read_body:
        return None
    try:
        return await request.json()
    except ValueError as problem:
        raise GraphError(
            400,
            "BadRequest",
            "Unable to read JSON request payload. Please ensure Content-Type header is "
            "set and payload is of valid JSON format.",
        ) from problem


def _ids(headers: Mapping[str, str]) -> tuple[str, str]:
    request_id = str(uuid.uuid4())
    return request_id, headers.get("client-request-id", request_id)


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _note(
    state: State,
    method: str,
    path: str,
    status: int,
    units: int | None,
    *,
    within: bool = False,
    headers: Mapping[str, str] | None = None,
) -> None:
    seen = state.requests
    seen.by_path[path.partition("?")[0]] += 1
    seen.n_refusals += status == 429
    seen.log.append(
        {
            "at": state.wall().isoformat(),
            "method": method,
            "path": path,
            "status": status,
            "units": units,
            "in_batch": within,
            "headers": {name: value for name, value in (headers or {}).items() if name.lower() in _NOTED},
        }
    )


__all__ = ["Caller", "answer_one", "graph"]
