"""What follows from a declaration, and what the declarations promise to people."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from seatwise.catalog import DATASETS, FIVE, TABLES
from seatwise.catalog.dictionary import text
from seatwise.catalog.microsoft import APP_IDS, is_microsoft
from seatwise.catalog.registry import needed_permissions

ROOT = Path(__file__).resolve().parents[2]


def test_absent_is_not_null() -> None:
    row = DATASETS["users"].struct
    decoded = msgspec.json.decode(b'[{"id":"a","mail":null},{"id":"b","new":1}]', type=list[row])  # type: ignore[valid-type]
    assert decoded[0].mail is None
    assert decoded[1].mail is msgspec.UNSET


def test_the_select_names_each_property_once() -> None:
    select = DATASETS["user_activity"].select
    assert select == "id,signInActivity"


def test_annotations_and_our_own_members_are_not_selected() -> None:
    assert DATASETS["group_members"].select == "id"
    assert "_feed" not in DATASETS["sign_ins"].select


def test_the_old_version_is_not_asked_for_what_only_beta_has() -> None:
    select = DATASETS["sign_ins"].select_in("v1.0").split(",")
    assert "signInEventTypes" not in select
    assert "createdDateTime" in select


def test_the_five_permissions_are_all_used_and_no_other() -> None:
    assert needed_permissions().keys() == FIVE.keys()


def test_three_permissions_are_not_needed_beside_the_directory() -> None:
    covered = {name for name, permission in FIVE.items() if permission.covered_by}
    assert covered == {"Group.Read.All", "GroupMember.Read.All", "User.Read.All"}


@pytest.mark.parametrize("app_id", APP_IDS)
def test_known_ids_are_microsofts_without_an_owner(app_id: str) -> None:
    assert app_id == app_id.lower()
    assert is_microsoft(app_id, None)


def test_history_tables_say_from_when_to_when() -> None:
    kept = {name for name, table in TABLES.items() if {"valid_from", "valid_to"} <= set(table.schema.names)}
    assert kept == {"users", "group_members", "app_role_assignments"}


def test_the_dictionary_is_what_the_declarations_say() -> None:
    assert (ROOT / "docs" / "data-dictionary.md").read_text() == text()
