"""The sample company of the demo: marked as one, and taken away with one click."""

from __future__ import annotations

from seatwise.base.errors import AskAdmin, Skip
from seatwise.control import access, audit
from seatwise.control.models import Connection, Person, Workspace


def mark_sample(connection: Connection) -> Workspace:
    """The connection's workspace, from now on shown as a sample."""
    Workspace.objects.filter(pk=connection.workspace_id).update(is_sample=True)
    connection.workspace.refresh_from_db()
    return connection.workspace


def remove_sample(by: Person, workspace: Workspace) -> None:
    """The sample's data, its connection and its workspace go; nothing else is touched.

    Errors: Skip `not_yours` without the right; AskAdmin `not_a_sample`, or `sync_running` when a sync does not end.
    """
    if not access.may(by, workspace, "workspace"):
        raise Skip(code="not_yours", sentence="Only an owner or an admin of this company may remove it.")
    if not workspace.is_sample:
        raise AskAdmin(
            code="not_a_sample",
            sentence="This company is not the sample. To remove its data, disconnect its tenant under Integrations.",
        )
    from seatwise.control import connections

    connection = Connection.objects.select_related("workspace").filter(workspace=workspace).first()
    if connection is not None:
        connections.disconnect(by, connection, erase=True)
    audit.note("sample.removed", person=by, workspace=workspace, subject=workspace.name)
    access.close_workspace(workspace)
