"""What to look at: new products, consents of single people, nobody's products, several of one kind."""

from __future__ import annotations

from datetime import date, timedelta

from entra_sandbox.oracle.apps import consent_of
from entra_sandbox.oracle.rows import Row, Wish
from entra_sandbox.oracle.stack import Line, Stack
from entra_sandbox.oracle.trends import n_used
from entra_sandbox.world import OAuth2PermissionGrant

COLUMNS = {
    "discovery": "finding:text product_id:text product:text category:text on:day n_used_30d:int:people "
    "n_people:int:people scopes:list n_in_category:int:products",
    "consents": "product_id:text product:text app_id:guid name:text consent:text n_people:int:people people:list "
    "scopes:list resource:text",
}
_CONSENTS = {"AllPrincipals": "admin", "Principal": "user"}


def consents(stack: Stack, wish: Wish) -> list[Row]:
    rows, truth = [], stack.truth
    names = {p.id: p.display_name for p in truth.directory.service_principals}
    for line in stack.shown(microsoft=wish.microsoft):
        for app_id in line.app_ids:
            grants = _grants(stack, app_id)
            for kind in sorted({g.consent_type for g in grants}):
                these = [g for g in grants if g.consent_type == kind]
                ids = {g.principal_id for g in these if g.principal_id}
                rows.append({
                    "product_id": line.product_id, "product": line.name, "app_id": app_id,
                    "name": truth.app_name(app_id), "consent": _CONSENTS[kind],
                    "n_people": len(ids) if kind == "Principal" else None,
                    "people": sorted(truth.users[i].display_name for i in ids if i in truth.users),
                    "scopes": _scopes(these), "resource": ", ".join(sorted({names[g.resource_id] for g in these})),
                })  # fmt: skip
    return sorted(rows, key=lambda r: (r["product_id"], r["app_id"], r["consent"]))


def _grants(stack: Stack, app_id: str) -> list[OAuth2PermissionGrant]:
    principal = stack.truth.principals.get(app_id)
    grants = stack.truth.directory.oauth2_permission_grants
    return [g for g in grants if principal and g.client_id == principal.id]


def _scopes(grants: list[OAuth2PermissionGrant]) -> list[str]:
    return sorted({scope for g in grants for scope in g.scope.split()})


def first_seen(stack: Stack, line: Line) -> date | None:
    """The day of the first use when that lies in the last week and the 30 days before it are known to be without."""
    first = line.first()
    if first is None or (stack.known.today - first).days > 6:
        return None
    return first if (stack.known.today - first).days + 31 <= stack.truth.n_unbroken else None


def by_category(stack: Stack) -> dict[str, list[Line]]:
    """Categories with two products in use or more."""
    found: dict[str, list[Line]] = {}
    for line in stack.shown():
        if line.decided.category and n_used(line.pairs.values()):
            found.setdefault(line.decided.category, []).append(line)
    return {category: lines for category, lines in found.items() if len(lines) > 1}


def discovery(stack: Stack, wish: Wish) -> list[Row]:
    rows, truth, together = [], stack.truth, by_category(stack)
    for line in stack.shown(ignored=True):
        used, state = n_used(line.pairs.values()), line.decided.state
        grants = [g for app_id in line.app_ids for g in _grants(stack, app_id)]
        by_people = [g for g in grants if g.consent_type == "Principal"]
        kinds = {consent_of(truth, truth.principals.get(app_id)) for app_id in line.app_ids}
        others = together.get(line.decided.category or "", []) if used and not line.is_ignored else []
        first = first_seen(stack, line)
        found = {
            "new": first is not None and not line.is_ignored,
            "consented_by_people": bool(by_people) and "admin" not in kinds and not line.is_ignored,
            "no_owner": not line.decided.owner and not line.is_ignored and bool(used or line.seats()),
            "ignored_in_use": state == "ignored" and used > 0, "closed_in_use": state == "closed" and used > 0,
            "same_category": bool(others),
        }  # fmt: skip
        for finding, is_so in found.items():
            if is_so:
                is_consent = finding == "consented_by_people"
                rows.append({
                    "finding": finding, "product_id": line.product_id, "product": line.name,
                    "category": line.decided.category, "on": str(first) if finding == "new" else None,
                    "n_used_30d": truth.counted(used) if line.app_ids else None,
                    "n_people": len({g.principal_id for g in by_people}) if is_consent else None,
                    "scopes": _scopes(by_people) if is_consent else [],
                    "n_in_category": len(others) if finding == "same_category" else None,
                })  # fmt: skip
    return sorted(rows, key=lambda r: (r["finding"], r["product_id"]))


def days_left(stack: Stack, renewal_on: date | None) -> int | None:
    """Until a renewal within 60 days."""
    if renewal_on is None or not stack.known.today <= renewal_on <= stack.known.today + timedelta(days=60):
        return None
    return (renewal_on - stack.known.today).days
