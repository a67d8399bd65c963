"""Who may not see names is told stand-ins, everywhere, and finds nobody by name."""

from __future__ import annotations

import json
import re

import pytest

from seatwise.metrics.decided import Decided, HandSeat
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Filter, Sort
from tests.support.tiny_lake import TinyLake, at

SECRET, OTHER = b"one secret", b"another secret"
DECIDED = Decided(revision=1, hand_seats=(HandSeat("crm", "by-hand@x.example"),))
NAMES = ("zzada", "zzbob", "zzgone", "by-hand")


@pytest.fixture
def crm(lake: TinyLake) -> TinyLake:
    lake.app("crm")
    for n, name in enumerate(NAMES[:2]):
        lake.user(f"00{n}", name=name.title(), upn=f"{name}@x.example", mail=f"{name}@x.example", department="Sales",
                  job_title=f"{name} executive")  # fmt: skip
        lake.assign("crm", f"00{n}")
        lake.add("oauth2_permission_grants", grant_id=str(n), client_id="sp-crm", consent_type="Principal",
                 principal_id=f"00{n}", scope="User.Read Mail.Read", resource_id="graph")  # fmt: skip
    lake.sign_in("000", "crm", at(1), event_id="e1", user_name="Zzada", upn="zzada@x.example")
    lake.sign_in("009", "crm", at(45), event_id="e2", user_name="Zzgone", upn="zzgone@x.example")
    lake.read_days(100)
    lake.derive()
    return lake


@pytest.mark.parametrize("name", METRICS)
def test_no_answer_tells_a_name(crm: TinyLake, name: str) -> None:
    of = (("event", "e1"),) if name == "evidence" else ()
    told = crm.answer(name, decided=DECIDED, pseudonyms=SECRET, of=of)
    text = json.dumps(told.rows, default=str).lower()
    assert [word for word in NAMES if word in text] == []


def test_a_person_stands_under_one_name_on_every_page_and_in_every_workspace_under_another(crm: TinyLake) -> None:
    def name(metric: str, secret: bytes) -> str:
        rows = crm.answer(metric, decided=DECIDED, pseudonyms=secret).rows
        (found,) = {row["name"] for row in rows if row["user_id"] == "000"}
        return str(found)

    assert re.fullmatch(r"Person [0-9A-F]{4}-[0-9A-F]{4}", name("people", SECRET))
    assert name("people", SECRET) == name("product-users", SECRET) == name("users", SECRET)
    assert name("people", SECRET) != name("people", OTHER)


def test_nobody_is_found_or_put_in_order_by_a_hidden_name(crm: TinyLake) -> None:
    assert crm.answer("people", pseudonyms=SECRET, search="zzada").rows == []
    is_ada = (Filter("name", "is", ("Zzada",)),)
    assert crm.answer("people", pseudonyms=SECRET, where=is_ada).rows == []
    assert len(crm.answer("people", where=is_ada).rows) == 1
    shown = [row["name"] for row in crm.answer("people", pseudonyms=SECRET, sort=(Sort("name"),)).rows]
    assert shown == sorted(shown)


def test_nobody_is_found_counted_or_put_in_order_by_a_hidden_job_title(crm: TinyLake) -> None:
    crm.user("002", name="Zzcarl", job_title="Zzcarl clerk", department="Sales")
    crm.derive()
    holds = (Filter("job_title", "is", ("zzbob executive",)),)
    assert len(crm.answer("people", where=holds).rows) == 1
    assert crm.answer("people", pseudonyms=SECRET, where=holds).rows == []
    assert crm.answer("people", pseudonyms=SECRET, search="executive").rows == []
    ordered = crm.answer("people", pseudonyms=SECRET, sort=(Sort("job_title"),)).rows
    assert [row["name"] for row in ordered] == sorted(row["name"] for row in ordered)
    assert {row["department"] for row in ordered} == {"Sales"}
    teams = crm.answer("teams", pseudonyms=SECRET, of=(("by", "job_title"),)).rows
    assert len(teams) <= 1
