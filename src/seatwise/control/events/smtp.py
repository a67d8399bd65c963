"""Hands one message to an SMTP server; what goes wrong is told by what has to happen next."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Any, Final, NoReturn

from seatwise.base.errors import AskAdmin, SeatwiseError, Skip, TryLater
from seatwise.base.logs import masked
from seatwise.control.events.server import Server

WAIT_S: Final = 15.0
"""Seconds for each answer of the server; the last one, after the message, may take longer: some look into it first."""
LAST_WAIT_S: Final = 60.0
_CODES_FOR_PATIENCE = range(400, 500)
_GO_ON = 354


def hand(
    server: Server,
    message: EmailMessage,
    to: str,
    before: Callable[[], None] = lambda: None,
    *,
    wait_s: float = WAIT_S,
    last_wait_s: float = LAST_WAIT_S,
) -> str:
    """What the server said when it took the message.

    before:  called when everything but the message itself is said; raising there ends it, with nothing handed over.
    wait_s, last_wait_s:  for each answer, and for the one to the message.
    Errors:  TryLater mail_name, mail_unreachable, mail_silent, mail_busy: all mail, later;
             AskAdmin mail_certificate, mail_encryption, mail_login, mail_login_unknown, mail_sender, mail_closed: all
             mail, when somebody has mended it;
             TryLater letter_later, Skip letter_refused, letter_address: this one only;
             Skip letter_unsure: the line broke after the message was given, so nobody knows.
    """
    try:
        to.encode("ascii")
        body = message.as_bytes(policy=WIRE)
    except UnicodeEncodeError as error:
        raise Skip(
            code="letter_address", sentence="The address has letters that mail servers do not take.", detail=to
        ) from error
    line = _opened(server, wait_s)
    try:
        _greeted(line, server)
        _envelope(line, server, to)
        before()
        return _given(line, body, last_wait_s)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            line.close()


def _opened(server: Server, wait_s: float) -> smtplib.SMTP:
    host = server.host.strip("[]")
    try:
        if server.security == "tls":
            return smtplib.SMTP_SSL(host, server.port, timeout=wait_s, context=_trust(server))
        return smtplib.SMTP(host, server.port, timeout=wait_s)
    except smtplib.SMTPConnectError as error:
        if error.smtp_code in _CODES_FOR_PATIENCE or error.smtp_code < 0:
            raise _busy(server, error.smtp_code, error.smtp_error) from error
        raise AskAdmin(
            code="mail_closed", sentence=f"{server.host} takes no mail from this machine. {_said(error)}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        _translated(server, error)


def _greeted(line: smtplib.SMTP, server: Server) -> None:
    try:
        line.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            line.starttls(context=_trust(server))
            line.ehlo_or_helo_if_needed()
        if server.user:
            _signed_in(line, server)
    except smtplib.SMTPNotSupportedError as error:
        if server.security == "starttls" and not _is_encrypted(line):
            raise AskAdmin(
                code="mail_encryption",
                sentence=f"{server.host} does not offer STARTTLS on port {server.port}. Nothing was said to it in the "
                "clear. Choose TLS with port 465, or ask who runs the server.",
            ) from error
        raise AskAdmin(
            code="mail_login_unknown",
            sentence=f"{server.host} takes no sign-in with a user name and password here. Leave the user empty if it "
            "needs none, or choose another security.",
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code in _CODES_FOR_PATIENCE:
            raise _busy(server, error.smtp_code, error.smtp_error) from error
        raise AskAdmin(
            code="mail_login", sentence=f"{server.host} refused the user name or password. {_said(error)}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        _translated(server, error)


def _signed_in(line: smtplib.SMTP, server: Server) -> None:
    # Not `login` of the standard library: it tries each mechanism in turn, and a server that hangs up after the first
    # refusal would then look like one that is away.
    offered = line.esmtp_features.get("auth", "").upper().split()
    ways: dict[str, Any] = {"PLAIN": line.auth_plain, "LOGIN": line.auth_login, "CRAM-MD5": line.auth_cram_md5}
    for mechanism, way in ways.items():
        if mechanism in offered:
            line.user, line.password = server.user, server.password
            line.auth(mechanism, way)
            return
    raise smtplib.SMTPNotSupportedError("no mechanism we know")


def _envelope(line: smtplib.SMTP, server: Server, to: str) -> None:
    try:
        code, words = line.mail(server.sender)
        if code in _CODES_FOR_PATIENCE:
            raise _busy(server, code, words)
        if code >= 300:
            raise AskAdmin(
                code="mail_sender",
                sentence=f"{server.host} takes no mail from {server.sender}. {_answer(code, words)}",
            )
        code, words = line.rcpt(to)
        _of_one_letter(code, words)
        code, words = line.docmd("DATA")
        if code != _GO_ON:
            _of_one_letter(code, words)
    except SeatwiseError:
        raise
    except (smtplib.SMTPException, OSError) as error:
        _translated(server, error)


def _given(line: smtplib.SMTP, body: bytes, wait_s: float) -> str:
    try:
        if line.sock is not None:
            line.sock.settimeout(wait_s)
        # A line of a dot alone would end the message early (RFC 5321, 4.5.2).
        line.send(re.sub(rb"(?m)^\.", b"..", body) + b".\r\n")
        code, words = line.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise Skip(
            code="letter_unsure",
            sentence="The line broke after the letter was handed over, so it may or may not have arrived. "
            "It is not sent again, so that nobody gets it twice.",
            detail=str(error),
        ) from error
    _of_one_letter(code, words)
    return _answer(code, words)


def _of_one_letter(code: int, words: bytes | str) -> None:
    if code in _CODES_FOR_PATIENCE:
        raise TryLater(
            code="letter_later", sentence=f"The mail server asked to try again later. {_answer(code, words)}"
        )
    if code >= 300 or code < 200:
        raise Skip(code="letter_refused", sentence=f"The mail server refused this letter. {_answer(code, words)}")


def _translated(server: Server, error: Exception) -> NoReturn:
    if isinstance(error, ssl.SSLCertVerificationError):
        raise AskAdmin(
            code="mail_certificate",
            sentence=f"The certificate of {server.host} is not trusted: {error.verify_message}. Use the name that "
            "stands in the certificate, or enter your company’s own authority.",
        ) from error
    if isinstance(error, ssl.SSLError):
        raise AskAdmin(
            code="mail_encryption",
            sentence=f"{server.host} did not answer encrypted on port {server.port}. TLS is mostly on 465, STARTTLS on "
            "587.",
            detail=str(error),
        ) from error
    if isinstance(error, socket.gaierror):
        raise TryLater(
            code="mail_name", sentence=f"No server named {server.host} was found. Check the name.", detail=str(error)
        ) from error
    # The standard library tells a time-out while it reads as a line that broke.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        raise TryLater(
            code="mail_silent",
            sentence=f"{server.host} did not answer within {WAIT_S:.0f} seconds on port {server.port}. Check port and "
            "security; a firewall may be in the way.",
        ) from error
    if isinstance(error, smtplib.SMTPResponseException):
        raise _busy(server, error.smtp_code, error.smtp_error) from error
    raise TryLater(
        code="mail_unreachable",
        sentence=f"{server.host} could not be reached on port {server.port}, or hung up. Check that it is running and "
        "that the port is right.",
        detail=str(error),
    ) from error


def _busy(server: Server, code: int, words: bytes | str) -> TryLater:
    return TryLater(code="mail_busy", sentence=f"{server.host} takes no mail just now. {_answer(code, words)}")


def _said(error: smtplib.SMTPResponseException) -> str:
    return _answer(error.smtp_code, error.smtp_error)


def _answer(code: int, words: bytes | str) -> str:
    """What a server said, as one short line of ours."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f"It said: {code} {masked(text)[:300]}".rstrip()


def _trust(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=server.ca_pem or None)


def _is_encrypted(line: smtplib.SMTP) -> bool:
    return isinstance(line.sock, ssl.SSLSocket)
