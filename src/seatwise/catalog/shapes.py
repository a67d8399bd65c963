"""The words a data set is declared in, and everything that follows from a declaration.

A declaration is data: nothing here reads a file or a wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec
import pyarrow as pa

Kind = Literal["text", "word", "guid", "bool", "int", "time", "day", "json", "directory_type", "sign_in_kind"]
"""What a value is: `word` is an enum member kept in lower case, `json` a structure kept as canonical JSON text,
`directory_type` the last part of an `@odata.type`, `sign_in_kind` one of the four kinds of sign-in."""

Workload = Literal["directory", "reports"]

_ARROW: dict[str, pa.DataType] = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "time": pa.timestamp("us", "UTC"),
    "day": pa.date32(),
}
_WIRE: dict[str, Any] = {"bool": bool, "int": int, "json": msgspec.Raw, "sign_in_kind": list[str]}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: where it comes from and what it means.

    source:  path in the answer ("signInActivity/lastSignInDateTime"); empty when we fill the column ourselves.
    """

    name: str
    source: str
    type: Kind
    help: str
    unit: str | None = None
    personal: bool = False
    beta: bool = False

    @property
    def arrow(self) -> pa.DataType:
        return _ARROW.get(self.type, pa.string())


@dataclass(frozen=True, slots=True)
class Table:
    """A stored table: its columns in order, what identifies a row, how it is split on disk."""

    name: str
    help: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    partition: tuple[str, ...] = ()
    history: bool = False

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema; a table with history ends in valid_from (null: since ever) and valid_to (null: still so)."""
        columns = [pa.field(field.name, field.arrow) for field in self.fields]
        if self.history:
            columns += [pa.field("valid_from", _ARROW["time"]), pa.field("valid_to", _ARROW["time"])]
        return pa.schema(columns)

    @property
    def personal(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.personal)


@dataclass(frozen=True, slots=True)
class Parent:
    """Where a data set that is asked for once per thing takes those things from.

    predicate:  which of the parent's rows: a name the planner knows.
    column:     the parent's column whose value goes into `{id}` of the path.
    names:      the child's column that holds the parent's id, when the answer does not repeat it.
    """

    dataset: str
    column: str
    predicate: Literal["applications_not_microsoft", "assigned_groups", "gallery_templates"]
    names: str | None = None
    batch: int = 20


@dataclass(frozen=True, slots=True)
class Dataset:
    """One thing we ask Microsoft for, declared once.

    permissions:  any one of them is enough; `permissions_too` are needed besides.
    units:        cost of one request with `$select`, in resource units; the reports workload counts requests, so 1.
    is_extra:     nothing rests on it: a tenant that does not give it lacks nothing, and no run is partial for it.
    page_size:    value of `$top`, None where the call takes none.
    """

    name: str
    help: str
    version: Literal["v1.0", "beta"]
    path: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    page_size: int | None
    permissions: tuple[str, ...]
    why: str
    workload: Workload
    units: int
    premium: bool = False
    is_extra: bool = False
    permissions_too: tuple[str, ...] = ()
    parent: Parent | None = None
    history: bool = False
    partition: tuple[str, ...] = ()
    entity: str = ""

    @property
    def table(self) -> Table:
        return Table(self.name, self.help, self.fields, self.key, self.partition, self.history)

    @property
    def wire_fields(self) -> tuple[Field, ...]:
        """Columns that come out of an answer, in order."""
        return tuple(field for field in self.fields if field.source)

    @property
    def select(self) -> str:
        """Value of `$select`: the properties the declaration names, each once."""
        return self.select_in(self.version)

    def select_in(self, version: str) -> str:
        """`$select` for another version of the service, without what only beta has."""
        wanted = [field for field in self.wire_fields if version == "beta" or not field.beta]
        heads = dict.fromkeys(field.source.split("/")[0] for field in wanted)
        return ",".join(head for head in heads if not head.startswith(("@", "_")))

    @property
    def schema(self) -> pa.Schema:
        return self.table.schema

    @property
    def struct(self) -> type[msgspec.Struct]:
        """Type of one row of an answer: unknown members ignored, absent is UNSET and not null.

        Events, which are split by day, are never patched: what they leave out is null.
        """
        return _struct(self)


def attribute(part: str) -> str:
    """Name under which a member of an answer is found on the row type."""
    return part.replace("@", "at_").replace(".", "_").lstrip("_")


@cache
def _struct(dataset: Dataset) -> type[msgspec.Struct]:
    tree: dict[str, Any] = {}
    for field in dataset.wire_fields:
        *heads, last = field.source.split("/")
        branch = tree
        for head in heads:
            branch = branch.setdefault(head, {})
        branch[last] = _WIRE.get(field.type, str)
        if field.type == "sign_in_kind":
            branch["_kind"] = str
    return _grow(dataset.name, tree, None if dataset.partition else msgspec.UNSET)


def _grow(name: str, tree: dict[str, Any], absent: msgspec.UnsetType | None) -> type[msgspec.Struct]:
    members: list[tuple[str, Any, Any]] = []
    for part, leaf in tree.items():
        type_ = _grow(f"{name}_{attribute(part)}", leaf, absent) if isinstance(leaf, dict) else leaf
        # Raw already carries null; a union with it is not allowed.
        annotation = type_ | msgspec.UnsetType if type_ is msgspec.Raw else type_ | None | msgspec.UnsetType
        members.append((attribute(part), annotation, msgspec.UNSET if type_ is msgspec.Raw else absent))
    return msgspec.defstruct(name, members, rename={attribute(part): part for part in tree}, gc=False)
