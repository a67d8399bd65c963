"""Secrets in the vault to rotate keys over, and whether they all still open."""

from __future__ import annotations

from uuid import UUID, uuid4

TENANT = "11111111-2222-4333-8444-555555555555"


def filled(n: int) -> list[UUID]:
    from seatwise.control import vault

    owners = [uuid4() for _ in range(n)]
    for owner in owners:
        vault.store(owner, TENANT, "refresh_token", f"first of {owner}")
        vault.store(owner, TENANT, "refresh_token", f"secret of {owner}")
    return owners


def all_open(owners: list[UUID]) -> bool:
    from seatwise.control import vault

    return all(vault.fetch(owner, "refresh_token") == f"secret of {owner}" for owner in owners)


def silent(done: int, total: int) -> None:
    pass
