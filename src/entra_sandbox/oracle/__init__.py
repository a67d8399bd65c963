"""The truth about the made-up company, counted without the wire, as somebody sees it who decided certain things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from entra_sandbox.oracle import apps, discovery, insights, licences, people, products, totals, trends
from entra_sandbox.oracle.decided import Decided
from entra_sandbox.oracle.money import money, tenth
from entra_sandbox.oracle.rows import Row, Wish
from entra_sandbox.oracle.stack import Stack
from entra_sandbox.oracle.truth import Truth, shown
from entra_sandbox.world import KINDS, Company, known

__all__ = ["NAMES", "Oracle", "answer", "counts"]

_BY_APP: dict[str, Callable[[Truth, bool, str | None], list[Row]]] = {
    "apps": apps.apps,
    "users": apps.users,
    "app-users": apps.app_users,
    "coverage": apps.coverage,
}
_BY_PRODUCT: dict[str, Callable[[Stack, Wish], list[Row]]] = {
    "products": products.products,
    "product-users": products.product_users,
    "seat-groups": products.seat_groups,
    "people": people.people,
    "teams": people.teams,
    "team-products": people.team_products,
    "licences": licences.licences,
    "licence-users": licences.licence_users,
    "totals": totals.totals,
    "savings": totals.savings,
    "usage-days": trends.usage_days,
    "usage-months": trends.usage_months,
    "movement": trends.movement,
    "movement-products": trends.movement_products,
    "discovery": discovery.discovery,
    "consents": discovery.consents,
    "insights": insights.insights,
}
_COLUMNS = {
    **apps.COLUMNS,
    "counts": "kind:text n:int:objects",
    **products.COLUMNS,
    **people.COLUMNS,
    **licences.COLUMNS,
    **totals.COLUMNS,
    **trends.COLUMNS,
    **discovery.COLUMNS,
    **insights.COLUMNS,
}
NAMES = tuple(_COLUMNS)
_ROUNDED = {"money": money, "number": tenth}


def counts(world: Company, as_of: datetime, *, premium: bool = True) -> list[Row]:
    """Objects per list of Graph at as_of, by Graph's names, all parents together; sign-ins as it serves them then."""
    d = world.directory(as_of, premium)
    n: dict[str, int] = {
        "users": len(d.users), "groups": len(d.groups), "members": sum(len(d.members_of(g.id)) for g in d.groups),
        "servicePrincipals": len(d.service_principals), "applications": len(d.applications),
        "appRoleAssignedTo": len(d.app_role_assignments), "oauth2PermissionGrants": len(d.oauth2_permission_grants),
        "subscribedSkus": len(d.subscribed_skus), **dict.fromkeys(KINDS, 0),
    }  # fmt: skip
    if premium:
        for event in world.sign_ins(as_of - timedelta(days=30), as_of):
            if event.arrived_at <= as_of:
                n[event.kind] += 1
    return [{"kind": kind, "n": count} for kind, count in n.items()]


class Oracle:
    """Everything that can be told of one company at one moment, counted once.

    days: as if an export of that many days, today included, had been imported. first_sync: as if an earlier sync had
    been complete at that moment and its history kept. Without premium Graph serves no sign-ins. decided: what people
    decided.
    """

    def __init__(
        self, world: Company, as_of: datetime, *, days: int | None = None, first_sync: datetime | None = None,
        premium: bool = True, decided: Decided | None = None,
    ) -> None:  # fmt: skip
        self.world, self.as_of, self.premium = world, as_of, premium
        self.known = known(as_of, days=days, first_sync=first_sync, premium=premium)
        self.decided = decided or Decided()

    @cached_property
    def truth(self) -> Truth:
        return Truth(self.world, self.known, self.decided)

    @cached_property
    def stack(self) -> Stack:
        return Stack(self.truth)

    def answer(
        self, name: str, *, microsoft: bool = False, app: str | None = None, of: dict[str, str] | None = None,
        ignored: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """One of NAMES as `seatwise ask` gives it.

        of: the answer's own parameters. ignored: products people chose to ignore, too.
        """
        rows = self.exact(name, microsoft=microsoft, app=app, of=of, ignored=ignored)
        parts = [[*column.split(":"), None][:3] for column in _COLUMNS[name].split()]
        columns = [{"name": column, "type": kind, "unit": unit, "help": ""} for column, kind, unit in parts]
        rounded = {str(column): _ROUNDED[kind] for column, kind, _ in parts if kind in _ROUNDED}
        shown_rows = [{**row, **{column: cut(row[column]) for column, cut in rounded.items()}} for row in rows]
        return {"columns": columns, "rows": shown_rows, "as_of": shown(self.as_of), "coverage": self.known.summary()}

    def exact(
        self, name: str, *, microsoft: bool = False, app: str | None = None, of: dict[str, str] | None = None,
        ignored: bool = False,
    ) -> list[Row]:  # fmt: skip
        """The rows of an answer before their amounts are rounded: fractions, as sums are made of."""
        only = app.lower() if app else None
        if name == "counts":
            return counts(self.world, self.as_of, premium=self.premium)
        if name in _BY_APP:
            return _BY_APP[name](self.truth, microsoft, only)
        return _BY_PRODUCT[name](self.stack, Wish(microsoft, ignored, only, of or {}))


def answer(
    name: str, world: Company, as_of: datetime, days: int | None = None, first_sync: datetime | None = None,
    microsoft: bool = False, premium: bool = True, app: str | None = None, decided: Decided | None = None,
    of: dict[str, str] | None = None, ignored: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One answer; several of one company come cheaper from one `Oracle`."""
    oracle = Oracle(world, as_of, days=days, first_sync=first_sync, premium=premium, decided=decided)
    return oracle.answer(name, microsoft=microsoft, app=app, of=of, ignored=ignored)
