"""A made-up company of the sandbox written straight into a lake: no wire, so that many can be looked at."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from entra_sandbox.world import World
from seatwise.lake.places import Places
from tests.support.tiny_lake import TinyLake


def world_lake(root: Path, world: World, as_of: datetime, days: int) -> TinyLake:
    """The company at a moment, its sign-ins of so many days, and no window: what was read is for the test to say."""
    lake = TinyLake(Places(root, world.tenant.id))
    found = world.directory(as_of)
    for user in found.users:
        skus = [{"skuId": sku} for sku in dict.fromkeys(sku for sku, _ in user.assigned_skus)]
        ways = [{"skuId": sku, "assignedByGroup": group} for sku, group in user.assigned_skus]
        lake.add(
            "users",
            user_id=user.id,
            upn=user.user_principal_name,
            name=user.display_name,
            department=user.department,
            job_title=user.job_title,
            user_type=user.user_type and user.user_type.lower(),
            is_enabled=user.account_enabled,
            created_at=user.created_at,
            assigned_licenses=json.dumps(skus),
            license_states=json.dumps(ways),
        )
    for principal in found.service_principals:
        lake.add(
            "service_principals",
            principal_id=principal.id,
            app_id=principal.app_id,
            name=principal.display_name,
            owner_tenant_id=principal.app_owner_organization_id,
            principal_type=principal.service_principal_type,
            is_enabled=principal.account_enabled,
            assignment_required=principal.app_role_assignment_required,
            template_id=principal.application_template_id,
            sso_mode=principal.preferred_single_sign_on_mode,
        )
    for assignment in found.app_role_assignments:
        lake.add(
            "app_role_assignments",
            assignment_id=assignment.id,
            principal_id=assignment.principal_id,
            principal_type=assignment.principal_type,
            principal_name=assignment.principal_display_name,
            resource_id=assignment.resource_id,
            app_role_id=assignment.app_role_id,
            created_at=assignment.created_at,
        )
    for group in found.groups:
        lake.add("groups", group_id=group.id, name=group.display_name)
        for member in found.members_of(group.id):
            lake.add("group_members", group_id=group.id, member_id=member.id, member_type=member.type)
    for grant in found.oauth2_permission_grants:
        lake.add(
            "oauth2_permission_grants",
            grant_id=grant.id,
            client_id=grant.client_id,
            consent_type=grant.consent_type,
            principal_id=grant.principal_id,
            resource_id=grant.resource_id,
            scope=grant.scope,
        )
    for sku in found.subscribed_skus:
        lake.add(
            "subscribed_skus",
            sku_id=sku.sku_id,
            part_number=sku.part_number,
            applies_to=sku.applies_to,
            capability_status=sku.capability_status,
            consumed_units=sku.consumed,
            enabled_units=sku.enabled,
        )
    for event in world.sign_ins(as_of - timedelta(days=days), as_of):
        if event.resource_tenant_id in ("", world.tenant.id):
            _sign_in(lake, event)
    return lake


def _sign_in(lake: TinyLake, event: Any) -> None:
    lake.add(
        "sign_ins",
        event_id=event.id,
        feed="graph",
        kind=event.kind,
        day=event.created_at.date(),
        created_at=event.created_at,
        user_id=event.user_id,
        user_name=event.user_display_name,
        upn=event.user_principal_name,
        user_type=event.user_type and event.user_type.lower(),
        app_id=event.app_id,
        app_name=event.app_display_name,
        app_owner_tenant_id=event.app_owner_tenant_id,
        resource_id=event.resource_id,
        error_code=event.error_code,
        correlation_id=event.correlation_id,
        package=1,
    )
