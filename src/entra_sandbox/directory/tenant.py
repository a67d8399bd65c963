"""Answers about the tenant as a whole: the organization, its domains, objects by their ids."""

from __future__ import annotations

from typing import Any

from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import bad_request, not_found
from entra_sandbox.directory.index import Index, index_at
from entra_sandbox.directory.listing import picked, render_related
from entra_sandbox.directory.principals import tenant_plans
from entra_sandbox.state import State

Arguments = tuple[str, ...]


def organization(state: State, ask: Ask, arguments: Arguments) -> Answer:
    index = index_at(state)
    row = organization_row(index)
    if arguments and arguments[0].lower() != row["id"]:
        raise not_found(arguments[0])
    shown = picked(ask, [row], "microsoft.graph.organization")
    context = f"{ask.root}/$metadata#organization"
    return Answer(
        {"@odata.context": context + "/$entity", **shown[0]}
        if arguments
        else {"@odata.context": context, "value": shown}
    )


def organization_row(index: Index) -> dict[str, Any]:
    tenant = index.tenant
    mail = "Email, OfficeCommunicationsOnline"
    return {
        "id": tenant.id,
        "deletedDateTime": None,
        "assignedPlans": tenant_plans(index),
        "businessPhones": [],
        "city": None,
        "country": None,
        "countryLetterCode": tenant.country,
        "createdDateTime": tenant.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "defaultUsageLocation": None,
        "displayName": tenant.name,
        "marketingNotificationEmails": [],
        "mobileDeviceManagementAuthority": "unknown",
        "onPremisesLastSyncDateTime": None,
        "onPremisesSyncEnabled": None,
        "partnerTenantType": None,
        "postalCode": None,
        "preferredLanguage": "en",
        "privacyProfile": None,
        "provisionedPlans": [],
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "state": None,
        "street": None,
        "technicalNotificationMails": [],
        "tenantType": "AAD",
        "verifiedDomains": [
            {"capabilities": mail, "isDefault": True, "isInitial": False, "name": tenant.domain, "type": "Managed"},
            {
                "capabilities": "Email",
                "isDefault": False,
                "isInitial": True,
                "name": tenant.initial_domain,
                "type": "Managed",
            },
        ],
    }


def domains(state: State, ask: Ask, arguments: Arguments) -> Answer:
    tenant = state.world.tenant
    common = {
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "isAdminManaged": True,
        "isVerified": True,
        "passwordNotificationWindowInDays": 14,
        "passwordValidityPeriodInDays": 2147483647,
        "state": None,
        "isRoot": True,
    }
    rows = [
        {
            "id": tenant.domain,
            "isDefault": True,
            "isInitial": False,
            "supportedServices": ["Email", "OfficeCommunicationsOnline"],
            **common,
        },
        {"id": tenant.initial_domain, "isDefault": False, "isInitial": True, "supportedServices": ["Email"], **common},
    ]
    return Answer(
        {"@odata.context": f"{ask.root}/$metadata#domains", "value": picked(ask, rows, "microsoft.graph.domain")}
    )


def by_ids(state: State, ask: Ask, arguments: Arguments) -> Answer:
    body = ask.body if isinstance(ask.body, dict) else {}
    ids = body.get("ids")
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise bad_request("The parameter 'ids' is required.", "Request_BadRequest")
    if len(ids) > 1000:
        raise bad_request("Too many object ids; at most 1000 are allowed.", "Request_BadRequest")
    index = index_at(state)
    wanted = {str(name).lower() for name in body.get("types") or ["user", "group", "serviceprincipal"]}
    rows = [
        row
        for row in (index.object(item.lower()) for item in dict.fromkeys(ids))
        if row is not None and ("directoryobject" in wanted or type(row).__name__.lower() in wanted)
    ]
    return Answer(
        {
            "@odata.context": f"{ask.root}/$metadata#directoryObjects",
            "value": [render_related(row, None, ask.options.get("$select"), index) for row in rows],
        }
    )
