"""A letter is put once for each key, claimed by one, tried with patience, and never handed over twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from seatwise.base import clock
from tests.control.company import Company
from tests.support.mail import Post, silence

if TYPE_CHECKING:
    from seatwise.control.models import Letter, Person

MINUTE = timedelta(minutes=1)


def put(
    company: Company, person: Person | None = None, key: str = "digest|2026-W48", *, has_names: bool = True
) -> bool:
    from seatwise.control import events
    from seatwise.control.events import letters, outbox

    person = person or company.owner
    events.choose(person, company.workspace, events.Chosen("weekly", has_alerts=True))
    content = letters.Content(
        "Northwind this week", "You could save.", (), ("Open", "https://s.example/"), "Because.", "https://s.example/x"
    )
    return outbox.put(company.workspace, person, outbox.Draft("digest", key, content, has_names))


def only() -> Letter:
    from seatwise.control.models import Letter

    return Letter.objects.get()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the machine's clock on, by minutes from the start."""

    def move(minutes: float) -> None:
        monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(60 * minutes))

    return move


def deliver() -> int:
    from seatwise.control import events

    return events.deliver()


def test_the_same_letter_is_put_and_sent_once(company: Company, mail: Post) -> None:
    assert [put(company) for _ in range(3)] == [True, False, False]
    assert put(company, company.admin)
    assert [deliver(), deliver()] == [2, 0]
    assert put(company) is False
    assert deliver() == 0
    assert sorted(envelope.rcpt_tos[0] for envelope in mail.envelopes) == ["admin@a.example", "owner@a.example"]


def test_a_sent_letter_keeps_what_the_server_said_and_not_its_text(company: Company, mail: Post) -> None:
    put(company)
    deliver()
    letter = only()
    assert (letter.state, letter.told, letter.text, letter.html) == ("sent", "It said: 250 Taken", "", "")
    assert mail.letters[0]["Subject"] == "Northwind this week"


def test_a_busy_server_is_asked_again_after_one_five_and_fifteen_minutes(
    company: Company, mail: Post, later: Any
) -> None:
    mail.rcpt_answers = ["450 Greylisted"] * 3
    put(company)
    tried = []
    for minute in range(23):
        later(minute + 0.01)
        if deliver() or only().n_tries > len(tried):
            tried.append(minute)
    assert tried == [0, 1 + 1 - 1, 6 + 1 - 1, 21 + 1 - 1]
    assert (only().state, only().n_tries, len(mail.letters)) == ("sent", 4, 1)


def test_refused_for_good_is_given_up_and_told(company: Company, mail: Post, later: Any) -> None:
    from seatwise.control import events, notices

    mail.rcpt_answers = ["550 No such mailbox"]
    put(company)
    assert deliver() == 0
    later(600)
    assert deliver() == 0
    assert (only().state, only().n_tries, mail.letters) == ("given_up", 1, [])
    [told] = events.recent(company.workspace)
    assert "550 No such mailbox" in told.told
    [notice] = notices.open_for(company.admin, company.workspace)
    assert notice.code == "mail_lost" and "owner@a.example" not in notice.sentence


def test_a_server_that_is_away_pauses_all_letters_and_one_that_is_back_gets_them_all(
    company: Company, mail: Post, later: Any
) -> None:
    from seatwise.control import events
    from seatwise.control.models import MailServer

    good = mail.port
    with silence() as nobody:
        gone = nobody
    MailServer.objects.update(port=gone)
    put(company)
    put(company, company.admin)
    assert deliver() == 0
    state = events.server_state()
    assert (state.code, state.n_refused) == ("mail_unreachable", 1)
    assert not events.has_letters()
    later(0.5)
    assert deliver() == 0 and events.server_state().n_refused == 1
    later(1.1)
    assert events.has_letters()
    MailServer.objects.update(port=good)
    assert deliver() == 2
    assert (events.server_state().code, len(mail.letters)) == ("", 2)


def test_a_refused_sign_in_is_told_once_and_waits_for_the_owner(company: Company, mail: Post, later: Any) -> None:
    from seatwise.control import events
    from seatwise.control.models import Notice

    wish = events.Wish("127.0.0.1", mail.port, "none", "me", "s@a.example", password="canary-mail-Passw0rd")
    events.choose_server(company.owner, company.workspace, wish)
    put(company)
    for minute in (0, 2, 10, 30):
        later(minute)
        deliver()
    assert Notice.objects.filter(code="mail_stopped").count() == 1
    assert (only().state, only().n_tries) == ("waiting", 4)
    events.choose_server(
        company.owner, company.workspace, events.Wish("127.0.0.1", mail.port, "none", "", "s@a.example")
    )
    later(60)
    assert deliver() == 1


def test_what_could_not_be_sent_for_two_days_is_no_news(company: Company, mail: Post, later: Any) -> None:
    put(company)
    later(2 * 24 * 60 + 1)
    deliver()
    assert (only().state, mail.letters) == ("dropped", [])


def test_a_worker_that_died_before_the_message_leaves_a_letter_that_is_sent(
    company: Company, mail: Post, later: Any
) -> None:
    from seatwise.control.events import outbox

    put(company)
    assert outbox.claim() is not None
    assert deliver() == 0
    later(6)
    assert deliver() == 1


