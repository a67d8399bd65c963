"""Usage trends, discovery, consents and evidence: numbers that can be counted on paper."""

from __future__ import annotations

import json
from unittest.mock import patch

from tests.support.tiny_lake import AS_OF, TinyLake, at
from tests.web.conftest import Site
from tests.web.test_app_pages import filled, queries, text


def used(site: Site, lake: TinyLake) -> None:
    """As `filled`, with 90 days wholly known, ben gone from maps since 40 days, and a consent of anna's."""
    filled(lake, days=0)
    lake.read_days(90)
    lake.sign_in("anna", "mail", at(1))
    lake.sign_in("ben", "mail", at(3))
    lake.sign_in("ben", "maps", at(40))
    lake.app("graph", name="Microsoft Graph", owner_tenant_id="f8cdef31-a31e-4b4a-93e4-5f571e91255a")
    told = {"consent_type": "Principal", "principal_id": "anna", "resource_id": "sp-graph"}
    lake.add("oauth2_permission_grants", grant_id="g1", client_id="sp-notes", scope="openid Mail.Read", **told)
    site.connected()
    site.synced(lake)


def test_trends_show_people_by_day_and_what_was_taken_up_or_left(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    page = site.client("analyst").get(site.address("trends"))
    told = text(page.content)
    assert "People in 30 days 2 who" in told and "People in 7 days 2 to 30 Jun 2026" in told
    assert "Whole days on record 90 of" in told
    assert "Seatwise has kept 90 whole days" in told
    assert b'data-list="movement-products"' in page.content and b'data-list="usage-days"' in page.content
    assert (
        'data-metric="usage-days" data-column="n_month" data-key="2026-06-30" data-value="2"' in page.content.decode()
    )


def test_each_period_has_its_charts(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    client = site.client("viewer")
    for period, title in (("30", "each day"), ("12", "each month"), ("nonsense", "each day")):
        assert f"People using apps {title}" in text(client.get(f"{site.address('trends')}?period={period}").content)


def test_who_stopped_is_named(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    address = site.address("movement") + "?f_change=stopped"
    assert "Ben" in text(site.client("analyst").get(address).content)


def test_discovery_shows_findings_with_what_apps_may_do(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    told = text(site.client("viewer").get(site.address("discovery")).content)
    assert "Consented by people by 1 person" in told and "Read their mail" in told
    assert "Sign people in" not in told
    narrowed = text(site.client("viewer").get(site.address("discovery") + "?f_finding=no_owner").content)
    assert "Consented by people by" not in narrowed and "Nobody owns it" in narrowed


def test_consents_say_in_plain_words_what_may_be_read(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    told = text(site.client("analyst").get(site.address("consents")).content)
    assert "Reads the person’s own" in told and "By single people" in told and "Anna" in told


def test_lists_are_sent_as_files(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    client = site.client("analyst")
    for name, column in (
        ("trends", "n_started"),
        ("movement", "change"),
        ("discovery", "finding"),
        ("consents", "may"),
    ):
        answer = client.post(site.address(f"{name}_export"), {"format": "csv"})
        assert column in answer.content.decode().splitlines()[0].split(","), name


def test_evidence_shows_the_event_and_what_gives_the_seat(site: Site, lake: TinyLake) -> None:
    lake.user("anna")
    lake.app("mail")
    lake.assign("mail", "anna", assignment_id="Case-Sensitive")
    lake.read_days(30)
    event = lake.sign_in("anna", "mail", at(1, "09:30:00"), correlation_id="act-1")
    site.connected()
    site.synced(lake)
    told = text(site.client("analyst").get(site.address("evidence", event=event)).content)
    assert "Anna signed in to Mail" in told and "29 Jun 2026, 09:30 UTC" in told
    assert "act-1" in told and "Microsoft Graph" in told
    assert "Assigned to the person" in told and "Case-Sensitive" in told


def test_who_may_not_see_names_sees_pseudonyms_everywhere(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    event = lake.sign_in("anna", "mail", at(1, "11:00:00"))
    site.synced(lake)
    client = site.client("viewer")
    addresses = [site.address("movement"), site.address("consents"), site.address("evidence", event=event)]
    for address in addresses:
        told = text(client.get(address).content)
        assert not [name for name in ("Anna", "Ben", "anna@", "ben@") if name in told], address
    assert "Anna" in text(site.client("analyst").get(addresses[-1]).content)


def test_an_event_nobody_knows_is_not_found(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    for event in ("event-9999", "x' OR 1=1 --", "é"):
        assert site.client("viewer").get(site.address("evidence", event=event)).status_code == 404


def test_before_anything_was_read_every_page_shows_the_next_step(site: Site) -> None:
    for name in ("trends", "movement", "discovery", "consents", "coverage"):
        assert "Connect Microsoft Entra ID" in text(site.client("owner").get(site.address(name)).content), name


def test_without_sign_ins_nothing_is_said_about_use(site: Site, lake: TinyLake) -> None:
    site.connected()
    site.synced(filled(lake, days=0))
    told = text(site.client("viewer").get(site.address("trends")).content)
    assert "People in 30 days — not known" in told and "history begins with the first sync" in told


def test_what_stands_in_names_is_shown_as_text(site: Site, lake: TinyLake) -> None:
    filled(lake)
    lake.app("odd", name="<script>alert(1)</script>", reply_urls=json.dumps(["x"]))
    lake.sign_in("anna", "odd", at(1))
    site.connected()
    site.synced(lake)
    assert b"<script>alert(1)" not in site.client("owner").get(site.address("discovery")).content
    assert AS_OF


def test_pages_over_time_ask_the_database_little_and_never_for_all_people(site: Site, lake: TinyLake) -> None:
    used(site, lake)
    from seatwise.control import answers

    client = site.client("owner")
    # The door (4) and the frame (8); 5 for each question. What is not paged is one row a day or month, for a chart.
    own, a_page = 4 + 8, 25
    for name, questions, more in (
        ("trends", [("movement-products", a_page), ("usage-months", None), ("usage-days", None)], 1),
        ("movement", [("movement", a_page)], 0),
        ("discovery", [("discovery", a_page)], 0),
        ("consents", [("consents", a_page)], 0),
        ("coverage", [("coverage", a_page), ("coverage", None)], 1),
    ):
        client.get(site.address(name))
        with queries(own + 5 * len(questions) + more), patch.object(answers, "ask", wraps=answers.ask) as asked:
            client.get(site.address(name))
        assert [(call.args[0], call.kwargs.get("limit")) for call in asked.call_args_list] == questions
