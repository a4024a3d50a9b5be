"""Create app.projects."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0002_membership"),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
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
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="projects",
                        to="tenancy.tenant",
                        verbose_name="tenant",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="Once within the tenant.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.",
                            )
                        ],
                        verbose_name="slug",
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
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "db_table": "app.projects",
                "indexes": [models.Index(fields=["-created_at"], name="projects_created_at_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "slug"),
                        name="projects_tenant_slug_uniq",
                        violation_error_message="The tenant has a project with this slug.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*\\Z")),
                        name="projects_slug_check",
                        violation_error_message="The slug is lower-case letters and digits, joined by single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="projects_name_check",
                        violation_error_message="The name can't be empty.",
                    ),
                ],
            },
        ),
    ]
