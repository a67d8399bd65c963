"""A certificate with its key as a person hands it in, looked at before it is used."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from seatwise.base.errors import AskAdmin


def checked(pem: str) -> str:
    """The same PEM text. Errors: AskAdmin when it holds no certificate, no usable key, or two that do not match."""
    text = pem.encode()
    try:
        certificate = x509.load_pem_x509_certificate(text)
        key = serialization.load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AskAdmin(
            code="certificate_unreadable",
            sentence="The certificate could not be used. "
            "Give one PEM file with the certificate and its private key, without a password.",
            detail=type(error).__name__,
        ) from None  # what the parser says may quote the key
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise AskAdmin(
            code="certificate_mismatch",
            sentence="The private key does not belong to the certificate. Give the file in which both were made.",
        )
    return pem
