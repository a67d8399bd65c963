"""What an error, a test or a run means for a connection: its state, the reason, and the step that helps. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seatwise.base.errors import Broken, SeatwiseError, Skip, TryLater
from seatwise.control.models import Connection
from seatwise.sync.probe import Check
from seatwise.sync.progress import Missing, Outcome

State = Connection.State
_NUMBER = re.compile(r"AADSTS\d{4,9}")
NEXT_STEPS = ("reconnect", "swap_secret", "grant", "test", "sync", "wait", "connect")


@dataclass(frozen=True)
class Verdict:
    """next_step: one of NEXT_STEPS, or empty when there is nothing to press."""

    state: Connection.State
    code: str = ""
    reason: str = ""
    next_step: str = ""


ACTIVE = Verdict(State.ACTIVE)

_STEPS: dict[str, tuple[Connection.State, str]] = {
    # The credential has ended or was never right: somebody has to bring another.
    "secret_wrong": (State.NEEDS_REAUTH, "swap_secret"),
    "secret_expired": (State.NEEDS_REAUTH, "swap_secret"),
    "secret_is_id": (State.NEEDS_REAUTH, "swap_secret"),
    "certificate_unknown": (State.NEEDS_REAUTH, "swap_secret"),
    "certificate_expired": (State.NEEDS_REAUTH, "swap_secret"),
    "certificate_unreadable": (State.NEEDS_REAUTH, "swap_secret"),
    "certificate_mismatch": (State.NEEDS_REAUTH, "swap_secret"),
    "credential_refused": (State.NEEDS_REAUTH, "swap_secret"),
    "credential_missing": (State.NEEDS_REAUTH, "swap_secret"),
    "secret_none": (State.NEEDS_REAUTH, "reconnect"),
    "access_ended": (State.NEEDS_REAUTH, "reconnect"),
    "sign_in_again": (State.NEEDS_REAUTH, "reconnect"),
    "interaction_needed": (State.NEEDS_REAUTH, "reconnect"),
    "claims_challenge": (State.NEEDS_REAUTH, "reconnect"),
    "token_refused": (State.NEEDS_REAUTH, "reconnect"),
    "account_wrong": (State.NEEDS_REAUTH, "reconnect"),
    "user_blocked": (State.NEEDS_REAUTH, "reconnect"),
    "declined": (State.NEEDS_REAUTH, "reconnect"),
    "id_token_wrong": (State.NEEDS_REAUTH, "reconnect"),
    "personal_account": (State.NEEDS_REAUTH, "reconnect"),
    "registration_missing": (State.NEEDS_REAUTH, "reconnect"),
    "registration_changed": (State.NEEDS_REAUTH, "reconnect"),
    # Somebody has to approve, in Microsoft's pages.
    "consent_missing": (State.NEEDS_REAUTH, "grant"),
    "no_permission": (State.VALIDATION_ERROR, "grant"),
    "client_not_found": (State.VALIDATION_ERROR, "grant"),
    "api_not_registered": (State.VALIDATION_ERROR, "grant"),
    "assignment_required": (State.VALIDATION_ERROR, "grant"),
    # The details do not fit the tenant.
    "tenant_not_found": (State.VALIDATION_ERROR, "reconnect"),
    "tenant_other": (State.VALIDATION_ERROR, "reconnect"),
    "tenant_wrong": (State.VALIDATION_ERROR, "reconnect"),
    "tenant_endpoint": (State.VALIDATION_ERROR, "reconnect"),
    "client_id_wrong": (State.VALIDATION_ERROR, "reconnect"),
    "cloud_wrong": (State.VALIDATION_ERROR, "reconnect"),
    "cloud_unknown": (State.VALIDATION_ERROR, "reconnect"),
    # Part of it is refused, the rest goes on.
    "permission_missing": (State.DEGRADED, "grant"),
    "role_missing": (State.DEGRADED, "test"),
    "premium_missing": (State.DEGRADED, "test"),
}
"""Everything else an administrator has to see to: a setting at Microsoft, the network, the clock. Then test again."""
_OTHER = (State.VALIDATION_ERROR, "test")

SAYS_NOTHING = frozenset(
    {
        "key_missing",
        "key_wrong",
        "key_open_to_others",
        "disk_full",
        "disk_failed",
        "sync_running",
        "run_taken",
        "premium_refused",
    }
)
"""Codes about this machine or this moment, not about the connection."""


def shown_code(error: SeatwiseError) -> str:
    """Microsoft's number when there is one, else our word: what people search for and hand on."""
    return number_in(error.detail) or error.code


