"""What a failure leaves missing, told in the words of the data set: which permission, which licence, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.catalog.microsoft import PREMIUM_PLANS
from seatwise.catalog.permissions import AUDIT_LOG, DIRECTORY, FIVE
from seatwise.catalog.shapes import Dataset
from seatwise.microsoft.auth import Token
from seatwise.sync.progress import Missing

REFUSALS_BELIEVED = 3
SYNC = "seatwise sync"
IMPORT = "seatwise import FILES"
STOPS_ALL = frozenset(
    {
        "token_refused",
        "claims_challenge",
        "tls_not_trusted",
        "not_microsoft",
        "proxy_failed",
        "host_not_found",
    }
)
"""Codes that say nothing about one data set: the connection as a whole does not work."""

REPORTING_ROLES = {
    "4a5d8f65-41da-4de4-8968-e035b65339cf": "Reports Reader",
    "5d6b6bb7-de71-4623-b4af-96380a352509": "Security Reader",
    "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f": "Security Operator",
    "194ae4cb-b126-40b2-bd5b-6091b380977d": "Security Administrator",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
    "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
}
"""Template ids of the directory roles that let a person read sign-ins. Source: Microsoft Graph, "list signIns"."""

_WORDS = {
    "organization": "The tenant's own data",
    "subscribed_skus": "Microsoft licences",
    "service_principals": "Apps",
    "users": "People",
    "groups": "Groups",
    "app_role_assignments": "Seats",
    "group_members": "Seats through groups",
    "oauth2_permission_grants": "Consents",
    "application_templates": "Entries of the app gallery",
    "user_activity": "Dates of people's last activity",
    "app_activity": "Dates of apps' last activity",
    "sign_ins": "Sign-ins",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What we know of our rights.

    roles:          permissions in the token.
    has_plan:       None while the tenant was not read.
    may_read_logs:  false for a person without a directory role that may; apps need none.
    """

    roles: frozenset[str]
    has_plan: bool | None = None
    may_read_logs: bool = True

    @classmethod
    def of(cls, token: Token) -> Standing:
        # No role at all in the token means that the claim is not there, which proves nothing.
        may = not token.is_delegated or not token.wids or bool(token.wids & REPORTING_ROLES.keys())
        return cls(token.roles, may_read_logs=may)

    @property
    def sees_licences(self) -> bool:
        """Without this permission Microsoft takes the tenant for unlicensed whatever it has."""
        return DIRECTORY in self.roles

    def believes(self, n_refusals: int) -> bool:
        """Whether so many premium refusals in a row are more than a false alarm."""
        return not self.sees_licences or self.has_plan is False or n_refusals >= REFUSALS_BELIEVED


def has_premium(assigned_plans: list[object]) -> bool:
    """Whether an enabled plan opens the sign-in logs."""
    return any(
        str(plan.get("servicePlanId", "")).lower() in PREMIUM_PLANS and plan.get("capabilityStatus") == "Enabled"
        for plan in assigned_plans
        if isinstance(plan, dict)
    )


def permission_for(dataset: Dataset, error: SeatwiseError, standing: Standing) -> str | None:
    """The permission whose absence explains a refusal, None when none does."""
    if error.code == "premium_missing":
        return None if standing.sees_licences else DIRECTORY
    if error.code != "permission_missing":
        return None
    if error.permission and error.permission not in standing.roles:
        return error.permission
    for needed in ((dataset.permissions), *((one,) for one in dataset.permissions_too)):
        if not standing.roles.intersection(needed):
            return DIRECTORY if DIRECTORY in needed else needed[0]
    return AUDIT_LOG if dataset.premium and AUDIT_LOG not in standing.roles else None


def reason(error: SeatwiseError, dataset: Dataset, standing: Standing) -> str:
    """The machine word for the ledger."""
    if permission_for(dataset, error, standing) or error.code in ("permission_missing", "role_missing"):
        return "permission_missing"
    if error.code == "premium_missing" and not standing.has_plan:
        return "premium_missing"
    return "read_failed"


def missing(dataset: Dataset, error: SeatwiseError, standing: Standing) -> Missing:
    """What to say about a data set that was not read, or not to its end."""
    what = _WORDS.get(dataset.name, dataset.name)
    if (permission := permission_for(dataset, error, standing)) is not None:
        lost = FIVE[permission].without if permission in FIVE else ""
        return Missing(
            dataset.name,
            "permission_missing",
            f"{what} could not be read: the app lacks the permission {permission}. {lost} "
            "Grant it with admin consent under API permissions of the app registration; "
            "the next sync reads what was missing.",
            permission,
            SYNC,
        )
    if error.code == "role_missing" or (error.code == "permission_missing" and _is_about_role(dataset, standing)):
        return Missing(
            dataset.name,
            "role_missing",
            f"{what} could not be read: the account that signed in has no role that may read logs. "
            f"Give it one of: {', '.join(REPORTING_ROLES.values())} in Microsoft Entra; "
            "the next sync reads what was missing.",
            command=SYNC,
        )
    if error.code == "premium_missing":
        return _unlicensed(dataset, what, standing)
    return Missing(dataset.name, error.code, f"{what} could not be read completely. {error.sentence}", error.permission)


def _is_about_role(dataset: Dataset, standing: Standing) -> bool:
    return dataset.premium and not standing.may_read_logs


def _unlicensed(dataset: Dataset, what: str, standing: Standing) -> Missing:
    if standing.has_plan:
        told = "Microsoft answered as if the tenant had no premium licence, though it has one. This passes by itself"
        return Missing(
            dataset.name,
            "premium_refused",
            f"{what} could not be read: {told}; the next sync tries again.",
            command=f"{SYNC}, in an hour",
        )
    return Missing(
        dataset.name,
        "premium_missing",
        f"{what} could not be read: the tenant has no Entra ID P1 licence, which Microsoft asks for. "
        "Two ways out: import exported sign-in logs, or buy one P1 licence; the next sync reads them then.",
        command=f"{IMPORT}, or with the licence: {SYNC}",
    )


def without_parent(dataset: Dataset, parent: Missing) -> Missing:
    """What to say about a data set that needs another one, which could not be read."""
    what = _WORDS.get(dataset.name, dataset.name)
    before = _WORDS.get(parent.dataset, parent.dataset)
    if parent.permission:
        told = f"{what} could not be read, since they need: {before}. It takes the permission {parent.permission}."
    else:
        told = f"{what} could not be read, since they need: {before}. The next sync tries again."
    return Missing(dataset.name, parent.code, told, parent.permission, parent.command)


def stops_all(error: SeatwiseError) -> bool:
    return isinstance(error, AskAdmin) and error.code in STOPS_ALL
