"""The signing key of the login service, its public face (JWKS), and the tokens signed with it."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_sandbox.certificates import load_key, pem_of, private_folder, self_signed, write_private
from entra_sandbox.identity import jwt


class SigningKey:
    def __init__(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate
        self._seal_key = hashlib.sha256(b"refresh tokens" + pem_of(key)).digest()
        # Microsoft's own: SHA-1 of the certificate names the key, in `x5t` and `kid` alike.
        self.kid = jwt.encoded(certificate.fingerprint(hashes.SHA1()))  # noqa: S303

    def published(self, issuer: str) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": jwt.encoded(modulus),
            "e": jwt.encoded(numbers.e.to_bytes(3, "big")),
            "x5c": [base64.b64encode(der).decode()],
            "cloud_instance_name": "microsoftonline.com",
            "issuer": issuer,
        }

    def id_token(self, claims: Mapping[str, Any]) -> str:
        header = {"typ": "JWT", "alg": "RS256", "kid": self.kid}
        return f"{jwt.part(header)}.{jwt.part(claims)}.{jwt.encoded(jwt.sign(header, claims, self._key))}"

    def foreign_id_token(self, claims: Mapping[str, Any]) -> str:
        """An id token under our key's name that another key has signed."""
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        header = {"typ": "JWT", "alg": "RS256", "kid": self.kid}
        return f"{jwt.part(header)}.{jwt.part(claims)}.{jwt.encoded(jwt.sign(header, claims, other))}"

    def access_token(self, claims: Mapping[str, Any]) -> str:
        """A Graph token: signed over the hash of the nonce it carries, so that nobody but Graph can check it."""
        header = {"typ": "JWT", "nonce": jwt.encoded(secrets.token_bytes(32)), "alg": "RS256", "x5t": self.kid}
        header["kid"] = self.kid
        signature = jwt.sign(_with_hashed_nonce(header), claims, self._key)
        return f"{jwt.part(header)}.{jwt.part(claims)}.{jwt.encoded(signature)}"

    def is_ours(self, token: jwt.Jwt) -> bool:
        """Whether a Graph token was signed here (see access_token)."""
        body = token.signed.decode().split(".")[1]
        signed = f"{jwt.part(_with_hashed_nonce(token.header))}.{body}".encode()
        parts = jwt.Jwt(token.header, token.claims, signed, token.signature)
        return token.header.get("alg") == "RS256" and jwt.is_signed_by(parts, self._key.public_key())

    def seal(self, content: Mapping[str, Any]) -> str:
        """Opaque text that only `opened` reads; used for refresh tokens so that they outlive a restart."""
        body = jwt.part(content)
        return f"{body}.{jwt.encoded(hmac.digest(self._seal_key, body.encode(), 'sha256'))}"

    def opened(self, text: str) -> dict[str, Any] | None:
        body, _, mark = text.rpartition(".")
        right = jwt.encoded(hmac.digest(self._seal_key, body.encode(), "sha256"))
        if not hmac.compare_digest(mark.encode(), right.encode()):
            return None
        content = json.loads(jwt.decoded(body))
        return content if isinstance(content, dict) else None


def open_signing_key(data: Path) -> SigningKey:
    folder = private_folder(data / "identity")
    key_path, certificate_path = folder / "signing.key", folder / "signing.pem"
    if not (key_path.exists() and certificate_path.exists()):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        certificate = self_signed("accounts.accesscontrol.sandbox.example", key, days=1825)
        write_private(key_path, pem_of(key))
        certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return SigningKey(load_key(key_path), x509.load_pem_x509_certificate(certificate_path.read_bytes()))


def _with_hashed_nonce(header: Mapping[str, Any]) -> dict[str, Any]:
    nonce = str(header.get("nonce", ""))
    return {**header, "nonce": jwt.encoded(hashlib.sha256(nonce.encode()).digest())}