def number_in(text: str) -> str:
    """The first of Microsoft's numbers in a text, as `AADSTS7000215`; empty without one."""
    found = _NUMBER.search(text)
    return found.group() if found else ""


def of_error(error: SeatwiseError) -> Verdict | None:
    """None when the error says nothing that lasts: transient faults never change a state, hard ones do at once."""
    if isinstance(error, TryLater | Skip) or error.code in SAYS_NOTHING:
        return None
    if error.code == "permission_missing" and error.permission:
        return _lacking([error.permission])
    if isinstance(error, Broken) and error.code not in ("sign_in_request", "request_refused"):
        return None
    state, step = _STEPS.get(error.code, _OTHER)
    return Verdict(state, error.code, _named(error.sentence, number_in(error.detail)), step)


def of_checks(checks: Sequence[Check]) -> Verdict | None:
    """What a test shows. None when all that failed may pass by itself."""
    stops = [check for check in checks if check.state == "failed" and check.kind in ("token", "tenant")]
    for check in stops:
        if check.is_passing or check.code in SAYS_NOTHING:
            return None
        state, step = _STEPS.get(check.code, _OTHER)
        return Verdict(state, check.code, _told(check), step)
    lacking = [check for check in checks if check.state in ("missing", "failed")]
    permissions = [check.permission for check in lacking if check.permission]
    if permissions:
        return _lacking(permissions)
    for code in ("role_missing", "premium_missing", "permission_missing"):
        for check in lacking:
            if check.code == code and not check.is_passing:
                return Verdict(State.DEGRADED, code, _told(check), _STEPS[code][1])
    lasting = [check for check in lacking if not check.is_passing and check.code not in SAYS_NOTHING]
    if lasting:
        return Verdict(State.DEGRADED, lasting[0].code, _told(lasting[0]), "test")
    return None if lacking else ACTIVE


def of_outcome(outcome: Outcome) -> Verdict | None:
    """What a finished run shows. None when what is missing may come with the next run."""
    if outcome.state == "done":
        return ACTIVE
    permissions = [lack.permission for lack in outcome.missing if lack.permission]
    if permissions:
        return _lacking(permissions)
    for code in ("role_missing", "premium_missing", "permission_missing"):
        for lack in outcome.missing:
            if lack.code == code:
                return Verdict(State.DEGRADED, code, lack.sentence, _STEPS[code][1])
    return _of_rest(outcome.missing)


def _of_rest(missing: Iterable[Missing]) -> Verdict | None:
    for lack in missing:
        if lack.code in _STEPS:
            return Verdict(State.DEGRADED, lack.code, lack.sentence, _STEPS[lack.code][1])
    return None


def _lacking(permissions: Iterable[str]) -> Verdict:
    names = list(dict.fromkeys(permissions))
    word = "permission" if len(names) == 1 else "permissions"
    return Verdict(
        State.DEGRADED,
        "permission_missing",
        f"Microsoft refuses part of the data: the {word} {', '.join(names)} is not granted. "
        "Let an administrator grant it under API permissions of the app registration; the rest is read as before."
        if len(names) == 1
        else f"Microsoft refuses part of the data: the {word} {', '.join(names)} are not granted. "
        "Let an administrator grant them under API permissions of the app registration; the rest is read as before.",
        "grant",
    )


def _told(check: Check) -> str:
    return _named(f"{check.sentence} {check.remedy}".strip(), check.reference)


def _named(sentence: str, number: str) -> str:
    return sentence if not number or number in sentence else f"{sentence} Microsoft's code is {number}."
