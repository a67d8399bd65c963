"""Microsoft's licences: bought, assigned, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from entra_sandbox.oracle.decided import Price
from entra_sandbox.oracle.money import month
from entra_sandbox.oracle.rows import STATUS_COLUMNS, Row, Wish
from entra_sandbox.oracle.stack import CLAIMED, STATUSES, Stack
from entra_sandbox.oracle.truth import shown
from entra_sandbox.world import Sku, User

COLUMNS = {
    "licences": "sku_id:guid part_number:text capability:text n_bought:int:licences n_assigned:int:licences "
    f"n_unassigned:int:licences n_disabled:int:licences {STATUS_COLUMNS.replace(':seats', ':licences')} "
    "n_direct:int:licences n_group:int:licences price_month:money currency:text cost_month:money "
    "unassigned_month:money disabled_month:money could_save_month:money idle_month:money renewal_on:day notice_on:day",
    "licence-users": "sku_id:guid user_id:guid name:text upn:text department:text kind:text is_enabled:bool "
    "path:text groups:list status:text last_used_at:time currency:text cost_month:money could_save_month:money",
}


@dataclass(slots=True)
class Holder:
    user: User
    is_direct: bool = False
    groups: set[str] = field(default_factory=set)
    status: str = ""
    last: datetime | None = None
    proven: int = 0
    is_protected: bool = False

    @property
    def path(self) -> str:
        return ("both" if self.groups else "direct") if self.is_direct else "group"

    @property
    def is_claimed(self) -> bool:
        is_unused = not self.user.account_enabled or self.status in CLAIMED
        return is_unused and not self.is_protected


@dataclass(slots=True)
class Licence:
    sku: Sku
    price: Price | None
    holders: list[Holder]

    @property
    def enabled(self) -> list[Holder]:
        return [h for h in self.holders if h.user.account_enabled]

    @property
    def n_unassigned(self) -> int:
        return max(0, self.sku.enabled - len(self.holders))

    def seat_annual(self) -> Fraction | None:
        return self.price.seat_annual(self.sku.enabled) if self.price else None

    def worth(self, n: int) -> Fraction | None:
        seat = self.seat_annual()
        return None if seat is None else seat * n

    def n_of(self, *states: str, offered: bool = False) -> int:
        """Licences of enabled people in these states; offered: of those that may be taken only."""
        return sum(h.status in states and not (offered and h.is_protected) for h in self.enabled)

    @property
    def n_disabled_offered(self) -> int:
        return sum(not h.user.account_enabled and not h.is_protected for h in self.holders)

    def could_save(self) -> Fraction | None:
        return self.worth(self.n_unassigned + self.n_disabled_offered + self.n_of(*CLAIMED, offered=True))


def licences_of(stack: Stack) -> list[Licence]:
    truth, last = stack.truth, _last_uses(stack)
    found = []
    for sku in truth.directory.subscribed_skus:
        if sku.applies_to.lower() != "user":
            continue
        holders = []
        for user in truth.directory.users:
            ways = [group for sku_id, group in user.assigned_skus if sku_id == sku.sku_id]
            if ways:
                at = last.get(user.id)
                proven = truth.proven(truth.user_last.get(user.id))
                period = stack.decided.policy.inactive_days
                status = truth.status(at.date() if at else None, proven, period, user.id)
                groups = {group for group in ways if group}
                is_protected = user.id in stack.decided.protected
                holders.append(Holder(user, None in ways, groups, status, at, proven, is_protected))
        found.append(Licence(sku, stack.decided.price_of("licence", sku.sku_id), holders))
    return found


def _last_uses(stack: Stack) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for (_, user_id), use in stack.truth.uses.items():
        if use.last.at:
            last[user_id] = max(use.last.at, last.get(user_id, use.last.at))
    return last


def known_on(stack: Stack, holders: Iterable[Holder]) -> date | None:
    """When all of them can be told."""
    days = [stack.decided.policy.inactive_days - h.proven for h in holders if h.status == "unknown"]
    return stack.known.today + timedelta(days=max(days)) if days else None


def licences(stack: Stack, wish: Wish) -> list[Row]:
    rows = []
    for licence in licences_of(stack):
        sku, price = licence.sku, licence.price
        all_annual = price.all_annual(sku.enabled) if price else None
        rows.append({
            "sku_id": sku.sku_id, "part_number": sku.part_number, "capability": sku.capability_status,
            "n_bought": sku.enabled, "n_assigned": len(licence.holders), "n_unassigned": licence.n_unassigned,
            "n_disabled": len(licence.holders) - len(licence.enabled),
            **{f"n_{status}": licence.n_of(status) for status in STATUSES},
            "n_direct": sum(h.is_direct for h in licence.holders),
            "n_group": sum(not h.is_direct for h in licence.holders),
            "price_month": month(licence.seat_annual()), "currency": price.currency if price else None,
            "cost_month": month(all_annual), "unassigned_month": month(licence.worth(licence.n_unassigned)),
            "disabled_month": month(licence.worth(licence.n_disabled_offered)),
            "could_save_month": month(licence.could_save()), "idle_month": month(licence.worth(licence.n_of("idle"))),
            "renewal_on": _day(price.renewal_on if price else None),
            "notice_on": _day(price.notice_on if price else None),
        })  # fmt: skip
    return sorted(rows, key=lambda r: r["sku_id"])


def licence_users(stack: Stack, wish: Wish) -> list[Row]:
    rows = []
    for licence in licences_of(stack):
        for h in licence.holders:
            seat = licence.seat_annual()
            claim = None if seat is None else seat if h.is_claimed else Fraction(0)
            rows.append({
                "sku_id": licence.sku.sku_id, "user_id": h.user.id, "name": h.user.display_name,
                "upn": h.user.user_principal_name, "department": h.user.department,
                "kind": "guest" if h.user.user_type == "Guest" else "member", "is_enabled": h.user.account_enabled,
                "path": h.path, "groups": sorted(stack.group_names[g] for g in h.groups), "status": h.status,
                "last_used_at": shown(h.last), "currency": licence.price.currency if licence.price else None,
                "cost_month": month(seat), "could_save_month": month(claim),
            })  # fmt: skip
    return sorted(rows, key=lambda r: (r["sku_id"], r["user_id"]))


def _day(day: date | None) -> str | None:
    return str(day) if day else None
