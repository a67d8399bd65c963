"""People, and the teams they work in."""

from __future__ import annotations

from collections.abc import Iterable

from entra_sandbox.oracle.rows import (
    MONEY_COLUMNS,
    STATUS_COLUMNS,
    Row,
    Wish,
    statuses,
    worth_in,
    worth_of,
    worth_row,
)
from entra_sandbox.oracle.stack import Line, Pair, Stack
from entra_sandbox.oracle.truth import Newest, shown

COLUMNS = {
    "people": "user_id:guid name:text upn:text department:text job_title:text kind:text is_enabled:bool "
    f"is_leaver:bool is_protected:bool n_seats:int:seats {STATUS_COLUMNS} n_products_used_30d:int:products "
    f"n_sign_ins_30d:int:sign-ins last_used_at:time last_product:text {MONEY_COLUMNS} licences:int:licences",
    "teams": "team:text name:text n_people:int:people n_using_30d:int:people n_products_used_30d:int:products "
    f"n_seats:int:seats {STATUS_COLUMNS} n_sign_ins_30d:int:sign-ins {MONEY_COLUMNS}",
    "team-products": f"team:text product_id:text product:text category:text n_seats:int:seats {STATUS_COLUMNS} "
    f"n_used_30d:int:people n_sign_ins_30d:int:sign-ins {MONEY_COLUMNS}",
}
Held = list[tuple[Line, Pair]]


def _by_person(stack: Stack) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for line in stack.shown():
        for pair in line.pairs.values():
            found.setdefault(pair.holder, []).append((line, pair))
    return found


def people(stack: Stack, wish: Wish) -> list[Row]:
    held, truth = _by_person(stack), stack.truth
    last: dict[str, Newest] = {}
    for line in stack.lines.values():
        for pair in line.pairs.values():
            newest = pair.last()
            if newest.at and pair.user_id:
                last.setdefault(pair.user_id, Newest()).see(newest.at, newest.event_id, line.name)
    rows, group = [], wish.of.get("group", "")
    members = _teams(stack, "group").get(group.removeprefix("-"), ("", []))[1]
    for user in truth.directory.users:
        if group and user.id not in members:
            continue
        mine, newest = held.get(user.id, []), last.get(user.id, Newest())
        rows.append({
            "user_id": user.id, "name": user.display_name, "upn": user.user_principal_name,
            "department": user.department, "job_title": user.job_title,
            "kind": "guest" if user.user_type == "Guest" else "member", "is_enabled": user.account_enabled,
            "is_leaver": not user.account_enabled, "is_protected": user.id in stack.decided.protected,
            "n_seats": sum(p.has_seat for _, p in mine), **statuses(p for _, p in mine),
            "n_products_used_30d": truth.counted(sum(p.n_in_window > 0 for _, p in mine)),
            "n_sign_ins_30d": truth.counted(sum(p.n_in_window for _, p in mine)),
            "last_used_at": shown(newest.at), "last_product": newest.value,
            **worth_row(worth_in(stack.decided.currency, mine)),
            "licences": len({sku for sku, _ in user.assigned_skus}),
        })  # fmt: skip
    return sorted(rows, key=lambda r: (r["name"], r["user_id"]))


def _teams(stack: Stack, by: str) -> dict[str, tuple[str, list[str]]]:
    """Key, name and the ids of the people in each; '' holds those of whom nothing is told."""
    users = stack.truth.directory.users
    if by != "group":
        found: dict[str, tuple[str, list[str]]] = {}
        for user in users:
            key = (user.department if by == "department" else user.job_title) or ""
            found.setdefault(key, (key, []))[1].append(user.id)
        return found
    sold = {app_id: line for line in stack.lines.values() if not line.is_microsoft for app_id in line.app_ids}
    principals = {p.id for p in stack.truth.directory.service_principals if p.app_id in sold}
    groups = {
        a.principal_id
        for a in stack.truth.directory.app_role_assignments
        if a.principal_type == "Group" and a.resource_id in principals
    }
    teams = {g: (stack.group_names[g], _members(stack, g)) for g in groups if _members(stack, g)}
    inside = {user_id for _, members in teams.values() for user_id in members}
    outside = [u.id for u in users if u.id not in inside]
    return teams | ({"": ("", outside)} if outside else {})


def _members(stack: Stack, group_id: str) -> list[str]:
    members = stack.truth.directory.members_of(group_id)
    return [m.id for m in members if m.type == "user" and m.id in stack.truth.users]


def teams(stack: Stack, wish: Wish) -> list[Row]:
    held, truth = _by_person(stack), stack.truth
    rows = []
    for team, (name, ids) in _teams(stack, wish.of.get("by", "department")).items():
        ours = _held_by(held, ids)
        rows.append({
            "team": team, "name": name, "n_people": len(ids),
            "n_using_30d": truth.counted(len({p.holder for _, p in ours if p.n_in_window})),
            "n_products_used_30d": truth.counted(len({line.product_id for line, p in ours if p.n_in_window})),
            "n_seats": sum(p.has_seat for _, p in ours), **statuses(p for _, p in ours),
            "n_sign_ins_30d": truth.counted(sum(p.n_in_window for _, p in ours)),
            **worth_row(worth_in(stack.decided.currency, ours)),
        })  # fmt: skip
    return sorted(rows, key=lambda r: r["team"])


def team_products(stack: Stack, wish: Wish) -> list[Row]:
    held, truth = _by_person(stack), stack.truth
    rows = []
    for team, (_, ids) in _teams(stack, wish.of.get("by", "department")).items():
        by_line: dict[str, Held] = {}
        for line, pair in _held_by(held, ids):
            by_line.setdefault(line.product_id, []).append((line, pair))
        for product_id, ours in by_line.items():
            line, pairs = ours[0][0], [p for _, p in ours]
            seats = [p for p in pairs if p.has_seat]
            is_seen = bool(line.app_ids)
            rows.append({
                "team": team, "product_id": product_id, "product": line.name, "category": line.decided.category,
                "n_seats": len(seats), **statuses(pairs),
                "n_used_30d": truth.counted(sum(p.n_in_window > 0 for p in pairs)) if is_seen else None,
                "n_sign_ins_30d": truth.counted(sum(p.n_in_window for p in pairs)) if is_seen else None,
                **worth_row(worth_of(line, seats) if seats else None),
            })  # fmt: skip
    return sorted(rows, key=lambda r: (r["team"], r["product_id"]))


def _held_by(held: dict[str, Held], ids: Iterable[str]) -> Held:
    return [found for user_id in ids for found in held.get(user_id, [])]
