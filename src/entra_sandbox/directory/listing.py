"""Answers a question about a list of directory objects: filter, order, pages, selection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import GraphError, bad_request, expired_page, unsupported
from entra_sandbox.directory.entity import Entity
from entra_sandbox.directory.index import Index, index_at
from entra_sandbox.directory.kinds import entity_of
from entra_sandbox.odata.match import compile_filter, operators_of, properties_of
from entra_sandbox.odata.options import read_expand, read_flag, read_order, read_select, read_top
from entra_sandbox.odata.syntax import Node, parse_filter
from entra_sandbox.state import State

Relation = Callable[[Any, Index], "Related"]
MOST = 999
USUAL = 100
EXPANDED = 20
# Operators that the directory answers only from its eventually consistent index.
_ADVANCED = frozenset({"ne", "not", "endswith", "all"})


@dataclass(frozen=True)
class Related:
    """Rows of a relation; `entity` None when they may be of several types."""

    rows: Sequence[Any]
    entity: Entity | None


@dataclass(frozen=True)
class Listing:
    """A list to answer from.

    entity:     None for lists that mix types (members); then `entity_of` says which a row is.
    context:    name in @odata.context.
    most:       largest page. refuse: whether a larger $top is an error (users) or cut.
    paged:      False for lists that come whole.
    """

    rows: Sequence[Any]
    entity: Entity
    context: str
    most: int = MOST
    usual: int = USUAL
    refuse: bool = False
    paged: bool = True
    entity_of: Callable[[Any], Entity] | None = None
    relations: Mapping[str, Relation] = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """Where a walk goes on; `at` keeps it on the directory it began with."""

    path: str
    at: datetime
    offset: int
    rested: bool


def answer_list(state: State, ask: Ask, listing: Callable[[Index], Listing]) -> Answer:
    """One page, or the whole list where it is not paged."""
    place = _place(state, ask)
    index = index_at(state, place.at if place else None)
    source = listing(index)
    if "$skip" in ask.options and source.paged:
        raise bad_request("'$skip' is not supported by the service.", "Request_BadRequest")
    counted = "$count" in ask.options and read_flag(ask.options["$count"])
    rows = filtered(ask, source, index, counted)
    page, top = rows, len(rows)
    if source.paged:
        top = (
            read_top(ask.options["$top"], source.most, refuse=source.refuse)
            if "$top" in ask.options
            else min(source.usual, source.most)
        )
    offset = place.offset if place else 0
    payload: dict[str, Any] = {"@odata.context": _context(ask, source)}
    if counted and place is None:
        payload["@odata.count"] = len(rows)
    if source.paged:
        page = rows[offset : offset + top]
        link, rests = _next(state, ask, index, offset, top, len(rows), place)
        page = [] if rests else page
        if link:
            payload["@odata.nextLink"] = link
    payload["value"] = render(ask, source, index, page)
    return Answer(payload)


def _place(state: State, ask: Ask) -> _Place | None:
    token = ask.options.get("$skiptoken")
    if token is None:
        return None
    place = state.tokens.redeem(token)
    if place is None:
        raise expired_page()
    if not isinstance(place, _Place) or place.path != ask.path.lower():
        raise bad_request("The page token is not valid.", "Request_BadRequest")
    return place


def _next(
    state: State, ask: Ask, index: Index, offset: int, top: int, total: int, place: _Place | None
) -> tuple[str | None, bool]:
    """The next link, if any, and whether this page is one of the empty ones the service sometimes sends."""
    key = f"{ask.version}{ask.path}|{sorted(ask.options.items())}|{index.at}|{offset}|{place is not None}"
    rests = (
        place is not None
        and not place.rested
        and offset < total
        and hashlib.sha256(f"{offset}{ask.path}".encode()).digest()[0] % 6 == 0
    )
    following = offset if rests else offset + top
    if "page_lost" in state.plants and place is None:
        following += top
    if following >= total:
        return None, False
    token = state.tokens.issue(_Place(ask.path.lower(), index.at, following, rests), key)
    return ask.link("skiptoken", token), rests


def filtered(ask: Ask, source: Listing, index: Index, counted: bool) -> Sequence[Any]:
    """Rows that meet $filter and $search, in the order asked for; raises Graph's refusals."""
    entity = source.entity
    tree = parse_filter(ask.options["$filter"]) if ask.options.get("$filter", "").strip() else None
    order = read_order(ask.options["$orderby"], entity.properties, entity.name) if ask.options.get("$orderby") else []
    check_advanced(ask, tree, bool(order), counted)
    if any(name not in entity.sortable for name, _ in order):
        raise unsupported("Sorting not supported for current query.")
    rows = source.rows
    if tree is not None:
        test = compile_filter(tree, entity.read(index), entity.properties, entity.name)
        rows = [row for row in rows if test(row)]
    if "$search" in ask.options:
        rows = _searched(ask.options["$search"], rows, entity, index)
    for name, descending in reversed(order):
        read = entity.properties[name]
        rows = sorted(rows, key=lambda row: str(read(row, index) or "").casefold(), reverse=descending)
    return rows


