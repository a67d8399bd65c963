"""Every address of the pages and who comes in: the matrix that `test_roles` walks through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

Who = Literal["members", "person", "anybody"]
SOME_ID: Final = UUID(int=7)
APP: Final = "33333333-3333-3333-3333-333333333333"
PEOPLE: Final = ("owner", "admin", "analyst", "viewer")
OWNERS, ADMINS, ANALYSTS, VIEWERS = PEOPLE[:1], PEOPLE[:2], PEOPLE[:3], PEOPLE


@dataclass(frozen=True)
class Door:
    """Who comes in. roles: of a page of a workspace; who: of one that belongs to no workspace.

    look, act: whether GET and POST are methods of it.
    """

    roles: tuple[str, ...] = ()
    look: bool = False
    act: bool = False
    who: Who = "members"


def sees(*roles: str) -> Door:
    return Door(roles, look=True)


def acts(*roles: str) -> Door:
    return Door(roles, act=True)


def both(*roles: str) -> Door:
    return Door(roles, look=True, act=True)


# Deny by default: an address that has no line here fails the test below.
DOORS: Final[dict[str, Door]] = {
    "home": Door(look=True, who="anybody"),
    "theme": Door(act=True, who="anybody"),
    "robots": Door(look=True, who="anybody"),
    "favicon": Door(look=True, who="anybody"),
    "setup": Door(look=True, act=True, who="anybody"),
    "invitation": Door(look=True, act=True, who="anybody"),
    "password": Door(look=True, act=True, who="anybody"),
    "mail_stop": Door(look=True, act=True, who="anybody"),
    "account": Door(look=True, act=True, who="person"),
    "workspace_new": Door(look=True, act=True, who="person"),
    "overview": sees(*VIEWERS),
    "apps": sees(*VIEWERS),
    "app": sees(*VIEWERS),
    "apps_export": acts(*ANALYSTS),
    "app_export": acts(*ANALYSTS),
    "notice_seen": acts(*VIEWERS),
    "people": sees(*VIEWERS),
    "people_export": acts(*ANALYSTS),
    "person": sees(*VIEWERS),
    "person_export": acts(*ANALYSTS),
    "person_data": acts(*ADMINS),
    "person_forget": both(*ADMINS),
    "teams": sees(*VIEWERS),
    "teams_export": acts(*ANALYSTS),
    "team": sees(*VIEWERS),
    "team_export": acts(*ANALYSTS),
    "licences": sees(*VIEWERS),
    "licences_export": acts(*ANALYSTS),
    "licence": sees(*VIEWERS),
    "licence_export": acts(*ANALYSTS),
    "app_by_hand": both(*ANALYSTS),
    "decide_licence": both(*ANALYSTS),
    "decide_person": both(*ANALYSTS),
    "decide_file": both(*ANALYSTS),
    "decide_file_export": acts(*ANALYSTS),
    "decide_draft": both(*ANALYSTS),
    "decide_draft_back": sees(*ANALYSTS),
    "decide_product": both(*ANALYSTS),
    "decide_merge": both(*ANALYSTS),
    "decide_split": acts(*ANALYSTS),
    "decide_seats": both(*ANALYSTS),
    "decide_seat_remove": acts(*ANALYSTS),
    "decide_remove": acts(*ANALYSTS),
    "decisions": sees(*ANALYSTS),
    "decision_undo": acts(*ANALYSTS),
    "policy": both(*ANALYSTS),
    "names_shown": acts(*ADMINS),
    "prices": sees(*ANALYSTS),
    "licence_prices": sees(*ANALYSTS),
    "currency": acts(*ANALYSTS),
    "protected": sees(*ANALYSTS),
    "savings": sees(*VIEWERS),
    "savings_export": acts(*ANALYSTS),
    "savings_groups": sees(*VIEWERS),
    "savings_groups_export": acts(*ANALYSTS),
    "savings_teams": sees(*VIEWERS),
    "savings_teams_export": acts(*ANALYSTS),
    "savings_seats": sees(*VIEWERS),
    "savings_seats_export": acts(*ANALYSTS),
    "savings_licences": sees(*VIEWERS),
    "savings_licences_export": acts(*ANALYSTS),
    "insights": sees(*VIEWERS),
    "insight_away": both(*ANALYSTS),
    "insight_back": acts(*ANALYSTS),
    "notifications": both(*VIEWERS),
    "mail_server": acts(*OWNERS),
    "mail_server_remove": acts(*OWNERS),
    "mail_test": acts(*OWNERS),
    "trends": sees(*VIEWERS),
    "trends_export": acts(*ANALYSTS),
    "movement": sees(*VIEWERS),
    "movement_export": acts(*ANALYSTS),
    "discovery": sees(*VIEWERS),
    "discovery_export": acts(*ANALYSTS),
    "consents": sees(*VIEWERS),
    "consents_export": acts(*ANALYSTS),
    "evidence": sees(*VIEWERS),
    "coverage": sees(*VIEWERS),
    "coverage_export": acts(*ANALYSTS),
    "coverage_import": acts(*ANALYSTS),
    "coverage_imported": sees(*VIEWERS),
    "coverage_import_cancel": acts(*ANALYSTS),
    "members": sees(*ADMINS),
    "member_invite": acts(*ADMINS),
    "member_password": acts(*ADMINS),
    "member_revoke": acts(*ADMINS),
    "member_role": acts(*ADMINS),
    "member_remove": acts(*ADMINS),
    "workspace": both(*ADMINS),
    "sample_remove": acts(*ADMINS),
    "audit": sees(*ADMINS),
    "audit_export": acts(*ADMINS),
    "integrations": sees(*VIEWERS),
    "entra": sees(*VIEWERS),
    "entra_runs": sees(*VIEWERS),
    "entra_progress": sees(*VIEWERS),
    "entra_guide": sees(*VIEWERS),
    "entra_guide_answer": acts(*VIEWERS),
    "entra_guide_answers": sees(*OWNERS),
    "entra_sync": acts(*ANALYSTS),
    "entra_cancel": acts(*ANALYSTS),
    "entra_connect": both(*ADMINS),
    "entra_registration": both(*ADMINS),
    "entra_certificate": both(*ADMINS),
    "entra_outcome": sees(*ADMINS),
    "entra_links": acts(*ADMINS),
    "entra_link_revoke": acts(*ADMINS),
    "entra_test": acts(*ADMINS),
    "entra_schedule": acts(*ADMINS),
    "entra_swap": both(*ADMINS),
    "entra_disconnect": both(*ADMINS),
    "consent": Door(look=True, act=True, who="anybody"),
    "entra_start": Door(look=True, who="anybody"),
    "entra_callback": Door(look=True, who="anybody"),
    "entra_done": Door(look=True, who="anybody"),
    "entra_refused": Door(look=True, who="anybody"),
    "account_login": Door(look=True, act=True, who="anybody"),
    "account_logout": Door(look=True, act=True, who="anybody"),
    "account_inactive": Door(look=True, who="anybody"),
    "account_reauthenticate": Door(look=True, act=True, who="person"),
    "account_change_password": Door(look=True, act=True, who="person"),
    "mfa_index": Door(look=True, act=True, who="anybody"),
    "mfa_authenticate": Door(look=True, act=True, who="anybody"),
    "mfa_reauthenticate": Door(look=True, act=True, who="person"),
    "mfa_activate_totp": Door(look=True, act=True, who="person"),
    "mfa_deactivate_totp": Door(look=True, act=True, who="person"),
    "mfa_view_recovery_codes": Door(look=True, who="person"),
    "mfa_generate_recovery_codes": Door(look=True, act=True, who="person"),
    "mfa_download_recovery_codes": Door(look=True, who="person"),
}
# Names that allauth looks up; behind them is nothing for anybody.
CLOSED: Final = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
}
NAMED: Final[dict[str, Any]] = {
    "workspace": None,
    "app": APP,
    "product": APP,
    "sku": APP,
    "kind": "prices",
    "draft": SOME_ID,
    "number": 7,
    "token": "not-a-token",
    "key": "not-a-key",
    "link": SOME_ID,
    "person": SOME_ID,
    "notice": SOME_ID,
    "attempt": SOME_ID,
    "run": SOME_ID,
    "event": "some-event",
}
