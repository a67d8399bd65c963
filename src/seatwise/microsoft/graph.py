"""Microsoft Graph: one request with patience, the walk over all pages of a collection, and batches of requests."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from seatwise.base import clock
from seatwise.base.errors import SeatwiseError, Skip, TryLater
from seatwise.microsoft import odata, refusals
from seatwise.microsoft.asking import BUDGET_S, TRIES, Asker, Waits, where
from seatwise.microsoft.auth import TokenSource
from seatwise.microsoft.clouds import Cloud
from seatwise.microsoft.graph_wire import Deadlines, Reply, Wire
from seatwise.microsoft.limits import Governor, Workload
from seatwise.microsoft.odata import Part, Version

_MOST_PAGES = 100_000
_CONTEXT = b'"@odata.context"'


class PartAnswer(Protocol):
    """One answer inside a `$batch`."""

    parent: str
    status: int
    headers: dict[str, Any]
    next_link: str | None
    error: bytes | None


class Decoded(Protocol):
    """What a decoder makes of an unpacked body; it raises TryLater when the body is no answer."""

    rows: list[Any]
    n: int
    next_link: str | None

    @property
    def answers(self) -> Sequence[PartAnswer] | None: ...


Decode = Callable[[bytes], Decoded]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer.

    body:    gzip as received, plain when it came plain.
    parent:  the thing it was asked for, where the address tells and the answer does not.
    gone:    ids of parts of a batch that no longer exist.
    """

    body: bytes
    n_rows: int
    next_link: str | None
    decoded: Decoded
    url: str
    request_id: str | None
    received_at: datetime
    parent: str | None = None
    gone: tuple[str, ...] = ()


