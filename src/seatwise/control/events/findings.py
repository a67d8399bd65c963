"""What wants attention just now: the cards of the data, and what is wrong with the connection behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control.models import CardPutAway, CardSighting, Connection, Person, Workspace

if TYPE_CHECKING:
    from seatwise.control import answers

Key = tuple[str, str, str]
_UNREAD: Final = ("nothing_read", "tenant_unknown")
_BROKEN: Final = (Connection.State.NEEDS_REAUTH, Connection.State.VALIDATION_ERROR, Connection.State.DEGRADED)
_DAYS: Final = 30


@dataclass(frozen=True)
class Finding:
    """One card about one subject. n: what the card counts; worth_month: None without a price or a claim.

    since:   when it was first seen, None when nobody has looked yet.
    away:    how and why people put it away, None while it is in sight.
    """

    card: str
    subject_kind: str
    subject_id: str
    name: str
    n: int | None = None
    worth_month: float | None = None
    currency: str | None = None
    on: str | None = None
    detail: str | None = None
    since: datetime | None = None
    away: CardPutAway | None = None

    @property
    def key(self) -> Key:
        return self.card, self.subject_kind, self.subject_id


@dataclass(frozen=True)
class Found:
    """In the order of the cards, the dearest of each first. answer: what the figures rest on; None: nothing read."""

    findings: tuple[Finding, ...]
    answer: answers.Answer | None

    @property
    def in_sight(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.away is None)

    @property
    def put_away(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.away is not None)


def found(workspace: Workspace, by: Person | None, *, totals: Mapping[str, Any] | None = None) -> Found:
    """Everything there is, as this person may see it; None sees all there is.

    totals:  the row of that answer, from who has asked for it already.
    """
    # Loaded here, so that a worker that only looks whether there is something to do stays small.
    from seatwise.control import answers

    told = [_of_trouble(each) for each in trouble(workspace)]
    answer = None
    if workspace.tenant_id is not None:
        try:
            answer = answers.ask("insights", workspace.tenant_id, by=by)
        except AskAdmin as error:
            if error.code not in _UNREAD:
                raise
    if answer is not None:
        if totals is None:
            rows = answers.ask("totals", workspace.tenant_id, by=by).result.rows
            totals = rows[0] if rows else {}
        told += _of_coverage(totals)
        told += [_of_row(row) for row in answer.result.rows]
    return Found(_placed(workspace, told), answer)


def trouble(workspace: Workspace) -> list[tuple[str, Connection, str, int | None, str | None]]:
    """What is wrong with the connection: (card, connection, sentence, days left, day). No data is read for it."""
    from seatwise.control import connections

    connection = Connection.objects.filter(workspace=workspace).first()
    if connection is None or connection.state == Connection.State.DISCONNECTED:
        return []
    told: list[tuple[str, Connection, str, int | None, str | None]] = []
    if connection.state in _BROKEN:
        told.append(("connection", connection, connection.reason, None, None))
    for warning in connections.warnings(connection):
        ends_at = connection.credential_ends_at
        on = None if ends_at is None else ends_at.date().isoformat()
        told.append(("credential", connection, warning.sentence, max(0, warning.days_left), on))
    return told


def _of_trouble(told: tuple[str, Connection, str, int | None, str | None]) -> Finding:
    card, connection, sentence, n, on = told
    name = connection.tenant_name or "Microsoft Entra ID"
    return Finding(card, "connection", str(connection.pk), name, n=n, on=on, detail=sentence)


def _of_coverage(totals: Mapping[str, Any]) -> list[Finding]:
    n_complete = totals.get("n_days_complete")
    if n_complete is None or n_complete >= _DAYS:
        return []
    n_lacking, n_partial = _DAYS - n_complete, totals.get("n_days_partial") or 0
    told = f"{n_complete} of the last {_DAYS} days are complete"
    told += f", {n_partial} known in part." if n_partial else "."
    return [Finding("coverage", "coverage", "sign-ins", "Sign-ins", n=n_lacking, detail=told)]


def _of_row(row: dict[str, Any]) -> Finding:
    names = ("card", "subject_kind", "subject_id", "name", "n", "worth_month", "currency", "on", "detail")
    return Finding(**{name: row.get(name) for name in names})  # type: ignore[arg-type]  # the metric's own columns


def _placed(workspace: Workspace, told: list[Finding]) -> tuple[Finding, ...]:
    """With what people decided about each and since when it is there, in order."""
    from seatwise.control.events.cards import CARDS

    today = clock.now().date()
    away = {
        each.key: each
        for each in CardPutAway.objects.filter(workspace=workspace, ended_at=None).select_related("by")
        if each.until is None or each.until > today
    }
    seen = {each.key: each.first_at for each in CardSighting.objects.filter(workspace=workspace, gone_at=None)}
    order = {name: at for at, name in enumerate(CARDS)}
    placed = [
        Finding(
            each.card,
            each.subject_kind,
            each.subject_id,
            each.name,
            each.n,
            each.worth_month,
            each.currency,
            each.on,
            each.detail,
            seen.get(each.key),
            away.get(each.key),
        )
        for each in told
        if each.card in order
    ]
    return tuple(
        sorted(placed, key=lambda one: (order[one.card], -(one.worth_month or 0), one.on or "", -(one.n or 0)))
    )
