"""What went wrong at the sign-in service, as one of our errors; nothing that was sent is ever quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from seatwise.base.errors import Broken, SeatwiseError, TryLater
from seatwise.base.logs import masked
from seatwise.microsoft import aadsts, limits
from seatwise.microsoft.login_wire import LastAnswer


def of_answer(last: LastAnswer, hide: Iterable[str]) -> SeatwiseError | None:
    """What the last answer on the wire says, when it is an error of the service."""
    if last.status in (0, 200):
        return None
    if last.body.get("error"):
        return refused(last.body, last, hide)
    if last.status == 429 or last.status >= 500:
        return TryLater(
            code="sign_in_busy",
            sentence="Microsoft's sign-in service could not answer just now. It is tried again by itself.",
            detail=f"status {last.status}",
            wait_s=limits.retry_after(last.headers),
        )
    if not last.is_json:
        return _not_microsoft(f"status {last.status}")
    return None


def refused(answer: Mapping[str, Any], last: LastAnswer, hide: Iterable[str]) -> SeatwiseError:
    """What a refusal of the token endpoint means."""
    said = aadsts.meaning(answer)
    first_line = re.split(r"[\r\n]| Trace ID:", str(answer.get("error_description", "")))[0]
    detail = _clean(f"{answer.get('error', '')}: {first_line}", hide)
    if said.family is TryLater:
        wait_s = limits.retry_after(last.headers)
        return TryLater(code=said.code, sentence=said.sentence, detail=detail, wait_s=wait_s)
    return said.family(code=said.code, sentence=said.sentence, detail=detail)


def odd(error: Exception, last: LastAnswer, hide: Iterable[str]) -> SeatwiseError:
    """What it means when MSAL itself stumbled."""
    if last.status and not last.is_json:
        return _not_microsoft(f"status {last.status}")
    if not last.status:
        return Broken(
            code="sign_in_request",
            sentence="The sign-in request could not be made. Nothing was changed; report this.",
            detail=_clean(f"{type(error).__name__}: {error}", hide),
        )
    return strange(type(error).__name__)


def strange(detail: str) -> TryLater:
    return TryLater(
        code="sign_in_odd",
        sentence="Microsoft's sign-in service gave an unexpected answer. It is tried again by itself; "
        "if it lasts, check the sign-in address and whether a proxy answers instead of Microsoft.",
        detail=detail,
    )


def _not_microsoft(detail: str) -> TryLater:
    return TryLater(
        code="not_microsoft",
        sentence="Something else answers in place of Microsoft's sign-in service, perhaps a proxy or a login page "
        "of the network. Sign in to the network or correct the proxy, then try again.",
        detail=detail,
    )


def _clean(text: str, hide: Iterable[str]) -> str:
    for secret in hide:
        if secret:
            text = text.replace(secret, "***")
    return masked(text)[:400]
