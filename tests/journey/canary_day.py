"""A long day in which every kind of secret is in use, noted as it is used."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

from tests.browser import microsoft, walks
from tests.browser.stage import Stage
from tests.support.canary import Secret, files, postgres_rows
from tests.support.chromium import Visit

# Every sealed secret in clear, every data key, every key of the ring, and the key that sessions are signed with.
_OPEN = """
import base64
from pathlib import Path
from django.conf import settings
from seatwise.control import vault
from seatwise.control.models import DataKey, Secret
from seatwise.control.vault import records, sources
keys = sources.source()
print(json.dumps({
    "secrets": [[row.field, vault.fetch(row.data_key_id, row.field, row.version)]
                for row in Secret.objects.select_related("data_key")],
    "data_keys": [base64.b64encode(records.data_key(keys, row)).decode() for row in DataKey.objects.all()],
    "ring": [path.read_text().strip() for path in (Path(settings.DATA) / "keys").glob("k*")],
    "signing": settings.SECRET_KEY,
}))
"""
_KIND_OF_FIELD = {
    "verifier": "PKCE verifier",
    "refresh_token": "refresh token",
    "access_token": "access token",
    "second_factor": "TOTP secret",
}


@dataclass
class Day:
    """What was used, and what was seen: pages, downloads, what commands printed."""

    stage: Stage
    secrets: list[Secret] = field(default_factory=list)
    seen: list[tuple[str, bytes]] = field(default_factory=list)

    def used(self, kind: str, value: str | bytes) -> None:
        if value and Secret(kind, value) not in self.secrets:
            self.secrets.append(Secret(kind, value))

    def look_inside(self) -> None:
        """Notes what is sealed just now; some of it lives for a minute only."""
        found = self.stage.install.inside(_OPEN)
        for name, value in found["secrets"]:
            is_key = "PRIVATE KEY" in value
            kind = "certificate private key" if is_key else _KIND_OF_FIELD.get(name, "client secret")
            self.used(kind, bare(kind, value))
        for text in found["data_keys"]:
            self.used("data key", base64.b64decode(text))
        for text in found["ring"]:
            self.used("key-encryption key", base64.b64decode(text))
        self.used("signing key", found["signing"])


def bare(kind: str, value: str) -> str:
    """Of a key and its certificate in one text, the key, for the certificate is public; of a token, its text."""
    if kind == "certificate private key":
        return value[value.index("-----BEGIN") :].split("-----END")[0]
    return str(json.loads(value)["value"]) if kind == "access token" else value


def one_time_code(secret: str, at: float) -> str:
    """RFC 6238 with its defaults, as an authenticator app does it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(at // 30)), hashlib.sha1).digest()
    at_byte = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at_byte : at_byte + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def note_trip(day: Day, seen: Visit) -> None:
    """State, nonce and code of each trip to Microsoft stand in the addresses that the browser asked for."""
    for address in seen.requests:
        query = dict(parse_qsl(urlsplit(address).query))
        for name, kind in (("state", "state"), ("nonce", "nonce"), ("code", "authorization code")):
            if len(query.get(name, "")) > 20:
                day.used(kind, query[name])


def first_owner(day: Day, seen: Visit) -> Page:
    link = day.stage.install.owner_link()
    day.used("owner link", link.rsplit("/", 1)[1])
    day.used("password", day.stage.install.owner["password"])
    page = seen.go(link)
    page.get_by_label("Your name").fill(day.stage.install.owner["name"])
    page.get_by_label("Email address").fill(day.stage.install.owner["email"])
    page.get_by_label("Password", exact=True).fill(day.stage.install.owner["password"])
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_url(walks.LATER_ROUND)
    day.stage.workspace = page.url.split("/w/")[1].split("/")[0]
    return page


def second_factor(day: Day, seen: Visit, page: Page) -> None:
    """Adds an authenticator app, signs out, and comes in again with password and recovery code."""
    owner = day.stage.install.owner
    seen.go("/account/", page)
    page.get_by_role("link", name="Add an authenticator app").click()
    if page.get_by_label("Password", exact=True).count():
        page.get_by_label("Password", exact=True).fill(owner["password"])
        page.get_by_role("button", name="Continue").click()
    secret = page.get_by_label("Or type this key into the app").input_value()
    day.used("TOTP secret", secret)
    day.look_inside()
    # What lies in the session until the code is typed is scanned for now, since it goes afterwards.
    day.seen += [("halfway " + where, content) for where, content in at_rest(day)]
    page.get_by_label("Code", exact=True).fill(one_time_code(secret, time.time()))
    page.get_by_role("button", name="Add the app").click()
    page.wait_for_url(re.compile("/2fa/recovery|/account/"))
    seen.go("/accounts/2fa/recovery-codes/", page)
    codes = page.locator("#codes li").all_inner_texts()
    assert len(codes) == 10
    for code in codes:
        day.used("recovery code", code.strip())
    note_cookies(day, seen)
    seen.go("/account/", page)
    page.get_by_role("button", name="Sign out").click()
    seen.go("/accounts/login/", page)
    walks.sign_in(page, owner["email"], owner["password"])
    page.get_by_label("Code", exact=True).fill(codes[0].strip())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(walks.LATER_ROUND)


def note_cookies(day: Day, seen: Visit) -> None:
    for cookie in seen.context.cookies(day.stage.install.home):
        if cookie["name"].endswith("seatwise"):
            day.used("session cookie", cookie["value"])


def sign_in_way(day: Day, seen: Visit, page: Page) -> None:
    app = day.stage.registered()
    day.used("client secret", app["client_secret"])
    dialog = walks.open_ways(page)
    walks.fill_registration(dialog, app)
    with walks.microsoft_pop_up(page, dialog) as window:
        window.get_by_role("heading", name="Pick an account").wait_for()
        day.look_inside()
        assert any(secret.kind == "PKCE verifier" for secret in day.secrets)
        microsoft.pick(window)
        microsoft.accept(window)
    walks.is_connected(page)
    walks.is_synced(page)
    day.look_inside()


def consent_link(day: Day, seen: Visit, page: Page) -> None:
    stage = day.stage
    seen.go(stage.path("settings/integrations/entra/connect?step=link&cloud=sandbox"), page)
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    day.used("consent link", link.rsplit("/", 1)[1])
    seen.go(link)


def invitation(day: Day, seen: Visit, page: Page) -> None:
    seen.go(day.stage.path("settings/members/"), page)
    page.get_by_role("button", name="Make an invitation link").click()
    link = page.get_by_label("Send this link yourself, by mail or chat").input_value()
    day.used("invitation link", link.rsplit("/", 1)[1])
    seen.go(link)


def disconnected(day: Day, seen: Visit, page: Page) -> None:
    seen.go(day.stage.path("settings/integrations/entra/disconnect"), page)
    page.get_by_role("radio", name=re.compile("^Keep")).check()
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("heading", name="Disconnected").wait_for()


def secret_way(day: Day, seen: Visit, page: Page) -> None:
    """A wrong secret first: what was typed by mistake is as secret as what works."""
    app = day.stage.registered(consented=True)
    wrong = "xyz8Q~" + base64.urlsafe_b64encode(hashlib.sha256(app["client_secret"].encode()).digest()).decode()[:34]
    day.used("client secret", app["client_secret"])
    day.used("client secret", wrong)
    seen.go(day.stage.path("settings/integrations/entra/connect?step=ways"), page)
    main = page.locator("main")
    walks.choose_sandbox(main)
    walks.fill_client(main, app["client_id"], wrong, day.stage.sandbox.tenant_id)
    main.get_by_role("button", name="Test and connect").click()
    main.get_by_role("alert").wait_for()
    walks.fill_client(main, app["client_id"], app["client_secret"], day.stage.sandbox.tenant_id)
    main.get_by_role("button", name="Test and connect").click()
    page.wait_for_url(re.compile("tab=connected"))
    walks.is_connected(page)
    walks.is_synced(page)


def certificate(day: Day, seen: Visit, page: Page) -> None:
    seen.go(day.stage.path("settings/integrations/entra/swap"), page)
    page.get_by_role("button", name="Make a certificate").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the public part").click()
    day.seen.append(("download of the certificate", coming.value.path().read_bytes()))
    day.look_inside()


def exports(day: Day, seen: Visit, page: Page) -> None:
    seen.go(day.stage.path("settings/audit/"), page)
    download(day, page, "Export CSV", "audit log")
    for name in ("CSV", "Excel workbook", "Parquet"):
        seen.go(day.stage.path("apps/"), page)
        page.get_by_text("Export", exact=True).click()
        download(day, page, name, "apps")


def download(day: Day, page: Page, name: str, what: str) -> None:
    with page.expect_download() as coming:
        page.get_by_text(name, exact=True).click()
    day.seen.append((f"export of {what}, {name}", coming.value.path().read_bytes()))


def errors(day: Day, seen: Visit, page: Page) -> None:
    """What goes wrong is told with addresses and forms in hand."""
    used = {secret.kind: secret.value for secret in day.secrets if isinstance(secret.value, str)}
    code, state = used["authorization code"], used["state"]
    for path in (
        "/no-such-page",
        f"/connect/azureactivedirectory/callback?code={code}&state={state}",
        f"/connect/azureactivedirectory/callback?error=access_denied&error_description=x&state={state}",
    ):
        seen.go(path, page)
    for command in (("doctor",), ("ask", "apps", "--format", "json"), ("keys", "--help")):
        printed = day.stage.install.product.run(*command, code=None)
        day.seen.append((f"seatwise {command[0]}", (printed.stdout + printed.stderr).encode()))
    backup = day.stage.install.data.parent / "backup"
    day.stage.install.run("backup", str(backup))


def at_rest(day: Day) -> Iterator[tuple[str, bytes]]:
    """Database, its log, lake, logs, backups: all that lies on disk but the keys."""
    install = day.stage.install
    keys = [path for path in install.data.parent.rglob("*") if path.name == "keys" or ".keys" in path.name]
    yield from files(install.data.parent, but=keys)
    if address := install.env.get("DATABASE_URL"):
        yield from postgres_rows(address)


def lived(day: Day, seen: Visit) -> None:
    """The whole day of one person: what they used and what they saw."""
    page = first_owner(day, seen)
    second_factor(day, seen, page)
    for part in (sign_in_way, consent_link, invitation, disconnected, secret_way, certificate, exports):
        part(day, seen, page)
    note_trip(day, seen)
    note_cookies(day, seen)
    errors(day, seen, page)
    day.look_inside()
    day.seen += [(f"page {address}", body) for address, body in seen.bodies]
