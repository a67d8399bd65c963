"""Who holds a seat in which application, and who uses it how eagerly, from when until when."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import F64, I64, U64, joined, number, salted, share
from entra_sandbox.world.circles import Circle, stays
from entra_sandbox.world.crowd import Crowd, Span, microseconds

N_DEPARTMENTS = 12


@dataclass(frozen=True, slots=True)
class Grant:
    """An application assigned to a group, as long as both exist."""

    app: int
    circle: int


@dataclass(frozen=True)
class Seats:
    grants: list[Grant] = field(default_factory=list)
    direct: dict[int, Span] = field(default_factory=dict)
    """by app code"""
    consents: dict[int, Span] = field(default_factory=dict)
    """by app code: people who consented for themselves"""


@dataclass(frozen=True, slots=True)
class Habits:
    """One row per person and application in use; rate is actions per working day."""

    key: U64
    person: I64
    app: I64
    since: I64
    until: I64
    rate: F64
    period: I64
    """days after which on and off repeat"""
    on: I64
    """days of each period in use"""
    shift: I64


def seats(crowd: Crowd, apps: list[App], circles: list[Circle], seed: int) -> Seats:
    made_for: dict[int, list[int]] = {}
    for i, circle in enumerate(circles):
        if circle.app >= 0 and circle.is_granting:
            made_for.setdefault(circle.app, []).append(i)
    empty = next(i for i, c in enumerate(circles) if c.name == "Old Project ∅")
    robots = next(i for i, c in enumerate(circles) if c.name == "Automation Identities")
    found = Seats()
    for code, app in enumerate(apps):
        n = number(seed, app.app_id, "seats")
        groups = list(made_for.get(code, ()))
        if app.access == "E":
            groups += [0, 1] if n % 2 else [0]
        if app.access == "D":
            groups += [2 + n % N_DEPARTMENTS, 2 + (n + 1 + (n >> 8) % (N_DEPARTMENTS - 1)) % N_DEPARTMENTS]
        if app.access in "GX":
            groups += [empty] if n % 3 == 0 else []
            groups += [robots] if n % 5 == 0 else []
        found.grants.extend(Grant(code, g) for g in groups)
        part = {"X": 0.03 + 0.12 * (n % 97) / 97, "B": 0.06, "N": 0.02, "D": 0.01}.get(app.access, 0.0)
        part = 0.05 if app.is_microsoft and app.name.startswith("Power BI") else part
        if part:
            found.direct[code] = stays(crowd, app, part, seed, "direct")
        if app.origin == "u" or (app.origin == "a" and n % 3 == 0):
            found.consents[code] = stays(crowd, app, 0.02 + 0.08 * (n % 89) / 89, seed, "consent")
            if app.origin == "u" and n % 2:
                # Consent of a person also assigns the application to them.
                found.direct[code] = found.consents[code]
    return found


def habits(crowd: Crowd, apps: list[App], circles: list[Circle], seats: Seats, seed: int) -> Habits:
    granted: dict[int, list[Span]] = {}
    for grant in seats.grants:
        granted.setdefault(grant.app, []).append(circles[grant.circle].people)
    nested: dict[int, list[Span]] = {}
    for circle in circles:
        if circle.app >= 0 and not circle.is_granting:
            nested.setdefault(circle.app, []).append(circle.people)
    parts: list[tuple[I64, I64, I64, I64]] = []
    for code, app in enumerate(apps):
        if app.mark in ("workload", "resource"):
            continue
        spans = [*granted.get(code, ()), *((seats.direct[code],) if code in seats.direct else ())]
        spans += [seats.consents[code]] if code in seats.consents else []
        spans += [] if app.is_required else nested.get(code, [])
        parts.extend(_users_of(crowd, app, code, span, app.use, seed, keeps=not app.is_required) for span in spans)
        strays = app.use if app.access == "0" and app.origin == "m" else 0.0 if app.is_required else 0.02 * app.reach
        if strays:
            parts.append(
                _users_of(crowd, app, code, crowd.whole_stay(np.ones(len(crowd), bool)), strays, seed + 1, keeps=True)
            )
    return _rows(crowd, apps, parts, seed)


def _users_of(
    crowd: Crowd, app: App, code: int, span: Span, part: float, seed: int, *, keeps: bool
) -> tuple[I64, I64, I64, I64]:
    h = joined(crowd.key[span.who], np.array([number(seed, app.app_id, "uses") >> 1], dtype=np.uint64))
    uses = (share(h, 1) < part) & ~crowd.never_signs_in[span.who]
    if part < 0.9:
        # Guests come for a few applications only.
        uses &= ~crowd.is_guest[span.who] | (share(h, 2) < 0.35)
    who, since, until = span.who[uses], span.since[uses], span.until[uses]
    if keeps:
        until = np.where(share(h[uses], 3) < 0.4, crowd.deleted[who], until)
    since = np.maximum(since, microseconds(app.created_at))
    until = np.minimum(until, microseconds(app.deleted_at))
    return who, np.full(len(who), code, np.int64), since, until


def _rows(crowd: Crowd, apps: list[App], parts: list[tuple[I64, I64, I64, I64]], seed: int) -> Habits:
    person, app, since, until = (np.concatenate(column) for column in zip(*parts, strict=True))
    pair = person * len(apps) + app
    # A person may reach an application in several ways and still uses it in one: the earliest of them.
    order = np.lexsort((since, pair))
    first = order[np.concatenate(([True], np.diff(pair[order]) != 0))]
    person, app, since, until = person[first], app[first], since[first], until[first]
    keys = np.array([number(seed, a.app_id, "habit") for a in apps], dtype=np.uint64)
    key = salted(crowd.key[person] ^ keys[app], 7)
    eager = np.array([a.rate for a in apps])
    normal = np.sqrt(-2 * np.log(1 - share(key, 1))) * np.cos(2 * np.pi * share(key, 2))
    rate = eager[app] * np.exp(1.3 * normal) * np.exp(0.8 * (share(crowd.key[person], 3) * 2 - 1))
    period = (120 + share(key, 4) ** 2 * 1300).astype(np.int64)
    duty = np.where(share(key, 5) < 0.45, 1.0, 0.15 + 0.8 * share(key, 6))
    return Habits(key, person, app, since, until, rate, period, np.maximum(1, period * duty).astype(np.int64),
                  (share(key, 7) * 3000).astype(np.int64))  # fmt: skip
