"""The look of the pages a person sees: plain forms, no script, every foreign word escaped."""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from aiohttp import web

from entra_sandbox.identity.people import Person

_STYLE = """
:root{color-scheme:light dark;--ground:#f2f4f7;--card:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;
--edge:#7d8792;--mark:#0b63c5;--on:#fff;--hover:#eef4fb;--warn:#9a3412}
@media (prefers-color-scheme:dark){:root{--ground:#0f1318;--card:#191f26;--ink:#e8ecf1;--soft:#9aa7b4;--line:#303a45;
--edge:#758392;--mark:#6cb0ff;--on:#08131f;--hover:#212a34;--warn:#fdba74}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:460px;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:28px;
overflow-wrap:anywhere}
.host{display:flex;gap:10px;align-items:center;margin:0 0 20px;font-size:13px;color:var(--soft)}
.host b{flex:none;padding:1px 8px;border:1px solid var(--warn);border-radius:99px;color:var(--warn);font-size:12px}
h1{margin:0 0 8px;font-size:22px;line-height:1.3}
h1 small{display:block;font-size:16px;font-weight:400}
h2{margin:24px 0 8px;font-size:16px}
a{color:var(--mark)}
.links li{margin:0 0 8px}
p{margin:0 0 14px}
.soft{color:var(--soft);font-size:14px}
ul{margin:0 0 16px;padding:0;list-style:none}
.people{border:1px solid var(--line);border-radius:8px;overflow:hidden}
.people li+li{border-top:1px solid var(--line)}
.people button{display:block;width:100%;padding:10px 14px;border:0;background:none;color:inherit;font:inherit;
text-align:left;cursor:pointer}
.people button:hover{background:var(--hover)}
.people p{margin:0;padding:10px 14px}
.people small,.wants small{display:block;color:var(--soft);font-size:13px}
.wants li{padding:8px 0;border-top:1px solid var(--line)}
.wants b{font-weight:600}
.find{display:block;margin:0 0 6px}
.tick{display:flex;gap:10px;align-items:flex-start;margin:0 0 18px}
input[type=checkbox]{width:20px;height:20px;margin:2px 0 0;flex:none;accent-color:var(--mark)}
input[type=search]{flex:1;min-width:0;padding:10px 12px;border:1px solid var(--edge);border-radius:8px;font:inherit;
background:var(--card);color:inherit}
.row{display:flex;gap:10px;justify-content:flex-end;margin:0 0 14px}
.act{padding:10px 18px;border:1px solid var(--edge);border-radius:8px;background:none;color:inherit;font:inherit;
cursor:pointer}
.act.main{background:var(--mark);border-color:var(--mark);color:var(--on);font-weight:600}
:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
.people button:focus-visible{outline-offset:-3px}
code{font-size:13px;background:var(--hover);padding:1px 5px;border-radius:4px}
.code{color:var(--warn);font-weight:600}
"""

# What each permission lets an app do, in words for people.
_WORDS = {
    "AuditLog.Read.All": (
        "Read the sign-in and audit logs",
        "Who signed in where and when, and changes to the directory.",
    ),
    "Directory.Read.All": ("Read the directory", "People, groups, apps, licences and who is assigned to what."),
    "Group.Read.All": ("Read all groups", "Names, owners and contents of the groups."),
    "GroupMember.Read.All": ("Read group memberships", "Which people and groups belong to which group."),
    "User.Read.All": ("Read all people's profiles", "Names, departments, managers and contact data."),
    "User.Read": ("Sign you in and read your profile", "Your own name and contact data."),
    "Application.Read.All": ("Read all applications", "Registrations and enterprise apps."),
    "Reports.Read.All": ("Read usage reports", "Reports about the use of services."),
    "openid": ("Sign you in", "Confirm who you are."),
    "profile": ("See your basic profile", "Your name and user name."),
    "email": ("See your e-mail address", "Your primary address."),
    "offline_access": ("Keep the access you gave", "Also while you are not using the app."),
}


