"""Writes down what an error, a test or a run means for a connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from seatwise.base import clock
from seatwise.base.errors import SeatwiseError
from seatwise.control import audit
from seatwise.control.connections import states
from seatwise.control.connections.states import Verdict
from seatwise.control.models import Connection
from seatwise.sync.probe import Check
from seatwise.sync.progress import Outcome


def judge(
    connection: Connection,
    *,
    error: SeatwiseError | None = None,
    checks: Sequence[Check] | None = None,
    outcome: Outcome | None = None,
) -> Connection:
    """The connection as it stands after one of: an error, a test, a finished run. A disconnected one stays so.

    Transient faults only note since when they last; hard ones change the state at once.
    """
    verdict = _verdict(error, checks, outcome)
    now = clock.wall()
    if verdict is None:
        _still_failing(connection, now)
        return connection
    values: dict[str, object] = {
        "state": verdict.state,
        "code": verdict.code[:48],
        "reason": verdict.reason,
        "next_step": verdict.next_step,
        "failing_since": None,
    }
    known = Connection.objects.filter(pk=connection.pk).exclude(state=Connection.State.DISCONNECTED)
    changed = known.exclude(state=verdict.state).update(**values, state_since=now)
    if not changed:
        known.update(**values)
    connection.refresh_from_db()
    if changed:
        audit.note(
            "connection.state",
            workspace=connection.workspace,
            tenant_id=connection.tenant_id,
            subject=str(verdict.state),
            detail={"code": verdict.code},
        )
    return connection


def _verdict(error: SeatwiseError | None, checks: Sequence[Check] | None, outcome: Outcome | None) -> Verdict | None:
    if error is not None:
        return states.of_error(error)
    if outcome is not None:
        return states.of_outcome(outcome)
    return states.of_checks(checks or ())


def _still_failing(connection: Connection, now: datetime) -> None:
    known = Connection.objects.filter(pk=connection.pk, failing_since__isnull=True)
    known.exclude(state=Connection.State.DISCONNECTED).update(failing_since=now)
    connection.refresh_from_db()
