"""Every refusal the reference sheet knows: the state it leads to, its cause in plain words, and the step that helps."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from seatwise.base.errors import AskAdmin, SeatwiseError, TryLater
from seatwise.microsoft import aadsts, refusals
from tests.control.connections.desk import Desk, details, registered

SHEET, GRAPH_SHEET = "graph/identity-platform.md", "graph/batching-delta-paging-errors.md"
OURS = {"our bug", "our bug / app registered as public", "stop; our bug"}
TRANSIENT = {90033, 90012, 90024, 50000, 50033, 50087, 90090, 90055, 50196}
NAMES = ("reconnect", "swap_secret", "grant", "test", "sync", "wait", "connect")


def table(shared: Path) -> list[tuple[int, str, str]]:
    """(number, OAuth error, what the product does) of every row of the AADSTS table, read from the sheet itself."""
    text = (shared / SHEET).read_text("utf-8")
    part = text[text.index("| AADSTS | error |") :].split("\n\n")[0]
    found = []
    for line in part.splitlines()[2:]:
        numbers, error, _, action = (cell.strip() for cell in line.strip("|").split("|"))
        word = re.split(r"[ /(]", error.strip("()"))[0]
        found += [(int(number), word, action) for number in re.findall(r"\d+", numbers)]
    return found


def graph_403(shared: Path) -> list[tuple[str, str]]:
    """(code, message) of every 403 of the Graph table."""
    found = []
    for line in (shared / GRAPH_SHEET).read_text("utf-8").splitlines():
        if line.startswith("| 403 |"):
            cell = line.strip("|").split("|")[1]
            message = (re.findall('[“"](.*?)[”"]', cell) or [""])[0]
            found += [(code, message) for code in re.findall(r"\b[A-Za-z]+(?:_[A-Za-z]+)*\b", cell.split('"')[0])]
    return [(code, message) for code, message in found if code not in ("log", "or", "without")]


def error_of(number: int, word: str) -> SeatwiseError:
    meaning = aadsts.meaning({"error": word, "error_codes": [number]})
    return meaning.family(code=meaning.code, sentence=meaning.sentence)


def is_plain(sentence: str) -> bool:
    return len(sentence) > 40 and sentence.rstrip(")").endswith(".") and sentence.count(". ") >= 1


def test_the_sheet_is_read_whole(shared: Path) -> None:
    numbers = {number for number, _, _ in table(shared)}
    assert len(numbers) >= 70 and {90002, 7000222, 50173, 53003, 90038, 501481} <= numbers
    assert {"Authorization_RequestDenied", "Authentication_RequestFromUnsupportedUserRole", "AccessDenied"} <= {
        code for code, _ in graph_403(shared)
    }


def test_every_number_of_the_sheet_has_words_of_its_own(shared: Path) -> None:
    unknown = aadsts.meaning({"error": "invalid_something", "error_codes": [123456789]}).code
    for number, word, action in table(shared):
        meaning = aadsts.meaning({"error": word, "error_codes": [number]})
        assert number in aadsts._BY_NUMBER, number
        assert meaning.code != unknown and is_plain(meaning.sentence), (number, meaning.sentence)
        assert (meaning.family is TryLater) == (number in TRANSIENT), (number, action)


def test_every_number_leads_to_a_state_with_a_reason_and_a_button(shared: Path, data: Path) -> None:
    from seatwise.control.connections import states

    for number, word, _ in table(shared):
        verdict = states.of_error(error_of(number, word))
        if number in TRANSIENT:
            assert verdict is None, number
        else:
            assert verdict is not None and verdict.next_step in NAMES, number
            assert verdict.state in ("needs_reauth", "validation_error"), number
            assert is_plain(verdict.reason) and verdict.code, number


@pytest.mark.parametrize(
    ("numbers", "state", "step"),
    [
        ((7000215, 7000222, 700027, 50012), "needs_reauth", "swap_secret"),
        ((70000, 700082, 700084, 70043, 50173, 50089, 50132, 50133), "needs_reauth", "reconnect"),
        ((50076, 50079, 50072, 50074, 50078, 50158, 50057, 50034, 50020), "needs_reauth", "reconnect"),
        ((65001, 90094, 90095), "needs_reauth", "grant"),
        ((90002, 90038, 90051, 500011), "validation_error", "reconnect"),
        ((700016, 700011), "validation_error", "grant"),
        ((7000112, 53003, 53000), "validation_error", "test"),
    ],
)
def test_what_the_sheet_says_to_do_is_the_button(numbers: tuple[int, ...], state: str, step: str, data: Path) -> None:
    from seatwise.control.connections import states

    for number in numbers:
        verdict = states.of_error(error_of(number, "invalid_grant"))
        assert verdict is not None and (verdict.state, verdict.next_step) == (state, step), number


def test_an_unknown_number_gives_a_safe_general_text_with_the_number(data: Path) -> None:
    from seatwise.control.connections import states

    for word in ("invalid_client", "invalid_grant", "something_new", ""):
        answer = {"error": word, "error_description": "AADSTS7654321: <b>secret stuff</b> of 10.0.0.1\r\nTrace ID: x"}
        meaning = aadsts.meaning(answer)
        verdict = states.of_error(meaning.family(code=meaning.code, sentence=meaning.sentence))
        assert verdict is not None and "AADSTS7654321" in verdict.reason and is_plain(verdict.reason)
        assert "secret stuff" not in verdict.reason and "<" not in verdict.reason


def test_every_403_of_the_sheet_degrades_with_cause_and_step(shared: Path, data: Path) -> None:
    from seatwise.control.connections import states

    for code, message in graph_403(shared):
        body = json.dumps({"error": {"code": code, "message": message}}).encode()
        verdict = states.of_error(refusals.refusal(403, {}, body, "/users"))
        assert verdict is not None and verdict.state == "degraded", code
        assert is_plain(verdict.reason) and verdict.next_step in NAMES, code


def test_a_403_that_names_the_permission_names_it_to_people(shared: Path, data: Path) -> None:
    from seatwise.control.connections import states

    code = "Authentication_MSGraphPermissionMissing"
    message = "The principal does not have required Microsoft Graph permission(s): AuditLog.Read.All to call this API."
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    verdict = states.of_error(refusals.refusal(403, {}, body, "/auditLogs/signIns"))
    assert verdict is not None and "AuditLog.Read.All" in verdict.reason and verdict.next_step == "grant"


LIVE = sorted(
    {90002, 700016, 7000112, 7000215, 7000222, 7000218, 700025, 700027, 50013, 50194, 65001, 650057, 500011, 50057}
    | {50076, 53003, 50105, 90038, 70011, 50173}
)


@pytest.mark.parametrize("number", LIVE)
def test_a_refusal_on_the_wire_changes_the_state_at_once(at: Desk, number: int) -> None:
    from seatwise.control import connections

    connection = connected(at)
    at.sandbox.control("POST", "/identity", {"do": "fail", "code": number, "count": 1})
    checks = connections.test(connection)
    assert checks[0].name == "Token" and checks[0].state == "failed"
    assert connection.state in ("needs_reauth", "validation_error") and connection.next_step in NAMES
    assert is_plain(connection.reason) and connection.code
    assert connections.view(connection).shown_code == f"AADSTS{number}"
    connections.test(connection)
    assert (connection.state, connection.reason, connection.next_step) == ("active", "", "")


def test_transient_faults_never_change_a_state(at: Desk) -> None:
    from seatwise.control import connections

    connection = connected(at)
    since = connection.state_since
    for error in (
        TryLater(code="throttled", sentence="Later."),
        TryLater(code="not_reached", sentence="Later."),
        TryLater(code="sign_in_busy", sentence="Later."),
        AskAdmin(code="key_missing", sentence="The key is not there."),
        AskAdmin(code="sync_running", sentence="Another one runs."),
    ):
        connections.judge(connection, error=error)
    assert (connection.state, connection.state_since) == ("active", since)
    assert connection.failing_since is not None
    connections.test(connection)
    assert connection.failing_since is None


def test_a_busy_directory_during_a_test_changes_nothing(at: Desk) -> None:
    from seatwise.control import connections

    connection = connected(at)
    at.sandbox.control("POST", "/faults", {"path": "/groups", "kind": "status", "status": 503, "count": 50})
    checks = {check.name: check for check in connections.test(connection)}
    assert checks["groups"].state == "failed" and checks["groups"].is_passing
    assert connection.state == "active" and connection.failing_since is not None


def test_a_permission_taken_away_degrades_and_is_named(at: Desk) -> None:
    from seatwise.control import connections

    connection = connected(at)
    at.sandbox.control("POST", "/identity", {
        "do": "revoke", "client_id": connection.client_id, "permissions": ["AuditLog.Read.All"],
    })  # fmt: skip
    connections.test(connection)
    assert (connection.state, connection.code, connection.next_step) == ("degraded", "permission_missing", "grant")
    assert "AuditLog.Read.All" in connection.reason and "Group.Read.All" not in connection.reason


def test_a_token_without_any_role_is_told_apart(at: Desk) -> None:
    from seatwise.control import connections

    connection = connected(at)
    at.sandbox.control("POST", "/identity", {"do": "forget_consent", "client_id": connection.client_id})
    connections.test(connection)
    assert (connection.state, connection.code, connection.next_step) == ("validation_error", "no_permission", "grant")


def test_no_premium_licence_degrades_and_a_false_alarm_does_not(at: Desk) -> None:
    from seatwise.control import connections

    connection = connected(at)
    at.sandbox.control("POST", "/faults", {"path": "auditLogs/signIns", "kind": "premium_error", "count": 50})
    checks = {check.name: check for check in connections.test(connection)}
    assert checks["Premium licence"].state == "ok" and checks["sign_ins"].state == "failed"
    assert connection.state == "active", connection.reason
    at.sandbox.control("DELETE", "/faults")
    at.sandbox.control("POST", "/state", {"premium": False})
    connections.test(connection)
    assert (connection.state, connection.code) == ("degraded", "premium_missing")
    assert "P1" in connection.reason


def test_a_finished_run_judges_as_well(at: Desk) -> None:
    from seatwise.control import connections
    from seatwise.sync.progress import Missing, Outcome

    connection = connected(at)
    lack = Missing("sign_ins", "permission_missing", "Sign-ins could not be read: …", "AuditLog.Read.All")
    connections.judge(connection, outcome=Outcome("partial", [lack]))
    assert connection.state == "degraded" and "AuditLog.Read.All" in connection.reason
    connections.judge(connection, outcome=Outcome("partial", [Missing("groups", "throttled", "Later.")]))
    assert connection.state == "degraded" and connection.failing_since is not None
    connections.judge(connection, outcome=Outcome("done"))
    assert (connection.state, connection.reason, connection.failing_since) == ("active", "", None)


def test_what_was_disconnected_stays_so(at: Desk) -> None:
    from seatwise.control import connections
    from seatwise.sync.progress import Outcome

    connection = connected(at)
    connections.disconnect(at.owner, connection, erase=False)
    connections.judge(connection, outcome=Outcome("done"))
    connections.judge(connection, error=AskAdmin(code="secret_expired", sentence="It ended."))
    assert connection.state == "disconnected"


def connected(at: Desk):  # type: ignore[no-untyped-def]  # the model is known only once Django is set up
    from seatwise.control import connections

    made = registered(at.sandbox, name="By secret", consented=True)
    connection = connections.connect_with_secret(at.owner, at.workspace, details(at.sandbox, made))
    assert connection.state == "active", connection.reason
    return connection
