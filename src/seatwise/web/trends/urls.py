"""The addresses of trends, discovery, coverage and evidence, below a workspace's own address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from seatwise.web.trends import coverage, discovery, evidence, imports, usage

urlpatterns: list[URLPattern | URLResolver] = [
    path("trends/", usage.trends, name="trends"),
    path("trends/export", usage.trends_exported, name="trends_export"),
    path("trends/people/", usage.movement, name="movement"),
    path("trends/people/export", usage.movement_exported, name="movement_export"),
    path("discovery/", discovery.discovery, name="discovery"),
    path("discovery/export", discovery.discovery_exported, name="discovery_export"),
    path("discovery/consents/", discovery.consents, name="consents"),
    path("discovery/consents/export", discovery.consents_exported, name="consents_export"),
    path("coverage/", coverage.shown, name="coverage"),
    path("coverage/export", coverage.exported, name="coverage_export"),
    path("coverage/import", imports.handed_in, name="coverage_import"),
    path("coverage/import/<uuid:run>/", imports.account, name="coverage_imported"),
    path("coverage/import/<uuid:run>/cancel", imports.cancelled, name="coverage_import_cancel"),
    path("evidence/<str:event>/", evidence.evidence, name="evidence"),
]
