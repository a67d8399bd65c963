"""The two doors: work is claimed once, and a tenant is named or clear."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seatwise.base.errors import AskAdmin

ONE, OTHER = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-000000000000"
MOMENT = datetime(2026, 10, 14, 10, tzinfo=UTC)


def imported(tenant_id: str, as_of: datetime = MOMENT) -> None:
    from seatwise.control.jobs import table
    from seatwise.control.models import Run

    table.recorded(tenant_id, Run.State.DONE, {}, as_of)


def test_the_only_tenant_needs_no_name_and_several_do(data: Path) -> None:
    from seatwise.control import answers

    with pytest.raises(AskAdmin, match="seatwise connect"):
        answers.tenant_of(None)
    imported(ONE)
    assert answers.tenant_of(None) == ONE
    imported(OTHER)
    with pytest.raises(AskAdmin, match=f"--tenant: {ONE}, {OTHER}"):
        answers.tenant_of(None)
    assert answers.tenant_of(OTHER.upper()) == OTHER
    with pytest.raises(AskAdmin, match="Unknown tenant"):
        answers.tenant_of("99999999-2222-4333-8444-555555555555")


def test_a_tenant_that_nothing_was_read_for_is_told_so(data: Path) -> None:
    from seatwise.control import answers

    imported(ONE)
    with pytest.raises(AskAdmin) as told:
        answers.ask("apps")
    assert told.value.code == "nothing_read"


def test_an_answer_is_as_of_the_newest_reading_while_that_is_fresh(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import answers
    from seatwise.control.models import Run

    Run.objects.create(tenant_id=ONE, kind=Run.Kind.SYNC, state=Run.State.DONE, as_of=MOMENT, created_at=MOMENT)
    for now, expected in (("2026-10-14T12:00:00Z", MOMENT), ("2026-10-16T12:00:00Z", None)):
        monkeypatch.setenv("SEATWISE_NOW", now)
        assert answers._newest(answers.last_sync(ONE)) == (expected or datetime.fromisoformat(now))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("tenant", "not a tenant", "tenant"),
        ("tenant", "login.microsoftonline.com/../evil", "tenant"),
        ("tenant", "a@b.example", "tenant"),
        ("client_id", "my app", "client_id"),
        ("secret", "  \n", "secret"),
        ("secret", "0C1D2E3F-1111-4222-8333-444444444444", "secret_id"),
    ],
)
def test_what_cannot_be_right_is_told_before_anything_is_sent(data: Path, field: str, value: str, code: str) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Connection

    entered = {"tenant": ONE, "client_id": OTHER, "method": Connection.Method.SECRET, "secret": "s3cr3t~value"}
    with pytest.raises(AskAdmin) as told:
        connections.checked(connections.Details(**{**entered, field: value}))  # type: ignore[arg-type]
    assert told.value.code == code
    assert value.strip() == "" or field != "secret" or value not in told.value.sentence
