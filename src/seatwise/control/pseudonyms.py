"""The secret from which stand-ins for people's names are made: one a workspace, sealed in the vault."""

from __future__ import annotations

import secrets
import threading
from typing import Final
from uuid import UUID

from seatwise.base.errors import AskAdmin
from seatwise.control import vault
from seatwise.control.models import Workspace

_FIELD: Final = "pseudonyms"
# The first one that was stored counts, also when two were stored at once.
_VERSION: Final = 1
_known: dict[UUID, bytes] = {}
_lock = threading.Lock()


def secret(workspace: Workspace) -> bytes:
    """The same for ever, so that a person stands under the same name on every page; made when first needed.

    Errors: those of the vault while it is locked: then nobody is shown rather than everybody by name.
    """
    vault.check()
    with _lock:
        known = _known.get(workspace.pk)
    if known is not None:
        return known
    try:
        told = vault.fetch(workspace.pk, _FIELD, _VERSION)
    except AskAdmin as error:
        if error.code != "secret_none":
            raise
        vault.store(workspace.pk, workspace.tenant_id or "install", _FIELD, secrets.token_hex(32))
        told = vault.fetch(workspace.pk, _FIELD, _VERSION)
    with _lock:
        _known[workspace.pk] = bytes.fromhex(told)
        return _known[workspace.pk]
