"""Graph JSON and diagnostic settings in every arrangement people hand in."""

from __future__ import annotations

import json

import pytest

from seatwise.lake.forms import SetAside, Unreadable
from tests.lake.forms.made import OTHER, TENANT, diagnostic, event_id, events, graph, lines, only, read, reading

BLOB = f"/e/insights-logs-signinlogs/tenantId={TENANT}/y=2026/m=09/d=30/h=06/m=00/PT1H.json"


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"@odata.context": "x#auditLogs/signIns", "value": [graph(1), graph(2)]}),
        json.dumps({"value": [graph(1), graph(2)]}, indent=2),
        json.dumps([graph(1), graph(2)]),
        json.dumps([graph(1), graph(2)], indent=1),
        lines(graph(1), graph(2)).decode(),
        lines({"value": [graph(1)]}, {"value": [graph(2)]}).decode(),
        json.dumps([{"request": {"url": "x/signIns"}, "response": {"body": {"value": [graph(n)]}}} for n in (1, 2)]),
        "[\n" + ",\n".join(json.dumps(graph(n)) for n in (1, 2)) + "\n]",
    ],
    ids=["answer", "pretty answer", "array", "pretty array", "lines", "answers in lines", "pairs", "array by lines"],
)  # fmt: skip
def test_sign_ins_of_graph_are_read_in_every_arrangement(content: str) -> None:
    found = events(content.encode())
    assert [event.sign_in.id for event in found] == [event_id(1), event_id(2)]
    assert {(event.feed, event.kind, event.tenant) for event in found} == {("graph", "interactiveUser", TENANT)}


@pytest.mark.parametrize(
    "content",
    [
        lines(diagnostic(1), diagnostic(2)),
        json.dumps({"records": [diagnostic(1), diagnostic(2)]}).encode(),
        lines({"records": [diagnostic(1)]}, {"records": [diagnostic(2)]}),
        json.dumps([diagnostic(1), diagnostic(2)]).encode(),
        lines({"message": json.dumps(diagnostic(1))}, {"_raw": json.dumps(diagnostic(2)), "host": "h"}),
        b"\n".join(json.dumps(json.dumps(diagnostic(n))).encode() for n in (1, 2)),
        lines(*({k: (json.dumps(v) if k == "properties" else v) for k, v in diagnostic(n).items()} for n in (1, 2))),
    ],
    ids=["lines", "records", "records in lines", "array", "message", "quoted lines", "properties as text"],
)
def test_diagnostic_records_are_read_in_every_arrangement(content: bytes) -> None:
    found = events(content)
    assert [event.sign_in.id for event in found] == [event_id(1), event_id(2)]
    assert {(event.feed, event.tenant, event.logged) for event in found} == {("diagnostic", TENANT, TENANT)}


def test_one_object_is_a_file() -> None:
    assert only(json.dumps(graph(3), indent=2).encode()).sign_in.id == event_id(3)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"signInEventTypes": ["nonInteractiveUser"]}, "nonInteractiveUser"),
        ({"signInEventTypes": ["servicePrincipal"]}, "servicePrincipal"),
        ({"signInEventTypes": None, "isInteractive": False}, "nonInteractiveUser"),
        ({"signInEventTypes": ["unknownFutureValue"]}, "interactiveUser"),
        (
            {"signInEventTypes": None, "userId": "", "userPrincipalName": "", "servicePrincipalId": "x"},
            "servicePrincipal",
        ),
    ],
)
def test_the_kind_comes_from_the_event_types_and_else_from_person_and_flag(
    changes: dict[str, object], kind: str
) -> None:
    assert only(lines(graph(1, **changes))).kind == kind


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"id": None}, "no_id"),
        ({"createdDateTime": "0001-01-01T00:00:00Z"}, "no_time"),
        ({"createdDateTime": "9999-12-31T23:59:59Z"}, "no_time"),
        ({"userId": None, "userPrincipalName": None}, "no_person"),
        ({"appId": None, "appDisplayName": ""}, "no_app"),
        ({"status": None}, "no_status"),
    ],
)
def test_what_a_record_must_have_is_named_when_it_is_missing(missing: dict[str, object], reason: str) -> None:
    assert read(lines(graph(1, **missing))) == [SetAside("interactiveUser", reason)]


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("AuditLogs", "audit"),
        ("UserManagement", "audit"),
        ("MicrosoftServicePrincipalSignInLogs", "microsoftServicePrincipal"),
        ("ProvisioningLogs", "provisioning"),
        ("RiskyUsers", "risk"),
        ("ADFSSignInLogs", "adfsSignIn"),
        ("MicrosoftGraphActivityLogs", "graphActivity"),
    ],
)
def test_other_known_categories_are_set_aside(category: str, kind: str) -> None:
    assert read(lines(diagnostic(1, category))) == [SetAside(kind, "category_not_kept")]


