"""Which path is answered by whom, what opens it and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from entra_sandbox.activity import audits, reports, sign_ins
from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import GraphError, bad_request, no_route
from entra_sandbox.behaviour.meters import ACTIVITY_PER_MINUTE, REPORTS_PER_WINDOW, WINDOW_S
from entra_sandbox.directory import answers, delta, gallery, tenant
from entra_sandbox.state import State

Handler = Callable[[State, Ask, tuple[str, ...]], Answer]
_VERSIONS = ("v1.0", "beta")


@dataclass(frozen=True)
class Route:
    """name: key of the permission table. units: base cost, None for the reporting workload."""

    name: str
    handler: Handler
    units: int | None = 1
    versions: tuple[str, ...] = _VERSIONS
    method: str = "GET"
    arguments: tuple[str, ...] = ()

    def report_limit(self, ask: Ask) -> tuple[str, int, float]:
        """Bucket, requests allowed, seconds. One user's activity has a limit of its own; lists count as reports."""
        if self.name == "/users/{id}":
            return "signInActivity", ACTIVITY_PER_MINUTE, 60.0
        return "reports", REPORTS_PER_WINDOW, WINDOW_S


def _batch(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    raise AssertionError("batches are taken apart before they get here")


_RELATION_UNITS = {"memberof": 2, "transitivememberof": 2, "ownedobjects": 2, "members": 3, "transitivemembers": 5}

_TABLE: dict[str, Route] = {
    "users": Route("/users", answers.listed, 2),
    "users/$count": Route("/users", answers.counted),
    "users/delta": Route("/users/delta", delta.delta),
    "users/{id}": Route("/users/{id}", answers.one),
    "users/{id}/licensedetails": Route("/users/{id}/licensedetails", answers.licences, 2),
    "users/{id}/manager": Route("/users/{id}/manager", answers.manager),
    "groups": Route("/groups", answers.listed),
    "groups/$count": Route("/groups", answers.counted),
    "groups/delta": Route("/groups/delta", delta.delta),
    "groups/{id}": Route("/groups/{id}", answers.one),
    "serviceprincipals": Route("/serviceprincipals", answers.listed),
    "serviceprincipals/$count": Route("/serviceprincipals", answers.counted),
    "serviceprincipals/delta": Route("/serviceprincipals/delta", delta.delta),
    "serviceprincipals/{id}": Route("/serviceprincipals/{id}", answers.one),
    "serviceprincipals/{id}/approleassignments": Route(
        "/serviceprincipals/{id}/approleassignments", answers.relation, 2
    ),
    "applications": Route("/applications", answers.listed, 2),
    "applications/$count": Route("/applications", answers.counted),
    "applications/delta": Route("/applications/delta", delta.delta),
    "applications/{id}": Route("/applications/{id}", answers.one),
    "applicationtemplates/{id}": Route("/applicationtemplates/{id}", gallery.template),
    "oauth2permissiongrants": Route("/oauth2permissiongrants", answers.listed, 2),
    "oauth2permissiongrants/delta": Route("/oauth2permissiongrants/delta", delta.delta),
    "oauth2permissiongrants/{id}": Route("/oauth2permissiongrants/{id}", answers.grant, 2),
    "subscribedskus": Route("/subscribedskus", answers.listed, 3),
    "organization": Route("/organization", tenant.organization),
    "organization/{id}": Route("/organization/{id}", tenant.organization),
    "domains": Route("/domains", tenant.domains),
    "me": Route("/users/{id}", answers.me),
    "directory/deleteditems/{id}": Route("/directory/deleteditems/users", answers.deleted_users),
    "directoryobjects/getbyids": Route("/directoryobjects/getbyids", tenant.by_ids, 5, method="POST"),
    "$batch": Route("$batch", _batch, None, method="POST"),
    "auditlogs/signins": Route("/auditlogs/signins", sign_ins.listed, None),
    "auditlogs/signins/{id}": Route("/auditlogs/signins/{id}", sign_ins.one, None),
    "auditlogs/signineventsappsummary": Route(
        "/auditlogs/signineventsappsummary", reports.app_summary, None, ("beta",)
    ),
    "auditlogs/directoryaudits": Route("/auditlogs/directoryaudits", audits.listed, None),
    "auditlogs/directoryaudits/{id}": Route("/auditlogs/directoryaudits/{id}", audits.one, None),
    "reports/serviceprincipalsigninactivities": Route(
        "/reports/serviceprincipalsigninactivities", reports.principal_activities, None, ("beta",)
    ),
}
for _parent, _relations in {
    "users": "memberof transitivememberof approleassignments oauth2permissiongrants",
    "groups": "members transitivemembers owners memberof approleassignments",
    "serviceprincipals": "approleassignedto oauth2permissiongrants owners memberof",
    "applications": "owners",
}.items():
    for _relation in _relations.split():
        _TABLE[f"{_parent}/{{id}}/{_relation}"] = Route(
            f"/{_parent}/{{id}}/{_relation}", answers.relation, _RELATION_UNITS.get(_relation, 1)
        )


def find(ask: Ask) -> Route:
    """The route of a question with its arguments; raises Graph's refusal for a path it does not know."""
    segments = ask.segments
    low = [segment.lower() for segment in segments]
    route = _TABLE.get("/".join(low)) if low else None
    arguments: tuple[str, ...] = ()
    if route is None and len(low) >= 2:
        route, arguments = _with_id(low, segments)
    if route is None or ask.version not in route.versions:
        raise no_route(segments[-1] if segments else "")
    if ask.method != route.method:
        raise GraphError(
            405, "Request_BadRequest", f"Specified HTTP method is not allowed for the request target: {ask.method}."
        )
    return replace(route, arguments=arguments)


def _with_id(low: list[str], segments: tuple[str, ...]) -> tuple[Route | None, tuple[str, ...]]:
    if low[0] in ("auditlogs", "reports", "directory"):
        route = _TABLE.get(f"{low[0]}/{low[1]}/{{id}}") if len(low) == 3 else None
        if low[0] == "directory" and len(low) == 3 and low[2] not in ("microsoft.graph.user", "graph.user"):
            raise bad_request(f"Unsupported type '{segments[2]}'.")
        return route, tuple(segments[2:3])
    tail = low[2:]
    if tail and tail[-1] == "$count" and len(tail) > 1:
        route = _TABLE.get(f"{low[0]}/{{id}}/{tail[0]}")
        return (replace(route, handler=answers.counted) if route else None), (segments[1],)
    if len(tail) == 2:
        # A cast such as /members/microsoft.graph.user.
        return _TABLE.get(f"{low[0]}/{{id}}/{tail[0]}"), (segments[1],)
    return _TABLE.get("/".join([low[0], "{id}", *tail])), (segments[1],)


def is_report(route: Route, ask: Ask) -> bool:
    """Whether the limit of the reporting workload meets this request."""
    if route.name == "$batch":
        return False
    return route.units is None or (route.name in ("/users", "/users/{id}") and answers.asks_activity(ask))


def units_of(route: Route, ask: Ask) -> int | None:
    """Resource units: -1 for $select, +1 for $expand, -1 for $top under 20, never below 1."""
    if route.units is None:
        return None
    units = route.units - ("$select" in ask.options) + ("$expand" in ask.options)
    top = ask.options.get("$top", "")
    if top.isdigit() and int(top) < 20:
        units -= 1
    return max(1, units)
