"""The states of a list: failed, without the right to export, old, read in part."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.tiny_lake import TinyLake
from tests.web.conftest import Site
from tests.web.test_app_pages import filled, text


def test_what_cannot_be_answered_just_now_says_so_and_offers_another_try(
    site: Site, lake: TinyLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seatwise.base.errors import TryLater
    from seatwise.control import answers

    def busy(*_: Any, **__: Any) -> None:
        raise TryLater(code="busy", sentence="The lake is being tidied. It takes a minute.")

    site.connected()
    site.synced(filled(lake))
    monkeypatch.setattr(answers, "ask", busy)
    response = site.client("owner").get(site.address("apps") + "?q=ma")
    assert response.status_code == 503
    page = text(response.content)
    assert "This could not be answered The lake is being tidied. It takes a minute. Try again" in page
    assert f'href="{site.address("apps")}?q=ma">Try again' in response.content.decode()


def test_a_viewer_is_offered_no_file_and_no_decision(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake))
    seen = {who: site.client(who).get(site.address("apps")).content.decode() for who in ("viewer", "analyst")}
    assert "/apps/export" in seen["analyst"] and ">Add price<" in seen["analyst"]
    assert "/apps/export" not in seen["viewer"] and ">Add price<" not in seen["viewer"]
    assert site.client("viewer").post(site.address("apps_export")).status_code == 403


def test_old_data_is_called_old(site: Site, lake: TinyLake, monkeypatch: pytest.MonkeyPatch) -> None:
    site.connected()
    site.synced(filled(lake))
    fresh = text(site.client("owner").get(site.address("apps")).content)
    assert "older than a day" not in fresh
    from seatwise.web.lists import asking

    monkeypatch.setattr(asking, "_STALE", asking.timedelta(0) - asking.timedelta(seconds=1))
    assert "This is older than a day" in text(site.client("owner").get(site.address("apps")).content)


def test_filtered_to_nothing_leads_back_to_everything(site: Site, lake: TinyLake) -> None:
    site.synced(filled(lake))
    response = site.client("owner").get(site.address("apps") + "?q=zz&f_owner=Nobody+Real&sort=name&way=up")
    page = text(response.content)
    assert "No app matches “zz” with these filters. Show all apps" in page
    assert f'href="{site.address("apps")}?sort=name&amp;way=up">Show all apps' in response.content.decode()
