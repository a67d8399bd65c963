"""Addresses of the overview's neighbours: savings, insights, notifications."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from seatwise.web.money import notifications

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/notifications/", notifications.notifications, name="notifications"),
    path("settings/notifications/server", notifications.mail_server, name="mail_server"),
    path("settings/notifications/server/remove", notifications.remove_server, name="mail_server_remove"),
    path("settings/notifications/test", notifications.test, name="mail_test"),
]
