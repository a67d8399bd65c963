"""A certificate with its key: made here, or handed in by a person and looked at before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seatwise.base import clock
from seatwise.base.errors import AskAdmin

KEY_BITS = 3072
LIFE_DAYS = 730
_BACK_DATED = timedelta(minutes=10)


@dataclass(frozen=True)
class Certificate:
    """The public part. thumbprint: SHA-1 in capitals, as Microsoft's pages show it."""

    pem: str
    der: bytes
    thumbprint: str
    ends_at: datetime


def make(name: str, now: datetime) -> str:
    """A fresh key and its self-signed certificate, as one PEM text."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACK_DATED)
        .not_valid_after(now + timedelta(days=LIFE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + made.public_bytes(serialization.Encoding.PEM)).decode()


def public(pem: str) -> Certificate:
    """The public part of a PEM text with a certificate. Errors: AskAdmin when it holds none."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, TypeError) as error:
        raise _unreadable(error) from None
    return Certificate(
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        certificate.public_bytes(serialization.Encoding.DER),
        certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - Microsoft names certificates by it
        certificate.not_valid_after_utc,
    )


def check_times(pem: str) -> None:
    """Errors: AskAdmin when the certificate has expired or is not valid yet."""
    certificate, now = x509.load_pem_x509_certificate(pem.encode()), clock.wall()
    if now >= certificate.not_valid_after_utc:
        raise AskAdmin(
            code="certificate_expired",
            sentence=f"The certificate ended on {certificate.not_valid_after_utc:%-d %b %Y}. "
            "Make a new one, upload its public part to the app registration, and switch to it.",
        )
    if now < certificate.not_valid_before_utc:
        raise AskAdmin(
            code="clock_wrong",
            sentence=f"The certificate is valid only from {certificate.not_valid_before_utc:%-d %b %Y} on. "
            "Set this machine's clock right (NTP), then try again.",
        )


def checked(pem: str) -> str:
    """The same PEM text. Errors: AskAdmin when it holds no certificate, no usable key, or two that do not match."""
    text = pem.encode()
    try:
        certificate = x509.load_pem_x509_certificate(text)
        key = serialization.load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unreadable(error) from None
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise AskAdmin(
            code="certificate_mismatch",
            sentence="The private key does not belong to the certificate. Give the file in which both were made.",
        )
    return pem


def _unreadable(error: Exception) -> AskAdmin:
    # What the parser says may quote the key, so only its kind is told.
    return AskAdmin(
        code="certificate_unreadable",
        sentence="The certificate could not be used. "
        "Give one PEM file with the certificate and its private key, without a password.",
        detail=type(error).__name__,
    )
