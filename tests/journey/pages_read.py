"""Reads every number off a page, as a person sees it in the browser, and holds it against the oracle's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Page

from entra_sandbox.oracle import NAMES, Oracle
from entra_sandbox.oracle.money import money, tenth
from tests.journey.stack import FROM_THE_CATALOGUE, KEYS, Row

_READ = """() => {
  const seen = e => ({metric: e.dataset.metric, column: e.dataset.column || '', sum: e.dataset.sum || '',
    key: e.dataset.key ?? e.closest('[data-key]')?.dataset.key ?? null, value: e.dataset.value ?? null,
    beside: Object.fromEntries([...(e.closest('tr')?.querySelectorAll('[data-column]') ?? [])]
      .filter(c => c.dataset.metric === e.dataset.metric)
      .map(c => [c.dataset.column, [c.dataset.value ?? null, c.textContent]])),
    text: e.textContent.replace(/\\s+/g, ' ').trim(), is_number: e.classList.contains('num')});
  const cells = 'main .num, main .figure dd:not(.note)',
    controls = 'nav, .menu, .drop, .table-foot, ul.findings, .gaps, .imports, [data-account]';
  const bare = [...document.querySelectorAll(cells)].filter(e => /\\d/.test(e.textContent)
    && !e.closest('[data-metric]') && !e.querySelector('[data-metric]') && !e.closest(controls));
  return {marked: [...document.querySelectorAll('[data-metric]')].map(seen),
    bare: bare.map(e => ({label: e.closest('.figure')?.querySelector('dt')?.textContent.trim() ?? '',
      text: e.textContent.replace(/\\s+/g, ' ').trim(), card: e.closest('[id^=card-]')?.id.slice(5) ?? '',
      of: [...(e.closest('li, dd')?.querySelectorAll('[data-metric]') ?? [])].map(seen)}))};
}"""

OUTSIDE = ("evidence", "seat-evidence")
"""Answers about one event or one seat, which the lake knows and the oracle does not count."""
TIMES = ("Last sign-in", "On record since")
"""Figures that say when something was."""
_PLAIN = ("name", "product", "department", "owner", "job_title", "upn", "last_product", "note")
"""Columns whose value is what a person reads."""
_NUMBERS = ("int", "money", "number")
_SCOPED = {
    "product_id": ("product-users", "seat-groups", "movement", "movement-products", "consents", "discovery"),
    "user_id": ("product-users", "people", "licence-users", "movement", "users"),
    "sku_id": ("licences", "licence-users"),
    "team": ("teams", "team-products"),
}


@dataclass
class Reader:
    """Counts what it has read; `wrong` is what differs, by page."""

    oracle: Oracle
    derived: dict[str, Callable[[Oracle], int]]
    n_read: int = 0
    metrics: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    _answers: dict[str, tuple[list[Row], list[Row], dict[str, str]]] = field(default_factory=dict)

    def read(self, page: Page) -> None:
        found, where = page.evaluate(_READ), _where(page.url)
        for cell in found["marked"]:
            if cell["metric"] not in OUTSIDE and (complaint := self._judge(cell, where)):
                self.wrong.append(f"{urlsplit(page.url).path.partition('/w/')[2][37:]}: {complaint}")
        for cell in found["bare"]:
            if complaint := self._judge_bare(cell, where):
                self.wrong.append(f"{urlsplit(page.url).path.partition('/w/')[2][37:]}: {complaint}")

    def _judge_bare(self, cell: dict[str, Any], where: dict[str, str]) -> str | None:
        """Numbers that stand in no answer: shares of one that does, how many cards there are, figures of our own."""
        text, label = cell["text"], cell["label"]
        if label in TIMES or re.search(r" ago$|\d \w{3} \d{4}", text):
            return None
        if label in self.derived:
            true = str(self.derived[label](self.oracle))
            return None if re.split(r"[^\d]", text)[0] == true else f"{label}: {text} for {true}"
        if cell["card"]:
            n = sum(row["card"] == cell["card"] for row in self._rows("insights", where)[0])
            return None if text == str(n) else f"{cell['card']}: {text} for {n}"
        if text.endswith("%") and len(cell["of"]) == 1:
            return self._judge_share(text, cell["of"][0], where)
        return f"a number without a metric: {label} {text}"

    def _judge_share(self, text: str, part: dict[str, Any], where: dict[str, str]) -> str | None:
        """A state's share of the seats of the same row, in whole percent."""
        shown = self._rows(part["metric"], where)[0]
        rows = [
            r for r in shown if not KEYS[part["metric"]] or _is(r, part["metric"], part["key"] or "", part["beside"])
        ]
        if len(rows) != 1 or not rows[0].get("n_seats"):
            return f"a share of nothing we know: {text} of {part['metric']} {part['key']}"
        true = Fraction(100 * rows[0][part["column"]], rows[0]["n_seats"])
        return None if abs(int(text[:-1]) - true) <= Fraction(1, 2) else f"{part['column']}: {text} for {float(true)}"

    def _judge(self, cell: dict[str, Any], where: dict[str, str]) -> str | None:
        metric, column = cell["metric"], cell["column"] or cell["sum"]
        if metric not in NAMES:
            return f"the oracle has no {metric}"
        shown, exact, types = self._rows(metric, where)
        if column not in types:
            # What only the catalogue or the directory tells; a number must be the oracle's.
            return f"a number of its own: {metric} {column} {cell['text']}" if cell["is_number"] else None
        self.n_read += 1
        self.metrics.add(metric)
        if cell["sum"] or (cell["key"] is None and KEYS[metric]):
            value = self._sum(exact, column, types[column])
        else:
            rows = [row for row in shown if not KEYS[metric] or _is(row, metric, cell["key"], cell["beside"])]
            if len(rows) != 1:
                return f"{len(rows)} rows of {metric} are {cell['key']!r} ({column} {cell['text']})"
            value = rows[0][column]
        return _differs(cell, value, types[column], f"{metric} {cell['key']} {column}")

    def _rows(self, metric: str, where: dict[str, str]) -> tuple[list[Row], list[Row], dict[str, str]]:
        of = {k: v for k, v in where.items() if k in ("by", "group", "product", "days", "months")}
        name = f"{metric} {sorted(of.items())} {sorted(where.items())}"
        if name not in self._answers:
            all_of = {"microsoft": True, "ignored": True} if metric in ("products", "product-users") else {}
            answer = self.oracle.answer(metric, of=of, **all_of)  # type: ignore[arg-type]  # both are flags
            exact = self.oracle.exact(metric, of=of)
            types = {str(c["name"]): str(c["type"]) for c in answer["columns"]}
            both = [[row for row in rows if _is_here(row, metric, where)] for rows in (answer["rows"], exact)]
            self._answers[name] = (both[0], both[1], types)
        return self._answers[name]

    def _sum(self, exact: list[Row], column: str, kind: str) -> Any:
        """Of amounts before they are rounded, in the workspace's currency only."""
        values = [
            row[column]
            for row in exact
            if row[column] is not None
            and (kind != "money" or row.get("currency") in (None, self.oracle.decided.currency))
        ]
        if not values:
            return None
        return {"money": money, "number": tenth}.get(kind, int)(sum(values, Fraction(0)))


