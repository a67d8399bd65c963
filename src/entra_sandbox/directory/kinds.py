"""Which entity of Graph an object of the world is."""

from __future__ import annotations

from typing import Any

from entra_sandbox.directory.entity import Entity, Getter
from entra_sandbox.directory.people import GROUP, USER
from entra_sandbox.directory.principals import APPLICATION, SERVICE_PRINCIPAL
from entra_sandbox.world.shapes import Application, Group, ServicePrincipal, User

ENTITIES: dict[type, Entity] = {User: USER, Group: GROUP, ServicePrincipal: SERVICE_PRINCIPAL, Application: APPLICATION}
CASTS: dict[str, type] = {
    "microsoft.graph.user": User,
    "microsoft.graph.group": Group,
    "microsoft.graph.serviceprincipal": ServicePrincipal,
    "graph.user": User,
    "graph.group": Group,
    "graph.serviceprincipal": ServicePrincipal,
}


def entity_of(row: Any) -> Entity:
    return ENTITIES[type(row)]


def _of_any(name: str) -> Getter:
    def read(row: Any, index: Any) -> Any:
        own = ENTITIES[type(row)].properties.get(name)
        return None if own is None else own(row, index)

    return read


# What a mixed list may be asked for: the properties of every type its rows can be of.
DIRECTORY_OBJECT = Entity(
    "microsoft.graph.directoryObject",
    {
        name: _of_any(name)
        for name in dict.fromkeys([*USER.properties, *GROUP.properties, *SERVICE_PRINCIPAL.properties])
    },
    ("id",),
    sortable=frozenset({"displayName"}),
)
