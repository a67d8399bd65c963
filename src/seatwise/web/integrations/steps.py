"""The setup guide's steps in Microsoft's admin centre."""

from __future__ import annotations

from dataclasses import dataclass

from seatwise.catalog.permissions import FIVE


@dataclass(frozen=True, slots=True)
class Copy:
    """A value to copy. key: its id on the page."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step and its drawing. do: what to click, one sentence a line; note: what is good to know besides."""

    key: str
    title: str
    do: tuple[str, ...]
    note: str = ""
    copies: tuple[Copy, ...] = ()

    @property
    def drawing(self) -> str:
        return f"integrations/drawings/{self.key}.svg"


def steps(redirect_uri: str) -> tuple[Step, ...]:
    return (
        Step(
            "tenant",
            "Sign in to the right tenant",
            (
                "Open the Entra admin centre and sign in as Privileged Role Administrator or Global Administrator.",
                "Look at the top right: the name there is the tenant you are in.",
                "If it is another one, open the account menu, choose Switch directory, and press Switch beside yours.",
            ),
            "Everything below happens in this tenant, and only its apps and people will be read.",
        ),
        Step(
            "registrations",
            "Start a new registration",
            ("Open App registrations in the menu on the left.", "Choose New registration."),
            "In the Azure portal the same page is under Microsoft Entra ID, Manage.",
        ),
        Step(
            "register",
            "Name it and choose the account type",
            (
                "Enter a name that others will recognise.",
                "Under Supported account types leave Single tenant: accounts in this organisational directory only.",
                "Under Redirect URI choose Web and paste the address below.",
                "Choose Register.",
            ),
            "Choose multiple tenants only when this Seatwise is to read several Entra tenants with one registration.",
            (Copy("name", "Name", "Seatwise"), Copy("redirect", "Redirect URI", redirect_uri)),
        ),
        Step(
            "redirect",
            "Check the redirect address",
            (
                "Open Authentication. Under Web, Redirect URIs, the address must stand exactly as below.",
                "If it is missing: Add a platform, Web, paste it, Save.",
            ),
            "Of type Web, not Single-page application: with that type Microsoft ends the access after 24 hours. "
            "OAuth 2.0 and the link for an administrator need the address; client credentials do not.",
            (Copy("redirect-again", "Redirect URI", redirect_uri),),
        ),
        Step(
            "permissions",
            "Add the permissions, twice",
            (
                "Open API permissions, Add a permission, Microsoft Graph.",
                "Choose Delegated permissions, search and tick each of the five below, then Add permissions.",
                "Do the same once more with Application permissions.",
            ),
            "Both kinds, so that this one registration serves both ways to connect. All five only read.",
            tuple(Copy(f"permission-{n}", one.opens, one.name) for n, one in enumerate(FIVE.values(), 1)),
        ),
        Step(
            "remove",
            "Remove the delegated User.Read",
            (
                "In the list of configured permissions open the menu of the row User.Read.",
                "Choose Remove permission and confirm.",
            ),
            "Entra adds it to every new registration. Seatwise does not use it, and asks for nothing it does not use.",
        ),
        Step(
            "consent",
            "Grant admin consent",
            (
                "Above the list choose Grant admin consent for your organisation, and Yes.",
                "Each row then says Granted, with a green tick.",
            ),
            "Greyed out? Application permissions of Microsoft Graph need a Privileged Role Administrator or Global "
            "Administrator; a Cloud Application Administrator cannot grant them.",
        ),
        Step(
            "secret",
            "Create the client secret",
            (
                "Open Certificates & secrets, Client secrets, New client secret.",
                "Choose when it expires; Microsoft allows 24 months at most. Choose Add.",
                "Copy what stands under Value, at once. It is shown only until you leave the page.",
            ),
            "The Secret ID beside it is not the secret. Seatwise warns 60, 30, 14, 7 and 1 days before the end. "
            "A certificate made by Seatwise needs no secret: it is uploaded under Certificates on the same page.",
        ),
        Step(
            "overview",
            "Copy the two ids",
            (
                "Open Overview.",
                "Copy Application (client) ID and Directory (tenant) ID. The Object ID is not needed.",
                "Come back here, choose Connect, and enter the three values.",
            ),
        ),
    )
