"""Looks after cards and letters: what changed is looked at, what fell due is written. The worker calls it."""

from __future__ import annotations

import logging

from seatwise.base.errors import SeatwiseError
from seatwise.control.events import alerts, digest, findings, server, watching
from seatwise.control.models import MailChoice, Workspace

log = logging.getLogger(__name__)


def is_due() -> bool:
    """Whether `tend` would do anything. Asks the database alone, so that the worker need not load what answers."""
    return bool(watching.stale()) or (server.facts() is not None and bool(digest.due()))


def tend() -> int:
    """Gives how many letters were put. What fails for one company does not keep the others from theirs."""
    n_put = 0
    for workspace in watching.stale():
        watching.begin(workspace)
        try:
            n_put += _look(workspace)
        except SeatwiseError as error:
            log.warning("cards of %s could not be looked at: %s", workspace.pk, error)
    if server.facts() is None:
        return n_put
    for choice in digest.due():
        try:
            n_put += digest.put(choice)
        except SeatwiseError as error:
            log.warning("a digest of %s could not be written: %s", choice.membership.workspace_id, error)
    return n_put


def _look(workspace: Workspace) -> int:
    seen_with = watching.fingerprint(workspace)
    found = findings.found(workspace, None)
    watching.note(workspace, seen_with, found.findings)
    if server.facts() is None:
        return 0
    wanting = MailChoice.objects.filter(membership__workspace=workspace, has_alerts=True)
    wanting = wanting.select_related("membership__person", "membership__workspace")
    return sum(alerts.put(workspace, choice, found) for choice in wanting)
