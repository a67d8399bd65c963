"""Use day by day and month by month, who began and who stopped."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from entra_sandbox.oracle.rows import Row, Wish
from entra_sandbox.oracle.stack import Line, Pair, Stack

COLUMNS = {
    "usage-days": "day:day n_people:int:people mean_7d:number:people n_week:int:people n_month:int:people "
    "n_products:int:products n_sign_ins:int:sign-ins state:text",
    "usage-months": "month:text n_people:int:people n_products:int:products n_sign_ins:int:sign-ins "
    "n_days_known:int:days n_days:int:days",
    "movement": "product_id:text product:text user_id:guid name:text department:text change:text on:day",
    "movement-products": "product_id:text product:text n_started:int:people n_stopped:int:people "
    "n_used_30d:int:people n_used_before_30d:int:people change_share:number",
}


@dataclass(slots=True)
class _Day:
    people: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    n_sign_ins: int = 0


def _days(stack: Stack, product_id: str) -> dict[date, _Day]:
    """What was used when: of the whole stack without Microsoft's and ignored products, or of one product."""
    lines = stack.shown() if not product_id else [x for x in stack.lines.values() if x.product_id == product_id]
    found: dict[date, _Day] = {}
    for line in lines:
        for pair in line.pairs.values():
            for day, n in pair.days().items():
                on = found.setdefault(day, _Day())
                on.people.add(pair.holder)
                on.products.add(line.product_id)
                on.n_sign_ins += n
    return found


def usage_days(stack: Stack, wish: Wish) -> list[Row]:
    days, known = _days(stack, wish.of.get("product", "")), stack.known

    def people(last: date, n: int) -> int | None:
        """Different people of n days; None when nothing is known of any of them."""
        span = [last - timedelta(days=i) for i in range(n)]
        seen = {person for day in span if day in days for person in days[day].people}
        return None if not seen and all(known.state(day)[0] == "missing" for day in span) else len(seen)

    rows = []
    for back in range(int(wish.of.get("days", "90"))):
        day = known.today - timedelta(days=back)
        on, is_empty = days.get(day, _Day()), people(day, 1) is None
        week = [n for i in range(7) if (n := people(day - timedelta(days=i), 1)) is not None]
        rows.append({
            "day": str(day), "n_people": people(day, 1), "mean_7d": _mean(week), "n_week": people(day, 7),
            "n_month": people(day, 30), "n_products": None if is_empty else len(on.products),
            "n_sign_ins": None if is_empty else on.n_sign_ins, "state": known.state(day)[0],
        })  # fmt: skip
    return rows[::-1]


def _mean(values: list[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def usage_months(stack: Stack, wish: Wish) -> list[Row]:
    days, known, rows = _days(stack, wish.of.get("product", "")), stack.known, []
    first = known.today.replace(day=1)
    for _ in range(int(wish.of.get("months", "12"))):
        end = min(first.replace(day=monthrange(first.year, first.month)[1]), known.today)
        span = [first + timedelta(days=i) for i in range((end - first).days + 1)]
        on = [days[day] for day in span if day in days]
        is_empty = not on and all(known.state(day)[0] == "missing" for day in span)
        rows.append({
            "month": f"{first:%Y-%m}", "n_people": None if is_empty else len(set().union(*(d.people for d in on))),
            "n_products": None if is_empty else len(set().union(*(d.products for d in on))),
            "n_sign_ins": None if is_empty else sum(d.n_sign_ins for d in on),
            "n_days_known": sum(known.state(day)[0] == "complete" for day in span), "n_days": len(span),
        })  # fmt: skip
        first = (first - timedelta(days=1)).replace(day=1)
    return rows[::-1]


def movement(stack: Stack, wish: Wish) -> list[Row]:
    rows = []
    for line in stack.shown(microsoft=wish.microsoft):
        for pair in line.pairs.values():
            days = pair.days()
            if stack.is_start(pair):
                rows.append(_moved(stack, line, pair, "started", min(days)))
            if stack.is_stop(pair):
                rows.append(_moved(stack, line, pair, "stopped", max(days)))
    return sorted(rows, key=lambda r: (r["product_id"], r["user_id"]))


def _moved(stack: Stack, line: Line, pair: Pair, change: str, on: date) -> Row:
    user = stack.truth.users.get(pair.user_id or "")
    return {
        "product_id": line.product_id, "product": line.name, "user_id": pair.user_id, "name": pair.name,
        "department": user.department if user else None, "change": change, "on": str(on),
    }  # fmt: skip


def n_used_before(line: Line, known_today: date) -> int:
    """People of the 30 days before the last 30."""
    return sum(any(30 <= (known_today - day).days <= 59 for day in p.days()) for p in line.pairs.values())


def movement_products(stack: Stack, wish: Wish) -> list[Row]:
    rows, truth = [], stack.truth
    for line in stack.shown(microsoft=wish.microsoft):
        now, before = n_used(line.pairs.values()), n_used_before(line, stack.known.today)
        if not now and not before:
            continue
        change = Fraction(100 * (now - before), before) if before and truth.n_unbroken >= 60 else None
        rows.append({
            "product_id": line.product_id, "product": line.name,
            "n_started": sum(map(stack.is_start, line.pairs.values())) if truth.n_unbroken > 30 else None,
            "n_stopped": stack.counted_before(sum(map(stack.is_stop, line.pairs.values()))),
            "n_used_30d": truth.counted(now), "n_used_before_30d": stack.counted_before(before),
            "change_share": change,
        })  # fmt: skip
    return sorted(rows, key=lambda r: r["product_id"])


def n_used(pairs: Iterable[Pair]) -> int:
    return sum(p.n_in_window > 0 for p in pairs)
