"""The files a person named: found, unpacked and read, each with its account."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from seatwise.lake.forms import EXPECTED, Event, Hour, Reading, SetAside, Unreadable, members


@dataclass(slots=True)
class Account:
    """What was found in the files.

    set_aside:  by (kind, reason).
    refused:    (path, sentence) of each file or archive member that could not be read, or not to its end.
    hours:      one for each storage blob read to its end.
    """

    set_aside: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hours: list[Blob] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    n_hidden: int = 0


@dataclass(frozen=True, slots=True)
class Blob:
    """An hour's blob. root: its path before the date, shared by the blobs of one kind and tenant."""

    root: str
    hour: Hour
    kinds: frozenset[str]
    n_rows: int


Take = Callable[[Event, Reading], None]


def read_all(paths: list[str], account: Account, take: Take, tell: Callable[[str], None]) -> None:
    """Read every file; each event goes to `take`, everything else into the account."""
    for path in found(paths, account):
        tell(path)
        account.files.append(path)
        try:
            for member in members(Path(path), path):
                _read(Reading(member, os.path.abspath(member.name)), account, take)  # noqa: PTH100 - keeps "!member"
        except Unreadable as error:
            account.refused.append((path, str(error)))
        except OSError as error:
            account.refused.append((path, f"This file cannot be opened: {error.strerror or error}."))
    if account.n_hidden:
        account.notes.append(f"{account.n_hidden} hidden files were skipped.")


def found(paths: list[str], account: Account) -> Iterator[str]:
    """Files under the paths, folders gone through in order of names, hidden ones left out and counted."""
    for path in paths:
        waiting = [(path, os.path.isdir(path))]  # noqa: PTH112 - ten thousand small files, pathlib doubles the time
        while waiting:
            name, is_folder = waiting.pop()
            if not is_folder:
                yield name
                continue
            with os.scandir(name) as entries:
                inside = sorted(((entry.path, entry.is_dir(), entry.name) for entry in entries), reverse=True)
            waiting += [(path, is_dir) for path, is_dir, base in inside if not base.startswith(".")]
            account.n_hidden += sum(base.startswith(".") for _, _, base in inside)


def _read(reading: Reading, account: Account, take: Take) -> None:
    """The records of one text. One in which nothing is known is refused whole; one that breaks keeps what it gave."""
    aside: Counter[tuple[str, str]] = Counter()
    kinds: set[str] = set()
    n_events = n_strange = 0
    trouble = ""
    try:
        for item in reading.records():
            if type(item) is Event:
                n_events += 1
                kinds.add(item.kind)
                take(item, reading)
            elif isinstance(item, SetAside) and item.reason != "not_json":
                aside[item.kind, item.reason] += 1
            elif isinstance(item, SetAside):
                n_strange += 1
                aside[item.kind, item.reason] += 1
            else:
                n_strange += 1
                aside["unknown", "not_recognised"] += 1
    except Unreadable as error:
        trouble = str(error)
    n_known = n_events + sum(aside.values()) - n_strange
    if n_known == 0 and (trouble or n_strange):
        account.refused.append((reading.member.name, trouble or EXPECTED))
        return
    account.set_aside.update(aside)
    if trouble:
        account.refused.append((reading.member.name, f"{trouble} {n_known} records before that were read."))
    if reading.is_cut:
        account.notes.append(f"{reading.member.name}: the last record is incomplete and was left for the next import.")
    if reading.hour and not trouble and not reading.is_cut:
        kinds |= {kind for kind, _ in aside} & _SIGN_IN_WORDS
        n_rows = n_events + sum(aside.values())
        account.hours.append(Blob(reading.where.rpartition("/y=")[0], reading.hour, frozenset(kinds), n_rows))


_SIGN_IN_WORDS = {"interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity"}
