"""The mail server in the environment: taken as it is meant, refused with its name, never shown with its password."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatwise.base.errors import AskAdmin
from seatwise.server import environment
from tests.support.mail import authority

WHOLE = {
    "SEATWISE_SMTP_HOST": "mail.northwind.example",
    "SEATWISE_SMTP_FROM": "seatwise@northwind.example",
    "SEATWISE_SMTP_USER": "me",
    "SEATWISE_SMTP_PASSWORD": "canary-mail-Passw0rd",
}


@pytest.fixture(autouse=True)
def _whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("security", "port"), [(None, 587), ("starttls", 587), ("TLS", 465)])
def test_the_port_follows_the_security(monkeypatch: pytest.MonkeyPatch, security: str | None, port: int) -> None:
    if security:
        monkeypatch.setenv("SEATWISE_SMTP_SECURITY", security)
    found = environment.smtp()
    assert found is not None
    assert (found["port"], found["host"], found["user"]) == (port, "mail.northwind.example", "me")


def test_without_a_host_it_is_left_to_the_product(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATWISE_SMTP_HOST")
    assert environment.smtp() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEATWISE_SMTP_HOST", "smtp://mail"),
        ("SEATWISE_SMTP_HOST", "mail:587"),
        ("SEATWISE_SMTP_PORT", "0"),
        ("SEATWISE_SMTP_PORT", "smtp"),
        ("SEATWISE_SMTP_SECURITY", "ssl"),
        ("SEATWISE_SMTP_SECURITY", "none"),
        ("SEATWISE_SMTP_FROM", "Seatwise"),
        ("SEATWISE_SMTP_FROM", "a@b\r\nBcc: c@d"),
        ("SEATWISE_SMTP_CA", "/nowhere/ca.pem"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(AskAdmin) as told:
        environment.check()
    assert (told.value.code, name in told.value.sentence) == ("setting_wrong", True)
    assert "canary" not in str(told.value)


def test_a_companys_own_authority_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = authority(tmp_path)
    (tmp_path / "ca.pem").write_text(made.pem)
    monkeypatch.setenv("SEATWISE_SMTP_CA", str(tmp_path / "ca.pem"))
    found = environment.smtp()
    assert found is not None and found["ca_pem"] == made.pem
