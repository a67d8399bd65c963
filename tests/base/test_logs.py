"""No log line tells a secret, wherever in the record it stands."""

from __future__ import annotations

import io
import logging

import pytest

from seatwise.base import logs

TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
SECRET = "q1w8Q~planted-secret-value_0123456789.abcd"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        (f"Authorization: Bearer {TOKEN}", TOKEN),
        (f'{{"access_token":"{TOKEN}"}}', TOKEN),
        (f"client_id=1&client_secret={SECRET}&scope=x", SECRET),
        ('{"client_secret": "hunter2 hunter2"}', "hunter2"),
        (f"the secret {SECRET} was refused", SECRET),
        (KEY, "MIIEvQIBADANBg"),
        ("GET https://graph/users?$skiptoken=RFNwdAIAAQ&a=1", "RFNwdAIAAQ"),
    ],
)
def test_secrets_are_masked(said: str, hidden: str) -> None:
    assert hidden not in logs.masked(said)
    assert logs.MASK in logs.masked(said)


def test_arguments_and_tracebacks_are_masked_too() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(logs.Masking())
    logger = logging.getLogger("masking")
    logger.addHandler(handler)
    try:
        raise ValueError(f"client_secret={SECRET}")
    except ValueError:
        logger.exception("with %s", TOKEN)
    finally:
        logger.removeHandler(handler)
    assert "ValueError" in out.getvalue()
    assert TOKEN not in out.getvalue() and SECRET not in out.getvalue()


def test_plain_words_stay_as_they_are() -> None:
    line = "GET /users?$select=id 429 after 12 s, request-id 5d0f"
    assert logs.masked(line) == line
