"""What apps are, as answers tell it: the tenant's gallery first, our list next, a guess said to be one."""

from __future__ import annotations

import json
from typing import Any

from tests.support.tiny_lake import MICROSOFT, TENANT, TinyLake


def told(lake: TinyLake, **more: Any) -> dict[str, tuple[Any, ...]]:
    rows = lake.ask("products", **more)
    return {row["product_id"]: (row["vendor"], row["category"], row["category_source"]) for row in rows}


def test_the_gallery_goes_before_the_list_and_the_list_before_a_guess(lake: TinyLake) -> None:
    lake.app("live", name="Chat", template_id="t1", owner_tenant_id=TENANT)
    lake.app("page", name="Whatever", homepage="https://acme.zendesk.com")
    lake.app("reply", name="Whatever else", reply_urls=json.dumps(["http://localhost", "https://app.asana.com/cb"]))
    lake.app("named", name="Slack (UAT)")
    lake.app("tagged", name="Slack", tags=json.dumps(["WindowsAzureActiveDirectoryGalleryApplicationPrimaryV1"]))
    lake.app("nobody", name="Brimtal Something")
    listed = {"name": "Slack", "publisher": "Slack Technologies", "homepage": "https://slack.com"}
    lake.add("application_templates", template_id="t1", **listed, categories=json.dumps(["humanResources"]))
    assert told(lake) == {
        "live": ("Slack Technologies", "Human resources", "tenant"),
        "page": ("Zendesk", "CRM", "catalogue"),
        "reply": ("Asana", "Project management", "catalogue"),
        "named": ("Salesforce", "Collaboration", "guess"),
        "tagged": ("Salesforce", "Collaboration", "catalogue"),
        "nobody": (None, None, None),
    }


def test_an_entry_of_the_gallery_that_was_not_read_falls_back_to_the_list(lake: TinyLake) -> None:
    lake.app("chat", name="Chat", template_id="t1", homepage="https://slack.com")
    assert told(lake) == {"chat": ("Salesforce", "Collaboration", "catalogue")}


def test_what_stands_in_the_directory_is_not_trusted(lake: TinyLake) -> None:
    lake.app("odd", name="x", reply_urls=json.dumps({"a": 1}), tags=json.dumps([1, None]), homepage="https://[x")
    lake.app("null", name="y", reply_urls="null", tags="null", publisher="", homepage="")
    assert told(lake) == {"odd": (None, None, None), "null": (None, None, None)}


def test_microsofts_own_are_microsofts(lake: TinyLake) -> None:
    lake.app("theirs", name="Slack", owner_tenant_id=MICROSOFT, homepage="https://slack.com")
    assert told(lake, microsoft=True) == {"theirs": ("Microsoft", None, None)}
