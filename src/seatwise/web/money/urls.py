"""Addresses of the overview's neighbours: savings, insights, notifications."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from seatwise.web.money import insights, notifications, savings

urlpatterns: list[URLPattern | URLResolver] = [
    path("insights/", insights.insights, name="insights"),
    path("insights/away/", insights.away, name="insight_away"),
    path("insights/<int:number>/back", insights.back, name="insight_back"),
    path("savings/", savings.savings, name="savings"),
    path("savings/export", savings.savings_exported, name="savings_export"),
    path("savings/groups/", savings.groups, name="savings_groups"),
    path("savings/groups/export", savings.groups_exported, name="savings_groups_export"),
    path("savings/teams/", savings.teams, name="savings_teams"),
    path("savings/teams/export", savings.teams_exported, name="savings_teams_export"),
    path("savings/seats/", savings.seats, name="savings_seats"),
    path("savings/seats/export", savings.seats_exported, name="savings_seats_export"),
    path("savings/licences/", savings.licences, name="savings_licences"),
    path("savings/licences/export", savings.licences_exported, name="savings_licences_export"),
    path("settings/notifications/", notifications.notifications, name="notifications"),
    path("settings/notifications/server", notifications.mail_server, name="mail_server"),
    path("settings/notifications/server/remove", notifications.remove_server, name="mail_server_remove"),
    path("settings/notifications/test", notifications.test, name="mail_test"),
]
