"""Create app.items."""

import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("master", "0002_location"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
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
                        help_text="Whose item it is.",
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="items",
                        to="master.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="items",
                        to="master.location",
                        verbose_name="location",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("description", models.TextField(blank=True, db_default="", default="", verbose_name="description")),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        db_default="EUR",
                        default="EUR",
                        help_text="Code of ISO 4217, three capital letters.",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}\\Z", "Enter three capital letters, such as EUR."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Only active items are shown to others.",
                        verbose_name="active",
                    ),
                ),
                (
                    "version",
                    models.IntegerField(
                        db_default=1,
                        default=1,
                        editable=False,
                        help_text="Goes up with every change, so that nobody overwrites what they have not seen.",
                        verbose_name="version",
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
                "verbose_name": "item",
                "verbose_name_plural": "items",
                "db_table": "app.items",
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(fields=["-created_at"], name="items_created_at_idx"),
                    models.Index(fields=["user", "-created_at"], name="items_user_created_at_idx"),
                    models.Index(fields=["category", "-created_at"], name="items_category_created_at_idx"),
                    models.Index(fields=["location", "-created_at"], name="items_location_created_at_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="items_name_check",
                        violation_error_message="The name can't be empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__range", (0, Decimal("9999999999.99")))),
                        name="items_price_check",
                        violation_error_message="The price lies between 0 and 9999999999.99.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}\\Z")),
                        name="items_currency_check",
                        violation_error_message="The currency is three capital letters, such as EUR.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)),
                        name="items_version_check",
                        violation_error_message="The version is 1 or more.",
                    ),
                ],
            },
        ),
    ]
