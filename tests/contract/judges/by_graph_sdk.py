"""azure-identity and the Graph SDK for Python: secret and certificate, every list to its last page, typed models."""

from __future__ import annotations

import asyncio
from typing import Any

from azure.identity import CertificateCredential, ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient  # type: ignore[attr-defined]
from msgraph_core import GraphClientFactory  # type: ignore[import-untyped]

from tests.contract.judges.where import SCOPE, Where, tell, where

Credential = ClientSecretCredential | CertificateCredential


def credentials(here: Where) -> dict[str, Credential]:
    more: dict[str, Any] = {}
    if not here.is_microsofts_address:
        more = {"authority": here.authority, "disable_instance_discovery": True}
    certificate = CertificateCredential(here.tenant_id, here.certificate_client, here.certificate, **more)
    secret = ClientSecretCredential(here.tenant_id, here.client_id, here.client_secret, **more)
    return {"secret": secret, "certificate": certificate}


def client_for(here: Where, credential: Credential) -> GraphServiceClient:
    if here.is_microsofts_address:
        return GraphServiceClient(credential)
    provider = AzureIdentityAuthenticationProvider(credential, scopes=[SCOPE], allowed_hosts=["localhost"])
    adapter = GraphRequestAdapter(provider, GraphClientFactory.create_with_default_middleware())
    adapter.base_url = f"{here.graph}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def walk(builder: Any, top: int | None) -> list[Any]:
    """Every row; the next page is asked from the address that the last one names."""
    wish = None
    if top is not None:
        query = type(builder)
        parameters = next(getattr(query, name) for name in dir(query) if name.endswith("GetQueryParameters"))
        wish = RequestConfiguration(query_parameters=parameters(top=top))
    page = await builder.get(request_configuration=wish)
    rows = list(page.value)
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()
        rows += page.value
    return rows


async def children(client: GraphServiceClient, groups: list[Any], principals: list[Any]) -> dict[str, list[Any]]:
    members, assigned = [], []
    for group in groups:
        members += await walk(client.groups.by_group_id(group.id).members, 10)
    for principal in principals:
        one = client.service_principals.by_service_principal_id(principal.id)
        assigned += await walk(one.app_role_assigned_to, 20)
    return {"members": members, "appRoleAssignedTo": assigned}


async def judge(here: Where) -> dict[str, Any]:
    by = {name: client_for(here, credential) for name, credential in credentials(here).items()}
    client = by["secret"]
    lists = {
        "users": await walk(client.users, 20),
        "groups": await walk(client.groups, 10),
        "servicePrincipals": await walk(client.service_principals, 50),
        "oauth2PermissionGrants": await walk(client.oauth2_permission_grants, 15),
        "subscribedSkus": await walk(client.subscribed_skus, None),
        "interactiveUser": await walk(client.audit_logs.sign_ins, 300),
    }
    # The SDK takes 20 ms an object: once is enough, and that is where the walks are not repeated under other names.
    if not here.is_microsofts_address:
        lists |= await children(client, lists["groups"], lists["servicePrincipals"])
    certified = await walk(by["certificate"].subscribed_skus, None)
    return {
        "n": {name: len(rows) for name, rows in lists.items()},
        "n_skus_by_certificate": len(certified),
        "types": {name: sorted({type(row).__name__ for row in rows}) for name, rows in lists.items()},
        "has_times": all(row.created_date_time.tzinfo is not None for row in lists["interactiveUser"]),
    }


if __name__ == "__main__":
    tell(asyncio.run(judge(where())))
