"""Who forgot the password: a link from the page of members, or the owner link; never past the sign-in page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import HOST, PASSWORD, Site
from tests.web.test_sign_in import TestTheSecondFactor as SecondFactor
from tests.web.test_sign_in import code

if TYPE_CHECKING:
    from django.test import Client

NEW = "quite another sentence, as long"
LOGIN = "/accounts/login/"


def signed_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def enter(client: Client, who: str, password: str) -> Any:
    return client.post(LOGIN, {"login": f"{who}@northwind.example", "password": password})


def asked(site: Site, of: str, by: str = "owner") -> str:
    """The page of members after a password link was asked for."""
    answer = site.client(by).post(site.address("member_password"), {"person": str(site.people[of].id)})
    assert answer.status_code == 200
    return str(answer.content.decode())


def link(site: Site, of: str, by: str = "owner") -> str:
    return re.findall(rf'value="http://{HOST}(/password/[\w-]+)"', asked(site, of, by))[0]


def test_a_member_comes_back_by_a_password_link(site: Site) -> None:
    elsewhere, client = site.client("viewer"), site.client("stranger")
    assert signed_in(elsewhere)
    address = link(site, "viewer", by="admin")
    page = client.get(address).content.decode()
    assert 'value="viewer@northwind.example"' in page and "Osei" not in page
    answer = client.post(address, {"password": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (302, LOGIN)
    assert not signed_in(client) and not signed_in(elsewhere)
    assert "The new password is set. Sign in with it." in client.get(LOGIN).content.decode()
    enter(client, "viewer", PASSWORD)
    assert not signed_in(client)
    enter(client, "viewer", NEW)
    assert signed_in(client)
    assert client.get(address).status_code == 410


def test_the_link_is_shown_once_listed_and_revoked(site: Site) -> None:
    from seatwise.control import access

    address = link(site, "viewer")
    client = site.client("admin")
    page = client.get(site.address("members")).content.decode()
    assert address not in page and 'Revoke<span class="visually-hidden"> the password link for Viewer Osei' in page
    made = access.links(site.workspace, "password")[0]
    client.post(site.address("member_revoke", link=made.id))
    answer = site.client("stranger").post(address, {"password": NEW})
    assert answer.status_code == 410 and b"was revoked" in answer.content
    site.people["viewer"].refresh_from_db()
    assert site.people["viewer"].check_password(PASSWORD)


def test_the_page_offers_those_one_may_help(site: Site) -> None:
    offered = {}
    for who in ("owner", "admin"):
        page = site.client(who).get(site.address("members")).content.decode()
        select = re.findall(r'<select class="select btn-wide" id="helped".*?</select>', page, re.DOTALL)[0]
        offered[who] = re.findall(r">(\w+) Osei, ", select)
    assert offered == {"owner": ["Admin", "Analyst", "Viewer"], "admin": ["Analyst", "Viewer"]}


@pytest.mark.parametrize(("by", "of"), [("admin", "owner"), ("owner", "owner"), ("owner", "other")])
def test_whoever_is_not_offered_is_refused(site: Site, by: str, of: str) -> None:
    from seatwise.control.models import Link

    page = asked(site, of, by)
    assert 'role="alert"' in page and "/password/" not in page
    assert Link.objects.count() == 0


@pytest.mark.parametrize("told", [{}, {"person": ""}, {"person": "nobody"}])
def test_nobody_chosen_is_told_so(site: Site, told: dict[str, str]) -> None:
    page = site.client("owner").post(site.address("member_password"), told).content.decode()
    assert "Choose who it is for." in page


def test_an_owner_of_another_company_is_not_taken_over(site: Site) -> None:
    """Invited here, so that a member's page names them, they are still the other company's owner."""
    from seatwise.control import access

    access.accept_as(access.invite(site.people["owner"], site.workspace, "viewer", ""), site.people["other"])
    page = site.client("owner").get(site.address("members")).content.decode()
    assert "other@northwind.example" in page and "Other Osei, other@northwind.example" not in page
    assert "who owns all of them" in asked(site, "other")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Choose a password"), ("short", "too short"), ("viewer@northwind.example", "too similar")],
)
def test_what_is_wrong_with_it_stands_beside_it(site: Site, typed: str, said: str) -> None:
    address, client = link(site, "viewer"), site.client("stranger")
    page = client.post(address, {"password": typed}).content.decode()
    assert said in re.findall(r'id="id_password_error">(.*?)</div>', page, re.DOTALL)[0]
    assert client.post(address, {"password": NEW}).status_code == 302


def test_who_was_signed_in_here_is_signed_out(site: Site) -> None:
    """The owner tries the link in their own browser: nobody goes on as the wrong person."""
    client = site.client("owner")
    client.post(link(site, "viewer"), {"password": NEW})
    assert not signed_in(client)
    enter(client, "viewer", NEW)
    assert b"viewer@northwind.example" in client.get("/account/").content


def test_tries_with_the_forgotten_password_do_not_close_the_door_on_the_new_one(site: Site) -> None:
    client = site.client("stranger")
    for number in range(10):
        enter(client, "viewer", f"wrong number {number}")
    assert "Too many failed login attempts" in enter(client, "viewer", PASSWORD).content.decode()
    client.post(link(site, "viewer"), {"password": NEW})
    enter(client, "viewer", NEW)
    assert signed_in(client)


def test_changing_the_password_ends_a_link_that_was_handed_out(site: Site) -> None:
    address, client = link(site, "viewer"), site.client("stranger")
    enter(client, "viewer", PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert site.client("stranger").get(address).status_code == 410


def test_an_owner_link_is_the_way_back_for_an_owner(site: Site) -> None:
    from seatwise.control import access

    elsewhere, client = site.client("owner"), site.client("stranger")
    address = f"/setup/{access.owner_link()}"
    assert "gets the password you type" in client.get(address).content.decode()
    answer = client.post(address, {"name": "O", "email": "Owner@Northwind.example", "password": NEW})
    assert answer.headers["Location"] == LOGIN
    assert not signed_in(client) and not signed_in(elsewhere)
    enter(client, "owner", NEW)
    assert signed_in(client)
    log = client.get(site.address("audit")).content.decode()
    assert "Set a forgotten password anew" in log


@pytest.mark.parametrize("way", ["password link", "owner link"])
def test_the_second_factor_is_still_asked_for(site: Site, way: str) -> None:
    from seatwise.control import access
    from seatwise.control.models import Membership

    _, secret = SecondFactor().added(site)
    if way == "owner link":
        address, told = f"/setup/{access.owner_link()}", {"name": "O", "email": "owner@northwind.example"}
    else:
        Membership.objects.filter(person=site.people["admin"], workspace=site.workspace).update(role="owner")
        address, told = link(site, "owner", by="admin"), {}
    client = site.client("stranger")
    assert client.post(address, {**told, "password": NEW}).status_code == 302
    assert not signed_in(client)
    assert enter(client, "owner", NEW).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert signed_in(client)


def test_the_sign_in_page_says_whom_to_ask(site: Site) -> None:
    page = site.client("stranger").get(LOGIN).content.decode()
    assert "Forgot your password? Ask an owner or admin for a password link." in page


def test_a_password_link_cut_off_is_told_so(site: Site) -> None:
    for told in ("abc", "x" * 500):
        answer = site.client("stranger").get(f"/password/{told}")
        assert answer.status_code == 410 and b"copied whole" in answer.content
