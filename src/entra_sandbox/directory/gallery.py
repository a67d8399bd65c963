"""The app gallery: what Graph tells of an entry that apps were made from.

Source: Microsoft Graph, applicationTemplate resource type and "Get applicationTemplate".
"""

from __future__ import annotations

from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import not_found
from entra_sandbox.directory.entity import Entity, attribute, constant, declared, listed
from entra_sandbox.directory.index import index_at
from entra_sandbox.directory.listing import render_one
from entra_sandbox.odata.options import read_select
from entra_sandbox.state import State
from entra_sandbox.world.services import GALLERY

_TEMPLATE = declared(
    {
        "id": attribute("template_id"),
        "displayName": attribute("name"),
        "publisher": attribute("publisher"),
        "homePageUrl": lambda row, _: f"https://www.{row.domain}/",
        "categories": listed("categories"),
        "isEntraIntegrated": constant(True),
        "supportedSingleSignOnModes": constant(["saml", "password", "oidc", "external"]),
    },
    nulls="deprecationDate description lastModifiedDateTime logoUrl riskFactors riskScore",
    lists="endpoints supportedProvisioningTypes",
)
TEMPLATE = Entity("microsoft.graph.applicationTemplate", _TEMPLATE, tuple(_TEMPLATE), sortable=frozenset())


def template(state: State, ask: Ask, arguments: tuple[str, ...]) -> Answer:
    """One entry by id; those that were taken out of the gallery are not found."""
    service = GALLERY.get(arguments[0].lower())
    if service is None:
        raise not_found(arguments[0])
    select = ask.options.get("$select")
    chosen = read_select(select, TEMPLATE.properties, TEMPLATE.name) if select else None
    context = {"@odata.context": f"{ask.root}/$metadata#applicationTemplates/$entity"}
    return Answer(context | render_one(service, TEMPLATE, chosen, index_at(state), typed=False))
