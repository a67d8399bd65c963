"""A small browser for the sign-in pages: cookies, forms, no redirects of its own, no script."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPMessage
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Page:
    """One answer; `location` is where it sends the browser, if anywhere."""

    address: str
    status: int
    text: str
    location: str
    forms: list[Form]

    def sent(self) -> dict[str, str]:
        """The parameters that the redirect hands to the app."""
        parts = urlsplit(self.location)
        return dict(parse_qsl(parts.query or parts.fragment))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "input" and given.get("type") != "checkbox" and self.forms:
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button":
            self._button = (given.get("name", ""), given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._button is not None and data.strip():
            self.forms[-1].buttons.setdefault(data.strip(), self._button)
            self._button = None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Browser:
    def __init__(self, ca: Path) -> None:
        # Python's jar wants a dot in host names; localhost has none.
        self.jar = CookieJar(DefaultCookiePolicy(rfc2965=False, strict_ns_domain=DefaultCookiePolicy.DomainLiberal))
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.jar),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca))),
            _Stay(),
        )

    def open(self, address: str, data: dict[str, str] | None = None) -> Page:
        body = urlencode(data).encode() if data is not None else None
        try:
            answer = self._opener.open(urllib.request.Request(address, body), timeout=30)  # noqa: S310 (our own address)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        text = answer.read().decode()
        forms = _Forms()
        forms.feed(text)
        return Page(address, answer.status, text, answer.headers.get("Location", ""), forms.forms)

    def press(self, page: Page, label: str, **more: str) -> Page:
        """Presses the button of that label, in whichever form it is."""
        form = next(form for form in page.forms if label in form.buttons)
        name, value = form.buttons[label]
        fields = {**form.fields, **({name: value} if name else {}), **more}
        address = urljoin(page.address, form.action)
        if form.method == "get":
            return self.open(f"{address}?{urlencode(fields)}")
        return self.open(address, fields)
