"""The control endpoint: moves the world's clock and switches faults, for tests and for people who try things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from entra_sandbox import identity
from entra_sandbox.behaviour.meters import highest
from entra_sandbox.behaviour.plants import PLANTS
from entra_sandbox.state import State


def parse_time(text: str) -> datetime:
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def show_time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def description(state: State) -> dict[str, Any]:
    return {
        "graph": state.graph_url,
        "authority": state.graph_url,
        "pages": state.pages_base,
        "tenant_id": state.world.tenant.id,
        "tenant_name": state.world.tenant.name,
        "as_of": show_time(state.as_of()),
        "premium": state.premium,
        "limits": state.limits,
        "plants": sorted(state.plants),
        "faults": [
            {"path": f.path, "kind": f.kind, "status": f.status, "count": f.count, "skip": f.skip, "n_met": f.n_met}
            for f in state.faults.switched
        ],
        **state.settings,
    }


def requests_made(state: State) -> dict[str, Any]:
    seen = state.requests
    reports = [(at, 1) for at in seen.report_times]
    return {
        "by_path": dict(seen.by_path),
        "reports": {"n": len(reports), "max_in_10s": highest(reports), "n_429": seen.n_report_refusals},
        "units": {"n": sum(units for _, units in seen.unit_times), "max_in_10s": highest(seen.unit_times)},
        "n_429": seen.n_refusals,
        "tokens": dict(state.identity.requests),
        "log": list(seen.log),
    }


def routes(state: State) -> list[web.RouteDef]:
    async def show(_: web.Request) -> web.Response:
        return web.json_response(description(state))

    async def show_requests(_: web.Request) -> web.Response:
        return web.json_response(requests_made(state))

    async def forget_requests(_: web.Request) -> web.Response:
        state.requests = type(state.requests)()
        state.identity.requests.clear()
        return web.json_response({})

    def settle(change: Callable[[dict[str, Any]], Any]) -> Callable[[web.Request], Any]:
        async def handler(request: web.Request) -> web.Response:
            body = await request.json() if request.can_read_body else {}
            try:
                return web.json_response(change(body) or {})
            except (ValueError, TypeError, KeyError) as problem:
                return web.json_response({"error": str(problem)}, status=400)

        return handler

    def move_clock(body: dict[str, Any]) -> dict[str, Any]:
        state.move_clock(parse_time(body["as_of"]))
        state.cache.clear()
        return {"as_of": show_time(state.as_of())}

    def add_fault(body: dict[str, Any]) -> dict[str, Any]:
        state.faults.add(body)
        return {"n": len(state.faults.switched)}

    def set_plant(body: dict[str, Any]) -> dict[str, Any]:
        if body["name"] not in PLANTS:
            raise ValueError(f"unknown plant; known: {', '.join(sorted(PLANTS))}")
        state.plants.add(body["name"])
        state.cache.clear()
        return {"plants": sorted(state.plants)}

    def clear_plants(_: dict[str, Any]) -> None:
        state.plants.clear()
        state.cache.clear()

    def switch(body: dict[str, Any]) -> dict[str, Any]:
        state.premium = bool(body.get("premium", state.premium))
        if body.get("limits") in ("documented", "off"):
            state.limits = body["limits"]
        state.tokens.lifetime_s = float(body.get("token_lifetime_s", state.tokens.lifetime_s))
        state.cache.clear()
        return {"premium": state.premium, "limits": state.limits, "token_lifetime_s": state.tokens.lifetime_s}

    def register(body: dict[str, Any]) -> Any:
        return state.registrations.create(**body)

    def on_identity(body: dict[str, Any]) -> Any:
        return identity.fixtures.apply(state, body)

    def revoke(body: dict[str, Any]) -> Any:
        return identity.fixtures.apply(state, {**body, "do": "revoke_sessions"})

    return [
        web.get("/sandbox/state", show),
        web.post("/sandbox/state", settle(switch)),
        web.post("/sandbox/clock", settle(move_clock)),
        web.post("/sandbox/faults", settle(add_fault)),
        web.delete("/sandbox/faults", settle(lambda _: state.faults.clear())),
        web.post("/sandbox/plants", settle(set_plant)),
        web.delete("/sandbox/plants", settle(clear_plants)),
        web.post("/sandbox/tokens/expire", settle(lambda _: state.tokens.forget_all())),
        web.get("/sandbox/requests", show_requests),
        web.delete("/sandbox/requests", forget_requests),
        web.post("/sandbox/registrations", settle(register)),
        web.post("/sandbox/identity", settle(on_identity)),
        web.post("/sandbox/users/revoke", settle(revoke)),
    ]
