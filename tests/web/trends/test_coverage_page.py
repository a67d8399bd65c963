"""The page Coverage: what is complete, in part and missing, why, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from seatwise.web.trends.calendar import calendar
from tests.support.tiny_lake import TinyLake, at
from tests.web.conftest import Site
from tests.web.test_app_pages import filled, text

AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)


def row(day: int, kind: str = "interactiveUser", state: str = "complete", **more: Any) -> dict[str, Any]:
    return {"day": f"2026-06-{day:02}", "kind": kind, "state": state, "n_events": 3, "reason": None, **more}


def both(day: int, state: str = "complete", **more: Any) -> list[dict[str, Any]]:
    return [row(day, kind, state, **more) for kind in ("interactiveUser", "nonInteractiveUser")]


def test_a_day_counts_as_complete_when_both_kinds_of_people_are() -> None:
    rows = [*both(1), row(2), row(2, "nonInteractiveUser", "missing", n_events=None, reason="read_failed")]
    rows += both(3, "missing", n_events=None, reason="not_read")
    found = calendar(rows, AS_OF, None)
    assert (found.n_days, found.n_complete, found.n_partial, found.n_missing) == (3, 1, 1, 1)


def test_days_that_lack_the_same_stand_together_newest_first() -> None:
    lacking = {"n_events": None, "reason": "not_read"}
    rows = [*both(1), *both(2, "missing", **lacking), *both(3, "missing", **lacking), *both(4)]
    rows += both(5, "partial", reason="not_vouched")
    gaps = calendar(rows, AS_OF, None).gaps
    assert [(gap.when, gap.n_days, gap.state) for gap in gaps] == [
        ("5 Jun 2026", 1, "partial"),
        ("2 Jun 2026 – 3 Jun 2026", 2, "missing"),
    ]
    assert gaps[0].remedy == "Import the file again and say from when to when it is complete."
    assert gaps[1].remedy == "The next sync reads it."


def test_what_microsoft_has_no_more_is_asked_for_as_a_file() -> None:
    rows = both(1, "missing", n_events=None, reason="not_read")
    (gap,) = calendar(rows, datetime(2026, 7, 2, tzinfo=UTC), None).gaps
    assert "import it below" in gap.remedy


def test_the_newest_days_are_complete_so_far() -> None:
    found = calendar([*both(26), *both(27), *both(29)], AS_OF, None)
    assert [cell.state for cell in found.strips[0].cells] == ["complete", "late", "late"]


def test_only_the_newest_days_are_shown_when_asked_for() -> None:
    found = calendar([entry for day in range(1, 11) for entry in both(day)], AS_OF, 3)
    assert [cell.day for cell in found.strips[0].cells] == ["2026-06-08", "2026-06-09", "2026-06-10"]
    assert found.months == (("June 2026", 3, True),)


def test_the_page_shows_calendar_gaps_and_days(site: Site, lake: TinyLake) -> None:
    site.connected()
    filled(lake, days=0)
    lake.window(at(29, "00:00:00"), AS_OF, "interactiveUser")
    lake.sign_in("anna", "mail", at(1))
    site.synced(lake)
    page = site.client("viewer").get(site.address("coverage"))
    assert page.status_code == 200
    told = text(page.content)
    assert "Days complete 0 of 30" in told
    assert "In part 30" in told
    assert "1 Jun 2026 – 30 Jun 2026 30 days" in told
    assert "People, in the background; Apps by themselves; Azure resources. It was not read." in told
    assert "Your role may look, not import" in told


def test_the_list_is_filtered_by_address_and_sent_as_a_file(site: Site, lake: TinyLake) -> None:
    site.connected()
    filled(lake)
    site.synced(lake)
    client = site.client("analyst")
    page = text(client.get(site.address("coverage") + "?f_state=complete&f_kind=servicePrincipal").content)
    assert "of 30 days and kinds" in page
    file = client.post(site.address("coverage_export") + "?f_kind=managedIdentity", {"format": "csv"})
    lines = file.content.decode().splitlines()
    assert lines[0].lstrip("\ufeff") == "day,kind,state,n_events,reason"
    assert len(lines) == 31


def test_before_anything_was_read_the_next_step_is_shown(site: Site) -> None:
    told = text(site.client("owner").get(site.address("coverage")).content)
    assert "Connect Microsoft Entra ID" in told
    assert "this company has none yet" in told
