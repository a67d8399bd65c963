"""What a reading no longer holds of what is stored: found before anything is replaced or ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.shapes import Dataset
from seatwise.lake.places import Places
from seatwise.lake.rows import Rows
from seatwise.lake.tables_open import dataset_of, open_table

_FEW_ROWS, _MANY_ROWS, _MANY_SHARE = 5, 50, 0.05


@dataclass(frozen=True, slots=True)
class Vanished:
    """keys: of stored objects that the reading does not hold; n_before: stored objects."""

    keys: frozenset[tuple[str, ...]]
    n_before: int

    @property
    def is_many(self) -> bool:
        return is_many(len(self.keys), self.n_before)

    def confirms(self, earlier: Vanished) -> bool:
        """Whether this second reading lacks what an earlier one lacked, and hardly anything else."""
        return earlier.keys <= self.keys and not is_many(len(self.keys - earlier.keys), self.n_before)


def is_many(n_gone: int, n_before: int) -> bool:
    """Whether more vanished than a day's work explains: over 50, or over 5 % where that is more than a handful."""
    return n_gone > _MANY_ROWS or (n_gone > _FEW_ROWS and n_gone > _MANY_SHARE * n_before)


def objects(places: Places, dataset: Dataset, pages: Iterable[Rows]) -> Vanished:
    """Stored objects that a listing does not hold."""
    table = open_table(places, dataset.name)
    if table is None:
        return Vanished(frozenset(), 0)
    key = list(dataset.key)
    current = ds.field("valid_to").is_null() if dataset.history else None
    stored = dataset_of(table).to_table(columns=key, filter=current)
    schema = pa.schema([dataset.schema.field(name) for name in key])
    listed = pa.concat_tables([schema.empty_table(), *(pa.table(page.batch.select(key)) for page in pages)])
    gone = stored.cast(schema).join(listed, keys=key, join_type="left anti")
    return Vanished(frozenset(zip(*(gone[name].to_pylist() for name in key), strict=True)), stored.num_rows)


def lacks_events(
    places: Places, feed: str, kind: str, from_at: datetime, to_at: datetime, pages: Iterable[Rows]
) -> bool:
    """Whether a walk of [from_at, to_at) does not hold every stored event of this time, kind and feed."""
    table = open_table(places, SIGN_INS.name)
    if table is None:
        return False
    days = [date.fromordinal(at) for at in range(from_at.toordinal(), to_at.toordinal() + 1)]
    at = ds.field("created_at")
    wanted = (ds.field("feed") == feed) & (ds.field("kind") == kind) & (at >= _time(from_at)) & (at < _time(to_at))
    stored = dataset_of(table, days).to_table(columns=["event_id"], filter=wanted)["event_id"]
    if not len(stored):
        return False
    walked = pa.chunked_array([page.batch.column("event_id") for page in pages], pa.string())
    return not bool(pc.all(pc.is_in(stored, value_set=walked.combine_chunks())).as_py())


def event_ids(pages: Iterable[Rows]) -> frozenset[str]:
    return frozenset(str(id_) for page in pages for id_ in page.batch.column("event_id").to_pylist())


def _time(moment: datetime) -> Any:
    return pa.scalar(moment, pa.timestamp("us", "UTC"))
