"""Every application that ever was seen in the company, with its principal if it has one, through time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from entra_sandbox.world import words
from entra_sandbox.world.chance import fraction, guid, number
from entra_sandbox.world.people import FIRST_DAY, LAST_DAY
from entra_sandbox.world.services import Service, service_of
from entra_sandbox.world.shapes import (
    CUSTOM_TEMPLATE,
    GRAPH_APP_ID,
    MICROSOFT_CORPORATE,
    MICROSOFT_OTHER,
    MICROSOFT_SERVICES,
    Tenant,
)

# One letter per app, round and round: gallery, custom SAML, own, foreign with admin consent, foreign with the
# consent of single users, foreign without any consent.
_ORIGINS = "gcoaugGaucgogaucgogf"
# How people come to it: everyone, departments, a group of its own, direct, both, nested groups, no assignment.
_ACCESS = "GBXEDN0GXBGDX0BGN"
_MICROSOFT = (
    ("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
    ("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    ("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
    ("00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online"),
    ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
    ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
    ("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web"),
    ("00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory"),
    ("00000009-0000-0000-c000-000000000000", "Power BI Service"),
    ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"),
)
_GHOSTS = (
    ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office", MICROSOFT_SERVICES),
    ("29d9ed98-a469-4536-ade2-f981bc1d605e", "Microsoft Authentication Broker", MICROSOFT_CORPORATE),
)
_NOISE = [
    "Device",
    "Compliance",
    "Telemetry",
    "Directory",
    "Licensing",
    "Search",
    "Audit",
    "Sync",
    "Forms",
    "Meeting",
    "Storage",
    "Signal",
    "Policy",
]


@dataclass(frozen=True, slots=True)
class App:
    """One application through time; principal_id is None when the directory never had one.

    use:        share of the people with access who ever use it; rate is their relative eagerness.
    mark:       "" for an ordinary one, else failing, partner (all its events are another tenant's), workload, resource.
    """

    app_id: str
    principal_id: str | None
    name: str
    former_name: str | None
    owner: str | None
    principal_type: str
    origin: str
    access: str
    template: str | None
    sso: str | None
    is_required: bool
    created_at: datetime
    disabled_at: datetime | None
    deleted_at: datetime | None
    use: float
    rate: float
    mark: str = ""
    n_runs_a_day: float = 0.0
    """as a workload of its own"""
    service: Service | None = None
    """what it is, when others made it"""
    reach: float = 1.0
    """share of the usual audience, so that many applications do not mean many for each person"""

    @property
    def is_microsoft(self) -> bool:
        return self.owner in (MICROSOFT_SERVICES, MICROSOFT_CORPORATE, MICROSOFT_OTHER)

    def exists(self, at: datetime) -> bool:
        return (
            self.principal_id is not None
            and self.created_at <= at
            and (self.deleted_at is None or self.deleted_at > at)
        )

    def is_enabled(self, at: datetime) -> bool:
        return self.disabled_at is None or self.disabled_at > at


def apps(tenant: Tenant, n: int, seed: int, users: int) -> list[App]:
    """About n applications of the company and its vendors at any time, Microsoft's noise and the odd ones on top."""
    found: list[App] = []
    for slot in range(n):
        found.extend(_chain(tenant, seed, slot, n))
    found.extend(_microsoft(seed, max(20, n * 8 // 5)))
    found.extend(_workloads(seed, max(4, n // 8), users))
    found.extend(_odd_ones(seed))
    return found


def _chain(tenant: Tenant, seed: int, slot: int, n: int) -> list[App]:
    found: list[App] = []
    begin = FIRST_DAY - timedelta(days=int(30 + fraction(seed, "app", slot, "since") * 1500), hours=-9)
    lasting = slot < 14
    while begin < LAST_DAY:
        key = (seed, "app", slot, len(found))
        stay = timedelta(days=60 + int(3000 * -math.log(1 - fraction(*key, "stay"))), minutes=slot)
        end = max(begin, FIRST_DAY) + stay
        gone = None if lasting or end >= LAST_DAY else end
        found.append(_ordinary(tenant, seed, slot, n, len(found), key, begin, gone))
        if gone is None:
            break
        begin = gone + timedelta(days=2 + number(*key, "gap") % 20)
    return found


def _ordinary(
    tenant: Tenant,
    seed: int,
    slot: int,
    n: int,
    n_before: int,
    key: tuple[object, ...],
    begin: datetime,
    gone: datetime | None,
) -> App:
    origin = _ORIGINS[slot % len(_ORIGINS)].lower()
    access = "0" if origin == "u" else _ACCESS[slot % len(_ACCESS)]
    if slot >= 80 and access in "ED":
        access = "X"
    is_home = origin in "gco"
    service, name = service_of(slot, seed, n_before) if origin in "gauf" else (None, words.vendor_name(slot, *key))
    shown = words.app_name(slot, name, *key, is_whole=service is not None)
    disabled = gone - timedelta(days=40) if gone and slot % 3 else None
    if slot % 29 == 7:
        disabled = begin + timedelta(days=20)
    return App(
        app_id=guid(*key, "app id"), principal_id=guid(*key, "principal"), name=shown,
        former_name=f"{shown} (trial)" if slot % 11 == 4 else None,
        owner=tenant.id if is_home else guid(*key, "vendor"), principal_type="Application", origin=origin,
        access=access,
        template=service.template_id if service and origin == "g" else CUSTOM_TEMPLATE if origin == "c" else None,
        sso={"g": ("saml", "oidc", None, "password")[slot % 4], "c": "saml"}.get(origin),
        is_required=access != "0" and number(*key, "required") % 2 == 0, created_at=begin, disabled_at=disabled,
        deleted_at=gone, use=0.35 + 0.6 * fraction(*key, "use"),
        rate=math.exp(2.2 * (fraction(*key, "rate") + fraction(*key, "rate 2") - 1)),
        n_runs_a_day=6.0 if origin in "oa" and slot % 2 == 0 else 0.0, service=service,
        reach=min(1.0, 100 / n),
    )  # fmt: skip


def _bare(app_id: str, name: str, owner: str | None, *, principal: str | None, kind: str = "Application") -> App:
    return App(
        app_id=app_id, principal_id=principal, name=name, former_name=None, owner=owner, principal_type=kind,
        origin="m",
        access="0", template=None, sso=None, is_required=False, created_at=FIRST_DAY - timedelta(days=900),
        disabled_at=None, deleted_at=None, use=0.0, rate=1.0,
    )  # fmt: skip


def _microsoft(seed: int, n: int) -> list[App]:
    found = []
    for i in range(n):
        app_id, name = guid("first-party", i), f"Microsoft {_NOISE[i % len(_NOISE)]} Service {i // len(_NOISE) + 1}"
        if i < len(_MICROSOFT):
            app_id, name = _MICROSOFT[i]
        owner = (MICROSOFT_SERVICES, MICROSOFT_SERVICES, MICROSOFT_CORPORATE, MICROSOFT_OTHER)[i % 4]
        app = _bare(app_id, name, MICROSOFT_SERVICES if i < 3 else owner, principal=guid(seed, "first-party", i))
        if app_id == GRAPH_APP_ID:
            app = replace(app, mark="resource")
        elif i < len(_MICROSOFT):
            app = replace(app, use=(0.05, 0.9, 0.8, 0.9, 0.85, 0.8, 0.1, 0.3, 0.03)[i - 1], rate=4.0 / i + 0.4)
        found.append(app)
    return found


def _workloads(seed: int, n: int, users: int) -> list[App]:
    return [
        replace(
            _bare(guid(seed, "identity", i), f"mi-{words.vendor_name(seed, 'mi', i).lower()}-{i:02d}", None,
                  principal=guid(seed, "identity principal", i), kind="ManagedIdentity"),
            mark="workload", n_runs_a_day=4.0 + 20.0 * fraction(seed, "identity", i, "runs") + min(users, 5000) / 200,
        )
        for i in range(n)
    ]  # fmt: skip


def _odd_ones(seed: int) -> list[App]:
    """Those that make trouble: without a principal, legacy, failing only, of another tenant."""

    def name(what: str) -> str:
        return words.vendor_name(seed, "odd", what)

    def ghost(what: str, shown: str, owner: str | None, **more: object) -> App:
        bare = _bare(guid(seed, "odd", what), shown, owner, principal=None)
        return replace(bare, use=0.12, rate=0.6, **more)  # type: ignore[arg-type]  # fields are named by the callers below

    found = [replace(_bare(i, n, o, principal=None), use=0.5, rate=1.0) for i, n, o in _GHOSTS]
    vendor = guid(seed, "odd vendor")
    found += [
        ghost("removed", f"{name('removed')} Timesheets", vendor, former_name=f"{name('removed')} Hours"),
        ghost("removed too", f"{name('removed too')} Rooms", vendor),
        ghost("nameless", "", None),
        ghost("knocking", f"{name('knocking')} Sync", vendor, mark="failing"),
        ghost("knocking too", f"{name('knocking too')} Mailer", MICROSOFT_SERVICES, mark="failing"),
        ghost("partner", f"{name('partner')} Supplier Portal", guid(seed, "partner tenant"), mark="partner"),
    ]
    for i, (kind, mark, use) in enumerate((("Legacy", "", 0.1), ("Legacy", "failing", 0.08), ("SocialIdp", "", 0.0))):
        odd = _bare(
            guid(seed, "legacy", i),
            f"{name(f'legacy {i}')} Intranet",
            None,
            principal=guid(seed, "legacy sp", i),
            kind=kind,
        )
        found.append(replace(odd, mark=mark, use=use, rate=0.7))
    return found
