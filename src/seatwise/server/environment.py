"""What the environment may set, read in one place; each name has its row in docs/settings.md."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import ssl
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from seatwise.base.errors import AskAdmin

DEFAULT_PORT = 8600
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}

SETTINGS: dict[str, str] = {
    "SEATWISE_DATA": "The data folder: database, keys, lake. Default: `data` in the checkout.",
    "SEATWISE_NOW": "What “now” is for data, for trials. Default: the clock.",
    "SEATWISE_LOG": "How much is logged: DEBUG, INFO, WARNING. Default: WARNING.",
    "SEATWISE_HOST": "Address the pages are served on. Default: 127.0.0.1, this machine only.",
    "SEATWISE_PORT": "Port the pages are served on. Default: 8600.",
    "SEATWISE_PUBLIC_URL": "The address people type. https beyond localhost. Default: http://localhost:PORT.",
    "SEATWISE_TRUSTED_PROXIES": "Reverse proxies whose X-Forwarded-For and -Proto are believed, with commas.",
    "SEATWISE_UPLOAD_MB": "Largest upload of sign-in logs to the page Coverage, in megabytes. Default: 512.",
    "SEATWISE_KEYS": "Key-encryption keys as id:base64, with commas, newest last. Default: files in `keys/`.",
    "SEATWISE_ENTRA_CLIENT_ID": "The install's app registration for the OAuth 2.0 way: its client id.",
    "SEATWISE_ENTRA_CLIENT_SECRET": "The same registration's secret value.",
    "SEATWISE_SANDBOX": "File in which a sandbox tenant wrote its addresses; makes it one more cloud to choose.",
    "SEATWISE_WALL_OFFSET_S": "Seconds by which links, sessions and leases see the clock moved, for trials.",
    "SEATWISE_SMTP_HOST": "The mail server. Set it, and e-mail is set up here alone and not in the product.",
    "SEATWISE_SMTP_PORT": "Its port. Default: 587 with starttls, 465 with tls, 25 with none.",
    "SEATWISE_SMTP_SECURITY": "starttls, tls, or none. Default: starttls.",
    "SEATWISE_SMTP_USER": "The name to sign in to it with, if it asks.",
    "SEATWISE_SMTP_PASSWORD": "The password to sign in to it with.",
    "SEATWISE_SMTP_FROM": "The address that mail comes from, like seatwise@example.com.",
    "SEATWISE_SMTP_CA": "File with the certificates to trust it by. Default: those of the system.",
    "DATABASE_URL": "postgresql://user:password@host/name instead of SQLite in the data folder.",
}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def check() -> None:
    """Reads every setting of this module once. Errors: AskAdmin `setting_wrong` naming the first that cannot be."""
    host()
    port()
    public_url()
    trusted_proxies()
    upload_bytes()
    database(data_folder())
    smtp()


def data_folder() -> Path:
    return Path(os.environ.get("SEATWISE_DATA", "data")).absolute()


def host() -> str:
    """Where the pages are served: an address of this machine, or a name of it."""
    told = os.environ.get("SEATWISE_HOST", "127.0.0.1").strip()
    if not told or "/" in told or " " in told:
        _wrong("SEATWISE_HOST", told, "Use an address of this machine, like 127.0.0.1 or 0.0.0.0.")
    return told


def port() -> int:
    told = os.environ.get("SEATWISE_PORT", str(DEFAULT_PORT)).strip()
    # Digits only: int() would also take "8_600" and digits of other scripts.
    if not (told.isascii() and told.isdigit() and 1 <= int(told) <= 65535):
        _wrong("SEATWISE_PORT", told, "Use a number from 1 to 65535, like 8600.")
    return int(told)


def public_url() -> str:
    """The address people type, without a slash at the end. Beyond this machine it is https, or refused."""
    told = (os.environ.get("SEATWISE_PUBLIC_URL") or f"http://localhost:{port()}").strip().rstrip("/")
    example = "Use the address people type, without a path, like https://seatwise.example.com."
    try:
        parts = urlsplit(told)
        name, _ = parts.hostname, parts.port
    except ValueError:
        _wrong("SEATWISE_PUBLIC_URL", told, example)
    has_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc or told != told.strip()
    if (
        parts.scheme not in ("http", "https")
        or not name
        or has_more
        or any(c.isspace() or c in "\\'\"<>" for c in told)
    ):
        _wrong("SEATWISE_PUBLIC_URL", told, example)
    if parts.scheme == "http" and not is_this_machine(name):
        raise AskAdmin(
            code="public_url_insecure",
            sentence=f"SEATWISE_PUBLIC_URL is {told}: beyond this machine people must come by https, or passwords and "
            "sign-ins would cross the network in the clear, and Microsoft would refuse the way back. "
            "Put a reverse proxy with TLS in front (deploy/ has examples) and use its https address, "
            "or stay on http://localhost.",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def is_this_machine(name: str) -> bool:
    """Whether browsers and Microsoft take the name for the machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def allowed_hosts(public: str) -> list[str]:
    name = urlsplit(public).hostname or "localhost"
    return list(dict.fromkeys([f"[{name}]" if ":" in name else name, "localhost", "127.0.0.1"]))


