"""Scope texts: which resource they mean and which permissions they name."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from entra_sandbox.identity.context import GRAPH_APP_ID, Sandbox
from entra_sandbox.identity.errors import Refusal
from entra_sandbox.identity.tokens import GRAPH_AUDIENCE, OIDC_SCOPES

# Permissions that a plain user may grant for themselves. Everything else we know of needs an administrator.
SELF_SERVICE = frozenset({"User.Read", "User.ReadBasic.All", "openid", "profile", "email", "offline_access"})


@dataclass(frozen=True)
class Wanted:
    """permissions: Graph names without the resource; is_default: `/.default` was asked for."""

    oidc: frozenset[str]
    permissions: frozenset[str]
    is_default: bool


def is_graph(resource: str, host: str) -> bool:
    """Whether a resource is Graph: by its address, its app id, or the address this sandbox is called by."""
    plain = resource.rstrip("/").lower()
    if plain in (GRAPH_AUDIENCE, GRAPH_APP_ID, f"https://{host}".lower()):
        return True
    parts = urlsplit(plain)
    return parts.scheme == "https" and parts.hostname in ("localhost", "127.0.0.1", "::1")


def split(scope: str) -> tuple[str, str]:
    """(resource, permission); the resource is empty for a bare name."""
    if "/" not in scope:
        return "", scope
    resource, _, permission = scope.rpartition("/")
    return resource, permission


def read(sandbox: Sandbox, text: str, host: str) -> Wanted:
    """Takes a delegated scope list apart; raises Refusal 70011 or 500011."""
    names = text.split()
    if not names:
        raise Refusal(900144, parameter="scope")
    oidc, permissions, is_default = set(), set(), False
    for name in names:
        resource, permission = split(name)
        if name in OIDC_SCOPES:
            oidc.add(name)
        elif resource and not is_graph(resource, host):
            raise Refusal(500011, resource=resource, directory=sandbox.world.tenant.name)
        elif not permission or permission.endswith(":"):
            raise Refusal(70011, scope=name)
        elif permission == ".default":
            is_default = True
        else:
            permissions.add(permission)
    if is_default and permissions:
        raise Refusal(70011, scope=text)
    return Wanted(frozenset(oidc), frozenset(permissions), is_default)


def check_app_only(sandbox: Sandbox, text: str, host: str) -> None:
    """Client credentials take exactly one `resource/.default`; raises Refusal 900144, 70011, 1002012 or 500011."""
    names = text.split()
    if not names:
        raise Refusal(900144, parameter="scope")
    if len(names) > 1:
        raise Refusal(70011, scope=text)
    resource, permission = split(names[0])
    if permission != ".default":
        raise Refusal(1002012, scope=text)
    if not is_graph(resource, host):
        raise Refusal(500011, resource=resource, directory=sandbox.world.tenant.name)
