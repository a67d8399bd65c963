"""The addresses around a connection."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from seatwise.web.integrations import connect, consent, guide, life, links, pages, trip

_OF_A_WORKSPACE: list[URLPattern | URLResolver] = [
    path("", pages.integrations, name="integrations"),
    path("entra/", pages.entra, name="entra"),
    path("entra/runs/", pages.all_runs, name="entra_runs"),
    path("entra/progress", pages.progress, name="entra_progress"),
    path("entra/connect", connect.connect, name="entra_connect"),
    path("entra/registration", connect.registration, name="entra_registration"),
    path("entra/certificate", connect.certificate, name="entra_certificate"),
    path("entra/outcome/<uuid:attempt>", trip.outcome, name="entra_outcome"),
    path("entra/links", links.make, name="entra_links"),
    path("entra/links/<uuid:link>/revoke", links.revoke, name="entra_link_revoke"),
    path("entra/guide", guide.guide, name="entra_guide"),
    path("entra/guide/answer", guide.answer, name="entra_guide_answer"),
    path("entra/guide/answers", guide.answers, name="entra_guide_answers"),
    path("entra/test", life.test, name="entra_test"),
    path("entra/sync", life.sync, name="entra_sync"),
    path("entra/cancel", life.cancel, name="entra_cancel"),
    path("entra/schedule", life.schedule, name="entra_schedule"),
    path("entra/swap", life.swap, name="entra_swap"),
    path("entra/disconnect", life.disconnect, name="entra_disconnect"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<uuid:workspace>/settings/integrations/", include(_OF_A_WORKSPACE)),
    path("consent/<str:token>", consent.consent, name="consent"),
    path("connect/azureactivedirectory/start/<uuid:attempt>", trip.start, name="entra_start"),
    path("connect/azureactivedirectory/callback", trip.callback, name="entra_callback"),
    path("connect/done/<uuid:attempt>", trip.done, name="entra_done"),
    path("connect/refused", trip.refused, name="entra_refused"),
]