def trusted_proxies() -> tuple[Network, ...]:
    """Networks whose word about who asks, and how, is believed; none by default."""
    found: list[Network] = []
    for part in os.environ.get("SEATWISE_TRUSTED_PROXIES", "").split(","):
        if not part.strip():
            continue
        try:
            found.append(ipaddress.ip_network(part.strip(), strict=False))
        except ValueError:
            _wrong("SEATWISE_TRUSTED_PROXIES", part.strip(), "Use addresses or networks, like 127.0.0.1, 10.0.0.0/8.")
    return tuple(found)


def upload_bytes() -> int:
    """The largest body the import of files may have."""
    told = os.environ.get("SEATWISE_UPLOAD_MB", "512").strip()
    if not (told.isascii() and told.isdigit() and 1 <= int(told) <= 100_000):
        _wrong("SEATWISE_UPLOAD_MB", told, "Use whole megabytes from 1 to 100000, like 512.")
    return int(told) << 20


def signing_keys(data: Path) -> tuple[str, list[str]]:
    """The key that sessions and forms are signed with, made on first use with mode 600; and older ones (none yet)."""
    path = data / "keys" / "signing.key"
    try:
        return path.read_text("ascii").strip(), []
    except (FileNotFoundError, NotADirectoryError):
        pass
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # A link instead of a rename: when two processes start at once the first key stays.
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
        return path.read_text("ascii").strip(), []
    except OSError:
        # A folder that cannot be written is told to people by `start`; signing with a passing key harms nothing.
        return secrets.token_urlsafe(48), []


def database(data: Path) -> dict[str, Any]:
    told = os.environ.get("DATABASE_URL", "").strip()
    if told:
        return _postgresql(told)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "seatwise.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL, because NORMAL may lose the last commits when the power fails.
            "init_command": "PRAGMA synchronous=FULL;",
        },
    }


def smtp() -> dict[str, Any] | None:
    """The mail server as `control.events` takes it, None when it is left to the product."""
    name = os.environ.get("SEATWISE_SMTP_HOST", "").strip()
    if not name:
        return None
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}", name):
        _wrong("SEATWISE_SMTP_HOST", name, "Use the name of the server alone, like mail.example.com.")
    security = os.environ.get("SEATWISE_SMTP_SECURITY", "starttls").strip().lower()
    if security not in SMTP_PORTS:
        _wrong("SEATWISE_SMTP_SECURITY", security, "Use starttls, tls or none.")
    told = os.environ.get("SEATWISE_SMTP_PORT", str(SMTP_PORTS[security])).strip()
    if not (told.isascii() and told.isdigit() and 1 <= int(told) <= 65535):
        _wrong("SEATWISE_SMTP_PORT", told, "Use a number from 1 to 65535, like 587.")
    sender = os.environ.get("SEATWISE_SMTP_FROM", "").strip()
    if not re.fullmatch(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}", sender):
        _wrong("SEATWISE_SMTP_FROM", sender, "Use the address that mail comes from, like seatwise@example.com.")
    user, password = os.environ.get("SEATWISE_SMTP_USER", ""), os.environ.get("SEATWISE_SMTP_PASSWORD", "")
    if user and security == "none" and not is_this_machine(name):
        _wrong("SEATWISE_SMTP_SECURITY", security, "A password does not cross the network in the clear: use starttls.")
    return {
        "host": name,
        "port": int(told),
        "security": security,
        "user": user,
        "password": password,
        "sender": sender,
        "ca_pem": _certificates(os.environ.get("SEATWISE_SMTP_CA", "").strip()),
    }


def _certificates(path: str) -> str:
    if not path:
        return ""
    try:
        pem = Path(path).read_text("ascii")
        ssl.create_default_context(cadata=pem)
    except (OSError, ValueError):
        _wrong("SEATWISE_SMTP_CA", path, "Name a file of certificates in PEM form that Seatwise can read.")
    return pem


def _postgresql(told: str) -> dict[str, Any]:
    try:
        parts = urlsplit(told)
        port = str(parts.port or "")
    except ValueError:
        parts, port = urlsplit(""), ""
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name or "/" in name:
        # The value holds a password, so it is not shown.
        raise AskAdmin(
            code="setting_wrong",
            sentence="DATABASE_URL cannot be used. Write it as postgresql://user:password@host:5432/name, "
            "with characters like @ and / in the password as %40 and %2F.",
        )
    # The host may be a folder with a socket: ?host=/run/postgresql, as in libpq.
    query = dict(part.split("=", 1) for part in parts.query.split("&") if "=" in part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or unquote(query.pop("host", "")),
        "PORT": port,
        "OPTIONS": {key: unquote(value) for key, value in query.items()},
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


def _wrong(name: str, told: str, remedy: str) -> NoReturn:
    raise AskAdmin(code="setting_wrong", sentence=f"{name} is {told!r}, which cannot be used. {remedy}")
