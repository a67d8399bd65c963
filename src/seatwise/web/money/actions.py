"""The next best actions: the findings that are worth most, said as what to do; one for each subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse

from seatwise.control import events
from seatwise.control.models import Workspace
from seatwise.web import formats
from seatwise.web.money.insights import Line, line

MOST: Final = 3
# What to do about a finding: (words for one, words for many); n, name and day are put in.
_TO_DO: Final[Mapping[str, tuple[str, str]]] = {
    "unused_seats": ("Take back the unused seat of {name}", "Take back {n} unused seats of {name}"),
    "leaver_seats": ("Take the seat of a leaver in {name}", "Take {n} seats of leavers in {name}"),
    "guest_seats": ("Check the guest with a seat in {name}", "Check {n} guests with seats in {name}"),
    "idle_licences": ("Take back an idle licence: {name}", "Take back {n} idle licences: {name}"),
    "disabled_licences": (
        "Free the licence of a disabled account: {name}",
        "Free {n} licences of disabled accounts: {name}",
    ),
    "wasteful_group": ("Review the group {name}: a seat nobody uses", "Review the group {name}: {n} seats nobody uses"),
    "contract_too_large": ("Renew {name} with one seat less", "Renew {name} with {n} seats fewer"),
    "renewal": ("Decide on {name} before it renews on {day}", "Decide on {name} before it renews on {day}"),
    "falling_use": ("Ask why use of {name} is falling", "Ask why use of {name} is falling"),
    "closed_in_use": ("See who still uses {name}, which is closed", "See who still uses {name}, which is closed"),
    "overlap": ("Choose between the {n} apps for {name}", "Choose between the {n} apps for {name}"),
}
# Without money, these are still worth doing, in this order.
_UNPAID: Final = (
    "closed_in_use",
    "unused_seats",
    "leaver_seats",
    "disabled_licences",
    "idle_licences",
    "falling_use",
    "overlap",
)


@dataclass(frozen=True)
class Action:
    """words: what to do. line: the finding behind it, None for a missing price."""

    words: str
    address: str
    line: Line | None = None
    card: events.Card | None = None


def next_actions(
    workspace: Workspace, findings: Iterable[events.Finding], totals: Mapping[str, Any], *, may_decide: bool
) -> list[Action]:
    """At most three. A card about seats that another one of the same subject already takes is left out."""
    told = [each for each in findings if each.card in _TO_DO]
    paid = sorted((each for each in told if each.worth_month), key=lambda one: -(one.worth_month or 0))
    unpaid = sorted(
        (each for each in told if each.card in _UNPAID), key=lambda one: (_UNPAID.index(one.card), -(one.n or 0))
    )
    chosen: dict[tuple[str, str], Action] = {}
    for each in [*(one for one in paid if one.card != "renewal"), *(one for one in paid if one.card == "renewal")]:
        chosen.setdefault((each.subject_kind, each.subject_id), _of(workspace, each))
    actions = list(chosen.values())[:MOST]
    prices = _prices(workspace) if may_decide and totals.get("n_products_unpriced") else ""
    if prices and len(actions) < MOST:
        n = totals["n_products_unpriced"]
        actions.append(
            Action(f"Add the price of {n:,} {'app' if n == 1 else 'apps'}, so that savings can be told", prices)
        )
    for each in unpaid:
        if len(actions) >= MOST:
            break
        if (each.subject_kind, each.subject_id) not in chosen:
            chosen[each.subject_kind, each.subject_id] = action = _of(workspace, each)
            actions.append(action)
    return actions


def _of(workspace: Workspace, finding: events.Finding) -> Action:
    one, many = _TO_DO[finding.card]
    day = str(formats.day(finding.on)) if finding.on else ""
    words = (one if finding.n == 1 else many).format(n=f"{finding.n or 0:,}", name=finding.name, day=day)
    made = line(workspace, finding)
    return Action(words, made.address, made, events.CARDS[finding.card])


def _prices(workspace: Workspace) -> str:
    try:
        return reverse("prices", kwargs={"workspace": workspace.pk})
    except NoReverseMatch:
        return ""
