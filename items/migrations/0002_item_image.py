"""Create app.item_images."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0001_item"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemImage",
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
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="images",
                        to="items.item",
                        verbose_name="item",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        help_text="Where the picture lies on the web.", max_length=2000, verbose_name="address"
                    ),
                ),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="What the picture shows, for those who can't see it.",
                        max_length=300,
                        verbose_name="alternative text",
                    ),
                ),
                (
                    "position",
                    models.IntegerField(
                        db_default=0,
                        default=0,
                        help_text="Order within the item, smallest first.",
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
            ],
            options={
                "verbose_name": "item image",
                "verbose_name_plural": "item images",
                "db_table": "app.item_images",
                "indexes": [models.Index(fields=["-created_at"], name="item_images_created_at_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "position"),
                        name="item_images_item_position_uniq",
                        violation_error_message="The item has an image at this position.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 0)),
                        name="item_images_position_check",
                        violation_error_message="The position is 0 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url", ""), _negated=True),
                        name="item_images_url_check",
                        violation_error_message="The address can't be empty.",
                    ),
                ],
            },
        ),
    ]
