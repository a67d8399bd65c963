"""Written by Django: what people decide, as a book that only grows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("control", "0005_password_links")]
    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="counts up in each workspace; the newest is the revision")),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[
                            ("workspace", "Workspace"),
                            ("product", "Product"),
                            ("licence", "Licence"),
                            ("person", "Person"),
                            ("seat", "Seat"),
                        ],
                        max_length=9,
                    ),
                ),
                ("subject_id", models.CharField(blank=True, help_text="product, SKU or user id; of a seat its product", max_length=64)),
                ("field", models.CharField(help_text="what is decided; of a seat the address of who has it", max_length=254)),
                ("value", models.JSONField(help_text="null: not decided any more", null=True)),
                ("decided_at", models.DateTimeField()),
                ("replaced_by", models.PositiveIntegerField(help_text="number of the entry that holds instead", null=True)),
                ("undo_of", models.PositiveIntegerField(help_text="number of the entry that this one takes back", null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="control.workspace"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_by", None)),
                        fields=("workspace", "subject_kind", "subject_id", "field"),
                        name="one_decision_holds",
                    ),
                    models.UniqueConstraint(
                        fields=("workspace", "number", "subject_kind", "subject_id", "field"),
                        name="one_decision_a_number",
                    ),
                ],
            },
        ),
    ]
