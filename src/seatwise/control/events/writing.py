"""Writes findings as the lines of a letter: what, of what, worth how much, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from seatwise.control.events import addresses, letters, unsubscribing
from seatwise.control.events.findings import Finding
from seatwise.control.models import Person, Workspace

MOST_LINES: Final = 10
_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£"}


def money(amount: float | None, currency: str | None) -> str:
    """€1,240 a month; empty when there is no amount."""
    if amount is None or not amount:
        return ""
    told = f"{amount:,.2f}".removesuffix(".00")
    code = currency or ""
    return f"{_SIGNS[code]}{told} a month" if code in _SIGNS else f"{code} {told} a month".strip()


def line(workspace: Workspace, finding: Finding) -> letters.Line:
    from seatwise.control.events.cards import CARDS

    worth = money(finding.worth_month, finding.currency)
    detail = finding.detail or ""
    if finding.card == "renewal" and finding.on:
        detail = f"Renews on {day(finding.on)}" + (f"; {detail}" if detail else "")
    elif finding.card == "new_app" and finding.on:
        detail = f"First used on {day(finding.on)}"
    words = f"{CARDS[finding.card].words}: {finding.name}"
    return letters.Line(words, addresses.whole(addresses.of(workspace, finding)), detail, worth)


def part(workspace: Workspace, heading: str, findings: Sequence[Finding]) -> list[letters.Part]:
    """Empty without findings; at most ten of them, and how many more there are."""
    if not findings:
        return []
    n_more = len(findings) - MOST_LINES
    more = f"And {n_more} more on the page." if n_more > 0 else ""
    return [letters.Part(heading, tuple(line(workspace, each) for each in findings[:MOST_LINES]), more)]


def content(
    person: Person,
    workspace: Workspace,
    *,
    title: str,
    lead: str,
    parts: Sequence[letters.Part],
    button: tuple[str, str],
    why: str,
) -> letters.Content:
    return letters.Content(title, lead, tuple(parts), button, why, unsubscribing.address(person, workspace))


def day(on: str) -> str:
    found = date.fromisoformat(on[:10])
    return f"{found.day} {found:%b %Y}"
