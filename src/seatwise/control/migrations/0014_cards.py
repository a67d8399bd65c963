"""Written by Django: since when cards are there, what people put away, and who was told of what."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', "0013_forgetting"),
    ]

    operations = [
        migrations.CreateModel(
            name='CardSighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('card', models.CharField(max_length=32)),
                ('subject_kind', models.CharField(max_length=16)),
                ('subject_id', models.CharField(max_length=128)),
                ('first_at', models.DateTimeField(help_text='of this spell')),
                ('gone_at', models.DateTimeField(null=True)),
                ('n_spells', models.PositiveIntegerField(default=1)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='CardTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spell', models.PositiveIntegerField()),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.membership')),
                ('sighting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.cardsighting')),
            ],
        ),
        migrations.CreateModel(
            name='CardWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(blank=True, max_length=200)),
                ('looked_at', models.DateTimeField(null=True)),
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='CardPutAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('card', models.CharField(max_length=32)),
                ('subject_kind', models.CharField(max_length=16)),
                ('subject_id', models.CharField(max_length=128)),
                ('name', models.CharField(help_text='of the subject, when it was put away', max_length=254)),
                ('until', models.DateField(help_text='not seen before this day; empty: for good', null=True)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='control.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('workspace', 'card', 'subject_kind', 'subject_id'), name='put_away_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='cardsighting',
            constraint=models.UniqueConstraint(fields=('workspace', 'card', 'subject_kind', 'subject_id'), name='one_sighting_a_card'),
        ),
        migrations.AddConstraint(
            model_name='cardtold',
            constraint=models.UniqueConstraint(fields=('membership', 'sighting', 'spell'), name='told_once_a_spell'),
        ),
    ]
