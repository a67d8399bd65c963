"""The company's groups and who belongs to them from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from entra_sandbox.world import words
from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import I64, guid, joined, number, share
from entra_sandbox.world.crowd import DAY_US, Crowd, Span, microseconds
from entra_sandbox.world.people import FIRST_DAY

SECURITY, MAIL_SECURITY, UNIFIED, DYNAMIC, DYNAMIC_UNIFIED, MAIL_LIST = range(6)
_NOBODY = Span(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
OFFICE_SKU = "6fd2c87f-b296-42f0-b197-1e91e994b900"


@dataclass(frozen=True, slots=True)
class Circle:
    """A group; app is the code of the application it was made for, -1 for others."""

    id: str
    name: str
    kind: int
    people: Span
    groups: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    rule: str | None = None
    app: int = -1
    skus: tuple[str, ...] = ()
    created_at: datetime = FIRST_DAY - timedelta(days=700)
    is_granting: bool = True
    """whether the group made for an app is itself assigned to it"""


def circles(crowd: Crowd, apps: list[App], seed: int, users: int) -> list[Circle]:
    """The general groups first (everyone, guests, departments), in a fixed order."""
    members = ~crowd.is_guest
    found = [
        Circle(guid(seed, "group", "everyone"), "All Employees", DYNAMIC, crowd.whole_stay(members),
               rule='(user.userType -eq "Member") and (user.accountEnabled -eq true)'),
        Circle(guid(seed, "group", "guests"), "All Guests", DYNAMIC, crowd.whole_stay(crowd.is_guest),
               rule='(user.userType -eq "Guest")'),
    ]  # fmt: skip
    for i, name in enumerate(words.DEPARTMENTS):
        kind = (SECURITY, MAIL_SECURITY, UNIFIED, DYNAMIC_UNIFIED)[i % 4]
        rule = f'(user.department -eq "{name}")' if kind == DYNAMIC_UNIFIED else None
        found.append(
            Circle(
                guid(seed, "group", "department", i),
                name,
                kind,
                crowd.whole_stay(members & (crowd.department == i)),
                rule=rule,
            )
        )
    for code, app in enumerate(apps):
        found.extend(_of_app(crowd, app, code, seed))
    found.extend(_others(crowd, apps, seed, users))
    return found


def stays(crowd: Crowd, app: App, part: float, *names: object) -> Span:
    """A part of the people, each joining some time after they or the app came, a third leaving again."""
    h = joined(crowd.key, np.uint64(number(*names, app.app_id) >> 1) * np.ones(1, np.uint64))
    who = np.flatnonzero(share(h, 1) < part * app.reach).astype(np.int64)
    h = h[who]
    begin = np.maximum(crowd.created[who], microseconds(app.created_at))
    begin = begin + _office(share(h, 2) ** 2 * 500, share(h, 3))
    leaves = begin + _office(60 + share(h, 4) * 1500, share(h, 5))
    until: I64 = np.where(share(h, 6) < 0.35, leaves, crowd.deleted[who])
    until = np.minimum(np.minimum(until, crowd.deleted[who]), microseconds(app.deleted_at))
    fits = begin < until
    return Span(who[fits], begin[fits], until[fits])


def _office(
    days: np.ndarray[tuple[int], np.dtype[np.float64]], part: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> I64:
    """Whole days and some seconds, in microseconds."""
    whole: I64 = days.astype(np.int64) * DAY_US + (part * 3600).astype(np.int64) * 1_000_000
    return whole


def _of_app(crowd: Crowd, app: App, code: int, seed: int) -> list[Circle]:
    """The groups made for one application, by how people come to it."""

    def circle(
        what: str,
        name: str,
        part: float,
        kind: int = SECURITY,
        *,
        inside: tuple[Circle, ...] = (),
        granting: bool = True,
    ) -> Circle:
        people = stays(crowd, app, part, seed, what) if part else _NOBODY
        return Circle(guid(seed, "group", app.app_id, what), name, kind, people, tuple(c.id for c in inside), (),
        None, code,
                      created_at=app.created_at + timedelta(hours=1), is_granting=granting)  # fmt: skip

    size = 0.04 + 0.25 * ((number(seed, app.app_id, "size") % 100) / 100) ** 2
    if app.access == "G":
        return [circle("users", f"APP {app.name} Users", size)]
    if app.access == "B":
        # Groups of one name: every such application has its own "Power Users", and some have two of them.
        twice = [circle("power too", "Power Users", size / 2)] if number(app.app_id) % 2 else []
        return [
            circle("users", f"APP {app.name} Users", size, UNIFIED),
            circle("power", "Power Users", size / 2),
            *twice,
        ]
    if app.access == "N":
        team = circle("team", f"{app.name} Team", size, granting=False)
        division = circle("division", f"{app.name} Division", size / 4, inside=(team,), granting=False)
        return [team, division, circle("umbrella", f"{app.name} Umbrella", size / 5, MAIL_SECURITY, inside=(division,))]
    return []


def _others(crowd: Crowd, apps: list[App], seed: int, users: int) -> list[Circle]:
    def plain(what: str, i: int, name: str, kind: int, part: float, **more: tuple[str, ...]) -> Circle:
        people = stays(crowd, apps[0], part, seed, what, i) if part else _NOBODY
        return Circle(guid(seed, "group", what, i), name, kind, people, **more)  # type: ignore[arg-type]  # groups, principals or skus

    identities = tuple(a.principal_id for a in apps if a.principal_type == "ManagedIdentity" and a.principal_id)
    found = [plain("empty", i, ("Old Project ∅", "Reserved", "Reserved")[i], SECURITY, 0.0) for i in range(3)]
    found.append(plain("robots", 0, "Automation Identities", SECURITY, 0.01, principals=identities[:3]))
    found.append(plain("office", 0, "Licence Office E3", SECURITY, 0.7, skus=(OFFICE_SKU,)))
    for i in range(max(6, users // 30)):
        name = f"{words.vendor_name(seed, 'project', i // 2)} {('Project', 'Équipe', 'チーム', 'News')[i % 4]}"
        kind = (UNIFIED, UNIFIED, MAIL_LIST, SECURITY)[i % 4]
        found.append(plain("project", i, name, kind, min(0.03, 12 / users)))
    return found
