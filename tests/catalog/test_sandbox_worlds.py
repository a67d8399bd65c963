"""At least nine in ten gallery and foreign apps of the sandbox's worlds are known by product and category."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entra_sandbox.world import World
from entra_sandbox.world.services import GALLERY
from seatwise.catalog.microsoft import CUSTOM_TEMPLATES, OWNER_TENANTS
from seatwise.catalog.products import Template, know

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def _template(template_id: str | None) -> Template | None:
    found = GALLERY.get(template_id or "")
    return Template(found.name, found.publisher, f"https://{found.domain}", found.categories) if found else None


def _known(world: World, *, asks_gallery: bool) -> list[bool]:
    """One for each app of the gallery or of another tenant: whether product and category are known."""
    found = []
    for app in world.directory(NOW).service_principals:
        template_id, owner = app.application_template_id, app.app_owner_organization_id
        is_ours = owner == world.tenant.id and template_id in (None, *CUSTOM_TEMPLATES)
        if app.service_principal_type != "Application" or owner in OWNER_TENANTS or is_ours or owner is None:
            continue
        told = _template(template_id) if asks_gallery else None
        names = (app.display_name, app.verified_publisher_name, app.homepage, app.reply_urls, told)
        known = know(app.app_id, *names, owner_tenant_id=owner, tags=app.tags)
        found.append(bool(known.product and known.category))
    return found


@pytest.mark.parametrize(("seed", "apps"), [(1, 20), (2, 20), (3, 40), (5, 40), (7, 80), (8, 400), (9, 800)])
@pytest.mark.parametrize("asks_gallery", [True, False])
def test_nine_in_ten_are_known(seed: int, apps: int, asks_gallery: bool) -> None:
    found = _known(World(60, apps, seed), asks_gallery=asks_gallery)
    assert len(found) > apps / 2
    assert sum(found) >= 0.9 * len(found)
