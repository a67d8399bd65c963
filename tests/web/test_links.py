"""Every link and form on every page leads somewhere that exists."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tests.support.tiny_lake import TinyLake
from tests.web.conftest import HOST, Site
from tests.web.test_app_pages import filled

if TYPE_CHECKING:
    from django.test import Client


# How many addresses of one page are looked at, by what they ask for.
SHAPES = 6


def broken(client: Client, start: str) -> list[str]:
    """Walks from a page over every link of our own; what answers with an error, and forms that lead nowhere."""
    from django.urls import Resolver404, resolve

    seen, waiting, found = {start}, [start], []
    while waiting:
        here = waiting.pop()
        response = client.get(here)
        if response.status_code >= 400:
            found.append(f"{here}: {response.status_code}")
        page = response.content.decode("utf-8", "replace") if "html" in response.headers.get("Content-Type", "") else ""
        for action in re.findall(r'<form[^>]* action="([^"]*)"', page):
            try:
                resolve(urljoin(here, unescape(action)).split("?")[0])
            except Resolver404:
                found.append(f"{here}: a form goes to {action}")
        told = [*re.findall(r' (?:href|src|hx-get)="([^"#]+)[^"]*"', page), response.headers.get("Location", "")]
        for address in {urljoin(here, unescape(each)).removeprefix(f"http://{HOST}") for each in told if each}:
            # Some orders and filters of a list stand for all; what leaves this install is not ours to follow.
            is_ours = address.startswith("/") and not address.startswith("/static/")
            path = address.split("?")[0]
            if is_ours and address not in seen and sum(1 for each in seen if each.split("?")[0] == path) < SHAPES:
                seen.add(address)
                waiting.append(address)
    assert len(seen) > 1
    return found


def test_no_link_is_dead_for_an_owner(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake))
    assert broken(site.client("owner"), site.address("overview")) == []


def test_no_link_is_dead_for_a_viewer_nor_before_anything_is_connected(site: Site) -> None:
    assert broken(site.client("viewer"), site.address("overview")) == []
    assert broken(site.client("owner"), "/account/") == []


def test_no_link_is_dead_at_the_door(site: Site) -> None:
    assert broken(site.client("stranger"), "/") == []
