"""A real mail server on loopback, with its own certificate authority; it can refuse, be busy, keep silent, hang up."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "seatwise", "canary-mail-Passw0rd"


@dataclass
class Post:
    """What the server does and what it took. answers: to the next RCPT, MAIL or DATA, one each, then OK."""

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    rcpt_answers: list[str] = field(default_factory=list)
    mail_answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    hangs_up_after_data: bool = False
    thinks_s: float = 0
    was_encrypted: list[bool] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail_answers:
            return self.mail_answers.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.envelopes.append(envelope)
        self.was_encrypted.append(session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None)
        if self.thinks_s:
            await asyncio.sleep(self.thinks_s)
        if self.hangs_up_after_data:
            server.transport.abort()
        return "250 Taken"


@dataclass(frozen=True)
class Authority:
    """A company's own: what to trust it by, and the server's certificate with its key in one file."""

    pem: str
    server_file: Path

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.server_file)
        return made


def authority(folder: Path) -> Authority:
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Northwind mail authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])

    def begun(subject: x509.Name, public: Any) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(public)
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        return made.not_valid_after(now + timedelta(days=30))

    ca = begun(ca_name, ca_key.public_key())
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    ca = ca.add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca_made = ca.add_extension(usage, critical=True).sign(ca_key, hashes.SHA256())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    leaf = begun(name, key.public_key()).add_extension(names, critical=False).add_extension(issuer, critical=False)
    made = leaf.sign(ca_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "mail-server.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return Authority(ca_made.public_bytes(pem).decode(), path)


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    ok = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=ok, handled=ok)


@contextmanager
def post(*, starttls: Authority | None = None, tls: Authority | None = None, sign_in: bool = False) -> Iterator[Post]:
    """A server until the block ends. starttls, tls: how it encrypts; sign_in: whether it asks for USER and PASSWORD."""
    found = Post(port=_free_port())
    more: dict[str, Any] = {}
    if sign_in:
        more |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": bool(starttls)}
    if starttls:
        more |= {"tls_context": starttls.context(), "require_starttls": True}
    if tls:
        more |= {"ssl_context": tls.context()}
    controller = Controller(found, hostname=found.host, port=found.port, **more)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()


@contextmanager
def silence() -> Iterator[int]:
    """A port on which somebody answers the call and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=hold, daemon=True).start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for one in held:
                one.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
