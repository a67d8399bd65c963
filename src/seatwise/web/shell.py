"""What every page's frame shows: the workspace, the navigation, the connection's state, notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from seatwise.control import access, answers, notices, vault
from seatwise.control.models import Connection, Notice, Person, Run, Workspace

THEMES = ("light", "dark")
LAST_WORKSPACE = "workspace"
THEME_COOKIE = "seatwise-theme"

# What a locked vault means for the people before the page.
_LOCKED = {
    "missing": "The encryption key of this install was not found. Everything can be read, nothing can be connected, "
    "changed or synced. Put the key back into the folder “keys” of the data folder, then restart Seatwise.",
    "wrong": "The encryption key of this install is not the one its secrets were sealed with. Everything can be read, "
    "nothing can be connected, changed or synced. Put the right key back, then restart Seatwise.",
    "open_to_others": "Other accounts of this machine can read the encryption key, so it is not used. Run "
    "“chmod 600” on the files in the folder “keys” of the data folder, then load this page again.",
}
# Name, route and icon of each page that the navigation leads to.
_STEPS = (
    ("Overview", "overview", "home"),
    ("Apps", "apps", "apps"),
    ("People", "people", "people"),
    ("Teams", "teams", "building"),
    ("Licences", "licences", "key"),
    ("Usage trends", "trends", "trend"),
    ("Savings", "savings", "coins"),
    ("Insights", "insights", "bulb"),
    ("Discovery", "discovery", "compass"),
    ("Coverage", "coverage", "calendar"),
)
_SETTINGS = (
    ("Integrations", "integrations", "plug"),
    ("Usage policy", "policy", "gauge"),
    ("Prices", "prices", "tag"),
    ("Decisions", "decisions", "clock"),
    ("Notifications", "notifications", "bell"),
    ("Members", "members", "person"),
    ("Workspace", "workspace", "settings"),
    ("Audit log", "audit", "log"),
)
_BROKEN = (Connection.State.NEEDS_REAUTH, Connection.State.VALIDATION_ERROR, Connection.State.DEGRADED)


@dataclass(frozen=True)
class Step:
    """One entry of the navigation."""

    name: str
    address: str
    icon: str
    is_here: bool


@dataclass(frozen=True)
class Note:
    """The small card at the foot of the navigation: how the connection is doing."""

    dot: str
    words: str
    at: datetime | None = None


def context(request: HttpRequest) -> dict[str, Any]:
    return {"frame": Frame.of(request)}


class Frame:
    """One a request. Looked up only when the page's frame asks for it: a fragment without the frame costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @classmethod
    def of(cls, request: HttpRequest) -> Frame:
        found: Frame | None = getattr(request, "_frame", None)
        if found is None:
            found = cls(request)
            request._frame = found  # type: ignore[attr-defined]  # shared with the template
        return found

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def person(self) -> Person | None:
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Person) or getattr(user, "is_authenticated", False) else None

    @cached_property
    def workspace(self) -> Workspace | None:
        """The one whose page it is; on a page of no workspace, the one that was looked at last."""
        here: Workspace | None = getattr(self._request, "workspace", None)
        if here is not None or self.person is None:
            return here
        last = self._request.session.get(LAST_WORKSPACE)
        return next((each for each in self.workspaces if str(each.id) == last), None)

    @cached_property
    def workspaces(self) -> list[Workspace]:
        return [] if self.person is None else access.workspaces_of(self.person)

    @cached_property
    def _role(self) -> access.Role | None:
        if self.person is None or self.workspace is None:
            return None
        found: access.Role | None = getattr(self._request, "role", None)
        return found or access.role_of(self.person, self.workspace)

    @property
    def role(self) -> str:
        return "" if self._role is None else self._role.label

    @cached_property
    def may(self) -> dict[str, bool]:
        """By right, of the person in this workspace."""
        return {} if self._role is None else dict.fromkeys(access.RIGHTS_OF[self._role], True)

    @cached_property
    def may_add(self) -> bool:
        return self.person is not None and access.may_add_workspace(self.person)

    @property
    def is_account(self) -> bool:
        return self._request.path == reverse("account")

    @property
    def integrations_address(self) -> str:
        return "" if self.workspace is None else reverse("integrations", kwargs={"workspace": self.workspace.id})

    @cached_property
    def steps(self) -> list[Step]:
        return self._steps(*_STEPS)

    @cached_property
    def settings(self) -> list[Step]:
        return self._steps(*_SETTINGS)

    def _steps(self, *told: tuple[str, str, str]) -> list[Step]:
        if self.workspace is None:
            return []
        found = []
        for name, route, icon in told:
            address = self._address(route)
            if address:
                here = self._request.path
                is_here = here == address or (route != "overview" and here.startswith(address))
                found.append(Step(name, address, icon, is_here))
        return found

    def _address(self, route: str) -> str:
        """Of a page that this install has and this role may open, as the page's own door says; else empty."""
        if self.workspace is None:
            return ""
        try:
            address = reverse(route, kwargs={"workspace": self.workspace.id})
        except NoReverseMatch:
            return ""
        right = getattr(resolve(address).func, "right", "view")
        return address if right == "view" or self.may.get(right) else ""

    @cached_property
    def connection(self) -> Connection | None:
        if self.workspace is None:
            return None
        return Connection.objects.filter(workspace=self.workspace).first()

    @cached_property
    def last_reading(self) -> Run | None:
        tenant_id = self.workspace.tenant_id if self.workspace else None
        return answers.last_sync(tenant_id) if tenant_id else None

    @cached_property
    def run(self) -> Run | None:
        """The sync that goes on or waits, if any."""
        tenant_id = self.workspace.tenant_id if self.workspace else None
        if not tenant_id:
            return None
        going = (Run.State.WAITING, Run.State.RUNNING)
        return (
            Run.objects.filter(tenant_id=tenant_id, kind=Run.Kind.SYNC, state__in=going).order_by("-created_at").first()
        )

    @cached_property
    def note(self) -> Note | None:
        found = self.connection
        if found is None or found.state == Connection.State.DISCONNECTED:
            return None
        if found.state in _BROKEN:
            return Note("warn" if found.state == Connection.State.DEGRADED else "bad", "Needs attention")
        if self.run is not None:
            return Note("live", "Syncing" if self.run.state == Run.State.RUNNING else "Sync is about to start")
        if self.last_reading is not None:
            return Note("good", "Synced", self.last_reading.ended_at)
        return Note("live", "Connected")

    @cached_property
    def is_broken(self) -> bool:
        return self.connection is not None and self.connection.state in _BROKEN

    @cached_property
    def lock(self) -> str:
        """Why nothing can be sealed or opened just now; empty when it can."""
        return _LOCKED.get(vault.state(), "") if self.person is not None else ""

    @cached_property
    def notices(self) -> list[Notice]:
        if self.person is None or self.workspace is None:
            return []
        return list(notices.open_for(self.person, self.workspace))
