"""What wants attention, card by card."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from entra_sandbox.oracle.discovery import by_category, days_left, first_seen
from entra_sandbox.oracle.licences import Licence, licences_of
from entra_sandbox.oracle.money import month
from entra_sandbox.oracle.rows import Row, Wish, worth_in
from entra_sandbox.oracle.stack import CLAIMED, Line, Pair, Stack
from entra_sandbox.oracle.trends import n_used, n_used_before

COLUMNS = {
    "insights": "card:text subject_kind:text subject_id:text name:text n:int worth_month:money currency:text on:day",
}


def insights(stack: Stack, wish: Wish) -> list[Row]:
    rows = [row for line in stack.shown() for row in _of_product(stack, line)]
    rows += _of_groups(stack)
    rows += [row for licence in licences_of(stack) for row in _of_licence(stack, licence)]
    for category, lines in by_category(stack).items():
        rows.append(_card("overlap", "category", category, category, len(lines)))
    return sorted(rows, key=lambda r: (r["card"], r["subject_id"], r["n"]))


def _card(
    card: str, kind: str, subject_id: str, name: str | None, n: int, annual: Fraction | None = None,
    currency: str | None = None, on: object = None,
) -> Row:  # fmt: skip
    return {
        "card": card, "subject_kind": kind, "subject_id": subject_id, "name": name, "n": n,
        "worth_month": month(annual), "currency": None if annual is None else currency, "on": str(on) if on else None,
    }  # fmt: skip


def _of_product(stack: Stack, line: Line) -> Iterator[Row]:
    seat, price = line.seat_annual(), line.price
    currency = price.currency if price else None
    subject = ("product", line.product_id, line.name)
    offered = [p for p in line.seats() if not p.is_protected]

    def worth(n: int) -> Fraction | None:
        return None if seat is None else seat * n

    def seats(card: str, pairs: list[Pair]) -> Iterator[Row]:
        if pairs:
            yield _card(card, *subject, len(pairs), worth(len(pairs)), currency)

    yield from seats("unused_seats", [p for p in offered if p.status in CLAIMED])
    yield from seats("leaver_seats", [p for p in offered if p.is_leaver])
    yield from seats("guest_seats", [p for p in offered if p.kind == "guest"])
    if price and (left := days_left(stack, price.renewal_on)) is not None:
        yield _card("renewal", *subject, left, price.all_annual(line.n_seats), currency, price.renewal_on)
    if price and price.seats_bought and line.app_ids and line.seats():
        # Whoever uses it without a seat needs one of those bought, too.
        needed = sum(
            p.status in ("active", "unknown") if p.has_seat else p.n_in_window > 0 for p in line.pairs.values()
        )
        if price.seats_bought > needed:
            too_many = price.seats_bought - needed
            yield _card("contract_too_large", *subject, too_many, worth(too_many), currency, price.renewal_on)
    now, before = n_used(line.pairs.values()), n_used_before(line, stack.known.today)
    if stack.truth.n_unbroken >= 60 and before >= 10 and now * 10 < before * 6:
        yield _card("falling_use", *subject, now)
    if first := first_seen(stack, line):
        yield _card("new_app", *subject, now, on=first)
    if line.decided.state == "closed" and now:
        yield _card("closed_in_use", *subject, now)


def _of_groups(stack: Stack) -> Iterator[Row]:
    """Groups of which at least one product has five seats or more, over half of them never used or unused."""
    wasted: dict[str, int] = {}
    worth: dict[str, Fraction] = {}
    for line in stack.shown():
        for group_id in {g for p in line.pairs.values() for g in p.groups}:
            through = [p for p in line.pairs.values() if group_id in p.groups]
            n = sum(p.status in CLAIMED for p in through)
            if len(through) >= 5 and n * 2 > len(through):
                wasted[group_id] = wasted.get(group_id, 0) + n
                of_line = worth_in(stack.decided.currency, [(line, p) for p in through])
                if of_line:
                    worth[group_id] = worth.get(group_id, Fraction(0)) + of_line.could_save
    for group_id, n in wasted.items():
        name = stack.group_names[group_id]
        yield _card("wasteful_group", "group", group_id, name, n, worth.get(group_id), stack.decided.currency)


def _of_licence(stack: Stack, licence: Licence) -> Iterator[Row]:
    sku, price = licence.sku, licence.price
    subject, currency = ("licence", sku.sku_id, None), price.currency if price else None
    n_idle, n_disabled = licence.n_of("idle", *CLAIMED), len(licence.holders) - len(licence.enabled)
    if n_idle:
        yield _card("idle_licences", *subject, n_idle, licence.worth(n_idle), currency)
    if n_disabled:
        yield _card("disabled_licences", *subject, n_disabled, licence.worth(n_disabled), currency)
    if price and (left := days_left(stack, price.renewal_on)) is not None:
        yield _card("renewal", *subject, left, price.all_annual(sku.enabled), currency, price.renewal_on)
