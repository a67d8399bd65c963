"""All addresses of the install."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("seatwise.web.urls")),
]

handler400 = "seatwise.web.failures.bad_request"
handler403 = "seatwise.web.failures.not_allowed"
handler404 = "seatwise.web.failures.not_found"
handler500 = "seatwise.web.failures.broken"
