"""A company whose install sends e-mail through a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.control.company import Company
from tests.support.mail import Post, post


@pytest.fixture
def mail(company: Company) -> Iterator[Post]:
    """A server, entered by the owner."""
    from seatwise.control import events
    from seatwise.control.vault import prepare

    prepare()
    with post() as server:
        wish = events.Wish("127.0.0.1", server.port, "none", "", "seatwise@northwind.example")
        events.choose_server(company.owner, company.workspace, wish)
        yield server
