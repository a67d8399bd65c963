"""The bare limit of a trip: every sign-in page over TLS, unpacked and decoded as the product does, and nothing kept."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import ssl
import sys
import urllib.parse
from typing import Any

import aiohttp
from isal import isal_zlib

from bench import report
from seatwise.catalog.activity import SIGN_IN_KINDS
from seatwise.catalog.registry import DATASETS
from seatwise.lake.rows import decoder

DATASET = DATASETS["sign_ins"]


async def walk(graph: str, token: str, ca: str, start: str, end: str) -> tuple[int, int]:
    """Rows and pages of all four kinds between two times."""
    decode = decoder(DATASET)
    rows = pages = 0
    context = ssl.create_default_context(cafile=ca)
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(auto_decompress=False, connector=connector, headers=headers) as session:
        for kind in SIGN_IN_KINDS:
            wanted = {
                "$filter": f"createdDateTime ge {start} and createdDateTime lt {end} "
                f"and signInEventTypes/any(t: t eq '{kind}')",
                "$select": DATASET.select,
                "$orderby": "createdDateTime asc",
                "$top": str(DATASET.page_size),
            }
            link: str | None = f"{graph}/beta/auditLogs/signIns?{urllib.parse.urlencode(wanted)}"
            while link:
                async with session.get(link) as answer:
                    body = await answer.read()
                    assert answer.status == 200, body[:300]
                    packed = answer.headers.get("Content-Encoding") == "gzip"
                page = decode(isal_zlib.decompress(body, 31) if packed else body)
                rows, pages, link = rows + page.n, pages + 1, page.next_link
    return rows, pages


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("graph", "ca", "start", "end"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    token = sys.stdin.read().strip()
    before = cpu_s()
    rows, pages = asyncio.run(walk(options.graph, token, options.ca, options.start, options.end))
    found: dict[str, Any] = {"rows": rows, "pages": pages, "cpu_s": cpu_s() - before}
    found["peak_mib"] = report.peak_mib()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
