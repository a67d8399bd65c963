"""Answers spoiled on their way: whatever the framing, a page is whole or it is asked for again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from seatwise.catalog.directory import USERS
from seatwise.lake.rows import decoder
from seatwise.microsoft import clouds
from seatwise.microsoft.auth import Credential, TokenSource
from seatwise.microsoft.graph import Graph
from seatwise.microsoft.graph_wire import Deadlines
from tests.support.bad_line import Line, bad_line
from tests.support.sandbox import Sandbox


@pytest.fixture
def line(company: Sandbox) -> Iterator[Line]:
    with bad_line(company) as found:
        yield found


def ids(company: Sandbox, address: str, deadlines: Deadlines | None = None, top: int = 30) -> list[str]:
    cloud = clouds.custom(address, address, company.ca)
    who = Credential(company.tenant_id, company.client_id, company.client_secret)

    async def once() -> list[str]:
        async with Graph(cloud, TokenSource(cloud, who), deadlines=deadlines or Deadlines()) as graph:
            pages = graph.walk("/users", {"$select": "id", "$top": top}, "v1.0", "directory", decoder(USERS))
            return [row.id async for page in pages for row in page.decoded.rows]

    return asyncio.run(once())


@pytest.mark.parametrize("spoil", ["unframed", "short", "unended", "ended"])
@pytest.mark.parametrize("at", [200])
def test_f9_a_body_cut_anywhere_under_any_framing_is_asked_for_again(
    company: Sandbox, line: Line, spoil: str, at: int
) -> None:
    line.spoils, line.at = ["", spoil], at
    assert ids(company, line.address) == ids(company, company.graph)
    assert line.spoils == []


@pytest.mark.parametrize("body", [b'{"value":[]}', b'{"value":[{"id":"7"}]}', b"{}"])
def test_f10_valid_json_that_is_no_answer_of_graph_is_asked_for_again(
    company: Sandbox, line: Line, body: bytes
) -> None:
    line.spoils, line.body = ["", "replaced"], body
    assert ids(company, line.address) == ids(company, company.graph)


@pytest.mark.parametrize(("top", "is_asked_again"), [(10, True), (30, False)])
def test_f10_valid_json_is_believed_only_when_something_says_that_it_ends(
    company: Sandbox, line: Line, top: int, is_asked_again: bool
) -> None:
    whole = ids(company, line.address, top=top)
    n_pages, line.n_graph = line.n_graph, 0
    # Ten rows come as they are, thirty come as gzip, which has an end of its own.
    line.spoils = ["unframed"]
    assert ids(company, line.address, top=top) == whole
    assert line.n_graph == n_pages + is_asked_again


def test_f13_a_byte_at_a_time_ends_at_the_total_deadline(company: Sandbox, line: Line) -> None:
    line.spoils, line.pause_s = ["drip"], 0.02
    started = time.monotonic()
    assert ids(company, line.address, Deadlines(idle_s=0.5, total_s=0.8)) == ids(company, company.graph)
    assert 0.8 <= time.monotonic() - started < 8


def test_f13_silence_after_the_headers_ends_at_the_idle_deadline(company: Sandbox, line: Line) -> None:
    line.spoils = ["stall"]
    started = time.monotonic()
    assert ids(company, line.address, Deadlines(idle_s=0.4, total_s=60)) == ids(company, company.graph)
    assert 0.4 <= time.monotonic() - started < 8


def test_f13_the_deadlines_are_half_a_minute_of_silence_and_two_minutes_in_all() -> None:
    assert (Deadlines().idle_s, Deadlines().total_s) == (30, 120)
