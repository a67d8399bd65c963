"""What Microsoft shows on its own pages and never tells us, so that the pages here can explain it beforehand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """One refusal at Microsoft's sign-in page. shown: what the person reads there."""

    number: int
    shown: str
    cause: str
    remedy: str


TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        50011,
        "The redirect URI specified in the request does not match",
        "The address to return to is not registered letter by letter.",
        "Add the redirect address shown here under Authentication → Web → Redirect URIs.",
    ),
    Trouble(
        700016,
        "Application with identifier was not found in the directory",
        "The client ID is wrong, or the app belongs to another tenant.",
        "Compare the client ID with the overview of the app registration.",
    ),
    Trouble(
        50194,
        "Application is not configured as a multi-tenant application",
        "The registration admits accounts of its own tenant only.",
        "Enter its tenant ID beside the client ID, or choose “Accounts in any organizational directory”.",
    ),
    Trouble(
        90094,
        "Need admin approval",
        "This account may not approve the permissions.",
        "Close the window, make a link, and send it to an administrator.",
    ),
    Trouble(
        90095,
        "Approval required",
        "This account may not approve the permissions; your company takes requests for it.",
        "Send the request there, or make a link and send it to an administrator.",
    ),
    Trouble(
        50020,
        "User account does not exist in tenant",
        "A personal account, or one of another company, was chosen.",
        "Choose a work account of the company you want to connect.",
    ),
    Trouble(
        7000112,
        "Application is disabled",
        "An administrator has switched the app off in the tenant.",
        "Enable it under Enterprise applications → Properties.",
    ),
    Trouble(
        900971,
        "No reply address provided",
        "The app registration has no address to return to.",
        "Add the redirect address shown here under Authentication → Web → Redirect URIs.",
    ),
)
