"""A person's id, addresses and names in the texts of the database: found, and replaced."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, QuerySet

from seatwise.control.models import AuditEntry, DataKey, Forgetting, KeyCheck, Person, Secret, Workspace
from seatwise.lake.forgotten import name_of
from seatwise.lake.traces import Traces

# Sealed, or about this install and not about a tenant; people who sign in here have rows of their own.
APART: Final = frozenset({Secret, DataKey, KeyCheck, Forgetting, Person})
# About the install as a whole, and nobody in a directory; by name, since not every part knows them.
OF_INSTALL: Final = frozenset({"Registration", "MailServer"})
_KINDS: Final = (models.CharField, models.TextField, models.JSONField)
_SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What to look for, and what stands in its place."""

    person: Traces
    stand_in: str

    def pattern(self, *, sure_only: bool = False) -> re.Pattern[str]:
        names = () if sure_only else (name for name in self.person.names if len(name) >= _SHORTEST_NAME)
        plain = {*self.person.sure, *names}
        # A letter that waits to be sent is written for browsers too.
        texts = sorted({*plain, *map(html.escape, plain)}, key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in texts), re.IGNORECASE)

    def instead(self, found: re.Match[str]) -> str:
        text = html.unescape(found[0]).lower()
        if text == self.person.user_id:
            return self.stand_in
        addresses = sorted(self.person.addresses)
        if text in addresses:
            # Each its own: two of them may be keys side by side.
            return f"{self.stand_in[:8]}.{addresses.index(text) + 1}@forgotten.invalid"
        return name_of(self.stand_in)


def scoped() -> dict[type[models.Model], str]:
    """Every table with texts about a tenant, and the way from it to the tenant's id.

    Errors: LookupError when a table has texts and no way to a tenant: it has to be decided then what it is about.
    """
    found: dict[type[models.Model], str] = {}
    for model in apps.get_app_config("control").get_models():
        if model in APART or model.__name__ in OF_INSTALL or not _texts(model):
            continue
        found[model] = _way(model)
    return found


def about(tenant_id: str, words: Words) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Rows with such a text, and the texts as they are."""
    for row, fields in _rows(tenant_id, words):
        yield row, {name: getattr(row, name) for name in fields}


def replace(tenant_id: str, words: Words) -> int:
    """Replace them everywhere; gives the number of rows. Call it in a transaction while the forgetting is open."""
    pattern, n = words.pattern(), _drop_files(tenant_id, words)
    for row, fields in _rows(tenant_id, words):
        told = {name: _turned(getattr(row, name), pattern, words.instead) for name in fields}
        for name, value in told.items():
            if isinstance(value, str):
                told[name] = value[: getattr(row._meta.get_field(name), "max_length", None)]
        type(row)._base_manager.filter(pk=row.pk).update(**told)
        n += 1
    return n


def mentioned_by_others(tenant_id: str, words: Words) -> bool:
    """Whether texts about another tenant hold the id or an address: they are not ours to change."""
    pattern = words.pattern(sure_only=True)
    for model, way in scoped().items():
        ours = _of_tenant(model, way, tenant_id).values("pk")
        rows = model._base_manager.exclude(pk__in=ours).iterator(chunk_size=1000)
        if any(_holds(row, _texts(model), pattern) for row in rows):
            return True
    return False


def _drop_files(tenant_id: str, words: Words) -> int:
    """Files handed in that name the person go as a whole: they wait a day at most, and can be handed in again."""
    pattern, n = words.pattern(), 0
    for model, way in scoped().items():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, models.BinaryField)]
        for row in _of_tenant(model, way, tenant_id).iterator(chunk_size=100) if names else ():
            files = [bytes(getattr(row, name) or b"") for name in names]
            if any(
                pattern.search(file.decode(code, "replace")) for file in files for code in ("utf-8", "utf-16", "cp1252")
            ):
                row.delete()
                n += 1
    return n


def _rows(tenant_id: str, words: Words) -> Iterator[tuple[models.Model, list[str]]]:
    everywhere, pattern = words.pattern(sure_only=True), words.pattern()
    for model, way in scoped().items():
        names = _texts(model)
        for row in _of_tenant(model, way, tenant_id).iterator(chunk_size=1000):
            if model is AuditEntry and not getattr(row, way) and not _holds(row, names, everywhere):
                continue
            found = [name for name in names if _has(getattr(row, name), pattern)]
            if found:
                yield row, found


def _holds(row: models.Model, names: list[str], pattern: re.Pattern[str]) -> bool:
    return any(_has(getattr(row, name), pattern) for name in names)


def _of_tenant(model: type[models.Model], way: str, tenant_id: str) -> QuerySet[Any]:
    wanted = Q(**{way: tenant_id})
    if model is AuditEntry:
        # Entries of no tenant, such as sign-ins to this install; of a workspace made before its tenant was known.
        workspaces = Workspace.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)
        wanted |= Q(tenant_id="") & (Q(workspace_id=None) | Q(workspace_id__in=list(workspaces)))
    return model._base_manager.filter(wanted)


def _way(model: type[models.Model]) -> str:
    """From a row to its tenant's id, as a look-up. Errors: LookupError when nothing leads there."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    if "tenant_id" in fields:
        return "tenant_id"
    targets = {name: field.related_model for name, field in fields.items() if field.is_relation}
    for name, target in sorted(targets.items(), key=lambda each: each[1] is not Workspace):
        if isinstance(target, type) and issubclass(target, models.Model) and target not in (Person, model):
            try:
                return f"{name}__{_way(target)}"
            except LookupError:
                continue
    raise LookupError(f"{model.__name__} has texts and belongs to no tenant: say in OF_INSTALL that it tells of nobody")


def _texts(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, _KINDS) and not field.choices]


def _has(value: Any, pattern: re.Pattern[str]) -> bool:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return bool(text) and pattern.search(text) is not None


def _turned(value: Any, pattern: re.Pattern[str], instead: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(instead, value)
    if isinstance(value, list):
        return [_turned(each, pattern, instead) for each in value]
    if isinstance(value, dict):
        return {_turned(name, pattern, instead): _turned(each, pattern, instead) for name, each in value.items()}
    return value


def clean_up() -> None:
    """Let nothing of replaced texts lie in the database's own free space. Waits for others; outside a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            tables = [model._meta.db_table for model in scoped()]
            for table in (*tables, Forgetting._meta.db_table, Person._meta.db_table):
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")
