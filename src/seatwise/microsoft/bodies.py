"""Bodies as received, and what is in them: capped, unpacked once, never believed when cut."""

from __future__ import annotations

import asyncio

import aiohttp
from isal import isal_zlib

from seatwise.base.errors import TryLater

MOST_BYTES = 64 << 20
"""Of a page, unpacked. A page of 1,000 sign-ins with every property is 4 MB."""

_GZIP = b"\x1f\x8b"


async def received(answer: aiohttp.ClientResponse, idle_s: float) -> bytes:
    """The whole body as it came over the wire.

    Errors: TimeoutError after so many seconds without a byte, TryLater `page_too_large`, and `page_cut` for a body of
    which nothing says where it ends: a connection that somebody closed looks the same as one that was finished.
    """
    chunks: list[bytes] = []
    n_bytes = 0
    async with asyncio.timeout(idle_s) as idle:
        async for chunk in answer.content.iter_any():
            idle.reschedule(asyncio.get_running_loop().time() + idle_s)
            n_bytes += len(chunk)
            if n_bytes > MOST_BYTES:
                raise _too_large()
            chunks.append(chunk)
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    # gzip carries an end and a sum of its own, which `unpacked` checks.
    if not (_is_framed(answer) or body[:2] == _GZIP):
        raise _cut("neither a length nor a last chunk")
    return body


def _is_framed(answer: aiohttp.ClientResponse) -> bool:
    chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
    return chunked or "Content-Length" in answer.headers or answer.status in (204, 304)


def unpacked(body: bytes, encoding: str, most: int = MOST_BYTES) -> bytes:
    """The text of a body. encoding: the header Content-Encoding.

    Errors: TryLater `page_cut` when the body ends early or is damaged, `page_too_large` above `most` bytes.
    """
    if "gzip" not in encoding.lower() and body[:2] != _GZIP:
        return body
    unpacker = isal_zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(body, max_length=most + 1)
    except isal_zlib.error as error:  # type: ignore[misc]  # its stubs know no base of it
        raise _cut(str(error)) from error
    if len(text) > most:
        raise _too_large()
    if not unpacker.eof:
        raise _cut("gzip without an end")
    return bytes(text)


def _cut(detail: str) -> TryLater:
    return TryLater(
        code="page_cut",
        sentence="An answer of Microsoft arrived damaged; it is asked for again.",
        detail=detail,
    )


def _too_large() -> TryLater:
    return TryLater(
        code="page_too_large",
        sentence="An answer of Microsoft was too large; it is read in smaller pieces.",
        detail=f"more than {MOST_BYTES} bytes",
    )