def test_a_worker_that_died_with_the_message_leaves_a_letter_that_is_never_sent_again(
    company: Company, mail: Post, later: Any
) -> None:
    from seatwise.control.events import outbox
    from seatwise.control.models import Letter

    put(company)
    assert outbox.claim() is not None
    Letter.objects.update(state="handed")
    later(6)
    assert deliver() == 0
    assert (only().state, only().text, mail.letters) == ("unsure", "", [])
    assert company.workspace.notices.get().code == "mail_lost"


def test_two_workers_never_claim_the_same_letter(company: Company, mail: Post) -> None:
    from seatwise.control.events import outbox

    put(company)
    assert [outbox.claim() is not None, outbox.claim() is not None] == [True, False]


def test_a_letter_that_another_took_meanwhile_is_not_handed_over(company: Company, mail: Post, later: Any) -> None:
    from seatwise.control.events import outbox

    put(company)
    slow = outbox.claim()
    assert slow is not None
    later(6)
    assert deliver() == 1
    outbox._try(slow)
    assert (len(mail.letters), only().state) == (1, "sent")


def test_who_is_no_member_any_more_gets_nothing(company: Company, mail: Post) -> None:
    from seatwise.control.models import Membership

    put(company, company.admin)
    Membership.objects.filter(person=company.admin).delete()
    assert deliver() == 0
    assert (only().state, mail.letters) == ("dropped", [])


def test_who_became_a_viewer_gets_no_letter_with_names(company: Company, mail: Post) -> None:
    from seatwise.control import access

    put(company, company.analyst)
    put(company, company.admin, has_names=False)
    for person in (company.analyst, company.admin):
        access.change_role(company.owner, company.workspace, person.pk, access.Role.VIEWER)
    assert deliver() == 1
    assert mail.envelopes[0].rcpt_tos == ["admin@a.example"]


def test_who_said_stop_before_it_went_gets_nothing(company: Company, mail: Post) -> None:
    from seatwise.control import events
    from seatwise.control.events import unsubscribing

    put(company)
    address = unsubscribing.address(company.owner, company.workspace)
    events.stop(address.rpartition("/")[2])
    assert deliver() == 0
    assert events.chosen(company.owner, company.workspace).digest == "never"
    assert mail.letters == []


@pytest.mark.parametrize("token", ["", "x", "WyJhIiwiYiJd:1abc:def"])
def test_a_made_up_link_stops_nothing(company: Company, token: str) -> None:
    from seatwise.base.errors import AskAdmin
    from seatwise.control import events

    with pytest.raises(AskAdmin) as told:
        events.stop(token)
    assert told.value.code == "mail_stop_odd"


def test_the_password_is_sealed_and_goes_to_no_other_server(company: Company, mail: Post) -> None:
    from dataclasses import replace

    from seatwise.base.errors import AskAdmin
    from seatwise.control import events, vault
    from seatwise.control.events import server
    from seatwise.control.models import AuditEntry

    wish = events.Wish("mail.a.example", 587, "starttls", "me", "s@a.example", password="canary-mail-Passw0rd")
    events.choose_server(company.owner, company.workspace, wish)
    assert vault.fetch(server.owner_id(), server.PASSWORD) == "canary-mail-Passw0rd"
    assert "canary" not in repr(events.server_facts()) + repr(wish) + repr(server.needed())
    assert "canary" not in str(list(AuditEntry.objects.values()))
    kept = replace(wish, password="", sender="other@a.example")
    events.choose_server(company.owner, company.workspace, kept)
    assert server.needed().password == "canary-mail-Passw0rd"
    for elsewhere in (
        replace(kept, host="evil.example"),
        replace(kept, port=25),
        replace(kept, security="tls"),
        replace(kept, user="x"),
    ):
        with pytest.raises(AskAdmin) as told:
            events.choose_server(company.owner, company.workspace, elsewhere)
        assert told.value.code == "mail_password_again"
    events.forget_server(company.owner, company.workspace)
    assert vault.versions(server.owner_id(), server.PASSWORD) == [] and events.server_facts() is None


@pytest.mark.parametrize("who", ["admin", "analyst", "viewer", "foreign"])
def test_only_an_owner_enters_the_server(company: Company, who: str) -> None:
    from seatwise.base.errors import SeatwiseError
    from seatwise.control import events

    with pytest.raises(SeatwiseError):
        events.choose_server(getattr(company, who), company.workspace, events.Wish("m", 25, "none", "", "s@a.example"))
    assert events.server_facts() is None


def test_a_digest_falls_due_at_its_hour_and_day() -> None:
    from seatwise.control.events import choices

    at = clock.parse_time
    weekly = choices.Chosen("weekly", weekday=0, hour=7)  # 30 November 2026 is a Monday
    assert choices.slot(weekly, at("2026-11-30T07:00:00Z")) == at("2026-11-30T07:00:00Z")
    assert choices.slot(weekly, at("2026-11-30T06:59:59Z")) == at("2026-11-23T07:00:00Z")
    assert choices.next_slot(weekly, at("2026-11-30T07:00:00Z")) == at("2026-12-07T07:00:00Z")
    daily = choices.Chosen("daily", hour=23)
    assert choices.slot(daily, at("2026-11-30T12:00:00Z")) == at("2026-11-29T23:00:00Z")
    assert choices.slot(choices.Chosen("never"), at("2026-11-30T12:00:00Z")) is None
