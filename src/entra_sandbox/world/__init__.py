"""A made-up company and its sign-in log: the truth behind everything the sandbox says."""

from entra_sandbox.world.block import Block
from entra_sandbox.world.company import World
from entra_sandbox.world.known import Company, Known, known, midnight
from entra_sandbox.world.shapes import (
    KINDS,
    ZERO,
    Activity,
    AppActivity,
    Application,
    AppRole,
    AppRoleAssignment,
    Directory,
    DirectoryAudit,
    Group,
    Kind,
    Member,
    OAuth2PermissionGrant,
    ServicePrincipal,
    SignIn,
    Sku,
    Stamp,
    Target,
    Tenant,
    User,
    UserActivity,
)

__all__ = [
    "KINDS", "ZERO", "Activity", "AppActivity", "AppRole", "AppRoleAssignment", "Application", "Block", "Company",
    "Directory",
    "DirectoryAudit", "Group", "Kind", "Known", "Member", "OAuth2PermissionGrant", "ServicePrincipal", "SignIn", "Sku",
    "Stamp", "Target", "Tenant", "User", "UserActivity", "World", "known", "midnight",
]  # fmt: skip
