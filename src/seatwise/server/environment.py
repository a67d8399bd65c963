"""What the environment may set, read in one place; each name has its row in docs/settings.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

DEFAULT_PORT = 8600

SETTINGS: dict[str, str] = {
    "SEATWISE_DATA": "The data folder: database, keys, lake. Default: `data` in the checkout.",
    "SEATWISE_NOW": "What “now” is for data, for trials. Default: the clock.",
    "SEATWISE_LOG": "How much is logged: DEBUG, INFO, WARNING. Default: WARNING.",
    "SEATWISE_HOST": "Address the pages are served on. Default: 127.0.0.1, this machine only.",
    "SEATWISE_PORT": "Port the pages are served on. Default: 8600.",
    "SEATWISE_PUBLIC_URL": "The address people type. https beyond localhost. Default: http://localhost:PORT.",
    "SEATWISE_TRUSTED_PROXIES": "Reverse proxies whose X-Forwarded-For and -Proto are believed, with commas.",
    "SEATWISE_KEYS": "Key-encryption keys as id:base64, with commas, newest last. Default: files in `keys/`.",
    "SEATWISE_ENTRA_CLIENT_ID": "The install's app registration for the OAuth 2.0 way: its client id.",
    "SEATWISE_ENTRA_CLIENT_SECRET": "The same registration's secret value.",
    "SEATWISE_SANDBOX": "File in which a sandbox tenant wrote its addresses; makes it one more cloud to choose.",
    "DATABASE_URL": "postgresql://user:password@host/name instead of SQLite in the data folder.",
}


def data_folder() -> Path:
    return Path(os.environ.get("SEATWISE_DATA", "data")).absolute()


def host() -> str:
    return os.environ.get("SEATWISE_HOST", "127.0.0.1")


def port() -> int:
    return int(os.environ.get("SEATWISE_PORT", DEFAULT_PORT))


def public_url() -> str:
    """The address people type, without a slash at the end."""
    return (os.environ.get("SEATWISE_PUBLIC_URL") or f"http://localhost:{port()}").rstrip("/")


def allowed_hosts(public: str) -> list[str]:
    return list(dict.fromkeys([urlsplit(public).hostname or "localhost", "localhost", "127.0.0.1"]))


def trusted_proxies() -> frozenset[str]:
    return frozenset(part.strip() for part in os.environ.get("SEATWISE_TRUSTED_PROXIES", "").split(",") if part.strip())


def signing_keys(data: Path) -> tuple[str, list[str]]:
    """The key that sessions and forms are signed with, made on first use with mode 600; and older ones (none yet)."""
    path = data / "keys" / "signing.key"
    try:
        return path.read_text("ascii").strip(), []
    except FileNotFoundError:
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
    told = os.environ.get("DATABASE_URL")
    if told:
        parts = urlsplit(told)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            "CONN_MAX_AGE": 60,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "seatwise.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL, because NORMAL may lose the last commits when the power fails.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
