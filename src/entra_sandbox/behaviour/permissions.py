"""Which permission opens which path, and who may read the logs."""

from __future__ import annotations

from entra_sandbox.behaviour.ask import Caller
from entra_sandbox.behaviour.errors import denied, log_permission_missing, premium_missing, role_missing

_DIRECTORY = "Directory.Read.All Directory.ReadWrite.All"
_DEVICES = (
    "DeviceManagementConfiguration.Read.All DeviceManagementConfiguration.ReadWrite.All "
    "DeviceManagementServiceConfig.Read.All DeviceManagementServiceConfig.ReadWrite.All"
)
_AGENTS = "AgentIdUser.ReadWrite.All AgentIdUser.ReadWrite.IdentityParentedBy"
_USERS = (
    f"{_DIRECTORY} {_DEVICES} {_AGENTS} User.Read.All User.ReadBasic.All User.ReadWrite.All "
    "DeviceManagementApps.Read.All DeviceManagementApps.ReadWrite.All "
    "DeviceManagementManagedDevices.Read.All DeviceManagementManagedDevices.ReadWrite.All"
)
_GROUPS = (
    f"{_DIRECTORY} Group-NestingSupport.ReadWrite.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All "
    "GroupMember.Read.All"
)
_GROUP_LIST = f"{_GROUPS} Group-PreferredDataLocation.ReadWrite.All Group.ManageProtection.All"
_MEMBERS = (
    "Directory.Read.All Group.Read.All Group.ReadBasic.All Group.ReadWrite.All GroupMember.Read.All "
    "GroupMember.ReadBasic.All GroupMember.ReadWrite.All"
)
_OWNERS = "Directory.Read.All Group.Read.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All"
_APPS = "Application.Read.All Application.ReadWrite.All"
_GRANTS = f"{_DIRECTORY} DelegatedPermissionGrant.ReadWrite.All"
_LICENCES = f"{_DIRECTORY} LicenseAssignment.Read.All"
_ORGANIZATION = f"{_DIRECTORY} {_DEVICES} Organization.Read.All Organization.ReadWrite.All User.Read.All"
_MEMBER_OF = f"{_DIRECTORY} Group.ReadBasic.All GroupMember.ReadBasic.All"
_LOGS = "AuditLog.Read.All"
_AUDITS = "AuditLog.Read.All Directory.Read.All"

