"""Everybody who ever was in the company: members by seat of work, guests, with the days they came and went."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from entra_sandbox.world import words
from entra_sandbox.world.chance import Dice, guid
from entra_sandbox.world.shapes import Tenant

FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2034, 12, 31, tzinfo=UTC)
_GUEST_DOMAINS = ("larchfield.example", "ostervik.example", "numa-partners.example", "kestrel-audit.example")


@dataclass(frozen=True, slots=True)
class Person:
    """One person through time; disabled_at and deleted_at are None when that never happens before the end."""

    id: str
    is_guest: bool
    user_type: str | None
    upn: str
    sign_in_name: str
    """what the sign-in log calls them: lower case, plain e-mail for guests"""
    given: str
    surname: str
    name: str
    former_name: str | None
    renamed_at: datetime | None
    mail: str | None
    department: int | None
    job_title: str | None
    employee_id: str | None
    synced: bool | None
    created_at: datetime
    disabled_at: datetime | None
    deleted_at: datetime | None
    never_signs_in: bool
    place: int
    device: int

    def exists(self, at: datetime) -> bool:
        return self.created_at <= at and (self.deleted_at is None or self.deleted_at > at)

    def is_enabled(self, at: datetime) -> bool:
        return self.disabled_at is None or self.disabled_at > at

    def name_at(self, at: datetime) -> str:
        if self.former_name is not None and self.renamed_at is not None and at < self.renamed_at:
            return self.former_name
        return self.name


def people(tenant: Tenant, n: int, seed: int) -> list[Person]:
    """About n enabled members at any time, some leavers, and a tenth as many guests; order is stable."""
    taken: set[str] = set()
    everybody: list[Person] = []
    for is_guest, slots in ((False, n), (True, max(3, n // 9))):
        for slot in range(slots):
            everybody.extend(_chain(tenant, seed, slot, is_guest, taken))
    return everybody


def _chain(tenant: Tenant, seed: int, slot: int, is_guest: bool, taken: set[str]) -> list[Person]:
    """The people who hold one place in the company, one after the other."""
    found: list[Person] = []
    dice = Dice(seed, is_guest, slot)
    mean_days = 1100.0 if is_guest else 2400.0
    begin = _office(FIRST_DAY - timedelta(days=30 + int(dice.fraction() * 2000)), dice)
    # The first holder is met in the middle of a stay, so that the company is as old at the start as ever after.
    at = FIRST_DAY
    while begin < LAST_DAY:
        left: datetime | None = max(at, begin) + timedelta(days=20 + mean_days * -math.log(1 - dice.fraction()))
        if left is not None and left >= LAST_DAY:
            left = None
        found.append(_person(tenant, (seed, is_guest, slot, len(found)), dice, begin, left, taken))
        if left is None:
            break
        begin = at = _office(left + timedelta(days=3 + dice.fraction() * 30), dice)
    return found


def _office(at: datetime, dice: Dice) -> datetime:
    """The same day, at an hour when somebody sits in the office."""
    second = 8 * 3600 + dice.number() % 28800
    return datetime(at.year, at.month, at.day, second // 3600, second // 60 % 60, second % 60, tzinfo=UTC)


def _gone(left: datetime, dice: Dice) -> datetime | None:
    """When the object is deleted: now and then at once, mostly after one to seven months."""
    after = 1 if dice.fraction() < 0.15 else 25 + dice.fraction() * 190
    gone = left + timedelta(days=after)
    return gone if gone < LAST_DAY else None


def _person(
    tenant: Tenant, key: tuple[int, bool, int, int], dice: Dice, begin: datetime, left: datetime | None, taken: set[str]
) -> Person:
    seed, is_guest, slot, _ = key
    # Every forty-first shares a name with the one beside them, at the same time in the same company.
    is_namesake = slot % 41 == 3 and not is_guest
    name = words.person_name(seed, False, slot - 1, 0) if is_namesake else words.person_name(*key)
    login = name.login
    while login in taken:
        login = f"{name.login}{2 + dice.number() % 97}" if login == name.login else login + str(dice.number() % 9)
    taken.add(login)
    disabled = _office(left, dice) if left else None
    person = Person(
        id=guid(*key, "user"), is_guest=False, user_type=None if slot % 67 == 5 else "Member",
        upn=f"{login}@{tenant.domain}", sign_in_name=f"{login}@{tenant.domain}",
        given=name.given, surname=name.surname, name=words.shown(name), former_name=None, renamed_at=None,
        mail=f"{login}@{tenant.domain}", department=None if slot % 53 == 7 else words.department_of(dice.number()),
        job_title=words.TITLES[dice.number() % len(words.TITLES)],
        employee_id=str(10000 + dice.number() % 90000), synced=True if slot % 3 == 0 else None,
        created_at=begin, disabled_at=disabled, deleted_at=_gone(disabled, dice) if disabled else None,
        never_signs_in=dice.fraction() < (0.3 if is_guest else 0.025), place=dice.number() % 100,
        device=dice.number() % 100,
    )  # fmt: skip
    if is_guest:
        return _as_guest(tenant, person, login, dice)
    if slot % 37 == 11:
        renamed = begin + timedelta(days=200 + slot % 200)
        former = words.shown(words.person_name(*key, "maiden"))
        return replace(person, former_name=former, renamed_at=renamed)
    return person


def _as_guest(tenant: Tenant, person: Person, login: str, dice: Dice) -> Person:
    domain = _GUEST_DOMAINS[dice.number() % len(_GUEST_DOMAINS)]
    return replace(
        person, is_guest=True, user_type="Guest", upn=f"{login}_{domain}#EXT#@{tenant.initial_domain}",
        sign_in_name=f"{login}@{domain}".lower(), mail=f"{login}@{domain}", department=None, job_title=None,
        employee_id=None, synced=None,
    )  # fmt: skip
