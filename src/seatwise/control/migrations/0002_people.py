"""Written by Django: people, workspaces, sealed secrets, attempts, notices, the audit log; nothing is taken away yet."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', '0001_initial'),
    ]
    # allauth depends on the first migration of the app that holds its users, and 0001 knew no people.
    run_before = [
        ('account', '0001_initial'),
        ('mfa', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=128)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DataKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(help_text="the Entra tenant it belongs to, or 'install'", max_length=36)),
                ('key_id', models.CharField(help_text='which key of the ring wraps it', max_length=32)),
                ('sealed', models.BinaryField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=128)),
                ('tenant_id', models.CharField(help_text='Entra tenant id, lower case', max_length=36, null=True, unique=True)),
                ('is_sample', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name='connection',
            name='account',
            field=models.CharField(blank=True, help_text='delegated: who signed in', max_length=254),
        ),
        migrations.AddField(
            model_name='connection',
            name='checked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='checks',
            field=models.JSONField(default=list, help_text='the last test, as a checklist'),
        ),
        migrations.AddField(
            model_name='connection',
            name='code',
            field=models.CharField(blank=True, help_text='machine word of the reason', max_length=48),
        ),
        migrations.AddField(
            model_name='connection',
            name='credential_ends_at',
            field=models.DateTimeField(help_text='when the secret or certificate expires, if known', null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='domains',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='connection',
            name='failing_since',
            field=models.DateTimeField(help_text='first of the transient faults in a row', null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='lease_fence',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='connection',
            name='lease_holder',
            field=models.CharField(blank=True, help_text='who renews the refresh token just now', max_length=128),
        ),
        migrations.AddField(
            model_name='connection',
            name='lease_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='next_step',
            field=models.CharField(blank=True, help_text='which button helps', max_length=24),
        ),
        migrations.AddField(
            model_name='connection',
            name='next_sync_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='connection',
            name='pages',
            field=models.CharField(blank=True, help_text='only for a custom cloud: where browsers sign in', max_length=256),
        ),
        migrations.AddField(
            model_name='connection',
            name='secret_hint',
            field=models.CharField(blank=True, help_text='last characters of the secret, or thumbprint', max_length=8),
        ),
        migrations.AddField(
            model_name='connection',
            name='sync_every_min',
            field=models.PositiveIntegerField(default=60, help_text='0: only when asked for'),
        ),
        migrations.AddField(
            model_name='run',
            name='cancel_asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='heartbeat_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='n_claims',
            field=models.PositiveIntegerField(default=0, help_text='also the fence: only the newest claim may end the run'),
        ),
        migrations.AddField(
            model_name='run',
            name='progress',
            field=models.JSONField(default=dict, help_text='per data set, while it goes on'),
        ),
        migrations.AddField(
            model_name='run',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='trigger',
            field=models.CharField(choices=[('command', 'Command'), ('first', 'First'), ('person', 'Person'), ('schedule', 'Schedule')], default='command', max_length=8),
        ),
        migrations.AlterField(
            model_name='connection',
            name='method',
            field=models.CharField(choices=[('oauth2', 'Delegated'), ('client_secret', 'Secret'), ('certificate', 'Certificate'), ('admin_consent', 'Consented')], max_length=16),
        ),
        migrations.AlterField(
            model_name='connection',
            name='state',
            field=models.CharField(choices=[('connecting', 'Connecting'), ('active', 'Active'), ('degraded', 'Degraded'), ('needs_reauth', 'Needs Reauth'), ('validation_error', 'Validation Error'), ('disconnected', 'Disconnected')], default='connecting', max_length=16),
        ),
        migrations.AlterField(
            model_name='run',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('partial', 'Partial'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=16),
        ),
        migrations.AddField(
            model_name='connection',
            name='connected_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='run',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person_id', models.UUIDField(null=True)),
                ('person_name', models.CharField(blank=True, max_length=254)),
                ('workspace_id', models.UUIDField(null=True)),
                ('tenant_id', models.CharField(blank=True, max_length=36)),
                ('action', models.CharField(max_length=48)),
                ('subject', models.CharField(blank=True, max_length=254)),
                ('detail', models.JSONField(default=dict)),
                ('address', models.CharField(blank=True, help_text='network address it came from', max_length=45)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace_id', '-at'], name='audit_of_workspace')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('owner', 'Owner'), ('invite', 'Invite'), ('consent', 'Consent')], max_length=8)),
                ('token_hash', models.CharField(help_text='SHA-256 of the token, hexadecimal', max_length=64, unique=True)),
                ('role', models.CharField(blank=True, choices=[('owner', 'Owner'), ('admin', 'Admin'), ('analyst', 'Analyst'), ('viewer', 'Viewer')], max_length=8)),
                ('note', models.CharField(blank=True, help_text='whom it is meant for', max_length=254)),
                ('cloud', models.CharField(blank=True, help_text='consent: the cloud that was chosen', max_length=32)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='control.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('cloud', models.CharField(default='global', max_length=32)),
                ('authority', models.CharField(blank=True, help_text='only for a custom cloud', max_length=256)),
                ('graph', models.CharField(blank=True, help_text='only for a custom cloud', max_length=256)),
                ('pages', models.CharField(blank=True, help_text='only for a custom cloud: where browsers sign in', max_length=256)),
                ('ca_pem', models.TextField(blank=True, help_text='only for a custom cloud: the certificates it is trusted by')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.CharField(max_length=36)),
                ('tenant', models.CharField(blank=True, help_text='only for a single-tenant registration', max_length=253)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=32)),
                ('version', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('data_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='control.datakey')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=32)),
                ('sentence', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('seen_by', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='control.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('analyst', 'Analyst'), ('viewer', 'Viewer')], max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='control.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='GuideAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_helpful', models.BooleanField()),
                ('reasons', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('cloud', models.CharField(default='global', max_length=32)),
                ('authority', models.CharField(blank=True, help_text='only for a custom cloud', max_length=256)),
                ('graph', models.CharField(blank=True, help_text='only for a custom cloud', max_length=256)),
                ('pages', models.CharField(blank=True, help_text='only for a custom cloud: where browsers sign in', max_length=256)),
                ('ca_pem', models.TextField(blank=True, help_text='only for a custom cloud: the certificates it is trusted by')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('connect', 'Connect'), ('reconnect', 'Reconnect'), ('consent', 'Consent')], max_length=12)),
                ('state_hash', models.CharField(max_length=64, unique=True)),
                ('session_hash', models.CharField(max_length=64)),
                ('nonce_hash', models.CharField(blank=True, max_length=64)),
                ('client_id', models.CharField(max_length=36)),
                ('redirect_uri', models.CharField(max_length=512)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('outcome', models.JSONField(default=dict)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.link')),
                ('registration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.registration')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.workspace')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='connection',
            name='workspace',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='connection', to='control.workspace'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(fields=('cloud',), name='one_registration_a_cloud'),
        ),
        migrations.AddConstraint(
            model_name='secret',
            constraint=models.UniqueConstraint(fields=('data_key', 'field', 'version'), name='one_secret_a_version'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('person', 'workspace'), name='one_role_a_person'),
        ),
    ]
