"""The app gallery is asked, softly: what it refuses or lacks makes no run partial and takes nothing away."""

from __future__ import annotations

import json

import pytest

from entra_sandbox.world.services import GALLERY
from tests.sync.conftest import Tenant
from tests.sync.test_run import rows

TEMPLATES = "/applicationTemplates"


def test_it_names_product_vendor_and_category_of_gallery_apps(truth: Tenant) -> None:
    asked = {row["template_id"] for row in rows(truth, "service_principals") if row["template_id"]}
    stored = {row["template_id"]: row for row in rows(truth, "application_templates")}
    assert stored.keys() == asked & GALLERY.keys() != set()
    for template_id, row in stored.items():
        listed = GALLERY[template_id]
        assert (row["name"], row["publisher"]) == (listed.name, listed.publisher)
        assert sorted(json.loads(row["categories"])) == sorted(listed.categories)
        assert row["homepage"] == f"https://www.{listed.domain}/"


@pytest.mark.parametrize("status", [403, 404, 400])
def test_a_refusal_is_no_failure_and_leaves_nothing_missing(tenant: Tenant, truth: Tenant, status: int) -> None:
    tenant.fault(TEMPLATES, status=status, count=None)
    outcome = tenant.sync()
    assert (outcome.state, outcome.missing) == ("done", [])
    assert rows(tenant, "application_templates") == []
    assert len(rows(tenant, "service_principals")) == len(rows(truth, "service_principals"))
    assert ("application_templates", "done") in [(step.dataset, step.phase) for step in tenant.told]


def test_what_was_read_stays_when_it_is_refused_later(tenant: Tenant) -> None:
    tenant.sync()
    before = rows(tenant, "application_templates")
    tenant.fault(TEMPLATES, status=403, count=None)
    assert tenant.sync().state == "done"
    assert rows(tenant, "application_templates") == before != []


def test_an_entry_that_was_taken_out_of_the_gallery_is_left_out_alone(tenant: Tenant) -> None:
    tenant.fault(TEMPLATES, status=404)
    tenant.sync()
    assert len(rows(tenant, "application_templates")) > 3


def test_doctor_does_not_ask_for_it(tenant: Tenant) -> None:
    assert "application_templates" not in {check.name for check in tenant.examine()}
