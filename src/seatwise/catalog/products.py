"""What an app is: product, vendor and category, by what the tenant tells and by the list of products.

Order of belief: owner tenant, gallery template, tags, domains, verified publisher, app id, and last the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from seatwise.catalog import known_apps
from seatwise.catalog.known_apps import CATEGORIES, Product
from seatwise.catalog.microsoft import is_microsoft

__all__ = ["CATEGORIES", "Known", "Source", "Template", "know"]

Source = Literal["tenant", "catalogue", "guess"]
_GALLERY_TAG = "WindowsAzureActiveDirectoryGalleryApplication"
_BY_LETTERS: Final = {"".join(filter(str.isalpha, word.casefold())): word for word in CATEGORIES}

_PURPOSES: Final = {
    "crm": "CRM", "helpdesk": "CRM", "payroll": "Human resources", "recruit": "Human resources",
    "recruiting": "Human resources", "hr": "Human resources", "timesheets": "Human resources",
    "expenses": "Finance", "expense": "Finance", "invoicing": "Finance", "accounting": "Finance",
    "travel": "Travel", "learning": "Education", "training": "Education", "academy": "Education",
    "wiki": "Content management", "intranet": "Collaboration", "chat": "Collaboration",
    "analytics": "Data services", "reporting": "Data services", "backup": "IT infrastructure",
    "monitoring": "IT infrastructure", "vpn": "IT infrastructure", "erp": "ERP", "newsletter": "Marketing",
    "webshop": "E-commerce", "planner": "Project management", "kanban": "Project management",
}  # fmt: skip
"""A word that says what an app is for, when nothing else does."""


@dataclass(frozen=True, slots=True)
class Template:
    """What the gallery tells about an app. Source: Microsoft Graph, applicationTemplate."""

    name: str | None = None
    publisher: str | None = None
    homepage: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an app; each part None when it is not.

    source:  of the category, or of the product where there is no category: the tenant's own gallery, our list, or a
             guess from the name alone.
    """

    product: str | None = None
    vendor: str | None = None
    category: str | None = None
    source: Source | None = None


def know(
    app_id: str,
    name: str,
    publisher: str | None = None,
    homepage: str | None = None,
    reply_urls: Sequence[str] = (),
    template: Template | None = None,
    *,
    owner_tenant_id: str | None = None,
    tags: Sequence[str] = (),
) -> Known:
    """What an app is, of what the directory tells about it.

    app_id, owner_tenant_id:  in lower case.
    publisher:  the one Microsoft has verified; template: of the app gallery, when the app was made from one.
    """
    if is_microsoft(app_id, owner_tenant_id):
        return _microsoft(app_id, name)
    is_gallery = template is not None or any(tag.startswith(_GALLERY_TAG) for tag in tags)
    listed = _by_address(name, homepage, reply_urls, template) or _by_publisher(name, publisher)
    if listed is None and (one := known_apps.by_app_id().get(app_id)):
        listed = _of(one)
    if listed is None:
        listed = _by_name(name, template, is_gallery)
    if template is not None:
        return _with_template(template, listed)
    return listed


def _microsoft(app_id: str, name: str) -> Known:
    one = known_apps.by_app_id().get(app_id)
    return _of(one) if one else Known(name or None, "Microsoft", None, "catalogue")


def _with_template(template: Template, listed: Known) -> Known:
    """The gallery's word goes before ours; ours fills what it leaves open, a guess from the name included."""
    category = next((_BY_LETTERS[word] for word in map(_letters, template.categories) if word in _BY_LETTERS), None)
    told = replace(
        listed, product=template.name or listed.product, vendor=(template.publisher or "").strip() or listed.vendor
    )
    return replace(told, category=category, source="tenant") if category else told


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word.casefold()))


def _by_address(name: str, homepage: str | None, reply_urls: Sequence[str], template: Template | None) -> Known | None:
    """By where its pages stand, then by where it receives sign-ins; neither tells anything below a carrier's domain."""
    for address in (template.homepage if template else None, homepage, *reply_urls):
        host = known_apps.host_of(address)
        if found := tuple(one for one in known_apps.at_host(host) if known_apps.is_own_page(host, one)):
            return _among(found, name)
    return None


def _by_publisher(name: str, publisher: str | None) -> Known | None:
    if not publisher:
        return None
    one = known_apps.by_name().get(known_apps.words_of(publisher))
    found = known_apps.by_vendor().get(known_apps.words_of(publisher)) or ((one,) if one else ())
    return _among(found, name) if found else None


def _among(found: Sequence[Product], name: str) -> Known:
    """One of several products of a vendor, by name; without a hint only what all of them share."""
    hinted = known_apps.named(name)
    if hinted is None or hinted not in found:
        words = f" {known_apps.words_of(name)} "
        hints = [
            one for one in found if any(f" {known_apps.words_of(text)} " in words for text in (one.name, *one.aliases))
        ]
        hinted = hints[0] if len(hints) == 1 else None
    if len(found) == 1 or hinted is not None:
        return _of(hinted or found[0])
    vendors, categories = {one.vendor for one in found}, {one.category for one in found}
    # One product bears the vendor's own name where a vendor has several: nothing nearer is known then.
    vendor = vendors.pop() if len(vendors) == 1 else None
    return Known(vendor, vendor, categories.pop() if len(categories) == 1 else None, "catalogue")


def _by_name(name: str, template: Template | None, is_gallery: bool) -> Known:
    """By name alone: a guess, unless the gallery gave the name, which says which product is meant."""
    for told in (template.name if template else None, name):
        if told and (one := known_apps.named(told)):
            return replace(_of(one), source="catalogue" if is_gallery else "guess")
    for word in reversed(known_apps.words_of(name).split()):
        if category := _PURPOSES.get(word):
            return Known(name, None, category, "guess")
    return Known()


def _of(one: Product) -> Known:
    return Known(one.name, one.vendor, one.category, "catalogue")
