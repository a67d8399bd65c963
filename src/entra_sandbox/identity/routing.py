"""Which path of the sign-in host is answered by what."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from entra_sandbox.identity import adminconsent, authorize, discovery, forms, token
from entra_sandbox.identity.context import Sandbox

Handler = Callable[[web.Request, Sandbox], Awaitable[web.StreamResponse]]


def routes(sandbox: Sandbox) -> list[web.RouteDef]:
    """The routes of the sign-in host; mount them after Graph's, whose paths look like a tenant's."""

    def bound(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await handler(request, sandbox)

        return handle

    return [
        web.get("/common/discovery/instance", bound(discovery.instance)),
        web.get("/{tenant}/v2.0/.well-known/openid-configuration", bound(discovery.document)),
        web.get("/{tenant}/discovery/v2.0/keys", bound(discovery.keys)),
        web.post("/{tenant}/oauth2/v2.0/token", bound(token.endpoint)),
        web.post("/{tenant}/oauth2/v2.0/devicecode", bound(token.device_code)),
        web.get("/{tenant}/oauth2/v2.0/authorize", bound(authorize.begin)),
        web.get("/{tenant}/oauth2/v2.0/logout", bound(forms.log_out)),
        web.get("/{tenant}/login", bound(forms.show_picker)),
        web.post("/{tenant}/login", bound(forms.choose)),
        web.post("/{tenant}/consent", bound(forms.decide)),
        web.get("/{tenant}/v2.0/adminconsent", bound(adminconsent.begin("adminconsent v2"))),
        web.get("/{tenant}/adminconsent", bound(adminconsent.begin("adminconsent v1"))),
        web.route("*", "/oidc/userinfo", bound(forms.user_info)),
        web.get("/error", bound(forms.explain)),
    ]
