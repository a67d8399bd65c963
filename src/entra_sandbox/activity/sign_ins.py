"""Answers questions about the sign-in log, a page at a time, straight from the world's columns."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.activity.question import ENTITY, Question, read_question
from entra_sandbox.activity.shapes import renderer, shape_of
from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import bad_request, lost_log_token, not_found
from entra_sandbox.behaviour.permissions import check_logs
from entra_sandbox.odata.options import read_select
from entra_sandbox.state import State
from entra_sandbox.world.shapes import KINDS, SignIn

EPOCH = date(1970, 1, 1)
SECOND = 1_000_000
LATE = 3600 * SECOND
_USER_KINDS = (0, 1)


class Block(Protocol):
    """One day of the log as columns, ascending by creation and id."""

    @property
    def created_us(self) -> NDArray[np.int64]: ...
    @property
    def arrived_us(self) -> NDArray[np.int64]: ...
    @property
    def kind(self) -> NDArray[np.int8]: ...
    def rows(self, chosen: NDArray[np.int64]) -> Sequence[SignIn]: ...


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
    question = read_question(ask, shape, lambda row, name: row[name])
    chosen = read_select(ask.options["$select"], shape, ENTITY) if ask.options.get("$select") else None
    place = _place(state, ask)
    link, page = _page(state, ask, question, place)
    show = renderer(shape, chosen)
    names = ask.options.get("$select", "").replace(" ", "")
    context = f"{ask.root}/$metadata#auditLogs/signIns" + (f"({names})" if names else "")
    payload: dict[str, Any] = {"@odata.context": context}
    if link:
        payload["@odata.nextLink"] = link
    payload["value"] = [show(row) for row in page]
    headers = (
        {}
        if ask.version == "v1.0"
        else {"Link": '<https://developer.microsoft-tst.com/en-us/graph/changes>;rel="deprecation"'}
    )
    return Answer(payload, headers=headers)


def one(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    check(state, ask)
    shape = shape_of(ask.version, all_members=ask.prefers("include-unknown-enum-members"))
    chosen = read_select(ask.options["$select"], shape, ENTITY) if ask.options.get("$select") else None
    kinds = KINDS if ask.version == "beta" else KINDS[:1]
    everything = Question(-(2**40), 2**40, kinds, True, 1000, (), None)
    for day in _days(state, everything):
        block, rows = _visible(state, everything, day)
        found = next((row for row in block.rows(rows) if row.id == arguments[0].lower()), None)
        if found is not None:
            return Answer(
                {
                    "@odata.context": f"{ask.root}/$metadata#auditLogs/signIns/$entity",
                    **renderer(shape, chosen)(_told(state, found)),
                }
            )
    raise not_found(arguments[0])


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


def _page(state: State, ask: Ask, question: Question, place: _Place | None) -> tuple[str | None, list[SignIn]]:
    """The next link, if any, and the rows of this page."""
    if "kind_left_out" in state.plants and "nonInteractiveUser" in question.kinds:
        question = replace(question, kinds=tuple(kind for kind in question.kinds if kind != "nonInteractiveUser"))
    depth = place.depth if place else 0
    if place and not place.rested and _rests(ask, place):
        return _link(state, ask, replace(place, rested=True)), []
    skipped = question.top if "page_lost" in state.plants and depth == 1 else 0
    found: list[SignIn] = []
    for day, row, item in _walk(state, question, place):
        if skipped:
            skipped -= 1
            continue
        if len(found) == question.top:
            return _link(state, ask, _Place(ask.path.lower(), day, row, depth + 1, False)), found
        found.append(item)
    return None, found


def _rests(ask: Ask, place: _Place) -> bool:
    """Some pages are empty and still lead on; which ones is settled by the question itself."""
    text = f"{ask.path}|{ask.options.get('$filter', '')}|{place.depth}"
    return hashlib.sha256(text.encode()).digest()[0] % 12 == 0


def _link(state: State, ask: Ask, place: _Place) -> str:
    key = f"{ask.version}|{sorted((k, v) for k, v in ask.options.items() if k != '$skiptoken')}|{place}"
    return ask.link("skiptoken", f"{state.tokens.issue(place, key)}_{ask.options.get('$top', '1000')}")


def _walk(state: State, question: Question, place: _Place | None) -> Iterator[tuple[int, int, SignIn]]:
    """Rows in the walk's order from its place on, each with its day and its row in the day."""
    test = question.test
    shape = shape_of("beta", all_members=True)
    show = renderer(shape, None)
    wanted = question.wanted
    for day in _days(state, question):
        if place is not None and (day > place.day if question.descending else day < place.day):
            continue
        block, rows = _visible(state, question, day)
        if place is not None and day == place.day:
            rows = rows[rows <= place.row] if question.descending else rows[rows >= place.row]
        if question.descending:
            rows = rows[::-1]
        # A page takes what it needs; the rest of the day is never built.
        size = question.top + 1 if test is None and not wanted else 4096
        for begin in range(0, len(rows), size):
            part = rows[begin : begin + size]
            for row, item in zip(part.tolist(), block.rows(part), strict=True):
                if wanted and not all(_is(item, name, value) for name, value in wanted):
                    continue
                told = _told(state, item)
                if test is None or test(show(told)):
                    yield day, row, told


def _is(row: SignIn, name: str, value: Any) -> bool:
    return bool((row.app_id if name == "appId" else row.user_id) == value)


def _days(state: State, question: Question) -> Iterator[int]:
    """Days since 1970 that can hold rows, in the walk's order."""
    now = state.as_of()
    first_s = max(question.first_s, math.floor((now - state.retention).timestamp()))
    end_s = min(question.end_s, math.ceil(now.timestamp()))
    if first_s >= end_s:
        return
    days = range(first_s // 86400, (end_s - 1) // 86400 + 1)
    yield from (reversed(days) if question.descending else days)


def _visible(state: State, question: Question, day: int) -> tuple[Block, NDArray[np.int64]]:
    """The day's block and the rows of it that Graph serves now, ascending."""
    block: Block = state.world.sign_in_day(EPOCH + timedelta(days=day))
    now_us = _microseconds(state.as_of())
    first = max(question.first_s * SECOND, now_us - int(state.retention.total_seconds()) * SECOND)
    end = min(question.end_s * SECOND, now_us)
    begin, stop = np.searchsorted(block.created_us, [first, end], side="left")
    part = slice(int(begin), int(stop))
    keep = block.arrived_us[part] <= now_us
    kinds = [KINDS.index(kind) for kind in question.kinds]
    if len(kinds) < len(KINDS):
        keep &= np.isin(block.kind[part], kinds)
    if "late_row_missed" in state.plants:
        keep &= block.arrived_us[part] - block.created_us[part] <= LATE
    return block, np.flatnonzero(keep).astype(np.int64) + int(begin)


def _told(state: State, row: SignIn) -> SignIn:
    """The row as the wire tells it, planted lies included."""
    if "failure_counted" in state.plants and row.error_code and row.user_id and int(row.id[:2], 16) % 4 == 0:
        return replace(row, error_code=0)
    return row


def _microseconds(at: datetime) -> int:
    return (at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
