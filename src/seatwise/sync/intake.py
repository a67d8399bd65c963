"""Import: exported files into the lake of one tenant, every record accounted for."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.catalog.activity import SIGN_IN_KINDS
from seatwise.lake import derive, imports
from seatwise.lake.forms import Event, Reading
from seatwise.lake.places import Places
from seatwise.sync import intake_files, intake_windows
from seatwise.sync.intake_files import Account
from seatwise.sync.intake_windows import Span, Vouched
from seatwise.sync.lock import alone
from seatwise.sync.progress import Phase, Progress

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TELL_EVERY = 500  # files
_TELL_EVERY_EVENTS, _TELL_EVERY_S = 20_000, 0.5


@dataclass(slots=True)
class Report:
    """received = kept + unchanged + everything set aside, in total and for each kind.

    kept:       events the lake did not know, or would not have known in a dry run.
    unchanged:  events it knew already by any route, and repetitions.
    set_aside:  (kind, reason, number of records).
    by_kind:    kind → {received, kept, unchanged, set_aside}.
    refused:    (path, sentence) of each file that is none of our forms, or broken; its other records count.
    notes:      sentences about what else is worth knowing.
    """

    tenant_id: str | None = None
    received: int = 0
    kept: int = 0
    unchanged: int = 0
    set_aside: list[tuple[str, str, int]] = field(default_factory=list)
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "received": self.received,
            "kept": self.kept,
            "unchanged": self.unchanged,
            "set_aside": [{"kind": kind, "reason": reason, "n": n} for kind, reason, n in self.set_aside],
            "by_kind": self.by_kind,
            "refused": [{"path": path, "reason": reason} for path, reason in self.refused],
        }


def read(
    paths: Sequence[str],
    places_of: Callable[[str], Places],
    tenant: str | None = None,
    complete: str | None = None,
    *,
    dry_run: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> Report:
    """Read files and folders into the lake of one tenant.

    places_of:  where a tenant's data lie.
    tenant:     whose events to keep; None for the only tenant that the files name.
    complete:   stretch of time the files are vouched to hold completely: FROM/TO, days (both included) or times.
    dry_run:    count everything, write nothing.
    Errors:     AskAdmin when the tenant or the stretch is not clear, or a sync is running; nothing is written then.
                Broken when the disk is full; another import of the same files then finishes the work.
    """
    vouched = Vouched.of(complete)
    named = _checked(tenant) if tenant else None
    with imports.Spool() as spool:
        gathered = _Gathered(spool)
        intake_files.read_all(list(paths), gathered.account, *_told(gathered, report))
        chosen = named or _only_tenant(gathered)
        gathered.settle(chosen)
        places = places_of(chosen) if chosen else None
        if places and not dry_run:
            with alone(places):
                # Whom the tenant has forgotten may have changed until the folder was held.
                places = places_of(places.tenant_id)
                imports.catch_up(places)
                before = _before(places, spool)
                _write(gathered, places, before, vouched, report)
        else:
            before = _before(places, spool)
        return _report(gathered, chosen, before)


def _write(
    gathered: _Gathered,
    places: Places,
    before: imports.Known,
    vouched: Vouched | None,
    report: Callable[[Progress], None] | None,
) -> None:
    windows = _windows(gathered, places.tenant_id, vouched)
    if windows or places.tenant_id in gathered.spool.of:
        _tell(report, "apply", gathered)
        imports.store(places, gathered.spool, before, gathered.account.files, windows, clock.now())
        _tell(report, "derive", gathered)
        derive.rebuild(places)


class _Gathered:
    """Events by tenant, and what their files and times prove."""

    def __init__(self, spool: imports.Spool) -> None:
        self.spool = spool
        self.account = Account()
        self.logged: set[str] = set()
        self.spans: dict[str, dict[tuple[str, str, bool], Span]] = {}

    def take(self, event: Event, reading: Reading) -> None:
        hour = reading.hour
        tenant = event.tenant or (hour.tenant if hour else "")
        if event.logged:
            self.logged.add(event.logged)
        self.spool.add(tenant, event)
        spans = self.spans.get(tenant)
        if spans is None:
            spans = self.spans[tenant] = {}
        mark = (event.feed, event.kind, hour is not None)
        span = spans.get(mark)
        if span is None:
            spans[mark] = Span(event.at, event.at)
        else:
            span.reach(event.at)

    def settle(self, chosen: str | None) -> None:
        """Give the events that name no tenant to the chosen one."""
        if chosen and "" in self.spool.of:
            self.spool.hand_over("", chosen)
            for mark, span in self.spans.pop("", {}).items():
                self.spans.setdefault(chosen, {}).setdefault(mark, span).join(span)

    def counted(self, tenant: str) -> Counter[tuple[str, str]]:
        """Events by feed and kind."""
        counted: Counter[tuple[str, str]] = Counter()
        for (feed, kind, _), span in self.spans.get(tenant, {}).items():
            counted[feed, kind] += span.n_rows
        return counted

    def open_spans(self, tenant: str) -> dict[tuple[str, str], Span]:
        """Spans, by feed and kind, of events outside a storage account's layout."""
        return {(feed, kind): s for (feed, kind, laid), s in self.spans.get(tenant, {}).items() if not laid}


