"""Every address for everybody: members by role, a member of another company, a stranger; looking and acting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

import pytest

from tests.web.conftest import EVERYBODY, MEMBERS, Site

Who = Literal["members", "person", "anybody"]
SOME_ID: Final = UUID(int=7)
APP: Final = "33333333-3333-3333-3333-333333333333"
PEOPLE: Final = ("owner", "admin", "analyst", "viewer")
OWNERS, ADMINS, ANALYSTS, VIEWERS = PEOPLE[:1], PEOPLE[:2], PEOPLE[:3], PEOPLE


@dataclass(frozen=True)
class Door:
    """Who comes in. roles: of a page of a workspace; who: of one that belongs to no workspace.

    look, act: whether GET and POST are methods of it.
    """

    roles: tuple[str, ...] = ()
    look: bool = False
    act: bool = False
    who: Who = "members"


def sees(*roles: str) -> Door:
    return Door(roles, look=True)


def acts(*roles: str) -> Door:
    return Door(roles, act=True)


def both(*roles: str) -> Door:
    return Door(roles, look=True, act=True)


# Deny by default: an address that has no line here fails the test below.
DOORS: Final[dict[str, Door]] = {
    "home": Door(look=True, who="anybody"),
    "theme": Door(act=True, who="anybody"),
    "robots": Door(look=True, who="anybody"),
    "favicon": Door(look=True, who="anybody"),
    "setup": Door(look=True, act=True, who="anybody"),
    "invitation": Door(look=True, act=True, who="anybody"),
    "password": Door(look=True, act=True, who="anybody"),
    "mail_stop": Door(look=True, act=True, who="anybody"),
    "account": Door(look=True, act=True, who="person"),
    "workspace_new": Door(look=True, act=True, who="person"),
    "overview": sees(*VIEWERS),
    "apps": sees(*VIEWERS),
    "app": sees(*VIEWERS),
    "apps_export": acts(*ANALYSTS),
    "app_export": acts(*ANALYSTS),
    "notice_seen": acts(*VIEWERS),
    "app_by_hand": both(*ANALYSTS),
    "decide_licence": both(*ANALYSTS),
    "decide_person": both(*ANALYSTS),
    "decide_file": both(*ANALYSTS),
    "decide_file_export": acts(*ANALYSTS),
    "decide_draft": both(*ANALYSTS),
    "decide_draft_back": sees(*ANALYSTS),
    "decide_product": both(*ANALYSTS),
    "decide_merge": both(*ANALYSTS),
    "decide_split": acts(*ANALYSTS),
    "decide_seats": both(*ANALYSTS),
    "decide_seat_remove": acts(*ANALYSTS),
    "decide_remove": acts(*ANALYSTS),
    "decisions": sees(*ANALYSTS),
    "decision_undo": acts(*ANALYSTS),
    "policy": both(*ANALYSTS),
    "names_shown": acts(*ADMINS),
    "prices": sees(*ANALYSTS),
    "licence_prices": sees(*ANALYSTS),
    "currency": acts(*ANALYSTS),
    "protected": sees(*ANALYSTS),
    "notifications": both(*VIEWERS),
    "mail_server": acts(*OWNERS),
    "mail_server_remove": acts(*OWNERS),
    "mail_test": acts(*OWNERS),
    "coverage": sees(*VIEWERS),
    "coverage_export": acts(*ANALYSTS),
    "coverage_import": acts(*ANALYSTS),
    "coverage_imported": sees(*VIEWERS),
    "coverage_import_cancel": acts(*ANALYSTS),
    "members": sees(*ADMINS),
    "member_invite": acts(*ADMINS),
    "member_password": acts(*ADMINS),
    "member_revoke": acts(*ADMINS),
    "member_role": acts(*ADMINS),
    "member_remove": acts(*ADMINS),
    "workspace": both(*ADMINS),
    "sample_remove": acts(*ADMINS),
    "audit": sees(*ADMINS),
    "audit_export": acts(*ADMINS),
    "integrations": sees(*VIEWERS),
    "entra": sees(*VIEWERS),
    "entra_runs": sees(*VIEWERS),
    "entra_progress": sees(*VIEWERS),
    "entra_guide": sees(*VIEWERS),
    "entra_guide_answer": acts(*VIEWERS),
    "entra_guide_answers": sees(*OWNERS),
    "entra_sync": acts(*ANALYSTS),
    "entra_cancel": acts(*ANALYSTS),
    "entra_connect": both(*ADMINS),
    "entra_registration": both(*ADMINS),
    "entra_certificate": both(*ADMINS),
    "entra_outcome": sees(*ADMINS),
    "entra_links": acts(*ADMINS),
    "entra_link_revoke": acts(*ADMINS),
    "entra_test": acts(*ADMINS),
    "entra_schedule": acts(*ADMINS),
    "entra_swap": both(*ADMINS),
    "entra_disconnect": both(*ADMINS),
    "consent": Door(look=True, act=True, who="anybody"),
    "entra_start": Door(look=True, who="anybody"),
    "entra_callback": Door(look=True, who="anybody"),
    "entra_done": Door(look=True, who="anybody"),
    "entra_refused": Door(look=True, who="anybody"),
    "account_login": Door(look=True, act=True, who="anybody"),
    "account_logout": Door(look=True, act=True, who="anybody"),
    "account_inactive": Door(look=True, who="anybody"),
    "account_reauthenticate": Door(look=True, act=True, who="person"),
    "account_change_password": Door(look=True, act=True, who="person"),
    "mfa_index": Door(look=True, act=True, who="anybody"),
    "mfa_authenticate": Door(look=True, act=True, who="anybody"),
    "mfa_reauthenticate": Door(look=True, act=True, who="person"),
    "mfa_activate_totp": Door(look=True, act=True, who="person"),
    "mfa_deactivate_totp": Door(look=True, act=True, who="person"),
    "mfa_view_recovery_codes": Door(look=True, who="person"),
    "mfa_generate_recovery_codes": Door(look=True, act=True, who="person"),
    "mfa_download_recovery_codes": Door(look=True, who="person"),
}
# Names that allauth looks up; behind them is nothing for anybody.
CLOSED: Final = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
}
NAMED: Final[dict[str, Any]] = {
    "workspace": None,
    "app": APP,
    "product": APP,
    "sku": APP,
    "kind": "prices",
    "draft": SOME_ID,
    "number": 7,
    "token": "not-a-token",
    "key": "not-a-key",
    "link": SOME_ID,
    "person": SOME_ID,
    "notice": SOME_ID,
    "attempt": SOME_ID,
    "run": SOME_ID,
    "event": "some-event",
}


def routes() -> dict[str, str]:
    """Every name in the address table and its pattern."""
    from django.urls import URLPattern, URLResolver, get_resolver

    found: dict[str, str] = {}

    def walk(patterns: list[Any], prefix: str) -> None:
        for each in patterns:
            if isinstance(each, URLResolver):
                walk(each.url_patterns, prefix + str(each.pattern))
            elif isinstance(each, URLPattern):
                assert each.name, f"{prefix}{each.pattern} has no name"
                found[each.name] = prefix + str(each.pattern)

    walk(get_resolver().url_patterns, "")
    return found


def address(site: Site, name: str) -> str:
    from django.urls import get_resolver, reverse

    wanted = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
    values = {**NAMED, "workspace": site.workspace.id}
    return reverse(name, kwargs={part: values[part] for part in wanted})


def test_every_address_says_who_comes_in(data: Any) -> None:
    assert set(routes()) == set(DOORS) | CLOSED


def test_no_page_of_a_workspace_is_without_its_guard(data: Any) -> None:
    from django.urls import resolve

    open_ones = [
        name
        for name, pattern in routes().items()
        if "<uuid:workspace>" in pattern and not hasattr(resolve("/" + _filled(pattern)).func, "right")
    ]
    assert open_ones == []


def _filled(pattern: str) -> str:
    import re

    values = {"uuid": str(SOME_ID), "str": APP, "int": "7"}
    return re.sub(r"<(uuid|str|int):\w+>", lambda found: values[found[1]], pattern)


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_role_gets_through_its_doors_and_no_other(site: Site, who: str) -> None:
    site.connected()
    wrong = []
    client = site.client(who)
    for name, door in DOORS.items():
        if door.who != "members":
            continue
        for method, is_open in (("get", door.look), ("post", door.act)):
            response = getattr(client, method)(address(site, name))
            told = _expected(door, who, is_open)
            if not told(response):
                wrong.append(f"{method} {name}: {response.status_code} {response.headers.get('Location', '')}")
    assert wrong == []


def _expected(door: Door, who: str, is_open: bool) -> Any:
    if not is_open:
        # Which of the two is found first does not matter: nothing is done.
        return lambda response: response.status_code in (405, 404, 403) or _asks_to_sign_in(response)
    if who == "stranger":
        return _asks_to_sign_in
    if who not in MEMBERS:
        return lambda response: response.status_code == 404
    if who not in door.roles:
        return lambda response: response.status_code == 403
    return lambda response: response.status_code not in (401, 403, 405, 500) and not _asks_to_sign_in(response)


def _asks_to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_pages_of_a_person_ask_to_sign_in_first(site: Site, who: str) -> None:
    wrong = []
    for name, door in DOORS.items():
        if door.who == "members":
            continue
        for method, is_open in (("get", door.look), ("post", door.act)):
            response = getattr(site.client(who), method)(address(site, name))
            is_well = response.status_code < 500 and (is_open or response.status_code in (302, 404, 405))
            if door.who == "person" and who == "stranger" and is_open:
                is_well = _asks_to_sign_in(response)
            if not is_well:
                wrong.append(f"{method} {name}: {response.status_code} {response.headers.get('Location', '')}")
    assert wrong == []


def test_closed_pages_of_allauth_do_not_exist(site: Site) -> None:
    for name in CLOSED:
        assert site.client("owner").get(address(site, name)).status_code == 404, name
        assert site.client("stranger").post(address(site, name)).status_code == 404, name


def test_a_workspace_of_others_looks_like_one_that_does_not_exist(site: Site) -> None:
    client = site.client("other")
    theirs = client.get(f"/w/{site.workspace.id}/")
    nothing = client.get(f"/w/{SOME_ID}/")
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.content == nothing.content


def test_what_a_form_does_not_ask_for_is_ignored(site: Site) -> None:
    client = site.client("admin")
    client.post(site.address("workspace"), {"name": "New name", "tenant_id": "x", "is_sample": "1", "id": str(SOME_ID)})
    client.post("/account/", {"name": "A", "email": "b@c.example", "is_active": "0", "password": "x"})
    site.workspace.refresh_from_db()
    person = site.people["admin"]
    person.refresh_from_db()
    assert (site.workspace.name, site.workspace.tenant_id, site.workspace.is_sample) == ("New name", None, False)
    assert (person.name, person.email, person.is_active) == ("A", "admin@northwind.example", True)


def test_nobody_lifts_themselves(site: Site) -> None:
    from seatwise.control import access

    admin, owner = site.people["admin"], site.people["owner"]
    client = site.client("admin")
    client.post(site.address("member_role", person=admin.id), {"role": "owner"})
    client.post(site.address("member_role", person=owner.id), {"role": "viewer"})
    client.post(site.address("member_remove", person=owner.id))
    client.post(site.address("member_invite"), {"role": "owner"})
    assert access.role_of(admin, site.workspace) == "admin"
    assert access.role_of(owner, site.workspace) == "owner"
    assert access.links(site.workspace, "invite") == []
