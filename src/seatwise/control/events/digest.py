"""The digest: what could be saved and what needs somebody, at the hour a member chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from seatwise.base import clock
from seatwise.control import access
from seatwise.control.events import addresses, choices, letters, outbox, writing
from seatwise.control.events.findings import Finding, Found, found
from seatwise.control.models import Letter, MailChoice, Person, Workspace

# A digest that could not be written in time is still written so much later: after that the next one is near.
_LATE: Final = {"daily": timedelta(hours=12), "weekly": timedelta(days=3)}
_TROUBLE: Final = ("connection", "credential", "coverage")


def due() -> list[MailChoice]:
    """The choices whose digest is to be written now. Asks the database alone."""
    now = clock.wall()
    wanted = MailChoice.objects.filter(membership__person__is_active=True)
    wanted = wanted.exclude(digest=MailChoice.Digest.NEVER).select_related(
        "membership__person", "membership__workspace"
    )
    return [choice for choice in wanted if _slot(choice, now) is not None and not _is_written(choice, now)]


def put(choice: MailChoice) -> bool:
    """Writes it, or notes that there was nothing to tell. False when it was written before."""
    slot = _slot(choice, clock.wall())
    if slot is None:
        return False
    person, workspace = choice.membership.person, choice.membership.workspace
    wish = choices.read(choice)
    if access.role_of(person, workspace) is None:
        return False
    told = found(workspace, person)
    news = [each for each in told.in_sight if wish.takes(each.card)]
    draft = outbox.Draft(Letter.Kind.DIGEST, key(slot), _content(person, workspace, wish, news, told), has_names=False)
    return outbox.put(workspace, person, draft, nothing="" if news else "There was nothing to tell.")


def key(slot: datetime) -> str:
    return f"digest|{slot:%Y-%m-%dT%H}"


def _slot(choice: MailChoice, now: datetime) -> datetime | None:
    wish = choices.read(choice)
    slot = choices.slot(wish, now)
    if slot is None or slot <= choice.digest_since or now - slot > _LATE[wish.digest]:
        return None
    return slot


def _is_written(choice: MailChoice, now: datetime) -> bool:
    slot = _slot(choice, now)
    return slot is not None and outbox.is_put(choice.membership.workspace, choice.membership.person, key(slot))


def _content(
    person: Person, workspace: Workspace, wish: choices.Chosen, news: list[Finding], told: Found
) -> letters.Content:
    troubles = [each for each in news if each.card in _TROUBLE]
    dear = sorted((each for each in news if each.worth_month), key=lambda one: -(one.worth_month or 0))
    rest = [each for each in news if each not in troubles and not each.worth_month]
    parts = writing.part(workspace, "Needs somebody", troubles)
    parts += writing.part(workspace, "Worth most each month", dear)
    parts += writing.part(workspace, "Also worth a look", rest)
    span = "this week" if wish.digest == "weekly" else "today"
    how_often = "weekly" if wish.digest == "weekly" else "daily"
    return writing.content(
        person,
        workspace,
        title=f"{workspace.name} {span}: {_short(workspace, person, told)}",
        lead=_lead(workspace, person, told),
        parts=parts,
        button=("Open the overview", addresses.page(workspace, "overview")),
        why=f"You asked for this {how_often} digest under Settings, Notifications. "
        "Money is claimed only where it is proven that a seat is not used; cards overlap, so do not add them up.",
    )


def _totals(workspace: Workspace, person: Person) -> dict[str, object]:
    from seatwise.control import answers

    rows = answers.ask("totals", workspace.tenant_id, by=person).result.rows
    return rows[0] if rows else {}


def _short(workspace: Workspace, person: Person, told: Found) -> str:
    amount = _could_save(workspace, person, told)
    if amount:
        return f"{amount.removesuffix(' a month')} could be saved each month"
    n = len(told.in_sight)
    return f"{n} card{'' if n == 1 else 's'} to look at"


def _lead(workspace: Workspace, person: Person, told: Found) -> str:
    amount = _could_save(workspace, person, told)
    if told.answer is None:
        return "Nothing has been read for this company yet."
    as_of = clock.in_words(told.answer.result.as_of)
    if amount:
        return f"{amount} could be saved on seats and licences that are proven not to be used, as of {as_of}."
    return f"As of {as_of} no money is claimed: prices are missing, or it is not proven yet that a seat is not used."


def _could_save(workspace: Workspace, person: Person, told: Found) -> str:
    if told.answer is None:
        return ""
    totals = _totals(workspace, person)
    amount, currency = totals.get("all_could_save_month"), totals.get("currency")
    return writing.money(amount if isinstance(amount, float | int) else None, str(currency or ""))
