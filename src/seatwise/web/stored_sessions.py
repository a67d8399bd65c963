"""Sessions as the database keeps them: known by the hash of their cookie, sealed under it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

_NONCE_BYTES = 12
_ROW_LENGTH = 40  # what the table's column holds


class SessionStore(db.SessionStore):
    """A copy of the database opens no session and reads none: both take the cookie, which only the browser has."""

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=_row(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=_row(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        made = super().create_model_instance(data)
        made.session_key = _row(made.session_key)
        return made

    def encode(self, session_dict: dict[str, Any]) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        text = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, text, None)).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What was kept; nothing when it was not sealed under this cookie, so that its owner signs in anew."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
            text = self._cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
            found = json.loads(text)
        except (ValueError, InvalidTag):
            return {}
        return found if isinstance(found, dict) else {}

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = self.model.objects.filter(session_key=_row(self.session_key or ""), expire_date__gt=timezone.now())
        session: AbstractBaseSession | None = found.first()
        if session is None:
            self._session_key = None
        return session

    def _cipher(self) -> AESGCM:
        # The cookie is random and long enough to be a key; the other hash of it names the row.
        return AESGCM(hashlib.sha256(f"sealed|{self.session_key}".encode()).digest())


def _row(session_key: str) -> str:
    return hashlib.sha256(f"row|{session_key}".encode()).hexdigest()[:_ROW_LENGTH]
