"""The data sets that describe a tenant: people, groups, apps, who may use what."""

from __future__ import annotations

from seatwise.catalog.permissions import DIRECTORY, GROUP, GROUP_MEMBER, USER
from seatwise.catalog.shapes import Dataset, Field, Parent

ORGANIZATION = Dataset(
    name="organization",
    help="The tenant itself: one row.",
    version="v1.0",
    path="/organization",
    page_size=None,
    key=("tenant_id",),
    permissions=(DIRECTORY, USER),
    why="To make sure we talk to the right tenant, and to see whether it has the licence that sign-in logs need.",
    workload="directory",
    units=1,
    entity="microsoft.graph.organization",
    fields=(
        Field("tenant_id", "id", "guid", "Id of the tenant."),
        Field("name", "displayName", "text", "Name of the company."),
        Field("tenant_type", "tenantType", "text", "AAD, AAD B2C or CIAM."),
        Field("country", "countryLetterCode", "text", "Two-letter country code."),
        Field("created_at", "createdDateTime", "time", "When the tenant was made."),
        Field("verified_domains", "verifiedDomains", "json", "Domains the tenant has proved to own."),
        Field("assigned_plans", "assignedPlans", "json", "Service plans of the tenant, used to see a premium licence."),
    ),
)

USERS = Dataset(
    name="users",
    help="People with an account: members and guests, enabled or not.",
    version="v1.0",
    path="/users",
    page_size=999,
    key=("user_id",),
    permissions=(USER, DIRECTORY),
    why="To name the people who hold and use seats, and to see which accounts are disabled.",
    workload="directory",
    units=1,
    history=True,
    entity="microsoft.graph.user",
    fields=(
        Field("user_id", "id", "guid", "Id of the person, stable through renames.", personal=True),
        Field("upn", "userPrincipalName", "text", "Sign-in name.", personal=True),
        Field("name", "displayName", "text", "Full name as shown.", personal=True),
        Field("mail", "mail", "text", "Mail address.", personal=True),
        Field("department", "department", "text", "Department.", personal=True),
        Field("job_title", "jobTitle", "text", "Job title.", personal=True),
        Field("user_type", "userType", "word", "member or guest; null in old accounts means member."),
        Field("is_enabled", "accountEnabled", "bool", "Whether the account may sign in."),
        Field("created_at", "createdDateTime", "time", "When the account was made."),
        Field("assigned_licenses", "assignedLicenses", "json", "Licences in effect, with switched-off plans."),
        Field("license_states", "licenseAssignmentStates", "json", "How each licence was given: direct or by a group."),
    ),
)

GROUPS = Dataset(
    name="groups",
    help="Groups of the tenant.",
    version="v1.0",
    path="/groups",
    page_size=999,
    key=("group_id",),
    permissions=(GROUP, GROUP_MEMBER, DIRECTORY),
    why="To name the groups through which seats are given.",
    workload="directory",
    units=1,
    entity="microsoft.graph.group",
    fields=(
        Field("group_id", "id", "guid", "Id of the group."),
        Field("name", "displayName", "text", "Name of the group."),
        Field("mail", "mail", "text", "Mail address of the group."),
        Field("mail_enabled", "mailEnabled", "bool", "Whether the group receives mail."),
        Field("security_enabled", "securityEnabled", "bool", "Whether the group can be given access."),
        Field(
            "group_types", "groupTypes", "json", "Unified: a Microsoft 365 group; DynamicMembership: filled by a rule."
        ),
        Field("membership_rule", "membershipRule", "text", "Rule that fills the group."),
        Field("assigned_licenses", "assignedLicenses", "json", "Licences given to all members."),
    ),
)

SERVICE_PRINCIPALS = Dataset(
    name="service_principals",
    help="Apps as they exist in the tenant (enterprise applications), and other non-human identities.",
    version="v1.0",
    path="/servicePrincipals",
    page_size=999,
    key=("principal_id",),
    permissions=(DIRECTORY,),
    why="To list the apps.",
    workload="directory",
    units=1,
    entity="microsoft.graph.servicePrincipal",
    fields=(
        Field("principal_id", "id", "guid", "Id of the app inside this tenant."),
        Field("app_id", "appId", "guid", "Id of the app everywhere; the key to its sign-ins."),
        Field("name", "displayName", "text", "Name shown in this tenant."),
        Field("app_display_name", "appDisplayName", "text", "Name given by the app's publisher."),
        Field("owner_tenant_id", "appOwnerOrganizationId", "guid", "Tenant in which the app is registered."),
        Field(
            "principal_type", "servicePrincipalType", "text", "Application, ManagedIdentity, Legacy or newer values."
        ),
        Field("is_enabled", "accountEnabled", "bool", "Whether people may sign in to the app."),
        Field("assignment_required", "appRoleAssignmentRequired", "bool", "Whether only assigned people may sign in."),
        Field("template_id", "applicationTemplateId", "guid", "Template of the app gallery it was made from."),
        Field("sso_mode", "preferredSingleSignOnMode", "text", "saml, password, oidc or notSupported."),
        Field("homepage", "homepage", "text", "Home page address."),
        Field("login_url", "loginUrl", "text", "Address at which the app starts a sign-in."),
        Field("reply_urls", "replyUrls", "json", "Addresses that receive sign-ins."),
        Field("tags", "tags", "json", "Markers of the portal and the gallery."),
        Field("sign_in_audience", "signInAudience", "text", "Whose accounts the app accepts."),
        Field("publisher", "verifiedPublisher/displayName", "text", "Publisher that Microsoft has verified."),
    ),
)

