"""Create app.profiles."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import freehold.documents
import freehold.functions
import profile.models.profile


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="profile",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "display_name",
                    models.CharField(blank=True, db_default="", default="", max_length=150, verbose_name="name shown"),
                ),
                ("bio", models.TextField(blank=True, db_default="", default="", verbose_name="about")),
                (
                    "avatar_url",
                    models.URLField(blank=True, db_default="", default="", max_length=2000, verbose_name="picture"),
                ),
                (
                    "locale",
                    models.CharField(
                        db_default="en",
                        default="en",
                        help_text="Language tag (RFC 5646), such as en or pt-BR.",
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\\Z",
                                "Enter a language tag, such as en or pt-BR.",
                            )
                        ],
                        verbose_name="locale",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        db_default="UTC",
                        default="UTC",
                        help_text="Entry of the IANA time zone database, such as Europe/Berlin.",
                        max_length=64,
                        validators=[profile.models.profile.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "preferences",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        help_text="A JSON object.",
                        validators=[freehold.documents.validate_object],
                        verbose_name="preferences",
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
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name="updated"
                    ),
                ),
            ],
            options={
                "verbose_name": "profile",
                "verbose_name_plural": "profiles",
                "db_table": "app.profiles",
                "indexes": [models.Index(fields=["-created_at"], name="profiles_created_at_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("locale__regex", "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\\Z")),
                        name="profiles_locale_check",
                        violation_error_message="The locale is a language tag, such as en or pt-BR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("time_zone", ""), _negated=True),
                        name="profiles_time_zone_check",
                        violation_error_message="The time zone can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                freehold.documents.JSONType("preferences"), models.Value("object")
                            )
                        ),
                        name="profiles_preferences_check",
                        violation_error_message="Preferences are a JSON object.",
                    ),
                ],
            },
        ),
    ]
