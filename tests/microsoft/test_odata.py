"""Addresses are encoded whole, and no token follows a link to anywhere else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatwise.base.errors import AskAdmin
from seatwise.microsoft import odata

GRAPH = "https://graph.microsoft.com"
LINK = f"{GRAPH}/v1.0/users?$select=id&$skiptoken=RFNwdAIAAQ%3D%3D"

HOSTILE = [
    "http://graph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com:8443/v1.0/users",
    "https://graph.microsoft.com.attacker.example/v1.0/users",
    "https://attacker.example/v1.0/users",
    "https://graph.microsoft.com@attacker.example/v1.0/users",
    "https://a:b@graph.microsoft.com/v1.0/users",
    "https://attackergraph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com/",
    "https://graph.microsoft.com",
    "https://graph.microsoft.com/v2.0/users",
    "https://graph.microsoft.com/v1.0",
    "https://graph.microsoft.com/v1.0/../../x",
    "https://graph.microsoft.com/v1.0/%2e%2e/x",
    "//graph.microsoft.com/v1.0/users",
    "//attacker.example/v1.0/users",
    "/v1.0/users",
    "users?$skiptoken=1",
    "https:/graph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com\\@attacker.example/v1.0/users",
    "https://graph.microsoft.com\t/v1.0/users",
    " https://graph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com/v1.0/users\r\nHost: attacker.example",
    "https://[::1]/v1.0/users",
    "https://[graph.microsoft.com]/v1.0/users",
    "https://graph.microsoft.com:abc/v1.0/users",
    "https://ɡraph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com。attacker.example/v1.0/users",
    "https://graph.microsoft.com#@attacker.example/v1.0/users",
    "https://graph.microsoft.com/v1.0/users#x",
    "https://graph.microsoft.us/v1.0/users",
    "ftp://graph.microsoft.com/v1.0/users",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("link", HOSTILE)
def test_a_link_to_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(AskAdmin, match="foreign_link"):
        odata.pinned(GRAPH, link)


@given(st.text(max_size=60))
def test_no_text_gets_past_the_host(text: str) -> None:
    try:
        found = odata.pinned(GRAPH, text)
    except AskAdmin:
        return
    assert found.lower().startswith((f"{GRAPH}/v1.0/", f"{GRAPH}/beta/", f"{GRAPH}:443/"))


@pytest.mark.parametrize(
    "link", [LINK, LINK.replace("v1.0", "beta"), LINK.replace("graph.", "Graph."), f"{GRAPH}:443/v1.0/users"]
)
def test_a_link_home_is_followed_letter_by_letter(link: str) -> None:
    assert odata.pinned(GRAPH, link) == link


def test_a_relative_link_is_completed_only_where_one_is_expected() -> None:
    assert odata.pinned(GRAPH, "/v1.0/users?$skiptoken=1", LINK) == f"{GRAPH}/v1.0/users?$skiptoken=1"


def test_options_are_encoded_whole() -> None:
    found = odata.address(GRAPH, "v1.0", "/users", {"$filter": "displayName eq 'A&B #1'", "$top": 999})
    assert found == f"{GRAPH}/v1.0/users?$filter=displayName%20eq%20%27A%26B%20%231%27&$top=999"


def test_quotes_in_a_literal_are_doubled() -> None:
    assert odata.literal("O'Neil") == "'O''Neil'"


def test_a_time_filter_is_half_open_and_unquoted() -> None:
    start, end = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, 0, 0, 0, 5, tzinfo=UTC)
    assert (
        odata.between("createdDateTime", start, end)
        == "createdDateTime ge 2026-10-01T00:00:00Z and createdDateTime lt 2026-10-02T00:00:00Z"
    )


def test_a_next_link_can_be_a_part_of_a_batch() -> None:
    assert odata.as_part(GRAPH, LINK) == "/users?$select=id&$skiptoken=RFNwdAIAAQ%3D%3D"
    body = odata.batch_body([odata.Part("a", "/users")])
    assert body == {"requests": [{"id": "a", "method": "GET", "url": "/users"}]}
