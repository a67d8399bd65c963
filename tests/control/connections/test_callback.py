"""Every tampered return from Microsoft is refused in a plain sentence, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from seatwise.base.errors import AskAdmin
from tests.control.connections.desk import OTHER_TENANT, PERSONAL_TENANT, PLAIN, Back, Desk, refused


@pytest.fixture
def server() -> None:
    """On SQLite alone: no database decides these; the other files of this folder go to PostgreSQL as well."""


def other(text: str) -> str:
    return text[:-1] + ("A" if text[-1] != "A" else "B")


SHAPES: dict[str, tuple[Callable[[Back], Back], set[str]]] = {
    "no state": (lambda back: {**back, "state": ""}, {"callback_unknown"}),
    "state left out": (lambda back: {k: v for k, v in back.items() if k != "state"}, {"callback_unknown"}),
    "state of nobody": (lambda back: {**back, "state": "x" * 43}, {"callback_unknown"}),
    "state with one letter changed": (lambda back: {**back, "state": other(back["state"])}, {"callback_unknown"}),
    "state cut short": (lambda back: {**back, "state": back["state"][:-1]}, {"callback_unknown"}),
    "state with a blank after it": (lambda back: {**back, "state": back["state"] + " "}, {"callback_unknown"}),
    "state as its own hash": (
        lambda back: {**back, "state": sha256(back["state"].encode()).hexdigest()},
        {"callback_unknown"},
    ),
    "an endless code": (lambda back: {**back, "code": "1." + "A" * 100_000}, {"callback_unknown"}),
    "no code": (lambda back: {k: v for k, v in back.items() if k != "code"}, {"callback_odd"}),
    "an empty code": (lambda back: {**back, "code": ""}, {"callback_odd"}),
    "a made-up code": (lambda back: {**back, "code": "1.AX" + "b" * 80}, {"access_ended"}),
    "a code with one letter changed": (lambda back: {**back, "code": other(back["code"])}, {"access_ended"}),
    "code and error together": (lambda back: {**back, "error": "access_denied"}, {"declined"}),
    "admin_consent beside a code": (lambda back: {**back, "admin_consent": "True"}, {"callback_odd"}),
    "a tenant beside a code": (lambda back: {**back, "tenant": OTHER_TENANT}, {"callback_odd"}),
    "consent in place of a code": (
        lambda back: {"state": back["state"], "admin_consent": "True", "tenant": OTHER_TENANT},
        {"callback_odd"},
    ),
    "an error of our own invention": (
        lambda back: {"state": back["state"], "error": "<script>alert(1)</script>", "error_description": "AADSTS9"},
        {"sign_in_refused"},
    ),
    "an open redirect in the error": (
        lambda back: {"state": back["state"], "error": "server_error", "error_uri": "https://attacker.example/"},
        {"sign_in_busy"},
    ),
}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_return_of_another_shape(at: Desk, name: str) -> None:
    change, codes = SHAPES[name]
    assert refused(at, change(at.back(at.begin()))) in codes


LIES: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://login.attacker.example/{tenant}/v2.0"},
    "another cloud's issuer": {"iss": "https://login.microsoftonline.us/{tenant}/v2.0"},
    "the issuer of another tenant": {"iss": "{authority}/" + OTHER_TENANT + "/v2.0"},
    "the issuer template itself": {"iss": "{authority}/{{tenantid}}/v2.0"},
    "another tenant": {"tid": OTHER_TENANT},
    "another tenant with its own issuer": {"tid": OTHER_TENANT, "iss": "{authority}/" + OTHER_TENANT + "/v2.0"},
    "no tenant": {"tid": None},
    "a tenant that is a path": {"tid": "../common"},
    "another audience": {"aud": OTHER_TENANT},
    "several audiences": {"aud": ["{client}", OTHER_TENANT]},
    "no audience": {"aud": None},
    "another nonce": {"nonce": "another nonce"},
    "no nonce": {"nonce": None},
    "expired": {"exp": 1_700_000_000},
    "no end": {"exp": None},
    "an end in words": {"exp": "tomorrow"},
    "not valid yet": {"nbf": 4_000_000_000},
    "a personal account": {"tid": PERSONAL_TENANT, "iss": "{authority}/" + PERSONAL_TENANT + "/v2.0"},
}


@pytest.mark.parametrize("name", sorted(LIES))
def test_an_id_token_that_lies(at: Desk, name: str) -> None:
    known = {"tenant": at.sandbox.tenant_id, "authority": at.sandbox.authority, "client": at.client_id}

    def told(value: object) -> object:
        if isinstance(value, list):
            return [told(one) for one in value]
        return value.format(**known) if isinstance(value, str) else value

    at.does("lie", claims={claim: told(value) for claim, value in LIES[name].items()})
    code = refused(at, at.back(at.begin()))
    assert code in {"id_token_wrong", "tenant_other", "personal_account"}
    assert (code == "personal_account") == (name == "a personal account")


def test_an_id_token_signed_by_somebody_else(at: Desk) -> None:
    at.does("lie", claims={}, foreign_key=True)
    assert refused(at, at.back(at.begin())) == "id_token_wrong"


def test_another_browser_session(at: Desk) -> None:
    back = at.back(at.begin())
    for session in ("the-session-key-of-another-browser", "", at.session.upper()):
        assert refused(at, back, session) in ("callback_foreign", "callback_unknown")
    from seatwise.control import connections

    assert connections.complete(back, at.session).outcome["state"] == "connected"


def test_a_replay_is_refused_and_changes_nothing(at: Desk) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Connection, Secret

    back = at.back(at.begin())
    connections.complete(back, at.session)
    before = list(Connection.objects.values()), Secret.objects.count()
    with pytest.raises(AskAdmin, match="callback_used"):
        connections.complete(back, at.session)
    assert (list(Connection.objects.values()), Secret.objects.count()) == before


def test_a_replay_after_a_failure_is_refused(at: Desk) -> None:
    back = at.back(at.begin())
    assert refused(at, {"state": back["state"], "error": "access_denied"}) == "declined"
    assert refused(at, back) == "callback_used"


def test_ten_minutes_later(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    back = at.back(at.begin())
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", "601")
    assert refused(at, back) == "callback_expired"
    monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", "0")
    assert refused(at, back) == "callback_used"


def test_a_code_that_microsoft_let_expire(at: Desk) -> None:
    back = at.back(at.begin())
    at.does("expire_codes")
    assert refused(at, back) == "sign_in_again"


def test_a_code_that_was_redeemed_elsewhere(at: Desk) -> None:
    from seatwise.control.connections import callback

    back = at.back(at.begin())
    attempt = callback._claimed(back, at.session)
    told = callback.registering.credential("sandbox", at.client_id, "organizations")
    callback._redeemed(attempt, told, back["code"])
    type(attempt).objects.update(used_at=None)
    assert refused(at, back) == "sign_in_again"


def test_the_codes_of_two_sign_ins_swapped(at: Desk) -> None:
    one, two = at.back(at.begin()), at.back(at.begin())
    assert refused(at, {**one, "code": two["code"]}) == "sign_in_again"
    assert refused(at, {**two, "code": one["code"]}) == "sign_in_again"


def test_the_code_of_an_attacker_s_session_in_the_victim_s_return(at: Desk) -> None:
    mine = at.back(at.begin())
    theirs = at.back(at.begin(session_key="the-session-key-of-the-attacker-01"))
    assert refused(at, {**mine, "code": theirs["code"]}) == "sign_in_again"
    assert refused(at, theirs) == "callback_foreign"


def test_a_sign_in_s_return_for_a_consent_and_the_other_way_round(at: Desk) -> None:
    sign_in, consent = at.back(at.begin()), at.consent()
    assert refused(at, {**consent, "state": sign_in["state"]}) == "callback_odd"
    assert refused(at, {**sign_in, "state": consent["state"]}) == "callback_odd"


def test_another_tenant_on_reconnect(at: Desk) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Connection, Secret

    at.sign_in()
    Connection.objects.update(tenant_id=OTHER_TENANT, state="needs_reauth")
    type(at.workspace).objects.update(tenant_id=OTHER_TENANT)
    at.workspace.refresh_from_db()
    before = list(Connection.objects.values()), Secret.objects.count()
    attempt = connections.complete(at.back(at.begin("connect")), at.session)
    assert attempt.outcome["code"] == "tenant_other" and OTHER_TENANT in attempt.outcome["sentence"]
    assert (list(Connection.objects.values()), Secret.objects.count()) == before


def test_a_tenant_that_another_workspace_holds(at: Desk) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Connection, Workspace

    at.sign_in()
    second = Workspace.objects.create(name="Second")
    attempt = connections.complete(at.back(at.begin(workspace=second)), at.session)
    assert attempt.outcome["code"] == "tenant_taken" and Connection.objects.count() == 1
    second.refresh_from_db()
    assert second.tenant_id is None


def test_the_outcome_is_for_the_session_that_asked(at: Desk) -> None:
    from seatwise.control import connections

    attempt = at.sign_in()
    assert connections.outcome(attempt.id, at.session).is_connected
    with pytest.raises(AskAdmin, match="callback_foreign"):
        connections.outcome(attempt.id, "the-session-key-of-another-browser")


def test_no_address_and_no_record_tells_a_secret(at: Desk, caplog: pytest.LogCaptureFixture) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Attempt, AuditEntry

    with caplog.at_level("DEBUG"):
        back = at.back(at.begin())
        connections.complete(back, at.session)
    told = caplog.text + str(list(AuditEntry.objects.values())) + str(list(Attempt.objects.values()))
    assert back["code"] not in told and back["state"] not in told


def test_nobody_without_a_session_begins(at: Desk) -> None:
    for changed in ({"session_key": ""}, {"purpose": "consent"}, {"purpose": "anything"}):
        with pytest.raises(AskAdmin, match="attempt_odd"):
            at.begin(**changed)


def test_a_plain_user_whose_administrator_consented_before_may_connect(at: Desk) -> None:
    """The counterpart: what is right goes through, with the account that signed in."""
    from seatwise.control import connections

    connections.complete(at.consent(), at.session)
    at.workspace.refresh_from_db()
    assert at.sign_in(PLAIN).outcome["state"] == "connected"
    assert at.connection.method == "oauth2"
