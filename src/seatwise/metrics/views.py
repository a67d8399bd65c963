"""Named questions that others are made of; only those that a question mentions are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from seatwise.lake.reading import Lake


@dataclass(frozen=True, slots=True)
class View:
    """A view or a table that answers are asked over.

    sql:      what it is; for one that is `made`, what that needs, by mention.
    is_kept:  worked out once and stored, since it is asked for more than once.
    made:     makes it where SQL alone cannot.
    """

    name: str
    sql: str
    is_kept: bool = False
    made: Callable[[Lake], None] | None = field(default=None, compare=False)

    def make(self, lake: Lake) -> None:
        if self.made is not None:
            self.made(lake)
        else:
            what = "TABLE" if self.is_kept else "VIEW"
            lake.connection.execute(f'CREATE OR REPLACE TEMP {what} "{self.name}" AS {self.sql}')


def mentions(sql: str, name: str) -> bool:
    """Whether a question names a view. A word that only looks like one makes a view too many, never too few."""
    return re.search(rf"\b{name}\b", sql) is not None


def needed(sql: str, views: Iterable[View]) -> list[View]:
    """The views a question is made of, in the order in which they are to be made. views: each after what it needs."""
    texts, found = [sql], []
    for view in reversed(list(views)):
        if any(mentions(text, view.name) for text in texts):
            texts.append(view.sql)
            found.append(view)
    return found[::-1]


def resting_on(changed: Iterable[str], views: Iterable[View]) -> set[str]:
    """Names of the views that are made of what changed, and what changed. views: each after what it needs."""
    found = set(changed)
    for view in views:
        if any(mentions(view.sql, name) for name in found):
            found.add(view.name)
    return found
