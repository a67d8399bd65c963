"""Several app ids made one product, and taken apart again."""

from __future__ import annotations

from collections.abc import Collection

from seatwise.control.decisions.book import Change, decide
from seatwise.control.decisions.current import Key, held
from seatwise.control.decisions.wrong import Wrong
from seatwise.control.models import Person, Workspace


def merge(
    by: Person | None,
    workspace: Workspace,
    leading: str,
    others: Collection[str],
    *,
    named: str = "",
    address: str = "",
) -> int:
    """Folds the others, and what was folded into them, into the leading one. Gives the entry's number.

    What was decided about the others stands aside until they are split off again.
    Errors: Wrong for a product added by hand, which has no app to fold; those of `decide`.
    """
    values = held(workspace).values
    leading = leading.strip().lower()
    told = {leading, *(each.strip().lower() for each in others)}
    if any(values.get(Key("product", each, "by_hand")) for each in told):
        raise Wrong({"app_ids": "A product added by hand has no app in Entra, so it cannot be merged."})
    within = {each: values.get(Key("product", each, "app_ids")) or [] for each in told}
    changes = [Change("product", leading, "app_ids", sorted(told.union(*within.values())), named)]
    changes += [Change("product", each, "app_ids", None) for each in sorted(told - {leading}) if within[each]]
    return decide(by, workspace, changes, address=address)


def split(
    by: Person | None,
    workspace: Workspace,
    product_id: str,
    app_ids: Collection[str] | None = None,
    *,
    named: str = "",
    address: str = "",
) -> int:
    """Takes those apps out of the product, or all of them. Gives the entry's number.

    Errors: Wrong for the leading app while others stay; those of `decide`.
    """
    product_id = product_id.strip().lower()
    now = held(workspace).values.get(Key("product", product_id, "app_ids")) or []
    away = set(now) if app_ids is None else {each.strip().lower() for each in app_ids}
    left = [each for each in now if each not in away]
    if product_id in away and len(left) > 1:
        raise Wrong({"app_ids": "The product goes by this app. Take the others out, or take all apart."})
    value = left if len(left) > 1 else None
    return decide(by, workspace, [Change("product", product_id, "app_ids", value, named)], address=address)
