"""The canonical record against the catalogue, and times."""

from __future__ import annotations

import pytest

from seatwise.catalog import DATASETS
from seatwise.lake.forms import encode
from seatwise.lake.forms.canonical import SignIn, instant
from seatwise.lake.rows import Context, decoder, to_batch
from tests.lake.forms.made import TENANT, USER, diagnostic, graph, lines, only


def test_the_canonical_record_has_every_member_the_catalogue_stores() -> None:
    stored = {field.source.split("/")[0] for field in DATASETS["sign_ins"].wire_fields}
    assert stored <= set(SignIn.__struct_encode_fields__)


def test_what_is_written_is_read_by_the_store_as_a_page_of_graph_is() -> None:
    dataset = DATASETS["sign_ins"]
    page = b"\n".join(
        encode(only(lines(record)).sign_in) for record in (graph(1), diagnostic(2, "NonInteractiveUserSignInLogs"))
    )
    rows = to_batch(dataset, decoder(dataset)(page), Context(TENANT, "graph"))
    assert rows.set_aside.total() == 0
    assert rows.batch["feed"].to_pylist() == ["graph", "diagnostic"]
    assert rows.batch["kind"].to_pylist() == ["interactiveUser", "nonInteractiveUser"]
    assert rows.batch["user_id"].to_pylist() == [USER, USER]
    assert rows.batch["error_code"].to_pylist() == [0, 0]
    assert [str(at.as_py())[:26] for at in rows.batch["created_at"]] == [
        "2026-09-30 06:15:32+00:00",
        "2026-09-30 06:15:32.407118",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-09-30T06:15:32Z", "2026-09-30T06:15:32+00:00"),
        ("2026-09-30T06:15:32.1234567Z", "2026-09-30T06:15:32.123456+00:00"),
        ("2026-09-30 06:15:32.123456789", "2026-09-30T06:15:32.123456+00:00"),
        ("2026-09-30T08:15:32+02:00", "2026-09-30T06:15:32+00:00"),
        ("2026-09-30", "2026-09-30T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59.9999999Z", None),
        ("2026-02-30T00:00:00Z", None),
        ("2026-06-30T23:59:60Z", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_utc_and_cut_to_microseconds(written: str | None, read: str | None) -> None:
    at = instant(written)
    assert (at.isoformat() if at else None) == read