def test_a_tenant_is_where_the_resource_is_then_the_envelope_never_the_home() -> None:
    guest = only(lines(diagnostic(1, resourceTenantId=OTHER)))
    assert (guest.tenant, guest.logged) == (OTHER, TENANT)
    from_path = {"tenantId": None}
    assert only(lines(diagnostic(1, outer=from_path, resourceTenantId=None))).tenant == TENANT
    assert only(lines(graph(1, resourceTenantId=None))).tenant == ""


def test_the_last_line_of_a_growing_blob_is_left_for_later() -> None:
    text = lines(diagnostic(1), diagnostic(2))
    for cut in (text[:-40], text[: len(text) // 2 - 30]):
        growing = reading(cut, BLOB)
        n_whole = cut.count(b"\n")
        assert len(list(growing.records())) == n_whole
        assert growing.is_cut


def test_a_broken_line_inside_is_counted_and_the_others_stand() -> None:
    found = read(lines(diagnostic(1)) + b'{"category": \n' + lines(diagnostic(2)))
    assert found[1] == SetAside("unknown", "not_json")
    assert len(found) == 3


def test_an_empty_blob_of_an_hour_is_no_error_and_an_empty_file_is() -> None:
    assert read(b"", BLOB) == []
    with pytest.raises(Unreadable, match="empty"):
        read(b" \n ")


@pytest.mark.parametrize("content", [b'{"value": [}', b"{'a': 1}", b"[1, 2", b'{"a": "b",}'])
def test_what_only_looks_like_json_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="not valid JSON"):
        read(content)


def test_unknown_types_of_values_do_not_lose_the_record() -> None:
    odd = graph(1, userDisplayName=12, status={"errorCode": "50126"}, isInteractive="true", autonomousSystemNumber="x")
    event = only(lines(odd))
    assert event.sign_in.status and event.sign_in.status.errorCode == 50126
    assert event.sign_in.id == event_id(1)


def test_bytes_that_are_no_text_are_replaced_not_fatal() -> None:
    bad = json.dumps(diagnostic(1, userDisplayName="XX")).encode().replace(b"XX", b"\xff\xfe") + b"\n"
    assert only(bad).sign_in.id == event_id(1)


def test_a_large_document_gives_the_same_records_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.lake.forms import json_text

    records = [graph(n, userDisplayName='a "quoted\\" {[name]} \\') for n in range(3000)]
    text = json.dumps({"@odata.context": "x#auditLogs/signIns", "note": "}{][", "value": records}).encode()
    monkeypatch.setattr(json_text, "HELD", 100_000)
    assert [event.sign_in.id for event in events(text)] == [event_id(n) for n in range(3000)]
    cut = reading(text[:-5000])
    assert 2900 < len(list(cut.records())) < 3000
    assert cut.is_cut


@pytest.mark.parametrize(
    ("item", "around", "kind", "reason"),
    [
        ({"id": "x", "displayName": "Ada"}, "users(id)", "user", "directory_object"),
        ({"@odata.type": "#microsoft.graph.group", "id": "x"}, "directoryObjects", "group", "directory_object"),
        (
            {"id": "x", "activityDateTime": "2026-09-30T09:21:20Z"},
            "auditLogs/directoryAudits",
            "audit",
            "category_not_kept",
        ),
        ({"id": "x", "signInCount": 14, "firstSignInDateTime": "2026-09-30T06:15:32Z"}, "", "summary", "grouped"),
        ({"id": "x", "skuId": "y"}, "subscribedSkus", "licence", "directory_object"),
    ],
)
def test_other_collections_of_graph_are_named_and_set_aside(
    item: dict[str, object], around: str, kind: str, reason: str
) -> None:
    answer = {"@odata.context": f"https://graph.microsoft.com/beta/$metadata#{around}", "value": [item]}
    assert read(json.dumps(answer).encode()) == [SetAside(kind, reason)]
