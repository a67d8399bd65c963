"""The lies the wire can be told to tell, so that tests prove that they would notice."""

from __future__ import annotations

PLANTS = {
    "nested_group_counted": "members of a group hold the members of its nested groups as well",
    "failure_counted": "every fourth failed sign-in of a person reads as a success",
    "page_lost": "the second page of every walk is missing, its next link goes on behind it",
    "late_row_missed": "sign-ins that arrived more than an hour late are never served",
    "kind_left_out": "non-interactive sign-ins are served as an empty list",
    "seat_duplicated_as_other_user": "the first assignment of an app is served again for another person",
}
