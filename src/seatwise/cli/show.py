"""How answers, checks and progress look on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from seatwise.base import clock

if TYPE_CHECKING:
    from seatwise.control.answers import Answer
    from seatwise.control.jobs import Report
    from seatwise.sync.probe import Check
    from seatwise.sync.progress import Missing
    from seatwise.sync.run import Outcome
    from seatwise.sync.run import Progress as Step

_REASONS = {
    "not_read": "not read yet",
    "premium_missing": "the tenant has no Entra ID P1; import exported logs, or add P1",
    "permission_missing": "the permission AuditLog.Read.All is missing",
    "hours_missing": "hours are missing from the export",
    "not_vouched": "from files that nobody vouched for as complete; see import --complete",
    "differing": "Microsoft gave differing sign-ins for the same hours; the next sync tries again",
    "read_failed": "Microsoft's answers failed; the next sync tries again",
}
_SHORT = {
    "app_id": "app id",
    "user_id": "user id",
    "is_microsoft": "microsoft",
    "assignment_required": "assigned only",
    "n_seats": "seats",
    "n_seats_used_30d": "seats used",
    "n_used_30d": "people",
    "n_sign_ins_30d": "sign-ins",
    "n_uses_30d": "uses",
    "n_apps_used_30d": "apps used",
    "last_used_at": "last used",
    "is_enabled": "enabled",
    "evidence_id": "evidence",
    "n_events": "events",
    **{f"n_{state}": state for state in ("active", "idle", "unused", "never", "unknown")},
    "could_save_month": "could save",
    "cost_month": "a month",
    "price_month": "price",
}
# Left out of the table on a terminal, always there in every other format.
_HIDDEN = {
    "apps": {"app_id", "is_microsoft", "assignment_required", "n_uses_30d"},
    "users": {"user_id"},
    "app-users": {"app_id", "user_id", "evidence_id"},
    "products": {
        *("product_id", "app_ids", "vendor", "category_source", "sso", "is_microsoft", "is_by_hand", "is_enabled"),
        *("assignment_required", "consent", "note", "n_guests", "n_leavers", "n_without_seat_30d", "n_sign_ins_30d"),
        *("n_uses_30d", "n_started_30d", "n_stopped_30d", "first_used_on", "price_basis", "price_seat_month"),
        *("seats_bought", "idle_month", "unknown_month", "could_save_year", "notice_on", "owner", "renewal_on"),
        *("n_seats_used_30d", "state", "use_band"),
    },
    "product-users": {
        *("product_id", "user_id", "department", "kind", "is_enabled", "is_protected", "groups", "n_uses_30d"),
        *("first_used_on", "evidence_id", "evidence_app_id", "proven_days", "known_on", "idle_month", "unknown_month"),
    },
    "people": {"user_id", "job_title", "is_protected", "last_product", "n_sign_ins_30d", "idle_month", "unknown_month"},
    "teams": {"team", "n_sign_ins_30d", "idle_month", "unknown_month"},
    "team-products": {"product_id", "idle_month", "unknown_month"},
    "seat-groups": {"product_id", "group_id", "idle_month", "unknown_month"},
    "licences": {"sku_id", "part_number", "capability", "n_direct", "n_group", "idle_month", "renewal_on", "notice_on"},
    "licence-users": {"sku_id", "user_id", "department", "groups"},
    "savings": {"subject_id", "never_month", "unused_month", "could_save_year"},
}


def answer_table(name: str, answer: Answer, *, rows: int | None = None) -> None:
    """The answer as a table on standard output, with its as-of and coverage below."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    result = answer.result
    shown = [column for column in result.columns if column.name not in _HIDDEN.get(name, set())]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in shown:
        is_number = column.type in ("int", "number", "money")
        table.add_column(
            _SHORT.get(column.name, column.name),
            justify="right" if is_number else "left",
            no_wrap=is_number or column.name in {"name", "last_used_at", "day"},
            overflow="ellipsis",
            max_width=44 if column.name == "name" else None,
        )
    for row in result.rows[:rows]:
        table.add_row(*(Text(_cell(column.name, row[column.name])) for column in shown))
    console.print(table)
    left = len(result.rows) - len(result.rows[:rows])
    if left > 0:
        console.print(f"… and {left} more rows.", highlight=False)
    n_rows = max(result.n_rows, len(result.rows))
    counted = f"{n_rows} rows" if n_rows == len(result.rows) else f"{len(result.rows)} of {n_rows} rows"
    told = f"{counted}, as of {clock.format_time(result.as_of)}."
    console.print(f"{told} {_coverage(result.coverage)}", highlight=False)


