"""Products as people decided them: several apps folded into one, seats from Entra and by hand, worth of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from entra_sandbox.oracle.decided import HandSeat, Policy, Price, Product
from entra_sandbox.oracle.truth import Newest, Truth, Use

STATUSES = ("active", "idle", "unused", "never", "unknown")
CLAIMED = ("never", "unused")


@dataclass(slots=True)
class Pair:
    """One person (or one address nobody has) and one product."""

    holder: str
    user_id: str | None
    name: str = ""
    upn: str = ""
    is_direct: bool = False
    is_by_hand: bool = False
    groups: set[str] = field(default_factory=set)
    uses: dict[str, Use] = field(default_factory=dict)
    """by app id"""
    status: str = ""
    proven: int = 0
    kind: str | None = None
    is_enabled: bool | None = None
    is_protected: bool = False

    @property
    def has_seat(self) -> bool:
        return self.is_direct or self.is_by_hand or bool(self.groups)

    @property
    def path(self) -> str:
        if self.is_direct:
            return "both" if self.groups else "direct"
        return "group" if self.groups else "hand" if self.is_by_hand else "none"

    @property
    def is_leaver(self) -> bool:
        """Disabled, or not in the directory any more."""
        return self.is_enabled is not True

    @property
    def is_claimed(self) -> bool:
        """Whether this seat may be offered for taking."""
        return self.has_seat and self.status in CLAIMED and not self.is_protected

    @property
    def n_in_window(self) -> int:
        return sum(use.n_in_window for use in self.uses.values())

    @property
    def n_actions(self) -> int:
        return sum(len(use.actions) for use in self.uses.values())

    def days(self) -> dict[date, int]:
        found: dict[date, int] = {}
        for use in self.uses.values():
            for day, n in use.days.items():
                found[day] = found.get(day, 0) + n
        return found

    def last(self) -> Newest:
        """The newest counted sign-in; its value is the app id."""
        newest = Newest()
        for app_id, use in self.uses.items():
            if use.last.at:
                newest.see(use.last.at, use.last.event_id, app_id)
        return newest


@dataclass(slots=True)
class Line:
    """One product with everybody who holds or used it."""

    product_id: str
    app_ids: list[str]
    decided: Product
    name: str
    is_microsoft: bool
    policy: Policy
    price: Price | None
    pairs: dict[str, Pair] = field(default_factory=dict)

    @property
    def is_by_hand(self) -> bool:
        return not self.decided.app_ids

    @property
    def is_ignored(self) -> bool:
        return self.decided.state == "ignored"

    @property
    def is_claimable(self) -> bool:
        """Whether money is said of it at all."""
        return self.price is not None and not self.is_microsoft and not self.is_ignored

    def seats(self) -> list[Pair]:
        return [p for p in self.pairs.values() if p.has_seat]

    @property
    def n_seats(self) -> int | None:
        return None if self.is_microsoft else len(self.seats())

    def seat_annual(self) -> Fraction | None:
        return self.price.seat_annual(self.n_seats) if self.price else None

    def last(self) -> datetime | None:
        return max((at for p in self.pairs.values() if (at := p.last().at)), default=None)

    def first(self) -> date | None:
        return min((min(days) for p in self.pairs.values() if (days := p.days())), default=None)


class Stack:
    def __init__(self, truth: Truth) -> None:
        self.truth, self.decided, self.known = truth, truth.decided, truth.known
        self.group_names = {g.id: g.display_name for g in truth.directory.groups}
        self.lines: dict[str, Line] = {}
        self._make_lines()
        self._fill()
        for seat in self.decided.hand_seats:
            self._add_by_hand(seat)
        for line in self.lines.values():
            for pair in line.pairs.values():
                self._judge(line, pair)

    def _make_lines(self) -> None:
        truth, decided = self.truth, {p.product_id: p for p in self.decided.products}
        app_ids = {p.app_id for p in truth.directory.service_principals if p.service_principal_type == "Application"}
        apps_of: dict[str, list[str]] = {}
        for app_id in sorted(app_ids | {app_id for app_id, _ in truth.uses}):
            apps_of.setdefault(truth.product_of.get(app_id, app_id), []).append(app_id)
        # Added by hand: it has no app at all.
        by_hand: dict[str, list[str]] = {p.product_id: [] for p in self.decided.products if not p.app_ids}
        by_hand = {i: [] for i in by_hand if i not in apps_of and i not in app_ids}
        for product_id, apps in (apps_of | by_hand).items():
            told = decided.get(product_id, Product(product_id, tuple(apps)))
            if apps and not told.app_ids:
                # Decided about, but nothing folded into it: it stays the product of its one app.
                told = Product(product_id, tuple(apps), told.name, told.vendor, told.category, told.owner, told.note,
                               told.state)  # fmt: skip
            lead = product_id if product_id in apps or not apps else apps[0]
            self.lines[product_id] = Line(
                product_id, apps, told, told.name or truth.app_name(lead), bool(apps) and truth.is_microsoft(lead),
                self.decided.policy_of(product_id), self.decided.price_of("product", product_id),
            )  # fmt: skip

    def _fill(self) -> None:
        for (app_id, user_id), seat in self.truth.seats.items():
            pair = self._pair(app_id, user_id)
            pair.is_direct = pair.is_direct or seat.is_direct
            pair.groups |= seat.groups
        for (app_id, user_id), use in self.truth.uses.items():
            self._pair(app_id, user_id).uses[app_id] = use

    def _pair(self, app_id: str, user_id: str) -> Pair:
        line = self.lines[self.truth.product_of.get(app_id, app_id)]
        return line.pairs.setdefault(user_id, Pair(user_id, user_id))

    def _add_by_hand(self, seat: HandSeat) -> None:
        line = self.lines.get(seat.product_id)
        if line is None:
            return
        holder = seat.user_id or seat.address.strip().lower()
        pair = line.pairs.setdefault(holder, Pair(holder, seat.user_id))
        pair.is_by_hand, pair.name, pair.upn = True, seat.address, seat.address

    def _judge(self, line: Line, pair: Pair) -> None:
        truth, user = self.truth, self.truth.users.get(pair.user_id or "")
        if user:
            pair.name, pair.upn, pair.is_enabled = user.display_name, user.user_principal_name, user.account_enabled
            pair.kind = "guest" if user.user_type == "Guest" else "member"
        elif pair.user_id in truth.people:
            pair.name, pair.upn = truth.people[pair.user_id].value
            pair.kind = truth.event_kinds[pair.user_id].value
        pair.is_protected = pair.user_id in self.decided.protected
        last = pair.last().at
        # Of what Entra does not see, and of somebody it does not know, nothing is proven.
        if line.app_ids and pair.user_id:
            seen = [truth.app_last.get(app_id) for app_id in line.app_ids]
            oldest = None if None in seen else max(at for at in seen if at)
            pair.proven = truth.proven(truth.user_last.get(pair.user_id), oldest)
        pair.status = truth.status(
            last.date() if last else None, pair.proven, line.policy.inactive_days, pair.user_id
        )  # fmt: skip

    def shown(self, *, microsoft: bool = False, ignored: bool = False) -> list[Line]:
        return [
            line
            for line in self.lines.values()
            if (microsoft or not line.is_microsoft) and (ignored or not line.is_ignored)
        ]

    def known_on(self, line: Line, pair: Pair) -> date | None:
        """When what is unknown of a pair can be told, if nothing is missed from now on."""
        if pair.status != "unknown" or not line.app_ids or not pair.user_id:
            return None
        return self.known.today + timedelta(days=line.policy.inactive_days - pair.proven)

    def is_start(self, pair: Pair) -> bool:
        """First used in the last 30 days, and the 30 days before that are known to be without."""
        days = pair.days()
        if not days or min(days) < self.known.window_start:
            return False
        return (self.known.today - min(days)).days + 31 <= self.truth.n_unbroken

    def is_stop(self, pair: Pair) -> bool:
        """Last used in the 30 days before the last 30, and not active by the period that people decided."""
        last = pair.last().at
        if last is None or pair.status in ("active", "unknown"):
            return False
        return 30 <= (self.known.today - last.date()).days <= 59

    def counted_before(self, n: int) -> int | None:
        """A count of the 30 days before the last 30, null when none of them is known and nothing was seen either."""
        days = [self.known.window_start - timedelta(days=n) for n in range(1, 31)]
        return n if any(self.known.state(day)[0] == "complete" for day in days) else n or None
