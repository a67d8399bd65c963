"""What the sign-in service's error numbers mean: whose turn it is, and the sentence for people.

Source: Microsoft identity platform, "authentication and authorization error codes". The numbers choose the text; where
no number is known, the protocol's own `error` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seatwise.base.errors import AskAdmin, Broken, SeatwiseError, TryLater

_NUMBER = re.compile(r"AADSTS(\d{4,7})")
_LATER = "It is tried again by itself; if it lasts, look at Microsoft's service health page."
_RECONNECT = "Connect the tenant again; what was read before is kept."


@dataclass(frozen=True, slots=True)
class Meaning:
    family: type[SeatwiseError]
    code: str
    sentence: str


def _admin(code: str, sentence: str) -> Meaning:
    return Meaning(AskAdmin, code, sentence)


SECRET_IS_ID = _admin(
    "secret_is_id",
    "This looks like the secret's ID, not its value. "
    "Copy the column “Value” right after creating the secret; if it is hidden by now, create a new one.",
)
_TENANT = _admin(
    "tenant_not_found",
    "Microsoft knows no such tenant in this cloud. "
    "Check the Directory (tenant) ID of the app registration's overview, and the cloud.",
)
_CLIENT = _admin(
    "client_not_found",
    "The tenant does not know this client id. Check the Application (client) ID of the app registration's overview, "
    "and let an administrator of the tenant consent to the app.",
)
_DISABLED = _admin(
    "app_disabled",
    "The app registration is switched off in the tenant. "
    "Enable it under Enterprise applications → Properties → “Enabled for users to sign in”, then try again.",
)
_SECRET = _admin(
    "secret_wrong",
    "Microsoft refused the client secret. "
    "Copy the column “Value” (not “Secret ID”) under Certificates & secrets, or create a new one, and connect again.",
)
_EXPIRED = _admin(
    "secret_expired",
    "The client secret has expired. "
    "Create a new one under Certificates & secrets of the app registration and connect again with its value.",
)
_NO_SECRET = _admin(
    "credential_missing",
    "Microsoft got neither a secret nor a certificate, or the app is registered as a public client. "
    "Register the app with the platform “Web” and connect again.",
)
_PUBLIC = _admin(
    "registered_as_public",
    "The app is registered as a public client, which may not use a secret. "
    "Set “Allow public client flows” to No and use the platform “Web”.",
)
_CERTIFICATE = _admin(
    "certificate_unknown",
    "Microsoft does not know this certificate. "
    "Upload it under Certificates & secrets → Certificates of the app registration, and check that it has not expired.",
)
_SKEW = _admin(
    "clock_wrong",
    "Microsoft refused the signature because of its time. Set this machine's clock right (NTP), then try again.",
)
_ENDPOINT = _admin(
    "tenant_endpoint",
    "The app may sign in only at its own tenant. Give the tenant's id or one of its domains instead of a general one.",
)
_REDIRECT = _admin(
    "redirect_mismatch",
    "The address to return to is not registered. Add it under Authentication → Web → Redirect URIs, letter by letter.",
)
_RESTART = _admin("sign_in_again", "This sign-in was used up or took too long. Start the sign-in again.")
_ENDED = _admin("access_ended", f"Microsoft has ended the access that was given. {_RECONNECT}")
_SINGLE_PAGE = _admin(
    "access_ended",
    "The address to return to is registered as a single-page app, whose sign-ins end after a day. "
    "Register it with the platform “Web” under Authentication, then connect again.",
)
_FREQUENCY = _admin(
    "access_ended",
    "A sign-in frequency policy of the tenant has ended the access, and will do so again and again. "
    "Connect again; to be spared it, use a client secret or certificate instead of a person's sign-in.",
)
_CONSENT = _admin(
    "consent_missing",
    "The permissions have not been approved in the tenant. "
    "An administrator must grant admin consent under API permissions of the app registration.",
)
_DECLINED = _admin("declined", "The person declined the request. Start again once somebody is ready to approve it.")
_REGISTRATION = _admin(
    "api_not_registered",
    "The app registration does not ask for Microsoft Graph. "
    "Add the Microsoft Graph permissions under API permissions and grant admin consent.",
)
_RESOURCE = _admin(
    "cloud_wrong",
    "The tenant does not know the Graph address that was asked for. Check that the cloud is right.",
)
_ACCOUNT = _admin("account_wrong", "This account does not belong to the tenant. Sign in with another account.")
_USER = _admin(
    "user_blocked", "The account is disabled or locked, or its password has to be changed. Sort that out, then sign in."
)
_MFA = _admin("interaction_needed", f"The tenant now asks for another proof of identity. {_RECONNECT}")
_POLICY = _admin(
    "conditional_access",
    "A Conditional Access policy of the tenant blocks this sign-in. "
    "Exclude the app from the policy, or allow the address this machine connects from.",
)
_ASSIGN = _admin(
    "assignment_required",
    "Only assigned people may use this app. Assign the account to it under Enterprise applications → Users and groups.",
)
_NATIONAL = _admin(
    "cloud_wrong", "The tenant lives in another Microsoft cloud. Choose the right one: global, gcc-high, dod or china."
)
_BUSY = Meaning(TryLater, "sign_in_busy", f"Microsoft's sign-in service could not answer just now. {_LATER}")
_LIMITED = Meaning(TryLater, "sign_in_limited", f"Microsoft's sign-in service is limiting requests. {_LATER}")
_OURS = Meaning(
    Broken,
    "sign_in_request",
    "Microsoft did not understand our sign-in request. Nothing was changed; update Seatwise or report this.",
)

_BY_NUMBER: dict[int, Meaning] = {
    number: meaning
    for numbers, meaning in (
        ((90002, 900023, 900021), _TENANT),
        ((900144, 90014, 9002313, 70011, 28002, 1002012, 700005), _OURS),
        ((700016, 700011), _CLIENT),
        ((7000112, 70001, 7000111), _DISABLED),
        ((7000215,), _SECRET),
        ((7000222,), _EXPIRED),
        ((7000218,), _NO_SECRET),
        ((700025,), _PUBLIC),
        ((700027, 50012, 700030, 7000214), _CERTIFICATE),
        ((50013, 500133, 700024), _SKEW),
        ((50194, 9001023), _ENDPOINT),
        ((50011,), _REDIRECT),
        ((54005, 70008, 501481), _RESTART),
        ((70000, 700082, 50173, 50089, 50132, 50133), _ENDED),
        ((700084,), _SINGLE_PAGE),
        ((70043,), _FREQUENCY),
        ((65001, 90094, 90095), _CONSENT),
        ((65004,), _DECLINED),
        ((650052, 65005, 650056, 650057), _REGISTRATION),
        ((500011,), _RESOURCE),
        ((50034, 50020, 50014, 51004, 90072), _ACCOUNT),
        ((50057, 50053, 50055, 50126), _USER),
        ((50076, 50079, 50072, 50074, 50078, 50158), _MFA),
        ((53000, 53001, 53003, 530032, 53011), _POLICY),
        ((50105,), _ASSIGN),
        ((50196, 90055), _LIMITED),
        ((90033, 90012, 90024, 90006, 50000, 50033, 50087, 90090), _BUSY),
        ((90038, 90051), _NATIONAL),
    )
    for number in numbers
}
_BY_ERROR: dict[str, Meaning] = {
    "temporarily_unavailable": _BUSY,
    "server_error": _BUSY,
    "invalid_client": _admin(
        "credential_refused",
        "Microsoft refused the secret or certificate of the app registration. Create a new one and connect again.",
    ),
    "unauthorized_client": _CLIENT,
    "invalid_grant": _ENDED,
    "interaction_required": _MFA,
    "consent_required": _CONSENT,
    "access_denied": _POLICY,
    "invalid_resource": _RESOURCE,
}
_UNKNOWN_SENTENCE = (
    "Microsoft's sign-in service refused{code}, for a reason we have no words for. Nothing was changed. "
    "Look the code up at Microsoft or in the sign-in logs of the app registration, then try again."
)


def numbers(answer: Mapping[str, Any]) -> list[int]:
    """The AADSTS numbers of an error answer: its `error_codes`, else those named in its description."""
    codes = answer.get("error_codes")
    found = [code for code in codes if isinstance(code, int)] if isinstance(codes, Iterable) else []
    return found or [int(number) for number in _NUMBER.findall(str(answer.get("error_description", "")))]


def meaning(answer: Mapping[str, Any]) -> Meaning:
    """What an error answer of the token endpoint means. A number without words of its own is named."""
    found = numbers(answer)
    for number in found:
        if number in _BY_NUMBER:
            return _BY_NUMBER[number]
    if answer.get("suberror") == "consent_required":
        return _CONSENT
    told = f"AADSTS{found[0]}" if found else ""
    known = _BY_ERROR.get(str(answer.get("error", "")))
    if known is None:
        return _admin("sign_in_refused", _UNKNOWN_SENTENCE.format(code=f" ({told})" if told else ""))
    return Meaning(known.family, known.code, f"{known.sentence} (Microsoft's code: {told}.)") if told else known
