"""Template words of the pages about money and mail."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_MAIL: Final = {
    "waiting": ("chip-warn", "Waiting"),
    "claimed": ("chip-warn", "Being sent"),
    "handed": ("chip-warn", "Being sent"),
    "sent": ("chip-good", "Sent"),
    "given_up": ("chip-bad", "Given up"),
    "unsure": ("chip-bad", "Not known"),
    "dropped": ("", "Not sent"),
}


@register.simple_tag
def mail_state(state: str) -> SafeString:
    css, words = _MAIL.get(state, ("", state))
    return format_html('<span class="chip {}">{}</span>', css, words)