# Path -> (application, delegated). Facts of Microsoft's permissions data set of August 2026; paths it lacks are
# marked with the document they rest on.
_TABLE: dict[str, tuple[str, str]] = {
    "/users": (f"{_USERS} User.ReadWrite.CrossCloud", _USERS),
    "/users/{id}": (f"{_USERS} User.ReadWrite.CrossCloud", f"{_USERS} User.Read User.ReadWrite"),
    "/users/delta": (f"{_DIRECTORY} {_AGENTS} User.Read.All User.ReadWrite.All",) * 2,
    "/users/{id}/licensedetails": (
        f"{_LICENCES} {_AGENTS} User.Read.All User.ReadWrite.All",
        f"{_LICENCES} {_AGENTS} User.Read User.Read.All User.ReadWrite.All",
    ),
    "/users/{id}/approleassignments": ("AppRoleAssignment.ReadWrite.All Directory.Read.All",) * 2,
    "/users/{id}/oauth2permissiongrants": (_GRANTS, _GRANTS),  # user-list-oauth2permissiongrants
    "/users/{id}/memberof": (_MEMBER_OF, f"{_MEMBER_OF} GroupMember.Read.All User.Read"),
    "/users/{id}/transitivememberof": (
        f"{_MEMBER_OF} Group.Read.All GroupMember.Read.All User.Read.All",
        f"{_MEMBER_OF} Group.Read.All GroupMember.Read.All User.Read User.Read.All",
    ),
    "/users/{id}/manager": (f"{_DIRECTORY} User.Read.All User.ReadWrite.All",) * 2,  # user-list-manager
    "/groups": (_GROUP_LIST, _GROUP_LIST),
    "/groups/{id}": (f"{_GROUP_LIST} Group-XTenantIdentitySync.Read.All",) * 2,
    "/groups/delta": (_GROUPS, _GROUPS),
    "/groups/{id}/members": (_MEMBERS, _MEMBERS),
    "/groups/{id}/transitivemembers": (_MEMBERS, _MEMBERS),
    "/groups/{id}/owners": (_OWNERS, _OWNERS),
    "/groups/{id}/memberof": (f"{_DIRECTORY} GroupMember.Read.All Group.Read.All Group.ReadWrite.All",) * 2,
    "/groups/{id}/approleassignments": (f"{_DIRECTORY} AppRoleAssignment.ReadWrite.All",) * 2,
    "/serviceprincipals": (f"{_APPS} Application.ReadWrite.OwnedBy Directory.Read.All", f"{_APPS} {_DIRECTORY}"),
    "/serviceprincipals/{id}": (f"{_APPS} Application.ReadWrite.OwnedBy {_DIRECTORY}", f"{_APPS} {_DIRECTORY}"),
    "/serviceprincipals/{id}/memberof": (f"{_APPS} {_DIRECTORY}",) * 2,  # serviceprincipal-list-memberof
    "/serviceprincipals/{id}/oauth2permissiongrants": (_GRANTS, _GRANTS),
    "/applicationtemplates/{id}": (f"{_APPS} Directory.Read.All",) * 2,  # applicationtemplate-get
    "/oauth2permissiongrants": (_GRANTS, _GRANTS),
    "/oauth2permissiongrants/{id}": (_GRANTS, _GRANTS),
    "/oauth2permissiongrants/delta": (_GRANTS, _DIRECTORY),
    "/organization": (_ORGANIZATION, f"{_ORGANIZATION} User.Read"),
    "/organization/{id}": (f"{_DEVICES} User.Read.All",) * 2,
    "/subscribedskus": (f"{_LICENCES} Organization.Read.All Organization.ReadWrite.All",) * 2,
    "/domains": (f"{_DIRECTORY} Domain.Read.All Domain.ReadWrite.All",) * 2,  # domain-list
    "/directoryobjects/getbyids": (_DIRECTORY, _DIRECTORY),  # directoryobject-getbyids
    "/directory/deleteditems/users": (f"{_DIRECTORY} User.Read.All User.ReadWrite.All",) * 2,  # deleteditems-list
    "/auditlogs/signins": (_LOGS, _LOGS),
    "/auditlogs/directoryaudits": (_AUDITS, _AUDITS),
    "/reports/serviceprincipalsigninactivities": (_AUDITS, _AUDITS),  # reportroot-list-serviceprincipalsigninactivities
}
for _path in ("approleassignedto", "approleassignments", "owners"):
    _TABLE[f"/serviceprincipals/{{id}}/{_path}"] = _TABLE["/serviceprincipals/{id}"]
_TABLE["/serviceprincipals/delta"] = _TABLE["/serviceprincipals/{id}"]
_TABLE["/applications"] = _TABLE["/serviceprincipals"]
for _path in ("{id}", "delta", "{id}/owners"):
    _TABLE[f"/applications/{_path}"] = _TABLE["/serviceprincipals/{id}"]
_TABLE["/auditlogs/signins/{id}"] = _TABLE["/auditlogs/signins"]
_TABLE["/auditlogs/signineventsappsummary"] = _TABLE["/auditlogs/signins"]
_TABLE["/auditlogs/directoryaudits/{id}"] = _TABLE["/auditlogs/directoryaudits"]

APPLICATION = {path: frozenset(pair[0].split()) for path, pair in _TABLE.items()}
DELEGATED = {path: frozenset(pair[1].split()) for path, pair in _TABLE.items()}

# Template ids of the directory roles that may read the logs: Reports Reader, Security Reader, Security Operator,
# Security Administrator, Global Reader, Global Administrator.
REPORTING_ROLES = frozenset(
    {
        "4a5d8f65-41da-4de4-8968-e035b65339cf",
        "5d6b6bb7-de71-4623-b4af-96380a352509",
        "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f",
        "194ae4cb-b126-40b2-bd5b-6091b380977d",
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        "62e90394-69f5-4237-9190-012177145e10",
    }
)


def may(caller: Caller, path: str) -> bool:
    table = APPLICATION if caller.app_only else DELEGATED
    return bool(table.get(path, frozenset()) & caller.permissions)


def check(caller: Caller, path: str) -> None:
    """Raises the 403 of Graph when the token does not open this path."""
    if may(caller, path):
        return
    raise log_permission_missing() if path.startswith("/auditlogs/signin") else denied()


def check_logs(caller: Caller, *, premium: bool, needs_premium: bool, quirk: bool = False) -> None:
    """The rules of the reporting workload, after the permission itself.

    quirk:  without Directory.Read.All Graph answers sign-ins with the premium error though the tenant is premium.
    """
    if not caller.app_only and not caller.wids & REPORTING_ROLES:
        raise role_missing()
    directory = {"Directory.Read.All", "Directory.ReadWrite.All"}
    if needs_premium and (not premium or (quirk and not caller.permissions & directory)):
        raise premium_missing()
