"""From decoded pages to Arrow batches by the declaration; every row is placed or counted with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import UNSET
from msgspec.structs import astuple

from seatwise.catalog.activity import ZERO_GUID
from seatwise.catalog.registry import DATASETS
from seatwise.catalog.shapes import Dataset, Field, attribute
from seatwise.lake.packages import Package
from seatwise.lake.rows_decode import Answer, Decoded, decoder
from seatwise.lake.rows_values import CONVERT, JsonTexts, shorten, to_kinds, without_absent

__all__ = ["Answer", "Context", "Decoded", "Rows", "SetAside", "batches", "decoder", "to_batch"]

SetAside = Counter[tuple[str, str]]
"""Rows not kept, counted by (kind of sign-in or name of the data set, reason)."""

ABSENT = "_absent"
"""Extra column of directory batches: names of the columns the answer did not mention; null where it said all."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a page does not say about itself.

    kind:    kind of sign-in that was asked for.
    parent:  the thing a page of a fan-out data set was asked for, when it was no `$batch`.
    """

    tenant_id: str
    feed: str = "graph"
    kind: str | None = None
    parent: str | None = None

    @classmethod
    def of(cls, package: Package, parent: str | None = None) -> Context:
        slice_ = package.slice
        return cls(package.manifest.tenant_id, slice_.get("feed", "graph"), slice_.get("kind"), parent)


@dataclass(slots=True)
class Rows:
    """Rows of one page as a batch in the declared schema (without history columns).

    n_received = batch.num_rows + set_aside.total()
    """

    batch: pa.RecordBatch
    n_received: int
    set_aside: SetAside
    flags: Counter[str]


def batches(package: Package) -> Iterator[Rows]:
    """The rows of a sealed package, page by page."""
    dataset = DATASETS[package.dataset]
    decode = decoder(dataset)
    for entry, body in package.pages():
        if not body and entry.n_rows == 0:
            continue  # an import whose files held nothing
        yield to_batch(dataset, decode(body), Context.of(package, entry.parent))


def to_batch(dataset: Dataset, decoded: Decoded, context: Context) -> Rows:
    """Columns of a decoded page; what has no key, no time, no kind or is another tenant's is set aside."""
    columns = _Columns(dataset, decoded, context)
    arrays = {field.name: columns.of(field) for field in dataset.fields}
    if "day" in arrays:
        arrays["day"] = arrays["created_at"].cast(pa.date32())
    reasons = _reasons(dataset, arrays, context)
    batch = pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))
    if columns.absent:
        batch = batch.append_column(ABSENT, _absent_names(columns.absent, len(decoded.rows)))
    set_aside: SetAside = Counter({(dataset.name, reason): n for reason, n in decoded.unreadable.items() if n})
    if reasons is not None:
        kinds = arrays["kind"] if "kind" in arrays else pa.nulls(len(reasons), pa.string())
        for reason, kind in zip(reasons.to_pylist(), kinds.to_pylist(), strict=True):
            if reason is not None:
                set_aside[kind or dataset.name, reason] += 1
        batch = batch.filter(pc.is_null(reasons))
    return Rows(batch, decoded.n, set_aside, decoded.flags + columns.flags)


