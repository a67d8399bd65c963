"""The portal's downloads and Log Analytics tables in every dialect, language and encoding."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatwise.lake.forms import Event, SetAside, Unreadable
from seatwise.lake.forms.portal_words import COLUMNS, folded
from tests.lake.forms.made import (
    APP,
    PORTAL_2025,
    TENANT,
    USER,
    diagnostic,
    event_id,
    events,
    log_analytics,
    only,
    portal,
    read,
    table,
)  # fmt: skip

# Date, request id, user id, sign-in name, app, app id, status, error code: the order of OURS.
LANGUAGES = {
    "German": (
        "Datum (UTC) | Anforderungs-ID | Benutzer-ID | Benutzername | Anwendung"
        " | Anwendungs-ID | Status | Fehlercode bei der Anmeldung"
    ),
    "French": (
        "Date (UTC) | ID de demande | ID d’utilisateur | Nom d'utilisateur | Application"
        " | ID d'application | Statut | Code d'erreur de connexion"
    ),
    "Spanish": (
        "Fecha (UTC) | Id. de solicitud | Id. de usuario | Nombre de usuario | Aplicación"
        " | Id. de aplicación | Estado | Código de error de inicio de sesión"
    ),
    "Italian": (
        "Data (UTC) | ID richiesta | ID utente | Nome utente | Applicazione"
        " | ID applicazione | Stato | Codice errore di accesso"
    ),
    "Dutch": (
        "Datum (UTC) | Aanvraag-id | Gebruikers-id | Gebruikersnaam | Toepassing"
        " | Toepassings-id | Status | Foutcode voor aanmelding"
    ),
    "Portuguese": (
        "Data (UTC) | ID da Solicitação | ID do usuário | Nome de usuário | Aplicativo"
        " | ID do aplicativo | Status | Código de erro de entrada"
    ),
    "Japanese": (
        "日付 (UTC) | 要求 ID | ユーザー ID | ユーザー名 | アプリケーション"
        " | アプリケーション ID | 状態 | サインイン エラー コード"
    ),
}
OURS = ("at", "id", "user_id", "upn", "app_name", "app_id", "status", "error_code")


def download(header: tuple[str, ...], *rows: dict[str, str], separator: str = ",") -> bytes:
    """A download under this header; a doubled column holds nonsense the second time."""
    written = []
    for row in rows:
        seen: set[str] = set()
        cells = []
        for name in header:
            ours = COLUMNS.get(folded(name), "")
            cells.append("none" if name in seen else row.get(ours, ""))
            seen.add(name)
        written.append(cells)
    return table(list(header), written, separator).encode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_headers_of_every_language_are_known(language: str, separator: str) -> None:
    cells = [[portal()[ours] for ours in OURS]]
    event = only(table(LANGUAGES[language].split(" | "), cells, separator).encode())
    assert (event.sign_in.id, event.sign_in.userId, event.sign_in.appId) == (event_id(1), USER, APP)
    assert (event.sign_in.appDisplayName, event.sign_in.userPrincipalName) == ("Acme CRM", "ada@northwind.example")


@pytest.mark.parametrize("year", ["interactive_2025_12", "interactive_2024_10", "interactive_2023"])
def test_the_columns_of_each_year_are_known(year: str, shared) -> None:  # type: ignore[no-untyped-def]
    header = json.loads((shared / "samples/portal-csv/headers.json").read_text("utf-8"))[year]
    event = only(download(tuple(header), portal(1)))
    assert (event.sign_in.id, event.tenant, event.sign_in.appId) == (event_id(1), TENANT, APP)


def test_the_service_principals_download_is_known_by_its_columns(shared) -> None:  # type: ignore[no-untyped-def]
    header = json.loads((shared / "samples/portal-csv/headers.json").read_text("utf-8"))["service_principal_2025_12"]
    row = {**portal(1), "principal_id": event_id(7), "principal_name": "backup-job"}
    event = only(download(tuple(header), row))
    assert (event.kind, event.sign_in.servicePrincipalName, event.sign_in.userId) == (
        "servicePrincipal",
        "backup-job",
        None,
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("InteractiveSignIns_2026.csv", "interactiveUser"),
        ("NonInteractiveSignIns_2026.csv", "nonInteractiveUser"),
        ("ApplicationSignIns_2026.csv", "servicePrincipal"),
        ("MSISignIns_2026.csv", "managedIdentity"),
        ("my own name.csv", "interactiveUser"),
    ],
)
def test_the_files_name_tells_the_kind_where_nothing_else_can(name: str, kind: str) -> None:
    assert only(download(PORTAL_2025, portal(1)), f"/d/{name}").kind == kind


def test_details_of_authentication_are_set_aside_by_name_and_by_columns() -> None:
    text = table(
        ["Request ID", "Date (UTC)", "Authentication method", "Succeeded"], [[event_id(1), "x", "Password", "true"]]
    )
    for name in ("/d/InteractiveSignIns_AuthDetails_1.csv", "/d/other.csv"):
        assert read(text.encode(), name) == [SetAside("authenticationDetail", "detail_of_another_record")]


def test_a_status_in_words_is_enough() -> None:
    header = tuple(name for name in PORTAL_2025 if name != "Sign-in error code")
    codes = []
    for word in ("Success", "Failure", "Interrupted", "Erfolg", "Esito negativo"):
        status = only(download(header, portal(1, status=word))).sign_in.status
        codes.append(status.errorCode if status else None)
    assert codes == [0, -1, -1, 0, -1]
    assert read(download(header, portal(1, status="?"))) == [SetAside("interactiveUser", "no_status")]


def test_grouped_rows_are_set_aside_because_their_events_cannot_be_told_apart() -> None:
    header = (*PORTAL_2025, "# sign ins")
    found = read(
        download(header, {**portal(1), "n_grouped": "14"}, {**portal(2), "n_grouped": "1"}),
        "/NonInteractiveSignIns_1.csv",
    )
    assert found[0] == SetAside("nonInteractiveUser", "grouped")
    assert isinstance(found[1], Event)


def test_a_spreadsheets_separator_line_and_repeated_headers_are_no_records() -> None:
    text = download(PORTAL_2025, portal(1), separator=";")
    again = b"sep=;\r\n" + text + text.replace(event_id(1).encode(), event_id(2).encode())
    assert [event.sign_in.id for event in events(again)] == [event_id(1), event_id(2)]


@pytest.mark.parametrize(
    ("first", "second", "read_as"),
    [
        ("30.09.2026 06:15:32", "01.10.2026 07:00", ["2026-09-30", "2026-10-01"]),
        ("30/09/2026 06:15:32", "01/10/2026 07:00:00", ["2026-09-30", "2026-10-01"]),
        ("9/30/2026 6:15:32 AM", "10/1/2026 7:00:00 PM", ["2026-09-30", "2026-10-01"]),
        ("01-10-2026 07:00:00", "30-09-2026 06:15", ["2026-10-01", "2026-09-30"]),
        ("2026/9/30 6:15:32", "2026/10/1 7:00:00", ["2026-09-30", "2026-10-01"]),
        ("2026-09-30 06:15:32", "2026-10-01T07:00:00.1234567Z", ["2026-09-30", "2026-10-01"]),
    ],
)
def test_a_files_dates_are_read_in_the_order_that_any_of_them_proves(
    first: str, second: str, read_as: list[str]
) -> None:
    found = events(download(PORTAL_2025, portal(1, at=first), portal(2, at=second)))
    assert [(event.sign_in.createdDateTime or "")[:10] for event in found] == read_as


def test_afternoons_are_after_noon() -> None:
    found = events(download(PORTAL_2025, portal(1, at="9/30/2026 12:05:00 AM"), portal(2, at="9/30/2026 2:05:00 PM")))
    assert [event.at.hour for event in found] == [0, 14]


def test_dates_that_could_be_either_are_refused_with_the_way_out() -> None:
    with pytest.raises(Unreadable, match=r"day/month or month/day\. Export it again"):
        read(download(PORTAL_2025, portal(1, at="05/06/2026 06:15:32"), portal(2, at="07/06/2026 06:15:32")))


def test_dates_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(Unreadable, match="only be day/month and others only month/day"):
        read(download(PORTAL_2025, portal(1, at="30/09/2026 06:15:32"), portal(2, at="9/30/2026 06:15:32")))


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


def encoded(text: str, encoding: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be+bom" else text.encode(encoding)


@pytest.mark.parametrize("encoding", [*ENCODINGS, "utf-16-be+bom"])
def test_every_encoding_is_told_from_the_bytes(encoding: str) -> None:
    text = download(PORTAL_2025, portal(1, user_name="Zoë Müller")).decode()
    assert only(encoded(text, encoding)).sign_in.userDisplayName == "Zoë Müller"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_json_comes_in_every_encoding_too(encoding: str) -> None:
    text = json.dumps(diagnostic(1, userDisplayName="Zoë 山田 🙂"), ensure_ascii=False) + "\n"
    assert only(text.encode(encoding)).sign_in.userDisplayName == "Zoë 山田 🙂"


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(NAMES, min_size=1, max_size=4),
    separator=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    agent=st.sampled_from(["", "one\nof two lines", 'with "quotes", commas; and\ttabs']),
)
def test_whatever_the_dialect_the_same_rows_come_out(
    names: list[str], separator: str, quoting: int, ending: str, encoding: str, agent: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow(PORTAL_2025)
    for n, name in enumerate(names):
        row = portal(n, user_name=name)
        cells = [row.get(COLUMNS.get(folded(column), ""), "") for column in PORTAL_2025]
        cells[PORTAL_2025.index("User agent")] = agent
        writer.writerow(cells)
    found = read(out.getvalue().encode(encoding))
    assert [event.sign_in.id for event in found if isinstance(event, Event)] == [event_id(n) for n in range(len(names))]
    assert [event.sign_in.userDisplayName or "" for event in found if isinstance(event, Event)] == names


def test_log_analytics_is_read_as_csv_and_as_lines_with_its_american_times() -> None:
    rows = [log_analytics(n) for n in (1, 2)]
    as_csv = table(list(rows[0]), [[row[name] for name in rows[0]] for row in rows]).encode()
    as_lines = "\n".join(json.dumps(row) for row in rows).encode()
    for content in (as_csv, as_lines):
        found = events(content)
        assert [event.sign_in.createdDateTime for event in found] == ["2026-09-30T06:15:32.407000Z"] * 2
        assert {(event.feed, event.tenant, event.kind) for event in found} == {
            ("log_analytics", TENANT, "interactiveUser")
        }


def test_log_analytics_without_time_generated_and_with_plain_names() -> None:
    row = {name.partition(" [")[0].removesuffix("_dynamic"): value for name, value in log_analytics(1).items()}
    del row["TimeGenerated"], row["Status_string"]
    row["CreatedDateTime"] = "2026-09-30T06:15:32.4071188Z"
    assert only(json.dumps(row).encode()).sign_in.id == event_id(1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Type": "AADNonInteractiveUserSignInLogs", "Category": "NonInteractiveUserSignInLogs"}, "nonInteractiveUser"),
        ({"Type": "AADServicePrincipalSignInLogs", "Category": ""}, "servicePrincipal"),
        ({"Type": "AADManagedIdentitySignInLogs", "Category": ""}, "managedIdentity"),
        ({"Type": "AuditLogs", "Category": "UserManagement"}, SetAside("audit", "category_not_kept")),
        ({"Type": "AADRiskyUsers", "Category": ""}, SetAside("risk", "category_not_kept")),
    ],
)
def test_log_analytics_tables_are_told_apart(changes: dict[str, str], expected: object) -> None:
    [found] = read(json.dumps(log_analytics(1, **changes)).encode())
    assert (found.kind if isinstance(found, Event) else found) == expected


def test_the_twin_that_holds_something_is_taken() -> None:
    row = log_analytics(1, Status_dynamic="", Status_string='{"errorCode":50126}', ResultType="")
    status = only(json.dumps(row).encode()).sign_in.status
    assert status and status.errorCode == 50126


def test_a_column_of_json_is_opened() -> None:
    rows = [["2026-09-30", json.dumps(diagnostic(n))] for n in (1, 2)]
    assert [event.sign_in.id for event in events(table(["_time", "_raw"], rows).encode())] == [event_id(1), event_id(2)]
    bare = table([json.dumps(diagnostic(1))], [[json.dumps(diagnostic(2))]]).encode()
    assert [event.sign_in.id for event in events(bare)] == [event_id(1), event_id(2)]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"hello\n", b"%PDF-1.7 \x00\x01", bytes(range(256)) * 40])
def test_anything_else_is_refused_with_what_was_expected(content: bytes) -> None:
    with pytest.raises(Unreadable, match="none of the files Seatwise reads"):
        read(content)


def test_log_analytics_times_of_another_culture_are_told_or_refused_never_taken_for_american() -> None:
    def written(*times: str) -> bytes:
        rows = [
            log_analytics(n, **{"CreatedDateTime [UTC]": at, "TimeGenerated [UTC]": ""}) for n, at in enumerate(times)
        ]
        return table(list(rows[0]), [list(row.values()) for row in rows]).encode()

    british = events(written("05/06/2026, 14:08:45.221", "28/06/2026, 14:08:45.221"))
    assert [event.at.day for event in british] == [5, 28]
    assert [event.at.month for event in events(written("5/6/2026, 2:08:45.221 PM"))] == [5]
    with pytest.raises(Unreadable, match="day/month or month/day"):
        events(written("05/06/2026, 14:08:45.221"))
