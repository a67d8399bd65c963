"""Logging that cannot tell a secret."""

from __future__ import annotations

import logging
import os
import re
import sys

MASK = "***"
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), MASK),
    (re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}"), rf"\g<1>{MASK}"),
    (
        re.compile(
            r"""(?ix) (["']?\b(?:client_secret|client_assertion|refresh_token|access_token|id_token|password
            |code_verifier|\$?skiptoken|authorization)["']?\s*[:=]\s*) (?:"[^"]*"|'[^']*'|[^\s&,}"']+)"""
        ),
        rf"\g<1>{MASK}",
    ),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), MASK),
    # The shape of a client secret: 37 to 40 characters, a tilde after three to six of them and a digit.
    (re.compile(r"(?<![\w.~-])[\w-]{3}\dQ~[\w.~-]{31,40}"), MASK),
)


# At DEBUG these write whole template contexts, statements with their values, and addresses with their tokens.
_TALKATIVE = ("django.template", "django.db.backends", "asyncio", "urllib3", "requests")


def masked(text: str) -> str:
    """The text without tokens, secrets and private keys."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class Masking(logging.Filter):
    """Masks the finished message, tracebacks included, so that no argument slips through."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
            record.exc_info = None
        return True


def start(level: str | None = None) -> None:
    """Log to standard error. level: a name of the standard library; SEATWISE_LOG when None, else WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Masking())
    wanted = level or os.environ.get("SEATWISE_LOG") or "WARNING"
    logging.basicConfig(level=wanted.upper(), handlers=[handler], force=True)
    # MSAL's own log lines name people and addresses of the customer.
    logging.getLogger("msal").setLevel(logging.ERROR)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
