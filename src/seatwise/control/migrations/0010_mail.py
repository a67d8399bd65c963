"""Written by Django: the mail server, what members want to hear of, and letters on their way."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', "0007_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(choices=[('never', 'Never'), ('daily', 'Every day'), ('weekly', 'Once a week')], default='never', max_length=8)),
                ('weekday', models.PositiveSmallIntegerField(default=0, help_text='0: Monday')),
                ('hour', models.PositiveSmallIntegerField(default=7, help_text='of the day, UTC')),
                ('has_alerts', models.BooleanField(default=False)),
                ('cards', models.JSONField(default=None, null=True)),
                ('digest_since', models.DateTimeField(help_text='no digest for a moment before')),
                ('alerts_since', models.DateTimeField(help_text='no alert about what was known before')),
                ('membership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_choice', to='control.membership')),
            ],
        ),
        migrations.CreateModel(
            name='MailServer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_the_one', models.BooleanField(default=True, editable=False, unique=True)),
                ('host', models.CharField(blank=True, help_text='empty: none was entered', max_length=253)),
                ('port', models.PositiveIntegerField(default=587)),
                ('security', models.CharField(choices=[('none', 'None'), ('starttls', 'Starttls'), ('tls', 'Tls')], default='starttls', max_length=8)),
                ('user', models.CharField(blank=True, max_length=254)),
                ('sender', models.CharField(blank=True, help_text='the From address', max_length=254)),
                ('ca_pem', models.TextField(blank=True, help_text="certificates it is trusted by; empty: the system's")),
                ('set_at', models.DateTimeField(null=True)),
                ('code', models.CharField(blank=True, help_text='machine word of what stands in the way of all mail', max_length=32)),
                ('trouble', models.TextField(blank=True, help_text='the same for people')),
                ('trouble_since', models.DateTimeField(null=True)),
                ('n_refused', models.PositiveIntegerField(default=0, help_text='tries in a row that met this trouble')),
                ('paused_until', models.DateTimeField(null=True)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('digest', 'Digest'), ('alert', 'Alert')], max_length=8)),
                ('has_names', models.BooleanField(help_text='whether people stand in it by name')),
                ('subject', models.CharField(max_length=254)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='later it would be no news')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('claimed', 'Claimed'), ('handed', 'Handed'), ('sent', 'Sent'), ('given_up', 'Given Up'), ('unsure', 'Unsure'), ('dropped', 'Dropped')], default='waiting', max_length=8)),
                ('n_tries', models.PositiveIntegerField(default=0, help_text='also the fence: only the newest claim may go on')),
                ('next_try_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('code', models.CharField(blank=True, max_length=32)),
                ('told', models.TextField(blank=True, help_text='what became of the last try, in words')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='control.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'next_try_at'], name='letter_to_send'), models.Index(fields=['workspace', '-created_at'], name='letter_of_workspace')],
            },
        ),
    ]
