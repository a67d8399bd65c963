"""The machine words of an app's record in plain words, for every page that shows them."""

from __future__ import annotations

from typing import Final

ORIGINS: Final = {
    "gallery": "From Microsoft’s gallery",
    "own": "Made here",
    "foreign": "From another company",
    "custom": "Set up by hand in Entra",
    "microsoft": "Microsoft",
    "unknown": "Origin not known",
}
STATES: Final = {"approved": "Approved", "tolerated": "Tolerated", "closed": "Closed", "ignored": "Ignored"}
WAYS_IN: Final = {"saml": "SAML", "oidc": "OpenID Connect", "password": "Password", "none": "No single sign-on"}
CONSENTS: Final = {
    "admin": "By an administrator, for everybody",
    "user": "By single people, for themselves",
    "none": "Nobody had to consent",
}
PATHS: Final = {
    "direct": "Given directly",
    "group": "By a group",
    "both": "Directly and by a group",
    "hand": "Added by hand",
    "none": "No seat",
}
KINDS: Final = {"member": "Members", "guest": "Guests"}
CHANGES: Final = {"started": ("chip-good", "Started"), "stopped": ("chip-warn", "Stopped")}
