"""JSON web tokens: written, taken apart and checked (RS256 and PS256), with no opinion about their claims."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


class MalformedToken(ValueError):  # noqa: N818 (a fact about the token, said as such)
    """The text is not a JSON web token."""


@dataclass(frozen=True)
class Jwt:
    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def part(content: Mapping[str, Any]) -> str:
    return encoded(json.dumps(content, separators=(",", ":")).encode())


def sign(header: Mapping[str, Any], claims: Mapping[str, Any], key: rsa.RSAPrivateKey) -> bytes:
    """The RS256 signature over these two parts."""
    return key.sign(f"{part(header)}.{part(claims)}".encode(), padding.PKCS1v15(), hashes.SHA256())


def read(token: str) -> Jwt:
    """Takes a token apart without believing it; raises MalformedToken."""
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(decoded(head)), json.loads(decoded(body))
        parts = Jwt(header, claims, f"{head}.{body}".encode(), decoded(signature))
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise MalformedToken("not a JSON web token") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise MalformedToken("header and claims are not objects")
    return parts


def is_signed_by(token: Jwt, key: rsa.RSAPublicKey) -> bool:
    """Whether the signature is this key's, by the algorithm the header names (RS256 and PS256 alone)."""
    schemes: dict[str, padding.AsymmetricPadding] = {
        "RS256": padding.PKCS1v15(),
        "PS256": padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH),
    }
    scheme = schemes.get(str(token.header.get("alg")))
    if scheme is None:
        return False
    try:
        key.verify(token.signature, token.signed, scheme, hashes.SHA256())
    except InvalidSignature:
        return False
    return True
