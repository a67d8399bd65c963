"""Errors, sorted by what has to happen next."""

from __future__ import annotations


class SeatwiseError(Exception):
    """An error with a stable code, sentences for people and a detail for the log.

    code:        stable word, for programs.
    sentence:    what happened and what to do, for people; never holds a secret.
    detail:      what Microsoft or the system said, for the log; never holds a secret.
    permission:  the Microsoft Graph permission whose absence is the reason, if that is known.
    """

    def __init__(self, *, code: str, sentence: str, detail: str = "", permission: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.detail = detail
        self.permission = permission

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}" + (f" ({self.detail})" if self.detail else "")


class TryLater(SeatwiseError):  # noqa: N818 - named by who acts next
    """The network or a busy service: we try again, others go on.

    wait_s:  seconds the service asked us to wait, if it did.
    """

    def __init__(
        self,
        *,
        code: str,
        sentence: str,
        detail: str = "",
        permission: str | None = None,
        wait_s: float | None = None,
    ) -> None:
        super().__init__(code=code, sentence=sentence, detail=detail, permission=permission)
        self.wait_s = wait_s


class AskAdmin(SeatwiseError):  # noqa: N818 - named by who acts next
    """Consent, permission, licence, secret: the customer's administrator has to act."""


class Skip(SeatwiseError):  # noqa: N818 - named by who acts next
    """One thing is gone or not ours to see: counted with its reason, nobody acts."""


class Broken(SeatwiseError):  # noqa: N818 - named by who acts next
    """A promise of ours does not hold: the run stops, nothing is advanced."""
