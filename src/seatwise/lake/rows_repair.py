"""The slow way for a page that the typed decode refuses: keep every row that can be kept, and say what was changed.

Seen in the wild: a byte order mark, NaN, lone surrogates, NUL, bytes that are not UTF-8, a number where text was,
a single object where a list was announced.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec

from seatwise.catalog.shapes import Dataset, Field
from seatwise.lake.rows_values import clean


class UnreadableError(ValueError):
    """The body is no answer at all."""


Repaired = tuple[bytes, Counter[str], Counter[str]]
"""The document again, rows left out by reason, changes made by kind."""


def repair_page(dataset: Dataset, body: bytes) -> Repaired:
    flags: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    document = _load(body, flags)
    if not isinstance(document, dict):
        raise UnreadableError("not an object")
    if dataset.parent and isinstance(document.get("responses"), list):
        for response in document["responses"]:
            if not isinstance(response, dict):
                raise UnreadableError("an answer inside a batch is not an object")
            inner = response.get("body")
            if isinstance(inner, dict) and "error" not in inner:
                response["body"] = _repair_answer(dataset, inner, flags, left_out)
            elif not isinstance(inner, dict):
                response["body"] = None
    else:
        document = _repair_answer(dataset, document, flags, left_out)
    return msgspec.json.encode(document), left_out, flags


def repair_lines(dataset: Dataset, body: bytes) -> Repaired:
    flags: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    kept = []
    for line in body.splitlines():
        if not line.strip():
            continue
        try:
            row = _load(line, flags)
        except UnreadableError:
            left_out["not_json"] += 1
            continue
        if isinstance(row, dict):
            kept.append(msgspec.json.encode(_fit(dataset, row, flags)))
        else:
            left_out["not_an_object"] += 1
    return b"\n".join(kept), left_out, flags


def _load(body: bytes, flags: Counter[str]) -> Any:
    text = body.decode("utf-8-sig", "replace")
    if "�" in text:
        flags["text_replaced"] += 1
    try:
        value, n_cleaned = clean(json.loads(text, strict=False))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    flags["text_replaced"] += n_cleaned
    return value


def _repair_answer(
    dataset: Dataset, page: dict[str, Any], flags: Counter[str], left_out: Counter[str]
) -> dict[str, Any]:
    rows = page.get("value")
    if isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list):
        # A page of Microsoft's shows a bare object instead of a collection; accept both.
        key = next(field.source for field in dataset.wire_fields if field.name in dataset.key)
        if key not in page or "error" in page:
            raise UnreadableError("an answer without rows")
        rows = [page]
    good = [_fit(dataset, row, flags) for row in rows if isinstance(row, dict)]
    left_out["not_an_object"] += len(rows) - len(good)
    link = page.get("@odata.nextLink")
    return {"value": good} | ({"@odata.nextLink": link} if isinstance(link, str) else {})


def _fit(dataset: Dataset, row: dict[str, Any], flags: Counter[str]) -> dict[str, Any]:
    """The row with only declared members, each of the declared type."""
    fitted: dict[str, Any] = {}
    for field in dataset.wire_fields:
        _place(fitted, row, field, flags)
        if field.type == "sign_in_kind" and isinstance(row.get("_kind"), str):
            fitted["_kind"] = row["_kind"]
    return fitted


def _place(fitted: dict[str, Any], row: dict[str, Any], field: Field, flags: Counter[str]) -> None:
    *heads, last = field.source.split("/")
    found: Any = row
    place = fitted
    for head in heads:
        if head not in found:
            return
        found = found[head]
        if not isinstance(found, dict):
            flags["value_dropped"] += found is not None
            place.setdefault(head, None)
            return
        if place.get(head) is None:
            place[head] = {}
        place = place[head]
    if last in found:
        place[last] = _typed(found[last], field, flags)


def _typed(value: Any, field: Field, flags: Counter[str]) -> Any:
    if value is None or field.type == "json":
        return value
    if field.type == "sign_in_kind":
        names = value if isinstance(value, list) else [value]
        return [name for name in names if isinstance(name, str)]
    wanted: type = {"bool": bool, "int": int}.get(field.type, str)
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    if is_number if wanted is int else isinstance(value, wanted):
        return value
    turned = _turned(value, wanted)
    flags["value_dropped" if turned is None else "type_changed"] += 1
    return turned


def _turned(value: Any, wanted: type) -> Any:
    if wanted is str:
        return msgspec.json.encode(value).decode()
    if wanted is bool:
        return {"true": True, "false": False}.get(str(value).lower())
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number == value or (isinstance(value, str) and abs(number) < 2**63) else None
