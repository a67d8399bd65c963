"""The first owner, invitations, and the people page: links that work once and are shown once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import HOST, PASSWORD, Site

if TYPE_CHECKING:
    from django.test import Client

NEW = {"name": "Priya Raman", "email": "Priya@Northwind.example", "password": PASSWORD}


def stranger() -> Client:
    from django.test import Client

    return Client(HTTP_HOST=HOST)


def invited(site: Site, role: str = "analyst", who: str = "owner") -> str:
    page = site.client(who).post(site.address("member_invite"), {"role": role, "note": "Priya"}).content.decode()
    return re.findall(rf'value="http://{HOST}(/invite/[\w-]+)"', page)[0]


def test_an_install_without_people_says_how_to_begin(data: Path) -> None:
    page = stranger().get("/")
    assert page.status_code == 200 and b"seatwise owner-link" in page.content


def test_the_owner_link_makes_the_first_owner(data: Path) -> None:
    from seatwise.control import access

    client, address = stranger(), f"/setup/{access.owner_link()}"
    assert b"At least 12 characters" in client.get(address).content
    response = client.post(address, NEW)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    overview = client.get(client.get("/").headers["Location"])
    assert b"Connect Microsoft Entra ID" in overview.content
    closed = stranger().get(address)
    assert closed.status_code == 410 and b"used already" in closed.content


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "password1234"}, "too common"),
        ({"password": "priya@northwind.example"}, "too similar"),
        ({"email": "no address"}, "not a whole email address"),
        ({"name": ""}, "Type your name"),
        ({"password": ""}, "Choose a password"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(data: Path, changed: dict[str, str], said: str) -> None:
    from seatwise.control import access
    from seatwise.control.models import Person

    address = f"/setup/{access.owner_link()}"
    page = stranger().post(address, {**NEW, **changed}).content.decode()
    field = next(iter(changed))
    beside = re.findall(rf'id="id_{field}_error">(.*?)</div>', page, re.DOTALL)
    assert beside and said in beside[0]
    assert PASSWORD not in page and Person.objects.count() == 0
    assert stranger().post(address, NEW).status_code == 302


def test_a_link_cut_off_is_told_so(data: Path) -> None:
    for address in ("/setup/abc", "/invite/abc", "/setup/" + "x" * 500):
        response = stranger().get(address)
        assert response.status_code == 410 and b"copied whole" in response.content


def test_an_invitation_is_shown_once_and_makes_a_member_once(site: Site) -> None:
    from seatwise.control import access
    from seatwise.control.models import Person

    address = invited(site)
    assert address not in site.client("owner").get(site.address("members")).content.decode()
    client = stranger()
    assert b"Owner Osei invites you as <b>Analyst</b>" in client.get(address).content
    assert client.post(address, NEW).status_code == 302
    person = Person.objects.get(email="priya@northwind.example")
    assert access.role_of(person, site.workspace) == "analyst"
    assert access.role_of(person, site.elsewhere) is None
    assert client.get(site.address("overview")).status_code == 200
    assert stranger().post(address, {**NEW, "email": "two@x.example"}).status_code == 410
    assert Person.objects.count() == 6


def test_an_invitation_does_not_open_an_account_that_exists(site: Site) -> None:
    from seatwise.control import access

    address = invited(site)
    client = stranger()
    page = client.post(address, {**NEW, "email": "other@northwind.example"}).content.decode()
    assert "There is an account with this address" in page
    assert client.get("/account/").status_code == 302
    joined = site.client("other")
    assert b"Join as Other Osei" in joined.get(address).content
    joined.post(address)
    assert access.role_of(site.people["other"], site.workspace) == "analyst"


def test_a_revoked_invitation_opens_nothing(site: Site) -> None:
    from seatwise.control import access

    address = invited(site)
    link = access.links(site.workspace, "invite")[0]
    site.client("admin").post(site.address("member_revoke", link=link.id))
    assert stranger().post(address, NEW).status_code == 410


def test_nobody_revokes_the_links_of_others(site: Site) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    address = invited(site)
    link = access.links(site.workspace, "invite")[0]
    site.client("other").post(f"/w/{site.elsewhere.id}/settings/members/links/{link.id}/revoke")
    assert Link.objects.get(pk=link.pk).revoked_at is None
    assert stranger().get(address).status_code == 200


def test_roles_change_and_members_go(site: Site) -> None:
    from seatwise.control import access

    client, viewer = site.client("owner"), site.people["viewer"]
    assert b"The role is now Analyst" in follow(
        client, client.post(site.address("member_role", person=viewer.id), {"role": "analyst"})
    )
    assert access.role_of(viewer, site.workspace) == "analyst"
    seen = site.client("viewer")
    client.post(site.address("member_remove", person=viewer.id))
    assert access.role_of(viewer, site.workspace) is None
    assert seen.get(site.address("overview")).status_code == 404


def test_the_last_owner_stays(site: Site) -> None:
    from seatwise.control import access

    client, owner = site.client("owner"), site.people["owner"]
    page = follow(client, client.post(site.address("member_remove", person=owner.id)))
    assert b"This is the last owner" in page
    page = follow(client, client.post(site.address("member_role", person=owner.id), {"role": "viewer"}))
    assert b"This is the last owner" in page
    assert access.role_of(owner, site.workspace) == "owner"


def test_an_owner_adds_another_company_and_sees_both(site: Site) -> None:
    client = site.client("owner")
    response = client.post("/workspaces/new", {"name": "Contoso"})
    page = client.get(response.headers["Location"]).content.decode()
    assert "Contoso" in page and "Northwind" in page and "Fabrikam" not in page
    assert site.client("admin").get("/workspaces/new").status_code == 403


def test_the_sample_goes_with_one_click(site: Site) -> None:
    from seatwise.control.models import Workspace

    site.workspace.is_sample = True
    site.workspace.save()
    client = site.client("owner")
    page = client.get(site.address("overview")).content.decode()
    assert "This is a sample." in page and "Remove the sample" in page
    assert "Remove the sample" not in site.client("viewer").get(site.address("overview")).content.decode()
    response = client.post(site.address("sample_remove"))
    assert response.headers["Location"] == "/"
    assert not Workspace.objects.filter(pk=site.workspace.pk).exists()
    assert b"gone" in follow(client, client.get("/"))


def test_a_real_company_is_not_removed_like_a_sample(site: Site) -> None:
    from seatwise.control.models import Workspace

    client = site.client("owner")
    assert b"not the sample" in follow(client, client.post(site.address("sample_remove")))
    assert Workspace.objects.filter(pk=site.workspace.pk).exists()


def follow(client: Client, response: Any) -> bytes:
    while response.status_code == 302:
        response = client.get(response.headers["Location"])
    return bytes(response.content)
