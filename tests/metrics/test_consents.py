"""What apps may do on behalf of people."""

from __future__ import annotations

from typing import Any

import pytest

from seatwise.catalog.scopes import may
from seatwise.metrics.decided import Decided, Product
from tests.support.tiny_lake import MICROSOFT, TinyLake, at


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    lake.app("graph", name="Graph", owner_tenant_id=MICROSOFT)
    lake.user("ada", name="Zoe")
    lake.user("bob")
    return lake


def grant(lake: TinyLake, scope: str | None, *, person: str | None = None, app: str = "crm", **more: Any) -> None:
    lake.add(
        "oauth2_permission_grants",
        grant_id=f"g{lake.number()}",
        client_id=f"sp-{app}",
        consent_type="Principal" if person else "AllPrincipals",
        principal_id=person,
        scope=scope,
        **{"resource_id": "sp-graph", **more},
    )


def test_a_row_for_each_kind_of_consent(crm: TinyLake) -> None:
    grant(crm, "User.Read openid")
    grant(crm, "Mail.Read", person="ada")
    grant(crm, "User.Read", person="ada", resource_id="sp-crm")
    grant(crm, "Mail.Read", person="bob")
    grant(crm, "Mail.Read", person="gone")
    crm.sign_in("gone", "crm", at(1), user_name="Cyd")
    rows = {row["consent"]: row for row in crm.ask("consents")}
    assert {kind: (row["n_people"], row["people"], row["scopes"], row["resource"]) for kind, row in rows.items()} == {
        "admin": (None, [], ["User.Read", "openid"], "Graph"),
        "user": (3, ["Bob", "Cyd", "Zoe"], ["Mail.Read", "User.Read"], "Crm, Graph"),
    }
    assert rows["user"]["may"] == [may("Mail.Read"), may("User.Read")]
    assert (rows["admin"]["product"], rows["admin"]["app_id"], rows["admin"]["name"]) == ("Crm", "crm", "Crm")


def test_names_are_hidden_where_they_are_to_be(crm: TinyLake) -> None:
    grant(crm, "Mail.Read", person="ada")
    (row,) = crm.ask("consents", pseudonyms=b"secret")
    assert [name.split(" ")[0] for name in row["people"]] == ["Person"]
    assert crm.answer("consents").rows[0]["people"] == ["Zoe"]


@pytest.mark.parametrize(
    ("scope", "reach"),
    [
        ("User.Read openid", "read_self"),
        ("User.Read Mail.Send", "other"),
        ("Mail.Send User.Read.All", "read_company"),
        ("User.Read.All Files.ReadWrite.All", "write_company"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_the_widest_permission_says_how_far_it_reaches(crm: TinyLake, scope: str | None, reach: str) -> None:
    grant(crm, scope)
    (row,) = crm.ask("consents")
    assert row["reach"] == reach
    assert row["scopes"] == sorted((scope or "").split())


def test_the_widest_comes_first_and_an_app_shows_under_its_product(crm: TinyLake) -> None:
    crm.app("wiki")
    crm.app("away")
    grant(crm, "User.Read")
    grant(crm, "User.ReadWrite.All", app="wiki")
    grant(crm, "User.ReadWrite.All", app="away")
    decided = Decided(
        products=(Product("crm", ("crm", "wiki"), name="Suite"), Product("away", ("away",), state="ignored"))
    )
    rows = crm.ask("consents", decided=decided)
    assert [(row["product"], row["app_id"]) for row in rows] == [("Suite", "wiki"), ("Suite", "crm")]
