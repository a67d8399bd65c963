"""Walks and batches against the sandbox: every page once, to the last one, and no token elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError, Skip, TryLater
from seatwise.catalog.directory import GROUP_MEMBERS, USERS
from seatwise.lake.rows import decoder
from seatwise.microsoft import odata
from seatwise.microsoft.auth import Credential, TokenSource
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.graph import Graph, Page
from seatwise.microsoft.odata import Part
from tests.support.sandbox import Sandbox

Found = TypeVar("Found")


def asked(cloud: Cloud, company: Sandbox, question: Callable[[Graph], Awaitable[Found]]) -> Found:
    async def once() -> Found:
        who = Credential(company.tenant_id, company.client_id, company.client_secret)
        async with Graph(cloud, TokenSource(cloud, who)) as graph:
            return await question(graph)

    return asyncio.run(once())


async def users(graph: Graph, top: int = 10, **params: str) -> list[Page]:
    options = {"$select": "id", "$top": top, **params}
    return [page async for page in graph.walk("/users", options, "v1.0", "directory", decoder(USERS))]


def ids(pages: list[Page]) -> list[str]:
    return [row.id for page in pages for row in page.decoded.rows]


def test_a_walk_reads_every_page_once(cloud: Cloud, company: Sandbox) -> None:
    pages = asked(cloud, company, users)
    whole = asked(cloud, company, lambda graph: users(graph, 999))
    assert len(pages) > 5 and len(whole) == 1
    assert ids(pages) == ids(whole)
    assert pages[-1].next_link is None and all(page.request_id for page in pages)


@pytest.mark.parametrize("kind", ["cut", "reset", "garbage", "html"])
def test_a_fault_on_any_page_leaves_no_row_out_and_none_twice(cloud: Cloud, company: Sandbox, kind: str) -> None:
    whole = ids(asked(cloud, company, lambda graph: users(graph, 999)))
    company.control("POST", "/faults", {"path": "/users", "kind": kind, "skip": 2})
    assert ids(asked(cloud, company, users)) == whole


@pytest.mark.parametrize(
    ("fault", "family", "code"),
    [
        ({"kind": "foreign_next_link", "skip": 1}, AskAdmin, "foreign_link"),
        ({"kind": "loop_next_link", "skip": 1}, TryLater, "page_loop"),
        ({"kind": "expired_token", "path": "skiptoken"}, TryLater, "page_token_expired"),
        ({"kind": "html", "count": None}, AskAdmin, "not_microsoft"),
        ({"status": 400, "count": None}, Broken, "request_refused"),
        ({"status": 404, "count": None}, Skip, "not_found"),
    ],
)
def test_a_walk_that_does_not_reach_its_end_raises(
    cloud: Cloud, company: Sandbox, fault: dict[str, object], family: type[SeatwiseError], code: str
) -> None:
    company.control("POST", "/faults", {"path": "/users", **fault})
    with pytest.raises(family, match=code) as caught:
        asked(cloud, company, users)
    assert company.client_secret not in str(caught.value)


def test_a_batch_follows_the_pages_of_its_parts_and_names_what_is_gone(cloud: Cloud, company: Sandbox) -> None:
    answer = asked(cloud, company, lambda graph: graph.get_json("/groups", {"$select": "id", "$top": 999}))
    groups = [row["id"] for row in answer["value"]][:19]
    nobody = "00000000-1111-4222-8333-444444444444"

    async def members(graph: Graph, top: int) -> tuple[set[tuple[str, str]], set[str]]:
        params: dict[str, str | int] = {"$select": "id", "$top": top}
        parts = [Part(one, odata.relative(f"/groups/{one}/members", params)) for one in [*groups, nobody]]
        found, gone = set[tuple[str, str]](), set[str]()
        async for page in graph.batch(parts, "v1.0", decoder(GROUP_MEMBERS), units=2):
            parents = page.decoded.parents or [page.parent] * page.n_rows  # type: ignore[attr-defined]
            found |= {(parent, row.id) for parent, row in zip(parents, page.decoded.rows, strict=True)}
            gone |= set(page.gone)
        return found, gone

    company.control("POST", "/faults", {"path": "/members", "status": 429, "retry_after": "1", "count": 4})
    paged = asked(cloud, company, lambda graph: members(graph, 2))
    assert paged == asked(cloud, company, lambda graph: members(graph, 999))
    assert len(paged[0]) > 20 and paged[1] == {nobody}


def test_a_wait_that_microsoft_asks_for_is_kept_and_told(cloud: Cloud, company: Sandbox) -> None:
    company.control("POST", "/faults", {"path": "/organization", "status": 429, "retry_after": "2"})
    waited: list[float] = []
    asked(cloud, company, lambda graph: graph.get_json("/organization", waits=waited.append))
    assert 2 <= sum(waited) < 4


def test_f42_headers_go_with_every_page_and_a_count_only_with_the_first(cloud: Cloud, company: Sandbox) -> None:
    params: dict[str, str | int] = {"$select": "id", "$top": 10, "$filter": "accountEnabled ne false", "$count": "true"}
    wanted = {"ConsistencyLevel": "eventual"}

    async def advanced(graph: Graph) -> list[Page]:
        walk = graph.walk("/users", params, "v1.0", "directory", decoder(USERS), headers=wanted)
        return [page async for page in walk]

    company.control("DELETE", "/requests")
    pages = asked(cloud, company, advanced)
    seen = [entry["headers"]["ConsistencyLevel"] for entry in company.control("GET", "/requests")["log"]]
    assert seen == ["eventual"] * len(pages) and len(pages) > 3
    assert [b"@odata.count" in page.body for page in pages] == [True] + [False] * (len(pages) - 1)
