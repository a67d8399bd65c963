"""Every page of a connection, whole and broken."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import walks
from tests.browser.stage import Stage
from tests.browser.state import State, at, press_test
from tests.support.chromium import Visit


def _app(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("apps/"), page)
    page.locator("main table tbody a").first.click()
    page.wait_for_load_state()


def _syncing(stage: Stage, seen: Visit, page: Page) -> None:
    """Microsoft asks for patience, so that the sync lasts as long as somebody looks at it."""
    wait = {"path": "/users", "status": 429, "retry_after": 20, "count": 2}
    stage.sandbox.control("POST", "/faults", wait)
    seen.go(stage.path("settings/integrations/?tab=connected"), page)
    page.get_by_role("button", name="Sync now").click()
    page.get_by_text("waiting for Microsoft").first.wait_for()


def _swap_wrong(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/entra/swap"), page)
    page.get_by_label("Client Secret", exact=True).fill("abc8Q~" + "wrong" * 7)
    page.get_by_role("button", name="Test and replace").first.click()
    page.get_by_role("alert").first.wait_for()


def _testing(stage: Stage, seen: Visit, page: Page) -> None:
    """Microsoft's answer does not come while somebody looks."""
    seen.go(stage.path("settings/integrations/entra/"), page)
    page.route(re.compile("/entra/test$"), lambda _: None)
    page.get_by_role("button", name="Test connection").click()
    page.get_by_text("Testing. This takes a few seconds.").wait_for()


def _sample(stage: Stage, seen: Visit, page: Page) -> None:
    script = "from seatwise.control.models import Workspace\nWorkspace.objects.update(is_sample=given['is_sample'])"
    stage.install.inside(script, is_sample=True)
    try:
        seen.go(stage.path(), page)
    finally:
        stage.install.inside(script, is_sample=False)
    page.get_by_text("This is a sample.").wait_for()


def _locked(stage: Stage, seen: Visit, page: Page) -> None:
    """The page as it is while the keys are elsewhere."""
    keys = stage.install.data / "keys"
    away = keys.with_name("keys elsewhere")
    keys.rename(away)
    try:
        seen.go(stage.path(), page)
    finally:
        away.rename(keys)
    page.get_by_text("Locked, read only.").wait_for()


CONNECTED = (
    State("overview", at("")),
    State("overview-sample", _sample),
    State("overview-locked", _locked),
    State("apps", at("apps/")),
    State("app", _app),
    State("integrations-available-connected", at("settings/integrations/")),
    State("integrations-connected", at("settings/integrations/?tab=connected")),
    State("connection", at("settings/integrations/entra/")),
    State("connection-tested", press_test),
    State("connection-testing", _testing),
    State("runs", at("settings/integrations/entra/runs/")),
    State("swap", at("settings/integrations/entra/swap")),
    State("swap-refused", _swap_wrong, expects=("status of 422",)),
    State("disconnect", at("settings/integrations/entra/disconnect")),
    State("workspace-connected", at("settings/workspace/")),
    State("audit-full", at("settings/audit/")),
)


def _quiet(stage: Stage, seen: Visit, page: Page) -> None:
    """A sync that goes on has its own say about the state when it ends."""
    stage.sandbox.control("DELETE", "/faults")
    seen.go(stage.path("settings/integrations/entra/"), page)
    expect(page.get_by_role("button", name="Cancel sync")).to_have_count(0, timeout=walks.SYNC_MS)


def _degraded(stage: Stage, seen: Visit, page: Page) -> None:
    _quiet(stage, seen, page)
    _lose(stage, "AuditLog.Read.All")
    press_test(stage, seen, page)
    expect(page.locator("#entra-head")).to_contain_text("Partly working")
    expect(page.locator("#sync-note")).to_contain_text("Needs attention")


def _lose(stage: Stage, permission: str) -> None:
    client = stage.install.inside(
        "from seatwise.control.models import Connection\nprint(json.dumps(Connection.objects.first().client_id))"
    )
    stage.sandbox.control("POST", "/identity", {"do": "revoke", "client_id": client, "permissions": [permission]})


def _expired(stage: Stage, seen: Visit, page: Page) -> None:
    _quiet(stage, seen, page)
    client = stage.install.inside(
        "from seatwise.control.models import Connection\nprint(json.dumps(Connection.objects.first().client_id))"
    )
    stage.sandbox.control("POST", "/identity", {"do": "expire_secret", "client_id": client})
    press_test(stage, seen, page)
    expect(page.locator("#entra-head")).to_contain_text("Needs a new secret")
    expect(page.locator("#entra-meta")).to_contain_text("Expired")


def _overview_broken(stage: Stage, seen: Visit, page: Page) -> None:
    _expired(stage, seen, page)
    seen.go(stage.path(), page)


def _disconnected(stage: Stage, seen: Visit, page: Page) -> None:
    seen.go(stage.path("settings/integrations/entra/disconnect"), page)
    if page.get_by_role("button", name="Disconnect").count():
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("heading", name="Disconnected").wait_for()


BROKEN = (
    State("integrations-syncing", _syncing),
    State("connection-partly-working", _degraded),
    State("connection-secret-ended", _expired),
    State("overview-secret-ended", _overview_broken),
    State("disconnected", _disconnected),
)
