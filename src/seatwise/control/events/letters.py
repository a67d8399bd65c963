"""What a letter looks like: plain text and the same as simple HTML, with headers nothing can be smuggled into."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from html import escape
from typing import Final
from uuid import UUID

from seatwise.base import clock

SUBJECT_MAX: Final = 150


@dataclass(frozen=True)
class Line:
    """One thing to say. address: where it is shown; worth: what it could save, in words."""

    words: str
    address: str = ""
    detail: str = ""
    worth: str = ""


@dataclass(frozen=True)
class Part:
    heading: str
    lines: tuple[Line, ...]
    more: str = ""


@dataclass(frozen=True)
class Content:
    """A letter before it has a form. lead: the sentence that matters most; foot: why it was sent."""

    title: str
    lead: str
    parts: tuple[Part, ...]
    button: tuple[str, str]
    foot: str
    unsubscribe: str


def line_of(text: str) -> str:
    """One printable line: what a stranger named their app must not begin a new header or hide what follows."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def message(
    *, letter_id: UUID, sender: str, to: str, to_name: str, subject: str, text: str, html: str, unsubscribe: str
) -> EmailMessage:
    """The finished message. The same letter has the same Message-ID however often it is tried.

    Errors: ValueError or UnicodeError for an address that cannot stand in a header.
    """
    made = EmailMessage(policy=WIRE)
    made["From"] = Address("Seatwise", addr_spec=sender)
    made["To"] = Address(line_of(to_name)[:100], addr_spec=to)
    made["Subject"] = line_of(subject)[:SUBJECT_MAX]
    made["Date"] = format_datetime(clock.wall())
    made["Message-ID"] = f"<{letter_id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        made["List-Unsubscribe"] = f"<{unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(text, cte="quoted-printable")
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    return made


def as_text(content: Content) -> str:
    told = [content.title, "=" * len(content.title), "", content.lead, ""]
    for part in content.parts:
        told += [part.heading, ""]
        for line in part.lines:
            told.append("* " + line_of(line.words) + (f": {line.worth}" if line.worth else ""))
            told += [f"  {each}" for each in (line_of(line.detail), line.address) if each]
        told += [f"  {part.more}", ""] if part.more else [""]
    told += [f"{content.button[0]}: {content.button[1]}", "", "-- ", content.foot]
    if content.unsubscribe:
        told.append(f"Stop these e-mails: {content.unsubscribe}")
    return "\n".join(told) + "\n"


def as_html(content: Content) -> str:
    """No script, no picture, nothing fetched from anywhere; style stands in the tags, as mail programs want it."""
    parts = "".join(_part(part) for part in content.parts)
    stop = f' <a href="{escape(content.unsubscribe)}">Stop these e-mails</a>' if content.unsubscribe else ""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(content.title)}</title></head>"
        '<body style="margin:0;padding:24px;font-family:system-ui,Segoe UI,Helvetica,Arial,sans-serif;'
        'font-size:15px;line-height:1.5;color:#1b2130;background:#ffffff">'
        f'<div style="max-width:600px"><h1 style="font-size:20px;margin:0 0 8px">{escape(content.title)}</h1>'
        f'<p style="margin:0 0 20px">{escape(content.lead)}</p>{parts}'
        f'<p style="margin:24px 0"><a href="{escape(content.button[1])}" style="display:inline-block;padding:9px 16px;'
        f'background:#2945cf;color:#ffffff;text-decoration:none;border-radius:8px">{escape(content.button[0])}</a></p>'
        f'<p style="font-size:13px;color:#5a6376;margin:0">{escape(content.foot)}{stop}</p></div></body></html>\n'
    )


def _part(part: Part) -> str:
    rows = "".join(_row(line) for line in part.lines)
    more = f'<p style="font-size:13px;color:#5a6376;margin:6px 0 0">{escape(part.more)}</p>' if part.more else ""
    return (
        f'<h2 style="font-size:16px;margin:20px 0 6px">{escape(part.heading)}</h2>'
        '<table role="presentation" style="width:100%;border-collapse:collapse" cellpadding="0" cellspacing="0">'
        f"{rows}</table>{more}"
    )


def _row(line: Line) -> str:
    words, detail = escape(line_of(line.words)), escape(line_of(line.detail))
    told = f'<a href="{escape(line.address)}">{words}</a>' if line.address else words
    small = f'<br><span style="font-size:13px;color:#5a6376">{detail}</span>' if detail else ""
    return (
        f'<tr><td style="padding:8px 12px 8px 0;border-top:1px solid #e3e6ee">{told}{small}</td>'
        '<td style="padding:8px 0;border-top:1px solid #e3e6ee;text-align:right;white-space:nowrap">'
        f"{escape(line.worth)}</td></tr>"
    )
