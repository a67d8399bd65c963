"""Makes a screenshot small: at most 256 colours, chosen so that flat areas keep theirs exactly."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import numpy as np
from playwright.sync_api import Page

# The browser takes its own picture apart: reading PNG in Python would need one more package.
_PIXELS = """async text => {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, image.width, image.height).data;
  let out = "";
  for (let at = 0; at < data.length; at += 32768) out += String.fromCharCode(...data.subarray(at, at + 32768));
  return [image.width, image.height, btoa(out)];
}"""
_COLOURS = 256


def small_png(page: Page, png: bytes) -> bytes:
    """The same picture with a palette. page: any page of the browser, best an empty one."""
    width, height, text = page.evaluate(_PIXELS, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height * width, 4)[:, :3]
    palette, indices = _quantized(pixels)
    return _written(width, height, palette, indices)


def _quantized(pixels: Any) -> tuple[Any, Any]:
    packed = pixels[:, 0].astype(np.uint32) << 16 | pixels[:, 1].astype(np.uint32) << 8 | pixels[:, 2].astype(np.uint32)
    colours, where, counts = np.unique(packed, return_inverse=True, return_counts=True)
    values = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    order = np.argsort(-counts, kind="stable")
    chosen = _chosen(values, order)
    nearest = np.empty(len(colours), np.uint8)
    for start in range(0, len(colours), 4096):
        part = values[start : start + 4096, None, :] - values[chosen][None, :, :]
        nearest[start : start + 4096] = (part**2).sum(axis=2).argmin(axis=1)
    return values[chosen].astype(np.uint8), nearest[where.reshape(-1)]


def _chosen(values: Any, order: Any) -> list[int]:
    """The most frequent colours, no two of them closer than needed to cover all with a palette."""
    apart = 0
    while True:
        chosen: list[int] = []
        taken = np.empty((0, 3), np.int32)
        for at in order:
            if len(taken) and ((taken - values[at]) ** 2).sum(axis=1).min() <= apart:
                continue
            chosen.append(int(at))
            taken = values[chosen]
            if len(chosen) > _COLOURS:
                break
        if len(chosen) <= _COLOURS:
            return chosen
        apart = apart * 2 or 3


def _written(width: int, height: int, palette: Any, indices: Any) -> bytes:
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = indices.reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
