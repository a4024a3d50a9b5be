"""Create app.idempotency_keys."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import freehold.documents
import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0019_use_of_service_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="What the caller named the request.", max_length=255, verbose_name="key"
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="SHA-256 of what was asked, in hexadecimal.",
                        max_length=64,
                        verbose_name="fingerprint",
                    ),
                ),
                ("status", models.SmallIntegerField(blank=True, null=True, verbose_name="status")),
                (
                    "headers",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        verbose_name="headers",
                    ),
                ),
                ("body", models.TextField(blank=True, null=True, verbose_name="body")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="idempotency_keys",
                        to="tenancy.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="idempotency_keys",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
                "db_table": "app.idempotency_keys",
                "indexes": [models.Index(fields=["expires_at"], name="idempotency_keys_expires_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "key"),
                        name="idempotency_keys_user_key_uniq",
                        violation_error_message="The user has sent this key already.",
                    ),
                    models.UniqueConstraint(
                        fields=("project", "key"),
                        name="idempotency_keys_project_key_uniq",
                        violation_error_message="The project has sent this key already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("project__isnull", False), ("user__isnull", True)),
                            models.Q(("project__isnull", True), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="idempotency_keys_owner_check",
                        violation_error_message="It is a user's or a project's.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True), ("fingerprint__regex", "^[0-9a-f]{64}\\Z")
                        ),
                        name="idempotency_keys_key_check",
                        violation_error_message="The key can't be empty, and the fingerprint is a SHA-256 in hexadecimal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__gte", 200), ("status__lt", 300)),
                        name="idempotency_keys_status_check",
                        violation_error_message="What is kept went well.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                freehold.documents.JSONType("headers"), models.Value("object")
                            )
                        ),
                        name="idempotency_keys_headers_check",
                        violation_error_message="Headers are a JSON object.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("body"), 65536
                        ),
                        name="idempotency_keys_body_check",
                        violation_error_message="The answer is too long to be kept.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="idempotency_keys_expires_at_check",
                        violation_error_message="It expires after it was made.",
                    ),
                ],
            },
        ),
    ]
