"""A page cleaned before it is kept gives the rows of a table cleaned afterwards; nothing of the person is in either."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatwise.catalog.registry import DATASETS
from seatwise.lake import forgetting_tables, forgotten_pages
from seatwise.lake.forgotten import Forgotten
from seatwise.lake.rows import Context, decoder, to_batch
from tests.lake.support import TENANT, guid

SALT = b"\x07" * 32
ADA, OTHER, STAND_IN = guid(900), guid(901), "5a1f0c52-11d4-4c7e-9a4e-0d6f2f3b8c99"
ADDRESSES = ("ada.o'neil@x.example", "ada_x.example#EXT#@y.example")
ZERO = "00000000-0000-0000-0000-000000000000"


def forgotten() -> Forgotten:
    known = Forgotten(SALT)
    return Forgotten(SALT, {known.digest(text): STAND_IN for text in (ADA, *ADDRESSES)})


def cased(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([text, text.upper(), text.title()])


ids = st.one_of(cased(ADA), st.just(OTHER), st.just(ZERO), st.none())
addresses = st.one_of(*(cased(text) for text in ADDRESSES), st.just("grace@x.example"), st.none())
texts = st.one_of(st.text(max_size=8), addresses, st.builds('user.mail -eq "{}" or {}.'.format, addresses, ids))
RECORDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "users": st.fixed_dictionaries(
        {"id": ids, "userPrincipalName": addresses, "displayName": texts, "mail": addresses, "department": texts}
    ),
    "groups": st.fixed_dictionaries({"id": st.just(guid(1)), "displayName": texts, "membershipRule": texts}),
    "app_role_assignments": st.fixed_dictionaries(
        {"id": st.sampled_from(["AAk-1", "aak-1"]), "principalId": ids, "principalDisplayName": texts}
    ),
    "sign_ins": st.fixed_dictionaries(
        {
            "id": st.integers(1, 9).map(guid),
            "createdDateTime": st.just("2026-09-30T05:15:41Z"),
            "signInEventTypes": st.just(["interactiveUser"]),
            "userId": ids,
            "userPrincipalName": addresses,
            "userDisplayName": texts,
            "ipAddress": st.just("192.0.2.7"),
            "appDisplayName": texts,
        }
    ),
}


def rows(name: str, body: bytes) -> pa.Table:
    dataset = DATASETS[name]
    batch = to_batch(dataset, decoder(dataset)(body), Context(TENANT)).batch
    return pa.Table.from_batches([batch]).select(dataset.schema.names[: len(dataset.fields)])


@pytest.mark.parametrize("name", RECORDS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_both_ways_come_to_the_same_and_leave_nothing(name: str, data: st.DataObject) -> None:
    records = data.draw(st.lists(RECORDS[name], max_size=4))
    body = msgspec.json.encode({"@odata.nextLink": "https://next", "value": records})
    cleaned, n = forgotten_pages.without(forgotten(), name, body)
    from_page = rows(name, cleaned)
    from_table, n_rows = forgetting_tables.without(forgotten(), DATASETS[name], rows(name, body))
    assert from_page.to_pylist() == from_table.to_pylist()
    assert n_rows <= n <= len(records)
    assert forgotten_pages.without(forgotten(), name, cleaned)[1] == 0
    assert forgetting_tables.without(forgotten(), DATASETS[name], from_table)[1] == 0
    assert ADA.encode() not in cleaned.lower()
    for record in msgspec.json.decode(cleaned).get("value", []):
        told = {key: value for key, value in record.items() if key not in ("userPrincipalName", "mail")}
        assert not [text for text in ADDRESSES if text in str(told).lower() and _is_token(text, str(told).lower())]
        # An address that passed on to somebody else is theirs now.
        if record.get("id" if name == "users" else "userId") in (None, ZERO, STAND_IN) and name != "users":
            assert str(record.get("userPrincipalName")).lower() not in ADDRESSES


def _is_token(address: str, text: str) -> bool:
    """Whether it stands there by itself: an address inside a longer one is another one."""
    before, _, after = text.partition(address)
    return not (before[-1:].isalnum() or after[:1].isalnum())


def test_a_page_about_others_stays_the_very_bytes() -> None:
    body = msgspec.json.encode({"value": [{"id": guid(1), "userId": OTHER, "userPrincipalName": "grace@x.example"}]})
    assert forgotten_pages.without(forgotten(), "sign_ins", body) == (body, 0)
    assert forgotten_pages.without(forgotten(), "sign_ins", body)[0] is body


@pytest.mark.parametrize("body", [b"", b"not json " + ADA.encode(), b'{"value": [{"id": "\xff' + ADA.encode() + b'"'])
def test_what_is_no_json_loses_ids_and_addresses(body: bytes) -> None:
    cleaned, _ = forgotten_pages.without(forgotten(), "users", body)
    assert ADA.encode() not in cleaned
    assert cleaned == body.replace(ADA.encode(), STAND_IN.encode())
