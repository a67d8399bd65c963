"""Facts about Microsoft's own tenants, templates and apps.

Source: Microsoft Entra documentation on first-party applications; app ids as published there.
"""

from __future__ import annotations

from typing import Final

OWNER_TENANTS: Final = frozenset(
    {
        "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        "72f988bf-86f1-41af-91ab-2d7cd011db47",
        "ea8a4392-515e-481f-879e-6571ff2a8a36",
    }
)
"""An app owned by one of these is Microsoft's own."""

CUSTOM_TEMPLATES: Final = frozenset(
    {
        "8adf8e6e-67b2-4cf2-a259-e3dc5476c621",
        "4602d0b4-76bb-404b-bca9-2652e1a39c6d",
        "5a532e38-1581-4918-9658-008dc27c1d68",
    }
)
"""Templates of "create your own application" (global, US Government, China): no gallery app."""

PREMIUM_PLANS: Final = frozenset({"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "eec0eb4f-6444-4f95-aba0-50c24d67f998"})
"""Service plans (P1, P2) of which an enabled one opens the sign-in logs."""

GRAPH_APP_ID: Final = "00000003-0000-0000-c000-000000000000"

APP_IDS: Final[dict[str, str]] = {
    GRAPH_APP_ID: "Microsoft Graph",
    "00000002-0000-0000-c000-000000000000": "Windows Azure Active Directory",
    "00000002-0000-0ff1-ce00-000000000000": "Office 365 Exchange Online",
    "00000003-0000-0ff1-ce00-000000000000": "Office 365 SharePoint Online",
    "00000006-0000-0ff1-ce00-000000000000": "Microsoft Office 365 Portal",
    "00000007-0000-0000-c000-000000000000": "Dataverse",
    "0000000c-0000-0000-c000-000000000000": "Microsoft App Access Panel",
    "00b41c95-dab0-4487-9791-b9d2c32c80f2": "Office 365 Management",
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
    "14d82eec-204b-4c2f-b7e8-296a70dab67e": "Microsoft Graph Command Line Tools",
    "1950a258-227b-4e31-a9cf-717495945fc2": "Microsoft Azure PowerShell",
    "1b730954-1685-4b74-9bfd-dac224a7b894": "Azure Active Directory PowerShell",
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264": "Microsoft Teams",
    "27922004-5251-4030-b22d-91ecd9a37ea4": "Outlook Mobile",
    "2793995e-0a7d-40d7-bd35-6968ba142197": "My Apps",
    "29d9ed98-a469-4536-ade2-f981bc1d605e": "Microsoft Authentication Broker",
    "4345a7b9-9a63-4910-a426-35363201d503": "O365 Suite UX",
    "4765445b-32c6-49b0-83e6-1d93765276ca": "OfficeHome",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346": "Microsoft Teams Web Client",
    "797f4846-ba00-4fd7-ba43-dac1f8f63013": "Azure Resource Manager",
    "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7": "Office365 Shell WCSS-Client",
    "9199bf20-a13f-4107-85dc-02114787ef48": "Outlook Web App Office 365",
    "ab9b8c07-8f02-4f72-87fa-80105867a763": "OneDrive SyncEngine",
    "c44b4083-3bb0-49c1-b47d-974e53cbdf3c": "Azure Portal",
    "d3590ed6-52b3-4102-aeff-aad2292ab01c": "Microsoft Office",
    "de8bc8b5-d9f9-48b1-a8ad-b748da725064": "Graph Explorer",
}
"""Microsoft's most common apps, recognised even when neither a principal nor the event names an owner."""


def is_microsoft(app_id: str | None, owner_tenant_id: str | None) -> bool:
    """Whether an app is Microsoft's own. Both ids in lower case."""
    return owner_tenant_id in OWNER_TENANTS or app_id in APP_IDS