def page(title: str, body: str, *, status: int = 200) -> web.Response:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Sandbox sign-in</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main>"
        f'<p class="host"><b>Sandbox</b> A made-up tenant. Nothing here is real.</p>{body}</main></body></html>'
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def picker(
    tenant: str, organization: str, app: str, flow: str, csrf: str, fixed: list[Person], found: list[Person], text: str
) -> web.Response:
    """The account picker; `found` are people of the company that match the text."""
    address = f"/{quote(tenant)}/login"
    hidden = _hidden(flow, csrf)
    people = "".join(_choice(person) for person in fixed)
    more = "".join(_choice(person) for person in found) or '<li><p class="soft">Nobody of that name.</p></li>'
    body = (
        f"<h1>Pick an account</h1><p>to continue to <b>{escape(app)}</b></p>"
        f'<form method="post" action="{address}">{hidden}<ul class="people" aria-label="Accounts">{people}</ul></form>'
        f"<h2>Somebody else of {escape(organization)}</h2>"
        f'<form method="get" action="{address}"><input type="hidden" name="flow" value="{escape(flow)}">'
        '<label class="find soft" for="q">Name or user name; no password is asked</label>'
        f'<div class="row"><input type="search" id="q" name="q" value="{escape(text)}" autocomplete="off">'
        '<button class="act">Search</button></div></form>'
        f'<form method="post" action="{address}">{hidden}'
        f'<ul class="people" aria-label="People found">{more}</ul></form>'
    )
    return page(f"Pick an account: {text}" if text else "Pick an account", body)


def consent(
    tenant: str,
    organization: str,
    app: str,
    person: Person,
    flow: str,
    csrf: str,
    permissions: list[str],
    *,
    for_all: bool,
    offers_all: bool,
) -> web.Response:
    """The consent page. for_all: it is asked for the whole organization; offers_all: the person may choose to."""
    wants = "".join(_permission(name) for name in permissions)
    box = (
        '<label class="tick"><input type="checkbox" name="organization" value="on">'
        "<span>Consent on behalf of your organization"
        '<small class="soft"><br>Nobody else of the organization will be asked again.</small></span></label>'
        if offers_all
        else ""
    )
    head = "Permissions requested" + (f"<small>for {escape(organization)}</small>" if for_all else "")
    body = (
        f'<p class="soft">{escape(person.upn)}</p><h1>{head}</h1><p><b>{escape(app)}</b> would like to:</p>'
        f'<form method="post" action="/{quote(tenant)}/consent">'
        f'{_hidden(flow, csrf)}<ul class="wants">{wants}</ul>{box}'
        '<p class="soft">Accept only if you trust this app. You can take the permissions back later.</p>'
        '<div class="row"><button class="act" name="decision" value="cancel">Cancel</button>'
        '<button class="act main" name="decision" value="accept">Accept</button></div></form>'
    )
    return page(f"Permissions requested {'for the organization' if for_all else 'by ' + app}", body)


def form_post(address: str, fields: dict[str, str]) -> web.Response:
    inputs = "".join(_field(name, value) for name, value in fields.items())
    body = (
        f'<h1>Almost there</h1><form method="post" action="{escape(address)}">{inputs}'
        '<div class="row"><button class="act main">Continue</button></div></form>'
    )
    return page("Continue", body)


def refused(
    title: str, sentence: str, code: int, facts: Mapping[str, str], ways_on: Mapping[str, str] | None = None
) -> web.Response:
    """A failure that stays here. facts: what support asks for; ways_on: text of a link → where it leads."""
    told = "<br>".join(f"{escape(name)}: {escape(value)}" for name, value in facts.items())
    links = "".join(f'<li><a href="{escape(there)}">{escape(text)}</a></li>' for text, there in (ways_on or {}).items())
    body = (
        f"<h1>{escape(title)}</h1><p>{escape(sentence.removeprefix(f'AADSTS{code}: '))}</p>"
        + (f'<ul class="links">{links}</ul>' if links else "")
        + f'<p class="soft"><span class="code">AADSTS{code}</span>{"<br>" if told else ""}{told}</p>'
    )
    return page(f"{title.rstrip('.')} (AADSTS{code})", body, status=200 if code in (90094, 90095) else 400)


def _field(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _hidden(flow: str, csrf: str) -> str:
    return _field("flow", flow) + _field("csrf", csrf)


def _choice(person: Person) -> str:
    title = f" · {escape(person.title)}" if person.title else ""
    return (
        f'<li><button name="person" value="{escape(person.oid)}"><bdi>{escape(person.name)}</bdi>'
        f"<small>{escape(person.upn)}{title}</small></button></li>"
    )


def _permission(name: str) -> str:
    title, words = _WORDS.get(name, (f"Use the permission {name}", "The sandbox has no words for this one."))
    return f"<li><b>{escape(title)}</b><small>{escape(words)} <code>{escape(name)}</code></small></li>"
