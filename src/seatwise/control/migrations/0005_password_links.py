"""Written by Django: links with which one person chooses a new password."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("control", "0004_audit_only_grows")]
    operations = [
        migrations.AddField(
            model_name="link",
            name="person",
            field=models.ForeignKey(
                help_text="password: whose it is",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="kind",
            field=models.CharField(
                choices=[
                    ("owner", "Owner"),
                    ("invite", "Invite"),
                    ("consent", "Consent"),
                    ("password", "Password"),
                ],
                max_length=8,
            ),
        ),
    ]