def _checked(tenant: str) -> str:
    lowered = tenant.strip().lower()
    if not _GUID.fullmatch(lowered):
        raise AskAdmin(
            code="tenant_unclear",
            sentence=f"“{tenant}” is no tenant ID. It looks like 11111111-2222-3333-4444-555555555555 and stands on "
            "the overview page of Microsoft Entra.",
        )
    return lowered


def _only_tenant(gathered: _Gathered) -> str | None:
    """The one tenant the files speak of; several when guests are about, and then the one whose logs they are."""
    hours = {blob.hour.tenant for blob in gathered.account.hours} - {""}
    belonging = set(gathered.spool.of) - {""}
    logged = gathered.logged | hours
    found = belonging or logged
    if len(found) > 1 and len(logged) == 1 and logged <= found:
        found = logged
    if len(found) == 1:
        return _checked(found.pop())
    if found:
        shown = ", ".join(sorted(found)[:10]) + (" …" if len(found) > 10 else "")
        raise AskAdmin(
            code="several_tenants",
            sentence=f"These files hold sign-ins of {len(found)} tenants: {shown}. Name one with --tenant.",
        )
    if "" in gathered.spool.of:
        raise AskAdmin(
            code="tenant_unnamed",
            sentence="Nothing in these files says which tenant they are of. Name it with --tenant.",
        )
    return None


def _before(places: Places | None, spool: imports.Spool) -> imports.Known:
    events = spool.of.get(places.tenant_id) if places else None
    return imports.known(places, events) if places and events else imports.Known({})


def _windows(gathered: _Gathered, tenant: str, vouched: Vouched | None) -> list[dict[str, Any]]:
    now = clock.now()
    windows = intake_windows.of_hours(gathered.account.hours, tenant, now)
    windows += intake_windows.of_spans(gathered.open_spans(tenant))
    if vouched:
        windows += intake_windows.of_vouched(vouched, gathered.counted(tenant), now)
    return windows


def _report(gathered: _Gathered, chosen: str | None, before: imports.Known) -> Report:
    aside = Counter(gathered.account.set_aside)
    kept: Counter[str] = Counter()
    unchanged: Counter[str] = Counter()
    for tenant, events in gathered.spool.of.items():
        if tenant != chosen:
            aside.update({(kind, "other_tenant"): n for kind, n in events.n_received.items()})
            continue
        new = before.n_new(events)
        kept.update(new)
        unchanged.update({kind: n - new[kind] for kind, n in events.n_received.items()})
    by_kind = _by_kind(kept, unchanged, aside)
    return Report(
        tenant_id=chosen,
        received=sum(row["received"] for row in by_kind.values()),
        kept=kept.total(),
        unchanged=unchanged.total(),
        set_aside=sorted((kind, reason, n) for (kind, reason), n in aside.items()),
        by_kind=by_kind,
        refused=gathered.account.refused,
        notes=gathered.account.notes,
    )


def _by_kind(kept: Counter[str], unchanged: Counter[str], aside: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    others: Counter[str] = Counter()
    for (kind, _), n in aside.items():
        others[kind] += n
    known = [kind for kind in SIGN_IN_KINDS if kept[kind] or unchanged[kind] or others[kind]]
    return {
        kind: {
            "received": kept[kind] + unchanged[kind] + others[kind],
            "kept": kept[kind],
            "unchanged": unchanged[kind],
            "set_aside": others[kind],
        }
        for kind in [*known, *sorted(set(others) - set(known))]
    }


def _told(
    gathered: _Gathered, report: Callable[[Progress], None] | None
) -> tuple[Callable[[Event, Reading], None], Callable[[str], None]]:
    """Takes events and hears of files, telling now and then how far it is, also within a large file."""
    if report is None:
        return gathered.take, lambda _path: None
    since, n = time.monotonic(), 0

    def tell(path: str) -> None:
        nonlocal since
        if len(gathered.account.files) % _TELL_EVERY == 0 or time.monotonic() - since > _TELL_EVERY_S:
            since = time.monotonic()
            _tell(report, "page", gathered, path)

    def take(event: Event, reading: Reading) -> None:
        nonlocal n
        gathered.take(event, reading)
        n += 1
        if n % _TELL_EVERY_EVENTS == 0:
            _tell(report, "page", gathered, reading.member.name)

    return take, tell


def _tell(report: Callable[[Progress], None] | None, phase: Phase, gathered: _Gathered, detail: str = "") -> None:
    if report:
        n_rows = sum(events.n_received.total() for events in gathered.spool.of.values())
        report(Progress("import", phase, n_rows, len(gathered.account.files), 0.0, None, detail))
