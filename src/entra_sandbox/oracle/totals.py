"""All of it in one row, and what could be saved by subject."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from entra_sandbox.oracle.licences import Licence, known_on, licences_of
from entra_sandbox.oracle.money import month, total
from entra_sandbox.oracle.rows import STATUS_COLUMNS, Row, Wish, statuses, worth_in, worth_of
from entra_sandbox.oracle.stack import Line, Stack

COLUMNS = {
    "totals": "n_products:int:products n_products_used_30d:int:products n_products_seated:int:products "
    "n_products_priced:int:products n_products_unpriced:int:products n_other_currency:int:products n_people:int:people "
    f"n_enabled:int:people n_using_30d:int:people n_seats:int:seats {STATUS_COLUMNS} n_seats_used_30d:int:seats "
    "n_leaver_seats:int:seats n_guest_seats:int:seats currency:text cost_month:money could_save_month:money "
    "licences_could_save_month:money all_could_save_month:money idle_month:money unknown_month:money known_on:day "
    "n_days_complete:int:days n_days_partial:int:days",
    "savings": "subject_kind:text subject_id:text name:text category:text owner:text currency:text price_month:money "
    "n_never:int:seats n_unused:int:seats n_idle:int:seats n_unknown:int:seats never_month:money unused_month:money "
    "idle_month:money unknown_month:money could_save_month:money could_save_year:money known_on:day",
}


def totals(stack: Stack, wish: Wish) -> list[Row]:
    truth, currency, lines = stack.truth, stack.decided.currency, stack.shown()
    held = [(line, pair) for line in lines for pair in line.pairs.values()]
    seats = [pair for _, pair in held if pair.has_seat]
    priced = [line for line in lines if line.price]
    worth = worth_in(currency, held)
    ours = [line for line in priced if line.price and line.price.currency == currency]
    of_licences = total(
        x.could_save() for x in licences_of(stack) if x.price and x.price.currency == currency
    )  # fmt: skip
    days = [truth.known.today - timedelta(days=n) for n in range(30)]
    states = [truth.known.state(day)[0] for day in days]
    return [{
        "n_products": len(lines),
        "n_products_used_30d": truth.counted(len({line.product_id for line, p in held if p.n_in_window})),
        "n_products_seated": sum(bool(line.seats()) for line in lines), "n_products_priced": len(priced),
        "n_products_unpriced": sum(bool(line.seats()) and line.price is None for line in lines),
        "n_other_currency": len(priced) - len(ours),
        "n_people": len(truth.users), "n_enabled": sum(u.account_enabled for u in truth.users.values()),
        "n_using_30d": truth.counted(len({p.holder for _, p in held if p.n_in_window})),
        "n_seats": len(seats), **statuses(seats),
        "n_seats_used_30d": truth.counted(sum(p.n_in_window > 0 for p in seats)),
        "n_leaver_seats": sum(p.is_leaver for p in seats), "n_guest_seats": sum(p.kind == "guest" for p in seats),
        "currency": currency,
        "cost_month": month(total(line.price.all_annual(line.n_seats) for line in ours if line.price)),
        "could_save_month": month(worth.could_save) if worth else None,
        "licences_could_save_month": month(of_licences),
        "all_could_save_month": month(total([worth.could_save if worth else None, of_licences])),
        "idle_month": month(worth.idle) if worth else None, "unknown_month": month(worth.unknown) if worth else None,
        "known_on": _day(_known_on(stack, lines)), "n_days_complete": states.count("complete"),
        "n_days_partial": states.count("partial"),
    }]  # fmt: skip


def _known_on(stack: Stack, lines: list[Line]) -> date | None:
    """When all can be told that ever can."""
    days = [stack.known_on(line, pair) for line in lines for pair in line.seats()]
    return max((day for day in days if day), default=None)


def savings(stack: Stack, wish: Wish) -> list[Row]:
    rows = [_of_product(stack, line) for line in stack.shown()]
    rows += [_of_licence(stack, licence) for licence in licences_of(stack)]
    told = [r for r in rows if r["currency"] or r["n_never"] or r["n_unused"]]
    return sorted(told, key=lambda r: (r["subject_kind"], r["subject_id"]))


def _of_product(stack: Stack, line: Line) -> Row:
    seat, seats, worth = line.seat_annual(), line.seats(), worth_of(line, line.seats())

    def of(status: str, *, offered: bool = False) -> Fraction | None:
        n = sum(p.status == status and not (offered and p.is_protected) for p in seats)
        return None if seat is None else seat * n

    return {
        "subject_kind": "product", "subject_id": line.product_id, "name": line.name, "owner": line.decided.owner,
        "category": line.decided.category, "currency": line.price.currency if line.price else None,
        "price_month": month(seat), **{k: v for k, v in statuses(seats).items() if k != "n_active"},
        "never_month": month(of("never", offered=True)), "unused_month": month(of("unused", offered=True)),
        "idle_month": month(of("idle")), "unknown_month": month(of("unknown")),
        "could_save_month": month(worth.could_save if worth else None),
        "could_save_year": worth.could_save if worth else None, "known_on": _day(_known_on(stack, [line])),
    }  # fmt: skip


def _of_licence(stack: Stack, licence: Licence) -> Row:
    return {
        "subject_kind": "licence", "subject_id": licence.sku.sku_id, "name": None, "owner": None,
        "category": None, "currency": licence.price.currency if licence.price else None,
        "price_month": month(licence.seat_annual()),
        **{f"n_{status}": licence.n_of(status) for status in ("never", "unused", "idle", "unknown")},
        "never_month": month(licence.worth(licence.n_of("never", offered=True))),
        "unused_month": month(licence.worth(licence.n_of("unused", offered=True))),
        "idle_month": month(licence.worth(licence.n_of("idle"))),
        "unknown_month": month(licence.worth(licence.n_of("unknown"))),
        "could_save_month": month(licence.could_save()), "could_save_year": licence.could_save(),
        "known_on": _day(known_on(stack, licence.enabled)),
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return str(day) if day else None
