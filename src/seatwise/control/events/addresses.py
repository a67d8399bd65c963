"""Where a card leads: the list of what it counts, or the place where it is mended; as a path, and whole for letters."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from seatwise.control.events.findings import Finding
from seatwise.control.models import Workspace

_STATUSES = {
    "unused_seats": (("f_status", "never"), ("f_status", "unused")),
    "leaver_seats": (("f_is_leaver", "1"),),
    "guest_seats": (("f_kind", "guest"),),
    "idle_licences": (("f_status", "idle"), ("f_status", "unused"), ("f_status", "never")),
    "disabled_licences": (("f_is_enabled", "false"),),
}


def of(workspace: Workspace, finding: Finding) -> str:
    """The path of the page; of the insights when there is no nearer one."""
    kind, subject = finding.subject_kind, finding.subject_id
    try:
        if finding.card == "coverage":
            return _path(workspace, "coverage")
        if kind == "connection":
            return _path(workspace, "integrations") + "?tab=connected"
        if kind == "product":
            return _path(workspace, "app", app=subject) + _query(finding)
        if kind == "licence":
            return _path(workspace, "licence", sku=subject) + _query(finding)
        if kind == "group":
            return _path(workspace, "teams") + f"?by=group&q={quote(finding.name)}"
        if kind == "category":
            return _path(workspace, "apps") + "?" + urlencode([("f_category", subject)])
    except NoReverseMatch:
        pass
    return _path(workspace, "insights")


def whole(path: str) -> str:
    return str(settings.PUBLIC_URL) + path


def page(workspace: Workspace, name: str) -> str:
    """The whole address of one of our pages."""
    return whole(_path(workspace, name))


def _path(workspace: Workspace, name: str, **more: str) -> str:
    return reverse(name, kwargs={"workspace": workspace.pk, **more})


def _query(finding: Finding) -> str:
    told = _STATUSES.get(finding.card)
    return "?" + urlencode(told) if told else ""
