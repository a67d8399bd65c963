"""Who may do what: roles and their rights, members, single-use links."""

from seatwise.control.access.doors import accept_as, accept_invitation, become_owner
from seatwise.control.access.links import consent_link, invite, links, owner_link, peek, revoke, use
from seatwise.control.access.members import change_role, members, remove
from seatwise.control.access.rights import (
    RIGHTS,
    RIGHTS_OF,
    NotYours,
    Right,
    Role,
    demand,
    may,
    may_add_workspace,
    rights_of,
    role_of,
    workspace_for,
    workspaces_of,
)
from seatwise.control.access.workspaces import close_workspace, new_workspace, open_workspace, rename_workspace

__all__ = [
    "RIGHTS",
    "RIGHTS_OF",
    "NotYours",
    "Right",
    "Role",
    "accept_as",
    "accept_invitation",
    "become_owner",
    "change_role",
    "close_workspace",
    "consent_link",
    "demand",
    "invite",
    "links",
    "may",
    "may_add_workspace",
    "members",
    "new_workspace",
    "open_workspace",
    "owner_link",
    "peek",
    "remove",
    "rename_workspace",
    "revoke",
    "rights_of",
    "role_of",
    "use",
    "workspace_for",
    "workspaces_of",
]