APP_ROLE_ASSIGNMENTS = Dataset(
    name="app_role_assignments",
    help="Who is assigned to which app, directly or as a group.",
    version="v1.0",
    path="/servicePrincipals/{id}/appRoleAssignedTo",
    page_size=999,
    key=("assignment_id",),
    permissions=(DIRECTORY,),
    why="To know who has a seat in each app.",
    workload="directory",
    units=1,
    parent=Parent("service_principals", "principal_id", "applications_not_microsoft", names="resource_id"),
    history=True,
    entity="microsoft.graph.appRoleAssignment",
    fields=(
        Field("assignment_id", "id", "text", "Id of the assignment; capital and small letters differ."),
        Field("principal_id", "principalId", "guid", "Who is assigned: a person, a group or an app.", personal=True),
        Field("principal_type", "principalType", "text", "User, Group or ServicePrincipal."),
        Field("principal_name", "principalDisplayName", "text", "Name of who is assigned.", personal=True),
        Field("resource_id", "resourceId", "guid", "The app's id inside this tenant (principal_id of the app)."),
        Field("resource_name", "resourceDisplayName", "text", "Name of the app."),
        Field("app_role_id", "appRoleId", "guid", "Role in the app; all zeros is plain access."),
        Field("created_at", "createdDateTime", "time", "When it was assigned."),
    ),
)

GROUP_MEMBERS = Dataset(
    name="group_members",
    help="Direct members of the groups that are assigned to an app.",
    version="v1.0",
    path="/groups/{id}/members",
    page_size=999,
    key=("group_id", "member_id"),
    permissions=(GROUP_MEMBER, GROUP, DIRECTORY),
    why="To know who has a seat through a group. Members of members hold none, so only direct ones are read.",
    workload="directory",
    units=2,
    parent=Parent("app_role_assignments", "principal_id", "assigned_groups", names="group_id"),
    history=True,
    entity="microsoft.graph.directoryObject",
    fields=(
        Field("group_id", "", "guid", "The group."),
        Field("member_id", "id", "guid", "The member.", personal=True),
        Field("member_type", "@odata.type", "directory_type", "user, group, servicePrincipal, device or orgContact."),
    ),
)

OAUTH2_PERMISSION_GRANTS = Dataset(
    name="oauth2_permission_grants",
    help="Consents: what apps may do on behalf of people.",
    version="v1.0",
    path="/oauth2PermissionGrants",
    page_size=999,
    key=("grant_id",),
    permissions=(DIRECTORY,),
    why="To see which apps an administrator or a person has consented to.",
    workload="directory",
    units=1,
    entity="microsoft.graph.oAuth2PermissionGrant",
    fields=(
        Field("grant_id", "id", "text", "Id of the consent; capital and small letters differ."),
        Field("client_id", "clientId", "guid", "The app that was given consent (principal_id of the app)."),
        Field(
            "consent_type",
            "consentType",
            "text",
            "AllPrincipals: by an administrator for all; Principal: by one person.",
        ),
        Field("principal_id", "principalId", "guid", "The person, when consent is for one.", personal=True),
        Field("resource_id", "resourceId", "guid", "The app whose data may be used."),
        Field("scope", "scope", "text", "What is allowed, words with blanks between."),
    ),
)

APPLICATION_TEMPLATES = Dataset(
    name="application_templates",
    help="Entries of the app gallery that the tenant's apps were made from.",
    version="v1.0",
    path="/applicationTemplates/{id}",
    page_size=None,
    key=("template_id",),
    permissions=(DIRECTORY,),
    why="To know product, vendor and category of apps from the gallery. Without it a list of our own is used.",
    workload="directory",
    units=1,
    is_extra=True,
    parent=Parent("service_principals", "template_id", "gallery_templates"),
    entity="microsoft.graph.applicationTemplate",
    fields=(
        Field("template_id", "id", "guid", "Id of the entry; an app names it as template_id."),
        Field("name", "displayName", "text", "Name of the product."),
        Field("publisher", "publisher", "text", "Vendor."),
        Field("homepage", "homePageUrl", "text", "Home page of the product."),
        Field("categories", "categories", "json", "Categories the gallery sorts it under."),
    ),
)

SUBSCRIBED_SKUS = Dataset(
    name="subscribed_skus",
    help="Microsoft licences the tenant has.",
    version="v1.0",
    path="/subscribedSkus",
    page_size=None,
    key=("sku_id",),
    permissions=(DIRECTORY,),
    why="To count Microsoft licences bought and assigned.",
    workload="directory",
    units=2,
    entity="microsoft.graph.subscribedSku",
    fields=(
        Field("sku_id", "skuId", "guid", "Id of the product."),
        Field("part_number", "skuPartNumber", "text", "Microsoft's short name of the product."),
        Field("applies_to", "appliesTo", "text", "User or Company; only User is a seat."),
        Field("capability_status", "capabilityStatus", "text", "Enabled, Warning, Suspended, Deleted or LockedOut."),
        Field("consumed_units", "consumedUnits", "int", "Licences assigned.", unit="licences"),
        Field("enabled_units", "prepaidUnits/enabled", "int", "Licences bought.", unit="licences"),
        Field(
            "suspended_units", "prepaidUnits/suspended", "int", "Licences suspended, not assignable.", unit="licences"
        ),
        Field("warning_units", "prepaidUnits/warning", "int", "Licences in the grace period.", unit="licences"),
    ),
)

DIRECTORY_DATASETS = (
    ORGANIZATION,
    SUBSCRIBED_SKUS,
    SERVICE_PRINCIPALS,
    USERS,
    GROUPS,
    APP_ROLE_ASSIGNMENTS,
    GROUP_MEMBERS,
    OAUTH2_PERMISSION_GRANTS,
    APPLICATION_TEMPLATES,
)
"""In the order they are read: what others fan out from comes first."""
