"""What can be decided about: the products and licences of the company, as the answers name them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from seatwise.base.errors import AskAdmin
from seatwise.control import answers
from seatwise.control.decisions.current import decided
from seatwise.control.models import Person, Workspace

_NEAREST: Final = 3
# Looking for near names takes milliseconds each; a file of thousands of unknown ones must not take minutes.
_GUESSES: Final = 200
_NOTHING_READ: Final = ("nothing_read", "tenant_unknown")


@dataclass(frozen=True, slots=True)
class Subject:
    """A product or a licence. row: of its metric, empty for a product that no answer knows (yet)."""

    kind: Literal["product", "licence"]
    id: str
    name: str
    app_ids: tuple[str, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)


class Unknown(Exception):  # noqa: N818 - says what is the matter, not that something broke
    """No subject, or several, go by that name. Its text is a sentence for people."""


class Subjects:
    """By id and by name, whatever its case."""

    def __init__(self, told: Iterable[Subject]) -> None:
        self.all = tuple(told)
        self._by_id = {key: each for each in self.all for key in (each.id, *each.app_ids)}
        self._by_name: dict[str, list[Subject]] = {}
        for each in self.all:
            self._by_name.setdefault(_folded(each.name), []).append(each)
        self._n_guesses = 0
        self._of_kind: dict[str, Subjects] = {}

    def of_kind(self, kind: str) -> Subjects:
        """Only the products, or only the licences."""
        if kind not in self._of_kind:
            self._of_kind[kind] = Subjects(each for each in self.all if each.kind == kind)
        return self._of_kind[kind]

    def of_id(self, told: str) -> Subject | None:
        return self._by_id.get(told.strip().lower())

    def find(self, told: str, name: str = "") -> Subject:
        """By id when there is one, else by name. Errors: Unknown, with the nearest names."""
        if told.strip():
            found = self.of_id(told)
            if found is None:
                raise Unknown(f"No app or licence here has the id “{told}”.{self._nearest(name)}")
            return found
        same = self.named(name)
        if len(same) == 1:
            return same[0]
        if not same:
            raise Unknown(f"No app or licence here is called “{name}”.{self._nearest(name)}")
        ids = ", ".join(f"{each.id} ({each.kind})" for each in same[:5])
        raise Unknown(f"{len(same)} are called “{name}”. Say which by its id: {ids}.")

    def named(self, name: str) -> list[Subject]:
        return self._by_name.get(_folded(name), [])

    def _nearest(self, name: str) -> str:
        self._n_guesses += 1
        if self._n_guesses > _GUESSES:
            return ""
        near = difflib.get_close_matches(_folded(name), self._by_name, _NEAREST, 0.6)
        inside = [each for each in self._by_name if _folded(name) and _folded(name) in each and each not in near]
        names = [f"“{self._by_name[each][0].name}”" for each in [*near, *inside][:_NEAREST]]
        return f" The nearest {'is' if len(names) == 1 else 'are'} {', '.join(names)}." if names else ""


def subjects(workspace: Workspace, by: Person | None = None) -> Subjects:
    """Everything that has a price or could have one. Products added by hand are there before any sync, too."""
    found = [
        Subject("product", row["product_id"], row["name"], tuple(row["app_ids"] or ()), row)
        for row in rows("products", workspace, by)
    ]
    known = {each.id for each in found}
    by_hand = [each for each in decided(workspace).products if not each.app_ids and each.product_id not in known]
    found += [Subject("product", each.product_id, each.name or each.product_id) for each in by_hand]
    licences = rows("licences", workspace, by)
    return Subjects([*found, *(Subject("licence", row["sku_id"], row["name"], (), row) for row in licences)])


def rows(name: str, workspace: Workspace, by: Person | None = None, **asked: Any) -> Sequence[Mapping[str, Any]]:
    """The rows of a metric; none when nothing was read yet."""
    if workspace.tenant_id is None:
        return []
    if name not in answers.NAMES:  # until the licences are asked for
        return []
    try:
        return answers.ask(name, workspace.tenant_id, by=by, **asked).result.rows
    except AskAdmin as error:
        if error.code in _NOTHING_READ:
            return []
        raise


def people(workspace: Workspace, by: Person | None = None) -> dict[str, str]:
    """By sign-in name in lower case, the id of the person in the directory."""
    return {row["upn"].lower(): row["user_id"] for row in rows("users", workspace, by) if row["upn"]}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
