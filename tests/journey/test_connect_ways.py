"""An owner connects Microsoft Entra ID in a browser, by each of the ways, and sees the first numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Download, expect

from tests.browser import microsoft, walks
from tests.browser.stage import Stage, stage

FIVE = {"AuditLog.Read.All", "Directory.Read.All", "Group.Read.All", "GroupMember.Read.All", "User.Read.All"}
WRONG = "abc8Q~wrong-but-well-formed-secret-value0"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("ways")) as made:
        yield made


@pytest.fixture
def fresh(ground: Stage) -> Stage:
    ground.clear()
    return ground


def truth(ground: Stage) -> int:
    return len(ground.sandbox.oracle("apps")["rows"])


def test_the_first_way_a_sign_in_and_one_accept(fresh: Stage) -> None:
    app = fresh.registered()
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, app)
        with walks.microsoft_pop_up(page, dialog) as window:
            microsoft.pick(window)
            assert microsoft.permissions_asked(window) >= FIVE
            assert "User.Read" not in microsoft.permissions_asked(window)
            microsoft.accept(window)
        walks.is_connected(page)
        walks.is_synced(page)
        assert walks.apps_shown(page, fresh) == truth(fresh)


def test_the_second_way_client_credentials(fresh: Stage) -> None:
    app = fresh.registered(consented=True)
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        walks.connect_with_secret(page, fresh, app)
        walks.is_synced(page)
        assert walks.apps_shown(page, fresh) == truth(fresh)


def test_a_certificate_whose_private_key_never_leaves(fresh: Stage, tmp_path: Path) -> None:
    with fresh.visit(keep_bodies=True) as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.choose(dialog, "OAuth 2.0 Client Credentials")
        dialog.get_by_role("link", name="Use a certificate made by Seatwise").click()
        dialog.get_by_role("button", name="Make a certificate").click()
        with page.expect_download() as coming:
            dialog.get_by_role("link", name="Download the public part").click()
        public = saved(coming.value, tmp_path)
        app = fresh.registered(consented=True, certificate_pem=public, secret="none")
        walks.choose_sandbox(dialog)
        dialog.get_by_label("Client ID", exact=True).fill(app["client_id"])
        dialog.get_by_label("Tenant ID", exact=True).fill(fresh.sandbox.tenant_id)
        dialog.get_by_role("button", name="Test and connect").click()
        walks.is_connected(page)
        walks.is_synced(page)
        assert not any(b"PRIVATE KEY" in body for _, body in seen.bodies)
        assert walks.apps_shown(page, fresh) == truth(fresh)


def saved(coming: Download, folder: Path) -> str:
    """The public part as PEM. It comes as DER, which Entra takes, and holds one certificate and nothing else."""
    coming.save_as(folder / "seatwise.cer")
    found = x509.load_der_x509_certificate((folder / "seatwise.cer").read_bytes())
    return found.public_bytes(Encoding.PEM).decode()


def test_consent_declined_is_told_and_nothing_is_stored(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, fresh.registered())
        with walks.microsoft_pop_up(page, dialog) as window:
            microsoft.pick(window)
            microsoft.decline(window)
        problem = dialog.get_by_role("alert")
        expect(problem).to_contain_text("declined")
        expect(dialog).to_contain_text("Nothing was stored")
        dialog.get_by_role("link", name="Try again").click()
        walks.choose_sandbox(dialog)
        walks.sign_in_with_microsoft(page, dialog)
        walks.is_connected(page)


def test_a_blocked_pop_up_goes_by_the_whole_page(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        # What a browser that blocks pop-ups answers a page.
        page.add_init_script("window.open = () => null")
        page.reload()
        dialog = walks.open_ways(page)
        walks.fill_registration(dialog, fresh.registered())
        dialog.get_by_role("button", name="Continue to Microsoft").click()
        microsoft.pick(page)
        microsoft.accept(page)
        walks.is_connected(page)


def test_a_secret_s_id_in_the_place_of_its_value_is_told_beside_the_field(fresh: Stage) -> None:
    app = fresh.registered(consented=True)
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_client(dialog, app["client_id"], app["secret_id"], "5f1c2b7e-90aa-4d0e-8c11")
        dialog.get_by_role("button", name="Test and connect").click()
        secret = dialog.get_by_label("Client Secret", exact=True)
        expect(secret).to_have_accessible_description(re.compile("secret.s ID, not its value"))
        expect(secret).to_have_value("")
        tenant = dialog.get_by_label("Tenant ID", exact=True)
        expect(tenant).to_have_accessible_description(re.compile("36 characters|neither a tenant id"))
        expect(dialog.get_by_label("Client ID", exact=True)).to_have_value(app["client_id"])


def test_a_wrong_secret_is_told_in_plain_words(fresh: Stage) -> None:
    app = fresh.registered(consented=True)
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        dialog = walks.open_ways(page)
        walks.fill_client(
            dialog, app["client_id"], "abc8Q~wrong-but-well-formed-secret-value0", fresh.sandbox.tenant_id
        )
        dialog.get_by_role("button", name="Test and connect").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Copy the column “Value” (not “Secret ID”)")
        expect(dialog.get_by_label("Client Secret", exact=True)).to_have_value("")


def test_entra_is_found_by_the_names_people_use(fresh: Stage) -> None:
    with fresh.visit() as seen:
        page = seen.go(fresh.path())
        walks.open_integrations(page)
        cards = page.get_by_role("article").get_by_role("heading")
        for word in ("entra", "azure", "microsoft", "Azure AD"):
            page.get_by_role("searchbox", name="Search available apps").fill(word)
            expect(cards.first).to_have_text("Microsoft Entra ID")
            expect(cards).to_have_count(1)
        page.get_by_role("searchbox", name="Search available apps").fill("nothing of the kind")
        expect(page.get_by_text("No app is called")).to_be_visible()
