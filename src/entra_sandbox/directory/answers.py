"""Answers of the directory: lists, single objects, relations, counts, the organization."""

from __future__ import annotations

from typing import Any, Literal

from entra_sandbox.behaviour.ask import Answer, Ask
from entra_sandbox.behaviour.errors import GraphError, bad_request, no_route, not_found, unsupported
from entra_sandbox.behaviour.permissions import check_logs
from entra_sandbox.directory import collections as lists
from entra_sandbox.directory.entity import Entity
from entra_sandbox.directory.index import Index, index_at
from entra_sandbox.directory.kinds import CASTS
from entra_sandbox.directory.listing import (
    Listing,
    Relation,
    answer_list,
    check_advanced,
    filtered,
    picked,
    render_one,
    render_related,
)
from entra_sandbox.directory.people import USER, license_details
from entra_sandbox.directory.principals import GRANT
from entra_sandbox.directory.registered import registered
from entra_sandbox.identity.people import fixed_people
from entra_sandbox.odata.options import read_expand, read_select
from entra_sandbox.odata.syntax import parse_filter
from entra_sandbox.state import State
from entra_sandbox.world.shapes import User

Arguments = tuple[str, ...]
GUID_LENGTH = 36


def asks_activity(ask: Ask) -> bool:
    """Whether signInActivity is read or filtered: then the rules of the logs hold as well."""
    return any("signinactivity" in ask.options.get(name, "").lower() for name in ("$select", "$filter", "$orderby"))


def _check_activity(state: State, ask: Ask) -> bool:
    if not asks_activity(ask):
        return False
    if "AuditLog.Read.All" not in ask.caller.permissions:
        raise GraphError(
            403,
            "Authentication_MSGraphPermissionMissing",
            "Calling principal does not have required MSGraph permissions AuditLog.Read.All",
        )
    check_logs(ask.caller, premium=state.premium, needs_premium=True)
    return True


def listed(state: State, ask: Ask, arguments: Arguments) -> Answer:
    """A list at the root: `arguments` is its name."""
    name = ask.segments[0].lower()
    if name == "users":
        active = _check_activity(state, ask)
        return answer_list(state, ask, lambda index: lists.users(index, with_activity=active))
    return answer_list(state, ask, lists.TOP[name])


def counted(state: State, ask: Ask, arguments: Arguments) -> Answer:
    """`/users/$count` and its like: plain text, and only for eventual consistency."""
    accept = ask.headers.get("accept", "*/*").lower()
    if "json" in accept and "text/plain" not in accept and "*/*" not in accept:
        raise GraphError(
            415,
            "UnsupportedMediaType",
            "A supported MIME type could not be found that matches the acceptable MIME types for the request.",
        )
    if not ask.is_eventual:
        raise unsupported("Unsupported Query. $count needs the header ConsistencyLevel: eventual.")
    if asks_activity(ask):
        raise GraphError(502, "UnknownError", "")
    index = index_at(state)
    parent = ask.segments[0].lower()
    if len(ask.segments) == 2:
        source = lists.TOP[parent](index)
    else:
        relation, cast = _relation(parent, ask.segments[2], ask.segments[3:-1])
        source = lists.related(relation(_one(index, parent, ask.segments[1]), index), "", cast)
    rows = filtered(ask, source, index, counted=True)
    return Answer(str(len(rows)), content_type="text/plain")


def one(state: State, ask: Ask, arguments: Arguments) -> Answer:
    """A single object by id, user principal name or appId."""
    name = ask.segments[0].lower()
    if name == "users":
        _check_activity(state, ask)
    index = index_at(state)
    row = _one(index, name, arguments[0])
    source = lists.TOP[name](index)
    return Answer(_shown(ask, index, row, source.entity, dict(source.relations), f"{source.context}/$entity"))


def _shown(
    ask: Ask, index: Index, row: Any, entity: Entity, relations: dict[str, Relation], context: str
) -> dict[str, Any]:
    select = ask.options.get("$select")
    chosen = read_select(select, entity.properties, entity.name) if select else None
    payload: dict[str, Any] = {"@odata.context": f"{ask.root}/$metadata#{context}"}
    payload.update(render_one(row, entity, chosen, index, typed=False))
    for expansion in read_expand(ask.options["$expand"]) if ask.options.get("$expand") else []:
        if expansion.name.lower() == "manager":
            continue
        relation = next(((key, get) for key, get in relations.items() if key.lower() == expansion.name.lower()), None)
        if relation is None:
            raise bad_request(
                f"Parsing OData Select and Expand failed: Could not find a property named "
                f"'{expansion.name}' on type '{entity.name}'."
            )
        found = relation[1](row, index)
        payload[relation[0]] = [
            render_related(item, found.entity, expansion.options.get("$select"), index) for item in found.rows[:20]
        ]
    return payload


