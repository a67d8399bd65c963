"""One person's data on request: handed out as an archive, or forgotten after the name was typed."""

from __future__ import annotations

import tempfile
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from seatwise.base.errors import AskAdmin, Skip
from seatwise.control import persons
from seatwise.control.models import Workspace
from seatwise.web.guard import Request, page
from seatwise.web.people.people import person_of
from seatwise.web.views.audit import address_of

_IN_MEMORY: Final = 1 << 20


class Typed(forms.Form):
    """The word that says it is meant."""

    word = forms.CharField(max_length=254, strip=True)

    def __init__(self, wanted: str, *args: Any) -> None:
        super().__init__(*args)
        self.wanted = wanted

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"])
        if word.casefold() != self.wanted.casefold():
            raise forms.ValidationError(f"Type {self.wanted} exactly as it stands here.")
        return word


@require_POST
@page(right="workspace")
def exported(request: Request, workspace: Workspace, person: str, **_: Any) -> HttpResponse:
    # Closed by the answer once it is sent.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        persons.export(request.user, workspace.tenant_id or "", person, file, address=address_of(request))
    except (AskAdmin, Skip, ValueError) as error:
        raise Http404 from error
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"seatwise-person-{person[:8]}.zip")
    response.headers["Content-Type"] = "application/zip"
    return cast(HttpResponse, response)  # the door knows one kind of answer


@require_http_methods(["GET", "POST"])
@page(right="workspace")
def forget(request: Request, workspace: Workspace, person: str, **_: Any) -> HttpResponse:
    found = person_of(request, person)
    wanted = str(found["name"] or found["user_id"])
    form = Typed(wanted, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            persons.ask(request.user, workspace.tenant_id or "", str(found["user_id"]), address=address_of(request))
        except AskAdmin as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(
                request,
                "This person is being forgotten. It takes a few minutes and goes on without you; the audit log says "
                "when it is done.",
            )
            return redirect("people", workspace=workspace.id)
    told = {"form": form, "person": found, "wanted": wanted, "backups": persons.BACKUPS}
    return render(request, "people/forget.html", told)
