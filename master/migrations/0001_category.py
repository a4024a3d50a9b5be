"""Create master.categories."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Category",
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Empty at the top of the tree.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="children",
                        to="master.category",
                        verbose_name="parent",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        max_length=120,
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
                    "path",
                    models.CharField(
                        blank=True,
                        help_text="Made from the parent's path and the slug, such as electronics/phones/android.",
                        max_length=500,
                        verbose_name="path",
                    ),
                ),
                (
                    "position",
                    models.IntegerField(
                        db_default=0,
                        default=0,
                        help_text="Order among the children of one parent, smallest first.",
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="position",
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
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "db_table": "master.categories",
                "ordering": ["path"],
                "indexes": [models.Index(fields=["parent", "position"], name="categories_parent_position_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("path",),
                        name="categories_path_uniq",
                        violation_error_message="A category with this path exists: choose another slug or parent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="categories_parent_check",
                        violation_error_message="A category is not its own parent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*\\Z")),
                        name="categories_slug_check",
                        violation_error_message="The slug is lower-case letters and digits, joined by single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("parent__isnull", True), ("path", models.F("slug"))),
                            models.Q(
                                django.db.models.lookups.Exact(
                                    django.db.models.functions.text.Right(
                                        "path",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.functions.text.Length("slug"), "+", models.Value(1)
                                        ),
                                    ),
                                    django.db.models.functions.text.Concat(models.Value("/"), models.F("slug")),
                                ),
                                ("parent__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="categories_path_check",
                        violation_error_message="The path ends in the slug, and is the slug at the top of the tree.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="categories_name_check",
                        violation_error_message="The name can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 0)),
                        name="categories_position_check",
                        violation_error_message="The position is 0 or more.",
                    ),
                ],
            },
        ),
    ]
