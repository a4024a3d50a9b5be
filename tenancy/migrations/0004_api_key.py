"""Create app.api_keys."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import freehold.documents
import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0003_project"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=freehold.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="api_keys",
                        to="tenancy.project",
                        verbose_name="project",
                    ),
                ),
                ("name", models.CharField(help_text="What the key is for.", max_length=150, verbose_name="name")),
                (
                    "prefix",
                    models.CharField(
                        help_text="The key's beginning, by which it is found.", max_length=16, verbose_name="prefix"
                    ),
                ),
                (
                    "key_hash",
                    models.CharField(
                        help_text="SHA-256 of the key, in hexadecimal.", max_length=64, verbose_name="key hash"
                    ),
                ),
                (
                    "scopes",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        help_text='What the key may do: a JSON array such as ["runs:read", "runs:write"].',
                        validators=[freehold.documents.validate_text_array],
                        verbose_name="scopes",
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, help_text="Empty: never.", null=True, verbose_name="expires"),
                ),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "db_table": "app.api_keys",
                "indexes": [
                    models.Index(fields=["project"], name="api_keys_project_idx"),
                    models.Index(fields=["-created_at"], name="api_keys_created_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("prefix",),
                        name="api_keys_prefix_uniq",
                        violation_error_message="A key with this prefix exists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("prefix", ""), _negated=True)
                        ),
                        name="api_keys_name_check",
                        violation_error_message="Name and prefix can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key_hash__regex", "^[0-9a-f]{64}\\Z")),
                        name="api_keys_key_hash_check",
                        violation_error_message="The hash is a SHA-256 in hexadecimal, never the key itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(freehold.documents.JSONType("scopes"), models.Value("array"))
                        ),
                        name="api_keys_scopes_check",
                        violation_error_message="Scopes are a JSON array.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="api_keys_expires_at_check",
                        violation_error_message="A key expires after it was made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revoked_at__gte", models.F("created_at"))),
                        name="api_keys_revoked_at_check",
                        violation_error_message="A key is not revoked before it was made.",
                    ),
                ],
            },
        ),
    ]
