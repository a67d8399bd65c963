"""The views every metric is asked over, cut at one moment; each notion of the numbers has its one place here.

Always there: known_<daily table> (up to the answer's now) · known_last_used, known_app_seen, known_user_seen · span ·
covered (see `coverage`) · run (how far back each kind is whole) · what people decided (`frame_decided`).
Made when a metric mentions them: those of `frame_use`, `frame_products` and `frame_licences`.
Variables: as_of, first_day, last_day, kinds, inactive_days, tenant_id, shows_microsoft, shows_ignored, knows_seats,
knows_grants, knows_licences, knows_people, has_complete, proven_days, currency, money_unit;
hides_names, pseudonym_secret; of_<name> for each parameter.
"""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from seatwise.lake import derive_sql
from seatwise.lake.reading import Lake
from seatwise.metrics import (
    coverage,
    frame_decided,
    frame_evidence,
    frame_licences,
    frame_products,
    frame_use,
    known,
)
from seatwise.metrics.decided import Decided
from seatwise.metrics.shapes import Coverage
from seatwise.metrics.views import View, needed, resting_on

DAYS: Final = 30
_CASTS: Final = {
    "as_of": "TIMESTAMP WITH TIME ZONE",
    "first_day": "DATE",
    "last_day": "DATE",
    "kinds": "VARCHAR[]",
    "inactive_days": "BIGINT",
    "shows_microsoft": "BOOLEAN",
    "shows_ignored": "BOOLEAN",
    "hides_names": "BOOLEAN",
    "knows_seats": "BOOLEAN",
    "knows_grants": "BOOLEAN",
    "knows_licences": "BOOLEAN",
    "knows_people": "BOOLEAN",
    "has_complete": "BOOLEAN",
    "proven_days": "BIGINT",
}
_HISTORIES: Final = ("users", "app_role_assignments", "group_members")
_TABLES: Final = (
    *derive_sql.DAILY,
    *derive_sql.SEAT_SOURCES,
    *derive_sql.TOTALS,
    "seats",
    "oauth2_permission_grants",
    "subscribed_skus",
    "user_activity",
    "app_activity",
)
_SEAT: Final = f"SELECT * FROM {{held}} WHERE {frame_use.KNOWS_SEATS}"


class Frame:
    """One moment of one lake, under one set of decisions: variables, and the views that were asked for so far.

    coverage:  how completely sign-ins of the counted kinds are known.
    """

    coverage: Coverage

    def __init__(self, lake: Lake, as_of: datetime, decided: Decided, needs_use: bool = True) -> None:
        """needs_use: whether more is asked than how complete sign-ins are."""
        self.lake = lake
        self.as_of = as_of.astimezone(UTC).replace(microsecond=0)
        self.decided = decided
        self._needs_use = needs_use
        self._made: set[str] = set()
        self._rows: dict[str, frame_decided.Rows] = {}
        self._views: tuple[View, ...] = ()
        last_day = day_before(self.as_of)
        lake.open("windows", "derived_days", *(_TABLES if needs_use else ("day_events",)))
        first_day = last_day - timedelta(days=DAYS - 1)
        self.set({"as_of": self.as_of, "first_day": first_day, "last_day": last_day, "tenant_id": lake.tenant_id})
        daily = derive_sql.DAILY if needs_use else {"day_events": derive_sql.DAY_EVENTS}
        is_now = _cut(lake, last_day, daily)
        for name, sql in (("span", coverage.SPAN), ("covered", coverage.COVERED), ("run", coverage.RUN)):
            View(name, sql, is_kept=True).make(lake)
        if needs_use:
            self.set(_readable(lake))
            for name, (source, sql) in derive_sql.TOTALS.items():
                # Totals hold for now; for an earlier moment they are counted again from the days before it.
                total = f"FROM {name}" if is_now else sql.format(**{source: f"known_{source}"})
                View(f"cut_{name}", total, is_kept=not is_now or name == "user_seen").make(lake)
                hidden = frame_use.hidden("name", "upn") if name == "user_seen" else ""
                View(f"known_{name}", f"SELECT * {hidden} FROM cut_{name}").make(lake)
            held = "seats" if _seats_hold(lake) else f"({derive_sql.seats(frame_use.AS_OF)})"
            self._seat = _SEAT.format(held=held)
        self._take(decided, None)

    def decide(self, decided: Decided) -> bool:
        """Answer under other decisions from now on; only what rests on a change is made anew. False: there was none."""
        before, self.decided = self.decided, decided
        return self._take(decided, before)

    def set(self, values: Mapping[str, object]) -> None:
        """Set variables of the questions."""
        for name, value in values.items():
            cast = _CASTS.get(name, "VARCHAR")
            self.lake.connection.execute(f"SET VARIABLE {name} = CAST($1 AS {cast})", [value])

    def need(self, sql: str) -> None:
        """Make the views that a question is made of, where they are not there yet."""
        for view in needed(sql, self._views):
            if view.name not in self._made:
                view.make(self.lake)
                self._made.add(view.name)

    def _take(self, decided: Decided, before: Decided | None) -> bool:
        changed: set[str] = set()
        if before is None or frame_decided.variables(decided) != frame_decided.variables(before):
            self.set(frame_decided.variables(decided))
            self.coverage = self._coverage()
            changed |= {view.name for view in self._views} | {"variables"}
        if not self._needs_use:
            return bool(changed)
        found = frame_decided.rows(decided)
        for name, rows in found.items():
            if rows != self._rows.get(name):
                frame_decided.load(self.lake, name, rows)
                changed.add(name)
        self._rows = found
        if before is None or decided.prices != before.prices:
            changed.add(frame_decided.PRICES)
        self._views = (
            *frame_evidence.views(),
            *frame_use.views(self._seat),
            *frame_products.views(known.know, frame_decided.price_maker(decided)),
            *frame_licences.views(),
        )
        self._made -= resting_on(changed, self._views)
        return bool(changed)

    def _coverage(self) -> Coverage:
        state, start, end, reason, has_complete, proven = self.lake.rows(coverage.SUMMARY)[0]
        self.set({"has_complete": has_complete, "proven_days": proven})
        return Coverage(state, _text(start), _text(end), reason)


