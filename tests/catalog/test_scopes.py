"""Permissions in plain words: each exists at Microsoft, and none is said to reach less far than it does."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from seatwise.catalog.scopes import SCOPES, may, reach, widest

# Of OpenID Connect, and of Exchange's older ways in: the list of Graph permissions leaves these out.
_ELSEWHERE = {
    "EAS.AccessAsUser.All",
    "EWS.AccessAsUser.All",
    "IMAP.AccessAsUser.All",
    "POP.AccessAsUser.All",
    "SMTP.Send",
}


def _published(shared: Path) -> dict[str, str]:
    with (shared / "catalog" / "graph-delegated-permissions.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["Value"]: f"{row['AdminConsentDisplayName']} {row['AdminConsentDescription']}"
            for row in csv.DictReader(file)
        }


def test_every_permission_exists_at_microsoft(shared: Path) -> None:
    assert sorted(set(SCOPES) - set(_published(shared)) - _ELSEWHERE) == []


def test_what_reads_or_changes_all_is_not_called_their_own(shared: Path) -> None:
    published = _published(shared)
    narrow = [name for name in published if reach(name) == "read_self"]
    assert not [name for name in narrow if name.endswith(".All") or "Write" in name or "Send" in name]
    changing = [name for name in published if name.endswith(".All") and "Write" in name]
    assert [name for name in changing if reach(name) != "write_company"] == []


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([], "other"),
        (["User.Read", "openid"], "read_self"),
        (["User.Read", "Mail.Send"], "other"),
        (["Mail.Send", "Files.Read.All"], "read_company"),
        (["files.read.all", "Directory.ReadWrite.All"], "write_company"),
        (["Something.Read.All"], "read_company"),
        (["Something.Manage.All"], "write_company"),
        (["Something.Read"], "read_self"),
        (["user_impersonation"], "other"),
    ],
)
def test_the_widest_counts(scopes: list[str], expected: str) -> None:
    assert widest(scopes) == expected


def test_unknown_permissions_keep_their_name() -> None:
    assert may("User.Read") == "Read their own profile"
    assert may("Crm.Everything") == "Use the permission Crm.Everything"
