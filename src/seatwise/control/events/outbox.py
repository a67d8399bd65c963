"""Letters on their way: put once for each key, claimed by one, handed over at most once; see docs/promise.md."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError, Skip, TryLater
from seatwise.control import access, notices
from seatwise.control.events import letters, server, smtp, unsubscribing
from seatwise.control.models import Letter, MailServer, Person, Workspace

KEEP: Final = timedelta(days=2)
KEEP_ENDED: Final = timedelta(days=90)
# Longer than any one try can take: whoever claimed a letter before that is gone.
STALE: Final = timedelta(minutes=5)
_WAITS_MIN: Final = (1, 5, 15, 60)
# After so many tries in a row that met the same passing trouble, people are told.
_TELL_AFTER: Final = 4
OPEN: Final = (Letter.State.WAITING, Letter.State.CLAIMED, Letter.State.HANDED)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """A letter to be put. key: what it is about and when, without whom it goes to."""

    kind: str
    key: str
    content: letters.Content
    has_names: bool


def put(workspace: Workspace, person: Person, draft: Draft, *, nothing: str = "") -> bool:
    """Puts the letter in line. False when one with this key was put to this person before, whatever became of it.

    nothing:  why it does not go out at all; its key is then taken all the same.
    """
    now = clock.wall()
    if nothing:
        more = {"state": Letter.State.DROPPED, "ended_at": now, "told": nothing}
    else:
        more = {"text": letters.as_text(draft.content), "html": letters.as_html(draft.content)}
    try:
        with transaction.atomic():
            Letter.objects.create(
                key=key_of(workspace, person, draft.key),
                workspace=workspace,
                person_id=person.pk,
                kind=draft.kind,
                has_names=draft.has_names,
                subject=letters.line_of(draft.content.title)[: letters.SUBJECT_MAX],
                created_at=now,
                expires_at=now + KEEP,
                next_try_at=now,
                **more,
            )
    except IntegrityError:
        return False
    return True


def key_of(workspace: Workspace, person: Person, key: str) -> str:
    return f"{workspace.pk}|{person.pk}|{key}"[:200]


def is_put(workspace: Workspace, person: Person, key: str) -> bool:
    return Letter.objects.filter(key=key_of(workspace, person, key)).exists()


def is_due() -> bool:
    """Whether a letter waits that may be tried now, or one was left behind by somebody who is gone."""
    now = clock.wall()
    if MailServer.objects.filter(paused_until__gt=now).exists():
        return False
    return _due(now).exists() or _left(now).exists()


def deliver(is_told: Callable[[], bool] = lambda: False) -> int:
    """Tries every letter whose turn it is, until the server stands in the way of all. Gives how many were sent.

    is_told:  looked at between two letters: whether to go.
    """
    _settle_left()
    n_sent = 0
    while not is_told() and (letter := claim()) is not None:
        if not _try(letter):
            break
        n_sent += letter.state == Letter.State.SENT
    return n_sent


def claim() -> Letter | None:
    """The next letter, now ours alone."""
    now = clock.wall()
    if MailServer.objects.filter(paused_until__gt=now).exists():
        return None
    for letter in _due(now).select_related("workspace", "person").order_by("next_try_at")[:20]:
        # The number of tries is the fence: whoever read an older one changes nothing any more.
        mine = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING, n_tries=letter.n_tries)
        if mine.update(state=Letter.State.CLAIMED, n_tries=letter.n_tries + 1, claimed_at=now):
            letter.state, letter.n_tries = Letter.State.CLAIMED, letter.n_tries + 1
            return letter
    return None


def _try(letter: Letter) -> bool:
    """One try. False when the server stands in the way of all letters."""
    reason = _why_not(letter)
    if reason:
        _end(letter, Letter.State.DROPPED, "letter_dropped", reason)
        return True
    try:
        through = server.needed()
        said = smtp.hand(through, _message(letter, through), letter.person.email, lambda: _handing(letter))
    except Skip as error:
        is_unsure = error.code == "letter_unsure"
        _end(letter, Letter.State.UNSURE if is_unsure else Letter.State.GIVEN_UP, error.code, error.sentence)
        _tell_lost(letter)
        return True
    except (TryLater, AskAdmin) as error:
        is_alone = error.code == "letter_later"
        _put_back(letter, error, is_alone=is_alone)
        if not is_alone:
            _pause(error)
        return is_alone
    except (ValueError, UnicodeError) as error:
        log.warning("letter %s cannot be written: %s", letter.pk, error)
        _end(letter, Letter.State.GIVEN_UP, "letter_address", "The member’s address cannot stand in an e-mail.")
        _tell_lost(letter)
        return True
    _end(letter, Letter.State.SENT, "", said)
    server.told_well()
    return True


def _why_not(letter: Letter) -> str:
    """Why it must not go out any more: looked at when it goes, not only when it was written."""
    from seatwise.control.decisions import may_see_names

    if access.role_of(letter.person, letter.workspace) is None:
        return "The person is not a member any more."
    if letter.has_names and not may_see_names(letter.person, letter.workspace):
        return "The person’s role shows no names any more."
    if letter.expires_at <= clock.wall():
        return "It could not be sent for two days, and is no news any more."
    if not unsubscribing.wants(letter.person, letter.workspace, letter.kind):
        return "The person wants no such e-mail any more."
    return ""


def _message(letter: Letter, through: server.Server) -> EmailMessage:
    return letters.message(
        letter_id=letter.pk,
        sender=through.sender,
        to=letter.person.email,
        to_name=letter.person.name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        unsubscribe=unsubscribing.address(letter.person, letter.workspace),
    )


def _handing(letter: Letter) -> None:
    """Written down before the message is given, so that after a crash it is known that it may have been."""
    if not _mine(letter, Letter.State.CLAIMED).update(state=Letter.State.HANDED):
        raise TryLater(code="letter_later", sentence="Another worker has taken this letter.")
    letter.state = Letter.State.HANDED


def _end(letter: Letter, state: Letter.State, code: str, told: str) -> None:
    ours = _mine(letter, letter.state)
    # The text names people, so it is not kept longer than it is needed.
    if ours.update(state=state, code=code, told=told[:1000], text="", html="", ended_at=clock.wall()):
        letter.state, letter.code, letter.told = state, code, told


def _put_back(letter: Letter, error: SeatwiseError, *, is_alone: bool) -> None:
    """is_alone: the letter itself has to wait; otherwise the pause of all letters says until when."""
    now = clock.wall()
    wait = timedelta(minutes=_WAITS_MIN[min(letter.n_tries, len(_WAITS_MIN)) - 1]) if is_alone else timedelta()
    ours = _mine(letter, letter.state)
    if ours.update(state=Letter.State.WAITING, code=error.code, told=error.sentence[:1000], next_try_at=now + wait):
        letter.state = Letter.State.WAITING


def _pause(error: SeatwiseError) -> None:
    """What stands in the way of every letter: nobody tries until it is worth trying, and people are told once."""
    now, row = clock.wall(), server.state()
    wait = timedelta(minutes=_WAITS_MIN[min(row.n_refused, len(_WAITS_MIN) - 1)])
    MailServer.objects.filter(pk=row.pk).update(
        code=error.code,
        trouble=error.sentence[:1000],
        trouble_since=row.trouble_since or now,
        n_refused=F("n_refused") + 1,
        paused_until=now + wait,
    )
    n_before, is_new = row.n_refused, row.code != error.code
    needs_somebody = isinstance(error, AskAdmin)
    if (needs_somebody and is_new) or (not needs_somebody and n_before + 1 == _TELL_AFTER):
        _tell_all("mail_stopped", "E-mail cannot be sent. Settings, Notifications says what stands in the way.")


def _tell_all(code: str, sentence: str) -> None:
    waiting = Letter.objects.filter(state__in=OPEN).values("workspace_id")
    for workspace in Workspace.objects.filter(pk__in=waiting):
        notices.tell(workspace, code, sentence)


def _tell_lost(letter: Letter) -> None:
    """One notice a day, however many letters: the page lists each."""
    since = clock.wall() - timedelta(days=1)
    if not letter.workspace.notices.filter(code="mail_lost", created_at__gte=since).exists():
        notices.tell(
            letter.workspace,
            "mail_lost",
            "An e-mail to a member could not be delivered. Settings, Notifications says what the mail server answered.",
        )


def _settle_left() -> None:
    """Letters of a worker that is gone: tried again when nothing was handed over, else never."""
    now = clock.wall()
    for letter in _left(now).select_related("workspace"):
        if letter.state == Letter.State.HANDED:
            told = "The worker ended in the moment the letter was handed over, so it may or may not have arrived."
            _end(letter, Letter.State.UNSURE, "letter_unsure", told + " It is not sent again.")
            _tell_lost(letter)
        else:
            _mine(letter, letter.state).update(state=Letter.State.WAITING, next_try_at=now)


def tidy(now: datetime) -> None:
    Letter.objects.filter(ended_at__lt=now - KEEP_ENDED).delete()


def forget_texts(workspace: Workspace) -> int:
    """Drops what waits, with its text: for when somebody named in it is to be forgotten. Gives how many."""
    waiting = Letter.objects.filter(workspace=workspace, state__in=OPEN)
    return waiting.update(
        state=Letter.State.DROPPED,
        code="letter_dropped",
        told="Somebody named in it was forgotten.",
        text="",
        html="",
        ended_at=clock.wall(),
        n_tries=F("n_tries") + 1,
    )


def _mine(letter: Letter, state: str) -> QuerySet[Letter]:
    return Letter.objects.filter(pk=letter.pk, state=state, n_tries=letter.n_tries)


def _due(now: datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(state=Letter.State.WAITING, next_try_at__lte=now)


def _left(now: datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(Q(state=Letter.State.CLAIMED) | Q(state=Letter.State.HANDED)).filter(
        claimed_at__lt=now - STALE
    )
