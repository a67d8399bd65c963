"""Where a judge finds the sandbox: handed over in the environment, as every program gets its addresses.

In the private namespace the addresses are Microsoft's own, and then a judge overrides nothing at all.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"
SCOPE = f"{GRAPH}/.default"


@dataclass(frozen=True)
class Where:
    authority: str
    graph: str
    ca: str
    tenant_id: str
    client_id: str
    client_secret: str
    certificate: str
    """Path of a PEM file with certificate and key, of a client that has no secret; its id is certificate_client."""
    certificate_client: str

    @property
    def is_microsofts_address(self) -> bool:
        return self.authority == LOGIN

    def environment(self) -> dict[str, str]:
        """What a judge's process is started with: these facts, the test authority, and no proxy."""
        trust = dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), self.ca)
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        kept.pop("SSL_CERT_DIR", None)
        facts = json.dumps(vars(self))
        return {**kept, **trust, "NODE_EXTRA_CA_CERTS": self.ca, "NODE_NO_WARNINGS": "1", "JUDGE_WHERE": facts}


def where(environment: Mapping[str, str] = os.environ) -> Where:
    return Where(**json.loads(environment["JUDGE_WHERE"]))


def tell(found: Any) -> None:
    """A judge's verdict: one JSON object on standard output."""
    json.dump(found, sys.stdout)