def _coverage(coverage: Any) -> str:
    span = f"{coverage.from_} to {coverage.to}" if coverage.from_ else "the last 30 days"
    if coverage.state == "complete":
        return f"Sign-ins are complete for {span} (UTC)."
    reason = f": {_REASONS.get(coverage.reason, coverage.reason)}" if coverage.reason else ""
    if coverage.state == "partial":
        return f"Sign-ins are only partly known for {span}{reason}. Usage is a lower bound."
    return f"Usage is unknown{reason}. A dash means unknown, not zero."


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "" if name in ("reason", "department") else "–"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}" if name.endswith(("_month", "_year")) else f"{value:,}"
    if name.endswith("_at"):
        return str(value).replace("T", " ").removesuffix("Z")
    return _REASONS.get(value, value) if name == "reason" else str(value)


def checks(found: list[Check]) -> None:
    """The checklist of `doctor`, one line each, with the remedy below what fails."""
    console = Console(highlight=False)
    marks = {"ok": ("✓", "green"), "not_needed": ("–", "dim"), "missing": ("!", "yellow"), "failed": ("✗", "red")}
    for check in found:
        mark, style = marks[check.state]
        is_lacking = check.state in ("missing", "failed")
        told = check.sentence if is_lacking or not check.command else f"{check.sentence} Next: {check.command}"
        console.print(Text(f" {mark} ", style=style).append(f"{check.name}: ", style="bold").append(told, style=""))
        if check.remedy and is_lacking:
            console.print(Text(f"   → {_with(check.remedy, check.command)}"))


def lack(entry: Missing) -> str:
    """What could not be read, and what to type once that is mended."""
    return _with(entry.sentence, entry.command)


def _with(sentence: str, command: str) -> str:
    return f"{sentence} Run: {command}" if command else sentence


def outcome(found: Outcome) -> None:
    """One line per data set on standard error: rows, pages, time waited."""
    console = Console(stderr=True, highlight=False)
    for name, counted in found.datasets.items():
        waited = f", waited {counted.waited_s:.0f} s for Microsoft" if counted.waited_s >= 1 else ""
        console.print(f"  {name:<26} {counted.rows:>9,} rows  {counted.pages:>5,} pages{waited}")


@contextmanager
def progress(style: str) -> Iterator[Report]:
    """Where progress goes. style: "auto" (bars on a terminal, else nothing), "lines" (JSON lines on standard error)."""
    if style == "lines":
        yield _line
    elif sys.stderr.isatty():
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<26}"),
            BarColumn(bar_width=18),
            TextColumn("{task.fields[told]}"),
            console=Console(stderr=True),
            transient=True,
        ) as bars:
            yield _Bars(bars)
    else:
        yield _nowhere


def _nowhere(_step: Step) -> None:
    return None


def _line(step: Step) -> None:
    sys.stderr.write(
        json.dumps(
            {
                "dataset": step.dataset,
                "phase": step.phase,
                "rows": step.rows,
                "pages": step.pages,
                "waited_s": round(step.waited_s, 3),
                "left_s": step.left_s,
                "detail": step.detail,
            }
        )
        + "\n"
    )
    sys.stderr.flush()


class _Bars:
    """One bar per data set."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        name = step.dataset or "Microsoft"
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name.replace("_", " "), total=None, told="")
        told = f"{step.rows:,} rows, {step.pages:,} pages" if step.pages else step.phase
        if step.waited_s >= 1:
            told += f", waited {step.waited_s:.0f} s for Microsoft"
        if step.left_s:
            told += f", about {_span(step.left_s)} left"
        whole = 1.0 if step.phase in ("done", "missing") else None
        self._bars.update(self._tasks[name], told=told, total=whole, completed=whole)


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
