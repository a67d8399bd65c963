"""What is known of apps: every line of the list stands in public lists, and the order of belief is kept."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from seatwise.catalog import known_apps
from seatwise.catalog.known_apps import CATEGORIES, Product, products
from seatwise.catalog.products import Known, Template, know

APP = "11111111-2222-3333-4444-555555555555"
ELSEWHERE = "99999999-2222-3333-4444-555555555555"


def _rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "catalog" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _listed(shared: Path) -> tuple[set[str], set[str]]:
    """Domains and bare names of all public lists."""
    sites, vendors = _rows(shared, "sites-with-category.csv"), _rows(shared, "vendor-domains.csv")
    priced, brands = _rows(shared, "saas-with-sso-price.csv"), _rows(shared, "brands.csv")
    domains = {domain for row in sites for domain in (row["domain"], *(row["additionalDomains"] or "").split(";"))}
    domains |= {row["domain"] for row in vendors} | {row["sourceHost"].removeprefix("www.") for row in brands}
    domains |= {(urlsplit(row["vendor_url"]).hostname or "").removeprefix("www.") for row in priced}
    names = (
        [row["name"] for row in (*sites, *priced)] + [row["title"] for row in brands] + [v["vendor"] for v in vendors]
    )
    return domains - {""}, set(map(_bare, names))


def _at_or_below(domain: str, listed: set[str]) -> bool:
    parts = domain.split(".")
    return any(".".join(parts[at:]) in listed for at in range(len(parts) - 1))


def test_every_product_stands_in_a_public_list(shared: Path) -> None:
    domains, names = _listed(shared)
    published = {
        (name, row["AppId"].lower())
        for name in ("microsoft-first-party-apps.csv", "microsoft-other-apps.csv")
        for row in _rows(shared, name)
    }

    def is_found(one: Product) -> bool:
        by_domain = any(_at_or_below(domain, domains) for domain in one.domains)
        by_name = any(_bare(name) in names for name in (one.name, *one.aliases))
        return by_domain or by_name or any((source, app_id) in published for app_id, source in one.app_ids)

    assert [one.name for one in products() if not is_found(one)] == []
    assert {(source, app_id) for one in products() for app_id, source in one.app_ids} <= published


def test_the_list_is_whole_and_without_doubles() -> None:
    names = [one.name for one in products()]
    assert len(names) > 600
    assert len(set(names)) == len(names)
    assert {one.category for one in products()} == set(CATEGORIES)
    assert all(domain == domain.lower() and "." in domain for one in products() for domain in one.domains)
    assert all(app_id == app_id.lower() for one in products() for app_id, _ in one.app_ids)


def test_the_categories_are_the_documented_words(shared: Path) -> None:
    told = (shared / "catalog" / "README.md").read_text("utf-8")
    listed = " ".join(told.split("documented categories are: ")[1].split(". Use these")[0].split())
    assert sorted(listed.split(", ")) == sorted(CATEGORIES)


@pytest.mark.parametrize(
    ("address", "product"),
    [
        ("https://acme.my.salesforce.com", "Salesforce"),
        ("https://ACME.zendesk.com:443/access/saml?x=1", "Zendesk"),
        ("https://notsalesforce.com", None),
        ("https://salesforce.com.evil.example", None),
        ("http://localhost:8080/zendesk.com", None),
        ("https://10.0.0.1/", None),
        ("zendesk.com", None),
        ("https://[half", None),
        ("https://acme.vercel.app", None),
        ("https://vercel.com/", "Vercel"),
    ],
)
def test_a_page_tells_whose_app_it_is(address: str, product: str | None) -> None:
    assert know(APP, "Something of ours", homepage=address).product == product


def test_where_sign_ins_go_tells_nothing_at_those_who_carry_others() -> None:
    assert know(APP, "Our rota", reply_urls=["https://acme.eu.auth0.com/login/callback"]) == Known()
    found = know(APP, "Our rota", reply_urls=["https://acme.eu.auth0.com/cb", "https://acme.pagerduty.com/sso"])
    assert (found.product, found.source) == ("PagerDuty", "catalogue")


def test_of_several_products_at_one_domain_the_name_decides() -> None:
    there = "https://acme.atlassian.net"
    assert know(APP, "Confluence wiki", homepage=there).category == "Content management"
    assert know(APP, "Jira", homepage=there).category == "Project management"
    assert know(APP, "Tickets", homepage=there) == Known("Atlassian", "Atlassian", None, "catalogue")


def test_microsofts_own_apps_are_known_by_owner_whatever_they_are_called() -> None:
    found = know(APP, "Salesforce", owner_tenant_id="f8cdef31-a31e-4b4a-93e4-5f571e91255a")
    assert (found.product, found.vendor, found.category) == ("Salesforce", "Microsoft", None)
    assert know("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "MS Teams").category == "Collaboration"


def test_the_gallery_of_the_tenant_goes_before_our_list() -> None:
    told = Template(
        "Tableau Cloud", "Tableau Software, LLC", "https://www.tableau.com", ("dataServices", "productivity")
    )
    assert know(APP, "BI", template=told) == Known("Tableau Cloud", "Tableau Software, LLC", "Data services", "tenant")
    moved = Template("Slack", "Slack Technologies", None, ("Human Resources",))
    assert know(APP, "Slack", homepage="https://slack.com", template=moved).category == "Human resources"


def test_our_list_fills_what_the_gallery_leaves_open() -> None:
    found = know(APP, "Chat", template=Template("Slack", None, "https://slack.com", ("somethingNew",)))
    assert found == Known("Slack", "Salesforce", "Collaboration", "catalogue")


def test_a_name_alone_is_a_guess_unless_the_gallery_gave_it() -> None:
    tag = "WindowsAzureActiveDirectoryGalleryApplicationPrimaryV1"
    assert know(APP, "Slack").source == "guess"
    assert know(APP, "Slack", tags=["HideApp", tag]).source == "catalogue"
    assert know(APP, "Slack", tags=["WindowsAzureActiveDirectoryCustomSingleSignOnApplication"]).source == "guess"


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("SLACK", "Slack"),
        ("Slack (UAT)", "Slack"),
        ("Slack [old] - SSO", "Slack"),
        ("Zoom Meetings EMEA", "Zoom"),
        ("Salesforce Sandbox", "Salesforce"),
        ("Salesforce Deutschland GmbH", "Salesforce"),
        ("Kahoot", "Kahoot!"),
        ("Amazon Web Services (AWS)", "Amazon Web Services"),
        ("Box office", None),
        ("Notion of duty", None),
        ("Closed", None),
        ("", None),
    ],
)
def test_names_are_matched_without_what_people_add(name: str, product: str | None) -> None:
    assert know(APP, name).product == product


def test_a_verified_publisher_tells_the_vendor() -> None:
    assert know(APP, "Meet us", "Zoom Video Communications, Inc.").product == "Zoom"
    assert know(APP, "Meet us", "Atlassian Pty Ltd") == Known("Atlassian", "Atlassian", None, "catalogue")


def test_a_word_that_says_what_an_app_is_for_is_a_guess() -> None:
    assert know(APP, "Brimtal CRM") == Known("Brimtal CRM", None, "CRM", "guess")
    assert know(APP, "Brimtal Something") == Known()


def test_nothing_told_is_nothing_known() -> None:
    assert know(ELSEWHERE, "Тест", None, None, ()) == Known()
    assert know(ELSEWHERE, "🚀", "", "", ("",), Template()) == Known()


def test_case_accents_and_legal_forms_are_no_part_of_a_name() -> None:
    assert known_apps.words_of("Bücher & Co. GmbH") == "bucher"
    assert known_apps.words_of("Any.do") == "any.do"
