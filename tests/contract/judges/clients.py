"""The credentials that the judges get: the default client's secret, and a certificate of a client of its own."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_sandbox.certificates import pem_of, self_signed
from tests.contract.judges.where import Where
from tests.support.sandbox import Sandbox


def where_of(sandbox: Sandbox, folder: Path, *, authority: str = "", graph: str = "") -> Where:
    """What a judge must know of this sandbox; the certificate's PEM file is written to the folder."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = self_signed("a judge", key).public_bytes(serialization.Encoding.PEM)
    path = folder / "judge.pem"
    path.write_bytes(pem + pem_of(key))
    wish = {"name": "Judge", "secret": "none", "certificate_pem": pem.decode()}
    client = sandbox.control("POST", "/registrations", wish)["client_id"]
    return Where(
        authority=authority or sandbox.authority,
        graph=graph or sandbox.graph,
        ca=str(sandbox.ca),
        tenant_id=sandbox.tenant_id,
        client_id=sandbox.client_id,
        client_secret=sandbox.client_secret,
        certificate=str(path),
        certificate_client=client,
    )