class _Columns:
    """Takes columns out of row structs, remembering what was absent."""

    def __init__(self, dataset: Dataset, decoded: Decoded, context: Context) -> None:
        self._dataset, self._decoded, self._context = dataset, decoded, context
        self._n_rows = len(decoded.rows)
        self._members = _members(dataset, decoded.rows)
        self._json = JsonTexts()
        self.absent: dict[str, list[bool]] = {}
        self.flags: Counter[str] = Counter()

    def of(self, field: Field) -> Any:
        if field.type == "sign_in_kind":
            kinds = to_kinds(self._values(field), self._members[attribute("_kind")], self._context.kind)
            return _column(kinds, pa.string())
        parents = self._parents(field)
        if not field.source:
            nothing: Any = field.arrow
            return parents if parents is not None else pa.nulls(self._n_rows, nothing)
        if field.name == "feed":
            return _column([feed or self._context.feed for feed in self._values(field)], pa.string())
        array = self._array(field)
        if parents is not None:
            array = pc.coalesce(array, parents)
        return array

    def _array(self, field: Field) -> Any:
        values = self._values(field)
        if field.type == "json":
            self._note_absent(field, values)
            return pa.array(self._json(values), pa.string())
        wire = field.arrow if field.type in ("bool", "int") else pa.string()
        try:
            array = _column(values, wire)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            self._note_absent(field, values)
            array = pa.array(without_absent(values), wire)
        if wire == pa.string():
            array, n_cut = shorten(array)
            if n_cut:
                self.flags["text_shortened"] += n_cut
        return CONVERT[field.type](array) if field.type in CONVERT else array

    def _values(self, field: Field) -> Sequence[Any]:
        head, *parts = field.source.split("/")
        found = self._members[attribute(head)]
        for part in parts:
            take = attrgetter(attribute(part))
            try:
                found = list(map(take, found))
            except AttributeError:
                # Some branch is null or absent: so is everything under it.
                found = [take(item) if hasattr(item, "__struct_fields__") else item for item in found]
        return found

    def _parents(self, field: Field) -> pa.Array[Any] | None:
        parent = self._dataset.parent
        if parent is None or field.name != parent.names:
            return None
        decoded = self._decoded
        ids = decoded.parents if decoded.parents is not None else [self._context.parent] * len(decoded.rows)
        found: pa.Array[Any] = CONVERT["guid"](pa.array(ids, pa.string()))
        return found

    def _note_absent(self, field: Field, values: Sequence[Any]) -> None:
        mask = [type(value).__name__ == "UnsetType" for value in values]
        if any(mask):
            self.absent[field.name] = mask


def _members(dataset: Dataset, rows: Sequence[msgspec.Struct]) -> dict[str, Sequence[Any]]:
    """Member of the row type → its values."""
    names = dataset.struct.__struct_fields__
    # All members of a row in one step: asking for them by name took as long as decoding the page.
    columns: Iterable[Sequence[Any]] = zip(*map(astuple, rows), strict=True) if rows else [()] * len(names)
    return dict(zip(names, columns, strict=True))


def _column(values: Sequence[Any], wire: Any) -> Any:
    """A column of plain values. Errors: those of Arrow when a value is absent."""
    # Many columns say one thing on a whole page: what was asked for, or nothing at all.
    if values and values[0] == values[-1] and values[0] is not UNSET and values.count(values[0]) == len(values):
        return pa.repeat(pa.scalar(values[0], wire), len(values))
    return pa.array(values, wire)


def _absent_names(absent: dict[str, list[bool]], n_rows: int) -> pa.Array[Any]:
    names = [[name for name, mask in absent.items() if mask[at]] or None for at in range(n_rows)]
    return pa.array(names, pa.list_(pa.string()))


@cache
def _tenant(tenant_id: str) -> pa.Scalar[Any]:
    return pa.scalar(tenant_id)


@cache
def _ours(tenant_id: str) -> pa.Array[Any]:
    # Made once: making an array of Python values costs a search for pandas where pandas is not installed.
    return pa.array([tenant_id, ZERO_GUID])


def _reasons(dataset: Dataset, arrays: dict[str, pa.Array[Any]], context: Context) -> pa.Array[Any] | None:
    """Why each row cannot be placed, null where it can; None when all can."""
    needed = [("no_id", name) for name in dataset.key if name in arrays]
    if "day" in arrays:
        needed += [("no_time", "created_at"), ("no_kind", "kind")]
    checks = [(reason, pc.is_null(arrays[name])) for reason, name in needed if arrays[name].null_count]
    if "day" in arrays:
        tenant = arrays["resource_tenant_id"]
        # Nearly always the one tenant that was asked; looking up a set costs five times as much.
        if tenant.null_count or not pc.all(pc.equal(tenant, _tenant(context.tenant_id))).as_py():
            is_ours = pc.is_in(tenant, value_set=_ours(context.tenant_id))
            checks.append(("other_tenant", pc.and_(pc.is_valid(tenant), pc.invert(is_ours))))
    if not any(pc.any(mask).as_py() for _, mask in checks):
        return None
    reasons = pa.nulls(len(checks[0][1]), pa.string())
    for reason, mask in reversed(checks):
        reasons = pc.if_else(mask, reason, reasons)
    return reasons
