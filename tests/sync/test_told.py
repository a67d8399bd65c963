"""What a run and a test tell: each data set's end at its end, in words for people, with the command kept apart."""

from __future__ import annotations

import re

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.catalog.activity import SIGN_INS
from seatwise.catalog.registry import DATASETS
from seatwise.sync import lacks
from seatwise.sync.lacks import Standing
from tests.sync.conftest import AS_OF, Tenant

ALL = frozenset({"AuditLog.Read.All", "Directory.Read.All"})


def told_of(tenant: Tenant) -> list[tuple[str, str]]:
    return [(step.dataset, step.phase) for step in tenant.told]


def test_a_data_set_is_done_when_it_is_applied_not_when_the_run_ends(truth: Tenant) -> None:
    order = told_of(truth)
    for name in DATASETS:
        assert order.count((name, "done")) == 1
        assert (name, "done") == [step for step in order if step[0] == name][-1]
    first_sign_ins = order.index(("sign_ins", "page"))
    assert all(order.index((name, "done")) < first_sign_ins for name in DATASETS if name != "sign_ins")
    assert order.index(("subscribed_skus", "done")) < order.index(("app_role_assignments", "done"))


def test_a_data_set_that_cannot_be_read_is_told_as_missing_at_once(tenant: Tenant) -> None:
    tenant.registered("AuditLog.Read.All", "User.Read.All")
    outcome = tenant.sync()
    order = told_of(tenant)
    assert {name for name, phase in order if phase == "missing"} == {lack.dataset for lack in outcome.missing}
    assert order.index(("service_principals", "missing")) < order.index(("sign_ins", "missing"))
    assert order.index(("users", "done")) < order.index(("sign_ins", "missing"))


def test_no_sentence_names_a_command_and_each_remedy_has_one() -> None:
    refused = AskAdmin(code="permission_missing", sentence="No. Ask.")
    unlicensed = AskAdmin(code="premium_missing", sentence="No. Ask.")
    unable = AskAdmin(code="role_missing", sentence="No. Ask.")
    found = {
        "permission": lacks.missing(SIGN_INS, refused, Standing(frozenset())),
        "role": lacks.missing(SIGN_INS, unable, Standing(ALL)),
        "premium": lacks.missing(SIGN_INS, unlicensed, Standing(ALL, has_plan=False)),
        "false alarm": lacks.missing(SIGN_INS, unlicensed, Standing(ALL, has_plan=True)),
    }
    for what, lack in found.items():
        assert "seatwise" not in lack.sentence and lack.sentence.endswith("."), what
        assert "seatwise sync" in lack.command, what
    assert "seatwise import FILES" in found["premium"].command
    child = lacks.without_parent(DATASETS["app_role_assignments"], found["permission"])
    assert "seatwise" not in child.sentence and child.command == "seatwise sync"


def test_a_checklist_names_no_command_and_shows_days_as_people_write_them(tenant: Tenant) -> None:
    clock.set_now(clock.parse_time(AS_OF))
    before = {check.name: check for check in tenant.examine()}
    assert before["Stored data"].command == "seatwise sync"
    tenant.sync()
    tenant.sandbox.control("POST", "/state", {"premium": False})
    checks = {check.name: check for check in tenant.examine()}
    assert checks["Premium licence"].command == "seatwise import FILES"
    told = [f"{check.sentence} {check.remedy}" for check in (*before.values(), *checks.values())]
    assert not [words for words in told if "seatwise" in words or re.search(r"\dT\d\d:\d\d", words)]
    assert "last read on 14 Oct 2026, 10:00 UTC, less than a minute ago" in checks["Stored data"].sentence
