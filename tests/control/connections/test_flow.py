"""OAuth 2.0: an administrator signs in and the tenant is connected; whoever cannot consent is told what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from tests.control.connections.desk import ADMIN, APP_ADMIN, CALLBACK, FIVE, PERSONAL, PLAIN, Desk, params


def test_an_administrator_signs_in_and_the_tenant_is_connected(at: Desk) -> None:
    attempt = at.sign_in()
    assert attempt.outcome["state"] == "connected", attempt.outcome
    connection = at.connection
    assert (connection.state, connection.reason, connection.method) == ("active", "", "oauth2")
    assert connection.tenant_id == at.workspace.__class__.objects.get(pk=at.workspace.pk).tenant_id
    assert connection.tenant_id == at.sandbox.tenant_id and connection.tenant_name and connection.domains
    assert connection.account.startswith("admin@") and connection.next_sync_at is not None
    states = {check["name"]: check["state"] for check in connection.checks}
    assert states["Token"] == states["Tenant"] == states["Reporting role"] == states["sign_ins"] == "ok"


def test_the_browser_is_sent_with_pkce_state_and_nonce_and_the_database_keeps_only_hashes(at: Desk) -> None:
    from seatwise.control.models import Attempt

    asked = params(at.begin())
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert {name.rpartition("/")[2] for name in asked["scope"].split()} == {
        *FIVE,
        "openid",
        "profile",
        "offline_access",
    }
    kept = " ".join(str(value) for value in Attempt.objects.values_list().get())
    for word in ("state", "nonce", "code_challenge"):
        assert len(asked[word]) >= 43 and asked[word] not in kept
    assert at.session not in kept


def test_the_person_goes_to_any_organisation_first_and_to_the_own_tenant_afterwards(at: Desk) -> None:
    assert "/organizations/oauth2/v2.0/authorize" in at.begin()
    at.sign_in()
    at.workspace.refresh_from_db()
    assert f"/{at.sandbox.tenant_id}/oauth2/v2.0/authorize" in at.begin("reconnect")


def test_who_declines_connects_nothing(at: Desk) -> None:
    attempt = at.sign_in(press="Cancel")
    assert attempt.outcome["state"] == "declined" and at.is_untouched()


def test_who_may_not_consent_is_led_to_the_link(at: Desk) -> None:
    from seatwise.control import connections

    page = at.walk(at.begin(), PLAIN)
    assert "Need admin approval" in page.text and not page.location
    assert any(trouble.number == 90094 and "link" in trouble.remedy for trouble in connections.TROUBLES)


@pytest.mark.parametrize("code", [65001, 90094, 90095])
def test_when_microsoft_says_that_an_administrator_is_needed_the_outcome_says_so(at: Desk, code: int) -> None:
    from seatwise.control import connections

    back = {"error": "consent_required", "error_description": f"AADSTS{code}: …", "state": params(at.begin())["state"]}
    attempt = connections.complete(back, at.session)
    found = connections.outcome(attempt.id, at.session)
    assert (
        found.shown_code == f"AADSTS{code}"
        and found.state == "admin_needed"
        and "administrator" in found.sentence
        and at.is_untouched()
    )


def test_a_personal_account_is_stopped_at_microsoft(at: Desk) -> None:
    page = at.walk(at.begin(), PERSONAL)
    assert "AADSTS50020" in page.text and at.is_untouched()


def test_a_token_of_a_personal_account_is_refused_with_the_reason(at: Desk) -> None:
    at.does("lie", claims={
        "tid": "9188040d-6c67-4c5b-b112-36a304b66dad",
        "iss": f"{at.sandbox.authority}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
    })  # fmt: skip
    attempt = at.sign_in()
    assert attempt.outcome["code"] == "personal_account" and "work account" in attempt.outcome["sentence"]
    assert at.is_untouched()


def test_partial_consent_connects_and_names_what_is_missing(at: Desk) -> None:
    at.does("grant", permissions=[name for name in FIVE if name != "AuditLog.Read.All"])
    # As when the registration lists fewer: the person is asked for what the address names, and grants only that.
    address = at.begin().replace("AuditLog.Read.All", "User.Read.All")
    from seatwise.control import connections

    attempt = connections.complete(at.back(address), at.session)
    assert attempt.outcome["state"] == "connected" and attempt.outcome["missing"] == ["AuditLog.Read.All"]
    assert (at.connection.state, at.connection.code) == ("degraded", "permission_missing")
    assert "AuditLog.Read.All" in at.connection.reason and at.connection.next_step == "grant"


def test_an_account_without_a_reporting_role_is_told_apart_from_a_missing_permission(at: Desk) -> None:
    at.sign_in(APP_ADMIN)
    connection = at.connection
    assert (connection.state, connection.code) == ("degraded", "role_missing")
    assert "Reports Reader" in connection.reason
    checks = {check["name"]: check for check in connection.checks}
    assert checks["AuditLog.Read.All"]["state"] == "ok" and checks["Reporting role"]["state"] == "missing"


def test_an_administrator_approves_through_the_link(at: Desk) -> None:
    from seatwise.control import connections
    from seatwise.control.models import AuditEntry, Link

    attempt = connections.complete(at.consent(), at.session)
    assert attempt.outcome["state"] == "connected", attempt.outcome
    connection = at.connection
    assert (connection.state, connection.method, connection.tenant_id) == (
        "active",
        "admin_consent",
        at.sandbox.tenant_id,
    )
    assert Link.objects.get().used_at is not None
    assert {"connect.started", "connect.consented", "connection.connected"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_a_declined_link_stays_good_and_connects_nothing(at: Desk) -> None:
    from seatwise.control import connections

    token = at.consent_link()
    attempt = connections.complete(at.consent(press="Cancel", token=token), at.session)
    assert attempt.outcome["state"] == "declined" and at.is_untouched()
    assert connections.complete(at.consent(token=token), at.session).outcome["state"] == "connected"


def test_a_consent_that_microsoft_has_not_spread_yet_is_waited_for(at: Desk) -> None:
    from seatwise.control import connections

    back = at.consent()
    at.does("fail", code=700016, count=1)
    assert connections.complete(back, at.session).outcome["state"] == "connected"


def test_a_used_link_leads_nowhere(at: Desk) -> None:
    from seatwise.control import connections

    token = at.consent_link()
    connections.complete(at.consent(token=token), at.session)
    with pytest.raises(AskAdmin, match="link_used"):
        connections.begin_consent(token, at.session, CALLBACK)


def test_two_returns_through_one_link_connect_once(at: Desk) -> None:
    from seatwise.control import connections

    token = at.consent_link()
    one, two = at.consent(token=token), at.consent(token=token)
    assert connections.complete(one, at.session).outcome["state"] == "connected"
    assert connections.complete(two, at.session).outcome["code"] == "link_used"


def test_a_reconnect_keeps_identity_and_schedule(at: Desk) -> None:
    from seatwise.control.models import Connection

    at.sign_in()
    before = at.connection
    Connection.objects.update(sync_every_min=15, state="needs_reauth", code="access_ended")
    at.workspace.refresh_from_db()
    assert at.sign_in(purpose="reconnect").outcome["state"] == "connected"
    after = at.connection
    assert (after.id, after.created_at, after.sync_every_min) == (before.id, before.created_at, 15)
    assert after.state == "active" and Connection.objects.count() == 1


def test_attempts_that_are_over_keep_no_verifier(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Secret

    at.begin()
    assert Secret.objects.filter(field="verifier").count() == 1
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(timedelta(minutes=11).total_seconds()))
    connections.sweep()
    assert clock.wall() and not Secret.objects.filter(field="verifier").exists()


def test_without_a_registration_the_owner_is_asked_for_one(at: Desk) -> None:
    from seatwise.control import connections

    assert connections.registration("sandbox").client_id == at.client_id  # type: ignore[union-attr]
    assert connections.registration("global") is None
    with pytest.raises(AskAdmin, match="registration_missing"):
        at.begin(cloud="global")


@pytest.mark.parametrize("tenant", ["", "own"])
def test_a_registration_with_a_wrong_secret_is_not_kept(at: Desk, tenant: str) -> None:
    from seatwise.control import connections

    wrong = "aB38Q~wrong.secret-value_0123456789abcdef"
    with pytest.raises(AskAdmin, match="secret_wrong"):
        connections.set_registration(
            at.owner, "sandbox", at.client_id, secret=wrong, tenant=tenant and at.sandbox.tenant_id
        )
    assert at.sign_in().outcome["state"] == "connected"


def test_the_environment_gives_a_registration(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import connections

    monkeypatch.setenv("SEATWISE_ENTRA_CLIENT_ID", "0C1D2E3F-1111-4222-8333-444455556666")
    monkeypatch.setenv("SEATWISE_ENTRA_CLIENT_SECRET", "made-up-secret-value")
    found = connections.registration("global")
    assert found is not None and found.source == "environment" and "made-up" not in repr(found)
    assert at.begin(cloud="global").startswith("https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?")


def test_who_signs_in_with_admin_rights_of_every_kind_is_the_account_shown(at: Desk) -> None:
    from seatwise.control import connections

    at.sign_in(ADMIN)
    shown = connections.view(at.connection)
    assert shown.account.startswith("admin@") and shown.state_label == "Active" and not shown.is_broken
