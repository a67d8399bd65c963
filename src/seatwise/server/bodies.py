"""How large the body of a request may be: small, except where files are handed in."""

from __future__ import annotations

import re
from typing import Any, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from seatwise.server import environment

SMALL: Final = 8 << 20
# The fields beside the files, and the lines between them.
_MORE: Final = 1 << 20
_IMPORT: Final = re.compile(r"/w/[0-9a-f-]{36}/coverage/import")


class _Limits:
    """The server's adjustments with another limit of the body."""

    def __init__(self, adjustments: Any, n_bytes: int) -> None:
        self._adjustments = adjustments
        self.max_request_body_size = n_bytes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adjustments, name)


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress is not typed
    """Reads a request; which limit holds is known once its first line is."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.adj: Any
        if self.command == "POST" and _IMPORT.fullmatch(self.path):
            self.adj = _Limits(self.adj, environment.upload_bytes() + _MORE)

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        self.error: Any
        if isinstance(self.error, RequestEntityTooLarge):
            n = (self.adj.max_request_body_size - (_MORE if isinstance(self.adj, _Limits) else 0)) >> 20
            self.error = RequestEntityTooLarge(
                f"Larger than {n} MB. Sign-in logs of any size are read on the command line: seatwise import FILES"
            )
        return consumed


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress is not typed
    parser_class = Parser
