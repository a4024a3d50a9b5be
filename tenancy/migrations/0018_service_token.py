"""Create app.service_tokens."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0017_answer_invitation"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceToken",
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
                    "name",
                    models.CharField(
                        help_text="Whose it is. Several may be good at once.", max_length=150, verbose_name="name"
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(
                        help_text="SHA-256 of the token's SHA-256, both in hexadecimal.",
                        max_length=64,
                        verbose_name="token hash",
                    ),
                ),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="service_tokens",
                        to="tenancy.tenant",
                        verbose_name="tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "service token",
                "verbose_name_plural": "service tokens",
                "db_table": "app.service_tokens",
                "indexes": [
                    models.Index(fields=["tenant", "name"], name="service_tokens_tenant_idx"),
                    models.Index(fields=["-created_at"], name="service_tokens_created_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("token_hash",),
                        name="service_tokens_token_hash_uniq",
                        violation_error_message="This token exists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="service_tokens_name_check",
                        violation_error_message="The name can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}\\Z")),
                        name="service_tokens_token_hash_check",
                        violation_error_message="The hash is a SHA-256 in hexadecimal, never the token itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revoked_at__gte", models.F("created_at"))),
                        name="service_tokens_revoked_at_check",
                        violation_error_message="A token is not revoked before it was made.",
                    ),
                ],
            },
        ),
    ]