def check_advanced(ask: Ask, tree: Node | None, ordered: bool, counted: bool) -> None:
    used = operators_of(tree)
    names = {name.lower() for name in properties_of(tree)}
    if "contains" in used:
        raise unsupported("Unsupported property filter clause operator 'contains'.")
    if "signinactivity" in names and len(names) > 1:
        raise bad_request(
            "Filter on signInActivity is not supported together with another property.", "Request_UnsupportedQuery"
        )
    advanced = bool(used & _ADVANCED) or "$search" in ask.options or (tree is not None and ordered)
    if "signinactivity" in names:
        return
    if (advanced or counted) and not ask.is_eventual:
        raise unsupported(
            "Unsupported Query. Advanced query parameters need the header ConsistencyLevel: eventual and $count=true."
        )
    if advanced and not counted and "$search" not in ask.options:
        raise unsupported(
            "Unsupported Query. Advanced query parameters need $count=true besides the header "
            "ConsistencyLevel: eventual."
        )


def _searched(text: str, rows: Sequence[Any], entity: Entity, index: Index) -> list[Any]:
    name, mark, wanted = text.strip().strip('"').partition(":")
    known = {key.lower(): key for key in entity.properties}
    if not mark or name.lower() not in known:
        raise bad_request("Invalid $search clause.", "Request_BadRequest")
    read = entity.properties[known[name.lower()]]
    return [row for row in rows if wanted.casefold() in str(read(row, index) or "").casefold()]


def render(ask: Ask, source: Listing, index: Index, page: Sequence[Any]) -> list[dict[str, Any]]:
    entity = source.entity
    chosen = read_select(ask.options["$select"], entity.properties, entity.name) if ask.options.get("$select") else None
    if chosen is not None and (odd := entity.absent_in_lists & set(chosen)):
        raise GraphError(501, "NotImplemented", f"The property '{sorted(odd)[0]}' is not available on a collection.")
    expansions = read_expand(ask.options["$expand"]) if ask.options.get("$expand") else []
    rows = [
        render_one(
            row,
            source.entity_of(row) if source.entity_of else entity,
            chosen,
            index,
            typed=source.entity_of is not None,
        )
        for row in page
    ]
    for expansion in expansions:
        relation = {name.lower(): (name, get) for name, get in source.relations.items()}.get(expansion.name.lower())
        if relation is None:
            raise bad_request(
                f"Parsing OData Select and Expand failed: Could not find a property named "
                f"'{expansion.name}' on type '{entity.name}'."
            )
        for row, shown in zip(page, rows, strict=True):
            related = relation[1](row, index)
            # Twenty and no link: the service says nothing of what it left out.
            shown[relation[0]] = [
                render_related(item, related.entity, expansion.options.get("$select"), index)
                for item in related.rows[:EXPANDED]
            ]
    return rows


def render_related(row: Any, entity: Entity | None, select: str | None, index: Index) -> dict[str, Any]:
    own = entity or entity_of(row)
    chosen = read_select(select, own.properties, own.name) if select else None
    return render_one(row, own, chosen, index, typed=entity is None)


def render_one(row: Any, entity: Entity, chosen: Sequence[str] | None, index: Index, *, typed: bool) -> dict[str, Any]:
    names = entity.default if chosen is None else chosen
    shown: dict[str, Any] = {"@odata.type": f"#{entity.name}"} if typed else {}
    # A mixed list is asked for properties of all types; each row answers with its own.
    shown.update(entity.render(row, [name for name in names if name in entity.properties] if typed else names, index))
    if chosen is not None and "id" not in shown and "id" in entity.properties and typed:
        shown["id"] = row.id
    return shown


def _context(ask: Ask, source: Listing) -> str:
    chosen = ask.options.get("$select", "").replace(" ", "")
    return f"{ask.root}/$metadata#{source.context}" + (f"({chosen})" if chosen else "")


def picked(ask: Ask, rows: list[dict[str, Any]], entity: str) -> list[dict[str, Any]]:
    select = ask.options.get("$select")
    if not select or not rows:
        return rows
    chosen = read_select(select, rows[0], entity)
    return rows if chosen is None else [{name: row[name] for name in chosen} for row in rows]
