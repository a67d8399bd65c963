"""How a package of sign-ins becomes rows: a window is replaced, an import is merged, one row per event and feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable

from seatwise.base.clock import parse_time
from seatwise.catalog.activity import SIGN_INS
from seatwise.lake.places import Places
from seatwise.lake.tables_open import dataset_of, open_table, write

TABLE = SIGN_INS.table
_COMPARED = [field.name for field in SIGN_INS.fields if field.name not in ("event_id", "feed", "day", "package")]


@dataclass(frozen=True, slots=True)
class Window:
    """What one walk asked for: [from_at, to_at) of one kind in one feed."""

    feed: str
    kind: str
    from_at: datetime
    to_at: datetime

    @classmethod
    def of(cls, slice_: dict[str, str]) -> Window | None:
        """The window of a package, None for an import."""
        if not {"kind", "from", "to"} <= slice_.keys():
            return None
        return cls(slice_.get("feed", "graph"), slice_["kind"], parse_time(slice_["from"]), parse_time(slice_["to"]))

    def holds(self, rows: pa.Table) -> Any:
        """Mask of the rows that lie in the window and are of its kind."""
        at: Any = rows["created_at"]
        kinds: Any = rows["kind"]
        inside = pc.and_(pc.greater_equal(at, _scalar(self.from_at)), pc.less(at, _scalar(self.to_at)))
        return pc.and_(inside, pc.equal(kinds, pa.scalar(self.kind)))

    def meets(self, other: Window) -> bool:
        """Whether an event could lie in both."""
        is_same = (self.feed, self.kind) == (other.feed, other.kind)
        return is_same and self.from_at < other.to_at and other.from_at < self.to_at

    @property
    def wanted(self) -> ds.Expression:
        """What a stored row has to satisfy to lie in the window."""
        at: Any = ds.field("created_at")
        inside: ds.Expression = (at >= _scalar(self.from_at)) & (at < _scalar(self.to_at))
        return inside & (ds.field("feed") == self.feed) & (ds.field("kind") == self.kind)

    def predicate(self, days: set[date]) -> str:
        return (
            f"day in ({_listed(days)}) and feed = '{_quoted(self.feed)}' and kind = '{_quoted(self.kind)}'"
            f" and created_at >= '{_stamp(self.from_at)}' and created_at < '{_stamp(self.to_at)}'"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows by what happened to them. n_gone: rows of the window that this walk no longer found."""

    n_new: int
    n_changed: int
    n_unchanged: int
    n_gone: int
    n_outside: int
    days: set[date]


def store(places: Places, rows: pa.Table, feed: str, window: Window | None, transactions: dict[str, int]) -> Outcome:
    """Commit the rows of one package. rows: one per event id, all of one feed, in the table's schema."""
    outside = None if window is None else rows.filter(pc.invert(window.holds(rows)))
    n_outside = 0 if outside is None else outside.num_rows
    days = days_of(rows)
    # A window whose rows all lie in it can only meet rows of its own kind and time.
    existing = _existing(places, feed, days | _window_days(window), window if n_outside == 0 else None)
    if existing is None or existing.count_rows() == 0:
        write(places, TABLE, rows, transactions=transactions)
        return Outcome(rows.num_rows, 0, 0, 0, n_outside, days)
    found = _compare(existing, rows, window)
    gone, changed = found["gone"], found["changed"]
    new = rows.filter(pc.invert(pc.is_in(rows["event_id"], value_set=found["known"]["event_id"].combine_chunks())))
    touched = days_of(new) | days_of(changed) | days_of(gone)
    if changed.num_rows == 0 and gone.num_rows == 0:
        # What is there is right; adding what is new spares rewriting the day for every late event.
        write(places, TABLE, new, transactions=transactions)
    elif window is not None and n_outside == 0:
        write(
            places,
            TABLE,
            rows,
            instead_of=window.predicate(days | days_of(gone)),
            transactions=transactions,
        )
    else:
        _rewrite(places, existing, rows, gone, touched, feed, transactions)
    n_known = found["known"].num_rows
    return Outcome(new.num_rows, changed.num_rows, n_known - changed.num_rows, gone.num_rows, n_outside, touched)


