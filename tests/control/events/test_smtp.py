"""One message and a real server: encrypted or not, refused, busy, silent, hanging up; and nothing said in the clear."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from seatwise.base.errors import AskAdmin, SeatwiseError, Skip, TryLater
from tests.support.mail import PASSWORD, USER, Authority, Post, authority, post, silence

SENDER = "seatwise@northwind.example"
TO = "dana@northwind.example"


@pytest.fixture(scope="module")
def company_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(autouse=True)
def _data(data: Path) -> None:
    """The modules below load the database's models."""


def hand(port: int, *, host: str = "127.0.0.1", subject: str = "Hello", name: str = "Dana", **more: Any) -> str:
    from seatwise.control.events import letters, smtp
    from seatwise.control.events.server import Server

    waits = {key: more.pop(key) for key in ("wait_s", "last_wait_s", "before") if key in more}
    told = {"security": "none", "user": "", "sender": SENDER, **more}
    text, html = told.pop("text", "One\n.\nTwo äöü\n"), "<p>One</p>"
    message = letters.message(
        letter_id=UUID(int=5),
        sender=SENDER,
        to=TO,
        to_name=name,
        subject=subject,
        text=text,
        html=html,
        unsubscribe="https://seatwise.example.com/mail/stop/x",
    )
    return smtp.hand(Server(host, port, **told), message, TO, **waits)


def test_a_letter_arrives_whole_with_both_forms_and_the_way_to_stop_it() -> None:
    with post() as server:
        assert hand(server.port) == "It said: 250 Taken"
    [letter] = server.letters
    [envelope] = server.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [TO])
    assert (letter["From"], letter["To"], letter["Subject"]) == (f"Seatwise <{SENDER}>", f"Dana <{TO}>", "Hello")
    assert letter["Message-ID"] == "<00000000-0000-0000-0000-000000000005@northwind.example>"
    assert letter["List-Unsubscribe"] == "<https://seatwise.example.com/mail/stop/x>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None and html is not None
    # The line of a dot alone would have ended the message.
    assert text.get_content().splitlines() == ["One", ".", "Two äöü"]
    assert html.get_content().strip() == "<p>One</p>"


@pytest.mark.parametrize(
    "evil", ["Hello\r\nBcc: all@northwind.example", "Hello\nSubject: other", "Hello\u2028X: y", "Hello\x0bX: y\x00"]
)
def test_what_a_stranger_named_their_app_makes_no_header(evil: str) -> None:
    with post() as server:
        hand(server.port, subject=evil, name=evil)
    [letter] = server.letters
    assert letter["Bcc"] is None and letter["X"] is None
    assert len(letter.get_all("Subject", [])) == 1
    assert server.envelopes[0].rcpt_tos == [TO]


def test_starttls_with_the_companys_own_authority_and_a_sign_in(company_authority: Authority) -> None:
    with post(starttls=company_authority, sign_in=True) as server:
        hand(server.port, security="starttls", ca_pem=company_authority.pem, user=USER, password=PASSWORD)
    assert server.was_encrypted == [True]


def test_tls_from_the_start(company_authority: Authority) -> None:
    with post(tls=company_authority) as server:
        hand(server.port, security="tls", ca_pem=company_authority.pem)
    assert server.was_encrypted == [True]


def refused(server: Post | int, **more: Any) -> SeatwiseError:
    with pytest.raises(SeatwiseError) as told:
        hand(server if isinstance(server, int) else server.port, **more)
    return told.value


def test_a_certificate_of_nobody_known_is_not_trusted(company_authority: Authority) -> None:
    with post(starttls=company_authority, sign_in=True) as server:
        error = refused(server, security="starttls", user=USER, password=PASSWORD)
    assert (error.code, server.letters) == ("mail_certificate", [])
    assert isinstance(error, AskAdmin) and "authority" in error.sentence


def test_a_certificate_of_another_name_is_not_trusted(company_authority: Authority) -> None:
    with post(tls=company_authority) as server:
        error = refused(server, host="127.0.0.2", security="tls", ca_pem=company_authority.pem)
    # aiosmtpd listens on 127.0.0.1 alone, so on other machines nobody answers at all.
    assert error.code in ("mail_certificate", "mail_unreachable")


def test_a_server_without_starttls_hears_no_password(company_authority: Authority) -> None:
    with post() as server:
        error = refused(server, security="starttls", user=USER, password=PASSWORD)
    assert (type(error), error.code) == (AskAdmin, "mail_encryption")
    assert "STARTTLS" in error.sentence and PASSWORD not in str(error)


def test_a_refused_sign_in_says_so_without_the_password(company_authority: Authority) -> None:
    with post(starttls=company_authority, sign_in=True) as server:
        error = refused(server, security="starttls", ca_pem=company_authority.pem, user=USER, password=PASSWORD + "x")
    assert (type(error), error.code) == (AskAdmin, "mail_login")
    assert "535" in error.sentence and PASSWORD not in str(error)


def test_a_server_that_knows_no_sign_in() -> None:
    with post() as server:
        assert refused(server, user=USER, password=PASSWORD).code == "mail_login_unknown"


def test_busy_with_one_address_is_for_later() -> None:
    with post() as server:
        server.rcpt_answers = ["450 Greylisted, come back"]
        error = refused(server)
    assert (type(error), error.code) == (TryLater, "letter_later")
    assert "450 Greylisted, come back" in error.sentence


@pytest.mark.parametrize("where", ["rcpt_answers", "data_answers"])
def test_refused_for_good_is_told_in_the_servers_words(where: str) -> None:
    with post() as server:
        setattr(server, where, ["550 5.1.1 No such\tmailbox"])
        error = refused(server)
    assert (type(error), error.code) == (Skip, "letter_refused")
    assert "550 5.1.1 No such mailbox" in error.sentence


def test_a_sender_that_is_not_allowed_is_for_the_administrator() -> None:
    with post() as server:
        server.mail_answers = ["553 Not your address"]
        error = refused(server)
    assert (type(error), error.code) == (AskAdmin, "mail_sender")
    assert SENDER in error.sentence


def test_a_server_that_keeps_silent_is_given_up_in_time() -> None:
    with silence() as port:
        error = refused(port, wait_s=0.3)
    assert (type(error), error.code) == (TryLater, "mail_silent")


def test_nobody_there() -> None:
    with post() as server:
        gone = server.port
    assert refused(gone).code == "mail_unreachable"


def test_a_name_of_nobody() -> None:
    assert refused(25, host="mail.invalid").code == "mail_name"


def test_tls_where_none_is_spoken() -> None:
    with post() as server:
        assert refused(server, security="tls").code in ("mail_encryption", "mail_silent")


def test_a_line_that_breaks_after_the_message_leaves_it_open() -> None:
    with post() as server:
        server.hangs_up_after_data = True
        error = refused(server)
    assert (type(error), error.code, len(server.letters)) == (Skip, "letter_unsure", 1)


def test_what_is_raised_before_the_message_keeps_it_from_being_given() -> None:
    def not_now() -> None:
        raise TryLater(code="letter_later", sentence="Another worker has it.")

    with post() as server:
        assert refused(server, before=not_now).code == "letter_later"
    assert server.letters == []
