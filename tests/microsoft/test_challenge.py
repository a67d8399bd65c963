"""A token that Graph refuses: one new one, asked for as Graph wants it, and never round and round."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from seatwise.base.errors import AskAdmin
from seatwise.catalog.directory import USERS
from seatwise.lake.rows import decoder
from seatwise.microsoft import refusals
from seatwise.microsoft.auth import Credential, TokenSource
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.graph import Graph
from tests.support.sandbox import Sandbox


@dataclass
class Seen:
    n_rows: int = 0
    tokens: list[str] = field(default_factory=list)

    @property
    def n_tokens(self) -> int:
        return self.tokens.count("asked")


def read(cloud: Cloud, company: Sandbox, seen: Seen, *changes: dict[str, Any]) -> None:
    """Fetches a token, lets the tenant change its mind, then reads all people."""

    async def once() -> None:
        who = Credential(company.tenant_id, company.client_id, company.client_secret)
        source = TokenSource(cloud, who, seen.tokens.append)
        async with Graph(cloud, source) as graph:
            await source.token()
            for change in changes:
                company.control("POST", "/identity", change)
            company.control("DELETE", "/requests")
            params = {"$select": "id", "$top": 20}
            async for page in graph.walk("/users", params, "v1.0", "directory", decoder(USERS)):
                seen.n_rows += page.n_rows

    asyncio.run(once())


def statuses(company: Sandbox) -> list[int]:
    return [entry["status"] for entry in company.control("GET", "/requests")["log"]]


def test_f18_the_claims_of_a_challenge_are_passed_to_the_token_request(cloud: Cloud, company: Sandbox) -> None:
    undisturbed, seen = Seen(), Seen()
    read(cloud, company, undisturbed)
    read(cloud, company, seen, {"do": "challenge"})
    assert seen.n_rows == undisturbed.n_rows > 20
    assert seen.n_tokens == 2
    assert statuses(company).count(401) == 1


def test_f18_a_challenge_that_no_token_meets_ends_after_one_retry(cloud: Cloud, company: Sandbox) -> None:
    seen = Seen()
    with pytest.raises(AskAdmin, match="claims_challenge"):
        read(cloud, company, seen, {"do": "challenge", "can_be_met": False})
    assert (seen.n_tokens, statuses(company)) == (2, [401, 401])


def test_f18_when_the_sign_in_service_wants_a_person_an_administrator_is_asked(cloud: Cloud, company: Sandbox) -> None:
    seen = Seen()
    with pytest.raises(AskAdmin, match="claims_challenge") as caught:
        read(cloud, company, seen, {"do": "challenge"}, {"do": "fail", "code": 50076, "count": 9})
    assert "AADSTS50076" in caught.value.detail
    assert (seen.n_tokens, statuses(company)) == (2, [401])


def test_f17_a_token_that_stays_refused_is_replaced_once(cloud: Cloud, company: Sandbox) -> None:
    company.control("POST", "/faults", {"path": "/users", "status": 401, "count": None})
    seen = Seen()
    with pytest.raises(AskAdmin, match="token_refused"):
        read(cloud, company, seen)
    assert (seen.n_tokens, statuses(company)) == (2, [401, 401])


@pytest.mark.parametrize(
    ("told", "claims"),
    [
        ('Bearer error="insufficient_claims", claims="eyJhIjp7fX0="', '{"a":{}}'),
        ('Bearer claims="eyJhIjp7fX0"', '{"a":{}}'),
        ("Bearer claims=eyJhIjp7fX0", '{"a":{}}'),
        ('Bearer claims="eyJhIjoi77-_In0"', '{"a":"\uffff"}'),
        ('Bearer claims="e30x"', None),
        ('Bearer claims="WzFd"', None),
        ('Bearer claims=""', None),
        ('Bearer realm=""', None),
        ("", None),
    ],
)
def test_claims_are_read_from_any_header(told: str, claims: str | None) -> None:
    assert refusals.challenge({"www-authenticate": told}) == claims
