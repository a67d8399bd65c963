"""“Test connection”: the live checklist, kept on the connection so that a page can show the last one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict

from seatwise.base import clock
from seatwise.base.errors import SeatwiseError
from seatwise.control.connections.judging import judge
from seatwise.control.connections.reach import places, reached
from seatwise.control.models import Connection
from seatwise.lake.places import Places
from seatwise.sync import probe
from seatwise.sync.probe import Check, Examined


def test(connection: Connection, *, first_pages: bool = True) -> list[Check]:
    """Looks at everything a sync needs, up to the first page of every data set; states follow what is found.

    first_pages:  False spares three of the report requests.
    Whatever fails is a check with its reason. Errors: those of the vault, when it is locked.
    """
    try:
        way = reached(connection)
    except SeatwiseError as error:
        if error.code.startswith("key_"):
            raise
        checks = [probe.failed_token(error)]
        return _written(connection, Examined(checks))
    found = asyncio.run(_examined(way, places(connection.tenant_id), connection.tenant_id, first_pages))
    return _written(connection, found)


test.__test__ = False  # type: ignore[attr-defined]  # the name is the page's word, not a test of ours


async def _examined(way: object, places: Places, tenant_id: str, first_pages: bool) -> Examined:
    async with way as graph:  # type: ignore[attr-defined]  # an async context manager of Graph
        return await probe.examine(graph, places, tenant_id, first_pages=first_pages)


def _written(connection: Connection, found: Examined) -> list[Check]:
    known = Connection.objects.filter(pk=connection.pk).exclude(state=Connection.State.DISCONNECTED)
    values: dict[str, object] = {"checks": [asdict(check) for check in found.checks], "checked_at": clock.wall()}
    if found.tenant_name:
        values["tenant_name"] = found.tenant_name
    if found.domains:
        values["domains"] = list(found.domains)
    known.update(**values)
    judge(connection, checks=found.checks)
    return found.checks


def of_connection(connection: Connection) -> list[Check]:
    """The last test's checks."""
    stored: Iterable[dict[str, object]] = connection.checks or []
    fields = set(Check.__dataclass_fields__)
    return [Check(**{name: value for name, value in one.items() if name in fields}) for one in stored]  # type: ignore[arg-type]  # what asdict wrote
