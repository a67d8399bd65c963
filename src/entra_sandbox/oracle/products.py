"""Products, and who holds or uses each."""

from __future__ import annotations

from fractions import Fraction

from entra_sandbox.oracle.apps import consent_of, origin_of
from entra_sandbox.oracle.money import month
from entra_sandbox.oracle.rows import MONEY_COLUMNS, NO_MONEY, STATUS_COLUMNS, Row, Wish, statuses, worth_of, worth_row
from entra_sandbox.oracle.stack import Line, Pair, Stack
from entra_sandbox.oracle.truth import down, shown
from entra_sandbox.world import ServicePrincipal

COLUMNS = {
    "products": "product_id:text name:text app_ids:list vendor:text category:text origin:text sso:text "
    "is_microsoft:bool is_by_hand:bool is_enabled:bool assignment_required:bool consent:text state:text owner:text "
    f"note:text n_seats:int:seats {STATUS_COLUMNS} n_seats_used_30d:int:seats n_guests:int:seats "
    "n_leavers:int:seats n_used_30d:int:people "
    "n_without_seat_30d:int:people n_sign_ins_30d:int:sign-ins n_uses_30d:int:uses n_started_30d:int:people "
    "n_stopped_30d:int:people first_used_on:day last_used_at:time price_basis:text price_seat_month:money "
    f"seats_bought:int:seats {MONEY_COLUMNS} could_save_year:money renewal_on:day notice_on:day use_band:text",
    "product-users": "product_id:text product:text user_id:guid name:text upn:text department:text kind:text "
    "is_enabled:bool is_leaver:bool is_protected:bool path:text groups:list status:text n_sign_ins_30d:int:sign-ins "
    "n_uses_30d:int:uses first_used_on:day last_used_at:time evidence_id:guid evidence_app_id:guid "
    f"proven_days:int:days known_on:day {MONEY_COLUMNS}",
    "seat-groups": f"product_id:text product:text group_id:guid name:text n_seats:int:seats {STATUS_COLUMNS} "
    f"n_only:int:seats {MONEY_COLUMNS}",
}
_SIGN_ON = ("saml", "oidc", "password")


def products(stack: Stack, wish: Wish) -> list[Row]:
    rows = [_product(stack, line) for line in stack.shown(microsoft=wish.microsoft, ignored=wish.ignored)]
    return sorted(rows, key=lambda r: (down(r["n_used_30d"]), down(r["n_seats"]), r["name"], r["product_id"]))


def _product(stack: Stack, line: Line) -> Row:
    truth, pairs, seats = stack.truth, list(line.pairs.values()), line.seats()
    principal = truth.principals.get(line.product_id)
    used = [p for p in pairs if p.n_in_window]
    has_seats, is_seen = line.n_seats is not None, bool(line.app_ids)

    def seen(n: int) -> int | None:
        """Entra says nothing about what it does not see."""
        return truth.counted(n) if is_seen else None

    consents = {consent_of(truth, truth.principals.get(app_id)) for app_id in line.app_ids}
    return {
        "product_id": line.product_id, "name": line.name, "app_ids": line.app_ids,
        "vendor": line.decided.vendor, "category": line.decided.category,
        "origin": origin_of(truth, principal, line.product_id), "sso": _sign_on(principal),
        "is_microsoft": line.is_microsoft, "is_by_hand": line.is_by_hand,
        "is_enabled": principal.account_enabled if principal else None,
        "assignment_required": principal.app_role_assignment_required if principal else None,
        "consent": next((c for c in ("admin", "user") if c in consents), "none"),
        "state": line.decided.state, "owner": line.decided.owner, "note": line.decided.note,
        "n_seats": line.n_seats, **statuses(seats, are_seats_known=has_seats),
        "n_seats_used_30d": seen(sum(p.n_in_window > 0 for p in seats)) if has_seats else None,
        "n_guests": sum(p.kind == "guest" for p in seats) if has_seats else None,
        "n_leavers": sum(p.is_leaver for p in seats) if has_seats else None,
        "n_used_30d": seen(len(used)),
        "n_without_seat_30d": seen(sum(not p.has_seat for p in used)) if has_seats else None,
        "n_sign_ins_30d": seen(sum(p.n_in_window for p in pairs)),
        "n_uses_30d": seen(sum(p.n_actions for p in pairs)),
        "n_started_30d": sum(map(stack.is_start, pairs)) if is_seen and truth.n_unbroken > 30 else None,
        "n_stopped_30d": stack.counted_before(sum(map(stack.is_stop, pairs))) if is_seen else None,
        "first_used_on": _day(line.first()), "last_used_at": shown(line.last()), **_costs(line),
        "use_band": _band(line),
    }  # fmt: skip