def day_before(as_of: datetime) -> date:
    """The last day an answer looks at: midnight belongs to the day that ends there."""
    return (as_of - timedelta(microseconds=1)).date()


def _readable(lake: Lake) -> dict[str, object]:
    """What of the directory was ever read: the rest is unknown, not zero."""
    by_group = lake.rows("SELECT 1 FROM app_role_assignments WHERE lower(principal_type) = 'group' LIMIT 1")
    return {
        "knows_seats": all(map(lake.knows, ("service_principals", "app_role_assignments", "users")))
        and (lake.knows("group_members") or not by_group),
        "knows_grants": lake.knows("oauth2_permission_grants"),
        "knows_people": lake.knows("users"),
        "knows_licences": lake.knows("subscribed_skus") and lake.knows("users"),
    }


def _cut(lake: Lake, last_day: date, daily: dict[str, str]) -> bool:
    """Make the known_* views of the daily tables. True when nothing on record is later than the answer's now."""
    later, cut = lake.rows(
        """SELECT bool_or(day > getvariable('last_day')),
                  bool_or(day = getvariable('last_day') AND last_event_at >= getvariable('as_of')) FROM derived_days"""
    )[0]
    if cut:
        lake.events_of("last_day_events", [last_day])
    for name, sql in daily.items():
        if cut:
            before = "(SELECT * FROM last_day_events WHERE created_at < getvariable('as_of'))"
            lake.connection.execute(f"CREATE OR REPLACE TEMP TABLE cut_{name} AS {sql.format(events=before)}")
            rest = f"day < getvariable('last_day') UNION ALL BY NAME FROM cut_{name}"
        else:
            rest = "day <= getvariable('last_day')"
        View(f"known_{name}", f"SELECT * FROM {name} WHERE {rest}").make(lake)
    return not later and not cut


def _seats_hold(lake: Lake) -> bool:
    """Whether the stored seats are those of the answer's now: no row of the directory begins or ends later."""
    later = " OR ".join(
        f"EXISTS (FROM {name} WHERE valid_from > {frame_use.AS_OF} OR valid_to > {frame_use.AS_OF})"
        for name in _HISTORIES
    )
    return lake.knows("seats") and not lake.rows(f"SELECT {later}")[0][0]


def _text(micros: int | None) -> str | None:
    if micros is None:
        return None
    return datetime.fromtimestamp(micros // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
