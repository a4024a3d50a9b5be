"""Create auth.oauth_account."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import freehold.documents
import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("auth_app", "0002_session"),
    ]

    operations = [
        migrations.CreateModel(
            name="OAuthAccount",
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="oauth_accounts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "provider",
                    models.CharField(help_text="Such as google or github.", max_length=50, verbose_name="provider"),
                ),
                (
                    "subject",
                    models.CharField(
                        help_text="What the provider calls the user; it never changes (claim `sub`).",
                        max_length=255,
                        verbose_name="subject",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, db_default="", default="", max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "data",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        help_text="What the provider told about the user. No tokens.",
                        validators=[freehold.documents.validate_object],
                        verbose_name="data",
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
                ("last_login_at", models.DateTimeField(blank=True, null=True, verbose_name="last sign-in")),
            ],
            options={
                "verbose_name": "OAuth account",
                "verbose_name_plural": "OAuth accounts",
                "db_table": "auth.oauth_account",
                "indexes": [
                    models.Index(fields=["user"], name="oauth_account_user_idx"),
                    models.Index(fields=["-created_at"], name="oauth_account_created_at_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "subject"),
                        name="oauth_account_subject_uniq",
                        violation_error_message="This account of the provider is linked already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("provider", ""), _negated=True), models.Q(("subject", ""), _negated=True)
                        ),
                        name="oauth_account_subject_check",
                        violation_error_message="Provider and subject can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(freehold.documents.JSONType("data"), models.Value("object"))
                        ),
                        name="oauth_account_data_check",
                        violation_error_message="Data is a JSON object.",
                    ),
                ],
            },
        ),
    ]
