"""Takes away what 0003 moved, and lets the database itself refuse any change to the audit log.

A later migration that makes SQLite build control_auditentry anew (AlterField and the like) drops these triggers and
has to call `protect` again.
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SENTENCE = "the audit log is only ever added to"
SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON control_auditentry "
    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON control_auditentry "
    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON control_auditentry "
    "WHEN EXISTS (SELECT 1 FROM control_auditentry WHERE id = NEW.id) "
    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
)
POSTGRES = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON control_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON control_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)


def protect(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("control", "0003_move_secrets")]
    operations = [
        migrations.RemoveField(model_name="connection", name="sealed_key"),
        migrations.RemoveField(model_name="connection", name="sealed_secret"),
        migrations.AlterField(
            model_name="connection",
            name="workspace",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="connection", to="control.workspace"
            ),
        ),
        migrations.RunPython(protect),
    ]
