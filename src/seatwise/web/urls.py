"""Every address of the pages; each area of pages lists its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from seatwise.web.money.notifications import mail_stop
from seatwise.web.views import account, app, apps, audit, doors, members, overview, start, workspace

_OF_A_WORKSPACE: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    # Before the apps: a decision's address below apps/ is not an app's.
    path("", include("seatwise.web.decisions.urls")),
    path("", include("seatwise.web.people.urls")),
    path("", include("seatwise.web.money.urls")),
    path("", include("seatwise.web.trends.urls")),
    path("apps/", apps.listed, name="apps"),
    path("apps/export", apps.exported, name="apps_export"),
    path("apps/<str:app>/", app.one, name="app"),
    path("apps/<str:app>/export", app.one_exported, name="app_export"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/invite", members.invite, name="member_invite"),
    path("settings/members/password-link", members.password_link, name="member_password"),
    path("settings/members/links/<uuid:link>/revoke", members.revoke, name="member_revoke"),
    path("settings/members/<uuid:person>/role", members.change_role, name="member_role"),
    path("settings/members/<uuid:person>/remove", members.remove, name="member_remove"),
    path("settings/workspace/", workspace.workspace, name="workspace"),
    path("settings/workspace/sample/remove", workspace.remove_sample, name="sample_remove"),
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/audit/export", audit.exported, name="audit_export"),
    path("notices/<uuid:notice>/seen", start.notice_seen, name="notice_seen"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.home, name="home"),
    path("theme", start.theme, name="theme"),
    path("robots.txt", start.robots, name="robots"),
    path("favicon.ico", start.favicon, name="favicon"),
    path("setup/<str:token>", doors.setup, name="setup"),
    path("invite/<str:token>", doors.invitation, name="invitation"),
    path("password/<str:token>", doors.password, name="password"),
    path("mail/stop/<str:token>", mail_stop, name="mail_stop"),
    path("account/", account.account, name="account"),
    path("accounts/", include("seatwise.web.accounts_urls")),
    path("workspaces/new", workspace.new, name="workspace_new"),
    path("w/<uuid:workspace>/", include(_OF_A_WORKSPACE)),
    path("", include("seatwise.web.integrations.urls")),
]
