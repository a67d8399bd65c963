"""Which addresses a browser may be led on to: paths of our own and nothing else."""

from __future__ import annotations

import re

from django.utils.http import url_has_allowed_host_and_scheme

# A path from the root. Not two slashes, which begin a host; no backslash, which browsers read as a slash; no spaces or
# control characters, which they drop before they read.
_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


def is_ours(address: str) -> bool:
    return bool(_PATH.fullmatch(address)) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
