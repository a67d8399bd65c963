"""A large company's lake, written directly, and an install that shows it: what the pages are measured on."""

# ruff: noqa: S608  the questions are made of this file's own words

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
from deltalake import write_deltalake

from bench.rollup import EVENTS, guid
from seatwise.catalog import TABLES
from seatwise.lake import derive
from seatwise.lake.places import Places
from tests.support.install import Install

TENANT = "5ea7a15e-0000-4000-8000-000000000002"
LAST_DAY = date(2026, 6, 30)
AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
KINDS = ("interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity")


@dataclass(frozen=True)
class Size:
    people: int = 10_000
    apps: int = 800
    sign_ins: int = 5_000_000
    days: int = 90
    groups: int = 60


SMALL = Size(people=1_000, apps=80, sign_ins=100_000, days=40, groups=12)

# A person holds seats in seven of the ten apps they may use, and more by the groups they are in.
_HELD = "CAST(pow(hash(u * 10 + k) % 1000003 / 1000003.0, 3) * {most} AS INT)"
_DIRECTORY = {
    "users": f"""
        SELECT {guid("'user' || u")} AS user_id, 'Person ' || u AS name, 'person' || u || '@company.example' AS upn,
               'Department ' || (u % 25) AS department, 'Job ' || (u % 40) AS job_title,
               CASE WHEN u % 33 = 0 THEN 'guest' ELSE 'member' END AS user_type, u % 50 <> 0 AS is_enabled,
               TIMESTAMPTZ '2024-01-01 00:00:00+00' AS created_at,
               CASE WHEN u % 3 = 0 THEN '[{{{{"skuId":"sku-1"}}}},{{{{"skuId":"sku-2"}}}}]'
                    ELSE '[{{{{"skuId":"sku-1"}}}}]' END AS assigned_licenses,
               '[{{{{"skuId":"sku-1","assignedByGroup":null}}}}]' AS license_states
        FROM range({{people}}) t(u)""",
    "service_principals": f"""
        SELECT {guid("'sp' || a")} AS principal_id, {guid("'app' || a")} AS app_id, 'App ' || a AS name,
               CASE WHEN a % 20 = 0 THEN '{MICROSOFT}' ELSE {guid("'owner' || a % 50")} END AS owner_tenant_id,
               'Application' AS principal_type, true AS is_enabled, a % 3 = 0 AS assignment_required,
               CASE WHEN a % 2 = 0 THEN {guid("'template' || a")} END AS template_id, 'saml' AS sso_mode,
               'https://app' || a || '.example' AS homepage, '[]' AS reply_urls, '[]' AS tags
        FROM range({{apps}}) t(a)""",
    "app_role_assignments": f"""
        SELECT 'direct' || u || '-' || k AS assignment_id, {guid("'user' || u")} AS principal_id,
               'User' AS principal_type, {guid("'sp' || a")} AS resource_id, 'Person ' || u AS principal_name
        FROM (SELECT u, k, {_HELD} AS a FROM range({{people}}) p(u), range(7) r(k))
        UNION ALL
        SELECT 'group' || g || '-' || k, {guid("'group' || g")}, 'Group', {guid("'sp' || ((g * 13 + k) % {apps})")},
               'Group ' || g
        FROM range({{groups}}) p(g), range(3) r(k)""",
    "groups": f"""
        SELECT {guid("'group' || g")} AS group_id, 'Group ' || g AS name FROM range({{groups}}) t(g)""",
    "group_members": f"""
        SELECT {guid("'group' || g")} AS group_id, {guid("'user' || u")} AS member_id, 'user' AS member_type
        FROM range({{groups}}) a(g), range({{people}}) b(u) WHERE hash(g * 1000003 + u) % 20 = 0""",
    "oauth2_permission_grants": f"""
        SELECT 'grant' || a || '-' || k AS grant_id, {guid("'sp' || a")} AS client_id,
               CASE WHEN a % 4 = 0 THEN 'AllPrincipals' ELSE 'Principal' END AS consent_type,
               CASE WHEN a % 4 <> 0 THEN {guid("'user' || (a * 7 + k)")} END AS principal_id,
               {guid("'sp0'")} AS resource_id, 'User.Read Mail.Read' AS scope
        FROM range({{apps}}) t(a), range(2) r(k)""",
    "subscribed_skus": """
        SELECT 'sku-' || k AS sku_id, CASE k WHEN 1 THEN 'ENTERPRISEPACK' ELSE 'AAD_PREMIUM' END AS part_number,
               'User' AS applies_to, 'Enabled' AS capability_status, CAST({people} AS BIGINT) AS consumed_units,
               CAST({people} + 100 AS BIGINT) AS enabled_units FROM range(1, 3) t(k)""",
    "user_activity": f"""
        SELECT {guid("'user' || u")} AS user_id, TIMESTAMPTZ '2026-06-25 00:00:00+00' AS last_successful_at
        FROM range({{people}}) t(u)""",
}
_READY = """
from datetime import datetime
from seatwise.control.models import *
from seatwise.control.decisions import Change, decide
from seatwise.control import answers
import uuid
at = datetime.fromisoformat(given["as_of"])
workspace = Workspace.objects.create(name="Company", tenant_id=given["tenant"])
Run.objects.create(tenant_id=given["tenant"], kind="sync", state="done", as_of=at, created_at=at, started_at=at,
                   ended_at=at)
Connection.objects.create(
    workspace=workspace, tenant_id=given["tenant"], tenant_name="Company", client_id=str(uuid.uuid4()),
    method=Connection.Method.SECRET, cloud="custom", authority="https://127.0.0.1:9", graph="https://127.0.0.1:9",
    state=Connection.State.ACTIVE, state_since=at, created_at=at)
from django.test import Client
cookies = []
for n in range(given["sessions"]):
    person = Person(email=f"p{n}@company.example", name=f"Member {n}")
    person.set_unusable_password()
    person.save()
    Membership.objects.create(person=person, workspace=workspace, role="owner")
    client = Client(HTTP_HOST=given["host"])
    client.force_login(person)
    cookies.append({name: morsel.value for name, morsel in client.cookies.items()})
products = answers.ask("products", given["tenant"], as_of=at).result.rows
owner = Person.objects.get(email="p0@company.example")
told = []
for n, row in enumerate(products[:200]):
    told.append(Change("product", row["product_id"], "price", {
        "basis": "seat", "amount": "9.99", "currency": "EUR", "period": "month"}))
try:
    decide(owner, workspace, told)
except Exception as error:
    print(repr(error), file=sys.stderr)
people = answers.ask("people", given["tenant"], as_of=at, limit=1).result.rows
event = answers.ask("product-users", given["tenant"], as_of=at, limit=50).result.rows
print(json.dumps({"workspace": str(workspace.id), "cookies": cookies, "product": products[0]["product_id"],
                  "person": people[0]["user_id"],
                  "event": next((r["evidence_id"] for r in event if r["evidence_id"]), "")}))
"""


