"""Delta queries: a full start, a start from now, and rounds that tell what changed between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import GraphError, bad_request, expired_page, unsupported
from entra_sandbox.directory import collections as lists
from entra_sandbox.directory.entity import Entity
from entra_sandbox.directory.index import Index, index_at
from entra_sandbox.directory.kinds import entity_of
from entra_sandbox.directory.listing import render_one
from entra_sandbox.directory.people import GROUP, USER
from entra_sandbox.directory.principals import APPLICATION, GRANT, SERVICE_PRINCIPAL
from entra_sandbox.odata.match import compile_filter
from entra_sandbox.odata.options import parts_of, read_select
from entra_sandbox.odata.syntax import parse_filter
from entra_sandbox.state import State

PAGE = 200
MEMBERS_A_PAGE = 100
MOST_IDS = 50
_TOKEN_LIFE = timedelta(days=7)
_REFUSED_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class _Round:
    """What a delta or skip token of a delta stands for.

    since:  moment of the state the caller holds, None for a full start. until: moment it gets.
    """

    name: str
    chosen: tuple[str, ...] | None
    members: bool
    filter: str
    since: datetime | None
    until: datetime
    offset: int = 0


def delta(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    name = ask.segments[0].lower()
    now = state.directory_time()
    token = ask.options.get("$skiptoken") or ask.options.get("$deltatoken")
    for option in ("$orderby", "$expand", "$search"):
        if option in ask.options:
            raise bad_request(f"The query option '{option}' is not supported for delta queries.", "Request_BadRequest")
    if token is None or token.lower() == "latest":
        begun = _begin(ask, name, now)
        if token is not None:
            return _answer(state, ask, [], _link(state, ask, "deltatoken", begun, now))
    else:
        begun = _resumed(state, ask, name, token, now)
    return _page(state, ask, begun)


def _begin(ask: Ask, name: str, now: datetime) -> _Round:
    entity = _ENTITIES[name]
    select = ask.options.get("$select")
    members = name == "groups"
    chosen: tuple[str, ...] | None = None
    if select:
        wanted = [part for part in parts_of(select) if part.lower() != "members"]
        members = members and len(wanted) < len(parts_of(select))
        chosen = read_select(",".join(wanted), entity.properties, entity.name) or ()
        if odd := [part for part in chosen if part in entity.absent_in_lists or part == "signInActivity"]:
            raise GraphError(501, "NotImplemented", f"The property '{odd[0]}' cannot be tracked.")
    text = ask.options.get("$filter", "")
    if text.lower().count(" eq ") > MOST_IDS:
        raise bad_request(f"At most {MOST_IDS} ids may be tracked.", "Request_BadRequest")
    return _Round(name, chosen, members, text, None, now)


def _resumed(state: State, ask: Ask, name: str, token: str, now: datetime) -> _Round:
    held = state.tokens.redeem(token) if "$skiptoken" in ask.options else state.deltas.get(token)
    if held is None and "$skiptoken" in ask.options:
        raise expired_page()
    if not isinstance(held, _Round) or held.name != name:
        raise GraphError(400, "Request_BadRequest", "Badly formed token.")
    if "$skiptoken" in ask.options:
        return held
    age = now - held.until
    if age > _REFUSED_AFTER:
        raise unsupported("DeltaLink older than 30 days is not supported.")
    if age > _TOKEN_LIFE:
        location = f"{ask.root}{ask.path.split('?')[0]}?$deltatoken="
        raise GraphError(
            410,
            "syncStateNotFound",
            "The sync state generation is not found; continuing the sync is not "
            "possible. Start a full synchronization.",
            {"Location": location},
        )
    return _Round(name, held.chosen, held.members, held.filter, held.until, now)


def _page(state: State, ask: Ask, begun: _Round) -> Answer:
    index = index_at(state, begun.until)
    items = list(_changes(state, begun, index))
    page = items[begun.offset : begun.offset + PAGE]
    following = begun.offset + PAGE
    if following < len(items):
        rest = replace(begun, offset=following)
        return _answer(state, ask, page, _link(state, ask, "skiptoken", rest, begun.until))
    done = replace(begun, offset=0)
    return _answer(state, ask, page, _link(state, ask, "deltatoken", done, begun.until))


def _link(state: State, ask: Ask, kind: str, meaning: _Round, at: datetime) -> tuple[str, str]:
    token = state.tokens.issue(meaning, f"{ask.version}|{kind}|{meaning}|{at}")
    if kind == "deltatoken":
        # Delta tokens live for days, page tokens for minutes.
        state.deltas[token] = meaning
    return (
        "@odata.nextLink" if kind == "skiptoken" else "@odata.deltaLink",
        f"{ask.root}/{ask.segments[0]}/delta?${kind}={token}",
    )


def _answer(state: State, ask: Ask, rows: list[dict[str, Any]], link: tuple[str, str]) -> Answer:
    return Answer({"@odata.context": f"{ask.root}/$metadata#{ask.segments[0]}", link[0]: link[1], "value": rows})


def _changes(state: State, begun: _Round, index: Index) -> Iterator[dict[str, Any]]:
    entity = _ENTITIES[begun.name]
    test = (
        compile_filter(parse_filter(begun.filter), entity.read(index), entity.properties, entity.name)
        if begun.filter
        else None
    )
    rows = {row.id: row for row in lists.TOP[begun.name](index).rows if test is None or test(row)}
    if begun.since is None:
        for row in rows.values():
            yield from _shown(row, entity, begun, index, None)
        return
    before = index_at(state, begun.since)
    old = {row.id: row for row in lists.TOP[begun.name](before).rows}
    soft = {row.id for row in index.directory.deleted_users}
    for identifier in old:
        if identifier not in rows and test is None:
            yield {"id": identifier, "@removed": {"reason": "changed" if identifier in soft else "deleted"}}
    for identifier, row in rows.items():
        if identifier not in old:
            yield from _shown(row, entity, begun, index, None)
        elif _differs(old[identifier], row, entity, begun, before, index):
            yield from _shown(row, entity, begun, index, before)


def _differs(old: Any, new: Any, entity: Entity, begun: _Round, before: Index, after: Index) -> bool:
    names = begun.chosen or entity.default
    if entity.render(old, names, before) != entity.render(new, names, after):
        return True
    return begun.members and _members(old.id, before) != _members(new.id, after)


def _members(group_id: str, index: Index) -> dict[str, str]:
    return {row.id: entity_of(row).name for row in index.members(group_id)}


def _shown(row: Any, entity: Entity, begun: _Round, index: Index, before: Index | None) -> Iterator[dict[str, Any]]:
    shown = render_one(row, entity, begun.chosen, index, typed=False)
    shown.setdefault("id", row.id)
    # A property that was never set is absent from a delta, not null.
    shown = {name: value for name, value in shown.items() if value is not None}
    if not begun.members:
        yield shown
        return
    now = _members(row.id, index)
    then = _members(row.id, before) if before is not None else {}
    changes: list[dict[str, Any]] = [
        {"@odata.type": f"#{kind}", "id": key} for key, kind in now.items() if key not in then
    ]
    changes += [
        {"@odata.type": f"#{kind}", "id": key, "@removed": {"reason": "deleted"}}
        for key, kind in then.items()
        if key not in now
    ]
    if not changes:
        yield shown
    for begin in range(0, len(changes), MEMBERS_A_PAGE):
        # A large group comes in pieces: the same object again with further members.
        yield {**shown, "members@delta": changes[begin : begin + MEMBERS_A_PAGE]}


_ENTITIES = {
    "users": USER,
    "groups": GROUP,
    "serviceprincipals": SERVICE_PRINCIPAL,
    "applications": APPLICATION,
    "oauth2permissiongrants": GRANT,
}
