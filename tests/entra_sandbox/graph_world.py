"""Shared steps of the tests that ask the sandbox as Graph."""

from __future__ import annotations

from typing import Any

from tests.support.sandbox import Sandbox

AS_OF = "2026-10-01T08:00:00Z"
EVENTUAL = {"ConsistencyLevel": "eventual"}


def walk(sandbox: Sandbox, token: str, path: str, headers: dict[str, str] | None = None) -> list[list[dict[str, Any]]]:
    """The rows of each page, to the last one."""
    pages: list[list[dict[str, Any]]] = []
    link: str | None = path
    while link:
        status, _, body = sandbox.get(link, token, headers)
        assert status == 200, body
        pages.append(body["value"])
        link = body.get("@odata.nextLink")
        assert len(pages) < 500
    return pages


def rows(sandbox: Sandbox, token: str, path: str, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return [row for page in walk(sandbox, token, path, headers) for row in page]


def token_with(sandbox: Sandbox, *permissions: str) -> str:
    """A token of a new registration that was granted exactly these application permissions."""
    made = sandbox.control("POST", "/registrations", {"name": "t", "permissions": list(permissions)})
    return sandbox.token(made["client_id"], made["client_secret"])


def error_code(sandbox: Sandbox, token: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    status, _, body = sandbox.get(path, token, headers)
    return status, body["error"]["code"] if status >= 400 else ""