def append(places: Places, parts: list[tuple[pa.Table, Window]], transactions: dict[str, int]) -> bool:
    """Commit the rows of several windows at once, if they meet neither each other nor anything stored.

    False, with nothing written, when they might: then each has to be stored by itself.
    """
    if any(one.meets(other) for at, (_, one) in enumerate(parts) for _, other in parts[:at]):
        return False
    if not all(pc.all(window.holds(rows)).as_py() for rows, window in parts if rows.num_rows):
        return False
    table = open_table(places, TABLE.name)
    if table is not None and any(_is_stored(table, window) for _, window in parts):
        return False
    write(places, TABLE, pa.concat_tables([rows for rows, _ in parts]), transactions=transactions)
    return True


def days_of(rows: pa.Table) -> set[date]:
    """UTC days the rows fall on."""
    return {day for day in pc.unique(rows["day"]).to_pylist() if day is not None}


def _existing(places: Places, feed: str, days: set[date], window: Window | None) -> ds.Dataset | None:
    table = open_table(places, TABLE.name)
    if table is None:
        return None
    wanted = (ds.field("feed") == feed) & ds.field("day").isin(sorted(days))
    return dataset_of(table, days).filter(wanted if window is None else wanted & window.wanted)


def _is_stored(table: DeltaTable, window: Window) -> bool:
    """Whether any stored row lies in the window."""
    return dataset_of(table, _window_days(window)).filter(window.wanted).head(1, columns=["kind"]).num_rows > 0


def _compare(existing: ds.Dataset, rows: pa.Table, window: Window | None) -> dict[str, pa.Table]:
    differs = " or ".join(f"e.{name} is distinct from i.{name}" for name in _COMPARED)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand in the answer on standard output
        connection.execute("set timezone = 'UTC'")
        connection.register("existing", existing)
        connection.register("incoming", rows)
        # Fewer rows of the package than of the table: let the small side be the one that is hashed.
        connection.execute(
            f"create temp table hits as select i.event_id, e.day, ({differs}) as differs "  # noqa: S608 names are ours
            "from existing e join incoming i on e.event_id = i.event_id"
        )
        known = connection.sql("select event_id from hits").to_arrow_table()
        changed = connection.sql("select event_id, day from hits where differs").to_arrow_table()
        gone = known.slice(0, 0).append_column("day", pa.nulls(0, pa.date32()))
        if window is not None:
            gone = connection.sql(
                "select e.event_id, e.day from existing e where e.kind = ? and e.created_at >= ? and e.created_at < ?"
                " and e.event_id not in (select event_id from incoming)",
                params=[window.kind, window.from_at, window.to_at],
            ).to_arrow_table()
    return {"known": known, "changed": changed, "gone": gone}


def _rewrite(
    places: Places,
    existing: ds.Dataset,
    rows: pa.Table,
    gone: pa.Table,
    touched: set[date],
    feed: str,
    transactions: dict[str, int],
) -> None:
    incoming = rows.filter(pc.is_in(rows["day"], value_set=pa.array(sorted(touched), pa.date32())))
    leaving = pa.chunked_array([*rows["event_id"].chunks, *gone["event_id"].chunks], pa.string()).combine_chunks()
    kept = existing.filter(ds.field("day").isin(sorted(touched))).to_table(columns=TABLE.schema.names)
    kept = kept.filter(pc.invert(pc.is_in(kept["event_id"], value_set=leaving))).cast(TABLE.schema)
    predicate = f"day in ({_listed(touched)}) and feed = '{_quoted(feed)}'"
    write(places, TABLE, pa.concat_tables([kept, incoming]), instead_of=predicate, transactions=transactions)


def _window_days(window: Window | None) -> set[date]:
    if window is None:
        return set()
    first, last = window.from_at.date(), window.to_at.date()
    return {date.fromordinal(at) for at in range(first.toordinal(), last.toordinal() + 1)}


def _listed(days: set[date]) -> str:
    return ", ".join(f"'{day.isoformat()}'" for day in sorted(days))


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _scalar(moment: datetime) -> Any:
    return pa.scalar(moment, pa.timestamp("us", "UTC"))
