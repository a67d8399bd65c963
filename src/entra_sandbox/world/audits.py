"""The audit log: who came, who went, which application was added, assigned or removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from entra_sandbox.world.apps import App
from entra_sandbox.world.chance import guid, number
from entra_sandbox.world.crowd import NEVER, Span, microseconds, moment
from entra_sandbox.world.people import Person
from entra_sandbox.world.shapes import ZERO, DirectoryAudit, Target
from entra_sandbox.world.state import Builder


def directory_audits(builder: Builder, start: datetime, end: datetime) -> Iterator[DirectoryAudit]:
    found = [*_of_people(builder, start, end), *_of_apps(builder, start, end), *_of_seats(builder, start, end)]
    yield from sorted(found, key=lambda a: (a.at, a.id))


def _audit(
    builder: Builder, at: datetime, category: str, activity: str, operation: str, *targets: Target
) -> DirectoryAudit:
    admin = builder.crowd.people[0]
    key = (builder.seed, at, activity, *(t.id for t in targets))
    name = f"Directory_{guid(*key)}_{number(*key) % 36**5:05X}_{number(*key, 'n') % 10**6}"
    upn = f"admin@{builder.tenant.domain}"
    return DirectoryAudit(
        name, at, category, activity, operation, guid(*key, "c"), admin.id, upn, "198.51.100.4", targets
    )


def _user(person: Person) -> Target:
    return Target(person.id, person.name, "User", person.upn)


def _principal(app: App, *properties: tuple[str, str | None, str | None]) -> Target:
    return Target(app.principal_id or "", app.name, "ServicePrincipal", None, properties)


def _of_people(builder: Builder, start: datetime, end: datetime) -> Iterator[DirectoryAudit]:
    for person in builder.crowd.people:
        for at, activity, operation in (
            (person.created_at, "Add user", "Add"), (person.disabled_at, "Disable account", "Update"),
            (person.deleted_at, "Delete user", "Delete"),
        ):  # fmt: skip
            if at and start <= at < end:
                yield _audit(builder, at, "UserManagement", activity, operation, _user(person))


def _of_apps(builder: Builder, start: datetime, end: datetime) -> Iterator[DirectoryAudit]:
    for app in builder.apps:
        if not app.principal_id:
            continue
        for at, activity, operation in (
            (app.created_at, "Add service principal", "Add"), (app.disabled_at, "Update service principal", "Update"),
            (app.deleted_at, "Remove service principal", "Delete"),
        ):  # fmt: skip
            if at and start <= at < end:
                yield _audit(builder, at, "ApplicationManagement", activity, operation, _principal(app))
    for grant in builder.seats.grants:
        app, circle = builder.apps[grant.app], builder.circles[grant.circle]
        at = app.created_at + timedelta(days=3)
        if start <= at < end:
            target = Target(circle.id, circle.name, "Group")
            yield _audit(
                builder,
                at,
                "ApplicationManagement",
                "Add app role assignment to group",
                "Assign",
                _principal(app),
                target,
            )


def _of_seats(builder: Builder, start: datetime, end: datetime) -> Iterator[DirectoryAudit]:
    role = ("AppRole.Id", None, f'"{ZERO}"')
    for code, span in builder.seats.direct.items():
        app = builder.apps[code]
        for i, us in _within(span, span.since, start, end):
            yield _audit(builder, moment(us), "UserManagement", "Add app role assignment grant to user", "Assign",
                         _principal(app, role), _user(builder.crowd.people[i]))  # fmt: skip
        for i, us in _within(span, span.until, start, end):
            yield _audit(builder, moment(us), "UserManagement", "Remove app role assignment from user", "Unassign",
                         _principal(app, role), _user(builder.crowd.people[i]))  # fmt: skip
    for code, span in builder.seats.consents.items():
        for i, us in _within(span, span.since, start, end):
            yield _audit(builder, moment(us), "ApplicationManagement", "Consent to application", "Assign",
                         _principal(builder.apps[code]), _user(builder.crowd.people[i]))  # fmt: skip


def _within(
    span: Span, times: np.ndarray[tuple[int], np.dtype[np.int64]], start: datetime, end: datetime
) -> Iterator[tuple[int, int]]:
    chosen = (times >= microseconds(start)) & (times < microseconds(end)) & (times < NEVER)
    yield from zip(span.who[chosen].tolist(), times[chosen].tolist(), strict=True)
