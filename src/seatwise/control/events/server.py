"""Which mail server letters go through: named in the environment, or entered by an owner and sealed."""

from __future__ import annotations

import ipaddress
import re
import ssl
from dataclasses import asdict, dataclass, field
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import access, audit, vault
from seatwise.control.models import MailServer, Person, Workspace

PASSWORD: Final = "smtp_password"  # noqa: S105 - the name of a field
PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}")


@dataclass(frozen=True)
class Server:
    """Everything a letter needs to be handed over. security: starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    ca_pem: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class ServerFacts:
    """What a page may show: everything but the password."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    ca_pem: str
    has_password: bool
    source: Literal["environment", "database"]


@dataclass(frozen=True)
class Wish:
    """What an owner typed. password: empty keeps the one that is there."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    ca_pem: str = ""
    password: str = field(default="", repr=False)


def facts() -> ServerFacts | None:
    """None while e-mail is not set up."""
    if (told := settings.SMTP) is not None:
        shown = {name: value for name, value in told.items() if name != "password"}
        return ServerFacts(**shown, has_password=bool(told["password"]), source="environment")
    row = MailServer.objects.exclude(host="").first()
    if row is None:
        return None
    has_password = bool(vault.versions(row.id, PASSWORD))
    return ServerFacts(row.host, row.port, row.security, row.user, row.sender, row.ca_pem, has_password, "database")


def needed() -> Server:
    """The server with its password in clear.

    Errors: AskAdmin mail_not_set_up; those of the vault when the password cannot be opened.
    """
    if (told := settings.SMTP) is not None:
        return Server(**told)
    row = MailServer.objects.exclude(host="").first()
    if row is None:
        raise AskAdmin(
            code="mail_not_set_up",
            sentence="No mail server is entered yet. An owner enters it under Settings → Notifications.",
        )
    password = vault.fetch(row.id, PASSWORD) if row.user and vault.versions(row.id, PASSWORD) else ""
    return Server(row.host, row.port, row.security, row.user, row.sender, row.ca_pem, password)


def state() -> MailServer:
    """The one row, made when there is none: how sending goes is noted in it."""
    row, _ = MailServer.objects.get_or_create(is_the_one=True)
    return row


def choose(by: Person, workspace: Workspace, wish: Wish) -> None:
    """Keeps it in place of an earlier one; waiting letters are tried again at once.

    Errors: NotYours, AskAdmin not_allowed; AskAdmin mail_* naming what is wrong; nothing is changed then.
    """
    access.demand(by, workspace, "install")
    if settings.SMTP is not None:
        raise AskAdmin(
            code="mail_by_environment", sentence="The mail server is set in the environment of this install."
        )
    wish = _checked(wish)
    with transaction.atomic():
        row = MailServer.objects.select_for_update().get(pk=state().pk)
        kept = vault.versions(row.id, PASSWORD)
        if kept and wish.user and not wish.password and _is_elsewhere(row, wish):
            # Else whoever may enter a server could have the password sent to one of their own.
            raise AskAdmin(
                code="mail_password_again",
                sentence="Type the password again: it was saved for another server, port, security or user, "
                "and is not handed to this one.",
            )
        row.host, row.port, row.security, row.user = wish.host, wish.port, wish.security, wish.user
        row.sender, row.ca_pem, row.set_by, row.set_at = wish.sender, wish.ca_pem, by, clock.wall()
        _cleared(row)
        row.save()
        if not wish.user:
            vault.drop(row.id, PASSWORD) if kept else None
        elif wish.password:
            vault.drop(row.id, PASSWORD, below=vault.store(row.id, "install", PASSWORD, wish.password))
        told = {"host": wish.host, "port": wish.port, "security": wish.security, "user": wish.user, "from": wish.sender}
        audit.note("mail.server", person=by, workspace=workspace, subject=wish.host, detail=told)


def forget(by: Person, workspace: Workspace) -> None:
    """No mail any more, and no password. Errors: as `choose`."""
    access.demand(by, workspace, "install")
    with transaction.atomic():
        row = MailServer.objects.select_for_update().get(pk=state().pk)
        if vault.versions(row.id, PASSWORD):
            vault.shred(row.id)
        row.host = row.user = row.sender = row.ca_pem = ""
        _cleared(row)
        row.save()
        audit.note("mail.server_removed", person=by, workspace=workspace)


def told_well() -> None:
    """A letter went through: what stood in the way does so no more."""
    row = state()
    if row.code or row.n_refused:
        _cleared(row)
        row.save()


def _cleared(row: MailServer) -> None:
    row.code = row.trouble = ""
    row.trouble_since = row.paused_until = None
    row.n_refused = 0


def _checked(wish: Wish) -> Wish:
    told = asdict(wish) | {name: getattr(wish, name).strip() for name in ("host", "user", "sender", "ca_pem")}
    wish = Wish(**told)
    if not _HOST.fullmatch(wish.host):
        raise AskAdmin(code="mail_host", sentence="Type the name of the server alone, like mail.example.com.")
    if wish.security not in PORTS:
        raise AskAdmin(code="mail_security", sentence="Choose one of the three.")
    if not 1 <= wish.port <= 65535:
        raise AskAdmin(code="mail_port", sentence="A port is a number from 1 to 65535. With STARTTLS it is mostly 587.")
    if not _ADDRESS.fullmatch(wish.sender):
        raise AskAdmin(code="mail_from", sentence="Type a whole e-mail address, like seatwise@example.com.")
    if any(ord(sign) < 32 for sign in wish.user + wish.password):
        raise AskAdmin(code="mail_user", sentence="A user name and a password are one line each.")
    if wish.user and wish.security == "none" and not _is_this_machine(wish.host):
        raise AskAdmin(
            code="mail_security",
            sentence="Without encryption the password would cross the network in the clear. Choose STARTTLS or TLS, "
            "or leave the user empty.",
        )
    if wish.ca_pem:
        try:
            ssl.create_default_context(cadata=wish.ca_pem)
        except (ssl.SSLError, ValueError) as error:
            raise AskAdmin(
                code="mail_ca",
                sentence="This is no certificate in PEM form. It begins with -----BEGIN CERTIFICATE-----.",
            ) from error
    return wish


def _is_elsewhere(row: MailServer, wish: Wish) -> bool:
    return (row.host, row.port, row.security, row.user, row.ca_pem) != (
        wish.host,
        wish.port,
        wish.security,
        wish.user,
        wish.ca_pem,
    )


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def owner_id() -> UUID:
    """Whose secrets the password is among."""
    return state().id
