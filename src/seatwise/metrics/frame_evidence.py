"""Views that few answers need: every feed's record of each event, and permissions in plain words."""

# ruff: noqa: S608  every question is made of our own declarations, what people type goes in as a variable

from __future__ import annotations

from typing import Final

import pyarrow as pa

from seatwise.catalog.scopes import REACHES, may, reach
from seatwise.lake.reading import Lake
from seatwise.metrics.views import View

WORDS: Final = "list_filter(string_split(coalesce({scope}, ''), ' '), lambda word: word <> '')"
"""SQL: the permissions that a grant names."""

_SCOPES: Final = f"SELECT DISTINCT unnest({WORDS.format(scope='scope')}) FROM oauth2_permission_grants"


def _tell(lake: Lake) -> None:
    """Make the table `scope_told`: each permission on record, how far it reaches and what it means."""
    scopes = [scope for (scope,) in lake.rows(_SCOPES)]
    told = pa.table(
        {
            "scope": pa.array(scopes, pa.string()),
            "reach": pa.array([REACHES.index(reach(scope)) for scope in scopes], pa.int64()),
            "may": pa.array([may(scope) for scope in scopes], pa.string()),
        }
    )
    lake.connection.register("incoming", told)
    lake.connection.execute("CREATE OR REPLACE TEMP TABLE scope_told AS FROM incoming")
    lake.connection.unregister("incoming")


def views() -> tuple[View, ...]:
    return (
        View("sign_ins", "", made=lambda lake: lake.open("sign_ins")),
        View("scope_told", _SCOPES, is_kept=True, made=_tell),
    )
