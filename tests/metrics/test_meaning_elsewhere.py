"""What the numbers mean: sentences about reading and storing, whose tests stand with the parts that do it."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

ELSEWHERE = {
    "2: the sandbox serves 30 days and late rows only once they arrived": (
        "entra_sandbox/test_graph_sign_ins.py::test_rows_come_late_and_leave_after_thirty_days"
    ),
    "2: the oracle counts what had arrived": "entra_sandbox/test_oracle.py::test_what_has_not_arrived_does_not_exist",
    "2: seven days without premium": "sync/test_plan.py::test_without_premium_only_seven_days_are_asked_for",
    "3: a sync reads up to its now": "sync/test_plan.py::test_no_second_of_the_retention_stays_unread",
    "3: lag and overlap decide what is read again": (
        "sync/test_plan.py::test_everything_that_may_have_come_late_is_read_again"
    ),
    "8: another tenant's events are set aside": "sync/test_intake.py::test_other_tenants_events_are_set_aside",
    "8: all four kinds are read": "entra_sandbox/test_graph_sign_ins.py::test_each_kind_is_served_whole_and_in_order",
    "8: v1.0 only where beta answers 404": "sync/test_old_version.py::test_v1_is_asked_only_where_beta_is_not_found",
    "10: ids on our short list": "catalog/test_declarations.py::test_known_ids_are_microsofts_without_an_owner",
    "18: a storage export needs all 24 hours": "sync/test_intake_windows.py::test_a_missing_hour_leaves_a_gap",
    "18: days a person vouched for": (
        "sync/test_intake_windows.py::test_vouched_days_are_complete_for_people_and_for_what_the_files_hold"
    ),
    "18: today is complete up to as_of": "metrics/test_coverage.py::test_today_is_complete_up_to_as_of",
    "18: every imported day": (
        "metrics/test_coverage.py::test_every_imported_day_is_listed_and_older_days_of_graph_are_not"
    ),
    "18: n_events counts failures": "metrics/test_coverage.py::test_complete_counts_failures_too_and_zero_is_zero",
    "20: 3 when something planned is missing": (
        "journey/test_no_premium.py::test_without_p1_usage_is_unknown_with_the_two_ways_out_and_comes_by_import"
    ),
    "20: never because today is not over": (
        "journey/test_truth.py::test_all_answers_equal_the_oracle_on_day_one_and_two_days_later"
    ),
    "21: GUIDs in lower case": "lake/test_rows.py::test_ids_compare_in_lower_case_without_braces",
    "21: ids of assignments as received": "lake/test_rows.py::test_ids_of_assignments_keep_their_case",
    "22: one key an event and feed": "lake/test_tables.py::test_an_import_is_merged_by_event_within_its_feed",
    "22: one view, by preference": "lake/test_reading.py::test_an_event_of_several_feeds_is_one_row_by_preference",
    "23: the tenant of an imported event": (
        "lake/forms/test_json_forms.py::test_a_tenant_is_where_the_resource_is_then_the_envelope_never_the_home"
    ),
    "23: else the one named": "sync/test_intake.py::test_events_that_name_no_tenant_need_one_named",
    "24: the first complete read is valid since ever": (
        "lake/test_tables.py::test_the_first_reading_is_valid_since_ever_and_changes_since_they_were_seen"
    ),
    "25: a re-sync never touches a decision": (
        "journey/test_answers_truth.py::test_every_answer_on_day_one_and_two_days_later_before_and_after_deciding"
    ),
    "25: prices are entered or imported": "control/decisions/test_files.py::test_",
}
"""Sentence → the test that keeps it."""


@pytest.mark.parametrize("sentence", ELSEWHERE)
def test_the_test_that_keeps_it_exists(sentence: str) -> None:
    path, _, name = ELSEWHERE[sentence].partition("::")
    assert f"def {name}" in (ROOT / "tests" / path).read_text("utf-8")


def test_every_rule_of_the_twenty_five_is_kept() -> None:
    here = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "metrics").glob("test_meaning*.py"))
    kept = {int(number) for number in re.findall(r"def test_rule_(\d+)_", here)}
    kept |= {int(sentence.partition(":")[0]) for sentence in ELSEWHERE}
    assert kept == set(range(1, 26))