def _where(address: str) -> dict[str, str]:
    """What the page is about, by its address."""
    parts = urlsplit(address)
    rest = unquote(parts.path).partition("/w/")[2].split("/")[1:]
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    found = {"by": query.get("by", "department"), "group": query.get("group", ""), "days": "400", "months": "24"}
    if len(rest) > 2:
        if rest[0] == "apps":
            found |= {"product_id": rest[1], "product": rest[1]}
        elif rest[0] == "people":
            found["user_id"] = rest[1]
        elif rest[0] == "licences":
            found["sku_id"] = rest[1]
        elif rest[:2] == ["teams", "one"]:
            found["team"] = query.get("team", "")
    return found


def _is_here(row: Row, metric: str, where: dict[str, str]) -> bool:
    return all(
        str(row.get(column)) == where[column]
        for column, metrics in _SCOPED.items()
        if column in where and metric in metrics and column in row
    )


def _is(row: Row, metric: str, key: str, beside: dict[str, tuple[str | None, str]]) -> bool:
    """Whether a row goes by that key: one of its key columns, or all of them joined; others stand in its own line."""
    parts = [_text(row[part]) for part in KEYS[metric]]
    is_named = key in parts or key in (" ".join(parts), "|".join(parts))
    told = [column for column in (*KEYS[metric], "product") if column in beside and column in row]
    return is_named and all(_says(*beside[column], _text(row[column]), column) for column in told)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else "; ".join(value) if isinstance(value, list) else str(value)


def _says(value: str | None, words: str, true: str, column: str) -> bool:
    """By the value behind the words; without one, by the words, where they are the value itself."""
    return true in words if value is None and column in _PLAIN else value in (None, true)


def _differs(cell: dict[str, Any], value: Any, kind: str, what: str) -> str | None:
    said, column = cell["value"], what.rpartition(" ")[2]
    if kind in _NUMBERS:
        if said is None or (said == "") != (value is None) or (value is not None and float(said) != float(value)):
            return f"{what}: {said!r} for {value!r}"
        digits = re.findall(r"\d[\d,]*(?:\.\d+)?", cell["text"])
        if value is not None and digits and cell["is_number"] and _words(value, kind) not in digits:
            return f"{what}: reads {cell['text']!r}, not {_words(value, kind)}"
        return None
    if value is None and column in FROM_THE_CATALOGUE:
        return None
    is_so = _says(said, cell["text"], _text(value), column)
    return None if is_so else f"{what}: {said!r} {cell['text']!r} for {_text(value)!r}"


def _words(value: float, kind: str) -> str:
    """As a number is written: 1,248; 12.50 without cents when there are none."""
    if kind == "int":
        return f"{abs(value):,}"
    return f"{abs(value):,.2f}".removesuffix(".00") if kind == "money" else f"{abs(value):,.1f}".removesuffix(".0")
