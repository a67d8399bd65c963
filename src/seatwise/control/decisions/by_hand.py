"""What Entra does not know: products and seats that people add themselves."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from seatwise.control.decisions.book import Change, decide
from seatwise.control.decisions.current import Key, held
from seatwise.control.decisions.wrong import Wrong
from seatwise.control.models import Person, Workspace


def add_app(by: Person | None, workspace: Workspace, more: Mapping[str, object], *, address: str = "") -> str:
    """A product without any app in Entra; gives its id. more: its fields, "name" among them. Errors: of `decide`."""
    name = str(more.get("name") or "").strip()
    if not name:
        raise Wrong({"name": "Type the name of the app."})
    product_id = str(uuid4())
    told = {**more, "by_hand": True}
    changes = [Change("product", product_id, field, value, name) for field, value in told.items() if value is not None]
    decide(by, workspace, changes, address=address)
    return product_id


def remove_app(by: Person | None, workspace: Workspace, product_id: str, *, named: str = "", address: str = "") -> int:
    """Takes a product added by hand out again, with its seats; an undo brings all of it back."""
    values = held(workspace).values
    product_id = product_id.strip().lower()
    if not values.get(Key("product", product_id, "by_hand")):
        raise Wrong({"by_hand": "This product comes from Entra ID, so it cannot be removed here. You can ignore it."})
    mine = [key for key in values if key.subject_kind in ("product", "seat") and key.subject_id == product_id]
    changes = [Change(key.subject_kind, product_id, key.field, None, named) for key in mine]  # type: ignore[arg-type]  # what was kept is of a known kind
    return decide(by, workspace, changes, address=address)


def seats(workspace: Workspace, product_id: str) -> dict[str, str | None]:
    """By address in lower case, the person's id in the directory, None when nobody there has it."""
    wanted = product_id.strip().lower()
    return {
        key.field: value["user_id"]
        for key, value in held(workspace).values.items()
        if key.subject_kind == "seat" and key.subject_id == wanted
    }
