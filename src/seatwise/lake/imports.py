"""How imported events enter the lake: held aside while files are read, compared with what is known, sealed, applied."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.dataset as ds
from isal import igzip

from seatwise.catalog.activity import FEEDS, SIGN_IN_KINDS, SIGN_INS, Feed, SignInKind
from seatwise.lake import packages, tables
from seatwise.lake.disk import plain_disk_errors
from seatwise.lake.forms import Event, encode
from seatwise.lake.places import Places

_PAGE_ROWS = 10_000
_PACKAGE_ROWS = 100_000  # a package is held in memory while it is applied
_FEED_BIT: dict[Feed, int] = {feed: 1 << at for at, feed in enumerate(FEEDS)}
_FEED_BITS: dict[str | None, int] = dict(_FEED_BIT.items())
_KIND_AT = {kind: at for at, kind in enumerate(SIGN_IN_KINDS)}
_KIND_SHIFT = len(FEEDS)


@dataclass(slots=True)
class _Page:
    at: int
    size: int
    n_rows: int
    keys: list[bytes]


@dataclass(slots=True)
class _Filling:
    lines: list[bytes] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Events:
    """The events of one tenant that were read.

    n_received:  by kind, repetitions included.
    days:        as ISO text.
    """

    n_received: Counter[SignInKind] = field(default_factory=Counter)
    days: set[str] = field(default_factory=set)
    seen: dict[bytes, int] = field(default_factory=dict)
    filling: dict[tuple[Feed, str], _Filling] = field(default_factory=dict)
    pages: dict[tuple[Feed, str], list[_Page]] = field(default_factory=dict)


class Spool:
    """Holds events as packed pages in a nameless temporary file until it is known whose they are.

    Memory: about 100 bytes an event, for telling repetitions; the events themselves are on disk.
    """

    def __init__(self) -> None:
        with plain_disk_errors():
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self.of: dict[str, Events] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, tenant: str, event: Event) -> None:
        events = self.of.get(tenant)
        if events is None:
            events = self.of[tenant] = Events()
        events.n_received[event.kind] += 1
        key, bit = _key(event.sign_in.id or ""), _FEED_BIT[event.feed]
        known = events.seen.get(key)
        if known is None:
            events.seen[key] = bit | _KIND_AT[event.kind] << _KIND_SHIFT
        elif known & bit:
            return
        else:
            events.seen[key] = known | bit
        written = event.sign_in.createdDateTime or ""
        events.days.add(written[:10])
        group = (event.feed, written[:7])
        filling = events.filling.get(group)
        if filling is None:
            filling = events.filling[group] = _Filling()
        filling.lines.append(encode(event.sign_in))
        filling.keys.append(key)
        if len(filling.lines) >= _PAGE_ROWS:
            self._turn(events, group)

    def hand_over(self, giver: str, taker: str) -> None:
        """Count the events of one owner as another's. Repetitions between the two are folded when applied."""
        given = self.of.pop(giver)
        if taker not in self.of:
            self.of[taker] = given
            return
        events = self.of[taker]
        events.n_received.update(given.n_received)
        events.days |= given.days
        for key, marks in given.seen.items():
            events.seen[key] = events.seen.get(key, marks) | marks & (1 << _KIND_SHIFT) - 1
        for owner in (given, events):
            for group in list(owner.filling):
                self._turn(owner, group)
        for group, pages in given.pages.items():
            events.pages.setdefault(group, []).extend(pages)

    def _turn(self, events: Events, group: tuple[Feed, str]) -> None:
        filling = events.filling.pop(group)
        body = igzip.compress(b"\n".join(filling.lines) + b"\n", 1)
        with plain_disk_errors():
            at = self._file.tell()
            self._file.write(body)
        page = _Page(at, len(body), len(filling.lines), filling.keys)
        events.pages.setdefault(group, []).append(page)

    def pages(self, tenant: str) -> Iterator[tuple[Feed, str, _Page]]:
        """The pages of one tenant by feed and month."""
        events = self.of[tenant]
        for group in list(events.filling):
            self._turn(events, group)
        for (feed, month), pages in sorted(events.pages.items()):
            for page in pages:
                yield feed, month, page

    def body(self, page: _Page) -> bytes:
        with plain_disk_errors():
            self._file.seek(page.at)
            body = self._file.read(page.size)
            self._file.seek(0, 2)
        return body


