"""One long day with every kind of secret in use; afterwards none of them lies anywhere in clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stage import stage
from tests.journey.canary_day import Day, at_rest, lived
from tests.support.canary import KINDS, Hit, Scanner, files, processes, unpacked


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with stage(tmp_path_factory.mktemp("canary"), is_ours=False) as made:
        day = Day(made)
        with made.visit(signed_in=False, keep_bodies=True, is_checked=False) as seen:
            lived(day, seen)
        day.seen += list(processes(made.install.processes(), made.install.env))
        day.seen += list(at_rest(day))
        yield day


def test_every_kind_of_secret_was_in_use(day: Day) -> None:
    assert {secret.kind for secret in day.secrets} == set(KINDS)


def test_none_of_them_lies_anywhere_in_clear(day: Day) -> None:
    hits = [hit for hit in Scanner(day.secrets).scan(day.seen) if not is_its_place(hit)]
    assert not hits, "\n".join(sorted({str(hit) for hit in hits})[:60])


# Where a secret is shown to the one person it is for: the page that makes or takes it, and nowhere else.
_PLACES = {
    "TOTP secret": r"^page \S+/accounts/2fa/totp/activate/",
    "recovery code": r"^page \S+/accounts/2fa/recovery-codes/",
    "invitation link": r"^page \S+(/settings/members/invite|/invite/\S+)$",
    "consent link": r"^page \S+(/entra/links|/consent/\S+)$",
    # Printed once when the install is first started, for the person who started it.
    "owner link": r"serve1\.log$|^page \S+/setup/\S+$",
    # On the way to Microsoft they stand in the address the browser is sent to; that answer is for this browser alone.
    "state": r"^page \S+(/azureactivedirectory/start/\S+|/consent/\S+)$",
    "nonce": r"^page \S+(/azureactivedirectory/start/\S+|/consent/\S+)$",
}


def is_its_place(hit: Hit) -> bool:
    return (
        hit.kind in _PLACES
        and hit.form in ("plain", "URL", "JSON", "HTML")
        and bool(re.search(_PLACES[hit.kind], hit.where))
    )


def test_the_same_scan_finds_each_of_them_once_it_is_planted(day: Day, tmp_path: Path) -> None:
    scanner = Scanner(day.secrets)
    for number, secret in enumerate(day.secrets):
        value: Any = secret.value.encode() if isinstance(secret.value, str) else secret.value
        (tmp_path / f"{number}.log").write_bytes(b"2026-10-14 INFO " + value + b"\n")
        found = scanner.scan([*files(tmp_path), *unpacked("", b"")])
        assert secret.kind in {hit.kind for hit in found if hit.where.endswith(f"/{number}.log")}
