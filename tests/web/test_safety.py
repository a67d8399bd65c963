"""Headers, hosts, forms from elsewhere, sessions that end, and Django's own check of a deployment."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.web.conftest import HOST, Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def opener_policy(response: Any) -> str:
    return str(response.headers["Cross-Origin-Opener-Policy"])


def test_every_answer_is_held_by_the_same_policy(site: Site) -> None:
    owner, stranger = site.client("owner"), site.client("stranger")
    answers = [owner.get(site.address(name)) for name in ("overview", "apps", "members", "audit", "integrations")]
    answers += [stranger.get(path) for path in ("/", "/accounts/login/", "/nowhere", "/setup/x", "/robots.txt")]
    for response in answers:
        assert response.headers["Content-Security-Policy"] == POLICY
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "camera=()" in response.headers["Permissions-Policy"]


def test_only_pages_around_the_pop_up_keep_their_opener(site: Site) -> None:
    client = site.client("owner")
    assert opener_policy(client.get(site.address("overview"))) == "same-origin"
    assert opener_policy(client.get(site.address("integrations"))) == "same-origin-allow-popups"
    done = client.get("/connect/refused")
    assert (opener_policy(done), done.headers["Referrer-Policy"]) == ("unsafe-none", "no-referrer")


def test_no_page_holds_anything_inline(site: Site) -> None:
    client = site.client("owner")
    for name in ("overview", "apps", "members", "workspace", "audit"):
        page = client.get(site.address(name)).content.decode()
        assert " style=" not in page and "<style" not in page and " onclick" not in page
        assert page.count("<script") == page.count("<script src=")
        assert "http://" not in page.replace(f"http://{HOST}", "") and "https://" not in page


@pytest.mark.parametrize(
    "told",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "nonsense"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": f"https://{HOST}"},
        {"HTTP_ORIGIN": "http://localhost:1"},
        {"HTTP_ORIGIN": f"http://{HOST}.evil.example"},
        {"HTTP_ORIGIN": f"http://{HOST}", "HTTP_SEC_FETCH_SITE": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_changes_nothing(site: Site, told: dict[str, str]) -> None:
    response = site.client("owner").post(site.address("workspace"), {"name": "Taken"}, **told)
    site.workspace.refresh_from_db()
    assert (response.status_code, site.workspace.name) == (403, "Northwind")


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": f"http://{HOST}"},
        {"HTTP_SEC_FETCH_SITE": "none"},
    ],
)
def test_a_form_of_our_own_does(site: Site, told: dict[str, str]) -> None:
    response = site.client("owner").post(site.address("workspace"), {"name": "Contoso"}, **told)
    site.workspace.refresh_from_db()
    assert (response.status_code, site.workspace.name) == (302, "Contoso")


def test_a_form_without_its_token_is_refused_in_plain_words(site: Site) -> None:
    client = site.client("owner", enforce_csrf_checks=True)
    for name in ("workspace", "member_invite", "audit_export", "apps_export", "entra_sync"):
        response = client.post(site.address(name), {"name": "Taken", "role": "owner"})
        assert response.status_code == 403, name
        assert b"This form could not be accepted" in response.content, name
    site.workspace.refresh_from_db()
    assert site.workspace.name == "Northwind"


HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "evil.example:8600",
    "localhost:8600.evil.example",
    "[::1]",
    "127.0.0.1.nip.example",
    "",
    "localhost\tevil",
    "localhost/evil",
    "LOCALHOST.",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_strange_host_gets_no_page(site: Site, host: str) -> None:
    response = site.client("stranger").get("/accounts/login/", headers={"host": host} if host else {"host": " "})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert b"evil" not in response.content
    if "evil" in host or "nip" in host or "::1" in host:
        assert response.status_code == 400


@pytest.mark.parametrize(
    "told",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "host=evil.example;proto=https;for=6.6.6.6"},
        {"HTTP_X_FORWARDED_FOR": "6.6.6.6"},
        {"HTTP_X_REAL_IP": "6.6.6.6"},
        {"HTTP_X_ORIGINAL_URL": "/evil"},
        {"HTTP_X_REWRITE_URL": "/evil"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
        {"HTTP_X_FORWARDED_PORT": "6666"},
        {"HTTP_REFERER": "https://evil.example/"},
    ],
)
def test_no_address_is_taken_from_a_header(site: Site, told: dict[str, str]) -> None:
    from seatwise.control.models import AuditEntry

    invited = site.client("owner").post(site.address("member_invite"), {"role": "viewer"}, **told)
    site.client("owner").post(site.address("audit_export"), **told)
    assert f"http://{HOST}/invite/".encode() in invited.content
    assert b"evil" not in invited.content
    exported = AuditEntry.objects.get(action="audit.exported")
    assert exported.address == "127.0.0.1"


def test_the_session_ends_after_half_an_hour_of_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client("viewer")
    for minutes in (29, 58, 87):
        monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(minutes * 60))
        assert client.get(site.address("overview")).status_code == 200, minutes
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str((87 + 31) * 60))
    response = client.get(site.address("overview"))
    assert response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/?next=")
    assert client.get("/account/").status_code == 302


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client("viewer")
    for minutes in (10, 20, 29):
        monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(minutes * 60))
        client.get(site.address("overview"), headers={"HX-Request": "true"})
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(31 * 60))
    response = client.get(site.address("overview"), headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/accounts/login/")


def test_the_session_ends_after_twelve_hours_whatever_one_does(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client("viewer")
    for minutes in range(20, 12 * 60, 20):
        monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(minutes * 60))
        assert client.get("/account/").status_code == 200, minutes
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(12 * 3600))
    assert client.get("/account/").status_code == 302


def test_error_pages_say_nothing_of_anybody(site: Site) -> None:
    client = site.client("viewer")
    for response in (client.get("/nowhere"), client.get(site.address("members"))):
        page = response.content.decode()
        assert "Viewer Osei" not in page and "Northwind" not in page
        assert "Traceback" not in page and "Django" not in page
    client.raise_request_exception = False
    assert client.get("/nowhere").status_code == 404


_STARTED_AND_CHECKED = """
from seatwise.server.start import start
start()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
"""


def test_django_finds_nothing_against_this_deployment(tmp_path: Any) -> None:
    """Served by https, as it must be beyond localhost."""
    told = {"SEATWISE_DATA": str(tmp_path), "SEATWISE_PUBLIC_URL": "https://seatwise.example.com"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEATWISE_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-c", _STARTED_AND_CHECKED],
        env={**kept, **told},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_over_https_the_cookies_are_bound_to_this_host(tmp_path: Any) -> None:
    told = {"SEATWISE_DATA": str(tmp_path), "SEATWISE_PUBLIC_URL": "https://seatwise.example.com"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SEATWISE_", "DATABASE_URL"))}
    asked = (
        "from seatwise.server import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS > 0, s.DEBUG)"
    )
    done = subprocess.run([sys.executable, "-c", asked], env={**kept, **told}, capture_output=True, text=True)
    assert done.stdout.split() == ["__Host-seatwise", "__Host-seatwise-csrf", "True", "True", "True", "True", "False"]
