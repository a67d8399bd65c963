"""A secret's end is known, or entered, and said in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.control.connections.desk import Desk, details, registered

ENDS = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def server() -> None:
    """On SQLite alone: no database decides these; the other files of this folder go to PostgreSQL as well."""


@pytest.fixture
def connection(at: Desk):  # type: ignore[no-untyped-def]  # the model is known only once Django is set up
    from seatwise.control import connections

    made = registered(at.sandbox, name="Own", consented=True)
    return connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))


def test_the_end_is_read_from_the_registration_when_it_may_be(connection) -> None:  # type: ignore[no-untyped-def]
    left = (connection.credential_ends_at - datetime.now(UTC)).days
    assert 728 <= left <= 730


def test_without_directory_read_all_the_end_is_unknown_until_somebody_enters_it(at: Desk) -> None:
    from seatwise.control import connections

    made = registered(at.sandbox, name="Few", consented=True, permissions=["AuditLog.Read.All", "User.Read.All"])
    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    assert connections.days_left(connection) is None and connections.warnings(connection) == []
    connections.set_expiry(at.owner, connection, date(2026, 11, 1))
    assert connections.days_left(connection) == 17
    connections.set_expiry(at.owner, connection, None)
    assert connections.days_left(connection) is None


@pytest.mark.parametrize(
    ("left", "level"),
    [(61, None), (60, 60), (31, 60), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1), (-1, 0)],
)
def test_the_warnings_come_at_their_days(
    connection,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
    left: int,
    level: int | None,
) -> None:
    from seatwise.control import connections

    connection.credential_ends_at = ENDS
    monkeypatch.setenv("SEATWISE_NOW", (ENDS - timedelta(days=left)).isoformat())
    assert connections.days_left(connection) == left
    found = connections.warnings(connection)
    assert [warning.level for warning in found] == ([] if level is None else [level])
    if found:
        assert "1 Jan 2027" in found[0].sentence and "client secret" in found[0].sentence


def test_each_level_is_told_once(connection, at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from seatwise.control import connections
    from seatwise.control.models import Notice

    connection.credential_ends_at = ENDS
    for left, told in (
        (61, False),
        (60, True),
        (59, False),
        (30, True),
        (29, False),
        (1, True),
        (-3, True),
        (-4, False),
    ):
        monkeypatch.setenv("SEATWISE_NOW", (ENDS - timedelta(days=left)).isoformat())
        assert connections.remind(connection) is told, left
    assert Notice.objects.filter(workspace=at.workspace).count() == 4


def test_a_signed_in_connection_has_no_end_of_its_own(at: Desk) -> None:
    from seatwise.control import connections

    at.sign_in()
    assert connections.days_left(at.connection) is None


def test_a_swap_forgets_the_old_end_and_takes_the_new_one(connection, at: Desk) -> None:  # type: ignore[no-untyped-def]
    from seatwise.control import connections, vault

    secret = vault.fetch(connection.id, "credential")
    connections.set_expiry(at.owner, connection, date(2026, 11, 1))
    connections.swap_credential(at.owner, connection, secret=secret)
    assert connection.credential_ends_at.date() > date(2027, 1, 1)
    connections.swap_credential(at.owner, connection, secret=secret, ends_on=date(2026, 12, 24))
    assert connection.credential_ends_at.date() == date(2026, 12, 24)
