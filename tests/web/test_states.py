"""What a page says when something is missing: no connection, first sync, no licence, broken, locked; and notices."""

from __future__ import annotations

from typing import Any

from tests.support.tiny_lake import TinyLake
from tests.web.conftest import Site
from tests.web.test_app_pages import filled, text


def empty(site: Site, who: str = "owner") -> str:
    return text(site.client(who).get(site.address("overview")).content)


def test_an_empty_place_leads_to_the_next_step(site: Site) -> None:
    assert "Connect Microsoft Entra ID Seatwise then reads" in empty(site)
    assert "Ask an owner or admin of this company to connect it" in empty(site, "viewer")
    assert "No apps yet" in text(site.client("owner").get(site.address("apps")).content)


def test_a_first_sync_that_goes_on_is_told(site: Site) -> None:
    from seatwise.control import jobs
    from seatwise.control.models import Run

    site.connected()
    assert "Connected, nothing read yet" in empty(site)
    run = jobs.ask_sync(site.workspace.tenant_id, trigger=Run.Trigger.FIRST)
    page = site.client("owner").get(site.address("overview")).content.decode()
    assert "The first sync is running" in page and 'hx-trigger="every' in page
    Run.objects.filter(pk=run.pk).delete()
    assert 'hx-trigger="every' not in site.client("owner").get(site.address("overview")).content.decode()


def test_a_tenant_without_premium_is_told_both_ways_out(site: Site, lake: TinyLake) -> None:
    site.connected()
    filled(lake, days=0)
    lake.read_days(7, state="missing", reason="premium_missing")
    site.synced(lake)
    page = empty(site)
    assert "One P1 licence is enough." in page and "Import exported sign-in logs." in page


def test_data_without_a_connection_says_so(site: Site, lake: TinyLake) -> None:
    site.synced(filled(lake))
    assert "These figures stand on what was imported or read before." in empty(site)


def test_a_broken_connection_keeps_its_data_and_says_how_old_it_is(site: Site, lake: TinyLake) -> None:
    site.connected(state="needs_reauth", reason="The client secret ended on 3 May 2026.")
    site.synced(filled(lake))
    page = empty(site)
    assert "Showing data of 30 Jun 2026, 12:00 . The client secret ended on 3 May 2026." in page
    assert "Seats in use 40%" in page


def test_a_locked_install_says_so_on_every_page(site: Site) -> None:
    from seatwise.control import vault

    vault.store(site.workspace.id, "install", "trial", "x")
    for key in (site.data / "keys").glob("k*.key"):
        key.rename(key.with_suffix(".away"))
    page = text(site.client("viewer").get(site.address("overview")).content)
    assert "Locked, read only." in page and "encryption key" in page


def test_a_notice_goes_once_it_was_read(site: Site) -> None:
    from seatwise.control import notices

    notice = notices.tell(site.workspace, "first_usage", "The first use is here.")
    client = site.client("viewer")
    assert "The first use is here." in client.get(site.address("overview")).content.decode()
    assert "The first use is here." in site.client("admin").get(site.address("apps")).content.decode()
    client.post(site.address("notice_seen", notice=notice.id))
    assert "The first use is here." not in client.get(site.address("overview")).content.decode()
    assert "The first use is here." in site.client("admin").get(site.address("overview")).content.decode()


def test_the_theme_is_kept_without_script(site: Site) -> None:
    client: Any = site.client("viewer")
    assert "data-theme" not in client.get("/account/").content.decode().split("<head>")[0]
    client.post("/theme", {"theme": "dark", "next": "/account/"})
    assert '<html lang="en-GB" data-theme="dark">' in client.get("/account/").content.decode()
    client.cookies["seatwise-theme"] = '"><script>'
    assert "<script>" not in client.get("/account/").content.decode()
    client.post("/theme", {"theme": "system"})
    assert "data-theme" not in client.get("/account/").content.decode().split("<head>")[0]