def relation(state: State, ask: Ask, arguments: Arguments) -> Answer:
    """Rows related to one object, as in `/groups/{id}/members`, optionally cast to one type."""
    parent, identifier, name = ask.segments[0].lower(), arguments[0], ask.segments[2]
    get, cast = _relation(parent, name, ask.segments[3:])

    def listing(index: Index) -> Listing:
        row = _one(index, parent, identifier)
        context = f"{lists.TOP[parent](index).context}('{row.id}')/{name}"
        return lists.related(get(row, index), context, cast)

    _check_eventual_cast(ask, cast)
    return answer_list(state, ask, listing)


def _check_eventual_cast(ask: Ask, cast: str | None) -> None:
    """A filter on a cast list is an advanced query."""
    if cast is not None and "$filter" in ask.options and not ask.is_eventual:
        check_advanced(ask, parse_filter(f"not ({ask.options['$filter']})"), ordered=False, counted=False)


def _relation(parent: str, name: str, rest: tuple[str, ...]) -> tuple[Relation, str | None]:
    tables = {
        "users": lists.USER_RELATIONS,
        "groups": lists.GROUP_RELATIONS,
        "serviceprincipals": lists.PRINCIPAL_RELATIONS,
        "applications": lists.APPLICATION_RELATIONS,
    }
    found = {key.lower(): get for key, get in tables[parent].items()}.get(name.lower())
    if found is None:
        raise no_route(name)
    if not rest:
        return found, None
    cast = rest[0].lower()
    if len(rest) > 1 or cast not in CASTS:
        raise no_route(rest[-1])
    return found, cast


def _one(index: Index, parent: str, identifier: str) -> Any:
    found: Any = None
    if parent == "users":
        found = index.users.get(identifier.lower()) or index.users_by_name.get(identifier.lower())
    elif parent == "groups":
        found = index.groups.get(identifier.lower())
    elif parent == "serviceprincipals":
        key, mark, value = identifier.partition("=")
        found = (
            index.principals_by_app.get(value.lower())
            if mark and key.lower() == "appid"
            else index.principals.get(identifier.lower())
        )
        identifier = value if mark else identifier
    elif parent == "applications":
        key, mark, value = identifier.partition("=")
        by_app = bool(mark) and key.lower() == "appid"
        found = next(
            (
                row
                for row in index.directory.applications
                if (row.app_id == value.lower() if by_app else row.id == identifier.lower())
            ),
            registered(index, value) if by_app else None,
        )
    elif parent == "oauth2permissiongrants":
        found = next((row for row in index.directory.oauth2_permission_grants if row.id == identifier), None)
    if found is None:
        if parent != "users" and parent != "oauth2permissiongrants" and len(identifier) != GUID_LENGTH:
            raise bad_request(f"Invalid object identifier '{identifier}'.", "Request_BadRequest")
        raise not_found(identifier)
    return found


def licences(state: State, ask: Ask, arguments: Arguments) -> Answer:
    index = index_at(state)
    row = _one(index, "users", arguments[0])
    return Answer(
        {
            "@odata.context": f"{ask.root}/$metadata#users('{row.id}')/licenseDetails",
            "value": picked(ask, license_details(row, index), "microsoft.graph.licenseDetails"),
        }
    )


def manager(state: State, ask: Ask, arguments: Arguments) -> Answer:
    _one(index_at(state), "users", arguments[0])
    raise not_found("manager")


def grant(state: State, ask: Ask, arguments: Arguments) -> Answer:
    index = index_at(state)
    row = _one(index, "oauth2permissiongrants", arguments[0])
    return Answer(_shown(ask, index, row, GRANT, {}, "oauth2PermissionGrants/$entity"))


def deleted_users(state: State, ask: Ask, arguments: Arguments) -> Answer:
    return answer_list(state, ask, lists.deleted_users)


def _fixed_person(state: State, oid: str) -> User | None:
    """Those who can sign in without belonging to the company, so that it is counted without them."""
    person = next((person for person in fixed_people(state) if person.oid == oid), None)
    if person is None:
        return None
    given, _, surname = person.name.partition(" ")
    kind: Literal["Member", "Guest"] = "Guest" if person.kind == "guest" else "Member"
    return User(
        id=person.oid,
        user_principal_name=person.upn,
        display_name=person.name,
        given_name=given,
        surname=surname or None,
        mail=None,
        department=None,
        job_title=person.title,
        company_name=None,
        country=None,
        usage_location=None,
        employee_id=None,
        user_type=kind,
        account_enabled=person.is_enabled,
        created_at=state.world.tenant.created_at,
        on_premises_sync_enabled=None,
        assigned_skus=(),
        external_user_state=None,
    )


def me(state: State, ask: Ask, arguments: Arguments) -> Answer:
    if ask.caller.app_only:
        raise bad_request("/me request is only valid with delegated authentication flow.")
    index = index_at(state)
    row = index.users.get(ask.caller.oid) or _fixed_person(state, ask.caller.oid)
    if row is None:
        raise not_found(ask.caller.oid)
    return Answer(_shown(ask, index, row, USER, dict(lists.USER_RELATIONS), "users/$entity"))