def write_lake(places: Places, size: Size) -> None:
    """Directory, sign-ins and the ledger, then the derived tables as a sync leaves them."""
    connection = duckdb.connect(config={"threads": "2"})
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false; SELECT setseed(0.5)").fetchall()
    counts = {"people": size.people, "apps": size.apps, "groups": size.groups, "most": size.apps - 1}
    for name, sql in _DIRECTORY.items():
        _write(connection, places, name, sql.format(**counts))
    for number in range(size.days):
        made = EVENTS.format(
            id=guid("'event' || i"),
            user=guid("'user' || u"),
            app=guid("'app' || a"),
            owner=guid("'owner' || a % 50"),
            action=guid("'action' || i // 3"),
            day=LAST_DAY - timedelta(size.days - 1 - number),
            tenant=TENANT,
            people=size.people - 1,
            apps=size.apps - 1,
            first=number * size.sign_ins // size.days,
            end=(number + 1) * size.sign_ins // size.days,
        )
        _write(connection, places, "sign_ins", made)
    start = AS_OF - timedelta(days=size.days)
    kinds = ", ".join(f"('{kind}')" for kind in KINDS)
    _write(
        connection,
        places,
        "windows",
        f"SELECT 'graph' AS feed, kind, TIMESTAMPTZ '{start}' AS from_at, TIMESTAMPTZ '{AS_OF}' AS to_at,"
        f" TIMESTAMPTZ '{AS_OF}' AS read_at, 0 AS n_rows, 0 AS n_set_aside, 'complete' AS state"
        f" FROM (VALUES {kinds}) t(kind)",
    )
    derive.rebuild(places, directory=True)


def _write(connection: duckdb.DuckDBPyConnection, places: Places, name: str, sql: str) -> None:
    table = TABLES[name]
    found = connection.sql(f"SELECT * FROM ({sql})").to_arrow_table()
    columns = [
        found.column(field.name).cast(field.type)
        if field.name in found.column_names
        else pa.nulls(found.num_rows, field.type)
        for field in table.schema
    ]
    data = pa.Table.from_arrays(columns, schema=table.schema)
    write_deltalake(places.table(name), data, mode="append", partition_by=list(table.partition) or None)


def ready(install: Install, n_sessions: int) -> dict[str, Any]:
    """Members with open sessions, prices on two hundred products, and addresses of one product, person and event."""
    with contextlib.suppress(KeyError):
        del install.env["SEATWISE_SANDBOX"]
    host = f"localhost:{install.port}"
    told: dict[str, Any] = install.inside(
        _READY, as_of=AS_OF.isoformat(), tenant=TENANT, sessions=n_sessions, host=host
    )
    return told
