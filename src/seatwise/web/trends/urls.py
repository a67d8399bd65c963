"""The addresses of trends, discovery, coverage and evidence, below a workspace's own address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from seatwise.web.trends import coverage, imports

urlpatterns: list[URLPattern | URLResolver] = [
    path("coverage/", coverage.shown, name="coverage"),
    path("coverage/export", coverage.exported, name="coverage_export"),
    path("coverage/import", imports.handed_in, name="coverage_import"),
    path("coverage/import/<uuid:run>/", imports.account, name="coverage_imported"),
    path("coverage/import/<uuid:run>/cancel", imports.cancelled, name="coverage_import_cancel"),
]
