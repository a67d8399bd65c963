"""Pages as a faulty or a newer service would send them: rows twice, gone, of other types, links that mislead."""

from __future__ import annotations

from typing import Any

from entra_sandbox.behaviour.faults import Fault

# What says which thing a row is about; without it a row is none.
_NOT_DRIFTING = frozenset({"createdDateTime", "signInEventTypes", "status", "principalType", "userType", "@odata.type"})
_ODD_VALUES: tuple[Any, ...] = (None, "unknownFutureValue", "neverHeardOf", 7, True, 1.5, ["a"], {"b": None}, "")


def spoil(payload: Any, fault: Fault, link: str) -> Any:
    """The page as a faulty service would send it; anything but a page stays as it is."""
    if not isinstance(payload, dict) or not isinstance(payload.get("value"), list):
        return payload
    page = dict(payload)
    rows = page["value"]
    if fault.kind == "dup_rows":
        page["value"] = rows + rows[: max(1, len(rows) // 10)]
    elif fault.kind == "short_page":
        page["value"] = rows[: len(rows) // 2]
    elif fault.kind == "drop_rows":
        page["value"] = [row for row in rows if fault.dice.random() >= fault.share]
    elif fault.kind == "drift":
        page["value"] = [_drifted(row, fault) for row in rows]
    elif fault.kind == "empty_pages":
        # The same question under another address each time, as a new skip token would be.
        page["value"], page["@odata.nextLink"] = [], f"{link}{'&' if '?' in link else '?'}empty={fault.n_met}"
    elif fault.kind == "empty_page":
        page["value"], page["@odata.nextLink"] = [], link
    elif fault.kind == "loop_next_link":
        page["@odata.nextLink"] = link
    elif fault.kind == "foreign_next_link":
        page["@odata.nextLink"] = "https://graph.attacker.example/v1.0/users?$skiptoken=x"
    elif fault.kind == "swap_type":
        page["value"] = [{**row, "id": 7} for row in rows]
    return page


def _drifted(row: dict[str, Any], fault: Fault) -> dict[str, Any]:
    """The row with members left out, null, of other types or values, and one that nobody has heard of."""
    found = dict(row)
    for name in row:
        if name in _NOT_DRIFTING or name.lower().endswith("id") or fault.dice.random() >= fault.share:
            continue
        odd = fault.dice.choice((*_ODD_VALUES, "missing"))
        if odd == "missing":
            del found[name]
        else:
            found[name] = odd
    found["sandboxNews"] = {"since": "2027-01"}
    return found
