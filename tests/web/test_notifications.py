"""Settings → Notifications: everybody chooses for themselves, an owner enters the server, a link stops mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.mail import Post, post
from tests.web.conftest import HOST, Site

PASSWORD = "canary-mail-Passw0rd"


@pytest.fixture
def mail() -> Iterator[Post]:
    with post() as server:
        yield server


def entered(site: Site, mail: Post, **more: Any) -> Any:
    told = {"host": "127.0.0.1", "port": mail.port, "security": "none", "user": "", "sender": "s@northwind.example"}
    return site.client("owner").post(site.address("mail_server"), told | more, follow=True)


def test_before_a_server_is_entered_the_page_says_that_nothing_is_sent(site: Site) -> None:
    told = site.client("viewer").get(site.address("notifications")).content.decode()
    assert "nothing is sent" in told and "an owner enters the server" in told
    assert "Save the server" not in told and "Newest e-mails" not in told


def test_an_owner_enters_a_server_and_sends_a_test(site: Site, mail: Post) -> None:
    assert "Send yourself a test" in entered(site, mail).content.decode()
    told = site.client("owner").post(site.address("mail_test")).content.decode()
    assert "The server took the test." in told and "250 Taken" in told
    assert mail.envelopes[0].rcpt_tos == ["owner@northwind.example"]
    assert f"http://{HOST}" in str(mail.letters[0])


def test_a_failed_test_says_what_the_server_said(site: Site, mail: Post) -> None:
    entered(site, mail)
    mail.rcpt_answers = ["550 5.7.1 <b>Relaying</b> denied"]
    told = site.client("owner").post(site.address("mail_test")).content.decode()
    assert "The test was not sent." in told and "&lt;b&gt;Relaying&lt;/b&gt; denied" in told


def test_the_password_never_comes_back(site: Site, mail: Post) -> None:
    told = entered(site, mail, user="me", password=PASSWORD).content.decode()
    assert "Saved. Enter a new value to replace it." in told and PASSWORD not in told
    wrong = entered(site, mail, user="me", password=PASSWORD, sender="no address").content.decode()
    assert "Type a whole e-mail address" in wrong and PASSWORD not in wrong


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("host", "https://mail.example.com", "Type the name of the server alone"),
        ("host", "", "Type the name of the server"),
        ("port", "0", "A port is a number from 1 to 65535"),
        ("port", "x", "A port is a number from 1 to 65535"),
        ("sender", "a@b\r\nBcc: c@d", "Type a whole e-mail address"),
        ("ca_pem", "nonsense", "This is no certificate in PEM form"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(site: Site, mail: Post, field: str, value: str, words: str) -> None:
    from seatwise.control import events

    assert words in entered(site, mail, **{field: value}).content.decode()
    assert events.server_facts() is None


def test_a_password_does_not_cross_the_network_in_the_clear(site: Site, mail: Post) -> None:
    told = entered(site, mail, host="mail.northwind.example", user="me", password=PASSWORD).content.decode()
    assert "cross the network in the clear" in told


def test_a_server_of_the_environment_is_shown_and_not_changed(
    site: Site, mail: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from seatwise.server import environment

    told = {"HOST": "127.0.0.1", "PORT": str(mail.port), "SECURITY": "none", "FROM": "s@northwind.example"}
    for name, value in (told | {"USER": "me", "PASSWORD": PASSWORD}).items():
        monkeypatch.setenv(f"SEATWISE_SMTP_{name}", value)
    monkeypatch.setattr(settings, "SMTP", environment.smtp())
    page = site.client("owner").get(site.address("notifications")).content.decode()
    assert "Set in the environment" in page and "Save the server" not in page and PASSWORD not in page
    assert "environment of this install" in entered(site, mail).content.decode()


def test_everybody_chooses_for_themselves(site: Site) -> None:
    from seatwise.control import events

    told = {"digest": "weekly", "weekday": "4", "hour": "15", "has_alerts": "on", "cards": ["renewal", "new_app"]}
    site.client("viewer").post(site.address("notifications"), told)
    cards = frozenset({"renewal", "new_app"})
    assert events.chosen(site.people["viewer"], site.workspace) == events.Chosen("weekly", 4, 15, True, cards)
    assert events.chosen(site.people["owner"], site.workspace) == events.Chosen()
    everything = told | {"cards": list(events.CARDS)}
    site.client("viewer").post(site.address("notifications"), everything)
    assert events.chosen(site.people["viewer"], site.workspace).cards is None


def test_mail_about_nothing_is_not_a_choice(site: Site) -> None:
    told = site.client("viewer").post(site.address("notifications"), {"digest": "daily", "hour": "7"})
    assert "Choose at least one subject" in told.content.decode()


def test_the_link_in_a_letter_stops_mail_without_signing_in(site: Site) -> None:
    from django.test import Client

    from seatwise.control import events
    from seatwise.control.events import unsubscribing

    events.choose(site.people["viewer"], site.workspace, events.Chosen("daily", has_alerts=True))
    whole = unsubscribing.address(site.people["viewer"], site.workspace)
    assert whole.startswith("http://localhost:8600/mail/stop/")
    path = whole.removeprefix("http://localhost:8600")
    # A mail program that stops with one click has no cookie and no token of ours.
    nobody = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    assert "Stop these e-mails?" in nobody.get(path).content.decode()
    assert events.chosen(site.people["viewer"], site.workspace).digest == "daily"
    done = nobody.post(path, {"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "No more e-mails" in done.content.decode()) == (200, True)
    assert events.chosen(site.people["viewer"], site.workspace) == events.Chosen()
    assert nobody.post(path[:-2]).status_code == 410


def test_what_became_of_letters_is_for_those_who_look_after_members(site: Site) -> None:
    told = {who: site.client(who).get(site.address("notifications")).content.decode() for who in ("admin", "analyst")}
    assert "Newest e-mails" in told["admin"] and "Newest e-mails" not in told["analyst"]


def test_queries_of_the_page(site: Site, mail: Post) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = site.client("owner")
    client.get(site.address("notifications"))
    with CaptureQueriesContext(connection) as told:
        client.get(site.address("notifications"))
    # Session, person, workspace, role; choice; server with its secret and state; letters; the frame's own.
    assert len(told) <= 18, [each["sql"][:80] for each in told]
