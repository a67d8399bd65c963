"""Puts an answer on the wire: headers, gzip, and the faults that are about bytes."""

from __future__ import annotations

import asyncio
import json

import msgspec
from aiohttp import web
from isal import isal_zlib

from entra_sandbox.behaviour.ask import Answer
from entra_sandbox.behaviour.faults import Fault

DIAGNOSTIC = json.dumps(
    {
        "ServerInfo": {
            "DataCenter": "Sandbox North",
            "Slice": "E",
            "Ring": "3",
            "ScaleUnit": "001",
            "RoleInstance": "SN1PEPF00000001",
        }
    },
    separators=(",", ":"),
)
HTML = b"<html><head><title>Gateway</title></head><body><h1>Our services aren't available right now</h1></body></html>"
_GZIP_FROM = 1024


def compress(body: bytes) -> bytes:
    packer = isal_zlib.compressobj(1, wbits=31)
    return bytes(packer.compress(body) + packer.flush())


def encode(answer: Answer) -> bytes:
    if answer.encoded is not None:
        return answer.encoded
    if answer.payload is None:
        return b""
    if isinstance(answer.payload, str):
        return answer.payload.encode()
    return msgspec.json.encode(answer.payload)


def headers_of(answer: Answer, request_id: str, client_request_id: str) -> dict[str, str]:
    return {
        "Cache-Control": "no-cache",
        "Content-Type": answer.content_type,
        "Vary": "Accept-Encoding",
        "Strict-Transport-Security": "max-age=31536000",
        "request-id": request_id,
        "client-request-id": client_request_id,
        "x-ms-ags-diagnostic": DIAGNOSTIC,
        "OData-Version": "4.0",
        **answer.headers,
    }


async def send(
    request: web.Request, answer: Answer, headers: dict[str, str], fault: Fault | None
) -> web.StreamResponse:
    body = encode(answer)
    if fault is not None and fault.kind == "garbage":
        body = b"\xef\xbb\xbf" + body[: len(body) // 2] + b"NaN,,"
    if fault is not None and fault.kind == "html":
        body = HTML
        answer.status = fault.status or 200
        headers = {**headers, "Content-Type": "text/html"}
    if "gzip" in request.headers.get("Accept-Encoding", "").lower() and len(body) >= _GZIP_FROM:
        body = compress(body)
        headers = {**headers, "Content-Encoding": "gzip"}
    if fault is not None and fault.kind in ("cut", "slow"):
        return await _send_oddly(request, answer.status, headers, body, fault)
    return web.Response(status=answer.status, headers=headers, body=body)


async def _send_oddly(
    request: web.Request, status: int, headers: dict[str, str], body: bytes, fault: Fault
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers=headers)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body)
        return response
    # Chunked and properly ended: the framing is valid, only the body is short. Clients raise nothing here.
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(body[: max(1, len(body) // 2)])
    await response.write_eof()
    return response


def reset(request: web.Request) -> None:
    """Drop the connection without a word."""
    transport = request.transport
    if transport is not None:
        transport.abort()
