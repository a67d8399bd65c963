"""Rows: typed leniently, nothing lost without being counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seatwise.base.errors import TryLater
from seatwise.catalog import DATASETS
from seatwise.lake.rows import Context, Rows, decoder, to_batch
from seatwise.lake.rows_values import to_guids, to_times
from tests.lake.support import OTHER_TENANT, TENANT, event, guid, lines, page

SIGN_INS = DATASETS["sign_ins"]
ASKED = Context(TENANT, kind="interactiveUser")
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))
ZONES = st.sampled_from([("Z", 0), ("+00:00", 0), ("-8:00", -480), ("+0530", 330), ("", 0), (" +02:00", 120)])


def read(body: bytes, name: str = "sign_ins", context: Context = ASKED) -> Rows:
    rows = to_batch(DATASETS[name], decoder(DATASETS[name])(body), context)
    assert rows.n_received == rows.batch.num_rows + rows.set_aside.total()
    return rows


def only(body: bytes, column: str) -> Any:
    (value,) = read(body).batch.column(column).to_pylist()
    return value


@given(TIMES, st.text("0123456789", max_size=7), ZONES)
@example(datetime(2026, 9, 30, 5, 15, 41), "9999999", ("Z", 0))
def test_times_are_cut_to_microseconds_in_utc(moment: datetime, digits: str, zone: tuple[str, int]) -> None:
    suffix, minutes = zone
    text = moment.strftime(f"{moment.year:04d}-%m-%dT%H:%M:%S") + (f".{digits}" if digits else "") + suffix
    micro = int(digits[:6].ljust(6, "0")) if digits else 0
    expected = moment.replace(microsecond=micro, tzinfo=UTC) - timedelta(minutes=minutes)
    assert to_times(pa.array([text])).to_pylist() == [expected]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-09-30", "2026-02-30T00:00:00Z"])
def test_what_is_no_time_is_null(text: str) -> None:
    found = to_times(pa.array([text, "2026-09-30T05:15:41-8:00"])).to_pylist()
    assert found[1] == datetime(2026, 9, 30, 13, 15, 41, tzinfo=UTC)
    assert found[0] in (None, datetime(2026, 9, 30, tzinfo=UTC))


@given(st.uuids(), st.sampled_from(["{%s}", "%s", " %s "]), st.booleans())
def test_ids_compare_in_lower_case_without_braces(value: Any, form: str, is_upper: bool) -> None:
    text = form % (str(value).upper() if is_upper else str(value))
    assert to_guids(pa.array([text, "", None])).to_pylist() == [str(value), None, None]


def test_ids_of_assignments_keep_their_case() -> None:
    body = page({"id": "q7JmB0xYk0eTn2VdL5sRw1ZcH8uFpGa3iOoKqNvXy4E", "principalId": guid(1).upper()})
    batch = read(body, "oauth2_permission_grants").batch
    assert batch.column("grant_id").to_pylist() == ["q7JmB0xYk0eTn2VdL5sRw1ZcH8uFpGa3iOoKqNvXy4E"]
    assert batch.column("principal_id").to_pylist() == [guid(1)]


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
@example("a\ud800b")
@example("nul\x00here")
def test_any_text_arrives_whole_or_replaced(text: str) -> None:
    import json

    body = json.dumps({"value": [event(1, appDisplayName=text)]}).encode()
    expected = "".join("�" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "�")
    assert only(body, "app_name") in (expected, joined)


def test_replaced_text_is_flagged() -> None:
    rows = read(b'{"value":[{"id":"a","createdDateTime":"2026-09-30T05:15:41Z","appDisplayName":"x\\ud800"}]}')
    assert rows.batch.column("app_name").to_pylist() == ["x�"]
    assert rows.flags["text_replaced"] == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        b"\xef\xbb\xbf%s",
        b"%s  \n",
    ],
)
def test_marks_around_an_answer_do_no_harm(spoilt: bytes) -> None:
    assert read(spoilt % page(event(1))).batch.num_rows == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"value":', b'{"error":{"code":"x"}}', b"null", b"[" * 9999])
def test_what_is_no_answer_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(TryLater, match="page_unreadable"):
        decoder(SIGN_INS)(body)


def test_a_member_of_another_type_does_not_lose_the_row() -> None:
    row = event(1, appDisplayName=7, status={"errorCode": "50126"}, location="new", userId=None)
    rows = read(page(row, event(2)))
    assert rows.batch.column("app_name").to_pylist() == ["7", None]
    assert rows.batch.column("error_code").to_pylist() == [50126, 0]
    assert rows.flags["type_changed"] == 2


def test_a_branch_that_is_null_or_absent_leaves_nulls() -> None:
    without = {key: value for key, value in event(3).items() if key != "status"}
    rows = read(page(event(1, status=None), event(2), without))
    assert rows.batch.column("error_code").to_pylist() == [None, 0, None]


def test_rows_that_cannot_be_placed_are_counted_with_the_reason() -> None:
    body = msgspec.json.encode(
        {
            "value": [
                event(1),
                event(2) | {"id": ""},
                event(3, at="soon"),
                event(4, resourceTenantId=OTHER_TENANT),
                "no row",
            ]
        }
    )
    rows = read(body)
    assert rows.batch.column("event_id").to_pylist() == [guid(1)]
    assert dict(rows.set_aside) == {
        ("interactiveUser", "no_id"): 1,
        ("interactiveUser", "no_time"): 1,
        ("interactiveUser", "other_tenant"): 1,
        ("sign_ins", "not_an_object"): 1,
    }


def test_the_zero_tenant_and_the_empty_tenant_are_ours() -> None:
    body = page(event(1, resourceTenantId=""), event(2, resourceTenantId=guid(0)[:19] + "-0000-000000000000"))
    zero = page(event(3, resourceTenantId="00000000-0000-0000-0000-000000000000"))
    assert read(zero).batch.num_rows == 1
    assert read(body).batch.num_rows == 1


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["nonInteractiveUser"], "nonInteractiveUser"),
        (["noninteractiveuser"], "nonInteractiveUser"),
        (["continuousAccessEvaluation", "servicePrincipal"], "servicePrincipal"),
        ([], "interactiveUser"),
        (None, "interactiveUser"),
        (["unknownFutureValue"], "interactiveUser"),
    ],
)
def test_the_kind_is_what_the_row_says_else_what_was_asked(types: list[str] | None, kind: str) -> None:
    assert only(page(event(1, signInEventTypes=types)), "kind") == kind


def test_a_sign_in_without_any_kind_is_set_aside() -> None:
    rows = read(page(event(1, signInEventTypes=[])), context=Context(TENANT))
    assert dict(rows.set_aside) == {("sign_ins", "no_kind"): 1}


def test_lines_of_an_import_say_feed_and_kind_themselves() -> None:
    row = event(1, at="2026-09-30T23:59:59.9999999+00:00", _kind="managedIdentity", userType="Member")
    rows = read(lines(row, feed="portal"), context=Context(TENANT, "portal"))
    (found,) = rows.batch.to_pylist()
    assert (found["feed"], found["kind"], found["user_type"]) == ("portal", "managedIdentity", "member")
    assert found["day"] == date(2026, 9, 30)


def test_a_bad_line_is_counted_and_the_others_are_kept() -> None:
    rows = read(lines(event(1)) + b"\n{half\n" + lines(event(2)), context=Context(TENANT, "diagnostic"))
    assert rows.batch.num_rows == 2
    assert dict(rows.set_aside) == {("sign_ins", "not_json"): 1}


def test_members_of_a_batch_carry_their_group() -> None:
    body = msgspec.json.encode(
        {
            "responses": [
                {"id": "B", "status": 200, "body": {"value": [{"@odata.type": "#microsoft.graph.user", "id": "U"}]}},
                {"id": "C", "status": 429, "headers": {"Retry-After": "7"}, "body": {"error": {"code": "x"}}},
            ]
        }
    )
    decoded = decoder(DATASETS["group_members"])(body)
    assert decoded.answers is not None
    assert [(answer.parent, answer.status, answer.n) for answer in decoded.answers] == [("B", 200, 1), ("C", 429, 0)]
    (row,) = to_batch(DATASETS["group_members"], decoded, ASKED).batch.to_pylist()
    assert row == {"group_id": "b", "member_id": "u", "member_type": "user"}


def test_json_columns_do_not_change_with_microsofts_order() -> None:
    one = read(page({"id": "a", "assignedLicenses": [{"skuId": "1", "disabledPlans": []}, {"skuId": "2"}]}), "users")
    two = read(page({"id": "a", "assignedLicenses": [{"skuId": "2"}, {"disabledPlans": [], "skuId": "1"}]}), "users")
    assert one.batch.column("assigned_licenses") == two.batch.column("assigned_licenses")


def test_a_very_long_text_is_cut_and_flagged() -> None:
    rows = read(page(event(1, appDisplayName="x" * 2_000_000)))
    assert len(rows.batch.column("app_name")[0].as_py()) == 16_384
    assert rows.flags["text_shortened"] == 1
