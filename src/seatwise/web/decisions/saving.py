"""Saving a form of decisions: what somebody else decided meanwhile is shown before it is overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html

from seatwise.base.errors import AskAdmin
from seatwise.control import decisions
from seatwise.control.decisions import Change
from seatwise.control.models import Workspace
from seatwise.web.decisions.forms import show_wrong
from seatwise.web.decisions.found import Found
from seatwise.web.guard import Request
from seatwise.web.views.audit import address_of


def saved(
    request: Request,
    workspace: Workspace,
    form: forms.Form,
    changes: Callable[[], Sequence[Change]],
    found: Found | None = None,
) -> bool:
    """Whether it was decided. If not, the form says why."""
    if not form.is_valid():
        return False
    if found is not None and request.POST.get("mark", found.mark) != found.mark:
        form.add_error(
            None,
            "Somebody decided something about this while the page was open; the history below tells what. "
            "Check what you wrote, then save once more.",
        )
        return False
    try:
        before = decisions.decided(workspace).revision
        number = decisions.decide(request.user, workspace, changes(), address=address_of(request))
    except AskAdmin as error:
        show_wrong(form, error)
        return False
    say(request, "Saved." if number > before else "Nothing was changed.", number if number > before else None)
    return True


def say(request: Request, words: str, number: int | None) -> None:
    """number: of the entry that can be undone."""
    if number is None:
        messages.success(request, words)
        return
    address = reverse("decisions", kwargs={"workspace": request.workspace.id})
    told = format_html('{} You can <a href="{}#d{}">undo it in the history</a>.', words, address, number)
    messages.success(request, told)
