"""An AADSTS failure on its way to the client: the exception, and the body it travels in.

Source: Microsoft identity platform, "access-token error responses".
"""

import datetime as dt
import uuid
from typing import Any

from aiohttp import web

from entra_sandbox.identity.failures import FAILURES


class Refusal(Exception):  # noqa: N818 (what the service does, not a fault of ours)
    """One AADSTS failure with its words filled in."""

    def __init__(
        self,
        code: int,
        *,
        error: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        **words: str,
    ) -> None:
        failure = FAILURES[code]
        self.code = code
        self.error = error or failure.error
        self.status = status or failure.status
        self.suberror = failure.suberror
        self.retry_after = retry_after if retry_after is not None else _default_wait(self.status)
        self.sentence = f"AADSTS{code}: {failure.sentence.format_map(_Words(words))}"
        super().__init__(self.sentence)


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def _default_wait(status: int) -> int | None:
    return 10 if status in (429, 503) else None


def stamp(at: dt.datetime | None = None) -> str:
    return (at or dt.datetime.now(dt.UTC)).strftime("%Y-%m-%d %H:%M:%SZ")


def correlation_id(request: web.Request) -> str:
    """The caller's own id when it is a GUID, else a new one."""
    given = request.headers.get("client-request-id") or request.query.get("client-request-id") or ""
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid4())


def body(refusal: Refusal, request: web.Request) -> dict[str, Any]:
    trace, correlation, at = str(uuid.uuid4()), correlation_id(request), stamp()
    ids = f"Trace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {at}"
    content: dict[str, Any] = {
        "error": refusal.error,
        "error_description": f"{refusal.sentence}\r\n{ids}",
        "error_codes": [refusal.code],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"{request.scheme}://{request.host}/error?code={refusal.code}",
    }
    if refusal.suberror:
        content["suberror"] = refusal.suberror
    return content


def answer(refusal: Refusal, request: web.Request) -> web.Response:
    content = body(refusal, request)
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache", "x-ms-request-id": content["trace_id"]}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return web.json_response(content, status=refusal.status, headers=headers)
