"""The addresses of people, teams and licences, below a workspace's own address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from seatwise.web.people import data, licences, people, teams

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.people, name="people"),
    path("people/export", people.people_exported, name="people_export"),
    path("people/<str:person>/", people.person, name="person"),
    path("people/<str:person>/export", people.person_exported, name="person_export"),
    path("people/<str:person>/data", data.exported, name="person_data"),
    path("people/<str:person>/forget", data.forget, name="person_forget"),
    path("teams/", teams.teams, name="teams"),
    path("teams/export", teams.teams_exported, name="teams_export"),
    path("teams/one/", teams.team, name="team"),
    path("teams/one/export", teams.team_exported, name="team_export"),
    path("licences/", licences.licences, name="licences"),
    path("licences/export", licences.licences_exported, name="licences_export"),
    path("licences/<str:sku>/", licences.licence, name="licence"),
    path("licences/<str:sku>/export", licences.licence_exported, name="licence_export"),
]
