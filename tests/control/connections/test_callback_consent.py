"""Every tampered return from an administrator's consent is refused, and nothing is stored."""

from __future__ import annotations

import pytest

from tests.control.connections.desk import CALLBACK, OTHER_TENANT, PERSONAL_TENANT, Back, Desk, params, refused


@pytest.fixture
def server() -> None:
    """On SQLite alone: no database decides these; the other files of this folder go to PostgreSQL as well."""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tenant": OTHER_TENANT}, "tenant_not_found"),
        ({"tenant": PERSONAL_TENANT}, "callback_odd"),
        ({"tenant": ""}, "callback_odd"),
        ({"tenant": "common"}, "callback_odd"),
        ({"tenant": "../../attacker.example"}, "callback_odd"),
        ({"admin_consent": "False"}, "callback_odd"),
        ({"admin_consent": ""}, "callback_odd"),
        ({"error": "consent_required", "error_description": "AADSTS65004: declined"}, "declined"),
        ({"error": "permission_denied"}, "declined"),
        ({"code": "1.AXsomething"}, "callback_odd"),
        ({"state": ""}, "callback_unknown"),
    ],
)
def test_a_tampered_return_from_admin_consent(at: Desk, changed: Back, code: str) -> None:
    assert refused(at, {**at.consent(), **changed}) == code


def test_a_forged_admin_consent_that_nobody_gave(at: Desk) -> None:
    from seatwise.control import connections

    state = params(connections.begin_consent(at.consent_link(), at.session, CALLBACK))["state"]
    at.does("forget_consent")
    forged = {"state": state, "admin_consent": "True", "tenant": at.sandbox.tenant_id}
    assert refused(at, forged) == "no_permission"


@pytest.mark.parametrize("way", ["sign_in", "consent"])
def test_graph_that_answers_for_another_tenant_than_the_token_s(at: Desk, way: str) -> None:
    back = at.back(at.begin()) if way == "sign_in" else at.consent()
    rows = [{"id": OTHER_TENANT, "displayName": "Not ours", "verifiedDomains": []}]
    answer = {"@odata.context": f"{at.sandbox.graph}/v1.0/$metadata#organization", "value": rows}
    at.sandbox.control("POST", "/faults", {"path": "/organization", "status": 200, "count": 9, "body": answer})
    try:
        assert refused(at, back) == "tenant_other"
    finally:
        at.sandbox.control("DELETE", "/faults")


def test_a_consent_link_revoked_while_the_administrator_was_away(at: Desk) -> None:
    from seatwise.control import access
    from seatwise.control.models import Link

    back = at.consent()
    access.revoke(at.owner, Link.objects.get().id)
    assert refused(at, back) == "link_revoked"


def test_a_consent_in_another_session(at: Desk) -> None:
    assert refused(at, at.consent(), "the-session-key-of-another-browser") == "callback_foreign"