def _sign_on(principal: ServicePrincipal | None) -> str:
    mode = principal.preferred_single_sign_on_mode if principal else None
    return mode if mode in _SIGN_ON else "none"


def _costs(line: Line) -> Row:
    price = line.price
    if price is None:
        return {"price_basis": None, "price_seat_month": None, "seats_bought": None, **NO_MONEY,
                "could_save_year": None, "renewal_on": None, "notice_on": None}  # fmt: skip
    worth, all_annual = worth_of(line, line.pairs.values()), price.all_annual(line.n_seats)
    return {
        "price_basis": price.basis, "price_seat_month": month(line.seat_annual()), "seats_bought": price.seats_bought,
        **worth_row(worth), "currency": price.currency, "cost_month": month(all_annual),
        "could_save_year": worth.could_save if worth else None,
        "renewal_on": _day(price.renewal_on), "notice_on": _day(price.notice_on),
    }  # fmt: skip


def _band(line: Line) -> str:
    """How well the seats are used: said only when the unknown ones cannot change it."""
    seats = line.seats()
    if line.n_seats is None:
        return "unknown"
    if not seats:
        return "none"
    n_active = sum(p.status == "active" for p in seats)
    n_unknown = sum(p.status == "unknown" for p in seats)
    bands = {_band_of(Fraction(n, len(seats))) for n in (n_active, n_active + n_unknown)}
    return bands.pop() if len(bands) == 1 else "unknown"


def _band_of(share: Fraction) -> str:
    return "well" if share >= Fraction(7, 10) else "under" if share >= Fraction(3, 10) else "mostly_unused"


def _day(day: object) -> str | None:
    return str(day) if day else None


def product_users(stack: Stack, wish: Wish) -> list[Row]:
    rows = []
    for line in stack.shown(microsoft=wish.microsoft, ignored=wish.ignored):
        if wish.app not in (None, line.product_id, *line.app_ids):
            continue
        for pair in line.pairs.values():
            rows.append(_product_user(stack, line, pair))
    return sorted(rows, key=lambda r: (r["product_id"], r["user_id"] or "", r["upn"]))


def _product_user(stack: Stack, line: Line, pair: Pair) -> Row:
    truth, last, days = stack.truth, pair.last(), pair.days()
    user = truth.users.get(pair.user_id or "")
    is_seen = line.app_ids and pair.user_id
    return {
        "product_id": line.product_id, "product": line.name, "user_id": pair.user_id, "name": pair.name,
        "upn": pair.upn, "department": user.department if user else None, "kind": pair.kind,
        "is_enabled": pair.is_enabled, "is_leaver": pair.is_leaver, "is_protected": pair.is_protected,
        "path": pair.path, "groups": sorted(stack.group_names[g] for g in pair.groups), "status": pair.status,
        "n_sign_ins_30d": truth.counted(pair.n_in_window) if is_seen else None,
        "n_uses_30d": truth.counted(pair.n_actions) if is_seen else None,
        "first_used_on": _day(min(days)) if days else None, "last_used_at": shown(last.at),
        "evidence_id": last.event_id or None, "evidence_app_id": last.value, "proven_days": pair.proven,
        "known_on": _day(stack.known_on(line, pair)),
        **worth_row(worth_of(line, [pair]) if pair.has_seat else None),
    }  # fmt: skip


def seat_groups(stack: Stack, wish: Wish) -> list[Row]:
    rows = []
    for line in stack.shown():
        for group_id in {group for pair in line.pairs.values() for group in pair.groups}:
            through = [p for p in line.pairs.values() if group_id in p.groups]
            rows.append({
                "product_id": line.product_id, "product": line.name, "group_id": group_id,
                "name": stack.group_names[group_id], "n_seats": len(through), **statuses(through),
                "n_only": sum(not p.is_direct and not p.is_by_hand and p.groups == {group_id} for p in through),
                **worth_row(worth_of(line, through)),
            })  # fmt: skip
    return sorted(rows, key=lambda r: (r["product_id"], r["group_id"]))
