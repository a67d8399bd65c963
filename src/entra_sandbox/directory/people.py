"""Users and groups as Graph declares them."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from entra_sandbox.directory.entity import (
    NEVER,
    Entity,
    attribute,
    constant,
    declared,
    listed,
    show_time,
    time,
    without,
)
from entra_sandbox.directory.index import Index
from entra_sandbox.world.shapes import Group, Stamp, User


def assigned_licenses(row: User, _: Index) -> list[dict[str, Any]]:
    return [{"disabledPlans": [], "skuId": sku} for sku in dict.fromkeys(sku for sku, _ in row.assigned_skus)]


def license_states(row: User, _: Index) -> list[dict[str, Any]]:
    at = show_time(row.created_at)
    return [
        {
            "skuId": sku,
            "assignedByGroup": group,
            "disabledPlans": [],
            "state": "Active",
            "error": "None",
            "lastUpdatedDateTime": at,
        }
        for sku, group in row.assigned_skus
    ]


def sign_in_activity(row: User, index: Index) -> dict[str, Any] | None:
    found = index.activity.users.get(row.id)
    if found is None:
        return None
    interactive, silent, success = found.interactive, found.non_interactive, found.successful
    return {
        "lastSignInDateTime": _at(interactive),
        "lastSignInRequestId": _id(interactive),
        "lastNonInteractiveSignInDateTime": _at(silent),
        "lastNonInteractiveSignInRequestId": _id(silent),
        "lastSuccessfulSignInDateTime": _at(success),
        "lastSuccessfulSignInRequestId": _id(success),
    }


def _at(stamp: Stamp | None) -> str | None:
    return None if stamp is None else show_time(stamp.at)


def _id(stamp: Stamp | None) -> str | None:
    return None if stamp is None else stamp.request_id


def _nickname(row: User | Group, _: Index) -> str:
    name = row.user_principal_name if isinstance(row, User) else row.mail or row.id
    return name.split("@")[0]


def _identities(row: User, index: Index) -> list[dict[str, Any]]:
    return [
        {
            "signInType": "userPrincipalName",
            "issuer": index.tenant.initial_domain,
            "issuerAssignedId": row.user_principal_name,
        }
    ]


def _security_identifier(row: Any, _: Index) -> str:
    parts = uuid.UUID(row.id).int.to_bytes(16, "big")
    return "S-1-12-1-" + "-".join(str(int.from_bytes(parts[i : i + 4], "big")) for i in (0, 4, 8, 12))


def _immutable_id(row: User, _: Index) -> str | None:
    return base64.b64encode(uuid.UUID(row.id).bytes_le).decode() if row.on_premises_sync_enabled else None


def _plans(row: User, index: Index) -> list[dict[str, Any]]:
    held = {sku for sku, _ in row.assigned_skus}
    return [
        {
            "assignedDateTime": show_time(row.created_at),
            "capabilityStatus": "Enabled",
            "service": name,
            "servicePlanId": plan,
        }
        for sku in index.directory.subscribed_skus
        if sku.sku_id in held
        for plan, name in sku.service_plans
    ]


def license_details(row: User, index: Index) -> list[dict[str, Any]]:
    held = {sku for sku, _ in row.assigned_skus}
    return [
        {
            "id": base64.urlsafe_b64encode(uuid.UUID(row.id).bytes + uuid.UUID(sku.sku_id).bytes).decode().rstrip("="),
            "skuId": sku.sku_id,
            "skuPartNumber": sku.part_number,
            "servicePlans": [
                {"servicePlanId": plan, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User"}
                for plan, name in sku.service_plans
            ],
        }
        for sku in index.directory.subscribed_skus
        if sku.sku_id in held
    ]


_USER = declared(
    {
        "id": attribute("id"),
        "deletedDateTime": time("deleted_at"),
        "userPrincipalName": attribute("user_principal_name"),
        "displayName": attribute("display_name"),
        "givenName": attribute("given_name"),
        "surname": attribute("surname"),
        "mail": attribute("mail"),
        "mailNickname": _nickname,
        "department": attribute("department"),
        "jobTitle": attribute("job_title"),
        "companyName": attribute("company_name"),
        "country": attribute("country"),
        "usageLocation": attribute("usage_location"),
        "employeeId": attribute("employee_id"),
        "userType": attribute("user_type"),
        "accountEnabled": attribute("account_enabled"),
        "createdDateTime": time("created_at"),
        "onPremisesSyncEnabled": attribute("on_premises_sync_enabled"),
        "onPremisesImmutableId": _immutable_id,
        "assignedLicenses": assigned_licenses,
        "licenseAssignmentStates": license_states,
        "assignedPlans": _plans,
        "externalUserState": attribute("external_user_state"),
        "identities": _identities,
        "securityIdentifier": _security_identifier,
        "signInActivity": sign_in_activity,
        "signInSessionsValidFromDateTime": time("created_at"),
        "creationType": lambda row, _: "Invitation" if row.user_type == "Guest" else None,
        "birthday": constant(NEVER),
        "hireDate": constant(NEVER),
        "deviceEnrollmentLimit": constant(5),
    },
    nulls="""aboutMe ageGroup authorizationInfo city consentProvidedForMinor customSecurityAttributes employeeHireDate
        employeeLeaveDateTime employeeOrgData employeeType externalUserStateChangeDateTime faxNumber identityParentId
        isManagementRestricted isResourceAccount lastPasswordChangeDateTime legalAgeGroupClassification mailboxSettings
        mobilePhone mySite officeLocation onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes
        onPremisesLastSyncDateTime onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesUserPrincipalName
        passwordPolicies passwordProfile postalCode preferredDataLocation preferredLanguage preferredName print
        showInAddressList state streetAddress""",
    lists="""businessPhones imAddresses interests onPremisesProvisioningErrors otherMails pastProjects provisionedPlans
        proxyAddresses responsibilities schools serviceProvisioningErrors skills""",
)

USER = Entity(
    "microsoft.graph.user",
    _USER,
    default=(
        "businessPhones",
        "displayName",
        "givenName",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
        "id",
    ),
    sortable=frozenset({"displayName", "userPrincipalName"}),
    absent_in_lists=frozenset(
        {
            "aboutMe",
            "birthday",
            "hireDate",
            "interests",
            "mySite",
            "pastProjects",
            "preferredName",
            "responsibilities",
            "schools",
            "skills",
            "mailboxSettings",
            "deviceEnrollmentLimit",
        }
    ),
)

_GROUP = declared(
    {
        "id": attribute("id"),
        "displayName": attribute("display_name"),
        "mail": attribute("mail"),
        "mailEnabled": attribute("mail_enabled"),
        "mailNickname": _nickname,
        "securityEnabled": attribute("security_enabled"),
        "groupTypes": listed("group_types"),
        "membershipRule": attribute("membership_rule"),
        "membershipRuleProcessingState": lambda row, _: "On" if row.membership_rule else None,
        "createdDateTime": time("created_at"),
        "renewedDateTime": time("created_at"),
        "assignedLicenses": lambda row, _: [{"disabledPlans": [], "skuId": sku} for sku in row.assigned_sku_ids],
        "visibility": attribute("visibility"),
        "securityIdentifier": _security_identifier,
    },
    nulls="""deletedDateTime accessType allowExternalSenders autoSubscribeNewMembers classification description
        expirationDateTime hasMembersWithLicenseErrors hideFromAddressLists hideFromOutlookClients isArchived
        isAssignableToRole isFavorite isManagementRestricted isSubscribedByMail licenseProcessingState
        onPremisesDomainName onPremisesExtensionAttributes onPremisesLastSyncDateTime onPremisesNetBiosName
        onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled organizationId
        preferredDataLocation preferredLanguage theme uniqueName unseenConversationsCount unseenCount
        unseenMessagesCount welcomeMessageEnabled""",
    lists="""assignedLabels infoCatalogs onPremisesProvisioningErrors proxyAddresses resourceBehaviorOptions
        resourceProvisioningOptions serviceProvisioningErrors""",
)

GROUP = Entity(
    "microsoft.graph.group",
    _GROUP,
    default=without(
        _GROUP,
        """accessType allowExternalSenders assignedLabels assignedLicenses autoSubscribeNewMembers
        hasMembersWithLicenseErrors hideFromAddressLists hideFromOutlookClients infoCatalogs isArchived isFavorite
        isManagementRestricted isSubscribedByMail licenseProcessingState onPremisesExtensionAttributes organizationId
        unseenConversationsCount unseenCount unseenMessagesCount welcomeMessageEnabled""",
    ),
)
