"""The table of AADSTS failures: number, OAuth error, HTTP status and sentence of each.

Source: Microsoft identity platform, "reference-error-codes".
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    error: str
    sentence: str
    status: int = 400
    suberror: str | None = None


_REAUTH = "The refresh token cannot be used any more; the user has to sign in again."

FAILURES: dict[int, Failure] = {
    90002: Failure(
        "invalid_request",
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
    ),
    900144: Failure("invalid_request", "The request body must contain the following parameter: '{parameter}'."),
    90014: Failure("invalid_request", "The required field '{parameter}' is missing from the credential."),
    9002313: Failure("invalid_request", "Invalid request. Request is malformed or invalid."),
    9002326: Failure(
        "invalid_request",
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
    ),
    70003: Failure("unsupported_grant_type", "The app requested an unsupported grant type '{parameter}'."),
    700016: Failure(
        "unauthorized_client",
        "Application with identifier '{client}' was not found in the directory '{directory}'. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You may have sent your authentication request to the wrong tenant.",
    ),
    700011: Failure("unauthorized_client", "Application with identifier '{client}' was not found in the directory."),
    7000112: Failure("unauthorized_client", "Application '{client}'({name}) is disabled."),
    70001: Failure("unauthorized_client", "The application '{client}' is disabled."),
    7000215: Failure(
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        "the client secret ID, for a secret added to app '{client}'.",
        401,
    ),
    7000222: Failure(
        "invalid_client",
        "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys "
        "for your app, or consider using certificate credentials for added security.",
        401,
    ),
    7000218: Failure(
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        401,
    ),
    700025: Failure(
        "invalid_client",
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        401,
    ),
    700027: Failure(
        "invalid_client",
        "The certificate with identifier used to sign the client assertion is not registered on application. "
        "[Reason - {reason}, Thumbprint of key used by client: '{thumbprint}']",
        401,
    ),
    50012: Failure("invalid_client", "Authentication failed: {reason}.", 401),
    50013: Failure("invalid_grant", "Assertion is not valid: {reason}."),
    500133: Failure(
        "invalid_grant",
        "Assertion is not within its valid time range. Ensure that the access token is not expired before using it "
        "for user assertion, or request a new token. Current time: {now}, expiry time of assertion {expires}.",
    ),
    50194: Failure(
        "invalid_request",
        "Application '{client}'({name}) is not configured as a multi-tenant application. Usage of the /common "
        "endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or "
        "configure the application to be multi-tenant.",
    ),
    9001023: Failure(
        "invalid_request",
        "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or "
        "tenant-specific endpoint.",
    ),
    50011: Failure(
        "invalid_request",
        "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the "
        "application '{client}'. Make sure the redirect URI sent in the request matches one added to your application "
        "in the Azure portal.",
    ),
    900971: Failure("invalid_request", "No reply address provided."),
    54005: Failure(
        "invalid_grant",
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "
        "refresh token.",
    ),
    70008: Failure(
        "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
        "authorization request for this user and resource.",
    ),
    501481: Failure(
        "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in the authorization request."
    ),
    700005: Failure(
        "invalid_grant",
        "The provided authorization code is intended to use against other tenant, thus rejected. The authorization "
        "code must be redeemed against the tenant it was issued for.",
    ),
    70000: Failure("invalid_grant", "The provided value for the input parameter '{parameter}' is not valid."),
    700082: Failure(
        "invalid_grant",
        "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for "
        "90.00:00:00.",
        suberror="bad_token",
    ),
    700084: Failure(
        "invalid_grant",
        "The refresh token was issued to a single page app and has expired. " + _REAUTH,
        400,
        "bad_token",
    ),
    70043: Failure(
        "invalid_grant",
        "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
        suberror="token_expired",
    ),
    50173: Failure(
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have "
        "changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before "
        "which tokens are not valid) for this user is '{valid_from}'.",
        suberror="bad_token",
    ),
    50089: Failure("invalid_grant", "Authentication failed due to flow token expired. " + _REAUTH, 400, "bad_token"),
    50132: Failure(
        "invalid_grant", "The session is not valid due to a password change or a revocation.", 400, "bad_token"
    ),
    50133: Failure("invalid_grant", "The session is not valid due to password expiration or recent password change."),
    65001: Failure(
        "invalid_grant",
        "The user or administrator has not consented to use the application with ID '{client}' named '{name}'. Send "
        "an interactive authorization request for this user and resource.",
        suberror="consent_required",
    ),
    65004: Failure("access_denied", "User declined to consent to access the app."),
    65005: Failure("invalid_client", "The application requested a resource that is not in its list.", 400),
    650052: Failure(
        "invalid_client",
        "The app needs access to a service that your organization has not subscribed to or enabled.",
        400,
    ),
    650056: Failure(
        "invalid_client", "Misconfigured application. The client lists no permissions in its registration.", 400
    ),
    650057: Failure(
        "invalid_resource",
        "Invalid resource. The client has requested access to a resource which is not listed in the requested "
        "permissions in the client's application registration.",
    ),
    90094: Failure(
        "consent_required",
        "An administrator of {directory} has set a policy that prevents you from granting {name} "
        "the permissions it is requesting. Contact an administrator, who can grant permissions to this app.",
    ),
    90095: Failure("consent_required", "Admin consent is required; a request for approval can be sent."),
    70011: Failure(
        "invalid_scope",
        "The provided request must include a 'scope' input parameter. The provided value "
        "for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
    ),
    28002: Failure(
        "invalid_scope",
        "The provided value for the input parameter 'scope' is not valid when requesting an access token.",
    ),
    1002012: Failure(
        "invalid_scope",
        "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI).",
    ),
    500011: Failure(
        "invalid_resource",
        "The resource principal named {resource} was not found in the tenant named {directory}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant.",
    ),
    50034: Failure(
        "invalid_grant",
        "The user account {user} does not exist in the {directory} directory. To sign into this "
        "application, the account must be added to the directory.",
    ),
    50020: Failure(
        "invalid_grant",
        "User account '{user}' from identity provider 'live.com' does not exist in tenant '{directory}' and cannot "
        "access the application '{client}'({name}) in that tenant. The account needs to be added as an external user "
        "in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
    ),
    50014: Failure(
        "invalid_grant", "The user's redemption is in a pending state. The guest account is not fully created."
    ),
    51004: Failure("invalid_grant", "The user account {user} does not exist in the {directory} directory."),
    90072: Failure("invalid_grant", "The external account does not exist on the tenant it tried to sign in to."),
    50057: Failure("invalid_grant", "The user account is disabled."),
    50053: Failure("invalid_grant", "The account is locked, you've tried to sign in too many times."),
    50055: Failure("invalid_grant", "The password is expired.", 400, "user_password_expired"),
    50126: Failure("invalid_grant", "Error validating credentials due to invalid username or password."),
    50076: Failure(
        "invalid_grant",
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
        "use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
        suberror="basic_action",
    ),
    50079: Failure("invalid_grant", "The user must enroll in multi-factor authentication.", 400, "basic_action"),
    50072: Failure("invalid_grant", "The user must enroll for second factor authentication.", 400, "basic_action"),
    50074: Failure("interaction_required", "Strong Authentication is required.", 400, "basic_action"),
    50078: Failure("interaction_required", "Presented multi-factor authentication has expired.", 400, "basic_action"),
    50158: Failure("interaction_required", "External security challenge was not satisfied.", 400, "basic_action"),
    53000: Failure("interaction_required", "Your device is required to be compliant to access this resource."),
    53001: Failure("interaction_required", "Your device is required to be joined to access this resource."),
    53003: Failure(
        "access_denied",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        suberror="message_only",
    ),
    530032: Failure("access_denied", "Blocked by security policy of the tenant.", 400, "message_only"),
    53011: Failure("access_denied", "User blocked due to risk on home tenant.", 400, "message_only"),
    50105: Failure(
        "interaction_required",
        "Your administrator has configured the application {name} ('{client}') to block users unless they are "
        "specifically granted ('assigned') access to the application.",
    ),
    50196: Failure(
        "invalid_request",
        "The server terminated an operation because it encountered a client request loop. Please contact your app "
        "vendor.",
    ),
    90033: Failure("temporarily_unavailable", "A transient error has occurred. Please try again.", 503),
    90012: Failure("temporarily_unavailable", "The request has timed out.", 503),
    90024: Failure("temporarily_unavailable", "A transient error has occurred while budgets were checked.", 503),
    50000: Failure("server_error", "There was an issue with the sign-in service while issuing a token.", 500),
    50033: Failure("temporarily_unavailable", "A transient error has occurred. Please try again.", 503),
    50087: Failure("temporarily_unavailable", "A transient error occurred while signing the token.", 503),
    90090: Failure("server_error", "The sign-in service met an error of its own.", 500),
    90055: Failure("temporarily_unavailable", "The tenant is throttled because of too many requests.", 429),
    90038: Failure("invalid_request", "The tenant '{tenant}' resides in another cloud instance."),
    90051: Failure("invalid_request", "The national cloud identifier is not valid."),
    50058: Failure("login_required", "Session information is not sufficient for single-sign-on."),
    700051: Failure("unsupported_response_type", "response_type '{parameter}' is not enabled for the application."),
}