class Graph:
    """Graph as one registration sees one tenant. Use as a context manager.

    governor:  shared by all that ask for the same registration and tenant.
    """

    def __init__(
        self,
        cloud: Cloud,
        tokens: TokenSource,
        governor: Governor | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self.cloud, self.tokens = cloud, tokens
        self.governor = governor or Governor()
        self._wire = Wire(cloud, deadlines or Deadlines())
        self._asker = Asker(cloud, tokens, self.governor, self._wire)

    async def __aenter__(self) -> Self:
        await self._wire.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._wire.close()
        self.tokens.close()

    async def get_json(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        version: Version = "v1.0",
        workload: Workload = "directory",
        units: int = 1,
        waits: Waits | None = None,
    ) -> dict[str, Any]:
        """One answer as plain JSON. Errors: as `walk`."""
        address = odata.address(self.cloud.graph, version, path, params)
        _, found = await self._asker.ask("GET", address, workload, units, _object, waits)
        return found

    async def walk(
        self,
        path: str,
        params: Mapping[str, str | int] | None,
        version: Version,
        workload: Workload,
        decode: Decode,
        *,
        units: int = 1,
        headers: Mapping[str, str] | None = None,
        waits: Waits | None = None,
    ) -> AsyncGenerator[Page]:
        """All pages of a collection in order; ends normally only after the last one, otherwise raises.

        Errors: TryLater (`page_token_expired`: start the collection over; `too_slow`, `page_too_large`: ask for less),
        AskAdmin (permission, licence, foreign link), Skip `not_found`, Broken `request_refused`.
        """
        address: str | None = odata.address(self.cloud.graph, version, path, params)
        async for page in self.follow(address, workload, decode, units=units, headers=headers, waits=waits):
            yield page

    async def follow(
        self,
        address: str | None,
        workload: Workload,
        decode: Decode,
        *,
        units: int = 1,
        headers: Mapping[str, str] | None = None,
        waits: Waits | None = None,
        parent: str | None = None,
    ) -> AsyncGenerator[Page]:
        """Pages from an address on, which may be a next link; promises and errors as `walk`."""
        seen: set[str] = set()
        while address is not None:
            if address in seen or len(seen) >= _MOST_PAGES:
                raise _looped(address)
            seen.add(address)
            reply, decoded = await self._asker.ask("GET", address, workload, units, _of_graph(decode), waits, headers)
            yield _page(reply, decoded, address, parent)
            link = decoded.next_link
            address = odata.pinned(self.cloud.graph, link, address) if link else None

    async def batch(
        self,
        parts: Sequence[Part],
        version: Version,
        decode: Decode,
        *,
        units: int = 1,
        waits: Waits | None = None,
    ) -> AsyncGenerator[Page]:
        """Pages of at most 20 parts: the answers to `$batch`, then the further pages of each part.

        Failed parts are asked again, alone, after the longest wait any of them names. Things that are gone come in
        `Page.gone`. Errors: as `walk`.
        """
        open_parts, refused = list(parts), 0
        started = time.monotonic()
        links: list[tuple[str, str]] = []
        address = odata.address(self.cloud.graph, version, "/$batch")
        while open_parts:
            body = msgspec.json.encode(odata.batch_body(open_parts))
            reply, decoded = await self._asker.ask(
                "POST", address, "directory", units * len(open_parts), _of_graph(decode), waits, body=body
            )
            left, gone, wait_s = self._sorted(open_parts, decoded.answers or (), links)
            yield _page(reply, decoded, address, None, tuple(gone))
            if left:
                refused += 1
                if refused >= TRIES or time.monotonic() - started > BUDGET_S:
                    raise left[0][1]
                await self._asker.pause(wait_s, refused, "directory", waits)
            open_parts = [part for part, _ in left]
        for parent, link in links:
            following = odata.pinned(self.cloud.graph, link)
            async for page in self.follow(following, "directory", decode, units=units, waits=waits, parent=parent):
                yield page

    def _sorted(
        self, parts: Sequence[Part], answers: Sequence[PartAnswer], links: list[tuple[str, str]]
    ) -> tuple[list[tuple[Part, SeatwiseError]], list[str], float | None]:
        """Parts to ask again with their error, ids that are gone, the longest wait named. Adds to `links`."""
        by_id = {answer.parent.lower(): answer for answer in answers}
        left: list[tuple[Part, SeatwiseError]] = []
        gone: list[str] = []
        waits: list[float] = []
        for part in parts:
            answer = by_id.get(part.id.lower())
            if answer is None:
                left.append((part, _lost(part)))
            elif answer.status >= 300:
                headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
                error = refusals.refusal(answer.status, headers, answer.error, part.path.partition("?")[0])
                if isinstance(error, Skip):
                    gone.append(part.id)
                    continue
                if not isinstance(error, TryLater):
                    raise error
                left.append((part, error))
                if error.wait_s is not None:
                    waits.append(error.wait_s)
            elif answer.next_link:
                links.append((part.id, answer.next_link))
        return left, gone, max(waits, default=None)


def _of_graph(decode: Decode) -> Decode:
    """The decoder, refusing bodies that do not say what of Graph they are: valid JSON made by something in between."""

    def decoded(text: bytes) -> Decoded:
        found = decode(text)
        answers = found.answers
        n_pages = 1 if answers is None else sum(answer.status < 300 for answer in answers)
        if not (_CONTEXT in text if n_pages == 1 else text.count(_CONTEXT) >= n_pages):
            raise TryLater(
                code="page_unreadable",
                sentence="Microsoft's answer is not whole; it is asked for again.",
                detail="no @odata.context",
            )
        return found

    return decoded


def _page(reply: Reply, decoded: Decoded, url: str, parent: str | None, gone: tuple[str, ...] = ()) -> Page:
    return Page(
        body=reply.body,
        n_rows=decoded.n,
        next_link=decoded.next_link,
        decoded=decoded,
        url=url,
        request_id=reply.headers.get("request-id"),
        received_at=clock.now(),
        parent=parent,
        gone=gone,
    )


def _object(text: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TryLater(
            code="page_unreadable",
            sentence="Microsoft's answer could not be read; it is asked for again.",
            detail=str(error),
        ) from error


def _looped(address: str) -> TryLater:
    return TryLater(
        code="page_loop",
        sentence="Microsoft's list leads back to a page already read, so it was not used. Run sync again later.",
        detail=where(address),
    )


def _lost(part: Part) -> TryLater:
    return TryLater(
        code="part_lost",
        sentence="Microsoft left out an answer; it is asked for again.",
        detail=part.path.partition("?")[0],
    )
