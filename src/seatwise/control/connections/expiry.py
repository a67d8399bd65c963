"""When the secret or certificate of a connection ends, and when to say so."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.control import audit, notices, vault
from seatwise.control.connections.reach import CREDENTIAL, reached
from seatwise.control.models import Connection, Notice, Person
from seatwise.microsoft.graph import Graph

LEVELS = (60, 30, 14, 7, 1)
_ENDED = ("secret_expired", "certificate_expired")


@dataclass(frozen=True)
class ExpiryWarning:
    """days_left: whole days, negative once it has ended. level: the one of LEVELS it falls under, 0 when ended."""

    days_left: int
    level: int
    sentence: str


def days_left(connection: Connection) -> int | None:
    """Whole days until the secret or certificate ends, None when nobody knows or there is none to end."""
    if connection.credential_ends_at is None or connection.method not in (
        Connection.Method.SECRET,
        Connection.Method.CERTIFICATE,
    ):
        return None
    return (connection.credential_ends_at - clock.now()).days


def is_ended(connection: Connection) -> bool:
    """Whether Microsoft refused it as expired: this counts for more than the day that somebody entered."""
    own = (Connection.Method.SECRET, Connection.Method.CERTIFICATE)
    return connection.method in own and connection.state == Connection.State.NEEDS_REAUTH and connection.code in _ENDED


def warnings(connection: Connection) -> list[ExpiryWarning]:
    """At most one: empty while more than sixty days are left, when nobody knows, or when it ended before its day."""
    left = days_left(connection)
    if left is None or connection.credential_ends_at is None or left > LEVELS[0]:
        return []
    if left >= 0 and is_ended(connection):
        return []
    what = "certificate" if connection.method == Connection.Method.CERTIFICATE else "client secret"
    on = f"{connection.credential_ends_at:%-d %b %Y}"
    if left < 0:
        return [
            ExpiryWarning(left, 0, f"The {what} ended on {on}. Put a new one in its place; what was read before stays.")
        ]
    level = min(level for level in LEVELS if left <= level)
    days = "1 day" if left == 1 else f"{left} days"
    when = "today" if left == 0 else f"in {days}"
    return [
        ExpiryWarning(
            left, level, f"The {what} ends {when}, on {on}. Create a new one and put it in its place before then."
        )
    ]


def set_expiry(by: Person | None, connection: Connection, ends_on: date | None) -> Connection:
    """The day a person read from Microsoft's page; None forgets it."""
    ends_at = datetime.combine(ends_on, time(), UTC) if ends_on else None
    Connection.objects.filter(pk=connection.pk).update(credential_ends_at=ends_at)
    connection.refresh_from_db()
    audit.note(
        "credential.expiry",
        person=by,
        workspace=connection.workspace,
        tenant_id=connection.tenant_id,
        subject=ends_on.isoformat() if ends_on else "",
    )
    return connection


def read_from_microsoft(connection: Connection) -> datetime | None:
    """When the secret ends as the app registration itself says; None when it may not be read or is not clear."""
    if connection.method != Connection.Method.SECRET:
        return connection.credential_ends_at
    try:
        hint = vault.fetch(connection.id, CREDENTIAL)[:3]
        ends_at = asyncio.run(_asked(reached(connection), connection.client_id, hint))
    except SeatwiseError:
        # Only a convenience: a person can enter the day.
        return None
    if ends_at is not None:
        Connection.objects.filter(pk=connection.pk).update(credential_ends_at=ends_at)
        connection.credential_ends_at = ends_at
    return ends_at


def remind(connection: Connection) -> bool:
    """Tells the workspace once for each level of each secret. Gives whether something was told now."""
    for warning in warnings(connection):
        ends_at = connection.credential_ends_at
        code = f"expires_{warning.level}_{ends_at:%y%m%d}" if ends_at else f"expires_{warning.level}"
        if not Notice.objects.filter(workspace=connection.workspace, code=code).exists():
            notices.tell(connection.workspace, code, warning.sentence)
            return True
    return False


async def _asked(way: AbstractAsyncContextManager[Graph], client_id: str, hint: str) -> datetime | None:
    async with way as graph:
        row = await graph.get_json(f"/applications(appId='{client_id}')", {"$select": "appId,passwordCredentials"})
    # Microsoft shows the first three characters of each secret; two alike would make a guess of it.
    found = [one for one in row.get("passwordCredentials") or [] if isinstance(one, dict) and one.get("hint") == hint]
    if len(found) != 1 or not found[0].get("endDateTime"):
        return None
    try:
        return clock.parse_time(str(found[0]["endDateTime"]))
    except ValueError as error:
        raise AskAdmin(code="date_odd", sentence="Microsoft gave a date that is none.") from error
