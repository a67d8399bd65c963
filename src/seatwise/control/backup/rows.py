"""The rows of a database as text, one a line: how a PostgreSQL database travels."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from seatwise.base.errors import AskAdmin

_NOT_COPIED = frozenset({"contenttypes", "sessions"})


class _Exact(DjangoJSONEncoder):
    """Times to the microsecond, where Django's own cuts them to milliseconds."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def copy(file: Path) -> None:
    """Writes the rows of all tables as they were at one moment."""
    kept = [(config, None) for config in apps.get_app_configs() if config.label not in _NOT_COPIED]
    models = [one for one in serializers.sort_dependencies(kept) if one._meta.managed and not one._meta.proxy]
    with transaction.atomic(), file.open("w", encoding="utf-8") as out:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for model in models:
            if model._meta.label_lower != "auth.permission":
                found = model._base_manager.order_by("pk").iterator(chunk_size=1000)
                serializers.serialize("jsonl", found, stream=out, cls=_Exact)


def load(file: Path, migrations: list[str]) -> None:
    """Puts the rows into an empty database of the same shape. Errors: AskAdmin; nothing was put there then."""
    from seatwise.control.models import Person, Workspace

    here = applied()
    if here != migrations:
        raise AskAdmin(
            code="backup_of_other_version",
            sentence="This backup of a PostgreSQL database was made by another version of Seatwise. "
            "Restore it with that version, then start this one: it brings the data up to date.",
            detail=", ".join(sorted(set(here) ^ set(migrations))[:5]),
        )
    if Person.objects.exists() or Workspace.objects.exists():
        raise AskAdmin(
            code="database_not_empty",
            sentence="The database named by DATABASE_URL is not empty, so nothing was restored. Name an empty one.",
        )
    from django.core.management import call_command

    call_command("loaddata", str(file), format="jsonl", verbosity=0)


def applied() -> list[str]:
    """The migrations the database has been through, as app.name."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
