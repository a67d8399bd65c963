"""What people thought of the setup guide, kept for the owners of the workspace to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from seatwise.base import clock
from seatwise.control.models import GuideAnswer, Person, Workspace

REASONS: Final[dict[str, str]] = {
    "looks_different": "Microsoft’s pages look different",
    "not_found": "I could not find where to click",
    "step_missing": "A step is missing or wrong",
    "no_rights": "I do not have the rights it asks for",
    "did_not_work": "I did everything and it still does not connect",
    "too_long": "It is too long",
}
"""What somebody may tick after No, in the order shown."""
MOST_LETTERS: Final = 2000


def answer(
    person: Person, workspace: Workspace, is_helpful: bool, reasons: Iterable[str] = (), text: str = ""
) -> GuideAnswer:
    """The person's answer; one a person and workspace, so that a second thought replaces the first.

    reasons:  keys of REASONS; others are dropped.
    text:     cut after 2,000 letters.
    """
    told = [] if is_helpful else [reason for reason in REASONS if reason in set(reasons)]
    found, _ = GuideAnswer.objects.update_or_create(
        person=person,
        workspace=workspace,
        defaults={
            "is_helpful": is_helpful,
            "reasons": told,
            "text": "" if is_helpful else text.strip()[:MOST_LETTERS],
            "at": clock.wall(),
        },
    )
    return found


def answer_of(person: Person, workspace: Workspace) -> GuideAnswer | None:
    return GuideAnswer.objects.filter(person=person, workspace=workspace).first()


def answers(workspace: Workspace, limit: int = 200) -> list[GuideAnswer]:
    """Newest first."""
    return list(GuideAnswer.objects.filter(workspace=workspace).select_related("person").order_by("-at")[:limit])
