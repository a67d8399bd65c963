"""The made-up company: the same whenever asked, and with everything in it that makes trouble."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from entra_sandbox import oracle
from entra_sandbox.world import ZERO, SignIn, World

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SEEDS = (1, 2, 3, 4, 5)
MICROSOFT = (
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "ea8a4392-515e-481f-879e-6571ff2a8a36",
)
CUSTOM_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


@cache
def world(seed: int = 1, users: int = 300, apps: int = 80) -> World:
    return World(users, apps, seed)


@cache
def log(seed: int = 1, days: int = 30) -> list[SignIn]:
    return list(world(seed).sign_ins(NOW - timedelta(days=days), NOW))


def test_the_same_numbers_give_the_same_company() -> None:
    one, two = World(60, 20, 7), World(60, 20, 7)
    assert one.directory(NOW) == two.directory(NOW)
    assert list(one.sign_ins(NOW - timedelta(days=3), NOW)) == list(two.sign_ins(NOW - timedelta(days=3), NOW))
    assert one.tenant != World(60, 20, 8).tenant


def test_days_do_not_depend_on_what_was_asked_before() -> None:
    forward, alone = World(60, 20, 7), World(60, 20, 7)
    days = [NOW.date() - timedelta(days=n) for n in range(5)]
    there = {day: forward.sign_in_day(day).rows() for day in reversed(days)}
    assert all(alone.sign_in_day(day).rows() == there[day] for day in days)


def test_a_later_moment_shows_the_same_company() -> None:
    before, after = world().directory(NOW), world().directory(NOW + timedelta(days=60))
    for name in ("users", "groups", "service_principals", "app_role_assignments"):
        old, new = ({thing.id for thing in getattr(d, name)} for d in (before, after))
        assert len(old & new) > 0.85 * len(old)
    assert {u.id for u in before.users} != {u.id for u in after.users}
    gone = {u.id for u in before.users} - {u.id for u in after.users}
    assert not gone & {u.id for u in world().directory(NOW + timedelta(days=2000)).users}


@pytest.mark.parametrize("users", [50, 300, 2000])
def test_size_is_as_asked(users: int) -> None:
    company = world(1, users)
    people = company.directory(NOW).users
    members = sum(u.account_enabled and u.user_type != "Guest" for u in people)
    assert 0.93 * users <= members <= 1.05 * users
    days = [company.sign_in_day(NOW.date() - timedelta(days=n)) for n in range(7, 63)]
    n = sum(int((b.kind <= 1).sum()) for b in days)
    assert 0.7 < n / len(days) / users / 3.0 < 1.35


def test_events_are_in_order_and_unique() -> None:
    events = log()
    assert [(e.created_at, e.id) for e in events] == sorted((e.created_at, e.id) for e in events)
    assert len({e.id for e in events}) == len(events)
    assert all(0 < (e.arrived_at - e.created_at).total_seconds() <= 72 * 3600 for e in events)


def test_numbers_and_texts_of_a_block_agree() -> None:
    block = world().sign_in_day(NOW.date() - timedelta(days=1))
    chosen = np.flatnonzero(block.error != 0)
    rows = block.rows(chosen)
    assert rows == [r for r in block.rows() if r.error_code != 0]
    assert [r.app_id for r in rows] == world().app_ids[block.app[chosen]].tolist()
    assert [r.user_id for r in rows] == world().user_ids[block.person[chosen]].tolist()
    assert rows[0] == block.row(int(chosen[0]))


@pytest.mark.parametrize("seed", SEEDS)
def test_people_of_every_sort(seed: int) -> None:
    users = world(seed).directory(NOW).users
    assert Counter(u.user_type for u in users).keys() == {"Member", "Guest", None}
    assert all("#EXT#@" in u.user_principal_name for u in users if u.user_type == "Guest")
    assert any(not u.account_enabled for u in users) and any(
        u.department is None for u in users if u.user_type == "Member"
    )
    assert any("'" in u.user_principal_name for u in users)
    assert max(Counter(u.display_name for u in users).values()) > 1
    assert len({u.user_principal_name for u in users}) == len(users)
    assert len({u.id for u in users}) == len(users)
    scripts = {unicodedata.name(c).split()[0] for u in users for c in u.display_name if c.isalpha()}
    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "DEVANAGARI", "HANGUL", "HIRAGANA"} <= scripts
    assert any(NOW - u.created_at < timedelta(days=120) for u in users)
    assert any(world(seed).directory(NOW + timedelta(days=n)).deleted_users for n in (0, 30, 60))


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_of_every_sort(seed: int) -> None:
    d = world(seed).directory(NOW)
    kinds = {(g.mail_enabled, g.security_enabled, g.group_types) for g in d.groups}
    assert {
        (False, True, ()),
        (True, True, ()),
        (True, False, ("Unified",)),
        (True, False, ()),
        (False, True, ("DynamicMembership",)),
    } <= kinds
    assert any(not d.members_of(g.id) for g in d.groups)
    assert max(Counter(g.display_name for g in d.groups).values()) > 1
    inside = {g.id: [m.id for m in d.members_of(g.id) if m.type == "group"] for g in d.groups}
    assert any(inside[c] for children in inside.values() for c in children)
    assert any(m.type == "servicePrincipal" for g in d.groups for m in d.members_of(g.id))
    assert any(g.assigned_sku_ids for g in d.groups)
    assert all(m.id in {u.id for u in d.users} for g in d.groups for m in d.members_of(g.id) if m.type == "user")


@pytest.mark.parametrize("seed", SEEDS)
def test_applications_of_every_sort(seed: int) -> None:
    w, d = world(seed), world(seed).directory(NOW)
    plain = [p for p in d.service_principals if p.service_principal_type == "Application"]
    ours = [p for p in plain if p.app_owner_organization_id not in MICROSOFT]
    assert 75 <= len(ours) <= 85 and len(plain) > 2 * len(ours)
    assert {p.service_principal_type for p in d.service_principals} >= {"Application", "ManagedIdentity", "Legacy"}
    assert {p.app_role_assignment_required for p in ours} == {p.account_enabled for p in ours} == {True, False}
    templates = {p.application_template_id for p in ours}
    assert CUSTOM_TEMPLATE in templates and None in templates and len(templates) > 5
    assert {p.app_owner_organization_id == w.tenant.id for p in ours} == {True, False}
    assert {g.consent_type for g in d.oauth2_permission_grants} == {"AllPrincipals", "Principal"}
    assert any("🚀" in p.display_name for p in ours) and any('"' in p.display_name for p in ours)
    graph = next(p for p in plain if p.app_id == "00000003-0000-0000-c000-000000000000")
    assert {"AuditLog.Read.All", "Directory.Read.All", "Group.Read.All", "GroupMember.Read.All", "User.Read.All"} <= {
        r.value for r in graph.app_roles
    }
    assert len({p.app_id for p in d.service_principals}) == len(d.service_principals)
    assert {a.app_id for a in d.applications} <= {p.app_id for p in plain}


@pytest.mark.parametrize("seed", SEEDS)
def test_assignments_of_every_sort(seed: int) -> None:
    d = world(seed).directory(NOW)
    seats = d.app_role_assignments
    assert {a.principal_type for a in seats} == {"User", "Group", "ServicePrincipal"}
    assert len({a.id for a in seats}) == len(seats) and all(len(a.id) == 43 for a in seats)
    assert max(Counter((a.principal_id, a.resource_id) for a in seats).values()) > 1
    disabled = {u.id for u in d.users if not u.account_enabled}
    members = {m.id for a in seats if a.principal_type == "Group" for m in d.members_of(a.principal_id)}
    assert disabled & ({a.principal_id for a in seats} | members)
    nested = {
        m.id for a in seats if a.principal_type == "Group" for m in d.members_of(a.principal_id) if m.type == "group"
    }
    assert nested
    microsoft = {p.id for p in d.service_principals if p.app_owner_organization_id in MICROSOFT}
    assert any(a.resource_id in microsoft and a.principal_type == "User" for a in seats)


@pytest.mark.parametrize("seed", SEEDS)
def test_sign_ins_of_every_sort(seed: int) -> None:
    d, events = world(seed).directory(NOW), log(seed)
    assert {e.kind for e in events} == {"interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity"}
    assert any(e.user_id == ZERO for e in events) and any(e.correlation_id == "" for e in events)
    assert any(e.resource_tenant_id != world(seed).tenant.id for e in events)
    good = {e.app_id for e in events if e.error_code == 0 and e.user_id}
    without_principal = {e.app_id: e.app_owner_tenant_id for e in events if e.user_id} | {}
    without_principal = {
        a: o for a, o in without_principal.items() if a not in {p.app_id for p in d.service_principals}
    }
    assert {o in MICROSOFT for a, o in without_principal.items() if a in good} == {True, False}
    assert any(a not in good for a in without_principal)
    assert any(e.app_display_name == "" for e in events)
    assert {e.user_principal_name for e in events if e.user_type == "guest"} and not any(
        "#ext#" in e.user_principal_name.lower() for e in events
    )
    by_user = {e.user_id for e in events}
    assert any(u.id not in by_user for u in d.users)
    lags = [(e.arrived_at - e.created_at).total_seconds() for e in events]
    assert 0.01 < sum(s > 3600 for s in lags) / len(lags) < 0.05 and max(lags) > 40 * 3600


@pytest.mark.parametrize("seed", SEEDS)
def test_actions_leave_many_records(seed: int) -> None:
    by_action: dict[str, list[SignIn]] = defaultdict(list)
    for event in log(seed):
        if event.correlation_id and event.user_id:
            by_action[event.correlation_id].append(event)
    several = [events for events in by_action.values() if len(events) > 1]
    assert any(len({e.app_id for e in events}) > 1 for events in several)
    assert any(len({e.created_at.date() for e in events}) > 1 for events in several)
    assert any(
        len({(e.created_at, e.app_id) for e in events if e.error_code == 0}) < sum(e.error_code == 0 for e in events)
        for events in several
    )
    assert any({e.error_code == 0 for e in events} == {True, False} for events in several)


@pytest.mark.parametrize("seed", SEEDS)
def test_sprays_come_from_one_address_and_never_get_in(seed: int) -> None:
    tried: dict[tuple[str, object], set[str]] = defaultdict(set)
    for event in log(seed, 60):
        if event.error_code in (50126, 50053) and event.kind == "interactiveUser":
            tried[event.ip_address, event.created_at.date()].add(event.user_id)
    assert max(len(users) for users in tried.values()) > 20


def test_weekends_are_quiet() -> None:
    n = Counter(e.created_at.weekday() for e in log() if e.user_id)
    assert max(n[5], n[6]) < 0.25 * min(n[0], n[1], n[2], n[3])


def test_use_is_heavy_tailed() -> None:
    pairs = sorted(
        Counter((e.user_id, e.app_id) for e in log() if e.user_id and e.error_code == 0).values(), reverse=True
    )
    assert sum(pairs[: len(pairs) // 10]) > 0.4 * sum(pairs)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_state_and_path_occurs(seed: int) -> None:
    rows = oracle.answer("app-users", world(seed), NOW, days=120)["rows"]
    assert {r["status"] for r in rows} == {"active", "idle", "unused", "never"}
    assert {r["path"] for r in rows} == {"direct", "group", "both", "none"}
    assert any(len(r["groups"]) > 1 for r in rows)
    assert {r["user_id"] for r in rows} - {u.id for u in world(seed).directory(NOW).users}
    origins = {r["origin"] for r in oracle.answer("apps", world(seed), NOW, microsoft=True)["rows"]}
    assert origins == {"microsoft", "gallery", "custom", "own", "foreign", "unknown"}


def test_last_activity_agrees_with_the_events() -> None:
    company, start = world(3, 60, 25), NOW - timedelta(days=420)
    last: dict[tuple[str, str], tuple[datetime, str]] = {}
    for e in company.sign_ins(start, NOW):
        if e.arrived_at <= NOW and e.resource_tenant_id == company.tenant.id and e.user_id:
            at = e.created_at.replace(microsecond=0)
            for what in {e.kind, "success"} if e.error_code == 0 else {e.kind}:
                for whom in (e.user_id, e.app_id) if what == "success" else (e.user_id,):
                    old = last.get((whom, what))
                    if old is None or at > old[0] or (at == old[0] and e.id < old[1]):
                        last[whom, what] = at, e.id
    found = company.last_activity(NOW)
    for user in company.directory(NOW).users:
        mine = found.users.get(user.id)
        for what, stamp in (
            ("interactiveUser", mine and mine.interactive),
            ("nonInteractiveUser", mine and mine.non_interactive),
            ("success", mine and mine.successful),
        ):
            expected = last.get((user.id, what))
            recent = (stamp.at, stamp.request_id) if stamp and stamp.at >= start else None
            assert recent == expected
    for app_id in {p.app_id for p in company.directory(NOW).service_principals}:
        expected, app = last.get((app_id, "success")), found.apps.get(app_id)
        stamp = app.delegated_client if app else None
        assert ((stamp.at, stamp.request_id) if stamp and stamp.at >= start else None) == expected


def test_audits_tell_of_changes() -> None:
    audits = list(world().directory_audits(NOW - timedelta(days=60), NOW))
    assert {"Add user", "Delete user", "Add app role assignment grant to user"} <= {a.activity for a in audits}
    assert [a.at for a in audits] == sorted(a.at for a in audits)
    assert len({a.id for a in audits}) == len(audits)


def test_premium_is_a_subscribed_sku_and_nothing_else() -> None:
    with_p1, without = (World(50, 20, 1, premium=p).directory(NOW) for p in (True, False))
    assert {s.part_number for s in with_p1.subscribed_skus} - {s.part_number for s in without.subscribed_skus} == {
        "AAD_PREMIUM"
    }
    assert with_p1.app_role_assignments == without.app_role_assignments
