"""Written by Django: files that people handed in and have not applied yet."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("control", "0006_decisions")]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("prices", "Prices"), ("apps", "Apps"), ("seats", "Seats")], max_length=8),
                ),
                ("product_id", models.CharField(blank=True, max_length=64)),
                ("file_name", models.CharField(blank=True, max_length=128)),
                ("content", models.BinaryField()),
                (
                    "handed_back",
                    models.TextField(blank=True, help_text="once applied: the wrong rows, with the reason"),
                ),
                ("n_applied", models.PositiveIntegerField(default=0, help_text="once applied: rows")),
                ("applied_as", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="control.workspace"
                    ),
                ),
            ],
        ),
    ]
