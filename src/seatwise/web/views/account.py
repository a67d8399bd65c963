"""A person's own page: name, password, second factor, theme."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from seatwise.control import access
from seatwise.web.forms import Name
from seatwise.web.guard import Request, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def account(request: Request) -> HttpResponse:
    form = Name(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
        messages.success(request, "Your name is saved.")
        return redirect("account")
    told = {
        "form": form,
        "has_totp": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "memberships": [(each, access.role_of(request.user, each)) for each in access.workspaces_of(request.user)],
    }
    return render(request, "account/account.html", told)
