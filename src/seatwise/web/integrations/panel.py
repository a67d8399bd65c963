"""The connect dialog's inside: one panel at a time, the same in the dialog and as a page without script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from seatwise.base.errors import SeatwiseError
from seatwise.control import access, connections
from seatwise.control.models import Workspace
from seatwise.web.guard import Request
from seatwise.web.integrations import origin, reads
from seatwise.web.integrations.shown import shown

TITLES: Final[Mapping[str, str]] = {
    "admin_needed": "An administrator has to approve this",
    "declined": "The request was declined",
    "refused": "Microsoft did not let us in",
    "tenant_other": "This is another tenant",
    "tenant_taken": "This tenant is connected elsewhere",
    "personal_account": "A personal account cannot be connected",
    "consent_missing": "The permissions are not approved",
    "callback_expired": "The sign-in took too long",
    "callback_used": "This sign-in was used already",
}
_OFFERS_LINK: Final = ("admin_needed", "consent_missing", "no_permission", "declined")
_SENT_BACK: Final = ("client_id", "tenant", "ends_on", "registration_id", "registration_tenant")
"""What a form may get back from us: never a secret."""


@dataclass(frozen=True, slots=True)
class Problem:
    title: str
    sentence: str
    code: str = ""
    offers_link: bool = False


def problem(error: SeatwiseError) -> Problem:
    return problem_of(error.code, error.sentence, connections.shown_code(error))


def problem_of(code: str, sentence: str, shown_code: str = "") -> Problem:
    """code: our word, which chooses the title; shown_code: Microsoft's number where there is one."""
    return Problem(TITLES.get(code, "That did not work"), sentence, shown_code or code, code in _OFFERS_LINK)


def hours_of(text: str) -> int:
    """24, 72 or 168 hours; whatever else was sent counts as 24."""
    return int(text) if text in ("24", "72", "168") else 24


class Panel:
    """What every panel needs of a request, and how it is sent: panel, dialog or page."""

    def __init__(self, request: Request, workspace: Workspace) -> None:
        self.request, self.workspace = request, workspace
        self.clouds = connections.clouds()
        sent = request.POST.get("cloud") or request.GET.get("cloud") or ""
        names = [choice.name for choice in self.clouds]
        self.cloud = sent if sent in names else self._usual(names)

    def show(self, panel: str, **more: Any) -> HttpResponse:
        """Also a form with its errors is an ordinary answer: browsers write any other into their console."""
        told = {**self._told(), "panel": f"integrations/{panel}", **more}
        target = self.request.htmx.target if self.request.htmx else None
        if target == "dialogs":
            return render(self.request, "integrations/_dialog.html", told)
        if target:
            return render(self.request, told["panel"], told)
        return render(self.request, "integrations/connect.html", told)

    def failed(self, panel: str, error: SeatwiseError, **more: Any) -> HttpResponse:
        return self.show(panel, problem=problem(error), **more)

    def go(self, address: str) -> HttpResponse:
        """Leaves the dialog for a whole page."""
        if self.request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)

    @property
    def connected_address(self) -> str:
        return reverse("integrations", kwargs={"workspace": self.workspace.id}) + "?tab=connected&new=1"

    def _form(self) -> dict[str, str]:
        """What was typed, else what is known already; never a secret."""
        if self.request.method == "POST":
            return {name: self.request.POST.get(name, "").strip()[:260] for name in _SENT_BACK}
        found = connections.of_workspace(self.workspace)
        if found is None or not connections.view(found).can_swap:
            return {}
        return {"client_id": found.client_id, "tenant": found.tenant_id}

    def _usual(self, names: list[str]) -> str:
        """The cloud of the connection there is, else the first on the list that is not for trials."""
        found = connections.of_workspace(self.workspace)
        if found is not None and found.cloud in names:
            return found.cloud
        return names[0]

    def _told(self) -> dict[str, Any]:
        request, workspace = self.request, self.workspace
        ways = reverse("entra_connect", kwargs={"workspace": workspace.id}) + f"?step=ways&cloud={self.cloud}"
        return {
            "workspace": workspace,
            "connection": shown(request.user, workspace),
            "clouds": self.clouds,
            "cloud": self.cloud,
            "cloud_label": next((one.label for one in self.clouds if one.name == self.cloud), self.cloud),
            "registration": connections.registration(self.cloud),
            "may_install": access.may(request.user, workspace, "install"),
            "redirect_uri": origin.redirect_uri(),
            "address_problem": origin.address_problem(request),
            "reasons": reads.reasons(),
            "datasets": reads.datasets(),
            "back_to_ways": ways,
            "form": self._form(),
            "errors": {},
            "hide_connection_banner": True,
        }
