"""Client credentials: connected with a secret or a certificate, swapped without a gap, ended without a trace."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from seatwise.base.errors import AskAdmin, SeatwiseError
from tests.control.connections.desk import FIVE, Desk, details, registered

WRONG = "aB38Q~wrong.secret-value_0123456789abcdef"
A_GUID = "0c1d2e3f-1111-4222-8333-444455556666"


@pytest.fixture
def made(at: Desk) -> dict[str, str]:
    return registered(at.sandbox, name="Own registration", consented=True)


def test_a_secret_connects_and_is_sealed(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections, vault

    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    assert (connection.state, connection.method) == ("active", "client_secret")
    assert connection.tenant_name and connection.domains and connection.checked_at and connection.next_sync_at
    assert connection.secret_hint == made["client_secret"][-4:]
    assert vault.fetch(connection.id, "credential") == made["client_secret"]
    shown = repr(connections.view(connection)) + repr(connection) + str(connection.checks)
    assert made["client_secret"] not in shown
    at.workspace.refresh_from_db()
    assert at.workspace.tenant_id == at.sandbox.tenant_id


def test_the_checklist_tells_each_permission_and_each_data_set(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections

    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    checks = {check.name: check for check in connections.test(connection)}
    assert set(FIVE) <= set(checks) and {"Token", "Tenant", "Premium licence", "sign_ins", "users"} <= set(checks)
    assert {check.state for check in checks.values()} == {"ok", "not_needed"}
    assert "Reporting role" not in checks
    shown = connections.view(connection)
    assert [check.name for check in shown.checks] == list(checks)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": WRONG}, "secret_wrong"),
        ({"tenant": "00000000-1111-4222-8333-444444444444"}, "tenant_not_found"),
        ({"client_id": "00000000-1111-4222-8333-444444444444"}, "client_not_found"),
        ({"secret": A_GUID}, "secret_id"),
        ({"tenant": "organizations"}, "tenant"),
        ({"tenant": "9188040d-6c67-4c5b-b112-36a304b66dad"}, "tenant"),
        ({"cloud": "mars"}, "cloud_unknown"),
    ],
)
def test_what_does_not_work_is_told_and_nothing_is_stored(
    at: Desk, made: dict[str, str], changed: dict[str, str], code: str
) -> None:
    from seatwise.control import connections

    with pytest.raises(SeatwiseError) as told:
        connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made, **changed))
    assert told.value.code == code and made["client_secret"] not in str(told.value)
    assert at.is_untouched()


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"client_id": A_GUID, "client_secret": WRONG, "tenant": "contoso.example"}, set()),
        ({"client_id": f" {A_GUID.upper()} ", "client_secret": f"{WRONG}\n", "tenant": " Contoso.Example "}, set()),
        ({"client_id": "", "client_secret": "", "tenant": ""}, {"client_id", "client_secret", "tenant"}),
        ({"client_id": "my app", "client_secret": WRONG, "tenant": "contoso"}, {"client_id", "tenant"}),
        ({"client_id": A_GUID, "client_secret": A_GUID, "tenant": "contoso.example"}, {"client_secret"}),
        ({"client_id": A_GUID, "client_secret": "abc", "tenant": "contoso.example"}, {"client_secret"}),
        ({"client_id": A_GUID, "client_secret": WRONG, "tenant": A_GUID}, {"tenant"}),
        ({"client_id": A_GUID, "tenant": "login.example/../evil"}, {"tenant"}),
    ],
)
def test_each_field_is_looked_at_before_anything_is_sent(form: dict[str, str], wrong: set[str], data: Path) -> None:
    from seatwise.control import connections

    found = connections.field_errors(form)
    assert set(found) == wrong
    assert all(told.endswith((".", "….")) for told in found.values())
    if form.get("client_secret") == A_GUID:
        assert "ID, not its value" in found["client_secret"]


def test_a_certificate_made_here_connects_and_its_key_stays(at: Desk) -> None:
    from seatwise.control import connections, vault

    pem, thumbprint = connections.make_certificate(at.workspace)
    assert "PRIVATE" not in pem
    public = x509.load_pem_x509_certificate(pem.encode())
    key = public.public_key()
    assert isinstance(key, rsa.RSAPublicKey) and key.key_size == 3072
    assert 729 <= (public.not_valid_after_utc - datetime.now(UTC)).days <= 730
    made = registered(at.sandbox, name="By certificate", consented=True, secret="none", certificate_pem=pem)
    waiting = connections.pending_certificate(at.workspace)
    assert waiting is not None and waiting.thumbprint == thumbprint and "PRIVATE" not in waiting.pem
    connection = connections.connect_with_certificate(
        at.owner, at.workspace, at.sandbox.tenant_id, made["client_id"], "sandbox"
    )
    assert (connection.state, connection.method) == ("active", "certificate")
    assert connection.secret_hint == thumbprint[:8] and connection.credential_ends_at == public.not_valid_after_utc
    assert connections.pending_certificate(at.workspace) is None
    assert vault.fetch(connection.id, "credential").count("PRIVATE KEY") == 2


def test_a_certificate_that_was_not_uploaded_keeps_waiting(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections

    with pytest.raises(AskAdmin, match="certificate_none"):
        connections.connect_with_certificate(at.owner, at.workspace, at.sandbox.tenant_id, made["client_id"], "sandbox")
    connections.make_certificate(at.workspace)
    with pytest.raises(AskAdmin, match="certificate_unknown"):
        connections.connect_with_certificate(at.owner, at.workspace, at.sandbox.tenant_id, made["client_id"], "sandbox")
    assert connections.pending_certificate(at.workspace) is not None
    assert not type(at.workspace).objects.exclude(tenant_id=None).exists()


def test_a_certificate_that_has_ended_is_told_before_anything_is_sent(
    at: Desk, made: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from seatwise.control import connections

    connections.make_certificate(at.workspace)
    for days, code in ((731, "certificate_expired"), (-2, "clock_wrong")):
        monkeypatch.setenv("SEATWISE_WALL_OFFSET_S", str(days * 86400))
        with pytest.raises(AskAdmin, match=code):
            connections.connect_with_certificate(
                at.owner, at.workspace, at.sandbox.tenant_id, made["client_id"], "sandbox"
            )


def test_a_swap_tests_the_new_secret_before_the_old_one_goes(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections, vault

    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    for wrong, code in ((WRONG, "secret_wrong"), (A_GUID, "secret_id"), ("", "secret")):
        with pytest.raises(AskAdmin, match=code):
            connections.swap_credential(at.owner, connection, secret=wrong)
    assert vault.fetch(connection.id, "credential") == made["client_secret"]
    assert connections.test(connection)[0].state == "ok"


def test_a_swap_to_a_certificate_and_back(at: Desk) -> None:
    from seatwise.control import connections, vault

    pem, _ = connections.make_certificate(at.workspace)
    made = registered(at.sandbox, name="Both", consented=True, certificate_pem=pem)
    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    connections.swap_credential(at.owner, connection, with_certificate=True)
    assert (connection.method, connection.state) == ("certificate", "active")
    assert vault.versions(connection.id, "credential") == [2]
    assert connections.pending_certificate(at.workspace) is None
    connections.swap_credential(at.owner, connection, secret=made["client_secret"])
    assert (connection.method, connection.state, connection.secret_hint) == (
        "client_secret",
        "active",
        made["client_secret"][-4:],
    )


def test_reconnect_keeps_identity_and_schedule_and_refuses_another_tenant(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Connection, Workspace

    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    Connection.objects.update(sync_every_min=240)
    second = registered(at.sandbox, name="Another registration", consented=True)
    again = connections.reconnect(at.owner, connection, details(at.sandbox, second))
    assert (again.id, again.sync_every_min, again.client_id) == (connection.id, 240, second["client_id"])
    Workspace.objects.update(tenant_id=A_GUID)
    Connection.objects.update(tenant_id=A_GUID)
    with pytest.raises(AskAdmin, match="tenant_other"):
        connections.reconnect(at.owner, at.connection, details(at.sandbox, made))
    assert at.connection.client_id == second["client_id"]


def test_disconnect_wipes_the_credential_and_keeps_the_data(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections, vault
    from seatwise.control.models import DataKey, Run

    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    home = connections.places(connection.tenant_id).home
    home.mkdir(parents=True, exist_ok=True)
    (home / "something").write_text("data")
    Run.objects.create(
        tenant_id=connection.tenant_id, kind="sync", as_of=connection.created_at, created_at=connection.created_at
    )
    at.sandbox.control("DELETE", "/requests")
    farewell = connections.disconnect(at.owner, connection, erase=False)
    assert (connection.state, connection.next_step, connection.next_sync_at) == ("disconnected", "connect", None)
    assert not DataKey.objects.filter(pk=connection.id).exists() and (home / "something").exists()
    assert Run.objects.get().state == "cancelled"
    assert made["client_id"] in farewell.steps[0].sentence and "delete" in farewell.steps[0].sentence
    with pytest.raises(AskAdmin, match="secret_none"):
        connections.reached(connection)
    assert at.tokens_asked("client_credentials") == 0
    assert vault.state() == "ready"


def test_disconnect_and_erase_leaves_nothing_and_frees_the_workspace(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections
    from seatwise.control.models import AuditEntry, Connection, Run

    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    home = connections.places(connection.tenant_id).home
    home.mkdir(parents=True, exist_ok=True)
    connections.disconnect(at.owner, connection, erase=True)
    at.workspace.refresh_from_db()
    assert not home.exists() and at.workspace.tenant_id is None
    assert not Connection.objects.exists() and not Run.objects.exists()
    entry = AuditEntry.objects.get(action="connection.disconnected")
    assert entry.detail == {"erased": True} and entry.person_name.startswith("Dana Kowalski")
    assert connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made)).state == "active"


def test_a_kept_connection_comes_back_in_place(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections

    first = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    connections.disconnect(at.owner, first, erase=False)
    again = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    assert again.id == first.id and again.state == "active" and again.next_sync_at is not None


def test_the_command_line_s_way_makes_a_workspace_of_its_own(at: Desk, made: dict[str, str]) -> None:
    from seatwise.control import connections
    from seatwise.control.models import Workspace

    told = connections.checked(details(at.sandbox, made))
    trial = connections.Trial(at.sandbox.tenant_id, frozenset(), "Northwind Trading")
    connection = connections.stored(told, trial)
    connections.test(connection, first_pages=False)
    connection.refresh_from_db()
    assert connection.workspace.name == "Northwind Trading" and connection.state == "active"
    assert Workspace.objects.filter(tenant_id=at.sandbox.tenant_id).count() == 1
    assert connections.of_tenant(None).id == connection.id


def test_the_clouds_to_choose_from(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import connections

    names = [choice.name for choice in connections.clouds()]
    assert names == ["sandbox", "global", "gcc-high", "dod", "china"]
    assert all(choice.label and (choice.portal or choice.name == "sandbox") for choice in connections.clouds())
    monkeypatch.delenv("SEATWISE_SANDBOX")
    assert "sandbox" not in [choice.name for choice in connections.clouds()]


def test_an_unreadable_file_of_the_sandbox_is_told(at: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEATWISE_SANDBOX", str(tmp_path / "nowhere.json"))
    with pytest.raises(AskAdmin, match="sandbox_unreadable"):
        at.begin()
    assert os.environ["SEATWISE_SANDBOX"]


@pytest.mark.parametrize("field", ["tenant", "client_id"])
def test_an_id_that_was_cut_off_is_told_so(field: str, data: Path) -> None:
    from seatwise.control import connections

    assert "This looks cut off" in connections.field_errors({field: A_GUID[:23]})[field]
    assert "this one has 23" in connections.field_errors({field: A_GUID[:23]})[field]
    assert "cut off" not in connections.field_errors({field: "cafe.example-"}).get(field, "")
