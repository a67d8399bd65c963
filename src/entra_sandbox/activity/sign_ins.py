"""Answers questions about the sign-in log, a page at a time, straight from the world's columns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.activity.days import EVERYTHING, Piece, columns_of, days_of, rows_of
from entra_sandbox.activity.question import ENTITY, Question, read_question
from entra_sandbox.activity.shapes import Property, fields_of, served, shape_of
from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import bad_request, lost_log_token, not_found
from entra_sandbox.behaviour.permissions import check_logs
from entra_sandbox.odata.options import read_select
from entra_sandbox.state import State
from entra_sandbox.world.shapes import KINDS

_TESTED_AT_ONCE = 4096
_DEPRECATION = '<https://developer.microsoft-tst.com/en-us/graph/changes>;rel="deprecation"'


@dataclass(frozen=True)
class _Place:
    """Where a walk goes on: the row of that day that comes next in the walk's direction."""

    path: str
    day: int
    row: int
    depth: int
    rested: bool


def check(state: State, ask: Ask) -> None:
    check_logs(ask.caller, premium=state.premium, needs_premium=True, quirk=True)


def listed(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    check(state, ask)
    shape = shape_of(ask.version, all_members=ask.prefers("include-unknown-enum-members"))
    question = read_question(ask, shape)
    names = read_select(ask.options["$select"], shape, ENTITY) if ask.options.get("$select") else None
    place = _place(state, ask)
    link, pieces = _page(state, ask, question, place, shape)
    chosen = ask.options.get("$select", "").replace(" ", "")
    context = f"{ask.root}/$metadata#auditLogs/signIns" + (f"({chosen})" if chosen else "")
    payload: dict[str, Any] = {"@odata.context": context}
    if link:
        payload["@odata.nextLink"] = link
    payload["value"] = [row for piece in pieces for row in shown(state, piece, shape, names or tuple(shape))]
    return Answer(payload, headers={} if ask.version == "v1.0" else {"Link": _DEPRECATION})


def one(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    check(state, ask)
    shape = shape_of(ask.version, all_members=ask.prefers("include-unknown-enum-members"))
    names = read_select(ask.options["$select"], shape, ENTITY) if ask.options.get("$select") else None
    question = replace(EVERYTHING, kinds=KINDS if ask.version == "beta" else KINDS[:1])
    for day in days_of(state, question):
        block, rows = rows_of(state, question, day)
        ids = block.columns(["id"], rows)["id"]
        if arguments[0].lower() in ids:
            found = rows[ids.index(arguments[0].lower())]
            row = shown(state, (block, np.array([found])), shape, names or tuple(shape))[0]
            return Answer({"@odata.context": f"{ask.root}/$metadata#auditLogs/signIns/$entity", **row})
    raise not_found(arguments[0])


def shown(state: State, piece: Piece, shape: Mapping[str, Property], names: Sequence[str]) -> list[dict[str, Any]]:
    """The served objects of some rows of a day."""
    block, rows = piece
    return served(shape, names, columns_of(state, block, rows, fields_of(shape, names)), len(rows))


def _place(state: State, ask: Ask) -> _Place | None:
    token = ask.options.get("$skiptoken")
    if token is None:
        return None
    place = state.tokens.redeem(token.removesuffix(f"_{ask.options.get('$top', '1000')}"))
    if place is None:
        raise lost_log_token()
    if not isinstance(place, _Place) or place.path != ask.path.lower():
        raise bad_request("Invalid Skip Token")
    return place


def _page(
    state: State, ask: Ask, question: Question, place: _Place | None, shape: Mapping[str, Property]
) -> tuple[str | None, list[Piece]]:
    """The next link, if any, and the rows of this page."""
    if "kind_left_out" in state.plants and "nonInteractiveUser" in question.kinds:
        question = replace(question, kinds=tuple(kind for kind in question.kinds if kind != "nonInteractiveUser"))
    depth = place.depth if place else 0
    if place and not place.rested and _rests(ask, place):
        return _link(state, ask, replace(place, rested=True)), []
    skipped = question.top if "page_lost" in state.plants and depth == 1 else 0
    found: list[Piece] = []
    room = question.top
    for day in days_of(state, question):
        if place is not None and (day > place.day if question.descending else day < place.day):
            continue
        block, rows = rows_of(state, question, day)
        if place is not None and day == place.day:
            rows = rows[rows <= place.row] if question.descending else rows[rows >= place.row]
        if question.descending:
            rows = rows[::-1]
        rows = _tested(state, question, (block, rows), shape, skipped + room + 1)
        skipped, rows = max(0, skipped - len(rows)), rows[skipped:]
        if len(rows) > room:
            link = _link(state, ask, _Place(ask.path.lower(), day, int(rows[room]), depth + 1, False))
            return link, [*found, (block, rows[:room])]
        if len(rows):
            found.append((block, rows))
            room -= len(rows)
    return None, found


def _tested(
    state: State, question: Question, piece: Piece, shape: Mapping[str, Property], enough: int
) -> NDArray[np.int64]:
    """The rows that meet what no column could decide, at most `enough` of them."""
    block, rows = piece
    test = question.test
    if test is None:
        return rows[:enough]
    kept: list[int] = []
    for begin in range(0, len(rows), _TESTED_AT_ONCE):
        part = rows[begin : begin + _TESTED_AT_ONCE]
        for row, told in zip(part.tolist(), shown(state, (block, part), shape, tuple(shape)), strict=True):
            if test(told):
                kept.append(row)
        if len(kept) >= enough:
            break
    return np.array(kept[:enough], dtype=np.int64)


def _rests(ask: Ask, place: _Place) -> bool:
    """Some pages are empty and still lead on; which ones is settled by the question itself."""
    text = f"{ask.path}|{ask.options.get('$filter', '')}|{place.depth}"
    return hashlib.sha256(text.encode()).digest()[0] % 12 == 0


def _link(state: State, ask: Ask, place: _Place) -> str:
    key = f"{ask.version}|{sorted((k, v) for k, v in ask.options.items() if k != '$skiptoken')}|{place}"
    return ask.link("skiptoken", f"{state.tokens.issue(place, key)}_{ask.options.get('$top', '1000')}")
