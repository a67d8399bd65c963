"""Connecting with an app registration of one's own: secret and certificate, and what is said beside each field."""

from __future__ import annotations

import re

import pytest

from tests.web.integrations.conftest import HTMX, Trip

GUID = "8d3a4c10-6b7f-4e2a-9c51-2f0e7ab91d34"


def test_three_values_lead_to_connected_apps(granted: Trip) -> None:
    from seatwise.control import jobs

    client = granted.site.client("admin")
    answer = client.post(granted.at("entra_connect"), granted.form())
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == granted.at("integrations", "?tab=connected&new=1")
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "What happens now" in shown and "Microsoft Entra ID" in shown
    assert re.search(r'Connected apps <span class="count">1<', shown)
    first = jobs.newest(granted.sandbox.tenant_id)
    assert first is not None and first.trigger == "first"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("client_secret", GUID, "secret&#x27;s ID, not its value"),
        ("client_secret", "", "Enter the secret"),
        ("client_id", "seatwise", "not an application ID"),
        ("tenant", "5f1c2b7e-90aa-4d0e-8c11", "cut off"),
        ("tenant", "9188040d-6c67-4c5b-b112-36a304b66dad", "personal Microsoft accounts"),
        ("ends_on", "next year", "no date"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(trip: Trip, field: str, value: str, told: str) -> None:
    answer = trip.site.client("admin").post(trip.at("entra_connect"), trip.form(**{field: value}), **HTMX)
    shown = answer.content.decode()
    assert told in shown
    marked = re.search(rf'<input[^>]*id="{field}"[^>]*>', shown)
    assert marked and 'aria-invalid="true"' in marked[0] and f"{field}-e" in marked[0]
    assert trip.connection() is None


def test_a_secret_is_never_sent_back(granted: Trip) -> None:
    client, secret = granted.site.client("admin"), granted.app["client_secret"]
    wrong = "made-up-secret-that-is-long-enough~1"
    answers = [
        client.post(granted.at("entra_connect"), granted.form(tenant="x"), **HTMX),
        client.post(granted.at("entra_connect"), granted.form(client_secret=wrong), **HTMX),
        client.post(granted.at("entra_connect"), granted.form(client_secret=wrong)),
        client.post(granted.at("entra_connect"), granted.form()),
    ]
    pages = ("integrations", "entra", "entra_runs", "entra_swap", "entra_connect", "entra_disconnect", "entra_guide")
    answers += [client.get(granted.at(name)) for name in pages]
    answers += [client.get(granted.at("entra_connect", f"?step={step}")) for step in ("ways", "certificate", "link")]
    answers.append(client.post(granted.at("entra_swap"), {"kind": "client_secret", "client_secret": wrong}))
    answers.append(client.post(granted.at("entra_test"), **HTMX))
    for answer in answers:
        told = answer.content.decode() + str(answer.headers)
        assert secret not in told and wrong not in told


def test_microsofts_refusal_stands_above_the_form(granted: Trip) -> None:
    sent = granted.form(client_secret="made-up-secret-that-is-long-enough~1")
    shown = granted.site.client("admin").post(granted.at("entra_connect"), sent, **HTMX).content.decode()
    assert 'role="alert"' in shown and "AADSTS7000215" in shown
    assert granted.connection() is None


def test_a_certificate_is_made_uploaded_and_connects(granted: Trip) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    client = granted.site.client("admin")
    made = client.post(granted.at("entra_certificate"), **HTMX).content.decode()
    assert "The certificate is made" in made and "PRIVATE KEY" not in made
    file = client.get(granted.at("entra_certificate"))
    assert file.headers["Content-Disposition"] == 'attachment; filename="seatwise.cer"'
    pem = x509.load_der_x509_certificate(file.content).public_bytes(Encoding.PEM).decode()
    told = {"do": "add_certificate", "client_id": granted.app["client_id"], "certificate_pem": pem}
    granted.sandbox.control("POST", "/identity", told)
    form = {"method": "certificate", "cloud": "sandbox", "client_id": granted.app["client_id"]}
    answer = client.post(granted.at("entra_connect"), form | {"tenant": granted.sandbox.tenant_id})
    assert answer.status_code == 302, answer.content.decode()
    connection = granted.connection()
    assert connection is not None and connection.method == "certificate" and connection.state == "active"


def test_a_certificate_nobody_uploaded_is_told_and_waits_on(granted: Trip) -> None:
    client = granted.site.client("admin")
    client.post(granted.at("entra_certificate"))
    form = {"method": "certificate", "cloud": "sandbox", "client_id": granted.app["client_id"]}
    answer = client.post(granted.at("entra_connect"), form | {"tenant": granted.sandbox.tenant_id}, **HTMX)
    shown = answer.content.decode()
    assert "AADSTS700027" in shown and "The certificate is made" in shown
    assert granted.connection() is None


def test_only_an_owner_is_asked_for_the_registration(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATWISE_SANDBOX")
    for who, told in (("owner", "Client ID of the registration"), ("admin", "An owner has to prepare this once")):
        shown = trip.site.client(who).get(trip.at("entra_connect", "?step=ways")).content.decode()
        assert told in shown
    sent = {"cloud": "global", "registration_id": GUID, "registration_secret": "made-up-secret-long-enough"}
    trip.site.client("admin").post(trip.at("entra_registration"), sent)
    from seatwise.control.models import Registration

    assert not Registration.objects.exists()


def test_a_wrong_registration_is_refused_and_a_right_one_kept(trip: Trip) -> None:
    from seatwise.control import connections

    client = trip.site.client("owner")
    sent = {"cloud": "sandbox", "registration_id": trip.app["client_id"], "registration_secret": GUID}
    shown = client.post(trip.at("entra_registration"), sent, **HTMX).content.decode()
    assert "ID, not its value" in shown
    shown = client.post(
        trip.at("entra_registration"), sent | {"registration_secret": trip.app["client_secret"]}, **HTMX
    ).content.decode()
    assert "is saved" in shown and trip.app["client_secret"] not in shown
    found = connections.registration("sandbox")
    assert found is not None and found.client_id == trip.app["client_id"]


def test_it_is_said_beforehand_when_microsoft_would_send_people_elsewhere(trip: Trip) -> None:
    shown = trip.site.client("admin").get(trip.at("entra_connect", "?step=ways"), HTTP_HOST="127.0.0.1:8600")
    assert "OAuth 2.0 needs another address" in shown.content.decode()
    shown = trip.site.client("admin").get(trip.at("entra_connect", "?step=ways"))
    assert "OAuth 2.0 needs another address" not in shown.content.decode()
