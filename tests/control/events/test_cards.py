"""Cards: found, put away with a reason by those who decide, told of once, and written into a digest at its hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatwise.base.errors import AskAdmin
from tests.control.company import Company, refused
from tests.support.mail import Post
from tests.support.tiny_lake import AS_OF, TENANT, TinyLake, at, tiny_lake

if TYPE_CHECKING:
    from seatwise.control.models import Letter


@dataclass
class Stack:
    """A company with one paid app: of four seats one is used, one is a leaver's, and all 30 days are known."""

    company: Company
    lake: TinyLake

    def read(self, minute: int = 0) -> None:
        from seatwise.control.models import Run

        self.lake.derive()
        moment = AS_OF + timedelta(minutes=minute)
        Run.objects.create(
            tenant_id=TENANT,
            kind=Run.Kind.SYNC,
            state=Run.State.DONE,
            as_of=AS_OF,
            created_at=moment,
            started_at=moment,
            ended_at=moment,
        )

    def connected(self, **more: Any) -> Any:
        from seatwise.control.models import Connection

        told = {"state": Connection.State.ACTIVE, "state_since": AS_OF, "created_at": AS_OF, "tenant_id": TENANT}
        return Connection.objects.create(
            workspace=self.company.workspace,
            client_id="c",
            method="client_secret",
            tenant_name="Northwind",
            **{**told, **more},
        )


@pytest.fixture
def stack(company: Company, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    from seatwise.control import decisions
    from seatwise.control.models import Workspace

    monkeypatch.setenv("SEATWISE_NOW", "2026-06-30T12:00:00Z")
    Workspace.objects.filter(pk=company.workspace.pk).update(tenant_id=TENANT)
    company.workspace.tenant_id = TENANT
    lake = tiny_lake(data)
    lake.app("mail")
    for user in ("anna", "ben", "carla"):
        lake.user(user)
    lake.user("dora", is_enabled=False)
    for user in ("anna", "ben", "carla", "dora"):
        lake.assign("mail", user)
    lake.read_days(100)
    lake.sign_in("anna", "mail", at(1))
    made = Stack(company, lake)
    made.read()
    price = decisions.Terms(Decimal(10), "EUR")
    decisions.decide(company.owner, company.workspace, [decisions.Change("product", "mail", "price", price, "Mail")])
    yield made


def keys(stack: Stack, **more: Any) -> dict[str, tuple[int | None, float | None]]:
    from seatwise.control import events

    found = events.found(stack.company.workspace, stack.company.owner)
    return {each.card: (each.n, each.worth_month) for each in found.in_sight}


def away(stack: Stack, by: str = "analyst", reason: str = "Bought for next year", until: date | None = None) -> Any:
    from seatwise.control import events

    person = getattr(stack.company, by)
    return events.put_away(
        person, stack.company.workspace, "unused_seats", "product", "mail", name="Mail", reason=reason, until=until
    )


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda minutes: monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(60 * minutes))


def letters() -> list[Letter]:
    from seatwise.control.models import Letter

    return list(Letter.objects.order_by("created_at"))


def test_what_the_data_shows_and_what_is_wrong_with_the_connection_stand_together(stack: Stack) -> None:
    stack.connected(state="needs_reauth", reason="The client secret ended.")
    told = keys(stack)
    assert told["unused_seats"] == (3, 30.0)
    assert told["leaver_seats"] == (1, 10.0)
    assert "connection" in told
    assert "coverage" not in told


def test_missing_days_are_a_card(stack: Stack) -> None:
    for rows in stack.lake.tables.values():
        rows[:] = [row for row in rows if "window_from" not in row and "from_at" not in row]
    stack.lake.read_days(9)
    stack.lake.window(at(99, "00:00:00"), at(9, "00:00:00"))
    stack.read(1)
    assert keys(stack)["coverage"] == (1, None)


def test_before_anything_is_read_only_the_connection_can_want_attention(company: Company) -> None:
    from seatwise.control import events

    found = events.found(company.workspace, company.owner)
    assert (found.findings, found.answer) == ((), None)


def test_put_away_for_good_it_is_out_of_sight_for_everybody_until_brought_back(stack: Stack) -> None:
    from seatwise.control import audit, events

    made = away(stack)
    assert "unused_seats" not in keys(stack)
    [shown] = events.found(stack.company.workspace, stack.company.viewer).put_away
    assert shown.away is not None and shown.away.reason == "Bought for next year"
    events.bring_back(stack.company.admin, stack.company.workspace, made.pk)
    assert "unused_seats" in keys(stack)
    actions = [entry.action for entry in audit.entries(stack.company.workspace)]
    assert actions[:2] == ["card.brought_back", "card.dismissed"]


