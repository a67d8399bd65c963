"""Whom a tenant forgot; and while one is being forgotten, the texts of that tenant's audit entries may be changed.

Nothing else of an entry may, and no entry may go. Whoever rebuilds control_auditentry on SQLite calls `loosen` again
after `protect` of 0004.
"""

from __future__ import annotations

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SENTENCE = "the audit log is only ever added to"
_OPEN = (
    "EXISTS (SELECT 1 FROM control_forgetting f WHERE f.ended_at IS NULL AND OLD.tenant_id IN (f.tenant_id, ''))"
)
_SAME = " AND ".join(
    f"NEW.{name} {{same}} OLD.{name}" for name in ("id", "at", "person_id", "workspace_id", "tenant_id", "action", "address")
)
SQLITE = (
    "DROP TRIGGER IF EXISTS audit_no_update",
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON control_auditentry "
    f"WHEN NOT ({_OPEN} AND {_SAME.format(same='IS')}) BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
)
POSTGRES = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_OPEN} AND {_SAME.format(same='IS NOT DISTINCT FROM')} "
    "THEN RETURN NEW; END IF; END IF; "
    f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
)


def loosen(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("control", "0010_mail")]
    operations = [
        migrations.CreateModel(
            name="Forgetting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("tenant_id", models.CharField(max_length=36)),
                ("stand_in", models.CharField(help_text="random id under which what counts is kept", max_length=36)),
                ("salt", models.CharField(help_text="hexadecimal, the same for all of a tenant", max_length=64)),
                ("digests", models.JSONField(help_text="keyed hashes of the id and the addresses")),
                ("traces", models.JSONField(default=dict, help_text="id, addresses and names, until the work is done")),
                ("asked_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                ("step", models.CharField(blank=True, max_length=24)),
                ("problem", models.TextField(blank=True, help_text="why the last try did not end")),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.JSONField(default=dict)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "stand_in"), name="one_stand_in_a_person")
                ],
            },
        ),
        migrations.RunPython(loosen),
    ]
