"""What Microsoft's licences are called, for the short names that a tenant is told.

Source: Microsoft's licensing reference, product names and service plan identifiers; checked by tests/catalog.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "SPE_E3": "Microsoft 365 E3",
    "SPE_E5": "Microsoft 365 E5",
    "SPE_F1": "Microsoft 365 F3",
    "M365_F1": "Microsoft 365 F1",
    "M365_F1_COMM": "Microsoft 365 F1",
    "SPE_E5_NOPSTNCONF": "Microsoft 365 E5 without Audio Conferencing",
    "SPE_F5_SEC": "Microsoft 365 F5 Security",
    "SPE_F5_COMP": "Microsoft 365 F5 Compliance",
    "SPE_F5_SECCOMP": "Microsoft 365 F5 Security + Compliance",
    "O365_w/o_Teams_Bundle_M5": "Microsoft 365 E5 (no Teams)",
    "IDENTITY_THREAT_PROTECTION": "Microsoft 365 E5 Security",
    "M365EDU_A3_FACULTY": "Microsoft 365 A3 for faculty",
    "M365EDU_A3_STUDENT": "Microsoft 365 A3 for students",
    "M365EDU_A5_FACULTY": "Microsoft 365 A5 for faculty",
    "M365EDU_A5_STUDENT": "Microsoft 365 A5 for students",
    "STANDARDPACK": "Office 365 E1",
    "ENTERPRISEPACK": "Office 365 E3",
    "ENTERPRISEPREMIUM": "Office 365 E5",
    "DESKLESSPACK": "Office 365 F3",
    "O365_w/o_Teams_Bundle_E3": "Office 365 E3 (no Teams)",
    "O365_BUSINESS_ESSENTIALS": "Microsoft 365 Business Basic",
    "O365_BUSINESS_PREMIUM": "Microsoft 365 Business Standard",
    "SPB": "Microsoft 365 Business Premium",
    "O365_BUSINESS": "Microsoft 365 Apps for business",
    "OFFICESUBSCRIPTION": "Microsoft 365 Apps for enterprise",
    "M365_Copilot": "Microsoft 365 Copilot",
    "Microsoft_365_Copilot": "Microsoft 365 Copilot",
    "EXCHANGESTANDARD": "Exchange Online Plan 1",
    "EXCHANGEENTERPRISE": "Exchange Online Plan 2",
    "EXCHANGEDESKLESS": "Exchange Online Kiosk",
    "EXCHANGEARCHIVE_ADDON": "Exchange Online Archiving",
    "SHAREPOINTSTANDARD": "SharePoint Online Plan 1",
    "SHAREPOINTENTERPRISE": "SharePoint Online Plan 2",
    "WACONEDRIVESTANDARD": "OneDrive for Business Plan 1",
    "WACONEDRIVEENTERPRISE": "OneDrive for Business Plan 2",
    "AAD_BASIC": "Entra ID Basic",
    "AAD_PREMIUM": "Entra ID P1",
    "AAD_PREMIUM_P2": "Entra ID P2",
    "Microsoft_Entra_ID_Governance": "Entra ID Governance",
    "EMS": "Enterprise Mobility + Security E3",
    "EMSPREMIUM": "Enterprise Mobility + Security E5",
    "INTUNE_A": "Intune",
    "Microsoft_Intune_Suite": "Intune Suite",
    "RIGHTSMANAGEMENT": "Azure Information Protection Plan 1",
    "ATP_ENTERPRISE": "Defender for Office 365 Plan 1",
    "THREAT_INTELLIGENCE": "Defender for Office 365 Plan 2",
    "WIN_DEF_ATP": "Defender for Endpoint",
    "WIN10_PRO_ENT_SUB": "Windows Enterprise E3",
    "WIN10_VDA_E3": "Windows Enterprise E3",
    "WIN10_VDA_E5": "Windows Enterprise E5",
    "PROJECT_P1": "Project Plan 1",
    "PROJECTPROFESSIONAL": "Project Plan 3",
    "PROJECTPREMIUM": "Project Online Premium",
    "VISIOONLINE_PLAN1": "Visio Plan 1",
    "VISIOCLIENT": "Visio Plan 2",
    "POWER_BI_STANDARD": "Microsoft Fabric (free)",
    "POWER_BI_PRO": "Power BI Pro",
    "PBI_PREMIUM_PER_USER": "Power BI Premium Per User",
    "FLOW_FREE": "Power Automate Free",
    "FLOW_PER_USER": "Power Automate per user",
    "POWERAPPS_VIRAL": "Power Apps Plan 2 Trial",
    "POWERAPPS_PER_USER": "Power Apps per user",
    "POWERAPPS_DEV": "Power Apps for Developer",
    "TEAMS_EXPLORATORY": "Teams Exploratory",
    "TEAMS_ESSENTIALS_AAD": "Teams Essentials",
    "Microsoft_Teams_Premium": "Teams Premium",
    "Microsoft_Teams_Rooms_Pro": "Teams Rooms Pro",
    "Microsoft_Teams_EEA_New": "Teams EEA",
    "MCOEV": "Teams Phone Standard",
    "MCOMEETADV": "Audio Conferencing",
    "PHONESYSTEM_VIRTUALUSER": "Teams Phone Resource Account",
    "STREAM": "Microsoft Stream",
    "WINDOWS_STORE": "Windows Store for Business",
    "DYN365_ENTERPRISE_SALES": "Dynamics 365 Sales Enterprise",
    "DYN365_ENTERPRISE_CUSTOMER_SERVICE": "Dynamics 365 Customer Service Enterprise",
    "DYN365_FINANCE": "Dynamics 365 Finance",
    "DYN365_BUSCENTRAL_ESSENTIAL": "Dynamics 365 Business Central Essentials",
    "DYN365_BUSCENTRAL_PREMIUM": "Dynamics 365 Business Central Premium",
    "DYN365_TEAM_MEMBERS": "Dynamics 365 Team Members",
}

SKU_NAMES: Final[dict[str, str]] = {part.upper(): name for part, name in _NAMES.items()}
"""Short name in capitals → what people call it."""

FREE: Final = frozenset(
    {
        "FLOW_FREE",
        "POWER_BI_STANDARD",
        "POWERAPPS_VIRAL",
        "POWERAPPS_DEV",
        "TEAMS_EXPLORATORY",
        "WINDOWS_STORE",
        "STREAM",
    }
)
"""Licences that come without a price, so that none is asked for. In capitals."""


def sku_name(part_number: str) -> str:
    """What a licence is called; its short name with blanks where we have no better one."""
    return SKU_NAMES.get(part_number.strip().upper()) or part_number.strip().replace("_", " ")