@dataclass(frozen=True, slots=True)
class Known:
    """What the lake held before the import: for each event read that it knows, the feeds that brought it."""

    feeds: dict[bytes, int]

    def n_new(self, events: Events) -> Counter[SignInKind]:
        """Distinct events, by kind, that the lake knew by no route."""
        new: Counter[SignInKind] = Counter()
        for key, marks in events.seen.items():
            if key not in self.feeds:
                new[SIGN_IN_KINDS[marks >> _KIND_SHIFT]] += 1
        return new

    def holds(self, page: _Page, feed: Feed) -> bool:
        bit = _FEED_BIT[feed]
        return all(self.feeds.get(key, 0) & bit for key in page.keys)


def catch_up(places: Places) -> None:
    """Apply what an interrupted import or sync sealed and did not apply."""
    tables.apply_pending(places, SIGN_INS)


def known(places: Places, events: Events) -> Known:
    """Which of the events are in the lake already, and by which route."""
    found: dict[bytes, int] = {}
    table = tables.open_table(places, SIGN_INS.name) if events.days else None
    if table is not None:
        rows = table.to_pyarrow_dataset().scanner(
            columns=["event_id", "feed"],
            filter=ds.field("day").isin([date.fromisoformat(day) for day in sorted(events.days)]),
        )
        for batch in rows.to_batches():
            _mark(batch, events.seen, found)
    return Known(found)


def _mark(batch: pa.RecordBatch, seen: dict[bytes, int], found: dict[bytes, int]) -> None:
    for event_id, feed in zip(batch["event_id"].to_pylist(), batch["feed"].to_pylist(), strict=True):
        key = _key(str(event_id))
        if key in seen:
            found[key] = found.get(key, 0) | _FEED_BITS.get(feed, 0)


def store(
    places: Places, spool: Spool, before: Known, files: list[str], windows: list[dict[str, Any]], at: datetime
) -> None:
    """Seal what is new, by feed and month, and apply it; the last package carries the windows that the files prove.

    windows:  {feed, kind, from, to, n_rows, state, reason}, times as RFC 3339 text.
    at:       when the files were read, for windows that need no package.
    Errors:   Broken when the disk is full; sealed packages are applied by the next import or sync then.
    """
    parcels = list(_parcels(places, spool, before))
    for last, (feed, pages) in _with_last(parcels):
        with packages.open_package(
            places, SIGN_INS, {"feed": feed, "files": files[:100], "n_files": len(files)}
        ) as draft:
            for page in pages:
                draft.add_page(spool.body(page), page.n_rows)
            draft.seal({"windows": windows} if last else {})
        tables.apply_pending(places, SIGN_INS)
    if not parcels:
        tables.write_windows(places, [_ledger_row(window, at) for window in windows])


def _parcels(places: Places, spool: Spool, before: Known) -> Iterator[tuple[Feed, list[_Page]]]:
    """Pages that bring something, parcelled so that a package has one feed, few months and not too many rows."""
    if places.tenant_id not in spool.of:
        return
    parcel: list[_Page] = []
    parcelled: Feed | None = None
    n_rows = 0
    for feed, _, page in spool.pages(places.tenant_id):
        if before.holds(page, feed):
            continue
        if parcelled and parcel and (feed != parcelled or n_rows + page.n_rows > _PACKAGE_ROWS):
            yield parcelled, parcel
            parcel, n_rows = [], 0
        parcelled = feed
        parcel.append(page)
        n_rows += page.n_rows
    if parcelled and parcel:
        yield parcelled, parcel


def _with_last(parcels: list[tuple[Feed, list[_Page]]]) -> Iterable[tuple[bool, tuple[Feed, list[_Page]]]]:
    return ((at == len(parcels) - 1, parcel) for at, parcel in enumerate(parcels))


def _ledger_row(window: dict[str, Any], at: datetime) -> tables.LedgerRow:
    return tables.LedgerRow(
        feed=window["feed"],
        kind=window["kind"],
        from_at=datetime.fromisoformat(window["from"]),
        to_at=datetime.fromisoformat(window["to"]),
        read_at=at,
        n_rows=window["n_rows"],
        state=window["state"],
        reason=window["reason"],
    )


def _key(event_id: str) -> bytes:
    """16 bytes that stand for an event id; almost all ids are GUIDs, and those are their own bytes."""
    if len(event_id) == 36:
        try:
            return bytes.fromhex(event_id.replace("-", ""))
        except ValueError:
            pass
    return hashlib.blake2b(event_id.encode("utf-8", "replace"), digest_size=16).digest()