def test_a_snooze_ends_by_itself(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    away(stack, until=date(2026, 7, 2))
    assert "unused_seats" not in keys(stack)
    monkeypatch.setenv("SEATWISE_NOW", "2026-07-02T00:00:00Z")
    from seatwise.control.events.findings import _placed  # what the day changes, without a reading of that day

    found = _placed(stack.company.workspace, list(_findings(stack)))
    assert [each.away for each in found if each.card == "unused_seats"] == [None]


def _findings(stack: Stack) -> Any:
    from seatwise.control.events.findings import Finding

    return [Finding("unused_seats", "product", "mail", "Mail", n=3)]


def test_putting_away_needs_a_reason_a_day_to_come_and_the_right_to_decide(stack: Stack) -> None:
    refused("reason_missing", lambda: away(stack, reason="  "))
    refused("until_odd", lambda: away(stack, until=date(2026, 6, 30)))
    refused("until_odd", lambda: away(stack, until=date(2030, 1, 1)))
    refused("not_allowed", lambda: away(stack, by="viewer"))
    refused("not_yours", lambda: away(stack, by="foreign"))
    with pytest.raises(AskAdmin):
        stack.company.workspace.pk and _unknown(stack)


def _unknown(stack: Stack) -> None:
    from seatwise.control import events

    events.put_away(
        stack.company.owner, stack.company.workspace, "nothing", "product", "mail", name="x", reason="y", until=None
    )


def test_what_another_company_put_away_stays_in_sight_here(stack: Stack) -> None:
    from seatwise.control import events
    from seatwise.control.models import Workspace

    there = Workspace.objects.exclude(pk=stack.company.workspace.pk).get()
    events.put_away(
        stack.company.foreign, there, "unused_seats", "product", "mail", name="Mail", reason="Ours", until=None
    )
    assert "unused_seats" in keys(stack)


def test_an_alert_tells_of_what_is_new_once(stack: Stack, mail: Post, later: Any) -> None:
    from seatwise.control import events

    company = stack.company
    events.choose(company.owner, company.workspace, events.Chosen(has_alerts=True))
    assert events.is_due()
    assert events.tend() == 1
    assert not events.is_due()
    [letter] = letters()
    assert letter.subject == "Northwind: Leavers who still hold seats: Mail"
    assert "€10 a month" in letter.text and "/apps/mail/" in letter.text
    assert events.deliver() == 1
    later(2)
    stack.read(2)
    assert events.is_due()
    assert events.tend() == 0
    stack.connected(state="needs_reauth", reason="The client secret ended.")
    later(4)
    assert events.tend() == 1
    assert letters()[-1].subject == "Northwind: The connection needs somebody: Northwind"


def test_who_asks_for_alerts_later_is_not_told_of_what_was_there_before(stack: Stack, mail: Post, later: Any) -> None:
    from seatwise.control import events

    events.tend()
    later(2)
    events.choose(stack.company.owner, stack.company.workspace, events.Chosen(has_alerts=True))
    stack.read(2)
    later(4)
    assert events.tend() == 0


def test_what_is_put_away_or_not_chosen_is_no_alert(stack: Stack, mail: Post) -> None:
    from seatwise.control import events

    company = stack.company
    events.choose(company.owner, company.workspace, events.Chosen(has_alerts=True, cards=frozenset({"renewal"})))
    events.choose(company.admin, company.workspace, events.Chosen(has_alerts=True))
    events.put_away(
        company.admin, company.workspace, "leaver_seats", "product", "mail", name="Mail", reason="Known", until=None
    )
    assert events.tend() == 0


def test_a_digest_comes_at_its_hour_once_and_says_what_could_be_saved(stack: Stack, mail: Post, later: Any) -> None:
    from seatwise.base import clock
    from seatwise.control import events
    from seatwise.control.models import MailChoice

    company = stack.company
    hour = (clock.wall() + timedelta(hours=1)).hour
    events.choose(company.viewer, company.workspace, events.Chosen("daily", hour=hour))
    events.tend()
    assert letters() == []
    later(61)
    assert events.is_due()
    assert [events.tend(), events.tend()] == [1, 0]
    [letter] = letters()
    assert letter.subject == "Northwind today: €30 could be saved each month"
    assert "Seats nobody uses: Mail: €30 a month" in letter.text
    assert "Anna" not in letter.text and letter.has_names is False
    assert events.deliver() == 1
    sent = mail.letters[0]
    assert "/mail/stop/" in sent["List-Unsubscribe"]
    html = sent.get_body(("html",))
    assert html is not None and "<img" not in html.get_content() and "<script" not in html.get_content()
    MailChoice.objects.all().delete()


def test_with_nothing_to_tell_no_digest_goes_out_and_none_is_tried_again(stack: Stack, mail: Post, later: Any) -> None:
    from seatwise.base import clock
    from seatwise.control import events

    hour = (clock.wall() + timedelta(hours=1)).hour
    wish = events.Chosen("daily", hour=hour, cards=frozenset({"renewal"}))
    events.choose(stack.company.owner, stack.company.workspace, wish)
    later(61)
    events.tend()
    [letter] = letters()
    assert (letter.state, letter.told, letter.text) == ("dropped", "There was nothing to tell.", "")
    assert not events.is_due() and events.deliver() == 0


def test_without_a_mail_server_nothing_is_put_in_line(stack: Stack, later: Any) -> None:
    from seatwise.control import events

    events.choose(stack.company.owner, stack.company.workspace, events.Chosen("daily", has_alerts=True))
    later(25 * 60)
    assert events.tend() == 0
    assert letters() == []


def test_every_card_of_the_catalogue_has_its_words_here() -> None:
    from seatwise.catalog import cards as declared
    from seatwise.control.events import cards

    assert set(cards.CARDS) == set(declared.CARDS) | {"connection", "credential", "coverage"}
    assert set(cards.CARDS) >= cards.ALERTS
