"""What every page's frame shows: the workspace, the navigation, the connection's state, notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    return {}
