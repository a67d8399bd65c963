"""The ten traps of real records, one test each (the eighth and ninth in two)."""

from __future__ import annotations

import base64

from seatwise.lake.forms import SetAside, encode
from tests.lake.forms.made import TENANT, diagnostic, event_id, graph, lines, log_analytics, only, read, token


def test_1_an_identity_without_app_name_person_address_or_place_is_kept_under_its_own_name() -> None:
    record = diagnostic(
        1, "ManagedIdentitySignInLogs", appDisplayName=None, userId=None, userPrincipalName=None, userType=None,
        ipAddress="", location={}, servicePrincipalId=event_id(7), servicePrincipalName="backup-job",
    )  # fmt: skip
    event = only(lines(record))
    assert (event.kind, event.sign_in.servicePrincipalName) == ("managedIdentity", "backup-job")
    assert event.sign_in.appDisplayName is None


def test_2_level_duration_and_result_may_have_any_spelling_and_type() -> None:
    spellings = [
        {"Level": 4, "durationMs": 0, "resultSignature": "None", "resultType": "0"},
        {"Level": None, "level": "Informational", "durationMs": "12", "resultSignature": "SUCCESS", "resultType": 0},
        {"Level": "4", "resultType": "Success"},
    ]
    for outer in spellings:
        status = only(lines(diagnostic(1, outer=outer, status=None))).sign_in.status
        assert status is not None
        assert status.errorCode == 0


def test_3_the_time_inside_is_trusted_whatever_the_envelope_writes() -> None:
    for time in ("11/14/2025 1:48:53 AM", "2026-09-30T06:18:04.1120457Z", "nonsense"):
        event = only(lines(diagnostic(1, outer={"time": time})))
        assert event.sign_in.createdDateTime == "2026-09-30T06:15:32.407118Z"


def test_4_an_audit_record_is_known_by_either_of_its_categories() -> None:
    for category in ("AuditLogs", "UserManagement", "A category of next year"):
        record = diagnostic(1, category)
        record["properties"] = {"category": "UserManagement", "activityDateTime": "2026-09-30T06:15:32Z"}
        assert read(lines(record)) == [SetAside("audit", "category_not_kept")]


def test_5_the_many_records_of_one_action_stay_apart_and_keep_what_ties_them() -> None:
    records = [diagnostic(n, "NonInteractiveUserSignInLogs", correlationId=event_id(99)) for n in (1, 2, 3)]
    found = [only(lines(record)) for record in records]
    assert len({event.sign_in.id for event in found}) == 3
    assert {event.sign_in.correlationId for event in found} == {event_id(99)}


def test_6_the_category_decides_and_not_the_interactive_flag() -> None:
    assert only(lines(diagnostic(1, "SignInLogs", isInteractive=False))).kind == "interactiveUser"
    assert only(lines(diagnostic(1, "NonInteractiveUserSignInLogs", isInteractive=True))).kind == "nonInteractiveUser"


def test_7_both_spellings_of_the_user_type_end_in_one_column_value() -> None:
    from seatwise.catalog import DATASETS
    from seatwise.lake.rows import Context, decoder, to_batch

    dataset = DATASETS["sign_ins"]
    page = b"\n".join(encode(only(lines(record)).sign_in) for record in (diagnostic(1), graph(2)))
    rows = to_batch(dataset, decoder(dataset)(page), Context(TENANT, "diagnostic"))
    assert rows.batch["user_type"].to_pylist() == ["member", "member"]


def test_8_the_token_identifier_is_the_id_in_two_dresses_and_only_used_without_one() -> None:
    as_text = base64.b64encode(event_id(5).encode()).decode()
    for written in (as_text, token(5)):
        assert only(lines(diagnostic(1, id=None, uniqueTokenIdentifier=written))).sign_in.id == event_id(5)
    assert only(lines(diagnostic(1, uniqueTokenIdentifier=token(5)))).sign_in.id == event_id(1)
    nonsense = diagnostic(1, id=None, uniqueTokenIdentifier="hhhh")
    assert read(lines(nonsense)) == [SetAside("interactiveUser", "no_id")]


def test_8_every_form_names_the_event_alike() -> None:
    upper = graph(1, id="{" + event_id(1).upper() + "}")
    ids = {only(lines(record)).sign_in.id for record in (upper, diagnostic(1), log_analytics(1))}
    assert ids == {event_id(1)}


def test_9_outer_keys_in_any_case() -> None:
    for change in (str.lower, str.upper):
        record = {change(name): value for name, value in diagnostic(1, resourceTenantId=None).items()}
        assert only(lines(record)).tenant == TENANT


def test_9_inner_keys_in_their_exact_case_only() -> None:
    record = diagnostic(1)
    record["properties"] = {name.lower(): value for name, value in record["properties"].items()}
    assert read(lines(record)) == [SetAside("interactiveUser", "no_time")]


def test_10_blanks_and_empty_strings_of_examples_are_read_as_what_they_mean() -> None:
    event = only(lines(graph(1, incomingTokenType="Primary Refresh Token", resourceTenantId="", homeTenantId="")))
    assert event.tenant == ""
    assert read(lines(graph(1, createdDateTime=""))) == [SetAside("interactiveUser", "no_time")]
