"""People who asked to be forgotten, known by keyed hashes only, and what stands in their place."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from seatwise.catalog.shapes import Field

# What in a text may name a person: an id, or an address. Each is compared by its hash.
_APART: Final = r"\s\"<>(),:;\\/\[\]{}|=&?"
TOKEN: Final = re.compile(
    rf"[0-9a-fA-F]{{8}}-(?:[0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}|[^@{_APART}]+@[^@'#{_APART}]+"
)
NAME: Final = "Forgotten person"
_KEY_LENGTH: Final = 32


@dataclass(frozen=True, eq=False)
class Forgotten:
    """Whom a tenant forgot.

    salt:    of this tenant, random; 32 bytes.
    people:  by keyed hash of an id or address in lower case, the random id that stands for the person. Nothing of it
             follows from the person; the hashes only tell whether one that comes by is meant.
    """

    salt: bytes = b""
    people: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.people)

    @cached_property
    def stand_ins(self) -> frozenset[str]:
        return frozenset(self.people.values())

    def digest(self, token: str) -> str:
        return hmac.new(self.salt, token.strip().lower().encode(), hashlib.sha256).hexdigest()

    def who(self, token: str) -> str | None:
        """The id that stands for the person an id or address belongs to, None when that is nobody forgotten."""
        return self.people.get(self.digest(token)) if token else None

    def replaced(self, text: str) -> str:
        """The text with ids and addresses of forgotten people replaced by what stands for them."""
        if "-" not in text and "@" not in text:
            return text
        return TOKEN.sub(self._stand_in, text)

    def of_others(self, text: str) -> str:
        """The same for an address of somebody else: one that has passed on to them stays."""
        return text if self.who(text) else self.replaced(text)

    def _stand_in(self, found: re.Match[str]) -> str:
        whole = found[0]
        # A sentence may end behind an address, and quotes may stand before it.
        token = whole.rstrip(".").lstrip("'")
        stand_in = self.who(whole) or self.who(token)
        return whole if stand_in is None else whole.replace(token, stand_in)

    def key(self, original: str) -> str:
        """What stands for an id that Microsoft made out of the person's own; the same each time, so that a later
        reading meets the row again. One that stands for another already is left."""
        if original.startswith("forgotten-"):
            return original
        told = hmac.new(self.salt, b"key " + original.encode(), hashlib.sha256).hexdigest()
        return f"forgotten-{told[:_KEY_LENGTH]}"


NOBODY: Final = Forgotten()


def name_of(stand_in: str) -> str:
    """What a forgotten person is called: alike for all, with four letters of the random id to tell them apart."""
    return f"{NAME} {stand_in[:4]}"


def is_address(declared: Field) -> bool:
    """Whether a personal text is an address, which may pass on to somebody else."""
    return declared.name in ("upn", "mail")


def told_instead(declared: Field, stand_in: str) -> str | None:
    """What a personal text of a forgotten person becomes: names something to read, everything else nothing."""
    return name_of(stand_in) if declared.name.endswith("name") else None
