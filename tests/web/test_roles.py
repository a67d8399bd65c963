"""Every address for everybody: members by role, a member of another company, a stranger; looking and acting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import EVERYBODY, MEMBERS, Site
from tests.web.doors import APP, CLOSED, DOORS, NAMED, SOME_ID, Door


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
