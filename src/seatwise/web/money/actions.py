"""The next best actions: the findings that are worth most, said as what to do; one for each subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import NoReverseMatch, reverse

from seatwise.control import events
from seatwise.control.models import Workspace
from seatwise.web import formats
from seatwise.web.money.insights import line

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
    "contract_too_large": ("Renew {name} with one seat less", "Renew {name} with {n} seats fewer"),
    "renewal": ("Decide on {name} before it renews on {day}", "Decide on {name} before it renews on {day}"),
    "falling_use": ("Ask why use of {name} is falling", "Ask why use of {name} is falling"),
    "closed_in_use": ("See who still uses {name}, which is closed", "See who still uses {name}, which is closed"),
    "overlap": ("Choose between the {n} apps for {name}", "Choose between the {n} apps for {name}"),
}
# Worth what they cost as a whole, which is no proven saving: they stand behind those that are.
_UNPROVEN: Final = frozenset({"renewal", "guest_seats"})
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
    """words: what to do, and why. metric, key: of the row that says what it is worth; the row is empty for a price."""

    words: str
    address: str
    detail: str = ""
    metric: str = "insights"
    key: str = ""
    row: Mapping[str, Any] = field(default_factory=dict)

    @property
    def worth(self) -> float:
        """A month; what stands in `worth_column` of the row."""
        return float(self.row.get(self.worth_column) or 0)

    @property
    def worth_column(self) -> str:
        return "could_save_month" if self.metric == "savings" else "worth_month"


def next_actions(
    workspace: Workspace,
    findings: Iterable[events.Finding],
    licences: Iterable[Mapping[str, Any]],
    totals: Mapping[str, Any],
    *,
    may_decide: bool,
) -> list[Action]:
    """At most three, the dearest first; one for each app and licence, since its cards look at the same seats.

    licences:  rows of `savings`, which counts a licence once, held by nobody or by a disabled account.
    """
    told = [each for each in findings if each.card in _TO_DO]
    told.sort(key=lambda one: (one.card in _UNPROVEN, -(one.worth_month or 0)))
    paid: dict[tuple[str, str], Action] = {
        ("licence", row["subject_id"]): _of_licence(workspace, row) for row in licences if row["could_save_month"]
    }
    for each in told:
        if each.worth_month:
            paid.setdefault((each.subject_kind, each.subject_id), _of(workspace, each))
    actions = sorted(paid.values(), key=lambda one: (one.key.partition("|")[0] in _UNPROVEN, -one.worth))[:MOST]
    if len(actions) < MOST and may_decide and (n := totals.get("n_products_unpriced")) and (at := _prices(workspace)):
        apps = "app" if n == 1 else "apps"
        actions.append(Action(f"Add the price of {n:,} {apps}, so that savings can be told", at))
    unpaid = [each for each in told if each.card in _UNPAID and (each.subject_kind, each.subject_id) not in paid]
    unpaid.sort(key=lambda one: (_UNPAID.index(one.card), -(one.n or 0)))
    one_each = {(each.subject_kind, each.subject_id): each for each in reversed(unpaid)}
    left = [each for each in unpaid if one_each[each.subject_kind, each.subject_id] is each]
    return [*actions, *(_of(workspace, each) for each in left[: MOST - len(actions)])]


def _of(workspace: Workspace, finding: events.Finding) -> Action:
    one, many = _TO_DO[finding.card]
    day = str(formats.day(finding.on)) if finding.on else ""
    words = (one if finding.n == 1 else many).format(n=f"{finding.n or 0:,}", name=finding.name, day=day)
    made = line(workspace, finding)
    return Action(words, made.address, finding.detail or "", key=made.key, row=made.row)


def _of_licence(workspace: Workspace, row: Mapping[str, Any]) -> Action:
    address = reverse("savings", kwargs={"workspace": workspace.pk}) + "?f_subject_kind=licence"
    with suppress(NoReverseMatch):
        address = reverse("licence", kwargs={"workspace": workspace.pk, "sku": row["subject_id"]})
    why = "Held by nobody, by disabled accounts, or not used"
    return Action(f"Buy fewer licences of {row['name']}", address, why, "savings", row["subject_id"], row)


def _prices(workspace: Workspace) -> str:
    try:
        return reverse("prices", kwargs={"workspace": workspace.pk})
    except NoReverseMatch:
        return ""
