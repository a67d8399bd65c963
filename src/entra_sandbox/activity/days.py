"""The days of the log as Graph serves them: what is visible now, as columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entra_sandbox.activity.question import Question
from entra_sandbox.activity.shapes import CREATED_TEXT
from entra_sandbox.state import State
from entra_sandbox.world import Block
from entra_sandbox.world.shapes import KINDS

EPOCH = date(1970, 1, 1)
SECOND = 1_000_000
LATE = 3600 * SECOND
EVERYTHING = Question(-(2**40), 2**40, KINDS, True, 1000, (), None)

Piece = tuple[Block, NDArray[np.int64]]


def days_of(state: State, question: Question) -> Iterator[int]:
    """Days since 1970 that can hold rows, in the walk's order."""
    now = state.as_of()
    first_s = max(question.first_s, math.floor((now - state.retention).timestamp()))
    end_s = min(question.end_s, math.ceil(now.timestamp()))
    if first_s >= end_s or not question.kinds:
        return
    days = range(first_s // 86400, (end_s - 1) // 86400 + 1)
    yield from (reversed(days) if question.descending else days)


def rows_of(state: State, question: Question, day: int) -> Piece:
    """The day's block and the rows of it that Graph serves now, ascending; only `question.test` is left to do."""
    block = state.world.sign_in_day(EPOCH + timedelta(days=day))
    now_us = microseconds(state.as_of())
    first = max(question.first_s * SECOND, now_us - int(state.retention.total_seconds()) * SECOND)
    end = min(question.end_s * SECOND, now_us)
    begin, stop = np.searchsorted(block.created_us, [first, end], side="left").tolist()
    part = slice(begin, max(begin, stop))
    keep = block.arrived_us[part] <= now_us
    kinds = [KINDS.index(kind) for kind in question.kinds]
    if len(kinds) < len(KINDS):
        keep &= np.isin(block.kind[part], kinds)
    if "late_row_missed" in state.plants:
        keep &= block.arrived_us[part] - block.created_us[part] <= LATE
    for name, value in question.wanted:
        if name == "appId":
            keep &= (state.world.app_ids == value)[block.app[part]]
        else:
            # People that are nobody have codes below zero, which count from the end of the list.
            keep &= (state.world.user_ids == value)[block.person[part]]
    rows: NDArray[np.int64] = np.flatnonzero(keep).astype(np.int64) + begin
    return block, rows


def columns_of(state: State, block: Block, rows: NDArray[np.int64], fields: Sequence[str]) -> dict[str, list[Any]]:
    """Columns of the world for some rows, as the wire tells them, planted lies included."""
    wanted = [name for name in fields if name != CREATED_TEXT]
    lies = "failure_counted" in state.plants and "error_code" in wanted
    columns = block.columns(dict.fromkeys([*wanted, "id", "user_id"]) if lies else wanted, rows)
    if lies:
        told = zip(columns["error_code"], columns["user_id"], columns["id"], strict=True)
        columns["error_code"] = [0 if code and user and int(row[:2], 16) % 4 == 0 else code for code, user, row in told]
    if CREATED_TEXT in fields:
        # All texts at once: one by one they were the dearest part of a page.
        seconds = (block.created_us[rows] // SECOND).astype("datetime64[s]")
        columns[CREATED_TEXT] = np.datetime_as_string(seconds, unit="s", timezone="UTC").tolist()
    return columns


def microseconds(at: datetime) -> int:
    return (at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
